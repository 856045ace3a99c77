/* pages.test.mjs - the frame and the first pages, in a real browser on a real district. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, district, open, signIn, visit } from './browser.mjs';

after(closeBrowser);

test('a stranger sees the sign-in and nothing else; a wrong password is told in words', async () => {
    const { page, close } = await open({ expected: [/401/] });
    assert.equal(await page.locator('header.bar').count(), 0);
    await checkPage(page, 'sign-in');
    await page.getByLabel('Tên đăng nhập').fill(district.accounts.editor.login);
    await page.getByLabel('Mật khẩu').fill('không phải mật khẩu này');
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
    await page.getByText('Tên đăng nhập hoặc mật khẩu không đúng.').waitFor();
    await checkPage(page, 'sign-in refused');
    await close();
});

test('signed in by keyboard alone, out by a click; the session is gone then', async () => {
    const { page, close } = await open({ expected: [/401/] });
    await page.getByLabel('Tên đăng nhập').focus();
    await page.keyboard.type(district.accounts.editor.login);
    await page.keyboard.press('Tab');
    await page.keyboard.type(district.accounts.editor.password);
    await page.keyboard.press('Enter');
    await page.locator('header.bar').waitFor();
    await page.getByRole('button', { name: 'Đăng xuất' }).click();
    await page.getByRole('button', { name: 'Đăng nhập' }).waitFor();
    assert.equal(await page.evaluate(async () => (await fetch('/api/session')).status), 401);
    await close();
});

for (const width of [1280, 360]) {
    for (const [hash, words] of [['#/', 'Hôm nay'], ['#/announcements', 'Bản tin'],
        ['#/delivery', 'Kết quả phát'], ['#/figures?month=2026-02', 'Kết quả phát tháng 02/2026'], ['#/stations', 'Các đài'], ['#/account', '']]) {
        test(`${hash || 'today'} at ${width} px: nothing that hinders anybody`, async () => {
            const { page, close } = await open({ width });
            await signIn(page, 'editor');
            await visit(page, hash);
            await page.getByRole('heading', { level: 1, name: new RegExp(words) }).waitFor();
            await page.waitForFunction(() => ![...document.querySelectorAll('main [role=status]')]
                .some((one) => one.textContent.includes('Đang tải'))); /* there may be several */
            await checkPage(page, `${hash} at ${width} px`);
            await close();
        });
    }
}

test('words for the ear alone, far right in a table that scrolls, make no page wider', async () => {
    const { page, close } = await open({ width: 360 });
    await signIn(page, 'editor');
    await page.evaluate(() => {
        const far = document.createElement('span');
        const cell = document.createElement('div');
        const box = document.createElement('div');
        far.className = 'hidden';
        box.className = 'wide';
        cell.style.width = '900px';
        far.style.marginLeft = '800px';
        cell.append(far);
        box.append(cell);
        document.querySelector('main').append(box);
    });
    await checkPage(page, 'a wide table');
    await close();
});

test('English by a switch, kept over a reload', async () => {
    const { page, close } = await open();
    await signIn(page, 'editor');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
    await close();
});

test('the letters of Bahnar and Jrai come from the font that is sent along', async () => {
    const { page, close } = await open();
    await signIn(page, 'editor');
    const loaded = await page.evaluate(async () => {
        await document.fonts.load('15px Noto', 'ơ̆ ư̆ ê̆ ô̆ č ƀ Ʉ');
        return document.fonts.check('15px Noto', 'ơ̆ ư̆ ê̆ ô̆ č ƀ');
    });
    assert.ok(loaded);
    await close();
});
