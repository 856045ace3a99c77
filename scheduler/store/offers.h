/*
 * offers.h - what is sent from above for communes to air at a time of their choice, until a
 * deadline.
 *
 * Flow: an editor above sends a playlist to communes -> a second person approves it, for one
 * airing in each place at any allowed time until the deadline -> each commune chooses its time,
 * or some hours before the deadline it goes in by itself (publish/placing.h) -> an ordinary
 * slot, which rests on that approval.
 *
 * Held by the database itself: nobody approves what they sent or wrote; nothing is placed that
 * is not approved, was taken back, or would begin after the deadline; a place has one slot.
 */
#pragma once

#include "scheduler/store/db.h"

/* Areas that one is sent to: every commune of a large province. */
#define SCHED_OFFER_MAX_PLACES 256
/* A deadline is at least this far, and at most. */
#define SCHED_OFFER_MIN_US     (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define SCHED_OFFER_MAX_US     (G_GINT64_CONSTANT(60) * 86400 * G_USEC_PER_SEC)
#define SCHED_OFFER_LEAD_MIN_H 2
#define SCHED_OFFER_LEAD_MAX_H 168
/* A day has every window that there is, on most days. */
#define SCHED_OFFER_LEAD_H 24
/* Of one answer. */
#define SCHED_OFFER_MAX_LIST       200
#define SCHED_OFFER_MAX_PLACE_LIST 30
/* Of a place's list: those that are over for longer are history. */
#define SCHED_OFFER_PAST_US (G_GINT64_CONSTANT(14) * 86400 * G_USEC_PER_SEC)
/* What found no time is looked at again; so many places in one go. */
#define SCHED_OFFER_RETRY_US (G_GINT64_CONSTANT(600) * G_USEC_PER_SEC)
#define SCHED_OFFER_MAX_DUE  50

typedef struct {
    char *id, *name;    /* (owned) */
    char *announcement; /* (owned) (nullable): where it is the only item: which */
    char *playlist;     /* (owned) */
    char *home;         /* (owned): area whose editors and approvers it belongs to */
    gint64 until_us;    /* over by then */
    gint64 lead_h;      /* hours before it, at which it goes in by itself */
    /* The rest is set by the store. */
    gint64 itself_us;           /* when it goes in by itself; 0: not approved */
    char *content;              /* (owned): hash of playlist, places and deadline */
    char *author, *author_name; /* (owned) */
    gint64 made_us;
    char *approver;        /* (owned) (nullable) */
    gint64 approved_us;    /* 0: not yet */
    gint64 ended_us;       /* taken back then; 0: it was not */
    gboolean withdrawn;    /* its announcement was */
    gint64 places, placed; /* how many */
} SchedOfferRow;
void sched_offer_row_free(SchedOfferRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedOfferRow, sched_offer_row_free)

/* One of its places. */
typedef struct {
    char *offer, *area, *area_name; /* (owned) */
    char *slot;                     /* (owned) (nullable): not placed */
    gint64 start_us;                /* 0: not placed */
    char *placed_by;                /* (owned) (nullable): name; of "system" itself */
    gint64 placed_us;
    char *why;        /* (owned): "no_time", "changed": why it never was; "" */
    gboolean stopped; /* its slot plays no more */
} SchedOfferPlaceRow;
void sched_offer_place_row_free(SchedOfferPlaceRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedOfferPlaceRow, sched_offer_place_row_free)

/**
 * sched_store_offer_add:
 * @offer: what is not set by the store; the playlist is there
 * @areas: (element-type utf8): communes, or what lies above them; each commune with
 * loudspeakers becomes a place, and an area without communes one itself
 *
 * INVALID: no loudspeakers there, too many places, a deadline too near or too far, an
 * announcement that is not sent this way (its class, its areas, its validity).
 */
gboolean sched_store_offer_add(SchedTxn *txn, const SchedOfferRow *offer, GPtrArray *areas,
                               GError **error);

/** sched_store_offer_get: Returns: (transfer full): NULL: there is none, or it cannot be read
 */
SchedOfferRow *sched_store_offer_get(SchedTxn *txn, const char *id, GError **error);

/**
 * sched_store_offer_list:
 * @area: (nullable): with a place in this area or below, or at home there; not those that are
 *   over for SCHED_OFFER_PAST_US
 * @announcement: (nullable): only of this one, however old
 *
 * Returns: (transfer full) (element-type SchedOfferRow): the latest deadline first
 */
GPtrArray *sched_store_offer_list(SchedTxn *txn, const char *area, const char *announcement,
                                  gint64 now_us, GError **error);

/** sched_store_offer_approve: @content: the hash the approver saw; CONFLICT if its playlist is
 * another now */
gboolean sched_store_offer_approve(SchedTxn *txn, const char *id, const char *content,
                                   GError **error);

/** sched_store_offer_end: taken back: what is placed is stopped, the rest is placed no more */
gboolean sched_store_offer_end(SchedTxn *txn, const char *id, GError **error);

/** sched_store_offer_areas: Returns: (transfer full) (element-type utf8): its places, by id */
GPtrArray *sched_store_offer_areas(SchedTxn *txn, const char *id, GError **error);

/**
 * sched_store_offer_place_list:
 * @area: (nullable): only in this area or below
 * @after: (nullable): the area that the last answer ended with
 *
 * Returns: (transfer full) (element-type SchedOfferPlaceRow): by name, at most
 *   SCHED_OFFER_MAX_PLACE_LIST
 */
GPtrArray *sched_store_offer_place_list(SchedTxn *txn, const char *offer, const char *area,
                                        const char *after, GError **error);
SchedOfferPlaceRow *sched_store_offer_place_get(SchedTxn *txn, const char *offer,
                                                const char *area, GError **error);

/* What became of one of its places, for whoever sent it. */
typedef struct {
    char *offer, *name, *author; /* (owned) */
    char *area, *area_name;      /* (owned) */
    char *placed_by;             /* (owned) (nullable): name; NULL: by itself */
    gint64 start_us;             /* 0: no time was found */
    gint64 at_us;                /* when that was so */
} SchedOfferNewsRow;
void sched_offer_news_row_free(SchedOfferNewsRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedOfferNewsRow, sched_offer_news_row_free)

/** sched_store_offer_news: Returns: (transfer full) (element-type SchedOfferNewsRow): placed
 * since @since_us by somebody else than who sent it, or never to be; the newest
 * SCHED_OFFER_MAX_NEWS */
GPtrArray *sched_store_offer_news(SchedTxn *txn, gint64 since_us, GError **error);
#define SCHED_OFFER_MAX_NEWS 500

/** sched_store_offer_stations: Returns: (transfer full) (element-type utf8): with a zone in
 * @area */
GPtrArray *sched_store_offer_stations(SchedTxn *txn, const char *area, GError **error);

/** sched_store_offer_check: whether it may be placed there then; a RULE, INVALID or CONFLICT
 * that says why not */
gboolean sched_store_offer_check(SchedTxn *txn, const char *offer, const char *area,
                                 gint64 start_us, GError **error);

/**
 * sched_store_offer_place:
 * @start_us: UTC, whole seconds
 *
 * In a slot of its own, or in that which it has, at another time; after
 * sched_store_offer_check(). Who chose is the transaction's actor; the slot is the sender's,
 * and approved by whoever approved the offer.
 */
gboolean sched_store_offer_place(SchedTxn *txn, const char *offer, const char *area,
                                 gint64 start_us, GError **error);

/** sched_store_offer_tried: it found no time now; @why: (nullable): and never will */
gboolean sched_store_offer_tried(SchedTxn *txn, const char *offer, const char *area,
                                 const char *why, GError **error);

/** sched_store_offer_due: Returns: (transfer full) (element-type SchedOfferPlaceRow): to be
 * placed by themselves, at most SCHED_OFFER_MAX_DUE, longest untried first */
GPtrArray *sched_store_offer_due(SchedTxn *txn, gint64 now_us, GError **error);

/** sched_store_offer_of_slot: Returns: whether the slot is the place of something sent */
gboolean sched_store_offer_of_slot(SchedTxn *txn, const char *slot);
