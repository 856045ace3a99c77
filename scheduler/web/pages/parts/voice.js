/*
 * voice.js - whose voice a recording is and who brought it in: asked where it is brought, told
 * wherever it is judged.
 */
import { html } from '../base/html.js';
import { at, put } from '../base/api.js';
import { useMe } from '../base/me.js';
import { t } from '../base/words.js';
import { Choice, TextField } from './fields.js';

const OTHER = '-'; /* no account has this id */

/* What a version says of its voice, as the fields hold it. */
export const voiceOf = (version) => ({ account: version.announcer || (version.announcer_name ? OTHER : ''), name: version.announcer ? '' : version.announcer_name || '' });

export const isNamed = ({ account, name }) => (account === OTHER ? name.trim() !== '' : account !== '');

/* Says whose voice it is, where that is not what the version says already. */
export async function nameVoice(version, { account, name }, no_state_secret) {
    const announcer = account === OTHER ? undefined : account;
    if (announcer === version.announcer && (announcer || name.trim() === (version.announcer_name || ''))) return;
    await put(at`versions/${version.id}`, {
        no_state_secret, ...(version.script && { script: version.script }), ...(announcer ? { announcer } : { announcer_name: name.trim() }),
    });
}

export function VoiceFields({ value, onInput, people, version }) {
    const me = useMe();
    const others = (people?.askable || []).filter((one) => one.id !== me.id);
    const known = [[me.id, t('voice.me', { name: me.name })], ...others.map((one) => [one.id, one.name])];
    if (version.announcer && !known.some(([id]) => id === version.announcer)) known.push([version.announcer, version.announcer_name]);
    const name = value.account === OTHER ? value.name.trim() : known.find(([id]) => id === value.account)?.[1];
    return html`<div class="fields"><${Choice} label=${t('voice.who')} value=${value.account} onInput=${(account) => onInput({ ...value, account })}
            options=${[['', t('voice.choose')], ...known, [OTHER, t('wanted.other')]]} />
        ${value.account === OTHER && html`<${TextField} label=${t('version.announcer')} value=${value.name} onInput=${(typed) => onInput({ ...value, name: typed })} maxlength="60" />`}</div>
        ${isNamed(value) && value.account !== me.id && html`<p class="told" role="status">${t('voice.behalf', { name, by: me.name })}</p>`}`;
}

/* As a reader and an approver read it. */
export function VoiceWords({ of }) {
    const words = of.behalf ? t('voice.behalf', { name: of.announcer_name, by: of.uploader_name })
        : of.announcer_name ? t('version.voice', { name: of.announcer_name })
        : of.uploader_name && t('voice.unsaid', { by: of.uploader_name });
    return words && html`<p class=${of.behalf ? 'warn' : 'small quiet'}>${words}</p>`;
}
