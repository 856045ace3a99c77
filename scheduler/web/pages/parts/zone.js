/*
 * zone.js - one zone, made or changed: where it stands, and which languages it hears in which
 * order. Buttons move a language up and down, so that a keyboard can.
 */
import { html } from '../base/html.js';
import { at, put } from '../base/api.js';
import { useForm } from '../base/form.js';
import { TAGS, areaOptions, idOf, tongueWords, useAreas } from '../base/places.js';
import { t } from '../base/words.js';
import { FormDialog } from './dialog.js';
import { Choice, TextField } from './fields.js';
import { Tongue } from './say.js';

function Tongues({ of, onInput }) {
    const moved = (from, to) => { const list = [...of]; list.splice(to, 0, ...list.splice(from, 1)); onInput(list); };
    const rest = TAGS.filter((one) => !of.includes(one));
    const button = (act, tag, sign, on, disabled) => html`<button type="button" disabled=${disabled} onClick=${on}
        aria-label=${`${t(`zone.${act}`)}: ${tongueWords(tag)}`}>${sign}</button>`;
    return html`<fieldset><legend>${t('fact.languages')}</legend><p class="hint small">${t('zone.order')}</p>
        <ol class="list">${of.map((tag, i) => html`<li class="row" key=${tag}><${Tongue} tag=${tag} />
            ${button('up', tag, '↑', () => moved(i, i - 1), i === 0)}${button('down', tag, '↓', () => moved(i, i + 1), i === of.length - 1)}
            ${button('out', tag, '✕', () => onInput(of.filter((one) => one !== tag)), of.length === 1)}</li>`)}</ol>
        <div class="row">${rest.map((tag) => html`<button type="button" onClick=${() => onInput([...of, tag])}>${t('zone.add', { name: tongueWords(tag) })}</button>`)}</div></fieldset>`;
}

/* zone: null for a new one; onDone: told whether the change waits for a second person */
export function ZoneDialog({ station, zone, onDone, onClose }) {
    const { areas } = useAreas();
    const villages = areas.filter((one) => one.kind === 'village');
    const [of, set, field] = useForm({ id: null, name: '', village: '', output: station.outputs[0]?.id, languages: ['vi'], ...zone });
    const id = of.id ?? idOf(of.name);
    const village = of.village || villages[0]?.id;
    const work = async () => {
        const { name, output, languages } = of;
        onDone((await put(at`stations/${station.id}/zones/${id}`, { name, output, village, languages })).waits !== undefined);
    };
    return html`<${FormDialog} title=${t(zone ? 'zone.change' : 'zone.new')} disabled=${!of.name.trim() || !id || !village}
        work=${work} onClose=${onClose}>
        <${TextField} label=${t('fact.name')} ...${field('name')} maxlength="100" />
        ${!zone && html`<${TextField} label=${t('zone.id')} ...${field('id')} value=${id} hint=${t('zone.id_hint')} autocapitalize="none" spellcheck="false" maxlength="64" />`}
        <${Choice} label=${t('fact.village')} ...${field('village')} value=${village} options=${areaOptions(villages.map((one) => ({ ...one, depth: 0 })))} />
        ${station.outputs.length > 1 && html`<${Choice} label=${t('fact.output')} ...${field('output')} options=${station.outputs.map((one) => [one.id, one.name])} />`}
        <${Tongues} of=${of.languages} onInput=${(languages) => set({ languages })} /><//>`;
}
