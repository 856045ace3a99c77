/* settings.js - the district's own settings, each with what it begins with. */
import { html, useState } from '../base/html.js';
import { at, put } from '../base/api.js';
import { useAct, useLoad } from '../base/load.js';
import { said, t } from '../base/words.js';
import { Choice, TextField } from '../parts/fields.js';
import { ActButton, Loaded } from '../parts/say.js';

const SWITCH = [['true', 'setting.on'], ['false', 'setting.off']];

function Setting({ of: { key, value, fallback, meaning } }) {
    const [typed, setTyped] = useState(null);
    const act = useAct(async () => { await put(at`settings/${key}`, { value: typed }); setTyped(null); });
    const is_switch = fallback === 'true' || fallback === 'false';
    const field = { label: said(`setting.${key}`, meaning), value: typed ?? value, onInput: setTyped };
    return html`<form class="card stack" onSubmit=${() => typed !== null && act.run()}>
        ${is_switch ? html`<${Choice} ...${field} options=${SWITCH.map(([name, word]) => [name, t(word)])} />`
            : html`<${TextField} ...${field} rows=${key === 'categories' && 6} hint=${fallback && t('setting.fallback', { fallback })} maxlength="2000" />`}
        <div class="row end"><${ActButton} of=${act} about=${field.label} type="button" disabled=${typed === null || typed === value}>${t('say.save')}<//></div></form>`;
}

export function Settings() {
    const list = useLoad('settings');
    return html`<p class="trail"><a href="#/people">${t('nav.people')}</a></p><h1>${t('nav.settings')}</h1>
        <${Loaded} of=${list}>${({ settings }) => html`<div class="cards">${settings.map((one) => html`<${Setting} key=${one.key} of=${one} />`)}</div>`}<//>`;
}
