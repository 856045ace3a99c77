/*
 * hold.js - a button that acts when it was held for two seconds, and a second way for whoever
 * cannot hold one: to type how many villages will hear it.
 */
import { html, on, useEffect, useRef, useState } from '../base/html.js';
import { t } from '../base/words.js';
import { TextField } from './fields.js';

const HOLD_MS = 2_000;

function HoldButton({ words, disabled, onHeld, class: kind }) {
    const [done, setDone] = useState(0);
    const frame = useRef(0);
    const end = () => { cancelAnimationFrame(frame.current); frame.current = 0; setDone(0); };
    const begin = () => {
        if (disabled || frame.current) return;
        const begun = performance.now();
        const look = (now) => {
            const part = Math.min(1, (now - begun) / HOLD_MS);
            setDone(part);
            if (part < 1) frame.current = requestAnimationFrame(look);
            else { end(); onHeld(); }
        };
        frame.current = requestAnimationFrame(look);
    };
    const isKey = (event) => event.key === ' ' || event.key === 'Enter';
    useEffect(() => {
        const off = on(window, { blur: end });
        return () => { off(); cancelAnimationFrame(frame.current); };
    }, []);
    /* A click alone does nothing, also not the one that a held key makes. */
    return html`<button type="button" class=${`hold ${kind}`} disabled=${disabled} style=${{ '--done': done }}
        onPointerDown=${begin} onPointerUp=${end} onPointerLeave=${end} onPointerCancel=${end} onBlur=${end}
        onKeyDown=${(event) => { if (isKey(event)) { event.preventDefault(); begin(); } }}
        onKeyUp=${(event) => { if (isKey(event)) end(); }}
        onContextMenu=${(event) => event.preventDefault()}>${done > 0 ? t('alert.holding') : words}</button>`;
}

/* n: of villages */
export function Hold({ words, n, disabled, onHeld, class: kind }) {
    const [typed, setTyped] = useState('');
    return html`<${HoldButton} words=${words} disabled=${disabled} onHeld=${onHeld} class=${kind} />
        <details><summary>${t('alert.cannot_hold')}</summary><div class="row">
            <${TextField} label=${t('alert.type_n')} inputmode="numeric" class="short" value=${typed} onInput=${setTyped} />
            <button type="button" class=${kind} disabled=${disabled || typed.trim() !== String(n)} onClick=${onHeld}>${t('alert.send')}</button></div></details>`;
}
