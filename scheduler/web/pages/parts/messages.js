/* messages.js - of what I am told, by which way, a message to try it, and what was sent. */
import { html, useState } from '../base/html.js';
import { post, put } from '../base/api.js';
import { fieldsOf } from '../base/form.js';
import { useAct, useLoad } from '../base/load.js';
import { dayClock } from '../base/time.js';
import { said, t } from '../base/words.js';
import { Act } from './acts.js';
import { Check, Choice, TextField } from './fields.js';
import { Loaded, ProblemBox, State } from './say.js';

const KIND = { waiting: 'wait', sent: 'good', failed: 'bad' };
const WAYS = [['email', 'sends_email'], ['phone', 'sends_text']];
const READERS = [['vi', 'Tiếng Việt'], ['en', 'English']];

/* What became of messages; to whom is told where they are not one's own. */
export const Messages = ({ rows, whose }) => html`<ul class="list">${rows.map((one) => html`<li key=${one.id} class="card">
    <div class="row"><${State} kind=${KIND[one.state]}>${t(`messages.${one.state}`)}<//><span class="time small quiet">${dayClock(one.made_us)}</span></div>
    ${whose && html`<strong>${one.name}</strong> – `}${one.subject}<div class="small quiet">${t(`messages.${one.way}`)} · ${one.address}</div>
    ${one.fault && html`<div class="small">${said(`messages.fault.${one.fault}`, one.fault)}${one.attempts > 1 ? ` (${t('messages.attempts', { n: one.attempts })})` : ''}
        ${one.detail && html`<div class="quiet" lang="en">${one.detail}</div>`}</div>`}</li>`)}</ul>`;

/* The fields of how somebody is reached, of a form: email, phone, reader. */
export const ReachFields = ({ field }) => html`
    <${TextField} label=${t('reach.email')} type="email" ...${field('email')} autocomplete="email" maxlength="254" />
    <${TextField} label=${t('reach.phone')} type="tel" ...${field('phone')} autocomplete="tel" maxlength="30" hint=${t('reach.phone_hint')} />
    <${Choice} label=${t('reach.reader')} ...${field('reader')} options=${READERS} />`;

function Try({ way, ready }) {
    return html`<${Act} type="button" work=${() => post('session/messages/test', { way })} disabled=${!ready}>${t(`messages.test_${way}`)}<//>`;
}

function Wishes({ data }) {
    const [typed, type] = useState({});
    const [chosen, choose] = useState({});
    const of = { ...data, ...typed };
    const field = fieldsOf(of, (part) => type((old) => ({ ...old, ...part })));
    const events = data.events.map((one) => ({ ...one, ...chosen[one.event] }));
    const changed = Object.keys(typed).length + Object.keys(chosen).length > 0;
    const save = useAct(async () => {
        await put('session/messages', { email: of.email.trim(), phone: of.phone, reader: of.reader, events });
        type({});
        choose({});
    });
    return html`<form class="stack" onSubmit=${() => save.run()} novalidate><${ReachFields} field=${field} />
        ${WAYS.map(([way, sends]) => !data[sends] && html`<p class="small quiet">${t(`messages.no_${way}`)}</p>`)}
        ${events.length > 0 && html`<fieldset><legend>${t('messages.of')}</legend>${events.map((one) => html`<div class="row" key=${one.event} role="group" aria-label=${t(`messages.event.${one.event}`)}>
            <span class="grow">${t(`messages.event.${one.event}`)}</span>
            ${WAYS.map(([way]) => html`<${Check} label=${t(`messages.${way}`)} checked=${one[way]}
                onInput=${(on) => choose((old) => ({ ...old, [one.event]: { ...old[one.event], [way]: on } }))} />`)}</div>`)}</fieldset>`}
        <${ProblemBox} problem=${save.problem} />
        <div class="row"><button class="main" disabled=${save.busy || !changed}>${t('messages.save')}</button>
            ${WAYS.map(([way, sends]) => data[sends] && html`<${Try} way=${way} ready=${!changed && data[way]} />`)}</div></form>
        ${data.messages.length > 0 && html`<details><summary>${t('messages.mine')}</summary><${Messages} rows=${data.messages} /></details>`}`;
}

export function MyMessages() {
    const loaded = useLoad('session/messages');
    return html`<section class="card stack"><h2>${t('messages.title')}</h2><${Loaded} of=${loaded}>${(data) => html`<${Wishes} data=${data} />`}<//></section>`;
}
