/* main.js - starts the pages in the browser. */
import { h, render } from './vendor/preact.js';
import { App } from './app.js';

render(h(App), document.getElementById('app'));
