/*
 * app.js - the frame of the station's own page: who is in, and which of its three places is shown.
 *
 * #/ is what sounds, #/call and #/drill are the ways to begin something, so that "back" on a
 * phone goes back.
 */
import { html, useEffect, useLayoutEffect, useRef, useState } from '../../../scheduler/web/pages/base/html.js';
import { useAct } from '../../../scheduler/web/pages/base/load.js';
import { language, t, useWords } from '../../../scheduler/web/pages/base/words.js';
import { Call } from './call.js';
import { Now } from './now.js';
import { SignIn } from './sign-in.js';
import { signOut, state } from './talk.js';

const AGAIN_MS = 1_000;
const PLACES = { '#/call': { view: Call, drill: false }, '#/drill': { view: Call, drill: true } };

/* What the station says of itself, every second while somebody looks. */
function useStation() {
    const [told, tell] = useState({ station: null, problem: null });
    useEffect(() => {
        let is_over = false;
        let timer = 0;
        const look = async () => {
            clearTimeout(timer);
            if (document.hidden || is_over) return;
            const next = await state().then((station) => ({ station, problem: null }), (problem) => ({ problem }));
            if (is_over) return;
            /* Old knowledge with a banner is better than an empty page. */
            tell((old) => ({ station: next.problem?.code === 'sign-in' ? null : old.station, ...next }));
            /* Whoever signs in makes it look again. */
            if (next.problem?.code !== 'sign-in') timer = setTimeout(look, AGAIN_MS);
        };
        const again = () => look();
        look();
        document.addEventListener('visibilitychange', again);
        window.addEventListener('loa-changed', again);
        return () => {
            is_over = true;
            clearTimeout(timer);
            document.removeEventListener('visibilitychange', again);
            window.removeEventListener('loa-changed', again);
        };
    }, []);
    return told;
}

function usePlace() {
    const [hash, set] = useState(location.hash);
    useEffect(() => {
        const look = () => set(location.hash);
        window.addEventListener('hashchange', look);
        return () => window.removeEventListener('hashchange', look);
    }, []);
    return hash;
}

/* The words change without a reload: everything is drawn again. */
function useLanguage() {
    const [, draw] = useState(0);
    useEffect(() => {
        const again = () => draw((n) => n + 1);
        window.addEventListener('loa-words', again);
        return () => window.removeEventListener('loa-words', again);
    }, []);
}

function Bar({ station, isIn }) {
    const out = useAct(() => signOut());
    const other = language() === 'vi' ? 'en' : 'vi';
    return html`<header class="bar"><span class="name">Loa${station && ` · ${station}`}</span>
        <div class="who"><button lang=${other} onClick=${() => useWords(other)}>${t('page.other_language')}</button>
        ${isIn && html`<button disabled=${out.busy} onClick=${out.run}>${t('page.sign_out')}</button>`}</div></header>`;
}

/* Whoever comes to another place is told where they are. */
function useHeading(place) {
    const main = useRef();
    const before = useRef(null);
    useLayoutEffect(() => {
        if (place === null) return; /* not known yet */
        if (before.current !== null) main.current.querySelector('h1')?.focus();
        before.current = place;
    }, [place]);
    return main;
}

export function App() {
    useLanguage();
    const { station, problem } = useStation();
    const hash = usePlace();
    const isOut = problem?.code === 'sign-in';
    const place = PLACES[hash];
    const main = useHeading(isOut ? 'out' : station && `in ${hash}`);
    return html`<${Bar} station=${station?.station} isIn=${Boolean(station)} />
        ${problem && !isOut && html`<div class="banner" role="alert">${problem.words}</div>`}
        <main ref=${main}>${isOut ? html`<${SignIn} />`
            : !station ? !problem && html`<p class="empty" role="status">${t('say.loading')}</p>`
                : place ? html`<${place.view} key=${hash} drill=${place.drill} station=${station} />`
                    : html`<${Now} station=${station} />`}</main>`;
}
