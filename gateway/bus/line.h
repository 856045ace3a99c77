/*
 * line.h - one Modbus line, serial or TCP, with a thread of its own.
 *
 * Flow: rack pushes jobs -> queue (opening first) -> the line's thread -> results back on the
 * main context of whoever made the line.
 * Thread: every call from the thread that made the line; libmodbus lives in the other.
 *
 * The line opens and reopens itself, with back-off; libmodbus' own recovery is off because it
 * retries inside the call without end. After a missing answer a serial line is listened to
 * until it is quiet, and a TCP connection is made anew, since both may be out of step.
 */
#pragma once

#include "gateway/bus/errand.h"

typedef enum {
    GATE_LINE_SERIAL,
    GATE_LINE_TCP,
} GateLineKind;

typedef enum {
    GATE_PARITY_NONE,
    GATE_PARITY_EVEN,
    GATE_PARITY_ODD,
} GateParity;

typedef struct {
    char *id; /* (owned) */
    GateLineKind kind;
    char *device; /* (owned): serial */
    int baud;
    GateParity parity;
    int stop_bits;
    char *address; /* (owned): TCP, numeric, so that no name server can hold the line up */
    guint port;
    gint64 response_us; /* how long an answer may take */
    gint64 quiet_us;    /* serial: how much later an answer may still come */
} GateLineSpec;

/* @result is valid during the call only. */
typedef void (*GateLineFunc)(const GateJobResult *result, gpointer user_data);

typedef struct GateLine GateLine;

/**
 * gate_line_new:
 * @spec: copied
 * @boards: (array length=n_boards): copied; a job's board is an index here, on whatever line
 * @done: called for each job pushed, on the thread-default main context of the caller
 *
 * Never fails: a line that cannot be opened answers its jobs with GATE_JOB_LINE.
 */
GateLine *gate_line_new(const GateLineSpec *spec, const GateBusBoard *boards, guint n_boards,
                        GateLineFunc done, gpointer user_data);

/**
 * gate_line_push:
 *
 * Jobs run by kind, then in the order in which they came. An opening takes waiting closings of
 * its board out of the queue: they come back cancelled.
 */
void gate_line_push(GateLine *line, const GateJob *job);

/**
 * gate_line_free:
 * @line: (nullable) (transfer full): waits for the running request, drops the waiting ones
 *
 * No callback comes afterwards.
 */
void gate_line_free(GateLine *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GateLine, gate_line_free)

/** gate_line_spec_clear: frees the strings of @spec. */
void gate_line_spec_clear(GateLineSpec *spec);
