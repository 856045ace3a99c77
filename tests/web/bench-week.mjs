/*
 * bench-week.mjs - the schedule of 120 zones with 600 bars: how long until it is there, and how
 * long a frame takes while a slot is dragged; prints one JSON line.
 */
import { closeBrowser, open, signIn, visit } from './browser.mjs';
import { crew, makeAnnouncement, makePlaylist, makeSlot, makeStation, person } from './plan.mjs';

const COMMUNES = 12;
const ZONES = 10; /* a commune */
const SLOTS = 5;
const ROUNDS = 7;
const DATE = '2027-03-02';

const share = (values, part) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];

async function make() {
    const people = await crew();
    await people.administrator('PUT', '/api/areas/huyen', { kind: 'district', name: 'Huyện', parent: 'khu-vuc' });
    await people.administrator('PUT', '/api/areas/huyen/windows',
        { windows: [{ class: 'thong_thuong', weekdays: 127, from_min: 300, to_min: 1260 }] });
    for (let i = 0; i < COMMUNES; i++) {
        await people.administrator('PUT', `/api/areas/huyen-${i}`, { kind: 'commune', name: `Xã ${i}`, parent: 'huyen' });
        await makeStation(people, `huyen-${i}`, `huyen-${i}`, Array.from({ length: ZONES },
            (_, k) => [`huyen-${i}-${k}`, `Plei ${i * ZONES + k}`, [['vi'], ['jra'], ['bdq']][k % 3]]));
    }
    const announcement = await makeAnnouncement(people, 'Nước sạch', ['vi', 'jra', 'bdq']);
    const playlist = await makePlaylist(people, 'Chung', [announcement]);
    for (let i = 0; i < SLOTS; i++)
        await makeSlot(people, { playlist, first_date: DATE, targets: [{ area: 'huyen' }], name: `Buổi ${i}`, local_min: 330 + 170 * i });
}

async function answerTimes() {
    const editor = await person('editor');
    const times = [];
    for (let i = 0; i < ROUNDS * 2; i++) {
        const from = performance.now();
        await editor('GET', `/api/plan?area=huyen&from=${DATE}`);
        times.push(performance.now() - from);
    }
    return times;
}

/* From asking for the page to the last bar drawn. */
async function readyTimes(page) {
    const times = [];
    for (let i = 0; i < ROUNDS; i++) {
        await page.goto('about:blank');
        await page.goto(`${page.district}/#/week?area=huyen&from=${DATE}`, { waitUntil: 'commit' });
        times.push(await page.evaluate(() => new Promise((done) => {
            const look = () => (document.querySelectorAll('.bar-item').length >= 600
                ? requestAnimationFrame(() => done(performance.now())) : requestAnimationFrame(look));
            look();
        })));
    }
    return times;
}

async function dragFrames(page) {
    const bar = page.locator('.bar-item').first();
    await bar.evaluate((one) => one.scrollIntoView({ block: 'nearest', inline: 'center' }));
    const box = await bar.boundingBox();
    await page.mouse.move(box.x + 20, box.y + 10);
    await page.mouse.down();
    await page.evaluate(() => {
        window.frames_ms = [];
        let last = performance.now();
        const next = (now) => { window.frames_ms.push(now - last); last = now; window.frameLoop = requestAnimationFrame(next); };
        window.frameLoop = requestAnimationFrame(next);
    });
    for (let i = 0; i < 150; i++) await page.mouse.move(box.x + 20 + (i % 75) * 4, box.y + 10);
    const frames = await page.evaluate(() => { cancelAnimationFrame(window.frameLoop); return window.frames_ms.slice(2); });
    await page.mouse.move(box.x + 20, box.y + 10);
    await page.mouse.up();
    return frames;
}

await make();
const answers = await answerTimes();
const { page, close } = await open();
page.district = JSON.parse(process.env.LOA_DISTRICT).url;
await signIn(page, 'editor');
await visit(page, `#/week?area=huyen&from=${DATE}`);
const ready = await readyTimes(page);
const frames = await dragFrames(page);
await close();
await closeBrowser();
console.log(JSON.stringify({
    bench: 'week', answer_ms: share(answers, 0.5), ready_ms: share(ready, 0.5), ready_max_ms: Math.max(...ready),
    frame_p95_ms: share(frames, 0.95), n_frames: frames.length,
}));
