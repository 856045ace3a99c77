/* say.js - what a page tells: problems, states in words, languages, nothing-there. */
import { html } from '../base/html.js';
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

export const Empty = ({ children }) => html`<p class="empty">${children}</p>`;

/* kind: good, half, bad, lost, wait, none. The word says it; sign and colour repeat it. */
export function State({ kind, children }) {
    return html`<span class=${`state ${kind}`}><${Icon} name=${kind} />${children}</span>`;
}

/* A language by its name; the colour repeats it. */
export function Tongue({ tag, lacking }) {
    const [base, , dialect] = (tag || '').split('-');
    const name = !tag ? t('tongue.none') : has(`tongue.${base}`) ? `${t(`tongue.${base}`)}${dialect ? ` (${dialect})` : ''}` : tag;
    return html`<span class=${`tongue ${base} ${lacking ? 'lacking' : ''}`}>${
        lacking ? t('tongue.lacking', { name }) : name}</span>`;
}
