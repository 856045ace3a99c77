/* figures.js - what was heard in a week or a month: by commune, village, language or category. */
import { html } from '../base/html.js';
import { at, query } from '../base/api.js';
import { STATES, WORST } from '../base/deliveries.js';
import { useLoad } from '../base/load.js';
import { useMe } from '../base/me.js';
import { areaOptions, tongueWords, useAreas } from '../base/places.js';
import { link, refine } from '../base/route.js';
import { addDays, day, longDay, shortWeekday, today, weekday } from '../base/time.js';
import { t } from '../base/words.js';
import { SaveCsv } from '../parts/csv.js';
import { Choice } from '../parts/fields.js';
import { Empty, Loaded, State } from '../parts/say.js';
import { Spans } from '../parts/spans.js';
import { Wide } from '../parts/wide.js';

const BY = ['commune', 'village', 'language', 'category'];
const COUNTS = Object.keys(STATES);
const tenths = (us) => Math.round(us / 6e6) / 10;
const minutes = (us) => tenths(us).toLocaleString('vi');

/* What the address asks for: the week around a date, from Monday, each day apart; or a month. */
function spanOf({ week, month }) {
    if (week && !Number.isNaN(Date.parse(`${week}T00:00Z`))) {
        const from = addDays(week, -weekday(week));
        const days = [0, 1, 2, 3, 4, 5, 6].map((n) => addDays(from, n));
        return { name: 'week', from, to: days[6], days, before: addDays(from, -7), after: addDays(from, 7), words: `${day(from)} – ${day(days[6])}` };
    }
    const from = `${/^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? month : today().slice(0, 7)}-01`;
    const after = addDays(from, 31).slice(0, 7);
    return { name: 'month', from, to: addDays(`${after}-01`, -1), days: [], before: addDays(from, -1).slice(0, 7), after, words: day(from).slice(3) };
}

function nameOf(row, by) {
    if (row.name) return row.name;
    if (by === 'language') return tongueWords(row.key) || t('tongue.none');
    return row.key || t('figures.none');
}

/* How the worst of a day was, and the way to it. */
function Day({ date, of, to }) {
    const state = WORST.find((one) => of?.[`n_${one}`]);
    return html`<td>${state ? html`<a href=${to}><${State} kind=${STATES[state]}>${of[`n_${state}`]}<span class="hidden"> ${t(`delivery.${state}`)}, ${longDay(date)}</span><//></a>` : '–'}</td>`;
}

const NUMBERS = ['planned_us', 'heard_us', ...COUNTS.map((one) => `n_${one}`)];
const sum = (rows) => Object.fromEntries(NUMBERS.map((name) => [name, rows.reduce((all, one) => all + one[name], 0)]));
const heads = (by) => [t(`figures.${by}`), t('figures.planned'), t('figures.heard'), ...COUNTS.map((one) => t(`delivery.${one}`))];

function Sums({ rows, days, by, span, area }) {
    /* Of a commune, a village or a language its own day; of all else the area's. */
    const dayOf = (date, key) => link(['delivery'], { date, area: (by === 'commune' || by === 'village') && key || area, tongue: by === 'language' && key ? key.split('-')[0] : '' });
    const line = (of, key, mine) => html`<td>${minutes(of.planned_us)}</td><td>${minutes(of.heard_us)}</td>${COUNTS.map((one) => html`<td>${of[`n_${one}`]}</td>`)}
        ${span.days.map((date) => html`<${Day} date=${date} of=${mine(date)} to=${dayOf(date, key)} />`)}`;
    return html`<${Wide} label=${t('figures.title')} kind="figures" heads=${[...heads(by), ...span.days.map((date) => `${shortWeekday(date)} ${day(date).slice(0, 5)}`)]}>
        <tbody>${rows.map((row) => html`<tr key=${row.key}><th scope="row">${nameOf(row, by)}</th>${line(row, row.key, (date) => days.find((one) => one.date === date && one.key === row.key))}</tr>`)}</tbody>
        <tfoot><tr><th scope="row">${t('figures.all')}</th>${line(sum(rows), '', (date) => sum(days.filter((one) => one.date === date)))}</tr></tfoot><//>`;
}

/* The sums, and of a week its days. */
function lines(rows, days, by, span) {
    const names = Object.fromEntries(rows.map((row) => [row.key, nameOf(row, by)]));
    const line = (when) => (of) => [when || day(of.date), names[of.key], tenths(of.planned_us), tenths(of.heard_us), ...COUNTS.map((one) => of[`n_${one}`])];
    return [[t('day.label'), ...heads(by)], ...rows.map(line(span.words)), ...days.map(line())];
}

export function Figures({ query: { by = 'commune', area: wanted, ...asked } }) {
    const me = useMe();
    const { areas, nameOf: areaName } = useAreas();
    const span = spanOf(asked);
    const { name, from, to } = span;
    const area = wanted || me.rights[0]?.area;
    const now = today();
    const list = useLoad(area ? at`areas/${area}/figures` + query({ from, to, by, apart: name === 'week' ? 'day' : '' }) : null);
    return html`<div class="head"><h1>${t(`figures.of_${name}`, { at: span.words })}${area && ` – ${areaName(area)}`}</h1><${Spans} here=${name} date=${now >= from && now <= to ? now : from} area=${wanted} /></div>
        <div class="row no-print chooser"><${Choice} label=${t('week.area')} value=${area} options=${areaOptions(areas)} onInput=${(one) => refine({ area: one })} />
            <${Choice} label=${t('figures.by')} value=${by} options=${BY.map((one) => [one, t(`figures.${one}`)])} onInput=${(one) => refine({ by: one })} />
            ${['before', 'after'].map((way) => html`<button onClick=${() => refine({ [name]: span[way] })}>${t(`figures.${name}_${way}`)}</button>`)}
            <button onClick=${() => window.print()}>${t('say.print')}</button>
            ${list.data && html`<${SaveCsv} name=${`loa-${from}-${to}`} rows=${() => lines(list.data.figures, list.data.days || [], by, span)} />`}</div>
        <${Loaded} of=${list}>${({ figures, days = [], n_due, messengers: by_hand }) => html`${n_due > 0 && html`<p class="quiet" role="status">${t('figures.due', { n: n_due })}</p>`}
            ${figures.length ? html`<${Sums} rows=${figures} days=${days} by=${by} span=${span} area=${area} />` : html`<${Empty}>${t('figures.empty')}<//>`}
            ${by_hand.n_tasks > 0 && html`<p role="status">${t('alert.messengers')}: ${t('messenger.month', { n: by_hand.n_tasks, done: by_hand.n_confirmed, reached: by_hand.reached, all: by_hand.households })}</p>`}`}<//>`;
}
