/* account.js - my account: what I may do, second factor, password, sessions. */
import { html, useState } from '../base/html.js';
import { at, post, put, remove } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { useMe } from '../base/me.js';
import { useAreas } from '../base/places.js';
import { dayClock } from '../base/time.js';
import { t } from '../base/words.js';
import { SetUp, Step, asPassword } from '../parts/factor.js';
import { TextField } from '../parts/fields.js';
import { MyMessages } from '../parts/messages.js';
import { ActButton, Loaded, ProblemBox, Tongue } from '../parts/say.js';
import { Wide } from '../parts/wide.js';

function Rights({ rights }) {
    const { nameOf } = useAreas();
    return html`<section class="card"><h2>${t('account.rights')}</h2>
        <${Wide} label=${t('account.rights')} heads=${[t('account.role'), t('account.area'), t('account.until')]}>
        <tbody>${rights.map((right) => html`<tr><th scope="row">${t(`role.${right.role}`)}
            ${right.language && html` <${Tongue} tag=${right.language} />`}</th><td>${nameOf(right.area)}</td>
            <td>${right.until_us ? dayClock(right.until_us) : t('account.no_end')}</td></tr>`)}</tbody><//>
    </section>`;
}

/* Changing it ends every session, this one too: the person signs in with the new one. */
function Password() {
    const [old, setOld] = useState('');
    const [fresh, setFresh] = useState('');
    const act = useAct(() => put('session/password', { old, password: fresh }));
    const submit = async () => {
        if (await act.run() !== undefined) location.reload();
    };
    return html`<section class="card"><h2>${t('account.password')}</h2>
        <form class="stack" onSubmit=${submit}>
        <${TextField} label=${t('account.password_old')} type="password" value=${old} onInput=${setOld} autocomplete="current-password" />
        <${TextField} label=${t('account.password_new')} type="password" value=${fresh} onInput=${setFresh} autocomplete="new-password" hint=${t('account.password_hint')} />
        <${ProblemBox} problem=${act.problem} />
        <div><button class="main" disabled=${act.busy || !old || !fresh}>${t('account.password_act')}</button></div></form></section>`;
}

function Session({ one }) {
    const act = useAct(() => remove(at`sessions/${one.id}`));
    return html`<tr><th scope="row">${one.from}${one.with_factor && html`<div class="small quiet">${t('factor.title')}</div>`}</th>
        <td class="time">${dayClock(one.created_us)}</td><td class="time">${dayClock(one.used_us)}</td>
        <td>${one.is_this ? t('account.session_this') : html`<${ActButton} of=${act}
            aria-label=${t('account.session_end_of', { from: one.from, at: dayClock(one.created_us) })}>${t('account.session_end')}<//>`}</td></tr>`;
}

function Sessions() {
    const list = useLoad('sessions');
    const all = useAct(() => remove('sessions').then(() => location.reload()));
    const others = useAct(() => remove('sessions?keep=this'));
    return html`<section class="card whole"><h2>${t('account.sessions')}</h2>
        <${Loaded} of=${list}>${({ sessions }) => html`<${Wide} label=${t('account.sessions')} heads=${[t('account.session_from'), t('account.session_begun'), t('account.session_used'), '']}>
        <tbody>${sessions.map((one) => html`<${Session} key=${one.id} one=${one} />`)}</tbody><//>`}<//>
        <p class="row end"><${ActButton} of=${others}>${t('account.sessions_others')}<//>
            <${ActButton} of=${all}>${t('account.sessions_end')}<//></p></section>`;
}

/* Set up, set up anew (which also makes new recovery codes), or given up by who need not have it. */
function Factor({ me }) {
    const [does, setDoes] = useState(null);
    const out = useAct((password) => post('session/factor/remove', { password }));
    const over = () => location.reload();
    return html`<section class="card stack"><h2>${t('factor.title')}</h2>
        <p>${me.factor ? t('factor.on', { n: me.codes_left }) : t('factor.none')}</p>
        ${me.factor && me.codes_left < 3 && html`<p class="warn">${t('factor.few')}</p>`}
        ${does === 'begin' && html`<${SetUp} words=${t('factor.next')} onDone=${over} />`}
        ${does === 'remove' && html`<${Step} act=${out} label=${t('account.password_old')} words=${t('factor.remove')} onDone=${over} danger=${true} ...${asPassword} />`}
        ${does === null && html`<div class="row"><button onClick=${() => setDoes('begin')}>${t(me.factor ? 'factor.renew' : 'factor.begin')}</button>
            ${me.factor && !me.factor_wanted && html`<button onClick=${() => setDoes('remove')}>${t('factor.remove')}</button>`}</div>`}</section>`;
}

export function Account() {
    const me = useMe();
    return html`<div class="head"><h1>${me.name}</h1></div>
        <div class="cards"><${Rights} rights=${me.rights} /><${MyMessages} /><${Factor} me=${me} /><${Password} /><${Sessions} /></div>`;
}
