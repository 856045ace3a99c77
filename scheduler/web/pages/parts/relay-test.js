/*
 * relay-test.js - what came of the tests of a station's relays, and asking for one.
 *
 * The station decides, and its record is the answer; without one, soon after the order is over,
 * it did not answer.
 */
import { html, useEffect, useState } from '../base/html.js';
import { at, post } from '../base/api.js';
import { ago, nowUs } from '../base/time.js';
import { t } from '../base/words.js';
import { Act } from './acts.js';
import { remarkWords } from './faults.js';
import { State } from './say.js';

const SLACK_US = 30e6; /* an order taken in its last second, the relay's opening, the record's way */
const KIND = { test_good: 'good', test_not_closed: 'bad', test_not_opened: 'bad' };

export const isOpen = (test) => !!test && !test.said && test.expires_us + test.duration_ms * 1e3 + SLACK_US > nowUs();

export function Said({ test }) {
    const [, again] = useState(0);
    const open = isOpen(test);
    /* That nothing comes is told without anything happening. */
    useEffect(() => {
        if (!open) return undefined;
        const timer = setTimeout(() => again((n) => n + 1), 1000);
        return () => clearTimeout(timer);
    });
    if (!test) return null;
    const who = test.asked_by_name || t('test.there');
    return html`<div class="small"><${State} kind=${open ? 'wait' : test.said ? KIND[test.said.code] || 'half' : 'lost'}>${open ? t('test.waits')
        : test.said ? remarkWords(test.said) : t('test.silent')}<//><div class="quiet">${ago(test.asked_us)} · ${who}</div></div>`;
}

/* One at a time in a station. */
export function TestButton({ station, zone, busy }) {
    return html`<${Act} work=${() => post(at`stations/${station}/zones/${zone.id}/tests`, {})} disabled=${busy} aria-label=${t('test.of', { name: zone.name })}>${t('test.begin')}<//>`;
}
