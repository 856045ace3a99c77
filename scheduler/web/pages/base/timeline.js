/*
 * timeline.js - lines of a plan put into rows, lanes and places; values in, values out.
 *
 * A row is one zone of a village; each language that it hears there has a lane, which is as
 * deep as bars overlap in it. A bar is one slot in one language: what it plays, item after
 * item, and what is remarked about it. Minutes count from the local midnight of the date.
 */
import { instant } from './time.js';
import { byName } from './words.js';

const MINUTE_US = 60e6;
export const DAY_MIN = 1440;
/* Remarks about what is heard nevertheless; every other finding is something not heard. */
const REMARKS = ['fallback', 'delayed', 'moved', 'replaced', 'day_overruled'];
/* Somebody wants it silent: no fault. */
const MEANT = ['special_day', 'no_music', 'quiet_request'];
const CLASHES = ['displaced', 'overrun'];

export const isRemark = (line) => !line.sounds && REMARKS.includes(line.finding);

/* What a line is to the eye: heard, waiting for approval, in the way of another, or not heard. */
export function stateOf(line) {
    if (line.sounds) return 'good';
    if (line.finding === 'not_approved') return 'wait';
    if (MEANT.includes(line.finding)) return 'none';
    return CLASHES.includes(line.finding) ? 'clash' : 'bad';
}

/* Bars of one zone on one date, by start. */
export function bars(lines, start_us) {
    const found = new Map();
    for (const line of lines.filter((one) => !isRemark(one))) {
        const state = stateOf(line);
        const key = [line.slot, line.language || '', state].join('|');
        const bar = found.get(key) || {
            key, slot: line.slot, language: line.language || '', state, lines: [], remarks: [],
            from: Infinity, to: -Infinity,
        };
        const from = (line.at_us - start_us) / MINUTE_US;
        bar.lines.push(line);
        bar.from = Math.min(bar.from, from);
        bar.to = Math.max(bar.to, from + line.duration_us / MINUTE_US);
        found.set(key, bar);
    }
    for (const remark of lines.filter(isRemark)) {
        for (const bar of found.values())
            if (bar.lines.some((one) => one.slot === remark.slot && (!remark.item || one.item === remark.item)))
                bar.remarks.push(remark);
    }
    return [...found.values()].sort((a, b) => a.from - b.from || (a.key < b.key ? -1 : 1));
}

/*
 * Gives each bar the first depth at which it meets no other; least: minutes that a bar takes
 * on the screen however short it is. Returns how deep that is.
 */
export function stack(row, least) {
    const ends = [];
    for (const bar of row) {
        let depth = ends.findIndex((end) => end <= bar.from);
        if (depth < 0) depth = ends.length;
        ends[depth] = Math.max(bar.to, bar.from + least);
        bar.depth = depth;
    }
    return Math.max(1, ends.length);
}

/* [from, to] of the minutes of a weekday at which nothing ordinary may begin. */
export function quiet(windows, weekday) {
    const open = windows.filter((one) => one.class === 'thong_thuong' && one.weekdays >> weekday & 1)
        .sort((a, b) => a.from_min - b.from_min);
    const closed = [];
    let at = 0;
    for (const one of open) {
        if (one.from_min > at) closed.push([at, one.from_min]);
        at = Math.max(at, one.to_min);
    }
    if (at < DAY_MIN) closed.push([at, DAY_MIN]);
    return closed;
}

function lanesOf(languages, all, least) {
    const order = [...languages, ...all.map((one) => one.language)];
    return [...new Set(order)].map((language) => {
        const mine = all.filter((one) => one.language === language);
        return { language, bars: mine, depth: stack(mine, least) };
    }).filter((lane) => lane.bars.length > 0 || lane.language !== '');
}

/* The zones of a plan, by name of the village; its lines by zone and date. */
export function index(plan) {
    const several = new Map();
    for (const one of plan.zones) several.set(one.village, (several.get(one.village) || 0) + 1);
    const zones = plan.zones.map((one) => ({
        ...one, key: `${one.station}|${one.zone}`, lines: new Map(),
        words: several.get(one.village) > 1 ? `${one.village_name} – ${one.name}` : one.village_name,
    }));
    for (const line of plan.lines)
        for (const at of line.zones) {
            const dates = zones[at].lines;
            if (!dates.has(line.date)) dates.set(line.date, []);
            dates.get(line.date).push(line);
        }
    return {
        zones: zones.sort((a, b) => byName(a.words, b.words)),
        slots: new Map(plan.slots.map((one) => [one.id, one])),
    };
}

/* start_us: the date's midnight; who asks for many zones finds it once, for it takes its time. */
export const barsOn = (zone, date, start_us = instant(date, 0)) => bars(zone.lines.get(date) || [], start_us);

/* Rows of one day: { zone, lanes, quiet }; and the hours that are worth showing. */
export function dayRows(zones, date, weekday, least) {
    const start_us = instant(date, 0);
    const rows = zones.map((zone) => ({
        zone, lanes: lanesOf(zone.languages, barsOn(zone, date, start_us), least),
        quiet: quiet(zone.windows, weekday),
    }));
    let from = DAY_MIN;
    let to = 0;
    for (const row of rows) {
        for (const [a, b] of row.quiet) {
            if (a === 0 && b < DAY_MIN) from = Math.min(from, b);
            if (b === DAY_MIN && a > 0) to = Math.max(to, a);
        }
        if (row.quiet.length === 0) [from, to] = [0, DAY_MIN];
        for (const one of row.lanes.flatMap((lane) => lane.bars)) {
            from = Math.min(from, one.from);
            to = Math.max(to, one.to);
        }
    }
    if (from >= to) [from, to] = [5 * 60, 20 * 60];
    return {
        rows, from: Math.max(0, Math.floor((from - 15) / 60) * 60),
        to: Math.min(DAY_MIN, Math.ceil((to + 30) / 60) * 60),
    };
}

/* What is heard of a zone on a date, in order: what a preview plays. */
export const heard = (zone, date) => (zone.lines.get(date) || [])
    .filter((one) => one.sounds && one.version && !one.source).sort((a, b) => a.at_us - b.at_us);
