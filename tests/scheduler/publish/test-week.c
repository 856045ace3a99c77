/* test-week.c - what all villages of an area hear on some days, in one answer. */
#include "scheduler/publish/week.h"

#include "scheduler/plan/snapshot.h"
#include "scheduler/store/make-ups.h"
#include "scheduler/store/outbox.h"
#include "scheduler/store/playlists.h"
#include "scheduler/store/slots.h"
#include "scheduler/store/specials.h"
#include "tests/support/programme.h"

#include <string.h>

#define NOW TEMP_STORE_NOW_US

static gint64
number(const json_t *line, const char *name)
{
    return json_integer_value(json_object_get(line, name));
}

static const char *
text(const json_t *line, const char *name)
{
    const char *found = json_string_value(json_object_get(line, name));

    return found == NULL ? "-" : found;
}

/* "18:00 a+b jra bulletin/v-jra; …": minutes after the first one, zones, language, … */
static char *
show(const json_t *answer)
{
    GString *out = g_string_new(NULL);
    const json_t *zones = json_object_get(answer, "zones");
    gsize at;
    json_t *line;

    json_array_foreach(json_object_get(answer, "lines"), at, line)
    {
        gsize i;
        json_t *place;

        g_string_append_printf(out, "%s%s %" G_GINT64_FORMAT " ", at == 0 ? "" : "; ",
                               text(line, "date"),
                               (number(line, "at_us") - PROGRAMME_START_US) / G_USEC_PER_SEC);
        json_array_foreach(json_object_get(line, "zones"), i, place) g_string_append(
            out, text(json_array_get(zones, (gsize) json_integer_value(place)), "zone"));
        g_string_append_printf(
            out, " %s %s %s %" G_GINT64_FORMAT, text(line, "language"),
            json_is_true(json_object_get(line, "sounds")) ? "sounds" : text(line, "finding"),
            text(line, "version"), number(line, "duration_us") / G_USEC_PER_SEC);
    }
    return g_string_free(out, FALSE);
}

static void
look_approved(SchedTxn *txn, gpointer data)
{
    g_autoptr(GError) error = NULL;
    json_auto_t *answer = sched_week_json(txn, "ia-le", "2026-03-02", 1, NOW, &error);
    json_auto_t *village = sched_week_json(txn, "ia-le-b", "2026-03-02", 2, NOW, NULL);
    const json_t *zone = json_array_get(json_object_get(answer, "zones"), 0);
    const json_t *slot = json_array_get(json_object_get(answer, "slots"), 0);
    const json_t *window = json_array_get(json_object_get(zone, "windows"), 0);
    g_autofree char *lines = NULL, *of_village = NULL;

    g_assert_no_error(error);
    lines = show(answer);
    g_assert_cmpstr(lines, ==,
                    "2026-03-02 0 a jra sounds v-jra 10; 2026-03-02 10 b bdq sounds v-bdq 10; "
                    "2026-03-02 21 ab vi sounds v-vi 10");
    g_assert_cmpstr(text(zone, "village"), ==, "ia-le-a");
    g_assert_cmpuint(json_array_size(json_object_get(zone, "languages")), ==, 2);
    g_assert_cmpint(number(window, "from_min"), ==, 300);
    g_assert_cmpint(number(window, "to_min"), ==, 1260);
    g_assert_cmpstr(text(slot, "id"), ==, "s");
    g_assert_cmpint(number(slot, "start_s"), ==, 18 * 3600);
    g_assert_true(json_is_true(json_object_get(slot, "approved")));
    g_assert_true(json_is_true(json_object_get(slot, "repeats")));
    /* A village alone: its zone is the only one, and what only the other hears is no line. */
    of_village = show(village);
    g_assert_null(strstr(of_village, "jra"));
    g_assert_nonnull(strstr(of_village, "2026-03-03"));
    g_assert_cmpuint(json_array_size(json_object_get(village, "zones")), ==, 1);
}

static void
look_moved(SchedTxn *txn, gpointer data)
{
    g_autoptr(SchedSlotRow) slot = sched_store_slot_get(txn, "s", NULL);
    json_auto_t *answer = sched_week_json(txn, "ia-le", "2026-03-02", 1, NOW, NULL);
    g_autofree char *lines = show(answer);

    g_assert_cmpint(slot->local_min, ==, 18 * 60 + 5);
    g_assert_cmpstr(lines, ==, "2026-03-02 300 ab - not_approved - 10");
}

static void
move(SchedTxn *txn)
{
    g_autoptr(SchedSlotRow) slot = sched_store_slot_get(txn, "s", NULL);

    temp_store_as(txn, "editor", NOW);
    slot->local_min += 5;
    assert_done(sched_store_slot_put(txn, slot, -1, &problem));
}

static gboolean
fill(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *keys = programme_fill(txn);

    return keys != NULL;
}

static gboolean
test_move(SchedTxn *txn, gpointer data, GError **error)
{
    move(txn);
    return TRUE;
}

static gboolean
run_look(SchedTxn *txn, gpointer data, GError **error)
{
    ((void (*)(SchedTxn *, gpointer)) data)(txn, NULL);
    return TRUE;
}

static void
test_lines(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, fill, NULL);
    temp_store_look(store, run_look, look_approved);
    temp_store_run(store, test_move, NULL);
    temp_store_look(store, run_look, look_moved);
}

/* A special day, by hand: web/ is not here to ask a second person. */
static void
put_day(SchedTxn *txn, const char *id, const char *area, gint act, const char *playlist)
{
    const SchedSpecialRow row = {.id = (char *) id,
                                 .name = (char *) "Tết",
                                 .area = (char *) area,
                                 .first_date = (char *) "2026-03-02",
                                 .last_date = (char *) "2026-03-02",
                                 .to_min = 1440,
                                 .act = act,
                                 .playlist = (char *) playlist};

    assert_done(sched_store_special_put(txn, &row, 0, &problem));
}

static gboolean
add_days(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedPlaylistRow) other = g_new0(SchedPlaylistRow, 1);
    SchedItemRow *item = g_new0(SchedItemRow, 1);

    temp_store_as(txn, "editor", NOW);
    other->id = g_strdup("p-tet");
    other->name = g_strdup("Tết");
    other->home = g_strdup("chu-puh");
    other->items = g_ptr_array_new_with_free_func((GDestroyNotify) sched_item_row_free);
    item->id = g_strdup("chuc");
    item->announcement = g_strdup("bulletin");
    g_ptr_array_add(other->items, item);
    assert_done(sched_store_playlist_put(txn, other, 0, &problem));
    /* Of the three who would, the playlist's author may not. */
    assert_refused(
        txn, SCHED_STORE_ERROR_RULE,
        (temp_store_as(txn, "editor", NOW),
         sched_store_special_put(txn,
                                 &(SchedSpecialRow){.id = (char *) "x",
                                                    .name = (char *) "x",
                                                    .area = (char *) "ia-le",
                                                    .first_date = (char *) "2026-03-02",
                                                    .last_date = (char *) "2026-03-02",
                                                    .to_min = 1440,
                                                    .act = SCHED_SPECIAL_REPLACE,
                                                    .playlist = (char *) "p-tet"},
                                 0, &problem)));
    temp_store_as(txn, "approver", NOW);
    put_day(txn, "tet", "chu-puh", SCHED_SPECIAL_REPLACE, "p-tet");
    put_day(txn, "tang", "ia-le-b", SCHED_SPECIAL_SKIP, NULL);
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "DELETE FROM special_days", &problem, ""));
    return TRUE;
}

static void
look_special(SchedTxn *txn, gpointer data)
{
    json_auto_t *answer = sched_week_json(txn, "ia-le", "2026-03-02", 1, NOW, NULL);
    g_autofree char *lines = show(answer);
    const json_t *first = json_array_get(json_object_get(answer, "lines"), 2);

    g_assert_cmpstr(lines, ==,
                    "2026-03-02 0 a jra sounds v-jra 10; 2026-03-02 10 a vi sounds v-vi 10; "
                    "2026-03-02 0 a - replaced - 10; 2026-03-02 0 b - special_day - 10; "
                    "2026-03-02 0 b - day_overruled - 10");
    g_assert_cmpstr(text(first, "special"), ==, "tet");
    g_assert_cmpstr(text(first, "special_name"), ==, "Tết");
}

/* The playlist got longer: what was approved is no more, and what it replaced does not come
 * back. */
static gboolean
lengthen(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedPlaylistRow) other = sched_store_playlist_get(txn, "p-tet", NULL);
    SchedItemRow *item = g_new0(SchedItemRow, 1);

    temp_store_as(txn, "editor", NOW);
    item->id = g_strdup("nua");
    item->announcement = g_strdup("bulletin");
    g_ptr_array_add(other->items, item);
    assert_done(sched_store_playlist_put(txn, other, 1, &problem));
    return TRUE;
}

static void
look_lost(SchedTxn *txn, gpointer data)
{
    json_auto_t *answer = sched_week_json(txn, "ia-le-a", "2026-03-02", 1, NOW, NULL);
    g_autofree char *lines = show(answer);

    g_assert_cmpstr(lines, ==, "2026-03-02 0 a - special_day - 10");
}

static void
test_special_days(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, fill, NULL);
    temp_store_run(store, add_days, NULL);
    temp_store_look(store, run_look, look_special);
    temp_store_run(store, lengthen, NULL);
    temp_store_look(store, run_look, look_lost);
}

/* ---- what is made up ---- */

static GPtrArray *
make_up_rows(const char *zone, gint64 start_us)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify) sched_make_up_row_free);
    SchedMakeUpRow *row = g_new0(SchedMakeUpRow, 1);

    row->station = g_strdup("ia-le");
    row->zone = g_strdup(zone);
    row->slot = g_strdup("s");
    row->slot_date = g_strdup("2026-03-02");
    row->item = g_strdup("i");
    row->language = g_strdup(*zone == 'a' ? "jra" : "bdq");
    row->object = temp_store_hash(row->language);
    row->date = g_strdup("2026-03-02");
    row->segment = g_strdup("00000000000000000000000000000000");
    row->planned_us = PROGRAMME_START_US;
    row->start_us = start_us;
    g_ptr_array_add(rows, row);
    return rows;
}

/* Never twice: the second row of the same zone changes nothing, and reaches no station. */
static gboolean
add_make_ups(SchedTxn *txn, gpointer data, GError **error)
{
    const gint64 half_an_hour_us = G_GINT64_CONSTANT(1800) * G_USEC_PER_SEC;
    g_autoptr(GPtrArray) first = make_up_rows("a", PROGRAMME_START_US + half_an_hour_us);
    g_autoptr(GPtrArray) again = make_up_rows("a", PROGRAMME_START_US + 2 * half_an_hour_us);
    g_autoptr(GPtrArray) rows = NULL;
    gint64 before = 0, after = 0;

    assert_done(sched_store_make_up_add(txn, first, &problem));
    assert_done(sched_store_outbox_newest(txn, &before, &problem));
    assert_done(sched_store_make_up_add(txn, again, &problem));
    assert_done(sched_store_outbox_newest(txn, &after, &problem));
    g_assert_cmpint(before, ==, after);
    rows = sched_store_make_up_list(txn, 0, error);
    g_assert_cmpuint(rows->len, ==, 1);
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "DELETE FROM make_ups", &problem, ""));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE make_ups SET start_us = start_us + 1", &problem,
                                 ""));
    return TRUE;
}

static void
look_made_up(SchedTxn *txn, gpointer data)
{
    json_auto_t *answer = sched_week_json(txn, "ia-le", "2026-03-02", 1, NOW, NULL);
    g_autofree char *lines = show(answer);

    g_assert_nonnull(strstr(lines, "2026-03-02 1800 a jra sounds v-jra 10"));
    g_assert_null(strstr(lines, "2026-03-02 3600"));
}

static void
test_make_ups(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, fill, NULL);
    temp_store_run(store, add_make_ups, NULL);
    temp_store_look(store, run_look, look_made_up);
}

static gboolean
look_refused(SchedTxn *txn, gpointer data, GError **error)
{
    /* clang-format off */
    const struct { const char *why, *area, *from; guint n_days; SchedStoreError code; } cases[] = {
        { "no such date", "ia-le", "2026-02-30", 1, SCHED_STORE_ERROR_INVALID },
        { "no day", "ia-le", "2026-03-02", 0, SCHED_STORE_ERROR_INVALID },
        { "a day too many", "ia-le", "2026-03-02", SCHED_WEEK_MAX_DAYS + 1, SCHED_STORE_ERROR_INVALID },
        { "no such area", "khong", "2026-03-02", 1, SCHED_STORE_ERROR_NOT_FOUND },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) problem = NULL;

        g_test_message("%s", cases[i].why);
        g_assert_null(
            sched_week_json(txn, cases[i].area, cases[i].from, cases[i].n_days, NOW, &problem));
        g_assert_error(problem, SCHED_STORE_ERROR, (gint) cases[i].code);
    }
    return TRUE;
}

static void
test_refused(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_look(store, look_refused, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/publish/week/lines", test_lines);
    g_test_add_func("/publish/week/special-days", test_special_days);
    g_test_add_func("/publish/week/make-ups", test_make_ups);
    g_test_add_func("/publish/week/refused", test_refused);
    return g_test_run();
}
