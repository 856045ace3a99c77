/*
 * listen.js - a recording to be heard and seen: the browser's own player, its shape, how long
 * and loud it is, and whether all of it was played. What was skipped does not count as heard. For
 * an approval (`proves`) the district is told when it begins and when it is over: it believes no
 * less than its length, from its own clock. Where no answer comes, it is told again until one does.
 */
import { at, post, urlOf } from '../base/api.js';
import { html, useEffect, useRef, useState } from '../base/html.js';
import { useLoad } from '../base/load.js';
import { length } from '../base/time.js';
import { language, t } from '../base/words.js';
import { ProblemBox } from './say.js';

const SLACK_S = 0.6;
const AGAIN_MS = 2_000;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export const audioOf = (version) => urlOf(at`versions/${version}/audio`);

export function Listen({ src, label, onHeard, proof }) {
    const played = useRef(null);
    const [begun, setBegun] = useState(null);
    const [problem, setProblem] = useState(null);
    const shown = useRef(true);
    useEffect(() => () => { shown.current = false; }, []);
    const tell = async (verb) => {
        try {
            await post(`${proof.path}/${verb}`, { object: proof.object });
            setProblem(null);
            return performance.now();
        } catch (refusal) {
            setProblem(refusal);
            if (!refusal.status) await pause(AGAIN_MS);
            if (refusal.status || !shown.current) throw refusal;
            return tell(verb);
        }
    };
    const begin = () => {
        if (begun) return;
        const told = tell('listen');
        told.catch(() => setBegun(null));
        setBegun(told);
    };
    /* Told no sooner than the district can believe it. */
    const end = async (duration) => {
        try {
            await pause(await begun + 1000 * duration - performance.now());
            await tell('heard');
            onHeard();
        } catch ({ status }) {
            played.current = null;
            if (status === 409) setBegun(null);
        }
    };
    const look = (event) => {
        const { played: ranges, duration } = event.target;
        let heard_s = 0;
        for (let i = 0; i < ranges.length; i++) heard_s += ranges.end(i) - ranges.start(i);
        if (onHeard && played.current !== src && Number.isFinite(duration) && heard_s >= duration - SLACK_S) {
            played.current = src;
            if (proof) end(duration);
            else onHeard();
        }
    };
    return html`<${ProblemBox} problem=${problem} /><audio controls preload="none" src=${src} onPlay=${proof && begin} aria-label=${label || t('listen.label')}
        onTimeUpdate=${onHeard && look} onEnded=${onHeard && look} onPause=${onHeard && look}></audio>`;
}

/* Peaks from 0 to 1; what lies outside of from and to is pale. For the eye alone: words stand beside. */
export function Shape({ peaks, from = 0, to = 1 }) {
    const n = peaks.length;
    const lines = (inside) => peaks.map((one, i) => ((i / n >= from && i / n < to) === inside ? `M${i} ${49.5 - 48 * one}V${50.5 + 48 * one}` : '')).join('');
    return html`<svg class="shape" viewBox=${`0 0 ${n} 100`} preserveAspectRatio="none" aria-hidden="true">
        <path d=${lines(true)} /><path class="away" d=${lines(false)} /></svg>`;
}

const level = (thousandths) => (thousandths / 1000).toLocaleString(language(), { minimumFractionDigits: 1, maximumFractionDigits: 1 }).replace('-', '\u2212');

/* version: its id; object: of its audio, so that another one is fetched anew; approved: it is the one that last was */
export function Recording({ version, object, label, onHeard, proves, approved }) {
    const tag = `?${approved ? 'approved=true&' : ''}object=${object.slice(0, 16)}`;
    const { data } = useLoad(`${at`versions/${version}/waveform`}${tag}`);
    return html`${data?.peaks && html`<${Shape} peaks=${data.peaks.match(/../g).map((one) => parseInt(one, 16) / 255)} />`}
        <${Listen} key=${tag} src=${`${audioOf(version)}${tag}`} label=${label} onHeard=${onHeard} proof=${proves && { path: at`versions/${version}`, object }} />
        ${data && html`<p class="small quiet">${t('listen.measured', { length: length(data.duration_us), loudness: level(data.loudness_mlufs), peak: level(data.peak_mdb) })}</p>`}`;
}
