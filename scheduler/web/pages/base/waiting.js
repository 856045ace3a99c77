/* waiting.js - what waits for the person's judgement; asked for only of who judges anything. */
import { useEffect } from './html.js';
import { useLoad } from './load.js';
import { may } from './me.js';

const AGAIN_MS = 60_000;

export function useWaiting(me) {
    const loaded = useLoad(me && may(me, 'reviewer', 'approver') ? '/api/review' : null);
    useEffect(() => {
        const timer = setInterval(() => { if (document.visibilityState !== 'hidden') loaded.reload(); }, AGAIN_MS);
        return () => clearInterval(timer);
    }, [loaded.reload]);
    return loaded;
}

/* '3', or '200+' where not all were counted. */
export const howMany = (data) => `${data.waiting.length}${data.more ? '+' : ''}`;
