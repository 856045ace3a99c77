/* alert-run.c - see alert-run.h */
#include "player/cue/alert-run.h"

#include <string.h>

static void
zone_free(gpointer data)
{
    PlayAlertZone *zone = data;

    g_free(zone->id);
    content_shape_free(&content_part_shape, zone->part);
    g_ptr_array_unref(zone->parts);
    g_ptr_array_unref(zone->lines);
    g_free(zone);
}

PlayAlertRun *
play_alert_run_new(const ContentAlert *alert, const char *output)
{
    PlayAlertRun *run = g_new0(PlayAlertRun, 1);

    run->alert = alert;
    run->output = g_strdup(output);
    run->zones = g_ptr_array_new_with_free_func(zone_free);
    return run;
}

void
play_alert_run_free(PlayAlertRun *run)
{
    if (run == NULL)
        return;
    g_free(run->output);
    g_free(run->story.words);
    g_ptr_array_unref(run->zones);
    g_clear_pointer(&run->steps, g_ptr_array_unref);
    g_free(run);
}

static gint
compare_zones(gconstpointer a, gconstpointer b)
{
    return strcmp((*(PlayAlertZone *const *) a)->id, (*(PlayAlertZone *const *) b)->id);
}

PlayAlertZone *
play_alert_run_zone(PlayAlertRun *run, const char *id)
{
    PlayAlertZone *zone;

    for (guint i = 0; i < run->zones->len; i++) {
        zone = run->zones->pdata[i];
        if (strcmp(zone->id, id) == 0)
            return zone;
    }
    zone = g_new0(PlayAlertZone, 1);
    zone->id = g_strdup(id);
    zone->parts = play_parts_new();
    zone->lines = g_ptr_array_new_with_free_func(play_alert_line_free);
    g_ptr_array_add(run->zones, zone);
    g_ptr_array_sort(run->zones, compare_zones);
    return zone;
}

static void
ask(PlayAlertRun *run, guint index, const PlayAlertFacts *facts, const PlayInstant *now,
    GPtrArray *actions)
{
    if (run->next.item != 0 && run->next.step == index) {
        run->now = run->next;
        run->next = (PlayAlertItem){0};
    } else {
        play_alert_let_go(run, &run->next, actions);
        run->now = play_alert_prepare(run, index, facts, actions);
    }
    run->state = PLAY_ALERT_ASKING;
}

static gboolean
begin(PlayAlertRun *run, const PlayAlertFacts *facts, const PlayInstant *now,
      GPtrArray *actions)
{
    if (now->monotonic_us < run->retry_us || g_hash_table_contains(facts->mute, run->output))
        return FALSE;
    play_alert_make_steps(run, facts, now);
    if (run->steps->len == 0)
        return FALSE;
    if (run->series_us == 0)
        run->series_us = now->monotonic_us;
    run->was_heard = FALSE;
    run->retry_us = 0;
    ask(run, 0, facts, now, actions);
    return TRUE;
}

/* Live sound has its hard end at the output as well, whatever becomes of us. */
static gint64
span_of(const PlayAlertRun *run, const PlayAlertStep *step, gint64 start_us)
{
    return step->is_live ? MAX(run->over_us - start_us, 0) + PLAY_ALERT_LIVE_SLACK_US
                         : step->duration_us;
}

static void
sound(PlayAlertRun *run, const PlayAlertFacts *facts, const PlayInstant *now,
      GPtrArray *actions)
{
    const PlayAlertStep *step = play_alert_run_known_step(run, run->now.step);
    PlayAction *action = play_alert_action(run, PLAY_DO_INTERRUPT, run->now.item, actions);

    action->duration_us = span_of(run, step, now->monotonic_us);
    action->gain_mdb = play_alert_gain_mdb(run, step, facts, now);
    run->now.is_placed = TRUE;
    run->placed_us = now->monotonic_us;
    run->state = PLAY_ALERT_SOUNDING;
}

/* The one after it is got ready while this one sounds; for the same zones it follows without a
 * gap. */
static void
look_ahead(PlayAlertRun *run, const PlayAlertFacts *facts, const PlayInstant *now,
           GPtrArray *actions)
{
    const PlayAlertStep *step = play_alert_run_known_step(run, run->now.step);
    const PlayAlertStep *next = play_alert_run_step_at(run, run->now.step + 1);
    PlayAction *action;

    if (!run->now.has_started || run->now.has_ended || run->next.item != 0 || next == NULL)
        return;
    run->next = play_alert_prepare(run, run->now.step + 1, facts, actions);
    if (!play_alert_step_is_joined(step, next))
        return;
    action = play_alert_action(run, PLAY_DO_PLACE, run->next.item, actions);
    action->start_us = run->now.start_us + step->duration_us;
    action->duration_us = span_of(run, next, action->start_us);
    action->gain_mdb = play_alert_gain_mdb(run, next, facts, now);
    run->next.is_placed = TRUE;
}

static void
rest(PlayAlertRun *run, gint64 until_us, gboolean keeps)
{
    run->state = PLAY_ALERT_RESTING;
    run->rest_until_us = until_us;
    run->keeps = keeps;
}

/* One repeat is over. */
static void
count_repeat(PlayAlertRun *run, const PlayInstant *now)
{
    run->repetition++;
    /* Nobody says it again. */
    if (run->alert->live != NULL) {
        run->has_counted = TRUE;
        run->state = PLAY_ALERT_QUEUED;
        return;
    }
    if (!run->was_heard) {
        gint64 pause_us = PLAY_ALERT_UNHEARD_US << MIN(run->n_unheard, 10);

        run->n_unheard++;
        rest(run, now->monotonic_us + MIN(pause_us, PLAY_ALERT_LONGEST_UNHEARD_US), FALSE);
        return;
    }
    run->n_unheard = 0;
    run->n_in_series++;
    if (run->n_in_series < run->alert->repeats) {
        rest(run, now->monotonic_us + run->alert->gap_ms * 1000, TRUE);
    } else if (run->alert->again_s > 0) {
        run->n_in_series = 0;
        rest(run, MAX(now->monotonic_us, run->series_us + run->alert->again_s * G_USEC_PER_SEC),
             FALSE);
        run->series_us = 0;
    } else {
        run->has_counted = TRUE;
        run->state = PLAY_ALERT_QUEUED;
    }
}

/* @index: of the step that comes next */
static void
go_on(PlayAlertRun *run, guint index, const PlayAlertFacts *facts, const PlayInstant *now,
      GPtrArray *actions)
{
    run->now = (PlayAlertItem){0};
    if (play_alert_run_step_at(run, index) == NULL) {
        play_alert_let_go(run, &run->next, actions);
        count_repeat(run, now);
        return;
    }
    ask(run, index, facts, now, actions);
    if (run->now.is_placed) {
        run->placed_us = now->monotonic_us;
        run->state = PLAY_ALERT_SOUNDING;
    }
}

/* What sounds is taken back, and what is ready for later is let go. */
static void
take_back(PlayAlertRun *run, const PlayInstant *now, GPtrArray *actions)
{
    gboolean was_sounding = run->state == PLAY_ALERT_SOUNDING;
    guint64 item = run->now.item;

    play_alert_hush(run, now->monotonic_us);
    play_alert_let_go(run, &run->next, actions);
    play_alert_let_go(run, &run->now, actions);
    run->state = was_sounding ? PLAY_ALERT_STOPPING : PLAY_ALERT_QUEUED;
    run->silent_by_us = now->monotonic_us + PLAY_ALERT_SILENCE_US;
    if (was_sounding)
        run->now = (PlayAlertItem){.item = item};
}

/* The first step behind @index that is not of the same speech. */
static guint
next_speech(const PlayAlertRun *run, guint index)
{
    const PlayAlertStep *next;

    do
        next = play_alert_run_step_at(run, ++index);
    while (next != NULL && next->part > 0);
    return index;
}

/* An output that failed is tried again, from the signal on; a speech whose audio failed is left
 * out. */
static void
suffer(PlayAlertRun *run, const PlayAlertFacts *facts, const PlayInstant *now,
       GPtrArray *actions)
{
    gboolean is_output = run->now.failure == CONTENT_REASON_OUTPUT_FAILED;

    play_alert_hush(run, run->now.end_us != 0 ? run->now.end_us : now->monotonic_us);
    for (guint i = 0; i < run->zones->len; i++) {
        PlayAlertZone *zone = run->zones->pdata[i];

        if (!play_alert_run_is_meant(run, zone))
            continue;
        zone->reason = run->now.failure;
        if (!is_output)
            play_alert_note_line(zone, play_alert_run_known_step(run, run->now.step)->language,
                                 run->now.failure);
    }
    if (!is_output) {
        go_on(run, next_speech(run, run->now.step), facts, now, actions);
        return;
    }
    play_alert_let_go(run, &run->next, actions);
    run->now = (PlayAlertItem){0};
    run->retry_us = now->monotonic_us + PLAY_ALERT_RETRY_US;
    run->state = PLAY_ALERT_QUEUED;
}

static void
conclude(PlayAlertRun *run, const PlayInstant *now, GPtrArray *actions)
{
    for (guint i = 0; i < run->zones->len; i++)
        play_alert_say_ended(run, run->zones->pdata[i], now, actions);
    run->state = PLAY_ALERT_OVER;
    play_actions_add(actions, PLAY_DO_TELL);
}

/* When the output ought to have said something of the present item long since. */
static gint64
overdue_us(const PlayAlertRun *run)
{
    const PlayAlertStep *step = play_alert_run_known_step(run, run->now.step);

    if (step->is_live)
        return run->over_us + 2 * PLAY_ALERT_SILENCE_US;
    return run->now.has_started
               ? run->now.start_us + step->duration_us + 2 * PLAY_ALERT_SILENCE_US
               : run->placed_us + PLAY_ALERT_OPEN_US;
}

/* When nobody will wait for its live sound any more; 0: it comes. What was absent during the
 * signal is waited for from then on. */
static gint64
given_up_us(const PlayAlertRun *run)
{
    const PlayAlertStep *step = play_alert_run_known_step(run, run->now.step);

    return step->is_live && run->now.absent_us != 0
               ? MAX(run->now.absent_us - PLAY_ALERT_ABSENT_US, run->placed_us) +
                     PLAY_ALERT_LIVE_PATIENCE_US
               : 0;
}

/* It ends as if it had been stopped; what each zone heard is kept. */
static gboolean
give_up(PlayAlertRun *run, const PlayInstant *now)
{
    gint64 when_us = given_up_us(run);

    if (when_us == 0 || now->monotonic_us < when_us || run->now.has_ended)
        return FALSE;
    for (guint i = 0; i < run->zones->len; i++) {
        PlayAlertZone *zone = run->zones->pdata[i];

        if (play_alert_run_is_meant(run, zone))
            zone->reason = CONTENT_REASON_LATE_SOURCE;
    }
    run->has_counted = TRUE;
    return TRUE;
}

static void
note_absent(PlayAlertItem *item, const PlayInstant *now)
{
    if (!item->is_absent)
        item->absent_us = 0;
    else if (item->absent_us == 0)
        item->absent_us = now->monotonic_us;
}

static gboolean
step_sounding(PlayAlertRun *run, const PlayAlertFacts *facts, const PlayInstant *now,
              GPtrArray *actions)
{
    note_absent(&run->now, now);
    note_absent(&run->next, now);
    if (give_up(run, now))
        return TRUE;
    if (now->monotonic_us >= overdue_us(run) && !run->now.has_ended) {
        run->now.has_failed = TRUE;
        run->now.failure = CONTENT_REASON_OUTPUT_FAILED;
        play_alert_action(run, PLAY_DO_CANCEL, run->now.item, actions);
    }
    if (run->now.has_failed) {
        suffer(run, facts, now, actions);
    } else if (run->now.has_ended) {
        play_alert_hush(run, run->now.end_us);
        go_on(run, run->now.step + 1, facts, now, actions);
    } else {
        look_ahead(run, facts, now, actions);
        return FALSE;
    }
    play_actions_add(actions, PLAY_DO_TELL);
    return TRUE;
}

static gboolean
step_asking(PlayAlertRun *run, const PlayAlertFacts *facts, const PlayInstant *now,
            GPtrArray *actions)
{
    if (run->now.has_failed)
        suffer(run, facts, now, actions);
    else if (play_alert_run_can_sound(run, facts, now))
        sound(run, facts, now, actions);
    else
        return FALSE;
    play_actions_add(actions, PLAY_DO_TELL);
    return TRUE;
}

/* What the state makes of it when it may go on. */
static gboolean
step_on(PlayAlertRun *run, const PlayAlertFacts *facts, const PlayInstant *now,
        GPtrArray *actions)
{
    switch (run->state) {
    case PLAY_ALERT_QUEUED:
        return begin(run, facts, now, actions);
    case PLAY_ALERT_ASKING:
        return step_asking(run, facts, now, actions);
    case PLAY_ALERT_SOUNDING:
        return step_sounding(run, facts, now, actions);
    default:
        return FALSE;
    }
}

gboolean
play_alert_run_step(PlayAlertRun *run, gboolean has_output, const PlayAlertFacts *facts,
                    const PlayInstant *now, GPtrArray *actions)
{
    gboolean is_ending = play_alert_run_is_to_end(run), is_out;

    if (run->state == PLAY_ALERT_OVER)
        return FALSE;
    if (run->state == PLAY_ALERT_STOPPING) {
        is_out =
            run->now.has_ended || run->now.has_failed || now->monotonic_us >= run->silent_by_us;
        if (is_out) {
            run->now = (PlayAlertItem){0};
            run->state = PLAY_ALERT_QUEUED;
        }
        return is_out;
    }
    if (play_alert_run_is_busy(run) && (is_ending || !has_output || facts->is_leaving)) {
        take_back(run, now, actions);
        play_actions_add(actions, PLAY_DO_TELL);
        return TRUE;
    }
    if (facts->is_leaving)
        return FALSE;
    if (is_ending) {
        conclude(run, now, actions);
        return TRUE;
    }
    if (run->state == PLAY_ALERT_RESTING) {
        if (now->monotonic_us < run->rest_until_us)
            return FALSE;
        run->state = PLAY_ALERT_QUEUED;
        return TRUE;
    }
    return has_output && step_on(run, facts, now, actions);
}

static gint64
or_at(gint64 alarm_us, gint64 when_us, const PlayInstant *now)
{
    return when_us <= now->monotonic_us ? alarm_us : play_instant_sooner(alarm_us, when_us);
}

gint64
play_alert_run_alarm(const PlayAlertRun *run, const PlayAlertFacts *facts,
                     const PlayInstant *now)
{
    const PlayAlertStep *step = play_alert_run_step_wanted(run);
    gint64 minute_us = 60 * G_USEC_PER_SEC;
    gint64 alarm_us = 0;

    if (run->state == PLAY_ALERT_OVER)
        return 0;
    alarm_us = or_at(alarm_us, run->retry_us, now);
    if (run->state == PLAY_ALERT_ASKING) {
        for (guint i = 0; i < run->zones->len; i++)
            alarm_us =
                or_at(alarm_us, play_alert_patient_until_us(run->zones->pdata[i], facts), now);
        alarm_us = or_at(alarm_us,
                         play_gate_view_clear_us(facts->view, run->output, step->zones,
                                                 now->monotonic_us),
                         now);
    }
    if (run->state == PLAY_ALERT_SOUNDING) {
        alarm_us = or_at(alarm_us, overdue_us(run), now);
        alarm_us = or_at(alarm_us, given_up_us(run), now);
    }
    if (run->state == PLAY_ALERT_STOPPING)
        alarm_us = or_at(alarm_us, run->silent_by_us, now);
    if (run->state == PLAY_ALERT_RESTING)
        alarm_us = or_at(alarm_us, run->rest_until_us, now);
    /* The windows open on a minute of the wall clock. */
    if (run->alert->drill && run->state == PLAY_ALERT_QUEUED)
        alarm_us =
            or_at(alarm_us, now->monotonic_us + minute_us - (now->utc_us % minute_us), now);
    return alarm_us;
}
