/* unapproved.c - see unapproved.h */
#include "scheduler/publish/unapproved.h"

#include "scheduler/publish/gather.h"

static SchedUnapprovedRow *
row_of(const SchedUnapproved *found)
{
    SchedUnapprovedRow *row = g_new0(SchedUnapprovedRow, 1);
    const SchedDraft *draft = found->draft;

    row->slot = g_strdup(found->slot->id);
    row->slot_date = g_malloc(11);
    sched_day_write(found->slot_day, row->slot_date);
    row->kind = (gint) found->kind;
    row->version = g_strdup(draft == NULL ? "" : draft->version);
    row->announcement = g_strdup(draft == NULL ? "" : draft->announcement);
    row->title = g_strdup(draft == NULL ? found->slot->title : draft->title);
    row->language = g_strdup(draft == NULL || draft->language == NULL ? "" : draft->language);
    row->start_us = found->start_us;
    row->n_zones = found->n_zones;
    return row;
}

GPtrArray *
sched_unapproved_rows(SchedTxn *txn, gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) rows =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_unapproved_row_free);
    g_autoptr(GPtrArray) drafts = sched_store_drafts(txn, now_us, error);
    g_autoptr(SchedSnapshot) snapshot =
        drafts == NULL ? NULL : sched_gather_snapshot(txn, now_us, error);
    g_autoptr(SchedIndex) index = snapshot == NULL ? NULL : sched_index_new(snapshot);
    g_autoptr(GArray) found = NULL;

    if (index != NULL)
        found =
            sched_unapproved_find(index, snapshot, drafts, now_us - SCHED_UNAPPROVED_BACK_US,
                                  now_us + SCHED_UNAPPROVED_AHEAD_US, error);
    for (guint i = 0; found != NULL && i < MIN(found->len, SCHED_UNAPPROVED_MAX_ROWS); i++)
        g_ptr_array_add(rows, row_of(&g_array_index(found, SchedUnapproved, i)));
    return found == NULL ? NULL : g_steal_pointer(&rows);
}
