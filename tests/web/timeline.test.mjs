/* timeline.test.mjs - how a plan becomes rows, lanes and bars; without a browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clock, dateOf, dayClock, instant, setZone } from '../../scheduler/web/pages/base/time.js';
import { barsOn, dayRows, heard, index, quiet, stack } from '../../scheduler/web/pages/base/timeline.js';

const DATE = '2026-11-24'; /* a Tuesday */
const MIDNIGHT_US = Date.UTC(2026, 10, 23, 17) * 1000;
const at = (minute) => MIDNIGHT_US + minute * 60e6;
const window = (from_min, to_min, weekdays = 127, name = 'thong_thuong') =>
    ({ class: name, weekdays, from_min, to_min });
const line = (minute, minutes, rest) => ({
    at_us: at(minute), duration_us: minutes * 60e6, sounds: true, date: DATE, zones: [0],
    slot: 's', item: 'i', language: 'jra', version: 'v', ...rest,
});
const plan = (lines) => ({
    zones: [{ station: 'st', zone: 'a', village: 'x', village_name: 'Bôn 10', name: 'A', languages: ['vi', 'jra'], windows: [window(300, 1200)] },
        { station: 'st', zone: 'b', village: 'y', village_name: 'Bôn 2', name: 'B', languages: ['vi'], windows: [] }],
    slots: [{ id: 's' }], lines,
});

test('times are those of the district', () => {
    const cases = [
        ['here', 'Asia/Ho_Chi_Minh', Date.UTC(2026, 10, 23, 17), '24/11/2026 00:00'],
        ['a summer time', 'Europe/Berlin', Date.UTC(2026, 5, 30, 22, 30), '01/07/2026 00:30'],
        ['and a winter time', 'Europe/Berlin', Date.UTC(2026, 11, 31, 22, 30), '31/12/2026 23:30'],
    ];
    for (const [why, zone, ms, said] of cases) {
        setZone(zone);
        assert.equal(dayClock(ms * 1000), said, why);
        const [hour, minute] = clock(ms * 1000).split(':').map(Number);
        assert.equal(instant(dateOf(ms * 1000), hour * 60 + minute), ms * 1000, why);
    }
    setZone('Asia/Ho_Chi_Minh');
});

test('the zone that takes no format is as tables of time zones have it', () => {
    const format = new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Ho_Chi_Minh', dateStyle: 'short', timeStyle: 'medium' });
    for (let ms = Date.UTC(1976, 0); ms < Date.UTC(2100, 0); ms += 11.3 * 86_400_000)
        assert.equal(`${dateOf(ms * 1000)} ${clock(ms * 1000, true)}`, format.format(ms));
});

test('bars that meet lie below each other, and a short one takes the room of its words', () => {
    const cases = [
        ['one after the other', [[0, 30], [30, 60]], [0, 0], 1],
        ['two at once', [[0, 30], [10, 40], [30, 50]], [0, 1, 0], 2],
        ['short ones need room', [[0, 1], [2, 3], [25, 26]], [0, 1, 0], 2],
        ['nothing', [], [], 1],
    ];
    for (const [why, spans, depths, deep] of cases) {
        const row = spans.map(([from, to]) => ({ from, to }));
        assert.equal(stack(row, 20), deep, why);
        assert.deepEqual(row.map((one) => one.depth), depths, why);
    }
});

test('quiet hours are what no window of the ordinary class leaves open on that weekday', () => {
    const cases = [
        ['no window at all', [], 1, [[0, 1440]]],
        ['morning and evening', [window(1020, 1200), window(300, 420)], 1, [[0, 300], [420, 1020], [1200, 1440]]],
        ['round the clock', [window(0, 1440)], 1, []],
        ['windows that overlap', [window(0, 600), window(300, 700)], 1, [[700, 1440]]],
        ['of another weekday', [window(0, 1440, 1)], 1, [[0, 1440]]],
        ['of a higher class alone', [window(0, 1440, 127, 'uu_tien')], 1, [[0, 1440]]],
    ];
    for (const [why, windows, weekday, closed] of cases) assert.deepEqual(quiet(windows, weekday), closed, why);
});

test('a bar is one slot in one language and state; a remark stands at what it is about', () => {
    const { zones } = index(plan([
        line(330, 5), line(336, 5, { item: 'k' }),
        line(336, 0, { item: 'k', sounds: false, finding: 'fallback', language: 'bdq' }),
        line(345, 5, { item: 'l', sounds: false, finding: 'displaced', by: 'other' }),
        line(400, 9, { slot: 'w', item: undefined, language: undefined, sounds: false, finding: 'not_approved' }),
    ]));
    const found = barsOn(zones[1], DATE);
    assert.deepEqual(found.map((one) => [one.slot, one.state, one.from, one.to, one.lines.length, one.remarks.length]),
        [['s', 'good', 330, 341, 2, 1], ['s', 'clash', 345, 350, 1, 0], ['w', 'wait', 400, 409, 1, 0]]);
});

test('villages stand by name, languages in the order of the village, hours where something is', () => {
    const { zones } = index(plan([line(330, 5), line(1300, 5, { language: 'bdq' })]));
    assert.deepEqual(zones.map((one) => one.words), ['Bôn 2', 'Bôn 10']);
    const { rows, from, to } = dayRows(zones, DATE, 1, 20);
    assert.deepEqual(rows[1].lanes.map((one) => one.language), ['vi', 'jra', 'bdq']);
    assert.deepEqual(rows[0].lanes.map((one) => one.language), ['vi']);
    assert.deepEqual([from, to], [240, 1380]);
});

test('what is played to somebody who asks is what sounds, in order, with a recording', () => {
    const { zones } = index(plan([line(400, 5, { version: 'late' }), line(330, 5, { version: 'early' }),
        line(340, 5, { sounds: false, finding: 'displaced' }), line(350, 5, { version: undefined })]));
    assert.deepEqual(heard(zones[1], DATE).map((one) => one.version), ['early', 'late']);
    assert.deepEqual(heard(zones[1], '2026-11-25'), []);
});
