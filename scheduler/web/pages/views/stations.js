/* stations.js - a card a station: is it there, what sounds, how long it can go on alone. */
import { html } from '../base/html.js';
import { at, put } from '../base/api.js';
import { useForm } from '../base/form.js';
import { useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { areaOptions, idOf, useAreas } from '../base/places.js';
import { go, link } from '../base/route.js';
import { KIND, contactOf, daysReady, heldOf, isHere } from '../base/station.js';
import { ago, setNow } from '../base/time.js';
import { said, t } from '../base/words.js';
import { FormDialog } from '../parts/dialog.js';
import { Check, Choice, TextField } from '../parts/fields.js';
import { Faults, remarkWords } from '../parts/faults.js';
import { Empty, Loaded, Opener, State, Tongue } from '../parts/say.js';

export function Sounding({ of }) {
    return of.map((one) => html`<div><${State} kind="half">${t('station.sounding')}<//>
        ${' '}${one.title} <${Tongue} tag=${one.language} /> <span class="small quiet">${(one.level_mdb / 1000).toFixed(0)} dBFS · ${one.zones.join(', ')}</span></div>`);
}

const CONTACT = { good: 'station.here', lost: 'station.lost', never: 'station.never' };

/* Is it there, and does it hold what was issued? */
export function Signs({ one, now_us }) {
    const contact = contactOf(one, now_us);
    const held = heldOf(one);
    return html`<div><${State} kind=${KIND[contact]}>${t(CONTACT[contact], { ago: contact !== 'never' && ago(one.state.contact_us) })}<//></div>
        <div><${State} kind=${KIND[held]}>${t(`station.held.${held}`)}<//></div>`;
}

/* Does the person work on stations? */
export const useWorks = () => may(useMe(), 'technician', 'administrator');

export const missingWords = (one) => t('station.missing', { n: one.missing_objects, mb: (one.missing_bytes / 1e6).toFixed(1) });

/* How many zones read so: 'rơ-le: 3 đang mở, 1 lỗi' */
function relays(zones) {
    const count = {};
    for (const { relay } of zones) count[relay] = (count[relay] || 0) + 1;
    return Object.keys(count).map((relay) => `${count[relay]} ${t(`relay.${relay}`)}`).join(', ');
}

/* station: of a new one nothing, which gets the one output that almost every station has */
export function StationDialog({ station, onDone, onClose }) {
    const { areas } = useAreas();
    const communes = areas.filter((one) => one.kind !== 'village');
    const [of, set, field] = useForm({ id: null, name: '', retired: false, ...station });
    const id = of.id ?? idOf(of.name);
    const area = of.area || communes.find((one) => one.kind === 'commune')?.id;
    const work = async () => {
        const { waits } = await put(at`stations/${id}`, { name: of.name, area, ...(station && { retired: of.retired }) });
        onDone?.(waits !== undefined);
        if (!station) {
            await put(at`stations/${id}/outputs/main`, { name: t('station.main_output') });
            go(['stations', id]);
        }
    };
    return html`<${FormDialog} title=${t(station ? 'station.edit' : 'station.new')} work=${work} disabled=${!of.name.trim() || !id || !area} onClose=${onClose}>
        <${TextField} label=${t('fact.name')} ...${field('name')} maxlength="100" />
        ${!station && html`<${TextField} label=${t('station.id')} ...${field('id')} value=${id} hint=${t('station.id_hint')} autocapitalize="none" spellcheck="false" maxlength="64" />`}
        <${Choice} label=${t('station.place')} ...${field('area')} value=${area} options=${areaOptions(communes)} />
        ${station && html`<${Check} label=${t('station.retire')} checked=${of.retired} onInput=${(retired) => set({ retired })} />`}<//>`;
}

function Card({ one, now_us, nameOf }) {
    const days = daysReady(one);
    const heard = one.heartbeat;
    return html`<section class="card stack"><div><h2><a href=${link(['stations', one.station])}>${one.name}</a></h2>
        <span class="quiet small">${nameOf(one.area)}</span></div>
        <${Signs} one=${one} now_us=${now_us} />
        ${one.state?.refusal && html`<p class="small">${remarkWords(one.state.refusal)}</p>`}
        ${heard && html`<div>${days === undefined ? '' : t('station.days', { n: days })} · ${
            said(`trust.${heard.trust}`, heard.trust)}${
            heard.missing_objects ? ` · ${missingWords(heard)}` : ''}</div>
            ${isHere(one, now_us) && html`${heard.zones.length > 0 && html`<div>${t('station.relays', { of: relays(heard.zones) })}</div>`}<${Sounding} of=${heard.sounding} />`}<${Faults} of=${heard.faults} />`}
        ${one.certificate?.remark && html`<p class="warn small">${remarkWords(one.certificate.remark)}</p>`}</section>`;
}

export function Stations() {
    const status = useLoad('status');
    const { nameOf } = useAreas();
    if (status.data) setNow(status.data.now_us);
    return html`<div class="head"><h1>${t('nav.stations')}</h1><a class="button" href="#/areas">${t('nav.areas')}</a>
        ${useWorks() && html`<${Opener} class="main" words=${t('station.new')}>${(close) => html`<${StationDialog} onClose=${close} />`}<//>`}</div>
        <${Loaded} of=${status}>${({ stations, now_us }) => (stations.length === 0 ? html`<${Empty}>${t('today.no_station')}<//>`
            : html`<div class="cards">${stations.filter((one) => !one.retired).map((one) => html`<${Card} key=${one.station} one=${one} now_us=${now_us} nameOf=${nameOf} />`)}</div>
                ${stations.some((one) => one.retired) && html`<details><summary>${t('station.retire')}</summary><ul class="list">${stations.filter((one) => one.retired).map((one) => html`<li key=${one.station}><a class="button" href=${link(['stations', one.station])}>${one.name}</a></li>`)}</ul></details>`}`)}<//>`;
}
