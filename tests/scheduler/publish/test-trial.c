/* test-trial.c - what would happen if a slot were as somebody is just about to make it. */
#include "scheduler/publish/trial.h"

#include "scheduler/store/announcements.h"
#include "scheduler/store/objects.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/playlists.h"
#include "scheduler/store/stations.h"
#include "tests/support/programme.h"

#include <string.h>

#define NOW TEMP_STORE_NOW_US

static const char *
text(const json_t *line, const char *name)
{
    const char *found = json_string_value(json_object_get(line, name));

    return found == NULL ? "-" : found;
}

/* "other displaced Tối by Mới in 2 on 7": each line, of others first */
static char *
show(const json_t *answer)
{
    GString *out = g_string_new(NULL);
    gsize i;
    json_t *line;

    json_array_foreach(json_object_get(answer, "lines"), i, line)
    {
        g_string_append_printf(
            out, "%s%s %s%s%s in %d on %d", i == 0 ? "" : "; ",
            json_is_true(json_object_get(line, "own")) ? "own" : text(line, "name"),
            text(line, "finding"), json_object_get(line, "by") == NULL ? "" : " by ",
            json_object_get(line, "by") == NULL ? "" : text(line, "by"),
            (int) json_integer_value(json_object_get(line, "n_villages")),
            (int) json_integer_value(json_object_get(line, "n_dates")));
        g_assert_cmpuint(json_array_size(json_object_get(line, "villages")), >, 0);
    }
    return g_string_free(out, FALSE);
}

typedef struct {
    const char *why, *id, *area, *date, *rule;
    gint64 minute, second;
    guint n_items; /* 0: those of the playlist */
    gboolean is_heard;
    const char *expected;
} Case;

/* clang-format off */
/* The village programme "Tối" is at 18:00 each day for 31 s, in ia-le-a and ia-le-b. */
static const Case cases[] = {
    { "at noon nothing is in the way", NULL, "ia-le", "2026-03-03", "", 720, 0, 0, TRUE, "" },
    { "the other goes first, and it waits a little", NULL, "ia-le", "2026-03-03", "",
      1080, 0, 0, TRUE, "own delayed by Tối in 2 on 1" },
    { "and on each day of a week", NULL, "ia-le", "2026-03-03", "FREQ=DAILY", 1080, 0, 0, TRUE,
      "own delayed by Tối in 2 on 7" },
    { "earlier and short: the other waits", NULL, "ia-le", "2026-03-03", "", 1079, 50, 0, TRUE,
      "Tối delayed by Mới in 2 on 1" },
    { "earlier and long: the other finds no room", NULL, "ia-le", "2026-03-03", "", 1078, 0, 12,
      TRUE, "Tối displaced by Mới in 2 on 1" },
    { "in one village alone: the other waits there and, on the same amplifier, everywhere",
      NULL, "ia-le-b", "2026-03-03", "", 1079, 55, 0, TRUE, "Tối delayed by Mới in 2 on 1" },
    { "in the night", NULL, "ia-le", "2026-03-03", "", 1320, 0, 0, FALSE,
      "own outside_window in 2 on 1" },
    { "into the night", NULL, "ia-le", "2026-03-03", "", 1259, 45, 0, TRUE,
      "own outside_window in 2 on 1" },
    { "one that there is stands in its own place", "s", "ia-le", "2026-03-03", "FREQ=DAILY", 1081, 0,
      0, TRUE, "" },
    { "over long ago", NULL, "ia-le", "2020-03-03", "", 1080, 0, 0, FALSE, "" },
    { "when its bulletin is no longer good", NULL, "ia-le", "2040-03-03", "", 1080, 0, 0, FALSE,
      "own not_approved in 2 on 1" },
    { "a place without loudspeakers", NULL, "nowhere", "2026-03-03", "", 1080, 0, 0, FALSE, "" },
    { "behind one that nobody has approved yet", NULL, "ia-le", "2026-03-03", "", 900, 0, 0, TRUE,
      "own delayed by Nháp in 2 on 1" },
};
/* clang-format on */

static SchedSlotRow
row_of(const Case *one, GPtrArray *targets, GPtrArray *none)
{
    return (SchedSlotRow){.id = (char *) one->id,
                          .name = (char *) "Mới",
                          .home = (char *) "chu-puh",
                          .playlist = (char *) "list",
                          .tzid = (char *) "Asia/Ho_Chi_Minh",
                          .first_date = (char *) one->date,
                          .local_min = one->minute,
                          .local_s = one->second,
                          .rule = (char *) one->rule,
                          .targets = targets,
                          .dates_in = none,
                          .dates_out = none};
}

static GPtrArray *
items_of(guint n_items)
{
    GPtrArray *items = g_ptr_array_new_with_free_func((GDestroyNotify) sched_item_row_free);

    for (guint i = 0; i < n_items; i++) {
        SchedItemRow *item = g_new0(SchedItemRow, 1);

        item->id = g_strdup_printf("i%u", i);
        item->announcement = g_strdup("bulletin");
        g_ptr_array_add(items, item);
    }
    return items;
}

static void
check(SchedTxn *txn, const Case *one)
{
    SchedTargetRow target = {(char *) one->area, (char *) "", (char *) ""};
    g_autoptr(GPtrArray) targets = g_ptr_array_new(), none = g_ptr_array_new();
    g_autoptr(GPtrArray) items = items_of(one->n_items);
    const SchedSlotRow row = row_of(one, targets, none);
    g_autoptr(GError) error = NULL;
    json_auto_t *answer = NULL;
    g_autofree char *found = NULL;

    g_test_message("%s", one->why);
    g_ptr_array_add(targets, &target);
    answer = sched_trial_json(txn, &row, one->n_items == 0 ? NULL : items, NOW, &error);
    g_assert_no_error(error);
    found = show(answer);
    g_assert_cmpstr(found, ==, one->expected);
    g_assert_cmpint(json_object_get(answer, "from_us") != NULL, ==, one->is_heard);
    g_assert_false(json_is_true(json_object_get(answer, "more")));
}

static gboolean
fill(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *keys = programme_fill(txn);
    SchedTargetRow target = {(char *) "ia-le", (char *) "", (char *) ""};
    g_autoptr(GPtrArray) targets = g_ptr_array_new(), none = g_ptr_array_new();
    const Case draft = {"", "draft", "ia-le", "2026-03-02", "FREQ=DAILY", 900, 0, 0, TRUE, ""};
    SchedSlotRow row = row_of(&draft, targets, none);

    row.name = (char *) "Nháp";
    g_ptr_array_add(targets, &target);
    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_slot_put(txn, &row, 0, &problem));
    return keys != NULL;
}

static gboolean
look(SchedTxn *txn, gpointer data, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        check(txn, &cases[i]);
    return TRUE;
}

static void
test_cases(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, fill, NULL);
    temp_store_look(store, look, NULL);
}

/* Recordings that wait for approval are reckoned with: how long they are is known. */
static gboolean
look_drafts(SchedTxn *txn, gpointer data, GError **error)
{
    const Case draft = {
        "nothing of it is approved",   NULL, "ia-le", "2026-03-03", "", 1079, 55, 0, TRUE,
        "Tối delayed by Mới in 2 on 1"};
    SchedTargetRow target = {(char *) "ia-le", (char *) "", (char *) ""};
    g_autoptr(GPtrArray) targets = g_ptr_array_new(), none = g_ptr_array_new();
    g_autoptr(GPtrArray) items = items_of(1);
    const SchedSlotRow row = row_of(&draft, targets, none);
    json_auto_t *answer = NULL;
    g_autofree char *found = NULL;

    g_free(((SchedItemRow *) items->pdata[0])->announcement);
    ((SchedItemRow *) items->pdata[0])->announcement = g_strdup("written");
    g_ptr_array_add(targets, &target);
    answer = sched_trial_json(txn, &row, items, NOW, error);
    found = show(answer);
    g_test_message("%s", found);
    g_assert_nonnull(strstr(found, "Tối delayed by Mới in 2 on 1"));
    g_assert_nonnull(strstr(found, "own gap in 1 on 1")); /* nobody has recorded it in Bahnar */
    return TRUE;
}

static gboolean
fill_draft(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedAnnouncementRow) row = sched_store_announcement_get(txn, "bulletin", NULL);
    g_autofree char *hash = temp_store_hash("jra");
    const SchedVersionRow version = {.id = (char *) "w-jra",
                                     .announcement = (char *) "written",
                                     .language = (char *) "jra",
                                     .object = hash,
                                     .announcer_name = (char *) "giọng đọc"};

    g_free(row->id);
    row->id = g_strdup("written");
    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_announcement_put(txn, row, 0, &problem));
    assert_done(sched_store_version_put(txn, &version, &problem));
    return TRUE;
}

static void
test_drafts(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, fill, NULL);
    temp_store_run(store, fill_draft, NULL);
    temp_store_look(store, look_drafts, NULL);
}

static json_t *
try_case(SchedTxn *txn, const Case *one, GPtrArray *items, GError **error)
{
    SchedTargetRow target = {(char *) one->area, (char *) "", (char *) ""};
    g_autoptr(GPtrArray) targets = g_ptr_array_new(), none = g_ptr_array_new();
    const SchedSlotRow row = row_of(one, targets, none);

    g_ptr_array_add(targets, &target);
    return sched_trial_json(txn, &row, items, NOW, error);
}

/* More stations than one question looks at, each with a village, and all of one name. */
static gboolean
fill_many(SchedTxn *txn, gpointer data, GError **error)
{
    for (guint i = 0; i < 14; i++) {
        g_autofree char *station = g_strdup_printf("n%02u", i);
        g_autofree char *village = g_strdup_printf("village-%02u", i);
        const SchedAreaRow area = {.id = village,
                                   .parent = (char *) "ia-blu",
                                   .kind = SCHED_AREA_VILLAGE,
                                   .name = (char *) "Thôn 1"};
        g_autoptr(SchedStationRow) row = sched_station_row_new();
        const SchedOutputRow output = {station, (char *) "main", (char *) "Loa"};
        g_autoptr(GPtrArray) languages = g_ptr_array_new();
        const SchedZoneRow zone = {station,           (char *) "a", (char *) "main",
                                   (char *) "Thôn 1", village,      languages};

        g_ptr_array_add(languages, (gpointer) "jra");
        row->id = g_strdup(station);
        row->name = g_strdup(station);
        row->area = g_strdup("ia-blu");
        assert_done(sched_store_area_put(txn, &area, &problem));
        assert_done(sched_store_station_put(txn, row, &problem));
        assert_done(sched_store_output_put(txn, &output, &problem));
        assert_done(sched_store_zone_put(txn, &zone, &problem));
    }
    return TRUE;
}

static gboolean
look_many(SchedTxn *txn, gpointer data, GError **error)
{
    const Case night = {"", NULL, "chu-puh", "2026-03-03", "", 1320, 0, 0, FALSE, ""};
    json_auto_t *answer = try_case(txn, &night, NULL, error);
    g_autofree char *found = NULL;

    g_assert_no_error(*error);
    found = show(answer);
    g_assert_cmpstr(found, ==, "own outside_window in 13 on 1"); /* of twelve stations */
    g_assert_true(json_is_true(json_object_get(answer, "more")));
    return TRUE;
}

/* One that cannot be planned with is no station in whose way nothing is. */
static gboolean
look_spoilt(SchedTxn *txn, gpointer data, GError **error)
{
    const Case noon = {"", NULL, "ia-blu", "2026-03-03", "", 720, 0, 0, TRUE, ""};
    json_auto_t *answer = NULL;

    temp_store_exec(txn, "UPDATE stations SET tzid = 'Nowhere/Land' WHERE id = 'ia-blu'");
    answer = try_case(txn, &noon, NULL, error);
    g_assert_no_error(*error);
    g_assert_true(json_is_true(json_object_get(answer, "more")));
    return TRUE;
}

static void
test_many(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, fill, NULL);
    temp_store_run(store, fill_many, NULL);
    temp_store_look(store, look_many, NULL);
    temp_store_run(store, look_spoilt, NULL);
}

static gint64
time_of(const json_t *answer, const char *name)
{
    return json_integer_value(json_object_get(answer, name));
}

/* It is over where it takes longest, and what is over today is not its first sounding. */
static gboolean
look_first(SchedTxn *txn, gpointer data, GError **error)
{
    const Case all = {"", NULL, "chu-puh", "2026-03-03", "", 720, 0, 0, TRUE, ""};
    const Case longest = {"", NULL, "ia-le", "2026-03-03", "", 720, 0, 0, TRUE, ""};
    const Case early = {"", NULL, "ia-le", "2026-03-02", "FREQ=DAILY", 330, 0, 0, TRUE, ""};
    json_auto_t *one = try_case(txn, &all, NULL, error);
    json_auto_t *other = try_case(txn, &longest, NULL, error);
    json_auto_t *third = try_case(txn, &early, NULL, error);

    g_assert_no_error(*error);
    g_assert_cmpint(time_of(one, "from_us"), ==, time_of(other, "from_us"));
    g_assert_cmpint(time_of(one, "to_us"), ==, time_of(other, "to_us"));
    g_assert_cmpint(time_of(third, "from_us"), >, NOW + TEMP_STORE_DAY_US / 2);
    return TRUE;
}

static void
test_first(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, fill, NULL);
    temp_store_look(store, look_first, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/trial/cases", test_cases);
    g_test_add_func("/trial/drafts", test_drafts);
    g_test_add_func("/trial/many", test_many);
    g_test_add_func("/trial/first", test_first);
    return g_test_run();
}
