/* making-up.c - see making-up.h */
#include "scheduler/publish/making-up.h"

#include "scheduler/plan/make-up.h"
#include "scheduler/publish/gather.h"
#include "scheduler/store/deliveries.h"
#include "scheduler/store/make-ups.h"
#include "scheduler/store/stations.h"

#include <string.h>

/* ---- what was missed ---- */

/* clang-format off */
/* Reasons of the station's own; what a person or a rule kept silent is not made up. */
static const gboolean is_made_up[] = {
    [CONTENT_REASON_OBJECT_MISSING]  = TRUE,
    [CONTENT_REASON_OBJECT_CORRUPT]  = TRUE,
    [CONTENT_REASON_DECODE_FAILED]   = TRUE,
    [CONTENT_REASON_CLOCK_UNTRUSTED] = TRUE,
    [CONTENT_REASON_DISPLACED]       = TRUE,
    [CONTENT_REASON_RELAY_FAILED]    = TRUE,
    [CONTENT_REASON_GATEWAY_DOWN]    = TRUE,
    [CONTENT_REASON_ZONE_UNKNOWN]    = TRUE,
    [CONTENT_REASON_OUTPUT_FAILED]   = TRUE,
    [CONTENT_REASON_PLAYER_STOPPED]  = TRUE,
    [CONTENT_REASON_NO_POWER]        = TRUE,
    [CONTENT_REASON_INTERRUPTED]     = TRUE,
    [CONTENT_REASON_LATE_SOURCE]     = TRUE,
    [CONTENT_REASON_UNKNOWN]         = TRUE,
    [CONTENT_REASON_NO_NETWORK]      = TRUE,
    [CONTENT_REASON_QUIET_REQUEST]   = FALSE,
};
/* clang-format on */

/* What is known to have been missed whole, and stands in no row of the store yet. */
static gboolean
is_wanted(const SchedDelivery *d, const SchedMakeUpWish *wish)
{
    return d->state == SCHED_DELIVERY_MISSED && (gsize) d->reason < G_N_ELEMENTS(is_made_up) &&
           is_made_up[d->reason] && d->object != NULL && d->made_up_us == 0 &&
           d->makes_up_us == 0 &&
           (wish->occurrence == NULL || strcmp(d->occurrence, wish->occurrence) == 0) &&
           (wish->item == NULL || strcmp(d->item, wish->item) == 0);
}

/* An occurrence is its slot, a hyphen and the date. FALSE: it is none */
static gboolean
date_of(const SchedDelivery *d, SchedDay *out_day)
{
    gsize length = strlen(d->occurrence);

    return length > strlen("-2026-03-02") &&
           sched_day_parse(d->occurrence + length - 10, out_day);
}

static GArray *
collect(GPtrArray *deliveries, const SchedMakeUpWish *wish)
{
    GArray *missed = g_array_new(FALSE, FALSE, sizeof(SchedMissed));

    for (guint i = 0; i < deliveries->len && missed->len < SCHED_MAKE_UP_MAX_MISSED; i++) {
        const SchedDelivery *d = g_ptr_array_index(deliveries, i);
        SchedMissed one = {.slot = d->slot,
                           .item = d->item,
                           .language = d->language,
                           .object = d->object,
                           .zone = d->zone,
                           .planned_us = d->planned_start_us};

        if (is_wanted(d, wish) && date_of(d, &one.slot_day))
            g_array_append_val(missed, one);
    }
    return missed;
}

/* ---- rows ---- */

static const SchedDelivery *
find_missed(GPtrArray *deliveries, const SchedMakeUpWish *wish, const SchedMakeUp *made,
            const char *zone)
{
    for (guint i = 0; i < deliveries->len; i++) {
        const SchedDelivery *d = g_ptr_array_index(deliveries, i);
        SchedDay day;

        if (is_wanted(d, wish) && strcmp(d->zone, zone) == 0 &&
            strcmp(d->slot, made->slot) == 0 && strcmp(d->item, made->item) == 0 &&
            g_strcmp0(d->language, made->language) == 0 && date_of(d, &day) &&
            day == made->slot_day)
            return d;
    }
    return NULL;
}

static void
add_rows(GPtrArray *rows, GPtrArray *deliveries, const SchedMakeUpWish *wish,
         const SchedMakeUp *made)
{
    for (guint i = 0; i < made->zones->len; i++) {
        const char *zone = g_ptr_array_index(made->zones, i);
        const SchedDelivery *d = find_missed(deliveries, wish, made, zone);
        SchedMakeUpRow *row;

        if (d == NULL)
            continue;
        row = g_new0(SchedMakeUpRow, 1);
        row->station = g_strdup(made->station);
        row->zone = g_strdup(zone);
        row->slot = g_strdup(made->slot);
        row->slot_date = g_malloc(11);
        sched_day_write(made->slot_day, row->slot_date);
        row->item = g_strdup(made->item);
        row->language = g_strdup(made->language == NULL ? "" : made->language);
        row->object = g_strdup(made->object);
        row->date = g_strdup(d->date);
        row->segment = g_strdup(d->segment);
        row->planned_us = d->planned_start_us;
        row->start_us = made->start_us;
        g_ptr_array_add(rows, row);
    }
}

GPtrArray *
sched_making_up_find(SchedTxn *txn, const SchedMakeUpWish *wish, GError **error)
{
    g_autoptr(GPtrArray) rows =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_make_up_row_free);
    g_autoptr(GPtrArray) deliveries =
        sched_store_delivery_of(txn, wish->station, wish->date, wish->now_us, error);
    g_autoptr(GArray) missed = deliveries == NULL ? NULL : collect(deliveries, wish);
    g_autoptr(GPtrArray) made = NULL;
    g_autoptr(SchedSnapshot) snapshot = NULL;
    g_autoptr(SchedIndex) index = NULL;

    if (missed == NULL)
        return NULL;
    /* Most days nothing was: the plan need not be read then. */
    if (missed->len == 0)
        return g_steal_pointer(&rows);
    snapshot = sched_gather_snapshot(txn, wish->now_us, error);
    if (snapshot == NULL)
        return NULL;
    index = sched_index_new(snapshot);
    made =
        sched_make_up_decide(index, wish->station, missed, wish->now_us, wish->until_us, error);
    for (guint i = 0; made != NULL && i < made->len; i++)
        add_rows(rows, deliveries, wish, g_ptr_array_index(made, i));
    return made == NULL ? NULL : g_steal_pointer(&rows);
}

/* ---- by the slots' rules ---- */

static gboolean
find_at(SchedTxn *txn, const char *id, gint64 now_us, GPtrArray *found, GError **error)
{
    g_autoptr(SchedStationRow) station = sched_store_station_get(txn, id, error);
    g_autoptr(SchedCalendar) calendar = NULL;
    g_autoptr(GPtrArray) rows = NULL;
    char date[11];
    SchedMakeUpWish wish = {.station = id, .date = date, .now_us = now_us};

    if (station == NULL)
        return FALSE;
    if (station->retired || (calendar = sched_calendar_new(station->tzid)) == NULL)
        return TRUE;
    sched_day_write(sched_calendar_local(calendar, now_us, NULL), date);
    rows = sched_making_up_find(txn, &wish, error);
    if (rows != NULL && rows->len > 0)
        g_ptr_array_add(found, g_ptr_array_ref(rows));
    return rows != NULL;
}

/* Returns: (element-type GPtrArray): rows, a list a station */
static GPtrArray *
find_all(SchedTxn *txn, gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) found =
        g_ptr_array_new_with_free_func((GDestroyNotify) g_ptr_array_unref);
    g_autoptr(GPtrArray) stations = sched_store_make_up_stations(txn, error);

    for (guint i = 0; stations != NULL && i < stations->len; i++) {
        g_autoptr(GError) cause = NULL;

        /* One that cannot be judged is named by the delivery report; the others go on. */
        if (find_at(txn, g_ptr_array_index(stations, i), now_us, found, &cause) ||
            g_error_matches(cause, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CORRUPT) ||
            g_error_matches(cause, SCHED_INDEX_ERROR, SCHED_INDEX_ERROR_INVALID))
            continue;
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }
    return stations == NULL ? NULL : g_steal_pointer(&found);
}

static gboolean
keep_all(SchedTxn *txn, GPtrArray *found, GError **error)
{
    for (guint i = 0; i < found->len; i++) {
        if (!sched_store_make_up_add(txn, g_ptr_array_index(found, i), error))
            return FALSE;
    }
    return TRUE;
}

const SchedChoreWork sched_making_up = {SCHED_MAKING_UP_EVERY_US, find_all, keep_all};
