/*
 * unapproved.h - what is to sound within a day and has no approval; and what was dropped for
 * it.
 *
 * Flow: publish/unapproved.c finds it in the plan, once a minute -> kept here -> web/ (Today),
 * messages. What was dropped stays, with the reason that it was: nobody had approved it.
 */
#pragma once

#include "scheduler/plan/unapproved.h"
#include "scheduler/store/db.h"

typedef struct {
    char *slot, *slot_date; /* (owned) */
    char *version;          /* (owned): "" of a SLOT or DATE */
    gint kind;              /* SchedUnapprovedKind */
    char *announcement;     /* (owned): "" of a SLOT or DATE */
    char *title;            /* (owned): of the announcement, or the name of the slot */
    char *language;         /* (owned): of the version; "" where it has none */
    gint64 start_us, n_zones;
    gboolean dropped;
    /* Set by the store: */
    char *slot_name; /* (owned) */
    char *home;  /* (owned): area whose approvers it waits for; of the announcement or slot */
    char *state; /* (owned): word of the version's state; "" of a SLOT or DATE */
} SchedUnapprovedRow;
void sched_unapproved_row_free(SchedUnapprovedRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedUnapprovedRow, sched_unapproved_row_free)

/** sched_store_drafts: Returns: (transfer full) (element-type SchedDraft): of what is not
 * withdrawn and not over */
GPtrArray *sched_store_drafts(SchedTxn *txn, gint64 now_us, GError **error);

/**
 * sched_store_unapproved_set:
 * @rows: (element-type SchedUnapprovedRow): all that is found now
 *
 * Replaces what is still to come. What has begun is dropped, once and for good; unless it was
 * changed after it began, for then it may have been approved at that instant.
 */
gboolean sched_store_unapproved_set(SchedTxn *txn, const GPtrArray *rows, GError **error);

/**
 * sched_store_unapproved_list:
 * @since_us: only what starts from here on
 *
 * Returns: (transfer full) (element-type SchedUnapprovedRow): by start; without what was
 *   approved in the meantime
 */
GPtrArray *sched_store_unapproved_list(SchedTxn *txn, gint64 since_us, GError **error);

/** sched_store_unapproved_authors: Returns: (transfer full) (element-type utf8): accounts that
 * wrote what is not approved */
GPtrArray *sched_store_unapproved_authors(SchedTxn *txn, const SchedUnapprovedRow *row,
                                          GError **error);
