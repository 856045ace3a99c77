/*
 * line.test.mjs - the district goes away and comes back under an open page; somebody else
 * changes what is shown.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, district, open, restart, signIn, stop, visit } from './browser.mjs';

after(closeBrowser);

const quiet = [/ERR_CONNECTION/, /ERR_EMPTY/, /ERR_SOCKET/, /503/];

test('the server restarts: a banner, recovery, and nothing typed is lost', async () => {
    const { page, close } = await open({ expected: quiet });
    await signIn(page, 'editor');
    await visit(page, '#/announcements');
    await page.getByRole('button', { name: 'Soạn bản tin mới' }).click();
    await page.getByLabel('Tiêu đề', { exact: true }).fill('Gõ dở lúc mất mạng');
    await stop();
    await page.getByText('Mất kết nối với máy chủ.').waitFor();
    await restart();
    await page.getByText('Mất kết nối với máy chủ.').waitFor({ state: 'detached' });
    assert.equal(await page.getByLabel('Tiêu đề', { exact: true }).inputValue(), 'Gõ dở lúc mất mạng');
    await page.getByLabel('Số văn bản nguồn').fill('13/TB');
    await page.getByLabel('Cơ quan ban hành').fill('UBND xã');
    await page.getByLabel('Ngày ban hành').fill('20/11/2026');
    await page.getByRole('button', { name: 'Tạo bản tin' }).click();
    await page.getByRole('heading', { name: 'Gõ dở lúc mất mạng' }).waitFor();
    await close();
});

test('what another person writes is shown without asking', async () => {
    const watcher = await open();
    await signIn(watcher.page, 'official');
    await visit(watcher.page, '#/announcements');
    const writer = await open();
    await signIn(writer.page, 'editor');
    await writer.page.evaluate(async (area) => fetch('/api/announcements', {
        method: 'POST', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
            title: 'Bản tin của người khác', class: 'thong_thuong', source_number: '1', source_issuer: 'UBND',
            source_date: '2026-11-20', valid_from_us: 0, valid_until_us: 4e15, home: area, areas: [area],
        }),
    }), district.area);
    await watcher.page.getByRole('link', { name: 'Bản tin của người khác' }).waitFor();
    await writer.close();
    await watcher.close();
});
