/* slot-fields.js - what is picked for a slot: how often, where, what is played in which order. */
import { html, useState } from '../base/html.js';
import { at, query } from '../base/api.js';
import { useLoad } from '../base/load.js';
import { areaOptions } from '../base/places.js';
import { pickerOf, ruleOf } from '../base/rule.js';
import { day, weekday } from '../base/time.js';
import { isRelay } from '../base/version.js';
import { t } from '../base/words.js';
import { Check, Choice, DateField, TextField, Weekdays, flip } from './fields.js';
import { Ordered } from './ordered.js';
import { Empty } from './say.js';
import { itemWords, ruleWords, useTold } from './slot-words.js';

const SHOWN = 8;
/* How an item of a programme is called that names such an announcement. */
const KINDS = { bulletin: 'announcement', music: 'signal' };

/* ---- how often ---- */

export function RuleField({ form, set }) {
    const of = pickerOf(form.rule);
    const [left, setLeft] = useState(null);
    const pick = (part) => set({ rule: ruleOf({ ...(of || pickerOf('')), ...part }) });
    const every = (word) => pick({ every: word, n: 1, days: word === 'week' ? [weekday(form.first_date)] : [], on: null, until: null });
    const options = ['once', 'day', 'week', 'month'].map((one) => [one, t(`repeat.${one}`)]);
    return html`<fieldset class="stack"><legend>${t('slot.rule')}</legend>
        <div class="fields"><${Choice} label=${t('repeat.every')} value=${of ? of.every : 'rich'} onInput=${every}
            options=${of ? options : [['rich', t('rule.rich')], ...options]} />
        ${of && of.every !== 'once' && html`<${TextField} label=${t(`repeat.n_${of.every}`)} type="number" min="1" max="366" value=${of.n}
            onInput=${(n) => pick({ n: Math.min(366, Math.max(1, Number(n) || 1)) })} />`}
        ${of?.every === 'month' && html`<${Choice} label=${t('repeat.on')} value=${String(of.on ?? '')} onInput=${(on) => pick({ on: on === '' ? null : Number(on) })}
            options=${[['', t('repeat.same')], ...Array.from({ length: 31 }, (_, i) => [String(i + 1), String(i + 1)]), ['-1', t('rule.last')]]} />`}
        ${form.rule && html`<${DateField} label=${t('slot.until')} value=${form.until} onInput=${(until) => set({ until })} />`}</div>
        ${of?.every === 'week' && html`<${Weekdays} chosen=${of.days} onInput=${(days) => pick({ days })} />`}
        <p class="quiet" role="status">${ruleWords(form.rule, form.first_date)}</p>
        ${form.rule && html`<div class="row"><${DateField} label=${t('slot.dates_out')} value=${left} onInput=${setLeft} />
            <button type="button" disabled=${!left} onClick=${() => { set({ dates_out: [...new Set([...form.dates_out, left])].sort() }); setLeft(null); }}>${t('repeat.leave_out')}</button>
            ${form.dates_out.map((one) => html`<button type="button" aria-label=${t('repeat.put_back', { day: day(one) })}
                onClick=${() => set({ dates_out: flip(form.dates_out, one) })}>${day(one)} ×</button>`)}</div>`}</fieldset>`;
}

/* ---- where ---- */

function Zones({ station, targets, onFlip }) {
    const { data } = useLoad(at`stations/${station}`);
    return (data?.zones || []).map((one) => html`<${Check} key=${one.id} label=${`${one.name} (${station}/${one.id})`}
        checked=${targets.includes(`${station}/${one.id}`)} onInput=${() => onFlip(`${station}/${one.id}`)} />`);
}

export function TargetsField({ form, set, areas }) {
    const { data } = useLoad('stations');
    const [station, setStation] = useState('');
    const turn = (one) => set({ targets: flip(form.targets, one).sort() });
    const others = form.targets.filter((one) => one.includes('/') && !one.startsWith(`${station}/`));
    return html`<fieldset class="stack"><legend>${t('slot.targets')}</legend>
        <div class="pick">${areaOptions(areas).map(([id, label]) => html`<${Check} key=${id} label=${label} checked=${form.targets.includes(id)} onInput=${() => turn(id)} />`)}</div>
        <${Choice} label=${t('slot.zones_of')} value=${station} onInput=${setStation}
            options=${[['', t('slot.no_zone')], ...(data?.stations || []).map((one) => [one.id, one.name])]} />
        ${station && html`<${Zones} key=${station} station=${station} targets=${form.targets} onFlip=${turn} />`}
        ${others.map((one) => html`<${Check} key=${one} label=${one} checked onInput=${() => turn(one)} />`)}</fieldset>`;
}

/* ---- what ---- */

function Found({ search, onAdd }) {
    const { data } = useLoad(search ? `announcements${query({ search })}` : null);
    if (!search || !data) return null;
    const rows = data.announcements.filter((one) => !one.withdrawn).slice(0, SHOWN);
    return rows.length === 0 ? html`<${Empty}>${t('announcement.none')}<//>` : html`<ul class="list">${rows.map((one) => html`<li key=${one.id} class="row">
        <button type="button" onClick=${() => onAdd(one)}>${t('item.add')}<span class="hidden">${one.title}</span></button>${one.title}
        <span class="small quiet">${t(`kind.${one.kind}`)}</span></li>`)}</ul>`;
}

export function ItemsField({ items, onInput }) {
    const [typed, setTyped] = useState('');
    const [pause, setPause] = useState('5');
    const [minutes, setMinutes] = useState('30');
    const told = useTold(items.map((one) => one.announcement));
    const seconds = Number(pause.replace(',', '.'));
    const lasts = Math.min(240, Math.max(1, Number(minutes.replace(',', '.')) || 30)) * 6e7;
    return html`<${Ordered} label=${t('slot.items')} none=${t('item.none')} rows=${items} words=${(one) => itemWords(one, told)} onInput=${onInput}>${(add) => html`
        <${TextField} label=${t('item.search')} type="search" value=${typed} onInput=${setTyped} hint=${t('announcement.search_hint')}
            onKeyDown=${(event) => { if (event.key === 'Enter') event.preventDefault(); }} />
        <${Found} search=${typed.trim()} onAdd=${(one) => add({ kind: KINDS[one.kind] ?? one.kind, announcement: one.id, ...(isRelay(one) && { duration_us: lasts }) }, one.title)} />
        <${TextField} label=${t('item.relay_min')} class="short" type="number" min="1" max="240" value=${minutes} onInput=${setMinutes} />
        <div class="row"><${TextField} label=${t('item.pause_s')} class="short" inputmode="decimal" value=${pause} onInput=${setPause} />
            <button type="button" disabled=${!(seconds > 0 && seconds <= 600)} onClick=${() => add({ kind: 'pause', duration_us: Math.round(seconds * 1e6) }, t('item.pause', { s: seconds }))}>${t('item.add_pause')}</button></div>`}<//>`;
}
