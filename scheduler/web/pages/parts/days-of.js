/* days-of.js - special days that hold on some dates, for the head of a page; and one in words. */
import { html } from '../base/html.js';
import { query } from '../base/api.js';
import { useLoad } from '../base/load.js';
import { useAreas } from '../base/places.js';
import { day, minuteClock } from '../base/time.js';
import { t } from '../base/words.js';

export const datesWords = (one) => (one.first_date === one.last_date ? day(one.first_date)
    : `${day(one.first_date)} – ${day(one.last_date)}`);

/* What becomes of the slots: 'phát lúc 19:00'. */
export function actWords(one) {
    if (one.act === 'move_to') return t('day.move_to_at', { at: minuteClock(one.minutes) });
    if (one.act === 'move_by') return t(one.minutes < 0 ? 'day.earlier' : 'day.later', { n: Math.abs(one.minutes) });
    return t(`day.${one.act}`);
}

export const hoursWords = (one) => (one.from_min > 0 || one.to_min < 1440
    ? t('day.between', { from: minuteClock(one.from_min), to: minuteClock(one.to_min) }) : '');

export const isLive = (one) => !['move_to', 'move_by', 'replace'].includes(one.act) || one.approved === one.content;

export function DaysOf({ area, from, to }) {
    const { data } = useLoad(`days${query({ area, from, to })}`);
    const { nameOf } = useAreas();
    const days = (data?.days || []).filter((one) => !one.off);
    return days.length > 0 && html`<p class="warn">${days.map((one) => html`<span key=${one.id}><a href="#/days">${one.name}</a>
        (${[nameOf(one.area), datesWords(one), hoursWords(one)].filter(Boolean).join(', ')}): ${actWords(isLive(one) ? one : { act: 'skip' })}. </span>`)}</p>`;
}
