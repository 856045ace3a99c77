/* slot-words.js - facts of a slot in words, and what is different between two of them. */
import { html, useEffect, useState } from '../base/html.js';
import { at, get } from '../base/api.js';
import { useAreas } from '../base/places.js';
import { pickerOf } from '../base/rule.js';
import { itemText } from '../base/slot.js';
import { day, minuteClock, weekday } from '../base/time.js';
import { isRelay } from '../base/version.js';
import { t } from '../base/words.js';
import { Wide } from './wide.js';

/* Announcements by id, each asked for once; one that may not be read stands there as its id. */
export function useTold(ids) {
    const [told, setTold] = useState({});
    useEffect(() => {
        for (const id of new Set(ids.filter((one) => one && !told[one])))
            get(at`announcements/${id}`).catch(() => ({ title: id, versions: [] }))
                .then((one) => setTold((old) => ({ ...old, [id]: one })));
    }, [ids.join()]);
    return told;
}

export function ruleWords(rule, first) {
    const of = pickerOf(rule);
    if (!of) return t('rule.rich');
    if (of.every === 'once') return t('rule.once', { day: day(first) });
    const days = of.days.length ? of.days : [weekday(first)];
    const words = t(of.n > 1 ? `rule.${of.every}s` : `rule.${of.every}`, {
        n: of.n, days: days.map((one) => t(`weekday.short.${one}`)).join(', '),
        on: of.on === -1 ? t('rule.last') : of.on ?? Number(first.slice(8)),
    });
    return of.until ? `${words}, ${t('rule.until', { day: day(of.until) })}` : words;
}

export const itemWords = (one, told) => (one.kind === 'pause' ? t('item.pause', { s: (one.duration_us || 0) / 1e6 })
    : isRelay(one) ? t('item.relay', { title: told[one.announcement]?.title ?? one.announcement, n: one.duration_us / 6e7 })
    : told[one.announcement]?.title ?? one.announcement);

/* [words] of one fact; a list has one an element. */
function factWords(name, value, form, { nameOf, told }) {
    const words = {
        home: () => nameOf(value), class: () => t(`class.${value}`), first_date: () => day(value),
        local_min: () => minuteClock(value), rule: () => ruleWords(value, form.first_date), until: () => day(value),
        gain_mdb: () => t('slot.db', { db: value / 1000 }), policy: () => t(`policy.${value}`), make_up_min: () => (value ? minuteClock(value) : t('slot.nothing')), order: () => t(`order.${value}`),
    };
    if (name === 'targets') return value.map((one) => (one.includes('/') ? one : nameOf(one)));
    if (name === 'items') return value.map((one) => itemWords(one, told));
    if (Array.isArray(value)) return value.map(day);
    return value === null || value === '' ? [t(name === 'rule' ? 'rule.none' : 'slot.nothing')] : [words[name] ? words[name]() : value];
}

const Lines = ({ of, ordered }) => (of.length > 1 ? (ordered ? html`<ol>${of.map((one) => html`<li>${one}</li>`)}</ol>`
    : html`<ul>${of.map((one) => html`<li>${one}</li>`)}</ul>`) : of[0] ?? t('slot.nothing'));

const idsOf = (...forms) => forms.flatMap((form) => (form?.items || []).map((one) => one.announcement));

/* changes: [{ name, before, after }]; of a list only what came and what went, unless its order did. */
export function Difference({ changes, before, after }) {
    const look = { ...useAreas(), told: useTold(idsOf(before, after)) };
    const key = (one) => (one.kind ? itemText(one) : one);
    const cell = ({ name, before: old, after: now }, from, to, form) => {
        const gone = Array.isArray(old) && from.filter((one) => !to.some((other) => key(other) === key(one)));
        const part = gone && name !== 'items' ? gone : from;
        return html`<td><${Lines} ordered=${name === 'items'} of=${factWords(name, part, form, look)} /></td>`;
    };
    return html`<${Wide} label=${t('review.difference')} heads=${[t('review.fact'), t('review.before'), t('review.after')]}>
        <tbody>${changes.map((one) => html`<tr><th scope="row">${t(`slot.${one.name}`)}</th>
            ${cell(one, one.before, one.after, before)}${cell(one, one.after, one.before, after)}</tr>`)}</tbody><//>`;
}

export function Facts({ form }) {
    const look = { ...useAreas(), told: useTold(idsOf(form)) };
    return html`<dl class="facts">${Object.entries(form).filter(([, value]) => value !== null && value.length !== 0).map(([name, value]) =>
        html`<dt>${t(`slot.${name}`)}</dt><dd><${Lines} ordered=${name === 'items'} of=${factWords(name, value, form, look)} /></dd>`)}</dl>`;
}
