/* messengers.js - villages that people are sent to: what waits, one of them as a sheet of paper, and who goes. */
import { html } from '../base/html.js';
import { at, put } from '../base/api.js';
import { fieldsOf, useForm } from '../base/form.js';
import { useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { dayClock } from '../base/time.js';
import { t } from '../base/words.js';
import { FormDialog } from '../parts/dialog.js';
import { Choice, TextField } from '../parts/fields.js';
import { meansOptions, Says, Tasks, TaskState, waits } from '../parts/messengers.js';
import { Reach } from '../parts/reach.js';
import { Empty, Loaded, Opener, State, Tongue } from '../parts/say.js';

const MOST = 8;
const nobody = { name: '', phone: '', means: 'by_phone', hours: '' };

/* ---- who goes ---- */

function Person({ one, n, set }) {
    const field = fieldsOf(one, (part) => set({ ...one, ...part }));
    const text = (name, more) => html`<${TextField} label=${t(`messenger.${name}`, { n })} ...${field(name)} ...${more} />`;
    return html`<div class="fields">${text('name', { maxlength: 60 })}${text('phone', { inputmode: 'tel', maxlength: 20 })}
        <${Choice} label=${t('messenger.calls')} ...${field('means')} options=${meansOptions()} />${text('hours', { maxlength: 40 })}</div>`;
}

function Agree({ one, onClose }) {
    const [form, set, field] = useForm({ households: one.households || '', languages: one.languages.join(' '), signal: one.signal, people: [...one.people, nobody].slice(0, MOST) });
    const work = () => put(at`messenger-villages/${one.village}`, {
        households: Number(form.households) || 0, languages: form.languages.split(/[\s,]+/).filter(Boolean), signal: form.signal.trim(), people: form.people.filter((each) => each.name.trim()),
    });
    return html`<${FormDialog} title=${t('messenger.agree', { name: one.village_name })} work=${work} onClose=${onClose}>
        <div class="fields"><${TextField} label=${t('messenger.households')} ...${field('households')} inputmode="numeric" class="short" maxlength="5" />
            <${TextField} label=${t('messenger.languages')} hint=${t('messenger.languages_hint')} ...${field('languages')} maxlength="80" /></div>
        <${TextField} whole label=${t('messenger.signal')} ...${field('signal')} maxlength="90" />
        ${form.people.map((each, i) => html`<${Person} key=${i} n=${i + 1} one=${each} set=${(changed) => set({ people: form.people.map((old, k) => (k === i ? changed : old)) })} />`)}<//>`;
}

function Village({ one }) {
    const me = useMe();
    return html`<li class="card stack"><div class="row"><strong>${one.village_name}</strong>${one.languages.map((tag) => html`<${Tongue} tag=${tag} />`)}${one.people.length === 0 && html`<${State} kind="bad">${t('messenger.nobody')}<//>`}</div>
        <${People} of=${one} />${may(me, 'editor', 'operator', 'official') && html`<div><${Opener} words=${t('messenger.edit')} about=${one.village_name}>${(close) => html`<${Agree} one=${one} onClose=${close} />`}<//></div>`}</li>`;
}

const People = ({ of }) => html`${of.people.map((one) => html`<div>${one.name} <${Reach} phone=${one.phone} /> <span class="small">${t(`messenger.means.${one.means}`)}${one.hours && ` · ${one.hours}`}</span></div>`)}
    ${(of.signal || of.households > 0) && html`<div class="small">${of.signal}${of.signal && of.households > 0 && ' · '}${of.households > 0 && t('messenger.homes', { n: of.households })}</div>`}`;

/* ---- what waits ---- */

export function Messengers() {
    const tasks = useLoad('messenger-tasks');
    const villages = useLoad('messenger-villages');
    return html`<div class="head"><h1>${t('alert.messengers')}</h1></div>
        <${Loaded} of=${tasks}>${({ tasks: rows }) => html`${rows.some(waits) ? html`<${Tasks} rows=${rows.filter(waits)} />` : html`<${Empty}>${t('messenger.none')}<//>`}
            ${rows.some((one) => !waits(one)) && html`<details><summary>${t('messenger.before')}</summary><${Tasks} rows=${rows.filter((one) => !waits(one))} /></details>`}`}<//>
        <h2>${t('messenger.villages')}</h2><${Loaded} of=${villages}>${({ villages: rows }) => html`<ul class="list">${rows.map((one) => html`<${Village} key=${one.village} one=${one} />`)}</ul>`}<//>`;
}

/* ---- one of them, on paper ---- */

const Boxes = ({ n }) => html`<p class="boxes" aria-hidden="true">${'☐ '.repeat(Math.min(n, 200))}</p>`;

function Sheet({ one }) {
    return html`<p class="trail no-print"><a href="#/messengers">${t('alert.messengers')}</a></p>
        <div class="row no-print"><${TaskState} one=${one} /><button onClick=${() => print()}>${t('say.print')}</button></div><${Says} one=${one} />
        <article class="sheet"><header><h1>${one.village_name}: ${one.drill && `${t('alert.is_drill')} – `}${one.kind === 'alert_over' && `${t('messenger.over')} – `}${one.title}</h1>
            <p>${t(`messenger.why.${one.why}`)} · ${t('messenger.due', { at: dayClock(one.due_us) })}</p><${People} of=${one} /></header>
            ${one.texts.map((each) => html`<section key=${each.language}><${Tongue} tag=${each.language} lacking=${!each.text} />${each.text ? html`<p lang=${each.language}>${each.text}</p>` : html`<p class="small">${t('messenger.no_text')}</p>`}</section>`)}
            ${one.households > 0 && html`<section><p class="small">${t('messenger.tick', { n: one.households })}</p><${Boxes} n=${one.households} /></section>`}</article>
        ${one.steps.length > 0 && html`<section class="no-print"><h2>${t('messenger.history')}</h2><ul class="list">${one.steps.map((step) => html`<li><span class="time">${dayClock(step.at_us)}</span> ${t(`messenger.${step.state}`, { n: step.reached, all: step.households })}
            ${step.means && ` · ${t(`messenger.means.${step.means}`)}`}${step.person && ` · ${step.person}`}${step.note && ` · ${step.state === 'no_longer' ? t(`messenger.ended.${step.note}`) : step.note}`} <span class="small quiet">${step.author_name}</span></li>`)}</ul></section>`}`;
}

export function Messenger({ id }) {
    const task = useLoad(at`messenger-tasks/${id}`);
    return html`<${Loaded} of=${task}>${(one) => html`<${Sheet} one=${one} />`}<//>`;
}
