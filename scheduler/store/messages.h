/*
 * messages.h - what people want to be told, what waits to be sent to them, and what became of
 * it.
 *
 * Flow: look.c decides (scheduler/message/decide.h) -> message and marks in one transaction
 * here -> post.c sends what is due and writes down how it went -> web/ shows it.
 *
 * A message that was accepted is on disk. It is sent at least once: who is ended between the
 * sending and the writing sends it again, with the same id in its Message-ID.
 */
#pragma once

#include "scheduler/message/event.h"
#include "scheduler/store/db.h"

/* Waiting for one person by one way; beyond it the oldest is given up for the newest. */
#define SCHED_MESSAGE_MAX_WAITING 50
/* Tried again 1, 2, 4 … 60 minutes after the last time, and given up so long after it was made.
 */
#define SCHED_MESSAGE_FIRST_US   (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define SCHED_MESSAGE_LAST_US    (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define SCHED_MESSAGE_GIVE_UP_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
/* Messages, and what was told, are kept so long. */
#define SCHED_MESSAGE_KEPT_DAYS    90
#define SCHED_MESSAGE_DETAIL_BYTES 300
/* Test messages to one person. */
#define SCHED_MESSAGE_TEST_GAP_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define SCHED_MESSAGE_TESTS_A_DAY 10

typedef enum {
    SCHED_MESSAGE_WAITS,
    SCHED_MESSAGE_SENT, /* the mail server, or the command, has taken it */
    SCHED_MESSAGE_FAILED,
} SchedMessageState;
extern const char *const sched_message_state_words[];

typedef struct {
    char *id;             /* (owned) */
    char *account;        /* (owned) (nullable): to whom; NULL: somebody without one, by name */
    char *name;           /* (owned): of an account set by the store */
    char *task;           /* (owned) (nullable): of a messenger: about which; told once */
    gint way;             /* SchedMessageWay */
    char *event;          /* (owned): of sched_message_event_words, or of a newer program */
    char *address;        /* (owned): as it was when it was written */
    char *subject, *body; /* (owned) */
    gint64 made_us, due_us;
    gint state; /* SchedMessageState */
    gint64 attempts, tried_us;
    char *fault;  /* (owned): word of why the last attempt failed; "": none did */
    char *detail; /* (owned): and what was said of it, by whoever refused */
} SchedMessageRow;
void sched_message_row_free(SchedMessageRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedMessageRow, sched_message_row_free)

typedef struct {
    gint event; /* SchedMessageEvent */
    gboolean email, phone;
} SchedMessageChoice;

/** sched_store_message_choices: @out_choices: (out) (array length=SCHED_MESSAGE_N_EVENTS): by
 * event; what was never chosen is what everybody has at first */
gboolean sched_store_message_choices(SchedTxn *txn, const char *account,
                                     SchedMessageChoice *out_choices, GError **error);

/** sched_store_message_choose: audited */
gboolean sched_store_message_choose(SchedTxn *txn, const char *account,
                                    const SchedMessageChoice *choice, GError **error);

/**
 * sched_store_message_add:
 * @message: id, account, way, event, address, subject, body and due_us count
 * @keys: (nullable) (element-type utf8): what it tells, so that it is told once
 */
gboolean sched_store_message_add(SchedTxn *txn, const SchedMessageRow *message,
                                 const GPtrArray *keys, GError **error);

/** sched_store_message_due: Returns: (transfer full) (element-type SchedMessageRow): the
 * longest due first */
GPtrArray *sched_store_message_due(SchedTxn *txn, SchedMessageWay way, gint64 now_us,
                                   gint64 limit, GError **error);

/** sched_store_message_next_us: @out_us: (out): when the next one is due; 0: none waits */
gboolean sched_store_message_next_us(SchedTxn *txn, gint64 *out_us, GError **error);

/**
 * sched_store_message_tried:
 * @fault: (nullable): NULL: it was taken; else a word of sched_post_error_words
 * @detail: (nullable): cut to SCHED_MESSAGE_DETAIL_BYTES
 * @is_hopeless: no later attempt can go better
 * @out_failed: (out) (optional): whether it is given up
 */
gboolean sched_store_message_tried(SchedTxn *txn, const SchedMessageRow *message,
                                   const char *fault, const char *detail, gboolean is_hopeless,
                                   gboolean *out_failed, GError **error);

/**
 * sched_store_message_list:
 * @account: (nullable): only to this one
 * @state: (nullable): only of this word
 * @limit: at most so many
 *
 * Returns: (transfer full) (element-type SchedMessageRow): the newest first
 */
GPtrArray *sched_store_message_list(SchedTxn *txn, const char *account, const char *state,
                                    gint64 limit, GError **error);

/** sched_store_message_may_test: @out_may: (out): whether this person has not had too many test
 * messages */
gboolean sched_store_message_may_test(SchedTxn *txn, const char *account, gboolean *out_may,
                                      GError **error);

/** sched_store_message_people: @has_texts: whether text messages can be sent: who chose nothing
 * gets the urgent ones so, too. Returns: (transfer full) (element-type SchedReachable): active,
 * with an address or a number; with what is in force of their rights */
GPtrArray *sched_store_message_people(SchedTxn *txn, gint64 now_us, gboolean has_texts,
                                      GError **error);

/** sched_store_message_was_told: trouble with the disk: FALSE, and the work fails */
gboolean sched_store_message_was_told(SchedTxn *txn, const char *account, gint way,
                                      const char *key);
