/* html.js - templates and hooks for every part: one place that knows the libraries. */
import { h } from '../vendor/preact.js';
import htm from '../vendor/htm.js';

export const html = htm.bind(h);
export { Fragment } from '../vendor/preact.js';
export {
    useCallback, useContext, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState,
} from '../vendor/hooks.js';
