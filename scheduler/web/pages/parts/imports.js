/* imports.js - alerts of other systems (CAP) that wait for a person: nothing sounds by itself. */
import { html } from '../base/html.js';
import { send } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { link } from '../base/route.js';
import { dayClock } from '../base/time.js';
import { t } from '../base/words.js';
import { ProblemBox } from './say.js';

/* Fills the form of a call. */
const callOf = (one, draft) => link(['alerts', one.drill ? 'drill' : 'call'], {
    import: one.id, template: draft.template || '', areas: draft.areas.join(' '), values: draft.values.join(' '),
    severity: draft.severity || '', replaces: one.ends.map((each) => each.id).join(' ') });

function Draft({ one, draft }) {
    return html`<div class="row">${!draft.template && html`<span class="warn">${t('alert.no_template', { event: draft.event_text })}</span>`}
        ${draft.unknown[0] && html`<span class="warn">${t('alert.unknown', { names: draft.unknown.join(', ') })}</span>`}
        <a class="button" href=${callOf(one, draft)}>${t(one.drill ? 'alert.use_drill' : 'alert.use')}<span class="hidden">: ${draft.event_text}</span></a></div>`;
}

export function Imports() {
    const list = useLoad('alert-imports');
    const act = useAct((file) => send('POST', 'alert-imports', { raw: file, type: 'application/cap+xml' }).then(() => list.reload()));
    const waiting = (list.data?.imports || []).filter(({ state, drafts, ends }) => (state === 'waiting' || state === 'used') && (drafts[0] || ends[0]));
    return html`<details class="card" open=${waiting.length > 0}><summary>${t('alert.imports', { n: waiting.length })}</summary>
        <ul class="list">${waiting.map((one) => html`<li key=${one.id}><strong>${one.title}</strong>
            <div class="small quiet">${t('alert.called', { at: dayClock(one.sent_us), name: one.sender })}${one.expires_us > 0 && ` · ${t('alert.until', { at: dayClock(one.expires_us) })}`}</div>
            ${one.ends[0] && html`<p>${t('alert.import_ends')} ${one.ends.map((each) => html`<a href=${link(['alerts', each.id])}>${each.title}</a> `)}</p>`}
            ${one.drafts.map((draft) => html`<${Draft} one=${one} draft=${draft} />`)}</li>`)}</ul>
        <label class="field"><span class="label">${t('alert.import')}</span>
            <input type="file" accept=".xml,.cap" onChange=${(event) => event.target.files[0] && act.run(event.target.files[0])} /></label>
        <${ProblemBox} problem=${act.problem} /></details>`;
}
