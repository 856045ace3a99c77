/* proposal.js - what a change would make of a thing: each fact that differs, now and then. */
import { html } from '../base/html.js';
import { useLoad } from '../base/load.js';
import { tongueWords, useAreas } from '../base/places.js';
import { day, dayClock, minuteClock } from '../base/time.js';
import { said, t } from '../base/words.js';
import { Wide } from './wide.js';

/* How the thing stands now: where to ask, and what of the answer; else the path itself answers. */
const upTo = (path, n) => path.slice(0, n).join('/');
const NOW = {
    setVolumes: (path) => [upTo(path, 2), (got) => ({ volumes: got.volumes.filter((one) => one.zone === path[3]) })],
    putZone: (path) => [upTo(path, 2), (got) => got.zones.find((one) => one.id === path[3])],
    putDay: (path) => ['days', (got) => got.days.find((one) => one.id === path[1])],
    putGrant: () => [null, () => null], putSpeechOrder: () => [null, () => null],
    retireAlertTemplate: (path) => [upTo(path, 2), (got) => got],
    makeUp: () => [null, () => null], /* nothing of it is there before */
};

const span = (one) => `${minuteClock(one.from_min)}–${minuteClock(one.to_min)}`;
const weekdays = (bits) => [0, 1, 2, 3, 4, 5, 6].filter((one) => bits >> one & 1).map((one) => t(`weekday.short.${one}`)).join(', ');
const at = (us) => dayClock(us); /* in the district's zone, whatever else a fact is told with */
const loud = (mdb) => t('slot.db', { db: mdb / 1000 });
const coded = (key) => (value) => said(key(value), value);
const listed = (say) => (list) => (list.length ? list.map((one) => html`<div>${say(one)}</div>`) : t('slot.nothing'));
/* A phrase by its words, a blank by what fills it. */
export const partWords = (part, nameOf) => (part[0] === '[' ? `[${t(`alert.blank.${part.slice(1, -1)}`)}]` : nameOf(part));
export const FACTS = {
    event: coded((one) => `hazard.${one}`), tone: coded((one) => `tone.${one}`), severity: coded((one) => `level.${one}`),
    parts: (list, nameOf) => listed((one) => partWords(one, nameOf))(list),
    orders: (list, nameOf) => listed((one) => html`${tongueWords(one.language)} (${one.language}): ${one.parts.map((part) => partWords(part, nameOf)).join(' · ')}`)(list),
    windows: listed((one) => `${weekdays(one.weekdays)} ${span(one)} (${t(`class.${one.class}`)})`),
    volumes: listed((one) => `${span(one)}: ${loud(one.gain_mdb)}`),
    languages: listed(tongueWords), gain_cap_mdb: loud,
    kind: coded((one) => `unit.${one}`), act: coded((one) => `day.${one}`), retired: coded((one) => `fact.${one}`), drill: coded((one) => `fact.${one}`), off: coded((one) => `fact.${one}`),
    limit_min: (value) => (value < 0 ? t('fact.above') : value),
    inputs: listed((one) => `${one.name}: ${one.template}`), templates: listed(String), accounts: listed(String),
    expires_us: at, not_before_us: at, from_us: at, ends_us: at, span_s: (value) => value / 3600,
    date: day, first_date: day, last_date: day, valid_from: day, valid_to: day,
    from_min: minuteClock, to_min: minuteClock, night_from_min: minuteClock, night_to_min: minuteClock,
};
const PLACES = ['area', 'parent', 'successor', 'village'];
const none = (value) => value === undefined || value === null || value === '';

/* Each fact that differs: its name, what it is and what it would be, in words. */
export function factsOf(before, after, nameOf) {
    const words = (name, value) => (none(value) ? t('slot.nothing')
        : name === 'areas' ? value.map(nameOf).join(', ') : PLACES.includes(name) ? nameOf(value) : FACTS[name] ? FACTS[name](value, nameOf) : String(value));
    const same = (a, b) => (none(a) && none(b)) || JSON.stringify(a) === JSON.stringify(b);
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
        .filter((name) => name !== 'revision' && name !== 'id' && !same(before[name], after[name]))
        .map((name) => [said(`fact.${name}`, name), words(name, before[name]), words(name, after[name])]);
}

export function ProposalFacts({ of }) {
    const places = useAreas();
    const is_template = of.change === 'putAlertTemplate';
    const phrases = useLoad(is_template ? 'alert-phrases' : null).data?.phrases;
    const templates = useLoad(is_template ? 'alert-templates' : null).data?.templates;
    const nameOf = (id) => phrases?.find((one) => one.phrase === id)?.title ?? places.nameOf(id);
    const path = of.path.split('/').slice(2); /* '', 'api', 'areas', ID, 'windows' */
    const [from, pick] = NOW[of.change]?.(path) ?? [path.join('/'), (got) => got];
    const now = useLoad(is_template && !templates?.some((one) => one.id === path[1]) ? null : from); /* a new one is not there to be asked */
    const before = (now.data && pick(now.data)) || {};
    const after = JSON.parse(of.body);
    if (of.speaker_name) after.speaker = of.speaker_name;
    /* What the body leaves out stays as it is. */
    const was = Object.fromEntries(Object.keys(after).map((name) => [name, before[name]]));
    /* every second step is an id; one that a page made up says nothing */
    return html`<p class="small">${path.filter((one, i) => i % 2 === 1 && one.length < 32).map(nameOf).concat(before.title ?? []).join(' · ')}</p>
        <${Wide} label=${t('review.difference')} heads=${[t('review.fact'), t('review.before'), t('review.after')]}>
        <tbody>${factsOf(was, after, nameOf).map(([name, then, now_]) => html`<tr key=${name}><th scope="row">${name}</th>
            <td>${then}</td><td>${now_}</td></tr>`)}</tbody><//>`;
}
