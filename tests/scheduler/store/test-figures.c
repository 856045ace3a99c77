/*
 * test-figures.c - the figures of a day and of a month equal the records they come from,
 * whatever comes in which order while they are being reckoned.
 */
#include "scheduler/store/figures.h"

#include "content/base/id.h"
#include "scheduler/store/deliveries.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/records.h"
#include "tests/support/temp-store.h"

#include <string.h>

#define NOW       TEMP_STORE_NOW_US
#define MIN_US    (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define HOUR      (60 * MIN_US)
#define DAY       TEMP_STORE_DAY_US
#define BOOT      "00112233445566778899aabbccddeeff"
#define N_DAYS    3
#define N_A_DAY   6
#define LENGTH_US (90 * G_USEC_PER_SEC)

static const char *const stations[] = {"ia-le", "ia-blu"};
static const char *const dates[N_DAYS] = {"2026-03-02", "2026-03-03", "2026-03-04"};

/* 05:00 in Vietnam on the first date. */
#define FIRST_US (NOW - 2 * HOUR)

typedef struct {
    GRand *rand;
    gint64 now_us;
    gint64 seq[2];
    char *prev[2];   /* (owned): hash of the last record */
    guint told[2];   /* segments that have a record */
    GPtrArray *days; /* (owned) (nullable): judged, and not kept yet */
} World;

static gint64
start_us(guint number)
{
    return FIRST_US + number / N_A_DAY * DAY + number % N_A_DAY * HOUR;
}

static char *
segment_id(guint station, guint number)
{
    g_autofree char *occurrence = g_strdup_printf("s-%s", dates[number / N_A_DAY]);
    g_autofree char *item = g_strdup_printf("i%u", number % N_A_DAY);

    return content_segment_id(occurrence, item, "jra", stations[station], 0, "");
}

static void
add_segment(ContentDayPlan *plan, guint station, guint number)
{
    ContentSegment *s = content_shape_new(&content_segment_shape);

    s->id = segment_id(station, number);
    s->slot = g_strdup("s");
    s->occurrence = g_strdup_printf("s-%s", dates[number / N_A_DAY]);
    s->item = g_strdup_printf("i%u", number % N_A_DAY);
    s->output = g_strdup("main");
    g_ptr_array_add(s->zones, g_strdup("a"));
    if (station == 0)
        g_ptr_array_add(s->zones, g_strdup("b"));
    s->start_us = start_us(number);
    s->duration_us = LENGTH_US;
    s->language = g_strdup(number % 2 == 0 ? "jra" : "vi");
    s->source = CONTENT_SOURCE_OBJECT;
    s->object = temp_store_hash("object");
    s->approval = temp_store_hash("approval");
    s->title = g_strdup("Bản tin");
    g_ptr_array_add(plan->segments, s);
}

static char *
keep_document(SchedTxn *txn, const char *type, GBytes *bytes)
{
    g_autoptr(SchedDocumentRow) row = sched_document_row_new(type, bytes);

    assert_done(sched_store_document_put(txn, row, &problem));
    return g_strdup(row->hash);
}

static char *
make_plan(SchedTxn *txn, guint station, guint day)
{
    g_autoptr(ContentDayPlan) plan = content_document_new(&content_day_plan_type);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;
    ContentPlanObject *object = content_shape_new(&content_plan_object_shape);

    plan->station = g_strdup(stations[station]);
    plan->date = g_strdup(dates[day]);
    plan->tzid = g_strdup("Asia/Ho_Chi_Minh");
    for (guint i = 0; i < N_A_DAY; i++)
        add_segment(plan, station, day * N_A_DAY + i);
    object->hash = temp_store_hash("object");
    object->size_bytes = 1000;
    object->duration_us = LENGTH_US;
    g_ptr_array_add(plan->objects, object);
    g_ptr_array_add(plan->approvals, temp_store_hash("approval"));
    bytes = content_document_write(&content_day_plan_type, plan, &error);
    g_assert_no_error(error);
    return keep_document(txn, "dayplan", bytes);
}

/* One manifest a station, issued and taken the day before. */
static gboolean
issue_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GBytes) other = g_bytes_new_static("{}", 2);
    g_autofree char *any = keep_document(txn, "manifest", other);

    for (guint station = 0; station < G_N_ELEMENTS(stations); station++) {
        const char *name = stations[station];

        assert_done(sched_sql_run(txn,
                                  "INSERT INTO manifests (station, version, hash, contents, "
                                  "settings, keys, issued_us, "
                                  "expires_us) VALUES ($1, 1, $2, '', $2, $2, $3, $4)",
                                  &problem, "ttii", name, any, FIRST_US - DAY,
                                  FIRST_US + 29 * DAY));
        for (guint day = 0; day < N_DAYS; day++) {
            g_autofree char *hash = make_plan(txn, station, day);

            assert_done(
                sched_sql_run(txn,
                              "INSERT INTO manifest_days (station, version, date, hash) "
                              "VALUES ($1, 1, $2, $3)",
                              &problem, "ttt", name, dates[day], hash));
        }
        assert_done(sched_sql_run(
            txn, "INSERT INTO acceptances (station, accepted_us, version) VALUES ($1, $2, 1)",
            &problem, "ti", name, FIRST_US - DAY + HOUR));
        assert_done(sched_sql_run(txn, "INSERT INTO station_states (station) VALUES ($1)",
                                  &problem, "t", name));
    }
    return TRUE;
}

/* What a station says of its next segment in one zone: all of it, a part, or why nothing. */
static char *
make_record(World *world, guint station)
{
    g_autoptr(ContentRecord) r = content_document_new(&content_record_type);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;
    guint number = world->told[station] / 2 % (N_DAYS * N_A_DAY);
    gint outcome = g_rand_int_range(world->rand, 0, 3);

    r->seq = ++world->seq[station];
    r->prev = g_strdup(world->prev[station]);
    r->kind = outcome == 0 ? CONTENT_RECORD_MISSED : CONTENT_RECORD_PLAYED;
    r->boot = g_strdup(BOOT);
    r->at_us = start_us(number) + LENGTH_US;
    r->segment = segment_id(station, number);
    r->zone = g_strdup(world->told[station] % 2 == 0 ? "a" : "b");
    r->planned_start_us = start_us(number);
    r->planned_end_us = start_us(number) + LENGTH_US;
    if (outcome > 0) {
        r->actual_start_us = start_us(number);
        r->actual_end_us = start_us(number) + LENGTH_US / (outcome == 1 ? 1 : 3);
        r->relay = CONTENT_RELAY_CLOSED;
        r->level_mdb = -20000;
    } else {
        r->reason = CONTENT_REASON_OBJECT_MISSING;
    }
    world->told[station]++;
    bytes = content_document_write(&content_record_type, r, &error);
    g_assert_no_error(error);
    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void
tell_record(SchedTxn *txn, World *world, guint station)
{
    g_autofree char *raw = make_record(world, station);
    g_autoptr(GPtrArray) part = g_ptr_array_new();
    const ContentRecords batch = {(char *) stations[station], (char *) "j", world->seq[station],
                                  FALSE, part};
    SchedIngest result = {0};

    g_ptr_array_add(part, raw);
    assert_done(sched_store_records_ingest(txn, &batch, &result, &problem));
    g_assert_cmpint(result.n_unreadable, ==, 0);
    g_free(world->prev[station]);
    world->prev[station] = content_sha256_hex(raw, strlen(raw));
}

static void
be_heard(SchedTxn *txn, World *world, guint station)
{
    assert_done(sched_sql_run(
        txn, "UPDATE station_states SET hello_us = $2, contact_us = $2 WHERE station = $1",
        &problem, "ti", stations[station], world->now_us));
}

static void
be_down(SchedTxn *txn, World *world, guint station)
{
    gint64 from_us = world->now_us - g_rand_int_range(world->rand, 1, 300) * MIN_US;

    assert_done(
        sched_sql_run(txn,
                      "INSERT OR IGNORE INTO down_spans (station, from_us, to_us, reason) "
                      "VALUES ($1, $2, $3, 'no_power')",
                      &problem, "tii", stations[station], from_us, world->now_us));
}

static void
judge_due(SchedTxn *txn, World *world)
{
    g_clear_pointer(&world->days, g_ptr_array_unref);
    world->days = sched_store_figures_due(txn, world->now_us, 4, NULL);
    g_assert_nonnull(world->days);
    for (guint i = 0; i < world->days->len; i++)
        assert_done(sched_store_figures_judge(txn, g_ptr_array_index(world->days, i),
                                              world->now_us, &problem));
}

static void
keep_judged(SchedTxn *txn, World *world)
{
    for (guint i = 0; world->days != NULL && i < world->days->len; i++)
        assert_done(sched_store_figures_keep(txn, g_ptr_array_index(world->days, i),
                                             world->now_us, &problem));
    g_clear_pointer(&world->days, g_ptr_array_unref);
}

/* --- comparing ------------------------------------------------------------------------------
 */

/* "village: planned heard delivered …" of all verdicts of the dates */
static char *
by_records(SchedTxn *txn, const World *world, guint from, guint to)
{
    static const char *const villages[] = {"ia-blu-a", "ia-le-a", "ia-le-b"};
    g_autoptr(GString) text = g_string_new(NULL);

    for (gsize v = 0; v < G_N_ELEMENTS(villages); v++) {
        gint64 planned_us = 0, heard_us = 0, n[SCHED_DELIVERY_QUIET + 1] = {0};

        for (guint day = from; day <= to; day++) {
            g_autoptr(GPtrArray) troubles = g_ptr_array_new();
            g_autoptr(GPtrArray) all = sched_store_delivery(txn, villages[v], dates[day],
                                                            world->now_us, troubles, NULL);

            for (guint i = 0; i < all->len; i++) {
                const SchedDelivery *d = g_ptr_array_index(all, i);

                planned_us += d->planned_us;
                heard_us += d->heard_us;
                n[d->state]++;
            }
        }
        g_string_append_printf(text, "%s: %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, villages[v],
                               planned_us, heard_us);
        for (gsize i = 0; i < G_N_ELEMENTS(n); i++)
            g_string_append_printf(text, " %" G_GINT64_FORMAT, n[i]);
        g_string_append_c(text, '\n');
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static gint
compare_keys(gconstpointer a, gconstpointer b)
{
    return strcmp((*(const SchedFigureSum *const *) a)->key,
                  (*(const SchedFigureSum *const *) b)->key);
}

static char *
by_figures(SchedTxn *txn, const World *world, const char *from, const char *to)
{
    g_autoptr(GString) text = g_string_new(NULL);
    gint64 n_due = -1;
    g_autoptr(GPtrArray) rows =
        sched_store_figures_report(txn, from, to, "chu-puh", SCHED_FIGURES_BY_VILLAGE,
                                   world->now_us, &n_due, NULL);

    g_assert_nonnull(rows);
    g_assert_cmpint(n_due, ==, 0);
    g_ptr_array_sort(rows, compare_keys);
    for (guint i = 0; i < rows->len; i++) {
        const SchedFigureSum *r = g_ptr_array_index(rows, i);

        g_string_append_printf(text,
                               "%s: %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                               " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                               " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                               r->key, r->planned_us, r->heard_us, r->n_delivered, r->n_partial,
                               r->n_missed, r->n_waiting, r->n_no_contact, r->n_quiet);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The report with each day apart, added up: what the rows of the days come to. */
static char *
by_days(SchedTxn *txn, const char *from, const char *to, SchedFiguresBy by)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GHashTable) sums = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GList) keys = NULL;
    g_autoptr(GPtrArray) rows = sched_store_figures_days(txn, from, to, "chu-puh", by, NULL);

    g_assert_nonnull(rows);
    for (guint i = 0; i < rows->len; i++) {
        SchedFigureSum *r = g_ptr_array_index(rows, i),
                       *sum = g_hash_table_lookup(sums, r->key);

        g_assert_nonnull(r->date);
        g_assert_cmpstr(r->date, >=, from);
        g_assert_cmpstr(r->date, <=, to);
        if (sum == NULL) {
            g_hash_table_insert(sums, r->key, r);
            continue;
        }
        sum->heard_us += r->heard_us;
        sum->n_delivered += r->n_delivered;
        sum->n_missed += r->n_missed;
    }
    keys = g_list_sort(g_hash_table_get_keys(sums), (GCompareFunc) strcmp);
    for (GList *key = keys; key != NULL; key = key->next) {
        const SchedFigureSum *r = g_hash_table_lookup(sums, key->data);

        g_string_append_printf(text,
                               "%s: %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                               "\n",
                               r->key, r->heard_us, r->n_delivered, r->n_missed);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The same of the report itself. */
static char *
by_sums(SchedTxn *txn, const World *world, const char *from, const char *to, SchedFiguresBy by)
{
    g_autoptr(GString) text = g_string_new(NULL);
    gint64 n_due = -1;
    g_autoptr(GPtrArray) rows =
        sched_store_figures_report(txn, from, to, "chu-puh", by, world->now_us, &n_due, NULL);

    g_assert_nonnull(rows);
    g_ptr_array_sort(rows, compare_keys);
    for (guint i = 0; i < rows->len; i++) {
        const SchedFigureSum *r = g_ptr_array_index(rows, i);

        g_assert_null(r->date);
        g_string_append_printf(text,
                               "%s: %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                               "\n",
                               r->key, r->heard_us, r->n_delivered, r->n_missed);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* A week, Monday to Sunday, by whatever a row is: its days add up to it. */
static void
assert_week(SchedTxn *txn, const World *world)
{
    for (gint by = SCHED_FIGURES_BY_VILLAGE; by <= SCHED_FIGURES_BY_CATEGORY; by++) {
        g_autofree char *days = by_days(txn, "2026-03-02", "2026-03-08", (SchedFiguresBy) by);
        g_autofree char *sums =
            by_sums(txn, world, "2026-03-02", "2026-03-08", (SchedFiguresBy) by);

        g_assert_cmpstr(days, ==, sums);
        g_assert_cmpstr(days, !=, "");
    }
}

static void
settle(SchedTxn *txn, World *world)
{
    keep_judged(txn, world);
    for (guint round = 0; round < 100; round++) {
        judge_due(txn, world);
        if (world->days->len == 0)
            return;
        keep_judged(txn, world);
    }
    g_error("days are due for ever");
}

static void
assert_equal(SchedTxn *txn, World *world)
{
    g_autofree char *days = NULL, *day = NULL, *month = NULL, *all = NULL, *one = NULL;
    g_autofree char *week = NULL, *other = NULL;

    settle(txn, world);
    all = by_records(txn, world, 0, N_DAYS - 1);
    one = by_records(txn, world, 1, 1);
    days = by_figures(txn, world, dates[0], dates[N_DAYS - 1]);
    day = by_figures(txn, world, dates[1], dates[1]);
    month = by_figures(txn, world, "2026-03-01", "2026-03-31");
    week = by_figures(txn, world, "2026-03-02", "2026-03-08");
    other = by_figures(txn, world, "2026-03-09", "2026-03-15");
    g_assert_cmpstr(days, ==, all);
    g_assert_cmpstr(day, ==, one);
    g_assert_cmpstr(week, ==, all);
    g_assert_cmpstr(other, ==, "");
    g_assert_cmpstr(month, ==, all);
    assert_week(txn, world);
}

/* --- cases ----------------------------------------------------------------------------------
 */

static void
step(SchedTxn *txn, World *world)
{
    guint station = (guint) g_rand_int_range(world->rand, 0, 2);

    switch (g_rand_int_range(world->rand, 0, 8)) {
    case 0:
    case 1:
        tell_record(txn, world, station);
        break;
    case 2:
        be_heard(txn, world, station);
        break;
    case 3:
        be_down(txn, world, station);
        break;
    case 4:
        world->now_us += g_rand_int_range(world->rand, 1, 200) * MIN_US;
        break;
    case 5:
    case 6:
        judge_due(txn, world);
        break;
    default:
        keep_judged(txn, world);
        break;
    }
}

static gboolean
random_body(SchedTxn *txn, gpointer data, GError **error)
{
    World *world = data;

    issue_body(txn, NULL, NULL);
    assert_done(sched_store_figures_open(txn, FIRST_US, &problem));
    for (guint i = 0; i < 120; i++)
        step(txn, world);
    /* Long after, nothing is still to come. */
    world->now_us = MAX(world->now_us, FIRST_US + (N_DAYS + 2) * DAY);
    assert_done(sched_store_figures_open(txn, world->now_us, &problem));
    assert_equal(txn, world);
    /* What comes a month late counts, too. */
    world->now_us += 30 * DAY;
    be_heard(txn, world, 0);
    world->now_us += 10 * MIN_US;
    for (guint i = 0; i < 10; i++)
        tell_record(txn, world, 0);
    assert_equal(txn, world);
    return TRUE;
}

static void
test_equal(void)
{
    for (guint32 seed = 1; seed <= 12; seed++) {
        g_autoptr(TempStore) temp = temp_store_new_district();
        World world = {.rand = g_rand_new_with_seed(seed), .now_us = FIRST_US - HOUR};

        g_test_message("seed %u", seed);
        for (guint i = 0; i < 2; i++)
            world.prev[i] = g_strdup(CONTENT_RECORD_NO_PREVIOUS);
        temp_store_run(temp, random_body, &world);
        for (guint i = 0; i < 2; i++)
            g_free(world.prev[i]);
        g_clear_pointer(&world.days, g_ptr_array_unref);
        g_rand_free(world.rand);
    }
}

/* A record that comes while its day is being judged is not lost. */
static gboolean
between_body(SchedTxn *txn, gpointer data, GError **error)
{
    World *world = data;

    issue_body(txn, NULL, NULL);
    world->now_us = FIRST_US + 10 * DAY;
    assert_done(sched_store_figures_open(txn, world->now_us, &problem));
    judge_due(txn, world);
    tell_record(txn, world, 0);
    keep_judged(txn, world);
    assert_equal(txn, world);
    return TRUE;
}

static void
test_between(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();
    World world = {.rand = g_rand_new_with_seed(1)};

    for (guint i = 0; i < 2; i++)
        world.prev[i] = g_strdup(CONTENT_RECORD_NO_PREVIOUS);
    temp_store_run(temp, between_body, &world);
    for (guint i = 0; i < 2; i++)
        g_free(world.prev[i]);
    g_rand_free(world.rand);
}

static gboolean
span_body(SchedTxn *txn, gpointer data, GError **error)
{
    static const struct {
        const char *why, *from, *to;
        gboolean is_good;
    } cases[] = {
        {"one day", "2026-03-02", "2026-03-02", TRUE},
        {"a month", "2026-02-01", "2026-02-28", TRUE},
        {"a year", "2026-01-01", "2026-12-31", TRUE},
        {"backwards", "2026-03-02", "2026-03-01", FALSE},
        {"more than a year", "2026-01-01", "2027-01-02", FALSE},
        {"no date", "2026-02-30", "2026-03-01", FALSE},
        {"no date either", "2026-02-01", "soon", FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) problem = NULL;
        gint64 n_due;
        g_autoptr(GPtrArray) rows =
            sched_store_figures_report(txn, cases[i].from, cases[i].to, NULL,
                                       SCHED_FIGURES_BY_LANGUAGE, NOW, &n_due, &problem);

        g_test_message("%s", cases[i].why);
        g_assert_true((rows != NULL) == cases[i].is_good);
        if (!cases[i].is_good)
            g_assert_error(problem, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID);
    }
    return TRUE;
}

static void
test_span(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, span_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/store/figures/equal-the-records", test_equal);
    g_test_add_func("/scheduler/store/figures/between", test_between);
    g_test_add_func("/scheduler/store/figures/span", test_span);
    return g_test_run();
}
