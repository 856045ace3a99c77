/*
 * dialog.js - something asked in front of the page: the browser's own modal dialog, which keeps
 * the keyboard inside and gives it back afterwards.
 */
import { html, useEffect, useRef } from '../base/html.js';
import { t } from '../base/words.js';
import { ProblemBox } from './say.js';

export function Dialog({ title, onClose, children }) {
    const box = useRef(null);
    useEffect(() => {
        const shown = box.current;
        if (!shown.open) shown.showModal();
        return () => shown.close();
    }, []);
    return html`<dialog ref=${box} aria-labelledby="dialog-title"
        onCancel=${(event) => { event.preventDefault(); onClose(); }}>
        <div class="stack"><h2 id="dialog-title">${title}</h2>${children}</div></dialog>`;
}

/* A form in a dialog: fields, what went wrong, and the two ways out. */
export function FormDialog({ title, act, words, onSubmit, onClose, disabled, danger, children }) {
    const submit = async (event) => {
        event.preventDefault();
        if (await onSubmit() !== undefined) onClose();
    };
    return html`<${Dialog} title=${title} onClose=${onClose}>
        <form onSubmit=${submit} novalidate>${children}
            <${ProblemBox} problem=${act.problem} />
            <div class="row end"><button type="button" onClick=${onClose}>${t('say.cancel')}</button>
                <button class=${danger ? 'danger' : 'main'} disabled=${act.busy || disabled}>${words}</button></div>
        </form><//>`;
}
