/*
 * slot.js - a slot with its playlist as one form: what a person changes, what an approval
 * covers, and how two of them differ. Values in, values out.
 *
 * Targets are texts, 'area' or 'station/zone'; items keep the ids they came with, so that one
 * that only moved stays the same to the server.
 */
const NAMES = ['name', 'home', 'class', 'first_date', 'local_min', 'rule', 'until', 'gain_mdb', 'policy', 'order',
    'make_up_min', 'targets', 'dates_in', 'dates_out', 'items'];

export const blank = (home, date) => ({
    name: '', home, class: 'thong_thuong', first_date: date, local_min: null, rule: '', until: null, gain_mdb: 0,
    policy: 'each', order: 'item', make_up_min: 0, targets: [], dates_in: [], dates_out: [], items: [],
});

const targetText = ({ area, station, zone }) => area || `${station}/${zone}`;

function targetOf(text) {
    const [station, zone] = text.split('/');
    return zone === undefined ? { area: text } : { station, zone };
}

export const formOf = (slot, playlist) => ({
    ...Object.fromEntries(NAMES.map((name) => [name, slot[name] ?? null])),
    make_up_min: slot.make_up_min || 0, targets: slot.targets.map(targetText).sort(), dates_in: slot.dates_in || [], dates_out: slot.dates_out || [],
    items: playlist.items,
});

/* What the API takes; `old` brings what no field shows. */
export function bodyOf({ items, until, targets, ...form }, playlist, old) {
    return {
        ...form, playlist, targets: targets.map(targetOf), ...(until && { until }),
        ...(old && { tzid: old.tzid, local_s: old.local_s, revision: old.revision }),
    };
}

/* Names of the text of an approval, and ours. */
const FACTS = { class: 'class', first: 'first_date', minute: 'local_min', rule: 'rule', until: 'until', gain: 'gain_mdb', policy: 'policy', order: 'order', makeup: 'make_up_min' };
const LISTS = { in: 'dates_in', out: 'dates_out' };

/* The text that an approval covers, as a form without name and home. */
export function readText(text) {
    const form = { make_up_min: 0, targets: [], dates_in: [], dates_out: [], items: [] };
    for (const line of text.split('\n')) {
        const [name] = line.split(' ', 1);
        const value = line.slice(name.length + 1);
        if (name in FACTS) form[FACTS[name]] = /^(minute|gain|makeup)$/.test(name) ? Number(value) : name === 'until' ? value || null : value;
        else if (name in LISTS) form[LISTS[name]].push(value);
        else if (name === 'item') form.items.push({ id: value });
        else if (name === 'kind' || (name === 'announcement' && value)) form.items.at(-1)[name] = value;
        else if (name === 'duration') form.items.at(-1).duration_us = Number(value);
        else if (name === 'target') {
            const [area, station, zone] = value.split(' ');
            form.targets.push(targetText({ area, station, zone }));
        }
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

export const stateOf = (slot) => (slot.stopped ? 'stopped' : slot.approved === slot.content ? 'approved' : slot.note ? 'returned' : 'waits');
export const dateState = (one) => (one.proposed === undefined ? 'cancelled' : one.approver ? 'approved' : one.note ? 'returned' : 'waits');
export const STATE_KIND = { stopped: 'none', cancelled: 'none', approved: 'good', waits: 'wait', returned: 'bad' };
