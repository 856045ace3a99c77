/*
 * recorder.js - a voice recorded in the browser: level while it speaks, its shape, both ends to
 * be cut, and then it is a file like any other.
 */
import { html, useEffect, useMemo, useRef, useState } from '../base/html.js';
import { cut, peaks, wav } from '../base/wave.js';
import { t } from '../base/words.js';
import { Shape } from './listen.js';

const MOST_S = 30 * 60;
const BARS = 800;
const METER_MS = 60;

/* A voice as it is. */
export const askMicrophone = () => navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
});
export const whyRefused = () => t(window.isSecureContext ? 'record.refused' : 'record.insecure');
export const loudest = (samples) => samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
export const Level = ({ level }) => html`<label class="field"><span class="label">${t('record.level')}</span><meter min="0" max="1" low="0.05" high="0.9" optimum="0.4" value=${level}></meter></label>`;

/* The microphone while it is open; everything of it is closed by stop(). */
async function openMicrophone(onLevel) {
    const stream = await askMicrophone();
    const context = new AudioContext();
    const meter = context.createAnalyser();
    const recorder = new MediaRecorder(stream);
    const pieces = [];
    const samples = new Float32Array(meter.fftSize);
    context.createMediaStreamSource(stream).connect(meter);
    const timer = setInterval(() => {
        meter.getFloatTimeDomainData(samples);
        onLevel(loudest(samples));
    }, METER_MS);
    const close = () => {
        clearInterval(timer);
        stream.getTracks().forEach((track) => track.stop());
        context.close();
    };
    recorder.addEventListener('dataavailable', (event) => pieces.push(event.data));
    recorder.start(1000);
    return {
        close,
        stop: () => new Promise((done) => {
            recorder.addEventListener('stop', () => { close(); done(new Blob(pieces, { type: recorder.mimeType })); });
            recorder.stop();
        }),
    };
}

async function decode(blob) {
    const context = new AudioContext();
    try {
        const sound = await context.decodeAudioData(await blob.arrayBuffer());
        return { samples: sound.getChannelData(0), rate: sound.sampleRate };
    } finally {
        context.close();
    }
}

function Trim({ sound, onDone, onAgain }) {
    const [ends, setEnds] = useState([0, 1]);
    const [url, setUrl] = useState(null);
    const shape = useMemo(() => peaks(sound.samples, BARS), [sound]);
    const whole_s = sound.samples.length / sound.rate;
    useEffect(() => {
        const made = URL.createObjectURL(wav(cut(sound.samples, ...ends), sound.rate));
        setUrl(made);
        return () => URL.revokeObjectURL(made);
    }, [sound, ends]);
    const slide = (which, words) => html`<label class="field"><span class="label">${t(words)} – ${(ends[which] * whole_s).toFixed(1)} s</span>
        <input type="range" min="0" max="1" step="0.005" value=${ends[which]} onInput=${(event) => {
            const value = Number(event.target.value);
            setEnds(which === 0 ? [Math.min(value, ends[1] - 0.01), ends[1]] : [ends[0], Math.max(value, ends[0] + 0.01)]);
        }} /></label>`;
    return html`<div class="stack"><${Shape} peaks=${shape} from=${ends[0]} to=${ends[1]} />
        <div class="fields">${slide(0, 'record.from')}${slide(1, 'record.to')}</div>
        <audio controls src=${url} aria-label=${t('record.listen')}></audio>
        <div class="row end"><button type="button" onClick=${onAgain}>${t('record.again')}</button>
            <button type="button" class="main" onClick=${() => onDone(wav(cut(sound.samples, ...ends), sound.rate))}>${t('record.use')}</button></div></div>`;
}

export function Recorder({ onDone }) {
    const [level, setLevel] = useState(0);
    const [sound, setSound] = useState(null);
    const [words, setWords] = useState('');
    const [seconds, setSeconds] = useState(null);
    const open = useRef(null);

    useEffect(() => () => open.current?.close(), []);
    useEffect(() => {
        if (seconds === null) return undefined;
        const timer = setTimeout(() => (seconds + 1 >= MOST_S ? stop() : setSeconds(seconds + 1)), 1000);
        return () => clearTimeout(timer);
    }, [seconds]);
    const start = async () => {
        setWords('');
        try {
            open.current = await openMicrophone(setLevel);
            setSeconds(0);
        } catch {
            setWords(whyRefused());
        }
    };
    const stop = async () => {
        const blob = await open.current.stop();
        open.current = null;
        setSeconds(null);
        try { setSound(await decode(blob)); } catch { setWords(t('record.empty')); }
    };
    if (sound) return html`<${Trim} sound=${sound} onDone=${onDone} onAgain=${() => setSound(null)} />`;
    return html`<div class="stack">
        <${Level} level=${level} />
        ${words && html`<p class="problem" role="alert">${words}</p>`}
        <div class="row">${seconds === null
            ? html`<button type="button" class="danger" onClick=${start}>${t('record.start')}</button>`
            : html`<button type="button" class="main" onClick=${stop}>${t('record.stop')}</button>
                <span role="timer">${t('record.seconds', { s: seconds })}</span>`}</div></div>`;
}
