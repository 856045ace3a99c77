/*
 * buttons.c - see buttons.h
 *
 * Whatever happens ends in settle(): buttons step until none moves, what they want is done,
 * and lamps, faults and the alarm follow from where they stand. A callback that comes back in
 * here while that goes on is looked at in the next round.
 */
#include "player/buttons.h"

#include <string.h>

#include "player/cue/button.h"
#include "player/cue/instant.h"

/* Orders are no closer together: a contact that chatters must not say more than the gateway
 * bears of a player, which would cost it its relays. */
#define LIGHT_US (100 * G_GINT64_CONSTANT(1000))

typedef struct {
    const PlayButtonConfig *config;
    PlayButton button;
    char *alert;                /* (owned) (nullable): that it has started */
    gboolean is_here, has_lamp; /* the gateway names its input, its lamp */
} Row;

struct PlayButtons {
    ContentClock *clock;
    const PlayButtonsEvents *events;
    gpointer data;
    GPtrArray *rows;   /* (owned) (element-type Row) */
    GPtrArray *lamps;  /* (owned) (element-type ContentLamp): as last said */
    GPtrArray *faults; /* (owned) (element-type ContentRemark): as last told */
    gboolean is_up;    /* the gateway answers */
    gint64 said_us;    /* when lamps were last said; 0: not to this gateway */
    gboolean owes;     /* they have changed since, and it is too soon to say so */
    guint alarm;
    gboolean is_settling, must_settle;
};

static void
row_free(gpointer data)
{
    Row *row = data;

    g_free(row->alert);
    g_free(row);
}

/* ---- doing ---- */

static void
say(PlayButtons *self, const Row *row, const char *code)
{
    g_autoptr(ContentRemark) what = content_remark_new(code, row->config->input, NULL);

    self->events->say(what, self->data);
}

static void
start(PlayButtons *self, Row *row)
{
    g_free(row->alert);
    row->alert = self->events->start(row->config, self->data);
    play_button_answer(&row->button, row->alert != NULL);
}

static void
carry_out(PlayButtons *self, Row *row, PlayButtonDo what)
{
    switch (what) {
    case PLAY_BUTTON_DO_START:
        start(self, row);
        break;
    case PLAY_BUTTON_DO_SAY_OFF:
        say(self, row, "button_called_off");
        break;
    case PLAY_BUTTON_DO_SAY_LOST:
        say(self, row, "button_lost");
        break;
    case PLAY_BUTTON_DO_SAY_LEFT:
        say(self, row, "button_untaken");
        break;
    case PLAY_BUTTON_DO_NOTHING:
        break;
    }
}

/* ---- what follows from where the buttons stand ---- */

static void
add_lamp(GPtrArray *lamps, const Row *row)
{
    ContentLampShow show = play_button_lamp(&row->button);
    ContentLamp *lamp;

    if (!row->has_lamp || show == CONTENT_LAMP_OFF)
        return;
    lamp = content_shape_new(&content_lamp_shape);
    lamp->lamp = g_strdup(row->config->lamp);
    lamp->show = (gint) show;
    g_ptr_array_add(lamps, lamp);
}

static gboolean
lamps_are_same(const GPtrArray *a, const GPtrArray *b)
{
    for (guint i = 0; a->len == b->len && i < a->len; i++) {
        const ContentLamp *left = a->pdata[i], *right = b->pdata[i];

        if (left->show != right->show || strcmp(left->lamp, right->lamp) != 0)
            return FALSE;
    }
    return a->len == b->len;
}

static void
light(PlayButtons *self, gint64 now_us)
{
    g_autoptr(GPtrArray) lamps = g_ptr_array_new_with_free_func(content_lamp_shape.free);
    gboolean is_due = now_us - self->said_us >= CONTENT_LEASE_RENEW_US;

    for (guint i = 0; i < self->rows->len; i++)
        add_lamp(lamps, self->rows->pdata[i]);
    self->owes = FALSE;
    if (!self->is_up || (lamps_are_same(lamps, self->lamps) && (lamps->len == 0 || !is_due)))
        return;
    if (self->said_us != 0 && now_us - self->said_us < LIGHT_US) {
        self->owes = TRUE;
        return;
    }
    g_ptr_array_unref(self->lamps);
    self->lamps = g_steal_pointer(&lamps);
    self->said_us = now_us;
    self->events->light(self->lamps, self->data);
}

static void
add_fault(GPtrArray *faults, const char *code, const char *subject)
{
    g_ptr_array_add(faults, content_remark_new(code, subject, NULL));
}

/* Of a gateway that is gone nothing is asked: that is a fault by itself. */
static void
add_faults(const PlayButtons *self, GPtrArray *faults, const Row *row)
{
    if (row->button.state == PLAY_BUTTON_STUCK)
        add_fault(faults, "button_stuck", row->config->input);
    if (self->is_up && !row->is_here)
        add_fault(faults, "button_missing", row->config->input);
    if (self->is_up && !row->has_lamp && row->config->lamp[0] != '\0')
        add_fault(faults, "lamp_missing", row->config->lamp);
}

static void
tell_faults(PlayButtons *self)
{
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(content_remark_shape.free);
    gboolean is_same;

    for (guint i = 0; i < self->rows->len; i++)
        add_faults(self, faults, self->rows->pdata[i]);
    is_same = faults->len == self->faults->len;
    for (guint i = 0; is_same && i < faults->len; i++)
        is_same = content_remark_is_same(faults->pdata[i], self->faults->pdata[i]);
    if (is_same)
        return;
    g_ptr_array_unref(self->faults);
    self->faults = g_steal_pointer(&faults);
    self->events->wrong(self->faults, self->data);
}

static void settle(PlayButtons *self);

static void
on_alarm(gpointer data)
{
    PlayButtons *self = data;

    self->alarm = 0;
    settle(self);
}

static void
set_alarm(PlayButtons *self)
{
    gint64 next_us = 0;

    if (self->owes)
        next_us = self->said_us + LIGHT_US;
    else if (self->is_up && self->lamps->len > 0)
        next_us = self->said_us + CONTENT_LEASE_RENEW_US;
    for (guint i = 0; i < self->rows->len; i++)
        next_us =
            play_instant_sooner(next_us,
                                play_button_next_us(&((Row *) self->rows->pdata[i])->button));
    content_clock_cancel(self->clock, self->alarm);
    self->alarm =
        next_us == 0 ? 0 : content_clock_alarm_monotonic(self->clock, next_us, on_alarm, self);
}

static void
step(PlayButtons *self, Row *row)
{
    PlayButtonDo what;

    while (play_button_step(&row->button, content_clock_monotonic_us(self->clock), &what))
        carry_out(self, row, what);
}

static void
settle(PlayButtons *self)
{
    self->must_settle = TRUE;
    if (self->is_settling)
        return;
    self->is_settling = TRUE;
    while (self->must_settle) {
        self->must_settle = FALSE;
        for (guint i = 0; i < self->rows->len; i++)
            step(self, self->rows->pdata[i]);
        light(self, content_clock_monotonic_us(self->clock));
        tell_faults(self);
    }
    self->is_settling = FALSE;
    set_alarm(self);
}

/* ---- the interface ---- */

PlayButtons *
play_buttons_new(const GPtrArray *configs, ContentClock *clock, const PlayButtonsEvents *events,
                 gpointer data)
{
    PlayButtons *self = g_new0(PlayButtons, 1);

    self->clock = clock;
    self->events = events;
    self->data = data;
    self->rows = g_ptr_array_new_with_free_func(row_free);
    self->lamps = g_ptr_array_new_with_free_func(content_lamp_shape.free);
    self->faults = g_ptr_array_new_with_free_func(content_remark_shape.free);
    for (guint i = 0; configs != NULL && i < configs->len; i++) {
        Row *row = g_new0(Row, 1);

        row->config = configs->pdata[i];
        play_button_init(&row->button, row->config->hold_ms * 1000,
                         row->config->cancel_ms * 1000);
        g_ptr_array_add(self->rows, row);
    }
    return self;
}

void
play_buttons_free(PlayButtons *self)
{
    if (self == NULL)
        return;
    content_clock_cancel(self->clock, self->alarm);
    g_ptr_array_unref(self->rows);
    g_ptr_array_unref(self->lamps);
    g_ptr_array_unref(self->faults);
    g_free(self);
}

static gboolean
names(GPtrArray *list, const char *name)
{
    return g_ptr_array_find_with_equal_func(list, name, g_str_equal, NULL);
}

void
play_buttons_inventory(PlayButtons *self, const ContentInventory *inventory)
{
    self->is_up = inventory != NULL;
    self->said_us = 0;
    g_ptr_array_set_size(self->lamps, 0);
    for (guint i = 0; i < self->rows->len; i++) {
        Row *row = self->rows->pdata[i];

        row->is_here = self->is_up && names(inventory->buttons, row->config->input);
        row->has_lamp = self->is_up && names(inventory->lamps, row->config->lamp);
        play_button_lose(&row->button);
    }
    settle(self);
}

static const ContentLeaseInput *
find_input(const ContentLeaseState *state, const char *name)
{
    for (guint i = 0; i < state->inputs->len; i++) {
        const ContentLeaseInput *input = state->inputs->pdata[i];

        if (strcmp(input->name, name) == 0)
            return input;
    }
    return NULL;
}

void
play_buttons_state(PlayButtons *self, const ContentLeaseState *state)
{
    gint64 now_us = content_clock_monotonic_us(self->clock);

    for (guint i = 0; i < self->rows->len; i++) {
        Row *row = self->rows->pdata[i];
        const ContentLeaseInput *input = find_input(state, row->config->input);

        /* A contact in another role is read seldom, and means something else. */
        if (row->is_here && input != NULL && input->known)
            play_button_read(&row->button, input->active, input->read_us, now_us);
        else
            play_button_lose(&row->button);
    }
    settle(self);
}

static Row *
row_of_alert(PlayButtons *self, const char *alert)
{
    for (guint i = 0; i < self->rows->len; i++) {
        Row *row = self->rows->pdata[i];

        if (g_strcmp0(row->alert, alert) == 0)
            return row;
    }
    return NULL;
}

void
play_buttons_alert_kept(PlayButtons *self, const char *input, const char *alert)
{
    for (guint i = 0; i < self->rows->len; i++) {
        Row *row = self->rows->pdata[i];

        if (strcmp(row->config->input, input) != 0)
            continue;
        g_free(row->alert);
        row->alert = g_strdup(alert);
    }
}

void
play_buttons_alert_taken(PlayButtons *self, const char *alert, gboolean is_taken)
{
    Row *row = row_of_alert(self, alert);

    if (row == NULL)
        return;
    play_button_taken(&row->button, is_taken);
    settle(self);
}

void
play_buttons_alert_done(PlayButtons *self, const char *alert)
{
    Row *row = row_of_alert(self, alert);

    if (row == NULL)
        return;
    g_clear_pointer(&row->alert, g_free);
    play_button_over(&row->button);
    settle(self);
}
