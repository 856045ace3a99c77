/* pages.test.mjs - the frame and the first pages, in a real browser on a real district. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, district, open, openMenu, signIn, visit } from './browser.mjs';

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
    await openMenu(page);
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

for (const [width, role] of [[1280, 'editor'], [1280, 'administrator'], [1280, 'approver'], [1280, 'operator'], [360, 'editor'], [360, 'operator']])
    test(`the bar is one line at ${width} px for the ${role}, and its menu is reached by keyboard`, async () => {
        const { page, close } = await open({ width });
        await signIn(page, role);
        const bar = page.locator('header.bar');
        const links = bar.getByRole('link');
        assert.ok((await bar.boundingBox()).height <= 60, 'one line');
        const shown = await links.count();
        if (process.env.LOA_SHOTS) await page.screenshot({ path: `${process.env.LOA_SHOTS}/bar-${width}-${role}.png` });
        const menu = page.getByRole('button', { name: 'Menu' });
        assert.equal(await menu.getAttribute('aria-expanded'), 'false');
        await menu.focus();
        await page.keyboard.press('Enter');
        assert.equal(await menu.getAttribute('aria-expanded'), 'true');
        assert.ok(await links.count() > shown);
        await checkPage(page, `the menu at ${width} px`);
        if (process.env.LOA_SHOTS) await page.screenshot({ path: `${process.env.LOA_SHOTS}/menu-${width}-${role}.png` });
        await page.keyboard.press('Escape');
        assert.equal(await menu.getAttribute('aria-expanded'), 'false');
        assert.ok(await menu.evaluate((one) => one === document.activeElement));
        await openMenu(page);
        await links.filter({ hasText: 'Khung giờ' }).click();
        await page.getByRole('heading', { level: 1, name: 'Khung giờ' }).waitFor();
        assert.equal(await menu.getAttribute('aria-expanded'), 'false', 'closed by going there');
        await close();
    });

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
    await openMenu(page);
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
