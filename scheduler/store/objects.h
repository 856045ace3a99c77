/*
 * objects.h - what the district knows of each audio file; the bytes lie in the object store.
 *
 * Flow: ingest puts them, versions name them, plans carry their hash, size and duration.
 */
#pragma once

#include "scheduler/store/db.h"

typedef struct {
    char *hash; /* (owned): SHA-256 of the canonical file */
    gint64 size_bytes;
    gint64 duration_us;
    gint64 loudness_mlufs; /* integrated, 1/1000 LUFS */
    gint64 peak_mdb;       /* true peak, 1/1000 dBTP */
    gint64 created_us;     /* set by the store */
} SchedObjectRow;
void sched_object_row_free(SchedObjectRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedObjectRow, sched_object_row_free)

/* What somebody uploaded, kept as it was. */
typedef struct {
    char *hash;   /* (owned): SHA-256 of the upload */
    char *object; /* (owned): what became of it */
    char *name;   /* (owned): file name as given: shown, never a path */
    char *media;  /* (owned): what the decoder found */
    gint64 size_bytes;
    gint64 created_us; /* set by the store */
} SchedOriginalRow;
void sched_original_row_free(SchedOriginalRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedOriginalRow, sched_original_row_free)

/** sched_store_object_put: the same hash again changes nothing and is no error */
gboolean sched_store_object_put(SchedTxn *txn, const SchedObjectRow *object,
                                const SchedOriginalRow *original, GError **error);
SchedObjectRow *sched_store_object_get(SchedTxn *txn, const char *hash, GError **error);

/** sched_store_object_original: @hash: of the canonical object; the newest original of it */
SchedOriginalRow *sched_store_object_original(SchedTxn *txn, const char *hash, GError **error);

/* The shape of a recording, measured once when it was taken in, to be drawn. */
#define SCHED_OBJECT_N_PEAKS 800

/** sched_store_object_put_peaks: @peaks: 2 × SCHED_OBJECT_N_PEAKS hex digits; the same object
 * again changes nothing */
gboolean sched_store_object_put_peaks(SchedTxn *txn, const char *hash, const char *peaks,
                                      GError **error);

/** sched_store_object_peaks: Returns: (transfer full): "" for one that was taken in before
 * peaks were measured; NULL on error */
char *sched_store_object_peaks(SchedTxn *txn, const char *hash, GError **error);

/** sched_store_object_idle: Returns: (element-type utf8): named by nothing, older than
 * @before_us */
GPtrArray *sched_store_object_idle(SchedTxn *txn, gint64 before_us, GError **error);

/** sched_store_object_remove: IN_USE if a version, an approval or a record names it */
gboolean sched_store_object_remove(SchedTxn *txn, const char *hash, GError **error);

/**
 * sched_store_object_station_may:
 *
 * Returns: whether a day plan that @station was issued and that is not over names the object,
 * or it is said in alerts, which any station may hold
 */
gboolean sched_store_object_station_may(SchedTxn *txn, const char *station, const char *hash,
                                        gint64 now_us);
