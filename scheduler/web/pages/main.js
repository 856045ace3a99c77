/* main.js - starts the pages in the browser, once their words are there. */
import { App, expect } from './app.js';
import { h, render } from './base/html.js';
import { byName, useWords } from './base/words.js';

/* What comes soon is drawn with the rest, once; what takes longer, when it comes. */
const SOON_MS = 150;

const soon = Promise.race([expect(), new Promise((done) => { setTimeout(done, SOON_MS); })]);
const words = useWords();
/* Made while the answers are on their way: the order of names takes 6 ms of processor. */
byName('', '');
await words;
await soon;
render(h(App), document.getElementById('app'));
