/*
 * route.js - the address names what is shown: #/announcements/0193… ?search=lũ
 *
 * After the hash, so that the server needs one page, a reload finds the same place, and the
 * back button goes back.
 */
import { on, useEffect, useState } from './html.js';

export function parse(hash) {
    const [path, search] = hash.replace(/^#/, '').split('?');
    return {
        path: path.split('/').filter(Boolean).map((part) => {
            try { return decodeURIComponent(part); } catch { return part; }
        }),
        query: Object.fromEntries(new URLSearchParams(search || '')),
    };
}

/* '#/week?area=ia-pa' */
export function link(path, values = {}) {
    const set = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
    return `#/${path.map(encodeURIComponent).join('/')}${set.length ? `?${new URLSearchParams(set)}` : ''}`;
}

export function go(path, values) {
    location.hash = link(path, values);
}

/* Changes the query without a step of history: a filter is not a place. */
export function refine(values) {
    const now = parse(location.hash);
    history.replaceState(null, '', link(now.path, { ...now.query, ...values }));
    window.dispatchEvent(new Event('hashchange'));
}

export function useRoute() {
    const [route, setRoute] = useState(() => parse(location.hash));
    useEffect(() => on(window, { hashchange: () => setRoute(parse(location.hash)) }), []);
    return route;
}

/* What an <a> is given that leads there; what is sent asks for it so (templates.py). */
export const way = (...of) => ({ href: link(...of) });
