/* delivery.js - was it heard? Villages down, items across; each cell opens its evidence. */
import { html, useMemo, useRef, useState } from '../base/html.js';
import { at, put, query } from '../base/api.js';
import { SaveCsv } from '../parts/csv.js';
import { count, matrix, STATES, worstOf } from '../base/deliveries.js';
import { useAct, useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { areaOptions, TAGS, useAreas } from '../base/places.js';
import { refine } from '../base/route.js';
import { addDays, clock, day, dayClock, length, longDay, today } from '../base/time.js';
import { language, said, t } from '../base/words.js';
import { remarkWords } from '../parts/faults.js';
import { DaysOf } from '../parts/days-of.js';
import { Behind } from '../parts/behind.js';
import { Dialog } from '../parts/dialog.js';
import { MessengersOf } from '../parts/messengers.js';
import { Choice, DateField } from '../parts/fields.js';
import { ActButton, Empty, Facts, Loaded, State, Tongue } from '../parts/say.js';
import { Spans } from '../parts/spans.js';

const stateWords = (one) => (one.state === 'delivered' && !one.line_sensed
    ? t('delivery.delivered') : t(`delivery.${one.state}`));
const reasonWords = (one) => (one.reason === 'none' ? ''
    : said(`reason.${one.reason}`, one.reason));

function OneEvidence({ one }) {
    const down = one.down_from_us
        ? `${dayClock(one.down_from_us)} – ${one.down_to_us ? dayClock(one.down_to_us) : t('evidence.unknown')}` : '';
    return html`<div class="card stack">
        <${State} kind=${STATES[one.state]}>${stateWords(one)}<//>
        <${Facts} of=${[
            ['reason', reasonWords(one)],
            ['down', down],
            ['makes_up', one.makes_up_us && dayClock(one.makes_up_us)],
            ['made_up', one.made_up_us && dayClock(one.made_up_us)],
            ['planned', `${clock(one.planned_start_us, true)} · ${length(one.planned_us)}`],
            ['started', one.started_us ? clock(one.started_us, true) : t('evidence.nothing')],
            ['heard', one.heard_us ? length(one.heard_us) : t('evidence.nothing')],
            ['relay', one.relay_confirmed ? t('evidence.relay_read') : t('evidence.relay_unread')],
            ['line', one.line_sensed ? t('evidence.line_sensed') : t('evidence.line_unsensed')],
            ['level', one.level_mdb !== undefined ? `${(one.level_mdb / 1000).toLocaleString(language(), { minimumFractionDigits: 1, maximumFractionDigits: 1 })} dBFS` : ''],
            ['clock', one.clock && said(`trust.${one.clock}`, one.clock)],
            ['journal', one.journal_late ? t('evidence.journal_late') : ''],
            ['object', one.object && html`<code class="small">${one.object}</code>`],
            ['segment', html`<code class="small">${one.segment}</code>`],
        ].map(([word, value]) => [`evidence.${word}`, value])} />
        ${one.details?.map((of) => html`<p class="small quiet">${remarkWords(of)}</p>`)}</div>`;
}

/* What the station missed of the item, in all its zones; when exactly is settled at the approval. */
function MakeUp({ one }) {
    const [waits, setWaits] = useState(false);
    const act = useAct(async () => {
        setWaits((await put(at`stations/${one.station}/make-ups/${one.occurrence}/${one.item}`, { date: one.date })).waits !== undefined);
    });
    return html`<p>${waits ? html`<span role="status">${t('day.waits')}</span>`
        : html`<${ActButton} of=${act}>${t('delivery.make_up')}<//> <span class="small quiet">${t('delivery.make_up_hint')}</span>`}</p>`;
}

function Evidence({ cell, onClose }) {
    const me = useMe();
    const one = cell[0];
    const lost = cell.find((each) => each.state === 'missed' && !each.made_up_us && !each.makes_up_us);
    return html`<${Dialog} title=${`${one.village_name} · ${one.title}`} onClose=${onClose}>
        <p><${Tongue} tag=${one.language} /> ${t('evidence.where', { station: one.station, zone: one.zone })}</p>
        ${cell.map((each) => html`<${OneEvidence} one=${each} />`)}
        ${lost && may(me, 'editor', 'approver', 'official', 'operator') && html`<${MakeUp} one=${lost} />`}
        <div class="row end"><button class="main" onClick=${onClose}>${t('say.close')}</button></div><//>`;
}

function Legend({ deliveries }) {
    const sums = count(deliveries);
    return html`<p class="row" role="status">${Object.keys(STATES).map((state) => html`<${State} kind=${STATES[state]}>
        ${t(`delivery.${state}`)} <strong>${sums[state]}</strong><//>`)}</p>`;
}

/* Arrow keys walk the table; one cell at a time is on the way of the tabulator key. */
function useWalk(n_rows, n_columns) {
    const [at, setAt] = useState([0, 0]);
    const table = useRef(null);
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const onKeyDown = (event) => {
        const step = steps[event.key];
        if (!step) return;
        event.preventDefault();
        let [row, column] = at;
        /* Villages that do not hear a language have no button there: past them. */
        for (let i = 0; i < n_rows + n_columns; i++) {
            row += step[0];
            column += step[1];
            const button = table.current.querySelector(`[data-at="${row},${column}"]`);
            if (button) {
                setAt([row, column]);
                button.focus();
                return;
            }
        }
    };
    return { at, setAt, table, onKeyDown };
}

function Cell({ cell, place, walk, onOpen }) {
    if (!cell) return html`<td class="none"><${State} kind="none"><span class="hidden">${t('delivery.none')}</span><//></td>`;
    const one = worstOf(cell);
    const here = walk.at.join() === place.join();
    return html`<td class=${STATES[one.state]}><button class="cell" data-at=${place.join()}
        tabindex=${here ? 0 : -1} onFocus=${() => walk.setAt(place)} onClick=${() => onOpen(cell)}>
        <${State} kind=${STATES[one.state]}>${stateWords(one)}<//>
        ${reasonWords(one) && html`<span class="small">${reasonWords(one)}</span>`}
        ${['made_up', 'makes_up'].map((how) => one[`${how}_us`] > 0 && html`<span class="small">${t(`delivery.${how}`, { at: dayClock(one[`${how}_us`]) })}</span>`)}</button></td>`;
}

/* what: the day, and what of it is shown: on paper nothing else says that */
function Matrix({ deliveries, what }) {
    const { columns, rows } = useMemo(() => matrix(deliveries), [deliveries]);
    const [open, setOpen] = useState(null);
    const walk = useWalk(rows.length, columns.length);
    if (rows.length === 0) return html`<${Empty}>${t('delivery.empty', { day: what })}<//>`;
    return html`<div class="wide"><table class="matrix" ref=${walk.table} onKeyDown=${walk.onKeyDown}>
        <caption>${what}</caption>
        <thead><tr><th scope="col">${t('delivery.village')}</th>${columns.map((column) => html`<th scope="col">
            <strong class="time">${clock(column.start_us)}</strong> ${column.title}<br /><${Tongue} tag=${column.language} /></th>`)}</tr></thead>
        <tbody>${rows.map((row, y) => html`<tr key=${row.key}><th scope="row">${row.village}</th>
            ${columns.map((column, x) => html`<${Cell} cell=${row.cells.get(column.key)} place=${[y, x]} walk=${walk} onOpen=${setOpen} />`)}</tr>`)}</tbody></table></div>
        ${open && html`<${Evidence} cell=${open} onClose=${() => setOpen(null)} />`}`;
}

/* What nobody had approved at its time is in no plan, so in no row above. */
function Dropped({ date }) {
    const { data } = useLoad(`unapproved${query({ date })}`);
    return data?.unapproved.length > 0 && html`<section class="card"><h2>${t('delivery.dropped')}</h2><ul class="list">${data.unapproved.map((one) => html`<li><strong class="time">${clock(one.start_us)}</strong> ${one.title} ${one.language && html`<${Tongue} tag=${one.language} />`}
        <span class="small quiet">${one.slot_name}</span></li>`)}</ul></section>`;
}

/* What stands in the cells and in their evidence, a line each. */
function lines(deliveries) {
    return [[t('day.label'), t('delivery.village'), t('nav.stations'), t('station.zones'), t('announcement.title'), t('announcement.languages'), t('evidence.planned'), 's',
        t('slot.state'), t('evidence.reason'), t('evidence.started'), t('evidence.heard'), t('evidence.relay'), t('evidence.line'), 'dBFS', t('evidence.clock'), t('evidence.object'), t('evidence.segment')],
    ...deliveries.map((one) => [day(one.date), one.village_name, one.station, one.zone, one.title, one.language, clock(one.planned_start_us, true), one.planned_us / 1e6,
        stateWords(one), one[language() === 'vi' ? 'why_vi' : 'why'], one.started_us ? clock(one.started_us, true) : '', one.heard_us / 1e6, +one.relay_confirmed, +one.line_sensed,
        one.level_mdb === undefined ? '' : one.level_mdb / 1000, one.clock, one.object, one.segment])];
}

export function Delivery({ query: { date = today(), area, state = '', tongue = '' } }) {
    const { areas, nameOf } = useAreas();
    const spoken = (one) => !tongue || (one.language || '').split('-')[0] === tongue;
    const wanted = (one) => (!state || one.state === state) && spoken(one);
    const what = [longDay(date), state && t(`delivery.${state}`), tongue && t(`tongue.${tongue}`)].filter(Boolean).join(' · ');
    const pick = (name, label, value, options) => html`<${Choice} label=${t(label)} value=${value} options=${[['', t('say.all')], ...options]} onInput=${(one) => refine({ [name]: one })} />`;
    const step = (way, n) => html`<button onClick=${() => refine({ date: addDays(date, n) })}>${t(`day.${way}`)}</button>`;
    const list = useLoad(`delivery${query({ date, area })}`);
    return html`<div class="head"><h1>${t('delivery.title')}${area && ` – ${nameOf(area)}`}</h1><${Spans} here="day" date=${date} area=${area} />
        <div class="row no-print">${step('before', -1)}
            <${DateField} label=${t('day.label')} value=${date} onInput=${(one) => one && refine({ date: one })} />
            ${step('after', 1)}
            <button onClick=${() => window.print()}>${t('say.print')}</button></div></div>
        <div class="row no-print chooser">${pick('area', 'week.area', area || '', areaOptions(areas))}
            ${pick('state', 'slot.state', state, Object.keys(STATES).map((one) => [one, t(`delivery.${one}`)]))}
            ${pick('tongue', 'announcement.languages', tongue, TAGS.map((tag) => [tag, t(`tongue.${tag}`)]))}
            ${list.data && html`<${SaveCsv} name=${`loa-${date}`} rows=${() => lines(list.data.deliveries.filter(wanted))} />`}</div>
        <${DaysOf} area=${area} from=${date} to=${date} />${date === today() && html`<${Behind} area=${area} />`}
        <${Loaded} of=${list}>${({ deliveries, troubles }) => html`${troubles.map((one) => html`<p key=${one.id}>${language() === 'vi' ? one.words_vi : one.words}</p>`)}
            <${Legend} deliveries=${deliveries.filter(spoken)} />
            <${Matrix} deliveries=${state || tongue ? deliveries.filter(wanted) : deliveries} what=${what} />`}<//><${MessengersOf} of=${{ date, area }} /><${Dropped} date=${date} />`;
}
