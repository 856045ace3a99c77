/*
 * offers.test.mjs - what is sent from above: sent with a deadline, approved by a second person,
 * placed by a commune on its phone; the sender sees who has placed it and who has not.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkPage, closeBrowser, open, signIn, visit } from './browser.mjs';
import { crew, makeAnnouncement, makePlaylist, makeSlot, makeStation } from './plan.mjs';

const PHONE = { width: 360, height: 740 };
const people = {};
let title;
let address;

before(async () => {
    Object.assign(people, await crew());
    for (const area of ['xa-loa', 'ia-pa'])
        await people.administrator('PUT', `/api/areas/${area}/windows`, { windows: [{ class: 'thong_thuong', weekdays: 127, from_min: 0, to_min: 1440 }] });
    await makeStation(people, 'dai-loa', 'xa-loa', [['loa-a', 'Ƀôn A', ['jra', 'vi']], ['loa-b', 'Ƀôn B', ['vi']]]);
});
after(closeBrowser);

const card = (page, name) => page.locator('section.card', { has: page.getByRole('heading', { name, exact: true }) });
const tomorrow = (days = 1) => new Date(Date.now() + 7 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
const written = (date) => date.split('-').reverse().join('/');

test('an editor sends a bulletin to communes, with a deadline', async () => {
    title = 'Lịch tiêm phòng <b>';
    const announcement = await makeAnnouncement(people, title, ['vi']);
    const playlist = await makePlaylist(people, 'Chương trình tối', [await makeAnnouncement(people, 'Tin tối', ['vi'])]);
    await makeSlot(people, { name: 'Buổi tối của xã', playlist, first_date: tomorrow(), local_min: 19 * 60, targets: [{ area: 'xa-loa' }] });
    const editor = await open(PHONE);
    await signIn(editor.page, 'editor');
    await visit(editor.page, `#/announcements/${announcement}`);
    await editor.page.getByRole('button', { name: 'Gửi xã tự chọn giờ' }).click();
    const dialog = editor.page.getByRole('dialog');
    await dialog.getByLabel('Xã Ia Loa').waitFor();
    await dialog.getByLabel('Hạn phát, ngày').fill(written(tomorrow(2)));
    await dialog.getByLabel('Hạn phát, giờ').fill('21:00');
    await checkPage(editor.page, 'a bulletin to be sent to communes');
    await dialog.getByRole('button', { name: 'Gửi để duyệt' }).click();
    await dialog.waitFor({ state: 'detached' });
    const sent = card(editor.page, 'Bản tin gửi xã');
    await sent.getByText('Chờ duyệt').waitFor();
    await checkPage(editor.page, 'a bulletin that was sent');
    await sent.getByRole('link', { name: title }).click();
    await editor.page.getByText('Bạn gửi bản tin này nên người khác phải duyệt.').waitFor({ state: 'detached' });
    assert.equal(await editor.page.getByRole('button', { name: 'Duyệt gửi xã' }).count(), 0);
    address = new URL(editor.page.url()).hash;
    await editor.close();
});

test('a second person finds it in the queue, and approves it', async () => {
    const approver = await open(PHONE);
    await signIn(approver.page, 'approver');
    await visit(approver.page, '#/review');
    await approver.page.locator('li', { hasText: 'Bản tin gửi xã' }).getByRole('link', { name: title }).click();
    await approver.page.getByText('Duyệt là cho phép mỗi xã dưới đây phát một lần').waitFor();
    await checkPage(approver.page, 'what is sent, to be approved');
    await approver.page.getByRole('button', { name: 'Duyệt gửi xã' }).click();
    await approver.page.getByText('0/2 xã đã xếp giờ').waitFor();
    await approver.close();
});

test('a commune places it on its phone, thinks again, and the sender sees it', async () => {
    const operator = await open({ ...PHONE, expected: [/422/] });
    await signIn(operator.page, 'operator');
    await visit(operator.page, '#/commune?area=xa-loa');
    const offered = card(operator.page, 'Cấp trên gửi, xã chọn giờ');
    await offered.getByText('Chưa xếp giờ').waitFor();
    await offered.getByRole('button', { name: /^Chọn giờ phát/ }).click();
    const dialog = operator.page.getByRole('dialog');
    const behind = dialog.locator('option', { hasText: 'ngay sau “Buổi tối của xã”' }).first();
    await behind.waitFor({ state: 'attached' });
    await dialog.getByLabel('Phát lúc').selectOption(await behind.getAttribute('value'));
    await checkPage(operator.page, 'a time to be chosen');
    await dialog.getByRole('button', { name: 'Chọn giờ phát' }).click();
    await dialog.waitFor({ state: 'detached' });
    await offered.getByText('Đã xếp giờ').waitFor();
    await offered.getByText(new RegExp(`^${written(tomorrow())} 19:00$`)).waitFor();
    await checkPage(operator.page, 'a time that was chosen');

    /* Where silence was asked for it is refused in words, and nothing typed is lost. */
    const hour = (n) => Date.parse(`${tomorrow(2)}T${n}:00:00+07:00`) * 1000;
    await people.approver('POST', '/api/quiets', { area: 'xa-loa', from_us: hour('10'), until_us: hour('12'), reason: 'exam', words: '' });
    await offered.getByRole('button', { name: /^Đổi giờ phát/ }).click();
    await dialog.locator('option', { hasText: 'Giờ khác' }).waitFor({ state: 'attached' });
    await dialog.getByLabel('Phát lúc').selectOption('');
    await dialog.getByLabel('Ngày phát').fill(written(tomorrow(2)));
    await dialog.getByLabel('Giờ phát', { exact: true }).fill('11:00');
    await dialog.getByRole('button', { name: 'Chọn giờ phát' }).click();
    await dialog.getByText('Giờ này không phát được').waitFor();
    await dialog.getByLabel('Giờ phát', { exact: true }).fill('20:59');
    await checkPage(operator.page, 'a time of its own');
    await dialog.getByRole('button', { name: 'Chọn giờ phát' }).click();
    await dialog.waitFor({ state: 'detached' });
    await offered.getByText(`${written(tomorrow(2))} 20:59`).waitFor();

    const editor = await open({ width: 1280, height: 820 });
    await signIn(editor.page, 'editor');
    await visit(editor.page, address);
    await editor.page.getByText('1/2 xã đã xếp giờ').waitFor();
    const rows = editor.page.locator('tbody tr');
    await rows.filter({ hasText: 'Xã Ia Loa' }).getByText('Đã xếp giờ').waitFor();
    await rows.filter({ hasText: 'Xã Ia Loa' }).getByText('Tài khoản operator').waitFor();
    await rows.filter({ hasText: 'Xã Ia Pa' }).getByText('Chưa xếp giờ').waitFor();
    await checkPage(editor.page, 'who has placed it');
    await editor.page.getByRole('button', { name: 'Rút lại' }).click();
    await checkPage(editor.page, 'to be taken back');
    await editor.page.getByRole('dialog').getByRole('button', { name: 'Rút lại' }).click();
    await rows.filter({ hasText: 'Xã Ia Loa' }).getByText('Đã dừng').waitFor();
    await visit(editor.page, '#/offers');
    await editor.page.getByText('Đã thu hồi').waitFor();
    await checkPage(editor.page, 'all that was sent');
    await editor.close();

    /* What waits for a commune's choice is on the first page of who makes it. */
    const announcement = await makeAnnouncement(people, 'Lịch thu gom rác', ['vi']);
    const { id, content } = await people.editor('POST', '/api/offers', { announcement, home: 'khu-vuc', areas: ['xa-loa'], until_us: hour('20') });
    await people.approver('POST', `/api/offers/${id}/approve`, { content });
    await visit(operator.page, '#/');
    await operator.page.getByRole('link', { name: '1 bản tin chờ xã chọn giờ' }).waitFor();
    await checkPage(operator.page, 'a first page with something to be placed');
    await operator.close();
});
