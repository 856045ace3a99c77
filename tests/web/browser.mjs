/*
 * browser.mjs - a person at a browser, for the tests of the pages: signs in, looks, is strict.
 *
 * Everything that a page says on the console as an error, every refused policy and every
 * exception fails the test that had the page open.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { chromium } from 'playwright-core';
import { nextCode } from './phone.mjs';

export const district = JSON.parse(process.env.LOA_DISTRICT);

const AXE = fs.readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let shared = null;
const patterns = new WeakMap(); /* of a page: what it may say on the console */

export async function browser() {
    shared ??= await chromium.launch({
        executablePath: '/usr/bin/chromium',
        args: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
    });
    return shared;
}

export async function closeBrowser() {
    await shared?.close();
}

/* The scheduler goes away, and comes back. */
export const stop = () => fetch(`${district.control}/stop`, { method: 'POST' });
export const kill = () => fetch(`${district.control}/kill`, { method: 'POST' });
/* The code is typed at a machine that waits for one. */
export const enrol = (code) => fetch(`${district.control}/enrol`, { method: 'POST', body: code });
export const restart = () => fetch(`${district.control}/start`, { method: 'POST' });

/* Opens a page of its own; expected: patterns of console errors that the test causes itself. */
export async function open({ width = 1280, height = 820, expected: given = [], ...options } = {}) {
    const context = await (await browser()).newContext({
        ignoreHTTPSErrors: true, viewport: { width, height }, locale: 'vi-VN', ...options,
    });
    const page = await context.newPage();
    const faults = [];
    const expected = [...given];
    patterns.set(page, expected);
    const note = (text) => { if (!expected.some((one) => one.test(text))) faults.push(text); };
    page.on('console', (message) => { if (message.type() === 'error') note(message.text()); });
    page.on('pageerror', (error) => note(String(error)));
    page.setDefaultTimeout(60_000);
    await page.goto(`${district.url}/`);
    return {
        page,
        async close() {
            await context.close();
            assert.deepEqual(faults, [], 'the page said nothing on the console');
        },
    };
}

/* That the password alone is not enough is an answer with 401, which a browser calls an error. */
const CODE_WANTED = /status of 401/;

export async function signIn(page, role) {
    const account = district.accounts[role];
    await page.getByLabel('Tên đăng nhập').fill(account.login);
    await page.getByLabel('Mật khẩu').fill(account.password);
    if (account.secret) patterns.get(page).push(CODE_WANTED);
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
    if (account.secret) {
        await page.getByLabel('Mã xác thực').fill(await nextCode(account));
        await page.getByRole('button', { name: 'Đăng nhập' }).click();
    }
    await page.locator('header.bar').waitFor();
    const at = patterns.get(page).indexOf(CODE_WANTED);
    if (at >= 0) patterns.get(page).splice(at, 1);
}

/* What stands in the menu of the bar: all the ways on a phone, and the way out. */
export const openMenu = (page) => page.getByRole('button', { name: 'Menu' }).click();

export async function visit(page, hash) {
    await page.evaluate((to) => { location.hash = to; }, hash);
    await page.locator('main h1').waitFor();
}

/* No fault that a rule of access can find, and nothing wider than the window. */
export async function checkPage(page, what) {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate((rules) => axe.run(document, { runOnly: rules }), RULES);
    assert.deepEqual(violations.map((one) => `${one.id}: ${one.nodes[0].html}`), [], what);
    const wide = await page.evaluate(() => (document.documentElement.scrollWidth <= window.innerWidth ? []
        : [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > window.innerWidth)
            .map((one) => `${one.outerHTML.slice(0, 120)} to ${one.getBoundingClientRect().right}`).slice(0, 5)));
    assert.deepEqual(wide, [], `${what}: wider than the window`);
}
