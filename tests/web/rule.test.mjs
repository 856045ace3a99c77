/* rule.test.mjs - how often, between the rule that is kept and what a person picks. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';

/* A module of the pages, which this folder's own settings do not reach. */
async function base(name) {
    const path = new URL(`../../scheduler/web/pages/base/${name}`, import.meta.url);
    return import(`data:text/javascript,${encodeURIComponent(fs.readFileSync(path, 'utf8'))}`);
}
const { pickerOf, ruleOf } = await base('rule.js');
const { differences, formOf, merge, readText } = await base('slot.js');

const picker = (part) => ({ every: 'once', n: 1, days: [], on: null, until: null, ...part });

const both = [
    ['', { every: 'once' }, 'one date'],
    ['FREQ=DAILY', { every: 'day' }, 'every day'],
    ['FREQ=DAILY;INTERVAL=3', { every: 'day', n: 3 }, 'every third day'],
    ['FREQ=WEEKLY;BYDAY=MO,WE,SU', { every: 'week', days: [0, 2, 6] }, 'weekdays'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', { every: 'week', n: 2, days: [1] }, 'every second week'],
    ['FREQ=WEEKLY', { every: 'week' }, 'the weekday of the first date'],
    ['FREQ=MONTHLY;BYMONTHDAY=31', { every: 'month', on: 31 }, 'a day of the month'],
    ['FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=-1', { every: 'month', n: 6, on: -1 }, 'the last day'],
    ['FREQ=DAILY;UNTIL=20261231', { every: 'day', until: '2026-12-31' }, 'an end in the rule'],
];

test('what a person can pick, there and back', () => {
    for (const [rule, part, why] of both) {
        assert.deepEqual(pickerOf(rule), picker(part), why);
        assert.equal(ruleOf(picker(part)), rule, why);
    }
});

test('the same rule written otherwise is picked as well', () => {
    assert.deepEqual(pickerOf('freq=weekly;byday=su,mo;wkst=mo;interval=1'), picker({ every: 'week', days: [0, 6] }));
});

test('a rule that says more is nobody\'s to pick, and stays as it is', () => {
    for (const rule of ['FREQ=YEARLY', 'FREQ=MONTHLY;BYDAY=1MO', 'FREQ=WEEKLY;BYDAY=1MO', 'FREQ=DAILY;BYMONTH=1', 'FREQ=DAILY;BYDAY=MO',
        'FREQ=MONTHLY;BYMONTHDAY=1,15', 'FREQ=MONTHLY;BYMONTHDAY=-2', 'FREQ=WEEKLY;BYMONTHDAY=3', 'FREQ=DAILY;COUNT=3',
        'FREQ=WEEKLY;WKST=SU', 'FREQ=DAILY;INTERVAL=x', 'FREQ=DAILY;UNTIL=soon', 'FREQ=DAILY;FREQ=WEEKLY', 'FREQ', 'INTERVAL=2', 'nonsense'])
        assert.equal(pickerOf(rule), null, rule);
});

const TEXT = ['slot', 'class uu_tien', 'tzid Asia/Ho_Chi_Minh', 'first 2026-03-02', 'minute 330', 'second 0', 'rule FREQ=DAILY', 'until ',
    'length 0', 'priority 0', 'gain -3000', 'policy first', 'order language', 'target  ia-le b', 'target chu-puh  ', 'out 2026-03-08', 'playlist p',
    'item i1', 'kind announcement', 'announcement a', 'duration 0', 'times 1', 'item i2', 'kind pause', 'announcement ', 'duration 2000000', 'times 1', ''].join('\n');
const FORM = {
    targets: ['chu-puh', 'ia-le/b'], dates_in: [], dates_out: ['2026-03-08'], class: 'uu_tien', first_date: '2026-03-02', local_min: 330,
    rule: 'FREQ=DAILY', until: null, make_up_min: 0, gain_mdb: -3000, policy: 'first', order: 'language',
    items: [{ id: 'i1', kind: 'announcement', announcement: 'a', duration_us: 0 }, { id: 'i2', kind: 'pause', duration_us: 2000000 }],
};

test('the text of an approval is read as a form', () => assert.deepEqual(readText(TEXT), FORM));

test('a difference names the facts that both know; the order of items counts, their ids do not', () => {
    const now = { ...FORM, name: 'S', local_min: 331, items: FORM.items.map((one) => ({ ...one, id: 'new' })) };
    assert.deepEqual(differences(FORM, now), [{ name: 'local_min', before: 330, after: 331 }]);
    assert.deepEqual(differences(FORM, { ...FORM, items: [...FORM.items].reverse() }).map((one) => one.name), ['items']);
});

test('of two editors nobody loses: what I typed stays, the rest follows the other', () => {
    const slot = { ...FORM, name: 'S', home: 'h', targets: [{ area: 'chu-puh' }, { station: 'ia-le', zone: 'b' }] };
    const base = formOf(slot, { items: FORM.items });
    const merged = merge(base, { ...base, name: 'mine', local_min: 1 }, { ...base, local_min: 2, gain_mdb: 0 });
    assert.deepEqual([merged.name, merged.local_min, merged.gain_mdb, merged.targets], ['mine', 1, 0, base.targets]);
});
