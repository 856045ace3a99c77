/* today.js - what a person has to know first: what failed, who is out of contact, what is next. */
import { html } from '../base/html.js';
import { query } from '../base/api.js';
import { matrix, STATES, count } from '../base/deliveries.js';
import { useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { link } from '../base/route.js';
import { contactOf } from '../base/station.js';
import { addDays, ago, clock, longDay, nowUs, setNow, today } from '../base/time.js';
import { has, t } from '../base/words.js';
import { Alone } from '../parts/alone.js';
import { Faults } from '../parts/faults.js';
import { Empty, Loaded, State, Tongue } from '../parts/say.js';
import { WantedCard } from '../parts/wanted.js';
import { WaitingCard } from './review.js';

function Stations({ stations, now_us }) {
    const live = stations.filter((one) => !one.retired);
    const silent = live.filter((one) => contactOf(one, now_us) !== 'good');
    const faulty = live.filter((one) => contactOf(one, now_us) === 'good' && one.heartbeat?.faults?.length);
    return html`<section class="card"><h2>${t('today.stations')}</h2>
        <p><${State} kind=${silent.length ? 'lost' : 'good'}>${t('today.in_contact',
            { n: live.length - silent.length, all: live.length })}<//></p>
        <ul class="list">${silent.map((one) => html`<li><strong>${one.name}</strong> – ${one.state?.contact_us
            ? t('today.last_contact', { ago: ago(one.state.contact_us) }) : t('today.never_contact')}</li>`)}
        ${faulty.map((one) => html`<li><strong>${one.name}</strong><${Faults} of=${one.heartbeat.faults} /></li>`)}</ul></section>`;
}

function Failed({ deliveries, date }) {
    const failed = deliveries.filter((one) => ['missed', 'partial', 'no_contact'].includes(one.state) && one.reason !== 'quiet_request');
    return html`<section class="card"><h2>${t('today.failed', { day: longDay(date) })}</h2>
        ${failed.length === 0 ? html`<p><${State} kind="good">${t('today.nothing_failed')}<//></p>`
        : html`<ul class="list">${failed.slice(0, 8).map((one) => html`<li><span class="time">${clock(one.planned_start_us)}</span>
            ${' '}${one.village_name} · ${one.title} <${Tongue} tag=${one.language} /><br />
            <${State} kind=${STATES[one.state]}>${t(`delivery.${one.state}`)}<//>
            ${one.reason !== 'none' && has(`reason.${one.reason}`) ? ` – ${t(`reason.${one.reason}`)}` : ''}</li>`)}</ul>`}
        <p><a href=${link(['delivery'], { date })}>${t('today.all_of', { n: deliveries.length })}</a></p></section>`;
}

function Next({ deliveries }) {
    const now_us = nowUs();
    const { columns } = matrix(deliveries.filter((one) => one.state !== 'quiet' && one.planned_start_us + one.planned_us > now_us));
    const sums = count(deliveries);
    return html`<section class="card"><h2>${t('today.next')}</h2>
        ${columns.length === 0 ? html`<p class="quiet">${t('today.nothing_next')}</p>`
        : html`<ul class="list">${columns.slice(0, 8).map((one) => html`<li><strong class="time">${clock(one.start_us)}</strong>
            ${' '}${one.title} <${Tongue} tag=${one.language} />${one.start_us <= now_us ? html` <${State} kind="half">${t('today.now')}<//>` : ''}</li>`)}</ul>`}
        <p class="small quiet">${t('today.sums', { good: sums.delivered, wait: sums.waiting })}</p></section>`;
}

export function Today() {
    const date = today();
    const yesterday = addDays(date, -1);
    const status = useLoad('/api/status');
    const now = useLoad(`/api/delivery${query({ date })}`);
    const before = useLoad(`/api/delivery${query({ date: yesterday })}`);
    if (status.data) setNow(status.data.now_us);
    return html`<div class="head"><h1>${t('today.title', { day: longDay(date) })}</h1></div>
        <div class="cards"><${WaitingCard} />${may(useMe(), 'administrator') && html`<${Alone} />`}<${WantedCard} />
            <${Loaded} of=${now}>${({ deliveries }) => html`<${Next} deliveries=${deliveries} />`}<//>
            <${Loaded} of=${now}>${({ deliveries }) => html`<${Failed} deliveries=${deliveries} date=${date} />`}<//>
            <${Loaded} of=${before}>${({ deliveries }) => html`<${Failed} deliveries=${deliveries} date=${yesterday} />`}<//>
            <${Loaded} of=${status}>${({ stations, now_us }) => (stations.length
                ? html`<${Stations} stations=${stations} now_us=${now_us} />` : html`<${Empty}>${t('today.no_station')}<//>`)}<//>
        </div>`;
}
