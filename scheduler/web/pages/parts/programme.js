/* programme.js - what a slot plays in a village, opened; and a village's day played through. */
import { html, useRef, useState } from '../base/html.js';
import { link } from '../base/route.js';
import { clock, length, longDay } from '../base/time.js';
import { isRemark, stateOf } from '../base/timeline.js';
import { t } from '../base/words.js';
import { spanWords } from './bar.js';
import { Dialog } from './dialog.js';
import { audioOf, Listen } from './listen.js';
import { Empty, State, Tongue } from './say.js';

function Finding({ line, slots }) {
    const by = line.by && slots.get(line.by);
    return html`<${State} kind=${isRemark(line) ? 'half' : stateOf(line) === 'none' ? 'none' : 'bad'}><span>${t(`finding.${line.finding}`)}${line.quiet ? ` – ${t(`quiet.reason.${line.quiet.reason}`)}${line.quiet.words ? `: ${line.quiet.words}` : ''} (${line.quiet.who})` : ''}
        ${line.special_name && ` – ${line.special_name}`}
        ${line.by && html` – <a href=${link(['slots', line.by])}>${by?.name ?? line.by}</a>`}</span><//>`;
}

function Line({ line, remarks, slots }) {
    return html`<li class="card stack"><div><strong class="time">${clock(line.at_us, true)}</strong> ${line.announcement
            ? html`<a href=${link(['announcements', line.announcement])}>${line.title}</a>` : line.title} ${line.language && html`<${Tongue} tag=${line.language} />`}
            ${' '}<span class="quiet small">${line.duration_us > 0 && length(line.duration_us)}</span></div>
        ${line.source && html`<${State} kind="half">${t('item.unheard')}<//>`}
        ${line.finding && html`<${Finding} line=${line} slots=${slots} />`}
        ${remarks.map((one) => html`<${Finding} line=${one} slots=${slots} />`)}
        ${line.version && !line.source && html`<${Listen} src=${audioOf(line.version)} label=${t('week.listen_to', { title: line.title })} />`}</li>`;
}

export function Programme({ bar, zone, date, slots, onHear, onClose }) {
    const slot = slots.get(bar.slot);
    return html`<${Dialog} title=${slot?.name ?? bar.slot} onClose=${onClose}>
        <p>${longDay(date)}, <span class="time">${spanWords(bar)}</span> · ${zone.words}<br />
            <${State} kind=${bar.state === 'clash' ? 'bad' : bar.state}>${t(`bar.${bar.state}`)}<//>
            ${slot && ` · ${t(`class.${slot.class}`)}${slot.repeats ? ` · ${t('week.repeats')}` : ''}`}</p>
        <ul class="list">${bar.lines.map((line) => html`<${Line} line=${line} slots=${slots}
            remarks=${bar.remarks.filter((one) => one.item && one.item === line.item)} />`)}</ul>
        ${bar.remarks.filter((one) => !one.item).map((one) => html`<p><${Finding} line=${one} slots=${slots} /></p>`)}
        <div class="row end"><button onClick=${onHear}>${t('week.hear')}</button>
            <a class="button" href=${link(['slots', bar.slot])}>${t('week.to_slot')}</a>
            <button class="main" onClick=${onClose}>${t('say.close')}</button></div><//>`;
}

/* One recording after the other, as the village hears them, without the hours between. */
export function Playing({ village, date, lines, onClose }) {
    const [now, setNow] = useState(0);
    const audio = useRef(null);
    const go = (i) => { setNow(i); requestAnimationFrame(() => audio.current?.play().catch(() => {})); };
    const line = lines[now];
    return html`<${Dialog} title=${t('week.hear_day', { village, day: longDay(date) })} onClose=${onClose}>
        ${line ? html`<p role="status">${t('week.now_playing', { n: now + 1, all: lines.length, at: clock(line.at_us), title: line.title })}</p>
            <audio ref=${audio} controls autoplay src=${audioOf(line.version)} aria-label=${line.title}
                onEnded=${() => { if (now + 1 < lines.length) go(now + 1); }}></audio>
            <ol class="list playing">${lines.map((one, i) => html`<li><button aria-current=${i === now ? 'true' : undefined} onClick=${() => go(i)}>
                <strong class="time">${clock(one.at_us)}</strong> ${one.title} ${one.language && html`<${Tongue} tag=${one.language} />`}</button></li>`)}</ol>`
        : html`<${Empty}>${t('week.nothing_heard')}<//>`}
        <div class="row end"><button class="main" onClick=${onClose}>${t('say.close')}</button></div><//>`;
}
