/* reach.js - how somebody is reached: a tap calls or writes. */
import { html } from '../base/html.js';
import { at } from '../base/api.js';
import { useLoad } from '../base/load.js';
import { t } from '../base/words.js';
import { List, Loaded } from './say.js';

const Phone = ({ of }) => html`<a class="time" href=${`tel:${of}`}>${of.replace(/^(\+?\d+?)(\d{3})(\d{3})$/, '$1 $2 $3')}</a>`;

export const Reach = ({ phone, email }) => html`${phone && html`<${Phone} of=${phone} />`}${phone && email && ' · '}
    ${email && html`<a href=${`mailto:${email}`}>${email}</a>`}`;

/* Who answers for a place, asked for when somebody wants to know. */
export function OnCall({ area }) {
    const list = useLoad(at`areas/${area}/on-call`);
    return html`<${Loaded} of=${list}>${({ people }) => html`<${List} rows=${people} none=${t('reach.nobody')}>${(one) => html`<li>${one.name} <span class="small quiet">${t(`role.${one.role}`)}</span> <${Reach} ...${one} /></li>`}<//>`}<//>`;
}
