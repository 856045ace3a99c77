/* places.js - the tree of areas and the table of languages, as pages choose from them. */
import { useLoad } from './load.js';
import { byName, said } from './words.js';

/* Areas in the order of the tree, each with how deep it lies; parents one may not see are left out. */
export function treeOf(areas) {
    const known = new Set(areas.map((one) => one.id));
    const below = new Map();
    for (const one of areas) {
        const parent = known.has(one.parent) ? one.parent : '';
        below.set(parent, [...(below.get(parent) || []), one]);
    }
    const walk = (parent, depth) => (below.get(parent) || [])
        .sort((a, b) => byName(a.name, b.name))
        .flatMap((one) => [{ ...one, depth }, ...walk(one.id, depth + 1)]);
    return walk('', 0);
}

const trees = new WeakMap(); /* of what the district answered: several parts show one answer */

export function useAreas() {
    const { data } = useLoad('areas');
    if (data && !trees.has(data)) trees.set(data, treeOf(data.areas));
    const areas = trees.get(data) ?? [];
    return { areas, nameOf: (id) => areas.find((one) => one.id === id)?.name ?? id };
}

/* [value, words] of a choice, the depth shown by spaces that do not fold. */
export const areaOptions = (areas) =>
    areas.map((one) => [one.id, `${'\u2003'.repeat(one.depth)}${one.name}`]);

/* The languages of the district. */
export const TAGS = ['vi', 'bdq', 'jra'];

/* A dialect counts as its language. */
export const baseOf = (tag) => (tag || '').split('-')[0];
export const tongueWords = (tag) => (tag ? said(`tongue.${baseOf(tag)}`, tag) : '');
export const tongueOptions = () => TAGS.map((tag) => [tag, tongueWords(tag)]);

/* An id out of a name: "Ƀôn Tơ Jú" is bon-to-ju. */
export const idOf = (name) => name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/đ/g, 'd').replace(/ƀ/g, 'b')
    .replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 63);
