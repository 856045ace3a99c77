/* announcement.js - one announcement: what it is from, and a column a language. */
import { html, useState } from '../base/html.js';
import { at, newKey, post, put, remove } from '../base/api.js';
import { useForm } from '../base/form.js';
import { useAct, useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { TAGS, tongueWords, useAreas } from '../base/places.js';
import { link } from '../base/route.js';
import { dateOf, day } from '../base/time.js';
import { isOpen } from '../base/wanted.js';
import { STATE_KIND, isRelay, isSpoken, lacking, mayApprove, mayCheck } from '../base/version.js';
import { t } from '../base/words.js';
import { Behind } from '../parts/behind.js';
import { FormDialog, ReturnDialog, WithdrawDialog } from '../parts/dialog.js';
import { Check, TextField } from '../parts/fields.js';
import { Recording } from '../parts/listen.js';
import { OffersOf } from '../parts/offers.js';
import { Recorder } from '../parts/recorder.js';
import { Since } from '../parts/since.js';
import { ActButton, Facts, Loaded, State, Tongue } from '../parts/say.js';
import { ScriptField } from '../parts/script.js';
import { Sending, SoundFile, useUpload } from '../parts/upload.js';
import { VoiceFields, VoiceWords, isNamed, nameVoice, voiceOf } from '../parts/voice.js';
import { Wanting } from '../parts/wanted.js';
import { AnnouncementFields, Lack, bodyOf, isComplete, validity } from './announcements.js';


/* ---- making a version: script or address, announcer, sound ---- */

const AddressField = ({ value, onInput }) => html`<${TextField} whole label=${t('version.address')} value=${value} onInput=${onInput}
    maxlength="500" hint=${t('version.address_hint')} required />`;

function Script({ version, onClose }) {
    const [script, setScript] = useState(version.script || '');
    const [address, setAddress] = useState(version.address);
    const [changed_us] = useState(version.changed_us); /* as it was read, not as somebody made it since */
    const [sworn, setSworn] = useState(!version.object); /* with audio it is put forward */
    const work = () => put(at`versions/${version.id}`,
        { changed_us, no_state_secret: sworn, ...(script.trim() && { script }), ...(address && { address }), announcer_name: version.announcer_name, ...(version.announcer && { announcer: version.announcer }) });
    return html`<${FormDialog} title=${t(version.address ? 'version.address' : 'version.script')} disabled=${!sworn} work=${work} onClose=${onClose}>
        <p><${Tongue} tag=${version.language} /></p>
        ${version.state === 'approved' && html`<p class="warn">${t('version.voids')}</p>`}
        ${version.address ? html`<${AddressField} value=${address} onInput=${setAddress} />`
        : html`<${ScriptField} label=${t('version.script')} tag=${version.language} value=${script} onInput=${setScript} />`}
        ${version.object && html`<${Check} label=${t('wanted.oath')} checked=${sworn} onInput=${setSworn} />`}<//>`;
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
    const [sworn, setSworn] = useState(false);
    const speaks = version.language !== undefined;
    const asked = wanted?.find((one) => one.language === version.language && one.state !== 'withdrawn');
    const voice = said ?? guessVoice(version, asked, recording, me);
    const upload = useUpload();
    const work = async () => {
        if (speaks) await nameVoice(version, voice, sworn);
        return upload.send('PUT', at`versions/${version.id}/audio?no_state_secret=${sworn}&name=${file.name || `${version.language || 'signal'}.wav`}`, file, key);
    };
    return html`<${FormDialog} title=${t('version.sound')} words=${t('version.upload')}
        disabled=${!file || !sworn || (speaks && !isNamed(voice))} work=${work} onClose=${onClose}>
        <p><${Tongue} tag=${version.language} /></p>
        ${version.state === 'approved' && html`<p class="warn">${t('version.voids')}</p>`}
        ${!recording && html`<${SoundFile} id="file" onFile=${setFile} hint=${t('version.file_hint')} />
            <div><button type="button" onClick=${() => { setFile(null); setRecording(true); }}>${t('version.record')}</button></div>`}
        ${recording && !file && html`<${Recorder} onDone=${setFile} />`}
        ${recording && file && html`<p class="told" role="status">${t('version.recorded')}</p>`}
        ${speaks && html`<${VoiceFields} value=${voice} onInput=${setVoice} people=${people} version=${version} />`}<${Check} label=${t('wanted.oath')} checked=${sworn} onInput=${setSworn} /><${Sending} told=${upload.told} /><//>`;
}

/* ---- judging one: heard first, then vouched for ---- */

const Source = ({ version }) => version.address && html`<p>${t('version.address')}: <strong>${version.address}</strong><br />${t('version.spare')}</p>`;

function Judge({ version, verb, onClose }) {
    const [heard, setHeard] = useState(false);
    const [sworn, setSworn] = useState(false);
    const { object, script_hash, address } = version;
    const body = { object, no_state_secret: sworn, ...(script_hash && { script_hash }), ...(address && { address }) };
    const work = () => post(at`versions/${version.id}/${verb}`, body);
    return html`<${FormDialog} title=${t(`version.${verb}_title`)} words=${t(`version.${verb}`)} disabled=${!heard || !sworn}
        work=${work} onClose=${onClose}>
        <p><${Tongue} tag=${version.language} /></p><${VoiceWords} of=${version} />
        <${Since} version=${version} />
        <${Source} version=${version} />${address && html`<p class="warn">${t('version.unheard')}</p>`}
        <${Recording} version=${version.id} object=${version.object} proves=${verb === 'approve'} onHeard=${() => setHeard(true)} />
        <p role="status">${heard ? t('version.heard') : t('version.hear_first')}</p>
        ${version.script && html`<div class="script" lang=${version.language}>${version.script}</div>`}
        <${Check} label=${t(`version.${verb}_oath`)} checked=${sworn} onInput=${setSworn} /><//>`;
}

/* ---- a column ---- */

function Acts({ announcement, version, open }) {
    const me = useMe();
    const roles = { reviewer: may(me, 'reviewer'), approver: may(me, 'approver') };
    const judges = mayCheck(me, announcement, version, roles) || mayApprove(me, announcement, version, roles);
    const removal = useAct(() => remove(at`versions/${version.id}`));
    if (announcement.withdrawn) return null;
    return html`<div class="row">
        ${may(me, 'editor') && html`<button onClick=${() => open('script')}>${t(version.address ? 'version.address' : 'version.edit_script')}</button>
            <button onClick=${() => open('sound')}>${version.object ? t('version.new_sound') : t('version.add_sound')}</button>`}
        ${mayCheck(me, announcement, version, roles) && html`<button class="main" onClick=${() => open('check')}>${t('version.check')}</button>`}
        ${mayApprove(me, announcement, version, roles) && html`<button class="main" onClick=${() => open('approve')}>${t('version.approve')}</button>`}
        ${judges && html`<button onClick=${() => open('return')}>${t('version.return')}</button>`}
        ${may(me, 'editor') && !version.object && html`<${ActButton} class="plain" of=${removal}>${t('say.remove')}<//>`}</div>`;
}

const Return = ({ version, onClose }) => html`<${ReturnDialog} path=${at`versions/${version.id}/return`} onClose=${onClose} />`;
const dialogs = { script: Script, sound: Sound, return: Return };

export function Version({ announcement, version, wanted, people }) {
    const [shown, open] = useState(null);
    const close = () => open(null);
    return html`<section class="card stack" aria-label=${tongueWords(version.language) || t('tongue.none')}>
        <div class="row"><${Tongue} tag=${version.language} /><${State} kind=${STATE_KIND[version.state]}>${t(`version.${version.state}`)}<//></div>
        ${version.note && version.state === 'returned' && html`<p class="warn">${t('version.note', { note: version.note })}</p>`}
        <${Source} version=${version} />
        ${version.object ? html`<${Recording} version=${version.id} object=${version.object} />`
            : html`<p class="quiet">${t('version.no_sound')}</p>`}
        <${VoiceWords} of=${version} />
        ${version.script ? html`<div class="script" lang=${version.language}>${version.script}</div><p class="small"><a href=${link(['print', version.id])}>${t('wanted.big')}</a></p>` : !version.address && html`<p class="quiet">${t('version.no_script')}</p>`}
        ${version.language && !version.address && html`<${Wanting} announcement=${announcement} version=${version} tag=${version.language} wanted=${wanted} people=${people} />`}
        <${Acts} announcement=${announcement} version=${version} open=${open} />
        ${dialogs[shown] && html`<${dialogs[shown]} version=${version} wanted=${wanted} people=${people} onClose=${close} />`}
        ${(shown === 'check' || shown === 'approve') && html`<${Judge} version=${version} verb=${shown} onClose=${close} />`}</section>`;
}

function NewVersion({ announcement, tag, wanted, people }) {
    const [address, setAddress] = useState('');
    const relay = isRelay(announcement);
    const act = useAct(() => post(at`announcements/${announcement.id}/versions`, { ...(tag && { language: tag }), ...(relay && { address }) }));
    return html`<section class="card stack"><div><${Tongue} tag=${tag} lacking /></div>
        ${relay && html`<${AddressField} value=${address} onInput=${setAddress} />`}
        <div><${ActButton} of=${act} disabled=${relay && !address}>${t('version.begin')}<//></div>
        ${tag && !relay && html`<${Wanting} announcement=${announcement} tag=${tag} wanted=${wanted} people=${people} />`}</section>`;
}

/* ---- the whole ---- */

function Change({ of, onClose }) {
    const { areas } = useAreas();
    const [fields, set] = useForm({
        title: of.title, kind: of.kind, category: of.category || '', class: of.class, home: of.home, areas: of.areas,
        source_number: of.source_number, source_issuer: of.source_issuer, source_date: of.source_date,
        from: dateOf(of.valid_from_us), until: dateOf(of.valid_until_us - 1), revision: of.revision,
    });
    const work = () => put(at`announcements/${of.id}`, bodyOf(fields));
    return html`<${FormDialog} title=${t('announcement.change')} disabled=${!isComplete(fields)}
        work=${work} onClose=${onClose}><p class="warn">${t('version.voids')}</p>
        <${AnnouncementFields} of=${fields} set=${set} areas=${areas} /><//>`;
}

/* Which villages it has no language for; where it is played. */
function Uses({ of }) {
    const { data } = useLoad(at`announcements/${of.id}/uses`);
    if (!data) return null;
    const state = (one) => (one.stopped ? ['none', 'stopped'] : one.approved ? ['good', 'approved'] : ['wait', 'waits']);
    return html`${data.lacks.length > 0 && !of.withdrawn && html`<div class="warn"><ul class="list">${data.lacks.map((one) => html`<li><${Lack} of=${one} />${' '}
            <span class="small">(${one.names.join('; ')}${one.n_villages > one.names.length ? '…' : ''})</span></li>`)}</ul></div>`}
        <section class="card"><h2>${t('announcement.uses')}</h2>${data.uses.length === 0 ? html`<p class="quiet">${t('announcement.unused')}</p>`
        : html`<ul class="list">${data.uses.map((one) => html`<li><a href=${one.slot ? link(['slots', one.slot]) : '#/days'}>${one.name}</a>
            ${one.date && ` ${day(one.date)}`} <${State} kind=${state(one)[0]}>${t(`slot.${state(one)[1]}`)}<//></li>`)}</ul>`}</section>`;
}

function Whole({ of }) {
    const me = useMe();
    const { nameOf } = useAreas();
    const [shown, open] = useState(null);
    const asked = useLoad(isSpoken(of) ? at`wanted?announcement=${of.id}` : null);
    const dialects = (asked.data?.wanted || []).filter(isOpen).map((one) => one.language);
    const tags = isSpoken(of) ? lacking(of.versions, [...new Set([...TAGS, ...dialects])]) : [];
    const people = useLoad(isSpoken(of) ? at`announcements/${of.id}/people` : null);
    const around = { announcement: of, wanted: asked.data?.wanted, people: people.data };
    const facts = [
        ['announcement.source', `${of.source_number}, ${of.source_issuer}, ${day(of.source_date)}`],
        ['announcement.class', t(`class.${of.class}`)], ['announcement.category', of.category],
        ['announcement.validity', validity(of)],
        ['announcement.home', nameOf(of.home)], ['announcement.where', of.areas.map(nameOf).join(', ')],
    ];
    return html`<p class="trail"><a href="#/announcements">${t('nav.announcements')}</a></p>
        <div class="head"><h1>${of.title}</h1>
        ${may(me, 'editor') && !of.withdrawn && html`<button onClick=${() => open('change')}>${t('announcement.change')}</button>`}
        ${may(me, 'editor', 'operator') && of.kind !== 'signal' && html`<a class="button" href=${link(['commune'], { area: of.home, corrects: of.id })}>${t('notice.correct')}</a>`}
        ${may(me, 'editor', 'approver', 'official') && !of.withdrawn && html`<button class="danger" onClick=${() => open('withdraw')}>${t('announcement.withdraw')}</button>`}</div>
        ${of.withdrawn && html`<p class="warn">${t('announcement.withdrawn_words')}</p><${Behind} area=${of.areas.length === 1 ? of.areas[0] : undefined} always />`}
        <${Facts} of=${facts} />
        <div class="cards">${of.versions.map((one) => html`<${Version} key=${one.id} ...${around} version=${one} />`)}
            ${may(me, 'editor') && !of.withdrawn && (!isSpoken(of) ? of.versions.length === 0 && html`<${NewVersion} announcement=${of} />`
                : tags.map((tag) => html`<${NewVersion} key=${tag} ...${around} tag=${tag} />`))}</div>
        <${Uses} of=${of} />
        ${of.kind === 'bulletin' && of.class === 'thong_thuong' && html`<${OffersOf} of=${of} />`}
        ${shown === 'change' && html`<${Change} of=${of} onClose=${() => open(null)} />`}
        ${shown === 'withdraw' && html`<${WithdrawDialog} id=${of.id} name=${of.title} words=${t('announcement.withdraw')} onClose=${() => open(null)} />`}`;
}

export function Announcement({ id }) {
    const one = useLoad(at`announcements/${id}`);
    return html`<${Loaded} of=${one}>${(data) => html`<${Whole} of=${data} />`}<//>`;
}
