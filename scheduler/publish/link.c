/* link.c - see link.h */
#include "scheduler/publish/link.h"

#include <errno.h>
#include <mosquitto.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "content/base/id.h"
#include "content/kinds.h"
#include "scheduler/publish/broker-files.h"

#define KEEP_ALIVE_S 30
#define TURN_MS      1000 /* mosquitto_loop_misc() wants to be called about once a second */
#define MAX_OUTGOING 20000
#define TOPIC_FROM   "loa/1/from/"
/* Packets of one turn; mosquitto_loop_read() takes about one, whatever it is told. */
#define MAX_READS 100
/* What comes within it is read in one turn: a fleet says 700 words a second, each alone. */
#define REST_MS 20

static const char *const heard_words[] = {"hello",  "heartbeat", "records",
                                          "report", "time",      NULL};
/* A lost heartbeat is followed by the next; an acknowledgement of each would cost more. */
static const struct {
    const char *topic;
    int qos;
} subscriptions[] = {
    {TOPIC_FROM "+/hello", 1},  {TOPIC_FROM "+/heartbeat", 0}, {TOPIC_FROM "+/records", 1},
    {TOPIC_FROM "+/report", 1}, {TOPIC_FROM "+/time", 1},
};
static const char *const say_words[] = {"manifest", "ack",   "time", "enquiry", "test",
                                        "live",     "alert", "stop", NULL};

typedef struct {
    char *topic;     /* (owned) */
    GBytes *payload; /* (owned) */
    gboolean is_order;
    gint64 at_us; /* monotonic: when it was said */
} Outgoing;

/* One broker and the thread that talks to it. */
typedef struct {
    SchedLink *link;          /* (not owned) */
    SchedLinkBroker broker;   /* host owned */
    struct mosquitto *client; /* (owned) (nullable): touched by the thread alone */
    GThread *thread;          /* (owned) */
    int wake_fd;              /* eventfd: something to send, or to stop */
    GQueue outgoing;          /* (element-type Outgoing): under the link's lock */
    GQueue live;              /* (element-type Outgoing): the same; behind all of those */
    gboolean is_up;           /* under the link's lock */
    gboolean is_said_down;    /* thread: the outage was told already */
    guint n_granted;          /* thread: of the subscriptions, those that are in force */
    gint64 trying_since_us;   /* thread: monotonic; the first attempt of an outage */
    gint64 pause_ms;          /* thread */
    char *trouble;            /* (owned) (nullable): thread: why the line broke */
} Line;

struct SchedLink {
    GPtrArray *lines;                    /* (owned) (element-type Line) */
    char *authority, *certificate, *key; /* (owned) */
    guint first_pause_ms, most_pause_ms;
    const SchedLinkEvents *events; /* (not owned) */
    gpointer user_data;
    GMainContext *context; /* (owned) */
    GMutex lock;
    GCond stop_cond;
    gboolean is_stopping; /* under lock */
    GPtrArray *waiting;   /* (owned) (element-type SchedHeardMessage): under lock */
    GPtrArray *news;      /* (owned) (element-type News): under lock */
    GSource *drain;       /* (owned) (nullable): under lock: wakes the owner */
    guint64 n_dropped;    /* under lock */
};

/* News of a line on its way to the owner. */
typedef struct {
    const SchedLinkBroker *broker; /* (not owned) */
    char *words;                   /* (owned) (nullable): NULL: up */
} News;

static void
heard_message_free(SchedHeardMessage *message)
{
    g_free(message->station);
    g_bytes_unref(message->payload);
    g_free(message);
}

static void
outgoing_free(Outgoing *outgoing)
{
    g_free(outgoing->topic);
    g_bytes_unref(outgoing->payload);
    g_free(outgoing);
}

gboolean
sched_link_parse_topic(const char *topic, char **out_station, SchedHeard *out_what)
{
    g_autofree char *station = NULL;
    const char *slash;
    int what;

    if (!g_str_has_prefix(topic, TOPIC_FROM))
        return FALSE;
    topic += strlen(TOPIC_FROM);
    slash = strchr(topic, '/');
    if (slash == NULL)
        return FALSE;
    station = g_strndup(topic, (gsize) (slash - topic));
    what = content_word_index(heard_words, slash + 1);
    if (what < 0 || !content_id_is_valid(station))
        return FALSE;
    *out_station = g_steal_pointer(&station);
    *out_what = (SchedHeard) what;
    return TRUE;
}

/* --- towards the owner -------------------------------------------------------------------- */

static void
news_free(gpointer data)
{
    News *news = data;

    g_free(news->words);
    g_free(news);
}

static GPtrArray *
new_waiting(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify) heard_message_free);
}

static GPtrArray *
new_news(void)
{
    return g_ptr_array_new_with_free_func(news_free);
}

static gboolean
on_drain(gpointer user_data)
{
    SchedLink *self = user_data;
    g_autoptr(GPtrArray) messages = NULL;
    g_autoptr(GPtrArray) all_news = NULL;

    g_mutex_lock(&self->lock);
    messages = g_steal_pointer(&self->waiting);
    all_news = g_steal_pointer(&self->news);
    self->waiting = new_waiting();
    self->news = new_news();
    g_clear_pointer(&self->drain, g_source_unref);
    g_mutex_unlock(&self->lock);
    for (guint i = 0; i < all_news->len; i++) {
        const News *news = g_ptr_array_index(all_news, i);

        if (news->words == NULL)
            self->events->up(news->broker, self->user_data);
        else
            self->events->down(news->broker, news->words, self->user_data);
    }
    if (messages->len > 0)
        self->events->heard(messages, self->user_data);
    return G_SOURCE_REMOVE;
}

/* Called with the lock held. One source drains however much is waiting by then. */
static void
wake_owner(SchedLink *self)
{
    if (self->drain != NULL)
        return;
    self->drain = g_idle_source_new();
    g_source_set_priority(self->drain, G_PRIORITY_DEFAULT);
    g_source_set_callback(self->drain, on_drain, self, NULL);
    g_source_attach(self->drain, self->context);
}

static void
wait_for_owner(SchedLink *self, SchedHeardMessage *message)
{
    g_mutex_lock(&self->lock);
    if (self->waiting->len < SCHED_LINK_MAX_WAITING) {
        g_ptr_array_add(self->waiting, g_steal_pointer(&message));
        wake_owner(self);
    } else {
        self->n_dropped++;
    }
    g_mutex_unlock(&self->lock);
    if (message != NULL)
        heard_message_free(message);
}

static void
tell(Line *line, const char *words)
{
    News *news = g_new0(News, 1);

    news->broker = &line->broker;
    news->words = g_strdup(words);
    g_mutex_lock(&line->link->lock);
    g_ptr_array_add(line->link->news, news);
    wake_owner(line->link);
    g_mutex_unlock(&line->link->lock);
}

/* --- callbacks of libmosquitto, in the line's thread ---------------------------------------
 */

static void
on_message(struct mosquitto *client, void *data, const struct mosquitto_message *message)
{
    Line *line = data;
    g_autofree char *station = NULL;
    SchedHeardMessage *heard;
    SchedHeard what;

    if (message->payloadlen < 0 || message->payloadlen > SCHED_LINK_MAX_BYTES ||
        !sched_link_parse_topic(message->topic, &station, &what)) {
        g_mutex_lock(&line->link->lock);
        line->link->n_dropped++;
        g_mutex_unlock(&line->link->lock);
        return;
    }
    heard = g_new0(SchedHeardMessage, 1);
    heard->station = g_steal_pointer(&station);
    heard->what = what;
    heard->payload = g_bytes_new(message->payload, (gsize) message->payloadlen);
    wait_for_owner(line->link, heard);
}

static void
on_subscribed(struct mosquitto *client, void *data, int mid, int n_granted, const int *granted)
{
    Line *line = data;

    /* 128: the broker will not let us listen; an open line would be a lie. */
    if (n_granted < 1 || granted[0] > 2) {
        g_free(line->trouble);
        line->trouble = g_strdup("the broker refuses subscriptions to " TOPIC_FROM "#");
        mosquitto_disconnect(client);
        return;
    }
    if (++line->n_granted < G_N_ELEMENTS(subscriptions))
        return;
    g_mutex_lock(&line->link->lock);
    line->is_up = TRUE;
    g_mutex_unlock(&line->link->lock);
    line->pause_ms = line->link->first_pause_ms;
    line->is_said_down = FALSE;
    tell(line, NULL);
}

static void
on_connected(struct mosquitto *client, void *data, int code)
{
    Line *line = data;
    int status = code == 0 ? MOSQ_ERR_SUCCESS : MOSQ_ERR_CONN_REFUSED;

    for (gsize i = 0; i < G_N_ELEMENTS(subscriptions) && status == MOSQ_ERR_SUCCESS; i++)
        status =
            mosquitto_subscribe(client, NULL, subscriptions[i].topic, subscriptions[i].qos);
    if (status == MOSQ_ERR_SUCCESS)
        return;
    g_free(line->trouble);
    line->trouble =
        g_strdup(code != 0 ? mosquitto_connack_string(code) : mosquitto_strerror(status));
    mosquitto_disconnect(client);
}

/* --- the line's thread ---------------------------------------------------------------------
 */

static gboolean
is_stopping(Line *line)
{
    gboolean answer;

    g_mutex_lock(&line->link->lock);
    answer = line->link->is_stopping;
    g_mutex_unlock(&line->link->lock);
    return answer;
}

/* @queue: of the line. (transfer full) (nullable) */
static Outgoing *
next_of(Line *line, GQueue *queue)
{
    Outgoing *outgoing;

    g_mutex_lock(&line->link->lock);
    outgoing = g_queue_pop_head(queue);
    g_mutex_unlock(&line->link->lock);
    return outgoing;
}

/* @outgoing: (transfer full) */
static void
publish(Line *line, Outgoing *outgoing, int qos)
{
    gsize n_bytes;
    gconstpointer bytes = g_bytes_get_data(outgoing->payload, &n_bytes);

    mosquitto_publish(line->client, NULL, outgoing->topic, (int) n_bytes, bytes, qos, FALSE);
    outgoing_free(outgoing);
}

static void
send_outgoing(Line *line)
{
    Outgoing *outgoing;

    while ((outgoing = next_of(line, &line->outgoing)) != NULL)
        publish(line, outgoing, 1);
}

/* The library would take any number and keep them: none is given to it that the socket does not
 * take at once. What waited too long for that is not said any more. */
static void
send_live(Line *line)
{
    Outgoing *outgoing;

    while (!mosquitto_want_write(line->client) &&
           (outgoing = next_of(line, &line->live)) != NULL) {
        if (g_get_monotonic_time() - outgoing->at_us <= SCHED_LINK_LIVE_MAX_US)
            publish(line, outgoing, 0);
        else
            outgoing_free(outgoing);
    }
}

/* Returns: a status of libmosquitto; @out_is_drained: (out): nothing more waits just now */
static int
read_waiting(Line *line, gboolean *out_is_drained)
{
    int status = MOSQ_ERR_SUCCESS;

    *out_is_drained = FALSE;
    for (guint i = 0; i < MAX_READS && status == MOSQ_ERR_SUCCESS && !*out_is_drained; i++) {
        errno = 0;
        status = mosquitto_loop_read(line->client, 1);
        *out_is_drained = errno == EAGAIN;
    }
    return status;
}

/* Lets words gather before the next turn; what is to be sent ends it. */
static void
rest(Line *line)
{
    struct pollfd wake = {.fd = line->wake_fd, .events = POLLIN};

    poll(&wake, 1, REST_MS);
}

/*
 * One turn. poll(2) instead of mosquitto_loop(): that one uses select(2), which cannot watch a
 * descriptor above 1023, and a scheduler with many open pages has those.
 */
static int
turn(Line *line)
{
    struct pollfd fds[2] = {
        {.fd = mosquitto_socket(line->client), .events = POLLIN},
        {.fd = line->wake_fd, .events = POLLIN},
    };
    guint64 n_wakes;
    gboolean is_drained = FALSE;
    int status = MOSQ_ERR_SUCCESS;

    if (fds[0].fd < 0)
        return MOSQ_ERR_CONN_LOST;
    if (mosquitto_want_write(line->client))
        fds[0].events |= POLLOUT;
    if (poll(fds, 2, TURN_MS) < 0 && errno != EINTR)
        return MOSQ_ERR_ERRNO;
    if ((fds[1].revents & POLLIN) != 0 &&
        read(line->wake_fd, &n_wakes, sizeof n_wakes) == sizeof n_wakes)
        send_outgoing(line);
    if ((fds[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0)
        status = read_waiting(line, &is_drained);
    if (status == MOSQ_ERR_SUCCESS && mosquitto_want_write(line->client))
        status = mosquitto_loop_write(line->client, 100);
    if (status == MOSQ_ERR_SUCCESS)
        send_live(line);
    if (status == MOSQ_ERR_SUCCESS)
        status = mosquitto_loop_misc(line->client);
    if (status == MOSQ_ERR_SUCCESS && is_drained &&
        line->n_granted == G_N_ELEMENTS(subscriptions))
        rest(line);
    return status;
}

/* A broker that was there is missed at once; one that is just starting gets a moment. */
static gboolean
is_worth_telling(Line *line, gboolean was_up)
{
    gint64 now_us = g_get_monotonic_time();

    if (was_up || line->trying_since_us == 0)
        line->trying_since_us = now_us;
    return !line->is_said_down &&
           (was_up || now_us - line->trying_since_us >= SCHED_LINK_GRACE_US);
}

static void
fall(Line *line, int status)
{
    g_autofree char *words = g_steal_pointer(&line->trouble);
    gboolean was_up;

    if (words == NULL)
        words =
            g_strdup(status == MOSQ_ERR_ERRNO ? g_strerror(errno) : mosquitto_strerror(status));
    g_mutex_lock(&line->link->lock);
    was_up = line->is_up;
    line->is_up = FALSE;
    g_queue_clear_full(&line->outgoing, (GDestroyNotify) outgoing_free);
    g_queue_clear_full(&line->live, (GDestroyNotify) outgoing_free);
    g_mutex_unlock(&line->link->lock);
    if (!is_worth_telling(line, was_up))
        return;
    line->is_said_down = TRUE;
    tell(line, words);
}

static void
pause_line(Line *line)
{
    gint64 until_us = g_get_monotonic_time() + line->pause_ms * 1000;
    SchedLink *link = line->link;

    g_mutex_lock(&link->lock);
    while (!link->is_stopping && g_cond_wait_until(&link->stop_cond, &link->lock, until_us))
        continue;
    g_mutex_unlock(&link->lock);
    line->pause_ms = MIN(line->pause_ms * 2, link->most_pause_ms);
}

/* A new client for each connection: an old one would send again what was waiting in it. */
static struct mosquitto *
new_client(Line *line)
{
    const SchedLink *link = line->link;
    struct mosquitto *client = mosquitto_new(SCHED_BROKER_NAME, TRUE, line);

    mosquitto_message_callback_set(client, on_message);
    mosquitto_connect_callback_set(client, on_connected);
    mosquitto_subscribe_callback_set(client, on_subscribed);
    mosquitto_tls_set(client, link->authority, NULL, link->certificate, link->key, NULL);
    mosquitto_tls_opts_set(client, 1, "tlsv1.2", NULL);
    return client;
}

static gpointer
run_line(gpointer data)
{
    Line *line = data;

    while (!is_stopping(line)) {
        int status;

        line->client = new_client(line);
        line->n_granted = 0;
        status = mosquitto_connect(line->client, line->broker.host, (int) line->broker.port,
                                   KEEP_ALIVE_S);
        while (status == MOSQ_ERR_SUCCESS && !is_stopping(line))
            status = turn(line);
        if (is_stopping(line))
            mosquitto_disconnect(line->client);
        else
            fall(line, status);
        g_clear_pointer(&line->client, mosquitto_destroy);
        pause_line(line);
    }
    return NULL;
}

/* --- the owner's side ----------------------------------------------------------------------
 */

static void
line_free(gpointer data)
{
    Line *line = data;

    g_thread_join(line->thread);
    g_queue_clear_full(&line->outgoing, (GDestroyNotify) outgoing_free);
    g_queue_clear_full(&line->live, (GDestroyNotify) outgoing_free);
    close(line->wake_fd);
    g_free((char *) line->broker.host);
    g_free(line->trouble);
    g_free(line);
}

static Line *
line_new(SchedLink *self, const SchedLinkBroker *broker)
{
    Line *line = g_new0(Line, 1);

    line->link = self;
    line->broker = (SchedLinkBroker){g_strdup(broker->host), broker->port};
    line->pause_ms = self->first_pause_ms;
    line->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    g_queue_init(&line->outgoing);
    g_queue_init(&line->live);
    line->thread = g_thread_new("link", run_line, line);
    return line;
}

SchedLink *
sched_link_new(const SchedLinkBroker *brokers, gsize n_brokers, const SchedLinkOptions *options,
               const SchedLinkEvents *events, gpointer user_data)
{
    SchedLink *self = g_new0(SchedLink, 1);

    mosquitto_lib_init(); /* counts its calls; as often as mosquitto_lib_cleanup() below */
    g_mutex_init(&self->lock);
    g_cond_init(&self->stop_cond);
    self->authority = g_strdup(options->authority);
    self->certificate = g_strdup(options->certificate);
    self->key = g_strdup(options->key);
    self->first_pause_ms = MAX(options->first_pause_ms, 1);
    self->most_pause_ms = MAX(options->most_pause_ms, self->first_pause_ms);
    self->events = events;
    self->user_data = user_data;
    self->context = g_main_context_ref_thread_default();
    self->waiting = new_waiting();
    self->news = new_news();
    self->lines = g_ptr_array_new_with_free_func(line_free);
    for (gsize i = 0; i < n_brokers; i++)
        g_ptr_array_add(self->lines, line_new(self, &brokers[i]));
    return self;
}

static void
wake(Line *line)
{
    const guint64 one = 1;

    if (write(line->wake_fd, &one, sizeof one) != sizeof one)
        return; /* the counter is full: the thread is awake anyway */
}

/* Behind the alerts and stops that wait already, ahead of all else. */
static void
push_ahead(GQueue *queue, Outgoing *outgoing)
{
    GList *at = queue->head;

    outgoing->is_order = TRUE;
    while (at != NULL && ((const Outgoing *) at->data)->is_order)
        at = at->next;
    g_queue_insert_before(queue, at, outgoing);
}

/* Called with the lock held: whether the line has room for it. */
static gboolean
takes(const Line *line, const char *station, SchedSay what, gint64 now_us)
{
    const Outgoing *oldest = line->live.head == NULL ? NULL : line->live.head->data;

    if (!line->is_up)
        return FALSE;
    if (what == SCHED_SAY_LIVE)
        return oldest == NULL || (now_us - oldest->at_us <= SCHED_LINK_LIVE_MAX_US &&
                                  line->live.length < SCHED_LINK_MAX_LIVE);
    return station == NULL || line->outgoing.length < MAX_OUTGOING;
}

/* Called with the lock held. */
static void
put(Line *line, SchedSay what, Outgoing *outgoing)
{
    if (what == SCHED_SAY_LIVE)
        g_queue_push_tail(&line->live, outgoing);
    else if (what >= SCHED_SAY_ALERT)
        push_ahead(&line->outgoing, outgoing);
    else
        g_queue_push_tail(&line->outgoing, outgoing);
}

static Outgoing *
outgoing_new(const char *station, SchedSay what, GBytes *payload, gint64 now_us)
{
    Outgoing *outgoing = g_new0(Outgoing, 1);

    outgoing->topic = station == NULL
                          ? g_strdup_printf("loa/1/all/%s", say_words[what])
                          : g_strdup_printf("loa/1/to/%s/%s", station, say_words[what]);
    outgoing->payload = g_bytes_ref(payload);
    outgoing->at_us = now_us;
    return outgoing;
}

guint
sched_link_say(SchedLink *self, const char *station, SchedSay what, GBytes *payload)
{
    const gint64 now_us = g_get_monotonic_time();
    guint n_lines = 0;

    for (guint i = 0; i < self->lines->len; i++) {
        Line *line = g_ptr_array_index(self->lines, i);
        gboolean is_taken;

        g_mutex_lock(&self->lock);
        is_taken = takes(line, station, what, now_us);
        if (is_taken)
            put(line, what, outgoing_new(station, what, payload, now_us));
        g_mutex_unlock(&self->lock);
        if (is_taken) {
            wake(line);
            n_lines++;
        }
    }
    return n_lines;
}

guint64
sched_link_dropped(SchedLink *self)
{
    guint64 n_dropped;

    g_mutex_lock(&self->lock);
    n_dropped = self->n_dropped;
    g_mutex_unlock(&self->lock);
    return n_dropped;
}

void
sched_link_free(SchedLink *self)
{
    if (self == NULL)
        return;
    g_mutex_lock(&self->lock);
    self->is_stopping = TRUE;
    g_cond_broadcast(&self->stop_cond);
    g_mutex_unlock(&self->lock);
    for (guint i = 0; i < self->lines->len; i++)
        wake(g_ptr_array_index(self->lines, i));
    g_ptr_array_unref(self->lines);
    if (self->drain != NULL)
        g_source_destroy(self->drain);
    g_clear_pointer(&self->drain, g_source_unref);
    g_ptr_array_unref(self->waiting);
    g_ptr_array_unref(self->news);
    g_main_context_unref(self->context);
    g_free(self->authority);
    g_free(self->certificate);
    g_free(self->key);
    g_mutex_clear(&self->lock);
    g_cond_clear(&self->stop_cond);
    mosquitto_lib_cleanup();
    g_free(self);
}
