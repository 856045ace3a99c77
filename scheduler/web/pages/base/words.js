/*
 * words.js - every word a person reads comes from a catalogue, one a language.
 *
 * t(name, { n: 3 }) fills in {n}. A word that is missing shows its own name
 * and is an error on the console, which no test lets pass.
 */
import vi from '../words/vi.js';
import en from '../words/en.js';

const catalogues = { vi, en };
const KEPT_AS = 'loa.words';

let current = read();

function read() {
    try {
        return localStorage.getItem(KEPT_AS) === 'en' ? 'en' : 'vi';
    } catch {
        return 'vi'; /* storage may be refused; the choice then lasts as long as the page */
    }
}

export const language = () => current;

export function setLanguage(name) {
    current = name in catalogues ? name : 'vi';
    document.documentElement.lang = current;
    try {
        localStorage.setItem(KEPT_AS, current);
    } catch { /* as above */ }
    window.dispatchEvent(new Event('loa-words'));
}

export function has(key) {
    return key in catalogues[current];
}

export function t(key, values) {
    const text = catalogues[current][key];
    if (text === undefined) {
        console.error(`no words for ${key}`);
        return `[${key}]`;
    }
    return values === undefined ? text
        : text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}
