/*
 * html.js - templates and hooks for every part: one place that knows the libraries.
 *
 * When the pages are built, templates become calls of `h` and `element` (templates.py), nobody
 * asks for `html` any more, and htm is left out of what is sent.
 */
import htm from '../vendor/htm.js';
import { h } from './draw.js';

export { h };
export const html = /* @__PURE__ */ htm.bind(h);

/*
 * A function for 'tag.class;attribute=value': called with more attributes, where there are any,
 * and the children.
 */
export const element = (of) => {
    const [head, ...rows] = of.split(';');
    const [tag, kind] = head.split('.');
    const fixed = Object.fromEntries([...(kind ? [['class', kind]] : []), ...rows.map((row) => row.split(/=(.*)/))]);
    return (first, ...rest) => (first?.constructor === Object
        ? h(tag, { ...fixed, ...first }, ...rest) : h(tag, fixed, first, ...rest));
};
/* Listens to events of something, { name: handler }; returns what ends it, as an effect wants it. */
export function on(what, handlers) {
    const each = (act) => Object.entries(handlers).forEach(([name, handler]) => what[act](name, handler));
    each('addEventListener');
    return () => each('removeEventListener');
}

export {
    createContext, Fragment, render, useCallback, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState,
} from './draw.js';
