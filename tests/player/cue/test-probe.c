/* test-probe.c - a relay test says what was read while the zone was wanted, and whether it
 * ended. */
#include "player/cue/probe.h"

#define START_US (G_GINT64_CONSTANT(100) * G_USEC_PER_SEC)
#define WISH     1

/* What the gateway says, and when: ms from the beginning of the test. */
typedef struct {
    gint64 at_ms;
    gboolean held, ready;
    gint relay; /* ContentRelay */
} Said;

static void
tell(PlayGateView *view, const Said *said)
{
    g_autoptr(ContentLeaseState) state = content_document_new(&content_lease_state_type);
    ContentLeaseZone *zone = content_shape_new(&content_lease_zone_shape);

    zone->zone = g_strdup("z1");
    zone->held = said->held;
    zone->ready = said->ready;
    zone->relay = said->relay;
    zone->asked_us = said->held ? START_US : 0;
    zone->read_us = zone->ready_us = START_US + said->at_ms * 1000;
    g_ptr_array_add(state->zones, zone);
    play_gate_view_take_state(view, state, WISH);
}

static PlayGateView *
view_new(void)
{
    g_autoptr(ContentInventory) inventory = content_document_new(&content_inventory_type);
    ContentInventoryZone *zone = content_shape_new(&content_inventory_zone_shape);
    g_autoptr(GPtrArray) wished = g_ptr_array_new();
    PlayGateView *view = play_gate_view_new();

    zone->id = g_strdup("z1");
    zone->output = g_strdup("main");
    g_ptr_array_add(inventory->zones, zone);
    play_gate_view_take_inventory(view, inventory);
    g_ptr_array_add(wished, (char *) "z1");
    play_gate_view_wished(view, wished, WISH, START_US);
    return view;
}

static gboolean
step(PlayProbe *probe, const PlayGateView *view, gint64 at_ms, GPtrArray *actions)
{
    const PlayInstant now = {START_US + at_ms * 1000, START_US + at_ms * 1000,
                             CONTENT_TRUST_SYNCED};
    gint64 alarm_us;

    return play_probe_step(probe, view, &now, actions, &alarm_us);
}

static void
test_verdicts(void)
{
    /* clang-format off */
    const struct { const char *why; Said said[4]; gint relay, reason; } cases[] = {
        { "read open, then closed, then open again",
          { { 10, TRUE, FALSE, CONTENT_RELAY_OPEN }, { 500, TRUE, TRUE, CONTENT_RELAY_CLOSED },
            { 1500, FALSE, FALSE, CONTENT_RELAY_OPEN } },
          CONTENT_RELAY_CLOSED, CONTENT_REASON_NONE },
        { "a fault afterwards does not take back what was read",
          { { 500, TRUE, TRUE, CONTENT_RELAY_CLOSED }, { 700, TRUE, FALSE, CONTENT_RELAY_FAULT },
            { 1500, FALSE, FALSE, CONTENT_RELAY_OPEN } },
          CONTENT_RELAY_CLOSED, CONTENT_REASON_NONE },
        { "never read closed",
          { { 10, TRUE, FALSE, CONTENT_RELAY_OPEN }, { 700, TRUE, FALSE, CONTENT_RELAY_FAULT },
            { 1500, FALSE, FALSE, CONTENT_RELAY_OPEN } },
          CONTENT_RELAY_FAULT, CONTENT_REASON_RELAY_FAILED },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) actions = play_actions_new();
        PlayGateView *view = view_new();
        const ContentTestAsk ask = {
            .id = (char *) "t1", .zone = (char *) "z1", .duration_ms = 1000};
        const PlayInstant begin = {START_US, START_US, CONTENT_TRUST_SYNCED};
        PlayProbe *probe = play_probe_new(&ask, &begin);
        gboolean is_over = FALSE;

        g_test_message("%s", cases[i].why);
        for (gsize j = 0; !is_over && cases[i].said[j].at_ms != 0; j++) {
            /* The player lets go at the end; what the gateway says then comes later. */
            if (cases[i].said[j].at_ms > 1000)
                g_assert_false(step(probe, view, 1000, actions));
            tell(view, &cases[i].said[j]);
            is_over = step(probe, view, cases[i].said[j].at_ms, actions);
        }
        g_assert_true(is_over);
        g_assert_cmpuint(actions->len, ==, 2);
        {
            const PlayAction *record = actions->pdata[0], *answer = actions->pdata[1];

            g_assert_cmpint(record->record->relay, ==, cases[i].relay);
            g_assert_cmpint(record->record->reason, ==, cases[i].reason);
            g_assert_true(answer->answer->is_over);
            g_assert_cmpint(answer->answer->relay, ==, cases[i].relay);
        }
        play_probe_free(probe);
        play_gate_view_free(view);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/cue/probe/verdicts", test_verdicts);
    return g_test_run();
}
