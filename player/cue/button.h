/*
 * button.h - a push button that starts an alert: held, let go, and not called off.
 *
 * Flow: buttons.c hands over what the gateway reads and how the alert fares -> rows -> what to
 * do, and what the lamp shows. Pure.
 *
 * A press counts only if the button was seen released before it, was read as pressed without a
 * gap for the whole hold, and was let go afterwards: a contact that sticks, a wire that is cut
 * short and a gateway that comes and goes start nothing. After letting go, a second press calls
 * the alert off until the cancel window is over.
 */
#pragma once

#include "content/lease.h"

/* Readings further apart prove nothing about what was between: the hold begins anew. The
 * gateway reads every 50 ms, and later only when relays are switched. */
#define PLAY_BUTTON_GAP_US (600 * G_GINT64_CONSTANT(1000))
/* Without a reading for so long, a press is not followed any further. */
#define PLAY_BUTTON_STALE_US (2 * G_USEC_PER_SEC)
/* Pressed for longer, it is stuck. */
#define PLAY_BUTTON_STUCK_US (30 * G_USEC_PER_SEC)
/* How long the lamp shows a refusal, and how long an order may be on its way to the cue. */
#define PLAY_BUTTON_SHOWN_US (10 * G_USEC_PER_SEC)

typedef enum {
    PLAY_BUTTON_UNSEEN,   /* not seen released since it was last lost sight of */
    PLAY_BUTTON_IDLE,     /* seen released */
    PLAY_BUTTON_HELD,     /* pressed, not yet for long enough */
    PLAY_BUTTON_FULL,     /* pressed for long enough, not yet let go */
    PLAY_BUTTON_WINDOW,   /* let go: the alert starts unless it is pressed again */
    PLAY_BUTTON_ASKED,    /* the alert is asked for */
    PLAY_BUTTON_ORDERED,  /* it may be started, and is on its way to the cue */
    PLAY_BUTTON_SOUNDING, /* the cue has it */
    PLAY_BUTTON_REFUSED,  /* it may not be started, and the lamp says so */
    PLAY_BUTTON_SPENT,    /* called off or over; to be let go before it counts again */
    PLAY_BUTTON_STUCK,    /* pressed too long, or from the beginning */
} PlayButtonState;
#define PLAY_BUTTON_N_STATES (PLAY_BUTTON_STUCK + 1)

/* What may be seen of a button; several at a time, of which the row that stands first counts.
 */
typedef enum {
    PLAY_PRESS_LOST, /* nobody reads it */
    PLAY_PRESS_DOWN,
    PLAY_PRESS_UP,
    PLAY_PRESS_HELD,     /* proved pressed for the whole hold */
    PLAY_PRESS_TOO_LONG, /* PLAY_BUTTON_STUCK_US */
    PLAY_PRESS_IN_TIME,  /* the cancel window is over */
    PLAY_PRESS_ORDERED,  /* the alert was ordered */
    PLAY_PRESS_TAKEN,    /* the cue has taken it */
    PLAY_PRESS_REFUSED,  /* it was not ordered, or not taken */
    PLAY_PRESS_OVER,     /* the alert is over, or must be: none lives longer */
    PLAY_PRESS_SHOWN,    /* PLAY_BUTTON_SHOWN_US */
} PlayPress;
#define PLAY_PRESS_N (PLAY_PRESS_SHOWN + 1)

typedef enum {
    PLAY_BUTTON_DO_NOTHING,
    PLAY_BUTTON_DO_START,    /* start the alert, and say what came of it */
    PLAY_BUTTON_DO_SAY_OFF,  /* tell that it was called off */
    PLAY_BUTTON_DO_SAY_LOST, /* tell that a press came to nothing */
    PLAY_BUTTON_DO_SAY_LEFT, /* tell that what was ordered was never heard of again */
} PlayButtonDo;

typedef struct {
    PlayButtonState from;
    PlayPress seen;
    PlayButtonState to;
    PlayButtonDo then;
} PlayButtonRule;

typedef struct {
    PlayButtonState state;
    gint64 hold_us, cancel_us;
    gboolean is_known, is_down;
    gint64 down_us;  /* since when it is pressed */
    gint64 since_us; /* since when it is read as pressed without a gap */
    gint64 read_us;  /* the newest reading of it as pressed */
    gint64 entered_us;
    gint answer; /* PlayPress of the asked alert; 0: none yet */
} PlayButton;

/** play_button_rules: Returns: (transfer none): the rows, for a test to look at */
const PlayButtonRule *play_button_rules(gsize *out_n_rules);

/** play_button_init: @hold_us, @cancel_us: of the configuration; nothing is known of it yet */
void play_button_init(PlayButton *self, gint64 hold_us, gint64 cancel_us);

/**
 * play_button_read:
 * @read_us: monotonic µs at which it was read as pressed; 0: the gateway does not say
 *
 * A pressed state without a reading proves no hold.
 */
void play_button_read(PlayButton *self, gboolean is_down, gint64 read_us, gint64 now_us);

/** play_button_lose: nobody reads it: no gateway, no board, no such input */
void play_button_lose(PlayButton *self);

/** play_button_answer: what came of %PLAY_BUTTON_DO_START */
void play_button_answer(PlayButton *self, gboolean is_ordered);

/** play_button_taken: what the cue says of what was ordered; of what was ordered before a
 * restart, too */
void play_button_taken(PlayButton *self, gboolean is_taken);

/** play_button_over: the alert that was started is over */
void play_button_over(PlayButton *self);

/**
 * play_button_step: to be called until it says %FALSE
 * @out_do: (out): to be done before the next call
 *
 * Returns: whether the state changed
 */
gboolean play_button_step(PlayButton *self, gint64 now_us, PlayButtonDo *out_do);

/** play_button_next_us: Returns: monotonic µs at which to step again; 0: at a change */
gint64 play_button_next_us(const PlayButton *self);

/** play_button_lamp: Returns: what its lamp shows now */
ContentLampShow play_button_lamp(const PlayButton *self);
