/*
 * plan.mjs - something to be heard for the tests of the schedule: a station, its zones, bulletins
 * with a voice, slots; made over the API by the people who may.
 */
import assert from 'node:assert/strict';
import { district } from './browser.mjs';
import { nextCode } from './phone.mjs';

process.env.NODE_TLS_REJECT_UNAUTHORIZED ??= '0'; /* the rig's own authority, on loopback */

/* One second of a tone, 16-bit mono WAV; another one for each pitch. */
export function tone(pitch, seconds = 1) {
    const rate = 48_000;
    const n = rate * seconds;
    const bytes = Buffer.alloc(44 + n * 2);
    bytes.write('RIFF', 0);
    bytes.writeUInt32LE(36 + n * 2, 4);
    bytes.write('WAVEfmt ', 8);
    bytes.writeUInt32LE(16, 16);
    bytes.writeUInt16LE(1, 20);
    bytes.writeUInt16LE(1, 22);
    bytes.writeUInt32LE(rate, 24);
    bytes.writeUInt32LE(rate * 2, 28);
    bytes.writeUInt16LE(2, 32);
    bytes.writeUInt16LE(16, 34);
    bytes.write('data', 36);
    bytes.writeUInt32LE(n * 2, 40);
    for (let i = 0; i < n; i++) bytes.writeInt16LE(Math.round(9000 * Math.sin(i * pitch / rate * 2 * Math.PI)), 44 + i * 2);
    return bytes;
}

let made = 0;

/* Somebody who signed in over the API: call(method, path, body). */
export async function person(role) {
    const { login, password } = district.accounts[role];
    let cookie = '';
    const call = async (method, path, body, type = 'application/json') => {
        const answer = await fetch(district.url + path, {
            method, body: body === undefined ? undefined : type === 'application/json' ? JSON.stringify(body) : body,
            headers: { ...(body === undefined ? {} : { 'Content-Type': type }), ...(cookie ? { Cookie: cookie } : {}),
                ...(method === 'GET' ? {} : { 'Idempotency-Key': `plan-${process.pid}-${String(++made).padStart(20, '0')}`, Origin: district.url }) },
        });
        const text = await answer.text();
        assert.ok(answer.ok, `${role} ${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
        cookie = answer.headers.getSetCookie?.()[0]?.split(';')[0] || cookie;
        return text ? JSON.parse(text) : {};
    };
    const code = await nextCode(district.accounts[role]);
    await call('POST', '/api/session', { login, password, ...(code && { code }) });
    return call;
}

async function signInAll() {
    const [editor, reviewer, approver, technician, administrator] = await Promise.all(
        ['editor', 'reviewer', 'approver', 'technician', 'administrator'].map(person));
    return { editor, reviewer, approver, technician, administrator };
}

/* One crew for all stories: the server slows whoever signs in too often from one place. */
let shared = null;

export const crew = () => (shared ??= signInAll());

/* villages: [area, name, languages], each with a zone of its own at the station. */
export async function makeStation({ administrator, technician }, station, commune, villages) {
    await technician('PUT', `/api/stations/${station}`, { name: `Đài ${station}`, area: commune });
    await technician('PUT', `/api/stations/${station}/outputs/main`, { name: 'Loa chính' });
    for (const [area, name, languages] of villages) {
        await administrator('PUT', `/api/areas/${area}`, { kind: 'village', name, parent: commune });
        await technician('PUT', `/api/stations/${station}/zones/${area}`,
            { name: `Cụm loa ${name}`, output: 'main', village: area, languages });
    }
}

/* As a program listens to the clip before it approves it; the district counts the time. */
async function playOut(call, version, object) {
    const path = `/api/versions/${version}`;
    const { duration_us } = await call('POST', `${path}/listen`, { object });
    await new Promise((done) => setTimeout(done, duration_us / 1000));
    await call('POST', `${path}/heard`, { object });
}

/* One after the other, whichever story asks: nobody hears two at a time. */
let ear = Promise.resolve();

export function listen(...what) {
    const heard = ear.then(() => playOut(...what));
    ear = heard.catch(() => {});
    return heard;
}

export async function makeAnnouncement({ editor, reviewer, approver }, title, languages, seconds = 1) {
    const one = await editor('POST', '/api/announcements', {
        title, home: 'khu-vuc', areas: ['khu-vuc'], class: 'thong_thuong', kind: 'bulletin',
        valid_from_us: 0, valid_until_us: Date.UTC(2100, 0) * 1000,
        source_number: '1/TB', source_issuer: 'UBND', source_date: '2026-11-20',
    });
    for (const language of languages) {
        const version = await editor('POST', `/api/announcements/${one.id}/versions`, { language, announcer_name: 'Giọng thử' });
        await editor('PUT', `/api/versions/${version.id}/audio?no_state_secret=true`, tone(300 + 40 * ++made, seconds), 'audio/wav');
        const { object } = await editor('GET', `/api/versions/${version.id}`);
        await reviewer('POST', `/api/versions/${version.id}/check`, { object, no_state_secret: true });
        await listen(approver, version.id, object);
        await approver('POST', `/api/versions/${version.id}/approve`, { object, no_state_secret: true });
    }
    return one.id;
}

export async function makePlaylist({ editor }, name, announcements) {
    const { id } = await editor('POST', '/api/playlists', {
        name, home: 'khu-vuc', items: announcements.map((announcement) => ({ kind: 'announcement', announcement })),
    });
    return id;
}

export async function makeSlot({ editor, approver }, { approved = true, ...rest }) {
    const slot = await editor('POST', '/api/slots', {
        home: 'khu-vuc', class: 'thong_thuong', rule: '', policy: 'each', ...rest,
    });
    if (approved) await approver('POST', `/api/slots/${slot.id}/approve`, { content: slot.content });
    return slot.id;
}
