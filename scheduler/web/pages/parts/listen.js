/*
 * listen.js - a recording to be heard: the browser's own player, and whether all of it was
 * played. What was skipped does not count as heard.
 */
import { html, useRef } from '../base/html.js';
import { t } from '../base/words.js';

const SLACK_S = 0.6;

export function Listen({ src, label, onHeard }) {
    const played = useRef(null);
    const look = (event) => {
        const { played: ranges, duration } = event.target;
        let heard_s = 0;
        for (let i = 0; i < ranges.length; i++) heard_s += ranges.end(i) - ranges.start(i);
        if (onHeard && played.current !== src && Number.isFinite(duration) && heard_s >= duration - SLACK_S) {
            played.current = src;
            onHeard();
        }
    };
    return html`<audio controls preload="none" src=${src} aria-label=${label || t('listen.label')}
        onTimeUpdate=${onHeard && look} onEnded=${onHeard && look} onPause=${onHeard && look}></audio>`;
}
