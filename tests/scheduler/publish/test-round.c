/* test-round.c - rounds of publishing: what is issued, what is not, and whom a trouble stops.
 */
#include "scheduler/publish/round.h"

#include "content/manifest.h"
#include "scheduler/publish/patience.h"
#include "scheduler/publish/publisher.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/outbox.h"
#include "scheduler/store/quiets.h"
#include "scheduler/store/slots.h"
#include "scheduler/store/stations.h"
#include "tests/support/fake-clock.h"
#include "tests/support/programme.h"
#include "tests/support/port.h"
#include "tests/support/scratch.h"
#include "tests/support/station-line.h"
#include "tests/support/wait.h"

#include <string.h>

#define NOW  TEMP_STORE_NOW_US
#define HOUR (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define LE   "ia-le"
#define BLU  "ia-blu"

typedef struct {
    TempStore *temp;
    SchedKeys *signers;
    char *folder;
    char *keys;
    gint64 now_us;
} Fixture;

static gboolean
fill_body(SchedTxn *txn, gpointer data, GError **error)
{
    ((Fixture *) data)->keys = programme_fill(txn);
    return TRUE;
}

static SchedKeys *
make_signers(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "keys", NULL);
    g_autoptr(ContentSealKey) root = content_seal_key_generate();
    g_autoptr(GError) error = NULL;
    SchedKeys *signers;

    g_assert_true(sched_keys_create(path, root, NOW, &error));
    signers = sched_keys_open(path, &error);
    g_assert_no_error(error);
    return signers;
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->temp = temp_store_new_district();
    f->folder = test_scratch_new();
    f->signers = make_signers(f->folder);
    f->now_us = NOW;
    temp_store_run(f->temp, fill_body, f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    temp_store_free(f->temp);
    sched_keys_free(f->signers);
    test_scratch_free(f->folder);
    g_free(f->keys);
}

/* @renew: (nullable): a station that is due */
static SchedRound *
run_round(Fixture *f, const char *renew)
{
    SchedRound *round =
        sched_round_new(f->temp->store, sched_keys_signer(f->signers, CONTENT_ROLE_MANIFEST),
                        f->keys, f->now_us);
    g_autoptr(GError) error = NULL;

    if (renew != NULL)
        g_hash_table_add(round->renew, g_strdup(renew));
    g_assert_true(sched_round_run(round, &error));
    g_assert_no_error(error);
    return round;
}

static gint
compare_words(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* What was issued, as "station version; …", in the order of stations. */
static char *
issued_words(const SchedRound *round)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < round->issued->len; i++) {
        const SchedIssued *issued = g_ptr_array_index(round->issued, i);

        g_ptr_array_add(words,
                        g_strdup_printf("%s %d", issued->station, (int) issued->version));
    }
    g_ptr_array_sort(words, compare_words);
    g_ptr_array_add(words, NULL);
    return g_strjoinv("; ", (char **) words->pdata);
}

static void
expect(Fixture *f, const char *renew, const char *expected)
{
    g_autoptr(SchedRound) round = run_round(f, renew);
    g_autofree char *words = issued_words(round);

    g_assert_cmpuint(round->troubles->len, ==, 0);
    g_assert_cmpstr(words, ==, expected);
}

static gboolean
outbox_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_outbox_list(txn, 100, error);
    GString *words = data;

    for (guint i = 0; i < rows->len; i++) {
        const SchedOutboxRow *row = g_ptr_array_index(rows, i);

        if (strstr(words->str, row->station) == NULL)
            g_string_append_printf(words, "%s ", row->station);
    }
    return TRUE;
}

static void
expect_waiting(Fixture *f, const char *expected)
{
    g_autoptr(GString) words = g_string_new(NULL);

    temp_store_look(f->temp, outbox_body, words);
    g_assert_cmpstr(words->str, ==, expected);
}

/* ---- issued when something changed, and not otherwise ---- */

static gboolean
put_again_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedStationRow) station = sched_store_station_get(txn, LE, error);
    g_autoptr(GPtrArray) zones = sched_store_zone_list(txn, LE, error);
    g_autoptr(SchedSlotRow) slot = sched_store_slot_get(txn, "s", error);

    assert_done(sched_store_station_put(txn, station, &problem));
    for (guint i = 0; i < zones->len; i++)
        assert_done(sched_store_zone_put(txn, g_ptr_array_index(zones, i), &problem));
    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_slot_put(txn, slot, -1, &problem));
    return TRUE;
}

static gboolean
stop_body(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_store_slot_stop(txn, "s", error);
}

static void
test_only_changes(Fixture *f, gconstpointer data)
{
    expect(f, NULL, "ia-blu 1; ia-le 1");
    expect_waiting(f, "");
    expect(f, NULL, "");
    temp_store_run(f->temp, put_again_body, NULL);
    expect_waiting(f, "ia-le ");
    expect(f, NULL, "");
    expect_waiting(f, "");
    temp_store_run(f->temp, stop_body, NULL);
    expect(f, NULL, "ia-le 2");
}

static void
test_renewal(Fixture *f, gconstpointer data)
{
    expect(f, NULL, "ia-blu 1; ia-le 1");
    f->now_us += 20 * HOUR;
    expect(f, BLU, "ia-blu 2");
    expect(f, BLU, "ia-blu 3");
    expect(f, "no-such-station", "");
}

/* ---- silence on request ---- */

static gboolean
ask_body(SchedTxn *txn, gpointer data, GError **error)
{
    const SchedQuietRow *row = data;

    temp_store_as(txn, "approver", NOW);
    return sched_store_quiet_add(txn, row, error);
}

static gboolean
end_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_as(txn, "approver-2", NOW + HOUR);
    return sched_store_quiet_end(txn, data, error);
}

/* What is kept as left out on the first day: "a jra funeral approver; …". */
static gboolean
silenced_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_silenced_list(txn, LE, "2026-03-02", error);
    GString *words = data;

    g_assert_no_error(*error);
    for (guint i = 0; i < rows->len; i++) {
        const SchedSilence *row = g_ptr_array_index(rows, i);

        g_assert_cmpint(row->start_us, >=, PROGRAMME_START_US);
        g_string_append_printf(words, "%s %s %s %s; ", row->zone, row->language, row->why,
                               row->quiet);
    }
    return TRUE;
}

static void
expect_silenced(Fixture *f, const char *expected)
{
    g_autoptr(GString) words = g_string_new(NULL);

    temp_store_look(f->temp, silenced_body, words);
    g_assert_cmpstr(words->str, ==, expected);
}

static void
test_quiet(Fixture *f, gconstpointer data)
{
    const SchedQuietRow zone = {.id = (char *) "q1",
                                .area = (char *) "",
                                .station = (char *) LE,
                                .zone = (char *) "a",
                                .until_us = NOW + 24 * HOUR,
                                .reason = SCHED_QUIET_FUNERAL,
                                .words = (char *) ""};
    SchedQuietRow again = zone;

    expect(f, NULL, "ia-blu 1; ia-le 1");
    expect_silenced(f, "");
    temp_store_run(f->temp, ask_body, (gpointer) &zone);
    expect_waiting(f, "ia-le ");
    expect(f, NULL, "ia-le 2");
    expect_silenced(f, "a jra funeral q1; a vi funeral q1; ");
    /* The same silence once more is no other plan, and the first who asked is the one told. */
    again.id = (char *) "q2";
    again.reason = SCHED_QUIET_EXAM;
    temp_store_run(f->temp, ask_body, &again);
    expect(f, NULL, "");
    expect_silenced(f, "a jra funeral q1; a vi funeral q1; ");
    /* Ended an hour later: for the second one's reason alone it is silent still. */
    f->now_us = NOW + HOUR;
    temp_store_run(f->temp, end_body, (gpointer) "q1");
    expect(f, NULL, "");
    expect_silenced(f, "a jra exam q2; a vi exam q2; ");
    temp_store_run(f->temp, end_body, (gpointer) "q2");
    expect(f, NULL, "ia-le 3");
    expect_silenced(f, "");
}

/* What was left out stays told, though the request is over and the slot is gone. */
static void
test_quiet_past(Fixture *f, gconstpointer data)
{
    const SchedQuietRow commune = {.id = (char *) "q",
                                   .area = (char *) LE,
                                   .station = (char *) "",
                                   .zone = (char *) "",
                                   .until_us = NOW + 24 * HOUR,
                                   .reason = SCHED_QUIET_OTHER,
                                   .words = (char *) "lễ bỏ mả"};
    static const char all[] = "a jra other q; b bdq other q; a vi other q; b vi other q; ";
    g_autoptr(GString) words = g_string_new(NULL);

    temp_store_run(f->temp, ask_body, (gpointer) &commune);
    expect(f, NULL, "ia-blu 1; ia-le 1");
    temp_store_look(f->temp, silenced_body, words);
    g_assert_cmpuint(strlen(words->str), ==, strlen(all));
    f->now_us = NOW + 20 * HOUR;
    temp_store_run(f->temp, stop_body, NULL);
    expect(f, NULL, "ia-le 2");
    expect_silenced(f, words->str);
}

/* ---- a restored district ---- */

static gboolean
hello_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *boot = g_strnfill(32, 'b');
    const SchedStationStateRow hello = {.station = (char *) LE,
                                        .boot = boot,
                                        .hello_us = NOW,
                                        .floor = 50,
                                        .inventory = (char *) "",
                                        .reads = (char *) "[]",
                                        .player_version = (char *) "0.1.0"};

    return sched_store_station_hello(txn, &hello, error);
}

static gboolean
overtaken_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_audit_list(txn, LE, 0, 2, error);
    const SchedAuditRow *row = g_ptr_array_index(rows, 1); /* below it: issued */

    g_assert_cmpstr(row->action, ==, "manifest.overtake");
    g_assert_cmpstr(row->detail, ==, "{\"floor\":50,\"newest\":1}");
    return TRUE;
}

static void
test_floor_above(Fixture *f, gconstpointer data)
{
    expect(f, NULL, "ia-blu 1; ia-le 1");
    temp_store_run(f->temp, hello_body, NULL);
    expect(f, LE, "ia-le 51");
    temp_store_look(f->temp, overtaken_body, NULL);
    expect(f, LE, "ia-le 52");
}

/* ---- trouble ---- */

static gboolean
exec_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn, data);
    return TRUE;
}

typedef struct {
    const char *why;
    const char *breaks, *mends;
    const char *words;
} Trouble;

/* clang-format off */
static const Trouble troubles[] = {
    { "settings that no document can hold",
      "UPDATE stations SET name = hex(zeroblob(2000)) WHERE id = 'ia-blu'",
      "UPDATE stations SET name = 'Ia Blu' WHERE id = 'ia-blu'", "name" },
    { "a store that refuses what was compiled",
      "CREATE TRIGGER refuse BEFORE INSERT ON manifests WHEN NEW.station = 'ia-blu' "
      "BEGIN SELECT RAISE(ABORT, 'rule: not this one'); END",
      "DROP TRIGGER refuse", "not this one" },
    { "a station in no time zone",
      "UPDATE stations SET tzid = 'Mars/Olympus' WHERE id = 'ia-blu'",
      "UPDATE stations SET tzid = 'Asia/Ho_Chi_Minh' WHERE id = 'ia-blu'", "Mars/Olympus" },
};

#define ZONE(zone, switch_ms)                                                                  \
    "{\"has_sense\":false,\"id\":\"" zone "\",\"max_on_s\":3600,\"output\":\"main\",\"switch_ms\":"      \
    switch_ms ",\"tail_ms\":0,\"warm_up_ms\":0}"
#define INVENTORY(zones)                                                                       \
    "{\"type\":\"inventory\",\"v\":1,\"version\":\"0.1.0\",\"zones\":[" zones "]}"
#define HELLO(station, inventory)                                                              \
    "INSERT INTO station_states (station, contact_us, inventory) VALUES (" station ", 1, '"    \
    inventory "')"
/* One bad row of each kind that the store would let through. */
static const struct {
    const char *why, *breaks, *words;
} bad_rows[] = {
    { "a rule outside the subset", "UPDATE slots SET rule = 'FREQ=SECONDLY'", "slot s: the rule cannot be followed (\"FREQ" },
    { "a first date that is none", "UPDATE slots SET first_date = '2026-02-30'",
      "slot s: cannot be read (\"first date '2026-02-30'" },
    { "a slot in no time zone", "UPDATE slots SET tzid = 'Mars/Olympus'", "slot s: unknown time" },
    { "a language nobody knows", "UPDATE zone_languages SET language = 'km' WHERE position = 0",
      "unknown language \"km\"" },
    { "an approval that nobody can read", "DROP TRIGGER documents_approved; UPDATE documents SET body = x'7b' WHERE hash IN (SELECT hash FROM approvals)",
      "announcement" },
    { "a zone that the gateway does not have", HELLO("'ia-le'", INVENTORY(ZONE("a", "700"))),
      "zone ia-le/b: the station's gateway has no such zone" },
    { "a zone that only the gateway has", HELLO("'ia-blu'", INVENTORY(ZONE("x", "700"))),
      "zone ia-blu/x: the station's gateway has it, the district does not" },
    { "an inventory that nobody can read",
      "INSERT INTO station_states (station, contact_us, inventory) VALUES ('ia-blu', 1, '{')",
      "inventory ia-blu: " },
};
/* clang-format on */

static void
test_one_troubled(Fixture *f, gconstpointer data)
{
    const Trouble *t = data;
    g_autoptr(SchedRound) round = NULL;
    g_autofree char *words = NULL;
    const SchedRoundTrouble *trouble;

    g_test_message("%s", t->why);
    temp_store_run(f->temp, exec_body, (gpointer) t->breaks);
    round = run_round(f, NULL);
    words = issued_words(round);
    g_assert_cmpstr(words, ==, "ia-le 1");
    g_assert_cmpuint(round->troubles->len, ==, 1);
    trouble = g_ptr_array_index(round->troubles, 0);
    g_assert_cmpstr(trouble->station, ==, BLU);
    g_assert_nonnull(strstr(trouble->words, t->words));
    expect_waiting(f, "ia-blu ");

    temp_store_run(f->temp, exec_body, (gpointer) t->mends);
    expect(f, NULL, "ia-blu 1");
    expect_waiting(f, "");
}

static void
test_left_out(Fixture *f, gconstpointer data)
{
    for (gsize i = 0; i < G_N_ELEMENTS(bad_rows); i++) {
        g_autoptr(SchedRound) round = NULL;
        g_autofree char *words = NULL, *left = NULL;
        g_autoptr(GString) all = g_string_new(NULL);

        g_test_message("%s", bad_rows[i].why);
        if (i > 0) {
            tear_down(f, NULL);
            set_up(f, NULL);
        }
        temp_store_run(f->temp, exec_body, (gpointer) bad_rows[i].breaks);
        round = run_round(f, NULL);
        words = issued_words(round);
        g_assert_cmpstr(words, ==, "ia-blu 1; ia-le 1");
        for (guint j = 0; j < round->left_out->len; j++)
            g_string_append(all,
                            ((SchedTrouble *) g_ptr_array_index(round->left_out, j))->words);
        g_test_message("%s", all->str);
        g_assert_nonnull(strstr(all->str, bad_rows[i].words));
        g_assert_cmpuint(round->troubles->len, ==, 0);
    }
}

/* ---- what a station's gateway can switch ---- */

static gboolean
inventory_body(SchedTxn *txn, gpointer data, GError **error)
{
    const SchedStationStateRow hello = {.station = (char *) LE,
                                        .boot = (char *) "b",
                                        .hello_us = NOW,
                                        .inventory = data,
                                        .reads = (char *) "[]",
                                        .player_version = (char *) "0.1.0"};

    return sched_store_station_hello(txn, &hello, error);
}

/* Other switch times are another plan; the same ones, or none, are no news. */
static void
test_inventory(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *why, *inventory, *waiting, *issued;
    } cases[] = {
        {"the first", INVENTORY(ZONE("a", "700") "," ZONE("b", "700")), "ia-le ", "ia-le 2"},
        {"the same again", INVENTORY(ZONE("a", "700") "," ZONE("b", "700")), "", ""},
        {"a player without its gateway", "", "", ""},
        {"it is back", INVENTORY(ZONE("a", "700") "," ZONE("b", "700")), "", ""},
        {"slower", INVENTORY(ZONE("a", "700") "," ZONE("b", "2500")), "ia-le ", "ia-le 3"},
        {"a zone less", INVENTORY(ZONE("b", "2500")), "ia-le ", "ia-le 4"},
    };

    expect(f, NULL, "ia-blu 1; ia-le 1");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        temp_store_run(f->temp, inventory_body, (gpointer) cases[i].inventory);
        expect_waiting(f, cases[i].waiting);
        expect(f, NULL, cases[i].issued);
    }
}

/* ---- the publisher around it: who is due and gets nothing must not be due at once again ----
 */

typedef struct {
    guint n_issued, n_troubles;
} Counts;

static void
on_issued(const char *station, gint64 version, const char *reason, gpointer data)
{
    ((Counts *) data)->n_issued++;
}

static void
on_trouble(const char *station, const char *words, gpointer data)
{
    ((Counts *) data)->n_troubles++;
}

static const SchedPublisherEvents publisher_events = {on_issued, on_trouble};

static void
on_up(const SchedLinkBroker *broker, gpointer data)
{
}

static void
on_down(const SchedLinkBroker *broker, const char *words, gpointer data)
{
}

static void
on_heard(GPtrArray *messages, gpointer data)
{
}

static const SchedLinkEvents link_events = {on_up, on_down, on_heard};

/* Time passes; what becomes due is worked off. */
static void
pass(ContentClock *clock, SchedPublisher *publisher, gint64 by_us)
{
    fake_clock_advance(clock, by_us);
    TEST_WAIT_UNTIL(sched_publisher_is_idle(publisher));
}

static gboolean
retire_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedStationRow) row = sched_store_station_get(txn, BLU, error);

    row->retired = TRUE;
    return sched_store_station_put(txn, row, error);
}

static gboolean
unbox_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn, "DELETE FROM outbox");
    return TRUE;
}

static void
check_calm(Fixture *f, SchedLink *link, SchedWork body, gpointer data, guint n_troubles)
{
    ContentClock *clock = fake_clock_new(NOW);
    Counts counts = {0};
    gint64 due_us;
    g_autoptr(GError) error = NULL;
    SchedPublisher *publisher = sched_publisher_new(f->temp->store, f->signers, f->keys, clock,
                                                    &publisher_events, &counts, &error);

    g_assert_no_error(error);
    sched_publisher_start(publisher, link);
    TEST_WAIT_UNTIL(counts.n_issued == 2 && sched_publisher_is_idle(publisher));
    temp_store_run(f->temp, body, data);
    temp_store_run(f->temp, unbox_body, NULL);
    TEST_WAIT_UNTIL(sched_publisher_is_idle(publisher));
    /* Past the latest renewal: one station is renewed, the other cannot be. */
    pass(clock, publisher, 25 * HOUR);
    pass(clock, publisher, 0);
    g_assert_cmpuint(counts.n_issued, ==, 3);
    g_assert_cmpuint(counts.n_troubles, ==, n_troubles);
    /* Whatever comes next is not due at once; a trouble is tried again and not given up. */
    due_us = content_clock_utc_us(clock) + SCHED_PATIENCE_FIRST_US;
    g_assert_true(fake_clock_advance_to_next(clock));
    TEST_WAIT_UNTIL(sched_publisher_is_idle(publisher));
    g_assert_cmpint(content_clock_utc_us(clock), >=, due_us);
    g_assert_cmpuint(counts.n_troubles, ==, n_troubles); /* told once */
    g_assert_cmpuint(counts.n_issued, ==, 3);
    sched_publisher_free(publisher);
    content_clock_free(clock);
}

static void
test_calm(Fixture *f, gconstpointer data)
{
    const SchedLinkBroker nowhere = {"127.0.0.1", test_free_port()};
    const SchedLinkOptions options = {"/nowhere/ca", "/nowhere/chain", "/nowhere/key", 60000,
                                      60000};
    SchedLink *link = sched_link_new(&nowhere, 1, &options, &link_events, NULL);

    if (data == NULL)
        check_calm(f, link, retire_body, NULL, 0);
    else
        check_calm(f, link, exec_body, (gpointer) ((const Trouble *) data)->breaks, 1);
    sched_link_free(link);
}

/* ---- a trouble that lasts ---- */

#define N_MANY 600

/* More stations in trouble than one round takes, beside the two that are well. */
static gboolean
many_troubled_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(
        txn, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) "
             "INSERT INTO stations (id, name, area, tzid, heartbeat_s, fetch_kbit_s, "
             "night_from_min, night_to_min, large_bytes, gain_cap_mdb, retired) "
             "SELECT 'bad-' || i, 'x', area, 'Mars/Olympus', heartbeat_s, fetch_kbit_s, "
             "night_from_min, night_to_min, large_bytes, gain_cap_mdb, 0 FROM n, stations "
             "WHERE id = 'ia-blu'");
    return sched_store_outbox_add(txn, NULL, "test", error);
}

static gboolean
change_body(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_store_outbox_add(txn, data, "test", error);
}

/* Rounds end, the others are served, and each further try comes later. */
static void
check_patience(Fixture *f, SchedLink *link)
{
    ContentClock *clock = fake_clock_new(NOW);
    Counts counts = {0};
    gint64 begin_us = content_clock_monotonic_us(clock);
    guint n_alarms = 0;
    g_autoptr(GError) error = NULL;
    SchedPublisher *publisher;

    temp_store_run(f->temp, many_troubled_body, NULL);
    publisher = sched_publisher_new(f->temp->store, f->signers, f->keys, clock,
                                    &publisher_events, &counts, &error);
    g_assert_no_error(error);
    sched_publisher_start(publisher, link);
    TEST_WAIT_UNTIL(counts.n_issued == 2 && sched_publisher_is_idle(publisher));
    g_assert_cmpuint(counts.n_troubles, ==, N_MANY);
    for (; content_clock_monotonic_us(clock) - begin_us < HOUR; n_alarms++) {
        g_assert_true(fake_clock_advance_to_next(clock));
        TEST_WAIT_UNTIL(sched_publisher_is_idle(publisher));
    }
    g_test_message("%u tries of %d stations in an hour", n_alarms, N_MANY);
    g_assert_cmpuint(n_alarms, <=, 20);
    g_assert_cmpuint(counts.n_troubles, ==, N_MANY); /* told once each */
    /* Mended, and that concerns it: tried at once, not when its time has come. */
    temp_store_run(
        f->temp, exec_body,
        (gpointer) "UPDATE stations SET tzid = 'Asia/Ho_Chi_Minh' WHERE id = 'bad-7'");
    temp_store_run(f->temp, change_body, (gpointer) "bad-7");
    TEST_WAIT_UNTIL(counts.n_issued == 3 && sched_publisher_is_idle(publisher));
    sched_publisher_free(publisher);
    content_clock_free(clock);
}

static void
test_patience(Fixture *f, gconstpointer data)
{
    const SchedLinkBroker nowhere = {"127.0.0.1", test_free_port()};
    const SchedLinkOptions options = {"/nowhere/ca", "/nowhere/chain", "/nowhere/key", 60000,
                                      60000};
    SchedLink *link = sched_link_new(&nowhere, 1, &options, &link_events, NULL);

    check_patience(f, link);
    sched_link_free(link);
}

/* --- a disk that fills up in the middle ------------------------------------------------------
 */

#define N_CROWD 130

static gboolean
many_body(SchedTxn *txn, gpointer data, GError **error)
{
    for (guint i = 0; i < N_CROWD; i++) {
        g_autoptr(SchedStationRow) station = sched_station_row_new();

        station->id = g_strdup_printf("tram-%03u", i);
        station->name = g_strdup(station->id);
        g_free(station->area);
        station->area = g_strdup("ia-le");
        assert_done(sched_store_station_put(txn, station, &problem));
    }
    return TRUE;
}

/* @data: how many pages more the file may take; -1: as many as it likes */
static gboolean
limit_body(SchedTxn *txn, gpointer data, GError **error)
{
    gint more = *(const gint *) data;
    gint64 n_pages = 0;
    g_autofree char *sql = NULL;

    g_assert_true(sched_sql_int(txn, "PRAGMA page_count", &n_pages, error, ""));
    sql = g_strdup_printf("PRAGMA max_page_count = %" G_GINT64_FORMAT,
                          more < 0 ? 1073741823 : n_pages + more);
    temp_store_exec(txn, sql);
    return TRUE;
}

static void
note_issued(GHashTable *issued, const SchedRound *round)
{
    for (guint i = 0; i < round->issued->len; i++) {
        const SchedIssued *one = g_ptr_array_index(round->issued, i);

        g_assert_true(g_hash_table_add(issued, g_strdup(one->station)));
    }
}

/* What was kept before is told, and the rest neither lost nor issued twice. */
static void
test_disk_full(Fixture *f, gconstpointer data)
{
    g_autoptr(GHashTable) issued = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(SchedRound) first = NULL, second = NULL, third = NULL;
    g_autoptr(GError) error = NULL;
    gint more = 300;
    const ContentSealKey *key = sched_keys_signer(f->signers, CONTENT_ROLE_MANIFEST);

    temp_store_run(f->temp, many_body, NULL);
    temp_store_run(f->temp, limit_body, &more);
    first = sched_round_new(f->temp->store, key, f->keys, f->now_us);
    g_hash_table_add(first->renew, g_strdup("tram-129"));
    g_assert_true(sched_round_run(first, &error));
    g_assert_no_error(error);
    note_issued(issued, first);
    g_assert_cmpuint(first->issued->len, >, 0);
    g_assert_cmpuint(first->issued->len, <, N_CROWD);
    g_assert_cmpuint(first->settled->len, ==, first->issued->len);
    g_assert_true(first->has_more);
    g_assert_cmpuint(first->left->len, ==, 1);
    g_assert_cmpstr(g_ptr_array_index(first->left, 0), ==, "tram-129");

    second = sched_round_new(f->temp->store, key, f->keys, f->now_us);
    g_assert_false(sched_round_run(second, &error));
    g_assert_error(error, SCHED_STORE_ERROR, SCHED_STORE_ERROR_FULL);
    g_clear_error(&error);
    g_assert_cmpuint(second->issued->len, ==, 0);
    g_assert_cmpuint(second->settled->len, ==, 0);

    more = -1;
    temp_store_run(f->temp, limit_body, &more);
    third = run_round(f, "tram-129");
    note_issued(issued, third);
    g_assert_cmpuint(g_hash_table_size(issued), ==, N_CROWD + 2);
}

#define ADD(path, data, func)                                                                  \
    g_test_add("/publish/round/" path, Fixture, data, set_up, func, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("only-changes", NULL, test_only_changes);
    ADD("renewal", NULL, test_renewal);
    ADD("quiet", NULL, test_quiet);
    ADD("quiet-past", NULL, test_quiet_past);
    ADD("floor-above", NULL, test_floor_above);
    ADD("one-not-compiled", &troubles[0], test_one_troubled);
    ADD("one-not-kept", &troubles[1], test_one_troubled);
    ADD("one-in-no-time-zone", &troubles[2], test_one_troubled);
    ADD("left-out", NULL, test_left_out);
    ADD("inventory", NULL, test_inventory);
    ADD("calm-when-retired", NULL, test_calm);
    ADD("calm-when-not-compiled", &troubles[0], test_calm);
    ADD("calm-when-not-kept", &troubles[1], test_calm);
    ADD("patience", NULL, test_patience);
    ADD("disk-full", NULL, test_disk_full);
    return g_test_run();
}
