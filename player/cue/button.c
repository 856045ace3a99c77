/* button.c - see button.h */
#include "player/cue/button.h"

#include "content/alert.h"

/* Within a state the first row counts whose event is seen: what forbids stands before what
 * allows. */
/* clang-format off */
static const PlayButtonRule rules[] = {
    /* from                  seen                 to                    then                     */
    { PLAY_BUTTON_UNSEEN,   PLAY_PRESS_DOWN,     PLAY_BUTTON_STUCK,    PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_UNSEEN,   PLAY_PRESS_UP,       PLAY_BUTTON_IDLE,     PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_UNSEEN,   PLAY_PRESS_TAKEN,    PLAY_BUTTON_SOUNDING, PLAY_BUTTON_DO_NOTHING  },

    { PLAY_BUTTON_IDLE,     PLAY_PRESS_TAKEN,    PLAY_BUTTON_SOUNDING, PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_IDLE,     PLAY_PRESS_LOST,     PLAY_BUTTON_UNSEEN,   PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_IDLE,     PLAY_PRESS_DOWN,     PLAY_BUTTON_HELD,     PLAY_BUTTON_DO_NOTHING  },

    { PLAY_BUTTON_HELD,     PLAY_PRESS_LOST,     PLAY_BUTTON_UNSEEN,   PLAY_BUTTON_DO_SAY_LOST },
    { PLAY_BUTTON_HELD,     PLAY_PRESS_UP,       PLAY_BUTTON_IDLE,     PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_HELD,     PLAY_PRESS_TOO_LONG, PLAY_BUTTON_STUCK,    PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_HELD,     PLAY_PRESS_HELD,     PLAY_BUTTON_FULL,     PLAY_BUTTON_DO_NOTHING  },

    { PLAY_BUTTON_FULL,     PLAY_PRESS_LOST,     PLAY_BUTTON_UNSEEN,   PLAY_BUTTON_DO_SAY_LOST },
    { PLAY_BUTTON_FULL,     PLAY_PRESS_TOO_LONG, PLAY_BUTTON_STUCK,    PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_FULL,     PLAY_PRESS_UP,       PLAY_BUTTON_WINDOW,   PLAY_BUTTON_DO_NOTHING  },

    { PLAY_BUTTON_WINDOW,   PLAY_PRESS_LOST,     PLAY_BUTTON_UNSEEN,   PLAY_BUTTON_DO_SAY_LOST },
    { PLAY_BUTTON_WINDOW,   PLAY_PRESS_DOWN,     PLAY_BUTTON_SPENT,    PLAY_BUTTON_DO_SAY_OFF  },
    { PLAY_BUTTON_WINDOW,   PLAY_PRESS_IN_TIME,  PLAY_BUTTON_ASKED,    PLAY_BUTTON_DO_START    },

    { PLAY_BUTTON_ASKED,    PLAY_PRESS_ORDERED,  PLAY_BUTTON_ORDERED,  PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_ASKED,    PLAY_PRESS_REFUSED,  PLAY_BUTTON_REFUSED,  PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_ORDERED,  PLAY_PRESS_TAKEN,    PLAY_BUTTON_SOUNDING, PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_ORDERED,  PLAY_PRESS_OVER,     PLAY_BUTTON_SPENT,    PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_ORDERED,  PLAY_PRESS_REFUSED,  PLAY_BUTTON_REFUSED,  PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_ORDERED,  PLAY_PRESS_SHOWN,    PLAY_BUTTON_REFUSED,  PLAY_BUTTON_DO_SAY_LEFT },
    { PLAY_BUTTON_SOUNDING, PLAY_PRESS_OVER,     PLAY_BUTTON_SPENT,    PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_REFUSED,  PLAY_PRESS_SHOWN,    PLAY_BUTTON_SPENT,    PLAY_BUTTON_DO_NOTHING  },

    { PLAY_BUTTON_SPENT,    PLAY_PRESS_TAKEN,    PLAY_BUTTON_SOUNDING, PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_SPENT,    PLAY_PRESS_LOST,     PLAY_BUTTON_UNSEEN,   PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_SPENT,    PLAY_PRESS_UP,       PLAY_BUTTON_IDLE,     PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_SPENT,    PLAY_PRESS_TOO_LONG, PLAY_BUTTON_STUCK,    PLAY_BUTTON_DO_NOTHING  },

    { PLAY_BUTTON_STUCK,    PLAY_PRESS_TAKEN,    PLAY_BUTTON_SOUNDING, PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_STUCK,    PLAY_PRESS_LOST,     PLAY_BUTTON_UNSEEN,   PLAY_BUTTON_DO_NOTHING  },
    { PLAY_BUTTON_STUCK,    PLAY_PRESS_UP,       PLAY_BUTTON_IDLE,     PLAY_BUTTON_DO_NOTHING  },
};
/* clang-format on */

static const ContentLampShow lamps[PLAY_BUTTON_N_STATES] = {
    [PLAY_BUTTON_HELD] = CONTENT_LAMP_SLOW,      [PLAY_BUTTON_FULL] = CONTENT_LAMP_FAST,
    [PLAY_BUTTON_WINDOW] = CONTENT_LAMP_FAST,    [PLAY_BUTTON_ASKED] = CONTENT_LAMP_FAST,
    [PLAY_BUTTON_ORDERED] = CONTENT_LAMP_FAST,   [PLAY_BUTTON_SOUNDING] = CONTENT_LAMP_STEADY,
    [PLAY_BUTTON_REFUSED] = CONTENT_LAMP_DOUBLE,
};

const PlayButtonRule *
play_button_rules(gsize *out_n_rules)
{
    *out_n_rules = G_N_ELEMENTS(rules);
    return rules;
}

void
play_button_init(PlayButton *self, gint64 hold_us, gint64 cancel_us)
{
    *self = (PlayButton){.hold_us = hold_us, .cancel_us = cancel_us};
}

void
play_button_read(PlayButton *self, gboolean is_down, gint64 read_us, gint64 now_us)
{
    gboolean was_down = self->is_known && self->is_down;

    self->is_known = TRUE;
    self->is_down = is_down;
    if (!is_down)
        return;
    /* A reading from the future would make the hold longer than it was. */
    read_us = MIN(read_us, now_us);
    if (!was_down) {
        self->down_us = self->since_us = self->read_us = read_us == 0 ? now_us : read_us;
        return;
    }
    if (read_us <= self->read_us)
        return;
    if (read_us - self->read_us > PLAY_BUTTON_GAP_US)
        self->since_us = read_us;
    self->read_us = read_us;
}

void
play_button_lose(PlayButton *self)
{
    self->is_known = FALSE;
}

void
play_button_answer(PlayButton *self, gboolean is_ordered)
{
    self->answer = is_ordered ? PLAY_PRESS_ORDERED : PLAY_PRESS_REFUSED;
}

void
play_button_taken(PlayButton *self, gboolean is_taken)
{
    self->answer = is_taken ? PLAY_PRESS_TAKEN : PLAY_PRESS_REFUSED;
}

void
play_button_over(PlayButton *self)
{
    self->answer = PLAY_PRESS_OVER;
}

static gboolean
is_stale(const PlayButton *self, gint64 now_us)
{
    return (self->state == PLAY_BUTTON_HELD || self->state == PLAY_BUTTON_FULL) &&
           self->is_down && now_us - self->read_us > PLAY_BUTTON_STALE_US;
}

static gboolean
sees(const PlayButton *self, PlayPress what, gint64 now_us)
{
    gboolean is_down = self->is_known && self->is_down;

    switch (what) {
    case PLAY_PRESS_LOST:
        return !self->is_known;
    case PLAY_PRESS_DOWN:
        return is_down;
    case PLAY_PRESS_UP:
        return self->is_known && !self->is_down;
    case PLAY_PRESS_HELD:
        return is_down && self->read_us - self->since_us >= self->hold_us;
    case PLAY_PRESS_TOO_LONG:
        return is_down && now_us - self->down_us >= PLAY_BUTTON_STUCK_US;
    case PLAY_PRESS_IN_TIME:
        return now_us - self->entered_us >= self->cancel_us;
    case PLAY_PRESS_SHOWN:
        return now_us - self->entered_us >= PLAY_BUTTON_SHOWN_US;
    case PLAY_PRESS_OVER:
        return self->answer == (gint) what ||
               now_us - self->entered_us >= CONTENT_ALERT_MAX_LIFE_US;
    case PLAY_PRESS_ORDERED:
    case PLAY_PRESS_TAKEN:
    case PLAY_PRESS_REFUSED:
        return self->answer == (gint) what;
    }
    return FALSE;
}

gboolean
play_button_step(PlayButton *self, gint64 now_us, PlayButtonDo *out_do)
{
    *out_do = PLAY_BUTTON_DO_NOTHING;
    if (is_stale(self, now_us))
        self->is_known = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
        if (rules[i].from != self->state || !sees(self, rules[i].seen, now_us))
            continue;
        self->state = rules[i].to;
        self->entered_us = now_us;
        /* An answer counts once, and one of before for nothing. */
        if (rules[i].then == PLAY_BUTTON_DO_START || self->answer == (gint) rules[i].seen)
            self->answer = 0;
        *out_do = rules[i].then;
        return TRUE;
    }
    return FALSE;
}

gint64
play_button_next_us(const PlayButton *self)
{
    switch (self->state) {
    case PLAY_BUTTON_HELD:
    case PLAY_BUTTON_FULL:
        return MIN(self->read_us + PLAY_BUTTON_STALE_US + 1,
                   self->down_us + PLAY_BUTTON_STUCK_US);
    case PLAY_BUTTON_WINDOW:
        return self->entered_us + self->cancel_us;
    case PLAY_BUTTON_ORDERED:
    case PLAY_BUTTON_REFUSED:
        return self->entered_us + PLAY_BUTTON_SHOWN_US;
    case PLAY_BUTTON_SOUNDING:
        return self->entered_us + CONTENT_ALERT_MAX_LIFE_US;
    case PLAY_BUTTON_SPENT:
        return self->is_down ? self->down_us + PLAY_BUTTON_STUCK_US : 0;
    case PLAY_BUTTON_UNSEEN:
    case PLAY_BUTTON_IDLE:
    case PLAY_BUTTON_ASKED:
    case PLAY_BUTTON_STUCK:
        break;
    }
    return 0;
}

ContentLampShow
play_button_lamp(const PlayButton *self)
{
    return lamps[self->state];
}
