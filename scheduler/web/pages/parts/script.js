/*
 * script.js - the text of a version: a field with a strip of the letters that a keyboard here
 * does not have, put in where the cursor stands.
 */
import { html, useRef } from '../base/html.js';
import { t } from '../base/words.js';

/* Composed where Unicode has the letter, with a combining breve where it has not. */
const strips = {
    bdq: ['ă', 'â', 'ĕ', 'ê', 'ê̆', 'ĭ', 'ŏ', 'ô', 'ô̆', 'ơ', 'ơ̆', 'ŭ', 'ư', 'ư̆', 'ƀ', 'č', 'ñ', 'đ', 'ʼ'],
    jra: ['ă', 'â', 'ĕ', 'ê', 'ê̆', 'ĭ', 'ŏ', 'ô', 'ô̆', 'ơ', 'ơ̆', 'ŭ', 'ư', 'ư̆', 'ƀ', 'č', 'ñ', 'đ'],
};

export function ScriptField({ label, tag, value, onInput, rows = 7 }) {
    const box = useRef(null);
    const put = (letter, event) => {
        const field = box.current;
        const text = event.shiftKey ? letter.toLocaleUpperCase('vi') : letter;
        field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
        field.focus();
        onInput(field.value);
    };
    const letters = strips[(tag || '').split('-')[0]];
    return html`<div class="field whole"><label for="script">${label}</label>
        ${letters && html`<div class="strip" role="group" aria-label=${t('script.letters')}>${letters.map((letter) => html`<button
            type="button" title=${t('script.letter_hint')} onClick=${(event) => put(letter, event)}>${letter}</button>`)}</div>`}
        <textarea id="script" ref=${box} rows=${rows} lang=${tag || 'vi'} value=${value} spellcheck=${false}
            onInput=${(event) => onInput(event.target.value)}></textarea></div>`;
}
