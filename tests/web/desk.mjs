/* desk.mjs - what several stories do by clicks: write an announcement, record it, hear it out. */
import assert from 'node:assert/strict';
import { checkPage, open, signIn, visit } from './browser.mjs';

/* Opens a page and signs in. */
export async function person(role, options) {
    const opened = await open(options);
    await signIn(opened.page, role);
    return opened;
}

/* Makes an announcement; the page then shows it. */
export async function make(page, title) {
    await visit(page, '#/announcements');
    await page.getByRole('button', { name: 'Soạn bản tin mới' }).click();
    await checkPage(page, 'new announcement');
    await page.getByLabel('Tiêu đề', { exact: true }).fill(title);
    await page.getByLabel('Số văn bản nguồn').fill('12/TB-UBND');
    await page.getByLabel('Cơ quan ban hành').fill('UBND xã Ia Pa');
    await page.getByLabel('Ngày ban hành').fill('20/11/2026');
    await page.getByRole('button', { name: 'Tạo bản tin' }).click();
    await page.getByRole('heading', { name: title }).waitFor();
}

/* Records the open version by the microphone, so many seconds of it, and uploads it. */
export async function record(page, seconds = 2) {
    await page.getByRole('button', { name: 'Thêm âm thanh' }).click();
    await page.getByRole('button', { name: 'Thu âm tại đây' }).click();
    await page.getByRole('button', { name: 'Bắt đầu thu' }).click();
    await page.getByRole('timer').filter({ hasText: `${seconds} giây` }).waitFor();
    await page.getByRole('button', { name: 'Dừng thu' }).click();
    await page.getByLabel(/^Cắt đầu/).fill('0.1');
    await checkPage(page, 'a recording trimmed');
    await page.getByRole('button', { name: 'Dùng bản này' }).click();
    await page.getByLabel('Nội dung không có bí mật nhà nước').check();
    await page.getByRole('button', { name: 'Tải lên' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/* Plays the audio in the open dialog to its end; only then can a person vouch for it. */
export async function hear(page) {
    const dialog = page.getByRole('dialog');
    const confirm = dialog.locator('button.main');
    await dialog.getByRole('checkbox').check();
    assert.ok(await confirm.isDisabled(), 'nobody vouches for what was not heard');
    await dialog.locator('audio').evaluate((audio) => audio.play());
    await dialog.getByText('Đã nghe hết.').waitFor();
    await checkPage(page, 'heard');
    await confirm.click();
    await dialog.waitFor({ state: 'detached' });
}

/* As a program asks for it. */
export const ask = (page, method, path, body) => page.evaluate(async ([how, to, what]) => {
    const answer = await fetch(to, { method: how, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(what) });
    return { status: answer.status, got: await answer.json() };
}, [method, path, body]);
