/* test-layout.c - a site's wiring is refused as a whole where it does not hold together. */
#include "tests/gateway/relay/site.h"

static void
test_relay_names(void)
{
    /* clang-format off */
    const struct { const char *why, *text; guint coil; const char *error; } cases[] = {
        { "the first relay",        "b1/1",  0,  NULL },
        { "the last of the first",  "b1/8",  7,  NULL },
        { "the first of the next",  "b2/1",  8,  NULL },
        { "numbers are from 1",     "b1/0",  0,  "board b1 has relays 1 to 8" },
        { "one too many",           "b1/9",  0,  "board b1 has relays 1 to 8" },
        { "no such board",          "b3/1",  0,  "there is no board 'b3'" },
        { "no number",              "b1",    0,  "is not BOARD/NUMBER" },
        { "not a number",           "b1/x",  0,  "board b1 has relays 1 to 8" },
        { "a sign is no digit",     "b1/+1", 0,  "board b1 has relays 1 to 8" },
        { "nothing",                "",      0,  "is not BOARD/NUMBER" },
    };
    /* clang-format on */
    g_autoptr(GateLayout) layout = site_new(0);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *name = NULL;
        guint coil = 99;

        g_test_message("%s", cases[i].why);
        gate_layout_parse_relay(layout, cases[i].text, &coil, &error);
        if (cases[i].error != NULL) {
            g_assert_error(error, GATE_LAYOUT_ERROR, GATE_LAYOUT_ERROR_INVALID);
            g_assert_nonnull(strstr(error->message, cases[i].error));
            g_assert_cmpuint(coil, ==, 99);
            continue;
        }
        g_assert_no_error(error);
        g_assert_cmpuint(coil, ==, cases[i].coil);
        name = gate_layout_coil_name(layout, coil);
        g_assert_cmpstr(name, ==, cases[i].text);
    }
}

/* One thing wrong in an otherwise good zone. */
static void
spoil_zone(GateLayoutZone *zone, gsize which)
{
    switch (which) {
    case 0:
        zone->id = (char *) "Làng";
        break;
    case 1:
        zone->id = (char *) "a";
        break;
    case 2:
        zone->n_coils = 0;
        break;
    case 3:
        zone->coils[1] = zone->coils[0];
        break;
    case 4:
        zone->amplifier = zone->coils[0];
        break;
    case 5:
        zone->amplifier = SITE_LINE_A;
        break;
    case 6:
        zone->coils[0] = SITE_AMPLIFIER;
        break;
    case 7:
        zone->max_on_us = 0;
        break;
    default:
        zone->tail_us = S(11);
        break;
    }
}

static void
test_zones_that_do_not_hold(void)
{
    const char *const errors[] = {
        "a name is 1 to 64",
        "named twice",
        "it needs 1 to 16 relays",
        "a relay is named twice",
        "both amplifier and line relay (zone d)",
        "both amplifier and line relay (zone a)",
        "both amplifier and line relay (zone a)",
        "maximum on-time",
        "tail",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(errors); i++) {
        g_autoptr(GateLayout) layout = site_new(0);
        g_autoptr(GError) error = NULL;
        GateLayoutZone zone = {
            .id = (char *) "d",
            .output = (char *) "third",
            .coils = {10, 11},
            .n_coils = 2,
            .amplifier = GATE_NO_COIL,
            .max_on_us = S(1),
        };

        spoil_zone(&zone, i);
        g_assert_false(gate_layout_add_zone(layout, &zone, &error));
        g_assert_nonnull(strstr(error->message, errors[i]));
        g_assert_cmpuint(layout->zones->len, ==, 3);
    }
}

static void
test_boards_that_do_not_hold(void)
{
    /* clang-format off */
    const struct { const char *why; GateLayoutBoard board; const char *error; } cases[] = {
        { "no relay", { .id = (char *) "x", .n_relays = 0, .input_poll_us = MS(250) }, "relays" },
        { "33 relays", { .id = (char *) "x", .n_relays = 33, .input_poll_us = MS(250) },
          "relays" },
        { "known name", { .id = (char *) "b1", .n_relays = 8, .input_poll_us = MS(250) },
          "named twice" },
        { "bad name", { .id = (char *) "B 1", .n_relays = 8, .input_poll_us = MS(250) },
          "a name is" },
        { "a timer too short to renew",
          { .id = (char *) "x", .n_relays = 8, .timed_on_us = S(2), .input_poll_us = MS(250) },
          "no time to renew" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GateLayout) layout = site_new(0);
        g_autoptr(GError) error = NULL;

        g_test_message("%s", cases[i].why);
        g_assert_false(gate_layout_add_board(layout, &cases[i].board, &error));
        g_assert_nonnull(strstr(error->message, cases[i].error));
    }
}

static void
test_counts_are_bounded(void)
{
    g_autoptr(GateLayout) layout = gate_layout_new();
    g_autoptr(GError) error = NULL;
    GateLayoutBoard board = {.n_relays = 32, .input_poll_us = MS(250)};
    GateLayoutZone zone = {
        .output = (char *) "main",
        .n_coils = 1,
        .amplifier = GATE_NO_COIL,
        .max_on_us = S(1),
    };

    for (guint i = 0; i <= GATE_MAX_BOARDS; i++) {
        g_autofree char *id = g_strdup_printf("b%u", i);

        board.id = id;
        g_assert_cmpint(gate_layout_add_board(layout, &board, NULL), ==, i < GATE_MAX_BOARDS);
    }
    for (guint i = 0; i <= CONTENT_LEASE_MAX_ZONES; i++) {
        g_autofree char *id = g_strdup_printf("z%u", i);

        zone.id = id;
        zone.coils[0] = i;
        g_assert_cmpint(gate_layout_add_zone(layout, &zone, NULL), ==,
                        i < CONTENT_LEASE_MAX_ZONES);
    }
}

static void
test_inputs_and_sense(void)
{
    g_autoptr(GateLayout) layout = site_new(0);
    g_autoptr(GError) error = NULL;
    GateLayoutInput input = {.id = (char *) "line-a",
                             .number = 3,
                             .role = GATE_INPUT_FAULT,
                             .zone = (char *) "a",
                             .words = (char *) "line a is open"};

    g_assert_true(gate_layout_add_input(layout, &input, NULL));
    g_assert_true(gate_layout_has_sense(layout, SITE_ZONE_A));
    g_assert_false(gate_layout_has_sense(layout, SITE_ZONE_B));
    g_assert_false(gate_layout_add_input(layout, &input, &error));
    g_assert_nonnull(strstr(error->message, "named twice"));
    g_clear_error(&error);
    input.id = (char *) "other";
    input.number = 4;
    g_assert_false(gate_layout_add_input(layout, &input, &error));
    g_assert_nonnull(strstr(error->message, "no such input"));
    g_clear_error(&error);
    input.number = 1;
    input.zone = (char *) "nowhere";
    g_assert_false(gate_layout_add_input(layout, &input, &error));
    g_assert_nonnull(strstr(error->message, "there is no zone 'nowhere'"));
}

static void
test_lamps_and_zones_keep_apart(void)
{
    g_autoptr(GateLayout) layout = site_new(0);
    g_autoptr(GError) error = NULL;
    GateLayoutLamp lamp = {.id = (char *) "by-the-door", .coil = 15};
    const GateLayoutZone zone = {.id = (char *) "d",
                                 .output = (char *) "main",
                                 .coils = {15},
                                 .n_coils = 1,
                                 .amplifier = GATE_NO_COIL,
                                 .max_on_us = S(1)};

    g_assert_true(gate_layout_add_lamp(layout, &lamp, NULL));
    g_assert_false(gate_layout_add_lamp(layout, &lamp, &error));
    g_assert_nonnull(strstr(error->message, "named twice"));
    g_clear_error(&error);
    g_assert_false(gate_layout_add_zone(layout, &zone, &error));
    g_assert_nonnull(strstr(error->message, "zone d: one of its relays is that of lamp"));
}

static void
test_buttons_and_lamps_are_bounded(void)
{
    g_autoptr(GateLayout) layout = gate_layout_new();
    const GateLayoutBoard board = {
        .id = (char *) "b", .n_relays = 32, .n_inputs = 32, .input_poll_us = MS(250)};

    g_assert_true(gate_layout_add_board(layout, &board, NULL));
    for (guint i = 0; i <= GATE_MAX_BUTTONS; i++) {
        g_autofree char *id = g_strdup_printf("n%u", i);
        const GateLayoutInput input = {.id = id, .number = i, .role = GATE_INPUT_BUTTON};

        g_assert_cmpint(gate_layout_add_input(layout, &input, NULL), ==, i < GATE_MAX_BUTTONS);
    }
    for (guint i = 0; i <= CONTENT_LEASE_MAX_LAMPS; i++) {
        g_autofree char *id = g_strdup_printf("n%u", i);
        const GateLayoutLamp lamp = {.id = id, .coil = i};

        g_assert_cmpint(gate_layout_add_lamp(layout, &lamp, NULL), ==,
                        i < CONTENT_LEASE_MAX_LAMPS);
    }
}

static void
test_switch_time(void)
{
    g_autoptr(GateLayout) layout = site_new(0);

    /* Four relays on the output, each opened and closed at 30 ms, 50 ms apart, and the reserve.
     */
    g_assert_cmpint(gate_layout_switch_us(layout, SITE_ZONE_A), ==, MS(4 * (60 + 50) + 200));
    g_assert_cmpint(gate_layout_switch_us(layout, SITE_ZONE_C), ==, MS(60 + 50 + 200));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gateway/relay/layout/relay-names", test_relay_names);
    g_test_add_func("/gateway/relay/layout/zones-that-do-not-hold",
                    test_zones_that_do_not_hold);
    g_test_add_func("/gateway/relay/layout/boards-that-do-not-hold",
                    test_boards_that_do_not_hold);
    g_test_add_func("/gateway/relay/layout/counts-are-bounded", test_counts_are_bounded);
    g_test_add_func("/gateway/relay/layout/inputs-and-sense", test_inputs_and_sense);
    g_test_add_func("/gateway/relay/layout/lamps-and-zones", test_lamps_and_zones_keep_apart);
    g_test_add_func("/gateway/relay/layout/buttons-and-lamps",
                    test_buttons_and_lamps_are_bounded);
    g_test_add_func("/gateway/relay/layout/switch-time", test_switch_time);
    return g_test_run();
}
