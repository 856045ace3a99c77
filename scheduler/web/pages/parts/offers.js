/*
 * offers.js - what is sent from above for communes to air at a time of their choice: sent with a
 * deadline, placed, and how far it is.
 */
import { html } from '../base/html.js';
import { at, post, put, query } from '../base/api.js';
import { STATES } from '../base/deliveries.js';
import { useForm } from '../base/form.js';
import { useAct, useLoad } from '../base/load.js';
import { areasOf, may, useMe } from '../base/me.js';
import { useAreas } from '../base/places.js';
import { link } from '../base/route.js';
import { addDays, dayClock, instant, nowUs, today } from '../base/time.js';
import { has, t } from '../base/words.js';
import { FormDialog } from './dialog.js';
import { Choice, DateField, Picks, TimeField } from './fields.js';
import { List, Loaded, Opener, State } from './say.js';

const LEADS = ['6', '12', '24', '48', '72'];
const PLACE_KIND = { open: 'wait', placed: 'half', unplaced: 'bad', stopped: 'none', left_out: 'bad', ...STATES };
const CHOOSERS = ['editor', 'operator', 'approver', 'official'];

export const deadline = (of) => t('offer.deadline', { at: dayClock(of.until_us) });

export function PlaceState({ of }) {
    return html`<${State} kind=${PLACE_KIND[of.state]}>${t(has(`place.${of.state}`) ? `place.${of.state}` : `delivery.${of.state}`)}<//>`;
}

export function OfferState({ of }) {
    if (of.ended_us || of.withdrawn) return html`<${State} kind="none">${t('offer.ended')}<//>`;
    if (!of.approver) return html`<${State} kind="wait">${t('offer.waits')}<//>`;
    return html`<${State} kind=${of.placed === of.places ? 'good' : 'half'}>${t('offer.count', { placed: of.placed, all: of.places })}<//>`;
}

/* ---- sending ---- */

/* The communes that lie in the places of an announcement; or those places, where none does. */
function communesOf(areas, of) {
    let inside = -1;
    const communes = areas.filter((one) => {
        if (inside >= 0 && one.depth <= inside) inside = -1;
        if (inside < 0 && of.areas.includes(one.id)) inside = one.depth;
        return inside >= 0 && one.kind === 'commune';
    });
    return communes.length ? communes : areas.filter((one) => of.areas.includes(one.id));
}

export function OfferForm({ of, onClose }) {
    const communes = communesOf(useAreas().areas, of);
    const [form, set, field] = useForm({ areas: null, date: addDays(today(), 3), min: 1020, lead: '24' });
    const chosen = form.areas ?? communes.map((one) => one.id);
    const until_us = form.date && form.min !== null ? instant(form.date, form.min) : 0;
    const work = () => post('offers', { announcement: of.id, home: of.home, areas: chosen, until_us, lead_h: Number(form.lead) });
    return html`<${FormDialog} title=${t('offer.send')} words=${t('notice.submit')} disabled=${chosen.length === 0 || until_us <= nowUs()} work=${work} onClose=${onClose}>
        <p>${t('offer.send_words')}</p>
        <${Picks} label=${t('offer.to')} rows=${communes} chosen=${chosen} onInput=${(areas) => set({ areas })} />
        <div class="fields"><${DateField} label=${t('offer.until_date')} ...${field('date')} />
            <${TimeField} label=${t('offer.until')} ...${field('min')} />
            <${Choice} label=${t('offer.lead')} ...${field('lead')} options=${LEADS.map((n) => [n, t('offer.hours', { n })])} /></div><//>`;
}

/* For an announcement: where it was sent before, and to send it. */
export function OffersOf({ of }) {
    const me = useMe();
    const list = useLoad(`offers${query({ announcement: of.id })}`);
    const can = may(me, 'editor') && !of.withdrawn;
    if (!can && !list.data?.offers.length) return null;
    return html`<section class="card stack"><h2>${t('offer.title')}</h2>
        <${Loaded} of=${list}>${({ offers }) => html`<${OfferList} offers=${offers} />`}<//>
        ${can && html`<div><${Opener} words=${t('offer.send')}>${(close) => html`<${OfferForm} of=${of} onClose=${close} />`}<//></div>`}</section>`;
}

export function OfferList({ offers }) {
    return html`<${List} rows=${offers} none=${t('offer.never')}>${(one) => html`<li key=${one.id}>
        <a href=${link(['offers', one.id])}>${one.name}</a> <${OfferState} of=${one} />
        <div class="small quiet">${deadline(one)} · ${one.author_name}</div></li>`}<//>`;
}

/* ---- placing ---- */

/* Behind a programme, as the district offers it, or at a time of one's own. */
function Choose({ offer, area, onClose }) {
    const path = at`offers/${offer.id}/areas/${area}`;
    const list = useLoad(`${path}/times`);
    const times = list.data?.times || [];
    const [form, , field] = useForm({ behind: null, date: today(), min: null });
    const behind = form.behind ?? (times.length ? String(times[0].start_us) : '');
    const start_us = behind ? Number(behind) : form.date && form.min !== null ? instant(form.date, form.min) : 0;
    const act = useAct(() => put(path, { start_us }));
    return html`<${FormDialog} title=${t('offer.choose')} act=${act} words=${t('offer.choose')} disabled=${!list.data || start_us <= nowUs() || start_us >= offer.until_us} onClose=${onClose}>
        <p><strong>${offer.name}</strong><br />${deadline(offer)}</p>
        <${Loaded} of=${list}>${() => html`<${Choice} label=${t('offer.when')} ...${field('behind')} value=${behind}
            options=${[...times.map((one) => [String(one.start_us), t('offer.behind', { at: dayClock(one.start_us), name: one.behind })]), ['', t('offer.other')]]} />`}<//>
        ${list.data && !behind && html`<div class="fields"><${DateField} label=${t('offer.date')} ...${field('date')} />
            <${TimeField} label=${t('offer.time')} ...${field('min')} /></div>`}
        ${act.problem?.status === 422 && html`<p class="warn">${t('offer.refused')}</p>`}<//>`;
}

/* Until it sounds: it may be moved where somebody thinks better of it. */
const mayPlace = (one) => one.approver && !one.ended_us && !one.withdrawn && one.until_us > nowUs()
    && ['open', 'placed'].includes(one.here?.state);

function Offered({ one, area, mine }) {
    const open = one.here.state === 'open';
    return html`<li class="stack"><div><a href=${link(['offers', one.id])}>${one.name}</a> <${PlaceState} of=${one.here} />
        ${one.here.start_us > 0 && html` <strong class="time">${dayClock(one.here.start_us)}</strong>`}</div>
        <div class="small quiet">${deadline(one)}${open && ` · ${t('offer.itself', { at: dayClock(one.itself_us) })}`}</div>
        ${mine && mayPlace(one) && html`<div><${Opener} class=${open ? 'main' : ''} words=${t(open ? 'offer.choose' : 'offer.change')} about=${one.name}>${(close) => html`<${Choose} offer=${one} area=${area} onClose=${close} />`}<//></div>`}</li>`;
}

/* For a commune: what waits for its choice first. */
export function Offers({ area }) {
    const me = useMe();
    const list = useLoad(`offers${query({ area })}`);
    const rank = (one) => (one.here.state === 'open' ? 0 : 1);
    return html`<section class="card"><h2>${t('offer.here')}</h2><${Loaded} of=${list}>${({ offers }) => {
        const here = offers.filter((one) => one.approver && one.here && !(one.ended_us && one.here.state === 'open'));
        return html`<${List} rows=${here.sort((a, b) => rank(a) - rank(b) || a.until_us - b.until_us)} none=${t('offer.none')}>${(one) => html`<${Offered} key=${one.id} one=${one} area=${one.here.area} mine=${may(me, ...CHOOSERS)} />`}<//>`;
    }}<//></section>`;
}

/* For Today: how much waits for the choice of who makes a commune's programme. */
export function OffersCard() {
    const area = areasOf(useMe(), 'operator', 'editor')[0];
    const { data } = useLoad(area ? `offers${query({ area })}` : null);
    const n = (data?.offers || []).filter((one) => one.here?.state === 'open' && mayPlace(one)).length;
    return n > 0 && html`<section class="card"><h2>${t('offer.here')}</h2>
        <p><a href=${link(['commune'], { area })}><${State} kind="wait">${t('offer.open', { n })}<//></a></p></section>`;
}
