/*
 * intake-needs.c - what the station lacks of what it must hold: asked for, fetched, made room
 * for.
 *
 * Flow: hold.c and intake-core.c say what is missing -> fetch.c -> hold.c. See
 * intake-internal.h
 */
#include <string.h>

#include "player/intake/intake-internal.h"

#define FIRST_RETRY_MS   2000
#define LONGEST_RETRY_MS 300000
#define MAX_DOUBLINGS    16
#define DATE_BYTES       11

/* ---- the queue and the state ---- */

/* The present in the station's zone. @date: receives the local date. */
static PlayIntakeNow
local_now(PlayIntake *self, char *date)
{
    const ContentStationSettings *settings = play_hold_settings(self->hold);
    PlayIntakeNow now = {.now_us = play_intake_time(self).now_us, .today = date};
    g_autoptr(GTimeZone) zone =
        g_time_zone_new_identifier(settings == NULL ? "Asia/Ho_Chi_Minh" : settings->tzid);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now.now_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local =
        zone == NULL ? g_date_time_ref(utc) : g_date_time_to_timezone(utc, zone);
    g_autofree char *text = g_date_time_format(local, "%Y-%m-%d");

    g_strlcpy(date, text, DATE_BYTES);
    now.minute = g_date_time_get_hour(local) * 60 + g_date_time_get_minute(local);
    return now;
}

static PlayIntakeState
state_of(PlayIntake *self, PlayIntakeNow now)
{
    const ContentManifest *manifest = play_hold_manifest(self->hold);
    g_autoptr(GPtrArray) lacking =
        play_intake_queue(play_hold_days(self->hold), self->objects, NULL, now);
    PlayIntakeState state = {.manifest_version = manifest == NULL ? 0 : manifest->version};

    play_hold_queue_templates(self->hold, self->objects, lacking);
    state.days_ready = play_intake_days_ready(play_hold_days(self->hold), self->objects, now);
    state.missing_objects = lacking->len;
    for (guint i = 0; i < lacking->len; i++)
        state.missing_bytes += ((const PlayFetchItem *) lacking->pdata[i])->size_bytes;
    return state;
}

/* What the disk has no room for is not begun; told once, not with every minute. */
static void
leave_out_what_has_no_room(PlayIntake *self, GPtrArray *queue)
{
    gint64 free_bytes = 0, total_bytes = 0;
    g_autoptr(ContentRemark) why = NULL;
    guint n_out = 0;

    if (play_keep_space(self->keep, &free_bytes, &total_bytes, NULL))
        n_out = play_intake_fit(queue, free_bytes);
    if (n_out > 0 && !self->lacks_room) {
        why = content_remark_new("disk_low", "object", NULL);
        content_remark_add_number(why, "count", n_out);
        content_remark_add_number(why, "mib", free_bytes >> 20);
        play_intake_say_refused(why, self);
    }
    self->lacks_room = n_out > 0;
}

/* The queue, the state and whoever must know of a change. */
void
play_intake_look(PlayIntake *self)
{
    char date[DATE_BYTES];
    PlayIntakeNow now = local_now(self, date);
    PlayIntakeState state = state_of(self, now);
    g_autoptr(GPtrArray) queue = play_intake_queue(play_hold_days(self->hold), self->objects,
                                                   play_hold_settings(self->hold), now);

    play_hold_queue_templates(self->hold, self->objects, queue);
    play_orders_queue(self->orders, self->objects, queue);
    leave_out_what_has_no_room(self, queue);
    play_fetch_set_queue(self->fetch, queue);
    if (memcmp(&state, &self->state, sizeof state) == 0)
        return;
    self->state = state;
    play_herald_tell(self->herald, (PlaySay){.kind = PLAY_SAY_STATE, .state = state});
}

/* ---- documents ---- */

void
play_intake_ask(PlayIntake *self)
{
    g_autoptr(GPtrArray) wanted = play_hold_wanted(self->hold);

    /* Not while one is on its way: the answer asks again for what has come up since. */
    if (wanted->len == 0 || self->is_asking)
        return;
    self->is_asking = TRUE;
    play_fetch_documents(self->fetch, wanted);
}

static gboolean
on_retry(gpointer data)
{
    PlayIntake *self = data;

    g_clear_pointer(&self->retry, g_source_unref);
    play_intake_ask(self);
    return G_SOURCE_REMOVE;
}

void
play_intake_cancel_retry(PlayIntake *self)
{
    if (self->retry == NULL)
        return;
    g_source_destroy(self->retry);
    g_clear_pointer(&self->retry, g_source_unref);
}

/* Later, and later each time. */
static void
retry_later(PlayIntake *self)
{
    guint64 bound_ms = (guint64) FIRST_RETRY_MS << MIN(self->n_failures, MAX_DOUBLINGS);
    gdouble share = 0.5 + g_random_double() / 2;

    self->n_failures++;
    play_intake_cancel_retry(self);
    self->retry =
        g_timeout_source_new((guint) ((gdouble) MIN(bound_ms, LONGEST_RETRY_MS) * share));
    g_source_set_callback(self->retry, on_retry, self, NULL);
    g_source_attach(self->retry, self->context);
}

static void
on_documents(ContentBundle *bundle, const GError *error, gpointer data)
{
    PlayIntake *self = data;
    g_autoptr(ContentBundle) owned = bundle;
    guint n_settled = 0;

    self->is_asking = FALSE;
    if (owned != NULL)
        n_settled = play_hold_take_bundle(self->hold, owned, play_intake_time(self));
    else if (self->n_failures == 0 ||
             !g_error_matches(error, PLAY_FETCH_ERROR, PLAY_FETCH_ERROR_NETWORK))
        /* A line that stays broken is one record, not one with every attempt. */
        play_intake_say_error(self, "documents", error);
    if (n_settled == 0) {
        retry_later(self);
        return;
    }
    self->n_failures = 0;
    play_intake_copy_floors(self);
    play_intake_ask(self);
    play_intake_look(self);
    play_intake_report(self);
}

/* ---- objects ---- */

static void
on_object(const char *hash, const GError *error, gpointer data)
{
    PlayIntake *self = data;

    if (error != NULL) {
        /* A line that breaks is ordinary; wrong bytes and a full disk are not. */
        if (!g_error_matches(error, PLAY_FETCH_ERROR, PLAY_FETCH_ERROR_NETWORK))
            play_intake_say_error(self, "object", error);
        return;
    }
    g_hash_table_add(self->objects, g_strdup(hash));
    play_herald_tell(self->herald, (PlaySay){.kind = PLAY_SAY_OBJECT, .text = g_strdup(hash)});
    play_intake_look(self);
    play_intake_report(self);
}

const PlayFetchEvents play_intake_fetch_events = {on_documents, on_object};

static gboolean
lacks_space(PlayIntake *self)
{
    gint64 free_bytes = 0, total_bytes = 0;

    return play_keep_space(self->keep, &free_bytes, &total_bytes, NULL) &&
           play_intake_must_evict(free_bytes, total_bytes);
}

/* Under a fifth free: what no manifest names goes, until it is a fifth again. */
void
play_intake_evict(PlayIntake *self)
{
    ContentObjectStore *store = play_keep_objects(self->keep);
    g_autoptr(GHashTable) named = NULL;
    g_autoptr(GPtrArray) all = NULL;
    g_autoptr(GPtrArray) evictable = NULL;

    if (!lacks_space(self) || (all = content_object_store_list(store, NULL)) == NULL)
        return;
    named = play_hold_named_objects(self->hold);
    play_orders_name_objects(self->orders, named);
    content_object_store_tidy_parts(store, named);
    evictable = play_intake_evictable(all, named, self->sounding);
    for (guint i = 0; i < evictable->len && lacks_space(self); i++) {
        if (content_object_store_remove(store, evictable->pdata[i], NULL))
            g_hash_table_remove(self->objects, evictable->pdata[i]);
    }
}
