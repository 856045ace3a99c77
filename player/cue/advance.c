/*
 * advance.c - one segment, one change of state: what is seen of it, and what is done then.
 *
 * Flow: judge.c (what forbids it) -> rows of machine.c -> actions. Pure.
 */
#include "player/cue/cue-private.h"
#include "player/cue/volume.h"

/* Enough is left of it, or it has not begun yet. */
static gboolean
is_worth_beginning(const PlayRun *run, const PlayInstant *now)
{
    gint64 left_us = play_run_end_us(run, now) - now->monotonic_us;

    return now->monotonic_us <= play_run_start_us(run, now) ||
           left_us >= PLAY_RUN_LEAST_REST_US + PLAY_RUN_PLACE_US;
}

static gboolean
is_due(const PlayCue *cue, const PlayRun *run, const PlayInstant *now)
{
    gint64 warm_us = play_run_start_us(run, now) - play_run_lead_us(run, cue->view) -
                     play_cue_prepare_us(cue, run);

    return run->blocker == CONTENT_REASON_NONE && now->monotonic_us >= warm_us &&
           now->monotonic_us >= run->retry_us && is_worth_beginning(run, now);
}

/* Time enough for the disk to have it before the first sample, and no more. */
static gint64
near_us(const PlayCue *cue, const PlayRun *run, const PlayInstant *now)
{
    return play_run_start_us(run, now) - play_run_lead_us(run, cue->view) - PLAY_RUN_PREPARE_US;
}

/* What sounds goes on whatever the rules say by now; only another segment may take its place,
 * or the player's end.
 */
static gboolean
is_forbidden(const PlayRun *run)
{
    return play_run_is_on_output(run) ? run->blocker == CONTENT_REASON_DISPLACED ||
                                            run->blocker == CONTENT_REASON_PLAYER_STOPPED
                                      : run->blocker != CONTENT_REASON_NONE;
}

static gboolean
is_unheard(const PlayCue *cue, const PlayRun *run, const PlayInstant *now)
{
    guint n_active;

    return now->monotonic_us < run->place_end_us &&
           play_run_count_ready(run, cue->view, &n_active) == 0;
}

static gboolean
is_seen(const PlayCue *cue, const PlayRun *run, PlaySeen seen, const PlayInstant *now)
{
    gint64 at_us;

    switch (seen) {
    case PLAY_SEEN_WITHDRAWN:
        return run->is_withdrawn;
    case PLAY_SEEN_REPLACED:
        return run->is_replaced;
    case PLAY_SEEN_FAILED:
        return run->has_failed;
    case PLAY_SEEN_ENDED:
        return run->has_ended;
    case PLAY_SEEN_SILENCED:
        return run->has_ended || run->has_failed || now->monotonic_us >= run->silent_by_us;
    case PLAY_SEEN_TIME_OVER:
        return now->monotonic_us >= play_run_end_us(run, now) +
                                        (play_run_is_on_output(run) ? PLAY_RUN_SILENCE_US : 0);
    case PLAY_SEEN_FORBIDDEN:
        return is_forbidden(run);
    case PLAY_SEEN_UNHEARD:
        return is_unheard(cue, run, now);
    case PLAY_SEEN_STARTED:
        return run->has_started;
    case PLAY_SEEN_NEAR:
        return !run->said_started && now->monotonic_us >= near_us(cue, run, now);
    case PLAY_SEEN_CONFIRMED:
        return play_cue_can_place(cue, run, now, &at_us);
    case PLAY_SEEN_DUE:
        return is_due(cue, run, now);
    }
    return FALSE;
}

static void
warm(PlayCue *cue, PlayRun *run, const PlayInstant *now, GPtrArray *actions)
{
    const ContentApproval *approval = play_plan_approval(run->plan, run->segment);
    PlayAction *action;

    run->item = ++cue->last_item;
    run->retry_us = 0;
    action = play_actions_add(actions, PLAY_DO_PREPARE);
    action->item = run->item;
    action->output = g_strdup(run->segment->output);
    action->source = run->segment->source;
    action->object = g_strdup(run->segment->object);
    action->address = g_strdup(approval == NULL ? NULL : approval->address);
    action->duration_us = run->segment->duration_us;
    action->position_us = MAX(0, now->monotonic_us - play_run_start_us(run, now));
}

static void
say_started(PlayCue *cue, PlayRun *run, const PlayInstant *now, GPtrArray *actions)
{
    g_autoptr(GPtrArray) zones = play_run_active_zones(run);

    play_run_say_started(run, now, actions);
    play_ledger_note(cue->ledger, ((PlayAction *) actions->pdata[actions->len - 1])->record);
    for (guint i = 0; i < zones->len; i++)
        play_ledger_use(cue->ledger, run->segment->id, zones->pdata[i]);
    cue->facts++;
}

/* The item is nobody's any more; what the output says of it later is ignored. */
static void
forget_item(PlayRun *run, const PlayInstant *now)
{
    if (run->has_failed) {
        run->failure = run->said_failure;
        run->retry_us = now->monotonic_us + PLAY_RUN_RETRY_US;
    }
    run->item = 0;
    run->holds_zones = FALSE;
    run->is_replaced = FALSE;
    run->has_failed = run->has_started = run->has_ended = FALSE;
    g_clear_pointer(&run->absent_words, g_free);
}

static void
cancel(const PlayRun *run, GPtrArray *actions)
{
    PlayAction *action = play_actions_add(actions, PLAY_DO_CANCEL);

    action->item = run->item;
    action->output = g_strdup(run->segment->output);
}

static gint64
gain_of(const PlayCue *cue, const PlayRun *run, gint64 utc_us, gint64 duration_us)
{
    g_autoptr(GPtrArray) zones = play_run_active_zones(run);
    gint64 minute_us = 60 * G_USEC_PER_SEC;
    gint64 n_minutes = (utc_us + duration_us - 1) / minute_us - utc_us / minute_us;
    PlayLocal local = play_local_time_read(cue->local, utc_us);

    return play_volume_gain_mdb(cue->settings, run->segment->gain_mdb, zones, local.minute,
                                n_minutes);
}

static void
place(PlayCue *cue, PlayRun *run, const PlayInstant *now, GPtrArray *actions)
{
    gint64 base_us = play_run_start_us(run, now);
    gint64 at_us = 0;
    PlayAction *action;

    play_cue_can_place(cue, run, now, &at_us);
    run->base_us = base_us;
    run->place_us = at_us;
    run->place_position_us = at_us - base_us;
    run->place_end_us = base_us + run->segment->duration_us;
    for (guint i = 0; i < run->zones->len; i++) {
        PlayRunZone *zone = run->zones->pdata[i];

        zone->is_placed = zone->refusal == CONTENT_REASON_NONE;
    }
    action = play_actions_add(actions, PLAY_DO_PLACE);
    action->item = run->item;
    action->output = g_strdup(run->segment->output);
    action->start_us = at_us;
    action->position_us = run->place_position_us;
    action->duration_us = run->place_end_us - at_us;
    action->gain_mdb =
        gain_of(cue, run, at_us + play_instant_offset_us(now), action->duration_us);
}

static void
pause_run(PlayCue *cue, PlayRun *run, const PlayInstant *now)
{
    play_run_hush(run,
                  run->has_ended || run->has_failed ? run->actual_end_us : now->monotonic_us);
    if (run->is_replaced)
        play_run_begin_anew(run);
    play_cue_adopt(cue, run, now);
    forget_item(run, now);
}

/* The output never said that the item was over. */
static void
blame_output(PlayRun *run)
{
    for (guint i = 0; i < run->zones->len; i++)
        play_run_blame(run->zones->pdata[i], CONTENT_REASON_OUTPUT_FAILED,
                       content_remark_new("output_not_over", NULL, NULL));
}

void
play_cue_settle(PlayCue *cue, PlayRun *run, const PlayInstant *now, GPtrArray *actions)
{
    for (guint i = 0; i < run->zones->len; i++) {
        guint n_before = actions->len;

        play_run_settle(run, run->zones->pdata[i], now, actions);
        if (actions->len > n_before)
            play_ledger_note(cue->ledger, ((PlayAction *) actions->pdata[n_before])->record);
    }
}

static void
take_back(PlayRun *run, PlaySeen seen, const PlayInstant *now, GPtrArray *actions)
{
    if (seen == PLAY_SEEN_TIME_OVER)
        blame_output(run);
    play_run_hush(run, MIN(now->monotonic_us, run->place_end_us));
    cancel(run, actions);
    run->holds_zones = FALSE;
    run->silent_by_us = now->monotonic_us + PLAY_RUN_SILENCE_US;
}

static void
carry_out(PlayCue *cue, PlayRun *run, const PlayRunRule *rule, const PlayInstant *now,
          GPtrArray *actions)
{
    switch (rule->then) {
    case PLAY_RUN_DO_NOTHING:
        break;
    case PLAY_RUN_DO_WARM:
        warm(cue, run, now, actions);
        break;
    case PLAY_RUN_DO_SAY:
        say_started(cue, run, now, actions);
        break;
    case PLAY_RUN_DO_LET_GO:
        cancel(run, actions);
        forget_item(run, now);
        break;
    case PLAY_RUN_DO_PLACE:
        place(cue, run, now, actions);
        break;
    case PLAY_RUN_DO_HEAR:
        run->journal_late = run->journal_late || !run->is_journaled;
        run->failure = CONTENT_REASON_NONE;
        break;
    case PLAY_RUN_DO_CANCEL:
        take_back(run, rule->seen, now, actions);
        break;
    case PLAY_RUN_DO_PAUSE:
        pause_run(cue, run, now);
        break;
    case PLAY_RUN_DO_CONCLUDE:
        if (run->has_ended)
            play_run_hush(run, run->actual_end_us);
        play_cue_settle(cue, run, now, actions);
        break;
    }
}

gboolean
play_cue_advance(PlayCue *cue, PlayRun *run, const PlayInstant *now, GPtrArray *actions)
{
    for (int seen = 0; seen < PLAY_SEEN_N; seen++) {
        const PlayRunRule *rule = play_run_rule(run->state, (PlaySeen) seen);

        if (rule == NULL || !is_seen(cue, run, (PlaySeen) seen, now))
            continue;
        carry_out(cue, run, rule, now, actions);
        run->state = rule->to;
        play_run_listen(run, cue->view, now);
        if (run->state == PLAY_RUN_SOUNDING || run->state == PLAY_RUN_OVER)
            play_actions_add(actions, PLAY_DO_TELL);
        return TRUE;
    }
    return FALSE;
}
