/*
 * factor.js - setting a second factor up: the password once more, a code to scan, its first six
 * digits, recovery codes to be kept.
 */
import { html, useState } from '../base/html.js';
import { post } from '../base/api.js';
import { useAct } from '../base/load.js';
import { t } from '../base/words.js';
import { TextField } from './fields.js';
import { Qr } from './qr.js';
import { ProblemBox } from './say.js';

/* A form of one field and one button; onDone gets what the act answered. */
export function Step({ act, label, words, onDone, danger, children, ...rest }) {
    const [typed, setTyped] = useState('');
    const submit = async () => {
        const done = await act.run(typed);
        if (done !== undefined) { setTyped(''); onDone(done); }
    };
    return html`<form class="stack" onSubmit=${submit}>${children}
        <${TextField} label=${label} value=${typed} onInput=${setTyped} ...${rest} />
        <${ProblemBox} problem=${act.problem} />
        <div><button class=${danger ? 'danger' : 'main'} disabled=${act.busy || !typed.trim()}>${words}</button></div></form>`;
}

export const asPassword = { type: 'password', autocomplete: 'current-password' };
export const asCode = { autocomplete: 'one-time-code', autocapitalize: 'none', spellcheck: 'false', maxlength: '64' };

export function SetUp({ words, onDone }) {
    const [begun, setBegun] = useState(null);
    const [codes, setCodes] = useState(null);
    const begin = useAct((password) => post('session/factor', { password }));
    const confirm = useAct((code) => post('session/factor/confirm', { code }));
    if (codes) return html`<div class="stack"><h2>${t('factor.codes')}</h2><p>${t('factor.codes_words')}</p>
        <ul class="codes">${codes.map((one) => html`<li>${one}</li>`)}</ul>
        <div class="row"><button class="main" onClick=${onDone}>${t('factor.kept')}</button>
            <button onClick=${() => print()}>${t('factor.print')}</button></div></div>`;
    if (begun) return html`<${Step} key="code" act=${confirm} label=${t('factor.code')} words=${t('factor.confirm')}
            onDone=${(done) => setCodes(done.codes)} inputmode="numeric" ...${asCode}>
        <p>${t('factor.scan')}</p><${Qr} rows=${begun.qr} label=${t('factor.qr')} />
        <p class="code">${begun.secret}</p><p><a href=${begun.uri}>${t('factor.open')}</a></p><//>`;
    return html`<${Step} key="password" act=${begin} label=${t('account.password_old')} words=${words} onDone=${setBegun} ...${asPassword} />`;
}
