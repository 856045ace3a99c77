/* csv.js - what a page shows, as a file for a spreadsheet. */
import { html } from '../base/html.js';
import { useAct } from '../base/load.js';
import { t } from '../base/words.js';
import { ActButton } from './say.js';

const KEPT_MS = 60_000; /* until the browser has written it */

/* What a spreadsheet would take for a formula is shown as the text that it is. */
const cell = (value) => {
    const text = String(value ?? '');
    return `"${/^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? "'" : ''}${text.replaceAll('"', '""')}"`;
};

/* With a mark in front by which spreadsheets know that it is UTF-8. */
export const csvOf = (rows) => `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`;

/* rows: called by a click, the first one heads; may take its time */
export function SaveCsv({ name, rows }) {
    const act = useAct(async () => {
        const url = URL.createObjectURL(new Blob([csvOf(await rows())], { type: 'text/csv' }));
        Object.assign(document.createElement('a'), { href: url, download: `${name}.csv` }).click();
        setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
    }, true);
    return html`<${ActButton} of=${act} class="no-print">${t('say.csv')}<//>`;
}
