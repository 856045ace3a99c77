/*
 * test-cue-alerts-random.c - alerts, stops and trouble at any time, against a plain model.
 *
 * The world (tests/support/cue-world.h) checks at every instant that a relay is wanted only for
 * an order that is alive, that none is closed a second after its order ended, that nobody hears
 * what was not for him, and which alert comes first; and that no zone is told twice. Here: that
 * every alert is told of in every village, once taken and once ended, whatever happens.
 */
#include "tests/support/alert-builder.h"
#include "tests/support/cue-world.h"

#include <stdlib.h>

#define TZ       "Asia/Ho_Chi_Minh"
#define DATE     "2026-03-02"
#define N_EVENTS 5

static const char *const all_zones[] = {"cho", "suoi", "truong"};
static const char *const areas[] = {"cho", "suoi", "truong", "xa", "xa"};

typedef struct {
    CueWorld *world;
    gboolean is_down, is_trusted;
    gint n_ordered;
    ContentAlert *last; /* (owned) (nullable): as it was ordered */
} Sequence;

static gint64
seconds(gint from, gint to)
{
    return g_test_rand_int_range(from * 1000, to * 1000) * G_GINT64_CONSTANT(1000);
}

/* As long as the ids of live alerts are. */
static char *
name_of(gint number)
{
    return g_strdup_printf("b%025d", number);
}

/* One that was ordered, or will be. */
static char *
any_name(const Sequence *s)
{
    return name_of(g_test_rand_int_range(0, s->n_ordered + 2));
}

static void
order_live(Sequence *s)
{
    g_autofree char *name = name_of(s->n_ordered++);
    ContentAlert *alert = alert_builder_live(
        name, areas[g_test_rand_int_range(0, G_N_ELEMENTS(areas))],
        g_test_rand_int_range(0, 2) == 0 ? cue_world_settings(s->world)->station : NULL,
        cue_world_utc(s->world) - seconds(0, 20));

    alert->severity = g_test_rand_int_range(1, 6);
    alert->expires_us = alert->issued_us + seconds(21, 150);
    content_alert_free(s->last);
    s->last = alert_builder_copy(alert);
    cue_world_alert(s->world, alert);
}

static void
hush(Sequence *s)
{
    cue_world_speak(s->world, FALSE);
}

static void
speak(Sequence *s)
{
    cue_world_speak(s->world, TRUE);
}

static void
speaker_ends(Sequence *s)
{
    cue_world_speaker_ends(s->world);
}

static void
order(Sequence *s)
{
    static const char *const spoken[] = {"vi", "vi jra", "jra"};
    g_autofree char *name = name_of(s->n_ordered++);
    ContentAlert *alert =
        alert_builder_new(name, areas[g_test_rand_int_range(0, G_N_ELEMENTS(areas))],
                          spoken[g_test_rand_int_range(0, G_N_ELEMENTS(spoken))],
                          cue_world_utc(s->world) - seconds(0, 20));

    alert->severity = g_test_rand_int_range(1, 6);
    alert->drill = g_test_rand_int_range(0, 4) == 0;
    alert->tone = CONTENT_ALERT_TONE_GONG;
    alert->repeats = g_test_rand_int_range(1, 4);
    alert->gap_ms = g_test_rand_int_range(0, CONTENT_ALERT_GAP_MAX_MS);
    alert->again_s = g_test_rand_int_range(0, 4) == 0 ? 60 : 0;
    alert->expires_us = alert->issued_us + seconds(21, 150);
    if (g_test_rand_int_range(0, 5) == 0)
        g_ptr_array_add(alert->replaces, any_name(s));
    content_alert_free(s->last);
    s->last = alert_builder_copy(alert);
    cue_world_alert(s->world, alert);
}

/* What has expired does not come through the intake. */
static void
order_again(Sequence *s)
{
    if (cue_world_utc(s->world) < s->last->expires_us)
        cue_world_alert(s->world, alert_builder_copy(s->last));
}

static void
stop(Sequence *s)
{
    g_autofree char *name = any_name(s);
    gboolean is_all = g_test_rand_int_range(0, 3) == 0;
    const char *area = is_all || g_test_rand_int_range(0, 2) == 0
                           ? areas[g_test_rand_int_range(0, G_N_ELEMENTS(areas))]
                           : NULL;

    cue_world_stop_alert(s->world, alert_builder_stop("dung", is_all ? NULL : name, area,
                                                      cue_world_utc(s->world) - seconds(0, 3)));
}

static void
gateway(Sequence *s)
{
    s->is_down = !s->is_down;
    cue_world_gateway(s->world, !s->is_down);
}

static void
relay(Sequence *s)
{
    static const gint64 delays_us[] = {0, 450000, 3000000, 12000000, -1};

    cue_world_relay(s->world, all_zones[g_test_rand_int_range(0, G_N_ELEMENTS(all_zones))],
                    delays_us[g_test_rand_int_range(0, G_N_ELEMENTS(delays_us))]);
}

static void
audio(Sequence *s)
{
    g_autofree char *name = g_strdup_printf("b%025d-%s", g_test_rand_int_range(0, s->n_ordered),
                                            g_test_rand_int_range(0, 2) == 0 ? "vi" : "jra");

    cue_world_object(s->world, name, (PlayObjectState) g_test_rand_int_range(0, 3));
}

static void
card(Sequence *s)
{
    cue_world_card(s->world, g_test_rand_int_range(0, 2) == 0);
}

static void
kill_player(Sequence *s)
{
    cue_world_restart(s->world, seconds(0, 20), CONTENT_REASON_PLAYER_STOPPED);
}

static void
stop_player(Sequence *s)
{
    cue_world_stop(s->world, seconds(0, 20));
}

static void
trust(Sequence *s)
{
    s->is_trusted = !s->is_trusted;
    cue_world_trust(s->world, s->is_trusted ? CONTENT_TRUST_SYNCED : CONTENT_TRUST_UNSET);
}

static void
set_clock(Sequence *s)
{
    cue_world_step_clock(s->world, seconds(-40, 40));
}

static void
test_zone(Sequence *s)
{
    cue_world_test(s->world, all_zones[g_test_rand_int_range(0, G_N_ELEMENTS(all_zones))],
                   g_test_rand_int_range(1, 10001));
}

/* clang-format off */
static const struct { const char *name; guint weight; void (*happen)(Sequence *s); } events[] = {
    { "order",   7,  order       },
    { "live",    5,  order_live  },
    { "hush",    2,  hush        },
    { "speak",   1,  speak       },
    { "end",     1,  speaker_ends },
    { "again",   2,  order_again },
    { "stop",    4,  stop        },
    { "gateway", 2,  gateway     },
    { "relay",   3,  relay       },
    { "audio",   1,  audio       },
    { "card",    1,  card        },
    { "kill",    2,  kill_player },
    { "leave",   1,  stop_player },
    { "trust",   1,  trust       },
    { "clock",   1,  set_clock   },
    { "test",    1,  test_zone   },
};
/* clang-format on */

static void
random_event(Sequence *s)
{
    guint sum = 0, chosen;

    for (gsize i = 0; i < G_N_ELEMENTS(events); i++)
        sum += events[i].weight;
    chosen = (guint) g_test_rand_int_range(0, (gint32) sum);
    for (gsize i = 0; i < G_N_ELEMENTS(events); i++) {
        if (chosen < events[i].weight) {
            cue_world_note(s->world, events[i].name);
            events[i].happen(s);
            return;
        }
        chosen -= events[i].weight;
    }
}

static void
run_sequence(void)
{
    Sequence s = {.is_trusted = TRUE};
    ContentDayPlan *day = plan_builder_day(DATE);

    s.world = cue_world_new(TZ, "o1:cho o1:suoi o2:truong", DATE " 08:00:00");
    plan_builder_add(day, "tin", "o1", g_test_rand_int_range(0, 2) == 0 ? "cho" : "cho suoi",
                     "vi", cue_world_utc(s.world) + PLAN_S(5), PLAN_S(30));
    cue_world_plan(s.world, day, "");
    if (g_test_rand_int_range(0, 2) == 0)
        order_live(&s);
    else
        order(&s);
    for (int i = 0; i < N_EVENTS; i++) {
        cue_world_run_for(s.world, seconds(0, 15));
        random_event(&s);
    }
    cue_world_trust(s.world, CONTENT_TRUST_SYNCED);
    cue_world_run(s.world, DATE " 08:10:00");
    cue_world_check_alerts_told(s.world);
    content_alert_free(s.last);
    cue_world_free(s.world);
}

/* A quarter of 100,000; LOA_RANDOM_SEQUENCES asks for more, for a night. */
static void
test_random(void)
{
    const char *wanted = g_getenv("LOA_RANDOM_SEQUENCES");
    int n = wanted == NULL ? 25000 : atoi(wanted);

    for (int i = 0; i < n; i++)
        run_sequence();
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/day/cue-alerts-random/anything-at-any-time", test_random);
    return g_test_run();
}
