/* notice.c - see notice.h */
#include "scheduler/publish/notice.h"

#include "scheduler/plan/dayplan.h"
#include "scheduler/publish/gather.h"

#include <string.h>

gint64
sched_notice_next_start(SchedTxn *txn, const SchedNextWish *wish, gint64 now_us, GError **error)
{
    g_autoptr(SchedSnapshot) snapshot = sched_gather_snapshot(txn, now_us, error);
    g_autoptr(SchedIndex) index = snapshot == NULL ? NULL : sched_index_new(snapshot);

    return index == NULL ? -1 : sched_next_start(index, wish, error);
}

static void
count_day(const SchedPlanDay *day, const char *slot, guint *heard, guint *silent)
{
    for (guint i = 0; i < day->plan->segments->len; i++) {
        const ContentSegment *segment = g_ptr_array_index(day->plan->segments, i);

        if (strcmp(segment->slot, slot) == 0)
            *heard += segment->zones->len;
    }
    for (guint i = 0; i < day->findings->len; i++) {
        const SchedFinding *finding = &g_array_index(day->findings, SchedFinding, i);

        if (strcmp(finding->slot, slot) == 0 && sched_finding_is_silence(finding->kind))
            *silent += 1;
    }
}

gboolean
sched_notice_count(SchedTxn *txn, const char *slot, gint64 start_us, gint64 now_us,
                   guint *out_heard, guint *out_silent, GError **error)
{
    g_autoptr(SchedSnapshot) snapshot = sched_gather_snapshot(txn, now_us, error);
    g_autoptr(SchedIndex) index = snapshot == NULL ? NULL : sched_index_new(snapshot);
    g_autoptr(GPtrArray) stations =
        index == NULL ? NULL : sched_index_slot_stations(index, slot);
    guint heard = 0, silent = 0;

    for (guint i = 0; stations != NULL && i < stations->len; i++) {
        const char *id = g_ptr_array_index(stations, i);
        const SchedIndexStation *station = sched_index_station(index, id);
        SchedDay day = sched_calendar_local(station->calendar, start_us, NULL);
        g_autoptr(SchedPlanDay) planned = sched_plan_station_day(index, id, day, error);

        if (planned == NULL)
            return FALSE;
        count_day(planned, slot, &heard, &silent);
    }
    *out_heard = heard;
    *out_silent = silent;
    return stations != NULL;
}
