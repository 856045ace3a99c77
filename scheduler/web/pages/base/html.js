/*
 * html.js - templates and hooks for every part: one place that knows the libraries.
 *
 * When the pages are built, templates become calls of `h`, `piece` and `element` (templates.py), nobody
 * asks for `html` any more, and htm is left out of what is sent.
 */
import htm from '../vendor/htm.js';
import { h } from './draw.js';

export { h };
export const html = /* @__PURE__ */ htm.bind(h);

/*
 * A function for what is drawn often: called with attributes, where there are any besides the
 * fixed ones, and the children.
 */
export const caller = (typeOf, fixed) => (first, ...rest) => (first?.constructor === Object
    ? h(typeOf(), { ...fixed, ...first }, ...rest) : h(typeOf(), fixed, first, ...rest));

/* Such a one for 'tag.class;attribute=value'. */
export const element = (of) => {
    const [head, ...rows] = of.split(';');
    const [tag, kind] = head.split('.');
    return caller(() => tag, Object.fromEntries([...(kind ? [['class', kind]] : []), ...rows.map((row) => row.split(/=(.*)/))]));
};

/* Listens to events of something, { name: handler }; returns what ends it, as an effect wants it. */
export function on(what, handlers) {
    const each = (act) => Object.entries(handlers).forEach(([name, handler]) => what[act](name, handler));
    each('addEventListener');
    return () => each('removeEventListener');
}

export {
    createContext, Fragment, keyed, piece, render, useCallback, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState,
} from './draw.js';
