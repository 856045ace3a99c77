/* test-hours.c - what other allowed hours would change is told before they are kept. */
#include "scheduler/publish/hours.h"

#include "scheduler/store/windows.h"
#include "tests/support/programme.h"

#define NOW  TEMP_STORE_NOW_US
#define MON  1
#define EVER 127

static GPtrArray *
windows_of(gint64 weekdays, gint64 from_min, gint64 to_min)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify) sched_window_row_free);
    SchedWindowRow *row = g_new0(SchedWindowRow, 1);

    row->weekdays = weekdays;
    row->from_min = from_min;
    row->to_min = to_min;
    g_ptr_array_add(list, row);
    return list;
}

static void
keep(SchedTxn *txn, const char *area, gint64 from_min, gint64 to_min)
{
    g_autoptr(GPtrArray) windows = windows_of(EVER, from_min, to_min);

    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_windows_set(txn, area, windows, -1, &problem));
}

/* "s falls outside_window 7 days 2 villages; …" */
static char *
words_of(const json_t *answer)
{
    GString *words = g_string_new(NULL);
    gsize i;
    json_t *one;

    json_array_foreach(json_object_get(answer, "changes"), i, one)
    {
        g_string_append_printf(words, "%s%s %s %s %d days %d villages", i == 0 ? "" : "; ",
                               json_string_value(json_object_get(one, "slot")),
                               json_is_true(json_object_get(one, "sounds")) ? "sounds"
                                                                            : "falls",
                               json_string_value(json_object_get(one, "finding")),
                               (int) json_integer_value(json_object_get(one, "n_days")),
                               (int) json_integer_value(json_object_get(one, "n_villages")));
        g_assert_cmpint(json_integer_value(json_object_get(one, "first_us")), >=,
                        PROGRAMME_START_US);
    }
    return g_string_free(words, FALSE);
}

/* The slot: 18:00 = minute 1080, of a Monday and every day after; 30 s in each village. */
/* clang-format off */
static const struct {
    const char *why, *area;
    gint64 weekdays, from_min, to_min, limit_min;
    const char *changes;
} cases[] = {
    { "still inside",              "ia-le",   EVER, 1080, 1140, 240, "" },
    { "a minute late",             "ia-le",   EVER, 1081, 1140, 240, "s falls outside_window 7 days 2 villages" },
    { "its end is not its own",    "ia-le",   EVER, 300,  1080, 240, "s falls outside_window 7 days 2 villages" },
    { "Mondays alone",             "ia-le",   MON,  300,  1260, 240, "s falls outside_window 6 days 2 villages" },
    { "one of the villages",       "ia-le-b", EVER, 300,  360,  240, "s falls outside_window 7 days 1 villages" },
    { "no minute a day",           "ia-le",   EVER, 300,  1260, 0,   "s falls over_daily_limit 7 days 2 villages" },
    { "where it is not heard",     "ia-blu",  EVER, 300,  360,  240, "" },
    { "above, and none below",     "gia-lai", EVER, 300,  360,  240, "s falls outside_window 7 days 2 villages" },
};
/* clang-format on */

static gboolean
falls_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_free(programme_fill(txn));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) windows =
            windows_of(cases[i].weekdays, cases[i].from_min, cases[i].to_min);
        json_auto_t *answer =
            sched_hours_json(txn, cases[i].area, windows, cases[i].limit_min, NOW, error);
        g_autofree char *changes = answer == NULL ? NULL : words_of(answer);

        g_test_message("%s", cases[i].why);
        g_assert_cmpstr(changes, ==, cases[i].changes);
    }
    return TRUE;
}

static void
test_falls(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, falls_body, NULL);
}

/* What a village has of its own holds there, whatever is decided above it. */
static gboolean
own_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) short_ones = windows_of(EVER, 300, 360);
    g_autoptr(GPtrArray) wide_ones = windows_of(EVER, 300, 1260);
    g_autofree char *fall = NULL, *rise = NULL, *windows = NULL, *limit = NULL;
    json_auto_t *falls = NULL, *sounds = NULL;

    g_free(programme_fill(txn));
    keep(txn, "ia-le-b", 1020, 1140);
    falls = sched_hours_json(txn, "ia-le", short_ones, 240, NOW, error);
    fall = words_of(falls);
    g_assert_cmpstr(fall, ==, "s falls outside_window 7 days 1 villages");
    keep(txn, "ia-le", 300, 360);
    sounds = sched_hours_json(txn, "ia-le", wide_ones, 240, NOW, error);
    rise = words_of(sounds);
    g_assert_cmpstr(rise, ==, "s sounds outside_window 7 days 1 villages");
    /* A question keeps nothing; who decides is told. */
    g_assert_true(sched_store_windows_nearest(txn, "ia-le-a", &windows, &limit, error));
    g_assert_cmpstr(windows, ==, "ia-le");
    g_assert_cmpstr(limit, ==, "gia-lai");
    return TRUE;
}

static void
test_own(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, own_body, NULL);
}

static gboolean
nowhere_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) windows = windows_of(EVER, 300, 360);
    g_autoptr(GError) problem = NULL;

    g_assert_null(sched_hours_json(txn, "nowhere", windows, 240, NOW, &problem));
    g_assert_error(problem, SCHED_STORE_ERROR, SCHED_STORE_ERROR_NOT_FOUND);
    return TRUE;
}

static void
test_nowhere(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, nowhere_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/publish/hours/falls", test_falls);
    g_test_add_func("/publish/hours/own", test_own);
    g_test_add_func("/publish/hours/nowhere", test_nowhere);
    return g_test_run();
}
