/*
 * bench-desk.c - what the desk asks of a large district: search, delivery, month; one JSON
 * line.
 *
 *   bench-desk [STATIONS [ANNOUNCEMENTS [YEARS]]]
 *
 * A district on a real disk: 200 zones that each heard 40 items today, with a record of every
 * segment and zone taken as a player sends it; so many announcements more; and the figures of
 * that day once more for every day of so many years, by SQL, through the triggers of the store.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "content/base/id.h"
#include "content/language.h"
#include "scheduler/publish/round.h"
#include "scheduler/publish/sign.h"
#include "scheduler/store/announcements.h"
#include "scheduler/store/deliveries.h"
#include "scheduler/store/figures.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/records.h"
#include "scheduler/store/search.h"
#include "scheduler/store/sql.h"
#include "scheduler/trust/root.h"
#include "tests/bench/sim-fleet.h"
#include "tests/support/scratch.h"

#define N_ZONES  3
#define N_SLOTS  8
#define N_ITEMS  5
#define N_ROUNDS 9
#define BOOT     "00112233445566778899aabbccddeeff"
#define DAY_US   (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)

static const SchedPasswordCost cheap = {1, 64 * 1024};

typedef struct {
    SchedStore *store;
    SchedKeys *keys;
    SimFleet fleet;
    char *keys_hash;
    char *date; /* today, where the stations are */
    gint64 midnight_us;
    guint n_announcements, n_records, n_verdicts, n_found, n_in_scripts;
    gint64 n_figures;
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

static void
find_today(Bench *bench)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Ho_Chi_Minh");
    g_autoptr(GDateTime) now = g_date_time_new_now(zone);
    g_autoptr(GDateTime) midnight =
        g_date_time_new(zone, g_date_time_get_year(now), g_date_time_get_month(now),
                        g_date_time_get_day_of_month(now), 0, 0, 0);

    bench->date = g_date_time_format(now, "%Y-%m-%d");
    bench->midnight_us = g_date_time_to_unix(midnight) * G_USEC_PER_SEC;
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

    find_today(bench);
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

static gboolean
publish(Bench *bench, GError **error)
{
    gboolean has_more = TRUE;

    while (has_more) {
        g_autoptr(SchedRound) round =
            sched_round_new(bench->store, sched_keys_signer(bench->keys, CONTENT_ROLE_MANIFEST),
                            bench->keys_hash, g_get_real_time());

        if (!sched_round_run(round, error))
            return FALSE;
        has_more = round->has_more;
    }
    return TRUE;
}

/* --- a day that was heard -------------------------------------------------------------------
 */

static ContentDayPlan *
read_plan(SchedTxn *txn, const Bench *bench, const char *station, GError **error)
{
    g_autoptr(GPtrArray) hash =
        sched_sql_texts(txn, "SELECT hash FROM manifest_days WHERE station = $1 AND date = $2",
                        error, "tt", station, bench->date);
    g_autoptr(SchedDocumentRow) row =
        hash == NULL || hash->len == 0
            ? NULL
            : sched_store_document_get(txn, g_ptr_array_index(hash, 0), error);

    return row == NULL ? NULL
                       : content_document_read(&content_day_plan_type,
                                               g_bytes_get_data(row->body, NULL),
                                               g_bytes_get_size(row->body), error);
}

static char *
played(const ContentSegment *segment, const char *zone, gint64 seq, const char *prev)
{
    g_autoptr(ContentRecord) r = content_document_new(&content_record_type);
    g_autoptr(GBytes) bytes = NULL;

    r->seq = seq;
    r->prev = g_strdup(prev);
    r->kind = CONTENT_RECORD_PLAYED;
    r->boot = g_strdup(BOOT);
    r->at_us = segment->start_us + segment->duration_us;
    r->segment = g_strdup(segment->id);
    r->zone = g_strdup(zone);
    r->planned_start_us = r->actual_start_us = segment->start_us;
    r->planned_end_us = r->actual_end_us = r->at_us;
    r->relay = CONTENT_RELAY_CLOSED;
    r->level_mdb = -17000;
    bytes = content_document_write(&content_record_type, r, NULL);
    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static gboolean
tell(SchedTxn *txn, Bench *bench, const char *station, GPtrArray *raws, GError **error)
{
    for (guint from = 0; from < raws->len; from += CONTENT_RECORDS_MAX_COUNT) {
        g_autoptr(GPtrArray) part = g_ptr_array_new();
        const ContentRecords batch = {(char *) station, (char *) "j", from + 1, FALSE, part};
        SchedIngest result = {0};

        for (guint i = from; i < raws->len && part->len < CONTENT_RECORDS_MAX_COUNT; i++)
            g_ptr_array_add(part, g_ptr_array_index(raws, i));
        if (!sched_store_records_ingest(txn, &batch, &result, error))
            return FALSE;
        bench->n_records += (guint) result.n_new - (guint) result.n_unreadable;
    }
    return TRUE;
}

static gboolean
hear_station(SchedTxn *txn, Bench *bench, const char *station, GError **error)
{
    g_autoptr(ContentDayPlan) plan = read_plan(txn, bench, station, error);
    g_autoptr(GPtrArray) raws = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *prev = g_strdup(CONTENT_RECORD_NO_PREVIOUS);

    if (plan == NULL)
        return FALSE;
    for (guint i = 0; i < plan->segments->len; i++) {
        const ContentSegment *segment = g_ptr_array_index(plan->segments, i);

        for (guint j = 0; j < segment->zones->len; j++) {
            char *raw = played(segment, segment->zones->pdata[j], raws->len + 1, prev);

            g_free(prev);
            prev = content_sha256_hex(raw, strlen(raw));
            g_ptr_array_add(raws, raw);
        }
    }
    return sched_sql_run(txn,
                         "INSERT INTO acceptances (station, accepted_us, version) "
                         "VALUES ($1, $2, 1)",
                         error, "ti", station, bench->midnight_us) &&
           tell(txn, bench, station, raws, error);
}

static gboolean
hear(SchedTxn *txn, gpointer data, GError **error)
{
    Bench *bench = data;

    for (guint i = 0; i < bench->fleet.n_stations; i++) {
        g_autofree char *station = sim_fleet_station(i);

        if (!hear_station(txn, bench, station, error))
            return FALSE;
    }
    return TRUE;
}

/* --- years, and announcements ----------------------------------------------------------------
 */

static gboolean
judge(SchedTxn *txn, gpointer data, GError **error)
{
    Bench *bench = data;
    gint64 now_us = bench->midnight_us + 2 * DAY_US;
    g_autoptr(GPtrArray) days = NULL;

    if (!sched_store_figures_open(txn, now_us, error))
        return FALSE;
    days = sched_store_figures_due(txn, now_us, 10 * bench->fleet.n_stations, error);
    for (guint i = 0; days != NULL && i < days->len; i++) {
        SchedFigureDay *day = g_ptr_array_index(days, i);

        if (!sched_store_figures_judge(txn, day, now_us, error) ||
            !sched_store_figures_keep(txn, day, now_us, error))
            return FALSE;
    }
    return days != NULL;
}

/* The day that was judged, on every day of years before it. */
static gboolean
repeat(SchedTxn *txn, gpointer data, GError **error)
{
    const gint64 *n_days = data;

    return sched_sql_run(
               txn,
               "WITH RECURSIVE past (date, n) AS (SELECT date(max(date), '-10 days'), 1 FROM "
               "figures UNION ALL SELECT date(date, '-1 day'), n + 1 FROM past WHERE n < $1) "
               "INSERT INTO figure_days (station, date, from_us, to_us, stamp, judged_us, "
               "next_us, is_open) SELECT s.id, past.date, 0, 1, 0, 1, $2, 0 "
               "FROM past, stations AS s",
               error, "ii", *n_days, G_MAXINT64) &&
           sched_sql_run(txn,
                         "INSERT INTO figures (date, station, village, language, category, "
                         "planned_us, heard_us, delivered, partial, missed, waiting, "
                         "no_contact, quiet) SELECT d.date, f.station, f.village, f.language, "
                         "f.category, f.planned_us, f.heard_us, f.delivered, f.partial, "
                         "f.missed, f.waiting, f.no_contact, f.quiet FROM figure_days AS d "
                         "JOIN figures AS f ON f.station = d.station WHERE d.to_us = 1 "
                         "AND f.date = (SELECT max(date) FROM figures)",
                         error, "");
}

/* Two hundred words of a script, most of them common, in three languages. */
static gboolean
write_scripts(SchedTxn *txn, const char *announcement, guint number, GError **error)
{
    static const char *const tags[] = {"vi", "bdq", "jra"};
    static const char *const words[] = {"bà",  "con",  "trong", "xã",    "được",  "thông",
                                        "báo", "lịch", "tiêm",  "phòng", "cho",   "trẻ",
                                        "em",  "dưới", "năm",   "tuổi",  "tại",   "trạm",
                                        "y",   "tế",   "ƀơi",   "ƀuôn",  "pơlei", "hrơi",
                                        "jơ̆",  "kơ",   "mơ̆ng",  "tơlơi"};

    for (guint i = 0; i < G_N_ELEMENTS(tags); i++) {
        g_autofree char *id = g_strdup_printf("%s-%s", announcement, tags[i]);
        g_autoptr(GString) script = g_string_new(NULL);

        for (guint k = 0; k < 200; k++)
            g_string_append_printf(script, "%s ",
                                   words[(number * 7 + k * k + i) % G_N_ELEMENTS(words)]);
        g_string_append_printf(script, "số văn bản %u", number);
        if (!sched_sql_run(txn,
                           "INSERT INTO versions (id, announcement, language, script, "
                           "script_hash, announcer_name, state, author, checked_us, note, "
                           "created_us, changed_us) VALUES ($1, $2, $3, $4, 'h', '', 'draft', "
                           "$5, 0, '', 1, 1)",
                           error, "ttttt", id, announcement, tags[i], script->str,
                           SIM_FLEET_EDITOR) ||
            !sched_search_keep(txn, id, announcement, script->str, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
write_titles(SchedTxn *txn, gpointer data, GError **error)
{
    static const char *const words[] = {"Dự báo mưa lớn", "Lịch tiêm phòng", "Giá cà phê",
                                        "Họp thôn",       "Bơhnăr kơ pơlei", "Ƀuôn Ia Pa"};
    const Bench *bench = data;

    for (guint i = 0; i < bench->n_announcements; i++) {
        g_autofree char *id = g_strdup_printf("an-%06u", i);
        g_autofree char *title = g_strdup_printf("%s số %u", words[i % G_N_ELEMENTS(words)], i);
        g_autofree char *folded = content_text_fold(title);

        if (!sched_sql_run(txn,
                           "INSERT INTO announcements (id, kind, title, folded, category, "
                           "class, source_number, source_issuer, source_date, valid_from_us, "
                           "valid_until_us, home, withdrawn, author, changed_by, created_us, "
                           "changed_us, revision) VALUES ($1, 'bulletin', $2, $3, '', "
                           "'thong_thuong', '1', 'UBND', '2026-01-01', 0, $4, $5, 0, $6, $6, "
                           "$7, $7, 1)",
                           error, "tttittii", id, title, folded, G_GINT64_CONSTANT(1) << 52,
                           SIM_FLEET_TOP, SIM_FLEET_EDITOR, (gint64) i, (gint64) i) ||
            !write_scripts(txn, id, i, error))
            return FALSE;
    }
    return TRUE;
}

/* --- measured -------------------------------------------------------------------------------
 */

static gboolean
search(SchedTxn *txn, gpointer data, GError **error)
{
    Bench *bench = data;
    /* Rare, so that all are looked at; without its marks. */
    const SchedAnnouncementFilter filter = {.search = "mua lon so 1200"};
    g_autoptr(GPtrArray) rows = sched_store_announcement_list(txn, &filter, 100, error);

    bench->n_found = rows == NULL ? 0 : rows->len;
    return rows != NULL;
}

/* Words that every script has, and a number that a single one has: the one in the middle, which
 * no other begins with. */
static gboolean
search_scripts(SchedTxn *txn, gpointer data, GError **error)
{
    Bench *bench = data;
    const SchedAnnouncementFilter common = {.search = "tiem phong"};
    g_autofree char *number = g_strdup_printf("van ban %u", bench->n_announcements / 2);
    const SchedAnnouncementFilter rare = {.search = number};
    g_autoptr(GPtrArray) many = sched_store_announcement_list(txn, &common, 100, error);
    g_autoptr(GPtrArray) few =
        many == NULL ? NULL : sched_store_announcement_list(txn, &rare, 100, error);

    bench->n_in_scripts = few == NULL ? 0 : few->len;
    return few != NULL;
}

static gboolean
deliver(SchedTxn *txn, gpointer data, GError **error)
{
    Bench *bench = data;
    g_autoptr(GPtrArray) troubles = g_ptr_array_new();
    g_autoptr(GPtrArray) rows =
        sched_store_delivery(txn, SIM_FLEET_TOP, bench->date, bench->midnight_us + 2 * DAY_US,
                             troubles, error);

    bench->n_verdicts = 0;
    for (guint i = 0; rows != NULL && i < rows->len; i++)
        bench->n_verdicts += ((const SchedDelivery *) g_ptr_array_index(rows, i))->state ==
                             SCHED_DELIVERY_DELIVERED;
    return rows != NULL;
}

static gboolean
report(SchedTxn *txn, Bench *bench, const char *from, const char *to, GError **error)
{
    gint64 n_due;
    g_autoptr(GPtrArray) rows =
        sched_store_figures_report(txn, from, to, SIM_FLEET_TOP, SCHED_FIGURES_BY_COMMUNE,
                                   bench->midnight_us + 2 * DAY_US, &n_due, error);

    return rows != NULL && rows->len > 0;
}

static gboolean
month(SchedTxn *txn, gpointer data, GError **error)
{
    return report(txn, data, "2026-03-01", "2026-03-31", error);
}

static gboolean
week(SchedTxn *txn, gpointer data, GError **error)
{
    return report(txn, data, "2026-03-02", "2026-03-08", error);
}

static gboolean
count(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_sql_int(txn,
                         "SELECT sum(delivered + partial + missed + no_contact) FROM "
                         "figure_months",
                         data, error, "");
}

/* Milliseconds; the median of some rounds */
static gboolean
time_ms(Bench *bench, SchedWork work, double *out_ms, GError **error)
{
    double all_ms[N_ROUNDS];

    for (guint i = 0; i < N_ROUNDS; i++) {
        g_autoptr(GTimer) timer = g_timer_new();
        guint j = i;

        if (!sched_store_read(bench->store, work, bench, error))
            return FALSE;
        for (all_ms[i] = g_timer_elapsed(timer, NULL) * 1e3; j > 0; j--) {
            double later = all_ms[j];

            if (all_ms[j - 1] <= later)
                break;
            all_ms[j] = all_ms[j - 1];
            all_ms[j - 1] = later;
        }
    }
    *out_ms = all_ms[N_ROUNDS / 2];
    return TRUE;
}

static gboolean
fill(Bench *bench, gint64 n_days, GError **error)
{
    const SchedWrite write = {.actor = "system", .at_us = g_get_real_time()};

    return sched_store_write(bench->store, &write, hear, bench, NULL, error) &&
           sched_store_write(bench->store, &write, judge, bench, NULL, error) &&
           sched_store_write(bench->store, &write, repeat, &n_days, NULL, error) &&
           sched_store_write(bench->store, &write, write_titles, bench, NULL, error);
}

static gboolean
measure(Bench *bench, GError **error)
{
    double search_ms, scripts_ms, delivery_ms, month_ms, week_ms;

    if (!time_ms(bench, search, &search_ms, error) ||
        !time_ms(bench, search_scripts, &scripts_ms, error) ||
        !time_ms(bench, deliver, &delivery_ms, error) ||
        !time_ms(bench, month, &month_ms, error) || !time_ms(bench, week, &week_ms, error) ||
        !sched_store_read(bench->store, count, &bench->n_figures, error))
        return FALSE;
    printf("{\"bench\":\"desk\",\"zones\":%u,\"records\":%u,\"verdicts\":%u,"
           "\"announcements\":%u,\"found\":%u,\"counted\":%" G_GINT64_FORMAT
           ",\"search_ms\":%.1f,\"scripts_ms\":%.1f,\"delivery_ms\":%.1f,\"month_ms\":%.1f,"
           "\"week_ms\":%.1f}\n",
           bench->fleet.n_stations * N_ZONES, bench->n_records, bench->n_verdicts,
           bench->n_announcements, bench->n_found, bench->n_figures, search_ms, scripts_ms,
           delivery_ms, month_ms, week_ms);
    return bench->n_found > 0 && bench->n_in_scripts == 1 &&
           bench->n_verdicts == bench->n_records;
}

int
main(int argc, char **argv)
{
    guint n_stations = argc > 1 ? (guint) atoi(argv[1]) : 67;
    gint64 n_years = argc > 3 ? atoi(argv[3]) : 4;
    char *folder = test_scratch_new();
    g_autoptr(GError) error = NULL;
    Bench bench = {.n_announcements = argc > 2 ? (guint) atoi(argv[2]) : 20000};
    gboolean ok = begin(&bench, folder, n_stations, &error) && publish(&bench, &error) &&
                  fill(&bench, n_years * 365, &error) && measure(&bench, &error);

    if (!ok)
        g_printerr("bench-desk: %s; %u, %u found, %u of %u verdicts\n",
                   error == NULL ? "not all was found" : error->message, bench.n_found,
                   bench.n_in_scripts, bench.n_verdicts, bench.n_records);
    sched_store_free(bench.store);
    sched_keys_free(bench.keys);
    g_free(bench.keys_hash);
    g_free(bench.date);
    test_scratch_free(folder);
    return ok ? 0 : 1;
}
