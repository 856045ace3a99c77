/*
 * bench-hearing.c - what one heartbeat costs the scheduler: read, checked, on disk; one JSON
 * line.
 *
 *   bench-hearing [STATIONS [ROUNDS]]
 *
 * The scheduler's own intake and store on a real disk. Every station sends a heartbeat a round,
 * gathered as in real life; the CPU time of both threads counts. Under `valgrind
 * --tool=callgrind --instr-atstart=no` only the rounds are counted, whatever else runs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "content/heartbeat.h"
#include "content/kinds.h"
#include "scheduler/publish/hearing.h"
#include "scheduler/store/heartbeats.h"
#include "scheduler/trust/root.h"
#include "tests/bench/sim-fleet.h"
#include "tests/support/fake-clock.h"
#include "tests/support/scratch.h"

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_START_INSTRUMENTATION
#define CALLGRIND_STOP_INSTRUMENTATION
#endif

#define HEARTBEAT_S 15

/* What opening the root costs does not matter here. */
static const SchedPasswordCost cheap = {1, 64 * 1024};

typedef struct {
    SchedStore *store;
    SchedKeys *keys;
    ContentClock *clock;
    SchedHearing *hearing;
    guint n_stations;
    guint n_heard, n_refused;
} Bench;

static void
on_holds(const char *station, gint64 version, gint64 floor, gint64 keys_version,
         gboolean is_hello, gpointer user_data)
{
    ((Bench *) user_data)->n_heard++;
}

static void
on_lost(const char *station, gpointer user_data)
{
    ((Bench *) user_data)->n_refused++;
}

static void
on_faults(const char *station, const GPtrArray *faults, gpointer user_data)
{
}

static void
on_refused(const char *station, const char *words, gpointer user_data)
{
    g_printerr("bench-hearing: %s: %s\n", station, words);
    ((Bench *) user_data)->n_refused++;
}

static const SchedHearingEvents events = {on_holds, on_lost, on_faults, on_refused};

static gboolean
begin(Bench *bench, const char *folder, GError **error)
{
    g_autofree char *root_path = g_build_filename(folder, "root", NULL);
    g_autofree char *keys_folder = g_build_filename(folder, "keys", NULL);
    g_autofree char *path = g_build_filename(folder, "district.db", NULL);
    gint64 now_us = g_get_real_time();
    g_autoptr(ContentSealKey) root = sched_root_create(root_path, "bench", &cheap, error);
    SimFleet fleet = {.n_stations = bench->n_stations, .n_zones = 1, .now_us = now_us};

    if (root == NULL || !sched_keys_create(keys_folder, root, now_us, error))
        return FALSE;
    bench->keys = sched_keys_open(keys_folder, error);
    bench->store = sched_store_open(path, NULL, error);
    if (bench->keys == NULL || bench->store == NULL)
        return FALSE;
    fleet.keys = bench->keys;
    bench->clock = fake_clock_new(now_us);
    bench->hearing = sched_hearing_new(bench->store, bench->keys, bench->clock, &events, bench);
    return sim_fleet_fill(bench->store, &fleet, error);
}

/* As a station with one zone says it while nothing sounds. */
static SchedHeardMessage *
new_message(const Bench *bench, guint n)
{
    g_autoptr(ContentHeartbeat) heartbeat = content_document_new(&content_heartbeat_type);
    ContentZoneState *zone = content_shape_new(&content_zone_state_shape);
    SchedHeardMessage *message = g_new0(SchedHeardMessage, 1);

    heartbeat->station = sim_fleet_station(n);
    heartbeat->boot = g_strdup("0123456789abcdef0123456789abcdef");
    heartbeat->at_us = content_clock_utc_us(bench->clock);
    heartbeat->uptime_s = content_clock_monotonic_us(bench->clock) / G_USEC_PER_SEC;
    heartbeat->trust = CONTENT_TRUST_SYNCED;
    heartbeat->manifest_version = 17;
    heartbeat->days_ready = CONTENT_DAYS_AHEAD;
    heartbeat->free_bytes = G_GINT64_CONSTANT(8589934592);
    heartbeat->total_bytes = G_GINT64_CONSTANT(17179869184);
    heartbeat->journal = g_strdup("nhat-ky");
    heartbeat->player_version = g_strdup(LOA_VERSION);
    heartbeat->gateway_version = g_strdup(LOA_VERSION);
    zone->zone = g_strdup("cum-1");
    zone->relay = CONTENT_RELAY_OPEN;
    zone->read_us = heartbeat->at_us;
    g_ptr_array_add(heartbeat->zones, zone);
    message->station = g_strdup(heartbeat->station);
    message->what = SCHED_HEARD_HEARTBEAT;
    message->payload = content_document_write(&content_heartbeat_type, heartbeat, NULL);
    return message;
}

static void
message_free(gpointer data)
{
    SchedHeardMessage *message = data;

    g_free(message->station);
    g_bytes_unref(message->payload);
    g_free(message);
}

/* What comes in one second, from stations all over the table. */
static GPtrArray *
new_second(const Bench *bench, guint second)
{
    GPtrArray *messages = g_ptr_array_new_with_free_func(message_free);

    for (guint n = second; n < bench->n_stations; n += HEARTBEAT_S)
        g_ptr_array_add(messages, new_message(bench, n));
    return messages;
}

static gboolean
do_nothing(SchedTxn *txn, gpointer data, GError **error)
{
    return TRUE;
}

/* Writes are done in order: once the second one is on disk, the heartbeats are. */
static gboolean
hear_second(Bench *bench, guint second, GError **error)
{
    const SchedWrite write = {.actor = "bench", .at_us = content_clock_utc_us(bench->clock)};
    g_autoptr(GPtrArray) messages = new_second(bench, second);
    gboolean ok;

    CALLGRIND_START_INSTRUMENTATION;
    sched_hearing_take(bench->hearing, messages);
    fake_clock_advance(bench->clock, SCHED_HEARING_GATHER_US);
    ok = sched_store_write(bench->store, &write, do_nothing, NULL, NULL, error);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    CALLGRIND_STOP_INSTRUMENTATION;
    return ok;
}

static double
cpu_s(void)
{
    struct timespec spent;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return (double) spent.tv_sec + (double) spent.tv_nsec / 1e9;
}

static gboolean
hear_round(Bench *bench, double *spent_s, GError **error)
{
    for (guint second = 0; second < HEARTBEAT_S; second++) {
        double began_s = cpu_s();

        if (!hear_second(bench, second, error))
            return FALSE;
        *spent_s += cpu_s() - began_s;
    }
    return TRUE;
}

static gboolean
count_rows(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_heartbeat_list(txn, error);

    *(guint *) data = rows == NULL ? 0 : rows->len;
    return rows != NULL;
}

static gboolean
measure(Bench *bench, guint n_rounds, GError **error)
{
    double first_s = 0, spent_s = 0;
    guint n_rows = 0;

    /* The first heartbeat of a station is more work; and its round is not counted. */
    if (!hear_round(bench, &first_s, error))
        return FALSE;
    for (guint i = 0; i < n_rounds; i++) {
        if (!hear_round(bench, &spent_s, error))
            return FALSE;
    }
    if (!sched_store_read(bench->store, count_rows, &n_rows, error))
        return FALSE;
    if (bench->n_refused > 0 || bench->n_heard != bench->n_stations * (n_rounds + 1) ||
        n_rows != bench->n_stations) {
        g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                    "%u heard, %u refused, of %u stations in the store", bench->n_heard,
                    bench->n_refused, n_rows);
        return FALSE;
    }
    printf("{\"bench\":\"hearing\",\"stations\":%u,\"rounds\":%u,\"first_us\":%.1f,"
           "\"heartbeat_us\":%.1f}\n",
           bench->n_stations, n_rounds, first_s * 1e6 / bench->n_stations,
           spent_s * 1e6 / bench->n_stations / MAX(n_rounds, 1));
    return TRUE;
}

int
main(int argc, char **argv)
{
    char *folder = test_scratch_new();
    g_autoptr(GError) error = NULL;
    Bench bench = {.n_stations = argc > 1 ? (guint) atoi(argv[1]) : 10000};
    gboolean ok = begin(&bench, folder, &error) &&
                  measure(&bench, argc > 2 ? (guint) atoi(argv[2]) : 2, &error);

    if (!ok)
        g_printerr("bench-hearing: %s\n", error == NULL ? "failed" : error->message);
    sched_hearing_free(bench.hearing);
    sched_store_free(bench.store);
    sched_keys_free(bench.keys);
    content_clock_free(bench.clock);
    test_scratch_free(folder);
    return ok ? 0 : 1;
}
