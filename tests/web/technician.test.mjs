/*
 * technician.test.mjs - a technician gets a station in, tests its relay and replaces its player by
 * clicks alone, with a real player, gateway and a simulated board; the list of units.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, enrol, open, signIn, visit } from './browser.mjs';

after(closeBrowser);

const SLOW = { timeout: 180_000 }; /* beside other suites */

/* Makes a code in the open dialog and types it at the machine. */
async function enrolMachine(page) {
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Tạo mã' }).click();
    await dialog.getByRole('img', { name: 'Mã ghi danh dạng QR' }).waitFor();
    const answer = await enrol(await dialog.locator('.code').innerText());
    assert.equal(answer.status, 200);
    await dialog.getByText('Máy mới đã ghi danh xong').waitFor(SLOW);
    await dialog.getByRole('button', { name: 'Đóng' }).click();
}

test('a station is made, enrolled and its relay tested', async () => {
    const { page, close } = await open();
    await signIn(page, 'technician');
    await visit(page, '#/stations');
    await page.getByRole('button', { name: 'Thêm đài' }).click();
    await page.getByLabel('Tên').fill('Đài Ia Tho');
    await page.getByLabel('Nơi đặt đài').selectOption('ia-tho');
    assert.equal(await page.getByLabel('Mã đài').inputValue(), 'dai-ia-tho');
    await checkPage(page, 'a new station');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByRole('heading', { name: 'Đài Ia Tho', level: 1 }).waitFor();

    await page.getByRole('button', { name: 'Thêm cụm loa' }).click();
    await page.getByLabel('Tên').fill('Cụm chợ');
    assert.equal(await page.getByLabel('Mã cụm loa').inputValue(), 'cum-cho');
    await page.getByLabel('Làng').selectOption('ia-tho-1');
    await page.getByRole('button', { name: 'Thêm Jrai' }).click();
    await page.getByRole('button', { name: 'Lên: Jrai' }).click();
    await checkPage(page, 'a new zone');
    await page.getByRole('button', { name: 'Lưu' }).click();
    const zone = page.getByRole('listitem').filter({ hasText: /Cụm chợ/ });
    await zone.waitFor();
    assert.deepEqual(await zone.locator('.tongue').allInnerTexts(), ['Jrai', 'Tiếng Việt']);

    /* A second card is a second output; zones can be put onto it then. */
    await page.getByRole('button', { name: 'Thêm ngõ ra' }).click();
    await page.getByLabel('Tên').fill('Loa trường học');
    assert.equal(await page.getByLabel('Mã ngõ ra').inputValue(), 'loa-truong-hoc');
    await checkPage(page, 'a new output');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await zone.getByText('cum-cho · Plei Tho · Loa chính').waitFor();

    await page.getByRole('button', { name: 'Ghi danh máy phát' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Tạo mã' }).waitFor();
    await checkPage(page, 'before the code');
    await enrolMachine(page);
    await page.getByText(/Đang liên lạc/).waitFor(SLOW);
    await zone.getByText('đang mở', { exact: true }).waitFor(SLOW);
    await zone.getByRole('button', { name: 'Thử rơ-le: Cụm chợ' }).click();
    await zone.getByText('rơ-le đã đóng rồi mở lại').waitFor(SLOW);
    await page.getByRole('listitem').filter({ hasText: 'máy phát khởi động' }).first().waitFor(SLOW);
    await checkPage(page, 'a station that was tested');
    await close();
});

test('another player takes the place of one that was stolen, on a phone', async () => {
    const { page, close } = await open({ width: 360 });
    await signIn(page, 'technician');
    await visit(page, '#/stations');
    await page.getByText('Rơ-le: 1 đang mở').waitFor(SLOW);
    await checkPage(page, 'stations at 360 px');
    await page.getByRole('link', { name: 'Đài Ia Tho' }).click();
    await page.getByRole('button', { name: 'Thay máy phát' }).click();
    await page.getByLabel('Máy cũ bị mất hoặc bị lấy cắp').check();
    await page.getByLabel('Lý do').fill('mất trộm ở nhà văn hóa xã');
    await checkPage(page, 'replacing a player at 360 px');
    await enrolMachine(page);
    const history = page.locator('section', { has: page.getByRole('heading', { name: 'Lịch sử của đài' }) });
    await history.getByText('thay máy phát, máy cũ bị thu hồi').waitFor(SLOW);
    await history.getByText('thu hồi máy phát · mất trộm ở nhà văn hóa xã').waitFor(SLOW);
    await page.getByText('đồng hồ đúng').waitFor(SLOW);
    await page.getByRole('button', { name: 'Thử rơ-le: Cụm chợ' }).click();
    await page.getByRole('listitem').filter({ hasText: /Cụm chợ/ }).getByText('rơ-le đã đóng rồi mở lại').waitFor(SLOW);
    await checkPage(page, 'a station at 360 px');
    await close();
});

test('the list of units is compared before it is taken', async () => {
    const { page, close } = await open({ expected: [/422/] });
    await signIn(page, 'administrator');
    await visit(page, '#/areas');
    await page.getByRole('listitem').filter({ hasText: /Plei Tho/ }).waitFor();
    await checkPage(page, 'areas');
    const take = async (text) => {
        await page.getByLabel('Tệp danh mục').setInputFiles({ name: 'don-vi.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
        await page.getByRole('button', { name: 'So sánh' }).click();
    };
    await page.getByRole('button', { name: 'Nhập danh mục đơn vị' }).click();
    await take('id,parent,kind,name\nx,nowhere,village,Plei X\n');
    await page.getByText('dòng 2, cột parent: chưa có đơn vị “nowhere”').waitFor();
    await page.getByText('Bảng có 1 chỗ chưa đúng. Chưa thay đổi gì.').waitFor();
    await checkPage(page, 'what is wrong with a list');
    await take('id,parent,kind,name,code\nia-tho-1,ia-tho,village,Plei Tho Dơng,23824\nia-tho-2,ia-tho,village,Plei Kly,\n');
    await page.getByText('Tệp có 2 đơn vị, 2 đơn vị mới hoặc khác.').waitFor();
    await page.getByText('Tên: Plei Tho → Plei Tho Dơng').waitFor();
    await checkPage(page, 'what a list would change');
    await page.getByRole('button', { name: 'Nhận 2 thay đổi' }).click();
    await page.getByRole('listitem').filter({ hasText: /Plei Kly/ }).waitFor();

    await page.getByRole('button', { name: 'Sửa Plei Kly' }).click();
    await page.getByLabel('Có đến hết ngày').fill('31/12/2030');
    await checkPage(page, 'an area');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByRole('listitem').filter({ hasText: /Plei Kly/ }).getByText('đến hết 31/12/2030').waitFor();
    await page.setViewportSize({ width: 360, height: 740 });
    await checkPage(page, 'areas at 360 px');
    await close();
});

test('a station out of use is found again', async () => {
    const { page, close } = await open();
    await signIn(page, 'technician');
    await visit(page, '#/stations');
    await page.getByRole('button', { name: 'Thêm đài' }).click();
    await page.getByLabel('Tên').fill('Đài cũ');
    await page.getByLabel('Nơi đặt đài').selectOption('xa-loa');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByRole('heading', { name: 'Đài cũ', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Sửa thông tin đài' }).click();
    await page.getByLabel('Đài không dùng nữa').check();
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await visit(page, '#/stations');
    assert.equal(await page.getByRole('heading', { name: 'Đài cũ' }).count(), 0);
    await page.getByText('Đài không dùng nữa').click();
    await checkPage(page, 'stations out of use');
    await page.getByRole('link', { name: 'Đài cũ' }).click();
    await page.getByRole('button', { name: 'Sửa thông tin đài' }).click();
    await page.getByLabel('Đài không dùng nữa').uncheck();
    await page.getByRole('button', { name: 'Lưu' }).click();
    await visit(page, '#/stations');
    await page.getByRole('heading', { name: 'Đài cũ' }).waitFor();
    await close();
});
