/*
 * deliveries.js - verdicts of a day put into rows and columns; values in, values out.
 *
 * A column is one item of an occurrence in one language, in the order of its first start; a row
 * is one zone of a village. A village that does not hear the language has no cell there.
 */
import { byName } from './words.js';

export const STATES = {
    delivered: 'good', partial: 'half', missed: 'bad', waiting: 'wait', no_contact: 'lost',
    quiet: 'none',
};

const columnKey = (one) => [one.occurrence, one.item, one.language || ''].join('|');
const rowKey = (one) => `${one.station}|${one.zone}`;

export function matrix(deliveries) {
    const columns = new Map();
    const rows = new Map();
    for (const one of deliveries) {
        const key = columnKey(one);
        const column = columns.get(key);
        if (!column)
            columns.set(key, {
                key, title: one.title, language: one.language, start_us: one.planned_start_us,
            });
        else column.start_us = Math.min(column.start_us, one.planned_start_us);
        if (!rows.has(rowKey(one)))
            rows.set(rowKey(one), {
                key: rowKey(one), village: one.village_name, zone: one.zone, cells: new Map(),
            });
        const cells = rows.get(rowKey(one)).cells;
        /* Repetitions of an item share the cell; the worst of them is what it shows. */
        cells.set(key, [...(cells.get(key) || []), one]);
    }
    const order = (a, b) => a.start_us - b.start_us || (a.key < b.key ? -1 : 1);
    return {
        columns: [...columns.values()].sort(order),
        rows: [...rows.values()].sort((a, b) => byName(a.village, b.village) || byName(a.zone, b.zone)),
    };
}

/* The worst first. */
export const WORST = ['missed', 'no_contact', 'partial', 'waiting', 'quiet', 'delivered'];

export const worstOf = (cell) =>
    WORST.map((state) => cell.find((one) => one.state === state)).find(Boolean);

export function count(deliveries) {
    const sums = Object.fromEntries(Object.keys(STATES).map((state) => [state, 0]));
    for (const one of deliveries) sums[one.state] = (sums[one.state] || 0) + 1;
    return sums;
}
