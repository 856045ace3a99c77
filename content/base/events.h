/*
 * events.h - the operational events a person on call reads in the journal.
 *
 * Flow: wiring logs an event once, where the decision is taken; ports and pure code never log
 * above debug. Each event has a MESSAGE_ID that systemd/loa.catalog explains in words.
 */
#pragma once

#include <glib.h>

typedef struct {
    const char *id;   /* MESSAGE_ID, 32 lower-case hex digits */
    const char *name; /* "segment-started": stable, for filters */
    /*
     * MESSAGE: what a person on call needs; it is always told. INFO: what happens many times a
     * day while all is well; told with G_MESSAGES_DEBUG=loa. WARNING never: our own bugs.
     */
    GLogLevelFlags level;
} ContentEvent;

/*
 * What every daemon says. A daemon adds its own as rows { "id", "name", level } of tables of
 * its own, each with a text in systemd/loa.catalog; tests/check-catalog.py compares the two.
 * An id is made with `systemd-id128 new`.
 */
extern const ContentEvent content_event_ready;            /* work has begun */
extern const ContentEvent content_event_stopping;         /* asked to stop */
extern const ContentEvent content_event_settings_refused; /* the configuration has a mistake */
extern const ContentEvent content_event_start_failed;     /* something else is in the way */

/**
 * content_event_log:
 * @event: a row of the daemon's event table
 * @subject: (nullable): whom it is about: a station, zone or segment id; field LOA_SUBJECT
 * @format: the sentence, lower case, without a full stop
 *
 * To the journal with fields when stderr is connected to it, else one line to stderr.
 */
void content_event_log(const ContentEvent *event, const char *subject, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/**
 * content_events_start:
 *
 * Makes the GLib log writer print `time name subject: text` on stderr, or send fields to the
 * journal when stderr is one. Called once by main.c.
 */
void content_events_start(void);
