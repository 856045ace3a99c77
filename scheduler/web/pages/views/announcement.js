/* announcement.js - one announcement: what it is from, and a column a language. */
import { html, useState } from '../base/html.js';
import { at, newKey, post, put, remove } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { TAGS, useAreas } from '../base/places.js';
import { link } from '../base/route.js';
import { dateOf, day, dayClock } from '../base/time.js';
import { isOpen } from '../base/wanted.js';
import { STATE_KIND, lacking, mayApprove, mayCheck } from '../base/version.js';
import { t } from '../base/words.js';
import { Behind } from '../parts/behind.js';
import { FormDialog, ReturnDialog, WithdrawDialog } from '../parts/dialog.js';
import { Check } from '../parts/fields.js';
import { Recording } from '../parts/listen.js';
import { OffersOf } from '../parts/offers.js';
import { Recorder } from '../parts/recorder.js';
import { Loaded, ProblemBox, State, Tongue } from '../parts/say.js';
import { ScriptField } from '../parts/script.js';
import { Sending, SoundFile, useUpload } from '../parts/upload.js';
import { VoiceFields, VoiceWords, isNamed, nameVoice, voiceOf } from '../parts/voice.js';
import { Wanting } from '../parts/wanted.js';
import { AnnouncementFields, bodyOf, isComplete } from './announcements.js';


/* ---- making a version: script, announcer, sound ---- */

function Script({ version, onClose }) {
    const [script, setScript] = useState(version.script || '');
    const [changed_us] = useState(version.changed_us); /* as it was read, not as somebody made it since */
    const act = useAct(() => put(at`/api/versions/${version.id}`,
        { changed_us, ...(script.trim() && { script }), announcer_name: version.announcer_name, ...(version.announcer && { announcer: version.announcer }) }));
    return html`<${FormDialog} title=${t('version.script')} act=${act} words=${t('say.save')} onSubmit=${act.run} onClose=${onClose}>
        <p><${Tongue} tag=${version.language} /></p>
        ${version.state === 'approved' && html`<p class="warn">${t('version.voids')}</p>`}
        <${ScriptField} label=${t('version.script')} tag=${version.language} value=${script} onInput=${setScript} /><//>`;
}

/* Until a person says it: as it is known, as it was asked, or who sits at this microphone. */
function guessVoice(version, asked, recording, me) {
    if (version.announcer_name) return voiceOf(version);
    if (asked) return voiceOf({ announcer: asked.account, announcer_name: asked.name });
    return { account: recording ? me.id : '', name: '' };
}

function Sound({ version, wanted, people, onClose }) {
    const me = useMe();
    const [{ file, key }, choose] = useState({ file: null });
    const setFile = (one) => choose({ file: one, key: newKey() });
    const [recording, setRecording] = useState(false);
    const [said, setVoice] = useState(null);
    const speaks = version.language !== undefined;
    const asked = wanted?.find((one) => one.language === version.language && one.state !== 'withdrawn');
    const voice = said ?? guessVoice(version, asked, recording, me);
    const upload = useUpload();
    const act = useAct(async () => {
        if (speaks) await nameVoice(version, voice);
        return upload.send('PUT', at`/api/versions/${version.id}/audio?name=${file.name || `${version.language || 'signal'}.wav`}`, file, key);
    });
    return html`<${FormDialog} title=${t('version.sound')} act=${act} words=${t('version.upload')}
        disabled=${!file || (speaks && !isNamed(voice))} onSubmit=${act.run} onClose=${onClose}>
        <p><${Tongue} tag=${version.language} /></p>
        ${version.state === 'approved' && html`<p class="warn">${t('version.voids')}</p>`}
        ${!recording && html`<${SoundFile} id="file" onFile=${setFile} hint=${t('version.file_hint')} />
            <div><button type="button" onClick=${() => { setFile(null); setRecording(true); }}>${t('version.record')}</button></div>`}
        ${recording && !file && html`<${Recorder} onDone=${setFile} />`}
        ${recording && file && html`<p class="told" role="status">${t('version.recorded')}</p>`}
        ${speaks && html`<${VoiceFields} value=${voice} onInput=${setVoice} people=${people} version=${version} />`}<${Sending} told=${upload.told} /><//>`;
}

/* ---- judging one: heard first, then vouched for ---- */

function Judge({ version, verb, onClose }) {
    const [heard, setHeard] = useState(false);
    const [sworn, setSworn] = useState(false);
    const body = { object: version.object, ...(version.script_hash && { script_hash: version.script_hash }) };
    const act = useAct(() => post(at`/api/versions/${version.id}/${verb}`, body));
    return html`<${FormDialog} title=${t(`version.${verb}_title`)} act=${act} words=${t(`version.${verb}`)} disabled=${!heard || !sworn}
        onSubmit=${act.run} onClose=${onClose}>
        <p><${Tongue} tag=${version.language} /></p><${VoiceWords} of=${version} />
        <${Recording} version=${version.id} object=${version.object} onHeard=${() => setHeard(true)} />
        <p role="status">${heard ? t('version.heard') : t('version.hear_first')}</p>
        ${version.script && html`<div class="script" lang=${version.language}>${version.script}</div>`}
        <${Check} label=${t(`version.${verb}_oath`)} checked=${sworn} onInput=${setSworn} /><//>`;
}

/* ---- a column ---- */

function Acts({ announcement, version, open }) {
    const me = useMe();
    const roles = { reviewer: may(me, 'reviewer'), approver: may(me, 'approver') };
    const judges = mayCheck(me, announcement, version, roles) || mayApprove(me, announcement, version, roles);
    const removal = useAct(() => remove(at`/api/versions/${version.id}`));
    if (announcement.withdrawn) return null;
    return html`<div class="row">
        ${may(me, 'editor') && html`<button onClick=${() => open('script')}>${t('version.edit_script')}</button>
            <button onClick=${() => open('sound')}>${version.object ? t('version.new_sound') : t('version.add_sound')}</button>`}
        ${mayCheck(me, announcement, version, roles) && html`<button class="main" onClick=${() => open('check')}>${t('version.check')}</button>`}
        ${mayApprove(me, announcement, version, roles) && html`<button class="main" onClick=${() => open('approve')}>${t('version.approve')}</button>`}
        ${judges && html`<button onClick=${() => open('return')}>${t('version.return')}</button>`}
        ${may(me, 'editor') && !version.object && html`<button class="plain" onClick=${removal.run}>${t('say.remove')}</button>`}
        <${ProblemBox} problem=${removal.problem} /></div>`;
}

const Return = ({ version, onClose }) => html`<${ReturnDialog} path=${at`/api/versions/${version.id}/return`} onClose=${onClose} />`;
const dialogs = { script: Script, sound: Sound, return: Return };

function Version({ announcement, version, wanted, people }) {
    const [shown, open] = useState(null);
    const close = () => open(null);
    return html`<section class="card stack" aria-label=${t(`tongue.${(version.language || 'none').split('-')[0]}`)}>
        <div class="row"><${Tongue} tag=${version.language} /><${State} kind=${STATE_KIND[version.state]}>${t(`version.${version.state}`)}<//></div>
        ${version.note && version.state === 'returned' && html`<p class="warn">${t('version.note', { note: version.note })}</p>`}
        ${version.object ? html`<${Recording} version=${version.id} object=${version.object} />`
            : html`<p class="quiet">${t('version.no_sound')}</p>`}
        <${VoiceWords} of=${version} />
        ${version.script ? html`<div class="script" lang=${version.language}>${version.script}</div><p class="small"><a href=${link(['print', version.id])}>${t('wanted.big')}</a></p>` : html`<p class="quiet">${t('version.no_script')}</p>`}
        ${version.language && html`<${Wanting} announcement=${announcement} version=${version} tag=${version.language} wanted=${wanted} people=${people} />`}
        <${Acts} announcement=${announcement} version=${version} open=${open} />
        ${dialogs[shown] && html`<${dialogs[shown]} version=${version} wanted=${wanted} people=${people} onClose=${close} />`}
        ${(shown === 'check' || shown === 'approve') && html`<${Judge} version=${version} verb=${shown} onClose=${close} />`}</section>`;
}

function NewVersion({ announcement, tag, wanted, people }) {
    const act = useAct(() => post(at`/api/announcements/${announcement.id}/versions`, tag ? { language: tag } : {}));
    return html`<section class="card stack"><div><${Tongue} tag=${tag} lacking /></div>
        <div><button onClick=${act.run} disabled=${act.busy}>${t('version.begin')}</button></div><${ProblemBox} problem=${act.problem} />
        ${tag && html`<${Wanting} announcement=${announcement} tag=${tag} wanted=${wanted} people=${people} />`}</section>`;
}

/* ---- the whole ---- */

function Change({ of, onClose }) {
    const { areas } = useAreas();
    const [fields, setFields] = useState({
        title: of.title, kind: of.kind, category: of.category || '', class: of.class, home: of.home, areas: of.areas,
        source_number: of.source_number, source_issuer: of.source_issuer, source_date: of.source_date,
        from: dateOf(of.valid_from_us), until: dateOf(of.valid_until_us - 1), revision: of.revision,
    });
    const act = useAct(() => put(at`/api/announcements/${of.id}`, bodyOf(fields)));
    return html`<${FormDialog} title=${t('announcement.change')} act=${act} words=${t('say.save')} disabled=${!isComplete(fields)}
        onSubmit=${act.run} onClose=${onClose}><p class="warn">${t('version.voids')}</p>
        <${AnnouncementFields} of=${fields} onInput=${setFields} areas=${areas} /><//>`;
}

function Whole({ of }) {
    const me = useMe();
    const { nameOf } = useAreas();
    const [shown, open] = useState(null);
    const asked = useLoad(of.kind === 'bulletin' ? at`/api/wanted?announcement=${of.id}` : null);
    const dialects = (asked.data?.wanted || []).filter(isOpen).map((one) => one.language);
    const tags = of.kind === 'bulletin' ? lacking(of.versions, [...new Set([...TAGS, ...dialects])]) : [];
    const people = useLoad(of.kind === 'bulletin' ? at`/api/announcements/${of.id}/people` : null);
    const around = { announcement: of, wanted: asked.data?.wanted, people: people.data };
    const facts = [
        ['announcement.source', `${of.source_number}, ${of.source_issuer}, ${day(of.source_date)}`],
        ['announcement.class', t(`class.${of.class}`)], ['announcement.category', of.category],
        ['announcement.validity', `${dayClock(of.valid_from_us).slice(0, 10)} – ${dayClock(of.valid_until_us - 1).slice(0, 10)}`],
        ['announcement.home', nameOf(of.home)], ['announcement.where', of.areas.map(nameOf).join(', ')],
    ];
    return html`<p class="trail"><a href="#/announcements">${t('nav.announcements')}</a></p>
        <div class="head"><h1>${of.title}</h1>
        ${may(me, 'editor') && !of.withdrawn && html`<button onClick=${() => open('change')}>${t('announcement.change')}</button>`}
        ${may(me, 'editor', 'operator') && of.kind !== 'signal' && html`<a class="button" href=${link(['commune'], { area: of.home, corrects: of.id })}>${t('notice.correct')}</a>`}
        ${may(me, 'editor', 'approver', 'official') && !of.withdrawn && html`<button class="danger" onClick=${() => open('withdraw')}>${t('announcement.withdraw')}</button>`}</div>
        ${of.withdrawn && html`<p class="warn">${t('announcement.withdrawn_words')}</p><${Behind} area=${of.areas.length === 1 ? of.areas[0] : undefined} always />`}
        <dl class="facts">${facts.filter(([, value]) => value).map(([word, value]) => html`<dt>${t(word)}</dt><dd>${value}</dd>`)}</dl>
        <div class="cards">${of.versions.map((one) => html`<${Version} key=${one.id} ...${around} version=${one} />`)}
            ${may(me, 'editor') && !of.withdrawn && (of.kind !== 'bulletin' ? of.versions.length === 0 && html`<${NewVersion} announcement=${of} />`
                : tags.map((tag) => html`<${NewVersion} key=${tag} ...${around} tag=${tag} />`))}</div>
        ${of.kind === 'bulletin' && of.class === 'thong_thuong' && html`<${OffersOf} of=${of} />`}
        ${shown === 'change' && html`<${Change} of=${of} onClose=${() => open(null)} />`}
        ${shown === 'withdraw' && html`<${WithdrawDialog} id=${of.id} name=${of.title} words=${t('announcement.withdraw')} onClose=${() => open(null)} />`}`;
}

export function Announcement({ id }) {
    const one = useLoad(at`/api/announcements/${id}`);
    return html`<${Loaded} of=${one}>${(data) => html`<${Whole} of=${data} />`}<//>`;
}
