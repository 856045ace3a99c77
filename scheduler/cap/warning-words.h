/* warning-words.h - hazards and levels in CAP's words, and back. For warning*.c only. */
#pragma once

#include "scheduler/cap/warning.h"

/* What CAP wants to know of a hazard, as our templates mean it. */
typedef struct {
    const char *name; /* in Vietnamese: of no other language do we have a word */
    guint categories; /* SchedCapCategory */
    guint responses;  /* SchedCapResponse */
    SchedCapUrgency urgency;
    SchedCapCertainty certainty;
} WarningEvent;

/** warning_event: Returns: (transfer none): of a ContentEventKind */
const WarningEvent *warning_event(gint kind);

/** warning_severity: Returns: the severity next to a level of Decision 18/2021 */
SchedCapSeverity warning_severity(gint64 level);

/** warning_level: Returns: the level that @severity alone tells; 0: none */
gint64 warning_level(SchedCapSeverity severity);

/** warning_kind: Returns: ContentEventKind of @info; -1: none of ours */
gint warning_kind(const SchedCapInfo *info);
