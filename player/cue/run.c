/* run.c - see run.h */
#include "player/cue/run.h"

#include <string.h>

#define MAX_DETAIL_BYTES 500

static void
zone_free(gpointer data)
{
    PlayRunZone *zone = data;

    g_free(zone->id);
    g_free(zone->refusal_detail);
    g_free(zone->detail);
    g_free(zone->note);
    g_free(zone);
}

static PlayRunZone *
find_zone(GPtrArray *zones, const char *id)
{
    for (guint i = 0; i < zones->len; i++) {
        PlayRunZone *zone = zones->pdata[i];

        if (strcmp(zone->id, id) == 0)
            return zone;
    }
    return NULL;
}

static void
add_zones(PlayRun *run)
{
    for (guint i = 0; i < run->segment->zones->len; i++) {
        const char *id = run->segment->zones->pdata[i];
        PlayRunZone *zone;

        if (find_zone(run->zones, id) != NULL)
            continue;
        zone = g_new0(PlayRunZone, 1);
        zone->id = g_strdup(id);
        g_ptr_array_add(run->zones, zone);
    }
}

PlayRun *
play_run_new(const PlayEntry *entry)
{
    PlayRun *run = g_new0(PlayRun, 1);

    run->plan = play_plan_ref(entry->plan);
    run->segment = entry->segment;
    run->zones = g_ptr_array_new_with_free_func(zone_free);
    run->level_mdb = run->peak_mdb = G_MININT64;
    add_zones(run);
    return run;
}

void
play_run_free(PlayRun *run)
{
    if (run == NULL)
        return;
    play_plan_unref(run->plan);
    g_ptr_array_unref(run->zones);
    g_free(run->refusal_detail);
    g_free(run);
}

void
play_run_adopt(PlayRun *run, const PlayEntry *entry)
{
    PlayPlan *before = run->plan;

    run->plan = play_plan_ref(entry->plan);
    run->segment = entry->segment;
    run->checked_facts = 0;
    run->superseded_us = 0;
    run->retry_us = 0;
    play_plan_unref(before);
    add_zones(run);
}

gint64
play_run_start_us(const PlayRun *run, const PlayInstant *now)
{
    return play_run_is_on_output(run) ? run->base_us
                                      : run->segment->start_us - play_instant_offset_us(now);
}

gint64
play_run_end_us(const PlayRun *run, const PlayInstant *now)
{
    return play_run_is_on_output(run) ? run->place_end_us
                                      : play_run_start_us(run, now) + run->segment->duration_us;
}

gint64
play_run_lead_us(const PlayRun *run, const PlayGateView *view)
{
    gint64 switch_us = 0;

    for (guint i = 0; i < run->zones->len; i++) {
        const PlayRunZone *zone = run->zones->pdata[i];

        if (zone->refusal == CONTENT_REASON_NONE)
            switch_us = MAX(switch_us, play_gate_view_switch_us(view, zone->id));
    }
    return switch_us + PLAY_RUN_MARGIN_US;
}

GPtrArray *
play_run_active_zones(const PlayRun *run)
{
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < run->zones->len; i++) {
        const PlayRunZone *zone = run->zones->pdata[i];

        if (zone->refusal == CONTENT_REASON_NONE)
            g_ptr_array_add(ids, g_strdup(zone->id));
    }
    return ids;
}

static gboolean
reaches_all_of(const PlayRun *a, const PlayRun *b)
{
    for (guint i = 0; i < b->zones->len; i++) {
        const PlayRunZone *zone = b->zones->pdata[i];
        const PlayRunZone *other;

        if (zone->refusal != CONTENT_REASON_NONE)
            continue;
        other = find_zone(a->zones, zone->id);
        if (other == NULL || other->refusal != CONTENT_REASON_NONE)
            return FALSE;
    }
    return TRUE;
}

gboolean
play_run_is_same_zones(const PlayRun *a, const PlayRun *b)
{
    return reaches_all_of(a, b) && reaches_all_of(b, a);
}

guint
play_run_count_ready(const PlayRun *run, const PlayGateView *view, guint *out_n_active)
{
    guint n_ready = 0;

    *out_n_active = 0;
    for (guint i = 0; i < run->zones->len; i++) {
        const PlayRunZone *zone = run->zones->pdata[i];

        if (zone->refusal != CONTENT_REASON_NONE)
            continue;
        *out_n_active += 1;
        n_ready += play_gate_view_is_ready(view, zone->id) ? 1 : 0;
    }
    return n_ready;
}

gboolean
play_run_is_on_output(const PlayRun *run)
{
    return run->state == PLAY_RUN_PLACED || run->state == PLAY_RUN_SOUNDING ||
           run->state == PLAY_RUN_STOPPING;
}

/* An alert will stand above all of them: its order is compared before the class. */
gboolean
play_run_outranks(const PlayRun *a, const PlayRun *b)
{
    if (a->segment->class_ != b->segment->class_)
        return a->segment->class_ > b->segment->class_;
    if (a->segment->start_us != b->segment->start_us)
        return a->segment->start_us < b->segment->start_us;
    return strcmp(a->segment->id, b->segment->id) < 0;
}

static void
begin_part(PlayRun *run, PlayRunZone *zone, const PlayGateView *view, const PlayInstant *now)
{
    const ContentLeaseZone *told = play_gate_view_zone(view, zone->id);
    gint64 ready_us = told == NULL ? 0 : MIN(told->ready_us, now->monotonic_us);

    zone->is_audible = TRUE;
    zone->since_us = MAX(run->actual_start_us, ready_us);
    zone->n_parts++;
    if (zone->first_us != 0)
        return;
    zone->first_us = zone->since_us;
    zone->position_us = zone->since_us - run->base_us;
    zone->asked_us = told == NULL ? 0 : told->asked_us;
    zone->read_us = told == NULL ? 0 : told->read_us;
    zone->relay = told == NULL ? CONTENT_RELAY_UNKNOWN : told->relay;
}

static void
end_part(PlayRunZone *zone, gint64 at_us)
{
    if (!zone->is_audible)
        return;
    zone->is_audible = FALSE;
    zone->last_us = MAX(at_us, zone->since_us);
    zone->heard_us += zone->last_us - zone->since_us;
}

void
play_run_listen(PlayRun *run, const PlayGateView *view, const PlayInstant *now)
{
    for (guint i = 0; i < run->zones->len; i++) {
        PlayRunZone *zone = run->zones->pdata[i];
        gboolean is_audible = run->state == PLAY_RUN_SOUNDING &&
                              zone->refusal == CONTENT_REASON_NONE &&
                              play_gate_view_is_ready(view, zone->id);

        if (is_audible && !zone->is_audible)
            begin_part(run, zone, view, now);
        else if (!is_audible)
            end_part(zone, run->has_ended ? run->actual_end_us : now->monotonic_us);
    }
}

void
play_run_hush(PlayRun *run, gint64 at_us)
{
    for (guint i = 0; i < run->zones->len; i++)
        end_part(run->zones->pdata[i], at_us);
}

void
play_run_begin_anew(PlayRun *run)
{
    for (guint i = 0; i < run->zones->len; i++) {
        PlayRunZone *zone = run->zones->pdata[i];

        if (zone->heard_us == 0)
            continue;
        g_free(zone->note);
        zone->note = g_strdup_printf("%.1f s were heard before a new plan moved it",
                                     (double) zone->heard_us / G_USEC_PER_SEC);
        zone->first_us = zone->last_us = zone->heard_us = zone->position_us = 0;
        zone->n_parts = 0;
    }
    run->said_started = run->is_journaled = FALSE;
    run->silent_us = run->missing_us = 0;
}

void
play_run_blame(PlayRunZone *zone, ContentReason reason, const char *detail)
{
    if (zone->reason != CONTENT_REASON_NONE || reason == CONTENT_REASON_NONE)
        return;
    zone->reason = reason;
    zone->detail = g_strdup(detail);
}

/* What every record of the segment says. */
static ContentRecord *
record_of(const PlayRun *run, ContentRecordKind kind, const PlayInstant *now)
{
    ContentRecord *record = play_record_new(kind);
    const ContentSegment *segment = run->segment;

    record->at_us = now->utc_us;
    record->dayplan = g_strdup(run->plan->hash);
    record->segment = g_strdup(segment->id);
    record->occurrence = g_strdup(segment->occurrence);
    record->item = g_strdup(segment->item);
    record->language = g_strdup(segment->language);
    record->output = g_strdup(segment->output);
    record->object = g_strdup(segment->object);
    record->planned_start_us = segment->start_us;
    record->planned_end_us = segment->start_us + segment->duration_us;
    return record;
}

void
play_run_say_started(PlayRun *run, const PlayInstant *now, GPtrArray *actions)
{
    PlayAction *action;

    if (run->said_started)
        return;
    run->said_started = TRUE;
    action = play_actions_add(actions, PLAY_DO_RECORD);
    action->record = record_of(run, CONTENT_RECORD_STARTED, now);
    action->record->position_us = MAX(0, now->monotonic_us - play_run_start_us(run, now));
}

static char *
local_words(gint64 utc_us)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(utc_us / G_USEC_PER_SEC);

    return utc == NULL ? g_strdup("?") : g_date_time_format(utc, "%H:%M:%S UTC");
}

static void add_words(GString *words, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
add_words(GString *words, const char *format, ...)
{
    va_list args;

    if (words->len > 0)
        g_string_append(words, "; ");
    va_start(args, format);
    g_string_append_vprintf(words, format, args);
    va_end(args);
}

/* Both parts of a segment that was cut in two are on record, each as far as it is known. */
static char *
detail_of(const PlayRun *run, const PlayRunZone *zone)
{
    g_autoptr(GString) words = g_string_new(zone->detail);

    if (zone->note != NULL)
        add_words(words, "%s", zone->note);
    if (run->began_before_us != 0) {
        g_autofree char *began = local_words(run->began_before_us);

        add_words(words,
                  "begun at %s before a restart of the player, how much of that was heard is "
                  "not known",
                  began);
    }
    if (zone->n_parts > 1)
        add_words(words, "heard in %u parts, %.1f s together", zone->n_parts,
                  (double) zone->heard_us / G_USEC_PER_SEC);
    if (words->len > MAX_DETAIL_BYTES)
        g_string_truncate(words, (gsize) (g_utf8_find_prev_char(
                                              words->str, words->str + MAX_DETAIL_BYTES + 1) -
                                          words->str));
    return words->len == 0 ? NULL : g_strdup(words->str);
}

static void
add_evidence(ContentRecord *record, const PlayRun *run, const PlayRunZone *zone,
             gint64 offset_us)
{
    record->actual_start_us = zone->first_us + offset_us;
    record->actual_end_us = zone->last_us + offset_us;
    record->position_us = MAX(0, zone->position_us);
    record->relay_asked_us = zone->asked_us == 0 ? 0 : zone->asked_us + offset_us;
    record->relay_read_us = zone->read_us == 0 ? 0 : zone->read_us + offset_us;
    record->level_mdb = run->level_mdb;
    record->peak_mdb = run->peak_mdb;
    record->silent_us = run->silent_us + (zone->last_us - zone->first_us - zone->heard_us);
    record->journal_late = run->journal_late;
}

/* Its bytes are those that were approved, and yet they hold less sound than was planned. */
static void
blame_short_audio(const PlayRun *run, PlayRunZone *zone)
{
    g_autofree char *words = g_strdup_printf("the audio ended %.1f s before its planned end",
                                             (double) run->missing_us / G_USEC_PER_SEC);

    play_run_blame(zone, CONTENT_REASON_DECODE_FAILED, words);
}

/* Nothing was blamed, and yet something is missing. */
static void
blame_the_rest(const PlayRun *run, PlayRunZone *zone)
{
    if (run->is_withdrawn) {
        zone->reason = CONTENT_REASON_WITHDRAWN;
        g_clear_pointer(&zone->detail, g_free);
    } else if (zone->heard_us == 0) {
        play_run_blame(zone,
                       run->failure != CONTENT_REASON_NONE ? run->failure
                                                           : CONTENT_REASON_OUTPUT_FAILED,
                       "the output did not begin in time");
    } else if (run->missing_us > PLAY_RUN_GRACE_US) {
        blame_short_audio(run, zone);
    } else if (run->place_end_us - zone->last_us > PLAY_RUN_GRACE_US) {
        play_run_blame(zone, CONTENT_REASON_INTERRUPTED, "it ended before its planned end");
    } else if (zone->first_us - run->base_us > PLAY_RUN_GRACE_US &&
               zone->reason == CONTENT_REASON_NONE) {
        play_run_blame(zone, CONTENT_REASON_DISPLACED,
                       "it began late: what sounded before left no time to switch the zones");
    } else if (run->was_late) {
        play_run_blame(zone, CONTENT_REASON_LATE_SOURCE, "the audio was not ready in time");
    }
}

void
play_run_settle(PlayRun *run, PlayRunZone *zone, const PlayInstant *now, GPtrArray *actions)
{
    PlayAction *action;
    ContentRecord *record;

    if (zone->is_settled)
        return;
    zone->is_settled = TRUE;
    end_part(zone, now->monotonic_us);
    blame_the_rest(run, zone);
    action = play_actions_add(actions, PLAY_DO_RECORD);
    record =
        record_of(run, zone->heard_us > 0 ? CONTENT_RECORD_PLAYED : CONTENT_RECORD_MISSED, now);
    action->record = record;
    record->zone = g_strdup(zone->id);
    record->relay = zone->relay;
    record->reason = zone->reason;
    record->detail = detail_of(run, zone);
    if (zone->heard_us > 0)
        add_evidence(record, run, zone, play_instant_offset_us(now));
}
