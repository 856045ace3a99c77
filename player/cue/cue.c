/*
 * cue.c - see cue.h
 *
 * The facts: each call notes one and decides nothing. Decisions are in step.c.
 */
#include "player/cue/cue.h"

#include "player/cue/cue-private.h"

#include <string.h>

PlayCue *
play_cue_new(void)
{
    PlayCue *cue = g_new0(PlayCue, 1);

    cue->timetable = play_timetable_new();
    cue->ledger = play_ledger_new();
    cue->view = play_gate_view_new();
    cue->faults = play_faults_new();
    cue->findings = g_ptr_array_new_with_free_func(content_remark_shape.free);
    cue->alerts = play_alerts_new();
    cue->objects = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    cue->lengths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    cue->spoken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) g_ptr_array_unref);
    cue->grants = g_ptr_array_new_with_free_func((GDestroyNotify) content_grant_free);
    cue->mute = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    cue->runs = g_ptr_array_new_with_free_func((GDestroyNotify) play_run_free);
    cue->facts = 1;
    cue->down_reason = CONTENT_REASON_UNKNOWN;
    cue->wished = g_strdup("");
    return cue;
}

void
play_cue_free(PlayCue *cue)
{
    if (cue == NULL)
        return;
    g_ptr_array_unref(cue->runs);
    g_hash_table_unref(cue->objects);
    g_hash_table_unref(cue->lengths);
    g_hash_table_unref(cue->spoken);
    g_clear_pointer(&cue->approvals, g_hash_table_unref);
    content_templates_free(cue->templates);
    g_ptr_array_unref(cue->grants);
    g_hash_table_unref(cue->mute);
    play_probe_free(cue->probe);
    content_test_ask_free(cue->ask);
    content_test_order_free(cue->order);
    play_faults_free(cue->faults);
    g_ptr_array_unref(cue->findings);
    play_alerts_free(cue->alerts);
    play_gate_view_free(cue->view);
    play_ledger_free(cue->ledger);
    play_timetable_free(cue->timetable);
    play_local_time_free(cue->local);
    content_station_settings_free(cue->settings);
    g_free(cue->wished);
    g_free(cue);
}

PlayRun *
play_cue_find_run(const PlayCue *cue, const char *segment)
{
    for (guint i = 0; i < cue->runs->len; i++) {
        PlayRun *run = cue->runs->pdata[i];

        if (strcmp(run->segment->id, segment) == 0)
            return run;
    }
    return NULL;
}

static PlayRun *
run_of_item(const PlayCue *cue, guint64 item)
{
    for (guint i = 0; item != 0 && i < cue->runs->len; i++) {
        PlayRun *run = cue->runs->pdata[i];

        if (run->item == item)
            return run;
    }
    return NULL;
}

/* ---- from the journal ---- */

void
play_cue_restore(PlayCue *cue, const ContentRecord *record)
{
    if (!play_alerts_restore(cue->alerts, record))
        play_ledger_note(cue->ledger, record);
}

void
play_cue_restore_downtime(PlayCue *cue, gint64 from_us, gint64 to_us, ContentReason reason)
{
    cue->down_from_us = from_us;
    cue->down_to_us = to_us;
    cue->down_reason = reason;
}

/*
 * A draft's end is when the card was last looked at, and both ends went through another look at
 * the clock: for the same stretch they are not those of the journal. A zone hears a segment
 * once at a time, so what overlaps is the same.
 */
static gboolean
knows_part(const GPtrArray *known, const ContentPart *part)
{
    for (guint i = 0; known != NULL && i < known->len; i++) {
        const ContentPart *other = known->pdata[i];
        gboolean is_same = other->from_us < part->to_us && part->from_us < other->to_us;

        if (other->to_us >= part->to_us || (is_same && !other->at_least))
            return TRUE;
    }
    return FALSE;
}

/* A part that the journal has in full is not written again, nor one of what is over. */
gboolean
play_cue_recover(PlayCue *cue, ContentRecord *draft, ContentReason reason)
{
    g_autoptr(GPtrArray) parts = content_record_parts(draft);
    gint ignored;

    if (draft->kind != CONTENT_RECORD_PART || draft->segment == NULL || draft->zone == NULL ||
        parts->len == 0 || play_ledger_has_zone(cue->ledger, draft->segment, draft->zone))
        return FALSE;
    if (knows_part(play_ledger_parts(cue->ledger, draft->segment, draft->zone, &ignored),
                   parts->pdata[parts->len - 1]))
        return FALSE;
    draft->reason = (gint) reason;
    play_ledger_note(cue->ledger, draft);
    return TRUE;
}

/* ---- from intake ---- */

void
play_cue_take_settings(PlayCue *cue, ContentStationSettings *settings)
{
    content_station_settings_free(cue->settings);
    play_local_time_free(cue->local);
    cue->settings = settings;
    cue->local = play_local_time_new(settings->tzid);
    cue->facts++;
}

void
play_cue_obey(PlayCue *cue, const ContentManifest *manifest)
{
    cue->manifest_version = manifest == NULL ? 0 : manifest->version;
    cue->manifest_expires_us = manifest == NULL ? 0 : manifest->expires_us;
    play_timetable_obey(cue->timetable, manifest);
    cue->must_derive = TRUE;
    cue->facts++;
}

void
play_cue_take_day(PlayCue *cue, const char *hash, ContentDayPlan *day, GHashTable *approvals,
                  gint64 since_us)
{
    play_timetable_take(cue->timetable, hash, day, approvals, since_us);
    cue->must_derive = TRUE;
    cue->facts++;
}

void
play_cue_take_object(PlayCue *cue, const char *hash, PlayObjectState state)
{
    g_hash_table_replace(cue->objects, g_strdup(hash), GINT_TO_POINTER(state));
    cue->facts++;
}

/* ---- alerts ---- */

static gboolean
is_sounding(const char *output, gpointer data)
{
    const PlayCue *cue = data;

    for (guint i = 0; i < cue->runs->len; i++) {
        const PlayRun *run = cue->runs->pdata[i];

        if (play_run_is_on_output(run) && strcmp(run->segment->output, output) == 0)
            return TRUE;
    }
    return FALSE;
}

PlayAlertFacts
play_cue_alert_facts(PlayCue *cue)
{
    return (PlayAlertFacts){.settings = cue->settings,
                            .local = cue->local,
                            .view = cue->view,
                            .ledger = cue->ledger,
                            .objects = cue->objects,
                            .lengths = cue->lengths,
                            .spoken = cue->spoken,
                            .mute = cue->mute,
                            .last_item = &cue->last_item,
                            .is_leaving = cue->is_leaving,
                            .is_sounding = is_sounding,
                            .data = cue};
}

gboolean
play_cue_take_alert(PlayCue *cue, ContentAlert *alert, PlayAlertOrigin origin,
                    const PlayInstant *now)
{
    return play_alerts_take(cue->alerts, alert, origin, now);
}

PlayLocalFacts
play_cue_local_facts(const PlayCue *cue)
{
    return (PlayLocalFacts){
        .grants = cue->grants, .templates = cue->templates, .settings = cue->settings};
}

/* One that is over sounds no more, whatever became of its grant. */
gboolean
play_cue_take_local(PlayCue *cue, ContentAlert *alert, const ContentLocalOrder *order,
                    PlayAlertOrigin origin, const PlayInstant *now, const char **out_why)
{
    const PlayLocalFacts facts = play_cue_local_facts(cue);
    g_autoptr(GError) error = NULL;
    const ContentGrant *grant;

    *out_why = "alert_too_many";
    if (origin == PLAY_ALERT_ENDED)
        return play_alerts_take(cue->alerts, alert, origin, now);
    grant = play_local_admits(&facts, order, alert, &error);
    if (grant != NULL)
        return play_alerts_take_local(cue->alerts, alert, grant->zones, origin, now);
    *out_why = play_local_error_code(error);
    content_alert_free(alert);
    return FALSE;
}

void
play_cue_take_grants(PlayCue *cue, GPtrArray *grants)
{
    g_ptr_array_unref(cue->grants);
    cue->grants = grants;
}

void
play_cue_take_stop(PlayCue *cue, ContentStop *stop)
{
    play_alerts_stop(cue->alerts, stop);
}

/* Whether it could be said anywhere at any time. */
static gboolean
is_approved(const PlayCue *cue, const char *object, const char *language)
{
    const GPtrArray *approvals = g_hash_table_lookup(cue->spoken, object);

    return approvals != NULL && play_check_is_spoken(approvals, object, language, NULL, NULL);
}

static gboolean
is_line_approved(const PlayCue *cue, const ContentTemplateLine *line)
{
    for (guint i = 0; i < line->parts->len; i++) {
        const ContentTemplatePart *part = line->parts->pdata[i];

        if (part->object != NULL && !is_approved(cue, part->object, line->language))
            return FALSE;
    }
    return TRUE;
}

/* So nobody is offered here what would then not be said. */
static void
leave_out_unapproved(const PlayCue *cue, ContentTemplates *templates)
{
    for (guint i = 0; i < templates->templates->len; i++) {
        GPtrArray *lines = ((ContentTemplate *) templates->templates->pdata[i])->lines;

        for (guint j = lines->len; j-- > 0;) {
            if (!is_line_approved(cue, lines->pdata[j]))
                g_ptr_array_remove_index(lines, j);
        }
    }
    for (guint i = 0; i < templates->values->len; i++) {
        GPtrArray *spoken = ((ContentTemplateValue *) templates->values->pdata[i])->spoken;

        for (guint j = spoken->len; j-- > 0;) {
            const ContentSpoken *one = spoken->pdata[j];

            if (!is_approved(cue, one->object, one->language))
                g_ptr_array_remove_index(spoken, j);
        }
    }
}

static void
find_approvals(PlayCue *cue, const ContentTemplates *templates)
{
    g_hash_table_remove_all(cue->spoken);
    for (guint i = 0; i < templates->objects->len; i++) {
        const ContentAlertObject *row = templates->objects->pdata[i];

        GPtrArray *approvals = g_hash_table_lookup(cue->spoken, row->hash);
        ContentApproval *approval =
            row->approval == NULL ? NULL : g_hash_table_lookup(cue->approvals, row->approval);

        if (approvals == NULL) {
            approvals = g_ptr_array_new();
            g_hash_table_insert(cue->spoken, g_strdup(row->hash), approvals);
        }
        if (approval != NULL)
            g_ptr_array_add(approvals, approval);
    }
}

void
play_cue_take_templates(PlayCue *cue, ContentTemplates *templates, GHashTable *approvals)
{
    GHashTable *old = g_steal_pointer(&cue->approvals);

    content_templates_free(cue->templates);
    cue->templates = templates;
    cue->approvals = approvals;
    find_approvals(cue, templates);
    g_clear_pointer(&old, g_hash_table_unref);
    leave_out_unapproved(cue, templates);
    g_hash_table_remove_all(cue->lengths);
    for (guint i = 0; i < templates->objects->len; i++) {
        const ContentAlertObject *row = templates->objects->pdata[i];

        g_hash_table_insert(cue->lengths, g_strdup(row->hash),
                            g_memdup2(&row->duration_us, sizeof row->duration_us));
    }
}

/* ---- from the gateway ---- */

void
play_cue_take_inventory(PlayCue *cue, const ContentInventory *inventory)
{
    play_gate_view_take_inventory(cue->view, inventory);
    cue->facts++;
}

void
play_cue_take_lease(PlayCue *cue, const ContentLeaseState *state, gint64 wish)
{
    play_gate_view_take_state(cue->view, state, wish);
}

void
play_cue_take_findings(PlayCue *cue, const GPtrArray *faults)
{
    g_ptr_array_set_size(cue->findings, 0);
    for (guint i = 0; i < faults->len; i++)
        g_ptr_array_add(cue->findings, content_remark_copy(faults->pdata[i]));
}

void
play_cue_ask_test(PlayCue *cue, const ContentTestAsk *ask)
{
    content_test_ask_free(cue->ask);
    cue->ask = content_document_new(&content_test_ask_type);
    cue->ask->id = g_strdup(ask->id);
    cue->ask->zone = g_strdup(ask->zone);
    cue->ask->duration_ms = ask->duration_ms;
    cue->ask->uid = ask->uid;
}

void
play_cue_order_test(PlayCue *cue, ContentTestOrder *order)
{
    content_test_order_free(cue->order);
    cue->order = order;
}

/* ---- from the output ---- */

void
play_cue_item_started(PlayCue *cue, guint64 item, gint64 at_us)
{
    PlayRun *run = run_of_item(cue, item);

    if (play_alerts_item_started(cue->alerts, item, at_us) || run == NULL || run->has_started)
        return;
    run->has_started = TRUE;
    run->actual_start_us = at_us;
}

static void
take_heard(PlayRun *run, const PlayHeard *heard)
{
    if (heard == NULL || heard->start_us == 0) {
        run->actual_end_us = run->actual_start_us;
        return;
    }
    if (!run->has_started) {
        run->has_started = TRUE;
        run->actual_start_us = heard->start_us;
    }
    run->actual_end_us = heard->end_us;
    play_run_take_level(run, heard);
    run->was_late = run->was_late || heard->is_late;
    run->missing_us = heard->missing_us;
    run->source_silent_us += heard->source_silent_us;
    run->source_gone_us += heard->source_gone_us;
    run->spare_us += heard->spare_us;
}

void
play_cue_item_ended(PlayCue *cue, guint64 item, const PlayHeard *heard)
{
    PlayRun *run = run_of_item(cue, item);

    if (play_alerts_item_ended(cue->alerts, item, heard) || run == NULL || run->has_ended)
        return;
    take_heard(run, heard);
    run->has_ended = TRUE;
}

void
play_cue_item_failed(PlayCue *cue, guint64 item, ContentReason reason, const PlayHeard *heard)
{
    PlayRun *run = run_of_item(cue, item);
    const char *object = NULL;

    if (!play_alerts_item_failed(cue->alerts, item, reason, heard, &object)) {
        if (run == NULL || run->has_failed)
            return;
        take_heard(run, heard);
        run->has_failed = TRUE;
        run->said_failure = reason;
        object = run->segment->object;
    }
    if (object != NULL &&
        (reason == CONTENT_REASON_OBJECT_CORRUPT || reason == CONTENT_REASON_OBJECT_MISSING))
        play_cue_take_object(cue, object,
                             reason == CONTENT_REASON_OBJECT_CORRUPT ? PLAY_OBJECT_CORRUPT
                                                                     : PLAY_OBJECT_MISSING);
}

void
play_cue_item_source(PlayCue *cue, guint64 item, gboolean comes, const char *words)
{
    PlayRun *run = run_of_item(cue, item);

    if (play_alerts_item_source(cue->alerts, item, comes, words) || run == NULL)
        return;
    g_free(run->absent_words);
    run->absent_words = comes ? NULL : g_strdup(words);
}

void
play_cue_take_output(PlayCue *cue, const char *output, gboolean works)
{
    if (works)
        g_hash_table_remove(cue->mute, output);
    else
        g_hash_table_add(cue->mute, g_strdup(output));
}

void
play_cue_journaled(PlayCue *cue, const char *segment)
{
    PlayRun *run = play_cue_find_run(cue, segment);

    if (run != NULL)
        run->is_journaled = TRUE;
}

/* ---- the end ---- */

void
play_cue_leave(PlayCue *cue)
{
    cue->is_leaving = TRUE;
}

gboolean
play_cue_has_left(const PlayCue *cue)
{
    return cue->has_left;
}

void
play_cue_complete(const PlayCue *cue, ContentRecord *record, const PlayInstant *now)
{
    record->at_us = now->utc_us;
    record->monotonic_us = now->monotonic_us;
    record->trust = (gint) now->trust;
    record->manifest_version = cue->manifest_version;
}

GPtrArray *
play_cue_drafts(const PlayCue *cue, const PlayInstant *now, PlayCueSoundFunc sound,
                gpointer data)
{
    GPtrArray *drafts = g_ptr_array_new_with_free_func((GDestroyNotify) content_record_free);

    for (guint i = 0; i < cue->runs->len; i++) {
        const PlayRun *run = cue->runs->pdata[i];
        PlayHeard heard = {0};
        gboolean is_heard =
            run->state == PLAY_RUN_SOUNDING && sound(run->segment->output, &heard, data);

        for (guint j = 0; j < run->zones->len; j++) {
            ContentRecord *draft =
                play_run_draft(run, run->zones->pdata[j], now, is_heard ? &heard : NULL);

            if (draft == NULL)
                continue;
            play_cue_complete(cue, draft, now);
            g_ptr_array_add(drafts, draft);
        }
    }
    return drafts;
}

/* ---- for the heartbeat ---- */

static void
fill_sounding(const PlayRun *run, const PlayInstant *now, GPtrArray *out)
{
    ContentSounding *told = content_shape_new(&content_sounding_shape);

    told->output = g_strdup(run->segment->output);
    told->segment = g_strdup(run->segment->id);
    told->title = g_strdup(run->segment->title);
    told->language = g_strdup(run->segment->language);
    for (guint i = 0; i < run->zones->len; i++) {
        const PlayRunZone *zone = run->zones->pdata[i];

        if (zone->part != NULL)
            g_ptr_array_add(told->zones, g_strdup(zone->id));
    }
    told->position_us = MAX(0, now->monotonic_us - run->base_us);
    told->level_mdb = G_MININT64;
    g_ptr_array_add(out, told);
}

typedef struct {
    GPtrArray *zones;
    gint64 offset_us;
} Filling;

static void
fill_zone(const ContentLeaseZone *zone, gboolean is_wished, gpointer data)
{
    const Filling *filling = data;
    ContentZoneState *told = content_shape_new(&content_zone_state_shape);

    told->zone = g_strdup(zone->zone);
    told->relay = zone->relay;
    told->read_us = zone->read_us == 0 ? 0 : zone->read_us + filling->offset_us;
    g_ptr_array_add(filling->zones, told);
}

static gint
compare_zone_states(gconstpointer a, gconstpointer b)
{
    return strcmp((*(ContentZoneState *const *) a)->zone,
                  (*(ContentZoneState *const *) b)->zone);
}

void
play_cue_fill_heartbeat(const PlayCue *cue, const PlayInstant *now, ContentHeartbeat *heartbeat)
{
    Filling filling = {heartbeat->zones, play_instant_offset_us(now)};

    for (guint i = 0; i < cue->runs->len; i++) {
        const PlayRun *run = cue->runs->pdata[i];

        if (run->state == PLAY_RUN_SOUNDING)
            fill_sounding(run, now, heartbeat->sounding);
    }
    play_alerts_fill_sounding(cue->alerts, now, heartbeat->sounding);
    play_gate_view_each(cue->view, fill_zone, &filling);
    g_ptr_array_sort(heartbeat->zones, compare_zone_states);
    play_faults_fill(cue->faults, heartbeat->faults);
    heartbeat->manifest_version = cue->manifest_version;
}

GPtrArray *
play_cue_objects_in_use(const PlayCue *cue)
{
    GPtrArray *hashes = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < cue->runs->len; i++) {
        const PlayRun *run = cue->runs->pdata[i];

        if (run->item != 0 && run->segment->object != NULL)
            g_ptr_array_add(hashes, g_strdup(run->segment->object));
    }
    play_alerts_add_objects(cue->alerts, hashes);
    return hashes;
}
