/* people.test.mjs - an administrator brings a deputy in by clicks, and the audit tells it. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, open, signIn, visit } from './browser.mjs';

after(closeBrowser);

test('a deputy until a date, who signs in with the password told once', async () => {
    const { page, close } = await open();
    await signIn(page, 'administrator');
    await visit(page, '#/people');
    await page.getByRole('button', { name: 'Thêm tài khoản' }).click();
    await page.getByLabel('Họ và tên').fill('Người thay thế');
    await page.getByLabel('Tên đăng nhập').fill('thay-the');
    await checkPage(page, 'new account');
    await page.getByRole('button', { name: 'Tạo tài khoản' }).click();
    const password = await page.getByRole('dialog').locator('.code').innerText();
    await page.getByRole('button', { name: 'Đóng' }).click();
    const card = page.locator('section', { has: page.getByRole('heading', { name: 'Người thay thế' }) });
    await card.getByRole('button', { name: 'Cấp quyền' }).click();
    await page.getByLabel('Vai trò').selectOption('approver');
    await page.getByLabel('Đến hết ngày').fill('31/12/2030');
    await checkPage(page, 'a right');
    await page.getByRole('dialog').getByRole('button', { name: 'Cấp quyền' }).click();
    await card.getByText('Người duyệt · Khu vực thử · đến hết 31/12/2030').waitFor();
    await checkPage(page, 'accounts');
    await visit(page, '#/audit');
    await page.getByText('cấp quyền').first().waitFor();
    await page.getByRole('button', { name: 'Kiểm tra toàn bộ chuỗi' }).click();
    await page.getByText(/Chuỗi nguyên vẹn: \d+ dòng/).waitFor();
    await checkPage(page, 'audit');
    await close();

    const deputy = await open();
    await deputy.page.getByLabel('Tên đăng nhập').fill('thay-the');
    await deputy.page.getByLabel('Mật khẩu').fill(password);
    await deputy.page.getByRole('button', { name: 'Đăng nhập' }).click();
    await deputy.page.getByRole('link', { name: 'Người thay thế' }).waitFor();
    assert.equal(await deputy.page.getByRole('link', { name: 'Nhật ký thao tác' }).count(), 0);
    await deputy.close();
});

test('who may not, is told so and sees nothing, whatever the address says', async () => {
    const { page, close } = await open({ expected: [/403/] });
    await signIn(page, 'editor');
    await visit(page, '#/people');
    await page.getByText('Bạn không có quyền làm việc này ở đây.').waitFor();
    await close();
});
