/* bar.js - one slot in one village and language, as a bar: what it is and what became of it. */
import { html } from '../base/html.js';
import { baseOf, tongueWords } from '../base/places.js';
import { longDay, minuteClock } from '../base/time.js';
import { t } from '../base/words.js';
import { Icon } from './icons.js';

/* A bar is so long at least, in minutes: short ones are to be read and touched, too. */
export const LEAST_MIN = 45;

export const spanWords = (bar, shift = 0) =>
    `${minuteClock(Math.floor(bar.from) + shift)}–${minuteClock(Math.ceil(bar.to) + shift)}`;

/* What the colour and the place of a bar say, in words. */
export function barWords(bar, zone, date) {
    return [date && longDay(date), tongueWords(bar.language), zone.words,
        bar.state !== 'good' && t(`bar.${bar.state}`), bar.remarks.length > 0 && t('bar.remarked')].filter(Boolean).join(', ');
}

/* Not a component: hundreds are drawn at once, and none knows anything from before. */
export function barOf({ bar, zone, slots, moves, onOpen }) {
    const shift = moves.shiftOf(bar.slot);
    const name = slots.get(bar.slot)?.name;
    const clash = bar.state === 'clash' || bar.state === 'bad' || bar.remarks.length > 0;
    return html`<button class=${`bar-item ${baseOf(bar.language)} ${bar.state} ${clash ? 'marked' : ''} ${shift ? 'moved' : ''}`}
        data-slot=${bar.slot} data-zone=${zone.key} data-from=${Math.floor(bar.from)} data-language=${bar.language}
        aria-label=${`${spanWords(bar, shift)} ${name}, ${barWords(bar, zone)}`} title=${`${spanWords(bar, shift)} ${name ?? ''}`}
        onClick=${() => { if (!moves.justDragged()) onOpen(bar, zone); }}>
        ${clash ? html`<span class="mark">!</span>` : bar.state === 'wait' && html`<${Icon} name="wait" />`}<span
            class="bar-words">${name}</span></button>`;
}
