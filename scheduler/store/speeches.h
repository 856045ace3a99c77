/*
 * speeches.h - alerts that somebody speaks live: from where, how it ended, what is kept of it.
 *
 * Flow: web/ adds one in the transaction of the call -> frames pass by web/speech.h, none of
 * them through here -> its end, with the hash of its recording, is noted once.
 *
 * One that is over is no longer said to stations that connect: sched_store_orders().
 */
#pragma once

#include "content/alert.h"
#include "scheduler/store/db.h"

typedef enum {
    SCHED_ENDING_NONE,    /* it goes on */
    SCHED_ENDING_SPOKEN,  /* the speaker ended it */
    SCHED_ENDING_STOPPED, /* somebody stopped the alert */
    SCHED_ENDING_EXPIRED, /* its hard end */
    SCHED_ENDING_SILENT,  /* nothing came from the speaker for so long */
    SCHED_ENDING_RESTART, /* the program was ended, and its key with it */
} SchedEnding;
extern const char *const sched_ending_words[];

typedef struct {
    char *alert;     /* (owned) */
    gint origin;     /* ContentLiveOrigin */
    char *station;   /* (owned) (nullable): whose microphone it is */
    char *speaker;   /* (owned): name */
    gint64 ended_us; /* 0: it goes on, as far as the district knows */
    gint ending;     /* SchedEnding */
    gint64 n_frames; /* that the district took from the speaker */
    gint64 n_lost;   /* that never came, or that no broker took for some station */
    gint64 duration_us;
    char *object; /* (owned) (nullable): SHA-256 of its recording */
} SchedSpeechRow;
void sched_speech_row_free(SchedSpeechRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedSpeechRow, sched_speech_row_free)

/** sched_store_speech_add: @speech: its end is not looked at. Of an alert that was added in the
 * same transaction; audited */
gboolean sched_store_speech_add(SchedTxn *txn, const SchedSpeechRow *speech, GError **error);

/** sched_store_speech_end: @speech: that there is, with how it ended: at the transaction's
 * instant. Audited; one that has ended already stays as it is */
gboolean sched_store_speech_end(SchedTxn *txn, const SchedSpeechRow *speech, GError **error);

/** sched_store_speech_get: NOT_FOUND if the alert is none that is spoken live */
SchedSpeechRow *sched_store_speech_get(SchedTxn *txn, const char *alert, GError **error);

/** sched_store_speech_find: as sched_store_speech_get(), but @out_speech is NULL if it is none
 */
gboolean sched_store_speech_find(SchedTxn *txn, const char *alert, SchedSpeechRow **out_speech,
                                 GError **error);

/** sched_store_speech_open: Returns: (element-type SchedSpeechRow): those spoken at the
 * district that have not ended */
GPtrArray *sched_store_speech_open(SchedTxn *txn, GError **error);

/* Stations that one speech reaches; of more, no district has. */
#define SCHED_SPEECH_MAX_STATIONS 2000

/** sched_store_speech_stations: Returns: (element-type utf8): stations with a zone in the areas
 * of the alert */
GPtrArray *sched_store_speech_stations(SchedTxn *txn, const char *alert, GError **error);

/** sched_store_speech_is_stopped: Returns: whether stops end the alert in all its areas */
gboolean sched_store_speech_is_stopped(SchedTxn *txn, const char *alert);
