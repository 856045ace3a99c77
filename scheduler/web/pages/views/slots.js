/* slots.js - all slots by time of day: when, where, whether somebody approved them. */
import { html } from '../base/html.js';
import { useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { useAreas } from '../base/places.js';
import { link } from '../base/route.js';
import { STATE_KIND, stateOf } from '../base/slot.js';
import { day, minuteClock } from '../base/time.js';
import { t } from '../base/words.js';
import { Empty, Loaded, State } from '../parts/say.js';
import { ruleWords } from '../parts/slot-words.js';
import { Wide } from '../parts/wide.js';

const where = (targets, nameOf) => targets.map((one) => (one.area ? nameOf(one.area) : `${one.station}/${one.zone}`)).join(', ');

function Table({ slots, nameOf }) {
    return html`<${Wide} label=${t('nav.slots')} heads=${[t('slot.local_min'), t('slot.name'), t('slot.rule'), t('slot.targets'), t('slot.state')]}>
        <tbody>${slots.map((one) => html`<tr key=${one.id}><td class="time">${minuteClock(one.local_min)}</td>
            <th scope="row"><a href=${link(['slots', one.id])}>${one.name}</a><div class="small quiet">${t(`class.${one.class}`)}</div></th>
            <td>${ruleWords(one.rule, one.first_date)}${one.until && html`<div class="small quiet">${t('rule.until', { day: day(one.until) })}</div>`}</td>
            <td>${where(one.targets, nameOf)}</td>
            <td><${State} kind=${STATE_KIND[stateOf(one)]}>${t(`slot.${stateOf(one)}`)}<//></td></tr>`)}</tbody><//>`;
}

export function Slots() {
    const me = useMe();
    const { nameOf } = useAreas();
    const list = useLoad('slots');
    return html`<div class="head"><h1>${t('nav.slots')}</h1>
        ${may(me, 'editor') && html`<a class="button main" href=${link(['slots', 'new'])}>${t('slot.new')}</a>`}</div>
        <${Loaded} of=${list}>${({ slots }) => (slots.length ? html`<${Table} slots=${slots} nameOf=${nameOf} />`
            : html`<${Empty}>${t('slot.none')}<//>`)}<//>`;
}
