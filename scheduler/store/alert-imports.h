/*
 * alert-imports.h - alerts of other systems, kept as they came, and what became of them.
 *
 * Flow: web/ reads a CAP message and adds it -> it waits until somebody calls an alert of it,
 * until a later message of its sender ends it, or until it is over. Nothing here makes sound.
 */
#pragma once

#include "scheduler/store/db.h"

typedef enum {
    SCHED_IMPORT_ALERT,
    SCHED_IMPORT_UPDATE,
    SCHED_IMPORT_CANCEL,
} SchedImportMessage;
extern const char *const sched_import_message_words[];

typedef struct {
    char *id;                  /* (owned) */
    char *sender, *identifier; /* (owned) */
    gint64 sent_us;
    gint message;      /* SchedImportMessage */
    gboolean drill;    /* an exercise: may become a drill alone */
    char *title;       /* (owned) */
    gint64 expires_us; /* when all of it is over; 0: it does not say */
    char *hash;        /* (owned): SHA-256 of body */
    GBytes *body;      /* (owned) (nullable): the message, exactly; NULL in lists */
    char *author;      /* (owned): who brought it: set by the store, as all below */
    gint64 imported_us;
    char *ended_by;    /* (owned) (nullable): the later message of its sender */
    char *author_name; /* (owned) */
    gint64 n_uses;     /* alerts that were called of it */
} SchedImportRow;
void sched_import_row_free(SchedImportRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedImportRow, sched_import_row_free)

/* An earlier message; all three together are its name. */
typedef struct {
    const char *sender, *identifier;
    gint64 sent_us;
} SchedImportName;

/**
 * sched_store_import_add:
 * @references: (element-type SchedImportName): that it updates or cancels
 *
 * Audited. Earlier messages of the same sender and kind (real or exercise) are ended by it,
 * whichever came first. CONFLICT: it is there already.
 */
gboolean sched_store_import_add(SchedTxn *txn, const SchedImportRow *import,
                                GPtrArray *references, GError **error);

/** sched_store_import_get: NOT_FOUND if there is none */
SchedImportRow *sched_store_import_get(SchedTxn *txn, const char *id, GError **error);

/** sched_store_import_find: by its name; NOT_FOUND if it never came */
SchedImportRow *sched_store_import_find(SchedTxn *txn, const SchedImportName *name,
                                        GError **error);

/** sched_store_import_list: Returns: (element-type SchedImportRow): brought after @since_us,
 * the newest first, @limit at most; each with its body */
GPtrArray *sched_store_import_list(SchedTxn *txn, gint64 since_us, gint64 limit,
                                   GError **error);

/** sched_store_import_use: @alert was called of it; audited. NOT_FOUND: no such message */
gboolean sched_store_import_use(SchedTxn *txn, const char *id, const char *alert,
                                GError **error);

/**
 * sched_store_import_ends:
 * @sender: ours: a message may name our own alerts
 *
 * Returns: (element-type utf8): alerts of the same kind in force that were called of what it
 *   updates or cancels, over any number of steps, the newest first
 */
GPtrArray *sched_store_import_ends(SchedTxn *txn, const char *id, const char *sender,
                                   gint64 now_us, GError **error);
