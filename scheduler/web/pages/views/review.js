/* review.js - what waits for me: versions, slots, dates and louder changes, the oldest first. */
import { html } from '../base/html.js';
import { at, post } from '../base/api.js';
import { useLoad } from '../base/load.js';
import { useMe } from '../base/me.js';
import { useAreas } from '../base/places.js';
import { go, link } from '../base/route.js';
import { STATE_KIND, dateState, readText, stateOf } from '../base/slot.js';
import { ago, day, longDay } from '../base/time.js';
import { howMany, useWaiting } from '../base/waiting.js';
import { said, t } from '../base/words.js';
import { Act } from '../parts/acts.js';
import { ReturnDialog } from '../parts/dialog.js';
import { Recording } from '../parts/listen.js';
import { Changed, itemsOf, Parts } from '../parts/programmes.js';
import { ProposalFacts } from '../parts/proposal.js';
import { Empty, Loaded, Opener, State, Tongue } from '../parts/say.js';
import { useTold } from '../parts/slot-words.js';

/* ---- the list ---- */

const addressOf = (one) => (one.kind === 'notice' ? link(['commune']) : one.kind === 'offer' ? link(['offers', one.id]) : one.announcement ? link(['announcements', one.announcement]) : link(['review', one.id], one.kind === 'programme' ? { week: 1 } : { date: one.date }));
const actWords = (name) => (said(`change.${name}`, name));

function Proposal({ one, detail }) {
    const judge = (verb) => () => post(at`proposals/${one.id}/${verb}`);
    return html`<details><summary>${t('review.show')}</summary>
        ${detail && html`<${ProposalFacts} of=${detail} />`}
        <div class="row"><${Act} class="main" work=${judge('approve')}>${t('review.approve')}<//><${Act} work=${judge('refuse')}>${t('review.refuse')}<//></div></details>`;
}

function Waiting({ one, detail }) {
    return html`<li class="card"><div class="row"><${State} kind="wait">${t(`review.${one.kind}`)}<//>
        ${one.language && html`<${Tongue} tag=${one.language} />`}
        ${one.kind === 'proposal' ? html`<strong>${actWords(one.title)}</strong>` : html`<a href=${addressOf(one)}><strong>${one.title}</strong></a>`}
        ${one.date && html`<span>${longDay(one.date)}</span>`}</div>
        <div class="small quiet">${one.author} · ${ago(one.since_us)}</div>
        ${one.voice && html`<div class="small">${t('review.voice', { name: one.voice })}</div>`}
        ${one.kind === 'proposal' && html`<${Proposal} one=${one} detail=${detail} />`}</li>`;
}

export function Review() {
    const loaded = useWaiting(useMe());
    const asked = loaded.data?.waiting.some((one) => one.kind === 'proposal');
    const { data } = useLoad(asked ? 'proposals' : null);
    const detail = (id) => data?.proposals.find((one) => one.id === id);
    return html`<h1>${t('review.title')}</h1>
        <${Loaded} of=${loaded}>${({ waiting, more }) => html`${waiting.length === 0 ? html`<${Empty}>${t('review.nothing')}<//>`
            : html`<ul class="list">${waiting.map((one) => html`<${Waiting} key=${one.id + (one.date || '')} one=${one} detail=${detail(one.id)} />`)}</ul>`}
            ${more && html`<p class="warn">${t('review.more', { n: waiting.length })}</p>`}`}<//>`;
}

/* For Today: how much there is, and the way to it. */
export function WaitingCard() {
    const { data } = useWaiting(useMe());
    if (!data?.waiting.length) return null;
    return html`<section class="card"><h2>${t('review.title')}</h2>
        <ul class="list">${data.waiting.slice(0, 3).map((one) => html`<li><span class="small quiet">${t(`review.${one.kind}`)}</span> ${one.kind === 'proposal' ? actWords(one.title) : html`<a href=${addressOf(one)}>${one.title}</a>`}</li>`)}</ul>
        <p><a href="#/review"><${State} kind="wait">${t('review.count', { n: howMany(data) })}<//></a></p></section>`;
}

/* ---- one slot, or what is different on one of its dates ---- */

function Sound({ items }) {
    const told = useTold(items.map((one) => one.announcement));
    const heard = [...new Set(items.map((one) => one.announcement).filter(Boolean))];
    return html`<section class="card stack"><h2>${t('review.sound')}</h2>${heard.map((id) => html`<div key=${id} class="stack">
        <h3>${told[id]?.title ?? id}</h3>
        ${(told[id]?.versions || []).map((one) => html`<div class="row"><${Tongue} tag=${one.language} /><${State} kind=${one.state === 'approved' ? 'good' : 'wait'}>${t(`version.${one.state}`)}<//>
            ${one.object ? html`<${Recording} version=${one.id} object=${one.object} label=${told[id].title} />` : t('version.no_sound')}</div>`)}</div>`)}</section>`;
}

const Trail = () => html`<p class="trail"><a href="#/review">${t('review.title')}</a></p>`;

/* What the approver sees is what is named: the hash of what was shown. */
function Judge({ path, content }) {
    const leave = () => go(['review']);
    return html`<div class="row end"><${Opener} words=${t('version.return')}>${(close) => html`<${ReturnDialog} path=${`${path}/return`} seen=${{ content }} onDone=${leave} onClose=${close} />`}<//>
        <${Act} class="main" work=${() => post(`${path}/approve`, { content }).then(leave)}>${t('review.approve_slot')}<//></div>`;
}

function Found({ slot, playlist, other, date }) {
    const form = readText(slot.text);
    const one = slot.dates.find((row) => row.date === date);
    const note = date ? one?.note : slot.note;
    const state = date ? (one ? dateState(one) : 'cancelled') : stateOf(slot);
    const before = date ? { items: playlist.items } : slot.approved_text && readText(slot.approved_text);
    const after = date ? { items: other?.items || [] } : form;
    return html`<${Trail} />
        <div class="head"><h1>${slot.name}${date && ` – ${longDay(date)}`}</h1><${State} kind=${STATE_KIND[state]}>${t(date ? `date.${state}` : `slot.${state}`)}<//></div>
        <p><a href=${link(['slots', slot.id])}>${t('review.preview')}</a></p>
        <${Changed} before=${before} after=${after} /><${Sound} items=${after.items} />
        ${note && html`<p class="warn">${t('version.note', { note })}</p>`}
        ${(state === 'waits' || state === 'returned') && html`<${Judge} path=${date ? at`slots/${slot.id}/dates/${date}` : at`slots/${slot.id}`} content=${date ? one.content : slot.content} />`}`;
}

/* ---- a week ---- */

function Programme({ of }) {
    const { nameOf } = useAreas();
    return html`<${Trail} /><h1>${t('review.programme')} – ${nameOf(of.area)}, ${t('week.of', { day: day(of.from) })}</h1>
        <${Parts} of=${of.parts} /><${Sound} items=${itemsOf(of.parts)} />
        ${of.stale ? html`<p class="warn">${t('programme.stale')}</p>` : of.state === 'open' && html`<${Judge} path=${at`programmes/${of.id}`} content=${of.content} />`}`;
}

const ReviewWeek = ({ id }) => html`<${Loaded} of=${useLoad(at`programmes/${id}`)}>${(of) => html`<${Programme} of=${of} />`}<//>`;

export const ReviewOne = (props) => html`<${props.query.week ? ReviewWeek : ReviewSlot} ...${props} />`;

function ReviewSlot({ id, query: { date } }) {
    const slot = useLoad(at`slots/${id}`);
    const proposed = slot.data?.dates.find((one) => one.date === date)?.proposed;
    const playlist = useLoad(slot.data ? at`playlists/${slot.data.playlist}` : null);
    const other = useLoad(proposed ? at`playlists/${proposed}` : null);
    return html`<${Loaded} of=${slot}>${(one) => html`<${Loaded} of=${playlist}>${(items) => html`<${Loaded} of=${proposed ? other : playlist}>
        ${() => html`<${Found} slot=${one} playlist=${items} other=${other.data} date=${date} />`}<//>`}<//>`}<//>`;
}
