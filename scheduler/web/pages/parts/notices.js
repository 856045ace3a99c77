/*
 * notices.js - quick notices and corrections: recorded or picked, sent for some villages, heard
 * and approved with one tap.
 */
import { html, useState } from '../base/html.js';
import { at, post, query } from '../base/api.js';
import { useForm } from '../base/form.js';
import { useAct, useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { clock, dateOf, dayClock, length, today } from '../base/time.js';
import { t } from '../base/words.js';
import { baseOf, tongueOptions, tongueWords } from '../base/places.js';
import { FormDialog } from './dialog.js';
import { Check, Choice, Picks, TextField } from './fields.js';
import { Recording } from './listen.js';
import { Sound, useSound } from './sound.js';
import { Sending, useUpload } from './upload.js';
import { ActButton, List, Loaded, ProblemBox, State, Tongue } from './say.js';

const SHOWN = 6;

/* ---- sending ---- */

/* Villages of the area that a loudspeaker reaches, each with the languages that it hears. */
function villagesOf(plan) {
    const villages = new Map();
    for (const { village, village_name, languages } of plan?.zones || []) {
        const one = villages.get(village) || { id: village, name: village_name, tags: new Set() };
        for (const tag of languages) one.tags.add(baseOf(tag));
        villages.set(village, one);
    }
    return [...villages.values()];
}

export function NoticeForm({ home, corrects, onClose }) {
    const plan = useLoad(`plan${query({ area: home, from: today() })}`);
    const wrong = useLoad(corrects ? at`announcements/${corrects}` : null);
    const heard = useLoad(corrects ? at`announcements/${corrects}/heard` : null);
    const [sound, setFile] = useSound();
    const [form, set, field] = useForm({ title: null, language: null, villages: null, sworn: false });
    const told = heard.data?.heard || [];
    const language = form.language ?? baseOf(told.find((one) => one.language)?.language || 'vi');
    const villages = villagesOf(plan.data);
    const aimed = told.filter((one) => baseOf(one.language) === language).map((one) => one.village);
    const chosen = form.villages ?? (corrects ? aimed : villages.map((one) => one.id));
    const deaf = villages.filter((one) => chosen.includes(one.id) && !one.tags.has(language));
    const title = form.title ?? (wrong.data ? t('notice.correction', { title: wrong.data.title }).slice(0, 120) : '');
    const upload = useUpload();
    const work = () => upload.send('POST', `notices${query({ home, areas: chosen.join(','), title: title.trim(), language, corrects, no_state_secret: form.sworn, name: sound.file.name || 'notice.wav' })}`, sound.file, sound.key);
    return html`<${FormDialog} title=${t(corrects ? 'notice.correct' : 'notice.send')} words=${t('notice.submit')}
        disabled=${!sound.file || !title.trim() || chosen.length === 0 || !form.sworn} work=${work} onClose=${onClose}>
        <${ProblemBox} problem=${plan.problem || wrong.problem || heard.problem} />
        ${corrects && heard.data && html`<p class="told">${told.length ? t('notice.heard_by', { list: told.map((one) => `${one.village_name} (${t(`tongue.${baseOf(one.language) || 'none'}`)})`).join(', ') }) : t('notice.heard_nowhere')}</p>`}
        <${TextField} label=${t('notice.name')} ...${field('title')} value=${title} maxlength="120" />
        <${Choice} label=${t('notice.language')} ...${field('language')} value=${language} options=${tongueOptions()} />
        <${Picks} label=${t('notice.for')} rows=${villages} chosen=${chosen} onInput=${(one) => set({ villages: one })} />
        ${deaf.length > 0 && html`<p class="warn" role="status">${t('notice.deaf', { names: deaf.map((one) => one.name).join(', ') })}</p>`}
        <${Sound} file=${sound.file} setFile=${setFile} id="notice-file" /><${Sending} told=${upload.told} />
        <${Check} label=${t('notice.oath')} checked=${form.sworn} onInput=${(sworn) => set({ sworn })} /><//>`;
}

/* ---- approving ---- */

/* Why it cannot be approved by whoever looks, in words; '' if it can. */
function hindrance(one, me) {
    if (one.author === me.id) return t('notice.own');
    if (one.state === 'returned') return t('version.returned');
    return one.state === 'draft' && !one.reads ? t('notice.waits_reader', { tongue: tongueWords(one.language) }) : '';
}

function Judge({ one, me }) {
    const [heard, setHeard] = useState(false);
    const act = useAct(() => post(at`notices/${one.id}/approve`, { object: one.object, no_state_secret: true }));
    const why = hindrance(one, me);
    if (why) return html`<p class="small quiet">${why}</p>`;
    return html`<p class="small" role="status">${heard ? t('notice.tap_means') : t('version.hear_first')}</p>
        <${Recording} version=${one.version} object=${one.object} label=${one.title} proves onHeard=${() => setHeard(true)} />
        <div><${ActButton} class="main" of=${act} disabled=${!heard} about=${one.title}>${t('notice.approve')}<//></div>`;
}

function stateOf(one) {
    if (one.withdrawn) return ['none', t('notice.withdrawn')];
    if (!one.slot) return ['wait', t('notice.waits')];
    return ['good', t('notice.at', { at: dateOf(one.start_us) === today() ? clock(one.start_us) : dayClock(one.start_us) })];
}

function Notice({ one }) {
    const me = useMe();
    const [kind, words] = stateOf(one);
    return html`<li class="stack"><div><a href=${`#/announcements/${encodeURIComponent(one.id)}`}>${one.title}</a> <${Tongue} tag=${one.language} /> <${State} kind=${kind}>${words}<//></div>
        <div class="small quiet">${one.author_name} · ${length(one.duration_us)} · ${dayClock(one.made_us)}${one.corrects && html` · <a href=${`#/announcements/${encodeURIComponent(one.corrects)}`}>${t('notice.corrects')}</a>`}</div>
        ${one.voice && html`<div class="small">${t('review.voice', { name: one.voice })}</div>`}
        ${!one.slot && !one.withdrawn && (may(me, 'approver') ? html`<${Judge} one=${one} me=${me} />` : one.state === 'draft' && html`<p class="small quiet">${t('notice.waits_reader', { tongue: tongueWords(one.language) })}</p>`)}</li>`;
}

/* What waits first, corrections ahead of it; then the newest. */
export function Notices() {
    const list = useLoad('notices');
    const rank = (one) => (one.slot || one.withdrawn ? 2 : one.corrects ? 0 : 1);
    return html`<section class="card"><h2>${t('notice.title')}</h2><${Loaded} of=${list}>${({ notices }) => html`<${List} rows=${[...notices].sort((a, b) => rank(a) - rank(b)).filter((one, i) => i < SHOWN || rank(one) < 2)}
        none=${t('notice.none')}>${(one) => html`<${Notice} key=${one.id} one=${one} />`}<//>`}<//></section>`;
}
