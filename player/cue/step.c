/*
 * step.c - one decision: from what is known now to what is to be done now.
 *
 * Flow: clock -> admit.c -> (judge.c -> advance.c) until nothing changes -> wish, faults,
 * alarm. Pure.
 */
#include "player/cue/cue-private.h"

#include <string.h>

/* A larger difference between wall clock and monotonic clock is a step, not slewing. */
#define STEP_US (250 * G_GINT64_CONSTANT(1000))
/* A gateway that restarts is back sooner; a clock at boot is trusted sooner. */
#define GATEWAY_HOLD_US (5 * G_USEC_PER_SEC)
#define CLOCK_HOLD_US   (10 * G_USEC_PER_SEC)
#define RELAY_HOLD_US   (2 * G_USEC_PER_SEC)
/* How often old plans and ledger lines are forgotten. */
#define TIDY_US (G_GINT64_CONSTANT(6) * 3600 * G_USEC_PER_SEC)

/* ---- the clock ---- */

/* What was placed and has not begun moves with the clock; what sounds does not. */
static void
move_placed(PlayCue *cue)
{
    for (guint i = 0; i < cue->runs->len; i++) {
        PlayRun *run = cue->runs->pdata[i];

        if (run->state == PLAY_RUN_PLACED)
            run->is_replaced = TRUE;
    }
}

static void
notice_clock(PlayCue *cue, const PlayInstant *now)
{
    gint64 moved_us = play_instant_offset_us(now) - play_instant_offset_us(&cue->last);

    if (!cue->has_stepped) {
        cue->has_stepped = TRUE;
        cue->began_us = now->monotonic_us;
        cue->tidied_us = now->monotonic_us;
        cue->must_derive = TRUE;
    } else if (ABS(moved_us) > STEP_US) {
        cue->must_derive = TRUE;
        move_placed(cue);
    }
    if (now->trust != cue->last.trust)
        cue->facts++;
    if (now->trust == CONTENT_TRUST_UNSET) {
        cue->trusted_us = 0;
    } else if (cue->trusted_us == 0) {
        cue->trusted_us = now->monotonic_us;
        cue->must_derive = TRUE;
    }
    cue->last = *now;
}

static void
tidy(PlayCue *cue, const PlayInstant *now)
{
    if (now->monotonic_us - cue->tidied_us < TIDY_US || now->trust == CONTENT_TRUST_UNSET)
        return;
    cue->tidied_us = now->monotonic_us;
    play_timetable_forget_before(cue->timetable, now->utc_us - PLAY_CUE_KEEP_US);
    play_ledger_forget_before(cue->ledger, now->utc_us - PLAY_CUE_KEEP_US);
    cue->must_derive = TRUE;
}

/* ---- the segments at work ---- */

/* (nullable): the best there is to say of why @zone of @run is silent */
static const ContentRemark *
detail_for(const PlayCue *cue, const PlayRun *run, const PlayRunZone *zone,
           ContentReason reason)
{
    const ContentLeaseZone *told = play_gate_view_zone(cue->view, zone->id);

    if (zone->refusal_detail != NULL)
        return zone->refusal_detail;
    if (reason == run->refusal)
        return run->refusal_detail;
    return reason == CONTENT_REASON_RELAY_FAILED && told != NULL ? told->fault : NULL;
}

static void
blame(PlayCue *cue, PlayRun *run, const PlayInstant *now)
{
    gint64 duration_us = run->segment->duration_us;
    gint64 from_us = play_run_start_us(run, now) + MIN(PLAY_RUN_GRACE_US, duration_us / 2);
    gint64 until_us = play_run_end_us(run, now) - MIN(PLAY_RUN_GRACE_US, duration_us / 4);

    if (now->monotonic_us < from_us || now->monotonic_us >= until_us)
        return;
    for (guint i = 0; i < run->zones->len; i++) {
        PlayRunZone *zone = run->zones->pdata[i];
        ContentReason reason;

        if (zone->part != NULL)
            continue;
        reason = play_cue_why_silent(cue, run, zone, now);
        play_run_blame(zone, reason, content_remark_copy(detail_for(cue, run, zone, reason)));
    }
}

static void
look(PlayCue *cue, const PlayInstant *now)
{
    for (guint i = 0; i < cue->runs->len; i++) {
        PlayRun *run = cue->runs->pdata[i];

        if (run->superseded_us != 0 && play_run_is_on_output(run) &&
            now->monotonic_us >= run->superseded_us + PLAY_RUN_SUPERSEDED_US)
            run->is_withdrawn = TRUE;
        play_run_listen(run, cue->view, now);
        blame(cue, run, now);
    }
}

static gboolean
advance_all(PlayCue *cue, const PlayInstant *now, GPtrArray *actions)
{
    gboolean has_changed = FALSE;

    for (guint i = 0; i < cue->runs->len; i++)
        has_changed |= play_cue_advance(cue, cue->runs->pdata[i], now, actions);
    for (guint i = cue->runs->len; i-- > 0;) {
        if (((PlayRun *) cue->runs->pdata[i])->state == PLAY_RUN_OVER)
            g_ptr_array_remove_index(cue->runs, i);
    }
    return has_changed;
}

/* Each change makes progress within the machine; the bound is for a rule that is wrong. */
static void
settle_down(PlayCue *cue, const PlayInstant *now, GPtrArray *actions)
{
    guint bound = 8 * (cue->runs->len + 1);

    play_cue_judge(cue, now);
    look(cue, now);
    while (advance_all(cue, now, actions) && bound-- > 0)
        play_cue_judge(cue, now);
}

/* ---- the technician's test ---- */

static gboolean
is_busy(const PlayCue *cue)
{
    if (play_alerts_is_busy(cue->alerts))
        return TRUE;
    for (guint i = 0; i < cue->runs->len; i++) {
        if (((PlayRun *) cue->runs->pdata[i])->state != PLAY_RUN_WAITING)
            return TRUE;
    }
    return FALSE;
}

static const char *
why_no_test(const PlayCue *cue, const char *zone, const PlayInstant *now)
{
    const ContentSettingsZone *place = play_check_find_zone(cue->settings, zone);
    PlayLocal local;

    if (cue->is_leaving)
        return "test_leaving";
    if (cue->probe != NULL)
        return "test_other";
    if (is_busy(cue) || play_alerts_is_waiting(cue->alerts))
        return "test_busy";
    if (!play_gate_view_is_up(cue->view))
        return "test_no_gateway";
    if (!play_gate_view_knows(cue->view, zone, NULL))
        return "test_no_zone";
    if (now->trust == CONTENT_TRUST_UNSET)
        return "test_no_clock";
    if (cue->local == NULL)
        return "settings_missing";
    if (place == NULL)
        return "test_zone_unset";
    local = play_local_time_read(cue->local, now->utc_us);
    return play_check_windows(place, &local, CONTENT_CLASS_THONG_THUONG) ? NULL
                                                                         : "test_no_window";
}

static void
answer_ask(PlayCue *cue, const PlayInstant *now, GPtrArray *actions)
{
    g_autoptr(ContentTestAsk) ask = g_steal_pointer(&cue->ask);
    const char *refusal;

    if (ask == NULL)
        return;
    refusal = why_no_test(cue, ask->zone, now);
    if (refusal == NULL)
        cue->probe = play_probe_new(ask, now);
    play_probe_answer(actions, ask->id, refusal == NULL, refusal != NULL, CONTENT_RELAY_UNKNOWN,
                      refusal == NULL ? "test_begins" : refusal);
}

/* It was fresh when it was verified; what held us up since then counts, too. */
static void
answer_order(PlayCue *cue, const PlayInstant *now, GPtrArray *actions)
{
    g_autoptr(ContentTestOrder) order = g_steal_pointer(&cue->order);
    const char *refusal;

    if (order == NULL)
        return;
    refusal = why_no_test(cue, order->zone, now);
    if (refusal == NULL && order->expires_us <= now->utc_us)
        refusal = "test_late";
    if (refusal == NULL)
        cue->probe = play_probe_new_ordered(order, now);
    else
        play_probe_refuse_order(actions, order, refusal);
}

static gint64
step_probe(PlayCue *cue, const PlayInstant *now, GPtrArray *actions)
{
    gint64 alarm_us = 0;

    answer_ask(cue, now, actions);
    answer_order(cue, now, actions);
    if (cue->probe == NULL)
        return 0;
    if (is_busy(cue) || play_alerts_is_waiting(cue->alerts) || cue->is_leaving ||
        !play_gate_view_is_up(cue->view))
        play_probe_stop(cue->probe);
    if (play_probe_step(cue->probe, cue->view, now, actions, &alarm_us)) {
        g_clear_pointer(&cue->probe, play_probe_free);
        return 0;
    }
    return alarm_us;
}

/* ---- the end ---- */

/* Everything is silent and let go: what was heard of it goes to the journal. */
static void
step_leave(PlayCue *cue, const PlayInstant *now, GPtrArray *actions)
{
    if (!cue->is_leaving || cue->has_left || is_busy(cue) || cue->probe != NULL)
        return;
    cue->has_left = TRUE;
    play_alerts_leave(cue->alerts, now, actions);
    for (guint i = 0; i < cue->runs->len; i++) {
        PlayRun *run = cue->runs->pdata[i];

        for (guint j = 0; j < run->zones->len; j++) {
            PlayRunZone *zone = run->zones->pdata[j];
            ContentRecord *part;

            play_run_blame(zone, CONTENT_REASON_PLAYER_STOPPED, NULL);
            part = play_run_draft(run, zone, now, NULL);
            if (part != NULL)
                play_actions_add(actions, PLAY_DO_RECORD)->record = part;
        }
    }
}

/* ---- the wish ---- */

static void
wish_for(GPtrArray *wishes, const char *zone, ContentOrder order, const char *subject)
{
    ContentWishZone *wish;

    for (guint i = 0; i < wishes->len; i++) {
        if (strcmp(((ContentWishZone *) wishes->pdata[i])->zone, zone) == 0)
            return;
    }
    wish = content_shape_new(&content_wish_zone_shape);
    wish->zone = g_strdup(zone);
    wish->order = (gint) order;
    wish->subject = g_strdup(subject);
    g_ptr_array_add(wishes, wish);
}

static void
free_wish_zone(gpointer zone)
{
    content_shape_free(&content_wish_zone_shape, zone);
}

static gint
compare_wishes(gconstpointer a, gconstpointer b)
{
    return strcmp((*(ContentWishZone *const *) a)->zone, (*(ContentWishZone *const *) b)->zone);
}

static void
wish_for_alert(const char *zone, const char *alert, gpointer wishes)
{
    wish_for(wishes, zone, CONTENT_ORDER_ALERT, alert);
}

static GPtrArray *
zones_wanted(PlayCue *cue)
{
    GPtrArray *wishes = g_ptr_array_new_with_free_func(free_wish_zone);
    PlayAlertFacts facts = play_cue_alert_facts(cue);

    play_alerts_wish(cue->alerts, &facts, wish_for_alert, wishes);
    for (guint i = 0; i < cue->runs->len; i++) {
        const PlayRun *run = cue->runs->pdata[i];

        for (guint j = 0; run->holds_zones && j < run->zones->len; j++) {
            const PlayRunZone *zone = run->zones->pdata[j];

            if (zone->refusal == CONTENT_REASON_NONE)
                wish_for(wishes, zone->id, CONTENT_ORDER_SEGMENT, run->segment->id);
        }
    }
    if (cue->probe != NULL && play_probe_zone(cue->probe) != NULL)
        wish_for(wishes, play_probe_zone(cue->probe), CONTENT_ORDER_TEST,
                 play_probe_id(cue->probe));
    g_ptr_array_sort(wishes, compare_wishes);
    return wishes;
}

static void
step_wish(PlayCue *cue, const PlayInstant *now, GPtrArray *actions)
{
    g_autoptr(GPtrArray) wishes = zones_wanted(cue);
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    g_autoptr(GString) words = g_string_new(NULL);
    PlayAction *action;

    for (guint i = 0; i < wishes->len; i++) {
        const ContentWishZone *wish = wishes->pdata[i];

        g_string_append_printf(words, "%s %d %s\n", wish->zone, wish->order, wish->subject);
        g_ptr_array_add(ids, wish->zone);
    }
    if (strcmp(words->str, cue->wished) == 0)
        return;
    g_free(cue->wished);
    cue->wished = g_strdup(words->str);
    cue->last_wish++;
    play_gate_view_wished(cue->view, ids, cue->last_wish, now->monotonic_us);
    action = play_actions_add(actions, PLAY_DO_WISH);
    action->wish = cue->last_wish;
    action->zones = g_steal_pointer(&wishes);
}

/* ---- faults ---- */

typedef struct {
    PlayCue *cue;
    const PlayInstant *now;
} Round;

static void
find(const Round *round, const char *code, const char *subject, gint64 hold_us)
{
    g_autoptr(ContentRemark) what = content_remark_new(code, subject, NULL);

    play_faults_find(round->cue->faults, what, hold_us, round->now);
}

/* What the cue says of a segment or zone, as a fault of @subject. */
static void
find_refusal(const Round *round, ContentReason reason, const ContentRemark *detail,
             const char *subject)
{
    g_autoptr(ContentRemark) what =
        content_remark_new(detail == NULL ? content_reason_words[reason] : detail->code, NULL,
                           NULL);

    if (detail != NULL)
        content_remark_copy_to(detail, what);
    g_free(what->subject);
    what->subject = g_strdup(subject);
    play_faults_find(round->cue->faults, what, 0, round->now);
}

/* A board or relay that ails several zones is the same fault in each of them: told once. */
static void
find_zone_fault(const ContentLeaseZone *zone, gboolean is_wished, gpointer data)
{
    const Round *round = data;

    if (zone->fault != NULL)
        play_faults_find(round->cue->faults, zone->fault, 0, round->now);
}

/* Taken out by a plan, or named by it too late, is no fault of the station. */
static gboolean
is_refused(ContentReason refusal)
{
    return refusal != CONTENT_REASON_NONE && refusal != CONTENT_REASON_WITHDRAWN &&
           refusal != CONTENT_REASON_UNKNOWN;
}

static void
find_absent(const Round *round, const PlayRun *run)
{
    g_autoptr(ContentRemark) what = content_remark_new("source_absent", run->segment->item,
                                                       "source", run->segment->title, NULL);

    play_faults_find(round->cue->faults, content_remark_say(what, run->absent_words), 0,
                     round->now);
}

static void
find_run_faults(const Round *round, const PlayRun *run)
{
    const PlayInstant *now = round->now;

    for (guint i = 0; i < run->zones->len; i++) {
        const PlayRunZone *zone = run->zones->pdata[i];

        if (is_refused(zone->refusal))
            find_refusal(round, zone->refusal, zone->refusal_detail, zone->id);
        else if (now->monotonic_us >= play_run_start_us(run, now) + PLAY_RUN_GRACE_US &&
                 run->holds_zones &&
                 play_cue_why_silent(round->cue, run, zone, now) == CONTENT_REASON_RELAY_FAILED)
            find(round, "relay_unconfirmed", zone->id, RELAY_HOLD_US);
    }
    if (is_refused(run->refusal))
        find_refusal(round, run->refusal, run->refusal_detail,
                     run->refusal == CONTENT_REASON_OBJECT_MISSING ||
                             run->refusal == CONTENT_REASON_OBJECT_CORRUPT
                         ? run->segment->object
                         : run->segment->id);
    if (run->failure != CONTENT_REASON_NONE)
        find(round, "output_tried_again", run->segment->output, 0);
    if (run->absent_words != NULL)
        find_absent(round, run);
}

static void
find_absent_speaker(const char *alert, const char *speaker, const char *words, gpointer data)
{
    const Round *round = data;
    g_autoptr(ContentRemark) what =
        content_remark_new("source_absent", alert, "source", speaker, NULL);

    play_faults_find(round->cue->faults, content_remark_say(what, words), 0, round->now);
}

static void
find_unconfirmed(const char *zone, const char *alert, gpointer data)
{
    find(data, "relay_unconfirmed", zone, 0);
}

static gint64
step_faults(PlayCue *cue, const PlayInstant *now, GPtrArray *actions)
{
    PlayAlertFacts facts = play_cue_alert_facts(cue);
    GPtrArray *told = play_gate_view_faults(cue->view);
    Round round = {cue, now};
    GHashTableIter iter;
    gpointer output;

    play_faults_begin(cue->faults);
    if (now->trust == CONTENT_TRUST_UNSET)
        find(&round, "clock_untrusted", "clock", CLOCK_HOLD_US);
    if (!play_gate_view_is_up(cue->view))
        find(&round, "gateway_down", "gateway", GATEWAY_HOLD_US);
    g_hash_table_iter_init(&iter, cue->mute);
    while (g_hash_table_iter_next(&iter, &output, NULL))
        find(&round, "card_silent", output, 0);
    for (guint i = 0; i < told->len; i++)
        play_faults_find(cue->faults, told->pdata[i], 0, now);
    for (guint i = 0; i < cue->findings->len; i++)
        play_faults_find(cue->faults, cue->findings->pdata[i], 0, now);
    play_gate_view_each(cue->view, find_zone_fault, &round);
    for (guint i = 0; i < cue->runs->len; i++)
        find_run_faults(&round, cue->runs->pdata[i]);
    play_alerts_faults(cue->alerts, &facts, now, find_unconfirmed, &round);
    play_alerts_absent(cue->alerts, find_absent_speaker, &round);
    return play_faults_end(cue->faults, now, actions);
}

/* ---- alerts ---- */

/* What they take from the calendar is silent before they sound; what they leave to it is judged
 * again. */
static void
step_alerts(PlayCue *cue, const PlayInstant *now, GPtrArray *actions)
{
    PlayAlertFacts facts = play_cue_alert_facts(cue);

    play_alerts_judge(cue->alerts, &facts, now);
    settle_down(cue, now, actions);
    play_alerts_step(cue->alerts, &facts, now, actions);
    if (play_alerts_has_changed(cue->alerts))
        settle_down(cue, now, actions);
}

/* ---- the step ---- */

/* Every record says when, how sure of it, and under which manifest. One TELL is enough. */
static void
complete(const PlayCue *cue, const PlayInstant *now, GPtrArray *actions, guint from)
{
    gboolean has_told = FALSE;

    for (guint i = from; i < actions->len; i++) {
        PlayAction *action = actions->pdata[i];

        if (action->record != NULL)
            play_cue_complete(cue, action->record, now);
        if (action->what == PLAY_DO_TELL && has_told)
            g_ptr_array_remove_index(actions, i--);
        else
            has_told = has_told || action->what == PLAY_DO_TELL;
    }
}

static void
set_alarm(PlayCue *cue, const PlayInstant *now, PlayAlarm *alarm)
{
    const PlayEntry *entry = play_timetable_at(cue->timetable, cue->cursor);
    PlayAlertFacts facts = play_cue_alert_facts(cue);

    alarm->monotonic_us =
        play_instant_sooner(alarm->monotonic_us, play_alerts_alarm(cue->alerts, &facts, now));
    alarm->utc_us = entry == NULL || now->trust == CONTENT_TRUST_UNSET
                        ? 0
                        : entry->segment->start_us - play_cue_lead_us(cue, entry->segment);
    for (guint i = 0; i < cue->runs->len; i++)
        alarm->monotonic_us =
            play_instant_sooner(alarm->monotonic_us,
                                play_cue_run_alarm(cue, cue->runs->pdata[i], now));
}

void
play_cue_step(PlayCue *cue, const PlayInstant *now, GPtrArray *actions, PlayAlarm *alarm)
{
    guint from = actions->len;

    notice_clock(cue, now);
    tidy(cue, now);
    play_cue_admit(cue, now, actions);
    step_alerts(cue, now, actions);
    alarm->monotonic_us = step_probe(cue, now, actions);
    step_wish(cue, now, actions);
    step_leave(cue, now, actions);
    alarm->monotonic_us =
        play_instant_sooner(alarm->monotonic_us, step_faults(cue, now, actions));
    complete(cue, now, actions, from);
    set_alarm(cue, now, alarm);
}
