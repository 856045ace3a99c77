/* acts.js - a button that does something. */
import { html } from '../base/html.js';
import { useAct } from '../base/load.js';
import { ActButton } from './say.js';

/* work: what it does */
export function Act({ work, disabled, children, ...more }) {
    const act = useAct(work);
    return html`<${ActButton} of=${act} disabled=${disabled} more=${more}>${children}<//>`;
}
