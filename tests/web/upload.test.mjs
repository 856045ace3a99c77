/*
 * upload.test.mjs - a recording dragged in, the server killed in the middle of it: it goes on by
 * itself from what was acknowledged, and is what was sent.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, kill, open, restart, signIn, visit } from './browser.mjs';
import { crew, makeAnnouncement } from './plan.mjs';

after(closeBrowser);

const quiet = [/ERR_CONNECTION/, /ERR_EMPTY/, /ERR_SOCKET/, /50[0-9]/, /40[0-9]/];
const SECONDS = 45;
const RATE = 48000;
const BYTES = 44 + SECONDS * RATE * 2;

/* A file dropped onto the place for it: two tones, 16 bit, as large as a short bulletin is. */
async function drop(page) {
    const transfer = await page.evaluateHandle(([seconds, rate]) => {
        const bytes = new DataView(new ArrayBuffer(44 + seconds * rate * 2));
        const text = (at, word) => [...word].forEach((one, i) => bytes.setUint8(at + i, one.charCodeAt(0)));
        text(0, 'RIFF');
        bytes.setUint32(4, bytes.byteLength - 8, true);
        text(8, 'WAVEfmt ');
        [[16, 16, 4], [20, 1, 2], [22, 1, 2], [24, rate, 4], [28, rate * 2, 4], [32, 2, 2], [34, 16, 2]]
            .forEach(([at, value, size]) => bytes[size === 4 ? 'setUint32' : 'setUint16'](at, value, true));
        text(36, 'data');
        bytes.setUint32(40, seconds * rate * 2, true);
        for (let i = 0; i < seconds * rate; i++)
            bytes.setInt16(44 + i * 2, 8000 * Math.sin(i * (i < rate * seconds / 2 ? 0.05 : 0.08)), true);
        const made = new DataTransfer();
        made.items.add(new File([bytes.buffer], 'bản tin.wav', { type: 'audio/wav' }));
        return made;
    }, [SECONDS, RATE]);
    await page.locator('.drop').dispatchEvent('dragover', { dataTransfer: transfer });
    await checkPage(page, 'a file above the place for it');
    await page.locator('.drop').dispatchEvent('drop', { dataTransfer: transfer });
}

/* The third part meets a server that is no more. */
async function breakAtThird(page, offsets) {
    let broken = false;
    await page.route('**/api/uploads/*', async (route) => {
        const offset = new URL(route.request().url()).searchParams.get('offset');
        if (offset !== null) offsets.push(Number(offset));
        if (offsets.length === 3 && !broken) {
            broken = true;
            await kill();
        }
        await route.continue();
    });
}

for (const width of [1280, 360])
    test(`a recording dragged in goes on after the server was killed, ${width} px`, async () => {
        const { page, close } = await open({ width, expected: quiet });
        const offsets = [];
        const id = await makeAnnouncement(await crew(), `Kéo thả ${width}`, []);
        await signIn(page, 'editor');
        await visit(page, `#/announcements/${id}`);
        await page.locator('section', { hasText: 'Thiếu Jrai' }).getByRole('button', { name: 'Thêm bản tiếng này' }).click();
        await page.getByRole('button', { name: 'Thêm âm thanh' }).click();
        await drop(page);
        await page.getByLabel('Người đọc').selectOption({ label: 'Tôi (Tài khoản editor)' });
        await breakAtThird(page, offsets);
        await page.getByLabel('Nội dung không có bí mật nhà nước').check();
        await page.getByRole('button', { name: 'Tải lên' }).click();
        await page.getByText('Đường truyền bị ngắt. Sẽ tự gửi tiếp khi có lại.').waitFor();
        await checkPage(page, 'a broken upload');
        const before = offsets.length;
        await restart();
        await page.getByRole('dialog').waitFor({ state: 'detached', timeout: 180_000 });
        assert.ok(offsets[before] >= offsets[before - 1], `goes on where it was: ${offsets}`);
        assert.ok(offsets[before] > 0);
        assert.equal(await page.evaluate(async (announcement) => {
            const { versions } = await (await fetch(`/api/announcements/${announcement}`)).json();
            return Number((await fetch(`/api/versions/${versions[0].id}/original`)).headers.get('content-length'));
        }, id), BYTES, 'the whole, as it was sent');
        await close();
    });
