/*
 * rule.js - how often a slot comes, between the rule that is kept (a checked part of RRULE) and
 * what a person picks. Values in, values out.
 *
 * A picker: { every: 'once' | 'day' | 'week' | 'month', n, days: [0 is Monday], on: day of the
 * month or -1 for the last, until: date }. A rule that says more than that has no picker, and
 * stays as it is until a person picks something else.
 */
const FREQUENCIES = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month' };
const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

const date = (text) => text && `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;

/* Members of a rule by name; null if one stands there twice or has no value. */
function membersOf(rule) {
    const pairs = rule.toUpperCase().split(';').map((part) => part.split('='));
    const members = Object.fromEntries(pairs);
    const odd = pairs.some((pair) => pair.length !== 2 || !pair[1]);
    return odd || Object.keys(members).length < pairs.length ? null : members;
}

export function pickerOf(rule) {
    if (!rule) return { every: 'once', n: 1, days: [], on: null, until: null };
    const { FREQ, INTERVAL = '1', BYDAY, BYMONTHDAY, UNTIL, WKST = 'MO', ...more } = membersOf(rule) || { odd: true };
    const every = FREQUENCIES[FREQ];
    const days = BYDAY ? BYDAY.split(',').map((one) => DAYS.indexOf(one)) : [];
    const on = BYMONTHDAY === undefined ? null : Number(BYMONTHDAY);
    if (!every || Object.keys(more).length || WKST !== 'MO' || days.includes(-1) || !/^\d+$/.test(INTERVAL)
        || (BYDAY && every !== 'week') || (BYMONTHDAY !== undefined && every !== 'month')
        || (on !== null && !(on === -1 || (on >= 1 && on <= 31))) || (UNTIL && !/^\d{8}$/.test(UNTIL))) return null;
    return { every, n: Number(INTERVAL), days: days.sort(), on, until: date(UNTIL) ?? null };
}

export function ruleOf({ every, n, days, on, until }) {
    if (every === 'once') return '';
    const name = Object.keys(FREQUENCIES).find((one) => FREQUENCIES[one] === every);
    return [`FREQ=${name}`, n > 1 && `INTERVAL=${n}`,
        every === 'week' && days.length && `BYDAY=${[...days].sort().map((one) => DAYS[one]).join(',')}`,
        every === 'month' && on !== null && `BYMONTHDAY=${on}`,
        until && `UNTIL=${until.replaceAll('-', '')}`].filter(Boolean).join(';');
}
