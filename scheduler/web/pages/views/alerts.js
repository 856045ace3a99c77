/* alerts.js - alerts that were called, how far each is in every village, and an end to it. */
import { html, useEffect } from '../base/html.js';
import { at, post, remove, urlOf } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { tongueWords } from '../base/places.js';
import { link } from '../base/route.js';
import { clock, dayClock, length, nowUs } from '../base/time.js';
import { said, t } from '../base/words.js';
import { EndDialog } from '../parts/dialog.js';
import { Imports } from '../parts/imports.js';
import { Listen } from '../parts/listen.js';
import { MessengersOf } from '../parts/messengers.js';
import { List, Loaded, Opener, ProblemBox, State } from '../parts/say.js';
import { Speaking } from '../parts/speak.js';
import { Wide } from '../parts/wide.js';
import { AlertCall, CALLERS } from './alert-call.js';

const STOPPERS = [...CALLERS, 'official'];
const KINDS = { not_sent: 'bad', waiting: 'wait', no_contact: 'lost', unable: 'bad', tone_only: 'bad', partly: 'half', received: 'wait', held: 'half', relay_on: 'half', sounding: 'half',
    done: 'good', stopped: 'none', failed: 'bad', no_word: 'lost' };
const AGAIN_MS = 2_000;
/* What puts a real alert right. */
const RIGHTING = ['false_alarm', 'all_clear'];

const isOn = (one) => !one.stopped_us && one.expires_us > nowUs() && !one.speech?.ended_us;

function StopButton({ one }) {
    const me = useMe();
    return isOn(one) && may(me, ...STOPPERS) && html`<${Opener} class="danger" words=${t('alert.stop')} about=${one.title}>${(close) => html`<${EndDialog}
        path=${at`alerts/${one.id}/stop`} name=${one.title} title=${t('alert.stop_title')} text=${t('alert.stop_words')} words=${t('alert.stop')} onClose=${close} />`}<//>`;
}

const Drill = ({ one }) => one.drill && html`<strong class="band">${t('alert.is_drill')}</strong> `;

/* Who started it, and where if that was not at the district. */
const called = (one) => t(!one.station ? 'alert.called' : one.by_button ? 'alert.alone_button' : 'alert.alone', { at: dayClock(one.issued_us), name: one.author_name, station: one.station_name });

function Facts({ one }) {
    return html`<p class="small quiet">${called(one)}${' · '}${one.stopped_us ? t('alert.stopped_at', { at: clock(one.stopped_us), name: one.stopped_by_name || '' }) : t('alert.until', { at: dayClock(one.expires_us) })}
        ${one.agreed_by && ` · ${t('live.agreed_by', { name: one.agreed_by })}`}${one.n_told > 0 && ` · ${t('alert.told', { n: one.n_told, seen: one.n_seen })}`}</p>`;
}

/* ---- one alert ---- */

/* Its worst state first: who did not get it needs somebody. */
function Zones({ zones }) {
    const order = Object.keys(KINDS);
    const rows = zones.slice().sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.village_name.localeCompare(b.village_name, 'vi'));
    return html`<${Wide} label=${t('alert.villages')} heads=${[t('delivery.village'), t('alert.state'), t('alert.station')]}><tbody>${rows.map((one) => html`<tr key=${`${one.station}/${one.zone}`}><th scope="row">${one.village_name}</th>
        <td><${State} kind=${KINDS[one.state]}>${t(`alert.state.${one.state}`)}<//>${[one, ...one.unsaid].map((each) => each.reason !== 'none' && html`<div class="small">${each.language && t('alert.unsaid', { language: tongueWords(each.language) })} ${said(`reason.${each.reason}`, each.reason)}</div>`)}</td>
        <td><a href=${link(['stations', one.station])}>${one.station_name}</a></td></tr>`)}</tbody><//>`;
}

function Sums({ zones }) {
    const sums = Object.keys(KINDS).map((state) => [state, zones.filter((one) => one.state === state).length]).filter(([, n]) => n > 0);
    return html`<p class="row" role="status">${sums.map(([state, n]) => html`<${State} kind=${KINDS[state]}>${t(`alert.state.${state}`)} <strong>${n}</strong><//>`)}</p>`;
}

/* Ready to be sent to the same places: of those that a commune alone may have reached, to the ones that answered. */
function Correct({ one }) {
    const me = useMe();
    const { data } = useLoad('alert-templates');
    if (one.drill || RIGHTING.includes(one.event) || !may(me, ...CALLERS)) return null;
    const to = (template) => link(['alerts', 'call'], { template, areas: one.zones.filter((each) => !one.station || each.taken_us || each.ended_us).map((each) => each.village).concat(one.silent_villages.map((each) => each.id)).join(' '), replaces: one.id });
    return html`<p class="row">${RIGHTING.map((event) => {
        const template = data?.templates.find((each) => each.event === event);
        return template && html`<a class="button" href=${to(template.id)}>${t(`alert.${event}`)}</a>`;
    })}</p>`;
}

function Whole({ one }) {
    return html`<div class="head"><h1><${Drill} one=${one} />${one.title}</h1><${StopButton} one=${one} /></div><${Facts} one=${one} />
        ${one.speech && html`<${Speaking} one=${one} />${one.speech.object && html`<${Listen} src=${urlOf(at`alerts/${one.id}/speech`)} label=${t('live.listen')} />`}`}
        ${one.spoken.map((part) => html`<p class="row"><${Listen} src=${urlOf(at`alerts/${one.id}/speech-parts/${part.object}`)} label=${t('live.part', { at: clock(part.from_us) })} />
            <span class="small quiet">${t(part.is_recorded ? 'live.signed' : 'live.unsigned', { length: length(part.duration_us) })}</span></p>`)}
        <${Sums} zones=${one.zones} /><${Zones} zones=${one.zones} /><${MessengersOf} of=${{ alert: one.id }} /><${Correct} one=${one} />
        <p><a class="small" href=${urlOf(at`alerts/${one.id}/cap`)} download=${`${one.id}.xml`}>${t('alert.cap')}</a></p>`;
}

/* What stations say of themselves between two records is no change of the district's: ask. */
function useOften(is_on, reload) {
    useEffect(() => {
        if (!is_on) return undefined;
        const timer = setInterval(() => reload(true), AGAIN_MS);
        return () => clearInterval(timer);
    }, [is_on, reload]);
}

function One({ id }) {
    const alert = useLoad(at`alerts/${id}`);
    useOften(Boolean(alert.data && isOn(alert.data)), alert.reload);
    return html`<p class="trail"><a href="#/alerts">${t('nav.alerts')}</a></p><${Loaded} of=${alert}>${(one) => html`<${Whole} one=${one} />`}<//>`;
}

export const Alert = ({ id, query }) => (id === 'call' || id === 'drill'
    ? html`<${AlertCall} key=${id} drill=${id === 'drill'} query=${query} />` : html`<${One} key=${id} id=${id} />`);

/* ---- all of them ---- */

/* Called by one person alone: its approvers say that they know. */
function Notes() {
    const { data } = useLoad('alert-notes');
    const act = useAct((id) => post(at`alerts/${id}/seen`));
    if (!data?.alerts.length) return null;
    return html`<section class="card warn"><h2>${t('alert.notes')}</h2><ul class="list">${data.alerts.map((one) => html`<li key=${one.id} class="row"><a href=${link(['alerts', one.id])}><${Drill} one=${one} />${one.title}</a>
        <span class="small quiet">${called(one)}</span>
        <button disabled=${act.busy} onClick=${() => act.run(one.id)}>${t('alert.seen')}<span class="hidden">: ${one.title}</span></button></li>`)}</ul><${ProblemBox} problem=${act.problem} /></section>`;
}

/* Agreed to and not spoken: whoever may ask or agree there takes it back. */
function Orders() {
    const { data } = useLoad('speech-orders');
    const act = useAct((id) => remove(at`speech-orders/${id}`));
    const rows = data?.orders.filter((one) => !one.alert);
    return rows?.length > 0 && html`<section class="card"><h2>${t('live.orders')}</h2><ul class="list">${rows.map((one) => html`<li key=${one.id} class="row"><${Drill} one=${one} />${one.speaker_name}: ${one.about}, ${dayClock(one.from_us)} – ${clock(one.ends_us)}
        <button disabled=${act.busy} onClick=${() => act.run(one.id)}>${t('live.withdraw')}<span class="hidden">: ${one.about}</span></button></li>`)}</ul><${ProblemBox} problem=${act.problem} /></section>`;
}

function Line({ one }) {
    return html`<li class="row"><div><a href=${link(['alerts', one.id])}><${Drill} one=${one} />${one.title}</a>
        ${' '}<${State} kind=${isOn(one) ? 'half' : 'none'}>${t(isOn(one) ? 'alert.on' : one.stopped_us ? 'alert.state.stopped' : 'alert.over')}<//><${Facts} one=${one} /></div><${StopButton} one=${one} /></li>`;
}

export function Alerts() {
    const me = useMe();
    const list = useLoad('alerts');
    return html`<div class="head"><h1>${t('alert.title')}</h1>${may(me, ...CALLERS) && html`<div class="row"><a class="button danger" href="#/alerts/call">${t('alert.call')}</a>
            <a class="button" href="#/alerts/drill">${t('alert.drill')}</a></div>`}
        <a href="#/phrases">${t('phrases.title')}</a> <a href="#/templates">${t('template.title')}</a> <a href="#/grants">${t('grant.title')}</a></div>
        <${Notes} />${may(me, ...CALLERS) && html`<${Imports} /><${Orders} />`}<${Loaded} of=${list}>${({ alerts }) => html`<${List} rows=${alerts} none=${t('alert.none')}>${(one) => html`<${Line} key=${one.id} one=${one} />`}<//>`}<//>`;
}
