/*
 * app.js - the frame around every page: who has signed in, where one can go, whether the
 * district answers.
 *
 * The views are a table: address, words in the navigation and where they stand there, roles it is
 * worth showing to: to everybody, where none are named.
 */
import { html, on, useEffect, useLayoutEffect, useRef, useState } from './base/html.js';
import { get, remove } from './base/api.js';
import { useLive } from './base/live.js';
import { foresee, tellChanged, useAct } from './base/load.js';
import { Me, ROLES, may } from './base/me.js';
import { link, parse, useRoute } from './base/route.js';
import { howMany, useWaiting } from './base/waiting.js';
import { isOpen, useMyWanted } from './base/wanted.js';
import { dayClock, setZone } from './base/time.js';
import { language, t, useWords } from './base/words.js';
import { SetUp } from './parts/factor.js';
import { Icon } from './parts/icons.js';
import { ActButton, ProblemBox } from './parts/say.js';
import { Account } from './views/account.js';
import { Alert, Alerts } from './views/alerts.js';
import { Announcement } from './views/announcement.js';
import { Announcements } from './views/announcements.js';
import { Areas } from './views/areas.js';
import { Audit } from './views/audit.js';
import { Commune } from './views/commune.js';
import { Days } from './views/days.js';
import { Delivery } from './views/delivery.js';
import { Figures } from './views/figures.js';
import { Grants } from './views/grants.js';
import { Messenger, Messengers } from './views/messengers.js';
import { MessagesPage } from './views/messages.js';
import { Offer, OffersPage } from './views/offers.js';
import { People } from './views/people.js';
import { Phrases } from './views/phrases.js';
import { Print } from './views/print.js';
import { Review, ReviewOne } from './views/review.js';
import { Settings } from './views/settings.js';
import { SignIn } from './views/sign-in.js';
import { Slot } from './views/slot.js';
import { Slots } from './views/slots.js';
import { Station } from './views/station.js';
import { Stations } from './views/stations.js';
import { Template, Templates } from './views/templates.js';
import { Today } from './views/today.js';
import { Queue, Wanted } from './views/wanted.js';
import { WeekPage } from './views/week.js';

/*
 * The first one is where a person comes in. Without `words` it has no place in the bar; with
 * `place` 'far' only in its menu, with 'near' beside the menu also on a phone. `one` shows one
 * thing of a list, #/announcements/0193….
 */
const views = [
    { path: '', words: 'nav.today', view: Today },
    { path: 'alerts', words: 'nav.alerts', place: 'near', view: Alerts, one: Alert },
    { path: 'phrases', view: Phrases },
    { path: 'templates', view: Templates, one: Template },
    { path: 'grants', view: Grants },
    { path: 'messengers', words: 'alert.messengers', place: 'far', view: Messengers, one: Messenger, roles: ['operator', 'official', 'approver', 'editor'] },
    { path: 'announcements', words: 'nav.announcements', view: Announcements, one: Announcement },
    { path: 'wanted', words: 'nav.wanted', view: Queue, one: Wanted, roles: ['editor'] },
    { path: 'print', one: Print },
    { path: 'week', words: 'nav.week', view: WeekPage },
    { path: 'commune', words: 'nav.commune', place: 'near', view: Commune, roles: ['operator', 'approver', 'official', 'editor'] },
    { path: 'offers', view: OffersPage, one: Offer },
    { path: 'slots', words: 'nav.slots', place: 'far', view: Slots, one: Slot },
    { path: 'days', words: 'nav.days', place: 'far', view: Days },
    { path: 'review', words: 'nav.review', view: Review, one: ReviewOne, roles: ['reviewer', 'approver'] },
    { path: 'delivery', words: 'nav.delivery', view: Delivery },
    { path: 'figures', under: 'delivery', view: Figures },
    { path: 'stations', words: 'nav.stations', view: Stations, one: Station },
    { path: 'areas', view: Areas },
    { path: 'people', words: 'nav.people', place: 'far', view: People, roles: ['administrator'] },
    { path: 'messages', view: MessagesPage, roles: ['administrator'] },
    { path: 'settings', view: Settings, roles: ['administrator'] },
    { path: 'audit', words: 'nav.audit', place: 'far', view: Audit, roles: ['administrator', 'inspector'] },
    { path: 'account', view: Account },
];

function viewAt(path) {
    const found = views.find((one) => one.path === (path[0] || ''));
    return found && (path.length > 1 ? found.one : found.view);
}

/* The session itself is in a cookie that no script sees; this says only whether to ask. */
const KEPT_AS = 'loa.session';
const wasIn = () => { try { return localStorage.getItem(KEPT_AS) !== null; } catch { return true; } };

function noteIn(is) {
    try {
        if (is) localStorage.setItem(KEPT_AS, 'in');
        else localStorage.removeItem(KEPT_AS);
    } catch { /* storage refused: the district is asked each time */ }
}

/*
 * What the first page needs is on its way while its words are: who has signed in, and the view
 * that the address names.
 */
let asked = null;
/* Returns a promise for when all of it is there. */
export function expect() {
    if (!wasIn()) return null;
    asked = get('session');
    const { path, query } = parse(location.hash);
    /* Whoever takes the answer meets the problem. */
    return Promise.all([asked.then((me) => { asked.me = me; setZone(me.tzid); }, () => {}), ...(viewAt(path)?.foresees?.(query) || []).map(foresee)]);
}

function useSession() {
    const [state, setState] = useState(() => ({ me: asked?.me ?? null, known: !wasIn() || Boolean(asked?.me), problem: null }));
    const ask = async () => {
        try {
            const answer = asked || get('session');
            asked = null;
            const me = await answer;
            setZone(me.tzid);
            setState({ me, known: true, problem: null });
            noteIn(true);
        } catch (problem) {
            if (problem.status === 401) noteIn(false);
            setState((old) => ({
                me: problem.status === 401 ? null : old.me, known: problem.status === 401 || old.known,
                problem: problem.status === 401 ? null : problem,
            }));
        }
    };
    useEffect(() => { if (!state.known) ask(); else asked = null; }, []);
    return { ...state, ask };
}

function WordsSwitch() {
    const other = language() === 'vi' ? 'en' : 'vi';
    return html`<button lang=${other} onClick=${() => useWords(other)}>${
        other === 'en' ? 'English' : 'Tiếng Việt'}</button>`;
}

/* One line of ways, and a menu of the others: of all of them where there is no room. */
function Bar({ me, here, onOut }) {
    const [open, setOpen] = useState(false);
    const button = useRef(null);
    const shown = views.filter((one) => one.words && may(me, ...one.roles ?? ROLES));
    const { data } = useWaiting(me);
    const wanted = useMyWanted(me).data?.wanted.filter(isOpen).length || null;
    const at = views.find((one) => one.path === here)?.under ?? here;
    const counts = { review: data?.waiting.length ? howMany(data) : null, wanted };
    const count = (path) => counts[path] && html` <span class="count">${counts[path]}</span>`;
    const ways = (isFar) => shown.filter(({ place }) => (place === 'far') === isFar).map((one) => html`<a class=${one.place} href=${link(one.path ? [one.path] : [])}
        aria-current=${one.path === at ? 'page' : undefined}>${t(one.words)}${count(one.path)}</a>`);
    const close = () => setOpen(false);
    return html`<header class=${`bar ${open ? 'open' : ''}`}
        onKeyDown=${(event) => { if (open && event.key === 'Escape') { close(); button.current.focus(); } }}
        onFocusOut=${(event) => { if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget)) close(); }}>
        <a class="name" href="#/">Loa</a>
        <button ref=${button} aria-expanded=${String(open)} onClick=${() => setOpen(!open)}><${Icon} name="menu" />${t('nav.menu')}</button>
        <nav aria-label=${t('nav.label')} onClick=${close}>${ways(false)}<div class="more">${ways(true)}<${WordsSwitch} />
            <button onClick=${onOut}>${t('nav.sign_out')}</button></div></nav>
        <a class="who" href="#/account" onClick=${close}>${me.name}</a></header>`;
}

/* The title of the page and the place of the keyboard follow the address. */
function Page({ route, children }) {
    const main = useRef(null);
    const first = useRef(true);
    const place = route.path.join('/');
    useLayoutEffect(() => {
        const head = main.current.querySelector('h1');
        document.title = head ? `${head.textContent} · Loa` : 'Loa';
        if (!first.current && head) { head.tabIndex = -1; head.focus({ preventScroll: true }); window.scrollTo(0, 0); }
        if (head) first.current = false;
    }, [place]);
    return html`<main id="main" ref=${main}>${children}</main>`;
}

/* A session that ended while something was typed: signing in again in front of the page. */
function Again({ onIn }) {
    return html`<div class="banner" role="alert">${t('session.over')}</div>
        <div class="card sign-in"><${SignIn} onIn=${onIn} /></div>`;
}

/* What others did to my account, until I have seen it. */
function Notes({ me, onSeen }) {
    const act = useAct(async () => { await remove('session/notes'); await onSeen(); });
    return me.notes.length > 0 && html`<div class="warn" role="status">
        ${me.notes.map((note) => html`<p>${t(`note.${note.code}`, { at: dayClock(note.at_us), name: note.name })}</p>`)}
        <${ActButton} of=${act}>${t('note.seen')}<//></div>`;
}

/* Nothing else can be done before the second factor is there. */
function First({ me, onDone, onOut }) {
    return html`<main class="sign-in"><div class="row end"><${WordsSwitch} /><button onClick=${onOut}>${t('nav.sign_out')}</button></div>
        <${Notes} me=${me} onSeen=${onDone} />
        <div class="card stack"><h1>${t('factor.title')}</h1><p>${t('factor.wanted')}</p>
            <${SetUp} words=${t('factor.begin')} onDone=${onDone} /></div></main>`;
}

export function App() {
    const route = useRoute();
    const session = useSession();
    const [, redraw] = useState(0);
    const [over, setOver] = useState(false);
    const { me } = session;
    const first = me !== null && me.factor_wanted && !me.with_factor;
    const lost = useLive(me !== null && !first && !over);

    useEffect(() => {
        const words = () => redraw((n) => n + 1);
        const out = () => setOver(true);
        return on(window, { 'loa-set-up': session.ask, 'loa-words': words, 'loa-signed-out': out });
    }, []);

    const onIn = async () => { await session.ask(); setOver(false); tellChanged(); };
    const onOut = async () => {
        try { await remove('session'); } catch { /* it ends by itself */ }
        noteIn(false);
        location.hash = '';
        location.reload();
    };
    if (!session.me) {
        if (!session.known) return session.problem
            ? html`<main><${ProblemBox} problem=${session.problem} />
                <button onClick=${session.ask}>${t('say.again')}</button></main>` : null;
        return html`<main class="sign-in"><div class="row end"><${WordsSwitch} /></div>
            <div class="card"><${SignIn} onIn=${onIn} /></div></main>`;
    }
    if (first) return over ? html`<main><${Again} onIn=${onIn} /></main>`
        : html`<${First} me=${me} onDone=${session.ask} onOut=${onOut} />`;
    const here = route.path[0] || '';
    const view = viewAt(route.path);
    return html`<${Me} value=${session.me}>
        <a class="skip" href="#main" onClick=${(event) => {
            event.preventDefault();
            document.querySelector('main').querySelector('h1')?.focus();
        }}>${t('nav.skip')}</a>
        <${Bar} me=${session.me} here=${here} onOut=${onOut} />
        ${lost && html`<div class="banner" role="alert">${t('line.lost')}</div>`}
        ${over && html`<${Again} onIn=${onIn} />`}
        <${Notes} me=${me} onSeen=${session.ask} />
        <${Page} route=${route} key=${language()}>${view
            ? html`<${view} id=${route.path[1]} query=${route.query} />`
            : html`<h1>${t('nav.nowhere')}</h1><p><a href="#/">${t('nav.today')}</a></p>`}<//>
    <//>`;
}
