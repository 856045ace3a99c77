/* test-intake-core.c - what is asked for, in which order audio comes, how far the cache
 * carries. */
#include "player/intake/intake-core.h"

#include <string.h>

#include "content/exchange.h"
#include "tests/support/district.h"

#define MINUTE_US (60 * G_USEC_PER_SEC)
#define HOUR_US   (60 * (gint64) MINUTE_US)
#define DAY_US    (24 * HOUR_US)
/* 2026-03-02T00:00:00Z is 07:00 in Gia Lai. */
#define NOW G_GINT64_CONSTANT(1772409600000000)

typedef struct {
    GPtrArray *days;
    GHashTable *objects, *known;
    ContentManifest *manifest;
    ContentStationSettings *settings;
} Fixture;

static const PlayIntakeNow at_seven = {NOW, "2026-03-02", 420};

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->days = g_ptr_array_new_with_free_func(play_intake_day_free);
    fixture->objects = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    fixture->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    fixture->manifest = test_manifest("ia-pa-02", 1, NOW);
    fixture->settings = test_settings("ia-pa-02");
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    g_ptr_array_unref(fixture->days);
    g_hash_table_unref(fixture->objects);
    g_hash_table_unref(fixture->known);
    content_manifest_free(fixture->manifest);
    content_station_settings_free(fixture->settings);
}

static char *
hash_of(char digit)
{
    return g_strnfill(64, digit);
}

static PlayIntakeDay *
add_day(Fixture *fixture, const char *date, char hash, gboolean has_plan)
{
    PlayIntakeDay *day = g_new0(PlayIntakeDay, 1);

    day->date = g_strdup(date);
    day->hash = hash_of(hash);
    day->plan = has_plan ? test_plan("ia-pa-02", date) : NULL;
    day->is_applied = has_plan;
    g_ptr_array_add(fixture->days, day);
    return day;
}

static void
add_sound(PlayIntakeDay *day, gint64 start_us, char object, gint64 size_bytes, char approval)
{
    g_autofree char *object_hash = hash_of(object);
    g_autofree char *approval_hash = hash_of(approval);

    test_plan_add(day->plan, start_us, object_hash, size_bytes, approval_hash);
}

/* The first characters of a list of hashes or items, in their order. */
static void
assert_first_digits(GPtrArray *list, const char *expected)
{
    g_autoptr(GString) found = g_string_new(NULL);

    for (guint i = 0; i < list->len; i++)
        g_string_append_c(found, *(const char *) list->pdata[i]);
    g_assert_cmpstr(found->str, ==, expected);
}

static void
test_wanted(Fixture *fixture, gconstpointer data)
{
    PlayIntakeDay *monday = add_day(fixture, "2026-03-02", 'a', TRUE);
    g_autoptr(GPtrArray) everything = NULL;
    g_autoptr(GPtrArray) rest = NULL;

    add_day(fixture, "2026-03-03", 'b', FALSE);
    add_day(fixture, "2026-03-04", 'a', FALSE); /* the same bytes twice: asked for once */
    add_sound(monday, NOW, '7', 10, 'd');
    add_sound(monday, NOW, '8', 10, 'c');
    add_sound(monday, NOW, '9', 10, 'd');
    /* Keys 2, settings 1, then days, then approvals by hash. */
    everything = play_intake_wanted(fixture->manifest, fixture->days, fixture->known);
    assert_first_digits(everything, "21abcd");

    /* Held, absent or refused: not again. */
    g_hash_table_insert(fixture->known, hash_of('2'), GINT_TO_POINTER(PLAY_KNOWN_HELD));
    g_hash_table_insert(fixture->known, hash_of('b'), GINT_TO_POINTER(PLAY_KNOWN_ABSENT));
    g_hash_table_insert(fixture->known, hash_of('c'), GINT_TO_POINTER(PLAY_KNOWN_REFUSED));
    rest = play_intake_wanted(fixture->manifest, fixture->days, fixture->known);
    assert_first_digits(rest, "1ad");
}

/* Never more than one request may hold, and the earliest days are in it. */
static void
test_wanted_limit(Fixture *fixture, gconstpointer data)
{
    PlayIntakeDay *monday = add_day(fixture, "2026-03-02", 'a', TRUE);
    g_autoptr(GPtrArray) wanted = NULL;

    for (guint i = 0; i < CONTENT_REQUEST_MAX_HASHES + 50; i++)
        g_ptr_array_add(monday->plan->approvals, g_strdup_printf("%064u", i));
    wanted = play_intake_wanted(fixture->manifest, fixture->days, fixture->known);
    g_assert_cmpuint(wanted->len, ==, CONTENT_REQUEST_MAX_HASHES);
}

static void
test_can_apply(Fixture *fixture, gconstpointer data)
{
    PlayIntakeDay *monday = add_day(fixture, "2026-03-02", 'a', TRUE);

    g_assert_true(play_intake_can_apply(monday->plan, fixture->known));
    add_sound(monday, NOW, '7', 10, 'c');
    add_sound(monday, NOW, '8', 10, 'd');
    g_hash_table_insert(fixture->known, hash_of('c'), GINT_TO_POINTER(PLAY_KNOWN_REFUSED));
    g_assert_false(play_intake_can_apply(monday->plan, fixture->known));
    g_hash_table_insert(fixture->known, hash_of('d'), GINT_TO_POINTER(PLAY_KNOWN_ABSENT));
    g_assert_true(play_intake_can_apply(monday->plan, fixture->known));
}

/* By the earliest need over all days; what is over, or here, is not fetched. */
static void
test_queue_order(Fixture *fixture, gconstpointer data)
{
    PlayIntakeDay *monday = add_day(fixture, "2026-03-02", 'a', TRUE);
    PlayIntakeDay *tuesday = add_day(fixture, "2026-03-03", 'b', TRUE);
    g_autoptr(GPtrArray) queue = NULL;

    add_sound(monday, NOW - HOUR_US, '1', 10, 'c');             /* over */
    add_sound(monday, NOW - 30 * G_USEC_PER_SEC, '2', 20, 'c'); /* sounding: still needed */
    add_sound(monday, NOW + 3 * HOUR_US, '3', 30, 'c');
    add_sound(monday, NOW + 2 * HOUR_US, '4', 40, 'c');
    add_sound(monday, NOW + HOUR_US, '5', 50, 'c');      /* here */
    add_sound(tuesday, NOW + DAY_US, '1', 10, 'c');      /* over today, needed tomorrow */
    add_sound(tuesday, NOW + HOUR_US / 2, '3', 30, 'c'); /* earlier than Monday says */
    g_hash_table_add(fixture->objects, hash_of('5'));
    add_day(fixture, "2026-03-04", 'e', FALSE);
    queue = play_intake_queue(fixture->days, fixture->objects, NULL, at_seven);
    assert_first_digits(queue, "2341");
    g_assert_cmpint(((PlayFetchItem *) queue->pdata[0])->size_bytes, ==, 20);
    g_assert_cmpint(((PlayFetchItem *) queue->pdata[1])->need_us, ==, NOW + HOUR_US / 2);
}

static void
test_night(Fixture *fixture, gconstpointer data)
{
    /* clang-format off */
    const struct { const char *why; gint64 from_min, to_min, minute, need_us, size_bytes;
                   gboolean is_fetched; } cases[] = {
        { "small by day",                        1320, 300, 420, DAY_US,           999999, TRUE  },
        { "large by day, needed in two days",    1320, 300, 420, 2 * DAY_US,      1000000, FALSE },
        { "large by day, needed at noon",        1320, 300, 420, 5 * HOUR_US,     1000000, TRUE  },
        { "needed while the next night lasts",   1320, 300, 420, 20 * HOUR_US,    1000000, TRUE  },
        { "needed when the night is just over",  1320, 300, 420, 22 * HOUR_US,    1000000, FALSE },
        { "at the first minute of the night",    1320, 300, 1320, 2 * DAY_US,     1000000, TRUE  },
        { "a minute before",                     1320, 300, 1319, 2 * DAY_US,     1000000, FALSE },
        { "after midnight",                      1320, 300, 10,  2 * DAY_US,      1000000, TRUE  },
        { "its last minute",                     1320, 300, 299, 2 * DAY_US,      1000000, TRUE  },
        { "over",                                1320, 300, 300, 2 * DAY_US,      1000000, FALSE },
        { "no night at all: always",             0,    0,   420, 2 * DAY_US,      1000000, TRUE  },
        { "a night within one day",              60,   240, 61,  2 * DAY_US,      1000000, TRUE  },
        { "and outside it",                      60,   240, 241, 2 * DAY_US,      1000000, FALSE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) days = g_ptr_array_new_with_free_func(play_intake_day_free);
        PlayIntakeNow now = {NOW, "2026-03-02", cases[i].minute};
        g_autoptr(GPtrArray) queue = NULL;
        Fixture own = *fixture;

        g_test_message("%s", cases[i].why);
        own.days = days;
        add_sound(add_day(&own, "2026-03-02", 'a', TRUE), NOW + cases[i].need_us, '1',
                  cases[i].size_bytes, 'c');
        fixture->settings->night_from_min = cases[i].from_min;
        fixture->settings->night_to_min = cases[i].to_min;
        queue = play_intake_queue(days, fixture->objects, fixture->settings, now);
        g_assert_cmpuint(queue->len, ==, cases[i].is_fetched ? 1 : 0);
    }
}

static void
test_days_ready(Fixture *fixture, gconstpointer data)
{
    /* clang-format off */
    const struct { const char *why, *dates[4]; guint pending, lacking; gint64 ready; } cases[] = {
        { "nothing",               { NULL },                                     9, 9, 0 },
        { "three in a row",        { "2026-03-02", "2026-03-03", "2026-03-04" }, 9, 9, 3 },
        { "yesterday counts not",  { "2026-03-01", "2026-03-02" },               9, 9, 1 },
        { "today is missing",      { "2026-03-03", "2026-03-04" },               9, 9, 0 },
        { "a gap",                 { "2026-03-02", "2026-03-04" },               9, 9, 1 },
        { "the second not applied", { "2026-03-02", "2026-03-03", "2026-03-04" }, 1, 9, 1 },
        { "the second lacks audio", { "2026-03-02", "2026-03-03", "2026-03-04" }, 9, 1, 1 },
        { "today lacks audio",     { "2026-03-02", "2026-03-03" },               9, 0, 0 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) days = g_ptr_array_new_with_free_func(play_intake_day_free);
        Fixture own = *fixture;

        g_test_message("%s", cases[i].why);
        own.days = days;
        for (guint j = 0; cases[i].dates[j] != NULL; j++) {
            PlayIntakeDay *day = add_day(&own, cases[i].dates[j], (char) ('a' + j), TRUE);

            day->is_applied = j != cases[i].pending;
            if (j == cases[i].lacking)
                add_sound(day, NOW + DAY_US, '1', 10, 'c');
        }
        g_assert_cmpint(play_intake_days_ready(days, fixture->objects, at_seven), ==,
                        cases[i].ready);
    }
}

/* Just before the station's midnight the manifest may be of the district's tomorrow. */
static void
test_days_ready_limit(Fixture *fixture, gconstpointer data)
{
    for (int i = 2; i < 2 + CONTENT_MANIFEST_DAYS; i++) {
        g_autofree char *date = g_strdup_printf("2026-03-%02d", i);

        add_day(fixture, date, 'a', TRUE);
    }
    g_assert_cmpint(play_intake_days_ready(fixture->days, fixture->objects, at_seven), ==,
                    CONTENT_DAYS_AHEAD);
}

/* Over month ends, leap days and the year. */
static void
test_dates(Fixture *fixture, gconstpointer data)
{
    const char *const pairs[][2] = {{"2026-02-28", "2026-03-01"},
                                    {"2028-02-28", "2028-02-29"},
                                    {"2028-02-29", "2028-03-01"},
                                    {"2026-12-31", "2027-01-01"}};

    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autoptr(GPtrArray) days = g_ptr_array_new_with_free_func(play_intake_day_free);
        PlayIntakeNow now = {NOW, pairs[i][0], 0};
        Fixture own = *fixture;

        own.days = days;
        add_day(&own, pairs[i][0], 'a', TRUE);
        add_day(&own, pairs[i][1], 'b', TRUE);
        g_assert_cmpint(play_intake_days_ready(days, fixture->objects, now), ==, 2);
    }
}

static void
test_report(Fixture *fixture, gconstpointer data)
{
    PlayIntakeDay *monday = add_day(fixture, "2026-03-02", 'a', TRUE);
    g_autoptr(GPtrArray) report = NULL;
    const ContentReportDay *day;

    add_day(fixture, "2026-03-03", 'b', FALSE);
    add_sound(monday, NOW + HOUR_US, '1', 100, 'c');
    add_sound(monday, NOW + HOUR_US, '2', 200, 'c');
    add_sound(monday, NOW - HOUR_US, '3', 400, 'c');
    g_hash_table_add(fixture->objects, hash_of('2'));
    report = play_intake_report_days(fixture->days, fixture->objects, NOW);
    g_assert_cmpuint(report->len, ==, 2);
    day = report->pdata[0];
    g_assert_cmpint(day->state, ==, CONTENT_DAY_APPLIED);
    g_assert_cmpint(day->missing_objects, ==, 1);
    g_assert_cmpint(day->missing_bytes, ==, 100);
    day = report->pdata[1];
    g_assert_cmpint(day->state, ==, CONTENT_DAY_PENDING);
}

/* Under a fifth: what neither manifest names and nobody plays goes. */
static void
test_evict(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) sounding =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) evictable = NULL;

    g_assert_true(play_intake_must_evict(19, 100));
    g_assert_false(play_intake_must_evict(20, 100));
    g_assert_true(play_intake_must_evict(0, 100));
    for (char digit = '1'; digit <= '5'; digit++)
        g_ptr_array_add(all, hash_of(digit));
    g_hash_table_add(named, hash_of('2'));
    g_hash_table_add(named, hash_of('4'));
    g_hash_table_add(sounding, hash_of('5'));
    evictable = play_intake_evictable(all, named, sounding);
    assert_first_digits(evictable, "13");
}

/* A full disk: the urgent first, and never the last of it, which belongs to the records. */
static void
test_fit(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *why;
        gint64 free_bytes;
        const char *left;
        guint n_out;
    } cases[] = {
        {"room for all", PLAY_INTAKE_RESERVE_BYTES + 600, "123", 0},
        {"the last has none", PLAY_INTAKE_RESERVE_BYTES + 599, "12", 1},
        {"the second has none, the third has", PLAY_INTAKE_RESERVE_BYTES + 499, "13", 1},
        {"the reserve is nobody's", PLAY_INTAKE_RESERVE_BYTES, "", 3},
        {"nothing at all", 0, "", 3},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) queue = g_ptr_array_new_with_free_func(g_free);
        static const gint64 sizes[] = {100, 400, 100};

        for (gsize j = 0; j < G_N_ELEMENTS(sizes); j++) {
            PlayFetchItem *item = g_new0(PlayFetchItem, 1);

            item->hash[0] = (char) ('1' + j);
            item->size_bytes = sizes[j];
            g_ptr_array_add(queue, item);
        }
        g_test_message("%s", cases[i].why);
        g_assert_cmpuint(play_intake_fit(queue, cases[i].free_bytes), ==, cases[i].n_out);
        g_assert_cmpuint(queue->len, ==, strlen(cases[i].left));
        for (guint j = 0; j < queue->len; j++)
            g_assert_cmpint(((PlayFetchItem *) queue->pdata[j])->hash[0], ==, cases[i].left[j]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/player/intake/intake-core/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("wanted", test_wanted);
    ADD("wanted-limit", test_wanted_limit);
    ADD("can-apply", test_can_apply);
    ADD("queue-order", test_queue_order);
    ADD("night", test_night);
    ADD("days-ready", test_days_ready);
    ADD("days-ready-limit", test_days_ready_limit);
    ADD("dates", test_dates);
    ADD("report", test_report);
    ADD("evict", test_evict);
    ADD("fit", test_fit);
    return g_test_run();
}
