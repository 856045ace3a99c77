/* alert-run.c - see alert-run.h */
#include "player/cue/alert-run.h"

#include <string.h>

#include "player/cue/check.h"
#include "player/cue/volume.h"

static void
zone_free(gpointer data)
{
    PlayAlertZone *zone = data;

    g_free(zone->id);
    content_shape_free(&content_part_shape, zone->part);
    g_ptr_array_unref(zone->parts);
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
    g_ptr_array_add(run->zones, zone);
    g_ptr_array_sort(run->zones, compare_zones);
    return zone;
}

/* ---- who may hear it ---- */

/* What a drill obeys, and nothing else. */
static ContentReason
why_no_drill(const ContentSettingsZone *place, const PlayAlertFacts *facts,
             const PlayInstant *now)
{
    const ContentSegment today = {.id = (char *) "", .start_us = now->utc_us};
    PlayLocal local;

    if (now->trust == CONTENT_TRUST_UNSET || facts->local == NULL)
        return CONTENT_REASON_CLOCK_UNTRUSTED;
    local = play_local_time_read(facts->local, now->utc_us);
    if (!play_check_windows(place, &local, CONTENT_CLASS_KHAN_CAP))
        return CONTENT_REASON_OUTSIDE_WINDOW;
    return play_ledger_used_us(facts->ledger, facts->local, &today, place->id) >=
                   place->daily_limit_min * 60 * G_USEC_PER_SEC
               ? CONTENT_REASON_OVER_DAILY_LIMIT
               : CONTENT_REASON_NONE;
}

static ContentReason
why_held(const PlayAlertRun *run, const PlayAlertZone *zone, const PlayAlertFacts *facts,
         const PlayInstant *now)
{
    const ContentSettingsZone *place = play_check_find_zone(facts->settings, zone->id);

    if (place == NULL || strcmp(place->output, run->output) != 0)
        return CONTENT_REASON_ZONE_UNKNOWN;
    if (play_gate_view_is_up(facts->view) &&
        !play_gate_view_knows(facts->view, zone->id, run->output))
        return CONTENT_REASON_ZONE_UNKNOWN;
    return run->alert->drill ? why_no_drill(place, facts, now) : CONTENT_REASON_NONE;
}

void
play_alert_run_hold(PlayAlertRun *run, const PlayAlertFacts *facts, const PlayInstant *now)
{
    for (guint i = 0; i < run->zones->len; i++) {
        PlayAlertZone *zone = run->zones->pdata[i];
        ContentReason why = why_held(run, zone, facts, now);

        /* A drill that has begun is heard to the end of its repeat. */
        if (why == CONTENT_REASON_NONE || why == CONTENT_REASON_ZONE_UNKNOWN ||
            !play_alert_run_is_busy(run))
            zone->is_held = why != CONTENT_REASON_NONE;
        if (zone->is_held)
            zone->reason = why;
    }
}

static gboolean
may_hear(const PlayAlertZone *zone)
{
    return !zone->is_held && !zone->is_settled && zone->ending == CONTENT_REASON_NONE;
}

static gboolean
has_hearers(const PlayAlertRun *run)
{
    for (guint i = 0; i < run->zones->len; i++) {
        if (may_hear(run->zones->pdata[i]))
            return TRUE;
    }
    return FALSE;
}

/* Every zone of it was told to stop, or has had its last record. */
static gboolean
is_ended_everywhere(const PlayAlertRun *run)
{
    for (guint i = 0; i < run->zones->len; i++) {
        const PlayAlertZone *zone = run->zones->pdata[i];

        if (!zone->is_settled && zone->ending == CONTENT_REASON_NONE)
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_to_end(const PlayAlertRun *run)
{
    return run->ending != CONTENT_REASON_NONE || run->has_counted || is_ended_everywhere(run);
}

gboolean
play_alert_run_wants(const PlayAlertRun *run)
{
    return run->state != PLAY_ALERT_OVER && !run->is_waiting && !is_to_end(run) &&
           has_hearers(run) && (run->state != PLAY_ALERT_RESTING || run->keeps);
}

gboolean
play_alert_run_is_busy(const PlayAlertRun *run)
{
    return run->state == PLAY_ALERT_ASKING || run->state == PLAY_ALERT_SOUNDING ||
           run->state == PLAY_ALERT_STOPPING;
}

static const PlayAlertStep *
step_at(const PlayAlertRun *run, guint index)
{
    return run->steps == NULL || index >= run->steps->len ? NULL : run->steps->pdata[index];
}

/* As step_at(), of an index that is one. */
static const PlayAlertStep *
known_step(const PlayAlertRun *run, guint index)
{
    return run->steps->pdata[index];
}

const PlayAlertStep *
play_alert_run_present(const PlayAlertRun *run)
{
    return run->state == PLAY_ALERT_ASKING || run->state == PLAY_ALERT_SOUNDING
               ? step_at(run, run->now.step)
               : NULL;
}

/* Between two repeats nobody hears anything, and the first step's zones stay ready. */
static const PlayAlertStep *
step_wanted(const PlayAlertRun *run)
{
    return run->state == PLAY_ALERT_RESTING && run->keeps ? step_at(run, 0)
                                                          : play_alert_run_present(run);
}

static gboolean
is_meant(const PlayAlertRun *run, const PlayAlertZone *zone)
{
    const PlayAlertStep *step = step_wanted(run);

    return step != NULL && may_hear(zone) && play_alert_step_has(step, zone->id);
}

/* While something else fades out, no relay closes for those who were not to hear that. */
gboolean
play_alert_run_wishes(const PlayAlertRun *run, const PlayAlertZone *zone,
                      const PlayGateView *view)
{
    return is_meant(run, zone) && (run->is_free || play_gate_view_wishes(view, zone->id));
}

/* ---- items ---- */

typedef struct {
    const PlayAlertRun *run;
    const PlayAlertFacts *facts;
} Lookup;

static gint64
length_of(const char *object, gpointer data)
{
    const Lookup *lookup = data;
    const gint64 *kept = g_hash_table_lookup(lookup->facts->lengths, object);
    const GPtrArray *own = lookup->run->alert->objects;

    if (GPOINTER_TO_INT(g_hash_table_lookup(lookup->facts->objects, object)) !=
        PLAY_OBJECT_HERE)
        return 0;
    for (guint i = 0; i < own->len; i++) {
        const ContentAlertObject *row = own->pdata[i];

        if (strcmp(row->hash, object) == 0)
            return row->duration_us;
    }
    return kept != NULL ? *kept : PLAY_ALERT_UNKNOWN_US;
}

static void
make_steps(PlayAlertRun *run, const PlayAlertFacts *facts)
{
    Lookup lookup = {run, facts};
    g_autoptr(GPtrArray) places = g_ptr_array_new();

    for (guint i = 0; i < run->zones->len; i++) {
        const PlayAlertZone *zone = run->zones->pdata[i];

        if (may_hear(zone))
            g_ptr_array_add(places, (gpointer) play_check_find_zone(facts->settings, zone->id));
    }
    g_clear_pointer(&run->steps, g_ptr_array_unref);
    run->steps = play_alert_steps(run->alert, places, length_of, &lookup);
}

static PlayAction *
action_of(const PlayAlertRun *run, PlayDo what, guint64 item, GPtrArray *actions)
{
    PlayAction *action = play_actions_add(actions, what);

    action->item = item;
    action->output = g_strdup(run->output);
    action->alert = g_strdup(run->alert->id);
    return action;
}

static PlayAlertItem
prepare(const PlayAlertRun *run, guint index, const PlayAlertFacts *facts, GPtrArray *actions)
{
    const PlayAlertStep *step = known_step(run, index);
    PlayAlertItem item = {.item = ++*facts->last_item, .step = index};
    PlayAction *action = action_of(run, PLAY_DO_PREPARE, item.item, actions);

    action->source = step->object == NULL ? CONTENT_SOURCE_TONE : CONTENT_SOURCE_OBJECT;
    action->tone = run->alert->drill ? PLAY_TONE_DRILL : run->alert->tone;
    action->object = g_strdup(step->object);
    action->duration_us = step->duration_us;
    return item;
}

/* The night's volumes hold a drill, and nothing but the station's cap a real one. */
static gint64
gain_of(const PlayAlertRun *run, const PlayAlertStep *step, const PlayAlertFacts *facts,
        const PlayInstant *now)
{
    PlayLocal local;

    if (!run->alert->drill || facts->local == NULL)
        return MIN(facts->settings->gain_cap_mdb, 0);
    local = play_local_time_read(facts->local, now->utc_us);
    return play_volume_gain_mdb(facts->settings, 0, step->zones, local.minute,
                                step->duration_us / (60 * G_USEC_PER_SEC));
}

static void
let_go(const PlayAlertRun *run, PlayAlertItem *item, GPtrArray *actions)
{
    if (item->item != 0 && !item->has_ended && !item->has_failed)
        action_of(run, PLAY_DO_CANCEL, item->item, actions);
    *item = (PlayAlertItem){0};
}

/* ---- steps ---- */

static void
ask(PlayAlertRun *run, guint index, const PlayAlertFacts *facts, const PlayInstant *now,
    GPtrArray *actions)
{
    if (run->next.item != 0 && run->next.step == index) {
        run->now = run->next;
        run->next = (PlayAlertItem){0};
    } else {
        let_go(run, &run->next, actions);
        run->now = prepare(run, index, facts, actions);
    }
    run->state = PLAY_ALERT_ASKING;
}

static gboolean
begin(PlayAlertRun *run, const PlayAlertFacts *facts, const PlayInstant *now,
      GPtrArray *actions)
{
    if (now->monotonic_us < run->retry_us || g_hash_table_contains(facts->mute, run->output))
        return FALSE;
    make_steps(run, facts);
    if (run->steps->len == 0)
        return FALSE;
    if (run->series_us == 0)
        run->series_us = now->monotonic_us;
    run->was_heard = FALSE;
    run->retry_us = 0;
    ask(run, 0, facts, now, actions);
    return TRUE;
}

static gint64
patient_until_us(const PlayAlertZone *zone, const PlayAlertFacts *facts)
{
    gint64 switch_us = play_gate_view_switch_us(facts->view, zone->id) + PLAY_ALERT_MARGIN_US;

    return zone->asked_us + MIN(switch_us, PLAY_ALERT_PATIENCE_US);
}

gboolean
play_alert_run_is_patient(const PlayAlertZone *zone, const PlayAlertFacts *facts,
                          const PlayInstant *now)
{
    return zone->asked_us == 0 || now->monotonic_us < patient_until_us(zone, facts);
}

/*
 * The signal begins as soon as one zone hears it; words wait for the others, for a while. If no
 * relay confirms, it sounds all the same: it may be the reading back that has failed. Whoever
 * is not meant to hear it must be off first.
 */
static gboolean
can_sound(const PlayAlertRun *run, const PlayAlertFacts *facts, const PlayInstant *now)
{
    const PlayAlertStep *step = known_step(run, run->now.step);
    guint n_ready = 0, n_waiting = 0;

    if (!play_gate_view_is_up(facts->view) ||
        play_gate_view_wishes_other(facts->view, run->output, step->zones) ||
        play_gate_view_clear_us(facts->view, run->output, step->zones, now->monotonic_us) != 0)
        return FALSE;
    for (guint i = 0; i < run->zones->len; i++) {
        const PlayAlertZone *zone = run->zones->pdata[i];

        if (!is_meant(run, zone))
            continue;
        if (play_gate_view_is_ready(facts->view, zone->id))
            n_ready++;
        else if (play_alert_run_is_patient(zone, facts, now))
            n_waiting++;
    }
    return n_waiting == 0 || (step->object == NULL && n_ready > 0);
}

static void
sound(PlayAlertRun *run, const PlayAlertFacts *facts, const PlayInstant *now,
      GPtrArray *actions)
{
    const PlayAlertStep *step = known_step(run, run->now.step);
    PlayAction *action = action_of(run, PLAY_DO_INTERRUPT, run->now.item, actions);

    action->duration_us = step->duration_us;
    action->gain_mdb = gain_of(run, step, facts, now);
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
    const PlayAlertStep *step = known_step(run, run->now.step);
    const PlayAlertStep *next = step_at(run, run->now.step + 1);
    PlayAction *action;

    if (!run->now.has_started || run->now.has_ended || run->next.item != 0 || next == NULL)
        return;
    run->next = prepare(run, run->now.step + 1, facts, actions);
    if (!play_alert_step_is_joined(step, next))
        return;
    action = action_of(run, PLAY_DO_PLACE, run->next.item, actions);
    action->start_us = run->now.start_us + step->duration_us;
    action->duration_us = next->duration_us;
    action->gain_mdb = gain_of(run, next, facts, now);
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
    if (step_at(run, index) == NULL) {
        let_go(run, &run->next, actions);
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
    let_go(run, &run->next, actions);
    let_go(run, &run->now, actions);
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
        next = step_at(run, ++index);
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

        if (is_meant(run, zone))
            zone->reason = run->now.failure;
    }
    if (!is_output) {
        go_on(run, next_speech(run, run->now.step), facts, now, actions);
        return;
    }
    let_go(run, &run->next, actions);
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
    return run->now.has_started
               ? run->now.start_us + known_step(run, run->now.step)->duration_us +
                     2 * PLAY_ALERT_SILENCE_US
               : run->placed_us + PLAY_ALERT_OPEN_US;
}

static gboolean
step_sounding(PlayAlertRun *run, const PlayAlertFacts *facts, const PlayInstant *now,
              GPtrArray *actions)
{
    if (now->monotonic_us >= overdue_us(run) && !run->now.has_ended) {
        run->now.has_failed = TRUE;
        run->now.failure = CONTENT_REASON_OUTPUT_FAILED;
        action_of(run, PLAY_DO_CANCEL, run->now.item, actions);
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
    else if (can_sound(run, facts, now))
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
    gboolean is_ending = is_to_end(run), is_out;

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
    const PlayAlertStep *step = step_wanted(run);
    gint64 minute_us = 60 * G_USEC_PER_SEC;
    gint64 alarm_us = 0;

    if (run->state == PLAY_ALERT_OVER)
        return 0;
    alarm_us = or_at(alarm_us, run->retry_us, now);
    if (run->state == PLAY_ALERT_ASKING) {
        for (guint i = 0; i < run->zones->len; i++)
            alarm_us = or_at(alarm_us, patient_until_us(run->zones->pdata[i], facts), now);
        alarm_us = or_at(alarm_us,
                         play_gate_view_clear_us(facts->view, run->output, step->zones,
                                                 now->monotonic_us),
                         now);
    }
    if (run->state == PLAY_ALERT_SOUNDING)
        alarm_us = or_at(alarm_us, overdue_us(run), now);
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

/* ---- what the output says ---- */

static PlayAlertItem *
find_item(PlayAlertRun *run, guint64 item)
{
    if (item == 0)
        return NULL;
    return run->now.item == item ? &run->now : run->next.item == item ? &run->next : NULL;
}

gboolean
play_alert_run_started(PlayAlertRun *run, guint64 number, gint64 at_us)
{
    PlayAlertItem *item = find_item(run, number);

    if (item == NULL)
        return FALSE;
    item->has_started = TRUE;
    item->start_us = at_us;
    return TRUE;
}

static void
take_heard(PlayAlertRun *run, PlayAlertItem *item, const PlayHeard *heard)
{
    item->end_us = 0;
    if (heard == NULL || heard->start_us == 0)
        return;
    item->has_started = TRUE;
    item->start_us = heard->start_us;
    item->end_us = heard->end_us;
    if (item == &run->now)
        play_alert_take_level(run, heard);
}

gboolean
play_alert_run_ended(PlayAlertRun *run, guint64 number, const PlayHeard *heard)
{
    PlayAlertItem *item = find_item(run, number);

    if (item == NULL)
        return FALSE;
    take_heard(run, item, heard);
    item->has_ended = TRUE;
    return TRUE;
}

gboolean
play_alert_run_failed(PlayAlertRun *run, guint64 number, ContentReason reason,
                      const PlayHeard *heard, const char **out_object)
{
    PlayAlertItem *item = find_item(run, number);
    const PlayAlertStep *step = item == NULL ? NULL : step_at(run, item->step);

    if (item == NULL)
        return FALSE;
    *out_object = step == NULL ? NULL : step->object;
    take_heard(run, item, heard);
    item->has_failed = TRUE;
    item->failure = reason;
    return TRUE;
}
