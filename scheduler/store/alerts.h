/*
 * alerts.h - alerts and stops that people ordered, whether they went out, and what stations
 * say.
 *
 * Flow: web/ adds one, signed, in the transaction of the call -> publish/crier.h sends what has
 * not expired, notes that it went out, and sends it again to who was away -> records of the
 * stations come back here as states of zones. One that a commune started alone comes the other
 * way (local-alerts.h), and is never sent.
 *
 * The row and its signed document are one transaction: whatever is killed afterwards, the next
 * start finds it and sends it, or its expiry passes and it stays as one that never went out.
 */
#pragma once

#include "content/alert.h"
#include "content/record.h"
#include "scheduler/store/issues.h"

typedef struct {
    char *id;        /* (owned) */
    char *hash;      /* (owned) (nullable): of its document; NULL: a station started it alone */
    gint event;      /* ContentEventKind */
    char *title;     /* (owned) */
    gint64 severity; /* 1…5 */
    gboolean drill;
    char *template_; /* (owned) (nullable) */
    char *author; /* (owned) (nullable): set by the store, as all below; NULL: no account's */
    gint64 issued_us, expires_us;
    gint64 published_us; /* 0: it has not gone out; of a local one: when we heard of it */
    /* Of one that a station started alone, see local-alerts.h: */
    char *station;         /* (owned) (nullable) */
    char *caller;          /* (owned) (nullable): account or push button, as the station told */
    gboolean by_button;    /* `caller` is a push button */
    char *fills;           /* (owned): what filled its blanks, with a space between */
    char *grant;           /* (owned) (nullable): that it stands on */
    char *author_name;     /* (owned): or of the push button */
    char *station_name;    /* (owned) (nullable) */
    gint64 stopped_us;     /* when it was stopped everywhere; 0: it was not */
    char *stopped_by_name; /* (owned) (nullable) */
    char *stop;            /* (owned) (nullable): id of that stop */
    gint64 n_told, n_seen; /* approvers who were told of it, and who saw it */
    GPtrArray *areas;      /* (owned) (element-type utf8): at least one */
} SchedAlertRow;
void sched_alert_row_free(SchedAlertRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedAlertRow, sched_alert_row_free)

/* An alert or a stop on its way out. */
typedef struct {
    char *id;   /* (owned) */
    char *hash; /* (owned) */
    gboolean is_stop;
    gint64 issued_us, expires_us, published_us;
} SchedOrderRow;
void sched_order_row_free(SchedOrderRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedOrderRow, sched_order_row_free)

/* A zone that an alert is for, with the last thing its station said of it. */
typedef struct {
    char *station, *station_name, *zone, *zone_name, *village, *village_name; /* (owned) */
    gint64 contact_us;   /* last word of the station; 0: none ever */
    char *reads;         /* (owned): as in SchedStationStateRow; "[]" */
    gint64 taken_us;     /* when it said that it has it; 0: not yet */
    gint taken_reason;   /* ContentReason: why it waits */
    gint64 ended_us;     /* when it was over there; 0: not yet */
    gint ended_reason;   /* ContentReason; NONE: heard to its end */
    gint ended_relay;    /* ContentRelay as read */
    char *taken, *ended; /* (owned) (nullable): the records themselves */
} SchedAlertZoneRow;
void sched_alert_zone_row_free(SchedAlertZoneRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedAlertZoneRow, sched_alert_zone_row_free)

/** sched_store_alert_record: @raw: (nullable): of SchedAlertZoneRow; Returns: (transfer full)
 * (nullable): NULL: none, or one that this program cannot read */
ContentRecord *sched_store_alert_record(const char *raw);

/* A village whom nobody can call: to be reached by messenger. */
typedef struct {
    char *id, *name; /* (owned) */
} SchedSilentVillageRow;
void sched_silent_village_row_free(SchedSilentVillageRow *row);

/**
 * sched_store_alert_add:
 * @alert: as it was signed; issued at the transaction's instant by its actor
 * @document: with its signature
 *
 * Tells every other approver of its areas. NOT_FOUND: no such area.
 */
gboolean sched_store_alert_add(SchedTxn *txn, const ContentAlert *alert,
                               const SchedDocumentRow *document, GError **error);

/** sched_store_alert_tell: every approver of its areas who was not told of it yet. @author:
 * (nullable): who called it, and needs no telling */
gboolean sched_store_alert_tell(SchedTxn *txn, const char *id, const char *author,
                                GError **error);

/** sched_store_stop_add: as sched_store_alert_add(); NOT_FOUND: no such alert, or area */
gboolean sched_store_stop_add(SchedTxn *txn, const ContentStop *stop,
                              const SchedDocumentRow *document, GError **error);

/** sched_store_alert_get: NOT_FOUND if there is none */
SchedAlertRow *sched_store_alert_get(SchedTxn *txn, const char *id, GError **error);

/**
 * sched_store_alert_list:
 * @area: (nullable): those for it, for what lies below, or above it
 * @since_us: those that expire after it
 *
 * Returns: (transfer full) (element-type SchedAlertRow): the newest first, @limit at most
 */
GPtrArray *sched_store_alert_list(SchedTxn *txn, const char *area, gint64 since_us,
                                  gint64 limit, GError **error);

/** sched_store_alert_news: Returns: (transfer full) (element-type SchedAlertRow): called after
 * @since_us and still in force at @now_us; of what communes started alone all that was heard of
 * after @since_us, over or not; @limit at most */
GPtrArray *sched_store_alert_news(SchedTxn *txn, gint64 now_us, gint64 since_us, gint64 limit,
                                  GError **error);

/** sched_store_alert_unseen: Returns: (element-type SchedAlertRow): of which @account was told,
 * and that it has not said it saw; the newest first, @limit at most */
GPtrArray *sched_store_alert_unseen(SchedTxn *txn, const char *account, gint64 limit,
                                    GError **error);

/** sched_store_alert_told: Returns: (transfer full) (element-type utf8): accounts of the
 * approvers who are told of it */
GPtrArray *sched_store_alert_told(SchedTxn *txn, const char *id, GError **error);

/** sched_store_alert_seen: the actor saw it; NOT_FOUND if they were not told of it */
gboolean sched_store_alert_seen(SchedTxn *txn, const char *id, GError **error);

/** sched_store_orders: Returns: (element-type SchedOrderRow): all that has not expired at
 * @now_us, stops ahead; without an alert that a stop without areas ended, or that was spoken
 * live to its end */
GPtrArray *sched_store_orders(SchedTxn *txn, gint64 now_us, GError **error);

/** sched_store_order_published: it went out now; the first time counts */
gboolean sched_store_order_published(SchedTxn *txn, const SchedOrderRow *order, GError **error);

/** sched_store_alert_zones: Returns: (element-type SchedAlertZoneRow): by village, station,
 * zone
 */
GPtrArray *sched_store_alert_zones(SchedTxn *txn, const char *id, GError **error);

/**
 * sched_store_alert_likely_zones:
 *
 * As sched_store_alert_zones(); of an alert that a commune started alone those of its station
 * that its grant reaches, until the first has said that it has it. For people to look at: which
 * of them it is for, the station alone knows.
 */
GPtrArray *sched_store_alert_likely_zones(SchedTxn *txn, const char *id, GError **error);

/** sched_store_alert_silent: Returns: (element-type SchedSilentVillageRow): villages in its
 * areas without a zone */
GPtrArray *sched_store_alert_silent(SchedTxn *txn, const char *id, GError **error);
