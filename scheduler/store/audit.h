/*
 * audit.h - who did what, in a chain that shows where it was altered.
 *
 * Flow: every writing noun function appends in its own transaction; heads travel in manifests.
 *
 * hash = SHA-256 over chain, seq, at_us, actor, action, object, detail and prev, each followed
 * by a line feed; numbers in decimal. prev of the first row is 64 zeros.
 */
#pragma once

#include "content/manifest.h"
#include "scheduler/store/db.h"

#define SCHED_AUDIT_MAX_DETAIL_BYTES 16384

typedef struct {
    char *chain; /* (owned) */
    gint64 seq;  /* from 1, without gaps */
    gint64 at_us;
    char *actor;  /* (owned) */
    char *action; /* (owned): "slot.approve" */
    char *object; /* (owned): id of what was changed */
    char *detail; /* (owned): JSON object */
    char *prev;   /* (owned) */
    char *hash;   /* (owned) */
    char *login;  /* (owned) (nullable): of the actor, which never changes; only in a list */
} SchedAuditRow;
void sched_audit_row_free(SchedAuditRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedAuditRow, sched_audit_row_free)

/**
 * sched_store_audit_append:
 * @action: noun and verb: "station.put"
 * @detail: (nullable): JSON object; NULL: {}
 *
 * Actor and instant are the transaction's. Noun functions do this themselves; others call it
 * for acts that leave no row (a sign-in refused, a restore seen).
 */
gboolean sched_store_audit_append(SchedTxn *txn, const char *action, const char *object,
                                  const char *detail, GError **error);

/** sched_store_audit_head: Returns: (transfer full): the newest row of the district's chain;
 * seq 0 and 64 zeros while there is none */
ContentAuditHead *sched_store_audit_head(SchedTxn *txn, GError **error);

/** sched_store_audit_head_free: @head: (nullable) */
void sched_store_audit_head_free(ContentAuditHead *head);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentAuditHead, sched_store_audit_head_free)

/**
 * sched_store_audit_list:
 * @object: (nullable): only rows about it
 * @before_seq: only older ones; 0: from the newest
 * @limit: 1 … 1000
 *
 * Returns: (element-type SchedAuditRow): newest first
 */
GPtrArray *sched_store_audit_list(SchedTxn *txn, const char *object, gint64 before_seq,
                                  gint64 limit, GError **error);

/* Which rows; NULL or 0: whichever. */
typedef struct {
    const char *object;    /* about it */
    const char *actor;     /* id, or what the account signs in as */
    const char *action;    /* "slot.approve", or "slot" for all of the noun */
    gint64 from_us, to_us; /* from then, and before then */
    gint64 before_seq;     /* only older ones */
} SchedAuditFilter;

/** sched_store_audit_find: as sched_store_audit_list(), all that is set must hold */
GPtrArray *sched_store_audit_find(SchedTxn *txn, const SchedAuditFilter *filter, gint64 limit,
                                  GError **error);

/** sched_store_audit_find_sql: Returns: (transfer none): the statement behind it, for a test of
 * its plan */
const char *sched_store_audit_find_sql(const SchedAuditFilter *filter);

/**
 * sched_store_audit_verify:
 * @heads: (nullable) (element-type ContentAuditHead): what stations witnessed
 * @out_rows: (out): rows that are right, counted from the first
 * @out_first_bad: (out): seq of the first row that is altered, missing or not as witnessed;
 *   0: none
 * @out_why: (out) (transfer full) (nullable): in words
 *
 * Returns: %FALSE only if the database could not be read
 */
gboolean sched_store_audit_verify(SchedTxn *txn, GPtrArray *heads, gint64 *out_rows,
                                  gint64 *out_first_bad, char **out_why, GError **error);
