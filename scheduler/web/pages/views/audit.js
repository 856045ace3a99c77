/* audit.js - who did what: the chain of rows, what each changed, and whether it is whole. */
import { html, useEffect, useState } from '../base/html.js';
import { get, query } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { refine } from '../base/route.js';
import { dayClock } from '../base/time.js';
import { byName, named, said, t } from '../base/words.js';
import { SaveCsv } from '../parts/csv.js';
import { Choice, DateField, TextField } from '../parts/fields.js';
import { ActButton, Empty, Loaded } from '../parts/say.js';
import { Wide } from '../parts/wide.js';

const PAGE = 100;
const MOST = 1000;

/* Every act that has words, by them. */
const acts = () => named('act.').sort((a, b) => byName(a[1], b[1]));

/* The detail is JSON as it was hashed; shown as its members, and never taken for anything else. */
function Detail({ text }) {
    let members;
    try { members = Object.entries(JSON.parse(text)); } catch { members = [['', text]]; }
    return html`<details><summary>${t('audit.detail')}</summary><dl class="facts small">${members.map(([name, value]) => html`<dt>${name}</dt>
        <dd>${typeof value === 'string' ? value : JSON.stringify(value)}</dd>`)}</dl></details>`;
}

function Table({ rows }) {
    return html`<${Wide} label=${t('nav.audit')} heads=${[t('audit.seq'), t('audit.at'), t('audit.who'), t('audit.what'), t('audit.object')]}>
        <tbody>${rows.map((row) => html`<tr key=${row.seq}><th scope="row" class="number">${row.seq}</th><td class="time">${dayClock(row.at_us)}</td>
            <td>${row.login || row.actor}</td><td>${said(`act.${row.action}`, html`<code>${row.action}</code>`)}</td>
            <td>${row.object && html`<code class="small">${row.object}</code>`}${row.detail && row.detail !== '{}' && html`<${Detail} text=${row.detail} />`}</td></tr>`)}</tbody><//>`;
}

function Verdict() {
    const [verdict, setVerdict] = useState(null);
    const act = useAct(async () => setVerdict(await get('audit/verify', { signal: AbortSignal.timeout(120_000) })));
    return html`<div class="row"><${ActButton} of=${act}>${t(act.busy ? 'audit.verifying' : 'audit.verify')}<//></div>
       
        ${verdict && (verdict.whole ? html`<p class="told" role="status">${t('audit.whole', { rows: verdict.rows, n: verdict.witnesses })}</p>`
            : html`<p class="problem" role="alert">${t('audit.broken', { row: verdict.first_bad })} <span lang="en">${verdict.why}</span></p>`)}`;
}

/* All that is asked for, a thousand rows at a time; the chain can be computed anew from it. */
async function whole(asked) {
    const names = ['chain', 'seq', 'at_us', 'actor', 'login', 'action', 'object', 'detail', 'prev', 'hash'];
    const all = [names];
    for (let before; ;) {
        const { rows } = await get(`audit${query({ ...asked, before, limit: MOST })}`);
        for (const row of rows) all.push(names.map((name) => row[name]));
        if (rows.length < MOST) return all;
        before = rows[MOST - 1].seq;
    }
}

export function Audit({ query: asked }) {
    const list = useLoad(`audit${query({ ...asked, limit: PAGE })}`);
    const [older, setOlder] = useState([]);
    const [more, setMore] = useState(true);
    const key = query(asked);
    useEffect(() => { setOlder([]); setMore(true); }, [key]);
    const act = useAct(async (before) => {
        const { rows } = await get(`audit${query({ ...asked, limit: PAGE, before })}`);
        setOlder([...older, ...rows]);
        setMore(rows.length === PAGE);
    }, true);
    const field = (name, label, hint) => html`<${TextField} label=${t(label)} value=${asked[name] || ''} onInput=${(value) => refine({ [name]: value.trim() })} hint=${hint && t(hint)} autocapitalize="none" spellcheck="false" />`;
    return html`<div class="head"><h1>${t('nav.audit')}</h1><${SaveCsv} name="loa-audit" rows=${() => whole(asked)} /></div><${Verdict} />
        <div class="fields">${field('object', 'audit.of', 'audit.of_hint')}${field('actor', 'audit.by', 'audit.by_hint')}
            <${Choice} label=${t('audit.what')} value=${asked.action || ''} options=${[['', t('say.all')], ...acts()]} onInput=${(action) => refine({ action })} />
            <${DateField} label=${t('day.label')} value=${asked.date || null} onInput=${(date) => refine({ date: date ?? '' })} /></div>
        <${Loaded} of=${list}>${({ rows }) => {
            const shown = [...rows, ...older.filter((one) => !rows.length || one.seq < rows[rows.length - 1].seq)];
            return html`${shown.length ? html`<${Table} rows=${shown} />` : html`<${Empty}>${t('audit.none')}<//>`}
                ${more && rows.length === PAGE && html`<p class="row"><button disabled=${act.busy} onClick=${() => act.run(shown[shown.length - 1].seq)}>${t('say.more')}</button></p>`}`;
        }}<//>`;
}
