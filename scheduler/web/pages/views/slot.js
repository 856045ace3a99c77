/*
 * slot.js - one slot: its form with the playlist inside, the dates on which it is different,
 * and what a village would hear.
 */
import { html, useLayoutEffect, useRef, useState } from '../base/html.js';
import { at, get, post, put, query, remove } from '../base/api.js';
import { fieldsOf } from '../base/form.js';
import { useAct, useLoad } from '../base/load.js';
import { areasOf, may, useMe } from '../base/me.js';
import { areaOptions, useAreas } from '../base/places.js';
import { go, link } from '../base/route.js';
import { STATE_KIND, blank, bodyOf, dateState, differences, formOf, isWhole, merge, same, stateOf } from '../base/slot.js';
import { addDays, clock, day, longDay, today } from '../base/time.js';
import { t } from '../base/words.js';
import { Act } from '../parts/acts.js';
import { EndDialog, FormDialog } from '../parts/dialog.js';
import { Choice, DateField, TextField, TimeField } from '../parts/fields.js';
import { Empty, Loaded, Opener, ProblemBox, State, Tongue } from '../parts/say.js';
import { ItemsField, RuleField, TargetsField } from '../parts/slot-fields.js';
import { Difference, Facts } from '../parts/slot-words.js';
import { Trial, useTrial } from '../parts/trial.js';

const VOLUMES = [0, -3, -6, -9, -12, -18];

/* ---- the form ---- */

function Fields({ form, set, areas }) {
    const field = fieldsOf(form, set);
    const choose = (name, options) => html`<${Choice} label=${t(`slot.${name}`)} ...${field(name)} options=${options} />`;
    const volumes = [...new Set([...VOLUMES, form.gain_mdb / 1000])];
    return html`<div class="fields">
        <${TextField} whole label=${t('slot.name')} ...${field('name')} maxlength="200" required />
        <${TimeField} label=${t('slot.local_min')} ...${field('local_min')} required />
        <${DateField} label=${t('slot.first_date')} value=${form.first_date} onInput=${(first_date) => { if (first_date) set({ first_date }); }} required />
        ${choose('class', [['thong_thuong', t('class.thong_thuong')], ['uu_tien', t('class.uu_tien')]])}
        <${Choice} label=${t('slot.gain_mdb')} value=${String(form.gain_mdb)} onInput=${(value) => set({ gain_mdb: Number(value) })}
            options=${volumes.map((db) => [String(db * 1000), t('slot.db', { db })])} />
        ${choose('policy', [['each', t('policy.each')], ['first', t('policy.first')]])}
        ${choose('order', [['item', t('order.item')], ['language', t('order.language')]])}
        ${choose('home', areaOptions(areas))}
        <${TimeField} label=${t('slot.make_up_min')} value=${form.make_up_min || null} onInput=${(one) => set({ make_up_min: one ?? 0 })} hint=${t('slot.make_up_hint')} /></div>
        <${RuleField} form=${form} set=${set} />
        <${ItemsField} items=${form.items} onInput=${(items) => set({ items })} />
        <${TargetsField} form=${form} set=${set} areas=${areas} />`;
}

const itemsBody = (items) => items.map(({ id, kind, announcement, duration_us }) =>
    ({ ...(id && { id }), kind, ...(announcement && { announcement }), ...(duration_us && { duration_us }) }));

/* As soon as it says when, where and what, whatever it lacks besides. */
const trialOf = (form, slot) => (form.local_min !== null && form.targets.length && form.items.length
    ? { ...bodyOf({ ...form, items: undefined }, undefined, slot), items: itemsBody(form.items), slot: slot?.id } : null);

const fetchBoth = async (id) => {
    const slot = await get(at`slots/${id}`);
    return { slot, playlist: await get(at`playlists/${slot.playlist}`) };
};

/*
 * Keeps the form: the playlist first, then the slot that names it. What was written is noted
 * in `base`, so that a second try goes on where the first one failed.
 */
async function write(base, form) {
    const items = { name: form.name.trim(), home: form.home, items: itemsBody(form.items) };
    if (!base.playlist) base.playlist = await post('playlists', items);
    else if (!same(base.playlist.items, form.items))
        base.playlist = await put(at`playlists/${base.playlist.id}`, { ...items, name: base.playlist.name,
            home: base.playlist.home, revision: base.playlist.revision });
    const body = bodyOf({ ...form, name: form.name.trim() }, base.playlist.id, base.slot);
    base.slot = base.slot ? await put(at`slots/${base.slot.id}`, body) : await post('slots', body);
}

/* Two editors: what the other one changed is told, what I typed stays, and the next try knows of it. */
function Clash({ of }) {
    return html`<div class="problem" role="alert"><strong>${t('slot.clash')}</strong><p>${t('slot.clash_words')}</p>
        ${of.changes.length > 0 && html`<${Difference} ...${of} />`}</div>`;
}

function Editor({ from, empty, areas }) {
    const base = useRef(from ? { ...from } : {});
    const [known, setKnown] = useState(from ? formOf(from.slot, from.playlist) : empty);
    const [form, setForm] = useState(known);
    const [clash, setClash] = useState(null);
    const all = useLoad('slots');
    const settle = (both) => {
        base.current = { ...both };
        const now = formOf(both.slot, both.playlist);
        setKnown(now);
        return now;
    };
    const isTyped = differences(known, form).length > 0;
    /* News that nobody here typed over is taken as it is, before anybody can type again. */
    useLayoutEffect(() => { if (from && !isTyped && from.slot.revision >= base.current.slot.revision) setForm(settle(from)); },
        [from?.slot.revision, from?.playlist.revision]);
    const act = useAct(async () => {
        const isNew = !base.current.slot;
        try {
            await write(base.current, form);
        } catch (problem) {
            if (problem.code !== 'conflict' || !base.current.slot) throw problem;
            const theirs = await fetchBoth(base.current.slot.id);
            const before = known;
            const after = settle(theirs);
            setClash({ changes: differences(before, after), before, after });
            setForm(merge(before, form, after));
            return;
        }
        setClash(null);
        setForm(settle(base.current));
        if (isNew) go(['slots', base.current.slot.id]);
    });
    const trial = useTrial(trialOf(form, base.current.slot));
    const sharing = (all.data?.slots || []).filter((one) => one.playlist === base.current.playlist?.id && one.id !== base.current.slot?.id);
    return html`<form class="stack" onSubmit=${() => act.run()} novalidate>
        <${Fields} form=${form} set=${(part) => setForm((old) => ({ ...old, ...part }))} areas=${areas} />
        ${sharing.length > 0 && html`<p class="warn">${t('slot.shared', { names: sharing.map((one) => one.name).join(', ') })}</p>`}
        ${clash && html`<${Clash} of=${clash} />`}
        <section class="stack" aria-live="polite" aria-label=${t('trial.title')}><${Trial} of=${trial} /></section>
        <${ProblemBox} problem=${act.problem} />
        ${!isWhole(form) && html`<p class="quiet">${t('slot.lacks')}</p>`}
        <div class="row end"><span role="status">${isTyped && from ? t('slot.unsaved') : ''}</span>
            <button class="main" disabled=${act.busy || !isWhole(form) || (from && !isTyped)}>${t('slot.save')}</button></div></form>`;
}

/* ---- one date ---- */

function OneDate({ slot, playlist, onClose }) {
    const [date, setDate] = useState(null);
    const [what, setWhat] = useState('cancel');
    const [items, setItems] = useState(playlist.items.map(({ id, ...one }) => one));
    const work = async () => {
        const other = what === 'other' && await post('playlists',
            { name: `${slot.name} ${day(date)}`.slice(0, 200), home: slot.home, items: itemsBody(items) });
        await put(at`slots/${slot.id}/dates/${date}`, what === 'cancel' ? {} : { playlist: other ? other.id : slot.playlist });
    };
    return html`<${FormDialog} title=${t('date.new')} work=${work} disabled=${!date || (what === 'other' && !items.length)} onClose=${onClose}>
        <${DateField} label=${t('day.label')} value=${date} onInput=${setDate} />
        <${Choice} label=${t('date.what')} value=${what} onInput=${setWhat} options=${['cancel', 'other', 'usual'].map((one) => [one, t(`date.${one}`)])} />
        ${what !== 'cancel' && html`<p class="quiet">${t('date.waits_words')}</p>`}
        ${what === 'other' && html`<${ItemsField} items=${items} onInput=${setItems} />`}<//>`;
}

function Dates({ slot, playlist, mine }) {
    return html`<section class="card stack"><h2>${t('date.title')}</h2>
        ${slot.dates.length === 0 ? html`<p class="quiet">${t('date.none')}</p>` : html`<ul class="list">${slot.dates.map((one) => html`<li class="row" key=${one.date}>
            <strong>${longDay(one.date)}</strong><${State} kind=${STATE_KIND[dateState(one)]}>${t(`date.${dateState(one)}`)}<//>
            ${one.proposed && html`<a href=${link(['review', slot.id], { date: one.date })}>${t('review.look')}</a>`}
            ${mine && one.playlist && !one.approver && html`<${Act} class="plain" work=${() => remove(at`slots/${slot.id}/dates/${one.date}`)}>${t('date.back')}<//>`}</li>`)}</ul>`}
        ${mine && html`<div><${Opener} words=${t('date.new')}>${(close) => html`<${OneDate} slot=${slot} playlist=${playlist} onClose=${close} />`}<//></div>`}</section>`;
}

/* ---- what a village would hear ---- */

function Heard({ lines, slot }) {
    const { data } = useLoad('slots');
    const nameOf = (id) => data?.slots.find((one) => one.id === id)?.name ?? id;
    return html`<ul class="list heard">${lines.map((one) => html`<li class=${one.slot === slot ? 'here' : ''}><strong class="time">${clock(one.at_us)}</strong>
        ${' '}${one.title || nameOf(one.slot)} <${Tongue} tag=${one.language} />${' '}
        ${one.finding ? html`<${State} kind=${one.sounds ? 'half' : 'bad'}>${t(`finding.${one.finding}`, { by: one.by ? nameOf(one.by) : '' })}<//>`
            : html`<${State} kind=${one.source ? 'half' : 'good'}>${t(one.source ? 'item.unheard' : 'finding.heard')}<//>`}
        ${one.slot === slot && html`<span class="small quiet"> ${t('preview.here')}</span>`}</li>`)}</ul>`;
}

/* The villages that the slot reaches come first: targets, and what lies below one. */
function villagesOf({ targets }, areas) {
    const reached = new Set(targets.map((one) => one.area));
    for (const one of areas) if (reached.has(one.parent)) reached.add(one.id);
    return areas.filter((one) => one.kind === 'village').sort((a, b) => reached.has(b.id) - reached.has(a.id));
}

function Preview({ slot, areas }) {
    const villages = villagesOf(slot, areas);
    const [chosen, choose] = useState(null);
    const [date, setDate] = useState(slot.first_date >= today() ? slot.first_date : addDays(today(), 1));
    const village = chosen ?? villages[0]?.id;
    const heard = useLoad(village && date ? `${at`areas/${village}/preview`}${query({ date })}` : null);
    if (!village) return null;
    return html`<section class="card stack"><h2>${t('preview.title')}</h2><p class="small quiet">${t('preview.words')}</p>
        <div class="fields"><${Choice} label=${t('delivery.village')} value=${village} onInput=${choose} options=${villages.map((one) => [one.id, one.name])} />
            <${DateField} label=${t('day.label')} value=${date} onInput=${(value) => { if (value) setDate(value); }} /></div>
        <${Loaded} of=${heard}>${({ zones, lines }) => html`${zones === 0 && html`<p class="warn">${t('preview.no_zone')}</p>`}
            ${lines.length ? html`<${Heard} lines=${lines} slot=${slot.id} />` : html`<${Empty}>${t('preview.silent')}<//>`}`}<//></section>`;
}

/* ---- the whole ---- */

const Stop = ({ slot }) => html`<${Opener} class="danger" words=${t('slot.stop')}>${(close) => html`<${EndDialog} path=${at`slots/${slot.id}/stop`} name=${slot.name}
    title=${t('slot.stop_title')} text=${t('slot.stop_words')} words=${t('slot.stop')} onClose=${close} />`}<//>`;

function Whole({ slot, playlist, areas }) {
    const me = useMe();
    const state = stateOf(slot);
    const mine = may(me, 'editor') && !slot.stopped;
    return html`<p class="trail"><a href="#/slots">${t('nav.slots')}</a></p>
        <div class="head"><h1>${slot.name}</h1><${State} kind=${STATE_KIND[state]}>${t(`slot.${state}`)}<//>
            ${may(me, 'editor', 'approver', 'official') && !slot.stopped && html`<${Stop} slot=${slot} />`}</div>
        ${state === 'waits' && html`<p class="warn">${t('slot.waits_words')}
            ${may(me, 'approver') && html` <a href=${`#/review/${slot.id}`}>${t('review.look')}</a>`}</p>`}
        ${slot.note && html`<p class="warn">${t('version.note', { note: slot.note })}</p>`}
        <div class="beside">${mine ? html`<${Editor} from=${{ slot, playlist }} areas=${areas} />` : html`<section class="card"><${Facts} form=${formOf(slot, playlist)} /></section>`}
            <div class="stack"><${Preview} slot=${slot} areas=${areas} /><${Dates} slot=${slot} playlist=${playlist} mine=${mine} /></div></div>`;
}

function Kept({ id, areas }) {
    const slot = useLoad(at`slots/${id}`);
    const playlist = useLoad(slot.data ? at`playlists/${slot.data.playlist}` : null);
    return html`<${Loaded} of=${slot}>${(one) => html`<${Loaded} of=${playlist}>${(items) =>
        html`<${Whole} slot=${one} playlist=${items} areas=${areas} />`}<//>`}<//>`;
}

export function Slot({ id }) {
    const me = useMe();
    const { areas } = useAreas();
    if (areas.length === 0) return html`<h1>${t('nav.slots')}</h1>`;
    if (id !== 'new') return html`<${Kept} key=${id} id=${id} areas=${areas} />`;
    const home = areasOf(me, 'editor')[0] ?? areas[0].id;
    return html`<p class="trail"><a href="#/slots">${t('nav.slots')}</a></p><h1>${t('slot.new')}</h1>
        <${Editor} empty=${blank(home, addDays(today(), 1))} areas=${areas} />`;
}
