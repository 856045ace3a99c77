/*
 * test-limits.c - how much of each thing the district takes: the most of it, and one more.
 *
 * A limit that nothing goes past is a limit that nobody would miss.
 */
#include "scheduler/store/announcements.h"
#include "scheduler/store/areas.h"
#include "scheduler/store/csv.h"
#include "scheduler/store/playlists.h"
#include "scheduler/store/slots.h"
#include "scheduler/store/stations.h"
#include "scheduler/store/windows.h"
#include "tests/support/temp-store.h"

#include <string.h>

#define NOW TEMP_STORE_NOW_US

/* "x7": fits wherever an id does */
static GPtrArray *
names(const char *prefix, guint n)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < n; i++)
        g_ptr_array_add(list, g_strdup_printf("%s%u", prefix, i));
    return list;
}

static gboolean
put_areas(SchedTxn *txn, guint n, GError **error)
{
    for (guint i = 0; i < n; i++) {
        g_autofree char *id = g_strdup_printf("lang-%u", i);
        const SchedAreaRow row = {
            .id = id, .kind = SCHED_AREA_VILLAGE, .name = id, .parent = (char *) "ia-le"};

        if (!sched_store_area_put(txn, &row, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
put_announcement(SchedTxn *txn, guint n_areas, GError **error)
{
    g_autoptr(GPtrArray) areas = names("lang-", n_areas);
    const SchedAnnouncementRow a = {.id = (char *) "a",
                                    .title = (char *) "A",
                                    .category = (char *) "",
                                    .source_number = (char *) "",
                                    .source_issuer = (char *) "UBND",
                                    .source_date = (char *) "2026-03-01",
                                    .valid_from_us = NOW,
                                    .valid_until_us = NOW + 1,
                                    .home = (char *) "chu-puh",
                                    .areas = areas};

    return sched_store_announcement_put(txn, &a, -1, error);
}

static gboolean
put_versions(SchedTxn *txn, guint n, GError **error)
{
    for (guint i = 0; i < n; i++) {
        g_autofree char *id = g_strdup_printf("v%u", i);
        g_autofree char *language = g_strdup_printf("jra-x-t%u", i);
        const SchedVersionRow row = {.id = id,
                                     .announcement = (char *) "a",
                                     .language = language,
                                     .script = (char *) "x",
                                     .announcer_name = (char *) "N"};

        if (!sched_store_version_put(txn, &row, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
put_items(SchedTxn *txn, guint n, GError **error)
{
    g_autoptr(GPtrArray) ids = names("i", n);
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_free);
    const SchedPlaylistRow row = {.id = (char *) "list",
                                  .name = (char *) "list",
                                  .home = (char *) "chu-puh",
                                  .items = items};

    for (guint i = 0; i < n; i++) {
        SchedItemRow *item = g_new0(SchedItemRow, 1);

        item->id = g_ptr_array_index(ids, i);
        item->kind = SCHED_ITEM_PAUSE;
        item->duration_us = G_USEC_PER_SEC;
        g_ptr_array_add(items, item);
    }
    return sched_store_playlist_put(txn, &row, -1, error);
}

static gboolean
put_slot(SchedTxn *txn, const char *id, GPtrArray *targets, GPtrArray *dates_in,
         GPtrArray *dates_out, GError **error)
{
    const SchedSlotRow slot = {.id = (char *) id,
                               .name = (char *) "Sáng",
                               .home = (char *) "chu-puh",
                               .playlist = (char *) "list",
                               .tzid = (char *) "Asia/Ho_Chi_Minh",
                               .first_date = (char *) "2026-03-02",
                               .local_min = 330,
                               .rule = (char *) "FREQ=DAILY",
                               .targets = targets,
                               .dates_in = dates_in,
                               .dates_out = dates_out};

    return sched_store_slot_put(txn, &slot, -1, error);
}

static GPtrArray *
targets_of(guint n)
{
    GPtrArray *targets = g_ptr_array_new_with_free_func((GDestroyNotify) sched_target_row_free);

    for (guint i = 0; i < n; i++) {
        SchedTargetRow *target = g_new0(SchedTargetRow, 1);

        target->area = g_strdup_printf("lang-%u", i);
        target->station = g_strdup("");
        target->zone = g_strdup("");
        g_ptr_array_add(targets, target);
    }
    return targets;
}

static GPtrArray *
dates_of(guint n)
{
    GPtrArray *dates = g_ptr_array_new_with_free_func(g_free);
    GDate day;

    g_date_set_dmy(&day, 1, G_DATE_APRIL, 2026);
    for (guint i = 0; i < n; i++, g_date_add_days(&day, 1))
        g_ptr_array_add(dates, g_strdup_printf("%04u-%02u-%02u", g_date_get_year(&day),
                                               g_date_get_month(&day), g_date_get_day(&day)));
    return dates;
}

static gboolean
put_targets(SchedTxn *txn, guint n, GError **error)
{
    g_autoptr(GPtrArray) targets = targets_of(n), none = g_ptr_array_new();

    return put_slot(txn, "s", targets, none, none, error);
}

static gboolean
put_dates_in(SchedTxn *txn, guint n, GError **error)
{
    g_autoptr(GPtrArray) targets = targets_of(1), none = g_ptr_array_new();
    g_autoptr(GPtrArray) dates = dates_of(n);

    return put_slot(txn, "s", targets, dates, none, error);
}

static gboolean
put_dates_out(SchedTxn *txn, guint n, GError **error)
{
    g_autoptr(GPtrArray) targets = targets_of(1), none = g_ptr_array_new();
    g_autoptr(GPtrArray) dates = dates_of(n);

    return put_slot(txn, "s", targets, none, dates, error);
}

static gboolean
put_choices(SchedTxn *txn, guint n, GError **error)
{
    g_autoptr(GPtrArray) targets = targets_of(1), none = g_ptr_array_new();
    g_autoptr(GPtrArray) slots = names("s", n);

    for (guint i = 0; i < n; i++) {
        if (!put_slot(txn, g_ptr_array_index(slots, i), targets, none, none, error))
            return FALSE;
    }
    return sched_store_choices_set(txn, "ia-le", slots, error);
}

/* ia-le has one already. */
static gboolean
put_outputs(SchedTxn *txn, guint n, GError **error)
{
    for (guint i = 1; i < n; i++) {
        g_autofree char *id = g_strdup_printf("o%u", i);
        const SchedOutputRow row = {.station = (char *) "ia-le", .id = id, .name = id};

        if (!sched_store_output_put(txn, &row, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
put_volumes(SchedTxn *txn, guint n, GError **error)
{
    g_autoptr(GPtrArray) volumes =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_volume_row_free);

    for (guint i = 0; i < n; i++) {
        SchedVolumeRow *row = g_new0(SchedVolumeRow, 1);

        row->station = g_strdup("ia-le");
        row->zone = g_strdup("a");
        row->from_min = 20 * i;
        row->to_min = 20 * i + 20;
        row->gain_mdb = -1000;
        g_ptr_array_add(volumes, row);
    }
    return sched_store_volumes_set(txn, "ia-le", "a", volumes, error);
}

static gboolean
put_windows(SchedTxn *txn, guint n, GError **error)
{
    g_autoptr(GPtrArray) windows =
        g_ptr_array_new_with_free_func((GDestroyNotify) sched_window_row_free);

    for (guint i = 0; i < n; i++) {
        SchedWindowRow *row = g_new0(SchedWindowRow, 1);

        row->area = g_strdup("ia-le");
        row->weekdays = 127;
        row->from_min = 20 * i;
        row->to_min = 20 * i + 10;
        g_ptr_array_add(windows, row);
    }
    return sched_store_windows_set(txn, "ia-le", windows, -1, error);
}

/* --- files ----------------------------------------------------------------------------------
 */

static gboolean
read_row(const char *text, GError **error)
{
    SchedCsv csv;
    g_autoptr(GPtrArray) fields = NULL;

    sched_csv_begin(&csv, text, strlen(text));
    fields = sched_csv_next(&csv, error);
    return fields != NULL;
}

static gboolean
read_fields(SchedTxn *txn, guint n, GError **error)
{
    g_autofree char *commas = g_strnfill(n - 1, ',');

    return read_row(commas, error);
}

static gboolean
read_field_bytes(SchedTxn *txn, guint n, GError **error)
{
    g_autofree char *field = g_strnfill(n, 'x');

    return read_row(field, error);
}

/* --- one row a limit ------------------------------------------------------------------------
 */

/* clang-format off */
static const struct {
    const char *what;
    gboolean (*put)(SchedTxn *txn, guint n, GError **error);
    guint most;
} limits[] = {
    { "areas of an announcement",    put_announcement, SCHED_ANNOUNCEMENT_MAX_AREAS },
    { "versions of an announcement", put_versions,     SCHED_ANNOUNCEMENT_MAX_VERSIONS },
    { "items of a playlist",         put_items,        SCHED_PLAYLIST_MAX_ITEMS },
    { "targets of a slot",           put_targets,      SCHED_SLOT_MAX_TARGETS },
    { "dates added to a slot",       put_dates_in,     SCHED_SLOT_MAX_DATES },
    { "dates left out of a slot",    put_dates_out,    SCHED_SLOT_MAX_DATES },
    { "slots in a choice",           put_choices,      SCHED_AREA_MAX_CHOICES },
    { "outputs of a station",        put_outputs,      SCHED_STATION_MAX_OUTPUTS },
    { "volumes of a zone",           put_volumes,      SCHED_ZONE_MAX_VOLUMES },
    { "windows of an area",          put_windows,      SCHED_AREA_MAX_WINDOWS },
    { "fields of a line",            read_fields,      SCHED_CSV_MAX_FIELDS },
    { "bytes of a field",            read_field_bytes, SCHED_CSV_MAX_FIELD_BYTES },
};
/* clang-format on */

static gboolean
limits_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_as(txn, "editor", NOW);
    assert_done(put_areas(txn, SCHED_SLOT_MAX_TARGETS + 1, &problem));
    for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
        g_test_message("%s: %u", limits[i].what, limits[i].most);
        /* In this order: what is refused then is refused for the one more. */
        assert_done(limits[i].put(txn, limits[i].most, &problem));
        assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                       limits[i].put(txn, limits[i].most + 1, &problem));
    }
    return TRUE;
}

static void
test_limits(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, limits_body, NULL);
}

/* Fifty thousand areas take a while to write: what each line says is wrong here, and an error
 * of lines tells whether they were counted before they were read. */
static gboolean
import_body(SchedTxn *txn, gpointer data, GError **error)
{
    for (guint n = SCHED_IMPORT_MAX_LINES; n <= SCHED_IMPORT_MAX_LINES + 1; n++) {
        g_autoptr(GString) text = g_string_new("id,kind,name,parent\n");
        g_autoptr(GError) problem = NULL;
        gint64 count;

        for (guint i = 0; i < n; i++)
            g_string_append(text, "?,?,N,ia-le\n");
        g_assert_false(sched_store_area_import(txn, text->str, text->len, &count, &problem));
        g_assert_error(problem, SCHED_STORE_ERROR, SCHED_STORE_ERROR_INVALID);
        g_test_message("%.200s", problem->message);
        g_assert_cmpint(strstr(problem->message, "too many") != NULL, ==,
                        n > SCHED_IMPORT_MAX_LINES);
    }
    return TRUE;
}

static void
test_import(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, import_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/store/limits", test_limits);
    g_test_add_func("/scheduler/store/limits/import", test_import);
    return g_test_run();
}
