/*
 * programmes.h - all that is different in a week of an area, submitted and judged as one act.
 *
 * Flow: an editor submits what waits in the week -> a second person sees all of it against what
 * was approved last, and approves or sends back the whole -> each slot and date is approved as
 * if alone, in one transaction.
 *
 * Held by the database itself: nobody approves what they submitted, or a slot that they wrote;
 * what was submitted never changes. A change of any part since makes it stale: it is then
 * submitted anew.
 */
#pragma once

#include "scheduler/plan/programme.h"
#include "scheduler/store/db.h"

/* Parts of one programme: people must look at each. */
#define SCHED_PROGRAMME_MAX_PARTS 200
/* What was stopped is shown for so long where nothing of the area was approved as a week. */
#define SCHED_PROGRAMME_REMOVED_US (G_GINT64_CONSTANT(14) * 86400 * G_USEC_PER_SEC)

typedef enum {
    SCHED_PROGRAMME_OPEN,
    SCHED_PROGRAMME_APPROVED,
    SCHED_PROGRAMME_RETURNED,
    SCHED_PROGRAMME_REPLACED, /* the same week was submitted anew */
} SchedProgrammeState;
extern const char *const sched_programme_state_words[];

/* A slot, or what is different on one of its dates. */
typedef struct {
    char *slot;    /* (owned) */
    char *name;    /* (owned): of the slot */
    char *date;    /* (owned): "": the slot itself */
    gint change;   /* SchedProgrammeChange */
    char *before;  /* (owned): hash of what was approved last; "": nothing */
    char *content; /* (owned): hash of what is to be approved; "": nothing, it is silent */
    char *text;    /* (owned) (nullable): what `content` is the hash of */
    char *approved_text; /* (owned) (nullable): what `before` is the hash of */
} SchedProgrammePartRow;
void sched_programme_part_row_free(SchedProgrammePartRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedProgrammePartRow, sched_programme_part_row_free)

typedef struct {
    char *id;         /* (owned) */
    char *area;       /* (owned) */
    char *from_date;  /* (owned): its first day */
    char *content;    /* (owned): hash over all parts */
    char *author;     /* (owned): who submitted it */
    gint64 made_us;   /* when */
    gint state;       /* SchedProgrammeState */
    char *judge;      /* (owned) (nullable) */
    gint64 judged_us; /* 0: not yet */
    char *note;       /* (owned): why it was sent back */
} SchedProgrammeRow;
void sched_programme_row_free(SchedProgrammeRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedProgrammeRow, sched_programme_row_free)

/**
 * sched_store_programme_parts:
 * @area: those at home in it and below
 * @from: first local date of the week
 * @now_us: UTC
 *
 * Returns: (transfer full) (element-type SchedProgrammePartRow): by slot and date: what waits
 *   for approval as it stands and is heard, or was, in the week; and what was taken away since
 *   a week of the area was last approved. INVALID: too many, or no such date
 */
GPtrArray *sched_store_programme_parts(SchedTxn *txn, const char *area, const char *from,
                                       gint64 now_us, GError **error);

/** sched_store_programme_content: Returns: (transfer full): the hash over @parts */
char *sched_store_programme_content(const char *area, const char *from, GPtrArray *parts);

/**
 * sched_store_programme_submit:
 * @content: what was seen; CONFLICT if it is another now. An open one of the same week is
 *   replaced; INVALID if nothing waits
 */
gboolean sched_store_programme_submit(SchedTxn *txn, const char *id, const char *area,
                                      const char *from, const char *content, GError **error);

/** sched_store_programme_get: Returns: (transfer full) */
SchedProgrammeRow *sched_store_programme_get(SchedTxn *txn, const char *id, GError **error);

/** sched_store_programme_newest: @out_row: (out) (nullable) (transfer full): the last one of
 * that week */
gboolean sched_store_programme_newest(SchedTxn *txn, const char *area, const char *from,
                                      SchedProgrammeRow **out_row, GError **error);

/** sched_store_programme_submitted: Returns: (transfer full) (element-type
 * SchedProgrammePartRow): its parts as they were submitted, with the texts as they are now */
GPtrArray *sched_store_programme_submitted(SchedTxn *txn, const char *id, GError **error);

/** sched_store_programme_is_stale: @parts: from sched_store_programme_submitted(): whether one
 * is another than it was submitted, on either side; a date's other side is its slot */
gboolean sched_store_programme_is_stale(GPtrArray *parts);

/** sched_store_programme_keys: Returns: (transfer full) (element-type utf8): "SLOT DATE" of
 * each part that is to be judged; no date: the slot itself */
GPtrArray *sched_store_programme_keys(SchedTxn *txn, const char *id, GError **error);

/**
 * sched_store_programme_approve:
 * @content: the hash that the approver saw
 *
 * Every part, or none. CONFLICT: it is another, was judged, or a part changed since.
 */
gboolean sched_store_programme_approve(SchedTxn *txn, const char *id, const char *content,
                                       GError **error);

/** sched_store_programme_return: as above: every part goes back to its author with @note */
gboolean sched_store_programme_return(SchedTxn *txn, const char *id, const char *content,
                                      const char *note, GError **error);
