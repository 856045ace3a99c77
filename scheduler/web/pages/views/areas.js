/*
 * areas.js - the tree of units with their dates, changed one by one or by the official list, whose
 * difference is read before it is taken.
 */
import { html, useState } from '../base/html.js';
import { at, put, send } from '../base/api.js';
import { useForm } from '../base/form.js';
import { useAct, useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { areaOptions, idOf, treeOf } from '../base/places.js';
import { day, today } from '../base/time.js';
import { t } from '../base/words.js';
import { Dialog, FormDialog } from '../parts/dialog.js';
import { remarkWords } from '../parts/faults.js';
import { Choice, DateField, TextField } from '../parts/fields.js';
import { Hours } from '../parts/hours.js';
import { factsOf } from '../parts/proposal.js';
import { Loaded, ProblemBox, State } from '../parts/say.js';
import { Wide } from '../parts/wide.js';

const KINDS = ['country', 'province', 'district', 'group', 'commune', 'village'];
const FIELDS = ['parent', 'kind', 'name', 'code', 'valid_from', 'valid_to', 'successor'];

function AreaDialog({ area, areas, onDone, onClose }) {
    const [of, , field] = useForm({ id: null, kind: 'village', name: '', parent: areas[0]?.id, ...area });
    const id = of.id ?? idOf(of.name);
    const work = async () => onDone((await put(at`areas/${id}`,
        Object.fromEntries(FIELDS.map((name) => [name, of[name] || undefined])))).waits !== undefined);
    const others = [['', t('slot.nothing')], ...areaOptions(areas.filter((one) => one.id !== id))];
    return html`<${FormDialog} title=${t(area ? 'area.change' : 'area.new')} disabled=${!of.name.trim() || !id}
        work=${work} onClose=${onClose}><div class="fields">
        <${TextField} label=${t('fact.name')} ...${field('name')} maxlength="100" />
        ${!area && html`<${TextField} label=${t('area.id')} ...${field('id')} value=${id} hint=${t('area.id_hint')} autocapitalize="none" spellcheck="false" maxlength="64" />`}
        <${Choice} label=${t('fact.kind')} ...${field('kind')} options=${KINDS.map((one) => [one, t(`unit.${one}`)])} />
        <${Choice} label=${t('fact.parent')} ...${field('parent')} options=${others} />
        <${TextField} label=${t('fact.code')} ...${field('code')} maxlength="32" />
        <${DateField} label=${t('fact.valid_from')} ...${field('valid_from')} />
        <${DateField} label=${t('fact.valid_to')} ...${field('valid_to')} />
        <${Choice} label=${t('fact.successor')} ...${field('successor')} options=${others} /></div><//>`;
}

function Changes({ of, nameOf }) {
    if (of.wrong) return html`<p class="warn">${t('area.faults', { n: of.wrong })}</p><ul class="list">${of.faults.map((one) => html`<li>${remarkWords(one)}</li>`)}</ul>`;
    return html`<p>${t('area.counted', { n: of.areas, changed: of.changed })} ${of.alone > 0 && t('area.alone', { n: of.alone })}</p>
        ${of.changes.length > 0 && html`<${Wide} label=${t('area.difference')} heads=${[t('fact.name'), t('area.difference')]}>
        <tbody>${of.changes.map(({ before, after }) => html`<tr key=${after.id}><th scope="row">${after.name}<div class="small quiet">${after.id}</div></th>
            <td>${before ? factsOf(before, after, nameOf).map(([name, was, now]) => html`<div>${name}: ${was} → ${now}</div>`)
                : html`<${State} kind="good">${t('area.is_new')}<//> ${t(`unit.${after.kind}`)}${after.parent ? `, ${nameOf(after.parent)}` : ''}`}</td></tr>`)}</tbody><//>`}
        ${of.changed > of.changes.length && html`<p class="warn">${t('area.more', { n: of.changed - of.changes.length })}</p>`}`;
}

function Import({ areas, onClose }) {
    const [file, setFile] = useState(null);
    const [shown, setShown] = useState(null);
    const call = (path) => send('POST', path, { raw: file, type: 'text/csv' });
    const look = useAct(async () => setShown(await call('areas/import/preview')));
    const take = useAct(async () => { await call('areas/import'); onClose(); });
    const names = shown && new Map([...areas, ...shown.changes.map((one) => one.after)].map((one) => [one.id, one.name]));
    return html`<${Dialog} title=${t('area.import')} onClose=${onClose}>
        <p>${t('area.import_words')}</p><p class="small quiet">id, parent, kind, name, code, valid_from, valid_to, successor</p>
        <label class="field"><span class="label">${t('area.file')}</span>
            <input type="file" accept=".csv,text/csv" onChange=${(event) => { setFile(event.target.files[0] || null); setShown(null); look.clear(); take.clear(); }} /></label>
        <div role="status">${shown && html`<${Changes} of=${shown} nameOf=${(id) => names.get(id) ?? id} />`}</div>
        <${ProblemBox} problem=${look.problem || take.problem} />
        <div class="row end"><button onClick=${onClose}>${t('say.cancel')}</button>${shown && !shown.wrong
            ? html`<button class="main" disabled=${take.busy || shown.changed === 0} onClick=${take.run}>${t('area.take', { n: shown.changed })}</button>`
            : html`<button class="main" disabled=${!file || look.busy} onClick=${look.run}>${t('area.compare')}</button>`}</div><//>`;
}

function Tree({ areas, works, onEdit }) {
    const now = today();
    return html`<ul class="list">${areas.map((one) => html`<li class=${`item tree${one.valid_to && one.valid_to < now ? ' quiet' : ''}`} key=${one.id} style=${{ paddingLeft: `${one.depth * 1.5}em` }}>
        <div><span class="hidden">${t('area.depth', { n: one.depth + 1 })} </span><strong>${one.name}</strong>
            <div class="small quiet">${[t(`unit.${one.kind}`), one.code, one.valid_from && t('area.from', { day: day(one.valid_from) }), one.valid_to && t('area.to', { day: day(one.valid_to) })].filter(Boolean).join(' · ')}</div></div>
        <div class="row end"><${Hours} area=${one.id} />${works && html`<button onClick=${() => onEdit(one)} aria-label=${t('area.change_of', one)}>${t('zone.edit')}</button>`}</div></li>`)}</ul>`;
}

export function Areas() {
    const me = useMe();
    const loaded = useLoad('areas');
    const [shown, show] = useState(null);
    const [waits, setWaits] = useState(false);
    const works = may(me, 'administrator');
    const close = () => show(null);
    return html`<p class="trail"><a href="#/stations">${t('nav.stations')}</a></p><div class="head"><h1>${t('nav.areas')}</h1>
        ${works && html`<button onClick=${() => show('import')}>${t('area.import')}</button><button class="main" onClick=${() => show({})}>${t('area.new')}</button>`}</div>
        <div role="status">${waits && html`<p class="warn">${t('day.waits')}</p>`}</div>
        <${Loaded} of=${loaded}>${({ areas: rows }) => {
            const areas = treeOf(rows);
            return html`<${Tree} areas=${areas} works=${works} onEdit=${show} />
                ${shown === 'import' && html`<${Import} areas=${areas} onClose=${close} />`}
                ${shown && shown !== 'import' && html`<${AreaDialog} area=${shown.id ? shown : null} areas=${areas} onDone=${setWaits} onClose=${close} />`}`;
        }}<//>`;
}
