/*
 * me.js - who has signed in and what they may do. The server decides each time; here is only
 * decided what is worth showing.
 */
import { createContext, useContext } from './html.js';
import { nowUs } from './time.js';

export const ROLES = ['editor', 'reviewer', 'approver', 'operator', 'official', 'technician', 'inspector', 'administrator'];

export const Me = createContext();
export const useMe = () => useContext(Me);

function inForce(right) {
    const now = nowUs();
    return (!right.until_us || right.until_us > now) && !(right.from_us > now);
}

/* Does the account hold one of the roles anywhere? */
export function may(me, ...roles) {
    return me.rights.some((right) => roles.includes(right.role) && inForce(right));
}

/* The areas in which it holds one of the roles. */
export function areasOf(me, ...roles) {
    return me.rights.filter((right) => roles.includes(right.role) && inForce(right))
        .map((right) => right.area);
}
