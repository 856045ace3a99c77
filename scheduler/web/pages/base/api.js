/*
 * api.js - the one place that talks to the district: JSON over the same API that loactl uses.
 *
 * Every refusal becomes a Problem: the status and code of the answer, or code 'network' when
 * none came. Writes carry a key, so that one repeated after a broken line is done once.
 */
import { said, t } from './words.js';

const TIME_OUT_MS = 30_000;

export class Problem extends Error {
    constructor(status, code, detail, member) {
        super(detail || code);
        this.status = status;
        this.code = code;
        this.detail = detail;
        this.member = member;
    }

    /* In the words of whoever reads the page; the server's own sentence beside it. */
    get words() {
        return said(`problem.${this.code}`, t('problem.other'));
    }
}

export const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/* A key for one act of a person, made when the act is begun and used for each try. */
export const newKey = () => hexOf(crypto.getRandomValues(new Uint8Array(16)));

async function problemOf(response) {
    const text = await response.text().catch(() => '');
    try {
        const body = JSON.parse(text);
        return new Problem(response.status, body.code || 'other', body.detail, body.member);
    } catch {
        return new Problem(response.status, 'other', response.statusText);
    }
}

/* The session ended while the page was open, or may do nothing yet: the shell sees to it. */
const tell = (what) => window.dispatchEvent(new Event(what));

/* Where the browser finds a path of the API. */
export const urlOf = (path) => `/api/${path}`;

/* path: behind /api/ */
export async function send(method, path, { body, raw, type, key, signal, unattended } = {}) {
    const headers = {};
    if (unattended) headers['Loa-Unattended'] = '1'; /* does not keep the session alive */
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (type) headers['Content-Type'] = type;
    if (method !== 'GET') headers['Idempotency-Key'] = key || newKey();
    const stop = raw === undefined ? AbortSignal.timeout(TIME_OUT_MS) : undefined;
    let response;
    try {
        response = await fetch(urlOf(path), {
            method, headers, credentials: 'same-origin',
            body: body !== undefined ? JSON.stringify(body) : raw,
            signal: signal || stop,
        });
    } catch (error) {
        throw new Problem(0, error.name === 'AbortError' ? 'aborted' : 'network', '');
    }
    if (!response.ok) {
        const problem = await problemOf(response);
        if (problem.code === 'sign-in' && path !== 'session') tell('loa-signed-out');
        if (problem.code === 'set-up-factor') tell('loa-set-up');
        throw problem;
    }
    return response.status === 204 ? {} : response.json();
}

export const get = (path, options) => send('GET', path, options);
export const post = (path, body, options) => send('POST', path, { body, ...options });
export const put = (path, body, options) => send('PUT', path, { body, ...options });
export const remove = (path, options) => send('DELETE', path, options);

/* Path with what stands in it written safely: at`areas/${id}` */
export function at(parts, ...values) {
    return parts.reduce((path, part, i) => path + part +
        (i < values.length ? encodeURIComponent(values[i]) : ''), '');
}

/* What at`slots/${id}` is built to: the steps of a path one by one. */
export const along = (...steps) => steps.map(encodeURIComponent).join('/');

/* '?a=b' of the members that have a value. */
export function query(values) {
    const set = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
    return set.length ? `?${new URLSearchParams(set)}` : '';
}
