/*
 * test-cue-day.c - stories of a station, each told by its tape, to the millisecond.
 *
 * The cue is real; gateway, card, disk and clock are simulated (tests/support/cue-world.h).
 */
#include "tests/support/cue-world.h"

#include <string.h>

#define TZ    "Asia/Ho_Chi_Minh"
#define ZONES "o1:cho o1:nha-rong o1:suoi o2:truong"
#define DATE  "2026-03-02"

/* A world at 05:59 of a Monday, and an empty plan of that day. */
static CueWorld *
new_world(ContentDayPlan **out_day)
{
    *out_day = plan_builder_day(DATE);
    return cue_world_new(TZ, ZONES, DATE " 05:59:00");
}

static gint64
at(CueWorld *world, const char *time)
{
    g_autofree char *local = g_strconcat(DATE " ", time, NULL);

    return cue_world_at(world, local);
}

static void
run(CueWorld *world, const char *time)
{
    g_autofree char *local = g_strconcat(DATE " ", time, NULL);

    cue_world_run(world, local);
}

#define expect(world, tape) expect_at(world, tape, G_STRLOC)

static void
expect_at(CueWorld *world, const char *tape, const char *where)
{
    g_autofree char *told = cue_world_tape(world);

    if (strcmp(told, tape) != 0)
        g_test_message("%s:\n%s", where, told);
    g_assert_cmpstr(told, ==, tape);
}

/* What the final record says of the sound itself, in ms from @time. */
static void
expect_heard(CueWorld *world, const char *name, const char *zone, const char *time,
             gint64 from_ms, gint64 to_ms, gint64 position_ms, gint64 silent_ms)
{
    const ContentRecord *record = cue_world_last_final(world, name, zone);
    gint64 base_us = at(world, time);

    g_assert_cmpint(record->kind, ==, CONTENT_RECORD_PLAYED);
    g_assert_cmpint((record->actual_start_us - base_us) / 1000, ==, from_ms);
    g_assert_cmpint((record->actual_end_us - base_us) / 1000, ==, to_ms);
    g_assert_cmpint(record->position_us / 1000, ==, position_ms);
    g_assert_cmpint(record->silent_us / 1000, ==, silent_ms);
    g_assert_cmpint(record->relay, ==, CONTENT_RELAY_CLOSED);
    g_assert_cmpint(record->relay_asked_us, <=, record->relay_read_us);
    g_assert_cmpint(record->relay_read_us, <=, record->actual_end_us);
    g_assert_cmpint(record->level_mdb, ==, -20000);
    g_assert_false(record->journal_late);
}

static void
test_plain(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho suoi", "vi", at(world, "06:00:00"), PLAN_S(10));
    cue_world_plan(world, day, "");
    run(world, "06:01:00");
    expect(world, "05:59:55.200 started tin\n"
                  "05:59:59.200 wish cho suoi\n"
                  "06:00:00.000 sound tin from 0.000 in cho suoi\n"
                  "06:00:10.000 silent tin\n"
                  "06:00:10.000 played tin cho none\n"
                  "06:00:10.000 played tin suoi none\n"
                  "06:00:10.000 wish\n");
    expect_heard(world, "tin", "suoi", "06:00:00", 0, 10000, 0, 0);
}

static void
test_following(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho suoi", "vi", at(world, "06:00:00"), PLAN_S(10));
    plan_builder_add(day, "gia", "o1", "cho suoi", "vi", at(world, "06:00:10"), PLAN_S(10));
    cue_world_plan(world, day, "");
    run(world, "06:01:00");
    expect(world, "05:59:55.200 started tin\n"
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
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "vi", "o1", "cho nha-rong", "vi", at(world, "06:00:00"), PLAN_S(10));
    plan_builder_add(day, "bdq", "o1", "nha-rong", "bdq", at(world, "06:00:11"), PLAN_S(10));
    plan_builder_add(day, "jra", "o1", "nha-rong suoi", "jra", at(world, "06:00:22"),
                     PLAN_S(10));
    cue_world_plan(world, day, "");
    run(world, "06:01:00");
    expect(world, "05:59:55.200 started vi\n"
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
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "vi", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(10));
    plan_builder_add(day, "bdq", "o1", "nha-rong", "bdq", at(world, "06:00:10"), PLAN_S(10));
    cue_world_plan(world, day, "");
    run(world, "06:01:00");
    expect(world, "05:59:55.200 started vi\n"
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
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "lang", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(10));
    plan_builder_add(day, "hoc", "o2", "truong", "vi", at(world, "06:00:05"), PLAN_S(10));
    cue_world_plan(world, day, "");
    run(world, "06:01:00");
    expect(world, "05:59:55.200 started lang\n"
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
        g_autoptr(CueWorld) world = new_world(&day);
        const ContentRecord *record;

        g_test_message("%s", cases[i].why);
        plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(10));
        cue_world_shorten(world, "tin", cases[i].short_us);
        cue_world_plan(world, day, "");
        run(world, "06:01:00");
        g_assert_cmpuint(cue_world_finals(world, "tin", "cho"), ==, 1);
        record = cue_world_last_final(world, "tin", "cho");
        g_assert_cmpint(record->kind, ==, CONTENT_RECORD_PLAYED);
        g_assert_cmpint(record->reason, ==, cases[i].reason);
        g_assert_cmpstr(record->detail, ==, cases[i].detail);
        g_assert_cmpint(record->actual_end_us - record->actual_start_us, ==,
                        PLAN_S(10) - cases[i].short_us);
    }
}

static void
test_late_relay(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho suoi", "vi", at(world, "06:00:00"), PLAN_S(10));
    cue_world_plan(world, day, "");
    cue_world_relay(world, "suoi", PLAN_S(5));
    run(world, "06:01:00");
    expect(world, "05:59:55.200 started tin\n"
                  "05:59:59.200 wish cho suoi\n"
                  "06:00:00.000 sound tin from 0.000 in cho\n"
                  "06:00:02.300 fault relay-failed suoi: the relay is not confirmed though a "
                  "segment is due\n"
                  "06:00:04.201 cleared relay-failed suoi: the relay is not confirmed though a "
                  "segment is due\n"
                  "06:00:10.000 silent tin\n"
                  "06:00:10.000 played tin cho none\n"
                  "06:00:10.000 played tin suoi relay_failed\n"
                  "06:00:10.000 wish\n");
    expect_heard(world, "tin", "cho", "06:00:00", 0, 10000, 0, 0);
    expect_heard(world, "tin", "suoi", "06:00:00", 4200, 10000, 4200, 0);
}

static void
test_silent_relays(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(30));
    cue_world_plan(world, day, "");
    cue_world_relay(world, "cho", -1);
    run(world, "06:00:12");
    cue_world_relay(world, "cho", 0);
    run(world, "06:01:00");
    expect(world, "05:59:55.200 started tin\n"
                  "05:59:59.200 wish cho\n"
                  "06:00:02.300 fault relay-failed cho: the relay is not confirmed though a "
                  "segment is due\n"
                  "06:00:12.001 cleared relay-failed cho: the relay is not confirmed though a "
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
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(10));
    cue_world_plan(world, day, "");
    cue_world_relay(world, "cho", -1);
    run(world, "06:01:00");
    expect(world, "05:59:55.200 started tin\n"
                  "05:59:59.200 wish cho\n"
                  "06:00:02.300 fault relay-failed cho: the relay is not confirmed though a "
                  "segment is due\n"
                  "06:00:10.000 missed tin cho relay_failed\n"
                  "06:00:10.000 wish\n"
                  "06:00:10.000 cleared relay-failed cho: the relay is not confirmed though a "
                  "segment is due\n");
}

static void
test_gateway_dies(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(60));
    cue_world_plan(world, day, "");
    run(world, "06:00:10");
    cue_world_gateway(world, FALSE);
    run(world, "06:00:18");
    cue_world_gateway(world, TRUE);
    run(world, "06:02:00");
    expect(world, "05:59:55.200 started tin\n"
                  "05:59:59.200 wish cho\n"
                  "06:00:00.000 sound tin from 0.000 in cho\n"
                  "06:00:10.000 wish\n"
                  "06:00:10.015 silent tin\n"
                  "06:00:10.015 wish cho\n"
                  "06:00:15.000 fault gateway-down gateway: the gateway does not answer\n"
                  "06:00:18.000 cleared gateway-down gateway: the gateway does not answer\n"
                  "06:00:18.701 sound tin from 18.701 in cho\n"
                  "06:01:00.000 silent tin\n"
                  "06:01:00.000 played tin cho gateway_down\n"
                  "06:01:00.000 wish\n");
    /* Both parts: until it died, and from when it was back. */
    expect_heard(world, "tin", "cho", "06:00:00", 0, 60000, 0, 8701);
}

static void
test_killed(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(60));
    cue_world_plan(world, day, "");
    run(world, "06:00:10");
    cue_world_restart(world, PLAN_S(4), CONTENT_REASON_PLAYER_STOPPED);
    run(world, "06:02:00");
    expect(world, "05:59:55.200 started tin\n"
                  "05:59:59.200 wish cho\n"
                  "06:00:00.000 sound tin from 0.000 in cho\n"
                  "06:00:10.000 killed\n"
                  "06:00:14.000 started tin\n"
                  "06:00:14.000 wish cho\n"
                  "06:00:14.701 sound tin from 14.701 in cho\n"
                  "06:01:00.000 silent tin\n"
                  "06:01:00.000 played tin cho interrupted\n"
                  "06:01:00.000 wish\n");
    expect_heard(world, "tin", "cho", "06:00:00", 14701, 60000, 14701, 0);
    g_assert_nonnull(strstr(cue_world_last_final(world, "tin", "cho")->detail,
                            "begun at 22:59:55 UTC before a restart"));
}

static void
test_power_cut(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(60));
    plan_builder_add(day, "gia", "o1", "cho", "vi", at(world, "06:30:00"), PLAN_S(60));
    plan_builder_add(day, "nhac", "o1", "cho", "vi", at(world, "07:30:00"), PLAN_S(60));
    cue_world_plan(world, day, "");
    run(world, "06:00:10");
    cue_world_restart(world, PLAN_MIN(60), CONTENT_REASON_NO_POWER);
    run(world, "08:00:00");
    expect(world, "05:59:55.200 started tin\n"
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
test_untouched(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(60));
    cue_world_plan(world, day, "");
    run(world, "06:00:10");
    cue_world_announce(world, DATE, "2");
    run(world, "06:00:13");
    day = plan_builder_day(DATE);
    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(60));
    plan_builder_add(day, "gia", "o1", "cho", "vi", at(world, "06:05:00"), PLAN_S(5));
    cue_world_plan(world, day, "2");
    run(world, "06:10:00");
    expect(world, "05:59:55.200 started tin\n"
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
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(60));
    cue_world_plan(world, day, "");
    run(world, "06:00:10");
    cue_world_plan(world, plan_builder_day(DATE), "2");
    run(world, "06:02:00");
    expect(world, "05:59:55.200 started tin\n"
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
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(120));
    plan_builder_add(day, "hoc", "o2", "truong", "vi", at(world, "06:00:20"), PLAN_S(30));
    cue_world_plan(world, day, "");
    run(world, "06:00:10");
    cue_world_announce(world, DATE, "2");
    run(world, "06:05:00");
    expect(world, "05:59:55.200 started tin\n"
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
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(20));
    cue_world_plan(world, day, "");
    run(world, "06:00:10");
    day = plan_builder_day(DATE);
    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:03:00"), PLAN_S(20));
    cue_world_plan(world, day, "2");
    run(world, "06:10:00");
    expect(world, "05:59:55.200 started tin\n"
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
    expect_heard(world, "tin", "cho", "06:03:00", 0, 20000, 0, 0);
    g_assert_cmpstr(cue_world_last_final(world, "tin", "cho")->detail, ==,
                    "10.0 s were heard before a new plan moved it");
}

static void
test_overlap(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "nhac", "o1", "cho", NULL, at(world, "06:00:00"), PLAN_S(60));
    plan_builder_add(day, "gap", "o1", "suoi", "vi", at(world, "06:00:20"), PLAN_S(10))
        ->class_ = CONTENT_CLASS_UU_TIEN;
    plan_builder_add(day, "chen", "o1", "cho", "vi", at(world, "06:00:40"), PLAN_S(10));
    cue_world_plan(world, day, "");
    run(world, "06:02:00");
    expect(world, "05:59:55.200 started nhac\n"
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
test_missing_object(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(30));
    plan_builder_add(day, "gia", "o1", "cho", "vi", at(world, "06:05:00"), PLAN_S(30));
    cue_world_plan(world, day, "");
    cue_world_object(world, "tin", PLAY_OBJECT_MISSING);
    cue_world_object(world, "gia", PLAY_OBJECT_MISSING);
    run(world, "06:00:10");
    cue_world_object(world, "tin", PLAY_OBJECT_HERE);
    run(world, "06:10:00");
    expect(world, "05:59:53.200 fault object-missing "
                  "ab547757da37eb600011051fb0e9fe0c9ea49d220086a939c76369d29bfa1542: the audio "
                  "is not here\n"
                  "06:00:10.000 started tin\n"
                  "06:00:10.000 wish cho\n"
                  "06:00:10.000 cleared object-missing "
                  "ab547757da37eb600011051fb0e9fe0c9ea49d220086a939c76369d29bfa1542: the audio "
                  "is not here\n"
                  "06:00:10.701 sound tin from 10.701 in cho\n"
                  "06:00:30.000 silent tin\n"
                  "06:00:30.000 played tin cho object_missing\n"
                  "06:00:30.000 wish\n"
                  "06:04:53.200 fault object-missing "
                  "baea6a5e373856738b580b254c80214113e6059cbef8f7f5094605a501a7c6e2: the audio "
                  "is not here\n"
                  "06:05:30.000 missed gia cho object_missing\n"
                  "06:05:30.000 cleared object-missing "
                  "baea6a5e373856738b580b254c80214113e6059cbef8f7f5094605a501a7c6e2: the audio "
                  "is not here\n");
}

static void
test_clock_of_1970(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = new_world(&day);

    cue_world_trust(world, CONTENT_TRUST_UNSET);
    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(10));
    plan_builder_add(day, "gia", "o1", "cho", "vi", at(world, "06:10:00"), PLAN_S(60));
    cue_world_plan(world, day, "");
    cue_world_step_clock(world, -cue_world_utc(world));
    cue_world_restart(world, 0, CONTENT_REASON_NO_POWER);
    cue_world_run_for(world, PLAN_MIN(11) + PLAN_S(30));
    cue_world_step_clock(world, at(world, "06:10:30") - cue_world_utc(world));
    cue_world_trust(world, CONTENT_TRUST_SYNCED);
    run(world, "06:20:00");
    expect(world, "08:00:00.000 killed\n"
                  "08:00:10.000 fault clock-untrusted clock: nobody vouches for the clock: "
                  "nothing plays by the calendar\n"
                  "06:10:30.000 missed tin cho clock_untrusted\n"
                  "06:10:30.000 started gia\n"
                  "06:10:30.000 wish cho\n"
                  "06:10:30.000 cleared clock-untrusted clock: nobody vouches for the clock: "
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
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(30));
    plan_builder_add(day, "gia", "o1", "cho", "vi", at(world, "06:05:00"), PLAN_S(30));
    plan_builder_add(day, "nhac", "o1", "cho", "vi", at(world, "06:15:00"), PLAN_S(30));
    cue_world_plan(world, day, "");
    run(world, "06:00:10");
    cue_world_step_clock(world, PLAN_MIN(10));
    run(world, "06:12:00");
    cue_world_step_clock(world, -PLAN_MIN(10));
    run(world, "06:20:00");
    expect(world, "05:59:55.200 started tin\n"
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

static void
test_over_midnight(void)
{
    ContentDayPlan *day = plan_builder_day("2028-02-28");
    ContentDayPlan *next = plan_builder_day("2028-02-29");
    g_autoptr(CueWorld) world = cue_world_new(TZ, ZONES, "2028-02-28 23:58:00");

    plan_builder_add(day, "dem", "o1", "cho", "vi", cue_world_at(world, "2028-02-28 23:59:50"),
                     PLAN_S(20));
    plan_builder_add(day, "khuya", "o1", "cho", "vi",
                     cue_world_at(world, "2028-02-29 00:05:00"), PLAN_S(5));
    plan_builder_add(next, "sang", "o1", "cho", "vi",
                     cue_world_at(world, "2028-02-29 00:10:00"), PLAN_S(5));
    cue_world_plan(world, day, "");
    cue_world_plan(world, next, "");
    cue_world_run(world, "2028-02-29 00:00:05");
    cue_world_forget_day(world, "2028-02-28");
    cue_world_run(world, "2028-02-29 00:20:00");
    expect(world, "23:59:45.200 started dem\n"
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

static void
test_card_fails(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(30));
    cue_world_plan(world, day, "");
    cue_world_card(world, FALSE);
    run(world, "06:00:04");
    cue_world_card(world, TRUE);
    run(world, "06:02:00");
    expect(world, "05:59:55.200 started tin\n"
                  "05:59:59.200 wish cho\n"
                  "06:00:00.000 wish\n"
                  "06:00:00.000 fault output-failed o1: a segment could not be sounded; it is "
                  "tried again\n"
                  "06:00:02.000 wish cho\n"
                  "06:00:02.701 wish\n"
                  "06:00:04.701 wish cho\n"
                  "06:00:05.402 sound tin from 5.402 in cho\n"
                  "06:00:05.402 cleared output-failed o1: a segment could not be sounded; it "
                  "is tried again\n"
                  "06:00:30.000 silent tin\n"
                  "06:00:30.000 played tin cho output_failed\n"
                  "06:00:30.000 wish\n");
}

/* The key that signed the manifest was revoked: what sounds stops, what was to come does not.
 */
static void
test_no_manifest_any_more(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(30));
    plan_builder_add(day, "hoc", "o1", "cho", "vi", at(world, "06:01:00"), PLAN_S(30));
    cue_world_plan(world, day, "");
    run(world, "06:00:10");
    cue_world_drop_manifest(world);
    run(world, "06:02:00");
    expect(world, "05:59:55.200 started tin\n"
                  "05:59:59.200 wish cho\n"
                  "06:00:00.000 sound tin from 0.000 in cho\n"
                  "06:00:10.000 wish\n"
                  "06:00:10.015 silent tin\n"
                  "06:00:10.015 played tin cho withdrawn\n");
}

/* Each fault of a board is one for itself, from its beginning to its end. */
static void
test_board_faults(void)
{
    const char *const both[] = {"board east: no answer", "relay west/3 reads open although",
                                NULL};
    const char *const changed[] = {"board east: answers too late",
                                   "relay west/3 reads open although", NULL};
    const char *const second[] = {"relay west/3 reads open although", NULL};
    const char *const none[] = {NULL};
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = new_world(&day);

    cue_world_plan(world, day, "");
    run(world, "05:59:00");
    cue_world_board_faults(world, both);
    run(world, "05:59:10");
    cue_world_board_faults(world, changed);
    run(world, "05:59:20");
    cue_world_board_faults(world, second);
    run(world, "05:59:30");
    cue_world_board_faults(world, none);
    expect(world,
           "05:59:00.000 fault board relay west/3: relay west/3 reads open although\n"
           "05:59:00.000 fault board board east: board east: no answer\n"
           "05:59:20.000 cleared board board east: board east: answers too late\n"
           "05:59:30.000 cleared board relay west/3: relay west/3 reads open although\n");
}

static void
test_technician(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(10));
    cue_world_plan(world, day, "");
    run(world, "05:59:10");
    cue_world_test(world, "suoi", 2000);
    run(world, "05:59:20");
    cue_world_test(world, "song", 2000);
    run(world, "05:59:58");
    cue_world_test(world, "suoi", 2000);
    run(world, "06:01:00");
    cue_world_relay(world, "suoi", -1);
    cue_world_test(world, "suoi", 1000);
    run(world, "06:02:00");
    expect(world, "05:59:10.000 answer test: unknown, the test begins\n"
                  "05:59:10.000 wish suoi\n"
                  "05:59:12.000 wish\n"
                  "05:59:12.201 test test test: the relay closed and opened again\n"
                  "05:59:12.201 answer test: closed, the relay closed and opened again\n"
                  "05:59:20.000 answer test: unknown, the gateway has no such zone\n"
                  "05:59:55.200 started tin\n"
                  "05:59:58.000 answer test: unknown, something sounds, or is about to\n"
                  "05:59:59.200 wish cho\n"
                  "06:00:00.000 sound tin from 0.000 in cho\n"
                  "06:00:10.000 silent tin\n"
                  "06:00:10.000 played tin cho none\n"
                  "06:00:10.000 wish\n"
                  "06:01:00.000 answer test: unknown, the test begins\n"
                  "06:01:00.000 wish suoi\n"
                  "06:01:01.000 wish\n"
                  "06:01:01.001 test test test: the relay was not read closed\n"
                  "06:01:01.001 answer test: open, the relay was not read closed\n");
}

/* A test that is under way when a segment nears gives the zone back. */
static void
test_technician_gives_way(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = new_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", at(world, "06:00:00"), PLAN_S(10));
    cue_world_plan(world, day, "");
    run(world, "05:59:50");
    cue_world_test(world, "suoi", 10000);
    run(world, "06:01:00");
    expect(world, "05:59:50.000 answer test: unknown, the test begins\n"
                  "05:59:50.000 wish suoi\n"
                  "05:59:55.200 started tin\n"
                  "05:59:55.200 wish\n"
                  "05:59:55.401 test test test: the relay closed and opened again\n"
                  "05:59:55.401 answer test: closed, the relay closed and opened again\n"
                  "05:59:59.200 wish cho\n"
                  "06:00:00.000 sound tin from 0.000 in cho\n"
                  "06:00:10.000 silent tin\n"
                  "06:00:10.000 played tin cho none\n"
                  "06:00:10.000 wish\n");
}

/* clang-format off */
static const struct { const char *path; void (*test)(void); } stories[] = {
    { "plain", test_plain },
    { "following", test_following },
    { "three-languages", test_three_languages },
    { "no-pause-between-languages", test_no_pause_between_languages },
    { "two-outputs", test_two_outputs },
    { "short-audio", test_short_audio },
    { "late-relay", test_late_relay },
    { "silent-relays", test_silent_relays },
    { "relays-never", test_relays_never },
    { "gateway-dies", test_gateway_dies },
    { "killed", test_killed },
    { "power-cut", test_power_cut },
    { "untouched", test_untouched },
    { "withdrawn", test_withdrawn },
    { "board-faults", test_board_faults },
    { "no-manifest-any-more", test_no_manifest_any_more },
    { "superseded", test_superseded },
    { "moved", test_moved },
    { "overlap", test_overlap },
    { "missing-object", test_missing_object },
    { "clock-of-1970", test_clock_of_1970 },
    { "clock-steps", test_clock_steps },
    { "over-midnight", test_over_midnight },
    { "card-fails", test_card_fails },
    { "technician", test_technician },
    { "technician-gives-way", test_technician_gives_way },
};
/* clang-format on */

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(stories); i++) {
        g_autofree char *path = g_strconcat("/day/cue/", stories[i].path, NULL);

        g_test_add_func(path, stories[i].test);
    }
    return g_test_run();
}
