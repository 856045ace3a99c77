/*
 * load.js - what a page shows of the district, fetched when it is shown and again when it may
 * have changed.
 */
import { get } from './api.js';
import { on, useCallback, useEffect, useLayoutEffect, useRef, useState } from './html.js';

/*
 * Requests on their way: one for what two parts ask for at once. What is foreseen is asked for
 * while the page that will show it is on its way, and waits a little to be taken, once.
 */
const FORESEEN_MS = 5_000;
const flights = new Map();

function take(path, options) {
    const flight = flights.get(path) ?? get(path, options);
    const land = () => { if (flights.get(path) === flight) flights.delete(path); };
    flights.set(path, flight);
    flight.then(land, land);
    return flight;
}

/* Returns a promise for when it is there, or is known not to come. */
export function foresee(path) {
    const flight = get(path);
    flights.set(path, flight);
    setTimeout(() => { if (flights.get(path) === flight) flights.delete(path); }, FORESEEN_MS);
    /* Whoever takes it meets the problem. */
    return flight.then((data) => { flight.data = data; }, () => {});
}

/* What was foreseen and is there already is shown at once. */
const first = (path) => {
    const data = flights.get(path)?.data;
    return data ? { path, data, problem: null, loading: false } : { path: null, data: null, problem: null, loading: true };
};

/*
 * useLoad(path): { data, problem, loading, reload }. A path of null loads nothing. What was
 * loaded stays while it is loaded again, and after a failure: old knowledge with a banner is
 * better than an empty page.
 */
export function useLoad(path) {
    const [state, setState] = useState(() => first(path));
    const turn = useRef(0);
    const reload = useCallback(async (unattended) => {
        if (path === null) return;
        const mine = ++turn.current;
        setState((old) => (old.loading ? old : { ...old, loading: true }));
        try {
            const data = await take(path, { unattended });
            if (mine === turn.current) setState({ path, data, problem: null, loading: false });
        } catch (problem) {
            if (mine === turn.current)
                setState((old) => ({
                    path, data: old.path === path ? old.data : null, problem, loading: false,
                }));
        }
    }, [path]);

    /* Before the page is painted: what is on its way earlier is there earlier. */
    useLayoutEffect(() => {
        if (turn.current || state.path !== path) reload();
        else flights.delete(path);
        const again = (event) => reload(event.detail?.unattended);
        const end = on(window, { 'loa-changed': again });
        return () => {
            turn.current++;
            end();
        };
    }, [reload]);
    const fresh = state.path === path ? state : { data: null, problem: null, loading: path !== null };
    return { data: fresh.data, problem: fresh.problem, loading: fresh.loading, reload };
}

/*
 * Something was written, here or by somebody else (then nobody need sit before this page), or
 * the line is back: whatever is shown is fetched again.
 */
export function tellChanged(unattended = false) {
    flights.clear();
    window.dispatchEvent(new CustomEvent('loa-changed', { detail: { unattended } }));
}

/*
 * useAct(work): { run, busy, problem, clear }. One act at a time; its problem is shown where
 * the act was begun. Returns what the work returned, or undefined after a problem. One that only
 * asks changes nothing that is shown.
 */
export function useAct(work, onlyAsks = false) {
    const [state, setState] = useState({ busy: false, problem: null });
    const alive = useRef(true);
    const running = useRef(false);

    useEffect(() => () => { alive.current = false; }, []);
    const run = async (...values) => {
        if (running.current) return undefined;
        running.current = true;
        setState({ busy: true, problem: null });
        try {
            const result = await work(...values);
            if (alive.current) setState({ busy: false, problem: null });
            if (!onlyAsks) tellChanged();
            return result === undefined ? true : result;
        } catch (problem) {
            if (problem.status === undefined) throw problem; /* a mistake of ours */
            if (alive.current) setState({ busy: false, problem });
            return undefined;
        } finally {
            running.current = false;
        }
    };
    return { ...state, run, clear: () => setState({ busy: false, problem: null }) };
}
