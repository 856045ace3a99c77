/* test-uses.c - where an announcement is played, and who would hear another language. */
#include "scheduler/store/uses.h"

#include "scheduler/store/announcements.h"
#include "scheduler/store/objects.h"
#include "tests/support/temp-store.h"

/*
 * The zones: ia-le a (village ia-le-a: jra, vi), ia-le b (ia-le-b: bdq, vi), ia-blu a
 * (ia-blu-a: jra).
 */
static void
make(SchedTxn *txn, const char *id, const char *area)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    const SchedAnnouncementRow row = {
        .id = (char *) id,
        .title = (char *) "Lịch tiêm phòng",
        .category = (char *) "Y tế",
        .source_number = (char *) "12/TB",
        .source_issuer = (char *) "UBND xã",
        .source_date = (char *) "2026-03-01",
        .valid_until_us = TEMP_STORE_NOW_US + TEMP_STORE_DAY_US,
        .home = (char *) "chu-puh",
        .areas = areas,
    };

    g_ptr_array_add(areas, (char *) area);
    temp_store_as(txn, "editor", TEMP_STORE_NOW_US);
    assert_done(sched_store_announcement_put(txn, &row, 0, &problem));
}

static void
add(SchedTxn *txn, const char *announcement, const char *language, gboolean recorded)
{
    g_autofree char *hash = temp_store_hash(language);
    g_autofree char *id = g_strdup_printf("%s-%s", announcement, language);
    const SchedObjectRow object = {hash, 40000, 10 * G_USEC_PER_SEC, -16000, -1500, 0};
    const SchedVersionRow version = {.id = id,
                                     .announcement = (char *) announcement,
                                     .language = (char *) language,
                                     .object = recorded ? hash : NULL,
                                     .script = (char *) "Ơ plei",
                                     .announcer_name = (char *) "giọng đọc"};

    assert_done(sched_store_object_put(txn, &object, NULL, &problem));
    assert_done(sched_store_version_put(txn, &version, &problem));
}

/* "jra>vi 1; …" */
static char *
words_of(const GPtrArray *rows, guint max_names)
{
    GString *words = g_string_new(NULL);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const SchedLackRow *row = g_ptr_array_index(rows, i);

        g_assert_cmpuint(row->names->len, ==, (guint) MIN(row->n_villages, max_names));
        g_string_append_printf(words, "%s%s>%s %d", i == 0 ? "" : "; ", row->language,
                               row->hears, (int) row->n_villages);
    }
    return g_string_free(words, FALSE);
}

/* The same whether it is asked for alone or among others. */
static char *
lacks(SchedTxn *txn, const char *id)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = sched_store_lacks(txn, id, &error);
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    g_autoptr(GHashTable) all = NULL;
    g_autofree char *among = NULL;
    char *alone;

    g_assert_no_error(error);
    g_ptr_array_add(ids, (char *) "a0");
    g_ptr_array_add(ids, (char *) id);
    g_ptr_array_add(ids, (char *) "there is none");
    all = sched_store_lacks_of(txn, ids, &error);
    g_assert_no_error(error);
    alone = words_of(rows, SCHED_LACKS_MAX_NAMES);
    among = words_of(g_hash_table_lookup(all, id), 0);
    g_assert_cmpstr(among, ==, alone);
    return alone;
}

/* clang-format off */
static const struct {
    const char *why, *area, *recorded, *drafted, *lacks;
} cases[] = {
    { "nothing is recorded",        "chu-puh", "",            "",    "jra> 2; vi> 2; bdq> 1" },
    { "a text is not heard",        "ia-blu",  "",            "jra", "jra> 1" },
    { "only Vietnamese",            "chu-puh", "vi",          "",    "bdq>vi 1; jra> 1; jra>vi 1" },
    { "all that the villages list", "chu-puh", "vi jra bdq",  "",    "" },
    { "only where it may sound",    "ia-blu",  "jra",         "",    "" },
    { "another dialect is no help", "ia-blu",  "jra-x-mthur", "",    "jra> 1" },
};
/* clang-format on */

static gboolean
lacks_body(SchedTxn *txn, gpointer data, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *id = g_strdup_printf("a%u", i), *found = NULL;
        g_auto(GStrv) recorded = g_strsplit(cases[i].recorded, " ", -1);

        g_test_message("%s", cases[i].why);
        make(txn, id, cases[i].area);
        for (guint k = 0; recorded[k] != NULL; k++)
            add(txn, id, recorded[k], TRUE);
        if (*cases[i].drafted != '\0')
            add(txn, id, cases[i].drafted, FALSE);
        found = lacks(txn, id);
        g_assert_cmpstr(found, ==, cases[i].lacks);
    }
    /* Who lists a dialect is served by the language. */
    make(txn, "d", "ia-blu");
    add(txn, "d", "jra", TRUE);
    temp_store_exec(txn, "UPDATE zone_languages SET language = 'jra-x-mthur' "
                         "WHERE station = 'ia-blu'");
    g_assert_cmpuint(sched_store_lacks(txn, "d", error)->len, ==, 0);
    return TRUE;
}

/* A village with two zones counts once, where both lack the same. */
static gboolean
two_zones_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *found = NULL;

    make(txn, "a0", "chu-puh");
    add(txn, "a0", "vi", TRUE);
    temp_store_exec(txn, "UPDATE zones SET village = 'ia-le-a' WHERE village = 'ia-le-b'");
    temp_store_exec(txn, "UPDATE zone_languages SET language = 'jra' WHERE language = 'bdq'");
    found = lacks(txn, "a0");
    g_assert_cmpstr(found, ==, "jra> 1; jra>vi 1");
    return TRUE;
}

static void
test_two_zones(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, two_zones_body, NULL);
}

static void
test_lacks(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, lacks_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/uses/lacks", test_lacks);
    g_test_add_func("/store/uses/two-zones", test_two_zones);
    return g_test_run();
}
