/*
 * test-cue-random.c - a station to which anything happens at any time, against a model.
 *
 * The world (tests/support/cue-world.h) checks at every instant that relays are wanted only
 * for segments that are due, that an output plays one item, that nobody hears what was not for
 * him and that no final record comes twice. Here: that every one comes.
 */
#include "tests/support/cue-world.h"

#include <stdlib.h>
#include <string.h>

#define TZ       "Asia/Ho_Chi_Minh"
#define DATE     "2026-03-02"
#define N_EVENTS 12

static const char *const all_zones[] = {"cho", "nha-rong", "suoi", "truong"};

/* What a sequence has in mind about the plan in force. */
typedef struct {
    CueWorld *world;
    GString *story;    /* printed when the sequence fails */
    GHashTable *since; /* name -> UTC since when a plan in force names it as it is */
    gint64 begin_us;
    gboolean is_down, is_trusted;
    guint n_plans;
    gboolean is_pending;
} Sequence;

static const char *
random_zones(gboolean second_output)
{
    static const char *const sets[] = {"cho",          "nha-rong", "suoi",
                                       "cho nha-rong", "cho suoi", "cho nha-rong suoi"};

    return second_output ? "truong" : sets[g_test_rand_int_range(0, G_N_ELEMENTS(sets))];
}

/* Back to back, with pauses, and now and then overlapping. */
static ContentDayPlan *
random_day(Sequence *s)
{
    ContentDayPlan *day = plan_builder_day(DATE);
    gint64 start_us[2] = {s->begin_us, s->begin_us};
    int n = g_test_rand_int_range(1, 9);

    for (int i = 0; i < n; i++) {
        int output = g_test_rand_int_range(0, 4) == 0;
        g_autofree char *name = g_strdup_printf("s%d", g_test_rand_int_range(0, 12));
        gint64 pause_us = g_test_rand_int_range(-3000, 6000) * G_GINT64_CONSTANT(1000);
        gint64 duration_us = g_test_rand_int_range(200, 40000) * G_GINT64_CONSTANT(1000);
        g_autofree char *id = plan_builder_id(name);
        gboolean is_there = FALSE;
        ContentSegment *segment;

        for (guint j = 0; j < day->segments->len; j++)
            is_there |= strcmp(((ContentSegment *) day->segments->pdata[j])->id, id) == 0;
        if (is_there)
            continue;
        if (g_test_rand_int_range(0, 3) == 0)
            pause_us = 0;
        start_us[output] += pause_us;
        segment =
            plan_builder_add(day, name, output == 0 ? "o1" : "o2", random_zones(output == 1),
                             "vi", start_us[output], duration_us);
        if (g_test_rand_int_range(0, 5) == 0)
            segment->class_ = CONTENT_CLASS_UU_TIEN;
        start_us[output] += duration_us;
    }
    return day;
}

static gboolean
is_settled(Sequence *s, const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(all_zones); i++) {
        if (cue_world_finals(s->world, name, all_zones[i]) > 0)
            return TRUE;
    }
    return FALSE;
}

static void
note_plan(Sequence *s, const ContentDayPlan *day)
{
    g_autoptr(GHashTable) since =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    gint64 now_us = cue_world_utc(s->world);

    for (guint i = 0; i < day->segments->len; i++) {
        const ContentSegment *segment = day->segments->pdata[i];
        gint64 *before = g_hash_table_lookup(s->since, segment->title);

        /* A finished id never starts again, whatever a new plan makes of it. */
        if (is_settled(s, segment->title))
            continue;
        g_hash_table_insert(since, g_strdup(segment->title),
                            before != NULL ? g_memdup2(before, sizeof *before)
                                           : g_memdup2(&now_us, sizeof now_us));
    }
    g_hash_table_unref(s->since);
    s->since = g_steal_pointer(&since);
}

static void
new_plan(Sequence *s)
{
    ContentDayPlan *day = random_day(s);
    g_autofree char *salt = g_strdup_printf("%u", ++s->n_plans);

    note_plan(s, day);
    s->is_pending = FALSE;
    cue_world_plan(s->world, day, salt);
}

static void
same_plan_pending(Sequence *s)
{
    g_autofree char *salt = g_strdup_printf("%u", s->n_plans + 1);

    s->is_pending = TRUE;
    cue_world_announce(s->world, DATE, salt);
}

static void
toggle_gateway(Sequence *s)
{
    s->is_down = !s->is_down;
    cue_world_gateway(s->world, !s->is_down);
}

static void
change_relay(Sequence *s)
{
    static const gint64 delays_us[] = {0, 450000, 450000, 3000000, 9000000, -1};

    cue_world_relay(s->world, all_zones[g_test_rand_int_range(0, G_N_ELEMENTS(all_zones))],
                    delays_us[g_test_rand_int_range(0, G_N_ELEMENTS(delays_us))]);
}

static void
change_object(Sequence *s)
{
    g_autofree char *name = g_strdup_printf("s%d", g_test_rand_int_range(0, 12));

    cue_world_object(s->world, name, (PlayObjectState) g_test_rand_int_range(0, 3));
}

static void
break_card(Sequence *s)
{
    cue_world_card(s->world, g_test_rand_int_range(0, 2) == 0);
}

static void
kill_player(Sequence *s)
{
    static const gint64 drafted_us[] = {-1, 0, PLAN_S(1), PLAN_S(10)};

    cue_world_drafts(s->world, drafted_us[g_test_rand_int_range(0, 4)]);
    cue_world_restart(s->world, g_test_rand_int_range(10, 20000) * G_GINT64_CONSTANT(1000),
                      CONTENT_REASON_PLAYER_STOPPED);
}

static void
stop_player(Sequence *s)
{
    cue_world_stop(s->world, g_test_rand_int_range(10, 20000) * G_GINT64_CONSTANT(1000));
}

static void
ask_test(Sequence *s)
{
    cue_world_test(s->world, all_zones[g_test_rand_int_range(0, G_N_ELEMENTS(all_zones))],
                   g_test_rand_int_range(1, 10001));
}

static void
order_test(Sequence *s)
{
    cue_world_order(s->world, all_zones[g_test_rand_int_range(0, G_N_ELEMENTS(all_zones))],
                    g_test_rand_int_range(1, 10001),
                    g_test_rand_int_range(0, 60) * G_USEC_PER_SEC);
}

static void
lose_trust(Sequence *s)
{
    s->is_trusted = !s->is_trusted;
    cue_world_trust(s->world, s->is_trusted ? CONTENT_TRUST_SYNCED : CONTENT_TRUST_UNSET);
}

static void
nudge_clock(Sequence *s)
{
    cue_world_step_clock(s->world, g_test_rand_int_range(-400, 400) * G_GINT64_CONSTANT(1000));
}

static void
set_clock(Sequence *s)
{
    cue_world_step_clock(s->world, g_test_rand_int_range(-40, 40) * G_USEC_PER_SEC);
}

/* clang-format off */
static const struct { const char *name; guint weight; void (*happen)(Sequence *s); } events[] = {
    { "plan",    6, new_plan          },
    { "pending", 1, same_plan_pending },
    { "gateway", 3, toggle_gateway    },
    { "relay",   5, change_relay      },
    { "object",  4, change_object     },
    { "card",    2, break_card        },
    { "kill",    3, kill_player       },
    { "stop",    2, stop_player       },
    { "test",    3, ask_test          },
    { "order",   3, order_test        },
    { "trust",   2, lose_trust        },
    { "nudge",   2, nudge_clock       },
    { "clock",   1, set_clock         },
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
check_finals(Sequence *s)
{
    g_autofree char *tape = cue_world_tape(s->world);
    GHashTableIter iter;
    gpointer key, value;

    g_hash_table_iter_init(&iter, s->since);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const ContentSegment *segment = cue_world_segment(s->world, key);

        /* One that came into force after its own end was never asked of this station. */
        if (segment->start_us + segment->duration_us <= *(gint64 *) value + PLAN_S(100))
            continue;
        for (guint i = 0; i < segment->zones->len; i++) {
            if (cue_world_finals(s->world, key, segment->zones->pdata[i]) == 1)
                continue;
            g_printerr("%s", tape);
            g_error("%s (%d s after begin, %d s long) has no final record in %s", (char *) key,
                    (int) ((segment->start_us - s->begin_us) / G_USEC_PER_SEC),
                    (int) (segment->duration_us / G_USEC_PER_SEC),
                    (char *) segment->zones->pdata[i]);
        }
    }
}

static void
run_sequence(void)
{
    Sequence s = {0};

    s.world = cue_world_new(TZ, "o1:cho o1:nha-rong o1:suoi o2:truong", DATE " 08:00:00");
    s.begin_us = cue_world_utc(s.world) + PLAN_S(8);
    s.since = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    s.is_trusted = TRUE;
    new_plan(&s);
    for (int i = 0; i < N_EVENTS; i++) {
        cue_world_run_for(s.world, g_test_rand_int_range(0, 25000) * G_GINT64_CONSTANT(1000));
        random_event(&s);
    }
    if (s.is_pending)
        new_plan(&s);
    cue_world_trust(s.world, CONTENT_TRUST_SYNCED);
    cue_world_run(s.world, DATE " 10:00:00");
    check_finals(&s);
    g_hash_table_unref(s.since);
    cue_world_free(s.world);
}

/* 50,000 events in some seconds; LOA_RANDOM_SEQUENCES asks for more, for a night. */
static void
test_random(void)
{
    const char *wanted = g_getenv("LOA_RANDOM_SEQUENCES");
    int n = wanted == NULL ? 4200 : atoi(wanted);

    for (int i = 0; i < n; i++)
        run_sequence();
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/day/cue-random/anything-at-any-time", test_random);
    return g_test_run();
}
