/*
 * slot.js - a slot with its playlist as one form: what a person changes, what an approval
 * covers, and how two of them differ. Values in, values out.
 *
 * Targets are texts, 'area' or 'station/zone'; items keep the ids they came with, so that one
 * that only moved stays the same to the server.
 */
const NAMES = ['name', 'home', 'class', 'first_date', 'local_min', 'rule', 'until', 'gain_mdb', 'policy', 'order',
    'targets', 'dates_in', 'dates_out', 'items'];

export const blank = (home, date) => ({
    name: '', home, class: 'thong_thuong', first_date: date, local_min: null, rule: '', until: null, gain_mdb: 0,
    policy: 'each', order: 'item', targets: [], dates_in: [], dates_out: [], items: [],
});

const targetText = ({ area, station, zone }) => area || `${station}/${zone}`;

function targetOf(text) {
    const [station, zone] = text.split('/');
    return zone === undefined ? { area: text } : { station, zone };
}

export const formOf = (slot, playlist) => ({
    ...Object.fromEntries(NAMES.map((name) => [name, slot[name] ?? null])),
    targets: slot.targets.map(targetText).sort(), dates_in: slot.dates_in || [], dates_out: slot.dates_out || [],
    items: playlist.items,
});

/* What the API takes; `old` brings what no field shows. */
export function bodyOf({ items, until, targets, ...form }, playlist, old) {
    return {
        ...form, playlist, targets: targets.map(targetOf), ...(until && { until }),
        ...(old && { tzid: old.tzid, local_s: old.local_s, revision: old.revision }),
    };
}

/* The text that an approval covers, as a form without name and home. */
export function readText(text) {
    const form = { targets: [], dates_in: [], dates_out: [], items: [] };
    const read = {
        class: (v) => { form.class = v; }, first: (v) => { form.first_date = v; },
        minute: (v) => { form.local_min = Number(v); }, rule: (v) => { form.rule = v; },
        until: (v) => { form.until = v || null; }, gain: (v) => { form.gain_mdb = Number(v); },
        policy: (v) => { form.policy = v; }, order: (v) => { form.order = v; },
        target: (v) => { const [area, station, zone] = v.split(' '); form.targets.push(targetText({ area, station, zone })); },
        in: (v) => form.dates_in.push(v), out: (v) => form.dates_out.push(v),
        item: (id) => form.items.push({ id }), kind: (v) => { form.items.at(-1).kind = v; },
        announcement: (v) => { if (v) form.items.at(-1).announcement = v; },
        duration: (v) => { form.items.at(-1).duration_us = Number(v); },
    };
    for (const line of text.split('\n')) {
        const [name] = line.split(' ', 1);
        if (Object.hasOwn(read, name)) read[name](line.slice(name.length + 1));
    }
    form.targets.sort();
    return form;
}

export const itemText = (one) => [one.kind, one.announcement || '', one.duration_us || 0].join(' ');
const plain = (value) => JSON.stringify(Array.isArray(value) ? value.map((one) => (one.kind ? itemText(one) : one)) : value ?? null);
export const same = (a, b) => plain(a) === plain(b);

/* The facts that both know and that are not the same. */
export const differences = (before, after) => NAMES
    .filter((name) => before[name] !== undefined && after[name] !== undefined && !same(before[name], after[name]))
    .map((name) => ({ name, before: before[name], after: after[name] }));

/* What I typed stays; what I did not touch becomes what the other made of it. */
export const merge = (base, mine, theirs) =>
    Object.fromEntries(NAMES.map((name) => [name, same(base[name], mine[name]) ? theirs[name] : mine[name]]));

/* All that has to be there before it can be kept. */
export const isWhole = (form) => form.name.trim() && form.home && form.first_date && form.local_min !== null
    && form.targets.length > 0 && form.items.length > 0;

export const stateOf = (slot) => (slot.stopped ? 'stopped' : slot.approved === slot.content ? 'approved' : 'waits');
export const dateState = (one) => (one.proposed === undefined ? 'cancelled' : one.approver ? 'approved' : 'waits');
export const STATE_KIND = { stopped: 'none', cancelled: 'none', approved: 'good', waits: 'wait' };
