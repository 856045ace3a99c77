/* wanted.js - a version asked of somebody, for the page of its announcement and for Today. */
import { html } from '../base/html.js';
import { at, post } from '../base/api.js';
import { useForm } from '../base/form.js';
import { useAct } from '../base/load.js';
import { may, useMe } from '../base/me.js';
import { baseOf, tongueWords } from '../base/places.js';
import { addDays, today } from '../base/time.js';
import { howFar, isLate, isOpen, useMyWanted } from '../base/wanted.js';
import { t } from '../base/words.js';
import { FormDialog } from './dialog.js';
import { Choice, DateField, TextField } from './fields.js';
import { ActButton, Opener, State, Tongue } from './say.js';

const AHEAD_DAYS = 3;

/* Nobody could check it but, at most, whoever is left out. */
export function NoChecker({ people, tag, but }) {
    const of = (language) => people?.languages.find((one) => one.language === language)?.checkers;
    const checkers = of(tag) ?? of(baseOf(tag)); /* who reads a language reads its dialects */
    return checkers && checkers.every((one) => one.id === but)
        && html`<p class="warn" role="status">${t('wanted.no_checker', { name: tongueWords(tag) })}</p>`;
}

function Ask({ announcement, tag, people, onClose }) {
    const others = people?.askable || [];
    const [form, , field] = useForm({ account: null, name: '', by: addDays(today(), AHEAD_DAYS), note: '' });
    const account = form.account ?? (others[0]?.id || '');
    const work = () => post('wanted', {
        announcement, language: tag, by_date: form.by, note: form.note.trim(), ...(account ? { account } : { name: form.name.trim() }),
    });
    return html`<${FormDialog} title=${t('wanted.ask')} words=${t('wanted.send')} work=${work} onClose=${onClose}
        disabled=${!form.by || form.by < today() || !(account || form.name.trim())}>
        <p><${Tongue} tag=${tag} /></p><${NoChecker} people=${people} tag=${tag} but=${account} />
        <div class="fields"><${Choice} label=${t('wanted.of')} ...${field('account')} value=${account}
                options=${[...others.map((one) => [one.id, one.name]), ['', t('wanted.other')]]} />
            ${!account && html`<${TextField} label=${t('wanted.name')} ...${field('name')} maxlength="60" />`}
            <${DateField} label=${t('wanted.by')} ...${field('by')} hint=${t('wanted.by_hint')} wrong=${form.by && form.by < today() && t('wanted.past')} /></div>
        <${TextField} whole rows="3" label=${t('wanted.note')} ...${field('note')} maxlength="200" /><//>`;
}

/* What stands beside a language: of whom it is wanted, or the way to ask; and whether anybody could check it. */
export function Wanting({ announcement, version, tag, wanted, people }) {
    const me = useMe();
    const one = wanted?.find((row) => row.language === tag && row.state !== 'withdrawn');
    const act = useAct(() => post(at`wanted/${one.id}/withdraw`));
    const open = one && isOpen(one);
    const [kind, words] = open ? howFar(one) : [];
    const lacks = !version?.object || version.state === 'returned';
    const writes = may(me, 'editor') && !announcement.withdrawn;
    return html`${version?.state !== 'approved' && version?.state !== 'checked' && html`<${NoChecker} people=${people} tag=${tag} />`}
        ${open && html`<div class="row"><span>${t('wanted.told', { name: one.name })}</span><${State} kind=${kind}>${words}<//>
            ${writes && html`<${ActButton} of=${act}>${t('wanted.withdraw')}<//>`}</div>`}
        ${writes && wanted && !one && lacks && html`<div><${Opener} words=${t('wanted.ask')}>${(close) => html`<${Ask} announcement=${announcement.id} tag=${tag} people=${people} onClose=${close} />`}<//></div>`}`;
}

/* For Today: how much there is to record, how much of it is late, and the way to it. */
export function WantedCard() {
    const { data } = useMyWanted(useMe());
    const open = data?.wanted.filter(isOpen) || [];
    const late = open.filter(isLate).length;
    return open.length > 0 && html`<section class="card"><h2>${t('nav.wanted')}</h2>
        <p><a href="#/wanted"><${State} kind="wait">${t('wanted.count', { n: open.length })}<//></a>
        ${late > 0 && html` <${State} kind="bad">${t('wanted.late_count', { n: late })}<//>`}</p></section>`;
}
