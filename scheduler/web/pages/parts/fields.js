/*
 * fields.js - what a person fills in: a label, the field, a hint, what is wrong with it.
 *
 * Times and dates are text: a browser shows its own time fields in its own language's order.
 */
import { html, useState, useRef } from '../base/html.js';
import { day, minuteClock, parseClock, parseDay } from '../base/time.js';
import { t } from '../base/words.js';

let made = 0;
const useId = () => useRef(`f${++made}`).current;

function Frame({ id, label, hint, wrong, whole, children }) {
    return html`<div class=${`field ${whole ? 'whole' : ''}`}>
        <label for=${id}>${label}</label>${children}
        ${hint && html`<div class="hint" id=${`${id}-h`}>${hint}</div>`}
        ${wrong && html`<div class="wrong" id=${`${id}-w`}>${wrong}</div>`}</div>`;
}

const describedBy = (id, hint, wrong) =>
    [hint && `${id}-h`, wrong && `${id}-w`].filter(Boolean).join(' ') || undefined;

export function TextField({ label, value, onInput, hint, wrong, whole, rows, type, ...rest }) {
    const id = useId();
    const common = {
        id, value: value ?? '', onInput: (event) => onInput(event.target.value),
        'aria-invalid': wrong ? 'true' : undefined,
        'aria-describedby': describedBy(id, hint, wrong), ...rest,
    };
    return html`<${Frame} ...${{ id, label, hint, wrong, whole }}>${rows
        ? html`<textarea rows=${rows} ...${common}></textarea>`
        : html`<input type=${type || 'text'} ...${common} />`}<//>`;
}

/* options: [value, words] */
export function Choice({ label, value, options, onInput, hint, wrong, whole, ...rest }) {
    const id = useId();
    return html`<${Frame} ...${{ id, label, hint, wrong, whole }}>
        <select id=${id} onChange=${(event) => onInput(event.target.value)}
            aria-invalid=${wrong ? 'true' : undefined} aria-describedby=${describedBy(id, hint, wrong)} ...${rest}>
            ${options.map(([word, words]) => html`<option value=${word} selected=${word === (value ?? '')}>${words}</option>`)}
        </select><//>`;
}

export function Check({ label, checked, onInput, ...rest }) {
    return html`<label class="check"><input type="checkbox" checked=${checked}
        onChange=${(event) => onInput(event.target.checked)} ...${rest} /><span>${label}</span></label>`;
}

/* The list with one more, or without it. */
export const flip = (list, one) => (list.includes(one) ? list.filter((other) => other !== one) : [...list, one]);

/* chosen: [0 is Monday] */
export const Weekdays = ({ chosen, onInput }) => html`<div class="row" role="group" aria-label=${t('repeat.days')}>${[0, 1, 2, 3, 4, 5, 6].map((one) => html`<${Check}
    label=${t(`weekday.short.${one}`)} checked=${chosen.includes(one)} onInput=${() => onInput(flip(chosen, one).sort())} />`)}</div>`;

/* Some of several: rows: { id, name }; chosen: ids */
export const Picks = ({ label, rows, chosen, onInput }) => html`<fieldset><legend>${label}</legend><div class="pick">${rows.map((one) => html`<${Check}
    key=${one.id} label=${one.name} checked=${chosen.includes(one.id)} onInput=${() => onInput(flip(chosen, one.id))} />`)}</div></fieldset>`;

/* A field whose text means something else: parsed on leaving it, told when it means nothing. */
function Parsed({ label, value, show, parse, onInput, hint, wrong, words, ...rest }) {
    const [text, setText] = useState(null);
    const bad = text !== null && text.trim() !== '' && parse(text) === null;
    return html`<${TextField} label=${label} hint=${hint} wrong=${bad ? words : wrong}
        value=${text ?? show(value)} autocomplete="off"
        onInput=${(typed) => {
            setText(typed);
            const meant = parse(typed);
            if (meant !== null || typed.trim() === '') onInput(meant);
        }}
        onBlur=${() => { if (!bad) setText(null); }} ...${rest} />`;
}

/* value: minute of the day or null */
export function TimeField(props) {
    return html`<${Parsed} show=${(v) => (v === null || v === undefined ? '' : minuteClock(v))}
        parse=${parseClock} words=${t('field.time_wrong')} placeholder="05:30" inputmode="numeric"
        class="short" ...${props} />`;
}

/* value: 'YYYY-MM-DD' or null */
export function DateField(props) {
    return html`<${Parsed} show=${(v) => day(v)} parse=${parseDay} words=${t('field.date_wrong')}
        placeholder="23/11/2026" inputmode="numeric" class="short" ...${props} />`;
}
