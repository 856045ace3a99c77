/* audit.js - who did what: the chain of rows, what each changed, and whether it is whole. */
import { html, useEffect, useState } from '../base/html.js';
import { get, query } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { refine } from '../base/route.js';
import { dayClock } from '../base/time.js';
import { said, t } from '../base/words.js';
import { TextField } from '../parts/fields.js';
import { Empty, Loaded, ProblemBox } from '../parts/say.js';
import { Wide } from '../parts/wide.js';

const PAGE = 100;

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
    const act = useAct(async () => setVerdict(await get('/api/audit/verify', { signal: AbortSignal.timeout(120_000) })));
    return html`<div class="row"><button onClick=${act.run} disabled=${act.busy}>${t(act.busy ? 'audit.verifying' : 'audit.verify')}</button></div>
        <${ProblemBox} problem=${act.problem} />
        ${verdict && (verdict.whole ? html`<p class="told" role="status">${t('audit.whole', { rows: verdict.rows, n: verdict.witnesses })}</p>`
            : html`<p class="problem" role="alert">${t('audit.broken', { row: verdict.first_bad })} <span lang="en">${verdict.why}</span></p>`)}`;
}

export function Audit({ query: { object = '' } }) {
    const list = useLoad(`/api/audit${query({ object, limit: PAGE })}`);
    const [older, setOlder] = useState([]);
    const [more, setMore] = useState(true);
    useEffect(() => { setOlder([]); setMore(true); }, [object]);
    const act = useAct(async (before) => {
        const { rows } = await get(`/api/audit${query({ object, limit: PAGE, before })}`);
        setOlder([...older, ...rows]);
        setMore(rows.length === PAGE);
    });
    return html`<div class="head"><h1>${t('nav.audit')}</h1></div><${Verdict} />
        <div class="fields"><${TextField} label=${t('audit.of')} value=${object} onInput=${(value) => refine({ object: value.trim() })} hint=${t('audit.of_hint')} /></div>
        <${Loaded} of=${list}>${({ rows }) => {
            const shown = [...rows, ...older.filter((one) => !rows.length || one.seq < rows[rows.length - 1].seq)];
            return html`${shown.length ? html`<${Table} rows=${shown} />` : html`<${Empty}>${t('audit.none')}<//>`}
                ${more && rows.length === PAGE && html`<p class="row"><button disabled=${act.busy} onClick=${() => act.run(shown[shown.length - 1].seq)}>${t('say.more')}</button></p>`}`;
        }}<//>`;
}
