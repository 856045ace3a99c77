/*
 * sim-board.h - a relay board as its maker built it, pitfalls included, without its wires.
 *
 * Flow: board-sim.c (TCP or serial) -> here -> answer. Time comes in as an argument.
 *
 * The maps are those of the boards people buy: coils with a flash-on timer, and two kinds of
 * register boards, of which one ignores everything but its own cancel while a timer runs.
 */
#pragma once

#include <glib.h>

#define SIM_MAX_RELAYS 32
#define SIM_MAX_PDU    253

typedef enum { SIM_COILS, SIM_R421A08, SIM_RYN408F } SimKind;

typedef struct SimBoard SimBoard;

/* Called at each change of a relay; @cause is "write", "timer" or "hand". */
typedef void (*SimChanged)(const SimBoard *board, guint relay, gboolean is_closed,
                           const char *cause, gint64 now_us);

struct SimBoard {
    guint8 unit;
    SimKind kind;
    guint n_relays, n_inputs;
    gboolean closed[SIM_MAX_RELAYS];
    gint64 opens_us[SIM_MAX_RELAYS]; /* when a timer opens it; 0: no timer runs */
    gboolean inputs[SIM_MAX_RELAYS];
    /* How it misbehaves. */
    gboolean is_silent;
    guint slow_ms;
    guint8 exception; /* answered to everything; 0: none */
    guint32 stuck;    /* relays that keep their state whatever is written */
    guint32 lying;    /* relays that read the other way round */
    SimChanged changed;
};

/** sim_board_parse: UNIT:KIND[:RELAYS[:INPUTS]]; KIND is coils, r421a08 or ryn408f. */
gboolean sim_board_parse(SimBoard *board, const char *text);

/**
 * sim_board_answer:
 * @request: function and data, without unit and check sum
 * @answer: (array fixed-size=253)
 *
 * Returns: length of the answer, an exception included
 */
gsize sim_board_answer(SimBoard *board, const guint8 *request, gsize n_bytes, guint8 *answer,
                       gint64 now_us);

/** sim_board_tick: opens what timers open by now. Returns: when the next one does, or
 * G_MAXINT64 */
gint64 sim_board_tick(SimBoard *board, gint64 now_us);

/** sim_board_by_hand: somebody switches relay @relay (from 0), past every order. */
void sim_board_by_hand(SimBoard *board, guint relay, gboolean closed, gint64 now_us);
