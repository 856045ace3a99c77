/*
 * test-cue-alerts-trouble.c - alerts with a player that restarts, no time, no gateway, relays,
 * audio and cards that fail, and words that nobody approved.
 */
#include "tests/day/alert-story.h"

#include <string.h>

/* Killed in the middle: again from the signal on. What was over before never sounds again. */
static void
restarted(void)
{
    g_autoptr(CueWorld) world = world_with("cho");

    run_to(world, "06:02:00");
    cue_world_alert(world, order(world, "truoc", "suoi"));
    run_to(world, "06:02:30");
    cue_world_alert(world, order(world, "lu", "cho"));
    run_to(world, "06:02:40");
    cue_world_restart(world, PLAN_S(2), CONTENT_REASON_NO_POWER);
    story_run(world, "06:03:00");
    story_expect(world, "06:02:40.000 killed\n"
                        "06:02:42.000 wish cho\n"
                        "06:02:42.456 sound lu-signal from 0.000 in cho\n"
                        "06:02:42.456 started lu cho none\n"
                        "06:02:45.456 silent lu-signal\n"
                        "06:02:45.456 sound lu-vi from 0.000 in cho\n"
                        "06:02:55.456 silent lu-vi\n"
                        "06:02:55.456 alert_ended lu cho none\n"
                        "06:02:55.456 done lu\n"
                        "06:02:55.456 wish\n");
}

/* Told to stop: what was heard is on record, and the alert goes on afterwards. */
static void
told_to_stop(void)
{
    g_autoptr(CueWorld) world = world_with("cho");

    run_to(world, "06:02:30");
    cue_world_alert(world, order(world, "lu", "cho"));
    run_to(world, "06:02:40");
    cue_world_stop(world, PLAN_S(2));
    story_run(world, "06:03:00");
    story_expect(world, "06:02:40.000 told to stop\n"
                        "06:02:40.000 wish\n"
                        "06:02:40.015 silent lu-vi\n"
                        "06:02:40.015 part lu cho player_stopped\n"
                        "06:02:40.015 stopped\n"
                        "06:02:42.015 wish cho\n"
                        "06:02:42.471 sound lu-signal from 0.000 in cho\n"
                        "06:02:42.471 started lu cho none\n"
                        "06:02:45.471 silent lu-signal\n"
                        "06:02:45.471 sound lu-vi from 0.000 in cho\n"
                        "06:02:55.471 silent lu-vi\n"
                        "06:02:55.471 alert_ended lu cho none\n"
                        "06:02:55.471 done lu\n"
                        "06:02:55.471 wish\n");
}

/* After a start nobody has said that it still holds: it waits for the time. */
static void
restarted_without_time(void)
{
    g_autoptr(CueWorld) world = world_with("cho");

    run_to(world, "06:02:30");
    cue_world_alert(world, order(world, "lu", "cho"));
    run_to(world, "06:02:40");
    cue_world_trust(world, CONTENT_TRUST_UNSET);
    cue_world_restart(world, PLAN_S(2), CONTENT_REASON_NO_POWER);
    run_to(world, "06:02:50");
    cue_world_trust(world, CONTENT_TRUST_SYNCED);
    story_run(world, "06:03:10");
    story_expect(world, "06:02:50.000 wish cho\n"
                        "06:02:50.456 sound lu-signal from 0.000 in cho\n"
                        "06:02:50.456 started lu cho none\n"
                        "06:02:53.456 silent lu-signal\n"
                        "06:02:53.456 sound lu-vi from 0.000 in cho\n"
                        "06:03:03.456 silent lu-vi\n"
                        "06:03:03.456 alert_ended lu cho none\n"
                        "06:03:03.456 done lu\n"
                        "06:03:03.456 wish\n");
}

/* It was fresh when it came: the clock may say what it likes, it lives for ten minutes. */
static void
without_time(void)
{
    g_autoptr(CueWorld) world = world_with("cho");
    ContentAlert *alert;

    cue_world_trust(world, CONTENT_TRUST_UNSET);
    run_to(world, "06:02:30");
    alert = order(world, "lu", "cho");
    alert->repeats = 9;
    alert->expires_us = alert->issued_us + PLAN_S(20);
    cue_world_alert(world, alert);
    story_run(world, "06:03:10");
    story_expect(world, "06:02:30.000 alert lu\n"
                        "06:02:30.000 alert_taken lu cho none\n"
                        "06:02:30.000 wish cho\n"
                        "06:02:30.456 sound lu-signal from 0.000 in cho\n"
                        "06:02:30.456 started lu cho none\n"
                        "06:02:33.456 silent lu-signal\n"
                        "06:02:33.456 sound lu-vi from 0.000 in cho\n"
                        "06:02:43.456 silent lu-vi\n"
                        "06:02:43.461 sound lu-signal from 0.000 in cho\n"
                        "06:02:46.461 silent lu-signal\n"
                        "06:02:46.461 sound lu-vi from 0.000 in cho\n"
                        "06:02:50.000 wish\n"
                        "06:02:50.015 silent lu-vi\n"
                        "06:02:50.015 alert_ended lu cho expired\n"
                        "06:02:50.015 done lu\n");
}

/* The gateway comes back: it sounds. */
static void
without_gateway(void)
{
    g_autoptr(CueWorld) world = world_with("cho");

    run_to(world, "06:02:30");
    cue_world_gateway(world, FALSE);
    cue_world_alert(world, order(world, "lu", "cho"));
    run_to(world, "06:02:50");
    cue_world_gateway(world, TRUE);
    story_run(world, "06:03:10");
    story_expect(world,
                 "06:02:50.000 cleared gateway_down gateway: the gateway does not answer\n"
                 "06:02:50.456 sound lu-signal from 0.000 in cho\n"
                 "06:02:50.456 started lu cho none\n"
                 "06:02:53.456 silent lu-signal\n"
                 "06:02:53.456 sound lu-vi from 0.000 in cho\n"
                 "06:03:03.456 silent lu-vi\n"
                 "06:03:03.456 alert_ended lu cho none\n"
                 "06:03:03.456 done lu\n"
                 "06:03:03.456 wish\n");
}

/* A relay that never confirms: it sounds all the same, does not count, and is tried again. */
static void
unconfirmed(void)
{
    g_autoptr(CueWorld) world = world_with("cho");
    ContentAlert *alert;

    run_to(world, "06:02:00");
    cue_world_relay(world, "cho", -1);
    alert = order(world, "lu", "cho");
    alert->expires_us = alert->issued_us + PLAN_S(60);
    cue_world_alert(world, alert);
    story_run(world, "06:03:10");
    story_expect(world, "06:02:00.000 alert lu\n"
                        "06:02:00.000 alert_taken lu cho none\n"
                        "06:02:00.000 wish cho\n"
                        "06:02:00.800 fault relay_unconfirmed cho: zone cho: the relay is not "
                        "confirmed though a segment is due\n"
                        "06:02:00.805 sound lu-signal from 0.000 in\n"
                        "06:02:03.805 silent lu-signal\n"
                        "06:02:03.805 sound lu-vi from 0.000 in\n"
                        "06:02:13.805 silent lu-vi\n"
                        "06:02:13.805 wish\n"
                        "06:02:13.805 cleared relay_unconfirmed cho: zone cho: the relay is "
                        "not confirmed though a segment is due\n"
                        "06:02:43.805 wish cho\n"
                        "06:02:44.605 fault relay_unconfirmed cho: zone cho: the relay is not "
                        "confirmed though a segment is due\n"
                        "06:02:44.610 sound lu-signal from 0.000 in\n"
                        "06:02:47.610 silent lu-signal\n"
                        "06:02:47.610 sound lu-vi from 0.000 in\n"
                        "06:02:57.610 silent lu-vi\n"
                        "06:02:57.610 wish\n"
                        "06:02:57.610 cleared relay_unconfirmed cho: zone cho: the relay is "
                        "not confirmed though a segment is due\n"
                        "06:03:00.000 alert_ended lu cho relay_failed\n"
                        "06:03:00.000 done lu\n");
}

/* One village cannot hear it: the others do not wait for it long, and its record says so. */
static void
one_village_fails(void)
{
    g_autoptr(CueWorld) world = world_with("suoi");

    run_to(world, "06:02:00");
    cue_world_relay(world, "cho", -1);
    cue_world_alert(world, order(world, "lu", "xa"));
    story_run(world, "06:02:30");
    story_expect(world, "06:02:00.000 alert lu\n"
                        "06:02:00.000 alert_taken lu cho none\n"
                        "06:02:00.000 alert_taken lu nha-rong none\n"
                        "06:02:00.000 alert_taken lu suoi none\n"
                        "06:02:00.000 alert_taken lu truong none\n"
                        "06:02:00.000 wish cho nha-rong suoi truong\n"
                        "06:02:00.456 sound lu-signal from 0.000 in nha-rong suoi truong\n"
                        "06:02:00.456 sound lu-signal from 0.000 in nha-rong suoi truong\n"
                        "06:02:00.456 started lu nha-rong none\n"
                        "06:02:00.456 started lu suoi none\n"
                        "06:02:00.456 started lu truong none\n"
                        "06:02:03.456 silent lu-signal\n"
                        "06:02:03.456 silent lu-signal\n"
                        "06:02:03.456 sound lu-vi from 0.000 in nha-rong suoi truong\n"
                        "06:02:03.456 sound lu-vi from 0.000 in nha-rong suoi truong\n"
                        "06:02:03.456 fault relay_unconfirmed cho: zone cho: the relay is not "
                        "confirmed though a segment is due\n"
                        "06:02:13.456 silent lu-vi\n"
                        "06:02:13.456 silent lu-vi\n"
                        "06:02:13.456 alert_ended lu cho relay_failed\n"
                        "06:02:13.456 alert_ended lu nha-rong none\n"
                        "06:02:13.456 alert_ended lu suoi none\n"
                        "06:02:13.456 alert_ended lu truong none\n"
                        "06:02:13.456 done lu\n"
                        "06:02:13.456 wish\n"
                        "06:02:13.456 cleared relay_unconfirmed cho: zone cho: the relay is "
                        "not confirmed though a segment is due\n");
}

/* A language whose audio is not here is left out, and said to be; its village hears the first
 * that is. */
static void
audio_missing(void)
{
    g_autoptr(CueWorld) world = world_with("suoi");
    g_autofree char *jra = plan_builder_hash("lu-jra");

    speak(world, "cho", "jra vi");
    speak(world, "suoi", "jra");
    run_to(world, "06:02:00");
    cue_world_alert(world, alert_builder_new("khac", "truong", "jra vi",
                                             cue_world_utc(world) - PLAN_S(900)));
    cue_world_object(world, "lu-jra", PLAY_OBJECT_MISSING);
    cue_world_alert(world, alert_builder_new("lu", "xa", "vi jra", cue_world_utc(world)));
    story_run(world, "06:02:30");
    story_expect(world, "06:02:00.000 alert khac\n"
                        "06:02:00.000 alert_taken khac truong expired\n"
                        "06:02:00.000 alert_ended khac truong expired\n"
                        "06:02:00.000 done khac\n"
                        "06:02:00.000 alert lu\n"
                        "06:02:00.000 alert_taken lu cho none jra:object_missing\n"
                        "06:02:00.000 alert_taken lu nha-rong none\n"
                        "06:02:00.000 alert_taken lu suoi none jra:object_missing\n"
                        "06:02:00.000 alert_taken lu truong none\n"
                        "06:02:00.000 wish cho nha-rong suoi truong\n"
                        "06:02:00.456 sound lu-signal from 0.000 in cho nha-rong suoi truong\n"
                        "06:02:00.456 sound lu-signal from 0.000 in cho nha-rong suoi truong\n"
                        "06:02:00.456 started lu cho none\n"
                        "06:02:00.456 started lu nha-rong none\n"
                        "06:02:00.456 started lu suoi none\n"
                        "06:02:00.456 started lu truong none\n"
                        "06:02:03.456 silent lu-signal\n"
                        "06:02:03.456 silent lu-signal\n"
                        "06:02:03.456 sound lu-vi from 0.000 in cho nha-rong suoi truong\n"
                        "06:02:03.456 sound lu-vi from 0.000 in cho nha-rong suoi truong\n"
                        "06:02:13.456 silent lu-vi\n"
                        "06:02:13.456 silent lu-vi\n"
                        "06:02:13.456 alert_ended lu cho object_missing jra:object_missing\n"
                        "06:02:13.456 alert_ended lu nha-rong none\n"
                        "06:02:13.456 alert_ended lu suoi object_missing jra:object_missing\n"
                        "06:02:13.456 alert_ended lu truong none\n"
                        "06:02:13.456 done lu\n"
                        "06:02:13.456 wish\n");
}

static void
card_fails(void)
{
    g_autoptr(CueWorld) world = world_with("suoi");

    run_to(world, "06:02:00");
    cue_world_card(world, FALSE);
    cue_world_alert(world, order(world, "lu", "cho"));
    run_to(world, "06:02:05");
    cue_world_card(world, TRUE);
    story_run(world, "06:02:30");
    story_expect(world, "06:02:05.368 sound lu-signal from 0.000 in cho\n"
                        "06:02:05.368 started lu cho none\n"
                        "06:02:08.368 silent lu-signal\n"
                        "06:02:08.368 sound lu-vi from 0.000 in cho\n"
                        "06:02:18.368 silent lu-vi\n"
                        "06:02:18.368 alert_ended lu cho none\n"
                        "06:02:18.368 done lu\n"
                        "06:02:18.368 wish\n");
}

/* ---- every pair ---- */

/* The station holds lu-vi as what alerts say; @area: (nullable): for which it was approved */
static void
entrust(CueWorld *world, const char *area)
{
    ContentTemplates *templates = content_document_new(&content_templates_type);
    GHashTable *approvals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                                  (GDestroyNotify) content_approval_free);
    ContentAlertObject *object = content_shape_new(&content_alert_object_shape);
    ContentApproval *approval;

    object->hash = plan_builder_hash("lu-vi");
    object->approval = plan_builder_hash("approved");
    object->duration_us = PLAN_S(10);
    g_ptr_array_add(templates->objects, object);
    if (area != NULL) {
        approval = plan_builder_spoken(object->hash, "vi");
        g_ptr_array_set_size(approval->areas, 0);
        g_ptr_array_add(approval->areas, g_strdup(area));
        g_hash_table_insert(approvals, plan_builder_hash("approved"), approval);
    }
    play_cue_take_templates(cue_world_cue(world), templates, approvals);
}

/* (transfer full): the end of a record's line in the tape; @why, @unsaid: (nullable) */
static char *
tell_unsaid(const char *kind, const char *why, const char *unsaid)
{
    return g_strdup_printf("alert_%s lu cho %s%s%s\n", kind, why != NULL ? why : "none",
                           unsaid != NULL ? " vi:" : "", unsaid != NULL ? unsaid : "");
}

/* What nobody approved for a village is not said there: it is warned by the signal alone, which
 * is told as that. For audio that the alert brings itself its signature vouches. */
static void
unapproved(void)
{
    static const struct {
        const char *why, *area;
        gboolean brings, is_heard;
        PlayObjectState object;
        const char *unsaid; /* (nullable): why it is not said */
    } cases[] = {
        {"approved for the commune", "xa", FALSE, TRUE, PLAY_OBJECT_HERE, NULL},
        {"approved for it", "cho", FALSE, TRUE, PLAY_OBJECT_HERE, NULL},
        {"by nobody", NULL, FALSE, FALSE, PLAY_OBJECT_HERE, "not_approved"},
        {"for another village", "suoi", FALSE, FALSE, PLAY_OBJECT_HERE, "not_approved"},
        {"brought, and by nobody", NULL, TRUE, TRUE, PLAY_OBJECT_HERE, NULL},
        {"brought, and for another village", "suoi", TRUE, TRUE, PLAY_OBJECT_HERE, NULL},
        {"brought, and not here", NULL, TRUE, FALSE, PLAY_OBJECT_MISSING, "object_missing"},
        {"not what was approved", "cho", FALSE, FALSE, PLAY_OBJECT_CORRUPT, "object_corrupt"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CueWorld) world = world_with("cho");
        ContentAlert *alert;
        g_autofree char *tape = NULL, *taken = NULL, *ended = NULL;

        g_test_message("%s", cases[i].why);
        taken = tell_unsaid("taken", NULL, cases[i].unsaid);
        ended = tell_unsaid("ended", cases[i].unsaid, cases[i].unsaid);
        entrust(world, cases[i].area);
        run_to(world, "06:00:10");
        alert = order(world, "lu", "cho");
        if (!cases[i].brings)
            g_ptr_array_set_size(alert->objects, 0);
        cue_world_object(world, "lu-vi", cases[i].object);
        cue_world_alert(world, alert);
        story_run(world, "06:01:05");
        tape = cue_world_tape(world);
        g_assert_nonnull(strstr(tape, "sound lu-signal"));
        g_assert_true((strstr(tape, "sound lu-vi") != NULL) == cases[i].is_heard);
        g_assert_nonnull(strstr(tape, taken));
        g_assert_nonnull(strstr(tape, ended));
    }
}

/* Two languages: what is refused is told also where the other one was heard, and again once
 * what was missing came and was said. */
static void
half_said(void)
{
    g_autoptr(CueWorld) world = world_with("suoi");
    g_autofree char *tape = NULL;
    ContentAlert *alert;

    speak(world, "cho", "jra vi");
    run_to(world, "06:00:10");
    cue_world_object(world, "lu-jra", PLAY_OBJECT_MISSING);
    cue_world_alert(world, alert_builder_new("lu", "cho", "vi jra", cue_world_utc(world)));
    cue_world_object(world, "mua-jra", PLAY_OBJECT_MISSING);
    run_to(world, "06:00:40");
    g_assert_cmpint(cue_world_alert_reason(world, "lu", "cho"), ==,
                    CONTENT_REASON_OBJECT_MISSING);
    alert = alert_builder_new("mua", "cho", "vi jra", cue_world_utc(world));
    alert->repeats = 2;
    cue_world_alert(world, alert);
    story_run(world, "06:00:45");
    cue_world_object(world, "mua-jra", PLAY_OBJECT_HERE);
    story_run(world, "06:02:00");
    tape = cue_world_tape(world);
    g_assert_nonnull(strstr(tape, "alert_taken mua cho none jra:object_missing\n"));
    g_assert_nonnull(strstr(tape, "sound mua-jra"));
    g_assert_nonnull(strstr(tape, "alert_ended mua cho none\n"));
}

/* Audio that is here and approved, and of which no sound can be made to its end. */
static void
undecodable(void)
{
    g_autoptr(CueWorld) world = world_with("suoi");
    g_autofree char *tape = NULL;

    run_to(world, "06:00:10");
    cue_world_alert(world, order(world, "lu", "cho"));
    story_run(world, "06:00:15");
    cue_world_undecodable(world, "lu-vi");
    story_run(world, "06:01:00");
    tape = cue_world_tape(world);
    g_assert_nonnull(strstr(tape, "alert_ended lu cho decode_failed vi:decode_failed\n"));
}

static const Story stories[] = {
    {"restarted", restarted},
    {"told-to-stop", told_to_stop},
    {"restarted-without-time", restarted_without_time},
    {"without-time", without_time},
    {"without-gateway", without_gateway},
    {"unconfirmed", unconfirmed},
    {"one-village-fails", one_village_fails},
    {"audio-missing", audio_missing},
    {"card-fails", card_fails},
    {"unapproved", unapproved},
    {"half-said", half_said},
    {"undecodable", undecodable},
};

int
main(int argc, char **argv)
{
    return story_tell_all(argc, argv, "cue-alerts-trouble", stories, G_N_ELEMENTS(stories));
}
