/*
 * script.js - the text of a version: a field with a strip of the letters that a keyboard here
 * does not have, put in where the cursor stands; and what was pasted out of an old font, in
 * Unicode, shown before it is taken.
 */
import { html, useRef, useState } from '../base/html.js';
import { send } from '../base/api.js';
import { useAct } from '../base/load.js';
import { baseOf } from '../base/places.js';
import { t } from '../base/words.js';
import { Choice } from './fields.js';
import { ProblemBox } from './say.js';

const LEGACY = ['tcvn3', 'vni', 'font'];
const LIKELY = 200; /* of 1000: less is a guess, and nobody is asked about it */

/* Composed where Unicode has the letter, with a combining breve where it has not. */
export const strips = {
    bdq: ['ă', 'â', 'â̆', 'ĕ', 'ê', 'ê̆', 'ĭ', 'ŏ', 'ô', 'ô̆', 'ơ', 'ơ̆', 'ŭ', 'ư', 'ư̆', 'y̆', 'ƀ', 'č', 'ñ', 'đ', 'ʼ'],
    jra: ['ă', 'â', 'ĕ', 'ê', 'ê̆', 'ĭ', 'ŏ', 'ô', 'ô̆', 'ơ', 'ơ̆', 'ŭ', 'ư', 'ư̆', 'ƀ', 'č', 'ñ', 'đ'],
};

/* What an old font left in a text: each word that changes, and only then the choice. */
function Legacy({ of, ask, busy, onTake, onClose }) {
    return html`<div class="warn stack"><p role="status">${t(of.likely >= LIKELY ? 'legacy.likely' : 'legacy.asked')}</p>
        <${Choice} label=${t('legacy.from')} value=${of.from} options=${LEGACY.map((one) => [one, t(`legacy.${one}`)])} onInput=${ask} disabled=${busy} />
        ${of.changes.length ? html`<ul class="changes">${of.changes.map((one) => html`<li>${one}</li>`)}</ul>` : html`<p>${t('legacy.nothing')}</p>`}
        ${of.more > 0 && html`<p>${t('legacy.more', { n: of.more })}</p>`}
        <div class="row"><button type="button" class="main" disabled=${!of.changes.length || busy} onClick=${onTake}>${t('legacy.take')}</button>
            <button type="button" onClick=${onClose}>${t('legacy.keep')}</button></div></div>`;
}

/* { shown, act, ask, look, take, close }: look at what was pasted; ask with an encoding or without one */
function useLegacy(value, onInput) {
    const [shown, show] = useState(null);
    const act = useAct(async (source, from, quiet) => {
        const of = await send('POST', `texts/legacy${from ? `?from=${from}` : ''}`, { raw: source, type: 'text/plain' });
        if (!quiet || (of.likely >= LIKELY && of.changes.length)) show({ ...of, source });
    }, true);
    return {
        shown, act, ask: (from) => act.run(shown?.source ?? value, from),
        look: (text) => { if (text.trim()) act.run(text.replace(/\r\n?/g, '\n'), '', true); },
        take: () => { onInput(value.includes(shown.source) ? value.replace(shown.source, () => shown.text) : value); show(null); },
        close: () => show(null),
    };
}

export function ScriptField({ label, tag, value, onInput }) {
    const box = useRef(null);
    const put = (letter, event) => {
        const field = box.current;
        const text = event.shiftKey ? letter.toLocaleUpperCase('vi') : letter;
        field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
        field.focus();
        onInput(field.value);
    };
    const legacy = useLegacy(value, onInput);
    const letters = strips[baseOf(tag)];
    return html`<div class="field whole"><label for="script">${label}</label>
        ${letters && html`<div class="strip" role="group" aria-label=${t('script.letters')}>${letters.map((letter) => html`<button
            type="button" title=${t('script.letter_hint')} onClick=${(event) => put(letter, event)}>${letter}</button>`)}</div>`}
        <textarea id="script" ref=${box} rows="7" lang=${tag || 'vi'} value=${value} spellcheck=${false}
            onPaste=${(event) => legacy.look(event.clipboardData.getData('text/plain'))}
            onInput=${(event) => onInput(event.target.value)}></textarea>
        <${ProblemBox} problem=${legacy.act.problem} />
        ${legacy.shown ? html`<${Legacy} of=${legacy.shown} ask=${legacy.ask} busy=${legacy.act.busy} onTake=${legacy.take} onClose=${legacy.close} />`
            : html`<div><button type="button" class="plain" disabled=${!value.trim() || legacy.act.busy} onClick=${() => legacy.ask()}>${t('legacy.open')}</button></div>`}</div>`;
}
