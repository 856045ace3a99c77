/*
 * test-cue-live.c - live speeches among the day's programme: begun, ended in every way, and
 * what the records say. See test-cue-alerts.c for alerts that were recorded.
 */
#include "tests/day/story.h"

#include <string.h>

#include "tests/support/alert-builder.h"

#define LIVE "b0000000000000000000000000"

/* A programme of two minutes in the market, from six o'clock on, and at 06:00:10 somebody
 * speaks there. */
static CueWorld *
world_with_speech(const char *station)
{
    ContentDayPlan *day;
    CueWorld *world = story_world(&day);

    plan_builder_add(day, "tin", "o1", "cho", "vi", story_at(world, "06:00:00"), PLAN_S(120));
    cue_world_plan(world, day, "");
    story_run(world, "06:00:10");
    g_free(cue_world_tape(world));
    cue_world_alert(world, alert_builder_live(LIVE, "cho", station, cue_world_utc(world)));
    return world;
}

#define BEGINNING                                                                              \
    "06:00:10.000 alert " LIVE "\n"                                                            \
    "06:00:10.000 alert_taken " LIVE " cho none\n"                                             \
    "06:00:10.000 wish cho\n"                                                                  \
    "06:00:10.005 silent tin\n"                                                                \
    "06:00:10.005 sound " LIVE "-signal from 0.000 in cho\n"                                   \
    "06:00:10.005 started " LIVE " cho none\n"                                                 \
    "06:00:13.005 silent " LIVE "-signal\n"                                                    \
    "06:00:13.005 sound " LIVE "-live from 0.000 in cho\n"

/* After the signal, until the speaker ends; then the programme goes on by the wall clock. */
static void
spoken(void)
{
    g_autoptr(CueWorld) world = world_with_speech(NULL);

    story_run(world, "06:00:40");
    cue_world_speaker_ends(world);
    story_run(world, "06:00:50");
    story_expect(world, BEGINNING "06:00:40.000 silent " LIVE "-live\n"
                                  "06:00:40.000 alert_ended " LIVE " cho none\n"
                                  "06:00:40.000 done " LIVE "\n"
                                  "06:00:40.000 wish cho\n"
                                  "06:00:40.250 sound tin from 40.250 in cho\n");
}

static void
of_this_station(void)
{
    g_autoptr(CueWorld) probe = world_with_speech(NULL);
    g_autoptr(CueWorld) world = world_with_speech(cue_world_settings(probe)->station);

    story_run(world, "06:00:30");
    story_expect(world, BEGINNING);
}

/* No tone, no sound, and the programme goes on. */
static void
of_another_station(void)
{
    g_autoptr(CueWorld) world = world_with_speech("mot-tram-khac");

    story_run(world, "06:10:11");
    g_free(cue_world_tape(world));
    g_assert_cmpint(cue_world_alert_reason(world, LIVE, "cho"), ==, CONTENT_REASON_LATE_SOURCE);
    g_assert_cmpuint(cue_world_finals(world, "tin", "cho"), ==, 1);
    g_assert_cmpint(cue_world_last_final(world, "tin", "cho")->reason, ==, CONTENT_REASON_NONE);
}

static void
stopped(void)
{
    g_autoptr(CueWorld) world = world_with_speech(NULL);

    story_run(world, "06:00:40");
    cue_world_stop_alert(world, alert_builder_stop("dung", LIVE, NULL, cue_world_utc(world)));
    story_run(world, "06:00:41");
    story_expect(world, BEGINNING "06:00:40.000 stop " LIVE "\n"
                                  "06:00:40.000 wish\n"
                                  "06:00:40.015 silent " LIVE "-live\n"
                                  "06:00:40.015 alert_ended " LIVE " cho stopped\n"
                                  "06:00:40.015 done " LIVE "\n"
                                  "06:00:40.015 wish cho\n"
                                  "06:00:40.266 sound tin from 40.266 in cho\n");
}

/* Whatever still comes: its time is over. */
static void
hard_end(void)
{
    g_autoptr(CueWorld) world = world_with_speech(NULL);

    story_run(world, "06:10:09");
    g_free(cue_world_tape(world));
    cue_world_speak(world, TRUE);
    story_run(world, "06:10:11");
    story_expect(world, "06:10:10.000 wish\n"
                        "06:10:10.015 silent " LIVE "-live\n"
                        "06:10:10.015 alert_ended " LIVE " cho expired\n"
                        "06:10:10.015 done " LIVE "\n");
}

/* Nothing comes for 30 s; of that the output says after five. */
static void
falls_silent(void)
{
    g_autoptr(CueWorld) world = world_with_speech(NULL);

    story_run(world, "06:00:40");
    cue_world_speak(world, FALSE);
    story_run(world, "06:01:06");
    story_expect(world, BEGINNING "06:00:40.000 fault source_absent " LIVE
                                  ": nothing comes from the source “Siu Blek” (\"unplugged\")\n"
                                  "06:01:05.000 wish\n"
                                  "06:01:05.000 cleared source_absent " LIVE
                                  ": nothing comes from the source “Siu Blek” (\"unplugged\")\n"
                                  "06:01:05.015 silent " LIVE "-live\n"
                                  "06:01:05.015 alert_ended " LIVE " cho late_source\n"
                                  "06:01:05.015 done " LIVE "\n"
                                  "06:01:05.015 wish cho\n"
                                  "06:01:05.266 sound tin from 65.266 in cho\n");
}

/* What is back within the time goes on. */
static void
comes_back(void)
{
    g_autoptr(CueWorld) world = world_with_speech(NULL);

    story_run(world, "06:00:40");
    cue_world_speak(world, FALSE);
    story_run(world, "06:01:00");
    cue_world_speak(world, TRUE);
    story_run(world, "06:01:30");
    g_free(cue_world_tape(world));
    cue_world_speak(world, FALSE);
    story_run(world, "06:01:54");
    g_free(cue_world_tape(world));
    story_run(world, "06:01:56");
    story_expect(world, "06:01:55.000 wish\n"
                        "06:01:55.000 cleared source_absent " LIVE
                        ": nothing comes from the source “Siu Blek” (\"unplugged\")\n"
                        "06:01:55.015 silent " LIVE "-live\n"
                        "06:01:55.015 alert_ended " LIVE " cho late_source\n"
                        "06:01:55.015 done " LIVE "\n"
                        "06:01:55.015 wish cho\n"
                        "06:01:55.266 sound tin from 115.266 in cho\n");
}

/* A severer one has the output, and then the speech is announced again. */
static void
pre_empted(void)
{
    g_autoptr(CueWorld) world = world_with_speech(NULL);
    ContentAlert *flood;

    story_run(world, "06:00:20");
    g_free(cue_world_tape(world));
    flood = alert_builder_new("lu", "cho", "vi", cue_world_utc(world));
    flood->severity = 5;
    cue_world_alert(world, flood);
    story_run(world, "06:00:37");
    story_expect(world, "06:00:20.000 alert lu\n"
                        "06:00:20.000 alert_taken lu cho none\n"
                        "06:00:20.000 wish cho\n"
                        "06:00:20.005 silent " LIVE "-live\n"
                        "06:00:20.005 sound lu-signal from 0.000 in cho\n"
                        "06:00:20.005 started lu cho none\n"
                        "06:00:23.005 silent lu-signal\n"
                        "06:00:23.005 sound lu-vi from 0.000 in cho\n"
                        "06:00:33.005 silent lu-vi\n"
                        "06:00:33.005 alert_ended lu cho none\n"
                        "06:00:33.005 done lu\n"
                        "06:00:33.005 wish cho\n"
                        "06:00:33.010 sound " LIVE "-signal from 0.000 in cho\n"
                        "06:00:36.010 silent " LIVE "-signal\n"
                        "06:00:36.010 sound " LIVE "-live from 0.000 in cho\n");
}

/* It is still in force: whoever hears it hears the signal before it again. */
static void
restarted(void)
{
    g_autoptr(CueWorld) world = world_with_speech(NULL);

    story_run(world, "06:00:30");
    g_free(cue_world_tape(world));
    cue_world_restart(world, PLAN_S(5), CONTENT_REASON_NO_POWER);
    story_run(world, "06:00:45");
    story_expect(world, "06:00:30.000 killed\n"
                        "06:00:35.000 part tin cho no_power\n"
                        "06:00:35.000 wish cho\n"
                        "06:00:35.456 sound " LIVE "-signal from 0.000 in cho\n"
                        "06:00:35.456 started " LIVE " cho none\n"
                        "06:00:38.456 silent " LIVE "-signal\n"
                        "06:00:38.456 sound " LIVE "-live from 0.000 in cho\n");
}

static const Story stories[] = {
    {"spoken", spoken},
    {"of-this-station", of_this_station},
    {"of-another-station", of_another_station},
    {"stopped", stopped},
    {"hard-end", hard_end},
    {"falls-silent", falls_silent},
    {"comes-back", comes_back},
    {"pre-empted", pre_empted},
    {"restarted", restarted},
};

int
main(int argc, char **argv)
{
    return story_tell_all(argc, argv, "cue-live", stories, G_N_ELEMENTS(stories));
}
