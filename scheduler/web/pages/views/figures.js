/* figures.js - what was heard in a month: by commune, village, language or category, with sums. */
import { html } from '../base/html.js';
import { at, query } from '../base/api.js';
import { useLoad } from '../base/load.js';
import { useMe } from '../base/me.js';
import { areaOptions, tongueWords, useAreas } from '../base/places.js';
import { refine } from '../base/route.js';
import { addDays, today } from '../base/time.js';
import { t } from '../base/words.js';
import { Choice } from '../parts/fields.js';
import { DayOrMonth } from '../parts/day-or-month.js';
import { Empty, Loaded } from '../parts/say.js';
import { Wide } from '../parts/wide.js';

const BY = ['commune', 'village', 'language', 'category'];
const COUNTS = ['delivered', 'partial', 'missed', 'waiting', 'no_contact', 'quiet'];
const minutes = (us) => (Math.round(us / 6e6) / 10).toLocaleString('vi');

const lastOf = (month) => addDays(firstAfter(month), -1);
const firstAfter = (month) => `${addDays(`${month}-28`, 4).slice(0, 7)}-01`;
const before = (month) => addDays(`${month}-01`, -1).slice(0, 7);

function nameOf(row, by) {
    if (row.name) return row.name;
    if (by === 'language') return tongueWords(row.key) || t('tongue.none');
    return row.key || t('figures.none');
}

const sumOf = (rows, name) => rows.reduce((sum, one) => sum + one[name], 0);

function Sums({ rows, by }) {
    const numbers = (of) => html`<td>${minutes(of.planned_us)}</td><td>${minutes(of.heard_us)}</td>${COUNTS.map((one) => html`<td>${of[`n_${one}`]}</td>`)}`;
    const all = Object.fromEntries(['planned_us', 'heard_us', ...COUNTS.map((one) => `n_${one}`)].map((name) => [name, sumOf(rows, name)]));
    return html`<${Wide} label=${t('figures.title')} kind="figures" heads=${[t(`figures.${by}`), t('figures.planned'), t('figures.heard'), ...COUNTS.map((one) => t(`delivery.${one}`))]}>
        <tbody>${rows.map((row) => html`<tr key=${row.key}><th scope="row">${nameOf(row, by)}</th>${numbers(row)}</tr>`)}</tbody>
        <tfoot><tr><th scope="row">${t('figures.all')}</th>${numbers(all)}</tr></tfoot><//>`;
}

export function Figures({ query: { month: asked, by = 'commune', area: wanted } }) {
    const me = useMe();
    const { areas } = useAreas();
    const month = /^\d{4}-(0[1-9]|1[0-2])$/.test(asked || '') ? asked : today().slice(0, 7);
    const area = wanted || me.rights[0]?.area;
    const list = useLoad(area ? at`areas/${area}/figures` + query({ from: `${month}-01`, to: lastOf(month), by }) : null);
    return html`<div class="head"><h1>${t('figures.of', { month: `${month.slice(5)}/${month.slice(0, 4)}` })}</h1><${DayOrMonth} here="month" /></div>
        <div class="row no-print chooser"><${Choice} label=${t('week.area')} value=${area} options=${areaOptions(areas)} onInput=${(one) => refine({ area: one })} />
            <${Choice} label=${t('figures.by')} value=${by} options=${BY.map((one) => [one, t(`figures.${one}`)])} onInput=${(one) => refine({ by: one })} />
            <button onClick=${() => refine({ month: before(month) })}>${t('figures.before')}</button>
            <button onClick=${() => refine({ month: firstAfter(month).slice(0, 7) })}>${t('figures.after')}</button>
            <button onClick=${() => window.print()}>${t('say.print')}</button></div>
        <${Loaded} of=${list}>${({ figures, n_due, messengers: by_hand }) => html`${n_due > 0 && html`<p class="quiet" role="status">${t('figures.due', { n: n_due })}</p>`}
            ${figures.length ? html`<${Sums} rows=${figures} by=${by} />` : html`<${Empty}>${t('figures.empty')}<//>`}
            ${by_hand.n_tasks > 0 && html`<p role="status">${t('alert.messengers')}: ${t('messenger.month', { n: by_hand.n_tasks, done: by_hand.n_confirmed, reached: by_hand.reached, all: by_hand.households })}</p>`}`}<//>`;
}
