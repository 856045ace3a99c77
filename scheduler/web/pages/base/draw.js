/*
 * draw.js - what a page says it looks like, kept true in the browser's tree; and the hooks by
 * which a component knows things from one drawing to the next.
 *
 * A piece is an element, a text or a component. Drawing compares the pieces of now with those of
 * before by place, type and key, and touches only what differs. What a component sets is drawn
 * in a microtask, parents before children; layout effects run after it, effects after the paint.
 */
const SVG = 'http://www.w3.org/2000/svg';
const AFTER_MS = 35; /* effects run so late at last, also where nothing is painted */
/* These are attributes, although the element has a property of the same name. */
const ATTRIBUTES = ['width', 'height', 'href', 'list', 'form', 'role'];

class Piece {
    constructor(type, props, key, ref) {
        this.type = type; /* a tag, a component, or '' of text */
        this.props = props; /* of a component: a list of what it is given; of a text: itself */
        this.key = key;
        this.ref = ref;
        this.up = null; /* set as soon as it is drawn */
        this.kids = [];
        this.dom = null; /* of elements and texts */
        this.self = null; /* of components: what they know */
    }
}

export function h(type, given, ...children) {
    const { key, ref, ...props } = given || {};
    if (children.length) props.children = children.length > 1 ? children : children[0];
    return new Piece(type, typeof type === 'function' ? [props] : props, key, ref);
}

/* A component that is given things by their place, as those are that are sent (given.py). */
export const piece = (type, ...given) => new Piece(type, given);
export const keyed = (key, made) => Object.assign(made, { key });

export const Fragment = ({ children }) => children;

function nodeOf(child) {
    if (child === null || child === undefined || typeof child === 'boolean' || typeof child === 'function') return null;
    if (Array.isArray(child)) return new Piece(Fragment, [{ children: child }]);
    return child instanceof Piece ? child : new Piece('', String(child));
}

/* ---- the browser's tree ---- */

/* Drawing runs between two listeners of one event: what is listened to since then is not meant. */
let clock = 0;

function heard(event) {
    if (event.type === 'submit') event.preventDefault(); /* what a form is for, the page does */
    const { loaOn, loaSince } = event.currentTarget;
    event.loaAt ??= clock++;
    if (event.loaAt >= loaSince[event.type]) loaOn[event.type](event);
}

function listen(dom, name, handler) {
    dom.loaOn ??= {};
    dom.loaSince ??= {};
    if (handler && !dom.loaOn[name]) {
        dom.loaSince[name] = clock;
        dom.addEventListener(name, heard);
    }
    if (!handler) dom.removeEventListener(name, heard);
    dom.loaOn[name] = handler;
}

/*
 * What is listened to most: these names may be sent as others (bundle.py), and stand here for what
 * the browser calls them.
 */
const EVENTS = { onChange: 'change', onClick: 'click', onInput: 'input', onKeyDown: 'keydown', onSubmit: 'submit' };
const eventOf = (name) => EVENTS[name] ?? (name.startsWith('on') && name.slice(2).toLowerCase());

function setStyle(style, now, was) {
    for (const name in was ? { ...was, ...now } : now) {
        const value = now?.[name] ?? '';
        if (name[0] === '-') style.setProperty(name, value);
        else if (value !== was?.[name]) style[name] = value;
    }
}

/* The same of attributes that stand in many places. */
const NAMES = { autocapitalize: 'autocapitalize', autocomplete: 'autocomplete', disabled: 'disabled', inputmode: 'inputmode', maxlength: 'maxlength', spellcheck: 'spellcheck' };

function set(dom, given, now, was) {
    const name = NAMES[given] ?? given;
    const event = eventOf(name);
    if (name === 'style') setStyle(dom.style, now, was);
    else if (event) listen(dom, event, now || null);
    else if (name in dom && !ATTRIBUTES.includes(name) && dom.namespaceURI !== SVG) dom[name] = now ?? '';
    else if (now === null || now === undefined || (now === false && name[4] !== '-')) dom.removeAttribute(name);
    else dom.setAttribute(name, now);
}

/* What a person can change is compared with what is there, after a list has its options. */
const TYPED = ['value', 'checked'];

function setAll(dom, now, was) {
    const changed = (name) => name !== 'children' && now[name] !== was[name] && !TYPED.includes(name);
    for (const name in now) if (changed(name)) set(dom, name, now[name], was[name]);
    for (const name in was) if (!(name in now) && changed(name)) set(dom, name, undefined, was[name]);
}

/* What stands for some pieces in the element around them. */
function domsOf(kids, found = []) {
    for (const kid of kids) {
        if (kid?.dom) found.push(kid.dom);
        else if (kid) domsOf(kid.kids, found);
    }
    return found;
}

/* What stands behind a node in its element. */
function behind(node) {
    const { up } = node;
    for (let i = up.kids.indexOf(node) + 1; i < up.kids.length; i++) {
        const [dom] = domsOf([up.kids[i]]);
        if (dom) return dom;
    }
    return up.dom ? null : behind(up);
}

/* From the last one, and only those that stand wrong; a move keeps the keyboard where it can. */
function place(parent, doms, before) {
    for (let i = doms.length - 1; i >= 0; i--) {
        const dom = doms[i];
        if (dom.nextSibling !== before || dom.parentNode !== parent) {
            if (dom.isConnected && parent.moveBefore) parent.moveBefore(dom, before);
            else parent.insertBefore(dom, before);
        }
        before = dom;
    }
}

/* ---- drawing ---- */

/* What is done when the tree stands: refs are set, and layout effects of these components run. */
let refs = [];
let drawn = [];

function drawElement(node, was, context, svg) {
    const { type, props } = node;
    node.dom ??= svg ? document.createElementNS(SVG, type) : document.createElement(type);
    setAll(node.dom, props, was?.props ?? {});
    drawKids(node, props.children, context, svg);
    if (was) place(node.dom, domsOf(node.kids), null);
    else node.dom.append(...domsOf(node.kids));
    for (const name of TYPED)
        if (props[name] !== undefined && props[name] !== node.dom[name]) set(node.dom, name, props[name]);
    if (node.ref !== was?.ref) {
        if (was?.ref) was.ref.current = null;
        if (node.ref) refs.push(node);
    }
}

function drawText(node, was) {
    node.dom ??= document.createTextNode(node.props);
    if (was && was.props !== node.props) node.dom.nodeValue = node.props;
}

let current = null; /* the component that says what it looks like */
let turn = 0; /* its next hook */
const MOST = 25; /* a component that sets itself while it is asked is asked again, so often */

function drawComponent(node, context, svg) {
    const self = node.self ??= { hooks: [], late: [], soon: [] };
    Object.assign(self, { node, context, svg });
    if (self.late.length) runAll(self, 'late');
    let look;
    let n = 0;
    do {
        self.dirty = false;
        current = self;
        turn = 0;
        look = node.type(...node.props);
    } while (self.dirty && ++n < MOST);
    current = null;
    drawKids(node, look, node.type.context ? bequeath(self, node) : context, svg);
    if (self.soon.length) drawn.push(self);
    if (self.late.length) later(self);
}

function draw(node, was, context, svg) {
    if (was) Object.assign(node, { kids: was.kids, dom: was.dom, self: was.self });
    if (typeof node.type === 'function') drawComponent(node, context, svg);
    else if (node.type) drawElement(node, was, context, svg || node.type === 'svg');
    else drawText(node, was);
}

/* The node of before that is the same thing: at its place, else anywhere. */
function findSame(node, i, old, taken) {
    const same = (was, k) => was && !taken.has(k) && was.type === node.type && was.key === node.key;
    if (same(old[i], i)) return i;
    return old[i] === null && node.key === undefined ? -1 : old.findIndex(same);
}

/* The same piece again, as what a component is given to hold, is as it was. */
function adopt(said, up, was, context, svg) {
    if (!said) return null;
    const node = said.up && said !== was ? new Piece(said.type, said.props, said.key, said.ref) : said;
    node.up = up;
    if (node !== was) draw(node, was, context, svg);
    return node;
}

function drawKids(up, children, context, svg) {
    const old = up.kids;
    const list = Array.isArray(children) ? children : [children];
    if (!old.length) { /* nothing was there: nothing is compared */
        up.kids = list.map((child) => adopt(nodeOf(child), up, undefined, context, svg));
        return;
    }
    const taken = new Set();
    up.kids = list.map((child, i) => {
        const node = nodeOf(child);
        const at = node ? findSame(node, i, old, taken) : -1;
        if (at >= 0) taken.add(at);
        return adopt(node, up, old[at], context, svg);
    });
    old.forEach((was, i) => { if (was && !taken.has(i)) drop(was, true); });
}

/* inTree: its elements are to be taken out, too */
function drop(node, inTree) {
    const { self, dom } = node;
    if (node.ref?.current === dom) node.ref.current = null;
    if (self) {
        self.gone = true;
        self.hooks.forEach(cleanUp);
    }
    node.kids.forEach((kid) => kid && drop(kid, inTree && !dom));
    if (inTree) dom?.remove();
}

function settle() {
    const [found, run] = [refs, drawn];
    refs = [];
    drawn = [];
    found.forEach((node) => { node.ref.current = node.dom; });
    run.forEach((self) => runAll(self, 'soon'));
}

function drawAgain(self) {
    const { node, context, svg } = self;
    let up = node;
    while (!up.dom) up = up.up;
    drawComponent(node, context, svg);
    place(up.dom, domsOf(node.kids), behind(node));
    settle();
}

const waiting = [];
const depthOf = (node) => (node.up ? depthOf(node.up) + 1 : 0);

function drawWaiting() {
    try {
        while (waiting.length) {
            waiting.sort((a, b) => depthOf(a.node) - depthOf(b.node));
            const self = waiting.shift();
            if (self.dirty && !self.gone) drawAgain(self);
        }
    } finally {
        if (waiting.length) queueMicrotask(drawWaiting); /* one threw; the others are drawn all the same */
    }
}

function wake(self) {
    if (self.dirty || self.gone) return;
    self.dirty = true;
    if (waiting.push(self) === 1) queueMicrotask(drawWaiting);
}

export function render(node, dom) {
    const root = new Piece('root', {});
    root.dom = dom;
    drawKids(root, node, {}, false);
    place(dom, domsOf(root.kids), null);
    settle();
}

/* ---- hooks ---- */

function cleanUp(hook) {
    const { end } = hook;
    hook.end = undefined;
    if (typeof end === 'function') end();
}

/* which: 'soon' of layout effects, 'late' of effects */
function runAll(self, which) {
    const run = self[which];
    self[which] = [];
    run.forEach(cleanUp);
    run.forEach((hook) => { hook.end = hook.act(); });
}

const painted = [];

function later(self) {
    if (painted.push(self) > 1) return;
    const done = () => {
        clearTimeout(timeout);
        cancelAnimationFrame(frame);
        setTimeout(() => painted.splice(0).forEach((one) => one.gone || runAll(one, 'late')));
    };
    const timeout = setTimeout(done, AFTER_MS);
    const frame = requestAnimationFrame(done);
}

const hook = () => (current.hooks[turn++] ??= {});

const differs = (was, now) => !was || !now || was.some((one, i) => !Object.is(one, now[i]));

export function useState(first) {
    const of = hook();
    const self = current;
    of.pair ??= [typeof first === 'function' ? first() : first, (next) => {
        const value = typeof next === 'function' ? next(of.pair[0]) : next;
        if (Object.is(value, of.pair[0])) return;
        of.pair = [value, of.pair[1]];
        wake(self);
    }];
    return of.pair;
}

const effect = (which) => (act, args) => {
    const of = hook();
    if (!differs(of.args, args)) return;
    Object.assign(of, { args, act });
    current[which].push(of);
};
export const useLayoutEffect = effect('soon');
export const useEffect = effect('late');

export function useMemo(make, args) {
    const of = hook();
    if (differs(of.args, args)) Object.assign(of, { args, value: make() });
    return of.value;
}

export const useCallback = (act, args) => useMemo(() => act, args);
export const useRef = (first) => useMemo(() => ({ current: first }), []);

/* What a component gives to all below it: <Context value=…>, useContext(Context). */
export function createContext() {
    const Context = ({ children }) => children;
    Context.context = Symbol('context');
    return Context;
}

function bequeath(self, node) {
    const [{ value }] = node.props;
    self.heirs ??= new Set();
    if (self.value !== value) self.heirs.forEach(wake);
    self.value = value;
    return { ...self.context, [node.type.context]: self };
}

export function useContext({ context }) {
    const self = current;
    const giver = self.context[context];
    hook().end ??= giver && (() => giver.heirs.delete(self));
    giver?.heirs.add(self);
    return giver?.value;
}
