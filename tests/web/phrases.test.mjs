/*
 * phrases.test.mjs - what alerts say, recorded in one sitting on a phone: laid down, one after the
 * other by the microphone or from a file, heard, next; then read by who knows the language, and
 * approved by a third person. What a station lacks leads there.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, visit } from './browser.mjs';
import { hear, person } from './desk.mjs';
import { tone } from './plan.mjs';

const PHONE = { width: 360, height: 740, permissions: ['microphone'] };
const WHERE = '#/phrases?language=jra&area=ia-pa';

after(closeBrowser);

const status = (page) => page.getByRole('status').filter({ hasText: /^Đã thu \d+ trên \d+ câu/ });

/* Whoever judges is led to what is theirs, listens to all of it, and is led on. */
async function judge(role, button, what, done) {
    const { page, close } = await person(role, PHONE);
    await visit(page, WHERE);
    await page.getByRole('button', { name: button, exact: true }).click();
    await hear(page);
    await page.getByText(done).first().waitFor();
    await checkPage(page, what);
    await close();
}

test('one after the other on a phone: recorded, listened to, next; a file goes the same way', async () => {
    const { page, close } = await person('editor', PHONE);
    await visit(page, WHERE);
    await page.getByRole('button', { name: 'Thêm câu mẫu và tên làng còn thiếu' }).click();
    await status(page).filter({ hasText: /^Đã thu 0 trên/ }).waitFor();
    const first = await page.locator('.phrase').innerText();
    await page.getByText('Dịch và đọc câu này bằng tiếng Jrai').waitFor();
    await checkPage(page, 'a phrase to be recorded');

    assert.equal(await page.getByRole('button', { name: 'Bắt đầu thu' }).count(), 0, 'nothing is put forward undeclared');
    await page.getByLabel('Nội dung không có bí mật nhà nước').check();
    await page.getByRole('button', { name: 'Bắt đầu thu' }).click();
    await page.getByRole('timer').filter({ hasText: '1 giây' }).waitFor();
    await page.getByRole('button', { name: 'Dừng thu' }).click();
    await checkPage(page, 'a phrase that was recorded');
    await page.getByRole('button', { name: 'Dùng bản này' }).click();
    await status(page).filter({ hasText: /^Đã thu 1 trên/ }).waitFor();
    assert.equal(await page.locator('.phrase').innerText(), first, 'it stays, to be listened to');
    await page.getByText('Chờ kiểm tra tiếng').first().waitFor();
    await checkPage(page, 'a phrase to be listened to');

    await page.getByRole('button', { name: 'Câu tiếp theo' }).click();
    await page.getByText(/^Câu 2 trên/).waitFor();
    await page.locator('input[type=file]').setInputFiles({ name: 'zalo.wav', mimeType: 'audio/wav', buffer: tone(410, 1) });
    await status(page).filter({ hasText: /^Đã thu 2 trên/ }).waitFor();

    /* Names of the villages of that place come last, and of no other. */
    await page.getByText(/^Tất cả \d+ câu/).click();
    await page.getByRole('listitem').filter({ hasText: 'Ƀôn 1, Ia Pa' }).getByText('Chưa thu').waitFor();
    assert.equal(await page.getByRole('listitem').filter({ hasText: 'Plei Tho' }).count(), 0);
    await page.getByRole('button', { name: 'Ƀôn 1, Ia Pa' }).click();
    await page.getByText('Đọc tên làng bằng tiếng Jrai').waitFor();
    await checkPage(page, 'the name of a village');
    await close();
});

test('read by who knows the language, approved by a third person', async () => {
    await judge('reviewer', 'Xác nhận đúng tiếng', 'a phrase that was read', /^Câu 2 trên/);
    await judge('approver', 'Duyệt', 'a phrase that was approved', /^Đã thu 2 trên \d+ câu, đã duyệt 1/);
});

test('what a station lacks leads to the sitting', async () => {
    const { page, close } = await person('editor');
    await visit(page, '#/stations/ia-pa');
    await page.getByText('Chưa sẵn sàng cảnh báo, còn thiếu').or(page.getByText('máy phát chưa hiểu cảnh báo')).waitFor();
    await page.getByRole('link', { name: /\+\d+$/ }).first().click();
    await status(page).filter({ hasText: /^Đã thu 2 trên \d+ câu, đã duyệt 1/ }).waitFor();
    assert.match(page.url(), /language=jra/);
    await close();
});
