/* station.js - one station: what it holds and says, its zones, its players, and getting one in. */
import { html, useState } from '../base/html.js';
import { at, post, query } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { useAreas } from '../base/places.js';
import { KIND, contactOf, heldOf } from '../base/station.js';
import { day, dayClock, setNow } from '../base/time.js';
import { has, t } from '../base/words.js';
import { Dialog, FormDialog } from '../parts/dialog.js';
import { TextField } from '../parts/fields.js';
import { Faults } from '../parts/faults.js';
import { Loaded, ProblemBox, State, Tongue } from '../parts/say.js';
import { Sounding, contactWords } from './stations.js';

const RELAY_KIND = { closed: 'good', open: 'none', fault: 'bad', unknown: 'lost' };

function Now({ one, now_us }) {
    const contact = contactOf(one, now_us);
    const heard = one.heartbeat;
    return html`<section class="card stack"><h2>${t('station.now')}</h2>
        <div><${State} kind=${KIND[contact]}>${contactWords(one, contact)}<//></div>
        <div><${State} kind=${KIND[heldOf(one)]}>${t(`station.held.${heldOf(one)}`)}<//></div>
        ${heard && html`<${Sounding} of=${heard.sounding} /><${Faults} of=${heard.faults} />
        <dl class="facts"><dt>${t('station.clock')}</dt><dd>${has(`trust.${heard.trust}`) ? t(`trust.${heard.trust}`) : heard.trust}</dd>
            <dt>${t('station.alone')}</dt><dd>${t('station.days', { n: heard.days_ready })}</dd>
            <dt>${t('station.free')}</dt><dd>${(heard.free_bytes / 1e9).toFixed(1)} / ${(heard.total_bytes / 1e9).toFixed(1)} GB</dd>
            ${heard.temperature_mc !== undefined && html`<dt>${t('station.temperature')}</dt><dd>${(heard.temperature_mc / 1000).toFixed(0)} °C</dd>`}
            <dt>${t('station.versions')}</dt><dd>${heard.player_version}${heard.gateway_version ? ` · ${heard.gateway_version}` : ` · ${t('station.no_gateway')}`}</dd>
            <dt>${t('station.up')}</dt><dd>${dayClock(heard.at_us - heard.uptime_s * 1e6)}</dd></dl>`}</section>`;
}

function Zones({ zones, heard }) {
    const stateOf = (id) => heard?.zones.find((one) => one.zone === id);
    const { nameOf } = useAreas();
    return html`<section class="card"><h2>${t('station.zones')}</h2><div class="wide" tabindex="0" role="region" aria-label=${t('station.zones')}><table>
        <thead><tr><th scope="col">${t('station.zone')}</th><th scope="col">${t('delivery.village')}</th><th scope="col">${t('announcement.languages')}</th><th scope="col">${t('evidence.relay')}</th></tr></thead>
        <tbody>${zones.map((zone) => {
            const relay = stateOf(zone.id)?.relay || 'unknown';
            return html`<tr key=${zone.id}><th scope="row">${zone.name}<div class="small quiet">${zone.id}</div></th><td>${nameOf(zone.village)}</td>
                <td>${zone.languages.map((tag) => html`<${Tongue} tag=${tag} /> `)}</td><td><${State} kind=${RELAY_KIND[relay]}>${t(`relay.${relay}`)}<//></td></tr>`;
        })}</tbody></table></div></section>`;
}

function Days({ days }) {
    return html`<section class="card"><h2>${t('station.plans')}</h2><ul class="list">${days.map((one) => html`<li key=${one.date}><span class="time">${day(one.date)}</span>
        ${' '}<${State} kind=${one.applied ? 'good' : 'wait'}>${t(one.applied ? 'station.applied' : 'station.not_applied')}<//>
        ${one.missing_objects > 0 && ` · ${t('station.missing', { n: one.missing_objects, mb: (one.missing_bytes / 1e6).toFixed(1) })}`}</li>`)}</ul></section>`;
}

/* The code is told once: whoever closes this needs another one. */
function Enrol({ station, hasPlayer, onClose }) {
    const [code, setCode] = useState(null);
    const act = useAct(async () => setCode(await post(at`/api/stations/${station}/enrolment`)));
    return html`<${Dialog} title=${t('station.enrol')} onClose=${onClose}>
        ${code ? html`<p>${t('station.code_words')}</p><p class="code">${code.code}</p><p class="small quiet">${t('station.code_until', { at: dayClock(code.expires_us) })}</p>
            <pre class="small">sudo loa-player enrol</pre>` : html`<p>${t('station.enrol_words')}</p>${hasPlayer && html`<p class="warn">${t('station.replaces')}</p>`}`}
        <${ProblemBox} problem=${act.problem} />
        <div class="row end"><button onClick=${onClose}>${t(code ? 'say.close' : 'say.cancel')}</button>
            ${!code && html`<button class="main" disabled=${act.busy} onClick=${act.run}>${t('station.make_code')}</button>`}</div><//>`;
}

function Revoke({ station, onClose }) {
    const [why, setWhy] = useState('');
    const act = useAct(() => post(at`/api/stations/${station}/revoke`, { why }));
    return html`<${FormDialog} danger title=${t('station.revoke')} act=${act} words=${t('station.revoke')} disabled=${!why.trim()} onSubmit=${act.run} onClose=${onClose}>
        <p>${t('station.revoke_words')}</p><${TextField} label=${t('version.why')} value=${why} onInput=${setWhy} maxlength="200" /><//>`;
}

function Players({ devices, station }) {
    const me = useMe();
    const [shown, open] = useState(null);
    const live = devices.some((one) => one.revoked_us === 0);
    return html`<section class="card stack"><h2>${t('station.players')}</h2>
        <ul class="list">${devices.map((one) => html`<li key=${one.serial}><${State} kind=${one.revoked_us ? 'none' : 'good'}>${t(one.revoked_us ? 'station.revoked' : 'station.live')}<//>
            <div class="small quiet">${t('station.enrolled', { at: dayClock(one.enrolled_us) })}${one.revoked_us ? ` · ${dayClock(one.revoked_us)} ${one.revoked_why}` : ''}</div></li>`)}</ul>
        ${may(me, 'technician', 'administrator') && html`<div class="row"><button class="main" onClick=${() => open('enrol')}>${t(live ? 'station.replace' : 'station.enrol')}</button>
            ${live && html`<button class="danger" onClick=${() => open('revoke')}>${t('station.revoke')}</button>`}</div>`}
        ${shown === 'enrol' && html`<${Enrol} station=${station} hasPlayer=${live} onClose=${() => open(null)} />`}
        ${shown === 'revoke' && html`<${Revoke} station=${station} onClose=${() => open(null)} />`}</section>`;
}

function Whole({ station, one, now_us }) {
    const devices = useLoad(at`/api/stations/${station.id}/devices`);
    return html`<p class="trail"><a href="#/stations">${t('nav.stations')}</a></p><div class="head"><h1>${station.name}</h1></div>
        <div class="cards">${one && html`<${Now} one=${one} now_us=${now_us} />`}
        <${Zones} zones=${station.zones} heard=${one?.heartbeat} />
        ${one && html`<${Days} days=${one.days} />`}
        <${Loaded} of=${devices}>${(data) => html`<${Players} devices=${data.devices} station=${station.id} />`}<//></div>`;
}

export function Station({ id }) {
    const station = useLoad(at`/api/stations/${id}`);
    const status = useLoad(`/api/status${query({ area: station.data?.area })}`);
    if (status.data) setNow(status.data.now_us);
    const one = status.data?.stations.find((each) => each.station === id);
    return html`<${Loaded} of=${station}>${(data) => html`<${Whole} station=${data} one=${one} now_us=${status.data?.now_us} />`}<//>`;
}
