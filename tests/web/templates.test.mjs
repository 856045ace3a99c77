/*
 * templates.test.mjs - what alerts say, as a district wants it: a template made by keys alone with
 * an order of its own for Jrai, agreed to by a second person, read part by part with how far each
 * is recorded, and retired by two, on a desk and on a phone.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkPage, closeBrowser, visit } from './browser.mjs';
import { person } from './desk.mjs';
import { crew, listen, tone } from './plan.mjs';

const PHONE = { width: 360, height: 740 };
const look = async (page, name) => process.env.LOA_LOOK && page.screenshot({ path: `${process.env.LOA_LOOK}/${name}.png`, fullPage: true });

/* One phrase is recorded and approved in Vietnamese; the rest is empty. */
before(async () => {
    const people = await crew();
    await people.editor('POST', '/api/alert-templates/standard', { area: 'khu-vuc' });
    const { phrases } = await people.editor('GET', '/api/alert-phrases?language=vi');
    const { version } = phrases.find((one) => one.phrase === 'cb-nham-1');
    const { script } = await people.editor('GET', `/api/versions/${version}`);
    await people.editor('PUT', `/api/versions/${version}`, { announcer_name: 'Giọng thử', script });
    await people.editor('PUT', `/api/versions/${version}/audio?no_state_secret=true`, tone(500), 'audio/wav');
    const { object, script_hash } = await people.editor('GET', `/api/versions/${version}`);
    await people.reviewer('POST', `/api/versions/${version}/check`, { object, script_hash, no_state_secret: true });
    await listen(people.approver, version, object);
    await people.approver('POST', `/api/versions/${version}/approve`, { object, script_hash, no_state_secret: true });
}, { timeout: 120_000 });
after(closeBrowser);

/* Opened by its key, and the dialog is there. */
async function press(page, name) {
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
}

async function choose(page, label, words) {
    await page.getByLabel(label, { exact: true }).selectOption({ label: words });
}

async function judge(what, seen) {
    const { page, close } = await person('approver', PHONE);
    await visit(page, '#/review');
    await page.getByText('Xem thay đổi').click();
    await page.getByText(seen).first().waitFor();
    await checkPage(page, what);
    await look(page, `review-${what.replaceAll(' ', '-')}`);
    await page.getByRole('button', { name: 'Duyệt', exact: true }).click();
    await page.getByText(seen).first().waitFor({ state: 'detached' });
    await close();
}

test('the standard set: what each says, and how far each part is in each language', async () => {
    const { page, close } = await person('editor');
    await visit(page, '#/alerts');
    await page.getByRole('link', { name: 'Mẫu cảnh báo', exact: true }).click();
    await page.getByRole('link', { name: 'Lũ quét' }).waitFor();
    await checkPage(page, 'all templates');
    await look(page, 'templates-1280');
    await page.getByRole('link', { name: 'Báo nhầm' }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByText('Đã duyệt').first().waitFor();
    assert.ok(await page.getByText('Chưa thu').count() >= 2, 'empty in Bahnar and Jrai until it is recorded there');
    await checkPage(page, 'a template, part by part');
    await look(page, 'template-1280');
    await close();
});

test('made by keys alone, with an order of its own for Jrai; it waits for a second person', async () => {
    const { page, close } = await person('editor', PHONE);
    await visit(page, '#/templates');
    await checkPage(page, 'all templates on a phone');
    await look(page, 'templates-360');
    await press(page, 'Lập mẫu mới');
    await page.getByLabel('Tên mẫu').fill('Vỡ đập');
    await choose(page, 'Cảnh báo gì', 'Xả lũ hồ chứa');
    await choose(page, 'Cấp độ', 'Cấp 5: thảm họa (tím)');
    const parts = page.getByRole('group', { name: 'Các câu' });
    await parts.getByLabel('Câu hoặc chỗ trống').selectOption('cb-nham-1');
    await parts.getByRole('button', { name: 'Thêm' }).press('Enter');
    await parts.getByLabel('Câu hoặc chỗ trống').selectOption('[village]');
    await parts.getByRole('button', { name: 'Thêm' }).press('Enter');
    await page.getByLabel('Thêm thứ tự riêng cho tiếng').selectOption('jra');
    await page.getByRole('button', { name: 'Thêm', exact: true }).last().press('Enter');
    const own = page.getByRole('group', { name: /Thứ tự riêng/ });
    await own.getByRole('button', { name: 'Đưa lên: [Tên làng]' }).press('Enter');
    await own.getByRole('listitem').first().getByText('[Tên làng]').waitFor();
    await checkPage(page, 'a template being made');
    await look(page, 'template-made-360');
    await page.getByRole('button', { name: 'Lưu' }).press('Enter');
    await page.getByText('Đã gửi, chờ người thứ hai duyệt.').waitFor();
    await checkPage(page, 'it waits');
    assert.equal(await page.getByRole('link', { name: 'Vỡ đập' }).count(), 0, 'one person alone adds nothing');
    await close();
    await judge('a template to be agreed to', 'Vỡ đập');
});

test('read on a phone, changed, and a phrase added', async () => {
    const { page, close } = await person('editor', PHONE);
    await visit(page, '#/phrases');
    await page.getByRole('link', { name: 'Mẫu cảnh báo', exact: true }).click();
    await page.getByRole('link', { name: 'Vỡ đập' }).click();
    await page.getByText('Cấp 5: thảm họa (tím)').waitFor();
    const jrai = page.locator('section').filter({ hasText: 'Thứ tự riêng' });
    assert.match(await jrai.getByRole('listitem').first().innerText(), /Tên làng/);
    await checkPage(page, 'a template on a phone');
    await look(page, 'template-360');
    await page.getByRole('button', { name: 'Sửa mẫu' }).click();
    await page.getByLabel('Số lần đọc').fill('5');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByText('Đã gửi, chờ người thứ hai duyệt.').waitFor();
    await close();
    await judge('a change to be agreed to', 'Vỡ đập');
});

test('a phrase is added for templates; retired by two, with a reason', async () => {
    const { page, close } = await person('editor');
    await visit(page, '#/templates');
    await page.getByRole('button', { name: 'Thêm câu' }).click();
    await page.getByLabel('Câu đọc').fill('Đập đã vỡ, chạy lên đồi ngay.');
    await checkPage(page, 'a phrase being added');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Vỡ đập' }).click();
    await page.getByText('5', { exact: true }).waitFor();
    const where = new URL(page.url()).hash;
    assert.match(where, /^#\/templates\/vo-dap-[0-9a-f]{6}$/, 'no other of that name is changed by it');
    await page.getByRole('button', { name: 'Thôi dùng mẫu' }).click();
    await page.getByLabel('Lý do').fill('trùng với mẫu xả lũ');
    await checkPage(page, 'a template being retired');
    await look(page, 'template-retire-1280');
    await page.getByRole('dialog').getByRole('button', { name: 'Thôi dùng mẫu' }).click();
    await page.getByText('Đã gửi, chờ người thứ hai duyệt.').waitFor();
    await close();
    await judge('a template to be retired', 'trùng với mẫu xả lũ');
    const later = await person('editor', PHONE);
    await visit(later.page, where);
    await later.page.getByText(/^Đã thôi dùng từ/).waitFor();
    await checkPage(later.page, 'a retired template');
    await later.close();
});
