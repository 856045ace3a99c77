/* messengers.js - where somebody has to go because no loudspeaker is heard: whom to call, what was said. */
import { html, useState } from '../base/html.js';
import { at, post, query } from '../base/api.js';
import { useForm } from '../base/form.js';
import { useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { link } from '../base/route.js';
import { dayClock, nowUs } from '../base/time.js';
import { t } from '../base/words.js';
import { FormDialog } from './dialog.js';
import { Choice, TextField } from './fields.js';
import { Reach } from './reach.js';
import { State } from './say.js';

export const MEANS = ['by_phone', 'gong', 'drum', 'megaphone', 'on_foot', 'otherwise'];
export const meansOptions = () => MEANS.map((one) => [one, t(`messenger.means.${one}`)]);
const WAITING = ['to_tell', 'told', 'not_reached'];
export const waits = (one) => WAITING.includes(one.state);
const KINDS = { told: 'wait', confirmed: 'good', not_reached: 'bad', no_longer: 'none' };

export function TaskState({ one }) {
    return html`<${State} kind=${KINDS[one.state] || (one.due_us < nowUs() ? 'bad' : 'wait')}>${t(`messenger.${one.state}`, { n: one.reached, all: one.households })}<//>`;
}

/* What each of the three says needs; the rest is filled in already: open it, and say so. */
function Say({ one, state, onClose }) {
    const [form, , field] = useForm({ means: one.phone ? 'by_phone' : 'on_foot', person: one.person, reached: one.reached || one.households || '', households: one.households || '', note: '' });
    const counts = state === 'confirmed';
    const work = () => post(at`messenger-tasks/${one.id}/steps`, {
        state, person: form.person.trim(), note: form.note.trim(),
        ...(counts ? { reached: Number(form.reached), households: Number(form.households) } : state === 'told' && { means: form.means }),
    });
    const ready = counts ? Number(form.households) > 0 && form.reached !== '' && Number(form.reached) <= Number(form.households) : state === 'told' || form.note.trim();
    const number = (name) => html`<${TextField} label=${t(`messenger.${name}`)} ...${field(name)} inputmode="numeric" class="short" maxlength="5" />`;
    return html`<${FormDialog} title=${`${t(`messenger.say_${state}`)}: ${one.village_name}`} words=${t(`messenger.say_${state}`)} disabled=${!ready} work=${work} onClose=${onClose}>
        <p><strong>${one.title}</strong></p><div class="fields">${counts && html`${number('reached')}${number('households')}`}
        ${state === 'told' && html`<${Choice} label=${t('messenger.how')} ...${field('means')} options=${meansOptions()} />`}
        <${TextField} label=${t(state === 'told' ? 'messenger.to' : 'messenger.by')} ...${field('person')} maxlength="60" /></div>
        <${TextField} whole label=${t(state === 'not_reached' ? 'messenger.why_not' : 'messenger.note')} ...${field('note')} maxlength="90" /><//>`;
}

export function Says({ one }) {
    const me = useMe();
    const [state, setState] = useState(null);
    if (one.state === 'no_longer' || !may(me, 'operator', 'official', 'approver', 'editor')) return null;
    return html`<div class="row no-print">${['told', 'confirmed', 'not_reached'].map((each) => html`<button class=${each === (one.state === 'to_tell' ? 'told' : 'confirmed') && waits(one) ? 'main' : ''} onClick=${() => setState(each)}>${t(`messenger.say_${each}`)}<span class="hidden">: ${one.village_name}, ${one.title}</span></button>`)}</div>
        ${state && html`<${Say} one=${one} state=${state} onClose=${() => setState(null)} />`}`;
}

export function Task({ one }) {
    return html`<li class="card stack"><div class="row"><a href=${link(['messengers', one.id])}><strong>${one.village_name}</strong></a><${TaskState} one=${one} /></div>
        <div>${one.drill && html`<strong class="band">${t('alert.is_drill')}</strong> `}${one.kind === 'alert_over' && `${t('messenger.over')}: `}${one.title}
            <div class="small quiet">${t(`messenger.why.${one.why}`)}${waits(one) && ` · ${t('messenger.due', { at: dayClock(one.due_us) })}`}${one.note && ` · ${one.note}`}</div></div>
        ${one.person && html`<div>${one.person} <${Reach} phone=${one.phone} /></div>`}<${Says} one=${one} /></li>`;
}

export const Tasks = ({ rows }) => html`<ul class="list">${rows.map((one) => html`<${Task} key=${one.id} one=${one} />`)}</ul>`;

/* Of an alert, or of a day: how many villages, how many of them confirmed, and each of them. */
export function MessengersOf({ of }) {
    const list = useLoad(`messenger-tasks${query(of)}`);
    return list.data?.tasks.length > 0 && html`<section class="card"><h2>${t('alert.messengers')}</h2>
        <p role="status">${t('messenger.sums', { n: list.data.tasks.length, done: list.data.tasks.filter((one) => one.state === 'confirmed').length })}</p><${Tasks} rows=${list.data.tasks} /></section>`;
}

/* For Today: how many wait, and the way to them. */
export function MessengersCard() {
    const { data } = useLoad('messenger-tasks?waiting=true');
    const late = data?.tasks.filter((one) => one.due_us < nowUs()).length;
    return data?.tasks.length > 0 && html`<section class="card"><h2>${t('alert.messengers')}</h2><p><a href="#/messengers"><${State} kind="wait">${t('messenger.count', { n: data.tasks.length })}<//></a>
        ${late > 0 && html` <${State} kind="bad">${t('messenger.late', { n: late })}<//>`}</p></section>`;
}
