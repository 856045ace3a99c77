/*
 * test-hold.c - manifests obeyed at once, days applied one by one, and everything the same
 * after a restart; what is refused of them.
 */
#include "tests/player/intake/hold-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

/* Documents in one request, approvals in a second; then a restart without any network. */
static void
test_first_manifest(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);
    const char *tuesday = shelve_day(fixture, "2026-03-03", 3, fixture->approval);

    g_assert_true(push(fixture, 1, DAYS("2026-03-02", monday, "2026-03-03", tuesday)));
    EXPECT("manifest 1");
    g_assert_cmpuint(fetch_all(fixture), ==, 2);
    EXPECT("settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals",
           "2026-03-03 3 segments 1 approvals");

    restart(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals",
           "2026-03-03 3 segments 1 approvals");
    g_assert_cmpuint(fetch_all(fixture), ==, 0);
}

/* No file can grow any more, or all can again. */
static void
fill_disk(gboolean is_full)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    limit.rlim_cur = is_full ? 1 : limit.rlim_max;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

/* A full disk: documents are asked for again, not given up; what is withdrawn is withdrawn at
 * once, and the manifest is accepted when it is kept. */
static void
test_full_disk(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);
    const char *tuesday = shelve_day(fixture, "2026-03-03", 3, fixture->approval);
    g_autoptr(GPtrArray) wanted = NULL;
    g_autoptr(ContentBundle) bundle = NULL;
    gint64 version = 0;

    g_assert_true(push(fixture, 1, DAYS("2026-03-02", monday, "2026-03-03", tuesday)));
    EXPECT("manifest 1");
    wanted = play_hold_wanted(fixture->hold);
    bundle = test_shelf_answer(fixture->shelf, wanted);
    fill_disk(TRUE);
    g_assert_cmpuint(play_hold_take_bundle(fixture->hold, bundle, fixture->time), ==, 0);
    for (guint i = 0; i < wanted->len; i++)
        event_tape_expect(fixture->tape, "refused disk");
    event_tape_assert_empty(fixture->tape);
    fill_disk(FALSE);
    g_assert_cmpuint(fetch_all(fixture), ==, 2);
    EXPECT("settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals",
           "2026-03-03 3 segments 1 approvals");

    fill_disk(TRUE);
    g_assert_false(push(fixture, 2, DAYS("2026-03-02", monday)));
    g_assert_nonnull(play_hold_refusal(fixture->hold, &version));
    g_assert_cmpint(version, ==, 2);
    EXPECT("manifest 2", "2026-03-03 gone", "refused disk", "refused manifest");
    g_assert_false(play_hold_keep_again(fixture->hold));
    fill_disk(FALSE);
    g_assert_true(play_hold_keep_again(fixture->hold));
    g_assert_false(play_hold_keep_again(fixture->hold));
    event_tape_assert_empty(fixture->tape);
    restart(fixture);
    EXPECT("manifest 2", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals");
}

/* A manifest that a disk has refused is accepted when it is pushed again. */
static void
test_pushed_again(Fixture *fixture, gconstpointer data)
{
    fill_disk(TRUE);
    g_assert_false(push(fixture, 1, DAYS(NULL)));
    g_assert_false(push(fixture, 1, DAYS(NULL)));
    fill_disk(FALSE);
    g_assert_true(push(fixture, 1, DAYS(NULL)));
    g_assert_false(play_hold_keep_again(fixture->hold));
    EXPECT("manifest 1", "refused disk", "refused manifest", "refused manifest");
}

/* The same push again changes nothing; a new one only what it changes. */
static void
test_replacing(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);
    const char *other = shelve_day(fixture, "2026-03-02", 1, fixture->approval);
    const char *tuesday = shelve_day(fixture, "2026-03-03", 3, fixture->approval);

    push(fixture, 1, DAYS("2026-03-02", monday, "2026-03-03", tuesday));
    fetch_all(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals",
           "2026-03-03 3 segments 1 approvals");
    g_assert_true(push(fixture, 1, DAYS("2026-03-02", monday, "2026-03-03", tuesday)));
    event_tape_assert_empty(fixture->tape);

    /* Withdrawn before anything is fetched. */
    g_assert_true(push(fixture, 2, DAYS("2026-03-02", other)));
    EXPECT("manifest 2", "2026-03-03 gone", "2026-03-02 pending");
    g_assert_cmpuint(fetch_all(fixture), ==, 1);
    EXPECT("2026-03-02 1 segments 1 approvals");

    /* Back to a plan that is still here: no request at all. */
    g_assert_true(push(fixture, 3, DAYS("2026-03-02", monday)));
    EXPECT("manifest 3", "2026-03-02 2 segments 1 approvals");
    g_assert_cmpuint(fetch_all(fixture), ==, 0);
}

static void
test_refused_manifests(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);
    const char *other = shelve_day(fixture, "2026-03-02", 1, fixture->approval);
    gint64 version = 0;

    push(fixture, 5, DAYS("2026-03-02", monday));
    fetch_all(fixture);
    EXPECT("manifest 5", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals");

    g_assert_false(push(fixture, 4, DAYS("2026-03-02", other)));
    EXPECT("refused manifest");
    g_assert_cmpstr(play_hold_refusal(fixture->hold, &version)->code, ==, "refused_version");
    g_assert_false(push(fixture, 5, DAYS("2026-03-02", other)));
    EXPECT("refused manifest");
    g_assert_cmpint((play_hold_refusal(fixture->hold, &version), version), ==, 5);

    /* The floor survives a restart. */
    restart(fixture);
    EXPECT("manifest 5", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals");
    g_assert_false(push(fixture, 4, DAYS("2026-03-02", other)));
    EXPECT("refused manifest");
}

/* Who holds only the manifests' key lists an approval as templates, which nobody signs. */
static void
test_approval_as_templates(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentApproval) forged = test_approval(fixture->object);
    g_autoptr(ContentManifest) manifest = test_manifest(STATION, 1, NOW);
    g_autoptr(GBytes) envelope = NULL;
    const char *hash, *monday;

    forged->title[0] = 'X';
    hash = test_shelf_put(fixture->shelf, &content_approval_type, forged, NULL, 0);
    monday = shelve_day(fixture, "2026-03-02", 1, hash);
    g_free(manifest->settings);
    manifest->settings = g_strdup(fixture->settings);
    g_free(manifest->keys);
    manifest->keys = g_strdup(fixture->keys);
    manifest->templates = g_strdup(hash);
    test_manifest_add_day(manifest, "2026-03-02", monday);
    envelope =
        test_seal(fixture->district->online, &content_manifest_type, manifest, STATION, 1);
    g_assert_true(play_hold_take_pushed(fixture->hold, envelope, fixture->time));
    fetch_all(fixture);
    EXPECT("manifest 1", "refused templates", "settings Asia/Ho_Chi_Minh",
           "2026-03-02 1 segments 0 approvals");
    restart(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "2026-03-02 1 segments 0 approvals");
}

static void
test_expiry(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);

    push(fixture, 1, DAYS("2026-03-02", monday));
    fetch_all(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals");
    fixture->time.now_us = NOW + CONTENT_MANIFEST_LIFE_US - 1;
    play_hold_check_expiry(fixture->hold, fixture->time);
    event_tape_assert_empty(fixture->tape);
    fixture->time.now_us++;
    play_hold_check_expiry(fixture->hold, fixture->time);
    EXPECT("refused manifest", "no manifest", "2026-03-02 gone");
    /* Where the zones are is known all the same: alerts need no manifest. */
    restart(fixture);
    EXPECT("refused manifest", "settings Asia/Ho_Chi_Minh");
}

/* One bad approval costs its own segments, not the day; one bad plan its day, not the others.
 */
static void
test_bad_documents(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentApproval) approval = test_approval(fixture->object);
    const char *unsigned_one, *monday, *tuesday, *wednesday;
    g_autoptr(ContentDayPlan) wrong_date = test_plan(STATION, "2026-03-09");
    g_autoptr(ContentDayPlan) wrong_station = test_plan("another", "2026-03-05");

    approval->title[0] = 'X';
    unsigned_one = test_shelf_put(fixture->shelf, &content_approval_type, approval,
                                  fixture->district->online, 0);
    monday = shelve_day(fixture, "2026-03-02", 2, unsigned_one);
    tuesday = shelve_day(fixture, "2026-03-03", 3, NULL);
    wednesday = test_shelf_put(fixture->shelf, &content_day_plan_type, wrong_date, NULL, 0);
    push(fixture, 1,
         DAYS("2026-03-02", monday, "2026-03-03", tuesday, "2026-03-04", wednesday,
              "2026-03-05",
              test_shelf_put(fixture->shelf, &content_day_plan_type, wrong_station, NULL, 0)));
    g_assert_cmpuint(fetch_all(fixture), ==, 2);
    EXPECT("manifest 1", "refused dayplan", "refused dayplan", "settings Asia/Ho_Chi_Minh",
           "refused approval", "2026-03-02 2 segments 0 approvals",
           "2026-03-03 3 segments 0 approvals");
}

/* Other bytes than asked for, and things nobody asked for. */
static void
test_lying_district(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);
    g_autoptr(ContentBundle) bundle = content_document_new(&content_bundle_type);
    g_autoptr(GPtrArray) everything = g_ptr_array_new();
    ContentBundled *swapped;

    push(fixture, 1, DAYS("2026-03-02", monday));
    EXPECT("manifest 1");
    g_ptr_array_add(everything, (gpointer) monday);
    g_ptr_array_add(everything, fixture->settings);
    g_ptr_array_add(everything, g_strdup(shelve_day(fixture, "2026-03-08", 1, NULL)));
    g_clear_pointer(&bundle, content_bundle_free);
    bundle = test_shelf_answer(fixture->shelf, everything);
    g_free(everything->pdata[2]);
    swapped = bundle->documents->pdata[0];
    swapped->text[10] ^= 1;
    g_assert_cmpuint(play_hold_take_bundle(fixture->hold, bundle, fixture->time), ==, 2);
    EXPECT("refused document", "settings Asia/Ho_Chi_Minh");
    /* Not asked again for the same manifest; the next one gives it another chance. */
    g_assert_cmpuint(fetch_all(fixture), ==, 0);
    push(fixture, 2, DAYS("2026-03-02", monday));
    fetch_all(fixture);
    EXPECT("manifest 2", "2026-03-02 2 segments 1 approvals");
}

/* A bit flipped on the card: the document is fetched again, nothing of it is used. */
static void
test_flipped_bit(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);
    g_autofree char *path = g_build_filename(fixture->folder, "keep.db", NULL);
    g_autofree char *sql = g_strdup_printf(
        "UPDATE document SET bytes = CAST(replace(CAST(bytes AS TEXT), 'cho', 'chp') AS BLOB)"
        " WHERE hash = '%s'",
        monday);
    sqlite3 *db = NULL;

    push(fixture, 1, DAYS("2026-03-02", monday));
    fetch_all(fixture);
    close_hold(fixture);
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(db);
    open_hold(fixture);
    EXPECT("manifest 1", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals",
           "manifest 1", "settings Asia/Ho_Chi_Minh");
    g_assert_cmpuint(fetch_all(fixture), >, 0);
    EXPECT("2026-03-02 2 segments 1 approvals");
}

/* Enrolled at another district: nothing of the old one is in force, and nothing of it counts.
 */
static void
test_other_root(Fixture *fixture, gconstpointer data)
{
    const char *monday = shelve_day(fixture, "2026-03-02", 2, fixture->approval);
    g_autoptr(PlayKeep) keep = NULL;
    g_autoptr(ContentSealKey) root = content_seal_key_generate();
    g_autoptr(GPtrArray) floors = NULL;
    g_autoptr(GError) error = NULL;

    push(fixture, 9, DAYS("2026-03-02", monday));
    fetch_all(fixture);
    EXPECT("manifest 9", "settings Asia/Ho_Chi_Minh", "2026-03-02 2 segments 1 approvals");
    close_hold(fixture);
    keep = play_keep_open(fixture->folder, STATION, content_seal_key_public(root), &error);
    g_assert_no_error(error);
    floors = play_keep_floors(keep, &error);
    g_assert_cmpuint(floors->len, ==, 0);
    g_assert_null(play_keep_manifest(keep, &error));
    g_assert_no_error(error);
    g_assert_false(play_keep_has_document(keep, monday));
}

/* What two manifests do not name any more goes; what the previous one names stays. */
static void
test_tidy(Fixture *fixture, gconstpointer data)
{
    const char *a = shelve_day(fixture, "2026-03-02", 1, fixture->approval);
    const char *b = shelve_day(fixture, "2026-03-02", 2, fixture->approval);
    const char *c = shelve_day(fixture, "2026-03-02", 3, fixture->approval);
    const char *all[] = {a, b, c};
    g_autoptr(GHashTable) named = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
        push(fixture, (gint64) i + 1, DAYS("2026-03-02", all[i]));
        fetch_all(fixture);
    }
    play_hold_tidy(fixture->hold);
    g_assert_false(play_keep_has_document(fixture->keep, a));
    g_assert_true(play_keep_has_document(fixture->keep, b));
    g_assert_true(play_keep_has_document(fixture->keep, c));
    g_assert_true(play_keep_has_document(fixture->keep, fixture->approval));
    named = play_hold_named_objects(fixture->hold);
    g_assert_cmpuint(g_hash_table_size(named), ==, 3);
    for (char *event; (event = event_tape_take(fixture->tape)) != NULL; g_free(event))
        continue;
}

/* A file of a newer program is refused and stays. */
static void
test_refused_files(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = g_build_filename(fixture->folder, "keep.db", NULL);
    g_autoptr(GError) error = NULL;
    sqlite3 *db = NULL;

    close_hold(fixture);
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, "PRAGMA user_version = 9", NULL, NULL, NULL), ==,
                    SQLITE_OK);
    sqlite3_close(db);
    g_assert_null(play_keep_open(fixture->folder, STATION, "x", &error));
    g_assert_error(error, PLAY_DATABASE_ERROR, PLAY_DATABASE_ERROR_NEWER);
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    HOLD_ADD("first-manifest", test_first_manifest);
    HOLD_ADD("full-disk", test_full_disk);
    HOLD_ADD("pushed-again", test_pushed_again);
    HOLD_ADD("replacing", test_replacing);
    HOLD_ADD("refused-manifests", test_refused_manifests);
    HOLD_ADD("approval-as-templates", test_approval_as_templates);
    HOLD_ADD("expiry", test_expiry);
    HOLD_ADD("bad-documents", test_bad_documents);
    HOLD_ADD("lying-district", test_lying_district);
    HOLD_ADD("flipped-bit", test_flipped_bit);
    HOLD_ADD("other-root", test_other_root);
    HOLD_ADD("tidy", test_tidy);
    HOLD_ADD("refused-files", test_refused_files);
    return g_test_run();
}
