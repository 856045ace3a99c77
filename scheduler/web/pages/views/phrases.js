/*
 * phrases.js - what alerts say, recorded in one sitting: every phrase, level, time and village
 * name that alerts at a place can need, in one language, large, one after the other. Whoever
 * checks or approves goes through the same list.
 */
import { html, useState } from '../base/html.js';
import { at, newKey, post, query } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { TAGS, areaOptions, tongueWords, useAreas } from '../base/places.js';
import { refine } from '../base/route.js';
import { STATE_KIND } from '../base/version.js';
import { t } from '../base/words.js';
import { Check, Choice } from '../parts/fields.js';
import { Recorder } from '../parts/recorder.js';
import { Loaded, ProblemBox, State } from '../parts/say.js';
import { Sending, SoundFile, useUpload } from '../parts/upload.js';
import { VoiceFields, isNamed, nameVoice } from '../parts/voice.js';
import { Version } from './announcement.js';

/* Whose turn it is. */
const isMissing = (one) => !one.has_audio || one.state === 'returned';
const TURN = [['editor', isMissing], ['reviewer', (one) => one.has_audio && one.state === 'draft'], ['approver', (one) => one.state === 'checked']];

/* one: of the phrases; none: not even written */
export const Recorded = ({ one }) => html`<${State} kind=${one?.has_audio ? STATE_KIND[one.state] : 'bad'}>${t(one?.has_audio ? `version.${one.state}` : 'phrases.missing')}<//>`;

function Voice({ row, tag, voice, sworn, people, hold }) {
    const [kept, keep] = useState(null);
    const upload = useUpload();
    const act = useAct(async (of, { file, key }) => {
        const { account, name } = voice;
        const version = of.versions.find((one) => one.language === tag)
            ?? await post(at`announcements/${row.phrase}/versions`, { language: tag, ...(account === '-' ? { announcer_name: name.trim() } : { announcer: account }) });
        await nameVoice(version, voice, true);
        await upload.send('PUT', at`versions/${version.id}/audio?no_state_secret=true&name=${file.name || 'a.wav'}`, file, key);
        keep(null);
    });
    const announcement = useLoad(at`announcements/${row.phrase}`);
    const take = (file) => {
        if (!file) return;
        const one = { file, key: newKey() };
        hold();
        keep(one);
        act.run(announcement.data, one);
    };
    const writes = may(useMe(), 'editor');
    return html`<${Loaded} of=${announcement}>${(of) => {
        const version = of.versions.find((one) => one.language === tag);
        const source = of.versions.find((one) => one.language === 'vi')?.script || row.title;
        return html`<p class="phrase" lang="vi">${source}</p>
            ${tag !== 'vi' && html`<p>${t(row.blank === 'village' ? 'phrases.as_called' : 'phrases.own_words', { name: tongueWords(tag) })}</p>`}
            ${version?.object && html`<${Version} key=${version.id + version.object} announcement=${of} version=${version} people=${people} />`}
            <${Sending} told=${upload.told} /><${ProblemBox} problem=${act.problem} />
            ${act.problem && kept && html`<div><button class="main" onClick=${() => act.run(of, kept)}>${t('say.again')}</button></div>`}
            ${writes && !act.busy && !kept && sworn && isNamed(voice) && html`<details key=${String(isMissing(row))} open=${isMissing(row)}><summary>${t(isMissing(row) ? 'version.record' : 'record.again')}</summary>
                <${Recorder} onDone=${take} /><${SoundFile} id="phrase-file" onFile=${take} hint=${t('version.file_hint')} /></details>`}`;
    }}<//>`;
}

function Sitting({ rows, tag }) {
    const me = useMe();
    const [picked, pick] = useState(null);
    const [voice, setVoice] = useState({ account: me.id, name: '' });
    const [sworn, setSworn] = useState(false); /* for all that is recorded in this sitting */
    const people = useLoad(at`announcements/${rows[0].phrase}/people`);
    const [, turn] = TURN.find(([role]) => may(me, role)) ?? TURN[0];
    const chosen = rows.findIndex((one) => one.phrase === picked);
    const i = chosen >= 0 ? chosen : Math.max(0, rows.findIndex(turn));
    const row = rows[i];
    const after = [...rows.slice(i + 1), ...rows.slice(0, i)];
    const count = (is) => rows.filter(is).length;
    return html`<div role="status"><strong>${t('phrases.count', { n: count((one) => one.has_audio), all: rows.length, approved: count((one) => one.state === 'approved') })}</strong></div>
        ${may(me, 'editor') && html`<${VoiceFields} value=${voice} onInput=${setVoice} people=${people.data} version=${{}} /><${Check} label=${t('wanted.oath')} checked=${sworn} onInput=${setSworn} />`}
        <section class="card stack"><h2>${t('phrases.at', { n: i + 1, all: rows.length })}${row.blank !== 'none' && ` · ${t(`alert.blank.${row.blank}`)}`}</h2>
            <${Voice} key=${row.phrase} row=${row} tag=${tag} voice=${voice} sworn=${sworn} people=${people.data} hold=${() => pick(row.phrase)} />
            <div class="row end"><button onClick=${() => pick(rows[(i + rows.length - 1) % rows.length].phrase)}>${t('phrases.before')}</button>
                <button class="main" onClick=${() => pick((after.find(turn) ?? after[0] ?? row).phrase)}>${t('phrases.next')}</button></div></section>
        <details><summary>${t('phrases.all', { n: rows.length })}</summary><ol class="list">${rows.map((one) => html`<li key=${one.phrase}><button class="plain" onClick=${() => pick(one.phrase)}>${one.title}</button>
            ${' '}<${Recorded} one=${one} /></li>`)}</ol></details>`;
}

export function Phrases({ query: { language = 'jra', area: asked } }) {
    const me = useMe();
    const { areas } = useAreas();
    const area = asked || areas[0]?.id;
    const list = useLoad(area ? `alert-phrases${query({ area, language })}` : null);
    const lay = useAct(() => post('alert-templates/standard', { area: areas[0].id }));
    return html`<div class="head"><h1>${t('phrases.title')}</h1><a href="#/templates">${t('template.title')}</a></div>
        <div class="fields"><${Choice} label=${t('notice.language')} value=${language} onInput=${(one) => refine({ language: one })}
                options=${[...new Set([...TAGS, language])].map((tag) => [tag, tongueWords(tag)])} />
            <${Choice} label=${t('week.area')} value=${area} onInput=${(one) => refine({ area: one })} options=${areaOptions(areas)} /></div>
        <${Loaded} of=${list}>${({ phrases }) => phrases.length > 0 && html`<${Sitting} key=${area + language} rows=${phrases} tag=${language} />`}<//>
        ${may(me, 'editor') && html`<div><button onClick=${lay.run} disabled=${lay.busy || !areas.length}>${t('phrases.lay')}</button></div><${ProblemBox} problem=${lay.problem} />`}`;
}
