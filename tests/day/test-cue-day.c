/* test-cue-day.c - stories of a day as it was planned: languages, outputs, overlaps, midnight
 */
#include "tests/day/story.h"

#include "content/wording.h"

static void
test_plain(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho suoi", "vi", story_at(world, "06:00:00"),
                     PLAN_S(10));
    cue_world_plan(world, day, "");
    story_run(world, "06:01:00");
    story_expect(world, "05:59:55.200 started tin\n"
                        "05:59:59.200 wish cho suoi\n"
                        "06:00:00.000 sound tin from 0.000 in cho suoi\n"
                        "06:00:10.000 silent tin\n"
                        "06:00:10.000 played tin cho none\n"
                        "06:00:10.000 played tin suoi none\n"
                        "06:00:10.000 wish\n");
    story_expect_heard(world, "tin", "suoi", "06:00:00", 0, 10000, 0, 0);
}

static void
test_following(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho suoi", "vi", story_at(world, "06:00:00"),
                     PLAN_S(10));
    plan_builder_add(day, "gia", "o1", "cho suoi", "vi", story_at(world, "06:00:10"),
                     PLAN_S(10));
    cue_world_plan(world, day, "");
    story_run(world, "06:01:00");
    story_expect(world, "05:59:55.200 started tin\n"
                        "05:59:59.200 wish cho suoi\n"
                        "06:00:00.000 sound tin from 0.000 in cho suoi\n"
                        "06:00:05.200 started gia\n"
                        "06:00:10.000 silent tin\n"
                        "06:00:10.000 sound gia from 0.000 in cho suoi\n"
                        "06:00:10.000 played tin cho none\n"
                        "06:00:10.000 played tin suoi none\n"
                        "06:00:10.000 wish cho suoi\n"
                        "06:00:20.000 silent gia\n"
                        "06:00:20.000 played gia cho none\n"
                        "06:00:20.000 played gia suoi none\n"
                        "06:00:20.000 wish\n");
}

static void
test_three_languages(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "vi", "o1", "cho nha-rong", "vi", story_at(world, "06:00:00"),
                     PLAN_S(10));
    plan_builder_add(day, "bdq", "o1", "nha-rong", "bdq", story_at(world, "06:00:11"),
                     PLAN_S(10));
    plan_builder_add(day, "jra", "o1", "nha-rong suoi", "jra", story_at(world, "06:00:22"),
                     PLAN_S(10));
    cue_world_plan(world, day, "");
    story_run(world, "06:01:00");
    story_expect(world, "05:59:55.200 started vi\n"
                        "05:59:59.200 wish cho nha-rong\n"
                        "06:00:00.000 sound vi from 0.000 in cho nha-rong\n"
                        "06:00:06.200 started bdq\n"
                        "06:00:10.000 silent vi\n"
                        "06:00:10.000 played vi cho none\n"
                        "06:00:10.000 played vi nha-rong none\n"
                        "06:00:10.000 wish\n"
                        "06:00:10.200 wish nha-rong\n"
                        "06:00:11.000 sound bdq from 0.000 in nha-rong\n"
                        "06:00:17.200 started jra\n"
                        "06:00:21.000 silent bdq\n"
                        "06:00:21.000 played bdq nha-rong none\n"
                        "06:00:21.000 wish\n"
                        "06:00:21.200 wish nha-rong suoi\n"
                        "06:00:22.000 sound jra from 0.000 in nha-rong suoi\n"
                        "06:00:32.000 silent jra\n"
                        "06:00:32.000 played jra nha-rong none\n"
                        "06:00:32.000 played jra suoi none\n"
                        "06:00:32.000 wish\n");
}

/* Asked to change the zones without a pause: the first words wait for the relays. */
static void
test_no_pause_between_languages(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "vi", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(10));
    plan_builder_add(day, "bdq", "o1", "nha-rong", "bdq", story_at(world, "06:00:10"),
                     PLAN_S(10));
    cue_world_plan(world, day, "");
    story_run(world, "06:01:00");
    story_expect(world, "05:59:55.200 started vi\n"
                        "05:59:59.200 wish cho\n"
                        "06:00:00.000 sound vi from 0.000 in cho\n"
                        "06:00:05.200 started bdq\n"
                        "06:00:10.000 silent vi\n"
                        "06:00:10.000 played vi cho none\n"
                        "06:00:10.000 wish nha-rong\n"
                        "06:00:10.701 sound bdq from 0.701 in nha-rong\n"
                        "06:00:20.000 silent bdq\n"
                        "06:00:20.000 played bdq nha-rong displaced\n"
                        "06:00:20.000 wish\n");
}

static void
test_two_outputs(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "lang", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(10));
    plan_builder_add(day, "hoc", "o2", "truong", "vi", story_at(world, "06:00:05"), PLAN_S(10));
    cue_world_plan(world, day, "");
    story_run(world, "06:01:00");
    story_expect(world, "05:59:55.200 started lang\n"
                        "05:59:59.200 wish cho\n"
                        "06:00:00.000 sound lang from 0.000 in cho\n"
                        "06:00:00.200 started hoc\n"
                        "06:00:04.200 wish cho truong\n"
                        "06:00:05.000 sound hoc from 0.000 in truong\n"
                        "06:00:10.000 silent lang\n"
                        "06:00:10.000 played lang cho none\n"
                        "06:00:10.000 wish truong\n"
                        "06:00:15.000 silent hoc\n"
                        "06:00:15.000 played hoc truong none\n"
                        "06:00:15.000 wish\n");
}

/* Its bytes match the hash and it decodes, but there is less of it than the plan says. */
static void
test_short_audio(void)
{
    static const struct {
        const char *why;
        gint64 short_us;
        ContentReason reason;
        const char *detail;
    } cases[] = {
        {"rounding of a codec is nothing", 200000, CONTENT_REASON_NONE, NULL},
        {"a part is missing", PLAN_S(4), CONTENT_REASON_DECODE_FAILED,
         "the audio ended 4.0 s before its planned end"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ContentDayPlan *day;
        g_autoptr(CueWorld) world = story_world(&day);
        g_autofree char *said = NULL;
        const ContentRecord *record;

        g_test_message("%s", cases[i].why);
        plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"),
                         PLAN_S(10));
        cue_world_shorten(world, "tin", cases[i].short_us);
        cue_world_plan(world, day, "");
        story_run(world, "06:01:00");
        g_assert_cmpuint(cue_world_finals(world, "tin", "cho"), ==, 1);
        record = cue_world_last_final(world, "tin", "cho");
        g_assert_cmpint(record->kind, ==, CONTENT_RECORD_PLAYED);
        g_assert_cmpint(record->reason, ==, cases[i].reason);
        said = content_wording_remarks(record->details, CONTENT_READER_EN, NULL);
        g_assert_cmpstr(said, ==, cases[i].detail == NULL ? "" : cases[i].detail);
        g_assert_cmpint(record->actual_end_us - record->actual_start_us, ==,
                        PLAN_S(10) - cases[i].short_us);
    }
}

static void
test_overlap(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    plan_builder_add(day, "nhac", "o1", "cho", NULL, story_at(world, "06:00:00"), PLAN_S(60));
    plan_builder_add(day, "gap", "o1", "suoi", "vi", story_at(world, "06:00:20"), PLAN_S(10))
        ->class_ = CONTENT_CLASS_UU_TIEN;
    plan_builder_add(day, "chen", "o1", "cho", "vi", story_at(world, "06:00:40"), PLAN_S(10));
    cue_world_plan(world, day, "");
    story_run(world, "06:02:00");
    story_expect(world, "05:59:55.200 started nhac\n"
                        "05:59:59.200 wish cho\n"
                        "06:00:00.000 sound nhac from 0.000 in cho\n"
                        "06:00:15.200 started gap\n"
                        "06:00:18.700 wish\n"
                        "06:00:18.715 silent nhac\n"
                        "06:00:19.200 wish suoi\n"
                        "06:00:20.000 sound gap from 0.000 in suoi\n"
                        "06:00:30.000 silent gap\n"
                        "06:00:30.000 played gap suoi none\n"
                        "06:00:30.000 wish cho\n"
                        "06:00:30.701 sound nhac from 30.701 in cho\n"
                        "06:00:50.000 missed chen cho displaced\n"
                        "06:01:00.000 silent nhac\n"
                        "06:01:00.000 played nhac cho displaced\n"
                        "06:01:00.000 wish\n");
}

static void
test_over_midnight(void)
{
    ContentDayPlan *day = plan_builder_day("2028-02-28");
    ContentDayPlan *next = plan_builder_day("2028-02-29");
    g_autoptr(CueWorld) world = cue_world_new(STORY_TZ, STORY_ZONES, "2028-02-28 23:58:00");

    plan_builder_add(day, "dem", "o1", "cho", "vi", cue_world_at(world, "2028-02-28 23:59:50"),
                     PLAN_S(20));
    plan_builder_add(day, "khuya", "o1", "cho", "vi",
                     cue_world_at(world, "2028-02-29 00:05:00"), PLAN_S(5));
    plan_builder_add(next, "sang", "o1", "cho", "vi",
                     cue_world_at(world, "2028-02-29 00:10:00"), PLAN_S(5));
    cue_world_plan(world, day, "");
    cue_world_plan(world, next, "");
    cue_world_run(world, "2028-02-29 00:00:05");
    cue_world_announce(world, "2028-02-28", "");
    cue_world_run(world, "2028-02-29 00:20:00");
    story_expect(world, "23:59:45.200 started dem\n"
                        "23:59:49.200 wish cho\n"
                        "23:59:50.000 sound dem from 0.000 in cho\n"
                        "00:00:10.000 silent dem\n"
                        "00:00:10.000 played dem cho none\n"
                        "00:00:10.000 wish\n"
                        "00:04:55.200 started khuya\n"
                        "00:04:59.200 wish cho\n"
                        "00:05:00.000 sound khuya from 0.000 in cho\n"
                        "00:05:05.000 silent khuya\n"
                        "00:05:05.000 played khuya cho none\n"
                        "00:05:05.000 wish\n"
                        "00:09:55.200 started sang\n"
                        "00:09:59.200 wish cho\n"
                        "00:10:00.000 sound sang from 0.000 in cho\n"
                        "00:10:05.000 silent sang\n"
                        "00:10:05.000 played sang cho none\n"
                        "00:10:05.000 wish\n");
}

/* After midnight the plan of yesterday is another one: what sounds stops, what was to come of
 * it does not, and the new day is as it was. */
static void
test_withdrawn_after_midnight(void)
{
    ContentDayPlan *day = plan_builder_day("2028-02-28");
    ContentDayPlan *next = plan_builder_day("2028-02-29");
    g_autoptr(CueWorld) world = cue_world_new(STORY_TZ, STORY_ZONES, "2028-02-28 23:58:00");

    plan_builder_add(day, "dem", "o1", "cho", "vi", cue_world_at(world, "2028-02-28 23:59:50"),
                     PLAN_S(60));
    plan_builder_add(day, "khuya", "o1", "cho", "vi",
                     cue_world_at(world, "2028-02-29 00:05:00"), PLAN_S(5));
    plan_builder_add(next, "sang", "o1", "cho", "vi",
                     cue_world_at(world, "2028-02-29 00:10:00"), PLAN_S(5));
    cue_world_plan(world, day, "");
    cue_world_plan(world, next, "");
    cue_world_run(world, "2028-02-29 00:00:05");
    cue_world_plan(world, plan_builder_day("2028-02-28"), "2");
    cue_world_run(world, "2028-02-29 00:20:00");
    story_expect(world, "23:59:45.200 started dem\n"
                        "23:59:49.200 wish cho\n"
                        "23:59:50.000 sound dem from 0.000 in cho\n"
                        "00:00:05.000 wish\n"
                        "00:00:05.015 silent dem\n"
                        "00:00:05.015 played dem cho withdrawn\n"
                        "00:09:55.200 started sang\n"
                        "00:09:59.200 wish cho\n"
                        "00:10:00.000 sound sang from 0.000 in cho\n"
                        "00:10:05.000 silent sang\n"
                        "00:10:05.000 played sang cho none\n"
                        "00:10:05.000 wish\n");
}

/* A manifest that does not list yesterday any more: nothing of it is left. */
static void
test_unlisted_after_midnight(void)
{
    ContentDayPlan *day = plan_builder_day("2028-02-28");
    g_autoptr(CueWorld) world = cue_world_new(STORY_TZ, STORY_ZONES, "2028-02-28 23:58:00");

    plan_builder_add(day, "dem", "o1", "cho", "vi", cue_world_at(world, "2028-02-28 23:59:50"),
                     PLAN_S(60));
    cue_world_plan(world, day, "");
    cue_world_plan(world, plan_builder_day("2028-02-29"), "");
    cue_world_run(world, "2028-02-29 00:00:05");
    cue_world_drop_day(world, "2028-02-28");
    cue_world_run(world, "2028-02-29 00:20:00");
    story_expect(world, "23:59:45.200 started dem\n"
                        "23:59:49.200 wish cho\n"
                        "23:59:50.000 sound dem from 0.000 in cho\n"
                        "00:00:05.000 wish\n"
                        "00:00:05.015 silent dem\n"
                        "00:00:05.015 played dem cho withdrawn\n");
}

/* Killed in the middle of what began yesterday: the rest is heard, told in two parts. */
static void
test_restart_after_midnight(void)
{
    ContentDayPlan *day = plan_builder_day("2028-02-28");
    g_autoptr(CueWorld) world = cue_world_new(STORY_TZ, STORY_ZONES, "2028-02-28 23:58:00");

    plan_builder_add(day, "dem", "o1", "cho", "vi", cue_world_at(world, "2028-02-28 23:59:50"),
                     PLAN_S(60));
    cue_world_plan(world, day, "");
    cue_world_run(world, "2028-02-29 00:00:10");
    cue_world_plan(world, plan_builder_day("2028-02-29"), "");
    cue_world_restart(world, PLAN_S(3), CONTENT_REASON_PLAYER_STOPPED);
    cue_world_run(world, "2028-02-29 00:01:00");
    g_assert_cmpuint(cue_world_finals(world, "dem", "cho"), ==, 1);
    g_assert_cmpuint(cue_world_last_final(world, "dem", "cho")->parts->len, ==, 2);
}

/* clang-format off */
static const Story stories[] = {
    { "plain", test_plain },
    { "following", test_following },
    { "three-languages", test_three_languages },
    { "no-pause-between-languages", test_no_pause_between_languages },
    { "two-outputs", test_two_outputs },
    { "short-audio", test_short_audio },
    { "overlap", test_overlap },
    { "over-midnight", test_over_midnight },
    { "withdrawn-after-midnight", test_withdrawn_after_midnight },
    { "unlisted-after-midnight", test_unlisted_after_midnight },
    { "restart-after-midnight", test_restart_after_midnight },
};
/* clang-format on */

int
main(int argc, char **argv)
{
    return story_tell_all(argc, argv, "cue-day", stories, G_N_ELEMENTS(stories));
}
