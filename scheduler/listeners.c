/* listeners.c - see listeners.h */
#include "scheduler/listeners.h"

#include <string.h>

#include "content/base/files.h"
#include "scheduler/web/server.h"

#define PEM_MAX_BYTES (256 * 1024)

struct SchedListeners {
    const SchedConfig *config; /* (not owned) */
    SchedAuthority *authority; /* (not owned) */
    SchedApi *api;             /* (not owned) */
    ContentClock *clock;       /* (not owned) */
    SchedServer *people;       /* (owned) (nullable): NULL: not serving */
    SchedServer *stations;     /* (owned) (nullable) */
    char *people_chain;        /* (owned): certificates that are served with */
    char *stations_chain;      /* (owned) */
};

/* Which certificate a listener should have, and how it begins with it. */
typedef struct {
    const char *whose;
    gboolean (*certificate)(SchedListeners *self, char **out_chain, char **out_key,
                            GError **error);
    gboolean (*start)(SchedListeners *self, GError **error);
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

static gboolean
start_people(SchedListeners *self, GError **error)
{
    g_autofree char *chain = NULL, *key = NULL;
    g_autofree char *spool = sched_config_path(self->config, "incoming/people");
    SchedServerOptions options = sched_server_defaults;

    if (!people_certificate(self, &chain, &key, error))
        return FALSE;
    g_free(self->people_chain);
    self->people_chain = g_strdup(chain);
    options.address = self->config->people_address;
    options.port = (guint) self->config->people_port;
    options.chain = chain;
    options.key = key;
    options.spool_folder = spool;
    options.max_connections = (guint) self->config->max_connections;
    options.max_per_address = (guint) self->config->max_per_address;
    self->people = sched_server_start(&options, sched_api_people(), self->api, error);
    return self->people != NULL;
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

static gboolean
start_stations(SchedListeners *self, GError **error)
{
    g_autofree char *chain = NULL, *key = NULL;
    g_autofree char *spool = sched_config_path(self->config, "incoming/stations");
    SchedServerOptions options = sched_server_defaults;

    if (!stations_certificate(self, &chain, &key, error))
        return FALSE;
    g_free(self->stations_chain);
    self->stations_chain = g_strdup(chain);
    options.address = self->config->station_address;
    options.port = (guint) self->config->station_port;
    options.chain = chain;
    options.key = key;
    options.trust = sched_authority_certificate(self->authority);
    options.spool_folder = spool;
    options.max_connections = (guint) self->config->max_connections;
    options.max_per_address = (guint) self->config->max_per_address;
    self->stations = sched_server_start(&options, sched_api_stations(), self->api, error);
    return self->stations != NULL;
}

/* The old one is not stopped before the new one is known to be good. */
static gboolean
renew_listener(SchedListeners *self, const Listener *listener, SchedServer **server,
               const char *chain_before, gboolean *out_is_new, GError **error)
{
    g_autofree char *chain = NULL, *key = NULL;

    *out_is_new = FALSE;
    if (!listener->certificate(self, &chain, &key, error) ||
        !sched_server_check(chain, key, error))
        return FALSE;
    if (*server != NULL && strcmp(chain, chain_before) == 0)
        return TRUE;
    g_clear_pointer(server, sched_server_stop);
    if (!listener->start(self, error))
        return FALSE;
    *out_is_new = TRUE;
    return TRUE;
}

static void
renew_one(SchedListeners *self, const Listener *listener, SchedServer **server,
          const char *chain_before, void (*said)(const char *words),
          void (*trouble)(const char *words))
{
    g_autoptr(GError) error = NULL;
    g_autofree char *words = NULL;
    gboolean is_new;

    if (!renew_listener(self, listener, server, chain_before, &is_new, &error)) {
        words = g_strdup_printf("renewing the certificate for %s: %s", listener->whose,
                                error->message);
        trouble(words);
    } else if (is_new) {
        words = g_strdup_printf("serving %s with a new certificate", listener->whose);
        said(words);
    }
}

void
sched_listeners_renew(SchedListeners *self, void (*said)(const char *words),
                      void (*trouble)(const char *words))
{
    static const Listener people = {"people", people_certificate, start_people};
    static const Listener stations = {"stations", stations_certificate, start_stations};

    renew_one(self, &people, &self->people, self->people_chain, said, trouble);
    renew_one(self, &stations, &self->stations, self->stations_chain, said, trouble);
}

SchedListeners *
sched_listeners_start(const SchedConfig *config, SchedAuthority *authority, SchedApi *api,
                      ContentClock *clock, GError **error)
{
    g_autoptr(SchedListeners) self = g_new0(SchedListeners, 1);

    self->config = config;
    self->authority = authority;
    self->api = api;
    self->clock = clock;
    if (!start_people(self, error) || !start_stations(self, error))
        return NULL;
    return g_steal_pointer(&self);
}

void
sched_listeners_stop(SchedListeners *self)
{
    if (self == NULL)
        return;
    sched_server_stop(self->people);
    sched_server_stop(self->stations);
    g_free(self->people_chain);
    g_free(self->stations_chain);
    g_free(self);
}
