/* offers.js - what was sent for communes to place: all of it, and one with who has played it. */
import { html, useState } from '../base/html.js';
import { at, get, post, query } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { link } from '../base/route.js';
import { dayClock, nowUs } from '../base/time.js';
import { has, language, t } from '../base/words.js';
import { EndDialog } from '../parts/dialog.js';
import { OfferList, OfferState, PlaceState, deadline } from '../parts/offers.js';
import { ActButton, Loaded, Opener } from '../parts/say.js';
import { Wide } from '../parts/wide.js';

function Judge({ of }) {
    const act = useAct(() => post(at`offers/${of.id}/approve`, { content: of.content }));
    if (of.author === useMe().id) return html`<p class="quiet">${t('offer.own')}</p>`;
    return html`<p>${t('offer.approve_words')}</p><div><${ActButton} class="main" of=${act}>${t('offer.approve')}<//></div>`;
}

const whyOf = (one) => (one.unplaced ? has(`place.${one.unplaced}`) && t(`place.${one.unplaced}`) : language() === 'vi' ? one.why_vi : one.why);

function Row({ one }) {
    return html`<tr><th scope="row">${one.area_name}</th>
        <td><${PlaceState} of=${one} />${one.zones > 0 && html`<div class="small quiet">${t('offer.heard', { heard: one.heard, all: one.zones })}</div>`}
            ${whyOf(one) && html`<div class="small">${whyOf(one)}</div>`}</td>
        <td class="time">${one.start_us ? dayClock(one.start_us) : ''}</td>
        <td>${one.itself ? t('offer.by_itself') : one.placed_by}</td></tr>`;
}

/* The first communes, and the others by a button. */
function Where({ of }) {
    const [rest, setRest] = useState({ of: null, rows: [], next: null });
    const mine = rest.of === of ? rest : { rows: [], next: of.next };
    const more = useAct(async () => {
        const page = await get(`${at`offers/${of.id}`}${query({ after: mine.next })}`);
        setRest({ of, rows: [...mine.rows, ...page.where], next: page.next });
    });
    return html`<${Wide} label=${t('offer.where')} heads=${[t('offer.commune'), t('offer.state'), t('offer.time'), t('offer.by')]}>
        <tbody>${[...of.where, ...mine.rows].map((one) => html`<${Row} key=${one.area} one=${one} />`)}</tbody><//>
        ${mine.next && html`<p><${ActButton} of=${more}>${t('say.more')}<//></p>`}`;
}

/* What sounds: the announcement, or those of the programme. */
function Sounds({ of }) {
    const list = useLoad(of.announcement ? null : at`playlists/${of.playlist}`);
    const ids = of.announcement ? [of.announcement] : (list.data?.items || []).map((one) => one.announcement).filter(Boolean);
    return html`<p class="row">${ids.map((id) => html`<a href=${link(['announcements', id])}>${t('offer.hear')}</a>`)}</p>`;
}

function Whole({ of }) {
    const me = useMe();
    const lives = !of.ended_us && !of.withdrawn && of.until_us > nowUs();
    return html`<p class="trail"><a href="#/offers">${t('offer.title')}</a></p>
        <div class="head"><h1>${of.name}</h1><${OfferState} of=${of} />
            ${lives && may(me, 'editor', 'approver', 'official') && html`<${Opener} class="danger" words=${t('offer.end')}>${(close) => html`<${EndDialog} path=${at`offers/${of.id}/end`} name=${of.name} title=${t('offer.end_title')} text=${t('offer.end_words')} words=${t('offer.end')} onClose=${close} />`}<//>`}</div>
        <p>${deadline(of)}${of.itself_us > 0 && ` · ${t('offer.itself', { at: dayClock(of.itself_us) })}`} · ${of.author_name}</p>
        <${Sounds} of=${of} />
        ${lives && !of.approver && may(me, 'approver') && html`<section class="card stack"><${Judge} of=${of} /></section>`}
        <${Where} of=${of} />`;
}

export function Offer({ id }) {
    const one = useLoad(at`offers/${id}`);
    return html`<${Loaded} of=${one}>${(data) => html`<${Whole} of=${data} />`}<//>`;
}

export function OffersPage() {
    const list = useLoad('offers');
    return html`<h1>${t('offer.title')}</h1><${Loaded} of=${list}>${({ offers }) => html`<${OfferList} offers=${offers} />`}<//>`;
}
