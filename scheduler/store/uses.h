/*
 * uses.h - what an announcement is there for: which slots play it, and who would hear it in a
 * language that is not theirs.
 *
 * Flow: the page of one announcement, before it is approved or withdrawn -> here. Reads only.
 */
#pragma once

#include "scheduler/store/db.h"

#define SCHED_USES_MAX_ROWS 200

/* A slot that plays it, always or on one date; or a special day that does. */
typedef struct {
    char *slot; /* (owned) (nullable): NULL: a special day */
    char *name; /* (owned) */
    char *home; /* (owned): area */
    char *date; /* (owned) (nullable): only then, or from then on for a special day */
    gboolean approved;
    gboolean stopped;
} SchedUseRow;
void sched_use_row_free(SchedUseRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedUseRow, sched_use_row_free)

/* Villages where people want a language that it has no recording in. */
typedef struct {
    char *language; /* (owned): the one that is missing */
    char *hears;    /* (owned): tags that they hear instead, in their order, separated by
                       spaces; "": nothing of it */
    gint64 n_villages;
    GPtrArray *names; /* (owned) (element-type utf8): of the first SCHED_LACKS_MAX_NAMES; none
                         where many announcements are looked at */
} SchedLackRow;
#define SCHED_LACKS_MAX_NAMES 5
void sched_lack_row_free(SchedLackRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedLackRow, sched_lack_row_free)

/** sched_store_uses: Returns: (transfer full) (element-type SchedUseRow): at most
 * SCHED_USES_MAX_ROWS, by name; what is stopped or taken back comes last */
GPtrArray *sched_store_uses(SchedTxn *txn, const char *announcement, GError **error);

/**
 * sched_store_lacks:
 *
 * For each zone where the announcement may sound: what it lists and no recording is in, though
 * it need not be approved yet. A dialect is served by its language (content_language_match()).
 *
 * Returns: (transfer full) (element-type SchedLackRow): most villages first; empty for what has
 *   no language
 */
GPtrArray *sched_store_lacks(SchedTxn *txn, const char *announcement, GError **error);

/**
 * sched_store_lacks_of:
 * @announcements: (element-type utf8): ids; two questions to the store, however many they are
 *
 * Returns: (transfer full) (element-type utf8 GPtrArray): id -> what sched_store_lacks() says,
 *   without names; what lacks nothing or was withdrawn is absent
 */
GHashTable *sched_store_lacks_of(SchedTxn *txn, const GPtrArray *announcements, GError **error);
