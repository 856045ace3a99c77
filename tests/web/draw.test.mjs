/*
 * draw.test.mjs - base/draw.js in a real browser, without a district: what it draws, what it
 * leaves as it is, and when what a component does happens.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, test } from 'node:test';
import { browser, closeBrowser } from './browser.mjs';

const CODE = fs.readFileSync(new URL('../../scheduler/web/pages/base/draw.js', import.meta.url), 'utf8');

after(closeBrowser);

/*
 * Runs acts one after the other in a page where draw.js is, and a person's own acts between them;
 * got: what the last one returned, told: exceptions.
 */
async function inPage(act, ...more) {
    const page = await (await browser()).newPage();
    const told = [];
    page.on('pageerror', (error) => told.push(String(error)));
    try {
        await page.setContent('<!doctype html><div id="app"></div>');
        await page.evaluate((code) => import(`data:text/javascript,${encodeURIComponent(code)}`)
            .then((draw) => {
                Object.assign(window, draw);
                window.app = document.getElementById('app');
                window.shown = () => window.app.innerHTML;
                window.drawn = () => new Promise((done) => { setTimeout(done); });
                /* A component that draws what it was last told to. */
                window.board = (first) => {
                    let put;
                    window.render(window.h(() => { const [what, set] = window.useState(() => first); put = set; return what(); }), window.app);
                    return async (what) => { put(() => what); await window.drawn(); };
                };
            }), CODE);
        let got = await page.evaluate(act);
        for (const one of more) got = typeof one === 'string' ? await page.click(one) : await page.evaluate(one);
        return { got, told };
    } finally {
        await page.close();
    }
}

async function same(...acts) {
    const expected = acts.pop();
    const { got, told } = await inPage(...acts);
    assert.deepEqual(got, expected);
    assert.deepEqual(told, []);
}

test('elements, attributes and properties, and what is nothing', () => same(async () => {
    const put = board(() => [h('p', { class: 'a', title: 'x', 'aria-hidden': false, hidden: true }, 'one', null, false, 2, [h('b')]),
        h('svg', { viewBox: '0 0 1 1' }, h('path', { d: 'M0 0' }))]);
    const first = shown();
    const svg = app.querySelector('path').namespaceURI;
    await put(() => [h('p', null, 'one', null, true, 3)]);
    return [first, svg, shown(), app.firstChild.hidden];
}, ['<p class="a" title="x" aria-hidden="false" hidden="">one2<b></b></p><svg viewBox="0 0 1 1"><path d="M0 0"></path></svg>',
    'http://www.w3.org/2000/svg', '<p title="">one3</p>', false]));

test('what came as data is no element, whatever it looks like', () => same(() => {
    render(h('p', null, JSON.parse('{"type":"img","props":{"src":"x","onError":"1"},"kids":[],"up":null}'), '<b>'), app);
    return shown();
}, '<p>[object Object]&lt;b&gt;</p>'));

test('by key rows keep their element wherever they go, and only what moves is moved', () => same(async () => {
    const rows = (keys) => () => h('ul', null, keys.map((key) => h('li', { key }, key)));
    const put = board(rows(['a', 'b', 'c', 'd']));
    const of = Object.fromEntries([...app.querySelectorAll('li')].map((one) => [one.textContent, one]));
    const results = [];
    for (const keys of [['d', 'a', 'b', 'c'], ['c', 'x', 'a'], [], ['a'], ['b', 'a']]) {
        await put(rows(keys));
        const now = [...app.querySelectorAll('li')];
        results.push([now.map((one) => one.textContent).join(''), now.filter((one) => of[one.textContent] === one).length]);
    }
    return results;
}, [['dabc', 4], ['cxa', 2], ['', 0], ['a', 0], ['ba', 0]]));

test('what appears between others takes nothing of theirs', () => same(async () => {
    const field = (name) => h('input', { name });
    const put = board(() => h('form', null, null, field('a'), 'text', field('b')));
    const [a, b] = app.querySelectorAll('input');
    a.value = 'typed';
    await put(() => h('form', null, field('new'), field('a'), 'text', field('b')));
    const now = [...app.querySelectorAll('input')];
    return [now.map((one) => one.name), now[1] === a, now[2] === b, now[1].value];
}, [['new', 'a', 'b'], true, true, 'typed']));

test('components among each other: several roots, none, and back in their place', () => same(async () => {
    const set = {};
    const Part = ({ name, n }) => { const [k, put] = useState(n); set[name] = put; return Array.from({ length: k }, (_, i) => h('i', null, `${name}${i}`)); };
    render(h('div', null, h(Part, { name: 'a', n: 0 }), h(Fragment, null, h(Part, { name: 'b', n: 1 })), h('b'), h(Part, { name: 'c', n: 0 })), app);
    const steps = [app.textContent];
    for (const [name, n] of [['a', 2], ['c', 1], ['b', 0], ['b', 2], ['a', 0]]) { set[name](n); await drawn(); steps.push(shown().replace(/<\/?(i|div)>/g, '')); }
    return steps;
}, ['b0', 'a0a1b0<b></b>', 'a0a1b0<b></b>c0', 'a0a1<b></b>c0', 'a0a1b0b1<b></b>c0', 'b0b1<b></b>c0']));

test('what a component is given to hold is not drawn again when it draws itself', () => same(async () => {
    const drawings = { inner: 0, frame: 0 };
    let set;
    const Inner = () => { drawings.inner++; return h('i', null, 'in'); };
    const Frame = ({ children }) => { drawings.frame++; const [on, put] = useState(0); set = put; return h(on ? 'p' : 'div', null, children); };
    render(h(Frame, null, h(Inner)), app);
    const inner = app.querySelector('i');
    set(0); await drawn(); /* nothing new: nothing is drawn */
    const kept = { ...drawings };
    set(1); await drawn();
    return [kept, drawings, shown(), app.querySelector('i') === inner];
}, [{ inner: 1, frame: 1 }, { inner: 2, frame: 2 }, '<p><i>in</i></p>', false]));

test('effects: layout ones with the tree, others after the paint, cleaned up before the next and at the end', () => same(async () => {
    const tape = [];
    const Part = ({ n }) => {
        const box = useRef(null);
        useLayoutEffect(() => { tape.push(`layout ${n} ${box.current.textContent}`); return () => tape.push(`layout ${n} ends`); }, [n]);
        useEffect(() => { tape.push(`effect ${n}`); return () => tape.push(`effect ${n} ends`); }, [n]);
        useEffect(() => { tape.push('once'); return () => tape.push('once ends'); }, []);
        return h('p', { ref: box }, n);
    };
    const put = board(() => h(Part, { n: 1 }));
    tape.push('drawn');
    const effects = () => new Promise((done) => { const look = () => (tape.at(-1).startsWith('effect') || tape.at(-1) === 'once' ? done() : setTimeout(look)); look(); });
    await effects();
    await put(() => h(Part, { n: 1 }));
    await put(() => h(Part, { n: 2 }));
    await effects();
    await put(() => null);
    return tape;
}, ['layout 1 1', 'drawn', 'effect 1', 'once', 'layout 1 ends', 'layout 2 2', 'effect 1 ends', 'effect 2',
    'layout 2 ends', 'effect 2 ends', 'once ends']));

test('an event is heard by who listened when it happened, and by what was drawn last', () => same(() => {
    window.tape = [];
    const Part = () => {
        const [n, put] = useState(0);
        return h('div', { onClick: n ? () => tape.push(`outer ${n}`) : null },
            h('button', { onClick: () => { tape.push(`inner ${n}`); put((n + 1) % 3); } }, 'x'));
    };
    render(h(Part), app);
}, 'button', 'button', 'button', 'button', () => window.tape,
['inner 0', 'inner 1', 'outer 2', 'inner 2', 'inner 0']));

test('what is typed stays, unless something else is said', () => same(async () => {
    const put = board(() => h('input', { value: 'a' }));
    const field = app.querySelector('input');
    field.value = 'typed';
    await put(() => h('input', { value: 'typed' }));
    const typed = field.value;
    await put(() => h('input', { value: 'b' }));
    const list = (value) => () => h('select', null, ['x', 'y'].map((one) => h('option', { value: one, selected: one === value }, one)));
    await put(list('y'));
    const chosen = app.querySelector('select').value;
    await put(list('x'));
    return [typed, field.value, chosen, app.querySelector('select').value];
}, ['typed', 'b', 'y', 'x']));

test('what is given to all below reaches them, through what is not drawn', () => same(async () => {
    const Given = createContext();
    let set;
    const Leaf = () => h('i', null, useContext(Given));
    const Still = () => h('p', null, h(Leaf));
    const still = h(Still);
    const Top = () => { const [n, put] = useState(1); set = put; return h(Given, { value: n }, still); };
    render(h(Top), app);
    const first = shown();
    set(2); await drawn();
    return [first, shown()];
}, ['<p><i>1</i></p>', '<p><i>2</i></p>']));

test('the keyboard stays where it was when rows change places', () => same(async () => {
    const rows = (keys) => () => h('ul', null, keys.map((key) => h('li', { key }, h('input', { id: key }))));
    const put = board(rows(['a', 'b', 'c']));
    document.getElementById('a').focus();
    await put(rows(['c', 'b', 'a']));
    return [[...app.querySelectorAll('input')].map((one) => one.id).join(''), document.activeElement.id];
}, ['cba', 'a']));

test('one that throws does not keep the others from being drawn', async () => {
    const { got, told } = await inPage(async () => {
        const set = {};
        const Part = ({ name }) => { const [n, put] = useState(0); set[name] = put; if (n && name === 'bad') throw new Error('thrown'); return h('i', null, `${name}${n}`); };
        render(h('div', null, h(Part, { name: 'bad' }), h(Part, { name: 'good' })), app);
        set.bad(1); set.good(1);
        await drawn();
        return app.textContent;
    });
    assert.match(got, /good1$/);
    assert.deepEqual(told, ['Error: thrown']);
});
