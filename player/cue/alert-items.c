/*
 * alert-items.c - the items of an alert on its output: made, let go, and told of.
 *
 * Flow: alert-run.c wants a step -> here -> actions; what the output says comes back. See
 * alert-run.h. Pure.
 */
#include "player/cue/alert-run.h"

#include <string.h>

#include "player/cue/check.h"
#include "player/cue/volume.h"

typedef struct {
    const PlayAlertRun *run;
    const PlayAlertFacts *facts;
    const PlayInstant *now;
} Lookup;

/* (nullable) (transfer none): what the alert itself brings of that audio */
static const ContentAlertObject *
find_own(const Lookup *lookup, const char *object)
{
    const GPtrArray *own = lookup->run->alert->objects;

    for (guint i = 0; i < own->len; i++) {
        const ContentAlertObject *row = own->pdata[i];

        if (strcmp(row->hash, object) == 0)
            return row;
    }
    return NULL;
}

/* What the station's templates hold is said as it was approved. */
static gboolean
may_say(const Lookup *lookup, const char *object, const char *language,
        const ContentSettingsZone *zone)
{
    const GPtrArray *approvals = g_hash_table_lookup(lookup->facts->spoken, object);

    return approvals == NULL ||
           play_check_is_spoken(approvals, object, language, zone, lookup->now);
}

static ContentReason
why_not(const Lookup *lookup, const char *object, const char *language,
        const ContentSettingsZone *zone)
{
    gint state = GPOINTER_TO_INT(g_hash_table_lookup(lookup->facts->objects, object));

    if (state != PLAY_OBJECT_HERE)
        return state == PLAY_OBJECT_CORRUPT ? CONTENT_REASON_OBJECT_CORRUPT
                                            : CONTENT_REASON_OBJECT_MISSING;
    /* For audio that it brings the alert's own signature vouches, whatever templates say of it.
     */
    return find_own(lookup, object) != NULL || may_say(lookup, object, language, zone)
               ? CONTENT_REASON_NONE
               : CONTENT_REASON_NOT_APPROVED;
}

static gint64
length_of(const char *object, const char *language, const ContentSettingsZone *zone,
          gpointer data)
{
    const Lookup *lookup = data;
    const gint64 *kept = g_hash_table_lookup(lookup->facts->lengths, object);
    const ContentAlertObject *own = find_own(lookup, object);

    if (why_not(lookup, object, language, zone) != CONTENT_REASON_NONE)
        return 0;
    return own != NULL ? own->duration_us : kept != NULL ? *kept : PLAY_ALERT_UNKNOWN_US;
}

/* The first part that is refused takes the others with it, unless they are said without it. */
static ContentReason
why_unsayable(const Lookup *lookup, const ContentSpeech *speech,
              const ContentSettingsZone *zone)
{
    for (guint i = 0; i < speech->parts->len; i++) {
        ContentReason why = why_not(lookup, speech->parts->pdata[i], speech->language, zone);

        if (why != CONTENT_REASON_NONE &&
            !play_alert_part_may_lack(lookup->run->alert, speech, i))
            return why;
    }
    return CONTENT_REASON_NONE;
}

static void
judge_zone(const Lookup *lookup, PlayAlertZone *zone)
{
    const ContentSettingsZone *place = play_check_find_zone(lookup->facts->settings, zone->id);
    g_autoptr(GPtrArray) due =
        place == NULL ? NULL : content_alert_speeches(lookup->run->alert, place);

    for (guint i = 0; due != NULL && i < due->len; i++) {
        const ContentSpeech *speech = due->pdata[i];

        play_alert_note_line(zone, speech->language, why_unsayable(lookup, speech, place));
    }
}

void
play_alert_judge_lines(PlayAlertRun *run, gboolean only_new, const PlayAlertFacts *facts,
                       const PlayInstant *now)
{
    Lookup lookup = {run, facts, now};

    for (guint i = 0; run->alert->live == NULL && i < run->zones->len; i++) {
        PlayAlertZone *zone = run->zones->pdata[i];

        if (!zone->is_settled && !(only_new && zone->is_told))
            judge_zone(&lookup, zone);
    }
}

void
play_alert_make_steps(PlayAlertRun *run, const PlayAlertFacts *facts, const PlayInstant *now)
{
    Lookup lookup = {run, facts, now};
    g_autoptr(GPtrArray) places = g_ptr_array_new();

    for (guint i = 0; i < run->zones->len; i++) {
        const PlayAlertZone *zone = run->zones->pdata[i];

        if (play_alert_may_hear(zone))
            g_ptr_array_add(places, (gpointer) play_check_find_zone(facts->settings, zone->id));
    }
    play_alert_judge_lines(run, FALSE, facts, now);
    g_clear_pointer(&run->steps, g_ptr_array_unref);
    run->steps = play_alert_steps(run->alert, places, length_of, &lookup);
}

PlayAction *
play_alert_action(const PlayAlertRun *run, PlayDo what, guint64 item, GPtrArray *actions)
{
    PlayAction *action = play_actions_add(actions, what);

    action->item = item;
    action->output = g_strdup(run->output);
    action->alert = g_strdup(run->alert->id);
    return action;
}

PlayAlertItem
play_alert_prepare(const PlayAlertRun *run, guint index, const PlayAlertFacts *facts,
                   GPtrArray *actions)
{
    const PlayAlertStep *step = play_alert_run_known_step(run, index);
    PlayAlertItem item = {.item = ++*facts->last_item, .step = index};
    PlayAction *action = play_alert_action(run, PLAY_DO_PREPARE, item.item, actions);

    action->source = step->is_live          ? CONTENT_SOURCE_MICROPHONE
                     : step->object == NULL ? CONTENT_SOURCE_TONE
                                            : CONTENT_SOURCE_OBJECT;
    action->key = step->is_live ? g_strdup(run->alert->live->key) : NULL;
    action->tone = run->alert->drill ? PLAY_TONE_DRILL : run->alert->tone;
    action->object = g_strdup(step->object);
    action->duration_us = step->duration_us;
    return item;
}

/* The night's volumes hold a drill, and nothing but the station's cap a real one. */
gint64
play_alert_gain_mdb(const PlayAlertRun *run, const PlayAlertStep *step,
                    const PlayAlertFacts *facts, const PlayInstant *now)
{
    PlayLocal local;

    if (!run->alert->drill || facts->local == NULL)
        return MIN(facts->settings->gain_cap_mdb, 0);
    local = play_local_time_read(facts->local, now->utc_us);
    return play_volume_gain_mdb(facts->settings, 0, step->zones, local.minute,
                                step->duration_us / (60 * G_USEC_PER_SEC));
}

void
play_alert_let_go(const PlayAlertRun *run, PlayAlertItem *item, GPtrArray *actions)
{
    if (item->item != 0 && !item->has_ended && !item->has_failed)
        play_alert_action(run, PLAY_DO_CANCEL, item->item, actions);
    *item = (PlayAlertItem){0};
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

gboolean
play_alert_run_source(PlayAlertRun *run, guint64 number, gboolean comes, const char *words)
{
    PlayAlertItem *item = find_item(run, number);

    if (item == NULL)
        return FALSE;
    item->is_absent = !comes;
    if (!comes) {
        g_free(run->story.words);
        run->story.words = g_strdup(words);
    }
    return TRUE;
}

static void
take_heard(PlayAlertRun *run, PlayAlertItem *item, const PlayHeard *heard)
{
    item->end_us = 0;
    if (heard == NULL)
        return;
    run->story.silent_us += heard->source_silent_us;
    run->story.gone_us += heard->source_gone_us;
    run->story.n_lost += heard->n_lost;
    run->story.n_refused += heard->n_refused;
    if (heard->start_us == 0)
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
    const PlayAlertStep *step = item == NULL ? NULL : play_alert_run_step_at(run, item->step);

    if (item == NULL)
        return FALSE;
    *out_object = step == NULL ? NULL : step->object;
    take_heard(run, item, heard);
    item->has_failed = TRUE;
    item->failure = reason;
    return TRUE;
}
