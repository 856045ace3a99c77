/* test-cue-trouble.c - stories of relays, boards, cards, power, files and clocks that fail */
#include "tests/day/story.h"

#include "content/wording.h"

#include <string.h>

static void
test_late_relay(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho suoi", "vi", story_at(world, "06:00:00"),
                     PLAN_S(10));
    cue_world_plan(world, day, "");
    cue_world_relay(world, "suoi", PLAN_S(5));
    story_run(world, "06:01:00");
    story_expect(world, "05:59:55.200 started tin\n"
                        "05:59:59.200 wish cho suoi\n"
                        "06:00:00.000 sound tin from 0.000 in cho\n"
                        "06:00:02.300 fault relay_unconfirmed suoi: zone suoi: the relay is "
                        "not confirmed though a "
                        "segment is due\n"
                        "06:00:04.201 cleared relay_unconfirmed suoi: zone suoi: the relay is "
                        "not confirmed though a "
                        "segment is due\n"
                        "06:00:10.000 silent tin\n"
                        "06:00:10.000 played tin cho none\n"
                        "06:00:10.000 played tin suoi relay_failed\n"
                        "06:00:10.000 wish\n");
    story_expect_heard(world, "tin", "cho", "06:00:00", 0, 10000, 0, 0);
    story_expect_heard(world, "tin", "suoi", "06:00:00", 4200, 10000, 4200, 0);
}

static void
test_silent_relays(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(30));
    cue_world_plan(world, day, "");
    cue_world_relay(world, "cho", -1);
    story_run(world, "06:00:12");
    cue_world_relay(world, "cho", 0);
    story_run(world, "06:01:00");
    story_expect(world, "05:59:55.200 started tin\n"
                        "05:59:59.200 wish cho\n"
                        "06:00:02.300 fault relay_unconfirmed cho: zone cho: the relay is not "
                        "confirmed though a "
                        "segment is due\n"
                        "06:00:12.001 cleared relay_unconfirmed cho: zone cho: the relay is "
                        "not confirmed though a "
                        "segment is due\n"
                        "06:00:12.251 sound tin from 12.251 in cho\n"
                        "06:00:30.000 silent tin\n"
                        "06:00:30.000 played tin cho relay_failed\n"
                        "06:00:30.000 wish\n");
}

static void
test_relays_never(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(10));
    cue_world_plan(world, day, "");
    cue_world_relay(world, "cho", -1);
    story_run(world, "06:01:00");
    story_expect(world, "05:59:55.200 started tin\n"
                        "05:59:59.200 wish cho\n"
                        "06:00:02.300 fault relay_unconfirmed cho: zone cho: the relay is not "
                        "confirmed though a "
                        "segment is due\n"
                        "06:00:10.000 missed tin cho relay_failed\n"
                        "06:00:10.000 wish\n"
                        "06:00:10.000 cleared relay_unconfirmed cho: zone cho: the relay is "
                        "not confirmed though a "
                        "segment is due\n");
}

/* Each fault of a board is one for itself, from its beginning to its end. */
static void
test_board_faults(void)
{
    const char *const both[] = {"board_silent east", "relay_reads_open west/3", NULL};
    const char *const changed[] = {"board_late east", "relay_reads_open west/3", NULL};
    const char *const second[] = {"relay_reads_open west/3", NULL};
    const char *const none[] = {NULL};
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    cue_world_plan(world, day, "");
    story_run(world, "05:59:00");
    cue_world_board_faults(world, both);
    story_run(world, "05:59:10");
    cue_world_board_faults(world, changed);
    story_run(world, "05:59:20");
    cue_world_board_faults(world, second);
    story_run(world, "05:59:30");
    cue_world_board_faults(world, none);
    story_expect(
        world,
        "05:59:00.000 fault relay_reads_open west/3: relay west/3 reads open although it was "
        "written closed\n"
        "05:59:00.000 fault board_silent east: board east: no answer\n"
        "05:59:20.000 cleared board_late east: board east: answers too late\n"
        "05:59:30.000 cleared relay_reads_open west/3: relay west/3 reads open although it was "
        "written closed\n");
}

static void
test_gateway_dies(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(60));
    cue_world_plan(world, day, "");
    story_run(world, "06:00:10");
    cue_world_gateway(world, FALSE);
    story_run(world, "06:00:18");
    cue_world_gateway(world, TRUE);
    story_run(world, "06:02:00");
    story_expect(world,
                 "05:59:55.200 started tin\n"
                 "05:59:59.200 wish cho\n"
                 "06:00:00.000 sound tin from 0.000 in cho\n"
                 "06:00:10.000 wish\n"
                 "06:00:10.015 silent tin\n"
                 "06:00:10.015 wish cho\n"
                 "06:00:15.000 fault gateway_down gateway: the gateway does not answer\n"
                 "06:00:18.000 cleared gateway_down gateway: the gateway does not answer\n"
                 "06:00:18.701 sound tin from 18.701 in cho\n"
                 "06:01:00.000 silent tin\n"
                 "06:01:00.000 played tin cho gateway_down\n"
                 "06:01:00.000 wish\n");
    /* Both parts: until it died, and from when it was back. */
    story_expect_heard(world, "tin", "cho", "06:00:00", 0, 60000, 0, 8701);
}

static void
test_card_fails(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(30));
    cue_world_plan(world, day, "");
    cue_world_card(world, FALSE);
    story_run(world, "06:00:04");
    cue_world_card(world, TRUE);
    story_run(world, "06:02:00");
    story_expect(world, "05:59:55.200 started tin\n"
                        "05:59:59.200 wish cho\n"
                        "06:00:00.000 wish\n"
                        "06:00:00.000 fault output_tried_again o1: output o1: a segment could "
                        "not be sounded; it is "
                        "tried again\n"
                        "06:00:02.000 wish cho\n"
                        "06:00:02.701 wish\n"
                        "06:00:04.701 wish cho\n"
                        "06:00:05.402 sound tin from 5.402 in cho\n"
                        "06:00:05.402 cleared output_tried_again o1: output o1: a segment "
                        "could not be sounded; it "
                        "is tried again\n"
                        "06:00:30.000 silent tin\n"
                        "06:00:30.000 played tin cho output_failed\n"
                        "06:00:30.000 wish\n");
}

static void
test_killed(void)
{
    g_autofree char *said = NULL;
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(60));
    cue_world_plan(world, day, "");
    story_run(world, "06:00:10");
    cue_world_drafts(world, -1);
    cue_world_restart(world, PLAN_S(4), CONTENT_REASON_PLAYER_STOPPED);
    story_run(world, "06:02:00");
    story_expect(world, "05:59:55.200 started tin\n"
                        "05:59:59.200 wish cho\n"
                        "06:00:00.000 sound tin from 0.000 in cho\n"
                        "06:00:10.000 killed\n"
                        "06:00:14.000 started tin\n"
                        "06:00:14.000 wish cho\n"
                        "06:00:14.701 sound tin from 14.701 in cho\n"
                        "06:01:00.000 silent tin\n"
                        "06:01:00.000 played tin cho interrupted\n"
                        "06:01:00.000 wish\n");
    story_expect_heard(world, "tin", "cho", "06:00:00", 14701, 60000, 14701, 0);
    said = content_wording_remarks(cue_world_last_final(world, "tin", "cho")->details,
                                   CONTENT_READER_EN, NULL);
    g_assert_nonnull(strstr(said, "begun at 22:59:55 UTC before a restart"));
}

/* The disk does not answer, or only when it sounds already: it sounds on time and says so. */
static void
test_slow_disk(void)
{
    static const struct {
        const char *why, *answers;
        gboolean is_late;
    } cases[] = {
        {"in time", "05:59:58", FALSE},
        {"while it sounds", "06:00:05", TRUE},
        {"long after", "06:05:00", TRUE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ContentDayPlan *day;
        g_autoptr(CueWorld) world = story_world(&day);
        const ContentRecord *record;

        g_test_message("%s", cases[i].why);
        plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"),
                         PLAN_S(10));
        cue_world_plan(world, day, "");
        cue_world_disk(world, FALSE);
        story_run(world, cases[i].answers);
        cue_world_disk(world, TRUE);
        story_run(world, "06:10:00");
        story_expect(world, "05:59:55.200 started tin\n"
                            "05:59:59.200 wish cho\n"
                            "06:00:00.000 sound tin from 0.000 in cho\n"
                            "06:00:10.000 silent tin\n"
                            "06:00:10.000 played tin cho none\n"
                            "06:00:10.000 wish\n");
        record = cue_world_last_final(world, "tin", "cho");
        g_assert_cmpint(record->journal_late, ==, cases[i].is_late);
    }
}

static void
test_power_cut(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(60));
    plan_builder_add(day, "gia", "o1", "cho", "vi", story_at(world, "06:30:00"), PLAN_S(60));
    plan_builder_add(day, "nhac", "o1", "cho", "vi", story_at(world, "07:30:00"), PLAN_S(60));
    cue_world_plan(world, day, "");
    story_run(world, "06:00:10");
    cue_world_drafts(world, -1);
    cue_world_restart(world, PLAN_MIN(60), CONTENT_REASON_NO_POWER);
    story_run(world, "08:00:00");
    story_expect(world, "05:59:55.200 started tin\n"
                        "05:59:59.200 wish cho\n"
                        "06:00:00.000 sound tin from 0.000 in cho\n"
                        "06:00:10.000 killed\n"
                        "07:00:10.000 missed tin cho no_power\n"
                        "07:00:10.000 missed gia cho no_power\n"
                        "07:29:55.200 started nhac\n"
                        "07:29:59.200 wish cho\n"
                        "07:30:00.000 sound nhac from 0.000 in cho\n"
                        "07:31:00.000 silent nhac\n"
                        "07:31:00.000 played nhac cho none\n"
                        "07:31:00.000 wish\n");
}

static void
test_missing_object(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(30));
    plan_builder_add(day, "gia", "o1", "cho", "vi", story_at(world, "06:05:00"), PLAN_S(30));
    cue_world_plan(world, day, "");
    cue_world_object(world, "tin", PLAY_OBJECT_MISSING);
    cue_world_object(world, "gia", PLAY_OBJECT_MISSING);
    story_run(world, "06:00:10");
    cue_world_object(world, "tin", PLAY_OBJECT_HERE);
    story_run(world, "06:10:00");
    story_expect(world,
                 "05:59:53.200 fault object_missing "
                 "ab547757da37eb600011051fb0e9fe0c9ea49d220086a939c76369d29bfa1542: the audio "
                 "is not here\n"
                 "06:00:10.000 started tin\n"
                 "06:00:10.000 wish cho\n"
                 "06:00:10.000 cleared object_missing "
                 "ab547757da37eb600011051fb0e9fe0c9ea49d220086a939c76369d29bfa1542: the audio "
                 "is not here\n"
                 "06:00:10.701 sound tin from 10.701 in cho\n"
                 "06:00:30.000 silent tin\n"
                 "06:00:30.000 played tin cho object_missing\n"
                 "06:00:30.000 wish\n"
                 "06:04:53.200 fault object_missing "
                 "baea6a5e373856738b580b254c80214113e6059cbef8f7f5094605a501a7c6e2: the audio "
                 "is not here\n"
                 "06:05:30.000 missed gia cho object_missing\n"
                 "06:05:30.000 cleared object_missing "
                 "baea6a5e373856738b580b254c80214113e6059cbef8f7f5094605a501a7c6e2: the audio "
                 "is not here\n");
}

static void
test_clock_of_1970(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    cue_world_trust(world, CONTENT_TRUST_UNSET);
    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(10));
    plan_builder_add(day, "gia", "o1", "cho", "vi", story_at(world, "06:10:00"), PLAN_S(60));
    cue_world_plan(world, day, "");
    cue_world_step_clock(world, -cue_world_utc(world));
    cue_world_restart(world, 0, CONTENT_REASON_NO_POWER);
    cue_world_run_for(world, PLAN_MIN(11) + PLAN_S(30));
    cue_world_step_clock(world, story_at(world, "06:10:30") - cue_world_utc(world));
    cue_world_trust(world, CONTENT_TRUST_SYNCED);
    story_run(world, "06:20:00");
    story_expect(world,
                 "08:00:00.000 killed\n"
                 "08:00:10.000 fault clock_untrusted clock: nobody vouches for the clock: "
                 "nothing plays by the calendar\n"
                 "06:10:30.000 missed tin cho clock_untrusted\n"
                 "06:10:30.000 started gia\n"
                 "06:10:30.000 wish cho\n"
                 "06:10:30.000 cleared clock_untrusted clock: nobody vouches for the clock: "
                 "nothing plays by the calendar\n"
                 "06:10:30.701 sound gia from 30.701 in cho\n"
                 "06:11:00.000 silent gia\n"
                 "06:11:00.000 played gia cho clock_untrusted\n"
                 "06:11:00.000 wish\n");
}

static void
test_clock_steps(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(30));
    plan_builder_add(day, "gia", "o1", "cho", "vi", story_at(world, "06:05:00"), PLAN_S(30));
    plan_builder_add(day, "nhac", "o1", "cho", "vi", story_at(world, "06:15:00"), PLAN_S(30));
    cue_world_plan(world, day, "");
    story_run(world, "06:00:10");
    cue_world_step_clock(world, PLAN_MIN(10));
    story_run(world, "06:12:00");
    cue_world_step_clock(world, -PLAN_MIN(10));
    story_run(world, "06:20:00");
    story_expect(world, "05:59:55.200 started tin\n"
                        "05:59:59.200 wish cho\n"
                        "06:00:00.000 sound tin from 0.000 in cho\n"
                        "06:10:10.000 missed gia cho unknown\n"
                        "06:10:30.000 silent tin\n"
                        "06:10:30.000 played tin cho none\n"
                        "06:10:30.000 wish\n"
                        "06:14:55.200 started nhac\n"
                        "06:14:59.200 wish cho\n"
                        "06:15:00.000 sound nhac from 0.000 in cho\n"
                        "06:15:30.000 silent nhac\n"
                        "06:15:30.000 played nhac cho none\n"
                        "06:15:30.000 wish\n");
}

/* clang-format off */
static const Story stories[] = {
    { "late-relay", test_late_relay },
    { "silent-relays", test_silent_relays },
    { "relays-never", test_relays_never },
    { "board-faults", test_board_faults },
    { "gateway-dies", test_gateway_dies },
    { "card-fails", test_card_fails },
    { "killed", test_killed },
    { "power-cut", test_power_cut },
    { "slow-disk", test_slow_disk },
    { "missing-object", test_missing_object },
    { "clock-of-1970", test_clock_of_1970 },
    { "clock-steps", test_clock_steps },
};
/* clang-format on */

int
main(int argc, char **argv)
{
    return story_tell_all(argc, argv, "cue-trouble", stories, G_N_ELEMENTS(stories));
}
