/* faults.js - what is wrong at a station now: in our words where there are any, and its own. */
import { html } from '../base/html.js';
import { dayClock } from '../base/time.js';
import { has, t } from '../base/words.js';
import { State } from './say.js';

/* A code and its arguments as a sentence; a code of a newer program as it is. */
export function remarkWords(of) {
    const values = Object.fromEntries((of.arguments || []).map(({ name, value }) => [name,
        name.endsWith('_us') ? dayClock(Number(value)) : value]));
    const said = has(`fault.${of.code}`) ? t(`fault.${of.code}`, { subject: of.subject || '?', ...values })
        : [of.code, of.subject, ...Object.values(values)].filter(Boolean).join(' ');
    return of.words ? `${said} ("${of.words}")` : said;
}

export function Faults({ of }) {
    return html`<ul class="list">${of.map((fault) => html`<li><${State} kind="bad">${remarkWords(fault)}<//>
        <div class="small quiet">${t('fault.since', { at: dayClock(fault.since_us) })}</div></li>`)}</ul>`;
}
