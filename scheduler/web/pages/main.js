/* main.js - starts the pages in the browser, once their words are there. */
import { h, render } from './vendor/preact.js';
import { App, expect } from './app.js';
import { useWords } from './base/words.js';

expect();
await useWords();
render(h(App), document.getElementById('app'));
