/* quiets.js - where silence is asked for: asked, shown, ended. */
import { html } from '../base/html.js';
import { at, post, query } from '../base/api.js';
import { useForm } from '../base/form.js';
import { useAct, useLoad } from '../base/load.js';
import { areaOptions, useAreas } from '../base/places.js';
import { dayClock, instant, nowUs, today } from '../base/time.js';
import { t } from '../base/words.js';
import { FormDialog } from './dialog.js';
import { Check, Choice, DateField, TextField, TimeField } from './fields.js';
import { ActButton, List, Loaded, Opener, State } from './say.js';

const MOST_US = 31 * 86_400e6; /* longer is for the windows of an area */
const REASONS = ['funeral', 'ceremony', 'exam', 'other'];
const untilOf = (one) => (one.ended_us ? Math.min(one.ended_us, one.until_us) : one.until_us);

/* The area and what lies below it, in the order of the tree. */
function within(areas, id) {
    const first = areas.findIndex((one) => one.id === id);
    const after = areas.findIndex((one, i) => i > first && one.depth <= areas[first].depth);
    return first < 0 ? areas : areas.slice(first, after < 0 ? areas.length : after);
}

/* 'area', or 'station/zone' */
function placeOf(text) {
    const [station, zone] = text.split('/');
    return zone === undefined ? { area: text } : { station, zone };
}

const zoneOptions = (zones) => zones.map((one) => [`${one.station}/${one.zone}`, `${one.village_name} – ${one.name}`]);

function Ask({ area, areas, zones, onClose }) {
    const [form, set, field] = useForm({ area, now: true, from_date: today(), from_min: null, date: today(), min: null, reason: 'funeral', words: '' });
    const until_us = form.date && form.min !== null ? instant(form.date, form.min) : 0;
    const from_us = form.now ? 0 : form.from_date && form.from_min !== null ? instant(form.from_date, form.from_min) : null;
    const work = () => post('quiets', { ...placeOf(form.area), from_us, until_us, reason: form.reason, words: form.words.trim() });
    const is_long = until_us - Math.max(from_us || 0, nowUs()) > MOST_US;
    const ready = until_us > nowUs() && from_us !== null && from_us < until_us && !is_long && (form.reason !== 'other' || form.words.trim());
    return html`<${FormDialog} title=${t('quiet.ask')} words=${t('quiet.ask')} disabled=${!ready} work=${work} onClose=${onClose}>
        <p>${t('quiet.alerts')}</p>
        <div class="fields"><${Choice} whole label=${t('quiet.where')} ...${field('area')} options=${[...areaOptions(within(areas, area)), ...zoneOptions(zones)]} />
            <${Choice} label=${t('quiet.reason')} ...${field('reason')} options=${REASONS.map((one) => [one, t(`quiet.reason.${one}`)])} />
            <${TextField} label=${t('quiet.words')} ...${field('words')} maxlength="60" /></div>
        <${Check} label=${t('quiet.now')} checked=${form.now} onInput=${(now) => set({ now })} />
        <div class="fields">${!form.now && html`<${DateField} label=${t('quiet.from_date')} ...${field('from_date')} />
            <${TimeField} label=${t('quiet.from')} ...${field('from_min')} />`}
            <${DateField} label=${t('quiet.date')} ...${field('date')} wrong=${is_long && t('quiet.too_long')} />
            <${TimeField} label=${t('quiet.until')} ...${field('min')} /></div><//>`;
}

function Quiet({ one, may }) {
    const { nameOf } = useAreas();
    const act = useAct(() => post(at`quiets/${one.id}/end`));
    return html`<li class="stack"><div><${State} kind=${one.from_us <= nowUs() ? 'half' : 'wait'}>${one.area ? nameOf(one.area) : `${nameOf(one.place)} (${one.station}/${one.zone})`}<//>
        ${' '}<span class="time">${dayClock(one.from_us)} – ${dayClock(untilOf(one))}</span></div>
        <div>${t(`quiet.reason.${one.reason}`)}${one.words && `: ${one.words}`}<div class="small quiet">${t('quiet.asked_by', { name: one.author_name })}</div></div>
        ${may && html`<div><${ActButton} of=${act} about=${nameOf(one.place)}>${t('quiet.end')}<//></div>`}</li>`;
}

export function Quiets({ area, areas, zones, may }) {
    const list = useLoad(`quiets${query({ area })}`);
    return html`<section class="card stack"><h2>${t('quiet.title')}</h2>
        <${Loaded} of=${list}>${({ quiets }) => html`<${List} rows=${quiets.filter((one) => untilOf(one) > nowUs())} none=${t('quiet.none')}>${(one) => html`<${Quiet} key=${one.id} one=${one} may=${may} />`}<//>`}<//>
        ${may && html`<div><${Opener} words=${t('quiet.ask')}>${(close) => html`<${Ask} area=${area} areas=${areas} zones=${zones} onClose=${close} />`}<//></div>`}</section>`;
}
