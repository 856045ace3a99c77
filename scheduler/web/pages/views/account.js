/* account.js - my account: what I may do, my password, my sessions. */
import { html, useState } from '../base/html.js';
import { put, remove } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { useMe } from '../base/me.js';
import { dayClock } from '../base/time.js';
import { t } from '../base/words.js';
import { TextField } from '../parts/fields.js';
import { Loaded, ProblemBox, Tongue } from '../parts/say.js';

function Rights({ rights }) {
    return html`<section class="card"><h2>${t('account.rights')}</h2>
        <div class="wide" tabindex="0" role="region" aria-label=${t('account.rights')}><table><thead><tr><th scope="col">${t('account.role')}</th>
        <th scope="col">${t('account.area')}</th><th scope="col">${t('account.until')}</th></tr></thead>
        <tbody>${rights.map((right) => html`<tr><th scope="row">${t(`role.${right.role}`)}
            ${right.language && html` <${Tongue} tag=${right.language} />`}</th><td>${right.area}</td>
            <td>${right.until_us ? dayClock(right.until_us) : t('account.no_end')}</td></tr>`)}</tbody></table></div>
    </section>`;
}

/* Changing it ends every session, this one too: the person signs in with the new one. */
function Password() {
    const [old, setOld] = useState('');
    const [fresh, setFresh] = useState('');
    const act = useAct(() => put('/api/session/password', { old, password: fresh }));
    const submit = async (event) => {
        event.preventDefault();
        if (await act.run() !== undefined) location.reload();
    };
    return html`<section class="card"><h2>${t('account.password')}</h2>
        <form class="stack" onSubmit=${submit}>
        <${TextField} label=${t('account.password_old')} type="password" value=${old} onInput=${setOld} autocomplete="current-password" />
        <${TextField} label=${t('account.password_new')} type="password" value=${fresh} onInput=${setFresh} autocomplete="new-password" hint=${t('account.password_hint')} />
        <${ProblemBox} problem=${act.problem} />
        <div><button class="main" disabled=${act.busy || !old || !fresh}>${t('account.password_act')}</button></div></form></section>`;
}

function Sessions() {
    const list = useLoad('/api/sessions');
    const act = useAct(() => remove('/api/sessions'));
    return html`<section class="card"><h2>${t('account.sessions')}</h2>
        <${Loaded} of=${list}>${({ sessions }) => html`<div class="wide" tabindex="0" role="region" aria-label=${t('account.sessions')}><table><thead><tr>
            <th scope="col">${t('account.session_from')}</th><th scope="col">${t('account.session_begun')}</th>
            <th scope="col">${t('account.session_used')}</th></tr></thead>
            <tbody>${sessions.map((one) => html`<tr><th scope="row">${one.from}</th>
                <td class="time">${dayClock(one.created_us)}</td><td class="time">${dayClock(one.used_us)}</td></tr>`)}</tbody></table></div>`}<//>
        <${ProblemBox} problem=${act.problem} />
        <p class="row end"><button onClick=${async () => { if (await act.run() !== undefined) location.reload(); }}
            disabled=${act.busy}>${t('account.sessions_end')}</button></p></section>`;
}

export function Account() {
    const me = useMe();
    return html`<div class="head"><h1>${me.name}</h1></div>
        <div class="cards"><${Rights} rights=${me.rights} /><${Password} /><${Sessions} /></div>`;
}
