/* say.js - what a page tells: problems, states in words, languages, nothing-there; buttons. */
import { html, useState } from '../base/html.js';
import { tongueWords } from '../base/places.js';
import { has, t } from '../base/words.js';
import { Icon } from './icons.js';

/* A problem where it arose; the server's own sentence, which is English, is for whoever is asked
 * for help, and shown when it is asked for. */
export function ProblemBox({ problem }) {
    if (!problem) return null;
    return html`<div class="problem" role="alert"><strong>${problem.words}</strong>
        ${problem.detail && html`<details class="small"><summary>${t('say.technical')}</summary><span lang="en">${problem.detail}</span></details>`}</div>`;
}

/* What a page shows of something loaded: the thing, or that it is coming, or why it is not. */
export function Loaded({ of, children }) {
    if (of.data) return html`<${ProblemBox} problem=${of.problem} />${children(of.data)}`;
    if (of.problem) return html`<${ProblemBox} problem=${of.problem} />
        <button onClick=${of.reload}>${t('say.again')}</button>`;
    return html`<p class="empty" role="status">${t('say.loading')}</p>`;
}

/* of: [[name of the word, what it is]]; only what there is */
export const Facts = ({ of }) => html`<dl class="facts">${of.filter(([, value]) => value).map(([word, value]) => html`<dt>${t(word)}</dt><dd>${value}</dd>`)}</dl>`;

/* A list of what is there, one row each, or that nothing is. */
export const List = ({ rows, none, children }) => (rows.length
    ? html`<ul class="list">${rows.map((one) => children(one))}</ul>` : html`<${Empty}>${none}<//>`);

export const Empty = ({ children }) => html`<p class="empty">${children}</p>`;

/* kind: good, half, bad, lost, wait, none. The word says it; sign and colour repeat it. */
export function State({ kind, children }) {
    return html`<span class=${`state ${kind}`}><${Icon} name=${kind} />${children}</span>`;
}

/* A language by its name; the colour repeats it. */
export function Tongue({ tag, lacking }) {
    const [base, , dialect] = (tag || '').split('-');
    const name = !tag ? t('tongue.none') : has(`tongue.${base}`) ? `${tongueWords(tag)}${dialect ? ` (${dialect})` : ''}` : tag;
    return html`<span class=${`tongue ${base} ${lacking ? 'lacking' : ''}`}>${
        lacking ? t('tongue.lacking', { name }) : name}</span>`;
}

/* Of which of several things a button is: the place says it to the eye. */
export const About = ({ of }) => of && html`<span class="hidden">: ${of}</span>`;

/* A button of an act, which is pressed once at a time. What went wrong is told beside it. */
export const ActButton = ({ of, about, disabled, more, children, ...rest }) => html`<button onClick=${() => of.run()} disabled=${of.busy || disabled} ...${rest} ...${more}>${children}<${About} of=${about} /></button>
    <${ProblemBox} problem=${of.problem} />`;

/* A button, with its words, and what it opens: children(close). */
export function Opener({ words, about, children, ...rest }) {
    const [open, setOpen] = useState(false);
    return html`<button onClick=${() => setOpen(true)} ...${rest}>${words}<${About} of=${about} /></button>
        ${open && children(() => setOpen(false))}`;
}
