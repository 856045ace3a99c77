/*
 * temp-store.h - a district in a temporary folder, for tests of the store and of what reads it.
 *
 * Flow: a test makes one, runs its body as one piece of work (so that asserts stand beside the
 * calls they judge), and frees it.
 */
#pragma once

#include "scheduler/store/sql.h"

/* 2026-03-02T00:00:00Z, a Monday. */
#define TEMP_STORE_NOW_US G_GINT64_CONSTANT(1772409600000000)
#define TEMP_STORE_DAY_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)

typedef struct {
    char *folder; /* (owned): removed at the end */
    char *path;   /* (owned) */
    SchedStore *store;
} TempStore;

/** temp_store_new: an empty store */
TempStore *temp_store_new(void);

/** temp_store_new_district: with the places, stations and accounts of temp_store_fill() */
TempStore *temp_store_new_district(void);
void temp_store_free(TempStore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TempStore, temp_store_free)

/** temp_store_reopen: closes and opens the same file */
void temp_store_reopen(TempStore *self);

/** temp_store_run: @body in one write by "tester"; asserts that it succeeds */
void temp_store_run(TempStore *self, SchedWork body, gpointer data);

/** temp_store_look: @body in one read; asserts that it succeeds */
void temp_store_look(TempStore *self, SchedWork body, gpointer data);

/**
 * temp_store_fill:
 *
 * gia-lai › chu-puh › communes ia-le (villages ia-le-a, ia-le-b) and ia-blu (ia-blu-a);
 * stations ia-le (output main; zones a: jra, vi; b: bdq, vi) and ia-blu (output main; zone a:
 * jra); accounts editor, editor-2, reader, approver, approver-2, technician with their roles at
 * chu-puh; windows 05:00–21:00 at gia-lai.
 */
void temp_store_fill(SchedTxn *txn);

/** temp_store_as: from here on @actor writes, at @at_us */
void temp_store_as(SchedTxn *txn, const char *actor, gint64 at_us);

/** temp_store_exec: SQL by hand, as somebody with a database shell would; asserts success */
void temp_store_exec(SchedTxn *txn, const char *sql);

/** temp_store_hash: Returns: (transfer full): SHA-256 of a text, to name objects with */
char *temp_store_hash(const char *text);

/** temp_store_remove_folder: removes a folder of files, not of folders */
void temp_store_remove_folder(const char *folder);

/*
 * The call must fail with the code, and is undone; it is written with &problem as its last
 * argument: assert_refused(txn, SCHED_STORE_ERROR_RULE, sched_store_x(txn, …, &problem)).
 */
#define assert_refused(txn, code, call)                                                        \
    G_STMT_START                                                                               \
    {                                                                                          \
        GError *problem = NULL;                                                                \
        temp_store_exec((txn), "SAVEPOINT attempt");                                           \
        if (call)                                                                              \
            g_error("%s: not refused: %s", G_STRLOC, #call);                                   \
        g_test_message("%s", problem == NULL ? "?" : problem->message);                        \
        g_assert_error(problem, SCHED_STORE_ERROR, (gint) (code));                             \
        g_clear_error(&problem);                                                               \
        temp_store_exec((txn), "ROLLBACK TO attempt; RELEASE attempt");                        \
    }                                                                                          \
    G_STMT_END

/* The call must succeed; written as above. */
#define assert_done(call)                                                                      \
    G_STMT_START                                                                               \
    {                                                                                          \
        GError *problem = NULL;                                                                \
        gboolean done_ = (call);                                                               \
        g_assert_no_error(problem);                                                            \
        g_assert_true(done_);                                                                  \
    }                                                                                          \
    G_STMT_END
