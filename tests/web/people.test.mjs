/* people.test.mjs - an administrator brings a deputy in by clicks, and the audit tells it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, district, open, openMenu, signIn, visit } from './browser.mjs';
import { codeAt, nextCode, stepNow } from './phone.mjs';
import { person } from './plan.mjs';

after(closeBrowser);

/* By the letters that are shown beside the code to scan; Returns: those letters. */
async function setUp(page, password, begin = 'Thiết lập') {
    const form = page.locator('form', { has: page.getByLabel('Mật khẩu hiện nay') }).first();
    await form.getByLabel('Mật khẩu hiện nay').fill(password);
    await form.getByRole('button', { name: begin }).click();
    await page.locator('svg.qr').waitFor();
    await checkPage(page, 'a code to scan');
    const secret = await page.locator('p.code').innerText();
    await page.getByLabel('Sáu chữ số').fill('000000');
    await page.getByRole('button', { name: 'Xác nhận' }).click();
    await page.getByText('Mã không đúng, đã hết hạn hoặc đã dùng rồi.').waitFor();
    await page.getByLabel('Sáu chữ số').fill(codeAt(secret, stepNow()));
    await page.getByRole('button', { name: 'Xác nhận' }).click();
    await page.getByRole('heading', { name: 'Mã dự phòng' }).waitFor();
    assert.equal(await page.locator('.codes li').count(), 10);
    await checkPage(page, 'recovery codes');
    await page.getByRole('button', { name: 'Tôi đã cất các mã này' }).click();
    return secret;
}

/* The file holds the whole chain: anybody can compute it anew. */
async function checkExport(page) {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Lưu tệp CSV' }).click()]);
    assert.equal(file.suggestedFilename(), 'loa-audit.csv');
    const [names, ...rows] = fs.readFileSync(await file.path(), 'utf8').slice(1).trim().split('\r\n')
        .map((line) => [...line.matchAll(/"((?:[^"]|"")*)"/g)].map(([, text]) => text.replaceAll('""', '"')));
    assert.ok(rows.length > 20 && rows.at(-1)[names.indexOf('seq')] === '1');
    for (const [i, row] of rows.entries()) {
        const of = Object.fromEntries(names.map((name, k) => [name, row[k]]));
        const text = ['chain', 'seq', 'at_us', 'actor', 'action', 'object', 'detail', 'prev'].map((name) => `${of[name]}\n`).join('');
        assert.equal(createHash('sha256').update(text).digest('hex'), of.hash, `row ${of.seq}`);
        assert.equal(of.prev, rows[i + 1]?.[names.indexOf('hash')] ?? '0'.repeat(64));
    }
}

test('a deputy until a date, who signs in with the password told once and a second factor', async () => {
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
    await page.getByRole('cell', { name: 'cấp quyền' }).first().waitFor();
    await page.getByRole('button', { name: 'Kiểm tra toàn bộ chuỗi' }).click();
    await page.getByText(/Chuỗi nguyên vẹn: \d+ dòng/).waitFor();
    await checkPage(page, 'audit');
    await checkExport(page);
    await page.getByLabel('Làm gì').selectOption('right.grant');
    await page.getByLabel('Chỉ việc của').fill(district.accounts.administrator.login);
    await page.getByRole('cell', { name: 'thêm tài khoản' }).waitFor({ state: 'detached' });
    await page.getByRole('cell', { name: 'cấp quyền' }).first().waitFor();
    await page.getByRole('cell', { name: 'cấp quyền' }).nth(1).waitFor({ state: 'detached' });
    await page.getByLabel('Ngày', { exact: true }).fill('01/01/2020');
    await page.getByText('Không có dòng nào.').waitFor();
    await close();

    const deputy = await open({ width: 360, expected: [/401/, /403/] });
    await deputy.page.getByLabel('Tên đăng nhập').fill('thay-the');
    await deputy.page.getByLabel('Mật khẩu').fill(password);
    await deputy.page.getByRole('button', { name: 'Đăng nhập' }).click();
    /* An approver does nothing before the second factor is set up. */
    await deputy.page.getByRole('heading', { name: 'Xác thực hai bước' }).waitFor();
    await checkPage(deputy.page, 'a second factor is needed');
    const secret = await setUp(deputy.page, password);
    await openMenu(deputy.page);
    await deputy.page.getByRole('link', { name: 'Người thay thế' }).waitFor();
    assert.equal(await deputy.page.getByRole('link', { name: 'Nhật ký thao tác' }).count(), 0);
    await deputy.close();
    district.accounts.deputy = { login: 'thay-the', password, secret, step: stepNow() + 1, recovery: [] };
});

test('a setting is changed where it stands, and refused in words', async () => {
    const { page, close } = await open({ width: 360, expected: [/422/] });
    await signIn(page, 'administrator');
    await visit(page, '#/people');
    await page.getByRole('link', { name: 'Cài đặt' }).click();
    const days = page.getByLabel('Lưu lịch sử tín hiệu (ngày)');
    await days.waitFor();
    await checkPage(page, 'settings');
    await days.fill('0');
    await page.getByRole('button', { name: /^Lưu ?: Lưu lịch sử/ }).click();
    await page.getByRole('alert').waitFor();
    await days.fill('500');
    await page.getByRole('button', { name: /^Lưu ?: Lưu lịch sử/ }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await page.reload();
    await page.waitForFunction(() => [...document.querySelectorAll('input')].some((one) => one.value === '500'));
    await close();
});

test('who may not, is told so and sees nothing, whatever the address says', async () => {
    const { page, close } = await open({ expected: [/403/] });
    await signIn(page, 'editor');
    await visit(page, '#/people');
    await page.getByText('Bạn không có quyền làm việc này ở đây.').waitFor();
    await close();
});

test('my account: a second factor by choice, my sessions, and a factor lost and taken away by two', async () => {
    const { page, close } = await open({ expected: [/401/] });
    const account = district.accounts.official;
    await signIn(page, 'official');
    await visit(page, '#/account');
    const card = page.locator('section', { has: page.getByRole('heading', { name: 'Xác thực hai bước' }) });
    await card.getByRole('button', { name: 'Thiết lập' }).click();
    const secret = await setUp(page, account.password, 'Tiếp tục');
    await card.getByText('Đang dùng. Còn 10 mã dự phòng.').waitFor();
    await checkPage(page, 'account');
    Object.assign(account, { secret, step: stepNow() + 1, recovery: [] });

    const other = await open({ width: 360, expected: [/401/] });
    await other.page.getByLabel('Tên đăng nhập').fill(account.login);
    await other.page.getByLabel('Mật khẩu').fill(account.password);
    await other.page.getByRole('button', { name: 'Đăng nhập' }).click();
    await other.page.getByLabel('Mã xác thực').waitFor();
    await checkPage(other.page, 'the second step');
    await other.page.getByLabel('Mã xác thực').fill('000000');
    await other.page.getByRole('button', { name: 'Đăng nhập' }).click();
    await other.page.getByText('Mã không đúng, đã hết hạn hoặc đã dùng rồi.').waitFor();
    await other.page.getByLabel('Mã xác thực').fill(await nextCode(account));
    await other.page.getByRole('button', { name: 'Đăng nhập' }).click();
    await other.page.locator('header.bar').waitFor();
    await visit(other.page, '#/account');
    await checkPage(other.page, 'account on a phone');
    const sessions = other.page.locator('section', { has: other.page.getByRole('heading', { name: 'Các phiên của tôi' }) });
    await sessions.getByText('phiên này').waitFor();
    await sessions.getByRole('button', { name: /^Kết thúc phiên từ/ }).click();
    await sessions.getByRole('button', { name: /^Kết thúc phiên từ/ }).waitFor({ state: 'detached' });
    await page.reload();
    await page.getByLabel('Tên đăng nhập').waitFor();
    await close();

    const asker = await open();
    await signIn(asker.page, 'administrator');
    await visit(asker.page, '#/people');
    const lost = asker.page.locator('section', { has: asker.page.getByRole('heading', { name: 'Tài khoản official' }) });
    await lost.getByRole('button', { name: 'Hủy xác thực hai bước' }).click();
    await asker.page.getByLabel('Lý do').fill('Mất điện thoại; đã gặp trực tiếp');
    await checkPage(asker.page, 'a lost factor');
    await asker.page.getByRole('button', { name: 'Đề nghị hủy' }).click();
    await lost.getByText('đề nghị hủy xác thực hai bước: Mất điện thoại').waitFor();
    assert.equal(await lost.getByRole('button', { name: 'Xác nhận hủy' }).count(), 0);
    await asker.close();

    const judge = await open({ width: 360 });
    await signIn(judge.page, 'first');
    await visit(judge.page, '#/people');
    const there = judge.page.locator('section', { has: judge.page.getByRole('heading', { name: 'Tài khoản official' }) });
    await there.getByRole('button', { name: 'Xác nhận hủy' }).waitFor();
    await checkPage(judge.page, 'a reset that waits');
    await there.getByRole('button', { name: 'Xác nhận hủy' }).click();
    await there.getByRole('button', { name: 'Xác nhận hủy' }).waitFor({ state: 'detached' });
    await judge.close();

    account.secret = undefined;
    const back = await open();
    await signIn(back.page, 'official');
    await back.page.getByText('xác thực hai bước của bạn đã bị hủy').waitFor();
    await checkPage(back.page, 'told what was done');
    await back.page.getByRole('button', { name: 'Đã xem' }).click();
    await back.page.getByText('xác thực hai bước của bạn đã bị hủy').waitFor({ state: 'detached' });
    await back.close();
});

test('who leaves: refused while nobody else approves, then in one act with a successor', async () => {
    const { page, close } = await open({ expected: [/409/, /422/] });
    await signIn(page, 'administrator');
    await visit(page, '#/people');
    const administrator = await person('administrator');
    const made = await administrator('POST', '/api/accounts', { login: 'sap-nghi', name: 'Người sắp nghỉ' });
    await administrator('PUT', `/api/accounts/${made.id}/rights`, { role: 'editor', area: district.area });
    district.accounts.leaver = { login: 'sap-nghi', password: made.password };
    const leaver = await person('leaver');
    await leaver('POST', '/api/announcements', {
        title: 'Việc còn dở', home: district.area, areas: [district.area], class: 'thong_thuong', kind: 'bulletin',
        valid_from_us: 0, valid_until_us: Date.UTC(2100, 0) * 1000,
        source_number: '1/TB', source_issuer: 'UBND', source_date: '2026-11-20',
    });
    await page.reload();
    const leaves = page.locator('section', { has: page.getByRole('heading', { name: 'Người sắp nghỉ' }) });
    await leaves.getByRole('button', { name: 'Cho nghỉ' }).click();
    const dialog = page.getByRole('dialog');
    await checkPage(page, 'somebody leaves');
    await dialog.getByRole('button', { name: 'Cho nghỉ' }).click();
    await dialog.getByText('Người này còn việc chưa xong. Hãy chọn người tiếp nhận.').waitFor();
    await dialog.getByLabel('Người tiếp nhận').selectOption({ label: 'Tài khoản editor (editor-1)' });
    await dialog.getByRole('button', { name: 'Cho nghỉ' }).click();
    await leaves.getByText('Đã nghỉ').waitFor();
    await close();

    /* The approvers of the rig: the last of them is kept. */
    const again = await open({ width: 360, expected: [/409/, /422/] });
    await signIn(again.page, 'administrator');
    await visit(again.page, '#/people');
    const approvers = ['Người thay thế', 'Tài khoản approver'];
    const deputy = again.page.locator('section', { has: again.page.getByRole('heading', { name: approvers[0] }) });
    await deputy.getByRole('button', { name: 'Cho nghỉ' }).click();
    await again.page.getByRole('dialog').getByRole('button', { name: 'Cho nghỉ' }).click();
    await deputy.getByText('Đã nghỉ').waitFor();
    await again.page.locator('section', { has: again.page.getByRole('heading', { name: approvers[1] }) })
        .getByRole('button', { name: 'Cho nghỉ' }).click();
    await again.page.getByRole('dialog').getByRole('button', { name: 'Cho nghỉ' }).click();
    await again.page.getByText('Sẽ có nơi không còn người duyệt.').waitFor();
    await again.page.getByLabel('Vẫn cho nghỉ').waitFor();
    await checkPage(again.page, 'no approver would be left');
    await again.page.getByRole('button', { name: 'Hủy', exact: true }).click();
    const last = again.page.locator('section', { has: again.page.getByRole('heading', { name: approvers[1] }) });
    await last.getByRole('button', { name: /^Thu lại/ }).click();
    await last.getByRole('button', { name: 'Vẫn thu, dù có nơi không còn người duyệt' }).waitFor();
    await checkPage(again.page, 'the last right to approve stays');
    await again.close();
});
