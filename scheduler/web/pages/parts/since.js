/* since.js - what changed in a version since it was last approved: its words, and the recording of then to be heard beside. */
import { html } from '../base/html.js';
import { at } from '../base/api.js';
import { useLoad } from '../base/load.js';
import { dayClock } from '../base/time.js';
import { t } from '../base/words.js';
import { Recording } from './listen.js';

/* Marked by more than colour, and told to who hears the page. */
const MARKS = { same: 'span', removed: 'del', added: 'ins' };

const Words = ({ of, language }) => html`<p class="small">${t('version.since_marks')}</p>
    <div class="script" lang=${language}>${of.words.map(({ change, text }) => html`<${MARKS[change]}>${text}<//>${/\s$/.test(text) ? '' : ' '}`)}</div>`;

/* Nothing where it was never approved. */
export function Since({ version }) {
    const { data } = useLoad(at`versions/${version.id}/difference`);
    if (!data?.approved_us) return null;
    const { is_audio_changed, is_script_changed, is_script_known } = data;
    return html`<section class="card stack"><h3>${t('version.since', { at: dayClock(data.approved_us) })}</h3>
        ${!is_script_changed && !is_audio_changed ? html`<p>${t('version.since_same')}</p>` : html`
        ${!is_script_changed ? html`<p>${t('version.since_text')}</p>` : is_script_known ? html`<${Words} of=${data} language=${version.language} />` : html`<p class="warn">${t('version.since_unknown')}</p>`}
        <p>${t(is_audio_changed ? 'version.since_sound' : 'version.since_same_sound')}</p>
        ${is_audio_changed && data.before && html`<${Recording} version=${version.id} object=${data.before.hash} label=${t('version.since_sound')} approved />`}`}</section>`;
}
