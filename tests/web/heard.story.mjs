/*
 * heard.story.mjs - from a microphone at the district to loudspeakers in villages, by clicks
 * alone, with real players and gateways: heard where Jrai is spoken, missed where a relay board
 * is silent, and both seen by an official who has only the page.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, district, visit } from './browser.mjs';
import { hear, make, person, record } from './desk.mjs';

after(closeBrowser);

const TITLE = 'Họp Ƀôn về nước sạch';
const NAME = 'Buổi họp';
/* From the first click for the slot to its second person's last one, on a busy machine. */
const LEAD_S = 75;
const AIR_MS = 300_000;

const order = async (path) => (await fetch(`${district.control}${path}`, { method: 'POST' })).json();

/* The next full minute that leaves time enough, as a person in Gia Lai writes it. */
function soon() {
    const at = new Date(Math.ceil((Date.now() / 1000 + LEAD_S) / 60) * 60_000);
    const [date, clock] = at.toLocaleString('sv', { timeZone: 'Asia/Ho_Chi_Minh' }).split(' ');
    return { date: date.split('-').reverse().join('/'), clock: clock.slice(0, 5) };
}

async function judged(role, button, after_it) {
    const { page, close } = await person(role);
    await visit(page, '#/review');
    await page.getByRole('link', { name: TITLE }).click();
    const version = page.getByRole('region', { name: 'Jrai' });
    await version.getByRole('button', { name: button }).click();
    await hear(page);
    await version.getByText(after_it).waitFor();
    await close();
}

async function placed(page, at) {
    await visit(page, '#/slots');
    await page.getByRole('link', { name: 'Tạo khung giờ' }).click();
    await page.getByLabel('Tên khung giờ').fill(NAME);
    await page.getByLabel('Giờ phát').fill(at.clock);
    await page.getByLabel('Từ ngày').fill(at.date);
    await page.getByLabel('Tìm bản tin hay nhạc hiệu để thêm').fill('hop bon');
    await page.getByRole('button', { name: /^Thêm.*Họp/ }).click();
    await page.getByRole('checkbox', { name: 'Khu vực thử' }).check();
    await page.getByRole('button', { name: 'Lưu khung giờ' }).click();
    await page.getByRole('heading', { name: NAME }).waitFor();
}

async function allowed() {
    const { page, close } = await person('approver');
    await visit(page, '#/review');
    await page.getByRole('link', { name: NAME }).click();
    await page.getByRole('button', { name: 'Duyệt cho phát' }).click();
    await page.getByRole('heading', { name: 'Chờ tôi duyệt' }).waitFor();
    await close();
}

/* The row of a village in the day's table, and the cell of our item in it. */
const cellOf = (page, village) => page.getByRole('row', { name: village }).getByRole('button');

test('recorded in Jrai at the district, approved by another, heard in the villages that speak it', async () => {
    const editor = await person('editor', { permissions: ['microphone'] });
    await make(editor.page, TITLE);
    await editor.page.locator('section', { hasText: 'Thiếu Jrai' }).getByRole('button', { name: 'Thêm bản tiếng này' }).click();
    await record(editor.page, 4);
    await judged('reviewer', 'Xác nhận đúng tiếng', 'Chờ duyệt');
    await judged('approver', 'Duyệt', 'Đã duyệt');
    await placed(editor.page, soon());
    await allowed();
    await editor.close();

    const official = await person('official');
    await visit(official.page, '#/delivery');
    /* The page is open before anything sounds, and follows. */
    for (const village of ['Ƀôn 1', 'Ƀôn 2']) await cellOf(official.page, village).waitFor();
    for (const village of ['Ƀôn 1', 'Ƀôn 2'])
        await cellOf(official.page, village).filter({ hasText: 'Đã phát' }).waitFor({ timeout: AIR_MS });
    await checkPage(official.page, 'delivered');
    await cellOf(official.page, 'Ƀôn 1').click();
    await official.page.getByRole('dialog').getByText('đã đọc lại').first().waitFor();
    await checkPage(official.page, 'evidence');
    await official.close();

    const heard = await order('/heard');
    /* The microphone of the test browser beeps once a second, and the rest is silence. */
    assert.ok(heard['ia-pa'].sound_s > 1, `the sound card played it: ${JSON.stringify(heard)}`);
    assert.deepEqual(heard['ia-pa'].relays, [1, 2, 8], 'both villages and the amplifier were switched');
}, { timeout: AIR_MS + 120_000 });

test('an official finds what was missed, and why', async () => {
    const { page, close } = await person('official');
    await visit(page, '#/');
    await page.getByText(TITLE).first().waitFor();
    await visit(page, '#/delivery');
    const cell = cellOf(page, 'Ƀôn 3');
    await cell.filter({ hasText: 'Không phát' }).waitFor({ timeout: AIR_MS });
    await cell.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Lý do').waitFor();
    assert.match(await dialog.innerText(), /rơ-le|bo mạch|tủ/i, 'the reason names the relay or its board');
    await checkPage(page, 'why');
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Tháng' }).click();
    /* The sums of the month follow by themselves, once what was heard is judged. */
    await page.getByRole('row', { name: /^Xã Ia Pa/ }).waitFor({ timeout: AIR_MS });
    assert.match(await page.getByRole('row', { name: /^Tổng cộng/ }).innerText(), /0,\d\t0,\d\t2\t0\t1\t0\t0\t0$/);
    await checkPage(page, 'the month');
    await visit(page, '#/stations/ia-pa');
    await page.getByText('Ƀôn 2').first().waitFor();
    await checkPage(page, 'a station as an official sees it');
    await close();
    assert.deepEqual((await order('/heard'))['xa-hong'].relays, [], 'no relay was switched there');
}, { timeout: AIR_MS });
