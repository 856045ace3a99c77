/* test-buttons.c - buttons as the gateway tells of them: lamps, faults and words. */
#include "player/buttons.h"

#include "tests/support/event-tape.h"
#include "tests/support/fake-clock.h"

#define MS(x)   ((gint64) (x) *1000)
#define POLL_US MS(50)

typedef struct {
    ContentClock *clock;
    EventTape *tape;
    GPtrArray *configs;
    PlayButtons *buttons;
    gboolean is_refused, goes_at_light;
} Fixture;

static char *
on_start(const PlayButtonConfig *button, gpointer data)
{
    Fixture *f = data;

    event_tape_add(f->tape, "start %s", button->name);
    return f->is_refused ? NULL : g_strdup("alert-1");
}

static void
on_light(GPtrArray *lamps, gpointer data)
{
    Fixture *f = data;
    g_autoptr(GString) line = g_string_new("light");

    for (guint i = 0; i < lamps->len; i++) {
        const ContentLamp *lamp = lamps->pdata[i];

        g_string_append_printf(line, " %s %s", lamp->lamp, content_lamp_show_words[lamp->show]);
    }
    event_tape_add(f->tape, "%s", line->str);
    if (f->goes_at_light)
        play_buttons_inventory(f->buttons, NULL);
}

static void
on_wrong(GPtrArray *faults, gpointer data)
{
    Fixture *f = data;
    g_autoptr(GString) line = g_string_new("wrong");

    for (guint i = 0; i < faults->len; i++) {
        const ContentRemark *fault = faults->pdata[i];

        g_string_append_printf(line, " %s %s", fault->code, fault->subject);
    }
    event_tape_add(f->tape, "%s", line->str);
}

static void
on_say(const ContentRemark *what, gpointer data)
{
    event_tape_add(((Fixture *) data)->tape, "say %s %s", what->code, what->subject);
}

static const PlayButtonsEvents events = {on_start, on_light, on_wrong, on_say};

static void
set_up(Fixture *f, gconstpointer data)
{
    PlayButtonConfig *config = g_new0(PlayButtonConfig, 1);

    config->name = g_strdup("hall");
    config->input = g_strdup("alarm");
    config->template_ = g_strdup("");
    config->villages = g_new0(char *, 1);
    config->lamp = g_strdup("lamp");
    config->hold_ms = 3000;
    config->cancel_ms = 2000;
    f->clock = fake_clock_new(FAKE_CLOCK_START_US);
    f->tape = event_tape_new();
    f->configs = g_ptr_array_new_with_free_func(play_button_config_free);
    g_ptr_array_add(f->configs, config);
    f->buttons = play_buttons_new(f->configs, f->clock, &events, f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    play_buttons_free(f->buttons);
    g_ptr_array_unref(f->configs);
    content_clock_free(f->clock);
    event_tape_assert_empty(f->tape);
    event_tape_free(f->tape);
}

/* @button, @lamp: (nullable): what the gateway has */
static void
connect_gateway(Fixture *f, const char *button, const char *lamp)
{
    g_autoptr(ContentInventory) inventory = content_document_new(&content_inventory_type);

    if (button != NULL)
        g_ptr_array_add(inventory->buttons, g_strdup(button));
    if (lamp != NULL)
        g_ptr_array_add(inventory->lamps, g_strdup(lamp));
    play_buttons_inventory(f->buttons, inventory);
}

static void
tell(Fixture *f, const char *name, gboolean is_known, gboolean is_active)
{
    g_autoptr(ContentLeaseState) state = content_document_new(&content_lease_state_type);
    ContentLeaseInput *input = content_shape_new(&content_lease_input_shape);

    input->name = g_strdup(name);
    input->known = is_known;
    input->active = is_active;
    input->read_us = is_active ? content_clock_monotonic_us(f->clock) : 0;
    g_ptr_array_add(state->inputs, input);
    play_buttons_state(f->buttons, state);
}

static void
hold(Fixture *f, gint64 span_us)
{
    for (gint64 held_us = 0; held_us < span_us; held_us += POLL_US) {
        tell(f, "alarm", TRUE, TRUE);
        fake_clock_advance(f->clock, POLL_US);
    }
}

/* Pressed until it has been held, and let go. */
static void
press(Fixture *f)
{
    connect_gateway(f, "alarm", "lamp");
    tell(f, "alarm", TRUE, FALSE);
    hold(f, MS(3050));
    /* Said again each second. */
    for (guint i = 0; i < 4; i++)
        event_tape_expect(f->tape, "light lamp slow");
    tell(f, "alarm", TRUE, FALSE);
    /* Not before a tenth of a second is over since it was last said. */
    fake_clock_advance(f->clock, MS(50));
    event_tape_expect(f->tape, "light lamp fast");
}

static void
test_alert(Fixture *f, gconstpointer data)
{
    press(f);
    fake_clock_advance(f->clock, MS(1900));
    event_tape_expect(f->tape, "light lamp fast");
    event_tape_assert_empty(f->tape);
    fake_clock_advance(f->clock, MS(50));
    event_tape_expect(f->tape, "start hall");
    play_buttons_alert_taken(f->buttons, "somebody-else-s", TRUE);
    event_tape_assert_empty(f->tape);
    play_buttons_alert_taken(f->buttons, "alert-1", TRUE);
    event_tape_expect(f->tape, "light lamp steady");
    fake_clock_advance(f->clock, MS(1000));
    event_tape_expect(f->tape, "light lamp steady");
    play_buttons_alert_done(f->buttons, "somebody-else-s");
    event_tape_assert_empty(f->tape);
    play_buttons_alert_done(f->buttons, "alert-1");
    fake_clock_advance(f->clock, MS(100));
    event_tape_expect(f->tape, "light");
    fake_clock_advance(f->clock, MS(5000));
}

/* Started before a restart: the lamp shows it as soon as the gateway is there, and no longer.
 */
static void
test_kept(Fixture *f, gconstpointer data)
{
    play_buttons_alert_kept(f->buttons, "another", "alert-9");
    play_buttons_alert_kept(f->buttons, "alarm", "alert-0");
    play_buttons_alert_taken(f->buttons, "alert-0", TRUE);
    connect_gateway(f, "alarm", "lamp");
    event_tape_expect(f->tape, "light lamp steady");
    tell(f, "alarm", TRUE, FALSE);
    play_buttons_alert_done(f->buttons, "alert-0");
    fake_clock_advance(f->clock, MS(100));
    event_tape_expect(f->tape, "light");
    /* It works again. */
    tell(f, "alarm", TRUE, FALSE);
    fake_clock_advance(f->clock, MS(100));
    tell(f, "alarm", TRUE, TRUE);
    event_tape_expect(f->tape, "light lamp slow");
    tell(f, "alarm", TRUE, FALSE);
    fake_clock_advance(f->clock, MS(100));
    event_tape_expect(f->tape, "light");
}

/* It was over when the player came back. */
static void
test_kept_over(Fixture *f, gconstpointer data)
{
    connect_gateway(f, "alarm", "lamp");
    tell(f, "alarm", TRUE, FALSE);
    play_buttons_alert_kept(f->buttons, "alarm", "alert-0");
    play_buttons_alert_done(f->buttons, "alert-0");
    play_buttons_alert_taken(f->buttons, "alert-0", TRUE);
    fake_clock_advance(f->clock, MS(9000));
}

/* Ordered, and the cue does not take it: no grant reaches that far. */
static void
test_not_taken(Fixture *f, gconstpointer data)
{
    press(f);
    fake_clock_advance(f->clock, MS(1950));
    event_tape_expect(f->tape, "light lamp fast");
    event_tape_expect(f->tape, "start hall");
    play_buttons_alert_taken(f->buttons, "alert-1", FALSE);
    event_tape_expect(f->tape, "light lamp double");
}

static void
test_refused(Fixture *f, gconstpointer data)
{
    f->is_refused = TRUE;
    press(f);
    fake_clock_advance(f->clock, MS(1950));
    event_tape_expect(f->tape, "light lamp fast");
    event_tape_expect(f->tape, "start hall");
    event_tape_expect(f->tape, "light lamp double");
    for (guint i = 0; i < 9; i++) {
        fake_clock_advance(f->clock, MS(1000));
        event_tape_expect(f->tape, "light lamp double");
    }
    fake_clock_advance(f->clock, MS(1000));
    event_tape_expect(f->tape, "light");
}

static void
test_called_off(Fixture *f, gconstpointer data)
{
    press(f);
    tell(f, "alarm", TRUE, TRUE);
    event_tape_expect(f->tape, "say button_called_off alarm");
    fake_clock_advance(f->clock, MS(100));
    event_tape_expect(f->tape, "light");
    tell(f, "alarm", TRUE, FALSE);
    fake_clock_advance(f->clock, MS(9000));
}

static void
test_gateway_lost(Fixture *f, gconstpointer data)
{
    connect_gateway(f, "alarm", "lamp");
    tell(f, "alarm", TRUE, FALSE);
    hold(f, MS(2900));
    for (guint i = 0; i < 3; i++)
        event_tape_expect(f->tape, "light lamp slow");
    play_buttons_inventory(f->buttons, NULL);
    event_tape_expect(f->tape, "say button_lost alarm");
    fake_clock_advance(f->clock, MS(9000));
    /* Still held when the gateway is back: that proves nothing. */
    connect_gateway(f, "alarm", "lamp");
    hold(f, MS(5000));
    event_tape_expect(f->tape, "wrong button_stuck alarm");
    tell(f, "alarm", TRUE, FALSE);
    event_tape_expect(f->tape, "wrong");
    fake_clock_advance(f->clock, MS(9000));
}

/* The connection breaks while the lamps are being said. */
static void
test_gateway_lost_at_once(Fixture *f, gconstpointer data)
{
    connect_gateway(f, "alarm", "lamp");
    tell(f, "alarm", TRUE, FALSE);
    f->goes_at_light = TRUE;
    tell(f, "alarm", TRUE, TRUE);
    event_tape_expect(f->tape, "light lamp slow");
    event_tape_expect(f->tape, "say button_lost alarm");
    fake_clock_advance(f->clock, MS(9000));
}

static void
test_stuck(Fixture *f, gconstpointer data)
{
    connect_gateway(f, "alarm", "lamp");
    hold(f, MS(40000));
    event_tape_expect(f->tape, "wrong button_stuck alarm");
    tell(f, "alarm", TRUE, FALSE);
    event_tape_expect(f->tape, "wrong");
    tell(f, "alarm", TRUE, TRUE);
    event_tape_expect(f->tape, "light lamp slow");
    tell(f, "alarm", FALSE, FALSE);
    event_tape_expect(f->tape, "say button_lost alarm");
    fake_clock_advance(f->clock, MS(100));
    event_tape_expect(f->tape, "light");
}

/* A wet wire: the lamp follows ten times a second at most, and nothing is started. */
static void
test_chatter(Fixture *f, gconstpointer data)
{
    guint n_said = 0;
    char *line;

    connect_gateway(f, "alarm", "lamp");
    for (guint i = 0; i < 1000; i++) {
        tell(f, "alarm", TRUE, i % 2 == 1);
        fake_clock_advance(f->clock, MS(10));
    }
    tell(f, "alarm", TRUE, FALSE);
    fake_clock_advance(f->clock, MS(100));
    while ((line = event_tape_take(f->tape)) != NULL) {
        g_assert_true(g_str_has_prefix(line, "light"));
        n_said++;
        g_free(line);
    }
    g_assert_cmpuint(n_said, >, 10);
    g_assert_cmpuint(n_said, <=, 102);
}

/* The same contact in another role is no button, and another site's lamp is not ours. */
static void
test_not_there(Fixture *f, gconstpointer data)
{
    connect_gateway(f, NULL, "other");
    event_tape_expect(f->tape, "wrong button_missing alarm lamp_missing lamp");
    tell(f, "alarm", TRUE, FALSE);
    hold(f, MS(4000));
    tell(f, "alarm", TRUE, FALSE);
    fake_clock_advance(f->clock, MS(9000));
    connect_gateway(f, "alarm", NULL);
    event_tape_expect(f->tape, "wrong lamp_missing lamp");
    /* Without its lamp it works all the same. */
    tell(f, "alarm", TRUE, FALSE);
    hold(f, MS(3050));
    tell(f, "alarm", TRUE, FALSE);
    fake_clock_advance(f->clock, MS(2000));
    event_tape_expect(f->tape, "start hall");
    play_buttons_inventory(f->buttons, NULL);
    event_tape_expect(f->tape, "wrong");
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*test)(Fixture *f, gconstpointer data);
    } tests[] = {
        {"alert", test_alert},
        {"kept", test_kept},
        {"kept-over", test_kept_over},
        {"not-taken", test_not_taken},
        {"refused", test_refused},
        {"called-off", test_called_off},
        {"gateway-lost", test_gateway_lost},
        {"gateway-lost-at-once", test_gateway_lost_at_once},
        {"stuck", test_stuck},
        {"chatter", test_chatter},
        {"not-there", test_not_there},
    };

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/player/buttons/", tests[i].path, NULL);

        g_test_add(path, Fixture, NULL, set_up, tests[i].test, tear_down);
    }
    return g_test_run();
}
