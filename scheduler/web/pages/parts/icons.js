/* icons.js - signs drawn as lines, so that no font has to bring them. They repeat words. */
import { html } from '../base/html.js';

const paths = {
    good: 'M3 8.5 6.5 12 13 4',
    half: 'M8 2a6 6 0 1 0 0 12z',
    wait: 'M8 2a6 6 0 1 0 .01 0M8 5v3.5l2.5 1.5',
    bad: 'M4 4l8 8M12 4l-8 8',
    lost: 'M8 2 14.5 13.5H1.5zM8 6v4M8 11.6v.4',
    none: 'M4 8h8',
    play: 'M5 3v10l8-5z',
    stop: 'M4 4h8v8H4z',
    clash: 'M8 3v6M8 12v.5',
    menu: 'M2 4h12M2 8h12M2 12h12',
};
const filled = new Set(['half', 'play', 'stop']);

export function Icon({ name }) {
    return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"
        fill=${filled.has(name) ? 'currentColor' : 'none'} stroke="currentColor"
        stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d=${paths[name]} /></svg>`;
}
