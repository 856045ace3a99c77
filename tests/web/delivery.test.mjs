/*
 * delivery.test.mjs - was it heard? The day with its evidence, and the week by commune, village,
 * language and category. No station of this district has a player: its answers stand here.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, open, signIn, visit } from './browser.mjs';

after(closeBrowser);

async function official(width) {
    const opened = await open({ width });
    await signIn(opened.page, 'official');
    return opened;
}

const answer = (page, path, body) => page.route(path, (route) => route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify(body) }));

/* ---- the week ---- */

const sum = (key, name, more) => ({ key, name, planned_us: 600e6, heard_us: 570e6, n_delivered: 38, n_partial: 0, n_missed: 0, n_waiting: 0, n_no_contact: 0, n_quiet: 0, ...more });
const WEEK = {
    figures: [sum('ia-pa', 'Xã Ia Pa', { n_delivered: 36, n_missed: 2 }), sum('ia-tul', 'Xã Ia Tul', { n_no_contact: 5 })],
    days: [
        sum('ia-pa', '', { date: '2032-05-03', n_delivered: 6 }), sum('ia-pa', '', { date: '2032-05-06', n_delivered: 4, n_missed: 2 }),
        sum('ia-tul', '', { date: '2032-05-06', n_delivered: 3 }), sum('ia-tul', '', { date: '2032-05-09', n_delivered: 0, n_no_contact: 5 }),
    ],
    n_due: 0, messengers: { n_tasks: 0, n_confirmed: 0, reached: 0, households: 0 },
};

for (const width of [1280, 360]) {
    test(`a week by commune, each day a way to its evidence, ${width} px`, async () => {
        const { page, close } = await official(width);
        const asked = [];
        page.on('request', (one) => { if (one.url().includes('/figures?')) asked.push(new URL(one.url()).search); });
        await answer(page, /\/api\/areas\/.*\/figures\?/, WEEK);
        await visit(page, '#/figures?week=2032-05-05');
        await page.getByRole('heading', { level: 1, name: 'Kết quả phát tuần 03/05/2032 – 09/05/2032' }).waitFor();
        await page.getByRole('row', { name: /^Xã Ia Tul/ }).waitFor();
        assert.match(asked.at(-1), /from=2032-05-03&to=2032-05-09&by=commune&apart=day/);
        await page.getByRole('columnheader', { name: 'CN 09/05' }).waitFor();
        await checkPage(page, `the week, ${width} px`);
        const cells = page.getByRole('row', { name: /^Xã Ia Pa/ }).getByRole('link');
        assert.deepEqual(await cells.allInnerTexts().then((all) => all.map((one) => one.match(/^\d+/)[0])), ['6', '2'], 'the worst of a day is what it shows');
        await page.getByRole('row', { name: /^Tổng cộng/ }).getByRole('link', { name: '5 Mất liên lạc, Chủ nhật, 09/05/2032' }).waitFor();
        await page.getByRole('button', { name: 'Tuần sau' }).click();
        await page.getByRole('heading', { level: 1, name: '10/05/2032 – 16/05/2032' }).waitFor();
        await page.getByRole('button', { name: 'Tuần trước' }).click();
        await cells.last().click();
        await page.getByRole('heading', { level: 1, name: /^Kết quả phát/ }).waitFor();
        assert.match(page.url(), /#\/delivery\?date=2032-05-06&area=ia-pa$/);
        await page.getByRole('link', { name: 'Tuần' }).click();
        await page.getByRole('row', { name: /^Xã Ia Tul/ }).waitFor();
        assert.match(page.url(), /week=2032-05-06&area=ia-pa/, 'back to the same week and area');
        await close();
    });
}

test('a week by language opens the day in that language, and is kept as a file', async () => {
    const { page, close } = await official(1280);
    await answer(page, /\/api\/areas\/.*\/figures\?/, { ...WEEK, figures: [sum('jra', '')], days: [sum('jra', '', { date: '2032-05-04' })] });
    await visit(page, '#/figures?week=2032-05-03&by=language&area=ia-pa');
    const link = page.getByRole('row', { name: /^Jrai/ }).getByRole('link');
    assert.match(await link.getAttribute('href'), /^#\/delivery\?date=2032-05-04&area=ia-pa&tongue=jra$/);
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Lưu tệp CSV' }).click()]);
    assert.equal(file.suggestedFilename(), 'loa-2032-05-03-2032-05-09.csv');
    const rows = fs.readFileSync(await file.path(), 'utf8').trim().split('\r\n');
    assert.match(rows[1], /^"03\/05\/2032 – 09\/05\/2032","Jrai","10","9.5","38","0",/);
    assert.match(rows[2], /^"04\/05\/2032","Jrai","10","9.5",/);
    await close();
});

test('a month stays a month, and what is no week is the month that is', async () => {
    const { page, close } = await official(1280);
    await visit(page, '#/figures?month=2026-02');
    await page.getByRole('heading', { level: 1, name: 'Kết quả phát tháng 02/2026' }).waitFor();
    await page.getByRole('button', { name: 'Tháng trước' }).click();
    await page.getByRole('heading', { level: 1, name: 'Kết quả phát tháng 01/2026' }).waitFor();
    await visit(page, '#/figures?week=hôm-qua');
    await page.getByRole('heading', { level: 1, name: /Kết quả phát tháng \d\d\/\d{4}/ }).waitFor();
    await close();
});

/* ---- the day ---- */

const HEARD = {
    station: 'ia-pa', zone: 'a', village: 'ia-pa-bon-1', village_name: 'Ƀôn 1', date: '2032-05-06', segment: '0'.repeat(32), slot: 's', occurrence: 's-2032-05-06', item: 'i',
    title: 'Lịch tiêm phòng cho trẻ dưới 5 tuổi', language: 'jra', object: 'ab'.repeat(32), planned_start_us: 1967407200e6, planned_us: 95e6, started_us: 1967407200.2e6, heard_us: 95e6,
    level_mdb: -17400, state: 'delivered', reason: 'none', details: [], clock: 'synced', down_from_us: 0, down_to_us: 0, why: '', why_vi: '', made_up_us: 0, makes_up_us: 0,
    relay_confirmed: true, line_sensed: false, journal_late: false,
};
const not = (state, reason, more) => ({ ...HEARD, state, reason, started_us: 0, heard_us: 0, level_mdb: undefined, object: undefined, relay_confirmed: false, ...more });
const DAY = [
    HEARD, { ...HEARD, village_name: 'Ƀôn 2', zone: 'b', segment: '1'.repeat(32), state: 'partial', reason: 'no_power', heard_us: 30e6, down_from_us: 1967407230e6, down_to_us: 1967410800e6, why_vi: 'mất điện' },
    not('missed', 'relay_failed', { village_name: 'Ƀôn 3', zone: 'c', segment: '2'.repeat(32), why_vi: 'rơ-le không đóng' }),
    ...['Plei Tơ', 'Plei Kơ'].flatMap((village_name, n) => [
        { ...HEARD, station: 'ia-tul', zone: `p${n}`, village_name, language: 'bdq', planned_start_us: 1967407300e6, segment: String(3 + n).repeat(32) },
        not('waiting', 'none', { station: 'ia-tul', zone: `p${n}`, village_name, language: 'bdq', title: 'Dự báo mưa lớn', item: 'w', planned_start_us: 1967407600e6, segment: String(5 + n).repeat(32) }),
    ]),
    not('no_contact', 'no_network', { station: 'xa-hong', zone: 'x', village_name: 'Làng Hổng', language: 'vi', segment: '7'.repeat(32) }),
    not('quiet', 'quiet_request', { station: 'ia-tul', zone: 'q', village_name: 'Plei Quen', language: 'bdq', planned_start_us: 1967407300e6, segment: '8'.repeat(32) }),
];

for (const width of [1280, 360]) {
    test(`a day as an official walks through it, ${width} px`, async () => {
        const { page, close } = await official(width);
        await answer(page, /\/api\/delivery\?/, { deliveries: DAY, sums: [], troubles: [] });
        await visit(page, '#/delivery?date=2032-05-06');
        await page.getByRole('row', { name: /^Ƀôn 1/ }).waitFor();
        await checkPage(page, `a day, ${width} px`);
        await page.getByRole('row', { name: /^Ƀôn 1/ }).getByRole('button').first().click();
        const dialog = page.getByRole('dialog');
        const told = await dialog.innerText();
        for (const [why, words] of [['planned', /Theo lịch[^\n]*\n+[^\n]*1 phút 35/], ['actual', /Đã phát/], ['relay', /đã đọc lại/], ['level', /[-−]17,4 dBFS/], ['hash', /abab/], ['clock', /đồng hồ|giờ/i]])
            assert.match(told, words, why);
        await checkPage(page, `evidence, ${width} px`);
        await page.keyboard.press('Escape');
        await page.getByLabel('Trạng thái').selectOption('missed');
        await page.getByText('Thứ Năm, 06/05/2032 · Không phát được').waitFor();
        await page.getByRole('row', { name: /^Ƀôn 3/ }).getByRole('button').click();
        assert.match(await dialog.innerText(), /rơ-le không đóng/);
        await page.keyboard.press('Escape');
        await close();
    });
}

test('what a station has not taken yet is told above its day; a week belongs there, too', async () => {
    const { page, close } = await official(1280);
    const behind = { station: 'ia-pa', name: 'Đài Ia Pa', retired: false, issued_version: 7, state: { accepted_version: 6, contact_us: 1 } };
    await answer(page, /\/api\/status/, { stations: [behind, { ...behind, station: 'ia-tul', name: 'Đài Ia Tul', state: { accepted_version: 7, contact_us: 1 } }] });
    await visit(page, '#/delivery');
    const card = page.locator('section', { has: page.getByRole('heading', { name: /chưa|Chưa/ }) });
    await card.getByText('Đài Ia Pa').waitFor();
    assert.equal(await card.getByText('Đài Ia Tul').count(), 0);
    await checkPage(page, 'a station that has not taken the newest plan');
    await visit(page, '#/figures?week=2032-05-05');
    assert.equal(await page.getByRole('link', { name: 'Kết quả phát', exact: true }).getAttribute('aria-current'), 'page');
    await close();
});
