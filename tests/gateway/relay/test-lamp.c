/* test-lamp.c - lamps: their blinking, who lights them, and that nothing else is switched. */
#include "tests/gateway/relay/run.h"

#define LAMP_COIL 15 /* b2/8 */

typedef Run Fixture;

static void
test_blinking(void)
{
    /* clang-format off */
    const struct { const char *why; ContentLampShow show; gint64 at_us; gboolean is_lit; gint64 next_us; } cases[] = {
        { "slow begins lit",           CONTENT_LAMP_SLOW,   MS(0),    TRUE,  MS(500) },
        { "and goes dark",             CONTENT_LAMP_SLOW,   MS(500),  FALSE, MS(1000) },
        { "and again",                 CONTENT_LAMP_SLOW,   MS(2400), TRUE,  MS(2500) },
        { "until nobody renews it",    CONTENT_LAMP_SLOW,   MS(2999), FALSE, MS(3000) },
        { "fast",                      CONTENT_LAMP_FAST,   MS(199),  TRUE,  MS(200) },
        { "fast and dark",             CONTENT_LAMP_FAST,   MS(200),  FALSE, MS(400) },
        { "steady",                    CONTENT_LAMP_STEADY, MS(1700), TRUE,  MS(3000) },
        { "twice: the first",          CONTENT_LAMP_DOUBLE, MS(149),  TRUE,  MS(150) },
        { "twice: between",            CONTENT_LAMP_DOUBLE, MS(299),  FALSE, MS(300) },
        { "twice: the second",         CONTENT_LAMP_DOUBLE, MS(300),  TRUE,  MS(450) },
        { "twice: the pause",          CONTENT_LAMP_DOUBLE, MS(1299), FALSE, MS(1300) },
        { "twice: from the beginning", CONTENT_LAMP_DOUBLE, MS(1300), TRUE,  MS(1450) },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        GateLamp lamp = {0};

        g_test_message("%s", cases[i].why);
        gate_lamp_order(&lamp, 1, cases[i].show, S(7));
        g_assert_cmpint(gate_lamp_is_lit(&lamp, S(7) + cases[i].at_us), ==, cases[i].is_lit);
        g_assert_cmpint(gate_lamp_next_us(&lamp, S(7) + cases[i].at_us), ==,
                        S(7) + cases[i].next_us);
    }
}

static void
test_renewing_goes_on(void)
{
    GateLamp lamp = {0};

    gate_lamp_order(&lamp, 1, CONTENT_LAMP_SLOW, S(7));
    gate_lamp_order(&lamp, 1, CONTENT_LAMP_SLOW, S(7) + MS(600));
    g_assert_false(gate_lamp_is_lit(&lamp, S(7) + MS(700)));
    gate_lamp_order(&lamp, 1, CONTENT_LAMP_FAST, S(7) + MS(700));
    g_assert_true(gate_lamp_is_lit(&lamp, S(7) + MS(700)));
    /* The last who names it has it; what the one before says no more changes nothing. */
    gate_lamp_order(&lamp, 2, CONTENT_LAMP_STEADY, S(8));
    gate_lamp_order(&lamp, 1, CONTENT_LAMP_OFF, S(8));
    gate_lamp_drop(&lamp, 1);
    g_assert_true(gate_lamp_is_lit(&lamp, S(9)));
    gate_lamp_drop(&lamp, 2);
    g_assert_false(gate_lamp_is_lit(&lamp, S(9)));
    g_assert_cmpint(gate_lamp_next_us(&lamp, S(9)), ==, G_MAXINT64);
}

static void
set_up(Fixture *run, gconstpointer data)
{
    const GateLayoutLamp lamp = {.id = (char *) "by-the-door", .coil = LAMP_COIL};

    run_start(run, GPOINTER_TO_INT(data) * S(1));
    g_assert_true(
        gate_layout_add_lamp((GateLayout *) gate_machine_layout(run->machine), &lamp, NULL));
    run_until(run, S(101));
}

static void
tear_down(Fixture *run, gconstpointer data)
{
    run_stop(run);
}

static void
light(Run *run, guint owner, const char *name, ContentLampShow show)
{
    ContentLamp lamp = {(char *) name, show};
    g_autoptr(GPtrArray) lamps = g_ptr_array_new();
    const ContentLampOrder order = {lamps};

    if (name != NULL)
        g_ptr_array_add(lamps, &lamp);
    gate_machine_light(run->machine, owner, &order, run->now_us);
    run_settle(run);
}

static void
test_lit_and_let_go(Fixture *run, gconstpointer data)
{
    light(run, 1, "by-the-door", CONTENT_LAMP_STEADY);
    run_until(run, run->now_us + MS(60));
    g_assert_true(run->coils[1][7]);
    light(run, 1, NULL, CONTENT_LAMP_OFF);
    run_until(run, run->now_us + MS(60));
    g_assert_false(run->coils[1][7]);
    /* A lamp that is not here is nobody's business. */
    light(run, 1, "elsewhere", CONTENT_LAMP_STEADY);
    run_until(run, run->now_us + S(1));
    g_assert_false(run->coils[1][7]);
}

static void
test_goes_off_without_its_player(Fixture *run, gconstpointer data)
{
    light(run, 1, "by-the-door", CONTENT_LAMP_STEADY);
    run_until(run, run->now_us + S(2));
    g_assert_true(run->coils[1][7]);
    run_drop(run, 1);
    run_until(run, run->now_us + MS(60));
    g_assert_false(run->coils[1][7]);
    light(run, 2, "by-the-door", CONTENT_LAMP_STEADY);
    run_until(run, run->now_us + CONTENT_LEASE_LIFE_US - MS(10));
    g_assert_true(run->coils[1][7]);
    run_until(run, run->now_us + MS(70));
    g_assert_false(run->coils[1][7]);
}

/* Blinking beside a zone that sounds: the relay of the zone stays, and nothing is a fault. */
static void
test_blinks_beside_a_zone(Fixture *run, gconstpointer data)
{
    guint n_changes = 0;
    gboolean was_lit = FALSE;

    run_hold(run, 1, "c", S(4));
    for (guint i = 0; i < 400; i++) {
        if (i % 100 == 0) {
            run_wish(run, 1, "c");
            light(run, 1, "by-the-door", CONTENT_LAMP_FAST);
        }
        run_until(run, run->now_us + MS(10));
        n_changes += run->coils[1][7] != was_lit;
        was_lit = run->coils[1][7];
        g_assert_true(run->coils[1][0]);
    }
    g_assert_cmpuint(n_changes, >=, 19);
    g_assert_cmpuint(n_changes, <=, 21);
    g_assert_null(run_notice(run, GATE_NOTICE_RELAY_FAULT));
    g_assert_null(run_notice(run, GATE_NOTICE_RELAY_STRAY));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gateway/relay/lamp/blinking", test_blinking);
    g_test_add_func("/gateway/relay/lamp/renewing-goes-on", test_renewing_goes_on);
    for (int timer = 0; timer <= 6; timer += 6) {
        const char *kind = timer == 0 ? "plain" : "timed-on";
        g_autofree char *lit = g_strdup_printf("/gateway/relay/lamp/%s/lit", kind);
        g_autofree char *alone = g_strdup_printf("/gateway/relay/lamp/%s/left-alone", kind);
        g_autofree char *beside = g_strdup_printf("/gateway/relay/lamp/%s/beside", kind);

        g_test_add(lit, Fixture, GINT_TO_POINTER(timer), set_up, test_lit_and_let_go,
                   tear_down);
        g_test_add(alone, Fixture, GINT_TO_POINTER(timer), set_up,
                   test_goes_off_without_its_player, tear_down);
        g_test_add(beside, Fixture, GINT_TO_POINTER(timer), set_up, test_blinks_beside_a_zone,
                   tear_down);
    }
    return g_test_run();
}
