/* day-or-month.js - what was heard, of a day or of a month: the way from one to the other. */
import { html } from '../base/html.js';
import { link } from '../base/route.js';
import { t } from '../base/words.js';

export function DayOrMonth({ here }) {
    const tab = (name, path) => html`<a href=${link([path])} aria-current=${name === here ? 'page' : undefined}>${t(`figures.tab_${name}`)}</a>`;
    return html`<nav class="tabs no-print" aria-label=${t('figures.tabs')}>${tab('day', 'delivery')}${tab('month', 'figures')}</nav>`;
}
