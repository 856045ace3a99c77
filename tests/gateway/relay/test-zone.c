/* test-zone.c - the rows of a zone's course, and which event the facts make. */
#include "gateway/relay/zone.h"
#include "tests/gateway/relay/site.h"

static const GateZoneRule *
rule_for(GateZoneState from, GateZoneEvent event)
{
    for (const GateZoneRule *rule = gate_zone_rules; rule->event != GATE_ZONE_EV_NONE; rule++) {
        if (rule->from == from && rule->event == event)
            return rule;
    }
    return NULL;
}

static void
assert_leads_to(GateZoneState from, GateZoneEvent event, GateZoneState to)
{
    const GateZoneRule *rule = rule_for(from, event);

    g_assert_true(rule != NULL && rule->to == to);
}

static void
test_rows(void)
{
    gboolean entered[GATE_ZONE_N_STATES] = {FALSE}, left[GATE_ZONE_N_STATES] = {FALSE};

    for (const GateZoneRule *rule = gate_zone_rules; rule->event != GATE_ZONE_EV_NONE; rule++) {
        g_assert_true(rule_for(rule->from, rule->event) == rule);
        g_assert_cmpint(rule->from, !=, rule->to);
        entered[rule->to] = left[rule->from] = TRUE;
    }
    for (GateZoneState state = 0; state < GATE_ZONE_N_STATES; state++) {
        GateZone zone = {.state = state};

        g_assert_true(entered[state] && left[state]);
        /* Whatever closes relays ends at once when its holder is lost or it is on for too long.
         */
        if (gate_zone_wants_relays(&zone)) {
            assert_leads_to(state, GATE_ZONE_EV_LOST, GATE_ZONE_OPENING);
            assert_leads_to(state, GATE_ZONE_EV_OVER_LIMIT, GATE_ZONE_RESTING);
            g_assert_true(gate_zone_wants_amplifier(&zone, 0));
        }
    }
}

static const GateZoneFacts good = {
    .lease = GATE_LEASE_HELD,
    .neighbours_open = TRUE,
    .warm_us = 0,
    .all_closed = TRUE,
    .all_open = FALSE,
};

/* The good facts with one of them changed. */
static GateZoneFacts
but(const char *what)
{
    GateZoneFacts facts = good;

    if (strstr(what, "released") != NULL)
        facts.lease = GATE_LEASE_RELEASED;
    if (strstr(what, "lost") != NULL)
        facts.lease = GATE_LEASE_LOST;
    if (strstr(what, "blocked") != NULL)
        facts.is_blocked = TRUE;
    if (strstr(what, "cold") != NULL)
        facts.warm_us = S(101);
    if (strstr(what, "neighbour opening") != NULL)
        facts.neighbours_open = FALSE;
    if (strstr(what, "neighbour held") != NULL)
        facts.neighbour_held = TRUE;
    if (strstr(what, "reads open") != NULL) {
        facts.all_closed = FALSE;
        facts.all_open = TRUE;
    }
    facts.lease_ended_us = S(100);
    return facts;
}

static void
test_events(void)
{
    /* clang-format off */
    const struct { GateZoneState state; const char *facts; gint64 now_us; GateZoneEvent event; }
    cases[] = {
        { GATE_ZONE_IDLE,    "good",                       S(100), GATE_ZONE_EV_LEASED      },
        { GATE_ZONE_IDLE,    "lost",                       S(100), GATE_ZONE_EV_NONE        },
        { GATE_ZONE_IDLE,    "blocked",                    S(100), GATE_ZONE_EV_NONE        },
        { GATE_ZONE_WARMING, "good",                       S(100), GATE_ZONE_EV_WARM        },
        { GATE_ZONE_WARMING, "cold",                       S(100), GATE_ZONE_EV_NONE        },
        { GATE_ZONE_WARMING, "cold",                       S(101), GATE_ZONE_EV_WARM        },
        { GATE_ZONE_WARMING, "neighbour opening",          S(100), GATE_ZONE_EV_NONE        },
        { GATE_ZONE_WARMING, "released",                   S(100), GATE_ZONE_EV_RELEASED    },
        { GATE_ZONE_WARMING, "lost",                       S(100), GATE_ZONE_EV_LOST        },
        { GATE_ZONE_CLOSING, "good",                       S(100), GATE_ZONE_EV_CONFIRMED   },
        { GATE_ZONE_CLOSING, "reads open",                 S(100), GATE_ZONE_EV_UNCONFIRMED },
        { GATE_ZONE_READY,   "reads open",                 S(100), GATE_ZONE_EV_UNCONFIRMED },
        { GATE_ZONE_READY,   "released",                   S(100), GATE_ZONE_EV_RELEASED    },
        { GATE_ZONE_READY,   "lost",                       S(100), GATE_ZONE_EV_LOST        },
        { GATE_ZONE_READY,   "blocked",                    S(100), GATE_ZONE_EV_LOST        },
        { GATE_ZONE_READY,   "good",                   S(150) - 1, GATE_ZONE_EV_CONFIRMED   },
        { GATE_ZONE_READY,   "good",                       S(150), GATE_ZONE_EV_OVER_LIMIT  },
        { GATE_ZONE_TAIL,    "good",                       S(100), GATE_ZONE_EV_LEASED      },
        { GATE_ZONE_TAIL,    "released",              MS(100499),  GATE_ZONE_EV_NONE        },
        { GATE_ZONE_TAIL,    "released",              MS(100500),  GATE_ZONE_EV_TAIL_OVER   },
        { GATE_ZONE_TAIL,    "released, neighbour held",   S(100), GATE_ZONE_EV_HUSHED      },
        { GATE_ZONE_TAIL,    "lost",                       S(100), GATE_ZONE_EV_LOST        },
        { GATE_ZONE_TAIL,    "released",                   S(150), GATE_ZONE_EV_OVER_LIMIT  },
        { GATE_ZONE_OPENING, "good",                    MS(90999), GATE_ZONE_EV_NONE        },
        { GATE_ZONE_OPENING, "reads open",              MS(90999), GATE_ZONE_EV_OPENED      },
        { GATE_ZONE_OPENING, "good",                        S(91), GATE_ZONE_EV_OPENED      },
        { GATE_ZONE_RESTING, "good",                       S(150), GATE_ZONE_EV_NONE        },
        { GATE_ZONE_RESTING, "released",                   S(119), GATE_ZONE_EV_NONE        },
        { GATE_ZONE_RESTING, "released",                   S(120), GATE_ZONE_EV_RESTED      },
    };
    /* clang-format on */
    g_autoptr(GateLayout) layout = site_new(0);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const GateZone zone = {
            .state = cases[i].state, .entered_us = S(90), .on_since_us = S(90)};
        GateZoneFacts facts = but(cases[i].facts);

        g_test_message("state %d, %s", cases[i].state, cases[i].facts);
        g_assert_cmpint(gate_zone_next_event(&zone, gate_layout_zone(layout, SITE_ZONE_A),
                                             &facts, cases[i].now_us),
                        ==, cases[i].event);
    }
}

static void
test_what_a_step_keeps(void)
{
    GateZone zone = {.state = GATE_ZONE_WARMING};

    g_assert_false(gate_zone_step(&zone, GATE_ZONE_EV_TAIL_OVER, S(1)));
    g_assert_true(gate_zone_step(&zone, GATE_ZONE_EV_WARM, S(2)));
    g_assert_cmpint(zone.on_since_us, ==, S(2));
    g_assert_true(gate_zone_step(&zone, GATE_ZONE_EV_CONFIRMED, S(3)));
    g_assert_cmpint(zone.ready_us, ==, S(3));
    g_assert_true(gate_zone_step(&zone, GATE_ZONE_EV_RELEASED, S(4)));
    g_assert_cmpint(zone.ready_us, ==, 0);
    /* A tail that is leased again counts on: the maximum is for the relay, not for the lease.
     */
    g_assert_true(gate_zone_step(&zone, GATE_ZONE_EV_LEASED, S(5)));
    g_assert_cmpint(zone.on_since_us, ==, S(2));
    g_assert_true(gate_zone_step(&zone, GATE_ZONE_EV_LOST, S(6)));
    g_assert_cmpint(zone.on_since_us, ==, 0);
}

static void
test_amplifier_lingers(void)
{
    const GateZone zone = {.state = GATE_ZONE_OPENING, .entered_us = S(1)};

    g_assert_false(gate_zone_wants_relays(&zone));
    g_assert_true(gate_zone_wants_amplifier(&zone, S(1)));
    g_assert_true(gate_zone_wants_amplifier(&zone, S(1) + GATE_ZONE_LINGER_US - 1));
    g_assert_false(gate_zone_wants_amplifier(&zone, S(1) + GATE_ZONE_LINGER_US));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gateway/relay/zone/rows", test_rows);
    g_test_add_func("/gateway/relay/zone/events", test_events);
    g_test_add_func("/gateway/relay/zone/steps", test_what_a_step_keeps);
    g_test_add_func("/gateway/relay/zone/amplifier-lingers", test_amplifier_lingers);
    return g_test_run();
}
