/*
 * api.h - the HTTP API: two servers, one table of routes, one transaction a request.
 *
 * Flow: people and stations -> server.c -> here -> scheduler/store; docs/openapi.yaml is made
 * from the same table.
 * Thread: the owner's main context; works run where the store runs them.
 */
#pragma once

#include "content/base/clock.h"
#include "content/object-store.h"
#include "scheduler/plan/next-start.h"
#include "scheduler/plan/place.h"
#include "scheduler/store/db.h"
#include "scheduler/store/relay-tests.h"
#include "scheduler/store/slots.h"
#include "scheduler/trust/authority.h"
#include "scheduler/trust/factor.h"
#include "scheduler/trust/keys.h"
#include "scheduler/trust/password.h"
#include "content/web/server.h"

#include <jansson.h>

#define SCHED_API_MAX_JSON_BYTES  (256 * 1024)
#define SCHED_API_MAX_TEXT_BYTES  (64 * 1024)
#define SCHED_API_MAX_AUDIO_BYTES (512 * 1024 * 1024)
#define SCHED_SESSION_IDLE_US     (G_GINT64_CONSTANT(30) * 60 * G_USEC_PER_SEC)
#define SCHED_SESSION_MOST_US     (G_GINT64_CONSTANT(8) * 3600 * G_USEC_PER_SEC)

/* What the ingest process made of a recording. */
typedef struct {
    char *path;  /* (owned): canonical file, beside the object store */
    char *media; /* (owned): what the decoder found */
    gint64 duration_us;
    gint64 loudness_mlufs;
    gint64 peak_mdb;
    char *peaks; /* (owned): hex, two digits a peak; SCHED_OBJECT_N_PEAKS of them */
} SchedIngested;
void sched_ingested_free(SchedIngested *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedIngested, sched_ingested_free)

/* Parts of the district that the API calls and does not know. */
typedef struct {
    /* Reads a recording in a process of its own; a GTask that returns SchedIngested. */
    void (*ingest)(gpointer data, const char *path, gboolean trims, GAsyncReadyCallback done,
                   gpointer user_data);
    SchedIngested *(*ingest_finish)(gpointer data, GAsyncResult *result, GError **error);
    /* What a village hears on a date, as JSON; in a reading transaction, in any thread. */
    json_t *(*preview)(gpointer data, SchedTxn *txn, const char *area, const char *date,
                       GError **error);
    /* What all villages of an area hear on some days, as JSON (publish/week.h); as above. */
    json_t *(*week)(gpointer data, SchedTxn *txn, const char *area, const char *from,
                    guint n_days, GError **error);
    /* What other allowed hours would change, as JSON (publish/hours.h); @windows: rows of
     * store/windows.h; as above. */
    json_t *(*hours)(gpointer data, SchedTxn *txn, const char *area, const GPtrArray *windows,
                     gint64 limit_min, GError **error);
    /* What would happen if a slot were so, as JSON (publish/trial.h); as above. */
    json_t *(*try_slot)(gpointer data, SchedTxn *txn, const SchedSlotRow *slot,
                        const GPtrArray *items, GError **error);
    /* When a notice may begin, and where it is heard then (publish/notice.h); in a transaction.
     */
    gint64 (*next_start)(gpointer data, SchedTxn *txn, const SchedNextWish *wish,
                         GError **error);
    gboolean (*count_notice)(gpointer data, SchedTxn *txn, const char *slot, gint64 start_us,
                             guint *out_heard, guint *out_silent, GError **error);
    /* Rows that cannot be planned with, as JSON (publish/preview.h); as above. */
    json_t *(*troubles)(gpointer data, SchedTxn *txn, GError **error);
    /* What was missed of an item and can be made up from now on (publish/making-up.h): rows of
     * store/make-ups.h, none if nothing; as above. */
    GPtrArray *(*make_ups)(gpointer data, SchedTxn *txn, const char *station, const char *date,
                           const char *occurrence, const char *item, GError **error);
    /* Of something sent from above: times that offer themselves, as JSON, and whether one will
     * do (publish/placing.h); as above. */
    json_t *(*place_times)(gpointer data, SchedTxn *txn, const char *offer, const char *area,
                           GError **error);
    gboolean (*place_try)(gpointer data, SchedTxn *txn, const char *offer, const char *area,
                          gint64 start_us, SchedPlaceTime *out_time, gboolean *out_free,
                          GError **error);
    /* Whether the settings name a way (SchedMessageWay) to send messages by; any thread. */
    gboolean (*has_way)(gpointer data, gint way);
    /* A message waits to be sent. */
    void (*message_added)(gpointer data);
    /* The certificates that may be believed have changed: rights and revocations anew. @words:
     * what became of the station, for the log. */
    void (*devices_changed)(gpointer data, const char *station, const char *words);
    /* A relay test was written down: the signed order goes to the station, if it is heard. */
    void (*order_test)(gpointer data, const SchedRelayTestRow *test);
    /* An alert or a stop was committed (publish/crier.h). */
    void (*orders_given)(gpointer data);
    /* A frame of live speech for one station. Returns: through how many brokers it goes. */
    guint (*say_live)(gpointer data, const char *station, GBytes *frame);
    /* Something went wrong inside that a person on call should read. */
    void (*said)(gpointer data, const char *words);
} SchedApiPorts;

typedef struct {
    SchedStore *store;
    ContentObjectStore *objects;
    SchedPasswords *passwords;
    SchedFactors *factors;
    SchedAuthority *authority;
    SchedKeys *keys;
    ContentClock *clock;
    const SchedApiPorts *ports; /* must outlive the API */
    gpointer ports_data;
    const char *device_address;  /* "host:port" that stations reach: in enrolment codes */
    const char *const *brokers;  /* "mqtts://host:port", NULL-terminated */
    const char *incoming_folder; /* on the file system of the object store */
} SchedApiOptions;

typedef struct SchedApi SchedApi;

/** sched_api_new: @options: copied; what it points to must outlive the API */
SchedApi *sched_api_new(const SchedApiOptions *options);

/** sched_api_n_open: Returns: requests that are being worked on */
guint sched_api_n_open(SchedApi *self);

/**
 * sched_api_free:
 * @self: (nullable) (transfer full)
 *
 * After both servers were stopped, and before anything that the options named is freed: work
 * that was begun is waited for, turning the main context.
 */
void sched_api_free(SchedApi *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedApi, sched_api_free)

/** sched_api_people: Returns: (transfer none): for the people's server, with the API as data */
const ContentServerHandler *sched_api_people(void);

/** sched_api_stations: Returns: (transfer none): for the stations' server: /device/ alone */
const ContentServerHandler *sched_api_stations(void);

/**
 * sched_api_describe:
 *
 * Returns: (transfer full): docs/openapi.yaml (OpenAPI 3.1), from the table of routes
 */
char *sched_api_describe(void);
