/* wide.js - a table that scrolls by itself where it is wide, also by keyboard. */
import { html } from '../base/html.js';

/* heads: words of the columns; '' for a column without one, false for one that is not shown */
export function Wide({ label, heads, kind = '', children }) {
    return html`<div class="wide" tabindex="0" role="region" aria-label=${label}><table class=${kind}>
        <thead><tr>${heads.map((one) => (one ? html`<th scope="col">${one}</th>` : one === '' && html`<td></td>`))}</tr></thead>${children}</table></div>`;
}
