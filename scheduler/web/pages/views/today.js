/*
 * today.js - what a person has to know first, the cards in the order of their work: what waits
 * for them, what is about to air and lacks something, what failed, who is out of contact.
 */
import { html, useState } from '../base/html.js';
import { query } from '../base/api.js';
import { STATES } from '../base/deliveries.js';
import { useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { useAreas } from '../base/places.js';
import { link } from '../base/route.js';
import { isHere } from '../base/station.js';
import { addDays, ago, clock, longDay, nowUs, setNow, shortWeekday, dateOf, today } from '../base/time.js';
import { language, t } from '../base/words.js';
import { Alone } from '../parts/alone.js';
import { Faults } from '../parts/faults.js';
import { Choice } from '../parts/fields.js';
import { MessengersCard } from '../parts/messengers.js';
import { OffersCard } from '../parts/offers.js';
import { OnCall } from '../parts/reach.js';
import { Empty, Loaded, State, Tongue } from '../parts/say.js';
import { WantedCard } from '../parts/wanted.js';
import { WaitingCard } from './review.js';

const SHOWN = 8;
/* The first of these that somebody is says what stands on top; the DOM is in the same order. */
const ORDERS = [
    [['approver', 'reviewer', 'editor'], ['waiting', 'soon', 'next', 'failed', 'stations']],
    [['technician'], ['stations', 'failed', 'next', 'soon', 'waiting']],
    [['official', 'inspector', 'operator', 'administrator'], ['waiting', 'failed', 'next', 'stations', 'soon']],
];
const orderOf = (me) => (ORDERS.find(([roles]) => may(me, ...roles)) || ORDERS[2])[1];

const Card = ({ title, children }) => html`<section class="card"><h2>${title}</h2>${children}</section>`;

/* '17:00', or 'T3 05:30' on another day than today. */
const when = (us) => `${dateOf(us) === today() ? '' : `${shortWeekday(dateOf(us))} `}${clock(us)}`;

/* The rest is counted, and a tap shows it. */
function Listed({ rows, children }) {
    const [all, setAll] = useState(false);
    return html`<ul class="list">${(all ? rows : rows.slice(0, SHOWN)).map(children)}</ul>
        ${!all && rows.length > SHOWN && html`<button class="plain" onClick=${() => setAll(true)}>${t('today.more', { n: rows.length - SHOWN })}</button>`}`;
}

const names = (list) => `${list.slice(0, 3).join(', ')}${list.length > 3 ? ` ${t('today.and', { n: list.length - 3 })}` : ''}`;

/* ---- stations ---- */

function Silent({ one }) {
    const [asked, ask] = useState(false);
    return html`<li><strong>${one.name}</strong> – ${one.state?.contact_us
        ? t('today.last_contact', { ago: ago(one.state.contact_us) }) : t('today.never_contact')}
        ${asked ? html`<${OnCall} area=${one.area} />` : html` <button class="plain" aria-label=${t('reach.whom_about', one)} onClick=${() => ask(true)}>${t('reach.whom')}</button>`}</li>`;
}

function Stations({ stations, now_us }) {
    const live = stations.filter((one) => !one.retired);
    const silent = live.filter((one) => !isHere(one, now_us));
    const faulty = live.filter((one) => isHere(one, now_us) && one.heartbeat?.faults?.length);
    return html`<${Card} title=${t('today.stations')}>
        <p><${State} kind=${silent.length ? 'lost' : 'good'}>${t('today.in_contact', { n: live.length - silent.length, all: live.length })}<//></p>
        ${silent.length > 0 && html`<${Listed} rows=${silent}>${(one) => html`<${Silent} key=${one.station} one=${one} />`}<//>`}
        <ul class="list">${faulty.map((one) => html`<li><strong>${one.name}</strong><${Faults} of=${one.heartbeat.faults} /></li>`)}</ul><//>`;
}

/* ---- what failed since yesterday, and why ---- */

const FAILED = ['missed', 'partial', 'no_contact'];

/* The same of several villages is one line. */
function failures(deliveries, dropped) {
    const lines = new Map();
    for (const one of deliveries) {
        if (!FAILED.includes(one.state)) continue;
        const why = language() === 'vi' ? one.why_vi : one.why;
        const key = [one.occurrence, one.item, one.language, one.state, why].join('|');
        if (!lines.has(key)) lines.set(key, { at_us: one.planned_start_us, title: one.title, language: one.language, state: one.state, why, villages: [] });
        lines.get(key).villages.push(one.village_name);
    }
    for (const one of dropped)
        lines.set(`${one.slot}|${one.slot_date}|${one.version}`, { at_us: one.start_us, title: one.title, language: one.language, state: 'missed', why: t('reason.not_approved'), villages: [one.slot_name] });
    return [...lines.values()].sort((a, b) => b.at_us - a.at_us);
}

function Failed({ deliveries, dropped, date }) {
    const lines = failures(deliveries, dropped);
    return html`<${Card} title=${t('today.failed')}>
        ${lines.length === 0 ? html`<p><${State} kind="good">${t('today.nothing_failed')}<//></p>`
        : html`<${Listed} rows=${lines}>${(one) => html`<li><span class="time">${when(one.at_us)}</span> ${one.title} ${one.language && html`<${Tongue} tag=${one.language} />`}<br />
            <${State} kind=${STATES[one.state]}>${t(`delivery.${one.state}`)}<//>${one.why && ` – ${one.why}`}
            <span class="small quiet"> ${names([...new Set(one.villages)])}</span></li>`}<//>`}
        <p><a href=${link(['delivery'], { date })}>${t('today.all_of')}</a></p><//>`;
}

/* ---- what airs next: approved, translated, on the players? ---- */

/* One entry an item of an occurrence, with what it lacks. */
function upcoming({ zones, slots, lines }) {
    const entries = new Map();
    const now = nowUs();
    for (const line of lines) {
        if (line.at_us + line.duration_us <= now || line.finding === 'day_overruled' || line.finding === 'moved' || line.finding === 'replaced') continue;
        const key = [line.slot, line.date, line.announcement || line.item || ''].join('|');
        const entry = entries.get(key) || { key, at_us: line.at_us, date: line.date, slot: line.slot, announcement: line.announcement,
            title: line.title || slots.find((one) => one.id === line.slot)?.name || '', tongues: new Set(), lacks: new Set(), silent: new Set(), stations: new Set() };
        entries.set(key, entry);
        entry.at_us = Math.min(entry.at_us, line.at_us);
        if (line.sounds) {
            entry.tongues.add(line.language || '');
            for (const place of line.zones) entry.stations.add(zones[place].station);
        } else if (line.finding === 'gap' || line.finding === 'fallback') entry.lacks.add(line.language || '');
        else if (line.finding !== 'delayed') entry.silent.add(line.finding);
    }
    return [...entries.values()].sort((a, b) => a.at_us - b.at_us);
}

/* Of those that will play it, how many hold that day's plan and all its sound. */
function heldOf(entry, stations) {
    const of = stations.filter((one) => entry.stations.has(one.station));
    const day = (one) => one.days.find((row) => row.date === entry.date);
    return { n: of.filter((one) => day(one)?.applied && !day(one).missing_objects).length, all: entry.stations.size };
}

function Lacks({ entry, soon, stations }) {
    /* What waits to be approved waits wherever it would be played. */
    const waits = (tag) => soon.some((one) => one.announcement === entry.announcement && one.language === tag);
    const held = heldOf(entry, stations);
    return html`<div class="row small">
        ${entry.silent.has('not_approved') && html`<${State} kind="wait">${t('today.unapproved')}<//>`}
        ${[...entry.lacks].map((tag) => html`<${State} kind=${waits(tag) ? 'wait' : 'bad'}>${t(waits(tag) ? 'today.unapproved' : 'today.untranslated')} <${Tongue} tag=${tag} /><//>`)}
        ${[...entry.silent].filter((one) => one !== 'not_approved').map((one) => html`<${State} kind="none">${t(`finding.${one}`)}<//>`)}
        ${entry.stations.size > 0 && !entry.lacks.size && !entry.silent.size && html`<${State} kind="good">${t('today.approved')}<//>`}
        ${entry.stations.size > 0 && html`<${State} kind=${held.n === held.all ? 'good' : 'half'}>${t('today.held', held)}<//>`}</div>`;
}

function Next({ plan, soon, stations }) {
    const entries = upcoming(plan);
    const now = nowUs();
    return entries.length === 0 ? html`<p class="quiet">${t('today.nothing_next')}</p>`
        : html`<${Listed} rows=${entries}>${(one) => html`<li key=${one.key}><strong class="time">${when(one.at_us)}</strong> ${one.title}
            ${[...one.tongues].filter(Boolean).map((tag) => html` <${Tongue} tag=${tag} />`)}
            ${one.at_us <= now && one.tongues.size > 0 && html` <${State} kind="half">${t('today.now')}<//>`}
            <${Lacks} entry=${one} soon=${soon} stations=${stations} /></li>`}<//>`;
}

/* The highest places of somebody's rights: what lies below is in their plan. */
function tops(me, areas) {
    const mine = new Set(me.rights.map((one) => one.area));
    const above = (id) => areas.find((one) => one.id === id)?.parent;
    const covered = (id) => { for (let up = above(id); up; up = above(up)) if (mine.has(up)) return true; return false; };
    return [...mine].filter((id) => !covered(id));
}

function NextCard({ date, soon, stations }) {
    const { areas, nameOf } = useAreas();
    const [chosen, choose] = useState(null);
    const places = areas.length ? tops(useMe(), areas) : [];
    const area = chosen ?? places[0];
    const plan = useLoad(area ? `plan${query({ area, from: date, days: 2 })}` : null);
    return html`<${Card} title=${t('today.next')}>
        ${places.length > 1 && html`<${Choice} label=${t('account.area')} value=${area} options=${places.map((id) => [id, nameOf(id)])} onInput=${choose} />`}
        <${Loaded} of=${plan}>${(data) => html`<${Next} plan=${data} soon=${soon} stations=${stations} />`}<//><//>`;
}

/* ---- about to air, and nobody has approved it ---- */

function Soon({ rows }) {
    const where = (one) => (one.announcement ? link(['announcements', one.announcement]) : link(['slots', one.slot]));
    return rows.length > 0 && html`<${Card} title=${t('today.soon')}>
        <p class="warn">${t('today.soon_words')}</p>
        <${Listed} rows=${rows}>${(one) => html`<li><strong class="time">${when(one.start_us)}</strong> <a href=${where(one)}>${one.title}</a> ${one.language && html`<${Tongue} tag=${one.language} />`}
            <div class="small"><${State} kind=${one.start_us - nowUs() <= 7.2e9 ? 'bad' : 'wait'}>${t(`today.lacks_${one.kind}`)}<//> <span class="quiet">${one.kind === 'version' ? one.slot_name : ''}</span></div></li>`}<//><//>`;
}

export function Today() {
    const date = today();
    const me = useMe();
    const status = useLoad('status');
    const now = useLoad(`delivery${query({ date })}`);
    const before = useLoad(`delivery${query({ date: addDays(date, -1) })}`);
    const unapproved = useLoad('unapproved');
    if (status.data) setNow(status.data.now_us);
    const rows = unapproved.data?.unapproved || [];
    const soon = rows.filter((one) => !one.dropped);
    const since = (one) => one.dropped && dateOf(one.start_us) >= addDays(date, -1);
    const cards = {
        waiting: () => html`<${WaitingCard} />${may(me, 'administrator') && html`<${Alone} />`}<${WantedCard} /><${OffersCard} /><${MessengersCard} />`,
        soon: () => html`<${Soon} rows=${soon} />`,
        next: () => html`<${NextCard} date=${date} soon=${soon} stations=${status.data?.stations || []} />`,
        failed: () => html`<${Loaded} of=${now}>${(today_) => html`<${Loaded} of=${before}>${(yesterday) =>
            html`<${Failed} deliveries=${[...yesterday.deliveries, ...today_.deliveries]} dropped=${rows.filter(since)} date=${date} />`}<//>`}<//>`,
        stations: () => html`<${Loaded} of=${status}>${({ stations, now_us }) => (stations.length
            ? html`<${Stations} stations=${stations} now_us=${now_us} />` : html`<${Empty}>${t('today.no_station')}<//>`)}<//>`,
    };
    return html`<div class="head"><h1>${t('today.title', { day: longDay(date) })}</h1></div>
        <div class="cards">${orderOf(me).map((name) => cards[name]())}</div>`;
}
