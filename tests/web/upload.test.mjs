/*
 * upload.test.mjs - a recording dragged in, the server killed in the middle of it: it goes on by
 * itself from what was acknowledged, and is what was sent. A part that a line alters is sent anew;
 * a file that was changed meanwhile is no other half of what is there.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { checkPage, closeBrowser, kill, open, restart, signIn, visit } from './browser.mjs';
import { crew, makeAnnouncement } from './plan.mjs';

after(closeBrowser);

const quiet = [/ERR_CONNECTION/, /ERR_EMPTY/, /ERR_SOCKET/, /50[0-9]/, /40[0-9]/, /422/, /ERR_FAILED/];
const SECONDS = 45;
const RATE = 48000;
const BYTES = 44 + SECONDS * RATE * 2;
const PART = 1024 * 1024;

/*
 * A file dropped onto the place for it: two tones, 16 bit, as large as a short bulletin is: the
 * second one from `turn` on, a share; of the time `at`, if that is told.
 */
async function drop(page, { head = 0.05, turn = 0.5, at } = {}) {
    const transfer = await page.evaluateHandle(([seconds, rate, first, turnsAt, lastModified]) => {
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
            bytes.setInt16(44 + i * 2, 8000 * Math.sin(i * (i < rate * seconds * turnsAt ? first : 0.08)), true);
        const made = new DataTransfer();
        made.items.add(new File([bytes.buffer], 'bản tin.wav', { type: 'audio/wav', ...(lastModified && { lastModified }) }));
        return made;
    }, [SECONDS, RATE, head, turn, at]);
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

/* How much of a file the page ever has in hand at once. */
const watchMemory = (page) => page.evaluate(() => {
    window.mostBytes = 0;
    for (const of of [Blob, Response]) {
        const { arrayBuffer } = of.prototype;
        of.prototype.arrayBuffer = async function measured() {
            const bytes = await arrayBuffer.call(this);
            window.mostBytes = Math.max(window.mostBytes, bytes.byteLength);
            return bytes;
        };
    }
});

async function begin(page, file) {
    await page.getByRole('button', { name: 'Thêm âm thanh' }).click();
    await drop(page, file);
    await page.getByLabel('Người đọc').selectOption({ label: 'Tôi (Tài khoản editor)' });
    await page.getByLabel('Nội dung không có bí mật nhà nước').check();
    await page.getByRole('button', { name: 'Tải lên' }).click();
}

/* The page of an announcement without a sound in Jrai yet. */
async function openVersion(page, title) {
    const id = await makeAnnouncement(await crew(), title, []);
    await signIn(page, 'editor');
    await visit(page, `#/announcements/${id}`);
    await watchMemory(page);
    await page.locator('section', { hasText: 'Thiếu Jrai' }).getByRole('button', { name: 'Thêm bản tiếng này' }).click();
    return id;
}

const originalBytes = (page, id) => page.evaluate(async (announcement) => {
    const { versions } = await (await fetch(`/api/announcements/${announcement}`)).json();
    return Number((await fetch(`/api/versions/${versions[0].id}/original`)).headers.get('content-length'));
}, id);

const isDone = (page) => page.getByRole('dialog').waitFor({ state: 'detached', timeout: 180_000 });

for (const width of [1280, 360])
    test(`a recording dragged in goes on after the server was killed, ${width} px`, async () => {
        const { page, close } = await open({ width, expected: quiet });
        const offsets = [];
        const id = await openVersion(page, `Kéo thả ${width}`);
        await breakAtThird(page, offsets);
        await begin(page);
        await page.getByText('Đường truyền bị ngắt. Sẽ tự gửi tiếp khi có lại.').waitFor();
        await checkPage(page, 'a broken upload');
        const before = offsets.length;
        await restart();
        await isDone(page);
        assert.ok(offsets[before] >= offsets[before - 1], `goes on where it was: ${offsets}`);
        assert.ok(offsets[before] > 0);
        assert.equal(await originalBytes(page, id), BYTES, 'the whole, as it was sent');
        const most = await page.evaluate(() => window.mostBytes);
        assert.ok(most > 0 && most <= PART, `never more than a part in hand: ${most}`);
        await close();
    });

test('a part that the line alters is refused, and sent anew', async () => {
    const { page, close } = await open({ expected: quiet });
    const offsets = [];
    const id = await openVersion(page, 'Đường truyền làm hỏng');
    await page.route('**/api/uploads/*offset=*', async (route) => {
        offsets.push(Number(new URL(route.request().url()).searchParams.get('offset')));
        const postData = route.request().postDataBuffer();
        if (offsets.length === 2) postData[7] ^= 1;
        await route.continue({ postData });
    });
    await begin(page);
    await isDone(page);
    assert.equal(offsets[2], offsets[1], `the same again: ${offsets}`);
    assert.ok(offsets[1] > 0);
    assert.equal(await originalBytes(page, id), BYTES);
    await close();
});

test('given up half-way: the same file goes on, a changed one does not', async () => {
    const { page, close } = await open({ expected: quiet });
    const id = await openVersion(page, 'Gửi dở');
    let offsets = [];
    /* Parts from this one on do not leave. */
    let most = 2;
    await page.route('**/api/uploads/*offset=*', async (route) => {
        offsets.push(Number(new URL(route.request().url()).searchParams.get('offset')));
        await (offsets.length > most ? route.abort() : route.continue());
    });
    const at = 1_700_000_000_000;
    const giveUp = async (file) => {
        offsets = [];
        await begin(page, file);
        await page.getByText('Đường truyền bị ngắt. Sẽ tự gửi tiếp khi có lại.').waitFor();
        await page.getByRole('button', { name: 'Hủy' }).click();
        await isDone(page);
        return offsets[0];
    };
    assert.equal(await giveUp({ at }), 0);
    assert.ok(await giveUp({ at }) > 0, 'the same file goes on');
    assert.equal(await giveUp({ at: at + 1000 }), 0, 'a file that was saved since begins anew');
    assert.equal(await giveUp({ at, head: 0.06 }), 0, 'so does one with another beginning');
    /* What only looks the same from outside is found out at the end, and taken away. */
    most = Infinity;
    offsets = [];
    await begin(page, { at, turn: 0.1 });
    await page.getByText('Tệp bị hỏng trên đường gửi. Hãy tải lên lại.').waitFor({ timeout: 60_000 });
    assert.ok(offsets[0] > 0);
    await checkPage(page, 'a file that was changed');
    offsets = [];
    await page.getByRole('button', { name: 'Tải lên' }).click();
    await isDone(page);
    assert.equal(offsets[0], 0);
    assert.equal(await originalBytes(page, id), BYTES);
    await close();
});

test('two recordings at once, by one person', async () => {
    const people = [await open({ expected: quiet }), await open({ width: 360, expected: quiet })];
    const ids = [];
    for (const [i, { page }] of people.entries()) ids.push(await openVersion(page, `Hai bản cùng lúc ${i + 1}`));
    await Promise.all(people.map(({ page }, i) => begin(page, { head: 0.05 + i / 100 })));
    for (const [i, { page, close }] of people.entries()) {
        await isDone(page);
        assert.equal(await originalBytes(page, ids[i]), BYTES);
        await close();
    }
});
