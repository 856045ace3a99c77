/* waiting.js - what waits for the person's judgement; asked for only of who judges anything. */
import { useLoad } from './load.js';
import { may } from './me.js';

export const useWaiting = (me) => useLoad(may(me, 'reviewer', 'approver') ? 'review' : null);

/* '3', or '200+' where not all were counted. */
export const howMany = (data) => `${data.waiting.length}${data.more ? '+' : ''}`;
