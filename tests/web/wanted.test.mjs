/*
 * wanted.test.mjs - a version asked of an announcer, recorded on a phone, in review; a file that
 * came another way, which says so; languages that nobody could check; a script for the hand.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkPage, closeBrowser, district, open, signIn, visit } from './browser.mjs';
import { crew, tone } from './plan.mjs';

const PHONE = { width: 360, height: 740, permissions: ['microphone'] };
const TITLE = 'Lịch tiêm phòng dại';
const SCRIPT = 'Sáng mai tiêm phòng tại nhà rông. Bà con đưa chó, mèo đến từ 07:30; mang theo sổ.\nLiên hệ TP. Pleiku.';
const people = {};
let announcement;
let editor; /* one sign-in for all stories: the server slows many from one place */

const local = (days) => new Date(Date.now() + (7 * 3600 + days * 86_400) * 1000).toISOString().slice(0, 10);
const shown = (date) => date.split('-').reverse().join('/');
const card = (page, name) => page.getByRole('region', { name }).or(page.locator('section.card', { hasText: `Thiếu ${name}` }));

async function make(title) {
    const one = await people.editor('POST', '/api/announcements', {
        title, home: 'khu-vuc', areas: ['khu-vuc'], class: 'thong_thuong', kind: 'bulletin',
        valid_from_us: 0, valid_until_us: Date.UTC(2100, 0) * 1000,
        source_number: '12/TB', source_issuer: 'UBND', source_date: '2026-11-20',
    });
    await people.editor('POST', `/api/announcements/${one.id}/versions`, { language: 'vi', script: SCRIPT });
    return one.id;
}

before(async () => {
    Object.assign(people, await crew());
    announcement = await make(TITLE);
});
after(closeBrowser);

/* Fills in the open dialog and sends it. */
async function ask(page, { whom, name, by, note, what }) {
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Nhờ ai').selectOption({ label: whom });
    if (name) await dialog.getByLabel('Họ tên người được nhờ').fill(name);
    await dialog.getByLabel('Hạn thu').fill('01/01/2020');
    await dialog.getByText('Ngày này đã qua.').waitFor();
    assert.ok(await dialog.getByRole('button', { name: 'Gửi yêu cầu' }).isDisabled());
    await dialog.getByLabel('Hạn thu').fill(shown(by));
    await dialog.getByLabel('Lời dặn').fill(note);
    await checkPage(page, what);
    await dialog.getByRole('button', { name: 'Gửi yêu cầu' }).click();
    await dialog.waitFor({ state: 'detached' });
}

test('asked for beside the language that is missing', async () => {
    editor = await open();
    const { page } = editor;
    await signIn(page, 'editor');
    await visit(page, `#/announcements/${announcement}`);
    await card(page, 'Jrai').getByRole('button', { name: 'Nhờ người thu' }).click();
    await ask(page, { whom: 'Tài khoản announcer', by: local(3), note: 'Đọc chậm <b>rõ</b>', what: 'to be asked for' });
    await card(page, 'Jrai').getByText('Đã nhờ Tài khoản announcer thu.').waitFor();
    await card(page, 'Jrai').getByText(`Còn 3 ngày (${shown(local(3))})`).waitFor();
    await checkPage(page, 'asked for');
    await page.setViewportSize({ width: 360, height: 740 });
    await checkPage(page, 'asked for, on a phone');
    await page.setViewportSize({ width: 1280, height: 820 });
});

test('found on Today, recorded and sent on a phone, then in review', async () => {
    /* One that is late stands out with words. */
    await people.editor('POST', '/api/wanted', { announcement: await make('Lịch cắt điện'), language: 'jra', by_date: local(-1),
        account: (await people.administrator('GET', '/api/accounts')).accounts.find((one) => one.login === district.accounts.announcer.login).id });
    const { page, close } = await open(PHONE);
    await signIn(page, 'announcer');
    const today = page.locator('section.card', { has: page.getByRole('heading', { name: 'Việc cần thu' }) });
    await today.getByText('1 bản quá hạn').waitFor();
    await checkPage(page, 'Today with versions to record');
    await today.getByRole('link', { name: '2 bản chờ bạn thu' }).click();
    await page.getByText('Quá hạn 1 ngày').waitFor();
    await page.getByText('Đọc chậm <b>rõ</b>').waitFor();
    await checkPage(page, 'a queue on a phone');
    await page.getByRole('link', { name: TITLE }).click();
    await page.getByRole('heading', { name: 'Lời gốc: Tiếng Việt' }).waitFor();
    await page.getByText('Bà con đưa chó, mèo đến').waitFor();
    await page.getByRole('textbox', { name: 'Lời đọc' }).fill('Ơi ană plei, b');
    await page.getByRole('button', { name: 'ơ̆', exact: true }).click();
    await page.getByRole('button', { name: 'Lưu lời đọc' }).click();
    await page.getByRole('link', { name: 'Bản in chữ lớn' }).nth(1).waitFor();
    await page.getByRole('button', { name: 'Thu âm tại đây' }).click();
    await page.getByRole('button', { name: 'Bắt đầu thu' }).click();
    await page.getByRole('timer').filter({ hasText: '2 giây' }).waitFor();
    await checkPage(page, 'recording on a phone');
    await page.getByRole('button', { name: 'Dừng thu' }).click();
    await page.getByRole('button', { name: 'Dùng bản này' }).click();
    assert.ok(await page.getByRole('button', { name: 'Nộp bản thu' }).isDisabled(), 'nobody sends what they did not vouch for');
    await page.getByLabel('Nội dung không có bí mật nhà nước').check();
    await checkPage(page, 'to be sent');
    await page.getByRole('button', { name: 'Nộp bản thu' }).click();
    await page.getByRole('heading', { name: 'Đã nộp' }).waitFor();
    await page.locator('li', { hasText: TITLE }).getByText('Chờ kiểm tra tiếng').waitFor();
    await checkPage(page, 'sent');
    await page.getByRole('link', { name: TITLE }).click();
    await page.getByText('Đã nộp. Người khác sẽ kiểm tra tiếng, rồi duyệt.').waitFor();
    await close();

    await card(editor.page, 'Jrai').getByText('Người đọc: Tài khoản announcer').waitFor();
    await card(editor.page, 'Jrai').getByText('b\u01a1\u0306').waitFor();
    const { waiting } = await people.reviewer('GET', '/api/review');
    assert.ok(waiting.some((one) => one.title === TITLE && one.language === 'jra' && one.voice === undefined));
});

test('a file that came another way is brought in on behalf of whom was asked, and says so', async () => {
    const { page } = editor;
    await card(page, 'Bahnar').getByRole('button', { name: 'Nhờ người thu' }).click();
    await ask(page, { whom: 'Người khác, không có tài khoản', name: 'Đinh Hmưr', by: local(5), note: '', what: 'asked of somebody without an account' });
    await card(page, 'Bahnar').getByText('Đã nhờ Đinh Hmưr thu.').waitFor();
    await card(page, 'Bahnar').getByRole('button', { name: 'Thêm bản tiếng này' }).click();
    await card(page, 'Bahnar').getByRole('button', { name: 'Thêm âm thanh' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[type=file]').setInputFiles({ name: 'zalo.wav', mimeType: 'audio/wav', buffer: tone(410, 2) });
    assert.equal(await dialog.getByLabel('Tên người đọc').inputValue(), 'Đinh Hmưr');
    await dialog.getByText('Người đọc: Đinh Hmưr. Tài khoản editor đưa tệp lên thay.').waitFor();
    await checkPage(page, 'brought in for somebody else');
    await dialog.getByLabel('Nội dung không có bí mật nhà nước').check();
    await dialog.getByRole('button', { name: 'Tải lên' }).click();
    await dialog.waitFor({ state: 'detached' });
    await card(page, 'Bahnar').getByText('Người đọc: Đinh Hmưr. Tài khoản editor đưa tệp lên thay.').waitFor();
    await checkPage(page, 'brought in');

    /* A dialect that is wanted stands beside the languages that are missing. */
    await people.editor('POST', '/api/wanted', { announcement, language: 'jra-x-arap', name: 'Ksor Hblâm', by_date: local(0) });
    await card(page, 'Jrai (arap)').getByText('Đã nhờ Ksor Hblâm thu.').waitFor();
    await card(page, 'Jrai (arap)').getByText(`Hạn là hôm nay (${shown(local(0))})`).waitFor();
    await checkPage(page, 'a dialect');
    await card(page, 'Jrai (arap)').getByRole('button', { name: 'Thôi nhờ' }).click();
    await card(page, 'Jrai (arap)').waitFor({ state: 'detached' });

    await visit(page, '#/wanted');
    await page.getByRole('heading', { name: 'Tôi đã nhờ người khác' }).waitFor();
    await page.getByText('Đã nhờ Đinh Hmưr thu.').waitFor();
    await checkPage(page, 'what was asked of others');
    await visit(page, `#/announcements/${announcement}`);

    const reader = await open();
    await signIn(reader.page, 'reviewer');
    await visit(reader.page, '#/review');
    const waits = reader.page.locator('li', { hasText: 'Tệp được đưa lên thay người đọc: Đinh Hmưr' });
    await checkPage(reader.page, 'in review');
    await waits.getByRole('link', { name: TITLE }).click();
    await card(reader.page, 'Bahnar').getByRole('button', { name: 'Xác nhận đúng tiếng' }).click();
    await reader.page.getByRole('dialog').getByText('Người đọc: Đinh Hmưr. Tài khoản editor đưa tệp lên thay.').waitFor();
    await checkPage(reader.page, 'what a reader vouches for');
    await reader.close();
});

test('a language that nobody there can check is shown where one asks, and on the page', async () => {
    const { page } = editor;
    const { accounts } = await people.administrator('GET', '/api/accounts');
    const { id } = accounts.find((one) => one.login === district.accounts.reviewer.login);
    const right = { role: 'reviewer', area: 'khu-vuc' };
    await people.administrator('POST', `/api/accounts/${id}/rights/revoke`, right);
    try {
        const other = await make('Thông báo họp thôn');
        await visit(page, `#/announcements/${other}`);
        await card(page, 'Jrai').getByText('ở đây chưa có ai kiểm tra được tiếng này (Jrai)').waitFor();
        await card(page, 'Jrai').getByRole('button', { name: 'Nhờ người thu' }).click();
        await page.getByRole('dialog').getByText('ở đây chưa có ai kiểm tra được tiếng này (Jrai)').waitFor();
        await checkPage(page, 'nobody to check it');
        await page.getByRole('button', { name: 'Hủy', exact: true }).click();
    } finally {
        await people.administrator('PUT', `/api/accounts/${id}/rights`, right);
    }
    await card(page, 'Jrai').getByText('ở đây chưa có ai kiểm tra được tiếng này').waitFor({ state: 'detached' });
});

test('a script is printed in large letters on A4, with its marks and its pauses', async () => {
    const { page } = editor;
    await visit(page, `#/announcements/${announcement}`);
    await card(page, 'Jrai').getByRole('link', { name: 'Bản in chữ lớn' }).click();
    await page.getByText('Nhờ Tài khoản announcer đọc').waitFor();
    await checkPage(page, 'a script for the hand');
    assert.match(await page.locator('article.sheet').innerText(), /b\u01a1\u0306/);
    await visit(page, `#/announcements/${announcement}`);
    await page.getByRole('region', { name: 'Tiếng Việt' }).getByRole('link', { name: 'Bản in chữ lớn' }).click();
    await page.locator('article.sheet p').last().waitFor();
    const marks = await page.locator('.pause').allInnerTexts();
    assert.deepEqual(marks, ['/', '/', '//', '//'], 'a sentence, a semicolon, two paragraphs; an abbreviation is none');
    await page.setViewportSize({ width: 360, height: 740 });
    await checkPage(page, 'a script on a phone');
    await page.setViewportSize({ width: 1280, height: 820 });
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    assert.match(pdf, /\/MediaBox \[0 0 59[45][.\d]* 84[12]/, 'A4, upright');
    const fonts = [...pdf.matchAll(/\/BaseFont \/[A-Z]+\+([\w-]+)/g)].map((one) => one[1]);
    assert.ok(fonts.length > 0 && fonts.every((one) => one.startsWith('NotoSans')), `${fonts}`);
    await editor.close();
});
