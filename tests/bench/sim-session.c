/* sim-session.c - see sim-session.h */
#include "tests/bench/sim-session.h"

#include <string.h>

#include "player/intake/tls.h"
#include "tests/bench/sim-line.h"
#include "tests/bench/sim-mqtt.h"

/* Nothing said for so long: a ping. Half of the keep-alive, so that none is ever late. */
#define PING_US       ((gint64) play_broker_timing.keep_alive_s * G_USEC_PER_SEC / 2)
#define MAX_DOUBLINGS 16
/* At a closed gate it is tried again so often. */
#define GATE_US (50 * G_TIME_SPAN_MILLISECOND)
#define MAX_QOS 2

typedef enum {
    SESSION_DOWN,
    SESSION_OPENING,
    SESSION_UP,
} SessionState;

/* What is subscribed to, with the station's name where %s stands. */
static const struct {
    PlayBrokerTopic topic;
    const char *format;
} topics[] = {
    {PLAY_BROKER_MANIFEST, "loa/1/to/%s/manifest"},
    {PLAY_BROKER_ACK, "loa/1/to/%s/ack"},
    {PLAY_BROKER_TIME, "loa/1/to/%s/time"},
    {PLAY_BROKER_ENQUIRY, "loa/1/to/%s/enquiry"},
    {PLAY_BROKER_ALERT, "loa/1/to/%s/alert"},
    {PLAY_BROKER_STOP, "loa/1/to/%s/stop"},
    {PLAY_BROKER_ALERT, "loa/1/all/alert"},
    {PLAY_BROKER_STOP, "loa/1/all/stop"},
};
#define N_TOPICS G_N_ELEMENTS(topics)

struct SimSession {
    SimLoop *loop;                  /* (not owned) */
    SimGate *gate;                  /* (not owned) */
    const PlayIdentity *identity;   /* (not owned) */
    const SimSessionEvents *events; /* (not owned) */
    gpointer data;
    char *from, *host; /* (owned); @from (nullable) */
    guint port;
    char *topics[N_TOPICS + 1]; /* (owned) */
    SimLine line;
    SessionState state;
    GByteArray *in; /* (owned): bytes of a packet that is not there whole */
    guint16 last_id;
    guint n_failures;
    gint64 sent_us; /* monotonic: last packet */
    SimTimer connect, ping;
};

static void
flush(SimSession *self, GByteArray *packet)
{
    self->sent_us = g_get_monotonic_time();
    sim_line_send(&self->line, packet->data, packet->len);
}

static guint16
next_id(SimSession *self)
{
    self->last_id = self->last_id == G_MAXUINT16 ? 1 : (guint16) (self->last_id + 1);
    return self->last_id;
}

/* ---- up and down ---- */

static void
set_state(SimSession *self, SessionState state)
{
    self->gate->n_opening -= self->state == SESSION_OPENING;
    self->gate->n_opening += state == SESSION_OPENING;
    self->state = state;
}

static void
go_down(SimSession *self, const char *words)
{
    gint64 bound_us = (gint64) play_broker_timing.first_retry_ms * G_TIME_SPAN_MILLISECOND
                      << MIN(self->n_failures, MAX_DOUBLINGS);

    bound_us =
        MIN(bound_us, (gint64) play_broker_timing.longest_retry_ms * G_TIME_SPAN_MILLISECOND);
    sim_line_close(&self->line);
    sim_loop_set(self->loop, &self->ping, -1);
    g_byte_array_set_size(self->in, 0);
    set_state(self, SESSION_DOWN);
    self->n_failures++;
    sim_session_connect(self, g_get_monotonic_time() +
                                  (gint64) (g_random_double() * (gdouble) bound_us));
    self->events->down(words, self->data);
}

static void
on_line_up(gpointer data)
{
    SimSession *self = data;
    g_autoptr(GByteArray) packet = g_byte_array_new();

    sim_mqtt_connect(packet, self->identity->station,
                     (guint16) play_broker_timing.keep_alive_s);
    flush(self, packet);
}

static void
on_line_down(const char *words, gpointer data)
{
    go_down(data, words);
}

static void
on_ping_due(gpointer data)
{
    SimSession *self = data;
    g_autoptr(GByteArray) packet = g_byte_array_new();
    gint64 now_us = g_get_monotonic_time();

    sim_loop_set(self->loop, &self->ping, now_us + PING_US);
    if (now_us - self->sent_us < PING_US)
        return;
    sim_mqtt_ping(packet);
    flush(self, packet);
}

/* ---- packets ---- */

static void
take_connack(SimSession *self, const SimMqttPacket *packet)
{
    g_autoptr(GByteArray) out = g_byte_array_new();

    if (packet->n_body != 2 || packet->body[1] != 0) {
        go_down(self, "the broker refuses the connection");
        return;
    }
    sim_mqtt_subscribe(out, next_id(self), (const char *const *) self->topics);
    flush(self, out);
}

static void
take_suback(SimSession *self, const SimMqttPacket *packet)
{
    for (gsize i = 2; i < packet->n_body; i++) {
        if (packet->body[i] > MAX_QOS) {
            go_down(self, "the broker refuses a subscription");
            return;
        }
    }
    set_state(self, SESSION_UP);
    self->n_failures = 0;
    sim_loop_set(self->loop, &self->ping, g_get_monotonic_time() + PING_US);
    self->events->up(self->data);
}

static void
take_publish(SimSession *self, const SimMqttPacket *packet)
{
    SimMqttMessage message;
    g_autofree char *topic = NULL;
    g_autoptr(GBytes) payload = NULL;

    if (!sim_mqtt_read_message(packet, &message)) {
        go_down(self, "the broker sent a broken message");
        return;
    }
    topic = message.topic;
    payload = g_bytes_new(message.payload, message.n_payload);
    if (message.qos > 0) {
        g_autoptr(GByteArray) out = g_byte_array_new();

        sim_mqtt_acknowledge(out, message.id);
        flush(self, out);
    }
    for (gsize i = 0; i < N_TOPICS; i++) {
        if (strcmp(self->topics[i], topic) == 0)
            self->events->message(topics[i].topic, payload, self->data);
    }
}

/* Returns: %FALSE if the line has gone down over it. */
static gboolean
take_packet(SimSession *self, const SimMqttPacket *packet)
{
    switch (packet->type) {
    case SIM_MQTT_CONNACK:
        take_connack(self, packet);
        break;
    case SIM_MQTT_SUBACK:
        take_suback(self, packet);
        break;
    case SIM_MQTT_PUBLISH:
        take_publish(self, packet);
        break;
    default: /* acknowledgements and answers to pings */
        break;
    }
    return self->state != SESSION_DOWN;
}

static void
on_line_bytes(const guint8 *bytes, gsize n_bytes, gpointer data)
{
    SimSession *self = data;
    SimMqttPacket packet;
    gsize n_used = 0;
    int found;

    g_byte_array_append(self->in, bytes, (guint) n_bytes);
    while ((found = sim_mqtt_peek(self->in->data + n_used, self->in->len - n_used, &packet)) ==
           1) {
        n_used += packet.n_total;
        if (!take_packet(self, &packet))
            return;
    }
    if (found < 0 || self->in->len - n_used > PLAY_BROKER_MAX_BYTES * 2) {
        go_down(self, "the broker does not speak MQTT");
        return;
    }
    g_byte_array_remove_range(self->in, 0, (guint) n_used);
}

static const SimLineEvents line_events = {
    .up = on_line_up,
    .bytes = on_line_bytes,
    .down = on_line_down,
};

/* ---- the owner's side ---- */

static void
on_connect_due(gpointer data)
{
    SimSession *self = data;
    const SimLineWay way = {.host = self->host, .port = self->port, .from = self->from};
    SSL_CTX *context;
    g_autoptr(GError) error = NULL;

    if (self->gate->n_opening >= self->gate->max_opening) {
        sim_session_connect(self, g_get_monotonic_time() + GATE_US);
        return;
    }
    context = SSL_CTX_new(TLS_client_method());
    set_state(self, SESSION_OPENING);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    if (!play_tls_prepare(context, self->identity, self->host, g_get_real_time(), &error) ||
        !sim_line_open(&self->line, context, &way, &error))
        go_down(self, error->message);
    SSL_CTX_free(context);
}

SimSession *
sim_session_new(SimLoop *loop, SimGate *gate, const PlayIdentity *identity, const char *from,
                const SimSessionEvents *events, gpointer data, GError **error)
{
    g_autoptr(SimSession) self = g_new0(SimSession, 1);
    gint port = -1;

    self->loop = loop;
    self->gate = gate;
    self->identity = identity;
    self->events = events;
    self->data = data;
    self->from = g_strdup(from);
    self->in = g_byte_array_new();
    self->connect = (SimTimer){.due = on_connect_due, .data = self, .due_us = -1};
    self->ping = (SimTimer){.due = on_ping_due, .data = self, .due_us = -1};
    sim_line_init(&self->line, loop, &line_events, self);
    for (gsize i = 0; i < N_TOPICS; i++) {
        g_auto(GStrv) parts = g_strsplit(topics[i].format, "%s", 2);

        self->topics[i] = g_strjoinv(identity->station, parts);
    }
    if (!g_uri_split_network(identity->brokers[0], G_URI_FLAGS_NONE, NULL, &self->host, &port,
                             error))
        return NULL;
    self->port = (guint) port;
    return g_steal_pointer(&self);
}

void
sim_session_free(SimSession *self)
{
    if (self == NULL)
        return;
    sim_loop_set(self->loop, &self->connect, -1);
    sim_loop_set(self->loop, &self->ping, -1);
    sim_line_clear(&self->line);
    g_byte_array_unref(self->in);
    for (gsize i = 0; i < N_TOPICS; i++)
        g_free(self->topics[i]);
    g_free(self->from);
    g_free(self->host);
    g_free(self);
}

void
sim_session_connect(SimSession *self, gint64 at_us)
{
    sim_loop_set(self->loop, &self->connect, at_us);
}

gboolean
sim_session_is_up(SimSession *self)
{
    return self->state == SESSION_UP;
}

void
sim_session_say(SimSession *self, const char *word, GBytes *payload)
{
    g_autofree char *topic = g_strdup_printf("loa/1/from/%s/%s", self->identity->station, word);
    g_autoptr(GByteArray) packet = g_byte_array_new();

    if (self->state != SESSION_UP)
        return;
    sim_mqtt_publish(packet, next_id(self), topic, g_bytes_get_data(payload, NULL),
                     g_bytes_get_size(payload));
    flush(self, packet);
}
