/*
 * local-page.story.mjs - the commune operator at night, on a phone, with no district: the own
 * name, the PIN, a drill and an alert on the loudspeakers, and silence again in two clicks.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, district, open } from './browser.mjs';

after(closeBrowser);

const PHONE = { width: 360, height: 740 };
/* Who is not in, or mistypes, is answered with 401, which a browser calls an error. */
const NOT_IN = /status of 401/;
/* Right after its start the player has not come to the page, which asks again by itself. */
const NOT_YET = /status of 503/;
const PIN = '482915';

const heard = async () => (await (await fetch(`${district.control}/heard`, { method: 'POST' })).json()).n;

/* The page may not be there yet: it was started a moment ago. */
async function come(options = {}) {
    for (let tries = 0; ; tries++) {
        try {
            return await open({ ...PHONE, expected: [NOT_IN, NOT_YET], ...options });
        } catch (error) {
            if (tries === 100) throw error;
        }
    }
}

async function signIn(page, pin = PIN) {
    await page.getByRole('radio', { name: 'Rơ Châm Hoa' }).check();
    await page.getByLabel('Mã PIN').fill(pin);
    await page.getByRole('button', { name: 'Vào' }).click();
}

async function prepare(page, kind) {
    await page.getByRole('link', { name: kind }).click();
    await page.getByRole('radio', { name: 'Lũ trên sông' }).check();
    await page.getByRole('checkbox', { name: 'Tất cả 2 làng' }).check();
    await checkPage(page, `${kind}: what and where`);
    await page.getByRole('button', { name: 'Kiểm tra trước khi phát' }).click();
    await page.getByRole('heading', { name: '3. Kiểm tra và phát' }).waitFor();
}

async function hold(page, words) {
    const button = page.getByRole('button', { name: words });
    await button.scrollIntoViewIfNeeded();
    const box = await button.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.getByText('Giữ tiếp…').waitFor();
}

const state = (page, words) => page.getByRole('row', { name: /^lang/ }).first().getByText(words).waitFor();

async function stop(page) {
    await page.getByRole('button', { name: /^Dừng cảnh báo/ }).click();
    await checkPage(page, 'asked once more');
    await page.getByRole('button', { name: 'Dừng ngay' }).click();
    await state(page, 'đã dừng');
    await page.getByRole('button', { name: /^Dừng cảnh báo/ }).waitFor({ state: 'detached' });
}

test('own name and PIN; a drill held to send is heard, looks like none but a drill, and is stopped', async () => {
    const { page, close } = await come();
    await page.getByRole('heading', { name: 'Cảnh báo tại đài xã' }).waitFor();
    await page.getByText('Rơ Châm Hoa').waitFor();
    await checkPage(page, 'who are you');
    await signIn(page, '111111');
    await page.getByText('Mã PIN không đúng.').waitFor();
    await signIn(page);
    await page.getByText('mất liên lạc với huyện, đài xã vẫn phát được').waitFor();
    await page.getByText('Không có cảnh báo nào.').waitFor();
    await checkPage(page, 'nothing sounds');
    const before = await heard();
    await prepare(page, 'Phát diễn tập');
    assert.ok(await page.getByText('DIỄN TẬP').count() >= 2, 'a drill says so');
    const button = page.locator('button.hold');
    assert.ok(await button.isDisabled(), 'nobody sends what was not looked at');
    await page.getByLabel('Tôi đã kiểm tra: đây là diễn tập').check();
    await checkPage(page, 'to be checked');
    await button.click();
    await hold(page, /diễn tập/i);
    await page.mouse.up();
    assert.match(page.url(), /#\/drill$/, 'too short a hold sends nothing');
    await hold(page, /diễn tập/i);
    await state(page, 'đang phát');
    await page.mouse.up();
    await page.locator('.alert-card .band', { hasText: 'DIỄN TẬP' }).waitFor();
    await checkPage(page, 'how far it is');
    assert.ok(await heard() > before, 'the sound card heard it');
    await stop(page);
    await close();
});

test('a real alert by the second way, on a keyboard; English; signed out', async () => {
    const { page, close } = await come();
    await page.getByText('Rơ Châm Hoa').waitFor();
    await signIn(page);
    await prepare(page, 'Phát cảnh báo khẩn');
    assert.equal(await page.locator('main').getByText('DIỄN TẬP').count(), 0, 'nothing here speaks of a drill');
    await page.getByLabel('Tôi đã kiểm tra: đúng loại').check();
    await page.getByText('Không giữ được nút?').focus();
    await page.keyboard.press('Enter');
    const number = page.getByLabel('Gõ số làng sẽ nghe');
    await number.fill('3');
    assert.ok(await page.getByRole('button', { name: 'Phát ngay' }).isDisabled(), 'another number sends nothing');
    await number.fill('2');
    await checkPage(page, 'the second way');
    await page.getByRole('button', { name: 'Phát ngay' }).focus();
    await page.keyboard.press('Enter');
    await state(page, 'đang phát');
    await stop(page);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('no line to the district').waitFor();
    await checkPage(page, 'in English');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('Who are you?').waitFor();
    await close();
});
