/* people.js - accounts: who may do what where, getting one in, closing one in a single act. */
import { html, useState } from '../base/html.js';
import { at, post, put, remove } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { useMe } from '../base/me.js';
import { areaOptions, useAreas } from '../base/places.js';
import { addDays, day, dayClock, dateOf, instant } from '../base/time.js';
import { t } from '../base/words.js';
import { Alone } from '../parts/alone.js';
import { Dialog, FormDialog } from '../parts/dialog.js';
import { Check, Choice, DateField, TextField } from '../parts/fields.js';
import { ReachFields } from '../parts/messages.js';
import { Reach } from '../parts/reach.js';
import { Loaded, ProblemBox, State } from '../parts/say.js';

const ROLES = ['editor', 'reviewer', 'approver', 'operator', 'official', 'technician', 'inspector', 'administrator'];
const STATE_KIND = { active: 'good', locked: 'bad', retired: 'none' };

/* A password is told once; whoever closes this makes another one. */
function Told({ login, password, onClose }) {
    return html`<${Dialog} title=${t('people.password_made')} onClose=${onClose}>
        <p>${t('people.password_words', { login })}</p><p class="code">${password}</p>
        <div class="row end"><button class="main" onClick=${onClose}>${t('say.close')}</button></div><//>`;
}

function New({ onMade, onClose }) {
    const [of, setOf] = useState({ login: '', name: '' });
    const act = useAct(async () => onMade(await post('/api/accounts', of)));
    const set = (name) => (value) => setOf({ ...of, [name]: value });
    return html`<${FormDialog} title=${t('people.new')} act=${act} words=${t('people.make')} disabled=${!of.login || !of.name.trim()} onSubmit=${act.run} onClose=${onClose}>
        <${TextField} label=${t('people.name')} value=${of.name} onInput=${set('name')} maxlength="100" />
        <${TextField} label=${t('sign_in.login')} value=${of.login} onInput=${set('login')} hint=${t('people.login_hint')} autocapitalize="none" spellcheck="false" maxlength="64" /><//>`;
}

function Grant({ account, onClose }) {
    const { areas } = useAreas();
    const [of, setOf] = useState({ role: 'editor', area: '', language: '', from: null, until: null });
    const area = of.area || (areas[0]?.id ?? ''); /* derived: an effect could undo what is typed before it runs */
    const set = (name) => (value) => setOf({ ...of, [name]: value });
    const act = useAct(() => put(at`/api/accounts/${account.id}/rights`, {
        role: of.role, area, ...(of.role === 'reviewer' && of.language && { language: of.language }),
        ...(of.from && { from_us: instant(of.from, 0) }),
        ...(of.until && { until_us: instant(addDays(of.until, 1), 0) }), ...(of.force && { force: true }),
    }));
    return html`<${FormDialog} title=${t('people.grant_to', { name: account.name })} act=${act} words=${t('people.grant')} disabled=${!area} onSubmit=${act.run} onClose=${onClose}>
        <${Choice} label=${t('account.role')} value=${of.role} options=${ROLES.map((one) => [one, t(`role.${one}`)])} onInput=${set('role')} />
        <${Choice} label=${t('account.area')} value=${area} options=${areaOptions(areas)} onInput=${set('area')} hint=${t('people.area_hint')} />
        ${of.role === 'reviewer' && html`<${Choice} label=${t('people.language')} value=${of.language} onInput=${set('language')}
            options=${[['', t('say.all')], ...['bdq', 'jra', 'vi'].map((one) => [one, t(`tongue.${one}`)])]} />`}
        <${DateField} label=${t('people.from')} value=${of.from} onInput=${set('from')} />
        <${DateField} label=${t('people.until')} value=${of.until} onInput=${set('until')} hint=${t('people.until_hint')} />
        ${act.problem?.code === 'no-approver' && html`<${Check} label=${t('people.grant_anyway')} checked=${of.force} onInput=${set('force')} />`}<//>`;
}

function Right({ account, right, nameOf }) {
    const { role, area, language } = right;
    const act = useAct((force) => post(at`/api/accounts/${account.id}/rights/revoke`, { role, area, ...(language && { language }), ...(force && { force }) }));
    return html`<li class="row">${t(`role.${role}`)}${language ? ` (${t(`tongue.${language.split('-')[0]}`)})` : ''} · ${nameOf(area)}
        ${right.from_us ? ` · ${t('people.begins', { day: day(dateOf(right.from_us)) })}` : ''}
        ${right.until_us ? ` · ${t('people.ends', { day: day(dateOf(right.until_us - 1)) })}` : ''}
        <button class="plain" onClick=${() => act.run(false)} disabled=${act.busy} aria-label=${t('people.revoke_of', { role: t(`role.${role}`), area: nameOf(area) })}>${t('people.revoke')}</button>
        <${ProblemBox} problem=${act.problem} />${act.problem?.code === 'no-approver' && html`<button class="danger" onClick=${() => act.run(true)} disabled=${act.busy}>${t('people.revoke_anyway')}</button>`}</li>`;
}

/* A reset that one administrator asked for and another one judges. */
function Waits({ account, reset }) {
    const path = at`/api/accounts/${account.id}/factor-reset`;
    const confirm = useAct(() => post(`${path}/confirm`));
    const refuse = useAct(() => remove(path));
    const mine = reset.by === useMe().id;
    return html`<div class="warn"><p>${t('people.reset_waits', reset)}</p><div class="row">
        ${!mine && html`<button class="danger" onClick=${confirm.run} disabled=${confirm.busy}>${t('people.reset_confirm')}</button>`}
        <button onClick=${refuse.run} disabled=${refuse.busy}>${t('people.reset_refuse')}</button></div>
        <${ProblemBox} problem=${confirm.problem || refuse.problem} /></div>`;
}

function Lost({ account, onClose }) {
    const [why, setWhy] = useState('');
    const act = useAct(() => post(at`/api/accounts/${account.id}/factor-reset`, { why }));
    return html`<${FormDialog} title=${t('people.reset_of', account)} act=${act} words=${t('people.reset_ask')} danger disabled=${!why.trim()} onSubmit=${act.run} onClose=${onClose}>
        <p>${t('people.reset_words')}</p>
        <${TextField} label=${t('people.reset_why')} value=${why} onInput=${setWhy} rows="3" maxlength="130" /><//>`;
}

function Factor({ account, whole }) {
    const [lost, setLost] = useState(false);
    const { factor, factor_wanted: wanted, reset } = whole;
    return html`${(factor || wanted) && html`<p class="small quiet">${t(factor ? 'people.factor_on' : 'people.factor_off')}
            ${factor && !reset && account.state === 'active' && html` <button class="plain" onClick=${() => setLost(true)}>${t('people.reset')}</button>`}</p>`}
        ${reset && html`<${Waits} account=${account} reset=${reset} />`}
        ${lost && html`<${Lost} account=${account} onClose=${() => setLost(false)} />`}`;
}

function Rights({ account }) {
    const whole = useLoad(at`/api/accounts/${account.id}`);
    const { nameOf } = useAreas();
    return html`<${Loaded} of=${whole}>${({ rights, ...rest }) => html`<${Factor} account=${account} whole=${rest} />${(rights.length === 0 ? html`<p class="quiet">${t('people.no_rights')}</p>`
        : html`<ul class="list">${rights.map((right) => html`<${Right} account=${account} right=${right} nameOf=${nameOf} />`)}</ul>`)}`}<//>`;
}

function Reached({ account, onClose }) {
    const [of, setOf] = useState({ email: account.email, phone: account.phone, reader: account.reader });
    const act = useAct(() => put(at`/api/accounts/${account.id}/reach`, { ...of, email: of.email.trim() }));
    return html`<${FormDialog} title=${t('people.reach_of', account)} act=${act} words=${t('messages.save')} onSubmit=${act.run} onClose=${onClose}>
        <${ReachFields} of=${of} set=${(name) => (value) => setOf({ ...of, [name]: value })} /><//>`;
}

/* One act: sessions end, unfinished work goes to somebody; asked once more where none is left to approve. */
function Retire({ account, others, onClose }) {
    const [of, setOf] = useState({ successor: '', force: false });
    const act = useAct(() => put(at`/api/accounts/${account.id}/state`,
        { state: 'retired', ...(of.successor && { successor: of.successor }), ...(of.force && { force: true }) }));
    return html`<${FormDialog} title=${t('people.retire_of', account)} act=${act} words=${t('people.retire')} danger onSubmit=${act.run} onClose=${onClose}>
        <p>${t('people.retire_words')}</p>
        <${Choice} label=${t('people.successor')} value=${of.successor} onInput=${(successor) => setOf({ ...of, successor })}
            options=${[['', t('people.no_successor')], ...others.map((one) => [one.id, `${one.name} (${one.login})`])]} />
        ${act.problem?.code === 'no-approver' && html`<${Check} label=${t('people.force')} checked=${of.force} onInput=${(force) => setOf({ ...of, force })} />`}<//>`;
}

function Person({ account, others, onPassword }) {
    const [grants, setGrants] = useState(false);
    const [leaves, setLeaves] = useState(false);
    const [reached, setReached] = useState(false);
    const state = useAct((to) => put(at`/api/accounts/${account.id}/state`, { state: to }));
    const password = useAct(async () => onPassword({ ...account, ...await put(at`/api/accounts/${account.id}/password`, {}) }));
    const live = account.state === 'active';
    return html`<section class="card stack"><div><h2>${account.name}</h2><span class="quiet">${account.login}</span><div><${Reach} ...${account} /></div></div>
        <div><${State} kind=${STATE_KIND[account.state]}>${t(`people.${account.state}`)}<//>
        <div class="small quiet">${account.signed_in_us ? t('people.last_in', { at: dayClock(account.signed_in_us) }) : t('people.never_in')}
            ${account.failures > 0 && ` · ${t('people.failures', { n: account.failures })}`}</div></div>
        <${Rights} account=${account} />
        <div class="row">${live && html`<button onClick=${() => setGrants(true)}>${t('people.grant')}</button>
            <button onClick=${() => setReached(true)}>${t('people.reach')}</button>
            <button onClick=${password.run} disabled=${password.busy}>${t('people.new_password')}</button>
            <button onClick=${() => state.run('locked')} disabled=${state.busy}>${t('people.lock')}</button>
            <button class="danger" onClick=${() => setLeaves(true)}>${t('people.retire')}</button>`}
        ${account.state === 'locked' && html`<button onClick=${() => state.run('active')} disabled=${state.busy}>${t('people.unlock')}</button>`}</div>
        <${ProblemBox} problem=${state.problem || password.problem} />
        ${reached && html`<${Reached} account=${account} onClose=${() => setReached(false)} />`}
        ${leaves && html`<${Retire} account=${account} others=${others} onClose=${() => setLeaves(false)} />`}
        ${grants && html`<${Grant} account=${account} onClose=${() => setGrants(false)} />`}</section>`;
}

export function People() {
    const list = useLoad('/api/accounts');
    const [making, setMaking] = useState(false);
    const [told, setTold] = useState(null);
    return html`<div class="head"><h1>${t('nav.people')}</h1><a class="button" href="#/messages">${t('messages.log')}</a><button class="main" onClick=${() => setMaking(true)}>${t('people.new')}</button></div><${Alone} />
        <${Loaded} of=${list}>${({ accounts }) => html`<div class="cards">${accounts.map((one) => html`<${Person} key=${one.id} account=${one}
            others=${accounts.filter((other) => other.id !== one.id && other.state === 'active')} onPassword=${setTold} />`)}</div>`}<//>
        ${making && html`<${New} onMade=${setTold} onClose=${() => setMaking(false)} />`}
        ${told && html`<${Told} login=${told.login} password=${told.password} onClose=${() => setTold(null)} />`}`;
}
