/* district.c - see district.h */
#include "scheduler/district.h"

#include <string.h>

#include "content/base/files.h"
#include "content/base/id.h"
#include "content/base/notify.h"
#include "content/ingest/ingest-run.h"
#include "content/object-store.h"
#include "scheduler/events.h"
#include "scheduler/listeners.h"
#include "scheduler/message/telling.h"
#include "scheduler/night.h"
#include "scheduler/publish/desk.h"
#include "scheduler/publish/making-up.h"
#include "scheduler/publish/placing.h"
#include "scheduler/publish/notice.h"
#include "scheduler/publish/preview.h"
#include "scheduler/publish/troubles.h"
#include "scheduler/publish/hours.h"
#include "scheduler/publish/trial.h"
#include "scheduler/publish/week.h"
#include "scheduler/resign.h"
#include "scheduler/standing.h"
#include "scheduler/tally.h"
#include "scheduler/trust/password.h"
#include "scheduler/web/api.h"

/* Warned of so long before an online key ends: time to fetch the root from its safe. */
#define KEYS_WARN_US (G_GINT64_CONSTANT(60) * 24 * 3600 * G_USEC_PER_SEC)
/* The watchdog is fed by a piece of work that went through the writer and back. */
#define ALIVE_EVERY_S 10
/* A temporary file this old is nobody's: recordings are read in minutes, the rest at once. */
#define STALE_US (G_GINT64_CONSTANT(24) * 3600 * G_USEC_PER_SEC)

struct SchedDistrict {
    const SchedConfig *config;   /* (not owned) */
    ContentClock *clock;         /* (not owned) */
    SchedStore *store;           /* (owned) */
    ContentObjectStore *objects; /* (owned) */
    SchedPasswords *passwords;   /* (owned) */
    SchedFactors *factors;       /* (owned) */
    SchedAuthority *authority;   /* (owned) */
    SchedKeys *keys;             /* (owned) */
    SchedDesk *desk;             /* (owned) */
    SchedNight *night;           /* (owned) */
    SchedTally *tally;           /* (owned) */
    SchedTroubles *troubles;     /* (owned) */
    SchedTelling *telling;       /* (owned) */
    SchedApi *api;               /* (owned) */
    SchedListeners *listeners;   /* (owned) */
    GCancellable *stopping;      /* (owned): kills recordings being read */
    char *address, *incoming;    /* (owned): the API holds them, too */
    GPtrArray *brokers;          /* (owned) (element-type utf8): the same */
    gint64 told_keys;            /* version of the keys document that the stations were told */
    guint alive_timer;
    SchedStanding *standing; /* (owned) */
    SchedResigner *resigner; /* (owned) */
};

/* --- ports of the API
 * ------------------------------------------------------------------------- */

typedef struct {
    char *output; /* (owned) */
} Ingest;

static void
ingest_free(gpointer data)
{
    Ingest *ingest = data;

    g_free(ingest->output);
    g_free(ingest);
}

static void
on_ingested(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    Ingest *ingest = g_task_get_task_data(task);
    ContentIngestRunResult found;
    SchedIngested *ingested;
    GError *error = NULL;

    if (!content_ingest_run_finish(result, &found, &error)) {
        g_task_return_error(task, error);
        return;
    }
    ingested = g_new0(SchedIngested, 1);
    ingested->path = g_steal_pointer(&ingest->output);
    ingested->media = g_strdup("audio");
    ingested->duration_us = found.duration_us;
    ingested->loudness_mlufs = found.loudness_mlufs;
    ingested->peak_mdb = found.true_peak_mdb;
    ingested->peaks = g_strdup(found.peaks);
    g_task_return_pointer(task, ingested, (GDestroyNotify) sched_ingested_free);
}

static void
ingest(gpointer data, const char *path, gboolean trims, GAsyncReadyCallback done,
       gpointer user_data)
{
    SchedDistrict *self = data;
    GTask *task = g_task_new(NULL, self->stopping, done, user_data);
    Ingest *ingest = g_new0(Ingest, 1);
    g_autofree char *name = content_id_new(content_clock_utc_us(self->clock));
    g_autofree char *incoming = sched_config_path(self->config, "incoming");
    g_autofree char *registry = g_build_filename(incoming, "registry.bin", NULL);
    const ContentIngestRun run = {
        .program = self->config->ingest_program,
        .input = path,
        .output = ingest->output = g_strdup_printf("%s/%s.opus", incoming, name),
        .registry = registry,
        .max_duration_s = self->config->ingest_max_min * 60,
        .trim = trims,
    };

    g_task_set_task_data(task, ingest, ingest_free);
    content_ingest_run_async(&run, self->stopping, on_ingested, task);
}

static SchedIngested *
ingest_finish(gpointer data, GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

static json_t *
preview(gpointer data, SchedTxn *txn, const char *area, const char *date, GError **error)
{
    const SchedDistrict *self = data;

    return sched_preview_json(txn, area, date, content_clock_utc_us(self->clock), error);
}

static json_t *
week(gpointer data, SchedTxn *txn, const char *area, const char *from, guint n_days,
     GError **error)
{
    const SchedDistrict *self = data;

    return sched_week_json(txn, area, from, n_days, content_clock_utc_us(self->clock), error);
}

static json_t *
hours(gpointer data, SchedTxn *txn, const char *area, const GPtrArray *windows,
      gint64 limit_min, GError **error)
{
    const SchedDistrict *self = data;

    return sched_hours_json(txn, area, windows, limit_min, content_clock_utc_us(self->clock),
                            error);
}

static json_t *
try_slot(gpointer data, SchedTxn *txn, const SchedSlotRow *slot, const GPtrArray *items,
         GError **error)
{
    const SchedDistrict *self = data;

    return sched_trial_json(txn, slot, items, content_clock_utc_us(self->clock), error);
}

static gint64
next_start(gpointer data, SchedTxn *txn, const SchedNextWish *wish, GError **error)
{
    const SchedDistrict *self = data;

    return sched_notice_next_start(txn, wish, content_clock_utc_us(self->clock), error);
}

static gboolean
count_notice(gpointer data, SchedTxn *txn, const char *slot, gint64 start_us, guint *out_heard,
             guint *out_silent, GError **error)
{
    const SchedDistrict *self = data;

    return sched_notice_count(txn, slot, start_us, content_clock_utc_us(self->clock), out_heard,
                              out_silent, error);
}

static json_t *
troubles(gpointer data, SchedTxn *txn, GError **error)
{
    const SchedDistrict *self = data;

    return sched_troubles_json(self->troubles, txn, content_clock_utc_us(self->clock), error);
}

static GPtrArray *
make_ups(gpointer data, SchedTxn *txn, const char *station, const char *date,
         const char *occurrence, const char *item, GError **error)
{
    const SchedDistrict *self = data;
    const gint64 now_us = content_clock_utc_us(self->clock);
    const SchedMakeUpWish wish = {station, date,   occurrence,
                                  item,    now_us, now_us + SCHED_MAKE_UP_AHEAD_US};

    return sched_making_up_find(txn, &wish, error);
}

static json_t *
place_times(gpointer data, SchedTxn *txn, const char *offer, const char *area, GError **error)
{
    const SchedDistrict *self = data;

    return sched_placing_times_json(txn, offer, area, content_clock_utc_us(self->clock), error);
}

static gboolean
place_try(gpointer data, SchedTxn *txn, const char *offer, const char *area, gint64 start_us,
          SchedPlaceTime *out_time, gboolean *out_free, GError **error)
{
    const SchedDistrict *self = data;

    return sched_placing_try(txn, offer, area, start_us, content_clock_utc_us(self->clock),
                             out_time, out_free, error);
}

static gboolean
has_way(gpointer data, gint way)
{
    const SchedDistrict *self = data;

    return sched_telling_has(self->telling, (SchedMessageWay) way);
}

static void
on_message_added(gpointer data)
{
    const SchedDistrict *self = data;

    sched_telling_wake(self->telling);
}

static void
on_devices_changed(gpointer data, const char *station, const char *words)
{
    SchedDistrict *self = data;
    g_autoptr(GError) error = NULL;

    content_event_log(&sched_events[SCHED_EVENT_STATION], station, "%s", words);
    if (!sched_desk_devices_changed(self->desk, station, &error))
        content_event_log(&sched_events[SCHED_EVENT_TROUBLE], NULL, "%s", error->message);
}

static void
on_order_test(gpointer data, const SchedRelayTestRow *test)
{
    SchedDistrict *self = data;
    g_autoptr(GError) error = NULL;

    if (!sched_desk_order_test(self->desk, test, &error))
        content_event_log(&sched_events[SCHED_EVENT_TROUBLE], test->station,
                          "ordering a test of zone %s: %s", test->zone, error->message);
}

static void
on_orders_given(gpointer data)
{
    SchedDistrict *self = data;

    sched_desk_orders_given(self->desk);
    sched_telling_look(self->telling);
}

static guint
on_say_live(gpointer data, const char *station, GBytes *frame)
{
    const SchedDistrict *self = data;

    return sched_desk_say_live(self->desk, station, frame);
}

static void
on_api_said(gpointer data, const char *words)
{
    content_event_log(&sched_events[SCHED_EVENT_TROUBLE], NULL, "%s", words);
}

static const SchedApiPorts api_ports = {
    .ingest = ingest,
    .ingest_finish = ingest_finish,
    .preview = preview,
    .week = week,
    .hours = hours,
    .try_slot = try_slot,
    .next_start = next_start,
    .count_notice = count_notice,
    .troubles = troubles,
    .make_ups = make_ups,
    .place_times = place_times,
    .place_try = place_try,
    .has_way = has_way,
    .message_added = on_message_added,
    .devices_changed = on_devices_changed,
    .order_test = on_order_test,
    .orders_given = on_orders_given,
    .say_live = on_say_live,
    .said = on_api_said,
};

static void
on_desk_said(const char *station, const char *words, gpointer user_data)
{
    content_event_log(&sched_events[SCHED_EVENT_SAID], station, "%s", words);
}

static void
on_desk_trouble(const char *station, const char *words, gpointer user_data)
{
    content_event_log(&sched_events[SCHED_EVENT_TROUBLE], station, "%s", words);
}

static void
on_station_fault(const char *station, const char *words, gpointer user_data)
{
    content_event_log(&sched_events[SCHED_EVENT_FAULT], station, "%s", words);
}

static void
on_station_refused(const char *station, const char *words, gpointer user_data)
{
    content_event_log(&sched_events[SCHED_EVENT_STATION_WORD], station, "%s", words);
}

static void
on_lines(guint n_up, guint n_all, gpointer user_data)
{
    SchedDistrict *self = user_data;

    sched_standing_brokers(self->standing, n_up, n_all);
}

static const SchedDeskEvents desk_events = {
    .said = on_desk_said,
    .trouble = on_desk_trouble,
    .watch = {.fault = on_station_fault, .refused = on_station_refused},
    .lines = on_lines,
};

/* --- parts
 * ------------------------------------------------------------------------------------- */

/* What a power cut left of files that were being written or read when it came, and uploads with
 * which nobody went on. */
static void
tidy_state(const SchedDistrict *self)
{
    /* clang-format off */
    static const struct { const char *folder, *pattern; } places[] = {
        { "authority",      CONTENT_FILES_TEMPORARY },
        { "keys",           CONTENT_FILES_TEMPORARY },
        { "broker",         CONTENT_FILES_TEMPORARY },
        { "incoming",       "*.opus" },
        { "incoming/parts", "*" },
        { "incoming/spoken", "*" },
    };
    /* clang-format on */
    gint64 before_us = content_clock_utc_us(self->clock) - STALE_US;

    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *folder = sched_config_path(self->config, places[i].folder);

        content_files_tidy(folder, places[i].pattern, before_us);
    }
}

static gboolean
open_state(SchedDistrict *self, GError **error)
{
    g_autofree char *database = sched_config_path(self->config, "district.db");
    g_autofree char *objects = sched_config_path(self->config, "objects");
    g_autofree char *authority = sched_config_path(self->config, "authority");
    g_autofree char *keys = sched_config_path(self->config, "keys");
    g_autofree char *incoming = sched_config_path(self->config, "incoming");

    if (!g_file_test(database, G_FILE_TEST_EXISTS)) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                    "no district in %s: run loa-scheduler init first",
                    self->config->state_folder);
        return FALSE;
    }
    return (self->store = sched_store_open(database, NULL, error)) != NULL &&
           (self->objects = content_object_store_open(objects, error)) != NULL &&
           (self->authority = sched_authority_open(authority, error)) != NULL &&
           (self->keys = sched_keys_open(keys, error)) != NULL &&
           (self->factors = sched_factors_open(keys, error)) != NULL &&
           content_files_make_folder(incoming, 0700, error) &&
           (self->passwords = sched_passwords_new(&sched_password_cost, error)) != NULL;
}

static void
warn_of_keys(const SchedDistrict *self)
{
    gint64 expires_us = sched_keys_expires_us(self->keys);
    g_autoptr(GDateTime) expires = NULL;
    g_autofree char *date = NULL;

    if (expires_us - content_clock_utc_us(self->clock) > KEYS_WARN_US)
        return;
    expires = g_date_time_new_from_unix_local(expires_us / G_USEC_PER_SEC);
    date = g_date_time_format(expires, "%d/%m/%Y");
    content_event_log(&sched_events[SCHED_EVENT_KEYS_END], NULL,
                      "the first of the signing keys ends on %s", date);
}

static gboolean
start_desk(SchedDistrict *self, GError **error)
{
    const SchedConfig *config = self->config;
    g_autofree char *authority = sched_config_path(config, "authority");
    g_autofree char *folder = sched_config_path(config, "broker");
    const SchedDeskOptions options = {
        .store = self->store,
        .clock = self->clock,
        .authority = self->authority,
        .authority_folder = authority,
        .keys = self->keys,
        .folder = folder,
        .program = config->broker_program,
        .address = config->broker_address,
        .port = (guint) config->broker_port,
        .hosts = (const char *const *) config->station_hosts,
        .uris =
            config->broker_uris[0] == NULL ? NULL : (const char *const *) config->broker_uris,
    };

    self->desk = sched_desk_new(&options, &desk_events, self, error);
    if (self->desk == NULL)
        return FALSE;
    sched_standing_brokers(self->standing, 0, sched_desk_n_brokers(self->desk));
    return TRUE;
}

/* IPv6 addresses stand in brackets. */
static char *
device_address(const SchedConfig *config)
{
    const char *host = config->station_hosts[0];

    return g_strdup_printf(strchr(host, ':') == NULL ? "%s:%" G_GINT64_FORMAT
                                                     : "[%s]:%" G_GINT64_FORMAT,
                           host, config->station_port);
}

static void
start_api(SchedDistrict *self)
{
    SchedApiOptions options = {
        .store = self->store,
        .objects = self->objects,
        .passwords = self->passwords,
        .factors = self->factors,
        .authority = self->authority,
        .keys = self->keys,
        .clock = self->clock,
        .ports = &api_ports,
        .ports_data = self,
    };

    options.device_address = self->address = device_address(self->config);
    options.incoming_folder = self->incoming = sched_config_path(self->config, "incoming");
    self->brokers = sched_desk_brokers(self->desk);
    g_ptr_array_add(self->brokers, NULL);
    options.brokers = (const char *const *) self->brokers->pdata;
    self->api = sched_api_new(&options);
}

static void
on_words_said(const char *words, gpointer user_data)
{
    content_event_log(&sched_events[SCHED_EVENT_SAID], NULL, "%s", words);
}

static void
on_words_trouble(const char *words, gpointer user_data)
{
    content_event_log(&sched_events[SCHED_EVENT_TROUBLE], NULL, "%s", words);
}

static void
on_unserved(const char *words, gpointer user_data)
{
    SchedDistrict *self = user_data;

    sched_standing_unserved(self->standing, words);
}

static const SchedTellingEvents telling_events = {on_words_trouble};
static const SchedListenersEvents listener_events = {on_words_said, on_words_trouble,
                                                     on_unserved};

void
sched_district_renew(SchedDistrict *self)
{
    g_autoptr(GError) error = NULL;

    sched_listeners_renew(self->listeners);
    if (!sched_desk_renew(self->desk, &error))
        content_event_log(&sched_events[SCHED_EVENT_TROUBLE], NULL,
                          "renewing the broker's certificate: %s", error->message);
    warn_of_keys(self);
}

/* --- life
 * ---------------------------------------------------------------------------------------- */

static void
on_night_done(gint64 n_rows, gpointer user_data)
{
    content_event_log(&sched_events[SCHED_EVENT_SAID], NULL,
                      "retention: %" G_GINT64_FORMAT " rows were old enough to go", n_rows);
}

static void
on_night_trouble(const char *words, gpointer user_data)
{
    content_event_log(&sched_events[SCHED_EVENT_TROUBLE], NULL, "retention: %s", words);
}

static void
on_night_begins(gpointer user_data)
{
    tidy_state(user_data);
    sched_district_renew(user_data);
}

static const SchedNightEvents night_events = {on_night_begins, on_night_done, on_night_trouble};

static void
on_tally_trouble(const char *words, gpointer user_data)
{
    content_event_log(&sched_events[SCHED_EVENT_TROUBLE], NULL, "figures: %s", words);
}

static const SchedTallyEvents tally_events = {.trouble = on_tally_trouble};

static void
start_night(SchedDistrict *self)
{
    g_autofree char *holder = content_id_new(content_clock_utc_us(self->clock));

    self->night = sched_night_new(self->store, self->clock, holder, g_str_hash(holder),
                                  &night_events, self);
}

static gboolean
do_nothing(SchedTxn *txn, gpointer data, GError **error)
{
    return TRUE;
}

static void
on_writer_answered(GObject *source, GAsyncResult *result, gpointer user_data)
{
    SchedDistrict *self = user_data;

    if (sched_store_write_finish(self->store, result, NULL, NULL))
        content_notify_alive();
}

static gboolean
ask_writer(gpointer user_data)
{
    SchedDistrict *self = user_data;
    const SchedWrite write = {.actor = "system", .at_us = content_clock_utc_us(self->clock)};

    sched_store_write_async(self->store, &write, do_nothing, NULL, NULL, on_writer_answered,
                            self);
    return G_SOURCE_CONTINUE;
}

static void
on_resigned(gpointer user_data)
{
    SchedDistrict *self = user_data;
    g_autoptr(GError) error = NULL;

    if (!sched_desk_set_keys(self->desk, self->keys, &error))
        content_event_log(&sched_events[SCHED_EVENT_TROUBLE], NULL, "%s", error->message);
}

static const SchedResignerEvents resigner_events = {on_words_said, on_words_trouble,
                                                    on_resigned};

/* An order that cannot be carried out is no reason not to serve. */
static void
resign_at_start(SchedDistrict *self)
{
    g_autoptr(GError) error = NULL;

    self->resigner =
        sched_resigner_new(self->store, self->keys, self->clock, &resigner_events, self);
    if (!sched_resigner_look(self->resigner, &error))
        content_event_log(&sched_events[SCHED_EVENT_TROUBLE], NULL,
                          "signing approvals anew: %s", error->message);
}

SchedDistrict *
sched_district_start(const SchedConfig *config, ContentClock *clock, GError **error)
{
    g_autoptr(SchedDistrict) self = g_new0(SchedDistrict, 1);

    self->config = config;
    self->clock = clock;
    self->stopping = g_cancellable_new();
    self->troubles = sched_troubles_new();
    self->standing = sched_standing_new(config);
    tidy_state(self);
    if (!open_state(self, error) || !start_desk(self, error))
        return NULL;
    self->telling = sched_telling_new(config, self->store, clock, &telling_events, self);
    start_api(self);
    self->listeners = sched_listeners_start(config, self->authority, self->api, clock,
                                            &listener_events, self, error);
    if (self->listeners == NULL)
        return NULL;
    resign_at_start(self);
    self->told_keys = sched_keys_content(self->keys)->version;
    warn_of_keys(self);
    start_night(self);
    self->tally = sched_tally_new(self->store, clock, &tally_events, self);
    sched_standing_begin(self->standing);
    if (content_notify_watchdog_us() > 0)
        self->alive_timer = g_timeout_add_seconds(ALIVE_EVERY_S, ask_writer, self);
    return g_steal_pointer(&self);
}

gboolean
sched_district_reload_keys(SchedDistrict *self, GError **error)
{
    if (!sched_keys_reload(self->keys, error) || !sched_resigner_look(self->resigner, error))
        return FALSE;
    if (sched_keys_content(self->keys)->version == self->told_keys)
        return TRUE;
    if (!sched_desk_set_keys(self->desk, self->keys, error))
        return FALSE;
    self->told_keys = sched_keys_content(self->keys)->version;
    return TRUE;
}

void
sched_district_stop(SchedDistrict *self)
{
    if (self == NULL)
        return;
    if (self->alive_timer != 0)
        g_source_remove(self->alive_timer);
    g_cancellable_cancel(self->stopping);
    sched_resigner_free(self->resigner);
    sched_listeners_stop(self->listeners);
    sched_night_free(self->night);
    sched_tally_free(self->tally);
    g_clear_pointer(&self->brokers, g_ptr_array_unref); /* its texts are the desk's */
    sched_desk_free(self->desk);
    /* Answers of work that was under way come to nobody, but free what they carry. */
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    sched_api_free(self->api);
    sched_telling_free(self->telling);
    sched_passwords_free(self->passwords);
    sched_factors_free(self->factors);
    sched_store_free(self->store);
    sched_troubles_free(self->troubles);
    content_object_store_free(self->objects);
    sched_keys_free(self->keys);
    sched_authority_free(self->authority);
    g_object_unref(self->stopping);
    g_free(self->address);
    g_free(self->incoming);
    sched_standing_free(self->standing);
    g_free(self);
}
