/* alone.js - areas for which nobody approves, or nobody soon will. */
import { html } from '../base/html.js';
import { useLoad } from '../base/load.js';
import { dayClock, nowUs } from '../base/time.js';
import { t } from '../base/words.js';
import { State } from './say.js';

const SHOWN = 10;

/* Told before it happens: a deputy's last day comes by itself. */
export function Alone() {
    const { data } = useLoad('alone');
    if (!data?.alone.length) return null;
    return html`<section class="card"><h2>${t('people.alone')}</h2><ul class="list">${data.alone.slice(0, SHOWN).map((one) => html`<li key=${one.area}><strong>${one.name}</strong> <${State} kind=${one.from_us > nowUs() ? 'wait' : 'bad'}>${one.from_us > nowUs()
        ? t('people.alone_from', { at: dayClock(one.from_us) }) : t('people.alone_now')}<//></li>`)}</ul></section>`;
}
