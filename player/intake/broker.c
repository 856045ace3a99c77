/*
 * broker.c - see broker.h
 *
 * The thread tries one broker after the other. Each attempt has its own client and its own TLS
 * context, made with the verification time of that moment; when it fails or the line breaks,
 * the thread waits a random while below a bound that doubles, so that a district's stations do
 * not all come back at once.
 */
#include "player/intake/broker.h"

#include <errno.h>
#include <mosquitto.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "player/intake/mailbox.h"

#define LOOP_MS          1000
#define POLL_MS          200
#define CONNECT_LIMIT_US (30 * G_USEC_PER_SEC)
/* A connection that lasted so long was a good one: the next pause begins small again. */
#define GOOD_US       (30 * G_USEC_PER_SEC)
#define GRANTED_MAX   2
#define MAX_DOUBLINGS 16

const PlayBrokerTiming play_broker_timing = {
    .keep_alive_s = 30,
    .first_retry_ms = 1000,
    .longest_retry_ms = 60000,
};

/* clang-format off */
static const struct { PlayBrokerTopic topic; const char *prefix; gboolean is_own; const char *word; } topics_in[] = {
    { PLAY_BROKER_MANIFEST, "loa/1/to/",  TRUE,  "/manifest" },
    { PLAY_BROKER_ACK,      "loa/1/to/",  TRUE,  "/ack" },
    { PLAY_BROKER_TIME,     "loa/1/to/",  TRUE,  "/time" },
    { PLAY_BROKER_ENQUIRY,  "loa/1/to/",  TRUE,  "/enquiry" },
    { PLAY_BROKER_TEST,     "loa/1/to/",  TRUE,  "/test" },
    { PLAY_BROKER_ALERT,    "loa/1/to/",  TRUE,  "/alert" },
    { PLAY_BROKER_STOP,     "loa/1/to/",  TRUE,  "/stop" },
    { PLAY_BROKER_LIVE,     "loa/1/to/",  TRUE,  "/live" },
    { PLAY_BROKER_ALERT,    "loa/1/all/", FALSE, "alert" },
    { PLAY_BROKER_STOP,     "loa/1/all/", FALSE, "stop" },
};
#define N_TOPICS_IN G_N_ELEMENTS(topics_in)

static const char *const topics_out[] = {
    [PLAY_BROKER_SAY_HELLO]     = "hello",
    [PLAY_BROKER_SAY_HEARTBEAT] = "heartbeat",
    [PLAY_BROKER_SAY_RECORDS]   = "records",
    [PLAY_BROKER_SAY_REPORT]    = "report",
    [PLAY_BROKER_SAY_TIME]      = "time",
};
/* clang-format on */

struct PlayBroker {
    const PlayIdentity *identity;
    PlayBrokerTiming timing;
    PlayTlsTimeFunc time;
    gpointer time_data;
    const PlayBrokerEvents *events;
    gpointer data;
    PlayMailbox *mailbox;
    GThread *thread;
    char *topics[N_TOPICS_IN]; /* (owned): as subscribed */

    GMutex lock; /* guards what follows */
    GCond wake;
    struct mosquitto *client; /* (nullable): of the present attempt */
    gboolean is_up;
    gboolean is_wanted_anew;
    gboolean is_stopping;
};

/* One attempt, in the thread. */
typedef struct {
    PlayBroker *broker;
    struct mosquitto *client;
    char *words; /* (owned) (nullable): why it ended */
    gboolean has_ended;
    gboolean was_up;
    gint64 begun_us;
} Attempt;

typedef struct {
    PlayBrokerTopic topic;
    GBytes *payload; /* (owned) (nullable) */
    char *words;     /* (owned) (nullable) */
    gboolean is_up;
} Letter;

static void
letter_free(gpointer data)
{
    Letter *letter = data;

    g_clear_pointer(&letter->payload, g_bytes_unref);
    g_free(letter->words);
    g_free(letter);
}

static void
on_letter(gpointer data, gpointer owner)
{
    Letter *letter = data;
    PlayBroker *self = owner;

    if (letter->payload != NULL)
        self->events->message(letter->topic, letter->payload, self->data);
    else if (letter->is_up)
        self->events->up(self->data);
    else
        self->events->down(letter->words, self->data);
}

static void
tell(PlayBroker *self, Letter letter)
{
    play_mailbox_post(self->mailbox, on_letter, g_memdup2(&letter, sizeof letter), letter_free);
}

/* The first reason counts; what follows from it does not. */
static void
end_attempt(Attempt *attempt, const char *words)
{
    attempt->has_ended = TRUE;
    if (attempt->words == NULL)
        attempt->words = g_strdup(words);
}

static const char *
words_of(int result)
{
    if (result == MOSQ_ERR_ERRNO)
        return g_strerror(errno);
    /* mosquitto_strerror() does not know this one. */
    if (result == MOSQ_ERR_KEEPALIVE)
        return "no sign of life";
    return result == MOSQ_ERR_SUCCESS ? "disconnected" : mosquitto_strerror(result);
}

/* ---- libmosquitto's callbacks, in the thread ---- */

static void
on_connect(struct mosquitto *client, void *data, int result)
{
    Attempt *attempt = data;
    char **topics = attempt->broker->topics;

    if (result != 0)
        end_attempt(attempt, mosquitto_connack_string(result));
    else if (mosquitto_subscribe_multiple(client, NULL, N_TOPICS_IN, topics, 1, 0, NULL) !=
             MOSQ_ERR_SUCCESS)
        end_attempt(attempt, "subscribing failed");
}

static void
on_subscribe(struct mosquitto *client, void *data, int mid, int n_granted, const int *granted)
{
    Attempt *attempt = data;
    PlayBroker *self = attempt->broker;

    for (int i = 0; i < n_granted; i++) {
        if (granted[i] < 0 || granted[i] > GRANTED_MAX) {
            end_attempt(attempt, "the broker refuses a subscription");
            return;
        }
    }
    attempt->was_up = TRUE;
    g_mutex_lock(&self->lock);
    self->is_up = TRUE;
    g_mutex_unlock(&self->lock);
    tell(self, (Letter){.is_up = TRUE});
}

static void
on_disconnect(struct mosquitto *client, void *data, int result)
{
    end_attempt(data, words_of(result));
}

static void
on_message(struct mosquitto *client, void *data, const struct mosquitto_message *message)
{
    PlayBroker *self = ((Attempt *) data)->broker;

    if (message->payloadlen <= 0 || message->payloadlen > PLAY_BROKER_MAX_BYTES)
        return;
    for (gsize i = 0; i < N_TOPICS_IN; i++) {
        if (strcmp(self->topics[i], message->topic) == 0)
            tell(self, (Letter){.topic = topics_in[i].topic,
                                .payload = g_bytes_new(message->payload,
                                                       (gsize) message->payloadlen)});
    }
}

/* The TLS library's own words are told nowhere else. */
static void
on_log(struct mosquitto *client, void *data, int level, const char *text)
{
    Attempt *attempt = data;

    if (level == MOSQ_LOG_ERR && attempt->words == NULL)
        attempt->words = g_strdup(text);
}

/* ---- one attempt ---- */

static struct mosquitto *
make_client(Attempt *attempt)
{
    PlayBroker *self = attempt->broker;
    struct mosquitto *client = mosquitto_new(self->identity->station, true, attempt);

    if (client == NULL)
        return NULL;
    mosquitto_threaded_set(client, true);
    mosquitto_connect_callback_set(client, on_connect);
    mosquitto_subscribe_callback_set(client, on_subscribe);
    mosquitto_disconnect_callback_set(client, on_disconnect);
    mosquitto_message_callback_set(client, on_message);
    mosquitto_log_callback_set(client, on_log);
    return client;
}

static gboolean
begin_connect(Attempt *attempt, const char *uri, GError **error)
{
    PlayBroker *self = attempt->broker;
    g_autofree char *scheme = NULL, *host = NULL;
    SSL_CTX *context;
    gboolean is_ready;
    gint port = -1;
    int result;

    if (!g_uri_split_network(uri, G_URI_FLAGS_NONE, &scheme, &host, &port, error))
        return FALSE;
    if (g_strcmp0(scheme, "mqtts") != 0 || port <= 0 || host == NULL || *host == '\0') {
        g_set_error(error, PLAY_TLS_ERROR, PLAY_TLS_ERROR_FILE, "not mqtts://host:port");
        return FALSE;
    }
    context = SSL_CTX_new(TLS_client_method());
    is_ready =
        play_tls_prepare(context, self->identity, host, self->time(self->time_data), error) &&
        mosquitto_int_option(attempt->client, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0) ==
            MOSQ_ERR_SUCCESS &&
        mosquitto_void_option(attempt->client, MOSQ_OPT_SSL_CTX, context) == MOSQ_ERR_SUCCESS;
    /* The client holds a reference of its own. */
    SSL_CTX_free(context);
    if (!is_ready)
        return FALSE;
    result =
        mosquitto_connect_async(attempt->client, host, port, (int) self->timing.keep_alive_s);
    if (result != MOSQ_ERR_SUCCESS)
        g_set_error(error, PLAY_TLS_ERROR, PLAY_TLS_ERROR_FILE, "%s", words_of(result));
    return result == MOSQ_ERR_SUCCESS;
}

static gboolean
is_stopping(PlayBroker *self)
{
    gboolean stopping;

    g_mutex_lock(&self->lock);
    stopping = self->is_stopping;
    g_mutex_unlock(&self->lock);
    return stopping;
}

/* Returns: whether the attempt has taken too long, which ends it. */
static gboolean
is_overdue(Attempt *attempt)
{
    if (g_get_monotonic_time() - attempt->begun_us <= CONNECT_LIMIT_US)
        return FALSE;
    end_attempt(attempt, "no answer within 30 s");
    return TRUE;
}

/*
 * Waits until TCP is connected. libmosquitto 2.0.11 does not notice a refused connection of its
 * own: its loop spins until the keep-alive has passed.
 */
static gboolean
wait_connected(Attempt *attempt)
{
    struct pollfd socket = {.fd = mosquitto_socket(attempt->client), .events = POLLOUT};
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;

    while (poll(&socket, 1, POLL_MS) == 0) {
        if (is_stopping(attempt->broker) || is_overdue(attempt))
            return FALSE;
    }
    /* Not SO_ERROR: the library has tried to speak already and taken the error with it. */
    if (getpeername(socket.fd, (struct sockaddr *) &peer, &length) == 0)
        return TRUE;
    end_attempt(attempt, "nobody listens there, or it cannot be reached");
    return FALSE;
}

/* Returns: whether somebody wants the line anew: told once. */
static gboolean
is_wanted_anew(PlayBroker *self)
{
    gboolean is_wanted;

    g_mutex_lock(&self->lock);
    is_wanted = self->is_wanted_anew;
    self->is_wanted_anew = FALSE;
    g_mutex_unlock(&self->lock);
    return is_wanted;
}

static void
run_loop(Attempt *attempt)
{
    while (!attempt->has_ended && !is_stopping(attempt->broker)) {
        int result = mosquitto_loop(attempt->client, LOOP_MS, 1);

        if (result != MOSQ_ERR_SUCCESS)
            end_attempt(attempt, words_of(result));
        if (is_wanted_anew(attempt->broker))
            end_attempt(attempt, "connecting anew, with a new certificate");
        if (!attempt->was_up)
            is_overdue(attempt);
    }
}

static void
set_client(PlayBroker *self, struct mosquitto *client)
{
    g_mutex_lock(&self->lock);
    self->client = client;
    self->is_up = FALSE;
    g_mutex_unlock(&self->lock);
}

/* Returns: whether it was a good connection for a while. */
static gboolean
attempt_once(PlayBroker *self, const char *uri)
{
    Attempt attempt = {.broker = self, .begun_us = g_get_monotonic_time()};
    g_autoptr(GError) error = NULL;
    gboolean was_good;

    attempt.client = make_client(&attempt);
    if (attempt.client == NULL) {
        end_attempt(&attempt, "out of memory");
    } else if (!begin_connect(&attempt, uri, &error)) {
        end_attempt(&attempt, error == NULL ? "TLS is not available" : error->message);
    } else {
        set_client(self, attempt.client);
        if (wait_connected(&attempt))
            run_loop(&attempt);
        set_client(self, NULL);
    }
    mosquitto_destroy(attempt.client);
    if (!is_stopping(self))
        tell(self, (Letter){.words = g_strdup_printf("%s: %s", uri, attempt.words)});
    g_free(attempt.words);
    was_good = attempt.was_up && g_get_monotonic_time() - attempt.begun_us > GOOD_US;
    return was_good;
}

/* Waits a random while; ends early when the owner stops us. */
static void
pause_after(PlayBroker *self, guint n_failures)
{
    guint64 bound_ms = (guint64) self->timing.first_retry_ms << MIN(n_failures, MAX_DOUBLINGS);
    gint64 until_us;

    bound_ms = MIN(bound_ms, self->timing.longest_retry_ms);
    until_us = g_get_monotonic_time() +
               (gint64) (g_random_double() * (gdouble) bound_ms) * G_TIME_SPAN_MILLISECOND;
    g_mutex_lock(&self->lock);
    while (!self->is_stopping && g_cond_wait_until(&self->wake, &self->lock, until_us))
        continue;
    g_mutex_unlock(&self->lock);
}

static gpointer
broker_thread(gpointer data)
{
    PlayBroker *self = data;
    char **uris = self->identity->brokers;
    guint n_uris = g_strv_length(uris);
    guint n_failures = 0;

    for (guint i = 0; !is_stopping(self); i++) {
        gboolean was_good = attempt_once(self, uris[i % n_uris]);

        n_failures = was_good ? 0 : n_failures + 1;
        /* The next broker of the list is tried at once; a pause follows a whole round. */
        if (was_good || (i + 1) % n_uris == 0)
            pause_after(self, n_failures / n_uris);
    }
    return NULL;
}

/* ---- the owner's side ---- */

PlayBroker *
play_broker_new(const PlayIdentity *identity, const PlayBrokerTiming *timing,
                PlayTlsTimeFunc time, gpointer time_data, const PlayBrokerEvents *events,
                gpointer data)
{
    static gsize once;
    PlayBroker *self = g_new0(PlayBroker, 1);

    g_return_val_if_fail(identity->brokers != NULL && identity->brokers[0] != NULL, NULL);
    if (g_once_init_enter(&once)) {
        mosquitto_lib_init();
        g_once_init_leave(&once, 1);
    }
    self->identity = identity;
    self->timing = timing == NULL ? play_broker_timing : *timing;
    self->time = time;
    self->time_data = time_data;
    self->events = events;
    self->data = data;
    self->mailbox = play_mailbox_new(self);
    for (gsize i = 0; i < N_TOPICS_IN; i++)
        self->topics[i] =
            g_strconcat(topics_in[i].prefix, topics_in[i].is_own ? identity->station : "",
                        topics_in[i].word, NULL);
    g_mutex_init(&self->lock);
    g_cond_init(&self->wake);
    self->thread = g_thread_new("broker", broker_thread, self);
    return self;
}

void
play_broker_free(PlayBroker *self)
{
    if (self == NULL)
        return;
    g_mutex_lock(&self->lock);
    self->is_stopping = TRUE;
    g_cond_signal(&self->wake);
    /* Wakes the thread out of mosquitto_loop(), too. */
    if (self->client != NULL)
        mosquitto_disconnect(self->client);
    g_mutex_unlock(&self->lock);
    g_thread_join(self->thread);
    play_mailbox_close(self->mailbox);
    for (gsize i = 0; i < N_TOPICS_IN; i++)
        g_free(self->topics[i]);
    g_cond_clear(&self->wake);
    g_mutex_clear(&self->lock);
    g_free(self);
}

gboolean
play_broker_publish(PlayBroker *self, PlayBrokerSay say, GBytes *payload)
{
    g_autofree char *topic =
        g_strdup_printf("loa/1/from/%s/%s", self->identity->station, topics_out[say]);
    gboolean is_sent = FALSE;

    g_mutex_lock(&self->lock);
    if (self->is_up)
        is_sent =
            mosquitto_publish(self->client, NULL, topic, (int) g_bytes_get_size(payload),
                              g_bytes_get_data(payload, NULL), 1, false) == MOSQ_ERR_SUCCESS;
    g_mutex_unlock(&self->lock);
    return is_sent;
}

gboolean
play_broker_is_up(PlayBroker *self)
{
    gboolean is_up;

    g_mutex_lock(&self->lock);
    is_up = self->is_up;
    g_mutex_unlock(&self->lock);
    return is_up;
}

void
play_broker_reconnect(PlayBroker *self)
{
    g_mutex_lock(&self->lock);
    self->is_wanted_anew = TRUE;
    g_mutex_unlock(&self->lock);
}
