/* offer-outcomes.c - see offer-outcomes.h */
#include "scheduler/store/offer-outcomes.h"

#include "scheduler/plan/calendar.h"
#include "scheduler/store/deliveries.h"
#include "scheduler/store/sql.h"
#include "scheduler/store/stations.h"

/* clang-format off */
static const char sql_aired[] =
    "SELECT p.offer, o.name, o.author, p.area, a.name AS area_name, p.slot, p.start_us "
    "FROM offer_places AS p JOIN offers AS o ON o.id = p.offer AND o.ended_us = 0 "
    "JOIN slots AS s ON s.id = p.slot AND s.stopped = 0 JOIN areas AS a ON a.id = p.area "
    "WHERE p.start_us BETWEEN $1 AND $2 ORDER BY p.start_us DESC, p.offer, p.area "
    "LIMIT " G_STRINGIFY(SCHED_OFFER_MAX_NEWS);

#define AT(member) G_STRUCT_OFFSET(SchedOfferAiredRow, member)
static const SchedSqlColumn columns[] = {
    { "offer",     SCHED_SQL_TEXT, AT(offer)     },
    { "name",      SCHED_SQL_TEXT, AT(name)      },
    { "author",    SCHED_SQL_TEXT, AT(author)    },
    { "area",      SCHED_SQL_TEXT, AT(area)      },
    { "area_name", SCHED_SQL_TEXT, AT(area_name) },
    { "slot",      SCHED_SQL_TEXT, AT(slot)      },
    { "start_us",  SCHED_SQL_INT,  AT(start_us)  },
    { NULL },
};
#undef AT
/* clang-format on */
static const SchedSqlShape shape = {sizeof(SchedOfferAiredRow), columns,
                                    (GDestroyNotify) sched_offer_aired_row_free};
SCHED_SQL_DEFINE_FREE(SchedOfferAiredRow, sched_offer_aired_row, shape)

void
sched_offer_outcome_clear(SchedOfferOutcome *self)
{
    g_clear_pointer(&self->why, g_free);
    g_clear_pointer(&self->why_vi, g_free);
}

/* By how many zones of each verdict there are. */
static SchedOfferState
state_of(const guint *n, guint n_all)
{
    if (n_all == 0)
        return SCHED_OFFER_LEFT_OUT;
    if (n[SCHED_DELIVERY_WAITING] > 0)
        return SCHED_OFFER_WAITING;
    if (n[SCHED_DELIVERY_DELIVERED] == n_all)
        return SCHED_OFFER_DELIVERED;
    if (n[SCHED_DELIVERY_DELIVERED] > 0 || n[SCHED_DELIVERY_PARTIAL] > 0)
        return SCHED_OFFER_PARTIAL;
    if (n[SCHED_DELIVERY_MISSED] > 0)
        return SCHED_OFFER_MISSED;
    return n[SCHED_DELIVERY_NO_CONTACT] > 0 ? SCHED_OFFER_NO_CONTACT : SCHED_OFFER_QUIET;
}

static void
count(const SchedDelivery *one, SchedOfferOutcome *out, guint *n)
{
    n[one->state]++;
    out->n_zones++;
    out->n_heard += one->state == SCHED_DELIVERY_DELIVERED;
    out->n_unheard_of += one->state == SCHED_DELIVERY_NO_CONTACT;
    if (out->why == NULL && one->why != NULL && *one->why != '\0') {
        out->reason = (gint) one->reason;
        out->why = g_strdup(one->why);
        out->why_vi = g_strdup(one->why_vi);
    }
}

/* The verdicts of the delivery report, of one station on the day that it was placed on. */
static gboolean
count_station(SchedTxn *txn, const char *id, const char *slot, gint64 start_us, gint64 now_us,
              SchedOfferOutcome *out, guint *n, GError **error)
{
    g_autoptr(SchedStationRow) station = sched_store_station_get(txn, id, error);
    g_autoptr(SchedCalendar) calendar =
        station == NULL ? NULL : sched_calendar_new(station->tzid);
    g_autoptr(GPtrArray) verdicts = NULL;
    g_autoptr(GError) cause = NULL;
    char date[11];

    if (calendar == NULL)
        return station != NULL;
    sched_day_write(sched_calendar_local(calendar, start_us, NULL), date);
    verdicts = sched_store_delivery_of(txn, id, date, now_us, &cause);
    /* One that cannot be read is named by the delivery report. */
    if (verdicts == NULL && sched_store_delivery_is_spoilt(cause))
        return TRUE;
    if (verdicts == NULL)
        g_propagate_error(error, g_steal_pointer(&cause));
    for (guint i = 0; verdicts != NULL && i < verdicts->len; i++) {
        const SchedDelivery *one = g_ptr_array_index(verdicts, i);

        if (g_strcmp0(one->slot, slot) == 0)
            count(one, out, n);
    }
    return verdicts != NULL;
}

gboolean
sched_store_offer_outcome(SchedTxn *txn, const char *area, const char *slot, gint64 start_us,
                          gint64 now_us, SchedOfferOutcome *out, GError **error)
{
    g_autoptr(GPtrArray) stations = sched_store_offer_stations(txn, area, error);
    guint n[SCHED_DELIVERY_QUIET + 1] = {0};

    for (guint i = 0; stations != NULL && i < stations->len; i++) {
        if (!count_station(txn, stations->pdata[i], slot, start_us, now_us, out, n, error))
            return FALSE;
    }
    out->state = state_of(n, (guint) out->n_zones);
    return stations != NULL;
}

GPtrArray *
sched_store_offer_aired(SchedTxn *txn, gint64 from_us, gint64 to_us, GError **error)
{
    return sched_sql_list(txn, sql_aired, &shape, error, "ii", from_us, to_us);
}
