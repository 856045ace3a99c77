/*
 * bench-round.c - one slot on 200 stations: planned, hashed, signed, on disk; one JSON line.
 *
 *   bench-round [STATIONS [ROUNDS]]
 *
 * A district on a real disk, every station with 60 segments a day already. Each round approves
 * one more slot on all of them; measured from the approver's click to the last manifest on
 * disk, by the store's and the publisher's own code.
 */
#include <stdio.h>
#include <stdlib.h>

#include "scheduler/publish/round.h"
#include "scheduler/publish/sign.h"
#include "scheduler/publish/troubles.h"
#include "scheduler/trust/root.h"
#include "tests/bench/sim-fleet.h"
#include "tests/support/scratch.h"

#define N_SLOTS 4
#define N_ITEMS 5
#define N_ZONES 3

/* What opening the root costs does not matter here. */
static const SchedPasswordCost cheap = {1, 64 * 1024};

typedef struct {
    SchedStore *store;
    SchedKeys *keys;
    SimFleet fleet;
    char *keys_hash;
} Bench;

static gboolean
put_keys(SchedTxn *txn, gpointer data, GError **error)
{
    Bench *bench = data;
    g_autoptr(SchedDocumentRow) row =
        sched_sign_split(&content_keys_type, sched_keys_envelope(bench->keys), error);

    if (row == NULL)
        return FALSE;
    bench->keys_hash = g_strdup(row->hash);
    return sched_store_document_put(txn, row, error);
}

static gboolean
begin(Bench *bench, const char *folder, guint n_stations, GError **error)
{
    g_autofree char *root_path = g_build_filename(folder, "root", NULL);
    g_autofree char *keys_folder = g_build_filename(folder, "keys", NULL);
    g_autofree char *path = g_build_filename(folder, "district.db", NULL);
    gint64 now_us = g_get_real_time();
    const SchedWrite write = {.actor = "init", .at_us = now_us};
    g_autoptr(ContentSealKey) root = sched_root_create(root_path, "bench", &cheap, error);

    if (root == NULL || !sched_keys_create(keys_folder, root, now_us, error))
        return FALSE;
    bench->keys = sched_keys_open(keys_folder, error);
    bench->store = sched_store_open(path, NULL, error);
    if (bench->keys == NULL || bench->store == NULL)
        return FALSE;
    bench->fleet = (SimFleet){.n_stations = n_stations,
                              .n_zones = N_ZONES,
                              .n_slots = N_SLOTS,
                              .n_items = N_ITEMS,
                              .now_us = now_us,
                              .keys = bench->keys};
    return sched_store_write(bench->store, &write, put_keys, bench, NULL, error) &&
           sim_fleet_fill(bench->store, &bench->fleet, error);
}

/* Works the outbox off. Returns: how many manifests; -1 on an error */
static gint
publish(Bench *bench, GError **error)
{
    gint n_issued = 0;
    gboolean has_more = TRUE;

    while (has_more) {
        g_autoptr(SchedRound) round =
            sched_round_new(bench->store, sched_keys_signer(bench->keys, CONTENT_ROLE_MANIFEST),
                            bench->keys_hash, g_get_real_time());

        if (!sched_round_run(round, error))
            return -1;
        for (guint i = 0; i < round->troubles->len; i++) {
            const SchedRoundTrouble *trouble = g_ptr_array_index(round->troubles, i);

            g_printerr("bench-round: %s: %s\n", trouble->station, trouble->words);
        }
        n_issued += (gint) round->issued->len;
        has_more = round->has_more;
    }
    return n_issued;
}

static gboolean
ask_troubles(SchedTxn *txn, gpointer data, GError **error)
{
    json_t *found = sched_troubles_json(data, txn, g_get_real_time(), error);

    json_decref(found);
    return found != NULL;
}

/* What a question about all stations costs for the plan's sake: first, and after no change. */
static gboolean
time_troubles(Bench *bench, double *out_first_ms, double *out_again_ms, GError **error)
{
    g_autoptr(SchedTroubles) troubles = sched_troubles_new();
    g_autoptr(GTimer) timer = g_timer_new();

    if (!sched_store_read(bench->store, ask_troubles, troubles, error))
        return FALSE;
    *out_first_ms = g_timer_elapsed(timer, NULL) * 1e3;
    g_timer_start(timer);
    if (!sched_store_read(bench->store, ask_troubles, troubles, error))
        return FALSE;
    *out_again_ms = g_timer_elapsed(timer, NULL) * 1e3;
    return TRUE;
}

static gboolean
measure(Bench *bench, guint n_rounds, GError **error)
{
    double worst_s = 0, click_s = 0, first_ms = 0, again_ms = 0;
    g_autoptr(GString) samples = g_string_new(NULL);

    for (guint i = 0; i < n_rounds; i++) {
        g_autoptr(GTimer) timer = NULL;
        double approved_s, all_s;
        gint n_issued;

        if (!sim_fleet_add_slot(bench->store, &bench->fleet, N_SLOTS + i, TRUE, error))
            return FALSE;
        timer = g_timer_new();
        if (!sim_fleet_approve_slot(bench->store, &bench->fleet, N_SLOTS + i, error))
            return FALSE;
        approved_s = g_timer_elapsed(timer, NULL);
        n_issued = publish(bench, error);
        all_s = g_timer_elapsed(timer, NULL);
        if (n_issued < 0)
            return FALSE;
        if (n_issued != (gint) bench->fleet.n_stations) {
            g_set_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND,
                        "%d manifests for %u stations", n_issued, bench->fleet.n_stations);
            return FALSE;
        }
        click_s = MAX(click_s, approved_s);
        worst_s = MAX(worst_s, all_s);
        g_string_append_printf(samples, "%s%.3f", i == 0 ? "" : ",", all_s);
    }
    if (!time_troubles(bench, &first_ms, &again_ms, error))
        return FALSE;
    printf("{\"bench\":\"round\",\"stations\":%u,\"rounds\":%u,\"worst_s\":%.3f,"
           "\"of_it_click_s\":%.3f,\"all_s\":[%s],\"troubles_first_ms\":%.1f,"
           "\"troubles_again_ms\":%.2f}\n",
           bench->fleet.n_stations, n_rounds, worst_s, click_s, samples->str, first_ms,
           again_ms);
    return TRUE;
}

int
main(int argc, char **argv)
{
    guint n_stations = argc > 1 ? (guint) atoi(argv[1]) : 200;
    guint n_rounds = argc > 2 ? (guint) atoi(argv[2]) : 5;
    char *folder = test_scratch_new();
    g_autoptr(GError) error = NULL;
    Bench bench = {0};
    gboolean ok = begin(&bench, folder, n_stations, &error) && publish(&bench, &error) >= 0 &&
                  measure(&bench, n_rounds, &error);

    if (!ok)
        g_printerr("bench-round: %s\n", error == NULL ? "failed" : error->message);
    sched_store_free(bench.store);
    sched_keys_free(bench.keys);
    g_free(bench.keys_hash);
    test_scratch_free(folder);
    return ok ? 0 : 1;
}
