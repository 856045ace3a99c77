/* sign-in.js - one's own name is picked, and its PIN typed. */
import { html, useEffect, useState } from '../../../scheduler/web/pages/base/html.js';
import { useAct, useLoad } from '../../../scheduler/web/pages/base/load.js';
import { t } from '../../../scheduler/web/pages/base/words.js';
import { TextField } from '../../../scheduler/web/pages/parts/fields.js';
import { Empty, Loaded, ProblemBox } from '../../../scheduler/web/pages/parts/say.js';
import { signIn } from './talk.js';

function Form({ names }) {
    const [account, pick] = useState(names.length === 1 ? names[0].id : '');
    const [pin, type] = useState('');
    const act = useAct(() => signIn(account, pin).finally(() => type('')));
    const wait = act.problem?.code === 'slow-down' && act.problem.detail;
    return html`<form class="stack" onSubmit=${(event) => { event.preventDefault(); act.run(); }}>
        <fieldset class="people"><legend>${t('page.who')}</legend>
        ${names.map((one) => html`<label class="check" key=${one.id}><input type="radio" name="account" checked=${account === one.id} onChange=${() => pick(one.id)} /><span>${one.name}</span></label>`)}</fieldset>
        <${TextField} label=${t('page.pin')} type="password" inputmode="numeric" autocomplete="off" class="short large" value=${pin} onInput=${type} />
        ${wait ? html`<div class="problem" role="alert">${t('page.wait', { n: wait })}</div>` : html`<${ProblemBox} problem=${act.problem} />`}
        <button class="main wide-button" disabled=${!account || !pin || act.busy}>${t('page.enter')}</button></form>`;
}

const AGAIN_MS = 1_000;

/* Right after a start the player has not come to the page yet: nobody should have to ask again. */
export function SignIn() {
    const list = useLoad('people');
    useEffect(() => {
        if (list.loading || list.data?.names.length) return undefined;
        const timer = setTimeout(() => list.reload(true), AGAIN_MS);
        return () => clearTimeout(timer);
    }, [list.loading]);
    return html`<h1 tabindex="-1">${t('page.title')}</h1>
        <${Loaded} of=${list}>${({ names, station }) => (names.length === 0 ? html`<${Empty}>${t('page.nobody')}<//>`
            : html`${station && html`<p>${station}</p>`}<${Form} names=${names} />`)}<//>`;
}
