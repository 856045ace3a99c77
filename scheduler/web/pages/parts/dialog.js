/*
 * dialog.js - something asked in front of the page: the browser's own modal dialog, which keeps
 * the keyboard inside and gives it back afterwards.
 */
import { html, useEffect, useRef, useState } from '../base/html.js';
import { at, post } from '../base/api.js';
import { useAct } from '../base/load.js';
import { t } from '../base/words.js';
import { TextField } from './fields.js';
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

/*
 * A form in a dialog: fields, what went wrong, and the two ways out. work: what is done with it;
 * act: the same, where the form itself looks at what became of it.
 */
export function FormDialog({ title, work, act: given, words = t('say.save'), onClose, disabled, danger, children }) {
    const own = useAct(work);
    const act = given ?? own;
    const submit = async () => {
        if (await act.run() !== undefined) onClose();
    };
    return html`<${Dialog} title=${title} onClose=${onClose}>
        <form onSubmit=${submit} novalidate>${children}
            <${ProblemBox} problem=${act.problem} />
            <div class="row end"><button type="button" onClick=${onClose}>${t('say.cancel')}</button>
                <button class=${danger ? 'danger' : 'main'} disabled=${act.busy || disabled}>${words}</button></div>
        </form><//>`;
}

/* Something is ended: what, what becomes of it, and the one act. */
export function EndDialog({ path, name, title, text, words, onClose }) {
    const work = () => post(path);
    return html`<${FormDialog} danger title=${title} words=${words} work=${work} onClose=${onClose}>
        <p><strong>${name}</strong></p><p>${text}</p><//>`;
}

export const WithdrawDialog = ({ id, name, words, onClose }) => html`<${EndDialog} path=${at`announcements/${id}/withdraw`} name=${name}
    title=${t('announcement.withdraw_title')} text=${t('announcement.withdraw_words')} words=${words} onClose=${onClose} />`;

/* Something is sent back to its author with a reason; `seen`: what the judge saw of it. */
export function ReturnDialog({ path, seen, onDone, onClose }) {
    const [note, setNote] = useState('');
    const work = () => post(path, { ...seen, note }).then(onDone);
    return html`<${FormDialog} title=${t('version.return_title')} words=${t('version.return')} disabled=${!note.trim()}
        work=${work} onClose=${onClose}>
        <${TextField} label=${t('version.why')} value=${note} onInput=${setNote} rows="4" maxlength="1000" /><//>`;
}
