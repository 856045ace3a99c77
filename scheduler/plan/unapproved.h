/*
 * unapproved.h - what is to sound in a span of time and will not, for nobody has approved it.
 *
 * Flow: publish/unapproved.c fills in the drafts -> here -> warnings before, the reason after.
 * Pure. The plan leaves it out and lets the rest of its slot sound (layout.h).
 */
#pragma once

#include "scheduler/plan/expand.h"

/* A version that is there and not approved. */
typedef struct {
    char *version;      /* (owned): id */
    char *announcement; /* (owned): id */
    char *title;        /* (owned): of the announcement */
    char *language;     /* (owned) (nullable): NULL for a signal */
} SchedDraft;
SchedDraft *sched_draft_new(const char *version, const char *announcement, const char *title,
                            const char *language);
void sched_draft_free(SchedDraft *self);

typedef enum {
    SCHED_UNAPPROVED_SLOT,
    SCHED_UNAPPROVED_DATE, /* another playlist on one date: the slot's own sounds instead */
    SCHED_UNAPPROVED_VERSION,
} SchedUnapprovedKind;
extern const char *const sched_unapproved_kind_words[];

/* Texts belong to the snapshot and the drafts, and live as long. */
typedef struct {
    SchedUnapprovedKind kind;
    const SchedSlot *slot;
    SchedDay slot_day;       /* in the slot's own zone */
    const SchedDraft *draft; /* (nullable): of a VERSION */
    gint64 start_us;         /* of the occurrence; the earliest, where villages differ */
    guint n_zones;           /* that would hear it */
} SchedUnapproved;

/**
 * sched_unapproved_find:
 * @snapshot: of @index
 * @drafts: (element-type SchedDraft)
 * @from_us, @until_us: UTC: of occurrences that start from the one to before the other
 *
 * A version counts where a zone of the occurrence would hear it. Where the slot itself is not
 * approved nothing else of it is named.
 *
 * Returns: (transfer full) (element-type SchedUnapproved): by start, slot and version
 */
GArray *sched_unapproved_find(SchedIndex *index, const SchedSnapshot *snapshot,
                              const GPtrArray *drafts, gint64 from_us, gint64 until_us,
                              GError **error);
