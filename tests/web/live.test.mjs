/*
 * live.test.mjs - somebody speaks live from a browser: the microphone, the call, how it goes, its
 * end; and what they are told when the server dies under it.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, kill, restart, visit } from './browser.mjs';
import { person } from './desk.mjs';

after(closeBrowser);

/* Up to the button that is held. What the browser opens is kept, to be looked at. */
async function ready(page) {
    await page.evaluate(() => {
        const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        window.opened = [];
        navigator.mediaDevices.getUserMedia = async (what) => {
            const stream = await ask(what);
            window.opened.push(...stream.getTracks());
            return stream;
        };
    });
    await visit(page, '#/alerts/call');
    await page.getByRole('radio', { name: 'Nói trực tiếp bằng micrô' }).check();
    await page.getByRole('checkbox', { name: /Ƀôn 1, Ia Pa/ }).check();
    assert.ok(await page.locator('button.hold').isDisabled(), 'nobody is live without a microphone');
    await page.getByRole('button', { name: 'Mở micrô để thử tiếng' }).dblclick();
}

/* Live without a finger on the button. */
async function callIt(page) {
    await page.getByText('Không giữ được nút?').click();
    await page.getByLabel('Gõ số làng sẽ nghe').fill('1');
    await page.getByRole('button', { name: 'Phát ngay' }).click();
    await page.getByRole('heading', { name: /^ĐANG NÓI TRỰC TIẾP/ }).waitFor();
}

const microphones = (page) => page.evaluate(() => window.opened.map((one) => one.readyState));

const isClosed = (page) => page.waitForFunction(() => window.opened.every((one) => one.readyState === 'ended'));

const kept_s = (page) => page.getByLabel('Nghe lại lời đã nói').evaluate((audio) => new Promise((done, fail) => {
    audio.onerror = () => fail(new Error(`${audio.src}: ${audio.error.message}`));
    audio.onloadedmetadata = () => done(audio.duration);
    audio.preload = 'metadata';
    audio.load();
}));

test('spoken live: the microphone first, then held; how it goes; to its end, and heard again', async () => {
    const { page, close } = await person('operator', { width: 360, height: 740, permissions: ['microphone'] });
    await ready(page);
    await page.getByLabel('Tự ngắt sau').selectOption('5');
    /* The browser's own microphone beeps once a second. */
    await page.waitForFunction(() => document.querySelector('meter')?.value > 0.1);
    await checkPage(page, 'the microphone is open');
    await page.locator('button.hold').scrollIntoViewIfNeeded();
    const box = await page.locator('button.hold').boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.getByRole('heading', { name: 'ĐANG NÓI TRỰC TIẾP – còn 4' }).waitFor();
    await page.mouse.up();
    await page.getByText('Chờ loa phát hồi hiệu').waitFor();
    await checkPage(page, 'live');
    await page.getByRole('heading', { name: /còn 4 phút 5[0-7]/ }).waitFor();
    await page.getByRole('button', { name: 'Nói xong' }).click();
    await page.getByText('Đã nói xong.').waitFor();
    const said = await kept_s(page);
    assert.ok(said > 1.5 && said < 60, `${said} s were kept`);
    await checkPage(page, 'spoken to its end');
    await close();
});

/* A frame as it is sent: its sequence, and whether it is the last. */
const frameOf = (request) => {
    const body = request.postDataBuffer();
    return { sequence: body.readUInt32BE(0), isLast: body[4] === 1 };
};

test('a slow line, and a broken one at the end: frames in their order, and the last words are kept', async () => {
    const { page, close } = await person('operator', { permissions: ['microphone'], expected: [/Failed to load resource/] });
    const frames = [];
    let at_once = 0, most_at_once = 0, n_broken = 0;
    await ready(page);
    await page.route('**/frames', async (route) => {
        const frame = frameOf(route.request());
        frames.push(frame.sequence);
        most_at_once = Math.max(most_at_once, ++at_once);
        await new Promise((done) => { setTimeout(done, 700); });
        at_once--;
        if (frame.isLast && n_broken++ === 0) await route.abort();
        else await route.continue();
    });
    await callIt(page);
    const from_ms = Date.now();
    await new Promise((done) => { setTimeout(done, 4_000); });
    await page.getByRole('button', { name: 'Nói xong' }).click();
    const spoken_s = (Date.now() - from_ms) / 1000;
    await isClosed(page);
    await page.locator('main .problem').waitFor();
    await page.getByText('Đã nói xong.').waitFor();
    const said = await kept_s(page);
    assert.ok(said > spoken_s - 0.3, `of ${spoken_s} s ${said} s were kept`);
    assert.equal(most_at_once, 1, 'none overtakes another');
    assert.deepEqual(frames, frames.toSorted((a, b) => a - b));
    assert.equal(n_broken, 2, 'the last was sent again');
    await close();
});

test('somebody else stops it: the microphone is closed, and nothing more is sent', async () => {
    const { page, close } = await person('operator', { permissions: ['microphone'], expected: [/Failed to load resource/] });
    const other = await person('approver');
    await ready(page);
    await callIt(page);
    assert.deepEqual(await microphones(page), ['live'], 'two clicks open one microphone');
    const hash = await page.evaluate(() => location.hash);
    await visit(other.page, hash);
    await other.page.getByRole('button', { name: /^Dừng/ }).first().click();
    await other.page.getByRole('dialog').locator('button.danger').click();
    await page.getByText('Lời nói trực tiếp đã bị dừng.').waitFor();
    await isClosed(page);
    let n_more = 0;
    await new Promise((done) => { setTimeout(done, 1_000); });
    page.on('request', (request) => { n_more += request.url().endsWith('/frames'); });
    await new Promise((done) => { setTimeout(done, 1_000); });
    assert.equal(n_more, 0);
    await other.close();
    await close();
});

test('the page is left while the browser asks: no microphone stays open', async () => {
    const { page, close } = await person('operator', { permissions: ['microphone'] });
    await page.evaluate(() => {
        const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (what) => {
            window.isAsking = true;
            await new Promise((done) => { window.allow = done; });
            return ask(what);
        };
    });
    await ready(page);
    await page.waitForFunction(() => window.isAsking);
    await visit(page, '#/alerts');
    await page.getByLabel('Tự ngắt sau').waitFor({ state: 'detached' });
    await page.evaluate(() => window.allow());
    await page.waitForFunction(() => window.opened.length === 1);
    await isClosed(page);
    await close();
});

test('the microphone is pulled out: the speaker is told, and it ends', async () => {
    const { page, close } = await person('operator', { permissions: ['microphone'] });
    await ready(page);
    await callIt(page);
    await page.getByRole('heading', { name: /^ĐANG NÓI TRỰC TIẾP – còn/ }).waitFor();
    await page.evaluate(() => window.opened[0].dispatchEvent(new Event('ended')));
    await page.getByText('Micrô bị mất giữa chừng').waitFor();
    await page.getByText('Đã nói xong.').waitFor();
    await close();
});

test('the server dies while somebody speaks: they are told, and what was said is kept', async () => {
    const { page, close } = await person('operator', { permissions: ['microphone'], expected: [/Failed to load resource/] });
    await ready(page);
    await callIt(page);
    await page.getByRole('heading', { name: /^ĐANG NÓI TRỰC TIẾP – còn/ }).waitFor();
    await kill();
    await page.locator('section.card .problem').waitFor();
    await restart();
    await page.getByText('Máy chủ khởi động lại khi đang nói').waitFor({ timeout: 60_000 });
    await page.getByLabel('Nghe lại lời đã nói').waitFor();
    await close();
}, { timeout: 300_000 });

test('with a second person: asked, approved by somebody else, then spoken to the hard end they agreed to', async () => {
    const { page, close } = await person('operator', { width: 360, height: 740, permissions: ['microphone'] });
    const approver = await person('approver');
    await ready(page);
    await page.getByText('Xin người thứ hai đồng ý trước').first().click();
    await page.getByLabel('Nói việc gì').fill('Bão vào đêm nay');
    const from = page.getByLabel('Không trước');
    const ask = page.getByRole('button', { name: 'Xin người thứ hai đồng ý trước' });
    await from.fill('25:00');
    await page.getByText('Giờ viết dạng 05:30').waitFor();
    assert.ok(await ask.isDisabled(), 'a mistyped time does not mean now');
    /* Five minutes ago, by the clock here: tomorrow's. */
    const [date, time] = new Date(Date.now() + 7 * 3600e3 + 24 * 3600e3 - 300e3).toISOString().split('T');
    await from.fill(time.slice(0, 5));
    await page.getByText(`${date.split('-').reverse().join('/')} ${time.slice(0, 5)} – `).waitFor();
    await from.fill('');
    await page.getByText(/^\d\d\/\d\d\/\d{4} \d\d:\d\d – /).waitFor();
    await checkPage(page, 'a second person is asked');
    await ask.click();
    await page.getByText('Đã gửi.').waitFor();
    await visit(approver.page, '#/review');
    const one = approver.page.getByRole('listitem').filter({ hasText: 'Nói trực tiếp' });
    /* What is asked comes after the list; opened before, it may be drawn anew, and closed. */
    await one.getByText('Bão vào đêm nay').waitFor({ state: 'attached' });
    await one.locator('summary').click();
    await one.getByText('Bão vào đêm nay').waitFor();
    await one.getByText('Tài khoản operator').first().waitFor();
    assert.doesNotMatch(await one.innerText(), /[{}"]/, 'words, not JSON');
    await checkPage(approver.page, 'a live speech to be agreed to');
    await one.getByRole('button', { name: 'Duyệt' }).click();
    await one.waitFor({ state: 'detached' });
    await page.getByLabel('Người thứ hai').selectOption({ index: 1 });
    await page.getByText(/đã đồng ý: Bão vào đêm nay/).first().waitFor({ state: 'attached' });
    /* What is ticked is not where it goes. */
    await page.getByRole('checkbox', { name: /Ƀôn 1, Ia Pa/ }).uncheck();
    await page.getByText(/Nơi đã được đồng ý.*Ƀôn 1, Ia Pa/).waitFor();
    await checkPage(page, 'somebody agreed');
    await callIt(page);
    await page.getByText(/đã đồng ý trước/).waitFor();
    await page.getByRole('heading', { name: /còn/ }).waitFor();
    await page.getByRole('button', { name: 'Nói xong' }).click();
    await page.getByText('Đã nói xong.').waitFor();
    await approver.close();
    await close();
});

test('what was agreed to is taken back by whoever agreed, before it is spoken', async () => {
    const { page, close } = await person('operator', { permissions: ['microphone'] });
    const approver = await person('approver', { width: 360, height: 740 });
    await ready(page);
    await page.getByText('Xin người thứ hai đồng ý trước').first().click();
    await page.getByLabel('Nói việc gì').fill('Xả lũ');
    await page.getByRole('button', { name: 'Xin người thứ hai đồng ý trước' }).click();
    await page.getByText('Đã gửi.').waitFor();
    await visit(approver.page, '#/review');
    const one = approver.page.getByRole('listitem').filter({ hasText: 'Nói trực tiếp' });
    await one.getByText('Xả lũ').waitFor({ state: 'attached' });
    await one.locator('summary').click();
    await one.getByText('Xả lũ').waitFor();
    await one.getByRole('button', { name: 'Duyệt' }).click();
    await one.waitFor({ state: 'detached' });
    await page.getByLabel('Người thứ hai').selectOption({ index: 1 });
    await page.getByText(/Nơi đã được đồng ý/).waitFor();
    await visit(approver.page, '#/alerts');
    const agreed = approver.page.getByRole('listitem').filter({ hasText: 'Xả lũ' });
    await agreed.waitFor();
    await checkPage(approver.page, 'an agreed speech that nobody has spoken');
    await agreed.getByRole('button', { name: 'Rút lại' }).click();
    await agreed.waitFor({ state: 'detached' });
    /* Whoever was about to speak sees that it has gone. */
    await page.getByText(/Nơi đã được đồng ý/).waitFor({ state: 'detached' });
    await approver.close();
    await close();
});
