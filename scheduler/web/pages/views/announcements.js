/* announcements.js - all announcements: found with or without marks, how far each language is. */
import { html, useEffect, useState } from '../base/html.js';
import { get, post, query } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { areaOptions, TAGS, useAreas } from '../base/places.js';
import { go, link, refine } from '../base/route.js';
import { addDays, day, dayClock, instant, today } from '../base/time.js';
import { t } from '../base/words.js';
import { STATE_KIND, lacking } from '../base/version.js';
import { FormDialog } from '../parts/dialog.js';
import { Choice, DateField, TextField } from '../parts/fields.js';
import { Empty, Loaded, State, Tongue } from '../parts/say.js';
import { Wide } from '../parts/wide.js';

const PAUSE_MS = 250;

/* What is asked of a new announcement, and of a change to one. */
export function AnnouncementFields({ of, onInput, areas }) {
    const set = (name) => (value) => onInput({ ...of, [name]: value });
    return html`<div class="fields">
        <${TextField} whole label=${t('announcement.title')} value=${of.title} onInput=${set('title')} maxlength="200" required />
        <${Choice} label=${t('announcement.kind')} value=${of.kind} onInput=${set('kind')}
            options=${[['bulletin', t('kind.bulletin')], ['signal', t('kind.signal')], ['music', t('kind.music')]]} />
        <${TextField} label=${t('announcement.category')} value=${of.category} onInput=${set('category')} maxlength="60" />
        <${Choice} label=${t('announcement.class')} value=${of.class} onInput=${set('class')}
            options=${['thong_thuong', 'uu_tien'].map((one) => [one, t(`class.${one}`)])} />
        <${Choice} label=${t('announcement.home')} value=${of.home} onInput=${(home) => onInput({ ...of, home, areas: [home] })}
            options=${areaOptions(areas)} />
        <${TextField} label=${t('announcement.source_number')} value=${of.source_number} onInput=${set('source_number')} required />
        <${TextField} label=${t('announcement.source_issuer')} value=${of.source_issuer} onInput=${set('source_issuer')} required />
        <${DateField} label=${t('announcement.source_date')} value=${of.source_date} onInput=${set('source_date')} />
        <${DateField} label=${t('announcement.valid_from')} value=${of.from} onInput=${set('from')} />
        <${DateField} label=${t('announcement.valid_until')} value=${of.until} onInput=${set('until')} hint=${t('announcement.until_hint')} />
    </div>`;
}

/* From the fields to what the API takes: whole local days, the last one counted in. */
export function bodyOf({ from, until, ...rest }) {
    return { ...rest, valid_from_us: instant(from, 0), valid_until_us: instant(addDays(until, 1), 0) };
}

export const isComplete = (of) =>
    ['title', 'source_number', 'source_issuer', 'source_date', 'from', 'until', 'home'].every((name) => of[name]);

function NewAnnouncement({ onClose }) {
    const { areas } = useAreas();
    const [of, setOf] = useState({
        title: '', kind: 'bulletin', category: '', class: 'thong_thuong', home: '',
        source_number: '', source_issuer: '', source_date: null, from: today(), until: addDays(today(), 30),
    });
    /* The first area until a person picks one; written into no state, it overwrites nothing typed. */
    const home = of.home || (areas[0]?.id ?? '');
    const whole = { ...of, home, areas: [home] };
    const act = useAct(async () => go(['announcements', (await post('/api/announcements', bodyOf(whole))).id]));
    return html`<${FormDialog} title=${t('announcement.new')} act=${act} words=${t('announcement.make')}
        disabled=${!isComplete(whole)} onSubmit=${act.run} onClose=${onClose}>
        <${AnnouncementFields} of=${whole} onInput=${setOf} areas=${areas} /><//>`;
}

function Languages({ one }) {
    if (one.kind !== 'bulletin') return html`<${Tongue} />`;
    return html`<div class="row">${one.versions.map((version) => html`<span class="state"><${Tongue} tag=${version.language} />
        <${State} kind=${STATE_KIND[version.state]}>${t(`version.${version.state}`)}<//></span>`)}
        ${lacking(one.versions, TAGS).map((tag) => html`<${Tongue} tag=${tag} lacking />`)}</div>`;
}

function Table({ rows }) {
    return html`<${Wide} label=${t('announcement.list')} heads=${[t('announcement.title'), t('announcement.languages'), t('announcement.source'), t('announcement.validity')]}>
        <tbody>${rows.map((one) => html`<tr key=${one.id}><th scope="row"><a href=${link(['announcements', one.id])}>${one.title}</a>
            <div class="small quiet">${[one.category, t(`class.${one.class}`)].filter(Boolean).join(' · ')}
            ${one.withdrawn && html` · <strong>${t('announcement.withdrawn')}</strong>`}</div></th>
            <td><${Languages} one=${one} /></td><td>${one.source_number}<div class="small quiet">${one.source_issuer}, ${day(one.source_date)}</div></td>
            <td class="time">${dayClock(one.valid_from_us).slice(0, 10)} – ${dayClock(one.valid_until_us - 1).slice(0, 10)}</td></tr>`)}</tbody><//>`;
}

/* Pages of the list after the first one, asked for by a button. */
function More({ first, search, language }) {
    const [rest, setRest] = useState({ rows: [], next: first.next });
    useEffect(() => setRest({ rows: [], next: first.next }), [first]);
    const act = useAct(async () => {
        const more = await get(`/api/announcements${query({ search, after: rest.next })}`);
        setRest({ rows: [...rest.rows, ...more.announcements], next: more.next });
    });
    const rows = [...first.announcements, ...rest.rows]
        .filter((one) => !language || (one.kind === 'bulletin' && lacking(one.versions, [language]).length));
    return html`${rows.length ? html`<${Table} rows=${rows} />` : html`<${Empty}>${t('announcement.none')}<//>`}
        ${rest.next && html`<p class="row"><button onClick=${act.run} disabled=${act.busy}>${t('say.more')}</button></p>`}`;
}

export function Announcements({ query: { search = '', lacks = '' } }) {
    const me = useMe();
    const [typed, setTyped] = useState(search);
    const [making, setMaking] = useState(false);
    const list = useLoad(`/api/announcements${query({ search })}`);
    useEffect(() => {
        const timer = setTimeout(() => { if (typed !== search) refine({ search: typed }); }, PAUSE_MS);
        return () => clearTimeout(timer);
    }, [typed]);
    return html`<div class="head"><h1>${t('nav.announcements')}</h1>
        ${may(me, 'editor') && html`<button class="main" onClick=${() => setMaking(true)}>${t('announcement.new')}</button>`}</div>
        <div class="fields"><${TextField} label=${t('announcement.search')} value=${typed} onInput=${setTyped} type="search" hint=${t('announcement.search_hint')} />
            <${Choice} label=${t('announcement.lacks')} value=${lacks} onInput=${(value) => refine({ lacks: value })}
                options=${[['', t('say.all')], ...TAGS.map((tag) => [tag, t('tongue.lacking', { name: t(`tongue.${tag}`) })])]} /></div>
        <${Loaded} of=${list}>${(data) => html`<${More} first=${data} search=${search} language=${lacks} />`}<//>
        ${making && html`<${NewAnnouncement} onClose=${() => setMaking(false)} />`}`;
}
