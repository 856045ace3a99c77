/* spans.js - what was heard, of a day, a week or a month: the way from one to the others. */
import { html } from '../base/html.js';
import { link } from '../base/route.js';
import { t } from '../base/words.js';

/* date: in the middle of what is shown here */
export function Spans({ here, date, area }) {
    const tab = (name, path, of) => html`<a href=${link([path], { ...of, area })} aria-current=${name === here ? 'page' : undefined}>${t(`figures.tab_${name}`)}</a>`;
    return html`<nav class="tabs no-print" aria-label=${t('figures.tabs')}>${tab('day', 'delivery', { date })}${tab('week', 'figures', { week: date })}${tab('month', 'figures', { month: date.slice(0, 7) })}</nav>`;
}
