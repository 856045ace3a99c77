/* days.test.mjs - special days: silence at once, other sound after a second person; seen where it matters. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, open, signIn, visit } from './browser.mjs';

after(closeBrowser);

async function person(role, options) {
    const opened = await open(options);
    await signIn(opened.page, role);
    return opened;
}

async function fill(page, name, first, last, act) {
    await page.getByRole('button', { name: 'Thêm ngày đặc biệt' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Tên ngày').fill(name);
    await dialog.getByLabel('Từ ngày').fill(first);
    await dialog.getByLabel('Đến hết ngày').fill(last);
    await dialog.getByLabel('Các buổi phát thì').selectOption(act);
    return dialog;
}

async function save(dialog) {
    await dialog.getByRole('button', { name: 'Lưu' }).click();
    await dialog.waitFor({ state: 'detached' });
}

for (const width of [1280, 360]) {
    test(`silence at once, and shown on the week and delivery pages, ${width} px`, async () => {
        const { page, close } = await person('official', { width });
        const name = `Quốc tang ${width}`;
        await visit(page, '#/days');
        await checkPage(page, 'special days');
        const dialog = await fill(page, name, '05/02/2032', '06/02/2032', 'skip');
        await checkPage(page, 'a new special day');
        await save(dialog);
        const card = page.locator('li', { hasText: name });
        await card.getByText('05/02/2032 – 06/02/2032').waitFor();
        await card.getByText('không phát').waitFor();
        await checkPage(page, 'special days with one');
        for (const where of ['#/week?from=2032-02-05&area=ia-pa', '#/week?view=week&from=2032-02-05&area=ia-pa', '#/delivery?date=2032-02-06']) {
            await visit(page, where);
            await page.getByRole('link', { name }).waitFor();
            await checkPage(page, where);
        }
        await close();
    });
}

test('another time waits for a second person', async () => {
    const editor = await person('editor');
    const { page } = editor;
    await visit(page, '#/days');
    const dialog = await fill(page, 'Lễ hội cồng chiêng', '10/03/2032', '10/03/2032', 'move_to');
    await dialog.getByLabel('Giờ phát').fill('19:30');
    await save(dialog);
    await page.getByText('chờ người thứ hai duyệt').waitFor();
    assert.equal(await page.locator('li', { hasText: 'Lễ hội cồng chiêng' }).count(), 0);

    const approver = await person('approver');
    await visit(approver.page, '#/review');
    const waiting = approver.page.locator('li', { hasText: 'Ngày đặc biệt' });
    await waiting.locator('summary').click();
    await waiting.getByText('Lễ hội cồng chiêng').waitFor();
    await checkPage(approver.page, 'a special day to be judged');
    await waiting.getByRole('button', { name: 'Duyệt' }).click();
    await waiting.waitFor({ state: 'detached' });
    await approver.close();

    await page.locator('li', { hasText: 'Lễ hội cồng chiêng' }).getByText('phát lúc 19:30').waitFor();
    await editor.close();
});
