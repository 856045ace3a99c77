/*
 * call.js - an alert is called: what of, where, checked, and held to send.
 *
 * As at the desk, so that nobody has to learn it twice at night. A drill has its own address, band
 * and words. Nothing is kept to be sent later.
 */
import { html, useRef, useState } from '../../../scheduler/web/pages/base/html.js';
import { useAct, useLoad } from '../../../scheduler/web/pages/base/load.js';
import { t } from '../../../scheduler/web/pages/base/words.js';
import { Check, Choice } from '../../../scheduler/web/pages/parts/fields.js';
import { Hold } from '../../../scheduler/web/pages/parts/hold.js';
import { Empty, Loaded, ProblemBox } from '../../../scheduler/web/pages/parts/say.js';
import { newKey, Refusal, start } from './talk.js';

const MAX_NAMED = 8;

function Hazards({ templates, form, set }) {
    return html`<fieldset class="hazards"><legend><h2>${t('alert.what')}</h2></legend>${templates.map((one) => html`<label class="check" key=${one.id}>
        <input type="radio" name="hazard" checked=${form.template === one.id} onChange=${() => set({ template: one.id, values: {} })} /><strong>${one.title}</strong></label>`)}</fieldset>`;
}

function Villages({ villages, form, set }) {
    const turn = (id) => set({ villages: form.villages.includes(id) ? form.villages.filter((one) => one !== id) : [...form.villages, id] });
    return html`<fieldset class="stack"><legend><h2>${t('alert.where')}</h2></legend>
        <${Check} label=${t('alert.all', { n: villages.length })} checked=${form.villages.length === villages.length} onInput=${(on) => set({ villages: on ? villages.map((one) => one.id) : [] })} />
        <div class="tiles">${villages.map((one) => html`<${Check} key=${one.id} label=${one.name} checked=${form.villages.includes(one.id)} onInput=${() => turn(one.id)} />`)}</div></fieldset>`;
}

function Blanks({ template, values, form, set }) {
    return template.blanks.filter((blank) => blank !== 'village').map((blank) => html`<${Choice} key=${blank} label=${t(`alert.blank.${blank}`)} value=${form.values[blank] || ''}
        onInput=${(one) => set({ values: { ...form.values, [blank]: one } })} options=${[['', t('alert.choose')], ...values.filter((one) => one.blank === blank).map((one) => [one.id, one.title])]} />`);
}

/* In the order of the blanks; villages name themselves where their names are recorded. */
function saidOf({ blanks }, values, form) {
    return blanks.flatMap((blank) => (blank === 'village'
        ? values.filter((one) => one.blank === 'village' && form.villages.includes(one.village)).slice(0, MAX_NAMED).map((one) => one.id)
        : form.values[blank] ? [form.values[blank]] : []));
}

function Send({ template, form, villages, values, drill }) {
    const [sure, setSure] = useState(false);
    /* One key for this call, however often it is tried. */
    const key = useRef(newKey());
    const chosen = villages.filter((one) => form.villages.includes(one.id));
    const act = useAct(() => start({ drill, key: key.current, template: template.id, values: saidOf(template, values, form), villages: chosen.map((one) => one.id) })
        .then(() => { location.hash = '#/'; }, (problem) => {
            if (problem instanceof Refusal) key.current = newKey(); /* it was answered: the next try is another act */
            throw problem;
        }));
    return html`<section class="stack"><h2>${t('alert.check')}</h2>
        <p class="large">${drill && html`<strong class="band">${t('alert.is_drill')}</strong> `}<strong>${template.title}</strong></p>
        <p>${t('alert.n_villages', { n: chosen.length })}: ${chosen.map((one) => one.name).join(', ')}</p>
        <${Check} label=${t(drill ? 'page.sure_drill' : 'page.sure')} checked=${sure} onInput=${setSure} />
        ${act.problem && html`<div class="problem" role="alert"><strong>${t('page.not_sent')}</strong></div>`}<${ProblemBox} problem=${act.problem} />
        <${Hold} class=${drill ? 'main' : 'danger'} words=${t(drill ? 'alert.hold_drill' : 'alert.hold')} n=${chosen.length} disabled=${!sure || act.busy} onHeld=${act.run} /></section>`;
}

function Form({ drill, templates, villages, values }) {
    const [form, change] = useState({ template: '', villages: [], values: {} });
    const [checked, check] = useState(false);
    const set = (part) => { change((old) => ({ ...old, ...part })); check(false); };
    const template = templates.find((one) => one.id === form.template);
    const isFilled = template && form.villages.length > 0 && template.blanks.every((blank) => blank === 'village' || form.values[blank]);
    return html`<${Hazards} templates=${templates} form=${form} set=${set} />
        ${template && html`<${Villages} villages=${villages} form=${form} set=${set} /><${Blanks} template=${template} values=${values} form=${form} set=${set} />`}
        ${checked ? html`<${Send} template=${template} form=${form} villages=${villages} values=${values} drill=${drill} />`
            : html`<button class="main wide-button" disabled=${!isFilled} onClick=${() => check(true)}>${t('alert.go_check')}</button>`}`;
}

export function Call({ drill }) {
    const list = useLoad('choices');
    const offered = (all) => all.filter((one) => (drill ? one.drill : one.event !== 'drill')).sort((a, b) => b.severity - a.severity);
    return html`<div class=${`alert-call ${drill ? 'drill' : 'real'}`}><p class="trail"><a href="#/">${t('page.back')}</a></p>
        <h1 tabindex="-1">${t(drill ? 'alert.drill' : 'alert.call')}</h1>${drill && html`<p class="band">${t('alert.drill_words')}</p>`}
        <${Loaded} of=${list}>${({ templates, villages, values }) => (offered(templates).length === 0 || villages.length === 0 ? html`<${Empty}>${t('page.nothing')}<//>`
            : html`<${Form} drill=${drill} templates=${offered(templates)} villages=${villages} values=${values} />`)}<//></div>`;
}
