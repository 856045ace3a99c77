/*
 * board.h - one relay board: is it well, and what is the next errand to it?
 *
 * Flow: machine.h says what its relays are wanted to be -> here -> jobs -> gateway/bus ->
 * results -> here. Pure.
 *
 * What is wanted and what was read are compared each time anew, so nothing has to be queued or
 * remembered: an errand that failed is simply found necessary again. At most one opening and
 * one other errand are on their way at once; the opening may overtake.
 */
#pragma once

#include "gateway/relay/coil.h"
#include "gateway/relay/job.h"
#include "gateway/relay/layout.h"

/* How often a healthy board's relays are read when nothing else does it. */
#define GATE_BOARD_POLL_US (1 * G_USEC_PER_SEC)
/* How often one that does not answer is asked again. */
#define GATE_BOARD_SILENT_POLL_US (5 * G_USEC_PER_SEC)
/* The same in the first ten seconds: its relays may still be closed. */
#define GATE_BOARD_URGENT_POLL_US (1 * G_USEC_PER_SEC)
#define GATE_BOARD_URGENT_SPAN_US (10 * G_USEC_PER_SEC)
/* A board whose every answer was slow for so long is told of before it is too late. */
#define GATE_BOARD_SLOW_SPAN_US (10 * G_USEC_PER_SEC)
/* One lost answer is retried at once; the second in a row makes a fault. */
#define GATE_BOARD_MAX_FAILURES 2

typedef struct {
    const GateLayoutBoard *layout;
    guint index;
    GateCoil coils[GATE_BOARD_MAX_RELAYS];
    gboolean is_silent;          /* its relays are unknown */
    gint64 silent_since_us;      /* 0 if it is not */
    gboolean is_slow;            /* all its answers of late came slowly */
    gint64 slow_since_us;        /* 0: the last answer came in good time */
    guint failures;              /* in a row */
    gint64 next_try_us;          /* nothing is sent before */
    gint64 read_us;              /* when its relays were last read; 0: never */
    gint64 inputs_read_us;       /* when an errand to its inputs last ended; 0: never */
    ContentRemark *wrong;        /* (owned) (nullable): what is wrong with it */
    ContentRemark *inputs_wrong; /* (owned) (nullable): what is wrong with its inputs */
    guint32 opening_relays;      /* an opening of these is on its way; 0: none */
    gboolean other_is_out;       /* another errand is on its way */
} GateBoard;

/** gate_board_init: @layout must outlive @board. */
void gate_board_init(GateBoard *board, const GateLayoutBoard *layout, guint index);

/** gate_board_clear: frees what @board owns. */
void gate_board_clear(GateBoard *board);

/**
 * gate_board_unclosed:
 *
 * Returns: the relays that are wanted closed, do not read so, and may be written now
 */
guint32 gate_board_unclosed(const GateBoard *board, gint64 now_us);

/**
 * gate_board_next_opening:
 * @out_job: (out): an opening; it is on its way from now on
 *
 * Returns: %FALSE when there is none to be sent now
 */
gboolean gate_board_next_opening(GateBoard *board, gint64 now_us, GateJob *out_job);

/**
 * gate_board_next_other:
 * @may_close: which of gate_board_unclosed() are to be closed now (stagger); if any, the
 *   errand that is returned closes them
 * @out_job: (out): the errand; it is on its way from now on
 *
 * Returns: %FALSE when there is nothing to do now
 */
gboolean gate_board_next_other(GateBoard *board, guint32 may_close, gint64 now_us,
                               GateJob *out_job);

/**
 * gate_board_job_done:
 *
 * Takes in health and readings; inputs are for the caller.
 *
 * Returns: a bit for each relay found on without a lease
 */
guint32 gate_board_job_done(GateBoard *board, const GateJobResult *result, gint64 now_us);

/**
 * gate_board_next_us:
 *
 * Returns: when there may be an errand, if no result comes before; relays that are yet to be
 *   closed are not looked at, since the machine staggers them; G_MAXINT64: not before a result
 */
gint64 gate_board_next_us(const GateBoard *board);
