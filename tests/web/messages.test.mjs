/*
 * messages.test.mjs - people choose of what they are told, try it out, and are told; today says
 * what lacks an approval before its time; a silent station has somebody to call.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, district, open, signIn, visit } from './browser.mjs';
import { crew, makeAnnouncement, makePlaylist, makeSlot, makeStation, person } from './plan.mjs';

after(closeBrowser);

const LOOK_MS = 180_000; /* the district looks once a minute */
const letters = async () => (await fetch(`${district.control}/letters`, { method: 'POST' })).json();

/* Local date and minute, in the district's zone, so many minutes from now. */
function ahead(minutes) {
    const [date, time] = new Date(Date.now() + minutes * 60_000)
        .toLocaleString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' }).split(' ');
    return { date, minute: Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)) };
}

let slot = null;

/* First of all: it is found while the other stories run. */
test('a bulletin of which one language has no approval is placed in an hour and a half', async () => {
    const people = await crew();
    await people.editor('PUT', '/api/session/messages', { email: 'bien-tap@example.vn', phone: '', reader: 'vi' });
    await makeStation(people, 'ia-tin', 'ia-pa', [['ia-tin-1', 'Bôn Tin', ['jra', 'vi']]]);
    await people.administrator('PUT', '/api/areas/ia-tin-1/windows', { windows: [{ class: 'thong_thuong', weekdays: 127, from_min: 0, to_min: 1440 }] });
    const id = await makeAnnouncement(people, 'Lịch cắt điện', ['vi']);
    await people.editor('POST', `/api/announcements/${id}/versions`, { language: 'jra', script: 'Ơi ƀôn sang', announcer_name: 'Giọng thử' });
    const playlist = await makePlaylist(people, 'Chương trình tin', [id]);
    const { date, minute } = ahead(90);
    slot = await makeSlot(people, { name: 'Buổi tin', playlist, first_date: date, local_min: minute, targets: [{ area: 'ia-tin-1' }] });
});

test('how I am reached and of what I am told, by keyboard, on a phone; and it is tried out', async () => {
    const { page, close } = await open({ width: 360, expected: [/422/, /429/] });
    await signIn(page, 'technician');
    await visit(page, '#/account');
    const card = page.locator('section', { has: page.getByRole('heading', { name: 'Nhận tin báo' }) });
    await card.getByLabel('E-mail', { exact: true }).first().fill('ky-thuat');
    await card.getByLabel('Số điện thoại').fill('0905 123 456');
    await card.getByLabel('Số điện thoại').press('Enter');
    await card.getByRole('alert').waitFor();
    await card.getByText(/no e-mail address/).waitFor({ state: 'attached' });
    await checkPage(page, 'an address that is none');
    await card.getByLabel('E-mail', { exact: true }).first().fill('ky-thuat@example.vn');
    const fault = card.getByRole('group', { name: 'đài báo lỗi' });
    await fault.getByLabel('Tin nhắn').focus();
    await page.keyboard.press('Space');
    assert.equal(await card.getByRole('button', { name: 'Gửi thử e-mail' }).isDisabled(), true);
    await card.getByRole('button', { name: 'Lưu' }).click();
    await card.getByRole('button', { name: 'Gửi thử e-mail' }).click();
    await card.getByText('Các tin đã gửi cho tôi').click();
    await card.getByText('Đã gửi', { exact: true }).waitFor();
    await checkPage(page, 'messages of mine');
    await card.getByRole('button', { name: 'Gửi thử tin nhắn' }).click();
    await card.locator('.problem').waitFor();
    await page.reload();
    await card.getByLabel('Số điện thoại').waitFor();
    assert.equal(await card.getByLabel('Số điện thoại').inputValue(), '0905123456');
    assert.equal(await fault.getByLabel('Tin nhắn').isChecked(), true);
    await close();
    const [letter] = (await letters()).filter((one) => one.to.includes('ky-thuat@example.vn'));
    assert.equal(letter.subject, 'Tin thử từ hệ thống Loa');
});

test('who looks after accounts writes how somebody is reached, and sees what did not leave and why', async () => {
    const operator = await person('operator');
    const { page, close } = await open();
    await signIn(page, 'administrator');
    await visit(page, '#/people');
    const card = page.locator('section', { has: page.getByRole('heading', { name: 'Tài khoản operator' }) });
    await card.getByRole('button', { name: 'Cách liên lạc' }).click();
    await page.getByRole('dialog').getByLabel('Số điện thoại').fill('+84 905 777 888');
    await checkPage(page, 'how somebody is reached');
    await page.getByRole('dialog').getByRole('button', { name: 'Lưu' }).click();
    await card.locator('a[href="tel:+84905777888"]').waitFor();
    await checkPage(page, 'accounts with numbers');
    await operator('POST', '/api/session/messages/test', { way: 'phone' });
    await page.getByRole('link', { name: 'Tin báo đã gửi' }).click();
    await page.getByText('Lệnh gửi tin nhắn bị lỗi').first().waitFor();
    await page.getByText('no network').first().waitFor();
    await page.setViewportSize({ width: 360, height: 820 });
    await checkPage(page, 'messages sent');
    await page.getByLabel('Kết quả').selectOption('failed');
    await page.getByText('Chưa có tin nào.').waitFor();
    await close();
});

test('today, for a technician: stations first, and whom to call about a silent one', async () => {
    const { page, close } = await open({ width: 360 });
    await signIn(page, 'technician');
    const station = page.locator('li', { hasText: 'Đài ia-tin' });
    await station.getByRole('button', { name: 'Gọi ai' }).click();
    await station.locator('a[href="tel:0905123456"]').waitFor();
    assert.equal(await page.locator('main h2').first().innerText(), 'Các đài');
    await checkPage(page, 'whom to call');
    await close();
});

test('today, for an editor: what airs next, and the language that nobody has approved', async () => {
    const { page, close } = await open();
    await signIn(page, 'editor');
    const soon = page.locator('section', { has: page.getByRole('heading', { name: 'Sắp phát mà chưa duyệt' }) });
    await soon.getByText('bản này chưa được duyệt').waitFor({ timeout: LOOK_MS });
    assert.equal(await soon.getByRole('link', { name: 'Lịch cắt điện' }).count(), 1);
    const next = page.locator('section', { has: page.getByRole('heading', { name: 'Sắp phát', exact: true }) });
    const entry = next.locator('li', { hasText: 'Lịch cắt điện' });
    await entry.getByText('chưa duyệt').waitFor();
    await entry.getByText('đã có ở 0/1 đài').waitFor();
    await checkPage(page, 'today, something is not approved');
    await page.setViewportSize({ width: 360, height: 820 });
    await checkPage(page, 'the same on a phone');
    if (process.env.LOA_PICTURES) await page.screenshot({ path: `${process.env.LOA_PICTURES}/today-360.png`, fullPage: true });
    await close();
    /* And the editor, who wrote it, was told. */
    for (let n = 0; n < 900; n++) {
        const mine = (await letters()).filter((one) => one.to.includes('bien-tap@example.vn'));
        if (mine.some((one) => one.body.includes('Lịch cắt điện') && one.body.includes('tiếng Jrai'))) break;
        assert.ok(n < 899, JSON.stringify(await letters()));
        await new Promise((done) => { setTimeout(done, 200); });
    }
    const people = await crew();
    await people.approver('POST', `/api/slots/${slot}/stop`);
});
