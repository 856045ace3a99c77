/*
 * notices.js - quick notices and corrections: recorded or picked, sent for some villages, heard
 * and approved with one tap.
 */
import { html, useState } from '../base/html.js';
import { at, newKey, post, query } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { clock, dateOf, dayClock, length, today } from '../base/time.js';
import { t } from '../base/words.js';
import { TAGS } from '../base/places.js';
import { FormDialog } from './dialog.js';
import { Check, Choice, TextField } from './fields.js';
import { Recording } from './listen.js';
import { Recorder } from './recorder.js';
import { Sending, SoundFile, useUpload } from './upload.js';
import { Loaded, ProblemBox, State, Tongue } from './say.js';

const SHOWN = 6;
const baseOf = (tag) => tag.split('-')[0];

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

/* One key for one recording: sent twice on a bad line, it is one notice. */
function useSound() {
    const [sound, setSound] = useState({ file: null, key: null });
    return [sound, (file) => setSound({ file, key: file && newKey() })];
}

function Sound({ sound, setFile }) {
    const [recording, setRecording] = useState(false);
    if (sound.file) return html`<p class="told" role="status">${t('version.recorded')} <button type="button" class="plain" onClick=${() => setFile(null)}>${t('record.again')}</button></p>`;
    return recording ? html`<${Recorder} onDone=${setFile} />` : html`<div class="row"><button type="button" onClick=${() => setRecording(true)}>${t('version.record')}</button>
        <${SoundFile} id="notice-file" onFile=${setFile} /></div>`;
}

export function NoticeForm({ home, corrects, onClose }) {
    const plan = useLoad(`/api/plan${query({ area: home, from: today() })}`);
    const wrong = useLoad(corrects ? at`/api/announcements/${corrects}` : null);
    const heard = useLoad(corrects ? at`/api/announcements/${corrects}/heard` : null);
    const [sound, setFile] = useSound();
    const [form, setForm] = useState({ title: null, language: null, villages: null, sworn: false });
    const set = (part) => setForm((old) => ({ ...old, ...part }));
    const told = heard.data?.heard || [];
    const language = form.language ?? baseOf(told.find((one) => one.language)?.language || 'vi');
    const villages = villagesOf(plan.data);
    const aimed = told.filter((one) => baseOf(one.language) === language).map((one) => one.village);
    const chosen = form.villages ?? (corrects ? aimed : villages.map((one) => one.id));
    const deaf = villages.filter((one) => chosen.includes(one.id) && !one.tags.has(language));
    const title = form.title ?? (wrong.data ? t('notice.correction', { title: wrong.data.title }).slice(0, 120) : '');
    const upload = useUpload();
    const act = useAct(() => upload.send('POST', `/api/notices${query({ home, areas: chosen.join(','), title: title.trim(), language, corrects, name: sound.file.name || 'notice.wav' })}`, sound.file, sound.key));
    const flip = (id) => set({ villages: chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id] });
    return html`<${FormDialog} title=${t(corrects ? 'notice.correct' : 'notice.send')} act=${act} words=${t('notice.submit')}
        disabled=${!sound.file || !title.trim() || chosen.length === 0 || !form.sworn} onSubmit=${act.run} onClose=${onClose}>
        <${ProblemBox} problem=${plan.problem || wrong.problem || heard.problem} />
        ${corrects && heard.data && html`<p class="told">${told.length ? t('notice.heard_by', { list: told.map((one) => `${one.village_name} (${t(`tongue.${baseOf(one.language) || 'none'}`)})`).join(', ') }) : t('notice.heard_nowhere')}</p>`}
        <${TextField} label=${t('notice.name')} value=${title} onInput=${(one) => set({ title: one })} maxlength="120" />
        <${Choice} label=${t('notice.language')} value=${language} onInput=${(one) => set({ language: one })} options=${TAGS.map((one) => [one, t(`tongue.${one}`)])} />
        <fieldset><legend>${t('notice.for')}</legend><div class="pick">${villages.map((one) => html`<${Check} key=${one.id} label=${one.name} checked=${chosen.includes(one.id)} onInput=${() => flip(one.id)} />`)}</div></fieldset>
        ${deaf.length > 0 && html`<p class="warn" role="status">${t('notice.deaf', { names: deaf.map((one) => one.name).join(', ') })}</p>`}
        <${Sound} sound=${sound} setFile=${setFile} /><${Sending} told=${upload.told} />
        <${Check} label=${t('notice.oath')} checked=${form.sworn} onInput=${(sworn) => set({ sworn })} /><//>`;
}

/* ---- approving ---- */

/* Why it cannot be approved by whoever looks, in words; '' if it can. */
function hindrance(one, me) {
    if (one.author === me.id) return t('notice.own');
    if (one.state === 'returned') return t('version.returned');
    return one.state === 'draft' && !one.reads ? t('notice.waits_reader', { tongue: t(`tongue.${baseOf(one.language)}`) }) : '';
}

function Judge({ one, me }) {
    const [heard, setHeard] = useState(false);
    const act = useAct(() => post(at`/api/notices/${one.id}/approve`, { object: one.object }));
    const why = hindrance(one, me);
    if (why) return html`<p class="small quiet">${why}</p>`;
    return html`<p class="small" role="status">${heard ? t('notice.tap_means') : t('version.hear_first')}</p>
        <${Recording} version=${one.version} object=${one.object} label=${one.title} onHeard=${() => setHeard(true)} />
        <div><button class="main" disabled=${!heard || act.busy} onClick=${act.run}>${t('notice.approve')}<span class="hidden">: ${one.title}</span></button></div><${ProblemBox} problem=${act.problem} />`;
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
        <div class="small quiet">${one.author_name} · ${length(one.duration_us)} · ${dayClock(one.made_us)}</div>
        ${one.voice && html`<div class="small">${t('review.voice', { name: one.voice })}</div>`}
        ${!one.slot && !one.withdrawn && (may(me, 'approver') ? html`<${Judge} one=${one} me=${me} />` : one.state === 'draft' && html`<p class="small quiet">${t('notice.waits_reader', { tongue: t(`tongue.${baseOf(one.language)}`) })}</p>`)}</li>`;
}

/* What waits first, corrections ahead of it; then the newest. */
export function Notices() {
    const list = useLoad('/api/notices');
    const rank = (one) => (one.slot || one.withdrawn ? 2 : one.corrects ? 0 : 1);
    return html`<section class="card"><h2>${t('notice.title')}</h2><${Loaded} of=${list}>${({ notices }) => (notices.length === 0
        ? html`<p class="quiet">${t('notice.none')}</p>` : html`<ul class="list">${[...notices].sort((a, b) => rank(a) - rank(b)).slice(0, SHOWN)
            .map((one) => html`<${Notice} key=${one.id} one=${one} />`)}</ul>`)}<//></section>`;
}
