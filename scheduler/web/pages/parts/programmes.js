/* programmes.js - a week of an area as one act: what is different in it, submitted together. */
import { html } from '../base/html.js';
import { at, post, query } from '../base/api.js';
import { useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { differences, readText } from '../base/slot.js';
import { longDay } from '../base/time.js';
import { t } from '../base/words.js';
import { Act } from './acts.js';
import { State } from './say.js';
import { Difference, Facts } from './slot-words.js';

export function Changed({ before, after }) {
    const changes = before ? differences(before, after) : [];
    if (!before) return html`<p class="warn">${t('review.never')}</p><${Facts} form=${after} />`;
    return html`${changes.length ? html`<${Difference} changes=${changes} before=${before} after=${after} />` : html`<p>${t('review.same')}</p>`}
        <details><summary>${t('review.whole')}</summary><${Facts} form=${after} /></details>`;
}

/* One date plays other items, and is in nothing else different. */
const formOf = (text, date) => (date ? { items: readText(text).items } : readText(text));

export const itemsOf = (parts) => parts.flatMap((one) => (one.text ? readText(one.text).items : []));

export const Parts = ({ of }) => of.map(({ slot, name, date, change, text, approved_text }) => html`<section class="card stack" key=${slot + date}>
    <h2><${State} kind=${change === 'removed' ? 'none' : 'wait'}>${t(`programme.${change}`)}<//> ${name}${date && ` – ${longDay(date)}`}</h2>
    ${text && html`<${Changed} before=${approved_text && formOf(approved_text, date)} after=${formOf(text, date)} />`}</section>`);

/* Above the week: what of it waits, and for whom. */
export function ProgrammeOf({ area, from }) {
    const path = at`areas/${area}/programme`;
    const me = useMe();
    const { data } = useLoad(path + query({ from }));
    if (!data?.parts.length) return null;
    const { parts, content, last } = data;
    const waits = last?.state === 'open' && last.content === content;
    return html`<details class="card no-print"><summary>${t('programme.of', { n: parts.length })} ${waits && html`<${State} kind="wait">${t('programme.waits')}<//>`}</summary>
        <div class="stack"><${Parts} of=${parts} />
        ${!waits && may(me, 'editor') && html`<${Act} class="main" work=${() => post(path, { from, content })}>${t('programme.submit')}<//>`}</div></details>
        ${last?.note && html`<p class="warn">${t('version.note', { note: last.note })}</p>`}`;
}
