/*
 * alert-call.js - an alert is called: what of, where, then checked and held to send.
 *
 * A drill has its own address, band and words, so that nobody takes one for the other. Nothing
 * is kept to be sent later: what did not go out is said at once, with another way.
 */
import { html, useRef, useState } from '../base/html.js';
import { newKey, post } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { areasOf, useMe } from '../base/me.js';
import { useAreas } from '../base/places.js';
import { go } from '../base/route.js';
import { dayClock } from '../base/time.js';
import { t } from '../base/words.js';
import { Check, Choice, flip } from '../parts/fields.js';
import { Hold } from '../parts/hold.js';
import { audioOf, Listen } from '../parts/listen.js';
import { ActButton, Empty, Loaded, ProblemBox, State, Tongue } from '../parts/say.js';
import { CallSpeech } from '../parts/speak.js';

export const CALLERS = ['operator', 'approver'];
const MAX_NAMED = 8;
const LIVE = 'live:'; /* in the place of a template; none has this id */

const listed = (words) => (words || '').split(' ').filter(Boolean);

/* Villages where I may call, with the place each lies in. */
function mine(areas, homes) {
    const inside = new Set(homes);
    const places = new Map(areas.map((one) => [one.id, one]));
    for (const one of areas) if (inside.has(one.parent)) inside.add(one.id);
    return areas.filter((one) => one.kind === 'village' && inside.has(one.id))
        .map((one) => ({ ...one, above: places.get(one.parent)?.name ?? '' }));
}

function Hazards({ templates, form, set }) {
    return html`<fieldset class="hazards"><legend><h2>${t('alert.what')}</h2></legend>
        ${templates.map((one) => html`<label class="check" key=${one.id}><input type="radio" name="hazard" checked=${form.template === one.id}
            disabled=${one.languages.length === 0} onChange=${() => set({ template: one.id, values: {} })} />
            <span><strong>${one.title}</strong> ${one.languages.length === 0 ? html`<span class="small quiet">${t('alert.no_words')}</span>`
                : one.languages.map((tag) => html`<${Tongue} tag=${tag} /> `)}</span></label>`)}
        <label class="check"><input type="radio" name="hazard" checked=${form.template === LIVE} onChange=${() => set({ template: LIVE })} />
            <strong>${t('live.title')}</strong></label></fieldset>`;
}

function Villages({ villages, form, set }) {
    const all = villages.length > 0 && villages.every((one) => form.villages.includes(one.id));
    return html`<fieldset class="stack"><legend><h2>${t('alert.where')}</h2></legend>
        <${Check} label=${t('alert.all', { n: villages.length })} checked=${all} onInput=${(on) => set({ villages: on ? villages.map((one) => one.id) : [] })} />
        <div class="tiles">${villages.map((one) => html`<${Check} key=${one.id} label=${html`${one.name} <span class="small quiet">${one.above}</span>`}
            checked=${form.villages.includes(one.id)} onInput=${() => set({ villages: flip(form.villages, one.id) })} />`)}</div></fieldset>`;
}

/* What the words leave open; the villages name themselves. */
function Blanks({ template, values, form, set }) {
    return template.blanks.filter((blank) => blank !== 'village').map((blank) => html`<${Choice} key=${blank} label=${t(`alert.blank.${blank}`)} value=${form.values[blank] || ''}
        onInput=${(one) => set({ values: { ...form.values, [blank]: one } })}
        options=${[['', t('alert.choose')], ...values.filter((one) => one.blank === blank && one.languages.length).map((one) => [one.id, one.title])]} />`);
}

/* Said in the order of the blanks; of villages those that have a recorded name. */
function saidOf({ blanks }, values, form) {
    return blanks.flatMap((blank) => (blank === 'village'
        ? values.filter((one) => form.villages.includes(one.area) && one.languages.length).slice(0, MAX_NAMED).map((one) => one.id)
        : form.values[blank] ? [form.values[blank]] : []));
}

function Heard({ speeches }) {
    return html`<dl class="facts">${speeches.map(({ language, versions }) => html`<dt><${Tongue} tag=${language} /></dt>
        <dd>${versions.map((one, i) => html`<${Listen} src=${audioOf(one)} label=${t('alert.part', { n: i + 1 })} />`)}</dd>`)}</dl>`;
}

/* Villages that would hear the same together; those that miss one of their languages stand out. */
function Hearers({ villages }) {
    const groups = {};
    for (const one of villages) (groups[`${one.heard}|${one.lacking}`] ??= []).push(one);
    return html`<h3>${t('alert.hearers')}</h3><ul class="list">${Object.values(groups).map((rows) => {
        const [{ heard, lacking }] = rows;
        return html`<li class=${lacking.length || !heard.length ? 'warn' : ''}>${heard.map((tag) => html`<${Tongue} tag=${tag} /> `)}${lacking.map((tag) => html`<${Tongue} tag=${tag} lacking /> `)}
            ${heard.length ? '' : `${t('messenger.why.no_loudspeaker')}: `}${rows.map((one) => one.village_name).join(', ')}</li>`;
    })}</ul>`;
}

function Unready() {
    const { data } = useLoad('alert-readiness');
    const lacking = (data?.stations || []).filter((one) => !one.ready);
    return lacking.length > 0 && html`<details><summary><${State} kind="half">${t('alert.unready', { n: lacking.length })}<//></summary>
        <ul class="list">${lacking.map((one) => html`<li key=${one.station}>${one.station_name}: ${one.reads_them
            ? html`${one.language && html`<${Tongue} tag=${one.language} />`} ${one.missing || t(one.unapproved ? 'alert.unapproved' : 'alert.nothing_recorded', { n: one.unapproved })}` : t('alert.old_player')}</li>`)}</ul></details>`;
}

/* Nothing that was not sent waits: whoever called must know at once. */
function NotSent({ problem }) {
    return problem && html`<div class="problem" role="alert"><strong>${t('alert.not_sent')}</strong></div><${ProblemBox} problem=${problem} />`;
}

function Send({ form, body, drill, preview }) {
    const [sure, setSure] = useState(false);
    /* One key for this call, however often it is tried. */
    const key = useRef(newKey());
    const act = useAct(() => post('alerts', body, { key: key.current }).then((made) => go(['alerts', made.id])));
    return html`<section class="stack"><h2>${t('alert.check')}</h2>
        <p class="large"><strong>${preview.title}</strong></p><p>${t('alert.n_villages', { n: form.villages.length })} · ${t('alert.until', { at: dayClock(preview.expires_us) })}</p>
        <${Hearers} villages=${preview.villages} /><${Heard} speeches=${preview.speeches} />
        <${Check} label=${t('alert.sure')} checked=${sure} onInput=${setSure} />
        <${NotSent} problem=${act.problem} />
        <${Hold} class=${drill ? 'main' : 'danger'} words=${t(drill ? 'alert.hold_drill' : 'alert.hold')} n=${form.villages.length} disabled=${!sure || act.busy} onHeld=${act.run} /></section>`;
}

/* @query: what an earlier alert, or a message of another system, fills in; @asked: its villages */
function Form({ drill, query, asked, villages, templates, values }) {
    const [made, change] = useState({ template: query.template || '' });
    const given = values.filter((one) => listed(query.values).includes(one.id)).map((one) => [one.blank, one.id]);
    const form = { villages: asked, values: Object.fromEntries(given), ...made };
    const [preview, setPreview] = useState(null);
    const set = (part) => { change((old) => ({ ...old, ...part })); setPreview(null); };
    const template = templates.find((one) => one.id === form.template);
    const chosen = villages.filter((one) => form.villages.includes(one.id)).map((one) => one.id);
    const body = template && { template: template.id, areas: chosen, drill, values: saidOf(template, values, form), ...(query.replaces && { replaces: listed(query.replaces) }),
        ...(query.import && { import: query.import }), ...(query.severity && template.id === query.template && { severity: Number(query.severity) }) };
    const look = useAct(() => post('alert-previews', body).then(setPreview));
    const live = form.template === LIVE;
    const filled = template && template.blanks.every((blank) => blank === 'village' || form.values[blank]);
    return html`<${Hazards} templates=${templates} form=${form} set=${set} />
        ${(template || live) && html`<${Villages} villages=${villages} form=${form} set=${set} />`}${template && html`<${Blanks} template=${template} values=${values} form=${form} set=${set} />`}
        ${live ? html`<${CallSpeech} villages=${chosen} drill=${drill} replaces=${listed(query.replaces)} NotSent=${NotSent} />`
            : preview ? html`<${Send} form=${{ ...form, villages: chosen }} body=${body} drill=${drill} preview=${preview} />`
            : html`<${ActButton} class="main wide-button" of=${look} disabled=${!filled || chosen.length === 0}>${t('alert.go_check')}<//>`}
        <${Unready} />`;
}

export function AlertCall({ drill, query }) {
    const me = useMe();
    const { areas } = useAreas();
    const list = useLoad('alert-templates');
    const villages = mine(areas, areasOf(me, ...CALLERS));
    const asked = mine(areas, listed(query.areas)).map((one) => one.id);
    /* What can be called first, the worst of it on top. */
    const offered = (all) => all.filter((one) => drill || one.event !== 'drill')
        .sort((a, b) => (b.languages.length > 0) - (a.languages.length > 0) || b.severity - a.severity);
    return html`<div class=${`alert-call ${drill ? 'drill' : 'real'}`}><p class="trail"><a href="#/alerts">${t('nav.alerts')}</a></p>
        <h1>${t(drill ? 'alert.drill' : 'alert.call')}</h1>${drill && html`<p class="band">${t('alert.drill_words')}</p>`}
        <${Loaded} of=${list}>${({ templates, values }) => html`${templates.length === 0 && html`<${Empty}>${t('alert.no_templates')}<//>`}
            <${Form} drill=${drill} query=${query} asked=${asked} villages=${villages} templates=${offered(templates)} values=${values} />`}<//></div>`;
}
