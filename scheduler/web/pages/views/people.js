/* people.js - accounts: who may do what where, getting one in, closing one in a single act. */
import { html, useState } from '../base/html.js';
import { at, post, put, remove } from '../base/api.js';
import { useForm } from '../base/form.js';
import { useAct, useLoad } from '../base/load.js';
import { ROLES, areasOf, useMe } from '../base/me.js';
import { TAGS, areaOptions, useAreas } from '../base/places.js';
import { addDays, day, dayClock, dateOf, instant } from '../base/time.js';
import { t } from '../base/words.js';
import { Act } from '../parts/acts.js';
import { Alone } from '../parts/alone.js';
import { Dialog, FormDialog } from '../parts/dialog.js';
import { Check, Choice, DateField, TextField } from '../parts/fields.js';
import { ReachFields } from '../parts/messages.js';
import { Reach } from '../parts/reach.js';
import { Loaded, Opener, ProblemBox, State } from '../parts/say.js';

const STATE_KIND = { active: 'good', locked: 'bad', retired: 'none' };

/* A password is told once; whoever closes this makes another one. */
function Told({ login, password, onClose }) {
    return html`<${Dialog} title=${t('people.password_made')} onClose=${onClose}>
        <p>${t('people.password_words', { login })}</p><p class="code">${password}</p>
        <div class="row end"><button class="main" onClick=${onClose}>${t('say.close')}</button></div><//>`;
}

/* Asked for a second time, where nobody would be left to approve. */
const force = ({ force }) => force && { force };
const Anyway = ({ of, field, act, words }) => act.problem?.code === 'no-approver' && html`<${Check} label=${words} checked=${of.force} onInput=${field('force').onInput} />`;

function New({ onMade, onClose }) {
    const [of, , field] = useForm({ login: '', name: '' });
    const work = async () => onMade(await post('accounts', of));
    return html`<${FormDialog} title=${t('people.new')} work=${work} words=${t('people.make')} disabled=${!of.login || !of.name.trim()} onClose=${onClose}>
        <${TextField} label=${t('people.name')} ...${field('name')} maxlength="100" />
        <${TextField} label=${t('sign_in.login')} ...${field('login')} hint=${t('people.login_hint')} autocapitalize="none" spellcheck="false" maxlength="64" /><//>`;
}

function Grant({ account, onClose }) {
    const { areas } = useAreas();
    const [own] = areasOf(useMe(), 'administrator');
    const [of, , field] = useForm({ role: 'editor' });
    const area = of.area || own; /* derived: an effect could undo what is typed before it runs */
    const act = useAct(() => put(at`accounts/${account.id}/rights`, {
        role: of.role, area, ...(of.role === 'reviewer' && of.language && { language: of.language }),
        ...(of.from && { from_us: instant(of.from, 0) }),
        ...(of.until && { until_us: instant(addDays(of.until, 1), 0) }), ...force(of),
    }));
    return html`<${FormDialog} title=${t('people.grant_to', account)} act=${act} words=${t('people.grant')} disabled=${!area} onClose=${onClose}>
        <${Choice} label=${t('account.role')} ...${field('role')} options=${ROLES.map((one) => [one, t(`role.${one}`)])} />
        <${Choice} label=${t('account.area')} ...${field('area')} value=${area} options=${areaOptions(areas)} hint=${t('people.area_hint')} />
        ${of.role === 'reviewer' && html`<${Choice} label=${t('people.language')} ...${field('language')} options=${[['', t('say.all')], ...TAGS.map((one) => [one, t(`tongue.${one}`)])]} />`}
        <${DateField} label=${t('people.from')} ...${field('from')} />
        <${DateField} label=${t('people.until')} ...${field('until')} hint=${t('people.until_hint')} />
        <${Anyway} of=${of} field=${field} act=${act} words=${t('people.grant_anyway')} /><//>`;
}

function Right({ account, right, nameOf }) {
    const { role, area, language } = right;
    const act = useAct((force) => post(at`accounts/${account.id}/rights/revoke`, { role, area, language, force }));
    return html`<li class="row">${t(`role.${role}`)}${language ? ` (${t(`tongue.${language.split('-')[0]}`)})` : ''} · ${nameOf(area)}
        ${right.from_us ? ` · ${t('people.begins', { day: day(dateOf(right.from_us)) })}` : ''}
        ${right.until_us ? ` · ${t('people.ends', { day: day(dateOf(right.until_us - 1)) })}` : ''}
        <button class="plain" onClick=${() => act.run()} disabled=${act.busy} aria-label=${t('people.revoke_of', { role: t(`role.${role}`), area: nameOf(area) })}>${t('people.revoke')}</button>
        <${ProblemBox} problem=${act.problem} />${act.problem?.code === 'no-approver' && html`<button class="danger" onClick=${() => act.run(true)} disabled=${act.busy}>${t('people.revoke_anyway')}</button>`}</li>`;
}

/* A reset that one administrator asked for and another one judges. */
function Waits({ account, reset }) {
    const path = at`accounts/${account.id}/factor-reset`;
    return html`<div class="warn"><p>${t('people.reset_waits', reset)}</p><div class="row">
        ${reset.by !== useMe().id && html`<${Act} class="danger" work=${() => post(`${path}/confirm`)}>${t('people.reset_confirm')}<//>`}
        <${Act} work=${() => remove(path)}>${t('people.reset_refuse')}<//></div></div>`;
}

function Lost({ account, onClose }) {
    const [why, setWhy] = useState('');
    const work = () => post(at`accounts/${account.id}/factor-reset`, { why });
    return html`<${FormDialog} title=${t('people.reset_of', account)} work=${work} words=${t('people.reset_ask')} danger disabled=${!why.trim()} onClose=${onClose}>
        <p>${t('people.reset_words')}</p>
        <${TextField} label=${t('people.reset_why')} value=${why} onInput=${setWhy} rows="3" maxlength="130" /><//>`;
}

function Factor({ account, whole }) {
    const { factor, factor_wanted: wanted, reset } = whole;
    return html`${(factor || wanted) && html`<div class="row"><span class="small quiet">${t(factor ? 'people.factor_on' : 'people.factor_off')}</span>
            ${factor && !reset && account.state === 'active' && html`<${Opener} class="plain" words=${t('people.reset')}>${(close) => html`<${Lost} account=${account} onClose=${close} />`}<//>`}</div>`}
        ${reset && html`<${Waits} account=${account} reset=${reset} />`}`;
}

function Rights({ account }) {
    const whole = useLoad(at`accounts/${account.id}`);
    const { nameOf } = useAreas();
    return html`<${Loaded} of=${whole}>${({ rights, ...rest }) => html`<${Factor} account=${account} whole=${rest} />${(rights.length === 0 ? html`<p class="quiet">${t('people.no_rights')}</p>`
        : html`<ul class="list">${rights.map((right) => html`<${Right} account=${account} right=${right} nameOf=${nameOf} />`)}</ul>`)}`}<//>`;
}

function Reached({ account, onClose }) {
    const { email, phone, reader } = account;
    const [of, , field] = useForm({ email, phone, reader });
    const work = () => put(at`accounts/${account.id}/reach`, { ...of, email: of.email.trim() });
    return html`<${FormDialog} title=${t('people.reach_of', account)} work=${work} words=${t('messages.save')} onClose=${onClose}>
        <${ReachFields} field=${field} /><//>`;
}

/* One act: sessions end, unfinished work goes to somebody; asked once more where none is left to approve. */
function Retire({ account, others, onClose }) {
    const [of, , field] = useForm({});
    const act = useAct(() => put(at`accounts/${account.id}/state`,
        { state: 'retired', ...(of.successor && { successor: of.successor }), ...force(of) }));
    return html`<${FormDialog} title=${t('people.retire_of', account)} act=${act} words=${t('people.retire')} danger onClose=${onClose}>
        <p>${t('people.retire_words')}</p>
        <${Choice} label=${t('people.successor')} ...${field('successor')} options=${[['', t('people.no_successor')], ...others.map((one) => [one.id, `${one.name} (${one.login})`])]} />
        <${Anyway} of=${of} field=${field} act=${act} words=${t('people.force')} /><//>`;
}

function Person({ account, others, onPassword }) {
    const become = (state) => () => put(at`accounts/${account.id}/state`, { state });
    const password = async () => onPassword({ ...account, ...await put(at`accounts/${account.id}/password`, {}) });
    return html`<section class="card stack"><div><h2>${account.name}</h2><span class="quiet">${account.login}</span><div><${Reach} ...${account} /></div></div>
        <div><${State} kind=${STATE_KIND[account.state]}>${t(`people.${account.state}`)}<//>
        <div class="small quiet">${account.signed_in_us ? t('people.last_in', { at: dayClock(account.signed_in_us) }) : t('people.never_in')}
            ${account.failures > 0 && ` · ${t('people.failures', { n: account.failures })}`}</div></div>
        <${Rights} account=${account} />
        <div class="row">${account.state === 'active' && html`<${Opener} words=${t('people.grant')}>${(close) => html`<${Grant} account=${account} onClose=${close} />`}<//>
            <${Opener} words=${t('people.reach')}>${(close) => html`<${Reached} account=${account} onClose=${close} />`}<//>
            <${Act} work=${password}>${t('people.new_password')}<//><${Act} work=${become('locked')}>${t('people.lock')}<//>
            <${Opener} class="danger" words=${t('people.retire')}>${(close) => html`<${Retire} account=${account} others=${others} onClose=${close} />`}<//>`}
        ${account.state === 'locked' && html`<${Act} work=${become('active')}>${t('people.unlock')}<//>`}</div></section>`;
}

export function People() {
    const list = useLoad('accounts');
    const [told, setTold] = useState(null);
    return html`<div class="head"><h1>${t('nav.people')}</h1><a class="button" href="#/settings">${t('nav.settings')}</a><a class="button" href="#/messages">${t('messages.log')}</a><${Opener} class="main" words=${t('people.new')}>${(close) => html`<${New} onMade=${setTold} onClose=${close} />`}<//></div><${Alone} />
        <${Loaded} of=${list}>${({ accounts }) => html`<div class="cards">${accounts.map((one) => html`<${Person} key=${one.id} account=${one}
            others=${accounts.filter((other) => other.id !== one.id && other.state === 'active')} onPassword=${setTold} />`)}</div>`}<//>
        ${told && html`<${Told} login=${told.login} password=${told.password} onClose=${() => setTold(null)} />`}`;
}
