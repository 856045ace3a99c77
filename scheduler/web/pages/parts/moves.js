/*
 * moves.js - slots moved along the time axis and to another village: by pointer, by keys, and back.
 *
 * While a bar is dragged only the bars of its slot and the row it is over are touched, without
 * drawing the page anew. What was moved is shown so until the district has answered and the plan
 * is there again. Before it is kept the district says what would give way.
 */
import { html, on, useEffect, useRef, useState } from '../base/html.js';
import { at, get, post, Problem, put } from '../base/api.js';
import { useAreas } from '../base/places.js';
import { link } from '../base/route.js';
import { bodyOf, formOf } from '../base/slot.js';
import { minuteClock } from '../base/time.js';
import { isRemark } from '../base/timeline.js';
import { t } from '../base/words.js';
import { Dialog } from './dialog.js';
import { Trial } from './trial.js';

const STEP_MIN = 5;
const DRAG_FROM_PX = 5;
const KEYS_REST_MS = 700; /* so long after the last arrow key the move is meant */
const WAYS = { ArrowUp: 'previousElementSibling', ArrowDown: 'nextElementSibling', ArrowLeft: -1, ArrowRight: 1 };
/* Missing at whatever time: news of another village, and none of a move along the axis. */
const LASTING = ['gap', 'fallback', 'not_approved'];

/* A slot's body, with its form changed. */
const changed = (row, change) => bodyOf(change(formOf(row, row)), row.playlist, row);
const pathOf = (id) => at`slots/${id}`;

/* A row as a target: its village, or its zone alone. What aims at just one of them can go elsewhere. */
const placesOf = (zone) => [zone.village, `${zone.station}/${zone.zone}`];
const aimOf = (targets, zone) => placesOf(zone).findIndex((one) => targets.includes(one));

/* As far as a bar that begins at a minute can go within its day. */
const within = (from, shift) => Math.min(1439 - from, Math.max(-from, shift));

/* What of a form becomes another by a move. */
const changeOf = ({ shift, from, to }) => (form) => {
    const aim = aimOf(form.targets, from);
    const targets = form.targets.map((one) => (to && one === placesOf(from)[aim] ? placesOf(to)[aim] : one));
    return { ...form, local_min: form.local_min + within(form.local_min, shift), targets: [...new Set(targets)] };
};

const barsOf = (box, slot) => [...box.querySelectorAll(`[data-slot="${CSS.escape(slot)}"]`)];

/* Only from where it was seen: a slot that another moved meanwhile is not moved further. */
async function read(id, seen_s) {
    const before = await get(pathOf(id));
    if (seen_s !== undefined && before.local_min * 60 + (before.local_s || 0) !== seen_s)
        throw new Problem(409, 'conflict', '');
    return before;
}

/* Up and down: to the bar of the village above or below that is nearest in time. */
function walk(event) {
    const way = WAYS[event.key];
    const bar = typeof way === 'string' && !event.shiftKey && event.target.closest('[data-slot]');
    if (!bar) return null;
    let village = bar.closest('.village')[way];
    while (village && !village.querySelector('[data-slot]')) village = village[way];
    const far = (one) => Math.abs(one.dataset.from - bar.dataset.from);
    const all = village ? [...village.querySelectorAll('[data-slot]')] : [];
    event.preventDefault();
    const next = all.sort((a, b) => far(a) - far(b))[0];
    next?.focus();
    return next || bar;
}

export function useMoves({ plan, shown, may, reload, pixels }) {
    const [pending, setPending] = useState(null); /* { slot, shift, from, to }: one at a time */
    const [asked, setAsked] = useState(null);
    const [done, setDone] = useState([]);
    const [said, setSaid] = useState('');
    const [problem, setProblem] = useState(null);
    const timer = useRef(0);
    const dragged = useRef(0);
    const focus = useRef(null);
    const busy = useRef(false);
    const latest = useRef(null);
    latest.current = pending;
    const zoneOf = (key) => shown.zones.find((one) => one.key === key);
    const aim = (move) => aimOf(shown.slots.get(move.slot)?.targets ?? [], move.from);
    const fits = (move) => !move.to || aim(move) >= 0;

    /* A plan that has come anew shows the move itself. */
    useEffect(() => { if (!timer.current) setPending(null); }, [plan]);
    useEffect(() => () => clearTimeout(timer.current), []);

    const drop = () => { clearTimeout(timer.current); timer.current = 0; setPending(null); setAsked(null); };
    /* work: () => [what undoes it, what is said] */
    const write = async (work) => {
        busy.current = true;
        setAsked(null);
        setProblem(null);
        try {
            const [back, words] = await work();
            busy.current = false;
            await reload();
            setSaid(words);
            if (back) setDone((old) => [...old, back]);
        } catch (refused) {
            if (refused.status === undefined) throw refused;
            setProblem(refused);
            setSaid(refused.words);
            drop();
            await reload();
        } finally {
            busy.current = false;
        }
    };
    const settle = (move) => write(async () => {
        const known = shown.slots.get(move.slot);
        const before = await read(move.slot, known?.start_s);
        const after = await put(pathOf(move.slot), changed(before, changeOf(move)));
        const { local_min, targets } = formOf(before, before);
        /* The revision of our own change: what another wrote since is not taken back. */
        const back = async () => {
            const row = await get(pathOf(move.slot));
            return put(pathOf(move.slot), { ...changed(row, (form) => ({ ...form, local_min, targets })), revision: after.revision });
        };
        return [back, (move.to ? `${t('move.village', { name: after.name, village: move.to.words })} ` : '')
            + t(known?.approved ? 'move.waits' : 'move.done', { name: after.name, at: minuteClock(after.local_min) })];
    });
    const mean = async (move) => {
        if (move.to && placesOf(move.to)[aim(move)] === placesOf(move.from)[aim(move)] && fits(move)) move.to = null;
        if (!move.shift && !move.to) return drop();
        if (!fits(move)) return setAsked({ ...move, wide: true });
        busy.current = true;
        const trial = await get(pathOf(move.slot)).then((row) => post('slot-trials', { ...changed(row, changeOf(move)), slot: move.slot })).catch(() => null);
        busy.current = false;
        const harms = trial?.lines.some((one) => (LASTING.includes(one.finding) ? move.to : !isRemark(one)));
        return harms || shown.slots.get(move.slot)?.repeats ? setAsked({ ...move, trial }) : settle(move);
    };
    const undo = async () => {
        const back = done[done.length - 1];
        if (!back || busy.current) return;
        setDone(done.slice(0, -1));
        await write(async () => {
            const { name, local_min } = await back();
            return [undefined, t('move.undone', { name, at: minuteClock(local_min) })];
        });
    };

    const onKeyDown = (event) => {
        const walked = walk(event);
        if (walked) focus.current = { ...walked.dataset };
        if (walked || !may || asked) return;
        if ((event.ctrlKey || event.metaKey) && event.key === 'z') { event.preventDefault(); undo(); return; }
        const bar = event.target.closest('[data-slot]');
        const way = WAYS[event.key];
        if (!bar || !way || busy.current) return;
        event.preventDefault();
        const { slot, from, zone } = bar.dataset;
        const old = latest.current?.slot === slot ? latest.current : { slot, shift: 0, from: zoneOf(zone) };
        const move = { ...old };
        if (typeof way === 'number') move.shift = within(from, old.shift + way * (event.shiftKey ? 30 : STEP_MIN));
        else {
            const row = event.currentTarget.querySelector(`.village[data-zone="${CSS.escape((old.to ?? old.from).key)}"]`)[way];
            if (row) move.to = row.dataset.zone === old.from.key ? null : zoneOf(row.dataset.zone);
        }
        focus.current = { ...bar.dataset };
        latest.current = move;
        setPending(move);
        setSaid(t('move.to', { at: minuteClock(Number(from) + move.shift) }) + (move.to ? ` – ${move.to.words}` : ''));
        clearTimeout(timer.current);
        timer.current = setTimeout(() => { timer.current = 0; mean(move); }, KEYS_REST_MS);
    };

    const onPointerDown = (event) => {
        const bar = event.target.closest('[data-slot]');
        focus.current = bar && { ...bar.dataset };
        if (!may || !bar || event.button !== 0 || event.pointerType === 'touch' || busy.current || asked) return;
        const { slot, from, zone } = bar.dataset;
        const [x, y, box] = [event.clientX, event.clientY, event.currentTarget];
        const all = barsOf(box, slot);
        const move = { slot, shift: 0, from: zoneOf(zone) };
        let row = null;
        let moving = false;
        const over = (next) => {
            if (next === row) return;
            row?.classList.remove('drop');
            row = next;
            move.to = row && zoneOf(row.dataset.zone);
            row?.classList.toggle('drop', fits(move));
        };
        const drag = (now) => {
            if (!moving && Math.hypot(now.clientX - x, now.clientY - y) < DRAG_FROM_PX) return;
            if (!moving) { moving = true; box.classList.add('dragging'); }
            const village = now.target.closest?.('.village');
            over(village && village.dataset.zone !== zone ? village : null);
            const minutes = Math.round((now.clientX - x) / pixels(STEP_MIN)) * STEP_MIN;
            const shift = within(from, minutes);
            if (shift !== move.shift) for (const one of all) one.style.transform = `translateX(${pixels(shift)}px)`;
            move.shift = shift;
            bar.dataset.to = `${minuteClock(Number(from) + shift)}${move.to ? ` ${fits(move) ? '→' : '✕'} ${move.to.words}` : ''}`;
        };
        const end = (last) => {
            off();
            for (const one of all) one.style.transform = '';
            delete bar.dataset.to;
            box.classList.remove('dragging');
            const meant = { ...move };
            over(null);
            if (!moving) return;
            dragged.current = performance.now();
            if (last.type === 'pointercancel') return;
            setPending(meant);
            mean(meant);
        };
        const off = on(window, { pointermove: drag, pointerup: end, pointercancel: end });
    };

    return {
        may, said, problem, asked, undo, mayUndo: done.length > 0, onKeyDown, onPointerDown, drop, settle,
        shiftOf: (slot) => (pending?.slot === slot ? pending.shift : 0),
        markOf: (key) => (pending?.to?.key === key && fits(pending) ? 'drop' : ''),
        /* A click that ends a drag opens nothing. */
        justDragged: () => performance.now() - dragged.current < 300,
        /* The bar that was moved may be another one now: the keyboard stays with it. */
        refocus: (box) => {
            const was = focus.current;
            if (!was || document.activeElement !== document.body) return;
            const all = barsOf(box, was.slot);
            const here = all.filter((one) => one.dataset.zone === was.zone);
            (here.find((one) => one.dataset.language === was.language) || here[0] || all[0])?.focus({ preventScroll: true });
        },
    };
}

/* Before a move is kept: what gives way to it; of a series, whether all of it is meant; and why a
 * slot that aims at more than one village goes to no other. */
export function MoveQuestion({ moves, shown }) {
    const { shift, to, slot, wide, trial } = moves.asked;
    const areas = useAreas();
    const { name, targets = [], repeats } = shown.slots.get(slot) ?? {};
    return html`<${Dialog} title=${t(wide ? 'move.wide' : repeats ? 'move.series' : 'move.one', { name })} onClose=${moves.drop}>
        <p>${wide ? t('move.wide_words', { places: targets.map(areas.nameOf).join(', ') })
            : html`${shift !== 0 && t(shift > 0 ? 'move.later' : 'move.earlier', { n: Math.abs(shift) })} ${to && t('move.into', { village: to.words })} ${repeats && t('move.series_words')}`}</p>
        <${Trial} of=${trial} />${(wide || repeats) && html`<p><a href=${link(['slots', slot])}>${t('week.to_slot')}</a></p>`}
        <div class="row end"><button onClick=${moves.drop}>${t('say.cancel')}</button>
            ${!wide && html`<button class="main" onClick=${() => moves.settle(moves.asked)}>${t(repeats ? 'move.whole' : 'move.keep')}</button>`}</div><//>`;
}
