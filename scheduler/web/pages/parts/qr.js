/* qr.js - a QR code as the server reckoned it: rows of 0 and 1, drawn as one path. */
import { html } from '../base/html.js';

const QUIET = 4; /* modules of white that a reader wants around a code */

/* rows: undefined where the text was too long for a code */
export function Qr({ rows, label }) {
    if (!rows) return null;
    const size = rows.length + 2 * QUIET;
    const path = rows.flatMap((row, y) => [...row].map((one, x) => (one === '1' ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : ''))).join('');
    return html`<svg class="qr" role="img" aria-label=${label} viewBox=${`0 0 ${size} ${size}`}>
        <path fill="#fff" d=${`M0 0h${size}v${size}H0z`} /><path d=${path} shape-rendering="crispEdges" /></svg>`;
}
