/*
 * station.js - one station: what it holds and says, its zones and their relays, its players and
 * getting one in, what became of it.
 */
import { html, useState } from '../base/html.js';
import { at, post, put, query } from '../base/api.js';
import { useForm } from '../base/form.js';
import { useAct, useLoad } from '../base/load.js';
import { idOf, useAreas } from '../base/places.js';
import { isHere } from '../base/station.js';
import { link } from '../base/route.js';
import { day, dayClock, setNow } from '../base/time.js';
import { said, t } from '../base/words.js';
import { Dialog, FormDialog } from '../parts/dialog.js';
import { Check, TextField } from '../parts/fields.js';
import { Faults, remarkWords } from '../parts/faults.js';
import { VolumeDialog } from '../parts/hours.js';
import { FACTS } from '../parts/proposal.js';
import { Qr } from '../parts/qr.js';
import { Said, TestButton, isOpen } from '../parts/relay-test.js';
import { Facts, Loaded, Opener, ProblemBox, State, Tongue } from '../parts/say.js';
import { ZoneDialog } from '../parts/zone.js';
import { Signs, Sounding, StationDialog, missingWords, useWorks } from './stations.js';

const RELAY_KIND = { closed: 'good', open: 'none', fault: 'bad', unknown: 'lost' };

function Now({ one, now_us }) {
    const heard = one.heartbeat;
    return html`<section class="card stack"><h2>${t('station.now')}</h2><${Signs} one=${one} now_us=${now_us} />
        ${heard && html`${isHere(one, now_us) && html`<${Sounding} of=${heard.sounding} />`}<${Faults} of=${heard.faults} />
        <${Facts} of=${[['station.clock', said(`trust.${heard.trust}`, heard.trust)],
            ['station.alone', t('station.days', { n: heard.days_ready })],
            ['station.audio', heard.missing_objects ? missingWords(heard) : t('station.whole')],
            ['station.free', `${(heard.free_bytes / 1e9).toFixed(1)} / ${(heard.total_bytes / 1e9).toFixed(1)} GB`],
            ['station.temperature', heard.temperature_mc !== undefined && `${(heard.temperature_mc / 1000).toFixed(0)} °C`],
            ['station.versions', `${heard.player_version} · ${heard.gateway_version || t('station.no_gateway')}`],
            ['station.up', dayClock(heard.at_us - heard.uptime_s * 1e6)]]} />`}</section>`;
}

/* In one line: in which language it cannot warn, and of what. */
function Ready({ station }) {
    const { data } = useLoad(`alert-readiness${query({ area: station.area })}`);
    const one = data?.stations.find((each) => each.station === station.id);
    return one && html`<div><${State} kind=${one.ready ? 'good' : 'half'}>${t(one.ready ? 'station.alerts_ready' : one.reads_them ? 'station.alerts_lack' : 'alert.old_player')}<//>
        ${one.gaps.map(({ language, titles }) => html` <${Tongue} tag=${language} lacking /> <a class="small" href=${link(['phrases'], { language, area: station.area })}>${titles.slice(0, 3).join(', ')}${titles.length > 3 ? ` +${titles.length - 3}` : ''}</a>`)}${!one.ready && one.reads_them && !one.gaps.length && ` ${t(one.unapproved ? 'alert.unapproved' : 'alert.nothing_recorded', { n: one.unapproved })}`}</div>`;
}

/* A card of the player that plays by itself; zones are put onto it afterwards. */
function OutputDialog({ station, onClose }) {
    const [name, setName] = useState('');
    const [typed, setId] = useState(null);
    const id = typed ?? idOf(name);
    const work = () => put(at`stations/${station.id}/outputs/${id}`, { name: name.trim() });
    return html`<${FormDialog} title=${t('output.new')} work=${work} disabled=${!name.trim() || !id} onClose=${onClose}>
        <${TextField} label=${t('fact.name')} value=${name} onInput=${setName} maxlength="100" />
        <${TextField} label=${t('output.id')} value=${id} onInput=${setId} hint=${t('output.id_hint')} autocapitalize="none" spellcheck="false" maxlength="64" /><//>`;
}

function Zones({ station, heard }) {
    const { nameOf } = useAreas();
    const tests = useLoad(at`stations/${station.id}/tests`).data?.tests || [];
    const [waits, setWaits] = useState(false);
    const volume = (zone) => (close) => html`<${VolumeDialog} station=${station} zone=${zone} onDone=${setWaits} onClose=${close} />`;
    const edit = (zone) => (close) => html`<${ZoneDialog} station=${station} zone=${zone} onDone=${setWaits} onClose=${close} />`;
    const works = useWorks();
    const busy = tests.some(isOpen);
    return html`<section class="card whole stack"><h2>${t('station.zones')}</h2><${Ready} station=${station} />
        <div role="status">${waits && html`<p class="warn">${t('day.waits')}</p>`}</div>
        <ul class="list">${station.zones.map((zone) => {
            const volumes = station.volumes.filter((one) => one.zone === zone.id);
            const relay = heard?.zones.find((one) => one.zone === zone.id)?.relay || 'unknown';
            return html`<li class="item" key=${zone.id}><div><strong>${zone.name}</strong><div class="small quiet">${zone.id} · ${nameOf(zone.village)}${station.outputs.length > 1 && ` · ${station.outputs.find((one) => one.id === zone.output)?.name}`}</div></div>
                <div>${zone.languages.map((tag) => html`<${Tongue} tag=${tag} /> `)}${volumes.length > 0 && html`<div class="small">${FACTS.volumes(volumes)}</div>`}</div>
                <div>${t('station.relay')} <${State} kind=${RELAY_KIND[relay]}>${t(`relay.${relay}`)}<//><${Said} test=${tests.find((one) => one.zone === zone.id)} /></div>
                ${works && html`<div class="row end"><${TestButton} station=${station.id} zone=${zone} busy=${busy} /><${Opener} words=${t('slot.gain_mdb')} about=${zone.name}>${volume(zone)}<//>
                    <${Opener} words=${t('zone.edit')} aria-label=${t('zone.change_of', zone)}>${edit(zone)}<//></div>`}</li>`;
        })}</ul>
        ${works && html`<div class="row"><${Opener} words=${t('zone.new')}>${edit(null)}<//>
            <${Opener} words=${t('output.new')}>${(close) => html`<${OutputDialog} station=${station} onClose=${close} />`}<//></div>`}</section>`;
}

/* Days that lack something; of the others how far they reach. */
function Days({ days }) {
    const lacking = days.filter((one) => !one.applied || one.missing_objects > 0);
    const whole = days.filter((one) => !lacking.includes(one)).at(-1);
    return html`<section class="card"><h2>${t('station.plans')}</h2><ul class="list">
        ${whole && html`<li><${State} kind="good">${t('station.applied_until', { day: day(whole.date) })}<//></li>`}
        ${lacking.map((one) => html`<li key=${one.date}><span class="time">${day(one.date)}</span>
        ${' '}<${State} kind=${one.applied ? 'half' : 'wait'}>${t(one.applied ? 'station.applied' : 'station.not_applied')}<//>
        ${one.missing_objects > 0 && ` · ${missingWords(one)}`}</li>`)}</ul></section>`;
}

/*
 * The code is told once: whoever closes this needs another one. A dead player is revoked when the
 * new one is there, a stolen one at once.
 */
function Enrol({ station, live, onClose }) {
    const [code, setCode] = useState(null);
    const [of, set, field] = useForm({ stolen: false, why: '' });
    const act = useAct(async () => {
        if (of.stolen && live) await post(at`stations/${station}/revoke`, { why: of.why });
        setCode({ ...await post(at`stations/${station}/enrolment`), was: live?.serial });
    });
    const done = code && live && live.serial !== code.was;
    return html`<${Dialog} title=${t(live ? 'station.replace' : 'station.enrol')} onClose=${onClose}>
        <div role="status">${done && html`<p class="told">${t('station.enrolled_now')}</p>`}</div>
        ${code ? !done && html`<p>${t('station.code_words')}</p><div class="row"><${Qr} rows=${code.qr} label=${t('station.qr')} /></div><p class="code">${code.code}</p>
            <p class="small quiet">${t('station.code_until', { at: dayClock(code.expires_us) })}</p><pre class="small">sudo -u loa-player loa-player enrol</pre>`
            : html`<p>${t('station.enrol_words')}</p>${live && html`<p class="warn">${t(of.stolen ? 'station.stolen_words' : 'station.replaces')}</p>
                <${Check} label=${t('station.stolen')} checked=${of.stolen} onInput=${(stolen) => set({ stolen })} />
                ${of.stolen && html`<${TextField} label=${t('version.why')} ...${field('why')} maxlength="200" />`}`}`}
        <${ProblemBox} problem=${act.problem} />
        <div class="row end"><button onClick=${onClose}>${t(code ? 'say.close' : 'say.cancel')}</button>
            ${!code && html`<button class="main" disabled=${act.busy || (of.stolen && !of.why.trim())} onClick=${act.run}>${t('station.make_code')}</button>`}</div><//>`;
}

function Revoke({ station, onClose }) {
    const [why, setWhy] = useState('');
    const work = () => post(at`stations/${station}/revoke`, { why });
    return html`<${FormDialog} danger title=${t('station.revoke')} work=${work} words=${t('station.revoke')} disabled=${!why.trim()} onClose=${onClose}>
        <p>${t('station.revoke_words')}</p><${TextField} label=${t('version.why')} value=${why} onInput=${setWhy} maxlength="200" /><//>`;
}

function Players({ devices, station }) {
    const live = devices.find((one) => one.revoked_us === 0);
    return html`<section class="card stack"><h2>${t('station.players')}</h2>
        <ul class="list">${devices.map((one) => html`<li key=${one.serial}><${State} kind=${one.revoked_us ? 'none' : 'good'}>${t(one.revoked_us ? 'station.revoked' : 'station.live')}<//>
            <div class="small quiet">${t('station.enrolled', { at: dayClock(one.enrolled_us) })}${one.revoked_us ? ` · ${dayClock(one.revoked_us)} ${one.revoked_why}` : ''}</div></li>`)}</ul>
        <div class="row"><${Opener} class="main" words=${t(live ? 'station.replace' : 'station.enrol')}>${(close) => html`<${Enrol} station=${station} live=${live} onClose=${close} />`}<//>
            ${live && html`<${Opener} class="danger" words=${t('station.revoke')}>${(close) => html`<${Revoke} station=${station} onClose=${close} />`}<//>`}</div></section>`;
}

const EVENT_KIND = { enrolled: 'good', new_player: 'good', revoked: 'bad', away: 'lost', fault: 'bad', cleared: 'good', refused: 'bad' };

/* Newest first; the words of records, and of who revoked a player. */
function History({ station }) {
    const [before, setBefore] = useState();
    const history = useLoad(`${at`stations/${station}/history`}${query({ before })}`);
    return html`<section class="card whole stack"><h2>${t('station.history')}</h2>
        <${Loaded} of=${history}>${({ events }) => html`<ul class="list">${events.map((one) => html`<li><span class="time">${dayClock(one.at_us)}</span>${
            one.until_us ? html`<span class="time"> – ${dayClock(one.until_us)}</span>` : ''}
            ${' '}<${State} kind=${EVENT_KIND[one.what] || 'none'}>${t(`event.${one.what}`)}<//>${
            one.reason ? ` · ${t(`reason.${one.reason}`)}` : ''}${one.why ? ` · ${one.why}` : ''}${one.remark ? ` · ${remarkWords(one.remark)}` : ''}</li>`)}</ul>
            <div class="row">${before && html`<button onClick=${() => setBefore(undefined)}>${t('station.newest')}</button>`}
                ${events.length === 100 && html`<button onClick=${() => setBefore(events[99].at_us)}>${t('station.earlier')}</button>`}</div>`}<//></section>`;
}

function Whole({ station, one, now_us }) {
    const works = useWorks();
    const [waits, setWaits] = useState(false);
    const devices = useLoad(works ? at`stations/${station.id}/devices` : null);
    return html`<p class="trail"><a href="#/stations">${t('nav.stations')}</a></p><div class="head"><h1>${station.name}</h1>
        ${works && html`<${Opener} words=${t('station.edit')}>${(close) => html`<${StationDialog} station=${station} onDone=${setWaits} onClose=${close} />`}<//>`}</div>
        <div role="status">${waits && html`<p class="warn">${t('day.waits')}</p>`}</div>
        <div class="cards">${one && html`<${Now} one=${one} now_us=${now_us} /><${Days} days=${one.days} />`}
        ${works && html`<${Loaded} of=${devices}>${(data) => html`<${Players} devices=${data.devices} station=${station.id} />`}<//>`}
        <${Zones} station=${station} heard=${one && isHere(one, now_us) ? one.heartbeat : null} /><${History} station=${station.id} /></div>`;
}

export function Station({ id }) {
    const station = useLoad(at`stations/${id}`);
    const status = useLoad(`status${query({ area: station.data?.area })}`);
    if (status.data) setNow(status.data.now_us);
    const one = status.data?.stations.find((each) => each.station === id);
    return html`<${Loaded} of=${station}>${(data) => html`<${Whole} station=${data} one=${one} now_us=${status.data?.now_us} />`}<//>`;
}
