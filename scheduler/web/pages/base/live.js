/*
 * live.js - knows when something in the district has changed, and whether the district is there.
 *
 * One request waits at the server all the time a page is looked at; it is answered by a change.
 * An answer that fails says that the line is lost, the next good one that it is back. A page
 * that nobody sees asks nothing: browsers have few connections, and their tabs share them.
 */
import { get } from './api.js';
import { on, useEffect, useState } from './html.js';
import { tellChanged } from './load.js';

const PATIENCE_MS = 40_000; /* the server answers after 25 s at the latest */
const RETRY_MS = 2_000;
const PAUSE_MS = 4_000; /* between two changes that are shown: a busy district changes always */

const sleep = (ms) => new Promise((done) => { setTimeout(done, ms); });

async function watch(stop, setLost) {
    let seq;
    let was_lost = false;
    while (!stop.signal.aborted) {
        try {
            const path = seq === undefined ? 'changes' : `changes?after=${seq}`;
            const answer = await get(path, {
                unattended: true, signal: AbortSignal.any([stop.signal, AbortSignal.timeout(PATIENCE_MS)]),
            });
            const news = seq !== undefined && answer.seq !== seq;
            seq = answer.seq;
            if (was_lost || news) tellChanged(true);
            was_lost = false;
            setLost(false);
            if (news) await sleep(PAUSE_MS);
        } catch (problem) {
            if (stop.signal.aborted || problem.status === 401) return;
            was_lost = true;
            setLost(true);
            await sleep(RETRY_MS);
        }
    }
}

/* useLive(signedIn): whether the line to the district is lost. */
export function useLive(signedIn) {
    const [lost, setLost] = useState(false);
    useEffect(() => {
        if (!signedIn) return undefined;
        let stop = null;
        const begin = () => {
            stop?.abort();
            stop = new AbortController();
            watch(stop, setLost);
        };
        const look = () => {
            if (document.visibilityState === 'hidden') stop?.abort();
            else { begin(); tellChanged(true); }
        };
        const gone = () => setLost(true);
        begin();
        const ends = [on(document, { visibilitychange: look }), on(window, { online: begin, offline: gone })];
        return () => {
            stop.abort();
            ends.forEach((end) => end());
        };
    }, [signedIn]);
    return lost;
}
