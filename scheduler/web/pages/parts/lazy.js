/*
 * lazy.js - a view that is fetched when somebody first goes there.
 *
 * A phone on one bar reads what it shows and no more. The others follow while nobody waits, so
 * that a page is there when the line is not.
 */
import { html, useLayoutEffect, useState } from '../base/html.js';
import { foresee } from '../base/load.js';
import { t } from '../base/words.js';

const loads = [];

/* name: what the module of load() exports */
export function lazy(name, load) {
    let view = null;
    const fetch = async () => { view = (await load())[name]; };
    loads.push(fetch);
    function Lazy(props) {
        const [state, setState] = useState(view ? 'there' : 'coming');
        useLayoutEffect(() => {
            if (view === null) fetch().then(() => setState('there'), () => setState('failed'));
            else window.dispatchEvent(new Event('loa-fetched'));
        }, [state]);
        if (state === 'there') return html`<${view} ...${props} />`;
        /* Another version of the program has other addresses: from the beginning then. */
        return state === 'failed'
            ? html`<p class="empty"><button onClick=${() => location.reload()}>${t('say.again')}</button></p>`
            : html`<p class="empty" role="status">${t('say.loading')}</p>`;
    }
    /* Asked for before it is shown, with what it will load; if that does not come, showing it
     * tries again and says so. */
    Lazy.expect = (query) => { fetch().then(() => view.foresees?.(query).forEach(foresee), () => {}); };
    return Lazy;
}

/* Fetches what was not gone to yet; one that does not come is fetched when it is gone to. */
export function fetchTheRest() {
    for (const fetch of loads) fetch().catch(() => {});
}
