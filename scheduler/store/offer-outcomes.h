/*
 * offer-outcomes.h - what became of something sent, in one commune that placed it, by the
 * records of its stations.
 *
 * Flow: a place (offers.h) -> here, by the verdicts of the delivery report (deliveries.h) ->
 * who sent it sees it (web/) and is told (message/news.h).
 */
#pragma once

#include "scheduler/store/offers.h"

/* Of all zones of the commune. */
typedef enum {
    SCHED_OFFER_LEFT_OUT, /* in the plan of no station */
    SCHED_OFFER_WAITING,  /* not over, or its record is on its way */
    SCHED_OFFER_DELIVERED,
    SCHED_OFFER_PARTIAL,
    SCHED_OFFER_MISSED,
    SCHED_OFFER_NO_CONTACT,
    SCHED_OFFER_QUIET,
} SchedOfferState;

typedef struct {
    SchedOfferState state;
    gint64 n_heard, n_zones; /* zones that heard all of it, and all that were to */
    gint64 n_unheard_of;     /* of these, with a station that is not in contact */
    gint reason;             /* ContentReason: of the first zone that did not hear all of it */
    char *why, *why_vi;      /* (owned) (nullable): the same in a sentence */
} SchedOfferOutcome;
void sched_offer_outcome_clear(SchedOfferOutcome *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SchedOfferOutcome, sched_offer_outcome_clear)

/**
 * sched_store_offer_outcome:
 * @slot: @start_us: of the place
 * @out: zeroed; filled in
 */
gboolean sched_store_offer_outcome(SchedTxn *txn, const char *area, const char *slot,
                                   gint64 start_us, gint64 now_us, SchedOfferOutcome *out,
                                   GError **error);

/* A place whose time has come. */
typedef struct {
    char *offer, *name, *author; /* (owned) */
    char *area, *area_name;      /* (owned) */
    char *slot;                  /* (owned) */
    gint64 start_us;
} SchedOfferAiredRow;
void sched_offer_aired_row_free(SchedOfferAiredRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedOfferAiredRow, sched_offer_aired_row_free)

/** sched_store_offer_aired: Returns: (transfer full) (element-type SchedOfferAiredRow): whose
 * time came from @from_us to @to_us, and that were not stopped or taken back; the latest first,
 * at most SCHED_OFFER_MAX_NEWS */
GPtrArray *sched_store_offer_aired(SchedTxn *txn, gint64 from_us, gint64 to_us, GError **error);
