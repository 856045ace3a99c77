/* test-relay.c - a stream in the day plan: tried early, told of, heard to its window's end. */
#include "tests/support/cue-world-inside.h"

#include <string.h>

#define TZ "Asia/Ho_Chi_Minh"
/* The first that a cue ever prepares. */
#define ITEM 1

static CueWorld *
world_with_stream(void)
{
    CueWorld *world = cue_world_new(TZ, "o1:z1 o1:z2", "2026-03-02 05:58:00");
    ContentDayPlan *day = plan_builder_day("2026-03-02");

    plan_builder_add(day, "jarai", "o1", "z1 z2", "jra",
                     cue_world_at(world, "2026-03-02 06:00:00"), PLAN_MIN(1))
        ->source = CONTENT_SOURCE_STREAM;
    cue_world_plan(world, day, "a");
    return world;
}

static void
assert_tape(CueWorld *world, const char *words, gboolean is_there)
{
    g_autofree char *tape = cue_world_tape(world);

    g_test_message("%s", tape);
    g_assert_true((strstr(tape, words) != NULL) == is_there);
}

/* What is told of its source is told of a relay that is tried, and of no other. */
static void
assert_tried(CueWorld *world, gboolean is_tried)
{
    play_cue_item_source(cue_world_cue(world), ITEM, FALSE, "it has ended");
    cue_world_step(world);
    assert_tape(world, "source_absent", is_tried);
}

/* Half a minute before it is due it is listened to, and relays wait for their own time. */
static void
test_tried_early(void)
{
    CueWorld *world = world_with_stream();

    cue_world_run(world, "2026-03-02 05:59:25");
    assert_tried(world, FALSE);
    cue_world_run(world, "2026-03-02 05:59:40");
    g_assert_cmpuint(cue_world_finals(world, "jarai", "z1"), ==, 0);
    assert_tape(world, "wish", FALSE);
    play_cue_item_source(cue_world_cue(world), ITEM, FALSE, "it has ended");
    cue_world_step(world);
    assert_tape(world, "source_absent", TRUE);
    play_cue_item_source(cue_world_cue(world), ITEM, TRUE, NULL);
    cue_world_step(world);
    assert_tape(world, "cleared", TRUE);
    cue_world_run(world, "2026-03-02 06:02:00");
    g_assert_cmpint(cue_world_last_final(world, "jarai", "z1")->reason, ==,
                    CONTENT_REASON_NONE);
    cue_world_free(world);
}

/* Its spare is still on the way: it is opened with it, or as late as any audio without it. */
static void
test_waits_for_its_spare(void)
{
    static const struct {
        const char *why, *here, *before, *after;
    } cases[] = {
        {"it came", "2026-03-02 05:59:45", "2026-03-02 05:59:44", "2026-03-02 05:59:46"},
        {"it did not", NULL, "2026-03-02 05:59:50", "2026-03-02 05:59:58"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CueWorld *world = world_with_stream();

        g_test_message("%s", cases[i].why);
        cue_world_object(world, "jarai", PLAY_OBJECT_MISSING);
        cue_world_run(world, cases[i].before);
        assert_tried(world, FALSE);
        if (cases[i].here != NULL) {
            cue_world_run(world, cases[i].here);
            cue_world_object(world, "jarai", PLAY_OBJECT_HERE);
        }
        cue_world_run(world, cases[i].after);
        assert_tried(world, TRUE);
        cue_world_run(world, "2026-03-02 06:02:00");
        cue_world_free(world);
    }
}

static gboolean
says(const ContentRecord *record, const char *code, const char *seconds)
{
    for (guint i = 0; i < record->details->len; i++) {
        const ContentRemark *remark = record->details->pdata[i];
        const char *said = content_remark_get(remark, "seconds");

        if (strcmp(remark->code, code) == 0)
            return g_strcmp0(said, seconds) == 0;
    }
    return seconds == NULL;
}

/* What is only tried has not begun: a player that is killed then has nothing to explain. */
static void
test_begun_when_near(void)
{
    CueWorld *world = world_with_stream();

    cue_world_run(world, "2026-03-02 05:59:50");
    assert_tape(world, "started jarai", FALSE);
    cue_world_run(world, "2026-03-02 05:59:59");
    assert_tape(world, "started jarai", TRUE);
    cue_world_run(world, "2026-03-02 06:02:00");
    assert_tape(world, "started jarai", FALSE); /* once */
    cue_world_free(world);
}

/* What its watch saw stands in the record of every zone. */
static void
test_record_says_what_happened(void)
{
    /* clang-format off */
    static const struct {
        const char *why;
        gint64 gone_us, silent_us, spare_us;
        const char *gone, *silent, *spare;
        ContentReason reason;
    } cases[] = {
        { "nothing happened",    0,            0,          0,          NULL,   NULL,   NULL,   CONTENT_REASON_NONE },
        { "gone, no spare",      PLAN_S(12),   0,          0,          "12.0", NULL,   NULL,   CONTENT_REASON_LATE_SOURCE },
        { "silent, then spare",  0,            PLAN_S(30), PLAN_S(20), NULL,   "30.0", "20.0", CONTENT_REASON_LATE_SOURCE },
        { "both",                PLAN_S(10)  , PLAN_S(10), PLAN_S(5),  "10.0", "10.0", "5.0",  CONTENT_REASON_LATE_SOURCE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        CueWorld *world = world_with_stream();
        PlayHeard heard = {.level_mdb = -20000,
                           .peak_mdb = -3000,
                           .source_gone_us = cases[i].gone_us,
                           .source_silent_us = cases[i].silent_us,
                           .spare_us = cases[i].spare_us};
        const char *const zones[] = {"z1", "z2"};

        g_test_message("%s", cases[i].why);
        cue_world_run(world, "2026-03-02 06:00:59");
        cue_world_run_for(world, 900 * 1000);
        heard.start_us = world->monotonic_us - 59900 * 1000;
        heard.end_us = world->monotonic_us;
        play_cue_item_ended(cue_world_cue(world), ITEM, &heard);
        cue_world_run(world, "2026-03-02 06:02:00");
        for (gsize j = 0; j < G_N_ELEMENTS(zones); j++) {
            const ContentRecord *record = cue_world_last_final(world, "jarai", zones[j]);

            g_assert_cmpint(record->kind, ==, CONTENT_RECORD_PLAYED);
            g_assert_cmpint(record->reason, ==, cases[i].reason);
            g_assert_true(says(record, "source_gone", cases[i].gone));
            g_assert_true(says(record, "source_silent", cases[i].silent));
            g_assert_true(says(record, "spare_played", cases[i].spare));
        }
        cue_world_free(world);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/cue/relay/tried-early", test_tried_early);
    g_test_add_func("/player/cue/relay/begun-when-near", test_begun_when_near);
    g_test_add_func("/player/cue/relay/waits-for-its-spare", test_waits_for_its_spare);
    g_test_add_func("/player/cue/relay/record", test_record_says_what_happened);
    return g_test_run();
}
