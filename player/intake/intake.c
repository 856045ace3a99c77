/*
 * intake.c - see intake.h: the thread, and the owner's side of it
 *
 * The thread owns keep, hold, line and downloads and has a main context of its own; the owner
 * has a mailbox there and one here. Nothing in it decides what is missing or urgent: hold.c and
 * intake-core.c do.
 */
#include "player/intake/intake-internal.h"
#include "player/intake/refusal.h"

#define TICK_S     60
#define TIDY_TICKS 60 /* once an hour */
/* An unfinished download that got no byte for so long is begun anew if it is still wanted. */
#define STALE_PART_US (G_GINT64_CONSTANT(7) * 24 * 3600 * G_USEC_PER_SEC)

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
on_hold_templates(const ContentTemplates *templates, GHashTable *approvals, gpointer data)
{
    play_herald_tell(herald_of(data), (PlaySay){.kind = PLAY_SAY_TEMPLATES,
                                                .templates = content_document_write(
                                                    &content_templates_type, templates, NULL),
                                                .approvals = approvals});
}

static void
on_hold_grants(const GPtrArray *grants, gpointer data)
{
    GPtrArray *copies = g_ptr_array_new_with_free_func((GDestroyNotify) content_grant_free);

    for (guint i = 0; i < grants->len; i++)
        g_ptr_array_add(copies, content_grant_copy(grants->pdata[i]));
    play_herald_tell(herald_of(data), (PlaySay){.kind = PLAY_SAY_GRANTS, .grants = copies});
}

void
play_intake_say_refused(const ContentRemark *why, gpointer data)
{
    play_herald_tell(herald_of(data),
                     (PlaySay){.kind = PLAY_SAY_REFUSED, .why = content_remark_copy(why)});
}

void
play_intake_say_error(PlayIntake *self, const char *what, const GError *error)
{
    g_autoptr(ContentRemark) why = play_refusal_of(what, error);

    play_intake_say_refused(why, self);
}

static void
on_hold_issued(gint64 issued_us, gboolean is_reset, gpointer data)
{
    play_herald_tell(herald_of(data),
                     (PlaySay){.kind = PLAY_SAY_ISSUED, .number = issued_us, .flag = is_reset});
}

/* ---- what alerts and stops say, in the thread ---- */

static void
on_order_alert(ContentAlert *alert, PlayOrderOrigin origin, gpointer data)
{
    play_herald_tell(herald_of(data),
                     (PlaySay){.kind = PLAY_SAY_ALERT, .alert = alert, .number = origin});
}

static void
on_order_stop(ContentStop *stop, gpointer data)
{
    play_herald_tell(herald_of(data), (PlaySay){.kind = PLAY_SAY_STOP, .stop = stop});
}

static void
on_order_untimed(gpointer data)
{
    play_herald_tell(herald_of(data), (PlaySay){.kind = PLAY_SAY_ASK_TIME});
}

static void
on_order_local(ContentAlert *alert, ContentLocalOrder *order, PlayOrderOrigin origin,
               gpointer data)
{
    play_herald_tell(
        herald_of(data),
        (PlaySay){.kind = PLAY_SAY_LOCAL, .alert = alert, .local = order, .number = origin});
}

static const PlayOrdersEvents orders_events = {
    on_order_alert, on_order_stop, play_intake_say_refused, on_order_untimed, on_order_local};

static const PlayHoldEvents hold_events = {
    on_hold_manifest,        on_hold_settings, on_hold_day,   on_hold_templates,
    play_intake_say_refused, on_hold_issued,   on_hold_grants};

/* ---- time, as the thread sees it ---- */

PlayVerifyTime
play_intake_time(PlayIntake *self)
{
    return (PlayVerifyTime){
        .now_us = play_trust_clock_verify_time(self->clock),
        .is_trusted = play_trust_clock_trust(self->clock) != CONTENT_TRUST_UNSET,
    };
}

/* ---- the certificate ---- */

static void
on_renewed(gpointer data)
{
    PlayIntake *self = data;

    play_fetch_reconnect(self->fetch);
    play_broker_reconnect(self->broker);
}

static void
on_not_renewed(const char *words, gpointer data)
{
    g_autoptr(ContentRemark) why =
        content_remark_say(content_remark_new("certificate_kept", NULL, NULL), words);

    play_intake_say_refused(why, data);
}

static const PlayRenewalEvents renewal_events = {on_renewed, on_not_renewed};

/* With a clock that nobody vouches for, a certificate may seem to be at its end that is not. */
void
play_intake_look_at_certificate(PlayIntake *self)
{
    play_renewal_look(self->renewal,
                      play_broker_is_up(self->broker) && play_intake_time(self).is_trusted);
}

/* ---- what the owner says, in the thread ---- */

static void
do_clock_stepped(gpointer letter, gpointer owner)
{
    PlayIntake *self = owner;

    play_hold_check_expiry(self->hold, play_intake_time(self));
    play_orders_look(self->orders, play_intake_time(self));
    play_intake_look(self);
}

static void
do_alert_done(gpointer letter, gpointer owner)
{
    play_orders_done(((PlayIntake *) owner)->orders, letter);
}

static void
do_order(gpointer letter, gpointer owner)
{
    PlayIntake *self = owner;

    play_orders_take(self->orders, &content_local_order_type, letter, play_intake_time(self));
    play_intake_look(self);
}

static void
do_object_failed(gpointer letter, gpointer owner)
{
    PlayIntake *self = owner;

    g_hash_table_remove(self->objects, letter);
    play_intake_look(self);
    play_intake_report(self);
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

    play_hold_check_expiry(self->hold, play_intake_time(self));
    play_orders_look(self->orders, play_intake_time(self));
    play_intake_look_at_certificate(self);
    play_intake_evict(self);
    if (play_hold_keep_again(self->hold)) {
        play_intake_copy_floors(self);
        play_intake_report(self);
    }
    if (++self->n_ticks % TIDY_TICKS == 0) {
        play_hold_tidy(self->hold);
        play_hold_ask_again(self->hold);
        play_intake_ask(self);
    }
    play_intake_look(self);
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
                                        play_intake_time(self).now_us - STALE_PART_US);
    self->to_thread = play_mailbox_new(self);
    self->fetch = play_fetch_new(self->identity, play_keep_objects(self->keep),
                                 &self->fetch_timing, play_trust_clock_verify_time, self->clock,
                                 &play_intake_fetch_events, self);
    self->renewal = play_renewal_new(self->identity, self->fetch_timing.connect_s,
                                     self->fetch_timing.stall_s, play_trust_clock_verify_time,
                                     self->clock, &renewal_events, self);
    play_hold_announce(self->hold, play_intake_time(self));
    play_orders_announce(self->orders, play_intake_time(self));
    play_intake_copy_floors(self);
    self->broker =
        play_broker_new(self->identity, &self->broker_timing, play_trust_clock_verify_time,
                        self->clock, &play_intake_broker_events, self);
    play_intake_look(self);
    play_intake_ask(self);
    play_intake_look_at_certificate(self);
    self->tick = g_timeout_source_new_seconds(TICK_S);
    g_source_set_callback(self->tick, on_tick, self, NULL);
    g_source_attach(self->tick, self->context);
}

static void
end(PlayIntake *self)
{
    g_source_destroy(self->tick);
    g_source_unref(self->tick);
    play_intake_cancel_retry(self);
    play_renewal_free(self->renewal);
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
    play_orders_free(self->orders);
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
    self->hold =
        play_hold_new(self->keep, identity->station, identity->root_key, identity->keys,
                      play_intake_time(self), &hold_events, self, error);
    if (self->hold == NULL)
        return FALSE;
    if (!play_verify_set_own(play_hold_verify(self->hold),
                             content_seal_key_public(identity->seal), error))
        return FALSE;
    self->orders =
        play_orders_new(self->keep, play_hold_verify(self->hold), &orders_events, self);
    return TRUE;
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

void
play_intake_alert_done(PlayIntake *self, const char *alert)
{
    play_mailbox_post(self->to_thread, do_alert_done, g_strdup(alert), g_free);
}

void
play_intake_order(PlayIntake *self, GBytes *envelope)
{
    play_mailbox_post(self->to_thread, do_order, g_bytes_ref(envelope),
                      (GDestroyNotify) g_bytes_unref);
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
