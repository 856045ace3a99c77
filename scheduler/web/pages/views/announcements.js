/* announcements.js - all announcements: found with or without marks, how far each language is. */
import { html, useEffect, useState } from '../base/html.js';
import { get, post, query } from '../base/api.js';
import { fieldsOf, useForm } from '../base/form.js';
import { useAct, useLoad } from '../base/load.js';
import { areasOf, may, useMe } from '../base/me.js';
import { areaOptions, TAGS, tongueWords, useAreas } from '../base/places.js';
import { go, link, refine } from '../base/route.js';
import { addDays, dateOf, day, instant, today } from '../base/time.js';
import { t } from '../base/words.js';
import { STATE_KIND, isSpoken, lacking } from '../base/version.js';
import { FormDialog } from '../parts/dialog.js';
import { Choice, DateField, TextField } from '../parts/fields.js';
import { ActButton, Empty, Loaded, Opener, State, Tongue } from '../parts/say.js';
import { Wide } from '../parts/wide.js';

const PAUSE_MS = 250;

/* What is asked of a new announcement, and of a change to one. */
export function AnnouncementFields({ of, set, areas }) {
    const field = fieldsOf(of, set);
    /* Those of the district's list, and what it has already. */
    const words = useLoad('categories').data?.categories.filter((one) => one.offered).map((one) => one.category) ?? [];
    return html`<div class="fields">
        <${TextField} whole label=${t('announcement.title')} ...${field('title')} maxlength="200" required />
        <${Choice} label=${t('announcement.kind')} ...${field('kind')}
            options=${['bulletin', 'signal', 'music', 'stream', 'line_in'].map((one) => [one, t(`kind.${one}`)])} />
        <${Choice} label=${t('announcement.category')} ...${field('category')}
            options=${[['', t('slot.nothing')], ...[...new Set([...words, ...(of.category ? [of.category] : [])])].map((one) => [one, one])]} />
        <${Choice} label=${t('announcement.class')} ...${field('class')}
            options=${['thong_thuong', 'uu_tien'].map((one) => [one, t(`class.${one}`)])} />
        <${Choice} label=${t('announcement.home')} value=${of.home} onInput=${(home) => set({ home, areas: [home] })}
            options=${areaOptions(areas)} />
        <${TextField} label=${t('announcement.source_number')} ...${field('source_number')} required />
        <${TextField} label=${t('announcement.source_issuer')} ...${field('source_issuer')} required />
        <${DateField} label=${t('announcement.source_date')} ...${field('source_date')} />
        <${DateField} label=${t('announcement.valid_from')} ...${field('from')} />
        <${DateField} label=${t('announcement.valid_until')} ...${field('until')} hint=${t('announcement.until_hint')} />
    </div>`;
}

/* From the fields to what the API takes: whole local days, the last one counted in. */
export function bodyOf({ from, until, ...rest }) {
    return { ...rest, valid_from_us: instant(from, 0), valid_until_us: instant(addDays(until, 1), 0) };
}

/* Its first and its last day. */
export const validity = (of) => [of.valid_from_us, of.valid_until_us - 1].map((us) => day(dateOf(us))).join(' – ');

export const isComplete = (of) =>
    ['title', 'source_number', 'source_issuer', 'source_date', 'from', 'until', 'home'].every((name) => of[name]);

function NewAnnouncement({ onClose }) {
    const { areas } = useAreas();
    const [own] = areasOf(useMe(), 'editor');
    const [of, set] = useForm({
        title: '', kind: 'bulletin', category: '', class: 'thong_thuong', home: '',
        source_number: '', source_issuer: '', source_date: null, from: today(), until: addDays(today(), 30),
    });
    /* The first area of theirs until a person picks one; written into no state, it overwrites nothing typed. */
    const home = of.home || own;
    const whole = { ...of, home, areas: [home] };
    const work = async () => go(['announcements', (await post('announcements', bodyOf(whole))).id]);
    return html`<${FormDialog} title=${t('announcement.new')} words=${t('announcement.make')}
        disabled=${!isComplete(whole)} work=${work} onClose=${onClose}>
        <${AnnouncementFields} of=${whole} set=${set} areas=${areas} /><//>`;
}

/* Which villages hear another language, or nothing. */
export const Lack = ({ of }) => html`<${Tongue} tag=${of.language} lacking />${' '}
    ${t(of.hears ? 'announcement.hear_other' : 'announcement.hear_none', { n: of.n_villages, hears: of.hears.split(' ').map(tongueWords).join(', ') })}`;

function Languages({ one }) {
    if (!isSpoken(one)) return html`<${Tongue} />`;
    return html`<div class="row">${one.versions.map((version) => html`<span class="state"><${Tongue} tag=${version.language} />
        <${State} kind=${STATE_KIND[version.state]}>${t(`version.${version.state}`)}<//></span>`)}
        ${lacking(one.versions, TAGS).filter((tag) => !one.lacks.some((row) => row.language === tag)).map((tag) => html`<${Tongue} tag=${tag} lacking />`)}</div>
        ${one.lacks.map((row) => html`<div class="small"><${Lack} of=${row} /></div>`)}`;
}

/* Where it was found, if the title does not show it. */
function Found({ of }) {
    if (!of || of.in === 'title') return null;
    return html`<div class="small">${t(`found.${of.in}`)}${of.hit && html` <${Tongue} tag=${of.language} />: <span lang=${of.language}>${of.before}<mark>${of.hit}</mark>${of.after}</span>`}</div>`;
}

function Table({ rows }) {
    return html`<${Wide} label=${t('announcement.list')} heads=${[t('announcement.title'), t('announcement.languages'), t('announcement.source'), t('announcement.validity')]}>
        <tbody>${rows.map((one) => html`<tr key=${one.id}><th scope="row"><a href=${link(['announcements', one.id])}>${one.title}</a><${Found} of=${one.found} />
            <div class="small quiet">${[one.category, t(`class.${one.class}`)].filter(Boolean).join(' · ')}
            ${one.withdrawn && html` · <strong>${t('announcement.withdrawn')}</strong>`}</div></th>
            <td><${Languages} one=${one} /></td><td>${one.source_number}<div class="small quiet">${one.source_issuer}, ${day(one.source_date)}</div></td>
            <td class="time">${validity(one)}</td></tr>`)}</tbody><//>`;
}

/* Pages of the list after the first one, asked for by a button. */
function More({ first, asked }) {
    const [rest, setRest] = useState({ rows: [], next: first.next });
    useEffect(() => setRest({ rows: [], next: first.next }), [first]);
    const act = useAct(async () => {
        const more = await get(`announcements${query({ ...asked, after: rest.next })}`);
        setRest({ rows: [...rest.rows, ...more.announcements], next: more.next });
    }, true);
    const rows = [...first.announcements, ...rest.rows];
    return html`${rows.length ? html`<${Table} rows=${rows} />` : html`<${Empty}>${t('announcement.none')}<//>`}
        ${rest.next && html`<p class="row"><${ActButton} of=${act}>${t('say.more')}<//></p>`}`;
}

export function Announcements({ query: asked }) {
    const me = useMe();
    const { search = '' } = asked;
    const [typed, setTyped] = useState(search);
    const list = useLoad(`announcements${query(asked)}`);
    const categories = useLoad('categories').data?.categories || [];
    useEffect(() => {
        const timer = setTimeout(() => { if (typed !== search) refine({ search: typed }); }, PAUSE_MS);
        return () => clearTimeout(timer);
    }, [typed]);
    const pick = (name, label, options) => html`<${Choice} label=${t(label)} value=${asked[name] || ''} options=${[['', t('say.all')], ...options]} onInput=${(value) => refine({ [name]: value })} />`;
    return html`<div class="head"><h1>${t('nav.announcements')}</h1>
        ${may(me, 'editor') && html`<${Opener} class="main" words=${t('announcement.new')}>${(close) => html`<${NewAnnouncement} onClose=${close} />`}<//>`}</div>
        <div class="fields"><${TextField} label=${t('announcement.search')} value=${typed} onInput=${setTyped} type="search" hint=${t('announcement.search_hint')} />
            ${pick('lacks', 'announcement.lacks', TAGS.map((tag) => [tag, t('tongue.lacking', { name: tongueWords(tag) })]))}
            ${pick('state', 'slot.state', [...Object.keys(STATE_KIND).map((one) => [one, t(`version.${one}`)]), ['withdrawn', t('notice.withdrawn')]])}
            ${pick('category', 'announcement.category', categories.map(({ category: one }) => [one, one]))}
            ${pick('class', 'announcement.class', ['thong_thuong', 'uu_tien'].map((one) => [one, t(`class.${one}`)]))}</div>
        <${Loaded} of=${list}>${(data) => html`<${More} first=${data} asked=${asked} />`}<//>`;
}
