/* now.js - what sounds and how far it is in each village, an end to it, and the ways to begin. */
import { html, useState } from '../../../scheduler/web/pages/base/html.js';
import { useAct } from '../../../scheduler/web/pages/base/load.js';
import { has, t } from '../../../scheduler/web/pages/base/words.js';
import { ProblemBox, State } from '../../../scheduler/web/pages/parts/say.js';
import { stop } from './talk.js';

const KINDS = { failed: 'bad', held: 'half', received: 'wait', relay_on: 'half', sounding: 'half', done: 'good', stopped: 'none' };
const MINUTE_MS = 60_000;

function Line({ station }) {
    return html`<p class="row" role="status"><${State} kind=${station.district ? 'good' : 'lost'}>${t(station.district ? 'page.district_up' : 'page.district_down')}<//>
        ${!station.gateway && html`<${State} kind="bad">${t('page.gateway_down')}<//>`}${!station.trusted && html`<${State} kind="wait">${t('page.clock')}<//>`}</p>`;
}

/* Asked once more, for a slip of the thumb must not silence a warning. */
function Stop({ one }) {
    const [asked, ask] = useState(false);
    const act = useAct(() => stop(one.id));
    return html`${asked ? html`<div class="warn stack"><p><strong>${t('alert.stop_title')}</strong></p>
        <button class="danger wide-button" disabled=${act.busy} onClick=${act.run}>${t('page.stop_now')}</button>
        <button class="wide-button" onClick=${() => ask(false)}>${t('page.go_on')}</button></div>`
        : html`<button class="danger wide-button" onClick=${() => ask(true)}>${t('alert.stop')}<span class="hidden">: ${one.title}</span></button>`}
        <${ProblemBox} problem=${act.problem} />`;
}

const since = (ms) => (ms < MINUTE_MS ? t('page.seconds_ago', { n: Math.floor(ms / 1000) }) : t('page.minutes_ago', { n: Math.floor(ms / MINUTE_MS) }));

function Alert({ one, names }) {
    const order = Object.keys(KINDS);
    const zones = one.zones.slice().sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
    return html`<section class=${`card stack alert-card ${one.drill ? 'drill' : ''} ${one.over ? 'over' : ''}`}>
        <div><h2>${one.drill && html`<strong class="band">${t('alert.is_drill')}</strong> `}${one.title}</h2><p class="small quiet">${since(one.begun_ago_ms)}${one.over && ` · ${t('alert.over')}`}</p></div>
        ${!one.over && html`<${Stop} one=${one} />`}
        <table><thead><tr><th scope="col">${t('delivery.village')}</th><th scope="col">${t('alert.state')}</th></tr></thead>
        <tbody>${zones.map((each) => html`<tr key=${each.zone}><th scope="row">${names.get(each.zone) ?? each.zone}</th><td><${State} kind=${KINDS[each.state]}>${t(`alert.state.${each.state}`)}<//>
            ${each.reason && each.state !== 'stopped' && html`<div class="small">${has(`reason.${each.reason}`) ? t(`reason.${each.reason}`) : each.reason}</div>`}</td></tr>`)}</tbody></table></section>`;
}

export function Now({ station }) {
    const names = new Map(station.zones.map((one) => [one.id, one.name]));
    return html`<h1 tabindex="-1">${t('page.title')}</h1><${Line} station=${station} />
        <div class="stack"><a class="button danger wide-button" href="#/call">${t('alert.call')}</a><a class="button wide-button" href="#/drill">${t('alert.drill')}</a></div>
        ${station.alerts.length === 0 ? html`<p class="empty">${t('page.calm')}</p>` : station.alerts.map((one) => html`<${Alert} key=${one.id} one=${one} names=${names} />`)}`;
}
