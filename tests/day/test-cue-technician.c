/* test-cue-technician.c - stories of a technician who tests a relay beside the plan */
#include "tests/day/story.h"

static void
test_technician(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(10));
    cue_world_plan(world, day, "");
    story_run(world, "05:59:10");
    cue_world_test(world, "suoi", 2000);
    story_run(world, "05:59:20");
    cue_world_test(world, "song", 2000);
    story_run(world, "05:59:58");
    cue_world_test(world, "suoi", 2000);
    story_run(world, "06:01:00");
    cue_world_relay(world, "suoi", -1);
    cue_world_test(world, "suoi", 1000);
    story_run(world, "06:02:00");
    story_expect(world,
                 "05:59:10.000 answer test: unknown, test_begins\n"
                 "05:59:10.000 wish suoi\n"
                 "05:59:12.000 wish\n"
                 "05:59:12.201 test test_good test: the relay closed and opened again\n"
                 "05:59:12.201 answer test: closed, test_good\n"
                 "05:59:20.000 answer test: unknown, test_no_zone\n"
                 "05:59:55.200 started tin\n"
                 "05:59:58.000 answer test: unknown, test_busy\n"
                 "05:59:59.200 wish cho\n"
                 "06:00:00.000 sound tin from 0.000 in cho\n"
                 "06:00:10.000 silent tin\n"
                 "06:00:10.000 played tin cho none\n"
                 "06:00:10.000 wish\n"
                 "06:01:00.000 answer test: unknown, test_begins\n"
                 "06:01:00.000 wish suoi\n"
                 "06:01:01.000 wish\n"
                 "06:01:01.001 test test_not_closed test: the relay was not read closed\n"
                 "06:01:01.001 answer test: open, test_not_closed\n");
}

/* A test that is under way when a segment nears gives the zone back. */
static void
test_technician_gives_way(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(10));
    cue_world_plan(world, day, "");
    story_run(world, "05:59:50");
    cue_world_test(world, "suoi", 10000);
    story_run(world, "06:01:00");
    story_expect(world, "05:59:50.000 answer test: unknown, test_begins\n"
                        "05:59:50.000 wish suoi\n"
                        "05:59:55.200 started tin\n"
                        "05:59:55.200 wish\n"
                        "05:59:55.401 test test_good test: the relay closed and opened again\n"
                        "05:59:55.401 answer test: closed, test_good\n"
                        "05:59:59.200 wish cho\n"
                        "06:00:00.000 sound tin from 0.000 in cho\n"
                        "06:00:10.000 silent tin\n"
                        "06:00:10.000 played tin cho none\n"
                        "06:00:10.000 wish\n");
}

/*
 * From the district: the same rules, and what came of it is in the record alone: no gateway
 * asked, and one that is answered unasked breaks the line.
 */
static void
test_order(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(10));
    cue_world_plan(world, day, "");
    story_run(world, "05:59:10");
    cue_world_order(world, "suoi", 2000, PLAN_S(60));
    cue_world_order(world, "cho", 2000, PLAN_S(60));
    story_run(world, "05:59:20");
    cue_world_order(world, "song", 2000, PLAN_S(60));
    cue_world_order(world, "suoi", 2000, 0);
    story_run(world, "05:59:58");
    cue_world_order(world, "suoi", 2000, PLAN_S(60));
    story_run(world, "06:01:00");
    cue_world_relay(world, "suoi", -1);
    cue_world_order(world, "suoi", 1000, PLAN_S(60));
    story_run(world, "06:02:00");
    story_expect(world,
                 "05:59:10.000 wish suoi\n"
                 "05:59:10.000 test test_other order: another test is under way\n"
                 "05:59:12.000 wish\n"
                 "05:59:12.201 test test_good order: the relay closed and opened again\n"
                 "05:59:20.000 test test_no_zone order: the gateway has no such zone\n"
                 "05:59:20.000 test test_late order: the order came too late\n"
                 "05:59:55.200 started tin\n"
                 "05:59:58.000 test test_busy order: something sounds, or is about to\n"
                 "05:59:59.200 wish cho\n"
                 "06:00:00.000 sound tin from 0.000 in cho\n"
                 "06:00:10.000 silent tin\n"
                 "06:00:10.000 played tin cho none\n"
                 "06:00:10.000 wish\n"
                 "06:01:00.000 wish suoi\n"
                 "06:01:01.000 wish\n"
                 "06:01:01.001 test test_not_closed order: the relay was not read closed\n");
}

/* Neither by a clock that nobody vouches for, nor in the quiet hours, nor without a gateway. */
static void
test_order_not_now(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);
    const GPtrArray *zones = cue_world_settings(world)->zones;

    for (guint i = 0; i < zones->len; i++) {
        const ContentSettingsZone *zone = zones->pdata[i];

        ((ContentWindow *) zone->windows->pdata[0])->to_min = 22 * 60;
    }
    cue_world_give_settings(world);
    cue_world_plan(world, day, "");
    story_run(world, "05:59:10");
    cue_world_trust(world, CONTENT_TRUST_UNSET);
    cue_world_order(world, "suoi", 2000, PLAN_S(60));
    cue_world_trust(world, CONTENT_TRUST_SYNCED);
    story_run(world, "05:59:20");
    cue_world_gateway(world, FALSE);
    cue_world_order(world, "suoi", 2000, PLAN_S(60));
    cue_world_gateway(world, TRUE);
    story_run(world, "23:30:00");
    cue_world_order(world, "suoi", 2000, PLAN_S(60));
    story_run(world, "23:31:00");
    story_expect(world,
                 "05:59:10.000 test test_no_clock order: nobody vouches for the clock, so no "
                 "window is known to be open\n"
                 "05:59:20.000 test test_no_gateway order: the gateway does not answer\n"
                 "23:30:00.000 test test_no_window order: now is in no allowed window\n");
}

/* clang-format off */
static const Story stories[] = {
    { "technician", test_technician },
    { "technician-gives-way", test_technician_gives_way },
    { "order", test_order },
    { "order-not-now", test_order_not_now },
};
/* clang-format on */

int
main(int argc, char **argv)
{
    return story_tell_all(argc, argv, "cue-technician", stories, G_N_ELEMENTS(stories));
}
