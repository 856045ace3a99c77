/*
 * week.test.mjs - the schedule in a browser: day and week, an item opened and heard, a slot moved
 * by pointer and by keys, taken back, refused when another was faster.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkPage, closeBrowser, open, signIn, visit } from './browser.mjs';
import { crew, makeAnnouncement, makePlaylist, makeSlot, makeStation } from './plan.mjs';

after(closeBrowser);

const DATE = '2027-03-02'; /* a Tuesday, far from what other tests make */
const DAY = `#/week?area=xa-lich&from=${DATE}`;
let people;
let playlist;
const slots = {};

before(async () => {
    people = await crew();
    await people.administrator('PUT', '/api/areas/xa-lich', { kind: 'commune', name: 'Xã Lịch', parent: 'khu-vuc' });
    await people.administrator('PUT', '/api/areas/xa-lich/windows',
        { windows: [{ class: 'thong_thuong', weekdays: 127, from_min: 300, to_min: 1260 }] });
    await makeStation(people, 'xa-lich', 'xa-lich', [
        ['lich-1', 'Plei Ơi', ['vi', 'jra']], ['lich-2', 'Plei Mơ̆ Nú', ['vi', 'bdq']], ['lich-3', 'Đê Ktu', ['jra']]]);
    const water = await makeAnnouncement(people, 'Nước sạch <b>', ['vi', 'jra']);
    const fire = await makeAnnouncement(people, 'Phòng cháy rừng', ['vi', 'jra']);
    playlist = await makePlaylist(people, 'Sáng', [water, fire]);
    const common = { playlist, first_date: DATE, targets: [{ area: 'xa-lich' }] };
    slots.morning = await makeSlot(people, { ...common, name: 'Bản tin sáng', local_min: 330 });
    slots.daily = await makeSlot(people, { ...common, name: 'Hằng ngày', local_min: 600, rule: 'FREQ=DAILY' });
    slots.clash = await makeSlot(people, { ...common, name: 'Chen nhau', local_min: 600, targets: [{ area: 'lich-1' }] });
    slots.new = await makeSlot(people, { ...common, name: 'Chưa duyệt', local_min: 1020, approved: false });
    slots.alone = await makeSlot(people, { ...common, name: 'Riêng làng', local_min: 450, targets: [{ area: 'lich-1' }], approved: false });
    slots.night = await makeSlot(people, { ...common, name: 'Đêm khuya', local_min: 1410 });
}, { timeout: 300_000 });

const barOf = (page, name) => page.getByRole('button', { name: new RegExp(`${name}.*Plei Ơi`) }).first();
const minuteOf = async (id) => (await people.editor('GET', `/api/slots/${id}`)).local_min;
const saying = (page, words) => page.locator('[aria-live]', { hasText: words }).waitFor();

for (const width of [1280, 360]) {
    test(`day, week, an open item and a day to be heard at ${width} px: nothing that hinders anybody`, async () => {
        const { page, close } = await open({ width });
        await signIn(page, 'editor');
        await visit(page, DAY);
        await barOf(page, 'Bản tin sáng').waitFor();
        await checkPage(page, 'day');
        await barOf(page, 'Bản tin sáng').click();
        await page.getByRole('dialog').waitFor();
        await checkPage(page, 'open item');
        await page.getByRole('dialog').getByRole('button', { name: 'Đóng' }).click();
        await page.getByRole('button', { name: 'Nghe cả ngày của Plei Ơi' }).click();
        await page.getByRole('dialog').waitFor();
        await checkPage(page, 'a day to be heard');
        await page.keyboard.press('Escape');
        await visit(page, `${DAY}&view=week`);
        await page.getByRole('table').waitFor();
        await checkPage(page, 'week');
        await close();
    });
}

test('what is not heard says why, and who goes first', async () => {
    const { page, close } = await open();
    await signIn(page, 'official');
    await visit(page, DAY);
    await page.getByRole('button', { name: /Chưa duyệt.*chờ duyệt/ }).first().waitFor();
    await page.getByRole('button', { name: /Đêm khuya.*không phát được/ }).first().click();
    await page.getByRole('dialog').getByText('Ngoài giờ được phát của làng').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /Plei Ơi.*(bị chen|có lưu ý)/ }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/ưu tiên|Phát muộn/).first().waitFor();
    assert.match(await dialog.locator('a[href^="#/slots/"]').first().getAttribute('href'), new RegExp(`${slots.daily}|${slots.clash}`));
    assert.equal(await page.locator('main b').count(), 0, 'a title is text');
    await close();
});

test('an item is listened to, and a day plays one recording after the other', async () => {
    const { page, close } = await open();
    await signIn(page, 'editor');
    await visit(page, DAY);
    await page.getByRole('button', { name: 'Nghe cả ngày của Plei Ơi' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('audio').evaluate((audio) => audio.play());
    await dialog.getByRole('status').filter({ hasText: /^Bản 3 trên/ }).waitFor();
    await close();
});

test('moved by the keyboard, told, waiting for approval; and taken back', async () => {
    const { page, close } = await open();
    await signIn(page, 'editor');
    await visit(page, DAY);
    await barOf(page, 'Bản tin sáng').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await saying(page, 'chờ duyệt lại');
    assert.equal(await minuteOf(slots.morning), 365);
    await page.getByRole('button', { name: /06:05.*Bản tin sáng.*chờ duyệt/ }).first().waitFor();
    await page.waitForFunction((id) => document.activeElement.dataset.slot === id, slots.morning);
    await checkPage(page, 'moved');
    await page.keyboard.press('Control+z');
    await saying(page, 'Đã hoàn tác');
    assert.equal(await minuteOf(slots.morning), 330);
    await page.keyboard.press('ArrowUp');
    await page.waitForFunction(() => document.activeElement.closest('.village')?.textContent.includes('Plei Ơi') === false);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await close();
});

/* Drags the middle of a bar so many minutes, and to the row of a village. */
async function drag(page, bar, minutes, row) {
    await bar.evaluate((one) => one.scrollIntoView({ block: 'nearest', inline: 'center' }));
    const box = await bar.boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + minutes * 84 / 120, y, { steps: 4 });
    const to = row && await row.boundingBox();
    await page.mouse.move(x + minutes * 84 / 60, to ? to.y + to.height / 2 : y, { steps: 4 });
    await page.mouse.up();
}

test('dragged with the mouse; a series is asked about first', async () => {
    const { page, close } = await open();
    await signIn(page, 'editor');
    await visit(page, DAY);
    await barOf(page, 'Chưa duyệt').waitFor();
    await drag(page, barOf(page, 'Chưa duyệt'), 30);
    await saying(page, 'Đã dời Chưa duyệt đến 17:30');
    assert.equal(await minuteOf(slots.new), 1050);
    assert.equal(await page.getByRole('dialog').count(), 0, 'a drag opens nothing');
    await page.getByRole('button', { name: /17:30.*Chưa duyệt/ }).first().waitFor();
    await drag(page, barOf(page, 'Hằng ngày'), -60);
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Buổi này lặp lại').waitFor();
    await checkPage(page, 'series');
    await dialog.getByRole('button', { name: 'Hủy' }).click();
    assert.equal(await minuteOf(slots.daily), 600);
    await drag(page, barOf(page, 'Hằng ngày'), -60);
    await dialog.getByRole('button', { name: 'Dời cả loạt' }).click();
    await saying(page, 'Hằng ngày đến 09:00');
    assert.equal(await minuteOf(slots.daily), 540);
    await page.getByRole('button', { name: 'Hoàn tác' }).click();
    await saying(page, 'Đã hoàn tác');
    assert.equal(await minuteOf(slots.daily), 600);
    await close();
});

test('what another changed meanwhile is not overwritten: it is told, and shown as it is', async () => {
    const { page, close } = await open({ expected: [/409|412/] });
    await signIn(page, 'editor');
    await visit(page, DAY);
    await barOf(page, 'Bản tin sáng').focus();
    await page.keyboard.press('ArrowRight');
    await saying(page, 'Bản tin sáng đến 05:35');
    const { revision, ...slot } = await people.editor('GET', `/api/slots/${slots.morning}`);
    const told = ['id', 'stopped', 'author', 'content', 'approved', 'approver', 'approved_us', 'changed_us', 'dates',
        'text', 'approved_text'];
    const body = Object.fromEntries(Object.entries(slot).filter(([name]) => !told.includes(name)));
    await people.editor('PUT', `/api/slots/${slots.morning}`, { ...body, revision, local_min: 345 });
    await page.keyboard.press('Control+z');
    await page.getByRole('alert').filter({ hasText: 'Người khác vừa thay đổi' }).waitFor();
    assert.equal(await minuteOf(slots.morning), 345);
    await page.getByRole('button', { name: /05:45.*Bản tin sáng/ }).first().waitFor();
    /* And nothing is moved from a place where it does not stand any more. */
    const again = await people.editor('GET', `/api/slots/${slots.morning}`);
    const held = []; /* the news of it come after the key, however long that takes here */
    await page.route(/\/api\/plan/, (route) => { held.push(route); });
    await people.editor('PUT', `/api/slots/${slots.morning}`, { ...body, revision: again.revision, local_min: 400 });
    await barOf(page, 'Bản tin sáng').focus();
    await page.keyboard.press('ArrowRight');
    await saying(page, 'Dời đến 05:50');
    await page.unroute(/\/api\/plan/);
    await Promise.all(held.map((route) => route.continue().catch(() => { /* the page asked anew */ })));
    await page.getByRole('button', { name: /06:40.*Bản tin sáng/ }).first().waitFor();
    await page.getByRole('alert').filter({ hasText: 'Người khác vừa thay đổi' }).waitFor();
    assert.equal(await minuteOf(slots.morning), 400);
    await close();
});

test('who is no editor moves nothing', async () => {
    const { page, close } = await open();
    await signIn(page, 'official');
    await visit(page, DAY);
    await barOf(page, 'Bản tin sáng').focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.locator('.moved').count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Hoàn tác' }).count(), 0);
    await close();
});

const placesOf = async (id) => (await people.editor('GET', `/api/slots/${id}`)).targets.map((one) => one.area);
const rowOf = (page, village) => page.locator('.village', { has: page.getByRole('heading', { name: village }) });

test('dragged to the row of another village: what is missing there is told first; and taken back', async () => {
    const { page, close } = await open();
    await signIn(page, 'editor');
    await visit(page, DAY);
    await barOf(page, 'Riêng làng').waitFor();
    await drag(page, barOf(page, 'Riêng làng'), 30, rowOf(page, 'Đê Ktu'));
    await saying(page, 'Đã chuyển Riêng làng sang Đê Ktu');
    assert.deepEqual(await placesOf(slots.alone), ['lich-3']);
    assert.equal(await minuteOf(slots.alone), 480);
    await page.getByRole('button', { name: 'Hoàn tác' }).click();
    await saying(page, 'Đã hoàn tác');
    assert.deepEqual([await placesOf(slots.alone), await minuteOf(slots.alone)], [['lich-1'], 450]);
    await drag(page, barOf(page, 'Riêng làng'), 0, rowOf(page, 'Plei Mơ̆ Nú'));
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Chuyển sang Plei Mơ̆ Nú.').waitFor();
    await dialog.getByText('Thiếu bản tiếng này').or(dialog.getByText('Không có bản tiếng nào')).first().waitFor();
    await checkPage(page, 'what a village would miss');
    await dialog.getByRole('button', { name: 'Hủy' }).click();
    assert.deepEqual(await placesOf(slots.alone), ['lich-1']);
    await close();
});

test('to another village by keyboard alone; what aims at a whole commune goes nowhere, and says why', async () => {
    const { page, close } = await open();
    await signIn(page, 'editor');
    await visit(page, DAY);
    await barOf(page, 'Riêng làng').focus();
    await page.keyboard.press('Shift+ArrowUp');
    await page.keyboard.press('Shift+ArrowUp');
    await saying(page, 'Đã chuyển Riêng làng sang Đê Ktu');
    assert.deepEqual(await placesOf(slots.alone), ['lich-3']);
    await page.waitForFunction((id) => document.activeElement.dataset.slot === id, slots.alone);
    await page.keyboard.press('Control+z');
    await saying(page, 'Đã hoàn tác');
    assert.deepEqual(await placesOf(slots.alone), ['lich-1']);
    await drag(page, barOf(page, 'Đêm khuya'), 0, rowOf(page, 'Đê Ktu'));
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Buổi này phát cho cả: Xã Lịch').waitFor();
    await checkPage(page, 'a slot of a whole commune');
    assert.equal(await dialog.getByRole('button', { name: 'Vẫn dời' }).count(), 0);
    await dialog.getByRole('button', { name: 'Hủy' }).click();
    assert.deepEqual(await placesOf(slots.night), ['xa-lich']);
    await close();
});

test('into quiet hours: asked before it is kept, as in the form while it is filled in', async () => {
    const { page, close } = await open();
    await signIn(page, 'editor');
    await visit(page, DAY);
    await barOf(page, 'Chưa duyệt').focus();
    for (let i = 0; i < 9; i++) await page.keyboard.press('Shift+ArrowRight');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Ngoài giờ được phát của làng').waitFor();
    await dialog.getByRole('button', { name: 'Hủy' }).click();
    assert.equal(await minuteOf(slots.new), 1050);
    await visit(page, `#/slots/${slots.night}`);
    const told = page.getByRole('region', { name: 'Nếu lưu như thế' });
    await told.getByText('Ngoài giờ được phát của làng').waitFor();
    await checkPage(page, 'a slot in the night');
    await page.getByLabel('Giờ phát', { exact: true }).fill('08:30');
    await told.getByText('Sẽ phát 08:30').waitFor();
    assert.equal(await told.getByText('Ngoài giờ').count(), 0);
    assert.equal(await minuteOf(slots.night), 1410, 'nothing was kept');
    await close();
});

test('a week is submitted as one, shown against what was approved, and approved as one', async () => {
    await people.administrator('PUT', '/api/areas/xa-tuan', { kind: 'commune', name: 'Xã Tuần', parent: 'khu-vuc' });
    const common = { home: 'xa-tuan', playlist, first_date: DATE, targets: [{ area: 'xa-tuan' }] };
    const moved = await makeSlot(people, { ...common, name: 'Buổi cũ', local_min: 400 });
    const added = await makeSlot(people, { ...common, name: 'Buổi mới', local_min: 500, approved: false });
    const { id, stopped, author, content, approved, approver, approved_us, changed_us, dates, text, approved_text, ...body } =
        await people.editor('GET', `/api/slots/${moved}`);
    await people.editor('PUT', `/api/slots/${moved}`, { ...body, local_min: 420 });
    const editor = await open();
    await signIn(editor.page, 'editor');
    await visit(editor.page, `#/week?area=xa-tuan&from=${DATE}&view=week`);
    await editor.page.getByText('Chương trình tuần này: 2 thay đổi').click();
    await checkPage(editor.page, 'what of a week waits');
    await editor.page.getByRole('button', { name: 'Trình duyệt cả tuần' }).click();
    await editor.page.getByText('Đã trình, chờ duyệt').waitFor();
    await editor.close();
    for (const width of [360, 1280]) {
        const { page, close } = await open({ width });
        await signIn(page, 'approver');
        await visit(page, '#/review');
        const row = page.locator('li', { hasText: 'Duyệt chương trình tuần' });
        assert.equal(await page.getByRole('link', { name: 'Buổi mới' }).count(), 0, 'its parts are not listed beside it');
        await row.getByRole('link', { name: 'Xã Tuần' }).click();
        await page.getByRole('heading', { name: 'Buổi cũ' }).getByText('Dời').waitFor();
        await page.getByRole('heading', { name: 'Buổi mới' }).getByText('Thêm').waitFor();
        await page.getByRole('cell', { name: '06:40' }).waitFor();
        await page.getByRole('cell', { name: '07:00' }).waitFor();
        await checkPage(page, `a week to be approved at ${width} px`);
        if (width === 1280) {
            await page.getByRole('button', { name: 'Duyệt cho phát' }).click();
            await page.getByRole('heading', { name: 'Chờ tôi duyệt' }).waitFor();
        }
        await close();
    }
    for (const one of [moved, added]) {
        const slot = await people.editor('GET', `/api/slots/${one}`);
        assert.equal(slot.approved, slot.content);
    }
});
