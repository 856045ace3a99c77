/* main.js - starts the station's own page in the browser, once its words are there. */
import { h, render } from '../../../scheduler/web/pages/base/html.js';
import { useWords } from '../../../scheduler/web/pages/base/words.js';
import { App } from './app.js';

await useWords();
render(h(App), document.getElementById('app'));
