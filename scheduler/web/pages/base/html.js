/*
 * html.js - templates and hooks for every part: one place that knows the libraries.
 *
 * When the pages are built, templates become calls of `h` and `element` (templates.py), nobody
 * asks for `html` any more, and htm is left out of what is sent.
 */
import { h } from '../vendor/preact.js';
import htm from '../vendor/htm.js';

export { h };
export const html = /* @__PURE__ */ htm.bind(h);

/* A function for 'tag.class': called with the attributes, where there are any, and the children. */
export const element = (of) => {
    const [tag, kind] = of.split('.');
    return (first, ...rest) => (first?.constructor === Object
        ? h(tag, kind ? { class: kind, ...first } : first, ...rest)
        : h(tag, kind && { class: kind }, first, ...rest));
};
export { Fragment } from '../vendor/preact.js';
export {
    useCallback, useContext, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState,
} from '../vendor/hooks.js';
