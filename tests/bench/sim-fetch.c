/* sim-fetch.c - see sim-fetch.h */
#include "tests/bench/sim-fetch.h"

#include <curl/curl.h>
#include <sys/epoll.h>

/* A player waits as long for a connection, and so long for a line that has gone silent. */
#define CONNECT_S 20
#define STALL_S   60
/*
 * Connections open at once and kept for the next request; above that requests wait. More than
 * the players of a push, and few enough that one thread works all their handshakes off in time.
 */
#define MAX_OPEN 300
#define MAX_KEPT 300

struct SimFetch {
    SimLoop *loop; /* (not owned) */
    CURLM *multi;
    SimTimer timer;
    GPtrArray *jobs;        /* (not owned): under way */
    GPtrArray *old_sockets; /* (owned): forgotten in a callback, freed after it */
};

struct SimFetchJob {
    SimFetch *fetch; /* (not owned) */
    CURL *easy;
    struct curl_slist *headers;
    GBytes *post; /* (owned) (nullable) */
    GByteArray *body;
    gsize max_bytes;
    char words[CURL_ERROR_SIZE];
    SimFetchFunc done;
    gpointer data;
};

/* One of curl's sockets. */
typedef struct {
    SimFetch *fetch; /* (not owned) */
    SimWatch watch;
} Socket;

static void
job_free(SimFetchJob *job)
{
    curl_multi_remove_handle(job->fetch->multi, job->easy);
    curl_easy_cleanup(job->easy);
    curl_slist_free_all(job->headers);
    g_clear_pointer(&job->post, g_bytes_unref);
    g_byte_array_unref(job->body);
    g_free(job);
}

static void
finish(SimFetch *self, SimFetchJob *job, CURLcode result)
{
    g_autoptr(GBytes) body = NULL;
    long status = 0;

    curl_easy_getinfo(job->easy, CURLINFO_RESPONSE_CODE, &status);
    if (result != CURLE_OK && job->words[0] == '\0')
        g_strlcpy(job->words, curl_easy_strerror(result), sizeof job->words);
    else if (result == CURLE_OK && status != 200)
        g_snprintf(job->words, sizeof job->words, "answered %ld: %.*s", status,
                   (int) MIN(job->body->len, 100), (const char *) job->body->data);
    else if (result == CURLE_OK)
        body = g_bytes_new(job->body->data, job->body->len);
    g_ptr_array_remove_fast(self->jobs, job);
    job->done(body, job->words, job->data);
    job_free(job);
}

static void
collect(SimFetch *self)
{
    CURLMsg *message;
    int n_left;

    while ((message = curl_multi_info_read(self->multi, &n_left)) != NULL) {
        SimFetchJob *job = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &job);
        finish(self, job, message->data.result);
    }
    g_ptr_array_set_size(self->old_sockets, 0);
}

/* ---- curl's sockets and timer on our loop ---- */

static void
on_ready(guint32 events, gpointer data)
{
    Socket *socket = data;
    SimFetch *self = socket->fetch;
    int n_running, what = 0;

    what |= (events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0;
    what |= (events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0;
    what |= (events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0;
    curl_multi_socket_action(self->multi, socket->watch.fd, what, &n_running);
    collect(self);
}

static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *of_socket)
{
    SimFetch *self = data;
    Socket *socket = of_socket;
    guint32 events = 0;

    if (what == CURL_POLL_REMOVE) {
        if (socket != NULL) {
            sim_loop_watch(self->loop, &socket->watch, 0);
            g_ptr_array_add(self->old_sockets, socket);
        }
        return 0;
    }
    if (socket == NULL) {
        socket = g_new0(Socket, 1);
        socket->fetch = self;
        socket->watch = (SimWatch){.ready = on_ready, .data = socket, .fd = fd};
        curl_multi_assign(self->multi, fd, socket);
    }
    events |= (what & CURL_POLL_IN) != 0 ? EPOLLIN : 0;
    events |= (what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0;
    sim_loop_watch(self->loop, &socket->watch, events);
    return 0;
}

static void
on_due(gpointer data)
{
    SimFetch *self = data;
    int n_running;

    curl_multi_socket_action(self->multi, CURL_SOCKET_TIMEOUT, 0, &n_running);
    collect(self);
}

static int
on_timer(CURLM *multi, long timeout_ms, void *data)
{
    SimFetch *self = data;

    sim_loop_set(self->loop, &self->timer,
                 timeout_ms < 0 ? -1 : g_get_monotonic_time() + timeout_ms * 1000);
    return 0;
}

SimFetch *
sim_fetch_new(SimLoop *loop)
{
    SimFetch *self = g_new0(SimFetch, 1);

    curl_global_init(CURL_GLOBAL_DEFAULT);
    self->loop = loop;
    self->timer = (SimTimer){.due = on_due, .data = self, .due_us = -1};
    self->jobs = g_ptr_array_new();
    self->old_sockets = g_ptr_array_new_with_free_func(g_free);
    self->multi = curl_multi_init();
    curl_multi_setopt(self->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(self->multi, CURLMOPT_SOCKETDATA, self);
    curl_multi_setopt(self->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(self->multi, CURLMOPT_TIMERDATA, self);
    curl_multi_setopt(self->multi, CURLMOPT_MAXCONNECTS, (long) MAX_KEPT);
    curl_multi_setopt(self->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long) MAX_OPEN);
    return self;
}

void
sim_fetch_free(SimFetch *self)
{
    if (self == NULL)
        return;
    while (self->jobs->len > 0)
        job_free(g_ptr_array_remove_index_fast(self->jobs, 0));
    curl_multi_cleanup(self->multi);
    sim_loop_set(self->loop, &self->timer, -1);
    g_ptr_array_unref(self->jobs);
    g_ptr_array_unref(self->old_sockets);
    g_free(self);
}

/* ---- one request ---- */

static size_t
on_body(char *bytes, size_t size, size_t n_bytes, void *data)
{
    SimFetchJob *job = data;

    if (job->body->len + n_bytes > job->max_bytes)
        return 0;
    g_byte_array_append(job->body, (const guint8 *) bytes, (guint) n_bytes);
    return n_bytes;
}

/* By file names, not by a context of ours: so curl itself keeps players' connections apart. */
static void
set_identity(SimFetchJob *job, const PlayIdentity *identity, const char *from)
{
    curl_easy_setopt(job->easy, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(job->easy, CURLOPT_CAINFO, identity->authority_path);
    curl_easy_setopt(job->easy, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(job->easy, CURLOPT_SSLCERT, identity->certificate_path);
    curl_easy_setopt(job->easy, CURLOPT_SSLKEY, identity->key_path);
    if (from != NULL)
        curl_easy_setopt(job->easy, CURLOPT_INTERFACE, from);
}

static void
set_request(SimFetchJob *job, const char *url)
{
    curl_easy_setopt(job->easy, CURLOPT_URL, url);
    curl_easy_setopt(job->easy, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(job->easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(job->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(job->easy, CURLOPT_CONNECTTIMEOUT, (long) CONNECT_S);
    curl_easy_setopt(job->easy, CURLOPT_LOW_SPEED_LIMIT, 100L);
    curl_easy_setopt(job->easy, CURLOPT_LOW_SPEED_TIME, (long) STALL_S);
    curl_easy_setopt(job->easy, CURLOPT_ERRORBUFFER, job->words);
    curl_easy_setopt(job->easy, CURLOPT_PRIVATE, job);
    curl_easy_setopt(job->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(job->easy, CURLOPT_WRITEDATA, job);
    if (job->post == NULL)
        return;
    job->headers = curl_slist_append(NULL, "Content-Type: application/json");
    job->headers = curl_slist_append(job->headers, "Expect:");
    curl_easy_setopt(job->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(job->easy, CURLOPT_HTTPHEADER, job->headers);
    curl_easy_setopt(job->easy, CURLOPT_POSTFIELDSIZE, (long) g_bytes_get_size(job->post));
    curl_easy_setopt(job->easy, CURLOPT_POSTFIELDS, g_bytes_get_data(job->post, NULL));
}

void
sim_fetch_start(SimFetch *self, const PlayIdentity *identity, const char *from,
                const char *path, GBytes *post, gsize max_bytes, SimFetchFunc done,
                gpointer data)
{
    g_autofree char *url = g_strconcat(identity->device_url, path, NULL);
    SimFetchJob *job = g_new0(SimFetchJob, 1);

    job->fetch = self;
    job->easy = curl_easy_init();
    job->post = post == NULL ? NULL : g_bytes_ref(post);
    job->body = g_byte_array_new();
    job->max_bytes = max_bytes;
    job->done = done;
    job->data = data;
    set_identity(job, identity, from);
    set_request(job, url);
    g_ptr_array_add(self->jobs, job);
    curl_multi_add_handle(self->multi, job->easy);
}
