/* stations.js - a card a station: is it there, what sounds, how long it can go on alone. */
import { html } from '../base/html.js';
import { useLoad } from '../base/load.js';
import { useAreas } from '../base/places.js';
import { link } from '../base/route.js';
import { KIND, contactOf, daysReady, heldOf } from '../base/station.js';
import { ago, setNow } from '../base/time.js';
import { has, t } from '../base/words.js';
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

function Card({ one, now_us, nameOf }) {
    const contact = contactOf(one, now_us);
    const held = heldOf(one);
    const days = daysReady(one);
    const heard = one.heartbeat;
    const missing_mb = ((heard?.missing_bytes || 0) / 1e6).toFixed(1);
    return html`<section class="card stack"><div><h2><a href=${link(['stations', one.station])}>${one.name}</a></h2>
        <span class="quiet small">${nameOf(one.area)}</span></div>
        <div><${State} kind=${KIND[contact]}>${contactWords(one, contact)}<//></div>
        <div><${State} kind=${KIND[held]}>${t(`station.held.${held}`)}<//></div>
        ${one.state?.refusal && html`<p class="small">${remarkWords(one.state.refusal)}</p>`}
        ${heard && html`<div>${days === undefined ? '' : t('station.days', { n: days })} · ${
            has(`trust.${heard.trust}`) ? t(`trust.${heard.trust}`) : heard.trust}${
            heard.missing_objects ? ` · ${t('station.missing', { n: heard.missing_objects, mb: missing_mb })}` : ''}</div>
            <${Sounding} of=${heard.sounding} /><${Faults} of=${heard.faults} />`}
        ${one.certificate?.remark && html`<p class="warn small">${remarkWords(one.certificate.remark)}</p>`}</section>`;
}

export function Stations() {
    const status = useLoad('/api/status');
    const { nameOf } = useAreas();
    if (status.data) setNow(status.data.now_us);
    return html`<div class="head"><h1>${t('nav.stations')}</h1></div>
        <${Loaded} of=${status}>${({ stations, now_us }) => (stations.length === 0 ? html`<${Empty}>${t('today.no_station')}<//>`
            : html`<div class="cards">${stations.filter((one) => !one.retired).map((one) => html`<${Card} key=${one.station} one=${one} now_us=${now_us} nameOf=${nameOf} />`)}</div>`)}<//>`;
}
