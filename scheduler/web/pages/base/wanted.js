/* wanted.js - versions that somebody was asked for: which wait, and how long they may. */
import { useLoad } from './load.js';
import { may } from './me.js';
import { day, today } from './time.js';
import { t } from './words.js';

/* Asked of me; of nobody who could not answer. */
export const useMyWanted = (me) => useLoad(may(me, 'editor') ? 'wanted?whose=mine' : null);

export const isOpen = (one) => one.state === 'wanted' || one.state === 'returned';

const daysLeft = (one) => Math.round((Date.parse(one.by_date) - Date.parse(today())) / 86_400_000);
export const isLate = (one) => isOpen(one) && daysLeft(one) < 0;

/* What became of it, by the words of a version. */
const DONE = {
    recorded: ['half', 'version.draft'], checked: ['half', 'version.checked'], approved: ['good', 'version.approved'],
    over: ['none', 'wanted.over'], withdrawn: ['none', 'wanted.withdrawn'],
};

/* [kind, words] of a State */
export function howFar(one) {
    if (!isOpen(one)) return [DONE[one.state][0], t(DONE[one.state][1])];
    const n = daysLeft(one);
    const left = n < 0 ? t('wanted.late', { n: -n }) : n === 0 ? t('wanted.last_day') : t('wanted.left', { n });
    const returned = one.state === 'returned' ? `${t('version.returned')} – ` : '';
    return [n < 0 ? 'bad' : n === 0 ? 'half' : 'wait', `${returned}${left} (${day(one.by_date)})`];
}
