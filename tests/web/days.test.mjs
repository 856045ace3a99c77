/* days.test.mjs - special days: silence at once, other sound after a second person; seen where it matters. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, open, signIn, visit } from './browser.mjs';
import { ask } from './desk.mjs';

after(closeBrowser);

async function person(role, options) {
    const opened = await open(options);
    await signIn(opened.page, role);
    return opened;
}

async function fill(page, name, first, last, act) {
    await page.getByRole('button', { name: 'Thêm ngày đặc biệt' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Tên ngày').fill(name);
    await dialog.getByLabel('Từ ngày').fill(first);
    await dialog.getByLabel('Đến hết ngày').fill(last);
    await dialog.getByLabel('Các buổi phát thì').selectOption(act);
    return dialog;
}

async function save(dialog) {
    await dialog.getByRole('button', { name: 'Lưu' }).click();
    await dialog.waitFor({ state: 'detached' });
}

for (const width of [1280, 360]) {
    test(`silence at once, and shown on the week and delivery pages, ${width} px`, async () => {
        const { page, close } = await person('official', { width });
        const name = `Quốc tang ${width}`;
        await visit(page, '#/days');
        await checkPage(page, 'special days');
        const dialog = await fill(page, name, '05/02/2032', '06/02/2032', 'skip');
        await checkPage(page, 'a new special day');
        await save(dialog);
        const card = page.locator('li', { hasText: name });
        await card.getByText('05/02/2032 – 06/02/2032').waitFor();
        await card.getByText('không phát').waitFor();
        await checkPage(page, 'special days with one');
        for (const where of ['#/week?from=2032-02-05&area=ia-pa', '#/week?view=week&from=2032-02-05&area=ia-pa', '#/delivery?date=2032-02-06']) {
            await visit(page, where);
            await page.getByRole('link', { name }).waitFor();
            await checkPage(page, where);
        }
        await close();
    });
}

test('a special day is changed where it stands, at once where it is only quieter', async () => {
    const { page, close } = await person('official', { width: 360 });
    await visit(page, '#/days');
    await save(await fill(page, 'Lễ bỏ mả', '07/04/2032', '09/04/2032', 'skip'));
    const card = page.locator('li', { hasText: 'Lễ bỏ mả' });
    await card.getByRole('button', { name: /^Sửa ngày đặc biệt.*Lễ bỏ mả$/ }).click();
    const dialog = page.getByRole('dialog');
    assert.equal(await dialog.getByLabel('Từ ngày').inputValue(), '07/04/2032');
    await dialog.getByLabel('Đến hết ngày').fill('10/04/2032');
    await checkPage(page, 'a special day to be changed');
    await save(dialog);
    await card.getByText('07/04/2032 – 10/04/2032').waitFor();
    assert.equal(await page.locator('li', { hasText: 'Lễ bỏ mả' }).count(), 1);
    await close();
});

test('another time waits for a second person', async () => {
    const editor = await person('editor');
    const { page } = editor;
    await visit(page, '#/days');
    const dialog = await fill(page, 'Lễ hội cồng chiêng', '10/03/2032', '10/03/2032', 'move_to');
    await dialog.getByLabel('Giờ phát').fill('19:30');
    await save(dialog);
    await page.getByText('chờ người thứ hai duyệt').waitFor();
    assert.equal(await page.locator('li', { hasText: 'Lễ hội cồng chiêng' }).count(), 0);

    const approver = await person('approver');
    await visit(approver.page, '#/review');
    const waiting = approver.page.locator('li', { hasText: 'Ngày đặc biệt' });
    await waiting.locator('summary').click();
    await waiting.getByText('Lễ hội cồng chiêng').waitFor();
    assert.match(await waiting.getByRole('row', { name: 'Từ ngày' }).innerText(), /không có\s+10\/03\/2032/);
    assert.doesNotMatch(await waiting.innerText(), /[{}"]/, 'words, not JSON');
    await checkPage(approver.page, 'a special day to be judged');
    await waiting.getByRole('button', { name: 'Duyệt' }).click();
    await waiting.waitFor({ state: 'detached' });
    await approver.close();

    await page.locator('li', { hasText: 'Lễ hội cồng chiêng' }).getByText('phát lúc 19:30').waitFor();
    await editor.close();
});

/* More sound is asked for only where something is in the air. */
async function onTheAir(editor, approver) {
    const { got: { id } } = await ask(editor, 'POST', '/api/playlists', { name: 'Sáng', home: 'khu-vuc', items: [{ kind: 'pause', duration_us: 1e6 }] });
    const { got: slot } = await ask(editor, 'POST', '/api/slots', {
        name: 'Sáng', home: 'khu-vuc', playlist: id, class: 'thong_thuong', first_date: '2030-01-01', local_min: 300,
        rule: 'FREQ=DAILY', targets: [{ area: 'ia-pa' }],
    });
    assert.equal((await ask(approver, 'POST', `/api/slots/${slot.id}/approve`, { content: slot.content })).status, 200);
}

test('hours that somebody asks for are shown as what would be different', async () => {
    const [editor, official, approver] = await Promise.all(['editor', 'official', 'approver'].map((role) => person(role)));
    await onTheAir(editor.page, approver.page);
    const windows = [{ class: 'thong_thuong', weekdays: 31, from_min: 240, to_min: 1440 }];
    assert.equal((await ask(official.page, 'PUT', '/api/areas/ia-pa/windows', { windows, limit_min: 600 })).status, 202);
    await visit(approver.page, '#/review');
    const hours = approver.page.locator('li', { hasText: 'Giờ được phép phát' });
    await hours.locator('summary').click();
    await hours.getByText('T2, T3, T4, T5, T6 04:00–24:00 (Thông thường)').waitFor();
    await hours.getByRole('row', { name: /Số phút mỗi ngày/ }).getByText('600').waitFor();
    assert.doesNotMatch(await hours.innerText(), /[{}"]|_min/, 'words, not JSON');
    await checkPage(approver.page, 'hours to be judged');
    await hours.getByRole('button', { name: 'Từ chối' }).click();
    await hours.waitFor({ state: 'detached' });
    await Promise.all([editor, official, approver].map((one) => one.close()));
});

/* No station of this district has a player, so the district's answers stand here. */
const MISSED = {
    station: 'ia-pa', zone: 'a', village: 'ia-pa-bon-1', village_name: 'Ƀôn 1, Ia Pa', date: '2032-05-01', segment: '0'.repeat(32), slot: 's',
    occurrence: 's-2032-05-01', item: 'i', title: 'Tiêm chủng', language: 'jra', planned_start_us: 1966966200e6, planned_us: 60e6, started_us: 0,
    heard_us: 0, state: 'missed', reason: 'no_power', details: [], down_from_us: 0, down_to_us: 0, why: '', why_vi: '', made_up_us: 0, makes_up_us: 0,
    relay_confirmed: false, line_sensed: false, journal_late: false,
};
const MADE_UP = {
    ...MISSED, zone: 'b', segment: '1'.repeat(32), planned_start_us: 1966980000e6, started_us: 1966980000e6, heard_us: 60e6, state: 'delivered',
    reason: 'none', relay_confirmed: true, makes_up_us: 1966966200e6,
};
const answer = (page, path, body, status = 200) => page.route(path, (route) => route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) }));

for (const width of [1280, 360]) {
    test(`what was missed is made up by one click, ${width} px`, async () => {
        const { page, close } = await person('official', { width });
        const asked = [];
        await answer(page, /\/api\/delivery\?/, { deliveries: [MISSED, MADE_UP], sums: [], troubles: [] });
        await page.route(/\/make-ups\//, (route) => {
            asked.push([route.request().method(), new URL(route.request().url()).pathname, route.request().postDataJSON()]);
            return route.fulfill({ status: 202, contentType: 'application/json', body: '{"waits":"p"}' });
        });
        await visit(page, '#/delivery?date=2032-05-01');
        await page.getByText(/^bù cho /).waitFor();
        await checkPage(page, 'delivery with a make-up');
        await page.getByRole('button', { name: /mất điện|không có điện/ }).click();
        await checkPage(page, 'evidence of what was missed');
        await page.getByRole('dialog').getByRole('button', { name: 'Phát bù' }).click();
        await page.getByText('chờ người thứ hai duyệt').waitFor();
        await checkPage(page, 'a make-up that waits');
        assert.deepEqual(asked, [['PUT', '/api/stations/ia-pa/make-ups/s-2032-05-01/i', { date: '2032-05-01' }]]);
        await close();
    });
}

test('a day of many items on a phone: no wider than it, filtered, and kept as a file', async () => {
    const { page, close } = await person('official', { width: 360 });
    const of = (i, more) => ({ ...MISSED, item: `i${i}`, segment: String(i).padStart(32, '0'), clock: 'guarded', ...more });
    const deliveries = Array.from({ length: 8 }, (_, i) => of(i, i % 2 ? { zone: 'b', village_name: 'Plei Tơ', language: 'bdq', state: 'delivered', reason: 'none', title: '=1+1' } : {}));
    await answer(page, /\/api\/delivery\?/, { deliveries, sums: [], troubles: [] });
    await visit(page, '#/delivery?date=2032-05-01');
    await page.getByRole('row', { name: /^Plei Tơ/ }).waitFor();
    await checkPage(page, 'a wide day');
    await page.getByRole('button', { name: /mất điện|không có điện/ }).first().click();
    await page.getByRole('dialog').getByText('đồng hồ tạm tin').waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('Trạng thái').selectOption('delivered');
    await page.getByRole('row', { name: /^Ƀôn 1/ }).waitFor({ state: 'detached' });
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Lưu tệp CSV' }).click()]);
    assert.equal(file.suggestedFilename(), 'loa-2032-05-01.csv');
    const rows = fs.readFileSync(await file.path(), 'utf8').trim().split('\r\n');
    assert.match(rows[0], /^\uFEFF?"Ngày","Làng",/);
    assert.equal(rows.length, 5);
    assert.match(rows[1], /^"01\/05\/2032","Plei Tơ","ia-pa","b","'=1\+1","bdq",/);
    await page.getByLabel('Các tiếng').selectOption('jra');
    await page.getByText('không có lượt phát nào').waitFor();
    await close();
});

test('a make-up to be judged says what and where, and asks for nothing that is not there', async () => {
    const { page, close } = await person('approver');
    await answer(page, '**/api/review', { waiting: [{ kind: 'proposal', id: 'p', title: 'makeUp', author: 'Ai đó', since_us: 1 }], more: false });
    await answer(page, '**/api/proposals', { proposals: [{ id: 'p', change: 'makeUp', path: '/api/stations/ia-pa/make-ups/s-2032-05-01/i', author: 'a', made_us: 1, body: '{"date":"2032-05-01"}' }] });
    await visit(page, '#/review');
    const waiting = page.locator('li', { hasText: 'Phát bù' });
    await waiting.locator('summary').click();
    await waiting.getByText('01/05/2032').waitFor();
    await checkPage(page, 'a make-up to be judged');
    await close();
});
