/*
 * hours.test.mjs - an official gives a village hours of its own, with what that would change shown
 * before; a technician makes a zone quieter at night; others see both and change neither.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, visit } from './browser.mjs';
import { person } from './desk.mjs';

after(closeBrowser);

const shot = (page, name) => process.env.LOA_SHOTS && page.screenshot({ path: `${process.env.LOA_SHOTS}/${name}.png`, fullPage: true });
const button = (page, name) => page.getByRole('button', { name });

for (const width of [1280, 360]) {
    test(`a village has hours of its own, and then those above again, ${width} px`, async () => {
        const { page, close } = await person('official', { width });
        /* Nobody has approved anything for these days: what the district would answer. */
        let changes = [{ slot: 'x', name: 'Bản tin tối', sounds: false, finding: 'outside_window', first_us: 1767783600000000, n_days: 7, n_villages: 4 }];
        await page.route('**/windows/preview', async (route) => {
            const answer = await route.fetch();
            assert.deepEqual(await answer.json(), { changes: [] });
            return route.fulfill({ json: { changes } });
        });
        await visit(page, '#/areas');
        const row = page.getByRole('listitem').filter({ hasText: 'Plei Tho' });
        await checkPage(page, 'the tree with its hours');
        await shot(page, `areas-${width}`);
        await row.getByRole('button', { name: /^Giờ được phép phát/ }).focus();
        await page.keyboard.press('Enter');
        const dialog = page.getByRole('dialog');
        await dialog.getByText('Theo Xã Ia Tho', { exact: true }).waitFor();
        await checkPage(page, 'hours of the area above');

        await button(dialog, 'Thêm dòng').press('Enter');
        const first = dialog.getByRole('group', { name: 'Dòng 1' });
        /* What is half typed stays while other rows come and go, one at a time. */
        await first.getByLabel('Từ giờ').fill('18:');
        await button(dialog, 'Thêm dòng').press('Enter');
        await button(dialog, 'Thêm dòng').press('Enter');
        await button(dialog, 'Bỏ dòng này').nth(1).click();
        await dialog.getByRole('group', { name: 'Dòng 3' }).waitFor({ state: 'detached' });
        assert.equal(await button(dialog, 'Bỏ dòng này').count(), 2);
        await button(dialog, 'Bỏ dòng này').nth(1).click();
        await dialog.getByRole('group', { name: 'Dòng 2' }).waitFor({ state: 'detached' });
        assert.equal(await first.getByLabel('Từ giờ').inputValue(), '18:');
        await first.getByLabel('Từ giờ').fill('18:00');
        await first.getByLabel('Đến giờ').fill('17:00');
        await dialog.getByText('Giờ đến phải sau giờ từ.').waitFor();
        assert.ok(await button(dialog, 'Xem lịch sẽ đổi gì').isDisabled());
        await checkPage(page, 'an end before its start');
        await first.getByLabel('Đến giờ').fill('19:30');
        await first.getByLabel('CN').uncheck();
        await dialog.getByLabel('Số phút mỗi ngày').fill('30');
        /* Nothing can be kept before it was looked at, nor what was typed after that. */
        await button(dialog, 'Xem lịch sẽ đổi gì').press('Enter');
        await dialog.getByText('Bản tin tối').waitFor();
        await dialog.getByText('7 ngày, 4 làng, từ 07/01/2026 18:00').waitFor();
        await checkPage(page, 'what would fall outside');
        await shot(page, `hours-${width}`);
        await first.getByLabel('Đến giờ').fill('19:00');
        changes = [];
        await button(dialog, 'Xem lịch sẽ đổi gì').press('Enter');
        await dialog.getByText('Không khung giờ nào đổi.').waitFor();
        await button(dialog, 'Lưu').press('Enter');
        await dialog.waitFor({ state: 'detached' });

        await row.getByRole('button', { name: /^Giờ được phép phát/ }).click();
        await dialog.getByText('Giờ riêng của Plei Tho', { exact: true }).waitFor();
        await dialog.getByText('T2, T3, T4, T5, T6, T7 18:00–19:00 (Thông thường)').waitFor();
        await dialog.getByText('Số phút mỗi ngày: 30 (Giờ riêng của Plei Tho)').waitFor();
        await button(dialog, 'Bỏ dòng này').click();
        await dialog.getByLabel('Số phút mỗi ngày').fill('');
        await button(dialog, 'Xem lịch sẽ đổi gì').click();
        await button(dialog, 'Lưu').click();
        await dialog.waitFor({ state: 'detached' });
        await row.getByRole('button', { name: /^Giờ được phép phát/ }).click();
        await dialog.getByText('Theo Xã Ia Tho', { exact: true }).waitFor();
        await close();
    });

    test(`a zone is quieter at night, ${width} px`, async () => {
        const { page, close } = await person('technician', { width });
        await visit(page, '#/stations/ia-pa');
        const zone = page.getByRole('listitem').filter({ hasText: 'Cụm loa a' });
        await zone.getByRole('button', { name: /^Âm lượng/ }).press('Enter');
        const dialog = page.getByRole('dialog');
        await button(dialog, 'Thêm dòng').press('Enter');
        const first = dialog.getByRole('group', { name: 'Dòng 1' });
        assert.equal(await first.getByLabel('Đến giờ').inputValue(), '24:00');
        await first.getByLabel('Âm lượng (dB)').fill('3');
        await dialog.getByText('Từ −96 đến 0.').waitFor();
        assert.ok(await button(dialog, 'Lưu').isDisabled());
        await first.getByLabel('Âm lượng (dB)').fill('-18.5');
        await button(dialog, 'Thêm dòng').press('Enter');
        await dialog.getByText('Có hai dòng trùng giờ nhau.').waitFor();
        await checkPage(page, 'two rows of one hour');
        const second = dialog.getByRole('group', { name: 'Dòng 2' });
        await second.getByLabel('Từ giờ').fill('0:00');
        await second.getByLabel('Đến giờ').fill('5:30');
        await dialog.getByText('Có hai dòng trùng giờ nhau.').waitFor({ state: 'detached' });
        await shot(page, `volume-${width}`);
        await button(dialog, 'Lưu').press('Enter');
        await dialog.waitFor({ state: 'detached' });
        await zone.getByText('21:00–24:00: -18.5 dB').waitFor();
        await zone.getByText('00:00–05:30: -12 dB').waitFor();
        await checkPage(page, 'a station with volumes');
        await shot(page, `station-${width}`);
        await zone.getByRole('button', { name: /^Âm lượng/ }).click();
        await button(dialog, 'Bỏ dòng này').first().click();
        await button(dialog, 'Bỏ dòng này').first().click();
        await button(dialog, 'Lưu').click();
        await zone.getByText('21:00–24:00').waitFor({ state: 'detached' });
        await close();
    });
}

test('an editor reads the hours of a village and changes none', async () => {
    const { page, close } = await person('editor');
    await visit(page, '#/commune?area=ia-tho-1');
    await page.getByRole('button', { name: /^Giờ được phép phát/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Theo Xã Ia Tho', { exact: true }).waitFor();
    assert.equal(await button(dialog, 'Thêm dòng').count(), 0);
    await checkPage(page, 'hours to read');
    await shot(page, 'hours-read');
    await close();
});
