/* desk.c - see desk.h */
#include "scheduler/publish/desk.h"

#include <glib/gstdio.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "content/base/files.h"
#include "content/exchange.h"
#include "content/manifest.h"
#include "scheduler/publish/broker-child.h"
#include "scheduler/publish/broker-files.h"
#include "scheduler/publish/crier.h"
#include "scheduler/publish/evict.h"
#include "scheduler/publish/hearing.h"
#include "scheduler/publish/link.h"
#include "scheduler/publish/making-up.h"
#include "scheduler/publish/messengers.h"
#include "scheduler/publish/placing.h"
#include "scheduler/publish/publisher.h"
#include "scheduler/publish/sign.h"
#include "scheduler/store/devices.h"

/* Reconnecting to a broker: quickly at first, it may only have been restarted. */
#define FIRST_PAUSE_MS 200
#define MOST_PAUSE_MS  10000

struct SchedDesk {
    SchedStore *store;             /* (not owned) */
    ContentClock *clock;           /* (not owned) */
    SchedAuthority *authority;     /* (not owned) */
    SchedKeys *keys;               /* (not owned) */
    const SchedDeskEvents *events; /* (not owned) */
    gpointer user_data;
    GStrv hosts;        /* (owned) */
    GPtrArray *brokers; /* (owned) (element-type utf8): URIs for the stations */
    /* paths, all owned */
    char *folder, *authority_folder, *ca, *broker_chain, *broker_key, *link_chain, *link_key,
        *revoked, *config;
    char *program, *address, *user;
    guint port; /* of our own broker; 0: brokers that run already */
    SchedLinkBroker reached[SCHED_DESK_MAX_BROKERS]; /* hosts owned: where we reach them */
    gsize n_reached;
    gboolean is_up[SCHED_DESK_MAX_BROKERS]; /* of those reached */
    SchedBrokerChild *child;                /* (owned) (nullable) */
    SchedLink *link;                        /* (owned) */
    SchedHearing *hearing;                  /* (owned) */
    SchedWatch *watch;                      /* (owned) */
    SchedPublisher *publisher;              /* (owned) */
    SchedCrier *crier;                      /* (owned) */
    SchedChore *making_up, *placing;        /* (owned) */
    SchedChore *unanswered, *announced;     /* (owned): where messengers go */
    guint n_evicted, n_evictions;           /* begun ever; under way */
};

/* --- files -----------------------------------------------------------------------------------
 */

static gboolean
read_devices(SchedTxn *txn, gpointer data, GError **error)
{
    GPtrArray **out_devices = data;

    *out_devices = sched_store_device_list(txn, error);
    return *out_devices != NULL;
}

static gboolean
write_revocations(SchedDesk *self, GPtrArray *devices, GError **error)
{
    g_autoptr(GArray) revoked = g_array_new(FALSE, FALSE, sizeof(SchedRevokedSerial));
    gint64 now_us = content_clock_utc_us(self->clock);
    g_autofree char *list = NULL;

    for (guint i = 0; i < devices->len; i++) {
        const SchedDeviceRow *device = g_ptr_array_index(devices, i);
        const SchedRevokedSerial serial = {device->serial, device->revoked_us};

        if (device->revoked_us != 0)
            g_array_append_val(revoked, serial);
    }
    /* The number only has to grow, and µs do even over a restart. */
    list = sched_authority_revocation_list(self->authority, now_us,
                                           (const SchedRevokedSerial *) (void *) revoked->data,
                                           revoked->len, now_us, error);
    return list != NULL && content_files_write(self->revoked, list, strlen(list), 0600, error);
}

static gboolean
write_rights(SchedDesk *self, GPtrArray *devices, GError **error)
{
    g_autoptr(GPtrArray) stations = g_ptr_array_new();
    const SchedBrokerPlace place = {
        .folder = self->folder,
        .address = self->address,
        .port = self->reached[0].port,
        .authority = self->ca,
        .certificate = self->broker_chain,
        .key = self->broker_key,
        .revoked = self->revoked,
        .user = self->user,
    };
    gboolean has_changed;

    for (guint i = 0; i < devices->len; i++) {
        const SchedDeviceRow *device = g_ptr_array_index(devices, i);

        /* One that waits is of a station that has one which lives. */
        if (device->revoked_us == 0 && device->pending == 0)
            g_ptr_array_add(stations, device->station);
    }
    return sched_broker_files_write(&place, stations, &has_changed, error);
}

static gboolean
write_files(SchedDesk *self, GError **error)
{
    g_autoptr(GPtrArray) devices = NULL;

    return content_files_make_folder(self->folder, 0700, error) &&
           sched_store_read(self->store, read_devices, &devices, error) &&
           write_revocations(self, devices, error) && write_rights(self, devices, error);
}

/* Where we reach our own broker: not by the name that stations use, which may lead round about.
 */
static const char *
own_host(const SchedDesk *self)
{
    gboolean is_any = strcmp(self->address, "0.0.0.0") == 0 || strcmp(self->address, "::") == 0;

    return is_any ? "127.0.0.1" : self->address;
}

/* The broker's certificate serves those of somebody else, too: stations trust our authority
 * alone. */
static gboolean
ensure_certificates(SchedDesk *self, GError **error)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    g_auto(GStrv) hosts = NULL;
    SchedCertificateWish broker = {"broker", "loa-broker", NULL, TRUE, FALSE};
    const SchedCertificateWish ours = {"link", SCHED_BROKER_NAME, NULL, FALSE, TRUE};
    gint64 now_us = content_clock_utc_us(self->clock);

    g_strv_builder_addv(names, (const char **) self->hosts);
    for (gsize i = 0; i < self->n_reached; i++) {
        if (!g_strv_contains((const char *const *) self->hosts, self->reached[i].host))
            g_strv_builder_add(names, self->reached[i].host);
    }
    hosts = g_strv_builder_end(names);
    broker.hosts = (const char *const *) hosts;
    return sched_authority_ensure(self->authority, &ours, now_us, NULL, NULL, error) &&
           sched_authority_ensure(self->authority, &broker, now_us, NULL, NULL, error);
}

static gboolean
tell_broker(SchedDesk *self, GError **error)
{
    if (!write_files(self, error)) {
        g_prefix_error(error, "telling the broker which stations live: ");
        return FALSE;
    }
    if (self->child != NULL)
        sched_broker_child_reload(self->child);
    return TRUE;
}

/* --- who is connected as a station that has another player or none ---------------------------
 */

typedef struct {
    char *station, *authority, *certificate, *key;   /* (owned) */
    SchedLinkBroker brokers[SCHED_DESK_MAX_BROKERS]; /* hosts owned */
    gsize n_brokers;
} Eviction;

static void
eviction_free(gpointer data)
{
    Eviction *eviction = data;

    for (gsize i = 0; i < eviction->n_brokers; i++)
        g_free((char *) eviction->brokers[i].host);
    g_unlink(eviction->key);
    g_unlink(eviction->certificate);
    g_free(eviction->station);
    g_free(eviction->authority);
    g_free(eviction->certificate);
    g_free(eviction->key);
    g_free(eviction);
}

static void
run_eviction(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    const Eviction *eviction = task_data;
    const SchedEvictOptions options = {eviction->station, eviction->authority,
                                       eviction->certificate, eviction->key};

    for (gsize i = 0; i < eviction->n_brokers; i++)
        sched_evict(&eviction->brokers[i], &options);
    g_task_return_boolean(task, TRUE);
}

static void
on_evicted(GObject *source, GAsyncResult *result, gpointer user_data)
{
    ((SchedDesk *) user_data)->n_evictions--;
}

/* Whoever renews stays the same player, and connects anew by itself. */
static gboolean
had_another(SchedTxn *txn, gpointer data, GError **error)
{
    const char **station = data;
    g_autoptr(GPtrArray) devices = sched_store_device_list(txn, error);
    const SchedDeviceRow *last = NULL;

    for (guint i = 0; devices != NULL && i < devices->len; i++) {
        const SchedDeviceRow *device = g_ptr_array_index(devices, i);

        if (strcmp(device->station, *station) == 0 && device->revoked_us != 0 &&
            (last == NULL || device->revoked_us >= last->revoked_us))
            last = device;
    }
    if (last == NULL || strcmp(last->revoked_why, SCHED_DEVICE_RENEWED) == 0)
        *station = NULL;
    return devices != NULL;
}

/* A certificate of our own with the station's name, for as long as it takes. */
static gboolean
evict(SchedDesk *self, const char *station, GError **error)
{
    g_autofree char *name = g_strdup_printf("evict-%u", self->n_evicted++);
    const SchedCertificateWish wish = {name, station, NULL, FALSE, TRUE};
    g_autoptr(GTask) task = NULL;
    Eviction *eviction;

    if (!sched_authority_ensure(self->authority, &wish, content_clock_utc_us(self->clock), NULL,
                                NULL, error))
        return FALSE;
    eviction = g_new0(Eviction, 1);
    eviction->station = g_strdup(station);
    eviction->authority = g_strdup(self->ca);
    eviction->certificate = g_strdup_printf("%s/%s.pem", self->authority_folder, name);
    eviction->key = g_strdup_printf("%s/%s.key", self->authority_folder, name);
    /* One that is down has nobody connected, and would be waited for. */
    for (gsize i = 0; i < self->n_reached; i++) {
        if (self->is_up[i])
            eviction->brokers[eviction->n_brokers++] =
                (SchedLinkBroker){g_strdup(self->reached[i].host), self->reached[i].port};
    }
    self->n_evictions++;
    task = g_task_new(NULL, NULL, on_evicted, self);
    g_task_set_task_data(task, eviction, eviction_free);
    g_task_run_in_thread(task, run_eviction);
    return TRUE;
}

gboolean
sched_desk_devices_changed(SchedDesk *self, const char *station, GError **error)
{
    const char *had = station;

    return tell_broker(self, error) &&
           sched_store_read(self->store, had_another, &had, error) &&
           (had == NULL || evict(self, had, error));
}

gboolean
sched_desk_renew(SchedDesk *self, GError **error)
{
    return ensure_certificates(self, error) && tell_broker(self, error);
}

/* --- what the parts say
 * ----------------------------------------------------------------------- */

static void
on_broker_said(const char *words, gpointer user_data)
{
    SchedDesk *self = user_data;

    self->events->said(NULL, words, self->user_data);
}

static void
note_line(SchedDesk *self, const SchedLinkBroker *broker, gboolean is_up)
{
    guint n_up = 0;

    for (gsize i = 0; i < self->n_reached; i++) {
        if (strcmp(self->reached[i].host, broker->host) == 0 &&
            self->reached[i].port == broker->port)
            self->is_up[i] = is_up;
        n_up += self->is_up[i] ? 1 : 0;
    }
    self->events->lines(n_up, (guint) self->n_reached, self->user_data);
}

static void
on_up(const SchedLinkBroker *broker, gpointer user_data)
{
    SchedDesk *self = user_data;
    g_autofree char *words =
        g_strdup_printf("connected to the broker at %s:%u", broker->host, broker->port);

    self->events->said(NULL, words, self->user_data);
    note_line(self, broker, TRUE);
    sched_crier_up(self->crier);
    sched_hearing_listening(self->hearing);
    sched_publisher_ask_all(self->publisher);
}

static void
on_down(const SchedLinkBroker *broker, const char *reason, gpointer user_data)
{
    SchedDesk *self = user_data;
    g_autofree char *words =
        g_strdup_printf("no broker at %s:%u: %s", broker->host, broker->port, reason);

    self->events->trouble(NULL, words, self->user_data);
    note_line(self, broker, FALSE);
}

static void
on_heard(GPtrArray *messages, gpointer user_data)
{
    SchedDesk *self = user_data;

    sched_hearing_take(self->hearing, messages);
}

static void
on_holds(const char *station, gint64 version, gint64 floor, gint64 keys_version,
         gboolean is_hello, gpointer user_data)
{
    SchedDesk *self = user_data;

    if (is_hello)
        sched_crier_greet(self->crier, station);
    sched_publisher_holds(self->publisher, station, version, floor, keys_version, is_hello);
}

static void
on_lost(const char *station, gpointer user_data)
{
    SchedDesk *self = user_data;

    sched_publisher_ask(self->publisher, station);
}

static void
on_trouble(const char *station, const char *words, gpointer user_data)
{
    SchedDesk *self = user_data;

    self->events->trouble(station, words, self->user_data);
}

static void
on_chore_trouble(const char *words, gpointer user_data)
{
    on_trouble(NULL, words, user_data);
}

static void
on_refused(const char *station, const char *words, gpointer user_data)
{
    SchedDesk *self = user_data;

    sched_watch_refused(self->watch, station, words, content_clock_monotonic_us(self->clock));
}

static void
on_faults(const char *station, const GPtrArray *faults, gpointer user_data)
{
    SchedDesk *self = user_data;

    sched_watch_faults(self->watch, station, faults, content_clock_monotonic_us(self->clock));
}

static void
on_issued(const char *station, gint64 version, const char *reason, gpointer user_data)
{
    SchedDesk *self = user_data;
    g_autofree char *words =
        g_strdup_printf("manifest %" G_GINT64_FORMAT " issued: %s", version, reason);

    self->events->said(station, words, self->user_data);
}

static void
on_order_said(const char *words, gpointer user_data)
{
    SchedDesk *self = user_data;

    self->events->said(NULL, words, self->user_data);
}

static const SchedCrierEvents crier_events = {on_order_said, on_chore_trouble};
static const SchedLinkEvents link_events = {on_up, on_down, on_heard};
static const SchedHearingEvents hearing_events = {on_holds, on_lost, on_faults, on_refused};
static const SchedPublisherEvents publisher_events = {on_issued, on_trouble};

/* --- life
 * ------------------------------------------------------------------------------------- */

/* "mqtts://host:port" or "mqtts://[v6]:port". */
static gboolean
parse_uri(const char *text, SchedLinkBroker *out_broker, GError **error)
{
    g_autoptr(GUri) uri = g_uri_parse(text, G_URI_FLAGS_NONE, error);

    if (uri == NULL)
        return FALSE;
    if (strcmp(g_uri_get_scheme(uri), "mqtts") != 0 || g_uri_get_host(uri) == NULL ||
        g_uri_get_port(uri) <= 0) {
        g_set_error(error, SCHED_BROKER_ERROR, SCHED_BROKER_ERROR_START,
                    "broker '%s': expected mqtts://host:port", text);
        return FALSE;
    }
    out_broker->host = g_strdup(g_uri_get_host(uri));
    out_broker->port = (guint) g_uri_get_port(uri);
    return TRUE;
}

static gboolean
find_brokers(SchedDesk *self, GError **error)
{
    if (self->port != 0)
        self->reached[self->n_reached++] =
            (SchedLinkBroker){g_strdup(own_host(self)), self->port};
    for (guint i = 0; self->port == 0 && i < self->brokers->len; i++) {
        if (!parse_uri(g_ptr_array_index(self->brokers, i), &self->reached[i], error))
            return FALSE;
        self->n_reached++;
    }
    return TRUE;
}

static void
start_link(SchedDesk *self)
{
    const SchedLinkOptions options = {self->ca, self->link_chain, self->link_key,
                                      FIRST_PAUSE_MS, MOST_PAUSE_MS};

    self->link = sched_link_new(self->reached, self->n_reached, &options, &link_events, self);
}

/* What the newest keys document is called, as stations ask for it. */
static gboolean
keep_keys(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_store_document_put(txn, data, error);
}

static char *
store_keys(SchedDesk *self, SchedKeys *keys, GError **error)
{
    const SchedWrite write = {.actor = "system", .at_us = content_clock_utc_us(self->clock)};
    g_autoptr(SchedDocumentRow) row =
        sched_sign_split(&content_keys_type, sched_keys_envelope(keys), error);

    if (row == NULL)
        return NULL;
    if (!sched_store_write(self->store, &write, keep_keys, row, NULL, error))
        return NULL;
    return g_steal_pointer(&row->hash);
}

static gboolean
start(SchedDesk *self, const SchedDeskOptions *options, GError **error)
{
    g_autofree char *keys = NULL;

    if (!find_brokers(self, error) || !ensure_certificates(self, error) ||
        !write_files(self, error) || (keys = store_keys(self, options->keys, error)) == NULL)
        return FALSE;
    self->publisher = sched_publisher_new(options->store, options->keys, keys, options->clock,
                                          &publisher_events, self, error);
    if (self->publisher == NULL)
        return FALSE;
    self->watch = sched_watch_new(&self->events->watch, self->user_data);
    self->hearing =
        sched_hearing_new(options->store, options->keys, options->clock, &hearing_events, self);
    if (self->port != 0) {
        self->child = sched_broker_child_start(self->program, self->config, self->clock,
                                               on_broker_said, self, error);
        if (self->child == NULL)
            return FALSE;
    }
    self->crier = sched_crier_new(options->store, options->clock, &crier_events, self);
    start_link(self);
    sched_crier_start(self->crier, self->link);
    sched_hearing_set_link(self->hearing, self->link);
    sched_publisher_start(self->publisher, self->link);
    self->making_up = sched_chore_new(options->store, options->clock, &sched_making_up,
                                      on_chore_trouble, self);
    self->placing =
        sched_chore_new(options->store, options->clock, &sched_placing, on_chore_trouble, self);
    self->unanswered = sched_chore_new(options->store, options->clock,
                                       &sched_messengers_of_alerts, on_chore_trouble, self);
    self->announced = sched_chore_new(options->store, options->clock, &sched_messengers_of_plan,
                                      on_chore_trouble, self);
    return TRUE;
}

static void
name_brokers(SchedDesk *self, const SchedDeskOptions *options)
{
    self->brokers = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; options->uris != NULL && options->uris[i] != NULL; i++)
        g_ptr_array_add(self->brokers, g_strdup(options->uris[i]));
    if (options->uris != NULL)
        return;
    for (gsize i = 0; self->hosts[i] != NULL; i++) {
        gboolean is_v6 = strchr(self->hosts[i], ':') != NULL;

        g_ptr_array_add(self->brokers,
                        g_strdup_printf(is_v6 ? "mqtts://[%s]:%u" : "mqtts://%s:%u",
                                        self->hosts[i], self->port));
    }
}

static void
name_files(SchedDesk *self, const SchedDeskOptions *options)
{
    const struct passwd *account = getpwuid(geteuid());

    self->folder = g_strdup(options->folder);
    self->authority_folder = g_strdup(options->authority_folder);
    self->ca = g_build_filename(options->authority_folder, "ca.pem", NULL);
    self->broker_chain = g_build_filename(options->authority_folder, "broker.pem", NULL);
    self->broker_key = g_build_filename(options->authority_folder, "broker.key", NULL);
    self->link_chain = g_build_filename(options->authority_folder, "link.pem", NULL);
    self->link_key = g_build_filename(options->authority_folder, "link.key", NULL);
    self->revoked = g_build_filename(options->folder, "revoked.pem", NULL);
    self->config = g_build_filename(options->folder, "mosquitto.conf", NULL);
    self->program = g_strdup(options->program);
    self->address = g_strdup(options->address);
    /* mosquitto started as root would change its account and not find its key again. */
    self->user = account == NULL ? NULL : g_strdup(account->pw_name);
}

SchedDesk *
sched_desk_new(const SchedDeskOptions *options, const SchedDeskEvents *events,
               gpointer user_data, GError **error)
{
    g_autoptr(SchedDesk) self = g_new0(SchedDesk, 1);

    self->store = options->store;
    self->clock = options->clock;
    self->authority = options->authority;
    self->keys = options->keys;
    self->events = events;
    self->user_data = user_data;
    self->port = options->uris == NULL ? options->port : 0;
    self->hosts = g_strdupv((GStrv) options->hosts);
    name_files(self, options);
    name_brokers(self, options);
    if (self->brokers->len == 0 || self->brokers->len > SCHED_DESK_MAX_BROKERS) {
        g_set_error(error, SCHED_BROKER_ERROR, SCHED_BROKER_ERROR_START,
                    "%u brokers; 1 to %d are possible", self->brokers->len,
                    SCHED_DESK_MAX_BROKERS);
        return NULL;
    }
    if (!start(self, options, error)) {
        g_prefix_error(error, "connecting with the stations: ");
        return NULL;
    }
    return g_steal_pointer(&self);
}

gboolean
sched_desk_set_keys(SchedDesk *self, SchedKeys *keys, GError **error)
{
    g_autofree char *hash = store_keys(self, keys, error);

    if (hash == NULL)
        return FALSE;
    sched_publisher_set_keys(self->publisher, hash);
    return TRUE;
}

gboolean
sched_desk_order_test(SchedDesk *self, const SchedRelayTestRow *test, GError **error)
{
    const ContentTestOrder order = {test->id,          test->station,  test->zone,
                                    test->duration_ms, test->asked_us, test->expires_us};
    g_autoptr(SchedDocumentRow) row =
        sched_sign(sched_keys_signer(self->keys, CONTENT_ROLE_MANIFEST),
                   &content_test_order_type, test->station, 0, &order, error);
    g_autoptr(GBytes) envelope = row == NULL ? NULL : sched_sign_envelope(row);

    if (envelope == NULL)
        return FALSE;
    if (sched_link_say(self->link, test->station, SCHED_SAY_TEST, envelope) > 0)
        return TRUE;
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "no broker is connected");
    return FALSE;
}

void
sched_desk_orders_given(SchedDesk *self)
{
    sched_crier_call(self->crier);
}

guint
sched_desk_say_live(SchedDesk *self, const char *station, GBytes *frame)
{
    return sched_link_say(self->link, station, SCHED_SAY_LIVE, frame);
}

GPtrArray *
sched_desk_brokers(SchedDesk *self)
{
    GPtrArray *uris = g_ptr_array_new();

    for (guint i = 0; i < self->brokers->len; i++)
        g_ptr_array_add(uris, g_ptr_array_index(self->brokers, i));
    return uris;
}

guint
sched_desk_n_brokers(SchedDesk *self)
{
    return (guint) self->n_reached;
}

GPid
sched_desk_broker_pid(SchedDesk *self)
{
    return self->child == NULL ? 0 : sched_broker_child_pid(self->child);
}

static void
free_places(SchedDesk *self)
{
    g_free(self->folder);
    g_free(self->authority_folder);
    g_free(self->ca);
    g_free(self->broker_chain);
    g_free(self->broker_key);
    g_free(self->link_chain);
    g_free(self->link_key);
    g_free(self->revoked);
    g_free(self->config);
    g_free(self->program);
    g_free(self->address);
    g_free(self->user);
}

void
sched_desk_free(SchedDesk *self)
{
    if (self == NULL)
        return;
    while (self->n_evictions > 0)
        g_main_context_iteration(g_main_context_get_thread_default(), TRUE);
    sched_chore_free(self->making_up);
    sched_chore_free(self->placing);
    sched_chore_free(self->unanswered);
    sched_chore_free(self->announced);
    if (self->hearing != NULL)
        sched_hearing_set_link(self->hearing, NULL);
    sched_publisher_free(self->publisher);
    sched_crier_free(self->crier);
    sched_link_free(self->link);
    sched_hearing_free(self->hearing);
    sched_watch_free(self->watch);
    sched_broker_child_free(self->child);
    for (gsize i = 0; i < self->n_reached; i++)
        g_free((char *) self->reached[i].host);
    g_ptr_array_unref(self->brokers);
    g_strfreev(self->hosts);
    free_places(self);
    g_free(self);
}
