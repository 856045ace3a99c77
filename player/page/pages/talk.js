/*
 * talk.js - what the page says to its station: documents as talk.h has them, keys in order.
 */
import { get, newKey, post, Problem, remove } from '../../../scheduler/web/pages/base/api.js';
import { has, t } from '../../../scheduler/web/pages/base/words.js';

export { newKey };

function documentOf(type, members) {
    const all = { ...members, type, v: 1 };
    return Object.fromEntries(Object.keys(all).filter((name) => all[name] !== undefined).sort()
        .map((name) => [name, all[name]]));
}

/* The station answered that it will not. */
export class Refusal extends Problem {
    get words() {
        return has(`fault.${this.code}`) ? t(`fault.${this.code}`) : this.code;
    }
}

function granted({ refusal }) {
    if (refusal) throw new Refusal(409, refusal.code, refusal.words);
}

export const state = () => get('state');
export const signIn = (account, pin) => post('session', documentOf('page-sign-in', { account, pin }));
export const signOut = () => remove('session');
export const start = (order) => post('alerts', documentOf('page-order', order)).then(granted);
export const stop = (alert) => post('stop', documentOf('page-end', { alert })).then(granted);
