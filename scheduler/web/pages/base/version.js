/*
 * version.js - how far one language of an announcement is, and whose turn it is.
 *
 * The server decides; what is said here only keeps a page from offering what it would refuse.
 */
export const STATE_KIND = { draft: 'wait', checked: 'half', approved: 'good', returned: 'bad' };

/* Named by their account, or in words alone. */
const isVoice = (me, version) => (version.announcer ? version.announcer === me.id : version.announcer_name === me.name);
/* It is spoken, in languages: neither a signal nor music. */
export const isSpoken = ({ kind }) => kind !== 'signal' && kind !== 'music';
/* Its sound comes from elsewhere while it airs; what is recorded is its spare. Also of an item. */
export const isRelay = ({ kind }) => kind === 'stream' || kind === 'line_in';

export function mayCheck(me, announcement, version, roles) {
    return roles.reviewer && isSpoken(announcement) && version.object !== undefined
        && (version.state === 'draft') && version.author !== me.id && !isVoice(me, version);
}

export function mayApprove(me, announcement, version, roles) {
    const ready = isSpoken(announcement) ? version.state === 'checked'
        : version.state === 'draft' && version.object !== undefined;
    return roles.approver && ready && version.author !== me.id && announcement.author !== me.id
        && version.checker !== me.id && !isVoice(me, version);
}

/* The languages of the district that have no version yet. */
export function lacking(versions, tags) {
    return tags.filter((tag) => !versions.some((one) => one.language === tag));
}
