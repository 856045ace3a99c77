/* behind.js - stations that have not taken the newest plan: there a withdrawal has not arrived. */
import { html } from '../base/html.js';
import { query } from '../base/api.js';
import { useLoad } from '../base/load.js';
import { heldOf } from '../base/station.js';
import { ago } from '../base/time.js';
import { t } from '../base/words.js';
import { Loaded, State } from './say.js';

/* always: also where there is none */
export function Behind({ area, always }) {
    const status = useLoad(`status${query({ area })}`);
    const behind = (status.data?.stations || []).filter((one) => !one.retired && one.issued_version && heldOf(one) !== 'good');
    if (!always && behind.length === 0) return null;
    return html`<section class="card"><h2>${t('commune.behind')}</h2><${Loaded} of=${status}>${() => (behind.length === 0
        ? html`<p><${State} kind="good">${t('commune.behind_none')}<//></p>`
        : html`<p>${t('commune.behind_words')}</p><ul class="list">${behind.map((one) => html`<li key=${one.station}><${State} kind="wait">${one.name}<//>
            <span class="small quiet"> ${one.state?.contact_us ? t('today.last_contact', { ago: ago(one.state.contact_us) }) : t('today.never_contact')}</span></li>`)}</ul>`)}<//></section>`;
}
