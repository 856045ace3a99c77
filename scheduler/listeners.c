/* listeners.c - see listeners.h */
#include "scheduler/listeners.h"

#include <string.h>

#include "content/base/files.h"
#include "scheduler/publish/patience.h"
#include "content/web/server.h"

#define PEM_MAX_BYTES (256 * 1024)

typedef enum {
    PEOPLE,
    STATIONS,
    N_LISTENERS,
} Which;

typedef struct {
    ContentServer *server; /* (owned) (nullable): NULL: not serving */
    char *chain;           /* (owned): certificates that it serves with */
    char *trouble;         /* (owned) (nullable): why it does not serve */
} Serving;

struct SchedListeners {
    const SchedConfig *config; /* (not owned) */
    SchedAuthority *authority; /* (not owned) */
    SchedApi *api;             /* (not owned) */
    ContentClock *clock;       /* (not owned) */
    Serving serving[N_LISTENERS];
    const SchedListenersEvents *events; /* (not owned) */
    gpointer data;
    SchedPatience *patience; /* (owned): with those that do not begin */
    guint alarm;
};

/* Which certificate a listener should have, and how it begins with it. */
typedef struct {
    const char *whose;
    gboolean (*certificate)(SchedListeners *self, char **out_chain, char **out_key,
                            GError **error);
    ContentServer *(*start)(SchedListeners *self, const char *chain, const char *key,
                            GError **error);
} Listener;

static char *
read_pem(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = content_files_read(path, PEM_MAX_BYTES, error);

    return bytes == NULL ? NULL
                         : g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static gboolean
people_certificate(SchedListeners *self, char **out_chain, char **out_key, GError **error)
{
    const SchedConfig *config = self->config;
    const SchedCertificateWish wish = {"people", "loa-scheduler",
                                       (const char *const *) config->people_hosts, TRUE, FALSE};

    if (config->people_certificate[0] == '\0')
        return sched_authority_ensure(self->authority, &wish, content_clock_utc_us(self->clock),
                                      out_chain, out_key, error);
    *out_chain = read_pem(config->people_certificate, error);
    if (*out_chain != NULL)
        *out_key = read_pem(config->people_key, error);
    return *out_chain != NULL && *out_key != NULL;
}

static ContentServer *
start_people(SchedListeners *self, const char *chain, const char *key, GError **error)
{
    g_autofree char *spool = sched_config_path(self->config, "incoming/people");
    ContentServerOptions options = content_server_defaults;

    options.address = self->config->people_address;
    options.port = (guint) self->config->people_port;
    options.chain = chain;
    options.key = key;
    options.spool_folder = spool;
    options.proxies = (const char *const *) self->config->people_proxies;
    options.max_connections = (guint) self->config->max_connections;
    options.max_per_address = (guint) self->config->max_per_address;
    return content_server_start(&options, sched_api_people(), self->api, error);
}

static gboolean
stations_certificate(SchedListeners *self, char **out_chain, char **out_key, GError **error)
{
    const SchedCertificateWish wish = {"stations", "loa-scheduler",
                                       (const char *const *) self->config->station_hosts, TRUE,
                                       FALSE};

    return sched_authority_ensure(self->authority, &wish, content_clock_utc_us(self->clock),
                                  out_chain, out_key, error);
}

static ContentServer *
start_stations(SchedListeners *self, const char *chain, const char *key, GError **error)
{
    g_autofree char *spool = sched_config_path(self->config, "incoming/stations");
    ContentServerOptions options = content_server_defaults;

    options.address = self->config->station_address;
    options.port = (guint) self->config->station_port;
    options.chain = chain;
    options.key = key;
    options.trust = sched_authority_certificate(self->authority);
    options.identify = sched_authority_identify;
    options.spool_folder = spool;
    options.max_connections = (guint) self->config->max_connections;
    options.max_per_address = (guint) self->config->max_per_address;
    return content_server_start(&options, sched_api_stations(), self->api, error);
}

static const Listener listeners[N_LISTENERS] = {
    [PEOPLE] = {"people", people_certificate, start_people},
    [STATIONS] = {"stations", stations_certificate, start_stations},
};

static gboolean
start_one(SchedListeners *self, Which which, const char *chain, const char *key, GError **error)
{
    Serving *serving = &self->serving[which];

    serving->server = listeners[which].start(self, chain, key, error);
    if (serving->server == NULL)
        return FALSE;
    g_free(serving->chain);
    serving->chain = g_strdup(chain);
    return TRUE;
}

/* The old one is not stopped before the new certificate is known to be good; but the port is
 * free for the new one only after that. */
static gboolean
renew_listener(SchedListeners *self, Which which, gboolean *out_is_new, GError **error)
{
    Serving *serving = &self->serving[which];
    g_autofree char *chain = NULL, *key = NULL;

    *out_is_new = FALSE;
    if (!listeners[which].certificate(self, &chain, &key, error) ||
        !content_server_check(chain, key, error))
        return FALSE;
    if (serving->server != NULL && strcmp(chain, serving->chain) == 0)
        return TRUE;
    g_clear_pointer(&serving->server, content_server_stop);
    *out_is_new = start_one(self, which, chain, key, error);
    return *out_is_new;
}

/* What lasts is tried less and less often, and told once. */
static void
note_failure(SchedListeners *self, Which which, const GError *error)
{
    const Listener *listener = &listeners[which];
    gint64 now_us = content_clock_monotonic_us(self->clock);
    gboolean is_serving = self->serving[which].server != NULL;
    g_autofree char *words =
        is_serving ? g_strdup_printf("renewing the certificate for %s: %s", listener->whose,
                                     error->message)
                   : g_strdup_printf("%s are not served: %s", listener->whose, error->message);

    /* With the old certificate there is time until the next night. */
    if (is_serving || sched_patience_failed(self->patience, listener->whose, 0, words, now_us))
        self->events->trouble(words, self->data);
    if (!is_serving) {
        g_free(self->serving[which].trouble);
        self->serving[which].trouble = g_steal_pointer(&words);
    }
}

static void
renew_one(SchedListeners *self, Which which)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *words = NULL;
    gboolean is_new;

    if (!renew_listener(self, which, &is_new, &error)) {
        note_failure(self, which, error);
        return;
    }
    sched_patience_succeeded(self->patience, listeners[which].whose);
    g_clear_pointer(&self->serving[which].trouble, g_free);
    if (is_new) {
        words = g_strdup_printf("serving %s with a new certificate", listeners[which].whose);
        self->events->said(words, self->data);
    }
}

static void on_alarm(gpointer data);

static void
arm(SchedListeners *self)
{
    gint64 next_us = sched_patience_next_us(self->patience);

    content_clock_cancel(self->clock, self->alarm);
    self->alarm =
        next_us == 0 ? 0 : content_clock_alarm_monotonic(self->clock, next_us, on_alarm, self);
}

static void
settle(SchedListeners *self)
{
    const char *people = self->serving[PEOPLE].trouble,
               *stations = self->serving[STATIONS].trouble;
    g_autofree char *both = NULL;

    if (people != NULL && stations != NULL)
        both = g_strdup_printf("%s; %s", people, stations);
    arm(self);
    self->events->unserved(both != NULL     ? both
                           : people != NULL ? people
                                            : stations,
                           self->data);
}

/* Only who is not served is begun again. */
static void
on_alarm(gpointer data)
{
    SchedListeners *self = data;

    self->alarm = 0;
    for (Which which = 0; which < N_LISTENERS; which++) {
        if (self->serving[which].server == NULL)
            renew_one(self, which);
    }
    settle(self);
}

void
sched_listeners_renew(SchedListeners *self)
{
    for (Which which = 0; which < N_LISTENERS; which++)
        renew_one(self, which);
    settle(self);
}

static gboolean
begin(SchedListeners *self, Which which, GError **error)
{
    g_autofree char *chain = NULL, *key = NULL;

    return listeners[which].certificate(self, &chain, &key, error) &&
           start_one(self, which, chain, key, error);
}

SchedListeners *
sched_listeners_start(const SchedConfig *config, SchedAuthority *authority, SchedApi *api,
                      ContentClock *clock, const SchedListenersEvents *events, gpointer data,
                      GError **error)
{
    g_autoptr(SchedListeners) self = g_new0(SchedListeners, 1);

    self->config = config;
    self->authority = authority;
    self->api = api;
    self->clock = clock;
    self->events = events;
    self->data = data;
    self->patience = sched_patience_new();
    for (Which which = 0; which < N_LISTENERS; which++) {
        if (!begin(self, which, error))
            return NULL;
    }
    return g_steal_pointer(&self);
}

void
sched_listeners_stop(SchedListeners *self)
{
    if (self == NULL)
        return;
    content_clock_cancel(self->clock, self->alarm);
    for (Which which = 0; which < N_LISTENERS; which++) {
        content_server_stop(self->serving[which].server);
        g_free(self->serving[which].chain);
        g_free(self->serving[which].trouble);
    }
    sched_patience_free(self->patience);
    g_free(self);
}
