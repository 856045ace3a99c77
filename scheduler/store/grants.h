/*
 * grants.h - what communes may start alone, as somebody asked for it and another agreed.
 *
 * Flow: web/ puts one here when a second person has approved it -> publish/ compiles it into a
 * document for each station in its areas (content/grant.h) -> the station's manifest names it.
 *
 * A grant is never changed: another takes its place. Whose account is not active any more, or
 * has lost the right to call alerts in all of its areas, stands in no document from then on.
 */
#pragma once

#include "content/grant.h"
#include "scheduler/store/db.h"

/* In force or to come, in the whole district. */
#define SCHED_GRANT_MAX_OPEN  500
#define SCHED_GRANT_MAX_US    (G_GINT64_CONSTANT(366) * 86400 * G_USEC_PER_SEC)
#define SCHED_GRANT_MAX_AREAS 32
/* Of one list. */
#define SCHED_GRANT_MAX_CALLERS 500

typedef struct {
    char *id;             /* (owned) */
    char *name;           /* (owned): in words */
    GPtrArray *areas;     /* (owned) (element-type utf8): where, subtrees included */
    GPtrArray *accounts;  /* (owned) (element-type utf8) */
    GPtrArray *templates; /* (owned) (element-type utf8) */
    GPtrArray *inputs;    /* (owned) (element-type ContentGrantInput) */
    gboolean drills;
    gint64 max_starts, span_s;
    gint64 not_before_us, expires_us;
    char *approver;      /* (owned): the second person; set by the store, as all below */
    char *approver_name; /* (owned) */
    gint64 made_us;
    gint64 revoked_us;      /* 0: it was not */
    char *revoked_by;       /* (owned) (nullable) */
    GPtrArray *without_pin; /* (owned) (element-type utf8): accounts that cannot call yet */
} SchedGrantRow;
void sched_grant_row_free(SchedGrantRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedGrantRow, sched_grant_row_free)

/**
 * sched_store_grant_check:
 *
 * INVALID: nobody, nothing or nowhere named, something that is not there, over, too long, too
 * much for the documents of stations; an account that may not call alerts in one of the areas.
 */
gboolean sched_store_grant_check(SchedTxn *txn, const SchedGrantRow *grant, GError **error);

/** sched_store_grant_add: after sched_store_grant_check(); its stations hear of it. Audited */
gboolean sched_store_grant_add(SchedTxn *txn, const SchedGrantRow *grant, GError **error);

/** sched_store_grant_revoke: at once; RULE if it was before. Audited */
gboolean sched_store_grant_revoke(SchedTxn *txn, const char *id, GError **error);

/** sched_store_grant_get: Returns: (transfer full): NULL: there is none, or it cannot be read
 */
SchedGrantRow *sched_store_grant_get(SchedTxn *txn, const char *id, GError **error);

/**
 * sched_store_grant_list:
 * @area: (nullable): only those for it, for what lies below, or above it
 * @since_us: only those that end later; revoked ones too
 *
 * Returns: (transfer full) (element-type SchedGrantRow): the newest first
 */
GPtrArray *sched_store_grant_list(SchedTxn *txn, const char *area, gint64 since_us,
                                  GError **error);

/* Somebody whom a grant may name. */
typedef struct {
    char *id, *name; /* (owned) */
    gboolean has_pin;
} SchedCallerRow;
void sched_caller_row_free(SchedCallerRow *row);

/** sched_store_grant_callers: @area: (nullable). Returns: (transfer full) (element-type
 * SchedCallerRow): accounts that may call alerts in all of @area now, or those that grants
 * name; by name */
GPtrArray *sched_store_grant_callers(SchedTxn *txn, const char *area, GError **error);

/**
 * sched_store_grant_documents:
 * @station: whose documents are asked for
 * @zones: (element-type utf8, utf8): id of each of its zones and the village it is in
 *
 * What is in force or to come, of those whose areas hold one of the villages; each with what of
 * it concerns the station. One that is left without anybody, or without a zone, has none.
 *
 * Returns: (transfer full) (element-type ContentGrant): the oldest first, at most
 *   CONTENT_MANIFEST_MAX_GRANTS
 */
GPtrArray *sched_store_grant_documents(SchedTxn *txn, const char *station, GHashTable *zones,
                                       gint64 now_us, GError **error);

/* What somebody ordered at a station, as its record tells. */
typedef struct {
    char *station, *station_name; /* (owned) */
    char *area;                   /* (owned): of the station */
    char *raw;                    /* (owned): the record, exactly */
} SchedLocalOrderRow;
void sched_local_order_row_free(SchedLocalOrderRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedLocalOrderRow, sched_local_order_row_free)

/** sched_store_local_orders: Returns: (transfer full) (element-type SchedLocalOrderRow): alerts
 * and stops that communes ordered alone after @since_us, the newest first, at most @limit */
GPtrArray *sched_store_local_orders(SchedTxn *txn, gint64 since_us, gint64 limit,
                                    GError **error);

/**
 * sched_store_account_set_pin:
 * @pin: argon2id, see content_pin_hash_check()
 *
 * Stations whose grants name the account hear of it. Audited, without the PIN.
 */
gboolean sched_store_account_set_pin(SchedTxn *txn, const char *account, const char *pin,
                                     GError **error);

/** sched_store_grant_touch: what @account may do has changed: the stations whose grants name it
 * hear of it */
gboolean sched_store_grant_touch(SchedTxn *txn, const char *account, GError **error);
