/*
 * job.h - one errand to a relay board, and what came of it.
 *
 * Flow: board.h decides -> gateway/bus does it in the line's thread -> board.h judges.
 * Pure: plain values.
 */
#pragma once

#include "content/remark.h"

/* In the order in which a line serves them: opening goes ahead of every other request. */
typedef enum {
    GATE_JOB_OPEN,   /* write the relays open, read all back */
    GATE_JOB_CLOSE,  /* write the relays closed, or their timers anew, read all back */
    GATE_JOB_INPUTS, /* read the inputs */
    GATE_JOB_READ,   /* read all relays */
} GateJobKind;

typedef struct {
    GateJobKind kind;
    guint board;
    guint32 relays;       /* a bit a relay, the first relay is bit 0 */
    gint64 timed_on_us;   /* closing: by the board's own timer; 0: plain */
    gboolean is_thorough; /* opening: every command that could end it, not only the usual one */
} GateJob;

typedef enum {
    GATE_JOB_DONE,
    GATE_JOB_SILENT,    /* no answer in time */
    GATE_JOB_LATE,      /* no answer in time, but something came afterwards */
    GATE_JOB_GARBLED,   /* an answer that is not one to the request */
    GATE_JOB_REFUSED,   /* a Modbus exception */
    GATE_JOB_LINE,      /* the line or connection is not there */
    GATE_JOB_CANCELLED, /* not sent: an opening overtook it */
} GateJobStatus;

typedef struct {
    GateJob job;
    GateJobStatus status;
    guint32 closed; /* relays, or loops of inputs, that read closed; only with GATE_JOB_DONE */
    gint64 read_took_us;  /* from asking for them to having them; only with GATE_JOB_DONE */
    gboolean is_slow;     /* that was more than half of what an answer may take */
    ContentRemark *wrong; /* (owned) (nullable): what went wrong, without a subject */
} GateJobResult;
