/* stations.js - a card a station: is it there, what sounds, how long it can go on alone. */
import { html, useState } from '../base/html.js';
import { at, put } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { areaOptions, idOf, useAreas } from '../base/places.js';
import { go, link } from '../base/route.js';
import { KIND, contactOf, daysReady, heldOf } from '../base/station.js';
import { ago, setNow } from '../base/time.js';
import { said, t } from '../base/words.js';
import { FormDialog } from '../parts/dialog.js';
import { Check, Choice, TextField } from '../parts/fields.js';
import { Faults, remarkWords } from '../parts/faults.js';
import { Empty, Loaded, State, Tongue } from '../parts/say.js';

export function Sounding({ of }) {
    return of.map((one) => html`<div><${State} kind="half">${t('station.sounding')}<//>
        ${' '}${one.title} <${Tongue} tag=${one.language} /> <span class="small quiet">${(one.level_mdb / 1000).toFixed(0)} dBFS · ${one.zones.join(', ')}</span></div>`);
}

export function contactWords(one, contact) {
    return contact === 'never' ? t('station.never') : contact === 'lost'
        ? t('station.lost', { ago: ago(one.state.contact_us) }) : t('station.here', { ago: ago(one.state.contact_us) });
}

export const missingWords = (one) => t('station.missing', { n: one.missing_objects, mb: (one.missing_bytes / 1e6).toFixed(1) });

/* How many zones read so: 'rơ-le: 3 đang mở, 1 lỗi' */
function relays(zones) {
    const count = {};
    for (const { relay } of zones) count[relay] = (count[relay] || 0) + 1;
    return Object.keys(count).map((relay) => `${count[relay]} ${t(`relay.${relay}`)}`).join(', ');
}

/* station: null for a new one, which gets the one output that almost every station has */
export function StationDialog({ station, onClose }) {
    const { areas } = useAreas();
    const communes = areas.filter((one) => one.kind !== 'village');
    const [of, setOf] = useState({ id: null, name: '', area: '', retired: false, ...station });
    const set = (name) => (value) => setOf({ ...of, [name]: value });
    const id = of.id ?? idOf(of.name);
    const area = of.area || communes.find((one) => one.kind === 'commune')?.id;
    const act = useAct(async () => {
        await put(at`/api/stations/${id}`, { name: of.name, area, ...(station && { retired: of.retired }) });
        if (!station) {
            await put(at`/api/stations/${id}/outputs/main`, { name: t('station.main_output') });
            go(['stations', id]);
        }
    });
    return html`<${FormDialog} title=${t(station ? 'station.edit' : 'station.new')} act=${act} words=${t('say.save')} disabled=${!of.name.trim() || !id || !area}
        onSubmit=${act.run} onClose=${onClose}>
        <${TextField} label=${t('fact.name')} value=${of.name} onInput=${set('name')} maxlength="100" />
        ${!station && html`<${TextField} label=${t('station.id')} value=${id} onInput=${set('id')} hint=${t('station.id_hint')} autocapitalize="none" spellcheck="false" maxlength="64" />`}
        <${Choice} label=${t('station.place')} value=${area} options=${areaOptions(communes)} onInput=${set('area')} />
        ${station && html`<${Check} label=${t('station.retire')} checked=${of.retired} onInput=${set('retired')} />`}<//>`;
}

function Card({ one, now_us, nameOf }) {
    const contact = contactOf(one, now_us);
    const held = heldOf(one);
    const days = daysReady(one);
    const heard = one.heartbeat;
    return html`<section class="card stack"><div><h2><a href=${link(['stations', one.station])}>${one.name}</a></h2>
        <span class="quiet small">${nameOf(one.area)}</span></div>
        <div><${State} kind=${KIND[contact]}>${contactWords(one, contact)}<//></div>
        <div><${State} kind=${KIND[held]}>${t(`station.held.${held}`)}<//></div>
        ${one.state?.refusal && html`<p class="small">${remarkWords(one.state.refusal)}</p>`}
        ${heard && html`<div>${days === undefined ? '' : t('station.days', { n: days })} · ${
            said(`trust.${heard.trust}`, heard.trust)}${
            heard.missing_objects ? ` · ${missingWords(heard)}` : ''}</div>
            ${heard.zones.length > 0 && html`<div>${t('station.relays', { of: relays(heard.zones) })}</div>`}
            <${Sounding} of=${heard.sounding} /><${Faults} of=${heard.faults} />`}
        ${one.certificate?.remark && html`<p class="warn small">${remarkWords(one.certificate.remark)}</p>`}</section>`;
}

export function Stations() {
    const me = useMe();
    const status = useLoad('/api/status');
    const { nameOf } = useAreas();
    const [adds, setAdds] = useState(false);
    if (status.data) setNow(status.data.now_us);
    return html`<div class="head"><h1>${t('nav.stations')}</h1><a class="button" href="#/areas">${t('nav.areas')}</a>
        ${may(me, 'technician', 'administrator') && html`<button class="main" onClick=${() => setAdds(true)}>${t('station.new')}</button>`}</div>
        ${adds && html`<${StationDialog} station=${null} onClose=${() => setAdds(false)} />`}
        <${Loaded} of=${status}>${({ stations, now_us }) => (stations.length === 0 ? html`<${Empty}>${t('today.no_station')}<//>`
            : html`<div class="cards">${stations.filter((one) => !one.retired).map((one) => html`<${Card} key=${one.station} one=${one} now_us=${now_us} nameOf=${nameOf} />`)}</div>`)}<//>`;
}
