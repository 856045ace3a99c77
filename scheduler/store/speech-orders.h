/*
 * speech-orders.h - who may speak live where, from when until when, as a second person agreed
 * beforehand.
 *
 * Flow: somebody asks, and it waits as a proposal (proposals.h) -> whoever approves it makes
 * the row -> its speaker begins within its time: the signed alert of that speech names speaker,
 * places, begin and hard end. Without one, live speech is break-glass: one person may, and
 * every approver of the place is told.
 *
 * Held by the database itself: nobody approves what they say themselves, and an order is spoken
 * once.
 */
#pragma once

#include "scheduler/store/db.h"

#define SCHED_SPEECH_ORDER_MAX_ABOUT_BYTES 400
#define SCHED_SPEECH_ORDER_MAX_AREAS       120

typedef struct {
    char *id;      /* (owned) */
    char *speaker; /* (owned): account */
    char *station; /* (owned) (nullable): whose own microphone it is */
    char *about;   /* (owned): what is to be said, in words */
    gboolean drill;
    gint64 from_us, ends_us;            /* UTC: not before, and the hard end */
    GPtrArray *areas;                   /* (owned) (element-type utf8) */
    char *approver;                     /* (owned): set by the store, as all below */
    char *approver_name, *speaker_name; /* (owned) */
    gint64 approved_us;
    char *alert; /* (owned) (nullable): in which it was spoken */
} SchedSpeechOrderRow;
void sched_speech_order_row_free(SchedSpeechOrderRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedSpeechOrderRow, sched_speech_order_row_free)

/** sched_store_speech_order_check: could it be spoken, as it stands? INVALID, NOT_FOUND, or
 * CONFLICT: there is one of that id */
gboolean sched_store_speech_order_check(SchedTxn *txn, const SchedSpeechOrderRow *order,
                                        GError **error);

/** sched_store_speech_order_add: the transaction's actor agrees. Audited; as
 * sched_store_speech_order_check(), and RULE if they are its speaker */
gboolean sched_store_speech_order_add(SchedTxn *txn, const SchedSpeechOrderRow *order,
                                      GError **error);

/** sched_store_speech_order_get: NOT_FOUND if there is none */
SchedSpeechOrderRow *sched_store_speech_order_get(SchedTxn *txn, const char *id,
                                                  GError **error);

/** sched_store_speech_order_of: @out_order: (out) (nullable): that the alert was spoken by */
gboolean sched_store_speech_order_of(SchedTxn *txn, const char *alert,
                                     SchedSpeechOrderRow **out_order, GError **error);

/** sched_store_speech_order_list: Returns: (transfer full) (element-type SchedSpeechOrderRow):
 * whose hard end is after @now_us, by their beginning */
GPtrArray *sched_store_speech_order_list(SchedTxn *txn, gint64 now_us, GError **error);

/** sched_store_speech_order_use: @alert was added in this transaction: two people know of it,
 * so nobody has to be told. Audited; RULE if it was spoken before */
gboolean sched_store_speech_order_use(SchedTxn *txn, const char *id, const char *alert,
                                      GError **error);

/** sched_store_speech_order_remove: as if nobody had agreed. Audited with what it said;
 * NOT_FOUND, or RULE if it was spoken */
gboolean sched_store_speech_order_remove(SchedTxn *txn, const char *id, GError **error);
