/*
 * templates.js - what alerts say, as a district wants it: which phrases and blanks, in which order
 * in each language, how it sounds, and how far each is recorded. Changed and retired by two.
 */
import { html, useState } from '../base/html.js';
import { at, newKey, post, put } from '../base/api.js';
import { useForm } from '../base/form.js';
import { useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { TAGS, baseOf, idOf, useAreas } from '../base/places.js';
import { link } from '../base/route.js';
import { dayClock } from '../base/time.js';
import { named, t } from '../base/words.js';
import { FormDialog } from '../parts/dialog.js';
import { Choice, TextField } from '../parts/fields.js';
import { Ordered } from '../parts/ordered.js';
import { partWords } from '../parts/proposal.js';
import { Facts, List, Loaded, Opener, State, Tongue } from '../parts/say.js';
import { Recorded } from './phrases.js';

const BLANKS = ['village', 'time', 'level', 'refuge'];
const NUMBERS = ['tone_ms', 'repeats', 'gap_ms', 'again_s', 'life_min'];
const NEW = { event: 'flood', title: '', severity: 3, tone: 'wail', tone_ms: 6000, repeats: 3, gap_ms: 2000, again_s: 0, life_min: 60, parts: [], orders: [] };

/* Every phrase with its words, and each of its recordings. */
function usePhrases() {
    const rows = useLoad('alert-phrases').data?.phrases ?? [];
    const titles = new Map(rows.map((one) => [one.phrase, one.title]));
    return { rows, nameOf: (id) => titles.get(id) ?? id,
        tags: [...new Set([...TAGS, ...rows.map((one) => one.language).filter(Boolean)])] };
}

/* What waits for a second person: of one template, or of all. */
const useAsked = (id = '') => (useLoad('proposals').data?.proposals ?? []).filter(({ path }) => `${path}/`.includes(`/alert-templates/${id && `${id}/`}`));

const Waits = ({ of }) => of.length > 0 && html`<p class="warn" role="status">${t('day.waits')} <a href="#/review">${t('review.title')}</a></p>`;

/* ---- changed ---- */

function Parts({ label, parts, phrases, onInput }) {
    const [picked, pick] = useState('');
    const words = (part) => partWords(part, phrases.nameOf);
    const free = [...new Set(phrases.rows.filter((one) => one.blank === 'none').map((one) => one.phrase))];
    return html`<${Ordered} label=${label} none=${t('template.empty')} rows=${parts} words=${words} onInput=${onInput}>${(add) => html`<div class="row">
        <${Choice} label=${t('template.part')} value=${picked} onInput=${pick} options=${[['', t('alert.choose')], ...[...BLANKS.map((one) => `[${one}]`), ...free].map((one) => [one, words(one)])]} />
        <button type="button" disabled=${!picked} onClick=${() => add(picked, words(picked))}>${t('item.add')}</button></div>`}<//>`;
}

function Edit({ of, phrases, onClose }) {
    const [form, set, field] = useForm(of);
    const [tag, pick] = useState('');
    /* A new one never takes the place of one of the same name, be it there, asked for or retired. */
    const [tail] = useState(newKey);
    const left = phrases.tags.filter((one) => !form.orders.some(({ language }) => language === one));
    const number = (name) => ({ value: String(form[name]), onInput: (value) => set({ [name]: Number(value) }) });
    const order = (language, parts) => set({ orders: form.orders.flatMap((one) => (one.language !== language ? [one] : parts ? [{ language, parts }] : [])) });
    const work = () => {
        const { id, retired_us, ...body } = form;
        return put(at`alert-templates/${id ?? idOf(`${form.title.slice(0, 50)} ${tail.slice(0, 6)}`)}`, body);
    };
    return html`<${FormDialog} title=${of.title || t('template.new')} work=${work} onClose=${onClose} disabled=${!form.title.trim() || !form.parts.length}>
        <${TextField} label=${t('fact.title')} ...${field('title')} maxlength="200" />
        <${Choice} label=${t('fact.event')} ...${field('event')} options=${named('hazard.')} />
        <${Choice} label=${t('fact.severity')} ...${number('severity')} options=${named('level.')} />
        <${Choice} label=${t('fact.tone')} ...${field('tone')} options=${named('tone.')} />
        ${NUMBERS.map((name) => html`<${TextField} label=${t(`fact.${name}`)} type="number" ...${number(name)} />`)}
        <${Parts} label=${t('fact.parts')} parts=${form.parts} phrases=${phrases} onInput=${(parts) => set({ parts })} />
        ${form.orders.map(({ language, parts }) => html`<div key=${language} class="stack"><${Parts} label=${html`${t('template.own')} <${Tongue} tag=${language} />`} parts=${parts} phrases=${phrases} onInput=${(next) => order(language, next)} />
            <button type="button" onClick=${() => order(language)}>${t('template.drop')}<span class="hidden">: ${language}</span></button></div>`)}
        <div class="row"><${Choice} label=${t('template.own_for')} value=${tag} onInput=${pick} options=${[['', t('alert.choose')], ...left.map((one) => [one, one])]} />
            <button type="button" disabled=${!left.includes(tag)} onClick=${() => set({ orders: [...form.orders, { language: tag, parts: form.parts }] })}>${t('item.add')}</button></div><//>`;
}

function Retire({ one, onClose }) {
    const [why, setWhy] = useState('');
    return html`<${FormDialog} danger title=${t('template.retire')} words=${t('template.retire')} disabled=${!why.trim()} work=${() => post(at`alert-templates/${one.id}/retire`, { why })} onClose=${onClose}>
        <p><strong>${one.title}</strong></p><p>${t('template.retire_words')}</p><${TextField} label=${t('fact.why')} value=${why} onInput=${setWhy} rows="3" /><//>`;
}

function NewPhrase({ onClose }) {
    const { areas } = useAreas();
    const [of, , field] = useForm({ text: '', blank: 'none' });
    return html`<${FormDialog} title=${t('template.phrase')} work=${() => post('alert-phrases', { ...of, area: areas[0].id })} onClose=${onClose} disabled=${!of.text.trim() || !areas.length}>
        <p>${t('template.phrase_words')}</p><${TextField} label=${t('fact.text')} ...${field('text')} rows="3" />
        <${Choice} label=${t('template.fills')} ...${field('blank')} options=${[['none', t('template.fills_none')], ...BLANKS.slice(1).map((one) => [one, t(`alert.blank.${one}`)])]} /><//>`;
}

/* ---- one ---- */

/* As it is said: a dialect in the order of its language, where it has none of its own. */
const orderOf = (of, tag) => of.orders.find((one) => one.language === tag) ?? of.orders.find((one) => one.language === baseOf(tag));

function Said({ of, tag, phrases }) {
    const order = orderOf(of, tag);
    return html`<section class="card stack"><h2><${Tongue} tag=${tag} /></h2>${order && html`<p class="small">${t('template.own')}</p>`}
        <ol class="items">${(order ?? of).parts.map((part) => html`<li><span>${partWords(part, phrases.nameOf)}</span>
            ${part[0] !== '[' && html`<${Recorded} one=${phrases.rows.find((one) => one.phrase === part && one.language === tag)} />`}</li>`)}</ol>
        <a href=${link(['phrases'], { language: tag })}>${t('phrases.title')}</a></section>`;
}

export function Template({ id }) {
    const writes = may(useMe(), 'editor');
    const phrases = usePhrases();
    const template = useLoad(at`alert-templates/${id}`);
    const asked = useAsked(id);
    return html`<p class="trail"><a href="#/templates">${t('template.title')}</a></p><${Loaded} of=${template}>${(of) => html`<div class="head"><h1>${of.title}</h1>
        ${writes && html`<div class="row"><${Opener} class="main" words=${t('template.change')}>${(close) => html`<${Edit} of=${of} phrases=${phrases} onClose=${close} />`}<//>
            ${!of.retired_us && of.event !== 'drill' && html`<${Opener} class="danger" words=${t('template.retire')}>${(close) => html`<${Retire} one=${of} onClose=${close} />`}<//>`}</div>`}</div>
        <${Waits} of=${asked} />${of.retired_us > 0 && html`<p><${State} kind="none">${t('template.retired', { at: dayClock(of.retired_us) })}<//></p>`}
        <${Facts} of=${[['fact.event', t(`hazard.${of.event}`)], ['fact.severity', t(`level.${of.severity}`)], ['fact.tone', t(`tone.${of.tone}`)],
            ...NUMBERS.map((name) => [`fact.${name}`, of[name]])]} />
        <div class="cards">${phrases.tags.map((tag) => html`<${Said} key=${tag} of=${of} tag=${tag} phrases=${phrases} />`)}</div>`}<//>`;
}

/* ---- all of them ---- */

export function Templates() {
    const writes = may(useMe(), 'editor');
    const phrases = usePhrases();
    const asked = useAsked();
    const list = useLoad('alert-templates');
    return html`<p class="trail"><a href="#/alerts">${t('nav.alerts')}</a></p><div class="head"><h1>${t('template.title')}</h1>
        ${writes && html`<div class="row"><${Opener} class="main" words=${t('template.new')}>${(close) => html`<${Edit} of=${NEW} phrases=${phrases} onClose=${close} />`}<//>
            <${Opener} words=${t('template.phrase')}>${(close) => html`<${NewPhrase} onClose=${close} />`}<//></div>`}</div>
        <${Waits} of=${asked} />
        <${Loaded} of=${list}>${({ templates }) => html`<${List} rows=${templates} none=${t('alert.no_templates')}>${(one) => html`<li key=${one.id} class="item"><div><a href=${link(['templates', one.id])}><strong>${one.title}</strong></a>
            <div class="small quiet">${t(`hazard.${one.event}`)} · ${t(`level.${one.severity}`)}</div></div>
            <div class="row">${TAGS.map((tag) => html`<${Tongue} tag=${tag} lacking=${!one.languages.some((each) => baseOf(each) === tag)} />`)}</div></li>`}<//>`}<//>`;
}
