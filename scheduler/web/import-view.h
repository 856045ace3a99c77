/*
 * import-view.h - what an alert of another system would be here.
 *
 * Flow: a message of the store -> read and held against the places and templates of today ->
 * the answer that people see. Read out of the kept message each time, so that it follows them.
 */
#pragma once

#include "scheduler/cap/warning.h"
#include "scheduler/store/alert-imports.h"
#include "scheduler/web/api-internal.h"

typedef enum {
    SCHED_IMPORT_STATE_WAITING, /* somebody has to look at it */
    SCHED_IMPORT_STATE_USED,    /* alerts were called of it, or what it ends is over */
    SCHED_IMPORT_STATE_ENDED,   /* by a later message of its sender */
    SCHED_IMPORT_STATE_OVER,    /* expired */
} SchedImportState;

/* Of the answer: the message, what may be called of it, the alerts that it ends. */
extern const ContentShape sched_import_shape;
extern const ContentShape sched_import_draft_shape;
extern const ContentShape sched_import_end_shape;

typedef struct SchedImportView SchedImportView;

/** sched_import_view_new: places and templates, looked up once for all messages of an answer;
 * not longer than the transaction */
SchedImportView *sched_import_view_new(SchedTxn *txn, SchedAct *act, GError **error);
/** sched_import_view_free: @self: (nullable) (transfer full) */
void sched_import_view_free(SchedImportView *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedImportView, sched_import_view_free)

/** sched_import_open: Returns: (transfer full) (nullable): the message that was kept */
SchedCap *sched_import_open(const SchedImportRow *row, GError **error);

/** sched_import_state: Returns: SchedImportState; @has_ends: whether an alert that it ends is
 * in force */
gint sched_import_state(const SchedImportRow *row, gboolean has_ends, gint64 now_us);

/** sched_import_describe: Returns: (transfer full) (nullable): the row, `drafts` and `ends` */
json_t *sched_import_describe(const SchedImportView *self, const SchedImportRow *row,
                              GError **error);

/** sched_import_sees: whether whoever asks has a part in any place of @import; one that names
 * none of ours concerns all */
gboolean sched_import_sees(SchedTxn *txn, SchedAct *act, json_t *import);
