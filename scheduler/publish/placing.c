/* placing.c - see placing.h */
#include "scheduler/publish/placing.h"

#include "scheduler/publish/gather.h"
#include "scheduler/store/offers.h"
#include "scheduler/store/settings.h"

/* Everything that is planned, and what is to find its time in it. */
typedef struct {
    SchedSnapshot *snapshot;   /* (owned) */
    SchedIndex *index;         /* (owned) */
    char *tzid;                /* (owned): of slots that are made now */
    SchedOfferRow *offer;      /* (owned) (nullable) */
    SchedOfferPlaceRow *place; /* (owned) (nullable) */
    SchedPlaceWish wish;
} Placing;

static void
placing_clear(Placing *self)
{
    sched_index_free(self->index);
    sched_snapshot_free(self->snapshot);
    sched_offer_row_free(self->offer);
    sched_offer_place_row_free(self->place);
    g_free(self->tzid);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Placing, placing_clear)

static gboolean
placing_open(Placing *self, SchedTxn *txn, gint64 now_us, GError **error)
{
    self->tzid = sched_store_setting_text(txn, "tzid", error);
    self->snapshot = self->tzid == NULL ? NULL : sched_gather_snapshot(txn, now_us, error);
    if (self->snapshot == NULL)
        return FALSE;
    self->index = sched_index_new(self->snapshot);
    return TRUE;
}

static gboolean
placing_take(Placing *self, SchedTxn *txn, const char *offer, const char *area, gint64 now_us,
             GError **error)
{
    g_clear_pointer(&self->offer, sched_offer_row_free);
    g_clear_pointer(&self->place, sched_offer_place_row_free);
    self->offer = sched_store_offer_get(txn, offer, error);
    if (self->offer == NULL)
        return FALSE;
    self->place = sched_store_offer_place_get(txn, offer, area, error);
    if (self->place == NULL)
        return FALSE;
    self->wish = (SchedPlaceWish){.area = self->place->area,
                                  .playlist = self->offer->playlist,
                                  .tzid = self->tzid,
                                  .slot = self->place->slot,
                                  .earliest_us = now_us + SCHED_PLACE_LEAD_US,
                                  .deadline_us = self->offer->until_us};
    return TRUE;
}

json_t *
sched_placing_times_json(SchedTxn *txn, const char *offer, const char *area, gint64 now_us,
                         GError **error)
{
    g_auto(Placing) self = {0};
    g_autoptr(GArray) times = NULL;
    json_t *list;

    if (!placing_open(&self, txn, now_us, error) ||
        !placing_take(&self, txn, offer, area, now_us, error) ||
        (times = sched_place_times(self.index, &self.wish, error)) == NULL)
        return NULL;
    list = json_array();
    for (guint i = 0; i < times->len; i++) {
        const SchedPlaceTime *time = &g_array_index(times, SchedPlaceTime, i);

        json_array_append_new(list, json_pack("{s:I, s:s, s:I}", "start_us",
                                              (json_int_t) time->start_us, "behind", time->slot,
                                              "heard", (json_int_t) time->n_heard));
    }
    return list;
}

gboolean
sched_placing_try(SchedTxn *txn, const char *offer, const char *area, gint64 start_us,
                  gint64 now_us, SchedPlaceTime *out_time, gboolean *out_free, GError **error)
{
    g_auto(Placing) self = {0};

    if (!placing_open(&self, txn, now_us, error) ||
        !placing_take(&self, txn, offer, area, now_us, error) ||
        !sched_place_try(self.index, &self.wish, start_us, out_time, error))
        return FALSE;
    *out_free = sched_place_is_free(&self.wish, out_time);
    return TRUE;
}

/* ---- by itself ---- */

typedef struct {
    char *offer, *area; /* (owned) */
    gint64 start_us;    /* -1: none was found */
    gboolean is_over;   /* and none will be */
} Decision;

static void
decision_free(gpointer data)
{
    Decision *self = data;

    g_free(self->offer);
    g_free(self->area);
    g_free(self);
}

/* Of two for one station the second sees the first only once that is kept: at the next look.
 * Returns: whether all stations of @area were free of that so far */
static gboolean
claim_stations(SchedTxn *txn, const char *area, GHashTable *claimed, gboolean *out_is_first,
               GError **error)
{
    g_autoptr(GPtrArray) stations = sched_store_offer_stations(txn, area, error);

    *out_is_first = TRUE;
    for (guint i = 0; stations != NULL && i < stations->len; i++)
        *out_is_first &= g_hash_table_add(claimed, g_strdup(stations->pdata[i]));
    return stations != NULL;
}

static gboolean
decide(Placing *self, SchedTxn *txn, const SchedOfferPlaceRow *due, gint64 now_us,
       GPtrArray *found, GError **error)
{
    SchedPlaceTime time = {.start_us = -1};
    g_autoptr(GError) cause = NULL;
    Decision *decision;

    if (!placing_take(self, txn, due->offer, due->area, now_us, error))
        return FALSE;
    /* A place or playlist that the plan had to leave out is named among the troubles. */
    if (self->wish.earliest_us < self->wish.deadline_us &&
        !sched_place_next(self->index, &self->wish, &time, &cause) &&
        !g_error_matches(cause, SCHED_INDEX_ERROR, SCHED_INDEX_ERROR_INVALID)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return FALSE;
    }
    decision = g_new0(Decision, 1);
    decision->offer = g_strdup(due->offer);
    decision->area = g_strdup(due->area);
    decision->start_us = time.start_us;
    decision->is_over = self->wish.earliest_us >= self->wish.deadline_us;
    g_ptr_array_add(found, decision);
    return TRUE;
}

static GPtrArray *
find_due(SchedTxn *txn, gint64 now_us, GError **error)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(decision_free);
    g_autoptr(GPtrArray) due = sched_store_offer_due(txn, now_us, error);
    g_autoptr(GHashTable) claimed =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(Placing) self = {0};

    if (due == NULL || (due->len > 0 && !placing_open(&self, txn, now_us, error)))
        return NULL;
    for (guint i = 0; i < due->len; i++) {
        const SchedOfferPlaceRow *row = g_ptr_array_index(due, i);
        gboolean is_first;

        if (!claim_stations(txn, row->area, claimed, &is_first, error) ||
            (is_first && !decide(&self, txn, row, now_us, found, error)))
            return NULL;
    }
    return g_steal_pointer(&found);
}

/* Somebody may have placed it meanwhile, or taken it back; then there is nothing to do. */
static gboolean
keep_one(SchedTxn *txn, const Decision *decision, GError **error)
{
    g_autoptr(GError) cause = NULL;

    if (decision->start_us < 0)
        return sched_store_offer_tried(txn, decision->offer, decision->area,
                                       decision->is_over ? "no_time" : NULL, error);
    if (sched_store_offer_check(txn, decision->offer, decision->area, decision->start_us,
                                &cause))
        return sched_store_offer_place(txn, decision->offer, decision->area, decision->start_us,
                                       error);
    if (g_error_matches(cause, SCHED_STORE_ERROR, SCHED_STORE_ERROR_CONFLICT))
        return sched_store_offer_tried(txn, decision->offer, decision->area, "changed", error);
    if (g_error_matches(cause, SCHED_STORE_ERROR, SCHED_STORE_ERROR_RULE) ||
        g_error_matches(cause, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
}

static gboolean
keep_due(SchedTxn *txn, GPtrArray *found, GError **error)
{
    for (guint i = 0; i < found->len; i++) {
        if (!keep_one(txn, g_ptr_array_index(found, i), error))
            return FALSE;
    }
    return TRUE;
}

const SchedChoreWork sched_placing = {SCHED_PLACING_EVERY_US, find_due, keep_due};
