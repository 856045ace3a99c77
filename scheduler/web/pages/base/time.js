/*
 * time.js - dates and times as people here write them: 24 hours, dd/mm/yyyy.
 *
 * The district's own clock and zone count, not the browser's: a PC that is an hour off must not
 * show a bulletin an hour off. Dates are 'YYYY-MM-DD', instants microseconds since 1970 (UTC).
 */
import { language, t } from './words.js';

const US = 1000;
const formats = {}; /* by zone: to make one takes longer than to use it a hundred times */
let ahead_ms = 0; /* the district's clock minus the browser's */

/* Told by every answer that carries the district's time. */
export function setNow(now_us) {
    ahead_ms = now_us / US - Date.now();
}

/* Of the district, as its session says. */
export function setZone(tzid) {
    district = tzid;
}

export const nowUs = () => Math.round((Date.now() + ahead_ms) * US);

/*
 * Viet Nam has been seven hours ahead since 1975, by summer and winter: that takes no format, which
 * takes 11 ms of processor to make in a browser that has just begun. A test asks the browser.
 */
const HOME = 'Asia/Ho_Chi_Minh';
const HOME_US = 7 * 3600e6;
let district = HOME;

/* 'YYYY-MM-DDTHH:MM:SS' and perhaps more: an instant by the clock of a zone. Swedish writes dates so. */
function local(us, zone) {
    if (zone === HOME) return new Date((us + HOME_US) / US).toISOString();
    formats[zone] ||= new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
    return formats[zone].format(new Date(us / US)).replace(' ', 'T');
}

/* 'YYYY-MM-DD' of an instant. */
export const dateOf = (us, zone = district) => local(us, zone).slice(0, 10);

export const today = (zone = district) => dateOf(nowUs(), zone);

/* 'HH:MM' of an instant, or 'HH:MM:SS'. */
export const clock = (us, seconds = false, zone = district) => local(us, zone).slice(11, seconds ? 19 : 16);

const two = (number) => String(number).padStart(2, '0');

/* 'HH:MM' of a minute of the day. */
export function minuteClock(minute) {
    return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/* Minute of the day of 'H:MM', 'HH:MM', 'HHhMM' as it is also written; or null. */
export function parseClock(text) {
    const found = /^\s*(\d{1,2})\s*[:h.]\s*(\d{2})\s*$/i.exec(text);
    if (!found) return null;
    const minute = Number(found[1]) * 60 + Number(found[2]);
    return Number(found[1]) < 24 && Number(found[2]) < 60 ? minute : null;
}

/* dd/mm/yyyy of a date. */
export const day = (date) => (date ? date.split('-').reverse().join('/') : '');

/* A date of 'd/m/yyyy'; null if there is no such day. */
export function parseDay(text) {
    const found = /^\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\s*$/.exec(text);
    if (!found) return null;
    const date = `${found[3]}-${two(found[2])}-${two(found[1])}`;
    return Number.isNaN(Date.parse(date)) || addDays(date, 0) !== date ? null : date;
}

export function addDays(date, n) {
    return new Date(Date.parse(`${date}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);
}

/* Monday is 0. */
export const weekday = (date) => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;

/* Thứ Hai, 23/11/2026 */
export function longDay(date) {
    return `${t(`weekday.${weekday(date)}`)}, ${day(date)}`;
}

export const shortWeekday = (date) => t(`weekday.short.${weekday(date)}`);

/* 23/11/2026 05:00 */
export const dayClock = (us, zone = district) => `${day(dateOf(us, zone))} ${clock(us, false, zone)}`;

/* The instant at which a local date and minute come, in a zone without a change of clocks. */
export function instant(date, minute, zone = district) {
    const wall_ms = Date.parse(`${date}T00:00:00Z`) + minute * 60_000;
    const shown_ms = Date.parse(`${local(wall_ms * US, zone).slice(0, 19)}Z`);
    return (wall_ms - (shown_ms - wall_ms)) * US;
}

/* '1 ph 05 gi': a length of sound */
export function length(us) {
    const seconds = Math.round(us / 1e6);
    const minutes = Math.floor(seconds / 60);
    return minutes === 0 ? t('time.seconds', { s: seconds })
        : t('time.minutes', { m: minutes, s: two(seconds % 60) });
}

const UNITS = [[86_400, 'day'], [3600, 'hour'], [60, 'minute']];

/* '3 phút trước' */
export function ago(us) {
    const seconds = Math.max(0, Math.round((nowUs() - us) / 1e6));
    const unit = UNITS.find(([one]) => seconds >= one);
    return unit ? new Intl.RelativeTimeFormat(language(), { numeric: 'always' }).format(-Math.floor(seconds / unit[0]), unit[1]) : t('time.just_now');
}
