/*
 * sources.test.mjs - a radio to be relayed: its address and spare written, checked, approved by
 * three people, placed in a slot, and shown as what nobody heard beforehand.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, visit } from './browser.mjs';
import { hear, person, record } from './desk.mjs';
import { crew, makeStation } from './plan.mjs';

after(closeBrowser);

const TITLE = 'Đài thử tiếng Jrai';
const ADDRESS = 'https://radio.example/jrai.ogg';

async function card(page) {
    await visit(page, '#/announcements');
    await page.getByLabel('Tìm bản tin').fill('dai thu');
    await page.getByRole('link', { name: TITLE }).click();
    const shown = page.getByRole('region', { name: 'Jrai' });
    await shown.getByText(ADDRESS).waitFor();
    return shown;
}

async function make(page) {
    await visit(page, '#/announcements');
    await page.getByRole('button', { name: 'Soạn bản tin mới' }).click();
    await page.getByLabel('Tiêu đề', { exact: true }).fill(TITLE);
    await page.getByLabel('Loại').selectOption({ label: 'Tiếp sóng từ mạng' });
    await page.getByLabel('Số văn bản nguồn').fill('12/TB');
    await page.getByLabel('Cơ quan ban hành').fill('UBND xã Ia Pa');
    await page.getByLabel('Ngày ban hành').fill('20/11/2026');
    await page.getByRole('button', { name: 'Tạo bản tin' }).click();
    await page.getByRole('heading', { name: TITLE }).waitFor();
    const jrai = page.locator('section', { hasText: 'Thiếu Jrai' });
    const begin = jrai.getByRole('button', { name: 'Thêm bản tiếng này' });
    assert.ok(await begin.isDisabled(), 'a source has an address');
    await jrai.getByLabel('Địa chỉ nguồn').fill('file:///etc/motd');
    await begin.click();
    await jrai.getByRole('alert').waitFor();
    await checkPage(page, 'an address that is none');
    await jrai.getByLabel('Địa chỉ nguồn').fill('https://radio.example/');
    await begin.click();
    await page.getByRole('button', { name: 'Địa chỉ nguồn' }).click();
    await page.getByRole('dialog').getByLabel('Địa chỉ nguồn').fill(ADDRESS);
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByText(ADDRESS).waitFor();
    await record(page);
}

async function judged(role, button, then) {
    const { page, close } = await person(role);
    const shown = await card(page);
    await shown.getByRole('button', { name: button, exact: true }).click();
    await page.getByRole('dialog').getByText('Không ai nghe trước được nội dung của nguồn').waitFor();
    await page.getByRole('dialog').getByText(ADDRESS).waitFor();
    await hear(page);
    await shown.getByText(then).waitFor();
    await close();
}

test('a radio: written, checked, approved, and half an hour of it in a slot', async () => {
    const people = await crew();
    await makeStation(people, 'ia-song', 'ia-pa', [['ia-song-1', 'Bôn Sóng', ['jra', 'vi']]]);
    await people.administrator('PUT', '/api/areas/ia-song-1/windows', { windows: [{ class: 'thong_thuong', weekdays: 127, from_min: 0, to_min: 1440 }] });
    const editor = await person('editor', { permissions: ['microphone'], expected: [/422/] });
    await make(editor.page);
    await judged('reviewer', 'Xác nhận đúng tiếng', 'Chờ duyệt');
    await judged('approver', 'Duyệt', 'Đã duyệt');

    const { page } = editor;
    await visit(page, '#/slots');
    await page.getByRole('link', { name: 'Tạo khung giờ' }).click();
    await page.getByLabel('Tên khung giờ').fill('Tiếp sóng');
    await page.getByLabel('Giờ phát').fill('07:00');
    await page.getByLabel('Tiếp sóng trong (phút)').fill('45');
    await page.getByLabel('Tìm bản tin hay nhạc hiệu để thêm').fill('dai thu');
    await page.getByRole('button', { name: /^Thêm.*Đài thử/ }).click();
    await page.locator('ol.items').getByText(`${TITLE}: tiếp sóng 45 phút, chưa nghe trước khi phát`).waitFor();
    await page.getByRole('checkbox', { name: 'Bôn Sóng', exact: true }).check();
    await checkPage(page, 'a relay in a slot');
    await page.getByRole('button', { name: 'Lưu khung giờ' }).click();
    await page.getByText('phải được người thứ hai duyệt').waitFor();

    const approver = await person('approver');
    await visit(approver.page, '#/review');
    await approver.page.getByRole('link', { name: 'Tiếp sóng' }).click();
    await approver.page.getByText(/tiếp sóng 45 phút, chưa nghe trước khi phát/).first().waitFor();
    await approver.page.getByRole('button', { name: 'Duyệt cho phát' }).click();
    await approver.page.getByRole('heading', { name: 'Chờ tôi duyệt' }).waitFor();
    await approver.close();

    await page.reload();
    await page.locator('.heard').getByText('Tiếp sóng, chưa nghe trước khi phát').first().waitFor();
    await checkPage(page, 'a relay in the preview');
    await editor.close();
});
