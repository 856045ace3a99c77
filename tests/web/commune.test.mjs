/*
 * commune.test.mjs - a commune on a phone: a notice recorded, sent, heard and approved with one
 * tap; silence asked for and ended; what sounds stopped, withdrawn and put right.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkPage, closeBrowser, open, signIn, visit } from './browser.mjs';
import { crew, makeAnnouncement, makePlaylist, makeSlot, makeStation } from './plan.mjs';

const PHONE = { width: 360, height: 740 };
const PAGE = '#/commune?area=xa-loa';
const people = {};
let operator; /* one sign-in for all stories: the server slows many from one place */

before(async () => {
    Object.assign(people, await crew());
    await people.administrator('PUT', '/api/areas/xa-loa/windows', { windows: [{ class: 'thong_thuong', weekdays: 127, from_min: 0, to_min: 1440 }] });
    await makeStation(people, 'dai-loa', 'xa-loa', [['loa-a', 'Ƀôn A', ['jra', 'vi']], ['loa-b', 'Ƀôn B', ['vi']]]);
});
after(closeBrowser);

async function at(role, options = PHONE) {
    const opened = await open(options);
    await signIn(opened.page, role);
    await visit(opened.page, PAGE);
    await opened.page.getByRole('heading', { name: 'Đài xã: Xã Ia Loa' }).waitFor();
    return opened;
}

const card = (page, name) => page.locator('section.card', { has: page.getByRole('heading', { name, exact: true }) });

async function record(page) {
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Thu âm tại đây' }).click();
    await dialog.getByRole('button', { name: 'Bắt đầu thu' }).click();
    await page.getByRole('timer').filter({ hasText: '2 giây' }).waitFor();
    await dialog.getByRole('button', { name: 'Dừng thu' }).click();
    await dialog.getByRole('button', { name: 'Dùng bản này' }).click();
}

test('a notice is recorded on a phone, and heard at the next minute after one tap of another', async () => {
    operator = await at('operator', { ...PHONE, permissions: ['microphone'] });
    await checkPage(operator.page, 'a commune on a phone');
    await operator.page.getByRole('button', { name: 'Gửi thông báo nhanh' }).click();
    const dialog = operator.page.getByRole('dialog');
    await dialog.getByLabel('Nội dung thông báo').fill('Mất nước chiều nay');
    await dialog.getByLabel('Tiếng').selectOption('jra');
    await dialog.getByText('Loa ở đây không phát tiếng này: Ƀôn B.').waitFor();
    await dialog.getByLabel('Ƀôn B').uncheck();
    await record(operator.page);
    await dialog.getByLabel('Thông báo không chứa bí mật nhà nước').check();
    await checkPage(operator.page, 'a notice to be sent');
    await dialog.getByRole('button', { name: 'Gửi để duyệt' }).click();
    await dialog.waitFor({ state: 'detached' });
    await card(operator.page, 'Thông báo nhanh').getByText('Chờ duyệt').waitFor();
    assert.equal(await operator.page.getByRole('button', { name: /^Duyệt và phát/ }).count(), 0);

    /* Who approves and does not read Jrai sees whom it waits for. */
    const approver = await at('approver');
    await card(approver.page, 'Thông báo nhanh').getByText('Chờ người kiểm tra tiếng: Jrai').waitFor();
    assert.equal(await approver.page.getByRole('button', { name: /^Duyệt và phát/ }).count(), 0);
    await approver.close();

    const head = await at('head');
    const tap = head.page.getByRole('button', { name: /^Duyệt và phát/ });
    await tap.waitFor();
    assert.ok(await tap.isDisabled(), 'nobody vouches for what was not heard');
    await card(head.page, 'Thông báo nhanh').locator('audio').evaluate((audio) => audio.play());
    await head.page.getByText('Bấm duyệt là xác nhận').waitFor();
    await checkPage(head.page, 'a notice to be approved');
    await tap.click();
    await card(head.page, 'Thông báo nhanh').getByText(/^Phát lúc/).waitFor();
    await card(operator.page, 'Thông báo nhanh').getByText(/^Phát lúc/).waitFor();
    await card(operator.page, 'Sắp phát ở đây').getByText('Mất nước chiều nay').first().waitFor();
    await head.close();
});

test('silence is asked for at once, shown, and ended', async () => {
    const quiet = card(operator.page, 'Giữ yên lặng');
    await quiet.getByText('Chưa nơi nào yêu cầu giữ yên lặng.').waitFor();
    await quiet.getByRole('button', { name: 'Yêu cầu giữ yên lặng' }).click();
    const dialog = operator.page.getByRole('dialog');
    const send = dialog.getByRole('button', { name: 'Yêu cầu giữ yên lặng' });
    await dialog.getByLabel('Ở đâu').selectOption('loa-a');
    await dialog.getByLabel('Nói rõ thêm').fill('nhà ông Ama Thin <b>');
    await dialog.getByLabel('Đến ngày').fill('31/12/2199');
    await dialog.getByLabel('Đến giờ').fill('23:59');
    await checkPage(operator.page, 'silence to be asked for');
    await dialog.getByText('Dài nhất 31 ngày.').waitFor();
    assert.ok(await send.isDisabled());
    await dialog.getByLabel('Đến ngày').fill(new Date(Date.now() + 2 * 86_400_000).toLocaleDateString('en-GB'));
    await send.click();
    await dialog.waitFor({ state: 'detached' });
    await quiet.getByText('Đám tang: nhà ông Ama Thin <b>').waitFor();
    await checkPage(operator.page, 'silence that holds');

    const official = await at('official', { width: 1280, height: 820 });
    await checkPage(official.page, 'a commune on a desk');
    await card(official.page, 'Giữ yên lặng').getByRole('button', { name: /^Cho phát lại ngay/ }).click();
    await card(official.page, 'Giữ yên lặng').getByText('Chưa nơi nào yêu cầu giữ yên lặng.').waitFor();
    await official.close();
});

/* Half an hour ahead, or the last minute of the day. */
function soon() {
    const local = new Date(Date.now() + 7 * 3_600_000);
    return { date: local.toISOString().slice(0, 10), minute: Math.min(1439, local.getUTCHours() * 60 + local.getUTCMinutes() + 30) };
}

test('what sounds is stopped here, withdrawn everywhere, and put right, in three clicks from today', async () => {
    const { date, minute } = soon();
    const title = 'Lịch cắt điện';
    const announcement = await makeAnnouncement(people, title, ['vi']);
    const playlist = await makePlaylist(people, 'Chương trình loa', [announcement]);
    await makeSlot(people, { name: 'Buổi loa', playlist, first_date: date, local_min: minute, targets: [{ area: 'xa-loa' }] });

    const official = await open(PHONE);
    await signIn(official.page, 'official');
    await official.page.getByRole('link', { name: 'Đài xã' }).click();
    await official.page.getByLabel('Xã, làng').selectOption('xa-loa');
    const next = card(official.page, 'Sắp phát ở đây');
    await next.getByRole('button', { name: /^Dừng ở đây.*Lịch cắt điện$/ }).first().click();
    await checkPage(official.page, 'to be stopped');
    await official.page.getByRole('dialog').getByRole('button', { name: 'Dừng ở đây' }).click();
    await official.page.getByRole('dialog').waitFor({ state: 'detached' });
    await next.locator('li', { hasText: title }).getByText('Giữ yên lặng').first().waitFor();

    await visit(official.page, '#/');
    await official.page.getByRole('link', { name: 'Đài xã' }).click();
    await official.page.getByLabel('Xã, làng').selectOption('xa-loa');
    await next.getByRole('button', { name: /^Thu hồi ở mọi nơi.*Lịch cắt điện$/ }).first().click();
    await official.page.getByRole('dialog').getByRole('button', { name: 'Thu hồi ở mọi nơi' }).click();
    await official.page.getByRole('dialog').waitFor({ state: 'detached' });
    await next.getByText(title).first().waitFor({ state: 'detached' });
    /* A station without a player has taken nothing yet. */
    await card(official.page, 'Chưa rút xong').getByText('Đài dai-loa').waitFor();
    await checkPage(official.page, 'withdrawn, and not everywhere yet');
    await official.close();

    await visit(operator.page, `#/announcements/${announcement}`);
    await operator.page.getByRole('link', { name: 'Đính chính' }).click();
    const dialog = operator.page.getByRole('dialog');
    await dialog.getByText('Chưa có làng nào nghe bản tin này.').waitFor();
    assert.equal(await dialog.getByLabel('Nội dung thông báo').inputValue(), `Đính chính: ${title}`);
    await checkPage(operator.page, 'a correction');
    await dialog.getByRole('button', { name: 'Hủy', exact: true }).click();

    /* Not withdrawn yet where a station has not taken the plan without it: on its page, and on the day's. */
    for (const address of [`#/announcements/${announcement}`, '#/delivery']) {
        await visit(operator.page, address);
        await card(operator.page, 'Chưa rút xong').getByText('Đài dai-loa').waitFor();
        await checkPage(operator.page, `not withdrawn yet: ${address}`);
    }
});

test('a correction is aimed at the villages and the language whose records show that they heard it', async () => {
    const announcement = await makeAnnouncement(people, 'Tin sai', ['vi']);
    const heard = [
        { village: 'loa-a', village_name: 'Ƀôn A', language: 'jra', times: 2, last_us: 1 },
        { village: 'loa-b', village_name: 'Ƀôn B', language: 'vi', times: 1, last_us: 1 },
    ];
    await operator.page.route(/\/heard$/, (route) => route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify({ heard }) }));
    await visit(operator.page, `${PAGE}&corrects=${announcement}`);
    const dialog = operator.page.getByRole('dialog');
    await dialog.getByText('Bản tin sai đã phát ở').waitFor();
    assert.match(await dialog.getByText('Bản tin sai đã phát ở').innerText(), /Ƀôn A .*Ƀôn B/);
    /* Its first language, and there alone. */
    assert.equal(await dialog.getByLabel('Tiếng').inputValue(), 'jra');
    assert.ok(await dialog.getByLabel('Ƀôn A').isChecked());
    assert.ok(!await dialog.getByLabel('Ƀôn B').isChecked());
    await dialog.getByLabel('Tiếng').selectOption('vi');
    assert.ok(!await dialog.getByLabel('Ƀôn A').isChecked());
    assert.ok(await dialog.getByLabel('Ƀôn B').isChecked());
    await dialog.getByRole('button', { name: 'Hủy', exact: true }).click();
    await operator.page.unroute(/\/heard$/);
});

test('no notice that waits is left out, however many came later', async () => {
    const one = (title, n, more) => ({ id: `${title}-${n}`, title, language: 'vi', author: 'x', author_name: 'X', duration_us: 1e6, made_us: 1e15, state: 'draft', ...more });
    const seven = (title, more) => Array.from({ length: 7 }, (_, n) => one(title, n, more));
    const notices = [...seven('Đã rút', { withdrawn: true }), ...seven('Còn chờ')];
    await operator.page.route(/\/notices$/, (route) => route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify({ notices }) }));
    await visit(operator.page, '#/');
    await visit(operator.page, PAGE);
    const list = card(operator.page, 'Thông báo nhanh');
    await list.getByRole('link', { name: 'Còn chờ' }).nth(6).waitFor();
    assert.equal(await list.getByRole('link', { name: 'Đã rút' }).count(), 0);
    await operator.page.unroute(/\/notices$/);
});

test('of two slots of one class at one time the commune says which goes first', async () => {
    const { date, minute } = soon();
    const long = (id) => Array(26).fill(id); /* 130 s: longer than a slot may be moved back for another */
    const at = { first_date: date, local_min: minute, targets: [{ area: 'xa-loa' }] };
    const playlist = await makePlaylist(people, 'Dài', long(await makeAnnouncement(people, 'Tin của tỉnh', ['vi'], 5)));
    const other = await makePlaylist(people, 'Cũng dài', long(await makeAnnouncement(people, 'Tin của xã', ['vi'], 5)));
    await makeSlot(people, { name: 'Buổi của tỉnh', playlist, ...at });
    await makeSlot(people, { name: 'Buổi của xã', playlist: other, ...at });
    await visit(operator.page, PAGE);
    const clashes = card(operator.page, 'Trùng giờ');
    await clashes.waitFor();
    await checkPage(operator.page, 'a clash');
    const before = await clashes.innerText();
    await clashes.getByRole('button').first().click();
    await operator.page.waitForFunction((text) => {
        const found = [...document.querySelectorAll('section.card')].find((one) => one.querySelector('h2')?.textContent === 'Trùng giờ');
        return found && found.innerText !== text;
    }, before);
    await operator.close();
});

