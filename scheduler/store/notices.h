/*
 * notices.h - a bulletin that is to be heard as soon as it is approved; a correction is one.
 *
 * Flow: web/ writes announcement, recording and playlist with it in one act -> a second person
 * approves, which places it: a slot at the next allowed minute, approved in the same act.
 */
#pragma once

#include "scheduler/store/db.h"

/* A notice enters between two items of a programme, which wait for it. */
#define SCHED_NOTICE_MAX_US (G_GINT64_CONSTANT(5) * 60 * G_USEC_PER_SEC)
/* Whoever does not approve it within these days does not mean it. */
#define SCHED_NOTICE_LIFE_US  (G_GINT64_CONSTANT(7) * 86400 * G_USEC_PER_SEC)
#define SCHED_NOTICE_MAX_LIST 200

typedef struct {
    char *id;        /* (owned): of its announcement */
    char *version;   /* (owned) */
    char *playlist;  /* (owned) */
    char *corrects;  /* (owned) (nullable): announcement that it puts right */
    char *slot;      /* (owned) (nullable): NULL: not placed yet */
    gint64 start_us; /* when it airs; 0: not placed yet */
    /* The rest is read, not written. */
    char *title, *home, *language, *object; /* (owned) */
    char *author, *author_name;             /* (owned) */
    gint state;                             /* SchedVersionState */
    gint64 made_us, duration_us;
    gboolean withdrawn;
    char *voice; /* (owned) (nullable): whose it is, where that is not who sent it */
} SchedNoticeRow;
void sched_notice_row_free(SchedNoticeRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedNoticeRow, sched_notice_row_free)

/** sched_store_notice_add: announcement, version with its recording, and playlist are there */
gboolean sched_store_notice_add(SchedTxn *txn, const SchedNoticeRow *notice, GError **error);

/** sched_store_notice_place: @slot: approved; RULE if it was placed before */
gboolean sched_store_notice_place(SchedTxn *txn, const char *id, const char *slot,
                                  gint64 start_us, GError **error);

/** sched_store_notice_get: Returns: (transfer full): NULL: there is none, or it cannot be read
 */
SchedNoticeRow *sched_store_notice_get(SchedTxn *txn, const char *id, GError **error);

/** sched_store_notice_list: @area: (nullable): home in this area or below; Returns: (transfer
 * full) (element-type SchedNoticeRow): the newest SCHED_NOTICE_MAX_LIST, newest first */
GPtrArray *sched_store_notice_list(SchedTxn *txn, const char *area, GError **error);

/* Where an announcement was heard, by the records of the stations. */
typedef struct {
    char *village, *village_name; /* (owned) */
    char *language;               /* (owned): "" for a signal */
    gint64 times, last_us;
} SchedHeardRow;
void sched_heard_row_free(SchedHeardRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedHeardRow, sched_heard_row_free)

/** sched_store_heard_list: Returns: (transfer full) (element-type SchedHeardRow): by village
 * and language; zones that are gone are left out */
GPtrArray *sched_store_heard_list(SchedTxn *txn, const char *announcement, GError **error);
