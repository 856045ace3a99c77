/* test-lease.c - a zone is held while any lease lives, and it is known how the last one ended.
 */
#include "gateway/relay/lease.h"
#include "tests/gateway/relay/site.h"

static void
wish(GateLeases *leases, guint owner, const char *zones, gint64 now_us)
{
    ContentLeaseWish *made = site_wish(zones);

    g_assert_true(gate_leases_wish(leases, owner, made, now_us));
    site_wish_free(made);
}

static GateLeaseStanding
standing(const GateLeases *leases, guint zone)
{
    return gate_leases_zone(leases, zone)->standing;
}

typedef enum { WISH, DROP, EXPIRE } Act;

static void
test_course_of_a_lease(void)
{
    /* clang-format off */
    const struct { const char *why; Act act; guint owner; const char *zones; gint64 at_us;
                   GateLeaseStanding a, b; gint64 next_us; } steps[] = {
        { "nobody yet",            EXPIRE, 0, "",    S(1),  GATE_LEASE_NONE, GATE_LEASE_NONE,
          G_MAXINT64 },
        { "a player takes two",    WISH,   1, "a b", S(1),  GATE_LEASE_HELD, GATE_LEASE_HELD,
          S(4) },
        { "renewed",               WISH,   1, "a b", S(2),  GATE_LEASE_HELD, GATE_LEASE_HELD,
          S(5) },
        { "one left out",          WISH,   1, "a",   S(3),  GATE_LEASE_HELD, GATE_LEASE_RELEASED,
          S(6) },
        { "not yet three seconds", EXPIRE, 0, "",    S(6) - 1, GATE_LEASE_HELD,
          GATE_LEASE_RELEASED, S(6) },
        { "three seconds",         EXPIRE, 0, "",    S(6),  GATE_LEASE_LOST, GATE_LEASE_RELEASED,
          G_MAXINT64 },
        { "taken again",           WISH,   1, "a",   S(7),  GATE_LEASE_HELD, GATE_LEASE_RELEASED,
          S(10) },
        { "by a second as well",   WISH,   2, "a",   S(8),  GATE_LEASE_HELD, GATE_LEASE_RELEASED,
          S(10) },
        { "the first goes away",   DROP,   1, "",    S(9),  GATE_LEASE_HELD, GATE_LEASE_LOST,
          S(11) },
        { "the second lets go",    WISH,   2, "",    S(10), GATE_LEASE_RELEASED, GATE_LEASE_LOST,
          G_MAXINT64 },
        { "and goes away: no tail is left to anybody",
                                   DROP,   2, "",    S(10), GATE_LEASE_LOST, GATE_LEASE_LOST,
          G_MAXINT64 },
        { "a stranger goes away",  DROP,   9, "",    S(11), GATE_LEASE_LOST, GATE_LEASE_LOST,
          G_MAXINT64 },
    };
    /* clang-format on */
    g_autoptr(GateLayout) layout = site_new(0);
    g_autoptr(GateLeases) leases = gate_leases_new(layout);

    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_test_message("%s", steps[i].why);
        if (steps[i].act == WISH)
            wish(leases, steps[i].owner, steps[i].zones, steps[i].at_us);
        else if (steps[i].act == DROP)
            gate_leases_drop(leases, steps[i].owner, steps[i].at_us);
        else
            gate_leases_expire(leases, steps[i].at_us);
        g_assert_cmpint(standing(leases, SITE_ZONE_A), ==, steps[i].a);
        g_assert_cmpint(standing(leases, SITE_ZONE_B), ==, steps[i].b);
        g_assert_cmpint(gate_leases_next_us(leases), ==, steps[i].next_us);
    }
}

static void
test_instants(void)
{
    g_autoptr(GateLayout) layout = site_new(0);
    g_autoptr(GateLeases) leases = gate_leases_new(layout);

    wish(leases, 1, "a", S(1));
    wish(leases, 1, "a", S(2));
    g_assert_cmpint(gate_leases_zone(leases, SITE_ZONE_A)->asked_us, ==, S(1));
    wish(leases, 1, "", S(3));
    g_assert_cmpint(gate_leases_zone(leases, SITE_ZONE_A)->asked_us, ==, 0);
    g_assert_cmpint(gate_leases_zone(leases, SITE_ZONE_A)->ended_us, ==, S(3));
}

static void
test_unknown_zones_and_too_many_owners(void)
{
    g_autoptr(GateLayout) layout = site_new(0);
    g_autoptr(GateLeases) leases = gate_leases_new(layout);
    ContentLeaseWish *late = site_wish("b");

    wish(leases, 1, "nowhere a", S(1));
    g_assert_cmpint(standing(leases, SITE_ZONE_A), ==, GATE_LEASE_HELD);
    for (guint owner = 2; owner <= GATE_LEASE_MAX_OWNERS; owner++)
        wish(leases, owner, "", S(1));
    g_assert_false(gate_leases_wish(leases, 99, late, S(1)));
    g_assert_cmpint(standing(leases, SITE_ZONE_B), ==, GATE_LEASE_NONE);
    gate_leases_drop(leases, 5, S(1));
    g_assert_true(gate_leases_wish(leases, 99, late, S(1)));
    g_assert_cmpint(standing(leases, SITE_ZONE_B), ==, GATE_LEASE_HELD);
    site_wish_free(late);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gateway/relay/lease/course", test_course_of_a_lease);
    g_test_add_func("/gateway/relay/lease/instants", test_instants);
    g_test_add_func("/gateway/relay/lease/limits", test_unknown_zones_and_too_many_owners);
    return g_test_run();
}
