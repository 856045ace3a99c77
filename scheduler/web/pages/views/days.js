/*
 * days.js - special days: Tết, festivals, mourning; slots left out, moved, replaced, without music.
 *
 * Lunar dates are typed as solar dates. What makes other sound waits for a second person.
 */
import { html, useState } from '../base/html.js';
import { hexOf, at, put, query } from '../base/api.js';
import { fieldsOf, useForm } from '../base/form.js';
import { useAct, useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { areaOptions, useAreas } from '../base/places.js';
import { addDays, today } from '../base/time.js';
import { t } from '../base/words.js';
import { actWords, datesWords, hoursWords, isLive } from '../parts/days-of.js';
import { FormDialog } from '../parts/dialog.js';
import { Choice, DateField, TextField, TimeField } from '../parts/fields.js';
import { ActButton, List, Loaded, State } from '../parts/say.js';

const ACTS = ['skip', 'no_music', 'move_to', 'move_by', 'replace'];
const KEEPERS = ['editor', 'approver', 'official', 'operator'];
const newId = () => `ngay-${hexOf(crypto.getRandomValues(new Uint8Array(8)))}`;

const blank = () => ({ id: newId(), name: '', area: '', first_date: null, last_date: null, from_min: 0, to_min: 1440, act: 'skip', minutes: null, playlist: '' });

/* What the district keeps of it is not sent back. */
const bodyOf = ({ name, area, first_date, last_date, from_min, to_min, act, minutes, playlist, off, revision }) => ({
    name, area, first_date, last_date: last_date || first_date, from_min, to_min, act,
    ...(act.startsWith('move') && { minutes }), ...(act === 'replace' && { playlist }),
    ...(off && { off }), ...(revision && { revision }),
});

const isWhole = (of) => of.name.trim() && of.first_date && (of.last_date || of.first_date) >= of.first_date
    && of.from_min < of.to_min && (of.act !== 'move_to' || of.minutes !== null)
    && (of.act !== 'move_by' || of.minutes) && (of.act !== 'replace' || of.playlist);

function Form({ of: before, onWaits, onClose }) {
    const me = useMe();
    const { areas } = useAreas();
    const playlists = useLoad('playlists');
    const [typed, set] = useForm(before);
    const of = { ...typed, area: typed.area || me.rights.find((one) => KEEPERS.includes(one.role))?.area };
    const field = fieldsOf(of, set);
    const work = async () => { onWaits(await put(at`days/${of.id}`, bodyOf(of))); };
    return html`<${FormDialog} title=${t(before.revision ? 'day.change' : 'day.new')} words=${t('day.put')} disabled=${!isWhole(of)} work=${work} onClose=${onClose}>
        <${TextField} label=${t('day.name')} ...${field('name')} hint=${t('day.name_hint')} maxlength="100" />
        <${Choice} label=${t('day.area')} ...${field('area')} options=${areaOptions(areas)} hint=${t('day.area_hint')} />
        <div class="row"><${DateField} label=${t('day.first')} ...${field('first_date')} hint=${t('day.solar')} />
            <${DateField} label=${t('day.last')} ...${field('last_date')} /></div>
        <div class="row"><${TimeField} label=${t('day.from')} value=${of.from_min} onInput=${(one) => set({ from_min: one ?? 0 })} />
            <${TimeField} label=${t('day.to')} value=${of.to_min === 1440 ? null : of.to_min} onInput=${(one) => set({ to_min: one ?? 1440 })} hint=${t('day.hours_hint')} /></div>
        <${Choice} label=${t('day.act')} value=${of.act} options=${ACTS.map((one) => [one, t(`day.${one}`)])}
            onInput=${(one) => set({ act: one, minutes: null })} hint=${['skip', 'no_music'].includes(of.act) ? '' : t('day.second')} />
        ${of.act === 'move_to' && html`<${TimeField} label=${t('day.at')} ...${field('minutes')} />`}
        ${of.act === 'move_by' && html`<${TextField} label=${t('day.by')} value=${of.minutes} inputmode="numeric" class="short" hint=${t('day.by_hint')}
            onInput=${(text) => set({ minutes: /^-?\d{1,3}$/.test(text) ? Number(text) : text === '-' ? text : null })} />`}
        ${of.act === 'replace' && html`<${Choice} label=${t('day.playlist')} ...${field('playlist')}
            options=${[['', '–'], ...(playlists.data?.playlists || []).map((one) => [one.id, one.name])]} />`}<//>`;
}

function One({ of, nameOf, mine, onWaits, onEdit }) {
    const back = useAct(async () => { onWaits(await put(at`days/${of.id}`, bodyOf({ ...of, off: true }))); });
    const over = of.last_date < today();
    return html`<li class="card"><div class="row"><h2>${of.name}</h2>
        ${of.off ? html`<${State} kind="none">${t('day.off')}<//>` : html`<${State} kind=${isLive(of) ? 'good' : 'wait'}>${isLive(of) ? actWords(of) : t('day.lost')}<//>`}</div>
        <p>${[datesWords(of), hoursWords(of), nameOf(of.area)].filter(Boolean).join(' · ')}</p>
        ${mine && !of.off && !over && html`<div class="row"><button onClick=${onEdit}>${t('day.change')}<span class="hidden">: ${of.name}</span></button>
            <${ActButton} of=${back} aria-label=${t('day.take_back_of', { name: of.name })}>${t('day.take_back')}<//></div>`}</li>`;
}

export function Days({ query: { from = today() } }) {
    const me = useMe();
    const { nameOf } = useAreas();
    const list = useLoad(`days${query({ from })}`);
    const [open, setOpen] = useState(null);
    const [waits, setWaits] = useState(false);
    const onWaits = (answer) => setWaits(answer?.waits !== undefined);
    const mine = may(me, ...KEEPERS);
    return html`<div class="head"><h1>${t('nav.days')}</h1>
        ${mine && html`<button class="main" onClick=${() => setOpen(blank())}>${t('day.new')}</button>`}</div>
        <p class="row"><a href=${`#/days?from=${addDays(today(), -365)}`}>${t('day.past')}</a></p>
        <div role="status">${waits && html`<p class="warn">${t('day.waits')}</p>`}</div>
        <${Loaded} of=${list}>${({ days }) => html`<${List} rows=${days} none=${t('day.none')}>${(one) => html`<${One} key=${one.id} of=${one} nameOf=${nameOf} mine=${mine} onWaits=${onWaits} onEdit=${() => setOpen(one)} />`}<//>`}<//>
        ${open && html`<${Form} of=${open} onWaits=${onWaits} onClose=${() => setOpen(null)} />`}`;
}
