/* run.c - see run.h */
#include "player/cue/run.h"

#include <string.h>

static void
zone_free(gpointer data)
{
    PlayRunZone *zone = data;

    g_free(zone->id);
    content_remark_free(zone->refusal_detail);
    content_remark_free(zone->detail);
    content_remark_free(zone->note);
    content_shape_free(&content_part_shape, zone->part);
    g_ptr_array_unref(zone->parts);
    g_ptr_array_unref(zone->before);
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

/* Returns: (nullable): NULL: @run has it already */
static PlayRunZone *
add_zone(PlayRun *run, const char *id)
{
    PlayRunZone *zone;

    if (find_zone(run->zones, id) != NULL)
        return NULL;
    zone = g_new0(PlayRunZone, 1);
    zone->id = g_strdup(id);
    zone->parts = play_parts_new();
    zone->before = play_parts_new();
    g_ptr_array_add(run->zones, zone);
    return zone;
}

static void
add_zones(PlayRun *run)
{
    for (guint i = 0; i < run->segment->zones->len; i++)
        add_zone(run, run->segment->zones->pdata[i]);
}

PlayRun *
play_run_new(const PlayEntry *entry)
{
    PlayRun *run = g_new0(PlayRun, 1);

    run->plan = play_plan_ref(entry->plan);
    run->segment = entry->segment;
    run->zones = g_ptr_array_new_with_free_func(zone_free);
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
    content_remark_free(run->refusal_detail);
    g_free(run->absent_words);
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

void
play_run_add_late(PlayRun *run, const ContentSegment *newest)
{
    for (guint i = 0; i < newest->zones->len; i++) {
        PlayRunZone *zone = add_zone(run, newest->zones->pdata[i]);

        if (zone == NULL)
            continue;
        zone->refusal = CONTENT_REASON_UNKNOWN;
        play_run_blame(zone, CONTENT_REASON_UNKNOWN,
                       content_remark_new("plan_late", NULL, NULL));
    }
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

gint64
play_run_prepare_us(const ContentSegment *segment, gboolean is_there)
{
    gboolean is_live =
        segment->source == CONTENT_SOURCE_STREAM || segment->source == CONTENT_SOURCE_LINE_IN;

    return is_live && is_there ? PLAY_RUN_TRY_US : PLAY_RUN_PREPARE_US;
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

/* Alerts stand above all of them: they are no runs, see alerts.h. */
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

    zone->part = content_shape_new(&content_part_shape);
    zone->part->from_us = MAX(run->actual_start_us, ready_us);
    zone->part->position_us = MAX(0, zone->part->from_us - run->base_us);
    zone->part->level_mdb = zone->part->peak_mdb = G_MININT64;
    zone->part->relay_asked_us = told == NULL ? 0 : told->asked_us;
    zone->part->relay_read_us = told == NULL ? 0 : told->read_us;
    zone->part->relay = told == NULL ? CONTENT_RELAY_UNKNOWN : told->relay;
}

static void
end_part(PlayRunZone *zone, gint64 at_us)
{
    ContentPart *part = g_steal_pointer(&zone->part);

    if (part == NULL)
        return;
    part->to_us = MAX(at_us, part->from_us);
    if (part->to_us > part->from_us)
        play_parts_add(zone->parts, part);
    else
        content_shape_free(&content_part_shape, part);
}

void
play_run_listen(PlayRun *run, const PlayGateView *view, const PlayInstant *now)
{
    for (guint i = 0; i < run->zones->len; i++) {
        PlayRunZone *zone = run->zones->pdata[i];
        gboolean is_audible = run->state == PLAY_RUN_SOUNDING &&
                              zone->refusal == CONTENT_REASON_NONE &&
                              play_gate_view_is_ready(view, zone->id);

        if (is_audible && zone->part == NULL)
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
play_run_take_level(PlayRun *run, const PlayHeard *heard)
{
    for (guint i = 0; i < run->zones->len; i++) {
        PlayRunZone *zone = run->zones->pdata[i];

        for (guint j = 0; j < zone->parts->len; j++) {
            ContentPart *part = zone->parts->pdata[j];

            if (part->from_us >= run->actual_start_us)
                play_part_take_level(part, heard,
                                     zone->part == NULL && j + 1 == zone->parts->len);
        }
        if (zone->part != NULL)
            play_part_take_level(zone->part, heard, TRUE);
    }
}

void
play_run_add_seconds(ContentRemark *remark, gint64 span_us)
{
    g_autofree char *seconds = g_strdup_printf("%.1f", (double) span_us / G_USEC_PER_SEC);

    content_remark_add(remark, "seconds", seconds);
}

void
play_run_begin_anew(PlayRun *run)
{
    for (guint i = 0; i < run->zones->len; i++) {
        PlayRunZone *zone = run->zones->pdata[i];
        gint64 heard_us = play_parts_heard_us(zone->before) + play_parts_heard_us(zone->parts);

        if (heard_us == 0)
            continue;
        content_remark_free(zone->note);
        zone->note = content_remark_new("heard_before_move", NULL, NULL);
        play_run_add_seconds(zone->note, heard_us);
        g_ptr_array_set_size(zone->before, 0);
        g_ptr_array_set_size(zone->parts, 0);
    }
    run->said_started = run->is_journaled = FALSE;
    run->missing_us = 0;
    run->source_silent_us = run->source_gone_us = run->spare_us = 0;
}

void
play_run_blame(PlayRunZone *zone, ContentReason reason, ContentRemark *detail)
{
    if (zone->reason != CONTENT_REASON_NONE || reason == CONTENT_REASON_NONE) {
        content_remark_free(detail);
        return;
    }
    zone->reason = reason;
    content_remark_free(zone->detail);
    zone->detail = detail;
}
