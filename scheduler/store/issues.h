/*
 * issues.h - every document the district ever issued, and what stations said about them.
 *
 * Flow: publish/ compiles and signs -> kept here in one transaction -> sent; a station's report
 * comes back here. Delivery is judged by what a station had accepted at the instant.
 */
#pragma once

#include "content/remark.h"
#include "scheduler/store/db.h"

typedef struct {
    char *hash;        /* (owned): SHA-256 of body */
    char *type;        /* (owned): "manifest", "dayplan", "settings", "keys", "approval", … */
    GBytes *body;      /* (owned) (nullable): the document, exactly; NULL: packed holds it */
    gint64 created_us; /* set by the store */
    GPtrArray *signatures; /* (owned) (element-type ContentSignature): may be empty */
    GBytes *packed;        /* (owned) (nullable): set by sched_document_row_new() alone */
    gint64 unpacked_bytes; /* of what packed holds; 0 without */
} SchedDocumentRow;
void sched_document_row_free(SchedDocumentRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedDocumentRow, sched_document_row_free)

/* What a manifest names: one day plan. */
typedef struct {
    char *date; /* (owned) */
    char *hash; /* (owned) */
} SchedIssuedDayRow;
void sched_issued_day_row_free(SchedIssuedDayRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedIssuedDayRow, sched_issued_day_row_free)

typedef struct {
    char *station; /* (owned) */
    gint64 version;
    char *hash;      /* (owned): of the manifest document */
    char *contents;  /* (owned): hash over what it names, without version and times: equal
                        contents need no new manifest */
    char *settings;  /* (owned): hash of the settings document */
    char *keys;      /* (owned): hash of the keys document */
    char *templates; /* (owned) (nullable): hash of the templates document */
    gint64 issued_us, expires_us;
    GPtrArray *days; /* (owned) (element-type SchedIssuedDayRow): by date */
} SchedManifestRow;
void sched_manifest_row_free(SchedManifestRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedManifestRow, sched_manifest_row_free)

/* What is known of a station from its own words. */
typedef struct {
    char *station; /* (owned) */
    char *boot;    /* (owned): of the last hello */
    gint64 hello_us;
    gint64 contact_us;       /* last verified word of any kind */
    gint64 reported_version; /* the last manifest it spoke about */
    gint64 accepted_version; /* in force there; 0: none known */
    gint64 accepted_us;
    char *refusal;        /* (owned): `why` as it is kept: a remark document; "" */
    ContentRemark *why;   /* (owned) (nullable): why it refused reported_version */
    gint64 floor;         /* highest manifest version it says it ever accepted */
    char *inventory;      /* (owned): last inventory document; "" */
    char *reads;          /* (owned): JSON list of what document versions it reads; "[]" */
    char *player_version; /* (owned) */
} SchedStationStateRow;
void sched_station_state_row_free(SchedStationStateRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedStationStateRow, sched_station_state_row_free)

typedef struct {
    char *station; /* (owned) */
    char *date;    /* (owned) */
    char *hash;    /* (owned) */
    gboolean applied;
    gint64 applied_us; /* when it first said so; 0: not yet */
    gint64 missing_objects, missing_bytes;
} SchedStationDayRow;
void sched_station_day_row_free(SchedStationDayRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedStationDayRow, sched_station_day_row_free)

/**
 * sched_document_row_new:
 * @body: the document, exactly
 *
 * Hashes the document, and packs it as it will lie on the disk where that makes it shorter: the
 * costly half of putting, which any thread can do. A day plan shrinks to a third, and the
 * district keeps years of them. What is got from the store is never packed.
 *
 * Returns: (transfer full): a row without signatures
 */
SchedDocumentRow *sched_document_row_new(const char *type, GBytes *body);

/** sched_document_row_body: Returns: (transfer full): the document; CORRUPT if it is none */
GBytes *sched_document_row_body(const SchedDocumentRow *row, GError **error);

/** sched_store_document_put: the same hash again adds missing signatures, and puts right what
 * the disk made of its bytes */
gboolean sched_store_document_put(SchedTxn *txn, const SchedDocumentRow *document,
                                  GError **error);
SchedDocumentRow *sched_store_document_get(SchedTxn *txn, const char *hash, GError **error);

/**
 * sched_store_document_for_station:
 *
 * As get, but NOT_FOUND unless a manifest issued to @station, a day plan of such a manifest,
 * or the manifest itself names it: a station reads nothing of another. What approves phrases of
 * alerts is for all.
 */
SchedDocumentRow *sched_store_document_for_station(SchedTxn *txn, const char *station,
                                                   const char *hash, GError **error);

/**
 * sched_store_manifest_add:
 * @manifest: its document, day plans, settings and keys are in the store already
 * @approvals: (element-type utf8): hashes that its day plans name, so that they may be fetched
 * @objects: (element-type utf8): audio that its day plans name
 *
 * CONFLICT unless the version is above every one issued before to this station.
 */
gboolean sched_store_manifest_add(SchedTxn *txn, const SchedManifestRow *manifest,
                                  GPtrArray *approvals, GPtrArray *objects, GError **error);

/** sched_store_manifest_name: @hashes: (element-type utf8): what it names besides: kept, and
 * handed to the station, for as long as the manifest may be in force */
gboolean sched_store_manifest_name(SchedTxn *txn, const SchedManifestRow *manifest,
                                   GPtrArray *hashes, GError **error);

/** sched_store_manifest_newest: NOT_FOUND if none was ever issued */
SchedManifestRow *sched_store_manifest_newest(SchedTxn *txn, const char *station,
                                              GError **error);
SchedManifestRow *sched_store_manifest_get(SchedTxn *txn, const char *station, gint64 version,
                                           GError **error);

/** sched_store_manifest_newest_all: Returns: (element-type SchedManifestRow): one a station */
GPtrArray *sched_store_manifest_newest_all(SchedTxn *txn, GError **error);

/**
 * sched_store_station_hello:
 * @hello: station, boot, hello_us, floor, inventory ("": none said, the last one stays), reads,
 *   player_version
 *
 * An inventory that is not as before puts the station into the outbox, and so does its
 * beginning to read templates of alerts.
 */
gboolean sched_store_station_hello(SchedTxn *txn, const SchedStationStateRow *hello,
                                   GError **error);

/**
 * sched_store_station_report:
 * @days: (element-type SchedStationDayRow): replace what was known, keeping applied_us
 *
 * The acceptance is kept with its instant (the transaction's) for ever.
 */
gboolean sched_store_station_report(SchedTxn *txn, const char *station, gint64 version,
                                    gboolean accepted, const ContentRemark *why,
                                    GPtrArray *days, GError **error);

/** sched_store_station_contact: a verified word came in; moves contact_us on */
gboolean sched_store_station_contact(SchedTxn *txn, const char *station, GError **error);

/**
 * sched_store_station_state_get: NOT_FOUND for a station that was never heard of
 *
 * The lists are by station, and by station and date.
 */
SchedStationStateRow *sched_store_station_state_get(SchedTxn *txn, const char *station,
                                                    GError **error);
GPtrArray *sched_store_station_state_list(SchedTxn *txn, GError **error);
GPtrArray *sched_store_station_day_list(SchedTxn *txn, const char *station, GError **error);
