/*
 * make-ups.h - what was missed and sounds once more; one row a zone.
 *
 * Flow: publish/ decides (plan/make-up.h) -> here, never twice -> publish/ plans it, and
 * deliveries.h links it to what it makes up.
 */
#pragma once

#include "scheduler/store/db.h"

typedef struct {
    char *station, *zone; /* (owned) */
    char *slot;           /* (owned) */
    char *slot_date;      /* (owned): of the occurrence */
    char *item;           /* (owned) */
    char *language;       /* (owned): "" for a signal */
    char *object;         /* (owned): the audio */
    char *date;           /* (owned): of the day plan in which it was missed */
    char *segment;        /* (owned): id of what was missed */
    gint64 planned_us;    /* when that should have begun */
    gint64 start_us;      /* when it sounds now */
    char *made_by;        /* (owned): set by the store */
    gint64 made_us;       /* set by the store */
} SchedMakeUpRow;
void sched_make_up_row_free(SchedMakeUpRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedMakeUpRow, sched_make_up_row_free)

/**
 * sched_store_make_up_add:
 * @rows: (element-type SchedMakeUpRow): of one station; what was made up before is left out
 *
 * The station goes to the outbox if something was added.
 */
gboolean sched_store_make_up_add(SchedTxn *txn, GPtrArray *rows, GError **error);

/** sched_store_make_up_list: Returns: (element-type SchedMakeUpRow): those that begin at or
 * after @from_us, in the order decided */
GPtrArray *sched_store_make_up_list(SchedTxn *txn, gint64 from_us, GError **error);

/**
 * sched_store_make_up_of:
 *
 * Returns: (element-type SchedMakeUpRow): those of @station that were missed on @date, and
 * those that begin from @from_us and before @to_us
 */
GPtrArray *sched_store_make_up_of(SchedTxn *txn, const char *station, const char *date,
                                  gint64 from_us, gint64 to_us, GError **error);

/** sched_store_make_up_stations: Returns: (element-type utf8): stations that a slot reaches
 * which is approved, not stopped, and says that it is made up */
GPtrArray *sched_store_make_up_stations(SchedTxn *txn, GError **error);
