/*
 * week.js - what every village hears: villages down, time across; one day or a week.
 *
 * A slot is moved by dragging one of its bars or with the arrow keys: it is shown moved at
 * once, written to the district, and taken back when the district says no.
 */
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../base/html.js';
import { query } from '../base/api.js';
import { useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { areaOptions, useAreas } from '../base/places.js';
import { link, refine } from '../base/route.js';
import { addDays, dateOf, day, instant, longDay, minuteClock, nowUs, shortWeekday, today, weekday } from '../base/time.js';
import { barsOn, dayRows, heard, index } from '../base/timeline.js';
import { t } from '../base/words.js';
import { Choice, DateField } from '../parts/fields.js';
import { Icon } from '../parts/icons.js';
import { barOf, barWords, LEAST_MIN } from '../parts/bar.js';
import { DaysOf } from '../parts/days-of.js';
import { MoveQuestion, useMoves } from '../parts/moves.js';
import { ProgrammeOf } from '../parts/programmes.js';
import { Playing, Programme } from '../parts/programme.js';
import { Empty, Loaded, ProblemBox, State, Tongue } from '../parts/say.js';

const HOUR_PX = 84;
const pixels = (minutes) => minutes * HOUR_PX / 60;

/* The minute of the date that it is now, while it is that date; anew each minute. */
function useNow(date) {
    const [now_us, setNow] = useState(nowUs());
    useEffect(() => {
        const timer = setInterval(() => setNow(nowUs()), 60_000);
        return () => clearInterval(timer);
    }, []);
    return dateOf(now_us) === date ? (now_us - instant(date, 0)) / 60e6 : null;
}

const heightOf = (lane) => ({ height: `${lane.depth * 30 + 2}px` });

function Lane({ lane, from, zone, slots, moves, onOpen }) {
    return html`<ul class="lane" style=${heightOf(lane)}>${lane.bars.map((bar) => html`<li
            key=${bar.key} style=${{ left: `${pixels(bar.from + moves.shiftOf(bar.slot) - from)}px`,
                top: `${bar.depth * 30 + 1}px`, width: `${pixels(Math.max(bar.to - bar.from, LEAST_MIN))}px` }}>
            ${barOf({ bar, zone, slots, moves, onOpen })}</li>`)}</ul>`;
}

function Village({ row, from, to, ...rest }) {
    const { zone, lanes } = row;
    const height = lanes.reduce((sum, one) => sum + one.depth * 30 + 3, 3);
    return html`<li class=${`village ${rest.moves.markOf(zone.key)}`} data-zone=${zone.key} style=${{ containIntrinsicSize: `auto ${height}px` }}>
        <div class="names"><div class="village-name"><h2>${zone.words}</h2>
            <button class="hear" title=${t('week.hear')} onClick=${() => rest.onHear(zone)}><${Icon} name="play" /><span
                class="hidden">${t('week.hear_of', { village: zone.words })}</span></button></div>
            <div class="lane-names">${lanes.map((lane) => html`<div style=${heightOf(lane)}>${lane.language && html`<${Tongue} tag=${lane.language} />`}</div>`)}</div></div>
        <div class="lanes">${row.quiet.map(([a, b]) => (b > from && a < to ? html`<div class="quiet-hours" aria-hidden="true" style=${{
            left: `${pixels(Math.max(a, from) - from)}px`, width: `${pixels(Math.min(b, to) - Math.max(a, from))}px` }}></div>` : ''))}
            ${lanes.map((lane) => html`<${Lane} key=${lane.language} lane=${lane} from=${from} zone=${zone} ...${rest} />`)}</div></li>`;
}

function Day({ shown, date, moves, onOpen, onHear }) {
    const now = useNow(date);
    const box = useRef(null);
    const { rows, from, to } = useMemo(() => dayRows(shown.zones, date, weekday(date), LEAST_MIN), [shown, date]);
    const hours = Array.from({ length: (to - from) / 60 }, (_, i) => from + i * 60);
    const first = now ?? Math.min(...rows.flatMap((row) => row.lanes.flatMap((one) => one.bars.map((bar) => bar.from))), to);
    useLayoutEffect(() => { box.current.scrollLeft = pixels(first - from - 60); }, [date]);
    useLayoutEffect(() => moves.refocus(box.current), [shown]);
    return html`<div class="timeline" ref=${box} role="region" tabindex="0" aria-label=${longDay(date)}
        onKeyDown=${moves.onKeyDown} onPointerDown=${moves.onPointerDown}>
        <div class="timeline-in" style=${{ width: `calc(var(--names) + ${pixels(to - from)}px)` }}>
            <div class="hours" aria-hidden="true">${hours.map((one) => html`<span style=${{ width: `${HOUR_PX}px` }}>${minuteClock(one)}</span>`)}</div>
            ${now !== null && now > from && now < to && html`<div class="now" aria-hidden="true" style=${{ left: `calc(var(--names) + ${pixels(now - from)}px)` }}></div>`}
            <ul class="villages">${rows.map((row) => html`<${Village} key=${row.zone.key} row=${row} from=${from} to=${to}
                slots=${shown.slots} moves=${moves} onOpen=${onOpen} onHear=${onHear} />`)}</ul></div></div>`;
}

function WeekDay({ zone, date, start_us, slots, onOpen }) {
    return barsOn(zone, date, start_us).map((bar) => html`<button key=${bar.key} class=${`entry ${bar.language.split('-')[0]} ${bar.state}`} data-language=${bar.language.split('-')[0]}
        onClick=${() => onOpen({ bar, zone, date })}>
        ${bar.state !== 'good' && html`<${Icon} name=${bar.state} />`}<strong class="time">${minuteClock(Math.floor(bar.from))}</strong>
        ${' '}${slots.get(bar.slot)?.name}<span class="hidden">, ${barWords(bar, zone, date)}</span></button>`);
}

function Week({ shown, from, onOpen }) {
    const dates = Array.from({ length: 7 }, (_, i) => addDays(from, i));
    const starts = dates.map((date) => instant(date, 0));
    return html`<div class="wide" tabindex="0" role="region" aria-label=${t('week.of', { day: day(from) })}><table class="week">
        <thead><tr><th scope="col">${t('week.village')}</th>${dates.map((date) => html`<th scope="col" class=${date === today() ? 'today' : ''}>
            <a href=${link(['week'], { from: date, view: 'day', area: shown.area })}>${shortWeekday(date)}, ${day(date).slice(0, 5)}</a></th>`)}</tr></thead>
        <tbody>${shown.zones.map((zone) => html`<tr key=${zone.key}><th scope="row">${zone.words}</th>${dates.map((date, i) => html`<td>
            <${WeekDay} zone=${zone} date=${date} start_us=${starts[i]} slots=${shown.slots} onOpen=${onOpen} /></td>`)}</tr>`)}</tbody></table></div>`;
}

const Legend = () => html`<p class="row small">${['good', 'wait', 'clash', 'bad', 'none'].map((kind) => html`<${State} kind=${kind}>${t(`bar.${kind}`)}<//>`)}
    <span class="quiet-hours key"></span>${t('week.quiet_hours')}</p>`;

/* Above the page: which area, which day, one day or seven. */
function Head({ area, date, view, moves }) {
    const { areas } = useAreas();
    const step = view === 'week' ? 7 : 1;
    const tab = (name) => html`<a href=${link(['week'], { area, from: date, view: name })} aria-current=${view === name ? 'page' : undefined}>${t(`week.${name}`)}</a>`;
    return html`<div class="head"><h1>${t('week.title')} – ${view === 'week' ? t('week.of', { day: day(date) }) : longDay(date)}</h1>
        <nav class="tabs no-print" aria-label=${t('week.view')}>${tab('day')}${tab('week')}</nav></div>
        <div class="row no-print chooser"><${Choice} label=${t('week.area')} value=${area} options=${areaOptions(areas)} onInput=${(one) => refine({ area: one })} />
            <${DateField} label=${t('day.label')} value=${date} onInput=${(one) => one && refine({ from: one })} />
            <button onClick=${() => refine({ from: addDays(date, -step) })} aria-label=${t(`week.${view}_before`)}>‹</button>
            <button onClick=${() => refine({ from: today() })}>${t('week.today')}</button>
            <button onClick=${() => refine({ from: addDays(date, step) })} aria-label=${t(`week.${view}_after`)}>›</button>
            ${moves.may && view === 'day' && html`<button disabled=${!moves.mayUndo} onClick=${moves.undo}>↶ ${t('week.undo')}</button>`}</div>`;
}

function dateOfView({ from = today(), view = 'day' }) {
    return view === 'week' ? addDays(from, -weekday(from)) : from;
}

const planPath = (area, date, view) => `plan${query({ area, from: date, days: view === 'week' ? 7 : 1 })}`;

export function WeekPage({ query: asked }) {
    const { view = 'day' } = asked;
    const me = useMe();
    const area = asked.area || me.rights[0]?.area;
    const date = dateOfView(asked);
    const plan = useLoad(planPath(area, date, view));
    const shown = useMemo(() => plan.data && { ...index(plan.data), area }, [plan.data]);
    const moves = useMoves({ plan: plan.data, shown, may: may(me, 'editor'), reload: plan.reload, pixels });
    const [open, setOpen] = useState(null);
    const [playing, setPlaying] = useState(null);
    return html`<${Head} area=${area} date=${date} view=${view} moves=${moves} />
        <p class="hidden" aria-live="polite">${moves.said}</p>
        <${ProblemBox} problem=${moves.problem} />
        <${DaysOf} area=${area} from=${date} to=${view === 'week' ? addDays(date, 6) : date} />
        ${view === 'week' && area && html`<${ProgrammeOf} area=${area} from=${date} />`}
        <${Loaded} of=${plan}>${() => (shown.zones.length === 0 ? html`<${Empty}>${t('week.empty')}<//>` : html`<${Legend} />
            ${view === 'week' ? html`<${Week} shown=${shown} from=${date} onOpen=${setOpen} />`
            : html`<${Day} shown=${shown} date=${date} moves=${moves} onHear=${setPlaying}
                onOpen=${(bar, zone) => setOpen({ bar, zone, date })} />`}
            ${moves.may && view === 'day' && html`<p class="small quiet no-print">${t('week.how')}</p>`}`)}<//>
        ${open && html`<${Programme} ...${open} slots=${shown.slots} onHear=${() => { setPlaying(open.zone); }} onClose=${() => setOpen(null)} />`}
        ${playing && html`<${Playing} village=${playing.words} date=${open?.date ?? date} lines=${heard(playing, open?.date ?? date)} onClose=${() => setPlaying(null)} />`}
        ${moves.asked && html`<${MoveQuestion} moves=${moves} shown=${shown} />`}`;
}

/* What it loads, as far as the address alone says it. */
WeekPage.foresees = (asked) => (asked.area ? ['areas', planPath(asked.area, dateOfView(asked), asked.view)] : ['areas']);
