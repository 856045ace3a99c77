/*
 * listenings.h - who heard which recording to its end: what an approval rests on.
 *
 * Flow: begun when somebody starts it, ended when it is over; the time between is the evidence,
 * by the clock of the district. Named is the audio, so that another recording is heard anew.
 */
#pragma once

#include "scheduler/store/db.h"

/* Begin and end are told over a network, and players round: so much less will do. */
#define SCHED_LISTENING_SLACK_US (G_USEC_PER_SEC / 2)

typedef struct {
    char *account; /* (owned) */
    char *object;  /* (owned): SHA-256 of the audio */
    gint64 begun_us;
    gint64 heard_us;    /* 0: not yet to its end */
    gint64 duration_us; /* of the audio */
} SchedListeningRow;
void sched_listening_row_free(SchedListeningRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedListeningRow, sched_listening_row_free)

/**
 * sched_store_listening_begin:
 * @version: that has the audio
 * @object: the audio
 *
 * The actor begins to hear it, from its start. Nobody hears two at a time: whatever else they
 * had begun and not ended is forgotten. What was heard once stays heard.
 */
gboolean sched_store_listening_begin(SchedTxn *txn, const char *version, const char *object,
                                     GError **error);

/**
 * sched_store_listening_end:
 * @out_wait_us: (out): 0: it is heard now, or was before; else it lasts so much longer, and
 *   nothing is kept
 *
 * NOT_FOUND if it was not begun, or another one since.
 */
gboolean sched_store_listening_end(SchedTxn *txn, const char *version, const char *object,
                                   gint64 *out_wait_us, GError **error);

/** sched_store_listening_get: NOT_FOUND if it was not begun, or another one since */
SchedListeningRow *sched_store_listening_get(SchedTxn *txn, const char *account,
                                             const char *object, GError **error);

/** sched_store_listening_is_heard: did @account hear it to its end? */
gboolean sched_store_listening_is_heard(SchedTxn *txn, const char *account, const char *object);
