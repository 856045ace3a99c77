/*
 * commune.js - a commune on a phone: what sounds next here, and to stop it, withdraw it, put it
 * right; the time of what is sent from above; a quick notice; silence on request; who goes first
 * where two things clash.
 */
import { html, useState } from '../base/html.js';
import { at, post, put, query } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { areasOf, may, useMe } from '../base/me.js';
import { areaOptions, useAreas } from '../base/places.js';
import { link, refine } from '../base/route.js';
import { clock, dateOf, longDay, nowUs, today } from '../base/time.js';
import { STATE_KIND } from '../base/version.js';
import { t } from '../base/words.js';
import { Behind } from '../parts/behind.js';
import { FormDialog, WithdrawDialog } from '../parts/dialog.js';
import { Hours } from '../parts/hours.js';
import { Choice, TextField } from '../parts/fields.js';
import { NoticeForm, Notices } from '../parts/notices.js';
import { Offers } from '../parts/offers.js';
import { Quiets } from '../parts/quiets.js';
import { List, Loaded, ProblemBox, State, Tongue } from '../parts/say.js';

const ANSWERS = ['approver', 'official', 'operator'];
const SHOWN = 8;
const endOf = (line) => line.at_us + line.duration_us;

/* ---- what sounds next, and away with it ---- */

/* Here alone, until it would be over: silence that is asked for, which anybody who answers may. */
function Stop({ area, name, line, onClose }) {
    const [words, setWords] = useState('');
    const work = () => post('quiets', { area, until_us: endOf(line), reason: 'other', words: words.trim() || t('commune.stopped') });
    return html`<${FormDialog} danger title=${t('commune.stop_title', { name })} words=${t('commune.stop')} work=${work} onClose=${onClose}>
        <p><strong>${line.title}</strong></p><p>${t('commune.stop_words', { at: clock(endOf(line)) })}</p>
        <${TextField} label=${t('quiet.words')} value=${words} onInput=${setWords} maxlength="60" /><//>`;
}

const Withdraw = ({ line, onClose }) => html`<${WithdrawDialog} id=${line.announcement} name=${line.title} words=${t('commune.withdraw')} onClose=${onClose} />`;
const dialogs = { stop: Stop, withdraw: Withdraw };

function Line({ line, open }) {
    const me = useMe();
    const sounds_now = line.at_us <= nowUs();
    return html`<li class="stack"><div><strong class="time">${clock(line.at_us)}</strong> ${line.title} <${Tongue} tag=${line.language} />
        ${line.finding === 'quiet_request' ? html` <${State} kind="none">${t('delivery.quiet')}<//>` : sounds_now && html` <${State} kind="half">${t('today.now')}<//>`}</div>
        <div class="row">${line.sounds && may(me, ...ANSWERS) && html`<button onClick=${() => open(['stop', line])}>${t('commune.stop')}<span class="hidden">: ${line.title}</span></button>`}
            ${line.announcement && may(me, 'editor', 'approver', 'official') && html`<button class="danger" onClick=${() => open(['withdraw', line])}>${t('commune.withdraw')}<span class="hidden">: ${line.title}</span></button>`}</div></li>`;
}

function Next({ area, name, lines }) {
    const [shown, open] = useState(null);
    const next = lines.filter((one) => (one.sounds || one.finding === 'quiet_request') && endOf(one) > nowUs()).sort((a, b) => a.at_us - b.at_us);
    const View = shown && dialogs[shown[0]];
    return html`<section class="card"><h2>${t('commune.next')}</h2>
        <${List} rows=${next.slice(0, SHOWN)} none=${t('commune.nothing')}>${(one) => html`<${Line}
            key=${`${one.at_us} ${one.slot} ${one.item} ${one.language} ${one.zones}`} line=${one} open=${open} />`}<//>
        ${View && html`<${View} area=${area} name=${name} line=${shown[1]} onClose=${() => open(null)} />`}</section>`;
}

/* The commune's bulletins, and how far each language is. */
function Own({ area }) {
    const list = useLoad(`announcements${query({ area, limit: SHOWN })}`);
    return html`<section class="card"><h2>${t('commune.own')}</h2><${Loaded} of=${list}>${({ announcements }) => html`<${List} rows=${announcements} none=${t('commune.own_none')}>${(one) => html`<li key=${one.id}>
            <a href=${link(['announcements', one.id])}>${one.title}</a><div class="row small">${one.withdrawn ? html`<${State} kind="none">${t('notice.withdrawn')}<//>`
                : one.versions.map((version) => html`<span><${Tongue} tag=${version.language} /> <${State} kind=${STATE_KIND[version.state]}>${t(`version.${version.state}`)}<//></span>`)}</div></li>`}<//>`}<//>
        <p><a href="#/announcements">${t('commune.all')}</a></p></section>`;
}

/* ---- who goes first ---- */

const AHEAD = 7;

/* Who goes first before whom within one class, and on which day it comes first. */
function clashesOf({ lines, slots }) {
    const slot = new Map(slots.map((one) => [one.id, one]));
    const pairs = new Map();
    for (const { finding, slot: late, by, at_us } of lines) {
        const key = `${late} ${by}`;
        if (finding === 'displaced' && slot.get(by)?.class === slot.get(late)?.class && !(pairs.get(key)?.[2] <= at_us))
            pairs.set(key, [slot.get(late), slot.get(by), at_us]);
    }
    return [...pairs.values()].filter(([late, first]) => late && first).sort((a, b) => a[2] - b[2]);
}

/* The order is the station's, which stands in a commune: a village has none of its own. */
function Clashes({ area }) {
    const me = useMe();
    const plan = useLoad(`plan${query({ area, from: today(), days: AHEAD })}`);
    const pairs = plan.data ? clashesOf(plan.data) : [];
    const { data } = useLoad(pairs.length ? at`areas/${area}/choices` : null);
    const act = useAct((late, first) => {
        const rest = data.choices.map((one) => one.slot).filter((one) => one !== late && one !== first);
        return put(at`areas/${area}/choices`, { slots: [late, first, ...rest] });
    });
    if (pairs.length === 0) return null;
    return html`<section class="card stack"><h2>${t('commune.clashes')}</h2><ul class="list">${pairs.map(([late, first, at_us]) => html`<li key=${late.id + first.id} class="stack">
        <div><strong>${longDay(dateOf(at_us))}</strong> ${t('commune.clash', { first: first.name, late: late.name })} <span class="small quiet">${t(`class.${late.class}`)}</span></div>
        ${may(me, ...ANSWERS) && html`<div><button disabled=${!data || act.busy} onClick=${() => act.run(late.id, first.id)}>${t('commune.first', { name: late.name })}</button></div>`}</li>`)}</ul>
        <${ProblemBox} problem=${act.problem} /></section>`;
}

/* ---- the page ---- */

/* The first place of one's own that is a commune, or the first of all. */
function homeOf(me, areas) {
    const mine = areasOf(me, ...ANSWERS, 'editor');
    const below = areas.filter((one) => mine.includes(one.id));
    return (below.find((one) => one.kind === 'commune') || areas.find((one) => one.kind === 'commune') || areas[0])?.id;
}

function Here({ area, areas, corrects }) {
    const me = useMe();
    const [sending, setSending] = useState(Boolean(corrects));
    const here = areas.find((one) => one.id === area);
    const name = here?.name ?? area;
    const plan = useLoad(`plan${query({ area, from: today() })}`);
    const close = () => { setSending(false); if (corrects) refine({ corrects: undefined }); };
    return html`<div class="head"><h1>${t('commune.title', { name })}</h1>
            <${Hours} area=${area} />${may(me, 'editor', 'operator') && html`<button class="main" onClick=${() => setSending(true)}>${t('notice.send')}</button>`}</div>
        <${Choice} label=${t('commune.area')} value=${area} onInput=${(one) => refine({ area: one })} options=${areaOptions(areas)} />
        <div class="cards"><${Loaded} of=${plan}>${({ lines }) => html`<${Next} area=${area} name=${name} lines=${lines} />`}<//>
            <${Offers} area=${area} /><${Notices} /><${Quiets} area=${area} areas=${areas} zones=${plan.data?.zones || []} may=${may(me, ...ANSWERS)} />
            <${Own} area=${area} />${here && here.kind !== 'village' && html`<${Clashes} area=${area} />`}<${Behind} area=${area} always /></div>
        ${sending && html`<${NoticeForm} key=${corrects || ''} home=${area} corrects=${corrects} onClose=${close} />`}`;
}

export function Commune({ query: { area, corrects } }) {
    const me = useMe();
    const { areas } = useAreas();
    const here = area || homeOf(me, areas);
    return here ? html`<${Here} key=${here} area=${here} areas=${areas} corrects=${corrects} />`
        : html`<h1>${t('nav.commune')}</h1><p class="empty" role="status">${t('say.loading')}</p>`;
}
