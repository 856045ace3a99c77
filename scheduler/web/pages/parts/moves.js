/*
 * moves.js - slots moved along the time axis: by pointer, by keys, and back.
 *
 * While a bar is dragged only the bars of its slot are touched, without drawing the page anew.
 * What was moved is shown so until the district has answered and the plan is there again.
 */
import { html, on, useEffect, useRef, useState } from '../base/html.js';
import { at, get, Problem, put } from '../base/api.js';
import { minuteClock } from '../base/time.js';
import { t } from '../base/words.js';
import { Dialog } from './dialog.js';

const STEP_MIN = 5;
const DRAG_FROM_PX = 5;
const KEYS_REST_MS = 700; /* so long after the last arrow key the move is meant */
/* What a slot's row has and its body has not: who did what when. */
const TOLD = ['id', 'stopped', 'author', 'content', 'approved', 'approver', 'approved_us', 'changed_us', 'dates',
    'text', 'approved_text'];

/* Only from where it was seen: a slot that another moved meanwhile is not moved further. */
async function writeTime(id, seen_s, change) {
    const before = await get(at`slots/${id}`);
    if (seen_s !== undefined && before.local_min * 60 + (before.local_s || 0) !== seen_s)
        throw new Problem(409, 'conflict', '');
    const body = Object.fromEntries(Object.entries(before).filter(([name]) => !TOLD.includes(name)));
    return { before, after: await put(at`slots/${id}`, { ...body, ...change(before) }) };
}

/* Up and down: to the bar of the village above or below that is nearest in time. */
function walk(event) {
    const way = { ArrowUp: 'previousElementSibling', ArrowDown: 'nextElementSibling' }[event.key];
    const bar = way && event.target.closest('[data-slot]');
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

export function useMoves({ plan, slots, may, reload, pixels }) {
    const [pending, setPending] = useState(null); /* { slot, shift }: one at a time */
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

    /* A plan that has come anew shows the move itself. */
    useEffect(() => { if (!timer.current) setPending(null); }, [plan]);
    useEffect(() => () => clearTimeout(timer.current), []);

    const drop = () => { clearTimeout(timer.current); timer.current = 0; setPending(null); setAsked(null); };
    const write = async (id, seen_s, change, words) => {
        busy.current = true;
        setAsked(null);
        setProblem(null);
        try {
            const { before, after } = await writeTime(id, seen_s, change);
            busy.current = false;
            await reload();
            setSaid(t(words, { name: after.name, at: minuteClock(after.local_min) }));
            return { id, local_min: before.local_min, revision: after.revision };
        } catch (refused) {
            if (refused.status === undefined) throw refused;
            setProblem(refused);
            setSaid(refused.words);
            drop();
            await reload();
            return undefined;
        } finally {
            busy.current = false;
        }
    };
    const settle = async ({ slot, shift }) => {
        const known = plan.slots.find((one) => one.id === slot);
        const step = await write(slot, known?.start_s, (row) => ({ local_min: Math.min(1439, Math.max(0, row.local_min + shift)) }),
            known?.approved ? 'move.waits' : 'move.done');
        if (step) setDone((old) => [...old, step]);
    };
    const mean = (move) => {
        if (move.shift === 0) drop();
        else if (slots.get(move.slot)?.repeats) setAsked(move);
        else settle(move);
    };
    const undo = async () => {
        const last = done[done.length - 1];
        if (!last || busy.current) return;
        setDone(done.slice(0, -1));
        /* The revision of our own change: what another wrote since is not taken back. */
        await write(last.id, undefined, () => ({ local_min: last.local_min, revision: last.revision }), 'move.undone');
    };

    const onKeyDown = (event) => {
        const walked = walk(event);
        if (walked) focus.current = { ...walked.dataset };
        if (walked || !may || asked) return;
        if ((event.ctrlKey || event.metaKey) && event.key === 'z') { event.preventDefault(); undo(); return; }
        const bar = event.target.closest('[data-slot]');
        const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!bar || !way || busy.current) return;
        event.preventDefault();
        const { slot, from } = bar.dataset;
        const old = latest.current?.slot === slot ? latest.current.shift : 0;
        const wanted = old + way * (event.shiftKey ? 30 : STEP_MIN);
        const move = { slot, shift: Math.min(1439 - Number(from), Math.max(-Number(from), wanted)) };
        focus.current = { ...bar.dataset };
        latest.current = move;
        setPending(move);
        setSaid(t('move.to', { at: minuteClock(Number(from) + move.shift) }));
        clearTimeout(timer.current);
        timer.current = setTimeout(() => { timer.current = 0; mean(move); }, KEYS_REST_MS);
    };

    const onPointerDown = (event) => {
        const bar = event.target.closest('[data-slot]');
        focus.current = bar && { ...bar.dataset };
        if (!may || !bar || event.button !== 0 || event.pointerType === 'touch' || busy.current || asked) return;
        const { slot, from } = bar.dataset;
        const start = event.clientX;
        const all = [...event.currentTarget.querySelectorAll(`[data-slot="${CSS.escape(slot)}"]`)];
        let shift = 0;
        const move = (now) => {
            if (Math.abs(now.clientX - start) < DRAG_FROM_PX && shift === 0) return;
            const minutes = Math.round((now.clientX - start) / pixels(STEP_MIN)) * STEP_MIN;
            const next = Math.min(1439 - Number(from), Math.max(-Number(from), minutes));
            if (next === shift) return;
            shift = next;
            for (const one of all) one.style.transform = `translateX(${pixels(shift)}px)`;
            bar.dataset.to = minuteClock(Number(from) + shift);
        };
        const end = (last) => {
            off();
            for (const one of all) one.style.transform = '';
            delete bar.dataset.to;
            if (shift === 0) return;
            dragged.current = performance.now();
            if (last.type === 'pointercancel') return;
            setPending({ slot, shift });
            mean({ slot, shift });
        };
        const off = on(window, { pointermove: move, pointerup: end, pointercancel: end });
    };

    return {
        may, said, problem, asked, undo, mayUndo: done.length > 0, onKeyDown, onPointerDown, drop, settle,
        shiftOf: (slot) => (pending?.slot === slot ? pending.shift : 0),
        /* A click that ends a drag opens nothing. */
        justDragged: () => performance.now() - dragged.current < 300,
        /* The bar that was moved may be another one now: the keyboard stays with it. */
        refocus: (box) => {
            const was = focus.current;
            if (!was || document.activeElement !== document.body) return;
            const all = [...box.querySelectorAll(`[data-slot="${CSS.escape(was.slot)}"]`)].filter((one) => one.dataset.zone === was.zone);
            (all.find((one) => one.dataset.language === was.language) || all[0])?.focus({ preventScroll: true });
        },
    };
}

/* A slot that repeats moves on all its dates; one date can only be silenced or played otherwise. */
export function MoveQuestion({ moves, slots }) {
    const { slot, shift } = moves.asked;
    return html`<${Dialog} title=${t('move.series', { name: slots.get(slot)?.name })} onClose=${moves.drop}>
        <p>${t(shift > 0 ? 'move.later' : 'move.earlier', { n: Math.abs(shift) })} ${t('move.series_words')}</p>
        <p><a href=${`#/slots/${encodeURIComponent(slot)}`}>${t('move.one_date')}</a></p>
        <div class="row end"><button onClick=${moves.drop}>${t('say.cancel')}</button>
            <button class="main" onClick=${() => moves.settle(moves.asked)}>${t('move.whole')}</button></div><//>`;
}
