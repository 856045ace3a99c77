/*
 * phone.mjs - the authenticator app of the people in the stories (RFC 6238).
 *
 * A code is good once, and one of the step before, of this one and of the next is taken; who
 * signs in more often within half a minute uses a recovery code, and then waits for the next step.
 */
import { createHmac } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;

function bytesOf(secret) {
    const bits = [...secret.replaceAll(' ', '')].map((one) => LETTERS.indexOf(one).toString(2).padStart(5, '0')).join('');
    return Buffer.from(bits.match(/.{8}/g).map((one) => parseInt(one, 2)));
}

export function codeAt(secret, step) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const digest = createHmac('sha1', bytesOf(secret)).update(counter).digest();
    const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, '0');
}

export const stepNow = () => Math.floor(Date.now() / STEP_MS);

/* account: { secret, step: used last, recovery } of the rig; undefined where it has none. */
export async function nextCode(account) {
    if (!account.secret) return undefined;
    let now = stepNow();
    if (account.step > now && account.recovery.length) return account.recovery.pop();
    while (account.step > now) {
        await new Promise((done) => { setTimeout(done, (now + 1) * STEP_MS - Date.now()); });
        now = stepNow();
    }
    account.step = Math.max(account.step + 1, now - 1);
    return codeAt(account.secret, account.step);
}
