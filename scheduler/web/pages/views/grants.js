/*
 * grants.js - what communes may start alone, with the district out of reach: who or which button,
 * what, where and how often; and my own PIN for it.
 */
import { html, useState } from '../base/html.js';
import { at, newKey, put, query } from '../base/api.js';
import { useForm } from '../base/form.js';
import { useLoad } from '../base/load.js';
import { areasOf, may, useMe } from '../base/me.js';
import { areaOptions, useAreas } from '../base/places.js';
import { addDays, dayClock, instant, nowUs, today } from '../base/time.js';
import { t } from '../base/words.js';
import { EndDialog, FormDialog } from '../parts/dialog.js';
import { Check, Choice, DateField, TextField } from '../parts/fields.js';
import { Empty, Loaded, State } from '../parts/say.js';
import { CALLERS } from './alert-call.js';

const TEXTS = [['name', 'name'], ['button', 'inputs'], ['max_starts', 'max_starts'], ['hours', 'span_s']];

/* of: [id, words] */
const Ticks = ({ label, of, value, onInput }) => html`<fieldset><legend>${label}</legend>${of.map(([id, words]) => html`<${Check} key=${id} label=${words} checked=${value.includes(id)}
    onInput=${(on) => onInput(on ? [...value, id] : value.filter((one) => one !== id))} />`)}</fieldset>`;

function New({ titles, onDone, onClose }) {
    const { areas } = useAreas();
    const [of, set, field] = useForm({ name: '', area: areasOf(useMe(), ...CALLERS)[0], accounts: [], templates: [], button: '', drills: false, max_starts: '3', hours: '24', until: addDays(today(), 180) });
    const callers = useLoad(`grants${query({ area: of.area })}`).data?.callers || [];
    const work = async () => {
        const { name, area, accounts, templates, button, drills, max_starts, hours, until } = of;
        onDone((await put(at`grants/${newKey()}`, { name, areas: [area], accounts, templates, drills, inputs: button ? [{ name: button, template: templates[0], values: [] }] : [],
            max_starts: Number(max_starts), span_s: hours * 3600, expires_us: instant(addDays(until, 1), 0) })).waits);
    };
    return html`<${FormDialog} title=${t('grant.new')} work=${work} onClose=${onClose} disabled=${!of.name || !of.templates.length || !of.until}>
        ${TEXTS.map(([name, words]) => html`<${TextField} label=${t(`fact.${words}`)} hint=${name === 'button' && t('grant.button')} ...${field(name)} maxlength="64" />`)}
        <${DateField} label=${t('people.until')} ...${field('until')} />
        <${Choice} label=${t('fact.areas')} value=${of.area} onInput=${(area) => set({ area, accounts: [] })} options=${areaOptions(areas)} />
        <${Ticks} label=${t('fact.templates')} ...${field('templates')} of=${titles} />
        <${Ticks} label=${t('fact.accounts')} ...${field('accounts')} of=${callers.map((one) => [one.id, one.name])} />
        <${Check} label=${t('fact.drills')} checked=${of.drills} onInput=${(drills) => set({ drills })} /><//>`;
}

function Pin({ onClose }) {
    const [of, , field] = useForm({ old: '', pin: '' });
    return html`<${FormDialog} title=${t('grant.pin')} work=${() => put('session/pin', of)} onClose=${onClose}>
        <${TextField} label=${t('account.password_old')} type="password" ...${field('old')} autocomplete="current-password" />
        <${TextField} label=${t('grant.pin')} hint=${t('grant.pin_hint')} type="password" inputmode="numeric" ...${field('pin')} autocomplete="off" /><//>`;
}

function Grant({ one, names, titles, nameOf, onEnd }) {
    const on = !one.revoked_us && one.expires_us > nowUs();
    const who = one.accounts.map((id) => names.get(id) + (one.without_pin.includes(id) ? ` (${t('grant.no_pin')})` : ''));
    return html`<li class="item"><div><strong>${one.name}</strong> <${State} kind=${on ? 'good' : 'none'}>${t(on ? 'alert.on' : one.revoked_us ? 'station.revoked' : 'alert.over')}<//>
        <div>${[...who, ...one.inputs.map((each) => t('grant.by_button', each))].join(', ')}</div>
        <div>${one.templates.map((id) => titles.get(id)).join(', ')} · ${one.areas.map(nameOf).join(', ')}</div>
        <div class="small quiet">${t('grant.often', { n: one.max_starts, h: one.span_s / 3600 })}${one.drills && ` · ${t('fact.drills')}`} · ${t('alert.until', { at: dayClock(one.expires_us) })} · ${one.approver_name}</div></div>
        ${on && onEnd && html`<div class="row end"><button class="danger" onClick=${onEnd}>${t('grant.revoke')}<span class="hidden">: ${one.name}</span></button></div>`}</li>`;
}

export function Grants() {
    const me = useMe();
    const { nameOf } = useAreas();
    const list = useLoad('grants');
    const titles = (useLoad('alert-templates').data?.templates || []).map((one) => [one.id, one.title]);
    const [shown, show] = useState(null); /* 'new', 'pin', a grant to be revoked */
    const [waits, setWaits] = useState(null);
    const close = () => show(null);
    return html`<p class="trail"><a href="#/alerts">${t('nav.alerts')}</a></p><div class="head"><h1>${t('grant.title')}</h1>${may(me, ...CALLERS) && html`<div class="row">
        <button class="main" onClick=${() => show('new')}>${t('grant.new')}</button><button onClick=${() => show('pin')}>${t('grant.pin')}</button></div>`}</div>
        <p>${t('grant.words')}</p><div role="status">${waits && html`<p class="warn">${t('day.waits')}</p>`}</div>
        <${Loaded} of=${list}>${({ grants, callers }) => (grants.length === 0 ? html`<${Empty}>${t('grant.none')}<//>`
            : html`<ul class="list">${grants.map((one) => html`<${Grant} key=${one.id} one=${one} nameOf=${nameOf} titles=${new Map(titles)}
                names=${new Map(callers.map((each) => [each.id, each.name]))} onEnd=${may(me, ...CALLERS, 'official', 'administrator') && (() => show(one))} />`)}</ul>`)}<//>
        ${shown === 'new' ? html`<${New} titles=${titles} onDone=${setWaits} onClose=${close} />` : shown === 'pin' ? html`<${Pin} onClose=${close} />`
            : shown && html`<${EndDialog} path=${at`grants/${shown.id}/revoke`} name=${shown.name} title=${t('grant.revoke')} text=${t('grant.revoke_words')} words=${t('grant.revoke')} onClose=${close} />`}`;
}
