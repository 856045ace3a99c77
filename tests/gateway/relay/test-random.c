/*
 * test-random.c - 100,000 random events against a model that knows only the rule.
 *
 * The model keeps who wished for what and when; it knows no states. The rule: a relay is wanted
 * closed only while a zone that uses it is leased, or within that zone's tail after an orderly
 * release; and a relay that was on is off at most a second after that. A lamp's relay is wanted
 * closed only while somebody has ordered it within the life of an order.
 */
#include "tests/gateway/relay/run.h"

#define N_EVENTS 100000
#define N_OWNERS 3
#define N_ZONES  3
#define LAMP     15 /* the last relay of the second board: no zone's */

static const char *const zone_sets[] = {"", "a", "b", "c", "a b", "a c", "b c", "a b c"};

typedef struct {
    Run run;
    gboolean is_known[N_OWNERS]; /* has wished since it last went away */
    guint held[N_OWNERS];        /* index in zone_sets */
    gint64 expires_us[N_OWNERS];
    gint64 may_be_on_us[N_ZONES]; /* until when the zone's relays may be wanted closed */
    gint64 well_since_us[RUN_BOARDS];
    gint64 lit_until_us[N_OWNERS];
    gint64 lamp_us; /* when somebody last had the lamp */
    guint n_on, n_lit;
} Model;

static gboolean
set_has(guint set, guint zone)
{
    return strchr(zone_sets[set], "abc"[zone]) != NULL;
}

static gboolean
is_held(const Model *model, guint zone)
{
    for (guint i = 0; i < N_OWNERS; i++) {
        if (set_has(model->held[i], zone) && model->run.now_us < model->expires_us[i])
            return TRUE;
    }
    return FALSE;
}

/* To be called before anything changes: a lease that has run out has run out. */
static void
model_expire(Model *model)
{
    for (guint i = 0; i < N_OWNERS; i++) {
        if (model->run.now_us >= model->expires_us[i])
            model->held[i] = 0;
    }
}

static void
model_wish(Model *model, guint owner, guint set)
{
    gboolean was_held[N_ZONES];

    model_expire(model);
    for (guint zone = 0; zone < N_ZONES; zone++)
        was_held[zone] = is_held(model, zone);
    model->is_known[owner] = TRUE;
    model->held[owner] = set;
    model->expires_us[owner] = model->run.now_us + CONTENT_LEASE_LIFE_US;
    for (guint zone = 0; zone < N_ZONES; zone++) {
        if (was_held[zone] && !is_held(model, zone))
            model->may_be_on_us[zone] = model->run.now_us + MS(500);
    }
    run_wish(&model->run, owner + 1, zone_sets[set]);
}

static void
model_drop(Model *model, guint owner)
{
    model_expire(model);
    model->held[owner] = 0;
    /* Whoever goes away takes every tail along. */
    for (guint zone = 0; zone < N_ZONES && model->is_known[owner]; zone++)
        model->may_be_on_us[zone] = MIN(model->may_be_on_us[zone], model->run.now_us);
    model->is_known[owner] = FALSE;
    model->lit_until_us[owner] = 0;
    run_drop(&model->run, owner + 1);
}

static void
model_light(Model *model, guint owner)
{
    ContentLamp lamp = {(char *) "lamp", g_test_rand_int_range(0, CONTENT_LAMP_DOUBLE + 1)};
    g_autoptr(GPtrArray) lamps = g_ptr_array_new();
    const ContentLampOrder order = {lamps};
    gboolean is_named = g_test_rand_int_range(0, 4) != 0 && lamp.show != CONTENT_LAMP_OFF;

    if (is_named)
        g_ptr_array_add(lamps, &lamp);
    /* Whoever names it last has it; the one before has nothing to say any more. */
    for (guint i = 0; i < N_OWNERS && is_named; i++)
        model->lit_until_us[i] = 0;
    model->lit_until_us[owner] = is_named ? model->run.now_us + CONTENT_LEASE_LIFE_US : 0;
    gate_machine_light(model->run.machine, owner + 1, &order, model->run.now_us);
    run_settle(&model->run);
}

static gboolean
may_be_on(const Model *model, guint coil, gint64 grace_us)
{
    const GateLayout *layout = gate_machine_layout(model->run.machine);

    for (guint i = 0; coil == LAMP && i < N_OWNERS; i++) {
        if (model->run.now_us < model->lit_until_us[i])
            return TRUE;
    }
    if (coil == LAMP)
        return model->run.now_us < model->lamp_us + grace_us;
    for (guint zone = 0; zone < N_ZONES; zone++) {
        const GateLayoutZone *wired = gate_layout_zone(layout, zone);
        gint64 linger_us = coil == wired->amplifier ? GATE_ZONE_LINGER_US : 0;
        gboolean uses = coil == wired->amplifier;

        for (guint i = 0; i < wired->n_coils; i++)
            uses |= wired->coils[i] == coil;
        if (uses && (is_held(model, zone) ||
                     model->run.now_us < model->may_be_on_us[zone] + linger_us + grace_us))
            return TRUE;
    }
    return FALSE;
}

/* The last instant at which the model held the zone counts as its end, if it ended by loss. */
static void
model_note(Model *model)
{
    for (guint zone = 0; zone < N_ZONES; zone++) {
        if (is_held(model, zone))
            model->may_be_on_us[zone] = model->run.now_us;
    }
    for (guint i = 0; i < N_OWNERS; i++) {
        model->lamp_us = MAX(model->lamp_us, MIN(model->lit_until_us[i], model->run.now_us));
        for (guint zone = 0; zone < N_ZONES; zone++) {
            if (set_has(model->held[i], zone) && model->run.now_us >= model->expires_us[i])
                model->may_be_on_us[zone] =
                    MAX(model->may_be_on_us[zone], model->expires_us[i]);
        }
    }
}

static void
check(Model *model)
{
    for (guint coil = 0; coil < RUN_BOARDS * RUN_RELAYS; coil++) {
        guint board = coil / RUN_RELAYS, number = coil % RUN_RELAYS;
        gboolean is_on = model->run.coils[board][number];
        gboolean is_well = model->run.now_us - model->well_since_us[board] >= S(6);

        if (gate_machine_coil(model->run.machine, coil)->is_wanted)
            g_assert_true(may_be_on(model, coil, 0));
        model->n_lit += coil == LAMP && is_on;
        if (is_on && is_well && model->run.stuck_closed[board] == 0)
            g_assert_true(may_be_on(model, coil, S(1)));
        model->n_on += is_on;
    }
}

static void
spoil(Model *model)
{
    Run *run = &model->run;
    guint board = (guint) g_test_rand_int_range(0, RUN_BOARDS);
    guint32 relay = 1u << g_test_rand_int_range(0, RUN_RELAYS);

    switch (g_test_rand_int_range(0, 8)) {
    case 0:
        run->silent[board] = TRUE;
        break;
    case 1:
        run->stuck_open[board] = relay;
        break;
    case 2:
        run->stuck_closed[board] = relay;
        break;
    case 3:
        run->job_us = MS(g_test_rand_int_range(1, 150));
        break;
    default:
        run->silent[board] = FALSE;
        run->stuck_open[board] = run->stuck_closed[board] = 0;
        break;
    }
    model->well_since_us[board] = run->silent[board] ? G_MAXINT64 / 2 : run->now_us;
}

static void
wait_a_while(Model *model)
{
    gint64 until_us = model->run.now_us + MS(g_test_rand_int_range(1, 1500));

    while (model->run.now_us < until_us) {
        run_until(&model->run, MIN(until_us, model->run.now_us + MS(50)));
        model_note(model);
        check(model);
    }
}

static void
random_event(Model *model)
{
    guint owner = (guint) g_test_rand_int_range(0, N_OWNERS);

    switch (g_test_rand_int_range(0, 20)) {
    case 0:
        model_drop(model, owner);
        break;
    case 1:
        spoil(model);
        break;
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
        model_wish(model, owner,
                   (guint) g_test_rand_int_range(0, (gint) G_N_ELEMENTS(zone_sets)));
        break;
    case 7:
    case 8:
        model_wish(model, owner, model->held[owner]);
        break;
    case 9:
        wait_a_while(model);
        break;
    case 10:
    case 11:
        model_light(model, owner);
        break;
    default:
        run_until(&model->run, model->run.now_us + MS(g_test_rand_int_range(0, 60)));
        break;
    }
    model_note(model);
}

static void
test_never_on_without_a_lease(gconstpointer data)
{
    Model model = {0};
    const GateLayoutLamp lamp = {.id = (char *) "lamp", .coil = LAMP};
    GateNotice *notice;

    run_start(&model.run, GPOINTER_TO_INT(data) * S(1));
    g_assert_true(gate_layout_add_lamp((GateLayout *) gate_machine_layout(model.run.machine),
                                       &lamp, NULL));
    for (guint i = 0; i < N_EVENTS; i++) {
        random_event(&model);
        check(&model);
        while ((notice = gate_machine_take_notice(model.run.machine)) != NULL)
            gate_notice_free(notice);
    }
    /* The check would hold for a machine that never closes anything, too. */
    g_assert_cmpuint(model.n_on, >, N_EVENTS / 10);
    g_assert_cmpuint(model.n_lit, >, N_EVENTS / 100);
    run_stop(&model.run);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/gateway/relay/random/plain", GINT_TO_POINTER(0),
                         test_never_on_without_a_lease);
    g_test_add_data_func("/gateway/relay/random/timed-on", GINT_TO_POINTER(6),
                         test_never_on_without_a_lease);
    return g_test_run();
}
