/*
 * slots.test.mjs - a slot from its form to its approval: made by keyboard alone, judged as a
 * difference by a second person, previewed, changed by two people at once, changed on one date.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, open, signIn, visit } from './browser.mjs';
import { listen } from './plan.mjs';

after(closeBrowser);

const WICKED = '<img src=x onerror=alert(1)>"\'><b>';
const TITLE = `Họp thôn ${WICKED}`;
const NAME = `Buổi sáng ${WICKED}`;

/* One second of a tone: what the API takes as a recording. */
function tone() {
    const rate = 8000;
    const bytes = Buffer.alloc(44 + rate * 2);
    bytes.write('RIFF', 0);
    bytes.writeUInt32LE(36 + rate * 2, 4);
    bytes.write('WAVEfmt ', 8);
    bytes.writeUInt32LE(16, 16);
    bytes.writeUInt16LE(1, 20);
    bytes.writeUInt16LE(1, 22);
    bytes.writeUInt32LE(rate, 24);
    bytes.writeUInt32LE(rate * 2, 28);
    bytes.writeUInt16LE(2, 32);
    bytes.writeUInt16LE(16, 34);
    bytes.write('data', 36);
    bytes.writeUInt32LE(rate * 2, 40);
    for (let i = 0; i < rate; i++) bytes.writeInt16LE(Math.round(9000 * Math.sin(i / 3)), 44 + i * 2);
    return [...bytes];
}

/* A call of the API by whoever has signed in, as the pages make it. */
const call = (page, method, path, body, raw) => page.evaluate(async ([how, where, what, bytes]) => {
    const answer = await fetch(where, {
        method: how, headers: { 'Content-Type': bytes ? 'audio/wav' : 'application/json', 'Idempotency-Key': String(Math.random()).slice(2) + where.length },
        body: bytes ? new Uint8Array(bytes) : what && JSON.stringify(what),
    });
    if (!answer.ok) throw new Error(`${how} ${where}: ${await answer.text()}`);
    return answer.json();
}, [method, path, body, raw]);

async function person(role, options) {
    const opened = await open(options);
    await signIn(opened.page, role);
    return opened;
}

/* An announcement in Jrai, written, checked and approved by three people. */
async function announce(editor, title) {
    const made = await call(editor, 'POST', '/api/announcements', {
        title, kind: 'bulletin', class: 'thong_thuong', home: 'khu-vuc', areas: ['khu-vuc'], source_number: '1', source_issuer: 'UBND',
        source_date: '2026-01-01', valid_from_us: 0, valid_until_us: 4e15,
    });
    const version = await call(editor, 'POST', `/api/announcements/${made.id}/versions`, { language: 'jra' });
    await call(editor, 'PUT', `/api/versions/${version.id}/audio?no_state_secret=true&name=a.wav`, undefined, tone());
    return (await call(editor, 'GET', `/api/announcements/${made.id}`)).versions[0];
}

const judge = (page, verb, version) => call(page, 'POST', `/api/versions/${version.id}/${verb}`, { object: version.object, no_state_secret: true });

async function announced(title) {
    const [editor, reader, approver] = await Promise.all(['editor', 'reviewer', 'approver'].map((role) => person(role)));
    const version = await announce(editor.page, title);
    await visit(reader.page, '#/review');
    await reader.page.getByRole('link', { name: title }).waitFor();
    await reader.page.locator('li', { hasText: title }).getByText('Kiểm tra tiếng').waitFor();
    await checkPage(reader.page, 'what waits for a reader');
    await judge(reader.page, 'check', version);
    await visit(approver.page, '#/review');
    await approver.page.locator('li', { hasText: title }).getByText('Duyệt nội dung').waitFor();
    await listen((...asked) => call(approver.page, ...asked), version.id, version.object);
    await judge(approver.page, 'approve', version);
    await Promise.all([editor, reader, approver].map((one) => one.close()));
}

/* Tab until the focus is on what has this name; nothing is clicked. */
async function tabTo(page, role, name) {
    const wanted = page.getByRole(role, { name, exact: typeof name === 'string' }).first();
    for (let i = 0; i < 120; i++) {
        if (await wanted.evaluate((one) => one === document.activeElement).catch(() => false)) return wanted;
        await page.keyboard.press('Tab');
    }
    throw new Error(`no way by keyboard to ${role} ${name}`);
}

async function type(page, role, name, text) {
    await tabTo(page, role, name);
    await page.keyboard.press('Control+a');
    await page.keyboard.type(text);
}

async function press(page, role, name, key = 'Enter') {
    await tabTo(page, role, name);
    await page.keyboard.press(key);
}

async function makeByKeyboard(page) {
    await visit(page, '#/slots');
    await checkPage(page, 'slots');
    await press(page, 'link', 'Tạo khung giờ');
    await page.getByRole('heading', { name: 'Tạo khung giờ' }).waitFor();
    await checkPage(page, 'new slot');
    await type(page, 'textbox', 'Tên khung giờ', NAME);
    await type(page, 'textbox', 'Giờ phát', '05h30');
    await tabTo(page, 'combobox', 'Bao lâu một lần');
    await page.keyboard.type('Theo tuần');
    await type(page, 'spinbutton', 'Mỗi mấy tuần', '2');
    await press(page, 'checkbox', 'T2', 'Space');
    await type(page, 'searchbox', 'Tìm bản tin hay nhạc hiệu để thêm', 'hop thon');
    await page.getByRole('button', { name: /^Thêm.*Họp thôn/ }).waitFor();
    await press(page, 'button', /^Thêm.*Họp thôn/);
    await press(page, 'button', 'Thêm khoảng nghỉ');
    await page.getByRole('button', { name: 'Đưa lên: Nghỉ 5 giây' }).focus();
    await page.keyboard.press('Enter');
    assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), /^Đưa lên: Nghỉ/, 'the focus goes along');
    assert.match(await page.locator('ol.items li').first().innerText(), /Nghỉ 5 giây/);
    await press(page, 'checkbox', 'Ƀôn 1, Ia Pa', 'Space');
    await checkPage(page, 'a slot filled in');
    await press(page, 'button', 'Lưu khung giờ');
    await page.getByRole('heading', { name: NAME }).waitFor();
}

async function approveFound(page, name) {
    await visit(page, '#/');
    await page.locator('.bar .count').waitFor();
    await page.getByRole('link', { name: /việc đang chờ/ }).first().click();
    await page.getByRole('link', { name }).click();
    await page.getByRole('heading', { name }).waitFor();
}

test('made by keyboard, found in review, approved, previewed; all that is typed shows as text', async () => {
    await announced(TITLE);
    const editor = await person('editor');
    await makeByKeyboard(editor.page);
    await editor.page.getByText('phải được người thứ hai duyệt').waitFor();
    await checkPage(editor.page, 'a slot that waits');
    assert.equal(await editor.page.locator('main img, main b').count(), 0);

    const approver = await person('approver');
    await approveFound(approver.page, NAME);
    await approver.page.getByText('Chưa từng được duyệt').waitFor();
    await approver.page.getByText(/^2 tuần một lần: T2/).waitFor();
    await approver.page.locator('audio').first().waitFor();
    await checkPage(approver.page, 'a slot to be judged');
    assert.equal(await approver.page.locator('main img, main b').count(), 0);
    await approver.page.getByRole('button', { name: 'Duyệt cho phát' }).click();
    await approver.page.getByRole('heading', { name: 'Chờ tôi duyệt' }).waitFor();
    assert.equal(await approver.page.getByRole('link', { name: NAME }).count(), 0);
    await checkPage(approver.page, 'nothing waits');

    await editor.page.reload();
    await editor.page.getByRole('heading', { name: NAME }).waitFor();
    await editor.page.getByText('Đã duyệt').first().waitFor();
    await editor.page.getByLabel('Giờ phát').fill('06:10');
    await editor.page.getByRole('button', { name: 'Lưu khung giờ' }).click();
    await editor.page.getByText('phải được người thứ hai duyệt').waitFor();
    await approveFound(approver.page, NAME);
    const row = approver.page.getByRole('row', { name: /Giờ phát/ });
    assert.match(await row.innerText(), /05:30\s+06:10/);
    await checkPage(approver.page, 'a difference');

    /* Sent back: its author reads why, and it waits again once it is another. */
    await approver.page.getByRole('button', { name: 'Trả lại' }).click();
    const why = approver.page.getByRole('dialog');
    await why.getByLabel('Lý do').fill('muộn thêm năm phút');
    await checkPage(approver.page, 'a slot to be sent back');
    await why.getByRole('button', { name: 'Trả lại' }).click();
    await approver.page.getByRole('heading', { name: 'Chờ tôi duyệt' }).waitFor();
    assert.equal(await approver.page.getByRole('link', { name: NAME }).count(), 0);
    await editor.page.reload();
    await editor.page.getByText('Lý do trả lại: muộn thêm năm phút').waitFor();
    await checkPage(editor.page, 'a slot that was sent back');
    await editor.page.getByLabel('Giờ phát').fill('06:15');
    await editor.page.getByRole('button', { name: 'Lưu khung giờ' }).click();
    await editor.page.getByText('phải được người thứ hai duyệt').waitFor();
    await approveFound(approver.page, NAME);
    await approver.page.getByRole('button', { name: 'Duyệt cho phát' }).click();
    await approver.page.getByRole('heading', { name: 'Chờ tôi duyệt' }).waitFor();

    /* Its first date is what the preview begins with. */
    await editor.page.locator('.heard .here', { hasText: '06:15' }).first().waitFor();
    await checkPage(editor.page, 'a preview');
    await editor.close();
    await approver.close();
});

async function plainSlot(page, name) {
    const playlist = await call(page, 'POST', '/api/playlists', { name, home: 'khu-vuc', items: [{ kind: 'pause', duration_us: 1e6 }] });
    return call(page, 'POST', '/api/slots', {
        name, home: 'khu-vuc', playlist: playlist.id, class: 'thong_thuong', first_date: '2030-01-01', local_min: 300,
        rule: 'FREQ=YEARLY;BYMONTH=2', targets: [{ area: 'ia-pa' }], dates_in: [], dates_out: [],
    });
}

test('two editors at one slot: told what the other did, nothing typed is lost; a richer rule is kept', async () => {
    const { page, close } = await person('editor', { expected: [/409/] });
    const slot = await plainSlot(page, 'Tết');
    await visit(page, `#/slots/${slot.id}`);
    await page.getByLabel('Tên khung giờ').fill('Tết Nguyên đán');
    await page.getByLabel('Bao lâu một lần').getByText('Lịch riêng, giữ nguyên').waitFor({ state: 'attached' });
    const { text, approved_text, dates, id, stopped, author, content, approved_us, changed_us, ...body } = slot;
    await call(page, 'PUT', `/api/slots/${slot.id}`, { ...body, local_min: 360, name: 'Tết!' });
    await page.getByRole('button', { name: 'Lưu khung giờ' }).click();
    await page.getByText('Người khác vừa lưu khung giờ này.').waitFor();
    assert.match(await page.getByRole('row', { name: /Giờ phát/ }).innerText(), /05:00\s+06:00/);
    assert.equal(await page.getByLabel('Tên khung giờ').inputValue(), 'Tết Nguyên đán');
    assert.equal(await page.getByLabel('Giờ phát').inputValue(), '06:00');
    await checkPage(page, 'two editors');
    await page.getByRole('button', { name: 'Lưu khung giờ' }).click();
    await page.getByRole('heading', { name: 'Tết Nguyên đán' }).waitFor();
    const now = await call(page, 'GET', `/api/slots/${slot.id}`);
    assert.deepEqual([now.name, now.local_min, now.rule], ['Tết Nguyên đán', 360, 'FREQ=YEARLY;BYMONTH=2']);
    await close();
});

test('one date is silent at once, or waits with other items; the slot is stopped by one person', async () => {
    const { page, close } = await person('editor', { width: 360, height: 780 });
    const slot = await plainSlot(page, 'Chiều');
    await visit(page, `#/slots/${slot.id}`);
    for (const [date, what] of [['05/02/2031', 'cancel'], ['06/02/2031', 'other']]) {
        await page.getByRole('button', { name: 'Đổi một ngày' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('Ngày', { exact: true }).fill(date);
        await dialog.getByLabel('Ngày ấy phát gì').selectOption(what);
        await checkPage(page, `one date: ${what}`);
        await dialog.getByRole('button', { name: 'Lưu' }).click();
        await dialog.waitFor({ state: 'detached' });
    }
    await page.locator('li', { hasText: '05/02/2031' }).getByText('Không phát').waitFor();
    await page.locator('li', { hasText: '06/02/2031' }).getByText('Chờ duyệt').waitFor();

    const approver = await person('approver');
    await visit(approver.page, `#/review/${slot.id}?date=2031-02-06`);
    await checkPage(approver.page, 'one date to be judged');
    await approver.page.getByRole('button', { name: 'Trả lại', exact: true }).click();
    const why = approver.page.getByRole('dialog');
    await why.getByLabel('Lý do').fill('thiếu tiếng Jrai');
    await checkPage(approver.page, 'one date to be sent back');
    await why.getByRole('button', { name: 'Trả lại', exact: true }).click();
    await approver.page.getByRole('heading', { name: 'Chờ tôi duyệt' }).waitFor();
    await page.locator('li', { hasText: '06/02/2031' }).getByText('Bị trả lại').waitFor();
    await visit(page, `#/review/${slot.id}?date=2031-02-06`);
    await page.getByText('Lý do trả lại: thiếu tiếng Jrai').waitFor();
    await checkPage(page, 'one date that was sent back');
    await visit(page, `#/slots/${slot.id}`);
    await visit(approver.page, `#/review/${slot.id}?date=2031-02-06`);
    await approver.page.getByRole('button', { name: 'Duyệt cho phát' }).click();
    await approver.page.getByRole('heading', { name: 'Chờ tôi duyệt' }).waitFor();
    await approver.close();

    await page.getByRole('button', { name: 'Dừng khung giờ' }).click();
    await checkPage(page, 'stop');
    await page.getByRole('dialog').getByRole('button', { name: 'Dừng khung giờ' }).click();
    await page.getByText('Đã dừng').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Lưu khung giờ' }).count(), 0);
    await checkPage(page, 'stopped, 360 px');
    await close();
});
