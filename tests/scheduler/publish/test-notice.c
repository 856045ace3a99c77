/*
 * test-notice.c - a notice in a programme that runs, as it is planned then; and who heard what
 * it puts right.
 */
#include "scheduler/publish/notice.h"

#include "scheduler/store/notices.h"
#include "scheduler/store/slots.h"
#include "tests/support/programme.h"

#include <string.h>

#define SECOND G_USEC_PER_SEC

static gboolean
fill_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_free(programme_fill(txn));
    return TRUE;
}

static gboolean
count_body(SchedTxn *txn, gpointer data, GError **error)
{
    guint heard = 0, silent = 0;

    /* jra and vi in a, bdq and vi in b: four times a zone hears it; on no other day. */
    assert_done(sched_notice_count(txn, "s", PROGRAMME_START_US, TEMP_STORE_NOW_US, &heard,
                                   &silent, &problem));
    g_assert_cmpuint(heard, ==, 4);
    g_assert_cmpuint(silent, ==, 0);
    assert_done(sched_notice_count(txn, "s", PROGRAMME_START_US - TEMP_STORE_DAY_US,
                                   TEMP_STORE_NOW_US, &heard, &silent, &problem));
    g_assert_cmpuint(heard, ==, 0);
    assert_done(sched_notice_count(txn, "no-such-slot", PROGRAMME_START_US, TEMP_STORE_NOW_US,
                                   &heard, &silent, &problem));
    g_assert_cmpuint(heard + silent, ==, 0);
    return TRUE;
}

static void
test_count(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, fill_body, NULL);
    temp_store_look(temp, count_body, NULL);
}

static gboolean
start_body(SchedTxn *txn, gpointer data, GError **error)
{
    /* clang-format off */
    static const struct { const char *why; gint64 earliest_s, start_s; } cases[] = {
        { "long before",                      -3600, -3600 },
        { "in the minute before: it is free", -30,    0 },
        { "while the first language sounds",  -1,     0 },
        { "a minute after it began: over",    60,     60 },
    };
    /* clang-format on */
    g_autoptr(GPtrArray) areas = g_ptr_array_new();

    g_ptr_array_add(areas, (gpointer) "ia-le");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const SchedNextWish wish = {areas, "vi", CONTENT_CLASS_UU_TIEN,
                                    PROGRAMME_START_US + cases[i].earliest_s * SECOND,
                                    20 * SECOND};
        gint64 start_us = sched_notice_next_start(txn, &wish, TEMP_STORE_NOW_US, error);

        g_test_message("%s", cases[i].why);
        g_assert_no_error(*error);
        g_assert_cmpint(start_us, ==, PROGRAMME_START_US + cases[i].start_s * SECOND);
    }
    return TRUE;
}

static void
test_start(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, fill_body, NULL);
    temp_store_look(temp, start_body, NULL);
}

/* ---- who heard it ---- */

/* clang-format off */
static const struct {
    const char *zone, *version, *kind; gint seq; gboolean sounded; const char *segment;
} records[] = {
    { "a", "v-jra", "played", 1, TRUE,  "s1" },
    { "a", "v-jra", "part",   2, TRUE,  "s1" }, /* the same sounding, told before its end */
    { "a", "v-jra", "played", 3, TRUE,  "s2" },
    { "b", "v-bdq", "missed", 4, FALSE, "s3" },
    { "b", "v-vi",  "played", 5, TRUE,  "s4" },
    { "b", "v-bdq", "played", 6, FALSE, "s5" }, /* a record without sound is nothing heard */
    { "z", "v-vi",  "played", 7, TRUE,  "s6" }, /* a zone that is gone */
};
/* clang-format on */

static gboolean
records_body(SchedTxn *txn, gpointer data, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(records); i++) {
        gint64 from_us = TEMP_STORE_NOW_US + records[i].seq * 60 * SECOND;
        gint64 to_us = from_us + (records[i].sounded ? 10 * SECOND : 0);
        g_autofree char *sql = g_strdup_printf(
            "INSERT INTO records (station, journal, seq, raw, hash, received_us, unreadable, "
            "kind, at_us, manifest_version, segment, language, zone, object, planned_start_us, "
            "planned_end_us, actual_start_us, actual_end_us, position_us, relay_read_us, "
            "silent_us, journal_late) SELECT 'ia-le', 'j', %d, '', '', 1, 0, '%s', 1, 1, '%s', "
            "language, '%s', object, 1, 2, %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT
            ", 0, 0, 0, 0 FROM versions WHERE id = '%s'",
            records[i].seq, records[i].kind, records[i].segment, records[i].zone, from_us,
            to_us, records[i].version);

        temp_store_exec(txn, sql);
    }
    return TRUE;
}

static gboolean
heard_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) rows = sched_store_heard_list(txn, "bulletin", error);
    g_autoptr(GPtrArray) none = sched_store_heard_list(txn, "another", error);
    g_autoptr(GString) words = g_string_new(NULL);

    g_assert_no_error(*error);
    for (guint i = 0; i < rows->len; i++) {
        const SchedHeardRow *row = g_ptr_array_index(rows, i);

        g_string_append_printf(words, "%s %s %d; ", row->village, row->language,
                               (gint) row->times);
        g_assert_cmpint(row->last_us, >, TEMP_STORE_NOW_US);
    }
    g_assert_cmpstr(words->str, ==, "ia-le-a jra 2; ia-le-b vi 1; ");
    g_assert_cmpuint(none->len, ==, 0);
    return TRUE;
}

static void
test_heard(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, fill_body, NULL);
    temp_store_run(temp, records_body, NULL);
    temp_store_look(temp, heard_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/publish/notice/count", test_count);
    g_test_add_func("/publish/notice/start", test_start);
    g_test_add_func("/publish/notice/heard", test_heard);
    return g_test_run();
}
