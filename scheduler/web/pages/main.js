/* main.js - starts the pages in the browser, once their words are there. */
import { App, expect } from './app.js';
import { h, render } from './base/html.js';
import { useWords } from './base/words.js';

expect();
await useWords();
render(h(App), document.getElementById('app'));
