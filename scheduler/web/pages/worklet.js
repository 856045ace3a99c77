/*
 * worklet.js - in the browser's own audio thread: what the microphone hears, a packet at a time.
 *
 * A file of its own, for a browser loads such code by its address alone.
 */
class Hear extends AudioWorkletProcessor {
    samples = new Float32Array(960); /* 20 ms at 48 kHz */

    n = 0;

    process([[heard]]) {
        for (const one of heard || []) {
            this.samples[this.n++] = one;
            if (this.n === this.samples.length) {
                this.port.postMessage(this.samples);
                this.n = 0;
            }
        }
        return true;
    }
}
registerProcessor('hear', Hear);
