/*
 * input.h - a dry contact: normally open or closed, debounced.
 *
 * Flow: what a board reads of its inputs -> here -> machine.h (blocks, faults, power). Pure.
 */
#pragma once

#include "gateway/relay/layout.h"

/* An input that was not read for longer is unknown. */
#define GATE_INPUT_KNOWN_US (10 * G_USEC_PER_SEC)
/* A button's, by which somebody acts, much sooner. */
#define GATE_BUTTON_KNOWN_US (2 * G_USEC_PER_SEC)
/* For so long each reading of a pressed button is told; one that is pressed for longer is
 * stuck, and nobody waits for it. */
#define GATE_BUTTON_TOLD_US (60 * G_USEC_PER_SEC)

typedef struct {
    gboolean is_active;  /* after debouncing */
    gboolean raw;        /* as last read, NO and NC evened out */
    gint64 raw_since_us; /* since when it reads so */
    gint64 read_us;      /* 0: never */
    gint64 noticed_us;   /* when a change of it was last put into the journal; 0: never */
} GateInput;

/**
 * gate_input_read:
 * @loop_is_closed: as the board says
 *
 * The first reading counts at once: at start there is nothing it could bounce from.
 *
 * Returns: whether the input became active or inactive
 */
gboolean gate_input_read(GateInput *input, const GateLayoutInput *layout,
                         gboolean loop_is_closed, gint64 now_us);

/** gate_input_is_known: whether it was read in the last %GATE_INPUT_KNOWN_US. */
gboolean gate_input_is_known(const GateInput *input, gint64 now_us);

/**
 * gate_input_notice:
 *
 * Returns: whether a change now is worth a line in the journal: a button that chatters, which
 *   is not debounced, gets one a second
 */
gboolean gate_input_notice(GateInput *input, const GateLayoutInput *layout, gint64 now_us);

/** gate_input_is_fresh: whether it was read in the last %GATE_BUTTON_KNOWN_US. */
gboolean gate_input_is_fresh(const GateInput *input, gint64 now_us);

/**
 * gate_input_pressed_us:
 *
 * Returns: when a button was last read as pressed, if it is, for the first
 *   %GATE_BUTTON_TOLD_US of it; 0 otherwise
 */
gint64 gate_input_pressed_us(const GateInput *input, gint64 now_us);
