/*
 * wanted.h - versions that somebody was asked for: in which language, of whom, until when.
 *
 * Flow: an editor asks a translator or announcer -> they find it in their queue and record ->
 * the version answers it: how far the request is, is read off the version and kept nowhere.
 *
 * Asked is an account that may add the version itself, or somebody without one, by name; then
 * an editor brings the recording in on their behalf, and the version says so (announcements.h).
 */
#pragma once

#include "scheduler/store/db.h"

/* Not yet answered, in the whole district. */
#define SCHED_WANTED_MAX_OPEN       2000
#define SCHED_WANTED_MAX_AHEAD_DAYS 366
#define SCHED_WANTED_NOTE_MAX_BYTES 600
/* What was answered, or is over, is told of for so many days after it was wanted. */
#define SCHED_WANTED_SHOWN_DAYS 30
/* Looked at at once; those that wait come first, the most urgent ahead. */
#define SCHED_WANTED_MAX_ROWS 500
/* People who may be asked, or who read a language, at one place. */
#define SCHED_PEOPLE_MAX_ROWS 200

typedef enum {
    SCHED_WANTED_WANTED,    /* nothing is recorded yet */
    SCHED_WANTED_RETURNED,  /* recorded, and sent back */
    SCHED_WANTED_RECORDED,  /* recorded: waits for a reader of the language */
    SCHED_WANTED_CHECKED,   /* waits for an approver */
    SCHED_WANTED_APPROVED,  /* done */
    SCHED_WANTED_OVER,      /* the announcement is withdrawn, or its time is over */
    SCHED_WANTED_WITHDRAWN, /* wanted no more */
} SchedWantedState;
extern const char *const sched_wanted_state_words[];

typedef struct {
    char *id;           /* (owned) */
    char *announcement; /* (owned) */
    char *language;     /* (owned) */
    char *account;      /* (owned) (nullable): of whom; NULL: of somebody without one */
    char *name;         /* (owned): of whom, in words; "" with an account: set by the store */
    char *by_date;      /* (owned): the last local date on which it is of use */
    char *note;         /* (owned) */
    char *author;       /* (owned): who asked: set by the store, as all below */
    char *author_name;  /* (owned) */
    char *title;        /* (owned): of the announcement */
    char *home;         /* (owned): of the announcement */
    gint64 made_us;
    gint64 withdrawn_us; /* 0: it is wanted */
    char *withdrawn_by;  /* (owned) (nullable) */
    char *version;       /* (owned) (nullable): of this language, where there is one */
    gint state;          /* SchedWantedState */
} SchedWantedRow;
void sched_wanted_row_free(SchedWantedRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedWantedRow, sched_wanted_row_free)

/* Which rows; all that are set must hold. */
typedef struct {
    const char *area;         /* (nullable): the announcement is at home in it or below */
    const char *announcement; /* (nullable): then also what is over or withdrawn */
    const char *account;      /* (nullable): asked of it */
    const char *author;       /* (nullable): asked by it */
} SchedWantedFilter;

/* Somebody who may be asked, or who reads a language. */
typedef struct {
    char *id;   /* (owned): of the account */
    char *name; /* (owned) */
} SchedPersonRow;
void sched_person_row_free(SchedPersonRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedPersonRow, sched_person_row_free)

/**
 * sched_store_wanted_add:
 * @wanted: announcement, language, account or name, by_date, note
 *
 * INVALID: a date that is over or too far ahead, both or neither of account and name, an
 * account that may not add the version. CONFLICT: it is wanted already, or recorded and not
 * sent back. RULE: of a signal, or of an announcement that plays no more.
 */
gboolean sched_store_wanted_add(SchedTxn *txn, const SchedWantedRow *wanted, GError **error);

/** sched_store_wanted_withdraw: RULE if it was withdrawn before */
gboolean sched_store_wanted_withdraw(SchedTxn *txn, const char *id, GError **error);

/** sched_store_wanted_get: Returns: (transfer full): its state is that of @now_us */
SchedWantedRow *sched_store_wanted_get(SchedTxn *txn, const char *id, gint64 now_us,
                                       GError **error);

/** sched_store_wanted_list: Returns: (transfer full) (element-type SchedWantedRow): at most
 * SCHED_WANTED_MAX_ROWS: those that wait by date, then the others, newest first */
GPtrArray *sched_store_wanted_list(SchedTxn *txn, const SchedWantedFilter *filter,
                                   gint64 now_us, GError **error);

/** sched_store_wanted_askable: Returns: (transfer full) (element-type SchedPersonRow): who may
 * add a version to the announcement, wherever it is heard; by name */
GPtrArray *sched_store_wanted_askable(SchedTxn *txn, const char *announcement, gint64 now_us,
                                      GError **error);

/**
 * sched_store_wanted_checkers:
 *
 * Returns: (transfer full) (element-type SchedPersonRow): who may vouch for @language where the
 *   announcement is at home, and neither wrote nor speaks the version that there is; by name
 */
GPtrArray *sched_store_wanted_checkers(SchedTxn *txn, const char *announcement,
                                       const char *language, gint64 now_us, GError **error);
