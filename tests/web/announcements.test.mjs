/*
 * announcements.test.mjs - a recording in Jrai from a microphone to its approval, by clicks
 * alone: written by one person, checked by another, approved by a third.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { strips } from '../../scheduler/web/pages/parts/script.js';
import { checkPage, closeBrowser, open, signIn, visit } from './browser.mjs';
import { ask, hear, make, person, record } from './desk.mjs';

after(closeBrowser);

const TITLE = 'Lịch tiêm phòng ở Ƀôn 1';

/* What was measured of the recording when it was taken in: drawn, and in words beside. */
async function look(shown) {
    await shown.getByText(/^dài 2 giây|^dài \d giây, −1[56],\d LUFS, đỉnh −\d+,\d dBTP$/).waitFor();
    assert.ok((await shown.locator('svg.shape path').first().getAttribute('d')).split('M').length > 800);
}

async function card(page) {
    await visit(page, '#/announcements');
    /* Found without its marks, as it is typed on a phone. */
    await page.getByLabel('Tìm bản tin').fill('tiem phong o bon');
    await page.getByRole('link', { name: TITLE }).click();
    const shown = page.getByRole('region', { name: 'Jrai' });
    await shown.waitFor();
    return shown;
}

test('an editor records in Jrai, a reader checks, an approver approves', async () => {
    const editor = await open({ permissions: ['microphone'] });
    await signIn(editor.page, 'editor');
    await make(editor.page, TITLE);
    await editor.page.locator('section', { hasText: 'Thiếu Jrai' }).getByRole('button', { name: 'Thêm bản tiếng này' }).click();
    await editor.page.getByRole('button', { name: 'Sửa lời' }).click();
    await editor.page.getByRole('textbox', { name: 'Lời đọc' }).fill('B');
    await editor.page.getByRole('button', { name: 'ơ̆', exact: true }).click();
    await editor.page.getByRole('textbox', { name: 'Lời đọc' }).pressSequentially('n');
    await checkPage(editor.page, 'script');
    await editor.page.getByRole('button', { name: 'Lưu' }).click();
    await editor.page.getByText('Bơ̆n').waitFor();
    await record(editor.page);
    assert.equal(await editor.page.getByRole('button', { name: 'Duyệt', exact: true }).count(), 0);
    await editor.close();

    const reader = await open();
    await signIn(reader.page, 'reviewer');
    const checked = await card(reader.page);
    await look(checked);
    await checked.getByRole('button', { name: 'Xác nhận đúng tiếng' }).click();
    await hear(reader.page);
    await checked.getByText('Chờ duyệt').waitFor();
    await reader.close();

    const approver = await open({ expected: [/ERR_FAILED/] });
    await signIn(approver.page, 'approver');
    const approved = await card(approver.page);
    await approved.getByRole('button', { name: 'Duyệt' }).click();
    /* On a bad line neither its beginning nor its end gets through at first: both are told again. */
    for (const verb of ['listen', 'heard']) await approver.page.route(`**/${verb}`, (route) => route.abort(), { times: 1 });
    await hear(approver.page);
    await approved.getByText('Đã duyệt').waitFor();
    await checkPage(approver.page, 'approved');
    await approver.close();

    /* Another text, another recording: whoever judges it sees what is different, and hears both. */
    const again = await open({ permissions: ['microphone'] });
    await signIn(again.page, 'editor');
    const mine = await card(again.page);
    await mine.getByRole('button', { name: 'Sửa lời' }).click();
    await again.page.getByRole('textbox', { name: 'Lời đọc' }).fill('Bơ̆n hrơi anai');
    await again.page.getByRole('dialog').getByLabel('Nội dung không có bí mật nhà nước').check();
    await again.page.getByRole('button', { name: 'Lưu' }).click();
    await mine.getByText('hrơi anai').waitFor();
    await again.close();

    const seer = await open();
    await signIn(seer.page, 'reviewer');
    const seen = await card(seer.page);
    await seen.getByRole('button', { name: 'Xác nhận đúng tiếng' }).click();
    const dialog = seer.page.getByRole('dialog');
    await dialog.getByText('Gạch ngang: đã bỏ. Gạch chân: mới thêm.').waitFor();
    assert.equal(await dialog.locator('ins').innerText(), 'hrơi anai');
    await dialog.getByText('Bản ghi âm không đổi.').waitFor();
    for (const width of [1280, 360]) {
        await seer.page.setViewportSize({ width, height: 900 });
        await checkPage(seer.page, `what changed, ${width} px`);
        if (process.env.LOA_SHOTS) await seer.page.screenshot({ path: `${process.env.LOA_SHOTS}/since-${width}.png` });
    }
    await seer.close();
});

/* As the keyboard does it: the page is told, then the text stands where the cursor is. */
async function paste(page, text) {
    await page.getByRole('textbox', { name: 'Lời đọc' }).evaluate((field, pasted) => {
        const data = new DataTransfer();
        data.setData('text/plain', pasted);
        field.focus();
        field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
        document.execCommand('insertText', false, pasted);
    }, text);
}

for (const width of [1280, 360])
    test(`a text of an old font is shown in Unicode before it is taken, ${width} px`, async () => {
        const { page, close } = await open({ width });
        await signIn(page, 'editor');
        await make(page, `Chữ cũ ${width}`);
        await page.locator('section', { hasText: 'Thiếu Tiếng Việt' }).getByRole('button', { name: 'Thêm bản tiếng này' }).click();
        await page.getByRole('button', { name: 'Sửa lời' }).click();
        const field = page.getByRole('textbox', { name: 'Lời đọc' });
        await field.fill('Ủy ban: ');
        await field.press('End');
        await paste(page, 'Céng hoµ x· héi chñ nghÜa ViÖt Nam');
        await page.getByText('ViÖt → Việt').waitFor();
        await checkPage(page, 'what an old font left');
        assert.equal(await field.inputValue(), 'Ủy ban: Céng hoµ x· héi chñ nghÜa ViÖt Nam', 'nothing is changed unasked');
        await page.getByRole('button', { name: 'Chuyển', exact: true }).click();
        assert.equal(await field.inputValue(), 'Ủy ban: Cộng hoà xã hội chủ nghĩa Việt Nam');
        await field.fill('[ơi plei');
        await page.getByRole('button', { name: 'Chuyển từ phông chữ cũ…' }).click();
        await page.getByLabel('Phông chữ đã dùng').selectOption('font');
        await page.getByText('[ơi → ƀơi').waitFor();
        await page.getByRole('button', { name: 'Giữ nguyên' }).click();
        assert.equal(await field.inputValue(), '[ơi plei');
        await close();
    });

test('the strip holds every letter of the language that a Vietnamese keyboard lacks', () => {
    /* The 40 letters of Jrai; of Bahnar what is written with marks, and its apostrophe. */
    for (const [tag, letters] of [['jra', 'ă â ƀ č đ ĕ ê ê̆ ĭ ñ ŏ ô ô̆ ơ ơ̆ ŭ ư ư̆'], ['bdq', 'ă â â̆ ƀ č đ ĕ ê ê̆ ĭ ñ ŏ ô ô̆ ơ ơ̆ ŭ ư ư̆ y̆ ʼ']])
        assert.deepEqual([...strips[tag]].sort(), letters.split(' ').sort(), tag);
});

test('who is of a commune alone makes its bulletins, and grants its rights, without picking the commune', async () => {
    const { page, close } = await person('clerk');
    await make(page, 'Họp xã Ia Loa');
    await visit(page, '#/people');
    await page.getByRole('button', { name: 'Cấp quyền' }).first().click();
    const place = page.getByRole('dialog').getByLabel('Nơi', { exact: true });
    await place.locator('option[value="xa-loa"]').waitFor({ state: 'attached' });
    assert.equal(await place.inputValue(), 'xa-loa');
    await close();
});

test('found by what is missing, and told which villages would hear another language', async () => {
    const { page, close } = await person('editor');
    await make(page, 'Thông báo cắt điện');
    await page.getByText('1 làng không nghe được gì').first().waitFor();
    await page.getByText('Chưa có khung giờ nào phát bản tin này.').waitFor();
    await checkPage(page, 'a village that would hear nothing');
    await visit(page, '#/announcements');
    const link = page.getByRole('link', { name: 'Thông báo cắt điện' });
    /* The same at a glance, among others. */
    await page.getByRole('row').filter({ has: link }).getByText('làng không nghe được gì').first().waitFor();
    await checkPage(page, 'the list says who would hear nothing');
    await page.getByLabel('Còn thiếu tiếng').selectOption('jra');
    await link.waitFor();
    await page.getByLabel('Mức độ').selectOption('uu_tien');
    await link.waitFor({ state: 'detached' });
    await page.getByLabel('Mức độ').selectOption('');
    await link.waitFor();
    await page.getByLabel('Trạng thái').selectOption('approved');
    await link.waitFor({ state: 'detached' });
    await close();
});

test('what is typed while the areas arrive stays', async () => {
    const { page, close } = await open();
    /* From the first page on: two that ask for the same at once share one answer. */
    const held = [];
    await page.route('**/api/areas', (route) => { held.push(route); });
    await signIn(page, 'editor');
    await visit(page, '#/announcements');
    await page.getByRole('button', { name: 'Soạn bản tin mới' }).click();
    const title = page.getByLabel('Tiêu đề', { exact: true });
    await title.waitFor();
    /* The moment between an answer that is drawn and what the page does after drawing it. */
    await title.evaluate((field) => {
        new MutationObserver((_, self) => {
            self.disconnect();
            field.value = 'Gõ đúng lúc ấy';
            field.dispatchEvent(new Event('input', { bubbles: true }));
        }).observe(field.form, { childList: true, subtree: true });
    });
    for (const route of held) await route.continue();
    await page.getByLabel('Đơn vị quản lý').locator('option').first().waitFor({ state: 'attached' });
    await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); }));
    assert.equal(await title.inputValue(), 'Gõ đúng lúc ấy');
    await close();
});

test('what is typed shows as text, whatever it is', async () => {
    const { page, close } = await open();
    await signIn(page, 'editor');
    const wicked = '<img src=x onerror=alert(1)>"\'><script>alert(2)</script>';
    await visit(page, '#/announcements');
    await page.getByRole('button', { name: 'Soạn bản tin mới' }).click();
    await page.getByLabel('Tiêu đề', { exact: true }).fill(wicked);
    await page.getByRole('combobox', { name: 'Lĩnh vực' }).last().selectOption('Y tế');
    await page.getByLabel('Số văn bản nguồn').fill(wicked);
    await page.getByLabel('Cơ quan ban hành').fill(wicked);
    await page.getByLabel('Ngày ban hành').fill('20/11/2026');
    await page.getByRole('button', { name: 'Tạo bản tin' }).click();
    await page.getByRole('heading', { name: wicked }).waitFor();
    assert.equal(await page.locator('main img, main script').count(), 0);
    await close();
});

test('withdrawn in three clicks; then nothing of it can be changed', async () => {
    const { page, close } = await open();
    await signIn(page, 'editor');
    await make(page, 'Giá cà phê hôm nay');
    await page.getByRole('button', { name: 'Rút bản tin' }).click();
    await checkPage(page, 'withdraw');
    await page.getByRole('dialog').getByRole('button', { name: 'Rút bản tin' }).click();
    await page.getByText('Bản tin này đã rút và không phát nữa.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Sửa thông tin' }).count(), 0);
    await close();
});

for (const width of [1280, 360]) {
    test(`found by the words of a script or by its document, which the list says, ${width} px`, async () => {
        const { page, close } = await person('editor', { width });
        const { got: { id } } = await ask(page, 'POST', '/api/announcements', {
            title: `Thông báo ${width}`, kind: 'bulletin', category: '', class: 'thong_thuong', source_number: `77/KH-SYT-${width}`, source_issuer: 'Sở Y tế',
            source_date: '2026-11-20', valid_from_us: 0, valid_until_us: 4e15, home: 'khu-vuc', areas: ['khu-vuc'],
        });
        await ask(page, 'POST', `/api/announcements/${id}/versions`, { language: 'jra', script: `Bơ\u0306ng gơñam jing hlao ƀơi ƀuôn ${width}. <b>Ayong adơi</b>` });
        await visit(page, '#/announcements');
        await page.getByLabel('Tìm bản tin').fill(`hlao boi buon ${width}`);
        const row = page.getByRole('row', { name: new RegExp(`Thông báo ${width}`) });
        await row.getByText('Tìm thấy trong bài đọc').waitFor();
        assert.equal(await row.locator('mark').innerText(), `hlao ƀơi ƀuôn ${width}`);
        await row.getByText('<b>Ayong adơi</b>').waitFor();
        await checkPage(page, `found in a script, ${width} px`);
        await page.getByLabel('Tìm bản tin').fill(`77/kh-syt-${width}`);
        await row.getByText('Tìm thấy trong văn bản nguồn').waitFor();
        await page.getByLabel('Tìm bản tin').fill(`thong bao ${width}`);
        await row.getByText(/Tìm thấy/).waitFor({ state: 'detached' });
        await close();
    });
}
