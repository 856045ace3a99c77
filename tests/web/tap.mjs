/*
 * tap.mjs - the runner's verdicts as plain TAP: one line a test, what went wrong as comments.
 *
 * What went wrong goes to standard error, too: of a failed program meson shows nothing else.
 */
export default async function* tap(source) {
    let n = 0;
    for await (const { type, data } of source) {
        if (type === 'test:pass') yield `ok ${++n} - ${data.name.replaceAll('#', '\\#')}\n`;
        if (type === 'test:fail') {
            yield `not ok ${++n} - ${data.name.replaceAll('#', '\\#')}\n`;
            const error = data.details.error.cause ?? data.details.error;
            const why = String(error.stack ?? error);
            process.stderr.write(`${data.name}: ${why}\n`);
            yield `${why.replace(/^/gm, '# ')}\n`;
        }
        if (type === 'test:stderr' || type === 'test:stdout') yield data.message.replace(/^(?=.)/gm, '# ');
    }
    yield `1..${n}\n`;
}
