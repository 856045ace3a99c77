/* messengers.c - see messengers.h */
#include "scheduler/publish/messengers.h"

#include "content/base/id.h"
#include "scheduler/plan/messengers.h"
#include "scheduler/publish/gather.h"
#include "scheduler/store/alerts.h"
#include "scheduler/store/messengers.h"

/* Alerts at a time that are not over. */
#define MAX_ALERTS 100

static GPtrArray *
rows_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify) sched_messenger_task_row_free);
}

static GPtrArray *
find_unanswered(SchedTxn *txn, gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) rows = rows_new();
    g_autoptr(GPtrArray) alerts =
        sched_store_alert_list(txn, NULL, now_us - SCHED_MESSENGERS_BACK_US, MAX_ALERTS, error);

    for (guint i = 0; alerts != NULL && i < alerts->len; i++) {
        const SchedAlertRow *alert = alerts->pdata[i];
        GPtrArray *missing = alert->stopped_us != 0
                                 ? NULL
                                 : sched_store_messenger_missing(txn, alert->id, now_us, error);

        if (missing != NULL)
            g_ptr_array_extend_and_steal(rows, missing);
        else if (alert->stopped_us == 0)
            return NULL;
    }
    return alerts == NULL ? NULL : g_steal_pointer(&rows);
}

/* A day is time enough to go there, and another one to say so. */
static SchedMessengerTaskRow *
task_of(const SchedMessengerWish *wish, gint64 now_us)
{
    SchedMessengerTaskRow *row = g_new0(SchedMessengerTaskRow, 1);

    row->id = content_id_new(now_us);
    row->village = g_strdup(wish->village->source->id);
    row->kind = SCHED_MESSENGER_OF_ANNOUNCEMENT;
    row->announcement = g_strdup(wish->announcement);
    row->why = SCHED_MESSENGER_NO_LOUDSPEAKER;
    row->date = g_malloc(11);
    sched_day_write(wish->slot_day, row->date);
    row->due_us = wish->start_us + SCHED_MESSENGERS_AHEAD_US;
    return row;
}

static GPtrArray *
find_wishes(SchedTxn *txn, GPtrArray *villages, gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) rows = rows_new();
    g_autoptr(SchedSnapshot) snapshot = sched_gather_snapshot(txn, now_us, error);
    g_autoptr(SchedIndex) index = snapshot == NULL ? NULL : sched_index_new(snapshot);
    g_autoptr(GArray) found = NULL;

    if (index != NULL)
        found = sched_messengers_find(index, snapshot, villages, now_us,
                                      now_us + SCHED_MESSENGERS_AHEAD_US, error);
    for (guint i = 0; found != NULL && i < found->len; i++) {
        const SchedMessengerWish *wish = &g_array_index(found, SchedMessengerWish, i);

        if (!sched_store_messenger_has(txn, wish->announcement, wish->village->source->id))
            g_ptr_array_add(rows, task_of(wish, now_us));
    }
    return found == NULL ? NULL : g_steal_pointer(&rows);
}

static GPtrArray *
find_announced(SchedTxn *txn, gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) villages = sched_store_messenger_silent(txn, error);
    gint64 n_waiting = 0;

    if (villages == NULL || !sched_store_messenger_n_waiting(txn, &n_waiting, error))
        return NULL;
    /* What nobody works off any more is not made longer. */
    return villages->len == 0 || n_waiting >= SCHED_MESSENGER_MAX_WAITING
               ? rows_new()
               : find_wishes(txn, villages, now_us, error);
}

static gboolean
keep_tasks(SchedTxn *txn, GPtrArray *found, GError **error)
{
    for (guint i = 0; i < found->len; i++) {
        if (!sched_store_messenger_add(txn, found->pdata[i], error))
            return FALSE;
    }
    return TRUE;
}

const SchedChoreWork sched_messengers_of_alerts = {SCHED_MESSENGERS_ALERT_EVERY_US,
                                                   find_unanswered, keep_tasks};
const SchedChoreWork sched_messengers_of_plan = {SCHED_MESSENGERS_PLAN_EVERY_US, find_announced,
                                                 keep_tasks};
