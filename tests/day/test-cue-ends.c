/*
 * test-cue-ends.c - the player ends in mid-segment: what is known of the part that was heard.
 *
 * The cue is real; gateway, card, disk and clock are simulated (tests/support/cue-world.h).
 */
#include "tests/day/story.h"

#include "content/wording.h"

#include <string.h>

typedef struct {
    gint64 from_ms, to_ms, position_ms; /* from the segment's start */
    gboolean at_least;
} Stretch;

/* One end, in the tenth second of a segment of a minute. */
typedef struct {
    const char *why;
    gboolean is_told;  /* to stop; otherwise it is killed */
    gint64 drafted_us; /* so old are the drafts at the kill; -1: there are none */
    gint64 down_us;
    const char *tape; /* from its end on */
    Stretch stretches[4];
    gint64 silent_ms;
    ContentReason reason;
} End;

/* clang-format off */
static const End ends[] = {
    { "killed, with a draft of a second before", FALSE, PLAN_S(1), PLAN_S(4),
      "06:00:10.000 killed\n"
      "06:00:14.000 part tin cho player_stopped\n"
      "06:00:14.000 started tin\n"
      "06:00:14.000 wish cho\n"
      "06:00:14.701 sound tin from 14.701 in cho\n"
      "06:01:00.000 silent tin\n"
      "06:01:00.000 played tin cho player_stopped\n"
      "06:01:00.000 wish\n",
      { { 0, 9000, 0, TRUE }, { 14701, 60000, 14701, FALSE } }, 5701,
      CONTENT_REASON_PLAYER_STOPPED },
    { "told to stop, and back in time", TRUE, -1, PLAN_S(4),
      "06:00:10.000 told to stop\n"
      "06:00:10.000 wish\n"
      "06:00:10.015 silent tin\n"
      "06:00:10.015 part tin cho player_stopped\n"
      "06:00:10.015 stopped\n"
      "06:00:14.015 started tin\n"
      "06:00:14.015 wish cho\n"
      "06:00:14.716 sound tin from 14.716 in cho\n"
      "06:01:00.000 silent tin\n"
      "06:01:00.000 played tin cho player_stopped\n"
      "06:01:00.000 wish\n",
      { { 0, 10000, 0, FALSE }, { 14716, 60000, 14716, FALSE } }, 4716,
      CONTENT_REASON_PLAYER_STOPPED },
    { "told to stop, and back after its end", TRUE, -1, PLAN_MIN(5),
      "06:00:10.000 told to stop\n"
      "06:00:10.000 wish\n"
      "06:00:10.015 silent tin\n"
      "06:00:10.015 part tin cho player_stopped\n"
      "06:00:10.015 stopped\n"
      "06:05:10.015 played tin cho player_stopped\n",
      { { 0, 10000, 0, FALSE } }, 0, CONTENT_REASON_PLAYER_STOPPED },
    { "killed, and back after its end", FALSE, 0, PLAN_MIN(5),
      "06:00:10.000 killed\n"
      "06:05:10.000 part tin cho player_stopped\n"
      "06:05:10.000 played tin cho player_stopped\n",
      { { 0, 10000, 0, TRUE } }, 0, CONTENT_REASON_PLAYER_STOPPED },
    { "killed without a draft: only the second part has evidence", FALSE, -1, PLAN_S(4),
      "06:00:10.000 killed\n"
      "06:00:14.000 started tin\n"
      "06:00:14.000 wish cho\n"
      "06:00:14.701 sound tin from 14.701 in cho\n"
      "06:01:00.000 silent tin\n"
      "06:01:00.000 played tin cho interrupted\n"
      "06:01:00.000 wish\n",
      { { 14701, 60000, 14701, FALSE } }, 0, CONTENT_REASON_INTERRUPTED },
};
/* clang-format on */

/* A minute from six o'clock on, in the tenth second. */
static CueWorld *
world_in_segment(const char *zones)
{
    ContentDayPlan *day;
    CueWorld *world = story_world(&day);

    plan_builder_add(day, "tin", "o1", zones, "vi", story_at(world, "06:00:00"), PLAN_S(60));
    cue_world_plan(world, day, "");
    story_run(world, "06:00:10");
    g_free(cue_world_tape(world));
    return world;
}

static guint
count_stretches(const Stretch *stretches)
{
    guint n = 0;

    while (n < 4 && stretches[n].to_ms > 0)
        n++;
    return n;
}

static void
check_stretches(CueWorld *world, const ContentRecord *record, const Stretch *stretches)
{
    g_autoptr(GPtrArray) parts = content_record_parts(record);
    gint64 base_us = story_at(world, "06:00:00");

    g_assert_cmpuint(parts->len, ==, count_stretches(stretches));
    for (guint i = 0; i < parts->len; i++) {
        const ContentPart *part = parts->pdata[i];

        g_assert_cmpint((part->from_us - base_us) / 1000, ==, stretches[i].from_ms);
        g_assert_cmpint((part->to_us - base_us) / 1000, ==, stretches[i].to_ms);
        g_assert_cmpint(part->position_us / 1000, ==, stretches[i].position_ms);
        g_assert_cmpint(part->at_least, ==, stretches[i].at_least);
        g_assert_cmpint(part->relay, ==, CONTENT_RELAY_CLOSED);
        g_assert_cmpint(part->relay_read_us, >, 0);
        g_assert_cmpint(part->level_mdb, ==, -20000);
    }
    g_assert_cmpint(record->actual_start_us, ==,
                    ((const ContentPart *) parts->pdata[0])->from_us);
    g_assert_cmpint(record->actual_end_us, ==,
                    ((const ContentPart *) parts->pdata[parts->len - 1])->to_us);
}

static void
test_end(gconstpointer data)
{
    const End *end = data;
    g_autoptr(CueWorld) world = world_in_segment("cho");
    g_autofree char *tape = NULL;
    const ContentRecord *record;

    g_test_message("%s", end->why);
    cue_world_drafts(world, end->drafted_us);
    if (end->is_told)
        cue_world_stop(world, end->down_us);
    else
        cue_world_restart(world, end->down_us, CONTENT_REASON_PLAYER_STOPPED);
    story_run(world, "06:10:00");
    tape = cue_world_tape(world);
    g_assert_cmpstr(tape, ==, end->tape);
    record = cue_world_last_final(world, "tin", "cho");
    g_assert_cmpint(record->reason, ==, end->reason);
    g_assert_cmpint(record->silent_us / 1000, ==, end->silent_ms);
    check_stretches(world, record, end->stretches);
}

/* Again and again: every stretch is told, however often the player came back. */
static void
test_many_ends(void)
{
    g_autofree char *said = NULL;
    static const Stretch stretches[] = {
        {0, 10000, 0, FALSE},
        {11716, 20000, 11716, TRUE},
        {22701, 30000, 22701, FALSE},
        {31716, 60000, 31716, FALSE},
    };
    g_autoptr(CueWorld) world = world_in_segment("cho");
    const ContentRecord *record;

    cue_world_drafts(world, 0);
    cue_world_stop(world, PLAN_S(1));
    story_run(world, "06:00:20");
    cue_world_restart(world, PLAN_S(2), CONTENT_REASON_PLAYER_STOPPED);
    story_run(world, "06:00:30");
    cue_world_stop(world, PLAN_S(1));
    story_run(world, "06:10:00");
    record = cue_world_last_final(world, "tin", "cho");
    check_stretches(world, record, stretches);
    said = content_wording_remarks(record->details, CONTENT_READER_EN, NULL);
    g_assert_nonnull(strstr(said, "heard in 4 parts, 53.9 s together"));
}

/* A relay that came late: each zone has its own parts. */
static void
test_zones_apart(void)
{
    static const Stretch cho[] = {{0, 10000, 0, TRUE}, {14701, 60000, 14701, FALSE}, {0}};
    static const Stretch suoi[] = {{14701, 60000, 14701, FALSE}, {0}};
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho suoi", "vi", story_at(world, "06:00:00"),
                     PLAN_S(60));
    cue_world_plan(world, day, "");
    cue_world_relay(world, "suoi", -1);
    story_run(world, "06:00:10");
    cue_world_drafts(world, 0);
    cue_world_relay(world, "suoi", 450000);
    cue_world_restart(world, PLAN_S(4), CONTENT_REASON_NO_POWER);
    story_run(world, "06:10:00");
    check_stretches(world, cue_world_last_final(world, "tin", "cho"), cho);
    g_assert_cmpint(cue_world_last_final(world, "tin", "cho")->reason, ==,
                    CONTENT_REASON_NO_POWER);
    check_stretches(world, cue_world_last_final(world, "tin", "suoi"), suoi);
}

/* While it is told to stop nothing begins, and what was only warming is let go. */
static void
test_stop_before_start(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);
    g_autofree char *tape = NULL;

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(10));
    cue_world_plan(world, day, "");
    story_run(world, "05:59:58");
    cue_world_stop(world, PLAN_S(5));
    story_run(world, "06:10:00");
    tape = cue_world_tape(world);
    g_assert_cmpstr(tape, ==,
                    "05:59:55.200 started tin\n"
                    "05:59:58.000 told to stop\n"
                    "05:59:58.000 stopped\n"
                    "06:00:03.000 started tin\n"
                    "06:00:03.000 wish cho\n"
                    "06:00:03.701 sound tin from 3.701 in cho\n"
                    "06:00:10.000 silent tin\n"
                    "06:00:10.000 played tin cho interrupted\n"
                    "06:00:10.000 wish\n");
}

/* What the journal knows already, and what is over, is not told a second time. */
static void
test_recover_once(void)
{
    g_autoptr(CueWorld) world = world_in_segment("cho");
    PlayCue *cue = cue_world_cue(world);
    g_autoptr(ContentRecord) draft = play_record_new(CONTENT_RECORD_PART);
    g_autoptr(ContentRecord) final = play_record_new(CONTENT_RECORD_PLAYED);
    ContentPart *part = content_shape_new(&content_part_shape);

    draft->segment = g_strdup("3e329227edb3e6dae3c93c836538a0f0");
    final->segment = g_strdup(draft->segment);
    final->zone = g_strdup("cho");
    g_assert_false(play_cue_recover(cue, draft, CONTENT_REASON_NO_POWER));
    draft->zone = g_strdup("cho");
    g_assert_false(play_cue_recover(cue, draft, CONTENT_REASON_NO_POWER));
    part->from_us = draft->actual_start_us = PLAN_S(10);
    part->to_us = draft->actual_end_us = PLAN_S(20);
    part->at_least = TRUE;
    g_ptr_array_add(draft->parts, part);
    g_assert_true(play_cue_recover(cue, draft, CONTENT_REASON_NO_POWER));
    g_assert_cmpint(draft->reason, ==, CONTENT_REASON_NO_POWER);
    g_assert_false(play_cue_recover(cue, draft, CONTENT_REASON_NO_POWER));
    part->to_us = draft->actual_end_us = PLAN_S(21);
    g_assert_true(play_cue_recover(cue, draft, CONTENT_REASON_NO_POWER));
    play_cue_restore(cue, final);
    part->to_us = draft->actual_end_us = PLAN_S(22);
    g_assert_false(play_cue_recover(cue, draft, CONTENT_REASON_NO_POWER));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *path = g_strdup_printf("/day/cue-ends/%" G_GSIZE_FORMAT, i);

        g_test_add_data_func(path, &ends[i], test_end);
    }
    g_test_add_func("/day/cue-ends/many", test_many_ends);
    g_test_add_func("/day/cue-ends/zones-apart", test_zones_apart);
    g_test_add_func("/day/cue-ends/stop-before-start", test_stop_before_start);
    g_test_add_func("/day/cue-ends/recover-once", test_recover_once);
    return g_test_run();
}
