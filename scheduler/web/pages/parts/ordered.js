/* ordered.js - things put in order by buttons, each act told to who does not see it. */
import { html, useLayoutEffect, useRef, useState } from '../base/html.js';
import { t } from '../base/words.js';
import { Empty } from './say.js';

/* words: of one row; children(add): where more is found; add(row, its title) */
export function Ordered({ label, none, rows, words, onInput, children }) {
    const [said, say] = useState('');
    const list = useRef(null);
    const follow = useRef(null);
    const add = (one, title) => { onInput([...rows, one]); say(t('item.added', { title })); };
    /* The button that moved something stays under the finger. */
    useLayoutEffect(() => {
        if (follow.current) list.current.querySelector(`[data-at="${follow.current}"]`)?.focus();
        follow.current = null;
    }, [rows]);
    const move = (from, by) => {
        const to = from + by;
        if (to < 0 || to >= rows.length) return;
        const next = rows.slice();
        next.splice(to, 0, ...next.splice(from, 1));
        follow.current = `${to}:${by}`;
        onInput(next);
        say(t('item.moved', { title: words(rows[from]), n: to + 1 }));
    };
    const drop = (i) => {
        follow.current = rows.length > 1 ? `${Math.min(i, rows.length - 2)}:0` : null;
        onInput(rows.filter((_, k) => k !== i));
        say(t('item.dropped', { title: words(rows[i]) }));
    };
    const button = (i, by, word, sign, act) => html`<button type="button" data-at=${`${i}:${by}`} aria-label=${t(word, { title: words(rows[i]) })} onClick=${act}>${sign}</button>`;
    return html`<fieldset class="stack"><legend>${label}</legend>
        ${rows.length === 0 && html`<${Empty}>${none}<//>`}
        <ol class="items" ref=${list}>${rows.map((one, i) => html`<li><span>${words(one)}</span>
            ${button(i, -1, 'item.up', '↑', () => move(i, -1))}${button(i, 1, 'item.down', '↓', () => move(i, 1))}${button(i, 0, 'item.drop', '×', () => drop(i))}</li>`)}</ol>
        <div class="hidden" role="status">${said}</div>
        ${children(add)}</fieldset>`;
}
