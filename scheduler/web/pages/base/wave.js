/* wave.js - sound as numbers: peaks to draw, a part cut out, a WAV file. Values in, values out. */

/* The highest sample of each of n pieces, 0 to 1. */
export function peaks(samples, n) {
    const size = Math.max(1, Math.floor(samples.length / n));
    return Array.from({ length: n }, (_, i) => {
        let most = 0;
        for (let k = i * size; k < Math.min(samples.length, (i + 1) * size); k++)
            most = Math.max(most, Math.abs(samples[k]));
        return most;
    });
}

/* Part of the sound, from and to as shares of the whole. */
export function cut(samples, from, to) {
    return samples.subarray(Math.floor(samples.length * from), Math.ceil(samples.length * to));
}

/* 16-bit mono WAV (RIFF): what every decoder takes, and what nothing was lost in. */
export function wav(samples, rate) {
    const bytes = new DataView(new ArrayBuffer(44 + samples.length * 2));
    const text = (at, word) => [...word].forEach((one, i) => bytes.setUint8(at + i, one.charCodeAt(0)));
    text(0, 'RIFF');
    bytes.setUint32(4, 36 + samples.length * 2, true);
    text(8, 'WAVEfmt ');
    bytes.setUint32(16, 16, true);
    bytes.setUint16(20, 1, true);
    bytes.setUint16(22, 1, true);
    bytes.setUint32(24, rate, true);
    bytes.setUint32(28, rate * 2, true);
    bytes.setUint16(32, 2, true);
    bytes.setUint16(34, 16, true);
    text(36, 'data');
    bytes.setUint32(40, samples.length * 2, true);
    samples.forEach((one, i) => bytes.setInt16(44 + i * 2, Math.max(-1, Math.min(1, one)) * 32767, true));
    return new Blob([bytes], { type: 'audio/wav' });
}
