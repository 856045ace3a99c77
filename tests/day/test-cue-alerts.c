/*
 * test-cue-alerts.c - alerts among the day's programme, told by the tape, and every pair of
 * them.
 *
 * The cue is real; gateway, card, disk and clock are simulated (tests/support/cue-world.h). At
 * each instant the world checks who hears what, who has the output, and that no relay is closed
 * without an order.
 */
#include "tests/day/alert-story.h"

#include <string.h>

static void
interrupts(void)
{
    g_autoptr(CueWorld) world = world_with("cho");

    run_to(world, "06:00:10");
    cue_world_alert(world, order(world, "lu", "cho"));
    story_run(world, "06:01:05");
    story_expect(world, "06:00:10.000 alert lu\n"
                        "06:00:10.000 alert_taken lu cho none\n"
                        "06:00:10.000 wish cho\n"
                        "06:00:10.005 silent tin\n"
                        "06:00:10.005 sound lu-signal from 0.000 in cho\n"
                        "06:00:10.005 started lu cho none\n"
                        "06:00:13.005 silent lu-signal\n"
                        "06:00:13.005 sound lu-vi from 0.000 in cho\n"
                        "06:00:23.005 silent lu-vi\n"
                        "06:00:23.005 alert_ended lu cho none\n"
                        "06:00:23.005 done lu\n"
                        "06:00:23.005 wish cho\n"
                        "06:00:23.255 sound tin from 23.255 in cho\n"
                        "06:01:00.000 silent tin\n"
                        "06:01:00.000 played tin cho displaced\n"
                        "06:01:00.000 wish\n");
}

/* A village that is not meant to hear it is off first; one that is hears the signal as soon as
 * its relay is in. */
static void
in_another_village(void)
{
    g_autoptr(CueWorld) world = world_with("suoi");

    run_to(world, "06:00:10");
    cue_world_alert(world, order(world, "lu", "cho"));
    story_run(world, "06:00:26");
    story_expect(world, "06:00:10.000 alert lu\n"
                        "06:00:10.000 alert_taken lu cho none\n"
                        "06:00:10.000 wish\n"
                        "06:00:10.015 silent tin\n"
                        "06:00:10.015 wish cho\n"
                        "06:00:10.471 sound lu-signal from 0.000 in cho\n"
                        "06:00:10.471 started lu cho none\n"
                        "06:00:13.471 silent lu-signal\n"
                        "06:00:13.471 sound lu-vi from 0.000 in cho\n"
                        "06:00:23.471 silent lu-vi\n"
                        "06:00:23.471 alert_ended lu cho none\n"
                        "06:00:23.471 done lu\n"
                        "06:00:23.471 wish suoi\n"
                        "06:00:24.172 sound tin from 24.172 in suoi\n");
}

/* Each village hears its own languages in its own order; relays follow. */
static void
languages(void)
{
    ContentDayPlan *day;
    g_autoptr(CueWorld) world = story_world(&day);

    content_day_plan_free(day);
    speak(world, "cho", "vi");
    speak(world, "nha-rong", "jra vi");
    speak(world, "suoi", "bdq vi");
    run_to(world, "06:00:00");
    cue_world_alert(world, alert_builder_new("lu", "xa", "vi jra bdq", cue_world_utc(world)));
    story_run(world, "06:01:00");
    story_expect(world, "06:00:00.000 alert lu\n"
                        "06:00:00.000 alert_taken lu cho none\n"
                        "06:00:00.000 alert_taken lu nha-rong none\n"
                        "06:00:00.000 alert_taken lu suoi none\n"
                        "06:00:00.000 alert_taken lu truong none\n"
                        "06:00:00.000 wish cho nha-rong suoi truong\n"
                        "06:00:00.456 sound lu-signal from 0.000 in cho nha-rong suoi truong\n"
                        "06:00:00.456 sound lu-signal from 0.000 in cho nha-rong suoi truong\n"
                        "06:00:00.456 started lu cho none\n"
                        "06:00:00.456 started lu nha-rong none\n"
                        "06:00:00.456 started lu suoi none\n"
                        "06:00:00.456 started lu truong none\n"
                        "06:00:03.456 silent lu-signal\n"
                        "06:00:03.456 silent lu-signal\n"
                        "06:00:03.456 sound lu-vi from 0.000 in cho nha-rong suoi truong\n"
                        "06:00:03.456 wish nha-rong truong\n"
                        "06:00:03.662 sound lu-jra from 0.000 in nha-rong\n"
                        "06:00:13.456 silent lu-vi\n"
                        "06:00:13.456 alert_ended lu truong none\n"
                        "06:00:13.456 wish nha-rong\n"
                        "06:00:13.662 silent lu-jra\n"
                        "06:00:13.662 wish suoi\n"
                        "06:00:14.118 sound lu-bdq from 0.000 in suoi\n"
                        "06:00:24.118 silent lu-bdq\n"
                        "06:00:24.118 wish cho nha-rong suoi\n"
                        "06:00:24.574 sound lu-vi from 0.000 in cho nha-rong suoi\n"
                        "06:00:34.574 silent lu-vi\n"
                        "06:00:34.574 alert_ended lu cho none\n"
                        "06:00:34.574 alert_ended lu nha-rong none\n"
                        "06:00:34.574 alert_ended lu suoi none\n"
                        "06:00:34.574 done lu\n"
                        "06:00:34.574 wish\n");
}

/* The gap between two repeats keeps the output, and the relays. */
static void
repeats(void)
{
    g_autoptr(CueWorld) world = world_with("cho");
    ContentAlert *alert;

    run_to(world, "06:00:10");
    alert = order(world, "lu", "cho");
    alert->repeats = 2;
    alert->gap_ms = 2000;
    cue_world_alert(world, alert);
    story_run(world, "06:00:45");
    story_expect(world, "06:00:10.000 alert lu\n"
                        "06:00:10.000 alert_taken lu cho none\n"
                        "06:00:10.000 wish cho\n"
                        "06:00:10.005 silent tin\n"
                        "06:00:10.005 sound lu-signal from 0.000 in cho\n"
                        "06:00:10.005 started lu cho none\n"
                        "06:00:13.005 silent lu-signal\n"
                        "06:00:13.005 sound lu-vi from 0.000 in cho\n"
                        "06:00:23.005 silent lu-vi\n"
                        "06:00:25.010 sound lu-signal from 0.000 in cho\n"
                        "06:00:28.010 silent lu-signal\n"
                        "06:00:28.010 sound lu-vi from 0.000 in cho\n"
                        "06:00:38.010 silent lu-vi\n"
                        "06:00:38.010 alert_ended lu cho none\n"
                        "06:00:38.010 done lu\n"
                        "06:00:38.010 wish cho\n"
                        "06:00:38.260 sound tin from 38.260 in cho\n");
}

/* Between two series the programme goes on. */
static void
series(void)
{
    g_autoptr(CueWorld) world = world_with("cho");
    ContentAlert *alert;

    run_to(world, "06:00:10");
    alert = order(world, "lu", "cho");
    alert->again_s = 60;
    alert->expires_us = alert->issued_us + PLAN_S(62);
    cue_world_alert(world, alert);
    story_run(world, "06:01:20");
    story_expect(world, "06:00:10.000 alert lu\n"
                        "06:00:10.000 alert_taken lu cho none\n"
                        "06:00:10.000 wish cho\n"
                        "06:00:10.005 silent tin\n"
                        "06:00:10.005 sound lu-signal from 0.000 in cho\n"
                        "06:00:10.005 started lu cho none\n"
                        "06:00:13.005 silent lu-signal\n"
                        "06:00:13.005 sound lu-vi from 0.000 in cho\n"
                        "06:00:23.005 silent lu-vi\n"
                        "06:00:23.005 wish cho\n"
                        "06:00:23.255 sound tin from 23.255 in cho\n"
                        "06:01:00.000 silent tin\n"
                        "06:01:00.000 played tin cho displaced\n"
                        "06:01:00.000 wish\n"
                        "06:01:10.000 wish cho\n"
                        "06:01:10.456 sound lu-signal from 0.000 in cho\n"
                        "06:01:12.000 wish\n"
                        "06:01:12.015 silent lu-signal\n"
                        "06:01:12.015 alert_ended lu cho none\n"
                        "06:01:12.015 done lu\n");
}

/* The one that waits begins again with its signal. */
static void
two_at_once(void)
{
    g_autoptr(CueWorld) world = world_with("cho");
    ContentAlert *worse;

    run_to(world, "06:00:10");
    cue_world_alert(world, order(world, "lu", "cho"));
    run_to(world, "06:00:15");
    worse = order(world, "vo-dap", "cho");
    worse->severity = 5;
    cue_world_alert(world, worse);
    story_run(world, "06:00:50");
    story_expect(world, "06:00:15.000 alert vo-dap\n"
                        "06:00:15.000 alert_taken vo-dap cho none\n"
                        "06:00:15.000 wish cho\n"
                        "06:00:15.005 silent lu-vi\n"
                        "06:00:15.005 sound vo-dap-signal from 0.000 in cho\n"
                        "06:00:15.005 started vo-dap cho none\n"
                        "06:00:18.005 silent vo-dap-signal\n"
                        "06:00:18.005 sound vo-dap-vi from 0.000 in cho\n"
                        "06:00:28.005 silent vo-dap-vi\n"
                        "06:00:28.005 alert_ended vo-dap cho none\n"
                        "06:00:28.005 done vo-dap\n"
                        "06:00:28.005 wish cho\n"
                        "06:00:28.010 sound lu-signal from 0.000 in cho\n"
                        "06:00:31.010 silent lu-signal\n"
                        "06:00:31.010 sound lu-vi from 0.000 in cho\n"
                        "06:00:41.010 silent lu-vi\n"
                        "06:00:41.010 alert_ended lu cho none\n"
                        "06:00:41.010 done lu\n"
                        "06:00:41.010 wish cho\n"
                        "06:00:41.260 sound tin from 41.260 in cho\n");
}

static void
stopped(void)
{
    g_autoptr(CueWorld) world = world_with("cho");
    ContentAlert *alert;

    run_to(world, "06:00:10");
    alert = order(world, "lu", "cho");
    alert->repeats = 5;
    cue_world_alert(world, alert);
    run_to(world, "06:00:15");
    cue_world_stop_alert(world, alert_builder_stop("dung", "lu", NULL, cue_world_utc(world)));
    story_run(world, "06:00:20");
    story_expect(world, "06:00:15.000 stop lu\n"
                        "06:00:15.000 wish\n"
                        "06:00:15.015 silent lu-vi\n"
                        "06:00:15.015 alert_ended lu cho stopped\n"
                        "06:00:15.015 done lu\n"
                        "06:00:15.015 wish cho\n"
                        "06:00:15.266 sound tin from 15.266 in cho\n");
}

/* The others hear it on. */
static void
stopped_in_one_village(void)
{
    g_autoptr(CueWorld) world = world_with("suoi");

    run_to(world, "05:59:10");
    cue_world_alert(world, order(world, "lu", "xa"));
    run_to(world, "05:59:15");
    cue_world_stop_alert(world, alert_builder_stop("dung", "lu", "cho", cue_world_utc(world)));
    story_run(world, "05:59:30");
    story_expect(world, "05:59:15.000 stop lu\n"
                        "05:59:15.000 wish nha-rong suoi truong\n"
                        "05:59:23.456 silent lu-vi\n"
                        "05:59:23.456 silent lu-vi\n"
                        "05:59:23.456 alert_ended lu cho stopped\n"
                        "05:59:23.456 alert_ended lu nha-rong none\n"
                        "05:59:23.456 alert_ended lu suoi none\n"
                        "05:59:23.456 alert_ended lu truong none\n"
                        "05:59:23.456 done lu\n"
                        "05:59:23.456 wish\n");
}

static void
expires(void)
{
    g_autoptr(CueWorld) world = world_with("cho");
    ContentAlert *alert;

    run_to(world, "06:00:10");
    alert = order(world, "lu", "cho");
    alert->repeats = 5;
    alert->expires_us = alert->issued_us + PLAN_S(8);
    cue_world_alert(world, alert);
    story_run(world, "06:00:20");
    story_expect(world, "06:00:10.000 alert lu\n"
                        "06:00:10.000 alert_taken lu cho none\n"
                        "06:00:10.000 wish cho\n"
                        "06:00:10.005 silent tin\n"
                        "06:00:10.005 sound lu-signal from 0.000 in cho\n"
                        "06:00:10.005 started lu cho none\n"
                        "06:00:13.005 silent lu-signal\n"
                        "06:00:13.005 sound lu-vi from 0.000 in cho\n"
                        "06:00:18.000 wish\n"
                        "06:00:18.015 silent lu-vi\n"
                        "06:00:18.015 alert_ended lu cho expired\n"
                        "06:00:18.015 done lu\n"
                        "06:00:18.015 wish cho\n"
                        "06:00:18.266 sound tin from 18.266 in cho\n");
}

static void
in_the_last_second(void)
{
    g_autoptr(CueWorld) world = world_with("cho");

    run_to(world, "06:00:59");
    cue_world_run_for(world, 500000);
    cue_world_alert(world, order(world, "lu", "cho"));
    story_run(world, "06:01:20");
    story_expect(world, "06:00:59.500 alert lu\n"
                        "06:00:59.500 alert_taken lu cho none\n"
                        "06:00:59.500 wish cho\n"
                        "06:00:59.505 silent tin\n"
                        "06:00:59.505 sound lu-signal from 0.000 in cho\n"
                        "06:00:59.505 started lu cho none\n"
                        "06:01:00.000 played tin cho interrupted\n"
                        "06:01:02.505 silent lu-signal\n"
                        "06:01:02.505 sound lu-vi from 0.000 in cho\n"
                        "06:01:12.505 silent lu-vi\n"
                        "06:01:12.505 alert_ended lu cho none\n"
                        "06:01:12.505 done lu\n"
                        "06:01:12.505 wish\n");
}

/* Nothing but a drill waits for morning, and nobody takes it for the real thing. */
static void
at_night(void)
{
    g_autoptr(CueWorld) world = world_with("cho");
    ContentWindow *window = place(world, "cho")->windows->pdata[0];
    ContentAlert *drill;

    window->from_min = 6 * 60 + 5;
    cue_world_give_settings(world);
    run_to(world, "06:03:50");
    drill = order(world, "dien-tap", "cho");
    drill->drill = TRUE;
    drill->tone = CONTENT_ALERT_TONE_GONG;
    drill->severity = 5;
    cue_world_alert(world, drill);
    cue_world_alert(world, order(world, "lu", "cho"));
    story_run(world, "06:05:30");
    story_expect(world, "06:03:50.000 alert dien-tap\n"
                        "06:03:50.000 alert_taken dien-tap cho outside_window\n"
                        "06:03:50.000 alert lu\n"
                        "06:03:50.000 alert_taken lu cho none\n"
                        "06:03:50.000 wish cho\n"
                        "06:03:50.456 sound lu-signal from 0.000 in cho\n"
                        "06:03:50.456 started lu cho none\n"
                        "06:03:53.456 silent lu-signal\n"
                        "06:03:53.456 sound lu-vi from 0.000 in cho\n"
                        "06:04:03.456 silent lu-vi\n"
                        "06:04:03.456 alert_ended lu cho none\n"
                        "06:04:03.456 done lu\n"
                        "06:04:03.456 wish\n"
                        "06:05:00.000 wish cho\n"
                        "06:05:00.456 sound dien-tap-drill from 0.000 in cho\n"
                        "06:05:00.456 started dien-tap cho none\n"
                        "06:05:03.456 silent dien-tap-drill\n"
                        "06:05:03.456 sound dien-tap-vi from 0.000 in cho\n"
                        "06:05:13.456 silent dien-tap-vi\n"
                        "06:05:13.456 alert_ended dien-tap cho none\n"
                        "06:05:13.456 done dien-tap\n"
                        "06:05:13.456 wish\n");
}

/* A village that has heard its minutes of the day hears no drill. */
static void
drill_over_limit(void)
{
    g_autoptr(CueWorld) world = world_with("cho");
    ContentAlert *drill;

    place(world, "cho")->daily_limit_min = 1;
    cue_world_give_settings(world);
    run_to(world, "06:01:30");
    drill = order(world, "dien-tap", "cho");
    drill->drill = TRUE;
    drill->tone = CONTENT_ALERT_TONE_GONG;
    drill->expires_us = drill->issued_us + PLAN_S(60);
    cue_world_alert(world, drill);
    story_run(world, "06:03:00");
    story_expect(world, "06:01:30.000 alert dien-tap\n"
                        "06:01:30.000 alert_taken dien-tap cho over_daily_limit\n"
                        "06:02:30.000 alert_ended dien-tap cho over_daily_limit\n"
                        "06:02:30.000 done dien-tap\n");
}

/* The same again, an older one after a newer one, a stop before its alert, and a replacement
 * before what it replaces. */
static void
out_of_order(void)
{
    g_autoptr(CueWorld) world = world_with("cho");
    ContentAlert *newest;

    run_to(world, "06:02:00");
    newest = order(world, "moi", "cho");
    g_ptr_array_add(newest->replaces, g_strdup("cu"));
    cue_world_alert(world, newest);
    cue_world_alert(world,
                    alert_builder_new("cu", "cho", "vi", cue_world_utc(world) - PLAN_S(20)));
    cue_world_alert(world,
                    alert_builder_new("truoc", "cho", "vi", cue_world_utc(world) - PLAN_S(10)));
    cue_world_alert(world, alert_builder_new("moi", "cho", "vi", cue_world_utc(world)));
    cue_world_stop_alert(world, alert_builder_stop("dung", "sau", NULL, cue_world_utc(world)));
    cue_world_alert(world,
                    alert_builder_new("sau", "cho", "vi", cue_world_utc(world) - PLAN_S(5)));
    story_run(world, "06:02:50");
    story_expect(world, "06:02:00.000 alert moi\n"
                        "06:02:00.000 alert_taken moi cho none\n"
                        "06:02:00.000 wish cho\n"
                        "06:02:00.000 alert cu\n"
                        "06:02:00.000 alert_taken cu cho replaced\n"
                        "06:02:00.000 alert_ended cu cho replaced\n"
                        "06:02:00.000 done cu\n"
                        "06:02:00.000 alert truoc\n"
                        "06:02:00.000 alert_taken truoc cho displaced\n"
                        "06:02:00.000 alert moi\n"
                        "06:02:00.000 stop sau\n"
                        "06:02:00.000 alert sau\n"
                        "06:02:00.000 alert_taken sau cho stopped\n"
                        "06:02:00.000 alert_ended sau cho stopped\n"
                        "06:02:00.000 done sau\n"
                        "06:02:00.456 sound moi-signal from 0.000 in cho\n"
                        "06:02:00.456 started moi cho none\n"
                        "06:02:03.456 silent moi-signal\n"
                        "06:02:03.456 sound moi-vi from 0.000 in cho\n"
                        "06:02:13.456 silent moi-vi\n"
                        "06:02:13.456 alert_ended moi cho none\n"
                        "06:02:13.456 done moi\n"
                        "06:02:13.456 wish cho\n"
                        "06:02:13.461 sound truoc-signal from 0.000 in cho\n"
                        "06:02:13.461 started truoc cho none\n"
                        "06:02:16.461 silent truoc-signal\n"
                        "06:02:16.461 sound truoc-vi from 0.000 in cho\n"
                        "06:02:26.461 silent truoc-vi\n"
                        "06:02:26.461 alert_ended truoc cho none\n"
                        "06:02:26.461 done truoc\n"
                        "06:02:26.461 wish\n");
}

/* clang-format off */
static const struct {
    const char *why;
    gint64 severity, other_severity;
    gboolean is_drill, is_other_drill;
    gboolean is_first; /* whatever the offset: the first of the two sounds before the other */
    gboolean is_newest_first;
} pairs[] = {
    { "the severer one", 4, 3, FALSE, FALSE, TRUE, FALSE },
    { "of two alike the newer one", 3, 3, FALSE, FALSE, FALSE, TRUE },
    { "a drill never before a real one, however severe", 1, 5, FALSE, TRUE, TRUE, FALSE },
    { "of two drills the severer one", 2, 1, TRUE, TRUE, TRUE, FALSE },
};
/* clang-format on */

static ContentAlert *
one_of_pair(CueWorld *world, const char *id, gint64 severity, gboolean is_drill)
{
    ContentAlert *alert = order(world, id, "cho");

    alert->severity = severity;
    alert->drill = is_drill;
    alert->tone = CONTENT_ALERT_TONE_GONG;
    return alert;
}

/* When the words of @id were over. */
static gint64
end_of(const char *tape, const char *id)
{
    g_autofree char *line = g_strdup_printf("silent %s-vi", id);
    const char *found = g_strrstr(tape, line);

    g_assert_nonnull(found);
    return g_ascii_strtoll(found - 7, NULL, 10) * 1000 + g_ascii_strtoll(found - 4, NULL, 10) +
           60000 * g_ascii_strtoll(found - 10, NULL, 10);
}

static void
test_pair(gsize row, gint64 offset_s)
{
    g_autoptr(CueWorld) world = world_with("cho");
    g_autofree char *tape = NULL;
    gboolean is_first_first;

    run_to(world, "06:00:20");
    for (gint turn = 0; turn < 2; turn++) {
        gboolean is_first = (turn == 0) == (offset_s >= 0);

        cue_world_alert(world, is_first ? one_of_pair(world, "mot", pairs[row].severity,
                                                      pairs[row].is_drill)
                                        : one_of_pair(world, "hai", pairs[row].other_severity,
                                                      pairs[row].is_other_drill));
        if (turn == 0)
            cue_world_run_for(world, PLAN_S(ABS(offset_s)));
    }
    story_run(world, "06:15:00");
    cue_world_check_alerts_told(world);
    tape = cue_world_tape(world);
    g_assert_cmpint(cue_world_alert_reason(world, "mot", "cho"), ==, CONTENT_REASON_NONE);
    g_assert_cmpint(cue_world_alert_reason(world, "hai", "cho"), ==, CONTENT_REASON_NONE);
    /* Issued in the same instant: by id. */
    is_first_first = pairs[row].is_newest_first ? offset_s < 0 : pairs[row].is_first;
    g_test_message("%s, the second one %d s later", pairs[row].why, (int) offset_s);
    g_assert_cmpint(end_of(tape, "mot") < end_of(tape, "hai"), ==, is_first_first);
}

static void
every_pair(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        for (gint64 offset_s = -5; offset_s <= 5; offset_s++)
            test_pair(i, offset_s);
    }
}

static const Story stories[] = {
    {"interrupts", interrupts},
    {"in-another-village", in_another_village},
    {"languages", languages},
    {"repeats", repeats},
    {"series", series},
    {"two-at-once", two_at_once},
    {"stopped", stopped},
    {"stopped-in-one-village", stopped_in_one_village},
    {"expires", expires},
    {"in-the-last-second", in_the_last_second},
    {"at-night", at_night},
    {"drill-over-limit", drill_over_limit},
    {"out-of-order", out_of_order},
    {"every-pair", every_pair},
};

int
main(int argc, char **argv)
{
    return story_tell_all(argc, argv, "cue-alerts", stories, G_N_ELEMENTS(stories));
}
