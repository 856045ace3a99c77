/* print.js - a script in letters that can be read at an arm's length, on paper: one version. */
import { html } from '../base/html.js';
import { at } from '../base/api.js';
import { useLoad } from '../base/load.js';
import { link } from '../base/route.js';
import { day } from '../base/time.js';
import { t } from '../base/words.js';
import { Loaded, Tongue } from '../parts/say.js';

/* A dot behind one or two capitals or digits ends no sentence: 'TP. Pleiku', '12. 3'. */
const SHORTENED = /(^|\s)(\p{Lu}{1,2}|\d{1,2})\.$/u;

/* The sentences of a paragraph. */
export function sentences(text) {
    const found = [];
    for (const piece of text.replace(/([.!?…;:])\s+/g, '$1\n').split('\n')) {
        const last = found.length - 1;
        if (last >= 0 && SHORTENED.test(found[last])) found[last] += ` ${piece}`;
        else found.push(piece);
    }
    return found;
}

/* On the line of the word before it. */
const Pause = ({ sign }) => html`\u00a0<span class="pause" aria-hidden="true">${sign}</span> `;

function Paragraph({ text }) {
    const all = sentences(text);
    return html`<p>${all.map((one, i) => html`${one}<${Pause} sign=${i + 1 < all.length ? '/' : '//'} />`)}</p>`;
}

function Sheet({ version, whole, wanted }) {
    const asked = wanted.find((one) => one.language === version.language && one.state !== 'withdrawn');
    return html`<p class="trail no-print"><a href=${link(['announcements', whole.id])}>${whole.title}</a></p>
        <div class="row no-print"><button class="main" onClick=${() => print()}>${t('say.print')}</button></div>
        <article class="sheet" lang=${version.language}>
            <header><h1 lang="vi">${whole.title}</h1><p><${Tongue} tag=${version.language} /> <span lang="vi">${whole.source_number}, ${whole.source_issuer}, ${day(whole.source_date)}</span></p>
                <p>${asked && `${t('print.for', { name: asked.name, day: day(asked.by_date) })} · `}${t('print.pauses')}</p></header>
            ${version.script ? version.script.split(/\n+/).filter((one) => one.trim()).map((one) => html`<${Paragraph} text=${one.trim()} />`)
                : html`<p class="quiet">${t('version.no_script')}</p>`}</article>`;
}

export function Print({ id }) {
    const version = useLoad(at`versions/${id}`);
    const of = version.data?.announcement;
    const whole = useLoad(of ? at`announcements/${of}` : null);
    const wanted = useLoad(of ? at`wanted?announcement=${of}` : null);
    return html`<${Loaded} of=${version}>${(one) => html`<${Loaded} of=${whole}>${(all) => html`<${Loaded} of=${wanted}>${(rows) => html`
        <${Sheet} version=${one} whole=${all} wanted=${rows.wanted} />`}<//>`}<//>`}<//>`;
}
