/* test-cue-plans.c - stories of plans that change while something sounds, or is about to */
#include "tests/day/story.h"

#include "content/wording.h"

static void
test_untouched(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(60));
    cue_world_plan(world, day, "");
    story_run(world, "06:00:10");
    cue_world_announce(world, STORY_DATE, "2");
    story_run(world, "06:00:13");
    day = plan_builder_day(STORY_DATE);
    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(60));
    plan_builder_add(day, "gia", "o1", "cho", "vi", story_at(world, "06:05:00"), PLAN_S(5));
    cue_world_plan(world, day, "2");
    story_run(world, "06:10:00");
    story_expect(world, "05:59:55.200 started tin\n"
                        "05:59:59.200 wish cho\n"
                        "06:00:00.000 sound tin from 0.000 in cho\n"
                        "06:01:00.000 silent tin\n"
                        "06:01:00.000 played tin cho none\n"
                        "06:01:00.000 wish\n"
                        "06:04:55.200 started gia\n"
                        "06:04:59.200 wish cho\n"
                        "06:05:00.000 sound gia from 0.000 in cho\n"
                        "06:05:05.000 silent gia\n"
                        "06:05:05.000 played gia cho none\n"
                        "06:05:05.000 wish\n");
}

static void
test_withdrawn(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(60));
    cue_world_plan(world, day, "");
    story_run(world, "06:00:10");
    cue_world_plan(world, plan_builder_day(STORY_DATE), "2");
    story_run(world, "06:02:00");
    story_expect(world, "05:59:55.200 started tin\n"
                        "05:59:59.200 wish cho\n"
                        "06:00:00.000 sound tin from 0.000 in cho\n"
                        "06:00:10.000 wish\n"
                        "06:00:10.015 silent tin\n"
                        "06:00:10.015 played tin cho withdrawn\n");
}

static ContentDayPlan *
day_of_one(CueWorld *world, const char *zones)
{
    ContentDayPlan *day = plan_builder_day(STORY_DATE);

    plan_builder_add(day, "tin", "o1", zones, "vi", story_at(world, "06:00:00"), PLAN_S(60));
    return day;
}

/* The new plan takes one village away: it is let go at once, the other hears on untouched. */
static void
test_zone_withdrawn(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho suoi", "vi", story_at(world, "06:00:00"),
                     PLAN_S(60));
    cue_world_plan(world, day, "");
    story_run(world, "06:00:10");
    cue_world_plan(world, day_of_one(world, "cho"), "2");
    story_run(world, "06:02:00");
    story_expect(world, "05:59:55.200 started tin\n"
                        "05:59:59.200 wish cho suoi\n"
                        "06:00:00.000 sound tin from 0.000 in cho suoi\n"
                        "06:00:10.000 wish cho\n"
                        "06:01:00.000 silent tin\n"
                        "06:01:00.000 played tin cho none\n"
                        "06:01:00.000 played tin suoi withdrawn\n"
                        "06:01:00.000 wish\n");
    story_expect_heard(world, "tin", "cho", "06:00:00", 0, 60000, 0, 0);
    story_expect_heard(world, "tin", "suoi", "06:00:00", 0, 10000, 0, 0);
}

/* Taken away and named again while it sounds: it hears the rest. */
static void
test_zone_named_again(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho suoi", "vi", story_at(world, "06:00:00"),
                     PLAN_S(60));
    cue_world_plan(world, day, "");
    story_run(world, "06:00:10");
    cue_world_plan(world, day_of_one(world, "cho"), "2");
    story_run(world, "06:00:20");
    cue_world_plan(world, day_of_one(world, "cho suoi"), "3");
    story_run(world, "06:02:00");
    story_expect(world, "05:59:55.200 started tin\n"
                        "05:59:59.200 wish cho suoi\n"
                        "06:00:00.000 sound tin from 0.000 in cho suoi\n"
                        "06:00:10.000 wish cho\n"
                        "06:00:20.000 wish cho suoi\n"
                        "06:01:00.000 silent tin\n"
                        "06:01:00.000 played tin cho none\n"
                        "06:01:00.000 played tin suoi withdrawn\n"
                        "06:01:00.000 wish\n");
    g_assert_cmpuint(cue_world_last_final(world, "tin", "suoi")->parts->len, ==, 2);
}

/* A village that the running segment never had, and one that a plan took from it before it
 * began: both are named while it sounds, and hear nothing of what was not placed for them. */
static void
test_zone_added(void)
{
    static const struct {
        const char *zones, *record;
    } cases[] = {
        {"cho", "06:01:00.000 missed tin suoi unknown\n"},
        {"cho suoi", "06:01:00.000 missed tin suoi withdrawn\n"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *told = g_strconcat("05:59:55.200 started tin\n"
                                            "05:59:59.200 wish cho\n"
                                            "06:00:00.000 sound tin from 0.000 in cho\n"
                                            "06:01:00.000 silent tin\n"
                                            "06:01:00.000 played tin cho none\n",
                                            cases[i].record, "06:01:00.000 wish\n", NULL);
        ContentDayPlan *unused;
        g_autoptr(CueWorld) world = story_world(&unused);

        content_day_plan_free(unused);
        cue_world_plan(world, day_of_one(world, cases[i].zones), "");
        story_run(world, "05:59:57");
        cue_world_plan(world, day_of_one(world, "cho"), "2");
        story_run(world, "06:00:10");
        cue_world_plan(world, day_of_one(world, "cho suoi"), "3");
        story_run(world, "06:02:00");
        story_expect(world, told);
    }
}

/* The new plan names only another village: nobody of the first hears on. */
static void
test_all_zones_withdrawn(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(60));
    cue_world_plan(world, day, "");
    story_run(world, "06:00:10");
    cue_world_plan(world, day_of_one(world, "suoi"), "2");
    story_run(world, "06:02:00");
    g_assert_cmpint(cue_world_last_final(world, "tin", "cho")->reason, ==,
                    CONTENT_REASON_WITHDRAWN);
    story_expect_heard(world, "tin", "cho", "06:00:00", 0, 10000, 0, 0);
    g_assert_cmpint(cue_world_last_final(world, "tin", "suoi")->kind, ==,
                    CONTENT_RECORD_PLAYED);
}

/* The key that signed the manifest was revoked: what sounds stops, what was to come does not.
 */
static void
test_no_manifest_any_more(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(30));
    plan_builder_add(day, "hoc", "o1", "cho", "vi", story_at(world, "06:01:00"), PLAN_S(30));
    cue_world_plan(world, day, "");
    story_run(world, "06:00:10");
    cue_world_drop_manifest(world);
    story_run(world, "06:02:00");
    story_expect(world, "05:59:55.200 started tin\n"
                        "05:59:59.200 wish cho\n"
                        "06:00:00.000 sound tin from 0.000 in cho\n"
                        "06:00:10.000 wish\n"
                        "06:00:10.015 silent tin\n"
                        "06:00:10.015 played tin cho withdrawn\n");
}

/* The new plan does not arrive: nothing of the old one begins, what sounds goes on a minute. */
static void
test_superseded(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(120));
    plan_builder_add(day, "hoc", "o2", "truong", "vi", story_at(world, "06:00:20"), PLAN_S(30));
    cue_world_plan(world, day, "");
    story_run(world, "06:00:10");
    cue_world_announce(world, STORY_DATE, "2");
    story_run(world, "06:05:00");
    story_expect(world, "05:59:55.200 started tin\n"
                        "05:59:59.200 wish cho\n"
                        "06:00:00.000 sound tin from 0.000 in cho\n"
                        "06:00:15.200 started hoc\n"
                        "06:00:50.000 missed hoc truong withdrawn\n"
                        "06:01:10.000 wish\n"
                        "06:01:10.015 silent tin\n"
                        "06:01:10.015 played tin cho withdrawn\n");
}

static void
test_moved(void)
{
    g_autofree char *said = NULL;
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(20));
    cue_world_plan(world, day, "");
    story_run(world, "06:00:10");
    day = plan_builder_day(STORY_DATE);
    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:03:00"), PLAN_S(20));
    cue_world_plan(world, day, "2");
    story_run(world, "06:10:00");
    story_expect(world, "05:59:55.200 started tin\n"
                        "05:59:59.200 wish cho\n"
                        "06:00:00.000 sound tin from 0.000 in cho\n"
                        "06:00:10.000 wish\n"
                        "06:00:10.015 silent tin\n"
                        "06:02:55.200 started tin\n"
                        "06:02:59.200 wish cho\n"
                        "06:03:00.000 sound tin from 0.000 in cho\n"
                        "06:03:20.000 silent tin\n"
                        "06:03:20.000 played tin cho none\n"
                        "06:03:20.000 wish\n");
    story_expect_heard(world, "tin", "cho", "06:03:00", 0, 20000, 0, 0);
    said = content_wording_remarks(cue_world_last_final(world, "tin", "cho")->details,
                                   CONTENT_READER_EN, NULL);
    g_assert_cmpstr(said, ==, "10.0 s were heard before a new plan moved it");
}

/* It was over in one village, and a new plan has it later for another one, too: who has heard
 * it hears it no second time, and the other hears it whole. */
static void
test_over_in_one_zone(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(10));
    cue_world_plan(world, day, "");
    story_run(world, "06:01:00");
    day = plan_builder_day(STORY_DATE);
    plan_builder_add(day, "tin", "o1", "cho suoi", "vi", story_at(world, "06:05:00"),
                     PLAN_S(10));
    cue_world_plan(world, day, "2");
    story_run(world, "06:06:00");
    story_expect(world, "05:59:55.200 started tin\n"
                        "05:59:59.200 wish cho\n"
                        "06:00:00.000 sound tin from 0.000 in cho\n"
                        "06:00:10.000 silent tin\n"
                        "06:00:10.000 played tin cho none\n"
                        "06:00:10.000 wish\n"
                        "06:04:55.200 started tin\n"
                        "06:04:59.200 wish suoi\n"
                        "06:05:00.000 sound tin from 0.000 in suoi\n"
                        "06:05:10.000 silent tin\n"
                        "06:05:10.000 played tin suoi none\n"
                        "06:05:10.000 wish\n");
}

/* The same, and the player is restarted between. */
static void
test_over_in_one_zone_restart(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(10));
    cue_world_plan(world, day, "");
    story_run(world, "06:01:00");
    cue_world_restart(world, PLAN_S(3), CONTENT_REASON_PLAYER_STOPPED);
    day = plan_builder_day(STORY_DATE);
    plan_builder_add(day, "tin", "o1", "cho suoi", "vi", story_at(world, "06:05:00"),
                     PLAN_S(10));
    cue_world_plan(world, day, "2");
    story_run(world, "06:06:00");
    g_assert_cmpuint(cue_world_finals(world, "tin", "cho"), ==, 1);
    g_assert_cmpuint(cue_world_finals(world, "tin", "suoi"), ==, 1);
    story_expect_heard(world, "tin", "cho", "06:00:00", 0, 10000, 0, 0);
    story_expect_heard(world, "tin", "suoi", "06:05:00", 0, 10000, 0, 0);
}

/* clang-format off */
static const Story stories[] = {
    { "untouched", test_untouched },
    { "withdrawn", test_withdrawn },
    { "zone-withdrawn", test_zone_withdrawn },
    { "zone-named-again", test_zone_named_again },
    { "zone-added", test_zone_added },
    { "all-zones-withdrawn", test_all_zones_withdrawn },
    { "no-manifest-any-more", test_no_manifest_any_more },
    { "superseded", test_superseded },
    { "moved", test_moved },
    { "over-in-one-zone", test_over_in_one_zone },
    { "over-in-one-zone-restart", test_over_in_one_zone_restart },
};
/* clang-format on */

int
main(int argc, char **argv)
{
    return story_tell_all(argc, argv, "cue-plans", stories, G_N_ELEMENTS(stories));
}
