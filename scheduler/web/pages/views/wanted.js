/*
 * wanted.js - what I was asked to record: the list, and one of them from its text to the file
 * that is sent, on a phone.
 */
import { html, useState } from '../base/html.js';
import { at, post, put } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { useMe } from '../base/me.js';
import { go, link } from '../base/route.js';
import { day } from '../base/time.js';
import { howFar, isOpen, useMyWanted } from '../base/wanted.js';
import { t } from '../base/words.js';
import { Act } from '../parts/acts.js';
import { Check } from '../parts/fields.js';
import { Recording } from '../parts/listen.js';
import { Empty, Loaded, ProblemBox, State, Tongue } from '../parts/say.js';
import { ScriptField } from '../parts/script.js';
import { Sound, useSound } from '../parts/sound.js';
import { Sending, useUpload } from '../parts/upload.js';
import { NoChecker } from '../parts/wanted.js';

const nameOf = (tag) => t(`tongue.${tag.split('-')[0]}`);

/* ---- the list ---- */

function One({ one, to, who }) {
    const [kind, words] = howFar(one);
    return html`<li class="card stack"><div class="row"><${Tongue} tag=${one.language} /><a href=${to}><strong>${one.title}</strong></a><${State} kind=${kind}>${words}<//></div>
        <div class="small quiet">${who}${one.note && ` · ${one.note}`}</div></li>`;
}

function List({ title, rows, to, who }) {
    return rows.length > 0 && html`<section><h2>${title}</h2><ul class="list">${rows.map((one) => html`<${One} key=${one.id} one=${one} to=${to(one)} who=${who(one)} />`)}</ul></section>`;
}

export function Queue() {
    const mine = useMyWanted(useMe());
    const asked = useLoad('wanted?whose=asked');
    const own = (one) => link(['wanted', one.id]);
    const from = (one) => t('wanted.from', { name: one.author_name });
    return html`<h1>${t('nav.wanted')}</h1>
        <${Loaded} of=${mine}>${({ wanted }) => html`${wanted.some(isOpen) ? html`<${List} title=${t('wanted.mine')} rows=${wanted.filter(isOpen)} to=${own} who=${from} />`
            : html`<${Empty}>${t('wanted.none')}<//>`}
            <${List} title=${t('wanted.done')} rows=${wanted.filter((one) => !isOpen(one))} to=${own} who=${from} />`}<//>
        <${Loaded} of=${asked}>${({ wanted }) => html`<${List} title=${t('wanted.asked')} rows=${wanted} to=${(one) => link(['announcements', one.announcement])} who=${(one) => t('wanted.told', { name: one.name })} />`}<//>`;
}

/* ---- one of them ---- */

/* What is to be read or translated: in Vietnamese where there is some. */
function Source({ of, tag }) {
    const written = of.versions.filter((one) => one.script && one.language !== tag);
    const one = written.find((version) => version.language === 'vi') || written[0];
    if (!one) return html`<p class="warn">${t('wanted.no_source')}</p>`;
    return html`<section class="stack"><h2>${t('wanted.source', { name: nameOf(one.language) })}</h2>
        <div class="script" lang=${one.language}>${one.script}</div>
        ${one.object && html`<${Recording} version=${one.id} object=${one.object} />`}
        <div><a class="button" href=${link(['print', one.id])}>${t('wanted.big')}</a></div></section>`;
}

function Answer({ one, of }) {
    const me = useMe();
    const version = of.versions.find((row) => row.language === one.language);
    const [{ file, key }, setFile] = useSound();
    const [typed, setScript] = useState(null);
    const [sworn, setSworn] = useState(false);
    const script = typed ?? version?.script ?? '';
    const upload = useUpload();
    /* My own voice: whoever brings in another's does so on the page of the announcement. */
    const write = () => {
        const body = { ...(version?.object && { no_state_secret: sworn }), ...(script.trim() && { script }), announcer: me.id };
        return version ? put(at`versions/${version.id}`, body)
            : post(at`announcements/${of.id}/versions`, { language: one.language, ...body });
    };
    const act = useAct(async () => {
        const { id } = await write();
        await upload.send('PUT', at`versions/${id}/audio?no_state_secret=${sworn}&name=${file.name || `${one.language}.wav`}`, file, key);
        go(['wanted']);
    });
    return html`<form class="stack" onSubmit=${() => act.run()}>
        <h2>${t('wanted.script', { name: nameOf(one.language) })}</h2>
        <${ScriptField} label=${t('version.script')} tag=${one.language} value=${script} onInput=${setScript} />
        <div class="row"><${Act} type="button" disabled=${!script.trim() || (version?.object && !sworn)} work=${write}>${t('wanted.save')}<//>
            ${version?.script && html`<a class="button" href=${link(['print', version.id])}>${t('wanted.big')}</a>`}</div>
        <h2>${t('version.sound')}</h2><${Sound} file=${file} setFile=${setFile} id="wanted-file" hint=${t('version.file_hint')} /><${Sending} told=${upload.told} />
        <${Check} label=${t('wanted.oath')} checked=${sworn} onInput=${setSworn} />
        <${ProblemBox} problem=${act.problem} />
        <div><button class="main" disabled=${!file || !sworn || act.busy}>${t('wanted.submit')}</button></div></form>`;
}

function Whole({ one, of }) {
    const people = useLoad(at`announcements/${of.id}/people`);
    const version = of.versions.find((row) => row.language === one.language);
    const [kind, words] = howFar(one);
    return html`<p class="trail"><a href="#/wanted">${t('nav.wanted')}</a></p><h1>${one.title}</h1>
        <div class="row"><${Tongue} tag=${one.language} /><${State} kind=${kind}>${words}<//></div>
        <p>${t('wanted.from', { name: one.author_name })}${one.note && html`<br />${t('wanted.note')}: ${one.note}`}<br /><span class="small quiet">${of.source_number}, ${of.source_issuer}, ${day(of.source_date)}</span></p>
        ${one.state === 'returned' && version?.note && html`<p class="warn">${t('version.note', { note: version.note })}</p>`}
        <${NoChecker} people=${people.data} tag=${one.language} but=${one.account} />
        <${Source} of=${of} tag=${one.language} />
        ${isOpen(one) ? html`<${Answer} key=${one.id} one=${one} of=${of} />` : version?.object && html`<p class="told">${t('wanted.submitted')}</p><${Recording} version=${version.id} object=${version.object} />`}`;
}

export function Wanted({ id }) {
    const list = useMyWanted(useMe());
    const one = list.data?.wanted.find((row) => row.id === id);
    const of = useLoad(one ? at`announcements/${one.announcement}` : null);
    return html`<${Loaded} of=${list}>${() => (one ? html`<${Loaded} of=${of}>${(data) => html`<${Whole} one=${one} of=${data} />`}<//>`
        : html`<h1>${t('nav.wanted')}</h1><${Empty}>${t('wanted.gone')}<//>`)}<//>`;
}
