/* reach.js - how somebody is reached: a tap calls or writes. */
import { html } from '../base/html.js';
import { at } from '../base/api.js';
import { useLoad } from '../base/load.js';
import { t } from '../base/words.js';
import { Loaded } from './say.js';

const Phone = ({ of }) => html`<a class="time" href=${`tel:${of}`}>${of.replace(/^(\+?\d+?)(\d{3})(\d{3})$/, '$1 $2 $3')}</a>`;

export const Reach = ({ phone, email }) => html`${phone && html`<${Phone} of=${phone} />`}${phone && email && ' · '}
    ${email && html`<a href=${`mailto:${email}`}>${email}</a>`}`;

/* Who answers for a place, asked for when somebody wants to know. */
export function OnCall({ area }) {
    const list = useLoad(at`/api/areas/${area}/on-call`);
    return html`<${Loaded} of=${list}>${({ people }) => (people.length === 0 ? html`<p class="quiet">${t('reach.nobody')}</p>`
        : html`<ul class="list">${people.map((one) => html`<li>${one.name} <span class="small quiet">${t(`role.${one.role}`)}</span> <${Reach} ...${one} /></li>`)}</ul>`)}<//>`;
}
