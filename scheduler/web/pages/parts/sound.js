/* sound.js - where somebody brings a recording: made here, or as a file. */
import { newKey } from '../base/api.js';
import { html, useState } from '../base/html.js';
import { t } from '../base/words.js';
import { Recorder } from './recorder.js';
import { SoundFile } from './upload.js';

/* [{ file, key }, setFile]: one key for one recording, so that sent twice on a bad line it is one. */
export function useSound() {
    const [sound, setSound] = useState({});
    return [sound, (file) => setSound({ file, key: file && newKey() })];
}

export function Sound({ file, setFile, ...rest }) {
    const [recording, setRecording] = useState(false);
    if (file) return html`<p class="told" role="status">${t('version.recorded')} <button type="button" class="plain" onClick=${() => setFile(null)}>${t('record.again')}</button></p>`;
    return recording ? html`<${Recorder} onDone=${setFile} />` : html`<div class="row"><button type="button" onClick=${() => setRecording(true)}>${t('version.record')}</button>
        <${SoundFile} onFile=${setFile} ...${rest} /></div>`;
}
