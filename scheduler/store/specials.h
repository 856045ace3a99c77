/*
 * specials.h - special days: Tết, a festival, mourning; what is different for an area's slots.
 *
 * Flow: web/ puts one (with a second person where it makes other sound) -> plan/ obeys it.
 *
 * Held by the database itself: two that move or replace never hold for the same slots of one
 * area; nobody approves one with a playlist that they wrote; none is ever deleted.
 */
#pragma once

#include "scheduler/store/db.h"

/* Of one answer; more are asked for by dates. */
#define SCHED_SPECIAL_MAX_LIST 1000

/* Order as SchedSpecialAct of plan/snapshot.h. */
extern const char *const sched_special_act_words[];

typedef struct {
    char *id;                /* (owned) */
    char *name;              /* (owned) */
    char *area;              /* (owned): and all below it */
    char *first_date;        /* (owned): local dates of the slots, both inclusive */
    char *last_date;         /* (owned) */
    gint64 from_min, to_min; /* only slots that begin in these minutes of the day */
    gint act;                /* SchedSpecialAct */
    gint64 minutes;          /* of a move */
    char *playlist;          /* (owned) (nullable): of a replacement */
    gboolean off;            /* taken back */
    char *content;  /* (owned): hash of all but the name, with the playlist: set by the store */
    char *approved; /* (owned) (nullable): the hash approved: set by the store */
    char *approver; /* (owned) (nullable): set by the store */
    char *changed_by;            /* (owned): set by the store */
    gint64 changed_us, revision; /* set by the store */
} SchedSpecialRow;
void sched_special_row_free(SchedSpecialRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedSpecialRow, sched_special_row_free)

/** sched_special_row_makes_sound: Returns: it moves or replaces, so a second person agrees */
gboolean sched_special_row_makes_sound(const SchedSpecialRow *row);

/**
 * sched_special_row_is_live:
 *
 * Returns: only takes sound away, or is approved as it stands. One that is neither, for its
 *   playlist was changed since, is silence on its dates: what it replaced would be sound that
 *   nobody approved for them.
 */
gboolean sched_special_row_is_live(const SchedSpecialRow *row);

/** sched_special_row_covers: Returns: @row holds in @other's area for every slot that @other
 * holds for */
gboolean sched_special_row_covers(const SchedSpecialRow *row, const SchedSpecialRow *other);

/**
 * sched_store_special_put:
 * @expect_revision: what the caller read; 0: it must be new
 *
 * The actor stands as the approver of one that makes sound, unless it is approved as it stands:
 * web/ lets nobody put one that they asked for themselves. Stations go to the outbox.
 */
gboolean sched_store_special_put(SchedTxn *txn, const SchedSpecialRow *special,
                                 gint64 expect_revision, GError **error);
SchedSpecialRow *sched_store_special_get(SchedTxn *txn, const char *id, GError **error);

/**
 * sched_store_special_list:
 * @area: (nullable): those that hold for something in it: at home in it, below or above
 * @from, @to: (nullable): local dates; only those with a date between, both inclusive
 *
 * Returns: (element-type SchedSpecialRow): by first date and id
 */
GPtrArray *sched_store_special_list(SchedTxn *txn, const char *area, const char *from,
                                    const char *to, GError **error);

/** sched_store_special_overrules: Returns: whether one of an area above @special's, which makes
 * or takes away more than music, holds for some of its slots */
gboolean sched_store_special_overrules(SchedTxn *txn, const SchedSpecialRow *special);
