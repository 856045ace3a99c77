/*
 * cue-world-alerts.c - alerts and stops in the world of cue-world.h, and what must hold of
 * them.
 *
 * The model is the documents themselves: at each instant it is plain who may hear what.
 */
#include "tests/support/cue-world-inside.h"

#include <string.h>

#include "tests/support/alert-builder.h"

/* How long after its end a relay may still be closed. */
#define OFF_US PLAN_S(1)

void
cue_world_alert_free(gpointer data)
{
    WorldAlert *one = data;

    content_alert_free(one->alert);
    g_free(one);
}

static WorldAlert *
find_alert(const CueWorld *world, const char *id)
{
    for (guint i = 0; i < world->alerts->len; i++) {
        WorldAlert *one = world->alerts->pdata[i];

        if (strcmp(one->alert->id, id) == 0)
            return one;
    }
    return NULL;
}

/* One that was handed over. */
static WorldAlert *
known_alert(const CueWorld *world, const char *id)
{
    WorldAlert *one = find_alert(world, id);

    if (one == NULL)
        cue_world_fail(world, "nobody ordered alert %s", id);
    return one;
}

static void
add_objects(CueWorld *world, const ContentAlert *alert)
{
    for (guint i = 0; i < alert->speeches->len; i++) {
        const ContentSpeech *speech = alert->speeches->pdata[i];
        const char *hash = speech->parts->pdata[0];

        g_hash_table_replace(world->names, g_strdup(hash),
                             g_strdup_printf("%s-%s", alert->id, speech->language));
        if (!g_hash_table_contains(world->objects, hash)) {
            g_hash_table_insert(world->objects, g_strdup(hash),
                                GINT_TO_POINTER(PLAY_OBJECT_HERE));
            play_cue_take_object(world->cue, hash, PLAY_OBJECT_HERE);
        }
    }
}

void
cue_world_alert(CueWorld *world, ContentAlert *alert)
{
    PlayInstant now = cue_world_now(world);
    WorldAlert *one = find_alert(world, alert->id);

    cue_world_write(world, "alert %s", alert->id);
    add_objects(world, alert);
    g_assert_true(
        play_cue_take_alert(world->cue, alert_builder_copy(alert), PLAY_ALERT_FRESH, &now));
    if (one == NULL) {
        one = g_new0(WorldAlert, 1);
        one->alert = alert;
        one->taken_us = now.monotonic_us;
        g_ptr_array_add(world->alerts, one);
    } else {
        content_alert_free(alert);
    }
    cue_world_step(world);
}

void
cue_world_stop_alert(CueWorld *world, ContentStop *stop)
{
    cue_world_write(world, "stop %s", stop->alert == NULL ? "all" : stop->alert);
    play_cue_take_stop(world->cue, alert_builder_copy_stop(stop));
    g_ptr_array_add(world->stops, stop);
    cue_world_step(world);
}

/* As intake does at a start. */
void
cue_world_tell_alerts(CueWorld *world)
{
    PlayInstant now = cue_world_now(world);

    for (guint i = 0; i < world->stops->len; i++)
        play_cue_take_stop(world->cue, alert_builder_copy_stop(world->stops->pdata[i]));
    for (guint i = 0; i < world->alerts->len; i++) {
        const WorldAlert *one = world->alerts->pdata[i];

        play_cue_take_alert(world->cue, alert_builder_copy(one->alert),
                            one->is_done ? PLAY_ALERT_ENDED : PLAY_ALERT_KEPT, &now);
    }
}

void
cue_world_alert_done(CueWorld *world, const char *id)
{
    WorldAlert *one = known_alert(world, id);

    g_assert_false(one->is_done);
    one->is_done = TRUE;
    cue_world_write(world, "done %s", id);
}

/* ---- the model ---- */

static const ContentSettingsZone *
place_of(const CueWorld *world, const char *zone)
{
    return play_check_find_zone(world->settings, zone);
}

/* Returns: whether anything has ended @alert in @zone */
static gboolean
is_ended(const CueWorld *world, const ContentAlert *alert, const char *zone)
{
    const ContentSettingsZone *place = place_of(world, zone);

    if (world->trust != CONTENT_TRUST_UNSET &&
        world->monotonic_us + world->offset_us >= alert->expires_us)
        return TRUE;
    for (guint i = 0; i < world->stops->len; i++) {
        if (content_stop_ends(world->stops->pdata[i], alert, place))
            return TRUE;
    }
    for (guint i = 0; i < world->alerts->len; i++) {
        const ContentAlert *other = ((const WorldAlert *) world->alerts->pdata[i])->alert;

        if (other != alert &&
            g_ptr_array_find_with_equal_func(other->replaces, alert->id, g_str_equal, NULL))
            return TRUE;
    }
    return FALSE;
}

void
cue_world_check_alert_wish(const CueWorld *world, const char *zone, const char *id)
{
    const WorldAlert *one = known_alert(world, id);

    if (!content_alert_concerns(one->alert, place_of(world, zone)))
        cue_world_fail(world, "%s is wished for alert %s, which does not concern it", zone, id);
    if (is_ended(world, one->alert, zone))
        cue_world_fail(world, "%s is wished for alert %s, which is over", zone, id);
}

#define LONGEST_REPEAT_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)

/*
 * Returns: whether the audio of @speech is here, and was when the repeat under way was laid
 * out: what comes in the middle of one is heard in the next; @out_is_it: set if it is @object
 */
static gboolean
is_of(const ContentSpeech *speech, const char *object, const CueWorld *world,
      gboolean *out_is_it)
{
    const char *part = speech->parts->pdata[0];

    const gint64 *changed_us = g_hash_table_lookup(world->objects_changed, part);

    *out_is_it |= strcmp(part, object) == 0;
    return GPOINTER_TO_INT(g_hash_table_lookup(world->objects, part)) == PLAY_OBJECT_HERE &&
           (changed_us == NULL || world->monotonic_us - *changed_us > LONGEST_REPEAT_US);
}

char **
cue_world_alert_hearers(const CueWorld *world, const char *id, const char *object)
{
    const WorldAlert *one = known_alert(world, id);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (guint i = 0; i < world->settings->zones->len; i++) {
        const ContentSettingsZone *place = world->settings->zones->pdata[i];
        g_autoptr(GPtrArray) speeches = NULL;
        gboolean may_hear = object == NULL;
        guint n_here = 0;

        if (!content_alert_concerns(one->alert, place))
            continue;
        speeches = content_alert_speeches(one->alert, place);
        for (guint j = 0; j < speeches->len && object != NULL; j++)
            n_here += is_of(speeches->pdata[j], object, world, &may_hear) ? 1 : 0;
        /* Where none of its own is here it hears whatever is. */
        may_hear |= n_here == 0;
        if (may_hear)
            g_strv_builder_add(builder, place->id);
    }
    return g_strv_builder_end(builder);
}

/* The output says after five seconds that nothing comes. */
#define GIVEN_UP_US PLAN_S(25)

static gboolean
is_hushed(const CueWorld *world, const WorldItem *item, gint64 slack_us)
{
    return item->hushed_us != 0 &&
           world->monotonic_us >= item->hushed_us + GIVEN_UP_US + slack_us;
}

static gboolean
is_given_up(const CueWorld *world, const WorldAlert *one, const char *output)
{
    for (guint i = 0; i < world->items->len; i++) {
        const WorldItem *item = world->items->pdata[i];

        if (item->is_live && strcmp(item->alert, one->alert->id) == 0 &&
            strcmp(item->output, output) == 0 && is_hushed(world, item, 0))
            return TRUE;
    }
    return FALSE;
}

void
cue_world_check_live(const CueWorld *world)
{
    for (guint i = 0; i < world->items->len; i++) {
        const WorldItem *item = world->items->pdata[i];

        if (item->is_live && item->has_started &&
            is_hushed(world, item, PLAN_S(CONTENT_ALERT_TONE_MAX_MS / 1000)))
            cue_world_fail(world, "%s is on, and nobody has spoken for half a minute",
                           item->name);
    }
}

/* What is sounding is the first by rank of all that may: nothing else has the output. */
void
cue_world_check_alert_rank(const CueWorld *world, const char *id, const char *output)
{
    const WorldAlert *one = known_alert(world, id);

    for (guint i = 0; i < world->alerts->len && !world->was_troubled; i++) {
        const WorldAlert *other = world->alerts->pdata[i];

        for (guint j = 0; j < world->settings->zones->len; j++) {
            const ContentSettingsZone *place = world->settings->zones->pdata[j];

            if (strcmp(place->output, output) == 0 && !other->is_settled[j] &&
                other->alert->again_s == 0 && !is_given_up(world, other, output) &&
                content_alert_concerns(other->alert, place) &&
                content_alert_compare(other->alert, one->alert) < 0 &&
                !is_ended(world, other->alert, place->id))
                cue_world_fail(world, "%s sounds on %s though %s comes first", id, output,
                               other->alert->id);
        }
    }
}

/* A relay is closed for an order that is alive, or for one that ended a moment ago. */
void
cue_world_check_relays(const CueWorld *world)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, world->zones);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const WorldZone *zone = value;

        if (zone->is_closed && !zone->is_wished &&
            world->monotonic_us > zone->released_us + OFF_US)
            cue_world_fail(world, "the relay of %s is closed %.3f s after its order ended",
                           zone->id,
                           (double) (world->monotonic_us - zone->released_us) / G_USEC_PER_SEC);
    }
}

/* ---- records ---- */

static guint
zone_index(const CueWorld *world, const char *zone)
{
    for (guint i = 0; i < world->settings->zones->len; i++) {
        if (strcmp(((const ContentSettingsZone *) world->settings->zones->pdata[i])->id,
                   zone) == 0)
            return i;
    }
    g_assert_not_reached();
}

/* " LANGUAGE:REASON" for each speech that it was refused. (transfer full) */
static char *
list_unsaid(const ContentRecord *record)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < record->details->len; i++) {
        const ContentRemark *detail = record->details->pdata[i];

        if (strcmp(detail->code, "alert_unsaid") == 0)
            g_string_append_printf(out, " %s:%s", content_remark_get(detail, "language"),
                                   content_remark_get(detail, "reason"));
    }
    return g_string_free(out, FALSE);
}

void
cue_world_take_alert_record(CueWorld *world, const ContentRecord *record)
{
    WorldAlert *one = known_alert(world, record->occurrence);
    guint index = zone_index(world, record->zone);
    g_autofree char *unsaid = NULL;

    g_assert_cmpuint(index, <, WORLD_MAX_ALERT_ZONES);
    unsaid = list_unsaid(record);
    cue_world_write(world, "%s %s %s %s%s", content_record_kind_words[record->kind],
                    record->occurrence, record->zone, content_reason_words[record->reason],
                    unsaid);
    if (record->kind == CONTENT_RECORD_STARTED) {
        g_assert_cmpint(record->relay, ==, CONTENT_RELAY_CLOSED);
        g_assert_cmpint(record->relay_read_us, >=, record->relay_asked_us);
        return;
    }
    if (record->kind == CONTENT_RECORD_ALERT_TAKEN && one->is_told[index])
        cue_world_fail(world, "%s was told of twice in %s", record->occurrence, record->zone);
    if (record->kind == CONTENT_RECORD_ALERT_ENDED && one->is_settled[index])
        cue_world_fail(world, "%s ended twice in %s", record->occurrence, record->zone);
    one->is_told[index] |= record->kind == CONTENT_RECORD_ALERT_TAKEN;
    one->is_settled[index] |= record->kind == CONTENT_RECORD_ALERT_ENDED;
    if (record->kind == CONTENT_RECORD_ALERT_ENDED)
        one->reasons[index] = (ContentReason) record->reason;
}

void
cue_world_check_alerts_told(CueWorld *world)
{
    for (guint i = 0; i < world->alerts->len; i++) {
        const WorldAlert *one = world->alerts->pdata[i];

        for (guint j = 0; j < world->settings->zones->len; j++) {
            const ContentSettingsZone *place = world->settings->zones->pdata[j];

            if (!content_alert_concerns(one->alert, place))
                continue;
            if (!one->is_told[j] || !one->is_settled[j])
                cue_world_fail(world, "alert %s was lost in %s: taken %d, ended %d",
                               one->alert->id, place->id, one->is_told[j], one->is_settled[j]);
        }
    }
}

ContentReason
cue_world_alert_reason(CueWorld *world, const char *id, const char *zone)
{
    const WorldAlert *one = known_alert(world, id);
    guint index = zone_index(world, zone);

    g_assert_true(one->is_settled[index]);
    return one->reasons[index];
}
