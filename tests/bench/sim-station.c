/* sim-station.c - see sim-station.h */
#include "tests/bench/sim-station.h"

#include <sodium.h>

#include "content/alert.h"
#include "content/base/id.h"
#include "tests/bench/sim-words.h"

#define HEARTBEAT_S      60 /* before the settings are here */
#define RECORDS_AGAIN_US (5 * G_USEC_PER_SEC)
#define FETCH_AGAIN_US   (2 * G_USEC_PER_SEC)
#define BOOT_BYTES       16
#define MAX_ORDERS       64

/* An alert or a stop that came and is not verified yet. */
typedef struct {
    const ContentDocumentType *type;
    GBytes *envelope; /* (owned) */
    gint64 at_us;     /* monotonic */
} Order;

struct SimStation {
    const SimWorld *world;  /* (not owned) */
    PlayIdentity *identity; /* (owned) */
    char *from;             /* (owned) (nullable) */
    char *boot;             /* (owned) */
    SimHoldings *holdings;
    SimJournal *journal;
    SimSession *session;
    SimTimer heartbeat, records, fetch, verify;
    GPtrArray *orders;  /* (owned) (element-type Order) */
    GHashTable *obeyed; /* (owned) (element-type utf8): "type id" of what was told */
    gboolean is_fetching;
    char *audio;           /* (owned) (nullable): being fetched */
    gint64 applied, ready; /* versions already told */
    char *inventory;       /* (owned) (nullable): as said */
};

static void look_for_missing(SimStation *self);

static void
order_free(gpointer data)
{
    Order *order = data;

    g_bytes_unref(order->envelope);
    g_free(order);
}

static void
tell(SimStation *self, SimTold what, gint64 version, const char *detail)
{
    self->world->told(self, what, version, detail, g_get_monotonic_time(), self->world->data);
}

static gint64
version_in_force(SimStation *self)
{
    const ContentManifest *manifest = sim_holdings_manifest(self->holdings);

    return manifest == NULL ? 0 : manifest->version;
}

/* ---- what it says ---- */

static SimFacts
facts_of(SimStation *self)
{
    return (SimFacts){self->identity, self->holdings,  self->journal,
                      self->boot,     self->inventory, !self->world->no_templates};
}

/* @payload: (transfer full) */
static void
say(SimStation *self, const char *word, GBytes *payload)
{
    sim_session_say(self->session, word, payload);
    g_bytes_unref(payload);
}

static void
say_hello(SimStation *self)
{
    const SimFacts facts = facts_of(self);

    say(self, "hello", sim_words_hello(&facts));
}

static void
say_heartbeat(SimStation *self)
{
    const SimFacts facts = facts_of(self);

    say(self, "heartbeat", sim_words_heartbeat(&facts));
}

static void
say_report(SimStation *self)
{
    const SimFacts facts = facts_of(self);

    say(self, "report", sim_words_report(&facts));
}

static void
say_records(SimStation *self)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) batch = sim_journal_batch(self->journal, self->identity->seal, &error);

    if (error != NULL)
        g_error("records: %s", error->message);
    if (batch == NULL || !sim_session_is_up(self->session))
        return;
    sim_session_say(self->session, "records", batch);
    sim_loop_set(self->world->loop, &self->records, g_get_monotonic_time() + RECORDS_AGAIN_US);
}

gboolean
sim_station_play(SimStation *self, guint n_records, GError **error)
{
    const char *hash;
    const ContentDayPlan *plan = sim_holdings_plan(self->holdings, &hash);

    if (plan == NULL) {
        g_set_error(error, PLAY_VERIFY_ERROR, PLAY_VERIFY_ERROR_CONTENT,
                    "%s holds no day with sound", self->identity->station);
        return FALSE;
    }
    if (!sim_journal_played(self->journal, plan, hash, version_in_force(self), n_records,
                            g_get_real_time(), error))
        return FALSE;
    say_records(self);
    return TRUE;
}

/* The gateway's word, once the zones are known; a real one is asked before the first hello. */
static void
learn_zones(SimStation *self)
{
    const ContentStationSettings *settings = sim_holdings_settings(self->holdings);
    g_autofree char *text = NULL;

    if (!self->world->has_gateway || settings == NULL)
        return;
    text = sim_words_inventory(settings);
    if (g_strcmp0(text, self->inventory) == 0)
        return;
    g_free(self->inventory);
    self->inventory = g_steal_pointer(&text);
    say_hello(self);
}

/* ---- fetching ---- */

static void
fetch_later(SimStation *self, const char *words)
{
    tell(self, SIM_TOLD_TROUBLE, version_in_force(self), words);
    sim_loop_set(self->world->loop, &self->fetch, g_get_monotonic_time() + FETCH_AGAIN_US);
}

static void
tell_progress(SimStation *self)
{
    gint64 version = version_in_force(self), size_bytes;

    if (version > self->applied && sim_holdings_is_applied(self->holdings)) {
        self->applied = version;
        tell(self, SIM_TOLD_APPLIED, version, NULL);
        say_report(self);
    }
    if (self->applied == version && version > self->ready &&
        sim_holdings_next_audio(self->holdings, &size_bytes) == NULL) {
        self->ready = version;
        tell(self, SIM_TOLD_READY, version, NULL);
    }
}

static void
on_documents(GBytes *body, const char *words, gpointer data)
{
    SimStation *self = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(ContentBundle) bundle = NULL;

    self->is_fetching = FALSE;
    if (body != NULL)
        bundle = content_document_read(&content_bundle_type, g_bytes_get_data(body, NULL),
                                       g_bytes_get_size(body), &error);
    if (bundle == NULL) {
        fetch_later(self, error == NULL ? words : error->message);
        return;
    }
    if (!sim_holdings_take_bundle(self->holdings, bundle, g_get_real_time(), &error)) {
        fetch_later(self, error->message);
        return;
    }
    learn_zones(self);
    tell_progress(self);
    look_for_missing(self);
}

static void
on_audio(GBytes *body, const char *words, gpointer data)
{
    SimStation *self = data;
    g_autofree char *wanted = g_steal_pointer(&self->audio);
    g_autofree char *hash = NULL;

    self->is_fetching = FALSE;
    if (body != NULL)
        hash = content_sha256_hex(g_bytes_get_data(body, NULL), g_bytes_get_size(body));
    if (g_strcmp0(hash, wanted) != 0) {
        fetch_later(self, body == NULL ? words : "audio with other bytes than its hash says");
        return;
    }
    sim_holdings_take_audio(self->holdings, wanted);
    tell_progress(self);
    look_for_missing(self);
}

static void
fetch_documents(SimStation *self, GPtrArray *missing)
{
    g_autoptr(ContentRequest) request = content_document_new(&content_request_type);
    g_autoptr(GBytes) bytes = NULL;

    g_ptr_array_extend_and_steal(request->hashes, g_ptr_array_ref(missing));
    bytes = sim_words_write(&content_request_type, request);
    self->is_fetching = TRUE;
    sim_fetch_start(self->world->fetch, self->identity, self->from, "/device/documents", bytes,
                    CONTENT_BUNDLE_MAX_BYTES, on_documents, self);
}

static void
fetch_audio(SimStation *self)
{
    gint64 size_bytes;
    const char *hash = sim_holdings_next_audio(self->holdings, &size_bytes);
    g_autofree char *path = NULL;

    if (hash == NULL)
        return;
    self->audio = g_strdup(hash);
    path = g_strconcat("/device/objects/", hash, NULL);
    self->is_fetching = TRUE;
    sim_fetch_start(self->world->fetch, self->identity, self->from, path, NULL,
                    (gsize) size_bytes, on_audio, self);
}

/* One thing at a time, documents first. */
static void
look_for_missing(SimStation *self)
{
    g_autoptr(GPtrArray) missing = NULL;

    if (self->is_fetching)
        return;
    missing = sim_holdings_missing(self->holdings);
    if (missing->len > 0)
        fetch_documents(self, missing);
    else if (self->world->takes_audio)
        fetch_audio(self);
}

static void
on_fetch_again(gpointer data)
{
    look_for_missing(data);
}

/* ---- what it hears ---- */

static void
hear_manifest(SimStation *self, GBytes *envelope)
{
    const SimFacts facts = facts_of(self);
    g_autoptr(GError) error = NULL;
    gint64 before = version_in_force(self);

    if (!sim_holdings_take_manifest(self->holdings, envelope, g_get_real_time(), &error)) {
        tell(self, SIM_TOLD_REFUSED, before, error->message);
        say(self, "report", sim_words_refusal(&facts, error));
        return;
    }
    if (version_in_force(self) != before)
        tell(self, SIM_TOLD_ACCEPTED, version_in_force(self), NULL);
    if (sim_holdings_is_applied(self->holdings))
        tell_progress(self);
    else
        say_report(self);
    look_for_missing(self);
}

static void
hear_ack(SimStation *self, GBytes *envelope)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PlayVerified) verified = sim_holdings_verify(self->holdings, &content_ack_type,
                                                           envelope, g_get_real_time(), &error);
    const ContentAck *ack;

    if (verified == NULL) {
        tell(self, SIM_TOLD_REFUSED, 0, error->message);
        return;
    }
    ack = verified->parsed;
    sim_journal_acknowledge(self->journal, ack->journal, ack->seq);
    tell(self, SIM_TOLD_ACKED, sim_journal_acked(self->journal), NULL);
    sim_loop_set(self->world->loop, &self->records, -1);
    say_records(self);
}

static void
hear_enquiry(SimStation *self, GBytes *envelope)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PlayVerified) verified =
        sim_holdings_verify(self->holdings, &content_enquiry_type, envelope, g_get_real_time(),
                            &error);

    if (verified == NULL)
        tell(self, SIM_TOLD_REFUSED, 0, error->message);
    else
        say_hello(self);
}

/* One that is verified is told once, with the instant at which it came. */
static void
tell_order(SimStation *self, const Order *order, const PlayVerified *verified)
{
    gboolean is_stop = order->type == &content_stop_type;
    const ContentAlert *alert = verified->parsed;
    const ContentStop *stop = verified->parsed;
    char *key = g_strconcat(order->type->type, " ", is_stop ? stop->id : alert->id, NULL);

    if (!g_hash_table_add(self->obeyed, key))
        return;
    self->world->told(self, is_stop ? SIM_TOLD_STOP : SIM_TOLD_ALERT, 0,
                      is_stop ? stop->alert : alert->id, order->at_us, self->world->data);
}

static void
on_verify_due(gpointer data)
{
    SimStation *self = data;

    for (guint i = 0; i < self->orders->len; i++) {
        const Order *order = self->orders->pdata[i];
        g_autoptr(GError) error = NULL;
        g_autoptr(PlayVerified) verified =
            sim_holdings_verify(self->holdings, order->type, order->envelope, g_get_real_time(),
                                &error);

        if (verified == NULL)
            tell(self, SIM_TOLD_REFUSED, 0, error->message);
        else
            tell_order(self, order, verified);
    }
    g_ptr_array_set_size(self->orders, 0);
}

static void
hear_order(SimStation *self, const ContentDocumentType *type, GBytes *envelope)
{
    Order *order;

    if (self->orders->len == MAX_ORDERS) {
        tell(self, SIM_TOLD_REFUSED, 0, "too many alerts and stops at once");
        return;
    }
    order = g_new0(Order, 1);
    order->type = type;
    order->envelope = g_bytes_ref(envelope);
    order->at_us = g_get_monotonic_time();
    g_ptr_array_add(self->orders, order);
    if (self->orders->len == 1)
        sim_loop_set(self->world->loop, &self->verify,
                     order->at_us + self->world->verify_after_us);
}

/* The time is not asked for: the machine's clock is this program's clock. */
static void
on_message(PlayBrokerTopic topic, GBytes *payload, gpointer data)
{
    if (topic == PLAY_BROKER_MANIFEST)
        hear_manifest(data, payload);
    else if (topic == PLAY_BROKER_ACK)
        hear_ack(data, payload);
    else if (topic == PLAY_BROKER_ENQUIRY)
        hear_enquiry(data, payload);
    else if (topic == PLAY_BROKER_ALERT)
        hear_order(data, &content_alert_type, payload);
    else if (topic == PLAY_BROKER_STOP)
        hear_order(data, &content_stop_type, payload);
}

/* ---- up and down ---- */

/* As asked on the command line, or else as the district's settings say. */
static gint64
period_us(SimStation *self)
{
    const ContentStationSettings *settings = sim_holdings_settings(self->holdings);
    gint64 period_s = settings == NULL ? HEARTBEAT_S : settings->heartbeat_s;

    return (self->world->heartbeat_s > 0 ? self->world->heartbeat_s : period_s) *
           G_USEC_PER_SEC;
}

static void
on_up(gpointer data)
{
    SimStation *self = data;

    sim_loop_set(self->world->loop, &self->heartbeat, g_get_monotonic_time() + period_us(self));
    tell(self, SIM_TOLD_UP, version_in_force(self), NULL);
    say_hello(self);
    say_heartbeat(self);
    say_records(self);
    look_for_missing(self);
}

static void
on_down(const char *words, gpointer data)
{
    SimStation *self = data;

    sim_loop_set(self->world->loop, &self->heartbeat, -1);
    sim_loop_set(self->world->loop, &self->records, -1);
    tell(self, SIM_TOLD_DOWN, version_in_force(self), words);
}

static void
on_heartbeat_due(gpointer data)
{
    SimStation *self = data;

    sim_loop_set(self->world->loop, &self->heartbeat, g_get_monotonic_time() + period_us(self));
    say_heartbeat(self);
}

static void
on_records_again(gpointer data)
{
    say_records(data);
}

static const SimSessionEvents session_events = {
    .up = on_up,
    .down = on_down,
    .message = on_message,
};

/* ---- the owner's side ---- */

SimStation *
sim_station_new(SimWorld *world, PlayIdentity *identity, const char *from, GError **error)
{
    g_autoptr(SimStation) self = g_new0(SimStation, 1);
    guint8 boot[BOOT_BYTES];

    self->world = world;
    self->identity = identity;
    self->from = g_strdup(from);
    self->heartbeat = (SimTimer){.due = on_heartbeat_due, .data = self, .due_us = -1};
    self->records = (SimTimer){.due = on_records_again, .data = self, .due_us = -1};
    self->fetch = (SimTimer){.due = on_fetch_again, .data = self, .due_us = -1};
    self->verify = (SimTimer){.due = on_verify_due, .data = self, .due_us = -1};
    self->orders = g_ptr_array_new_with_free_func(order_free);
    self->obeyed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    randombytes_buf(boot, sizeof boot);
    self->boot = content_hex(boot, sizeof boot);
    self->journal = sim_journal_new(identity->station, self->boot, g_get_real_time());
    self->holdings = sim_holdings_new(identity->station, identity->root_key, identity->keys,
                                      g_get_real_time(), error);
    if (self->holdings == NULL)
        return NULL;
    self->session = sim_session_new(world->loop, &world->gate, identity, from, &session_events,
                                    self, error);
    if (self->session == NULL)
        return NULL;
    return g_steal_pointer(&self);
}

void
sim_station_free(SimStation *self)
{
    if (self == NULL)
        return;
    sim_loop_set(self->world->loop, &self->heartbeat, -1);
    sim_loop_set(self->world->loop, &self->records, -1);
    sim_loop_set(self->world->loop, &self->fetch, -1);
    sim_loop_set(self->world->loop, &self->verify, -1);
    g_ptr_array_unref(self->orders);
    g_hash_table_unref(self->obeyed);
    sim_session_free(self->session);
    sim_holdings_free(self->holdings);
    sim_journal_free(self->journal);
    play_identity_free(self->identity);
    g_free(self->from);
    g_free(self->boot);
    g_free(self->audio);
    g_free(self->inventory);
    g_free(self);
}

const char *
sim_station_name(SimStation *self)
{
    return self->identity->station;
}

void
sim_station_connect(SimStation *self, gint64 at_us)
{
    sim_session_connect(self->session, at_us);
}
