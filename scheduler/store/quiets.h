/*
 * quiets.h - silence that somebody asked for, in an area or a zone, from one instant to
 * another.
 *
 * Flow: web/ writes a request, which needs nobody else -> publish/ plans without what would
 * sound there -> what was left out is kept here, for deliveries.h to say so.
 *
 * A request takes away no approval. So its end, early or not, needs nobody's either: what
 * sounds again is what a second person had freed for that place and time.
 */
#pragma once

#include "scheduler/report/delivery.h"
#include "scheduler/store/db.h"

/* A funeral lasts days, an examination a week: what is longer is for the windows of an area. */
#define SCHED_QUIET_MAX_US       (G_GINT64_CONSTANT(31) * 86400 * G_USEC_PER_SEC)
#define SCHED_QUIET_MAX_AHEAD_US (G_GINT64_CONSTANT(366) * 86400 * G_USEC_PER_SEC)
/* Not over yet, in the whole district. */
#define SCHED_QUIET_MAX_OPEN        1000
#define SCHED_QUIET_WORDS_MAX_BYTES 200

/* Indexes into sched_quiet_reason_words. */
typedef enum {
    SCHED_QUIET_FUNERAL,
    SCHED_QUIET_CEREMONY,
    SCHED_QUIET_EXAM,
    SCHED_QUIET_OTHER,
} SchedQuietReason;
extern const char *const sched_quiet_reason_words[];

typedef struct {
    char *id;      /* (owned) */
    char *area;    /* (owned): "" for a zone */
    char *station; /* (owned): "" for an area */
    char *zone;    /* (owned): "" for an area */
    gint64 from_us, until_us;
    gint reason;       /* SchedQuietReason */
    char *words;       /* (owned): "" if the reason says all */
    char *author;      /* (owned): set by the store, as all below */
    char *author_name; /* (owned) */
    char *place;       /* (owned): the area, or the village of the zone; "" if it is gone */
    gint64 made_us;
    gint64 ended_us; /* 0: nobody ended it */
    char *ended_by;  /* (owned) (nullable) */
} SchedQuietRow;
void sched_quiet_row_free(SchedQuietRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedQuietRow, sched_quiet_row_free)

/** sched_quiet_row_until_us: Returns: when it is over, seen that somebody may have ended it;
 * not after `from_us` if it never began */
gint64 sched_quiet_row_until_us(const SchedQuietRow *row);

/**
 * sched_store_quiet_add:
 * @quiet: place, span, reason and words; what lies in the past of the span is not asked for
 *
 * INVALID: a span that is over, too long or too far ahead, no such place.
 */
gboolean sched_store_quiet_add(SchedTxn *txn, const SchedQuietRow *quiet, GError **error);

/** sched_store_quiet_end: now; RULE if it is over */
gboolean sched_store_quiet_end(SchedTxn *txn, const char *id, GError **error);

/** sched_store_quiet_get: Returns: (transfer full): NULL: there is none, or it cannot be read
 */
SchedQuietRow *sched_store_quiet_get(SchedTxn *txn, const char *id, GError **error);

/**
 * sched_store_quiet_list:
 * @area: (nullable): only requests that concern it: for it, for what lies below, or above it
 * @since_us: only those that end after it
 * @limit: at most so many; -1: all, for whoever plans
 *
 * Returns: (transfer full) (element-type SchedQuietRow): the latest to begin first
 */
GPtrArray *sched_store_quiet_list(SchedTxn *txn, const char *area, gint64 since_us,
                                  gint64 limit, GError **error);

/**
 * sched_store_silenced_set:
 * @silences: (element-type SchedSilence): what the plan made now leaves out at the station
 *
 * Replaces what is still to come. What should have begun already stays as it was kept then; of
 * what is over by now nothing is kept that was not kept in time, for it did sound or it did
 * not.
 */
gboolean sched_store_silenced_set(SchedTxn *txn, const char *station, GPtrArray *silences,
                                  GError **error);

/** sched_store_silenced_list: Returns: (transfer full) (element-type SchedSilence): of a day
 * plan, by start and zone */
GPtrArray *sched_store_silenced_list(SchedTxn *txn, const char *station, const char *date,
                                     GError **error);
