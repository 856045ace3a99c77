/*
 * areas.h - the tree of places: any depth, with dates, because units are merged and renamed.
 *
 * Flow: imported from CSV or typed; rights, stations, zones, slots and windows point at it.
 */
#pragma once

#include "scheduler/store/db.h"

typedef enum {
    SCHED_AREA_COUNTRY,
    SCHED_AREA_PROVINCE,
    SCHED_AREA_DISTRICT,
    SCHED_AREA_GROUP, /* any grouping a province finds useful */
    SCHED_AREA_COMMUNE,
    SCHED_AREA_VILLAGE,
} SchedAreaKind;
extern const char *const sched_area_kind_words[];

/* A deeper tree than this is refused. */
#define SCHED_AREA_MAX_DEPTH 12

typedef struct {
    char *id;         /* (owned): content_id_is_valid() */
    char *parent;     /* (owned) (nullable): NULL at the top */
    gint kind;        /* SchedAreaKind */
    char *name;       /* (owned) */
    char *code;       /* (owned) (nullable): official code, unique at any one date */
    char *valid_from; /* (owned) (nullable): first local date; NULL: always was */
    char *valid_to;   /* (owned) (nullable): last local date; NULL: still is */
    char *successor;  /* (owned) (nullable): the area that took over */
} SchedAreaRow;
void sched_area_row_free(SchedAreaRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedAreaRow, sched_area_row_free)

/** sched_store_area_put: a new area, or a change to the one with this id; audited */
gboolean sched_store_area_put(SchedTxn *txn, const SchedAreaRow *area, GError **error);

/** sched_store_area_get: Returns: (transfer full): NOT_FOUND if there is none */
SchedAreaRow *sched_store_area_get(SchedTxn *txn, const char *id, GError **error);

/**
 * sched_store_area_list:
 * @top: (nullable): only this area and all below it; NULL: all
 * @date: (nullable): only those that exist on this local date; NULL: all
 *
 * Returns: (transfer full) (element-type SchedAreaRow): by depth, then name, then id
 */
GPtrArray *sched_store_area_list(SchedTxn *txn, const char *top, const char *date,
                                 GError **error);

/** sched_store_area_path: Returns: (transfer full) (element-type utf8): @id, then all above it
 */
GPtrArray *sched_store_area_path(SchedTxn *txn, const char *id, GError **error);

/** sched_store_area_contains: Returns: whether @below is @above or lies below it; no error:
 * FALSE */
gboolean sched_store_area_contains(SchedTxn *txn, const char *above, const char *below);

/** sched_store_area_remove: IN_USE if anything names it; a unit that ended gets `valid_to` */
gboolean sched_store_area_remove(SchedTxn *txn, const char *id, GError **error);

/* Limits of an import. */
#define SCHED_IMPORT_MAX_BYTES (4 * 1024 * 1024)
#define SCHED_IMPORT_MAX_LINES 50000
/* What a person can read at once; more is counted. */
#define SCHED_IMPORT_MAX_FAULTS 30

/**
 * sched_store_area_import:
 * @csv: UTF-8, RFC 4180, with a header line naming columns of sched_store_area_import_columns()
 *   in any order
 * @out_count: (out): areas written
 *
 * No id stands twice, and parents stand before their children. All bad lines are one error that
 * names line, column and value of each, as many as can be read at once, and nothing of the file
 * is kept.
 */
gboolean sched_store_area_import(SchedTxn *txn, const char *csv, gsize n_bytes,
                                 gint64 *out_count, GError **error);

/* What an import would do to one area. */
typedef struct {
    SchedAreaRow *before; /* (owned) (nullable): NULL: it would be new */
    SchedAreaRow *after;  /* (owned) */
} SchedAreaChange;
void sched_area_change_free(SchedAreaChange *change);

/* What an import would do. */
typedef struct {
    gint64 n_areas;     /* areas that the table names */
    gint64 n_alone;     /* areas that it does not name, which stay as they are */
    GPtrArray *changes; /* (owned) (element-type SchedAreaChange): what would be another one,
                         * in the order of the tree; none if there are faults */
    GPtrArray *faults;  /* (owned) (element-type ContentRemark): the first of what is wrong; the
                         * subject is the column */
    gint64 n_faults;    /* all of them */
} SchedAreaPreview;
void sched_area_preview_free(SchedAreaPreview *preview);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedAreaPreview, sched_area_preview_free)

/**
 * sched_store_area_import_preview:
 *
 * As sched_store_area_import(), but nothing is kept, and what is wrong with the table is no
 * error: it is what was asked for.
 *
 * Returns: (transfer full): NULL with @error if the file is too large or the store fails
 */
SchedAreaPreview *sched_store_area_import_preview(SchedTxn *txn, const char *csv, gsize n_bytes,
                                                  GError **error);

/** sched_store_area_import_columns: Returns: (transfer full): what they are called, for people
 */
char *sched_store_area_import_columns(void);
