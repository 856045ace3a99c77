/* messages.js - what was sent to people, waits, or failed and why, for who looks after it. */
import { html } from '../base/html.js';
import { query } from '../base/api.js';
import { useLoad } from '../base/load.js';
import { go } from '../base/route.js';
import { t } from '../base/words.js';
import { Choice } from '../parts/fields.js';
import { Messages } from '../parts/messages.js';
import { Empty, Loaded } from '../parts/say.js';

const STATES = ['', 'failed', 'waiting', 'sent'];

export function MessagesPage({ query: { state = '' } }) {
    const list = useLoad(`messages${query(state ? { state } : {})}`);
    return html`<p class="trail"><a href="#/people">${t('nav.people')}</a></p><h1>${t('messages.log')}</h1>
        <${Choice} label=${t('messages.became')} value=${state} options=${STATES.map((one) => [one, t(one ? `messages.${one}` : 'say.all')])}
            onInput=${(to) => go(['messages'], to ? { state: to } : {})} />
        <${Loaded} of=${list}>${({ messages }) => (messages.length ? html`<${Messages} rows=${messages} whose />` : html`<${Empty}>${t('messages.none')}<//>`)}<//>`;
}
