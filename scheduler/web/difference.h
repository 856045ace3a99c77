/*
 * difference.h - which words of a text came and which went.
 *
 * Flow: the text that was approved, and the one that is to be -> here -> a page, loactl.
 * Pure: two texts in, parts out.
 */
#pragma once

#include <glib.h>

/* Where more is to be compared than so many pairs of words, all of it counts as changed. */
#define SCHED_DIFFERENCE_MAX_PAIRS (4 * 1024 * 1024)

typedef enum {
    SCHED_DIFFERENCE_SAME,
    SCHED_DIFFERENCE_REMOVED,
    SCHED_DIFFERENCE_ADDED,
} SchedDifferenceKind;
extern const char *const sched_difference_words[]; /* of SchedDifferenceKind */

typedef struct {
    gint change; /* SchedDifferenceKind */
    char *text;  /* (owned): words, with the space behind each */
} SchedDifferencePart;
void sched_difference_part_free(SchedDifferencePart *part);

/**
 * sched_difference_parts:
 * @before: (nullable)
 * @after: (nullable)
 *
 * What is the same or was added makes up @after, and what is the same or was removed @before
 * but for its spaces. What was removed stands before what was added in its place.
 *
 * Returns: (transfer full) (element-type SchedDifferencePart)
 */
GPtrArray *sched_difference_parts(const char *before, const char *after);

/** sched_difference_marked: Returns: (transfer full): as wdiff(1) marks it: [-removed-]
 * {+added+}
 */
char *sched_difference_marked(GPtrArray *parts);
