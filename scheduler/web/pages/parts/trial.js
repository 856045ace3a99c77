/* trial.js - what would happen if a slot were so: the district is asked, and nothing is kept. */
import { html, useEffect, useState } from '../base/html.js';
import { post } from '../base/api.js';
import { tongueWords } from '../base/places.js';
import { clock, day } from '../base/time.js';
import { isRemark } from '../base/timeline.js';
import { t } from '../base/words.js';
import { State } from './say.js';

const TYPED_MS = 500; /* so long after the last key the form is meant */

/* body: as the API takes it; null: there is nothing to ask about yet */
export function useTrial(body) {
    const [data, setData] = useState(null);
    const key = body && JSON.stringify(body);
    useEffect(() => {
        let set = setData;
        const timer = setTimeout(() => (key ? post('slot-trials', body).catch(() => null).then((one) => set(one)) : set(null)), TYPED_MS);
        return () => { clearTimeout(timer); set = () => {}; };
    }, [key]);
    return data;
}

const more = (n, least) => (n > least ? ` +${n - least}` : '');

function Line({ of }) {
    const what = [of.title, tongueWords(of.language)].filter(Boolean).join(', ');
    return html`<li><${State} kind=${isRemark(of) ? 'half' : 'bad'}><span>${!of.own && html`<strong>${of.name}</strong>: `}${t(`finding.${of.finding}`)}
        ${of.own && of.by && ` – ${of.by}`}${what && ` – ${what}`}</span><//>
        <span class="small quiet"> ${of.villages.join(', ')}${more(of.n_villages, of.villages.length)} · ${day(of.date)}${more(of.n_dates, 1)}</span></li>`;
}

export const Trial = ({ of }) => of && html`<p>${of.to_us ? t('trial.at', { from: clock(of.from_us), to: clock(of.to_us) }) : t('trial.silent')}
    ${' '}${!of.lines.length && t('trial.clear')}</p>
    <ul class="list">${of.lines.map((one) => html`<${Line} of=${one} />`)}</ul>${of.more && html`<p class="small">${t('trial.more')}</p>`}`;
