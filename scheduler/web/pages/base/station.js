/* station.js - what is known of a station, in kinds: a state is shown only as far as observed. */
const MISSED = 3; /* heartbeats not heard before a station counts as out of contact */

export function contactOf(one, now_us) {
    if (!one.state?.contact_us) return 'never';
    return now_us - one.state.contact_us > MISSED * one.heartbeat_s * 1e6 ? 'lost' : 'good';
}

export const isHere = (one, now_us) => contactOf(one, now_us) === 'good';

/* Does the station hold what was last issued to it? */
export function heldOf(one) {
    if (!one.issued_version) return 'none';
    if (one.state?.refusal) return 'bad';
    return one.state?.accepted_version >= one.issued_version ? 'good' : 'wait';
}

export const KIND = { good: 'good', lost: 'lost', never: 'none', none: 'none', wait: 'wait', bad: 'bad' };

/* How many days from today on lie there whole, with their sound; unknown without a heartbeat. */
export const daysReady = (one) => one.heartbeat?.days_ready;
