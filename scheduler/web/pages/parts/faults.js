/* faults.js - what is wrong at a station now: in our words where there are any, and its own. */
import { html } from '../base/html.js';
import { dayClock } from '../base/time.js';
import { has, t } from '../base/words.js';
import { State } from './say.js';

export function Faults({ of }) {
    return html`<ul class="list">${of.map((fault) => html`<li><${State} kind="bad">${
        has(`fault.${fault.code}`) ? t(`fault.${fault.code}`) : fault.code} ${fault.subject}<//>
        <div class="small quiet"><span lang="en">${fault.words}</span> · ${t('fault.since', { at: dayClock(fault.since_us) })}</div></li>`)}</ul>`;
}
