/*
 * intake.c - see intake.h
 *
 * The thread owns keep, hold, line and downloads and has a main context of its own; the owner
 * has a mailbox there and one here. Nothing in it decides what is missing or urgent: hold.c and
 * intake-core.c do.
 */
#include "player/intake/intake.h"

#include <string.h>

#include "content/record.h"
#include "player/intake/herald.h"
#include "player/intake/hold.h"
#include "player/intake/mailbox.h"

#define TICK_S           60
#define TIDY_TICKS       60 /* once an hour */
#define FIRST_RETRY_MS   2000
#define LONGEST_RETRY_MS 300000
#define MAX_DOUBLINGS    16
#define DATE_BYTES       11
/* An unfinished download that got no byte for so long is begun anew if it is still wanted. */
#define STALE_PART_US (G_GINT64_CONSTANT(7) * 24 * 3600 * G_USEC_PER_SEC)

struct PlayIntake {
    const PlayIdentity *identity;
    PlayTrustClock *clock;
    PlayBrokerTiming broker_timing;
    PlayFetchTiming fetch_timing;
    PlayHerald *herald;
    PlayMailbox *to_thread;
    GThread *thread;
    GMainContext *context;
    GMainLoop *loop;
    GAsyncQueue *is_ready;

    GMutex lock; /* guards floors */
    GPtrArray *floors;

    /* The thread's own. */
    PlayKeep *keep;
    PlayHold *hold;
    PlayBroker *broker;
    PlayFetch *fetch;
    GHashTable *objects;  /* set: hashes that are in the store */
    GHashTable *sounding; /* set: open now */
    PlayIntakeState state;
    GSource *tick, *retry;
    guint n_ticks;
    guint n_failures; /* of document requests in a row */
    gboolean is_asking;
    gboolean lacks_room; /* the disk has none for some of the audio */
};

/* ---- what the hold says, in the thread ---- */

static PlayHerald *
herald_of(gpointer intake)
{
    return ((PlayIntake *) intake)->herald;
}

static void
on_hold_manifest(const ContentManifest *manifest, gpointer data)
{
    play_herald_tell(herald_of(data),
                     (PlaySay){.kind = PLAY_SAY_MANIFEST,
                               .manifest = manifest == NULL
                                               ? NULL
                                               : content_document_write(&content_manifest_type,
                                                                        manifest, NULL)});
}

static void
on_hold_settings(ContentStationSettings *settings, gpointer data)
{
    PlayIntake *self = data;

    if (self->fetch != NULL)
        play_fetch_set_rate(self->fetch, settings->fetch_kbit_s);
    play_herald_tell(self->herald, (PlaySay){.kind = PLAY_SAY_SETTINGS, .settings = settings});
}

static void
on_hold_day(const char *date, const char *hash, ContentDayPlan *plan, GHashTable *approvals,
            gboolean is_pending, gpointer data)
{
    play_herald_tell(herald_of(data), (PlaySay){.kind = PLAY_SAY_DAY,
                                                .text = g_strdup(date),
                                                .more = g_strdup(hash),
                                                .plan = plan,
                                                .approvals = approvals,
                                                .flag = is_pending});
}

static void
on_hold_refused(const char *what, const char *words, gpointer data)
{
    play_herald_tell(herald_of(data), (PlaySay){.kind = PLAY_SAY_REFUSED,
                                                .text = g_strdup(what),
                                                .more = g_strdup(words)});
}

static void
on_hold_issued(gint64 issued_us, gboolean is_reset, gpointer data)
{
    play_herald_tell(herald_of(data),
                     (PlaySay){.kind = PLAY_SAY_ISSUED, .number = issued_us, .flag = is_reset});
}

static const PlayHoldEvents hold_events = {on_hold_manifest, on_hold_settings, on_hold_day,
                                           on_hold_refused, on_hold_issued};

/* ---- time, as the thread sees it ---- */

static PlayVerifyTime
verify_time(PlayIntake *self)
{
    return (PlayVerifyTime){
        .now_us = play_trust_clock_verify_time(self->clock),
        .is_trusted = play_trust_clock_trust(self->clock) != CONTENT_TRUST_UNSET,
    };
}

/* The present in the station's zone. @date: receives the local date. */
static PlayIntakeNow
local_now(PlayIntake *self, char *date)
{
    const ContentStationSettings *settings = play_hold_settings(self->hold);
    PlayIntakeNow now = {.now_us = verify_time(self).now_us, .today = date};
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

/* ---- reports, queue and state ---- */

static void
send_report(PlayIntake *self, gint64 version, const char *refusal)
{
    g_autofree char *words =
        refusal == NULL ? NULL : content_document_text(refusal, CONTENT_FAULT_WORDS_MAX_BYTES);
    ContentReport report = {.station = self->identity->station,
                            .manifest_version = version,
                            .accepted = refusal == NULL,
                            .refusal = words};
    g_autoptr(GPtrArray) days =
        play_intake_report_days(play_hold_days(self->hold), self->objects,
                                verify_time(self).now_us);
    g_autoptr(GBytes) bytes = NULL;

    report.days = days;
    bytes = content_document_write(&content_report_type, &report, NULL);
    if (bytes != NULL)
        play_broker_publish(self->broker, PLAY_BROKER_SAY_REPORT, bytes);
}

static void
report_in_force(PlayIntake *self)
{
    const ContentManifest *manifest = play_hold_manifest(self->hold);

    if (manifest != NULL)
        send_report(self, manifest->version, NULL);
}

static PlayIntakeState
state_of(PlayIntake *self, PlayIntakeNow now)
{
    const ContentManifest *manifest = play_hold_manifest(self->hold);
    g_autoptr(GPtrArray) lacking =
        play_intake_queue(play_hold_days(self->hold), self->objects, NULL, now);
    PlayIntakeState state = {.manifest_version = manifest == NULL ? 0 : manifest->version};

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
    g_autofree char *words = NULL;
    guint n_out = 0;

    if (play_keep_space(self->keep, &free_bytes, &total_bytes, NULL))
        n_out = play_intake_fit(queue, free_bytes);
    if (n_out > 0 && !self->lacks_room) {
        words = g_strdup_printf("the disk has no room for %u of what is to be played, %" //
                                G_GINT64_FORMAT " MiB are free",
                                n_out, free_bytes >> 20);
        on_hold_refused("object", words, self);
    }
    self->lacks_room = n_out > 0;
}

/* The queue, the state and whoever must know of a change. */
static void
look_around(PlayIntake *self)
{
    char date[DATE_BYTES];
    PlayIntakeNow now = local_now(self, date);
    PlayIntakeState state = state_of(self, now);
    g_autoptr(GPtrArray) queue = play_intake_queue(play_hold_days(self->hold), self->objects,
                                                   play_hold_settings(self->hold), now);

    leave_out_what_has_no_room(self, queue);
    play_fetch_set_queue(self->fetch, queue);
    if (memcmp(&state, &self->state, sizeof state) == 0)
        return;
    self->state = state;
    play_herald_tell(self->herald, (PlaySay){.kind = PLAY_SAY_STATE, .state = state});
}

static void
copy_floors(PlayIntake *self)
{
    GPtrArray *floors = play_keep_floors(self->keep, NULL);

    if (floors == NULL)
        return;
    g_mutex_lock(&self->lock);
    g_clear_pointer(&self->floors, g_ptr_array_unref);
    self->floors = floors;
    g_mutex_unlock(&self->lock);
}

/* ---- documents ---- */

static void
ask_documents(PlayIntake *self)
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
    ask_documents(self);
    return G_SOURCE_REMOVE;
}

static void
cancel_retry(PlayIntake *self)
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
    cancel_retry(self);
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
        n_settled = play_hold_take_bundle(self->hold, owned, verify_time(self));
    else if (self->n_failures == 0 ||
             !g_error_matches(error, PLAY_FETCH_ERROR, PLAY_FETCH_ERROR_NETWORK))
        /* A line that stays broken is one record, not one with every attempt. */
        on_hold_refused("documents", error->message, self);
    if (n_settled == 0) {
        retry_later(self);
        return;
    }
    self->n_failures = 0;
    copy_floors(self);
    ask_documents(self);
    look_around(self);
    report_in_force(self);
}

/* ---- objects ---- */

static void
on_object(const char *hash, const GError *error, gpointer data)
{
    PlayIntake *self = data;

    if (error != NULL) {
        /* A line that breaks is ordinary; wrong bytes and a full disk are not. */
        if (!g_error_matches(error, PLAY_FETCH_ERROR, PLAY_FETCH_ERROR_NETWORK))
            on_hold_refused("object", error->message, self);
        return;
    }
    g_hash_table_add(self->objects, g_strdup(hash));
    play_herald_tell(self->herald, (PlaySay){.kind = PLAY_SAY_OBJECT, .text = g_strdup(hash)});
    look_around(self);
    report_in_force(self);
}

static const PlayFetchEvents fetch_events = {on_documents, on_object};

static gboolean
lacks_space(PlayIntake *self)
{
    gint64 free_bytes = 0, total_bytes = 0;

    return play_keep_space(self->keep, &free_bytes, &total_bytes, NULL) &&
           play_intake_must_evict(free_bytes, total_bytes);
}

/* Under a fifth free: what no manifest names goes, until it is a fifth again. */
static void
evict(PlayIntake *self)
{
    ContentObjectStore *store = play_keep_objects(self->keep);
    g_autoptr(GHashTable) named = NULL;
    g_autoptr(GPtrArray) all = NULL;
    g_autoptr(GPtrArray) evictable = NULL;

    if (!lacks_space(self) || (all = content_object_store_list(store, NULL)) == NULL)
        return;
    named = play_hold_named_objects(self->hold);
    content_object_store_tidy_parts(store, named);
    evictable = play_intake_evictable(all, named, self->sounding);
    for (guint i = 0; i < evictable->len && lacks_space(self); i++) {
        if (content_object_store_remove(store, evictable->pdata[i], NULL))
            g_hash_table_remove(self->objects, evictable->pdata[i]);
    }
}

/* ---- the line ---- */

static void
on_up(gpointer data)
{
    PlayIntake *self = data;

    play_herald_tell(self->herald, (PlaySay){.kind = PLAY_SAY_LINE, .flag = TRUE});
    play_fetch_hurry(self->fetch);
    play_hold_ask_again(self->hold);
    cancel_retry(self);
    self->n_failures = 0;
    ask_documents(self);
    report_in_force(self);
}

static void
on_down(const char *words, gpointer data)
{
    play_herald_tell(herald_of(data),
                     (PlaySay){.kind = PLAY_SAY_LINE, .text = g_strdup(words)});
}

static void
take_manifest(PlayIntake *self, GBytes *payload)
{
    gint64 version = 0;

    if (!play_hold_take_pushed(self->hold, payload, verify_time(self))) {
        const char *refusal = play_hold_refusal(self->hold, &version);

        send_report(self, version, refusal);
        return;
    }
    copy_floors(self);
    self->n_failures = 0;
    cancel_retry(self);
    ask_documents(self);
    look_around(self);
    report_in_force(self);
}

/* A message that is obeyed at once and not kept. */
static void
take_message(PlayIntake *self, const ContentDocumentType *type, GBytes *payload)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PlayVerified) verified =
        play_verify_envelope(play_hold_verify(self->hold), type,
                             g_bytes_get_data(payload, NULL), g_bytes_get_size(payload),
                             verify_time(self), &error);

    if (verified == NULL) {
        on_hold_refused(type->type, error->message, self);
    } else if (type == &content_ack_type) {
        const ContentAck *ack = verified->parsed;

        play_herald_tell(self->herald, (PlaySay){.kind = PLAY_SAY_ACK,
                                                 .text = g_strdup(ack->journal),
                                                 .number = ack->seq});
    } else if (type == &content_time_answer_type) {
        const ContentTimeAnswer *answer = verified->parsed;

        play_herald_tell(self->herald, (PlaySay){.kind = PLAY_SAY_TIME,
                                                 .text = g_strdup(answer->nonce),
                                                 .number = answer->utc_us});
    } else {
        play_herald_tell(self->herald, (PlaySay){.kind = PLAY_SAY_ENQUIRY});
    }
}

static void
on_message(PlayBrokerTopic topic, GBytes *payload, gpointer data)
{
    PlayIntake *self = data;

    switch (topic) {
    case PLAY_BROKER_MANIFEST:
        take_manifest(self, payload);
        break;
    case PLAY_BROKER_ACK:
        take_message(self, &content_ack_type, payload);
        break;
    case PLAY_BROKER_TIME:
        take_message(self, &content_time_answer_type, payload);
        break;
    case PLAY_BROKER_ENQUIRY:
        take_message(self, &content_enquiry_type, payload);
        report_in_force(self);
        break;
    case PLAY_BROKER_ALERT:
    case PLAY_BROKER_STOP:
        on_hold_refused("alert", "this program does not read alerts", self);
        break;
    }
}

static const PlayBrokerEvents broker_events = {on_up, on_down, on_message};

/* ---- what the owner says, in the thread ---- */

static void
do_clock_stepped(gpointer letter, gpointer owner)
{
    PlayIntake *self = owner;

    play_hold_check_expiry(self->hold, verify_time(self));
    look_around(self);
}

static void
do_object_failed(gpointer letter, gpointer owner)
{
    PlayIntake *self = owner;

    g_hash_table_remove(self->objects, letter);
    look_around(self);
    report_in_force(self);
}

static void
do_sounding(gpointer letter, gpointer owner)
{
    PlayIntake *self = owner;
    GPtrArray *hashes = letter;

    g_hash_table_remove_all(self->sounding);
    for (guint i = 0; i < hashes->len; i++)
        g_hash_table_add(self->sounding, g_strdup(hashes->pdata[i]));
}

static void
do_quit(gpointer letter, gpointer owner)
{
    g_main_loop_quit(((PlayIntake *) owner)->loop);
}

/* ---- the thread ---- */

static gboolean
on_tick(gpointer data)
{
    PlayIntake *self = data;

    play_hold_check_expiry(self->hold, verify_time(self));
    evict(self);
    if (play_hold_keep_again(self->hold)) {
        copy_floors(self);
        report_in_force(self);
    }
    if (++self->n_ticks % TIDY_TICKS == 0) {
        play_hold_tidy(self->hold);
        play_hold_ask_again(self->hold);
        ask_documents(self);
    }
    look_around(self);
    return G_SOURCE_CONTINUE;
}

static void
list_objects(PlayIntake *self)
{
    g_autoptr(GPtrArray) all = content_object_store_list(play_keep_objects(self->keep), NULL);

    for (guint i = 0; all != NULL && i < all->len; i++)
        g_hash_table_add(self->objects, g_strdup(all->pdata[i]));
}

static void
begin(PlayIntake *self)
{
    list_objects(self);
    content_object_store_tidy_old_parts(play_keep_objects(self->keep),
                                        verify_time(self).now_us - STALE_PART_US);
    self->to_thread = play_mailbox_new(self);
    self->fetch =
        play_fetch_new(self->identity, play_keep_objects(self->keep), &self->fetch_timing,
                       play_trust_clock_verify_time, self->clock, &fetch_events, self);
    play_hold_announce(self->hold, verify_time(self));
    copy_floors(self);
    self->broker =
        play_broker_new(self->identity, &self->broker_timing, play_trust_clock_verify_time,
                        self->clock, &broker_events, self);
    look_around(self);
    ask_documents(self);
    self->tick = g_timeout_source_new_seconds(TICK_S);
    g_source_set_callback(self->tick, on_tick, self, NULL);
    g_source_attach(self->tick, self->context);
}

static void
end(PlayIntake *self)
{
    g_source_destroy(self->tick);
    g_source_unref(self->tick);
    cancel_retry(self);
    play_broker_free(self->broker);
    play_fetch_free(self->fetch);
    play_mailbox_close(self->to_thread);
}

static gpointer
intake_thread(gpointer data)
{
    PlayIntake *self = data;

    g_main_context_push_thread_default(self->context);
    begin(self);
    g_async_queue_push(self->is_ready, self);
    g_main_loop_run(self->loop);
    end(self);
    /* What is still on its way back from the workers ends here. */
    while (g_main_context_iteration(self->context, FALSE))
        continue;
    g_main_context_pop_thread_default(self->context);
    return NULL;
}

/* ---- the owner's side ---- */

static void
intake_dispose(PlayIntake *self)
{
    play_herald_free(self->herald);
    play_hold_free(self->hold);
    play_keep_free(self->keep);
    g_clear_pointer(&self->floors, g_ptr_array_unref);
    g_hash_table_unref(self->objects);
    g_hash_table_unref(self->sounding);
    g_async_queue_unref(self->is_ready);
    g_main_loop_unref(self->loop);
    g_main_context_unref(self->context);
    g_mutex_clear(&self->lock);
    g_free(self);
}

static gboolean
open_kept(PlayIntake *self, const char *state_folder, GError **error)
{
    const PlayIdentity *identity = self->identity;

    self->keep = play_keep_open(state_folder, identity->station, identity->root_key, error);
    if (self->keep == NULL)
        return FALSE;
    self->hold = play_hold_new(self->keep, identity->station, identity->root_key,
                               identity->keys, verify_time(self), &hold_events, self, error);
    return self->hold != NULL;
}

PlayIntake *
play_intake_new(const char *state_folder, const PlayIdentity *identity, PlayTrustClock *clock,
                const PlayBrokerTiming *broker_timing, const PlayFetchTiming *fetch_timing,
                const PlayIntakeEvents *events, gpointer data, GError **error)
{
    PlayIntake *self = g_new0(PlayIntake, 1);

    self->identity = identity;
    self->clock = clock;
    self->broker_timing = broker_timing == NULL ? play_broker_timing : *broker_timing;
    self->fetch_timing = fetch_timing == NULL ? play_fetch_timing : *fetch_timing;
    self->herald = play_herald_new(events, data, clock);
    self->context = g_main_context_new();
    self->loop = g_main_loop_new(self->context, FALSE);
    self->is_ready = g_async_queue_new();
    self->objects = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->sounding = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_mutex_init(&self->lock);
    if (!open_kept(self, state_folder, error)) {
        intake_dispose(self);
        return NULL;
    }
    self->thread = g_thread_new("intake", intake_thread, self);
    g_async_queue_pop(self->is_ready);
    return self;
}

void
play_intake_free(PlayIntake *self)
{
    if (self == NULL)
        return;
    play_mailbox_post(self->to_thread, do_quit, NULL, NULL);
    g_thread_join(self->thread);
    intake_dispose(self);
}

PlayBroker *
play_intake_broker(PlayIntake *self)
{
    return self->broker;
}

ContentObjectStore *
play_intake_objects(PlayIntake *self)
{
    return play_keep_objects(self->keep);
}

void
play_intake_object_failed(PlayIntake *self, const char *hash)
{
    play_mailbox_post(self->to_thread, do_object_failed, g_strdup(hash), g_free);
}

void
play_intake_sounding(PlayIntake *self, GPtrArray *hashes)
{
    GPtrArray *copy = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < hashes->len; i++)
        g_ptr_array_add(copy, g_strdup(hashes->pdata[i]));
    play_mailbox_post(self->to_thread, do_sounding, copy, (GDestroyNotify) g_ptr_array_unref);
}

GPtrArray *
play_intake_floors(PlayIntake *self)
{
    GPtrArray *copy = g_ptr_array_new_with_free_func(content_floor_shape.free);

    g_mutex_lock(&self->lock);
    for (guint i = 0; self->floors != NULL && i < self->floors->len; i++) {
        const ContentFloor *from = self->floors->pdata[i];
        ContentFloor *floor = content_shape_new(&content_floor_shape);

        floor->key = g_strdup(from->key);
        floor->version = from->version;
        g_ptr_array_add(copy, floor);
    }
    g_mutex_unlock(&self->lock);
    return copy;
}

void
play_intake_clock_stepped(PlayIntake *self)
{
    play_mailbox_post(self->to_thread, do_clock_stepped, NULL, NULL);
}
