/*
 * hours.js - when calendar sound is allowed in an area, and how loud a zone is at which hours:
 * rows from one minute of the day to another.
 */
import { html, useState } from '../base/html.js';
import { at, newKey, post, put } from '../base/api.js';
import { useForm } from '../base/form.js';
import { useAct, useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { useAreas } from '../base/places.js';
import { dayClock, parseClock } from '../base/time.js';
import { t } from '../base/words.js';
import { Dialog, FormDialog } from './dialog.js';
import { Choice, TextField, TimeField, Weekdays } from './fields.js';
import { FACTS } from './proposal.js';
import { Loaded, Opener, ProblemBox, State } from './say.js';

const midnight = (text) => (text.trim() === '24:00' ? 1440 : parseClock(text));
const isSpan = (one) => one.from_min !== null && one.from_min < one.to_min;
const overlap = (rows) => rows.some((a, i) => rows.some((b, j) => j > i && a.from_min < b.to_min && b.from_min < a.to_min));

/* children(row, set): what a row has besides its hours; fresh: one that is added */
function Spans({ rows, fresh, onInput, children }) {
    const [keys, setKeys] = useState(() => rows.map(newKey));
    const drop = (all, i) => all.filter((_, j) => j !== i);
    return html`${rows.map((row, i) => {
        const set = (part) => onInput(rows.map((one, j) => (j === i ? { ...one, ...part } : one)));
        return html`<fieldset key=${keys[i]}><legend>${t('hours.row', { n: i + 1 })}</legend><div class="row">
            <${TimeField} label=${t('hours.start')} value=${row.from_min} onInput=${(from_min) => set({ from_min })} />
            <${TimeField} label=${t('hours.end')} value=${row.to_min} parse=${midnight} onInput=${(to_min) => set({ to_min })} wrong=${!isSpan(row) && t('hours.order')} />
            ${children(row, set)}<button type="button" onClick=${() => { setKeys(drop(keys, i)); onInput(drop(rows, i)); }}>${t('hours.out')}</button></div></fieldset>`;
    })}<div><button type="button" onClick=${() => { setKeys([...keys, newKey()]); onInput([...rows, fresh]); }}>${t('hours.add')}</button></div>`;
}

const Changes = ({ of }) => (of.length === 0 ? html`<p>${t('hours.nothing')}</p>` : html`<ul class="list">${of.map((one) => html`<li key=${one.slot + one.sounds}><strong>${one.name}</strong>${' '}
    <${State} kind=${one.sounds ? 'good' : 'bad'}>${t(one.sounds ? 'hours.sounds' : `finding.${one.finding}`)}<//> <span class="small">${t('hours.counted', { days: one.n_days, n: one.n_villages, at: dayClock(one.first_us) })}</span></li>`)}</ul>`);

/* Nothing is kept before what it would change was shown. */
function Form({ area, of, onDone, onClose }) {
    const [form, set, field] = useForm({ windows: of.windows, limit: of.limit_from === area ? String(of.limit_min) : '' });
    const [seen, setSeen] = useState(null);
    const path = at`areas/${area}/windows`;
    const body = { windows: form.windows, limit_min: form.limit === '' ? -1 : Number(form.limit) };
    const text = JSON.stringify(body);
    const look = useAct(async () => setSeen({ text, ...await post(`${path}/preview`, body) }), true);
    const keep = useAct(async () => { onDone((await put(path, body)).waits !== undefined); onClose(); });
    const known = seen?.text === text;
    const act = known ? keep : look;
    const good = form.windows.every((one) => isSpan(one) && one.weekdays) && body.limit_min >= -1 && body.limit_min <= 1440;
    return html`<form onSubmit=${() => act.run()} novalidate><p class="hint">${t('hours.words')}</p>
        <${Spans} rows=${form.windows} onInput=${(windows) => set({ windows })} fresh=${of.in_force[0] ?? { class: 'thong_thuong', weekdays: 127, from_min: 300, to_min: 1260 }}>${(row, change) => html`
            <${Choice} label=${t('hours.class')} value=${row.class} onInput=${(one) => change({ class: one })} options=${['thong_thuong', 'uu_tien'].map((one) => [one, t(`class.${one}`)])} />
            <${Weekdays} chosen=${[0, 1, 2, 3, 4, 5, 6].filter((one) => row.weekdays >> one & 1)} onInput=${(days) => change({ weekdays: days.reduce((sum, one) => sum | 1 << one, 0) })} />`}<//>
        <${TextField} label=${t('fact.limit_min')} ...${field('limit')} type="number" min="0" max="1440" hint=${t('hours.limit_hint')} />
        <div role="status">${known && html`<h3>${t('hours.change')}</h3><${Changes} of=${seen.changes} />`}</div><${ProblemBox} problem=${act.problem} />
        <div class="row end"><button type="button" onClick=${onClose}>${t('say.cancel')}</button>
            <button class="main" disabled=${act.busy || !good}>${t(known ? 'say.save' : 'hours.look')}</button></div></form>`;
}

function Sheet({ area, onDone, onClose }) {
    const { nameOf } = useAreas();
    const me = useMe();
    const of = useLoad(at`areas/${area}/windows`);
    const whose = (from) => (from ? t(from === area ? 'hours.own' : 'hours.from', { name: nameOf(from) }) : t('hours.nobody'));
    return html`<${Dialog} title=${t('hours.of', { name: nameOf(area) })} onClose=${onClose}><${Loaded} of=${of}>${(data) => html`
        <div><strong>${whose(data.from)}</strong>${data.in_force.length > 0 && FACTS.windows(data.in_force)}</div>
        <p>${t('fact.limit_min')}: ${data.limit_min} (${data.limit_from ? whose(data.limit_from) : t('hours.no_limit')})</p>
        ${may(me, 'official', 'administrator') ? html`<${Form} area=${area} of=${data} onDone=${onDone} onClose=${onClose} />`
            : html`<div class="row end"><button onClick=${onClose}>${t('say.close')}</button></div>`}`}<//><//>`;
}

/* The button that shows them, and for whom it is, changes them. */
export function Hours({ area }) {
    const [waits, setWaits] = useState(false);
    const { nameOf } = useAreas();
    return html`<${Opener} words=${t('fact.windows')} about=${nameOf(area)}>${(close) => html`<${Sheet} area=${area} onDone=${setWaits} onClose=${close} />`}<//>
        <span role="status">${waits && html`<span class="warn">${t('day.waits')}</span>`}</span>`;
}

/* onDone: told whether the change waits for a second person */
export function VolumeDialog({ station, zone, onDone, onClose }) {
    const [rows, setRows] = useState(station.volumes.filter((one) => one.zone === zone.id).map(({ from_min, to_min, gain_mdb }) => ({ from_min, to_min, db: gain_mdb / 1000 })));
    const twice = overlap(rows);
    const isLoud = ({ db }) => db !== '' && db >= -96 && db <= 0;
    const work = async () => onDone((await put(at`stations/${station.id}/zones/${zone.id}/volumes`,
        { volumes: rows.map(({ db, ...one }) => ({ ...one, gain_mdb: Math.round(db * 1000) })) })).waits !== undefined);
    return html`<${FormDialog} title=${t('volume.of', zone)} work=${work} disabled=${twice || !rows.every((one) => isSpan(one) && isLoud(one))} onClose=${onClose}>
        <p class="hint">${t('volume.words', { cap: (station.gain_cap_mdb ?? 0) / 1000 })}</p>
        <${Spans} rows=${rows} onInput=${setRows} fresh=${{ from_min: 1260, to_min: 1440, db: -12 }}>${(row, set) => html`
            <${TextField} label=${t('volume.db')} value=${row.db} onInput=${(db) => set({ db })} type="number" min="-96" max="0" step="0.5" wrong=${!isLoud(row) && t('volume.range')} />`}<//>
        <div role="status">${twice && html`<p class="wrong">${t('volume.twice')}</p>`}</div><//>`;
}
