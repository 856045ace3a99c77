/*
 * upload.js - a recording on its way to the district: picked or dropped, sent in parts, and on
 * by itself after a broken line from where the district says that it ended.
 *
 * No more of it than a part is ever in memory. So what it is sent as is no hash of the whole but a
 * name by which it is known again; each part carries its own hash, and at the end the district is
 * told what the hashes of all blocks come to: a file that was changed meanwhile is not taken.
 */
import { Problem, at, get, hexOf, send } from '../base/api.js';
import { html, useEffect, useRef, useState } from '../base/html.js';
import { t } from '../base/words.js';

const LEAST = 128 * 1024;
const MOST = 1024 * 1024; /* the district takes no larger part, and hashes blocks of this size */
const ALTERED = 'part-damaged';
const MOST_ALTERED = 5; /* parts that come there as something else */
const PART_MS = 60_000;
const READING_MS = 600_000; /* so long the district may read a recording */
const PAUSE_MS = 15_000;

/*
 * A line that broke, a district that is starting: it goes on after that. A session that ended is
 * told, for nobody signs in behind an open dialog; what was sent until then is not sent again.
 */
const isBreak = ({ status, code }) => ['network', 'offset', ALTERED].includes(code) || [429, 502, 503, 504].includes(status);

/* From a piece of a file, a small one. One that was changed since it was picked cannot be read. */
const bytesOf = (piece) => piece.arrayBuffer().catch(() => { throw new Problem(0, 'unreadable', ''); });
const hashOf = async (piece) => new Uint8Array(await crypto.subtle.digest('SHA-256', await bytesOf(piece)));

/* The same file again has the same name; a recording just made, which is no file, only until it is sent. */
const nameOf = async (file, key) => hexOf(await hashOf(new Blob([JSON.stringify([file.name, file.size, file.lastModified ?? key]), file.slice(0, LEAST)])));

/* One block after the other. */
async function blocksOf(file) {
    const hashes = [];
    for (let from = 0; from < file.size; from += MOST) hashes.push(await hashOf(file.slice(from, from + MOST)));
    return hexOf(await hashOf(new Blob(hashes)));
}

function pause(ms, signal) {
    return new Promise((done) => {
        const timer = setTimeout(done, ms);
        for (const [where, what] of [[window, 'online'], [signal, 'abort']])
            where.addEventListener(what, () => { clearTimeout(timer); done(); }, { once: true });
    });
}

/* tell: { share, broken, reading }; method and path: of the route that takes a recording */
async function sendRecording(method, path, file, { key, tell, signal }) {
    const name = await nameOf(file, key);
    const place = at`uploads/${name}`;
    const sendPart = async (from, part) => send('PUT', `${place}?offset=${from}&digest=${hexOf(await hashOf(part))}`, raw(part, PART_MS));
    const raw = (part, ms, more) => ({ raw: part, type: 'application/octet-stream', signal: AbortSignal.any([signal, AbortSignal.timeout(ms)]), ...more });
    let size = LEAST;
    let offset = null;
    let failures = 0;
    let altered = 0;
    for (;;) {
        const from = performance.now();
        try {
            tell({ share: (offset ?? 0) / file.size, broken: failures > 0, reading: offset === file.size });
            if (offset === file.size)
                return await send(method, `${path}${path.includes('?') ? '&' : '?'}upload=${name}&blocks=${await blocksOf(file)}`, raw('', READING_MS, { key }));
            offset = (await (offset === null ? get(place) : sendPart(offset, file.slice(offset, offset + size)))).offset_bytes;
            size = performance.now() - from < 1000 ? Math.min(size * 2, MOST) : Math.max(size / 2, LEAST);
            failures = 0;
        } catch (problem) {
            if (signal.aborted || !isBreak(problem) || (problem.code === ALTERED && ++altered > MOST_ALTERED)) throw problem;
            failures++;
            size = LEAST;
            tell({ share: (offset ?? 0) / file.size, broken: true });
            await pause(Math.min(PAUSE_MS, 500 * 2 ** failures), signal);
            offset = null;
        }
    }
}

/* { send(method, path, file, key), told }: told is what <Sending> shows */
export function useUpload() {
    const [told, tell] = useState(null);
    const stop = useRef(null);
    stop.current ??= new AbortController();
    useEffect(() => () => stop.current.abort(), []);
    return {
        told,
        send: async (method, path, file, key) => {
            try { return await sendRecording(method, path, file, { key, tell, signal: stop.current.signal }); } finally { tell(null); }
        },
    };
}

export function Sending({ told }) {
    return told && html`<div class="field"><label for="sending">${t('upload.progress')}: ${Math.floor(told.share * 100)} %</label>
        <progress id="sending" max="1" value=${told.share}></progress>
        <div role="status">${told.broken ? t('upload.broken') : told.reading ? t('upload.reading') : ''}</div></div>`;
}

/* A file picked, or dragged in from the desk. */
export function SoundFile({ id, hint, onFile }) {
    const [over, setOver] = useState(false);
    const field = useRef(null);
    const drop = (event) => {
        event.preventDefault();
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (!file) return;
        const one = new DataTransfer();
        one.items.add(file);
        field.current.files = one.files;
        onFile(file);
    };
    return html`<div class=${`field drop ${over ? 'over' : ''}`} onDragOver=${(event) => { event.preventDefault(); setOver(true); }}
        onDragLeave=${() => setOver(false)} onDrop=${drop}><label for=${id}>${t('version.file')}</label>
        <input id=${id} ref=${field} type="file" accept="audio/*,video/webm,.opus" onChange=${(event) => onFile(event.target.files[0] || null)} />
        <div class="hint">${t('upload.drop')} ${hint}</div></div>`;
}
