/*
 * speak.js - a voice heard in villages while it speaks: microphone, Opus, a frame to the district
 * every fifth of a second.
 *
 * The microphone is open before the call, so that whoever speaks sees that it hears them; the
 * call hands it to the page of the alert, which ends it when it is left. What could not be sent
 * is late and thrown away, and the speaker is told; at the end nothing more gets late, and what
 * waits is sent until it is taken.
 */
import { at, newKey, post, put, send } from '../base/api.js';
import { html, useEffect, useRef, useState } from '../base/html.js';
import { useAct, useLoad } from '../base/load.js';
import { go } from '../base/route.js';
import { useMe } from '../base/me.js';
import { useAreas } from '../base/places.js';
import { dayClock, instant, length, nowUs, parseClock, today } from '../base/time.js';
import { t } from '../base/words.js';
import { Choice, TextField } from './fields.js';
import { Hold } from './hold.js';
import { askMicrophone, Level, loudest, whyRefused } from './recorder.js';
import { ActButton, ProblemBox } from './say.js';

const FORM = { sampleRate: 48_000, numberOfChannels: 1 };
const PACKET_US = 20_000;
const BATCH = 10;
const MOST = 20;
const MOST_WAITING = 150;
const PATIENCE_MS = 5_000;
const LAST_MS = 20_000; /* villages wait for 30 s */
const AGAIN_MS = 1_000;
const MINUTES = ['5', '10', '20', '30', '60'];

const bodyOf = (sequence, isLast, packets) => new Blob([Uint8Array.of(sequence >> 24, sequence >> 16, sequence >> 8, sequence, isLast, packets.length),
    ...packets.flatMap((one) => [Uint8Array.of(one.length >> 8, one.length), one])]);

/*
 * From the microphone to the district. voice.tell({ level, heard, problem, gone }) says how it goes;
 * gone: nothing comes from it any more, and somebody has to end it.
 */
async function openVoice(tell) {
    const context = new AudioContext(FORM);
    await context.audioWorklet.addModule(new URL('worklet.js', import.meta.url));
    const stream = await askMicrophone();
    const hear = new AudioWorkletNode(context, 'hear', { numberOfOutputs: 0, channelCount: 1, channelCountMode: 'explicit' });
    const waiting = [];
    const voice = { tell };
    const lose = () => voice.tell({ gone: voice.gone = true });
    let path, sending, busy, ended, over, sequence = 0, timestamp = 0;
    const next = (isLast) => bodyOf(sequence++, isLast, waiting.splice(0, MOST));
    /* One at once, for one that is overtaken is refused. Returns: what did not arrive */
    const push = async (raw) => {
        busy = true;
        try {
            voice.tell({ problem: null, heard: await send('POST', path, { raw, type: 'application/octet-stream', signal: AbortSignal.timeout(PATIENCE_MS) }) });
            return null;
        } catch (problem) {
            if (problem.status === 422) return null; /* the answer of an earlier try was lost */
            over = problem.code === 'speech-over';
            voice.tell({ problem });
            return raw;
        } finally {
            busy = false;
        }
    };
    const finish = async () => {
        await encoder.flush().catch(() => {});
        const until = Date.now() + LAST_MS;
        let left = await sending;
        for (let isLast = false; !over && (left || !isLast) && Date.now() < until; left = await push(left)) {
            if (left) await new Promise((done) => { setTimeout(done, AGAIN_MS); });
            else left = next(isLast = waiting.length <= MOST);
        }
    };
    const encoder = new AudioEncoder({
        error: lose,
        output: (chunk) => {
            const packet = new Uint8Array(chunk.byteLength);
            chunk.copyTo(packet);
            if (!path) return;
            waiting.push(packet);
            if (waiting.length > MOST_WAITING) {
                waiting.splice(0, BATCH);
                sequence++; /* by the gap the district knows of it */
            }
            if (waiting.length >= BATCH && !busy && !ended && !over) sending = push(next(0));
        },
    });
    encoder.configure({ ...FORM, codec: 'opus', bitrate: 24_000, opus: { frameDuration: PACKET_US } });
    hear.port.onmessage = ({ data }) => {
        if (encoder.state === 'closed') return;
        const sound = new AudioData({ ...FORM, format: 'f32', numberOfFrames: data.length, timestamp: timestamp += PACKET_US, data });
        encoder.encode(sound);
        sound.close();
        voice.tell({ level: loudest(data) });
    };
    context.createMediaStreamSource(stream).connect(hear);
    /* Pulled out, or taken by a call. */
    stream.getTracks()[0].onended = lose;
    context.onstatechange = () => context.state !== 'running' && lose();
    return Object.assign(voice, {
        begin: (id) => { path = at`alerts/${id}/frames`; },
        end: () => {
            hear.port.onmessage = context.onstatechange = null;
            stream.getTracks().forEach((track) => track.stop());
            context.close().catch(() => {});
            voice.gone = true;
            if (path && !ended) finish(ended = true);
        },
    });
}

/* Opened where it is called, spoken into where its states are. */
let handed;

/* What a second person is asked to agree to: who speaks, where, from when, and the hard end. */
function Ask({ me, areas, drill, station, minutes }) {
    const [about, setAbout] = useState('');
    const [from, setFrom] = useState('');
    const [asked, setAsked] = useState(false);
    const key = useRef(newKey());
    const minute = parseClock(from);
    const wrong = from && minute === null && t('field.time_wrong');
    /* Today, or tomorrow if that is past. */
    const times = () => {
        const soon = minute === null ? nowUs() : instant(today(), minute);
        const from_us = soon < nowUs() - 60e6 ? soon + 864e8 : soon;
        return { from_us, ends_us: from_us + minutes * 60e6 };
    };
    const { from_us, ends_us } = times();
    const act = useAct(() => put(at`speech-orders/${key.current}`, { about, areas, drill, station, speaker: me.id, ...times() }).then(() => setAsked(true)));
    return html`<details><summary>${t('live.ask')}</summary><div class="stack"><${TextField} label=${t('live.about')} value=${about} onInput=${setAbout} />
        <${TextField} label=${t('live.from')} value=${from} onInput=${setFrom} inputmode="numeric" wrong=${wrong} hint=${!wrong && `${dayClock(from_us)} – ${dayClock(ends_us)}`} />
        ${asked ? html`<p role="status">${t('live.asked')}</p>` : html`<${ActButton} of=${act} disabled=${!about || wrong || !areas.length}>${t('live.ask')}<//>`}</div></details>`;
}

/* NotSent: what is said of a call that was not taken */
export function CallSpeech({ villages, drill, replaces, NotSent }) {
    const [level, setLevel] = useState(null);
    const [words, setWords] = useState(window.isSecureContext && !window.AudioEncoder && t('live.old'));
    const [minutes, setMinutes] = useState(MINUTES[1]);
    const [station, setStation] = useState('');
    const [order, setOrder] = useState('');
    const me = useMe();
    const orders = (useLoad('speech-orders').data?.orders || []).filter((one) => one.speaker === me.id && !one.alert && !one.drill === !drill);
    const agreed = orders.find((one) => one.id === order);
    const areas = agreed?.areas || villages;
    const { nameOf } = useAreas();
    const { data } = useLoad('alert-readiness');
    const theirs = (data?.stations || []).filter((one) => one.microphone).map((one) => [one.station, t('live.theirs', { name: one.station_name })]);
    const voice = useRef(null);
    const key = useRef(newKey());
    const isAsked = useRef(false);
    const isLeft = useRef(false);
    const end = () => voice.current?.end();
    useEffect(() => () => { isLeft.current = true; end(); }, []);
    const refuse = () => { end(); setLevel(null); setWords(whyRefused()); };
    /* The browser asks a person, who may click again, or leave, before they answer. */
    const open = async () => {
        if (isAsked.current) return;
        isAsked.current = true;
        try {
            voice.current = await openVoice((news) => (news.gone ? refuse() : setLevel(news.level)));
            if (isLeft.current) end();
        } catch { refuse(); }
    };
    const act = useAct(() => post('alert-speeches', { areas, drill, replaces: agreed ? [] : replaces, minutes: Number(minutes), station: station || undefined, order: agreed?.id }, { key: key.current }).then(({ id }) => {
        handed = { id, voice: station ? null : voice.current };
        if (!station) voice.current = null;
        go(['alerts', id]);
    }));
    return html`<section class="stack"><h2>${t('alert.check')}</h2><p>${t(station ? 'live.words_station' : 'live.words')}</p>
        <${Choice} label=${t('live.minutes')} value=${minutes} onInput=${setMinutes} options=${MINUTES.map((one) => [one, one])} />
        ${theirs.length > 0 && html`<${Choice} label=${t('live.microphone')} value=${station} onInput=${setStation} options=${[['', t('live.mine')], ...theirs]} />`}
        ${orders.length > 0 && html`<${Choice} label=${t('live.order')} value=${order} onInput=${(id) => { setOrder(id); setStation(orders.find((one) => one.id === id)?.station || ''); }}
            options=${[['', t('live.alone')], ...orders.map((one) => [one.id, t('live.agreed', { name: one.approver_name, about: one.about, at: dayClock(one.ends_us) })])]} />`}
        ${!agreed && html`<${Ask} me=${me} areas=${villages} drill=${drill} station=${station || undefined} minutes=${Number(minutes)} />`}
        ${station ? '' : words ? html`<p class="problem" role="alert">${words}</p>` : level === null ? html`<button onClick=${open}>${t('live.open')}</button>` : html`<${Level} level=${level} />`}
        ${agreed && html`<p>${t('live.where', { names: areas.map(nameOf).join(', ') })}</p>`}<${NotSent} problem=${act.problem} />
        <${Hold} class=${drill ? 'main' : 'danger'} words=${t(drill ? 'alert.hold_drill' : 'live.hold')} n=${areas.length}
            disabled=${(!station && level === null) || !areas.length || act.busy} onHeld=${act.run} /></section>`;
}

/* one: the alert, as it was loaded last */
export function Speaking({ one }) {
    const [voice, setVoice] = useState(handed?.id === one.id && handed.voice);
    const [{ level, heard, problem, gone }, setNews] = useState({ gone: voice?.gone });
    const { ending } = one.speech;
    const isOver = gone || ending !== 'none' || problem?.code === 'speech-over';
    useEffect(() => {
        if (!voice) return undefined;
        handed = null;
        voice.tell = (part) => setNews((old) => ({ ...old, ...part }));
        voice.begin(one.id);
        return voice.end;
    }, [voice]);
    /* Whoever ended it: nobody hears the microphone any more. */
    useEffect(() => { if (isOver) setVoice(null); }, [isOver]);
    if (ending !== 'none' || !voice) return html`<p role="status">${t(`live.ended.${ending}`)}</p>
        ${gone && html`<p class="problem" role="alert">${t('live.gone')}</p>`}<${ProblemBox} problem=${ending === 'none' && problem} />`;
    return html`<section class="card warn"><h2>${t('live.on')}${heard && ` – ${t('live.left', { left: length(heard.left_us) })}`}</h2>
        <p>${t(one.zones.some(({ state }) => state === 'sounding') ? 'live.now' : 'live.wait')}</p><${Level} level=${level} />
        ${heard?.n_reached === 0 ? html`<p class="problem" role="alert">${t('live.unheard')}</p>` : heard?.n_lost > 0 && html`<p>${t('live.lost', { n: heard.n_lost })}</p>`}
        <${ProblemBox} problem=${problem} /><button class="danger" onClick=${() => setVoice(null)}>${t('live.end')}</button></section>`;
}
