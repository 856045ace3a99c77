/*
 * words.js - every word a person reads comes from a catalogue, one a language.
 *
 * t(name, { n: 3 }) fills in {n}. A word that is missing shows its own name
 * and is an error on the console, which no test lets pass.
 */
const KEPT_AS = 'loa.words';
const LANGUAGES = ['vi', 'en'];

let current = null;
let catalogue = {};

function read() {
    try {
        return localStorage.getItem(KEPT_AS) === 'en' ? 'en' : 'vi';
    } catch {
        return 'vi';
    }
}

export const language = () => current;

/* Fetches a catalogue and shows the pages in it; the first one before anything is shown. */
export async function useWords(name = read()) {
    const wanted = LANGUAGES.includes(name) ? name : LANGUAGES[0];
    const answer = await fetch(new URL(`words/${wanted}.json`, import.meta.url));
    if (!answer.ok) throw new Error(`no catalogue ${wanted}`);
    catalogue = await answer.json();
    /* As they are sent, names of words may lead to their numbers (word_numbers.py). */
    for (const key in catalogue) if (typeof catalogue[key] === 'number') catalogue[key] = catalogue[catalogue[key]];
    current = wanted;
    document.documentElement.lang = current;
    try {
        localStorage.setItem(KEPT_AS, current);
    } catch { /* storage may be refused; the choice then lasts as long as the page */ }
    window.dispatchEvent(new Event('loa-words'));
}

/* The order of names of people and places. Made when it is first needed, which takes its time, and kept. */
let collator = null;
export const byName = (a, b) => (collator ??= new Intl.Collator('vi', { numeric: true })).compare(a, b);

/* [name without the prefix, word] of all that begin so. */
export const named = (prefix) => Object.keys(catalogue).filter((one) => one.startsWith(prefix)).map((one) => [one.slice(prefix.length), catalogue[one]]);

export const has = (key) => key in catalogue;

/* The word, or something else where there is none: a code of a newer program is shown as it is. */
export const said = (key, other) => (has(key) ? t(key) : other);

export function t(key, values) {
    const text = catalogue[key];
    if (text === undefined) {
        console.error(`no words for ${key}`);
        return `[${key}]`;
    }
    return values === undefined ? text
        : text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}
