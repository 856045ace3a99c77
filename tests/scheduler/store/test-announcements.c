/* test-announcements.c - who may check and approve what, and what takes an approval away. */
#include "scheduler/store/announcements.h"

#include "content/base/id.h"
#include "content/exchange.h"
#include "scheduler/store/objects.h"
#include "scheduler/store/outbox.h"
#include "tests/support/temp-store.h"

#include <string.h>

#define NOW TEMP_STORE_NOW_US

static char *
add_object(SchedTxn *txn, const char *text)
{
    char *hash = temp_store_hash(text);
    const SchedObjectRow object = {hash, 40000, 10 * G_USEC_PER_SEC, -16000, -1500, 0};

    assert_done(sched_store_object_put(txn, &object, NULL, &problem));
    return hash;
}

/* A bulletin, or a signal without a language. */
static SchedAnnouncementRow *
new_announcement(const char *id)
{
    SchedAnnouncementRow *row = g_new0(SchedAnnouncementRow, 1);

    row->id = g_strdup(id);
    row->title = g_strdup("Lịch tiêm phòng");
    row->category = g_strdup("Y tế");
    row->source_number = g_strdup("12/TB");
    row->source_issuer = g_strdup("UBND xã");
    row->source_date = g_strdup("2026-03-01");
    row->valid_from_us = NOW;
    row->valid_until_us = NOW + 30 * TEMP_STORE_DAY_US;
    row->home = g_strdup("chu-puh");
    row->areas = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(row->areas, g_strdup("ia-le"));
    return row;
}

static void
put_version(SchedTxn *txn, const char *id, const char *announcement, const char *language,
            const char *object, const char *announcer)
{
    const SchedVersionRow version = {.id = (char *) id,
                                     .announcement = (char *) announcement,
                                     .language = (char *) language,
                                     .object = (char *) object,
                                     .script = (char *) "Ơ plei",
                                     .announcer = (char *) announcer,
                                     .announcer_name = (char *) "giọng đọc"};

    assert_done(sched_store_version_put(txn, &version, &problem));
}

static void
begin(SchedTxn *txn)
{
    g_autoptr(SchedAnnouncementRow) a = new_announcement("a");
    g_autofree char *object = add_object(txn, "first");

    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_announcement_put(txn, a, 0, &problem));
    put_version(txn, "v", "a", "jra", object, NULL);
}

static gboolean
check(SchedTxn *txn, const char *who, GError **error)
{
    g_autoptr(SchedVersionRow) v = sched_store_version_get(txn, "v", NULL);

    temp_store_as(txn, who, NOW + 1);
    return sched_store_version_check(txn, "v", v->object, v->script_hash, error);
}

static gboolean
approve(SchedTxn *txn, const char *id, const char *who, GError **error)
{
    g_autoptr(SchedVersionRow) v = sched_store_version_get(txn, id, NULL);
    g_autoptr(GPtrArray) signatures = g_ptr_array_new();
    ContentSignature signature = {(char *) "minisign", (char *) "0011223344556677",
                                  (char *) "four lines", NULL};
    g_autoptr(GBytes) document = NULL;

    temp_store_as(txn, who, NOW + 2);
    document = sched_store_approval_build(txn, id, v->object, v->script_hash, error);
    if (document == NULL)
        return FALSE;
    g_ptr_array_add(signatures, &signature);
    return sched_store_approval_add(txn, id, document, signatures, error);
}

static void
assert_state(SchedTxn *txn, const char *id, SchedVersionState state, gint n_in_force)
{
    g_autoptr(SchedVersionRow) v = sched_store_version_get(txn, id, NULL);
    g_autoptr(GPtrArray) approvals = sched_store_approval_list(txn, NULL);

    g_assert_cmpint(v->state, ==, (gint) state);
    g_assert_cmpint((gint) approvals->len, ==, n_in_force);
    g_assert_true((v->approval != NULL) == (state == SCHED_VERSION_APPROVED));
}

static gboolean
way_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) approvals = NULL;
    g_autoptr(ContentApproval) said = NULL;
    const SchedApprovalRow *row;

    begin(txn);
    assert_refused(txn, SCHED_STORE_ERROR_RULE, approve(txn, "v", "approver", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE, check(txn, "editor", &problem));
    assert_done(check(txn, "reader", &problem));
    assert_state(txn, "v", SCHED_VERSION_CHECKED, 0);
    assert_refused(txn, SCHED_STORE_ERROR_RULE, approve(txn, "v", "editor", &problem));
    assert_done(approve(txn, "v", "approver", &problem));
    assert_state(txn, "v", SCHED_VERSION_APPROVED, 1);
    assert_refused(txn, SCHED_STORE_ERROR_CONFLICT, check(txn, "reader", &problem));

    approvals = sched_store_approval_list(txn, error);
    row = g_ptr_array_index(approvals, 0);
    said = content_document_read(&content_approval_type, g_bytes_get_data(row->document, NULL),
                                 g_bytes_get_size(row->document), error);
    g_assert_cmpstr(said->language, ==, "jra");
    g_assert_cmpstr(said->author, ==, "editor");
    g_assert_cmpstr(said->checker, ==, "reader");
    g_assert_cmpstr(said->approver, ==, "approver");
    g_assert_cmpstr(said->source_document, ==, "12/TB · UBND xã · 2026-03-01");
    g_assert_cmpuint(row->signatures->len, ==, 1);
    return TRUE;
}

static void
test_way(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, way_body, NULL);
}

static gboolean
persons_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *object = NULL, *other = NULL;

    begin(txn);
    object = add_object(txn, "first");
    other = add_object(txn, "other");
    /* Whoever ever changed it stays an author, also after somebody else changed it again. */
    temp_store_as(txn, "approver", NOW);
    put_version(txn, "v", "a", "jra", other, NULL);
    temp_store_as(txn, "editor", NOW);
    put_version(txn, "v", "a", "jra", object, "reader");
    assert_refused(txn, SCHED_STORE_ERROR_RULE, check(txn, "reader", &problem));
    assert_done(check(txn, "editor-2", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE, approve(txn, "v", "approver", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE, approve(txn, "v", "reader", &problem));
    assert_done(approve(txn, "v", "approver-2", &problem));
    return TRUE;
}

static void
test_persons(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, persons_body, NULL);
}

/* What is done to an approved version by hand or by the program, and what is left after it. */
typedef struct {
    const char *why;
    const char *sql;
    SchedVersionState state;
    gint n_in_force;
} Change;

static gboolean
change_body(SchedTxn *txn, gpointer data, GError **error)
{
    const Change *change = data;

    begin(txn);
    assert_done(check(txn, "reader", &problem));
    assert_done(approve(txn, "v", "approver", &problem));
    temp_store_exec(txn, change->sql);
    assert_state(txn, "v", change->state, change->n_in_force);
    return TRUE;
}

static void
test_changes(void)
{
    /* clang-format off */
    const Change cases[] = {
        { "the voice's name as it was", "UPDATE versions SET announcer_name = announcer_name",
          SCHED_VERSION_APPROVED, 1 },
        { "another name of the voice", "UPDATE versions SET announcer_name = 'x'",
          SCHED_VERSION_DRAFT, 0 },
        { "brought in by somebody else", "UPDATE versions SET uploader = 'editor-2'",
          SCHED_VERSION_DRAFT, 0 },
        { "the same title again", "UPDATE announcements SET title = title",
          SCHED_VERSION_APPROVED, 1 },
        { "the category", "UPDATE announcements SET category = 'x'", SCHED_VERSION_APPROVED, 1 },
        { "another script", "UPDATE versions SET script = 'x', script_hash = 'y'",
          SCHED_VERSION_DRAFT, 0 },
        { "another script under the same hash", "UPDATE versions SET script = 'x'",
          SCHED_VERSION_DRAFT, 0 },
        { "no audio", "UPDATE versions SET object = NULL", SCHED_VERSION_DRAFT, 0 },
        { "another language", "UPDATE versions SET language = 'bdq'", SCHED_VERSION_DRAFT, 0 },
        { "another voice", "UPDATE versions SET announcer = 'editor-2'", SCHED_VERSION_DRAFT, 0 },
        { "another title", "UPDATE announcements SET title = 'x'", SCHED_VERSION_CHECKED, 0 },
        { "another class", "UPDATE announcements SET class = 'uu_tien'",
          SCHED_VERSION_CHECKED, 0 },
        { "another source", "UPDATE announcements SET source_number = 'x'",
          SCHED_VERSION_CHECKED, 0 },
        { "a longer validity", "UPDATE announcements SET valid_until_us = valid_until_us + 1",
          SCHED_VERSION_CHECKED, 0 },
        { "another place", "INSERT INTO announcement_areas VALUES ('a', 'ia-blu')",
          SCHED_VERSION_CHECKED, 0 },
        { "a place less", "DELETE FROM announcement_areas", SCHED_VERSION_CHECKED, 0 },
        { "sent back", "UPDATE versions SET state = 'returned', approval = NULL, changed_us = 9",
          SCHED_VERSION_RETURNED, 0 },
        { "withdrawn: silent, the approval stays", "UPDATE announcements SET withdrawn = 1",
          SCHED_VERSION_APPROVED, 0 },
        { "withdrawn and brought back",
          "UPDATE announcements SET withdrawn = 1; UPDATE announcements SET withdrawn = 0",
          SCHED_VERSION_CHECKED, 0 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TempStore) store = temp_store_new_district();

        g_test_message("%s", cases[i].why);
        temp_store_run(store, change_body, (gpointer) &cases[i]);
    }
}

/* What the database refuses from a database shell. */
static gboolean
by_hand_body(SchedTxn *txn, gpointer data, GError **error)
{
    /* clang-format off */
    static const struct { const char *why, *sql; SchedStoreError code; } cases[] = {
        { "khan_cap for an announcement", "UPDATE announcements SET class = 'khan_cap'",
          SCHED_STORE_ERROR_INVALID },
        { "an approved version out of nothing", "UPDATE versions SET state = 'approved'",
          SCHED_STORE_ERROR_RULE },
        { "a version that begins approved",
          "INSERT INTO versions SELECT 'w', announcement, 'vi', object, script, script_hash, "
          "NULL, '', 'approved', author, NULL, 0, NULL, '', 0, 0, NULL, NULL, 0 FROM versions",
          SCHED_STORE_ERROR_RULE },
        { "a checker who wrote it", "UPDATE versions SET state = 'checked', checker = 'editor'",
          SCHED_STORE_ERROR_RULE },
        { "no checker", "UPDATE versions SET state = 'checked'", SCHED_STORE_ERROR_RULE },
        { "a forgotten author", "DELETE FROM authors", SCHED_STORE_ERROR_RULE },
        { "an author renamed", "UPDATE authors SET account = 'x'", SCHED_STORE_ERROR_RULE },
        { "other measures of an object", "UPDATE objects SET duration_us = 1",
          SCHED_STORE_ERROR_RULE },
        { "audio that a version names", "DELETE FROM objects", SCHED_STORE_ERROR_IN_USE },
        { "an announcement with versions", "DELETE FROM announcements",
          SCHED_STORE_ERROR_IN_USE },
        { "an account", "DELETE FROM accounts", SCHED_STORE_ERROR_RULE },
        { "a bulletin that becomes a signal", "UPDATE announcements SET kind = 'signal'",
          SCHED_STORE_ERROR_RULE },
        { "a bulletin without language", "UPDATE versions SET language = NULL",
          SCHED_STORE_ERROR_RULE },
        { "a class that there is not", "UPDATE announcements SET class = 'x'",
          SCHED_STORE_ERROR_INVALID },
        { "a text for a number", "UPDATE announcements SET valid_from_us = 'x'",
          SCHED_STORE_ERROR_INVALID },
        { "the retention floor downwards", "UPDATE retention SET floor_us = -1",
          SCHED_STORE_ERROR_RULE },
    };
    /* clang-format on */

    begin(txn);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        assert_refused(txn, cases[i].code, sched_sql_run(txn, cases[i].sql, &problem, ""));
    }
    return TRUE;
}

static void
test_by_hand(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, by_hand_body, NULL);
}

static gboolean
kept_body(SchedTxn *txn, gpointer data, GError **error)
{
    /* clang-format off */
    static const struct { const char *why, *sql; SchedStoreError code; } cases[] = {
        { "an approval deleted", "DELETE FROM approvals", SCHED_STORE_ERROR_RULE },
        { "an approval by another", "UPDATE approvals SET approver = 'reader', voided_us = 1",
          SCHED_STORE_ERROR_RULE },
        { "an approval in force again", "UPDATE approvals SET voided_us = 0",
          SCHED_STORE_ERROR_RULE },
        { "its document", "DELETE FROM documents", SCHED_STORE_ERROR_RULE },
        { "its document's name", "UPDATE documents SET hash = ''", SCHED_STORE_ERROR_RULE },
        { "its version", "DELETE FROM versions", SCHED_STORE_ERROR_IN_USE },
        { "its audio", "DELETE FROM objects", SCHED_STORE_ERROR_IN_USE },
    };
    /* clang-format on */

    begin(txn);
    assert_done(check(txn, "reader", &problem));
    assert_done(approve(txn, "v", "approver", &problem));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        assert_refused(txn, cases[i].code, sched_sql_run(txn, cases[i].sql, &problem, ""));
    }
    assert_refused(txn, SCHED_STORE_ERROR_IN_USE,
                   sched_store_version_remove(txn, "v", &problem));
    return TRUE;
}

static void
test_kept(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, kept_body, NULL);
}

static gboolean
bound_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *other = NULL, *first = temp_store_hash("first");
    g_autofree char *script = temp_store_hash("Ơ plei");
    g_autoptr(GPtrArray) signatures = g_ptr_array_new();
    g_autoptr(GBytes) document = NULL, foreign = g_bytes_new_static("{}", 2);
    ContentSignature signature = {(char *) "minisign", (char *) "k", (char *) "s", NULL};

    begin(txn);
    other = add_object(txn, "other");
    g_ptr_array_add(signatures, &signature);
    assert_refused(txn, SCHED_STORE_ERROR_CONFLICT,
                   sched_store_version_check(txn, "v", other, script, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_CONFLICT,
                   sched_store_version_check(txn, "v", first, NULL, &problem));
    assert_done(check(txn, "reader", &problem));
    temp_store_as(txn, "approver", NOW + 5);
    document = sched_store_approval_build(txn, "v", first, script, error);
    g_assert_nonnull(document);
    assert_refused(txn, SCHED_STORE_ERROR_CONFLICT,
                   sched_store_approval_add(txn, "v", foreign, signatures, &problem));
    temp_store_as(txn, "approver-2", NOW + 5);
    assert_refused(txn, SCHED_STORE_ERROR_CONFLICT,
                   sched_store_approval_add(txn, "v", document, signatures, &problem));
    temp_store_as(txn, "approver", NOW + 5);
    g_ptr_array_set_size(signatures, 0);
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_approval_add(txn, "v", document, signatures, &problem));
    return TRUE;
}

static void
test_bound(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, bound_body, NULL);
}

static gboolean
signal_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedAnnouncementRow) a = new_announcement("gong");
    g_autofree char *object = add_object(txn, "gong");
    const SchedVersionRow wrong = {.id = (char *) "w",
                                   .announcement = (char *) "gong",
                                   .language = (char *) "vi",
                                   .announcer_name = (char *) ""};

    a->kind = SCHED_ANNOUNCEMENT_SIGNAL;
    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_announcement_put(txn, a, 0, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE, sched_store_version_put(txn, &wrong, &problem));
    put_version(txn, "v", "gong", NULL, object, NULL);
    assert_refused(txn, SCHED_STORE_ERROR_RULE, check(txn, "reader", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE, approve(txn, "v", "editor", &problem));
    assert_done(approve(txn, "v", "approver", &problem));
    assert_state(txn, "v", SCHED_VERSION_APPROVED, 1);
    return TRUE;
}

static void
test_signal(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, signal_body, NULL);
}

#define list(txn, limit, error, ...)                                                           \
    sched_store_announcement_list(txn, &(SchedAnnouncementFilter){__VA_ARGS__}, limit, error)

static gboolean
list_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) found = NULL, rest = NULL, literal = NULL;

    for (gint i = 0; i < 3; i++) {
        g_autofree char *id = g_strdup_printf("a%d", i);
        g_autoptr(SchedAnnouncementRow) a = new_announcement(id);

        temp_store_as(txn, "editor", NOW + i);
        assert_done(sched_store_announcement_put(txn, a, 0, &problem));
        assert_refused(txn, SCHED_STORE_ERROR_CONFLICT,
                       sched_store_announcement_put(txn, a, 0, &problem));
        assert_refused(txn, SCHED_STORE_ERROR_CONFLICT,
                       sched_store_announcement_put(txn, a, 7, &problem));
        assert_done(sched_store_announcement_put(txn, a, 1, &problem));
    }
    found = list(txn, 2, error, .area = "gia-lai", .search = "TIEM phong");
    g_assert_cmpuint(found->len, ==, 2);
    g_assert_cmpstr(((SchedAnnouncementRow *) g_ptr_array_index(found, 0))->id, ==, "a2");
    rest = list(txn, 10, error, .after = "a1");
    g_assert_cmpuint(rest->len, ==, 1);
    literal = list(txn, 10, error, .search = "t%m");
    g_assert_cmpuint(literal->len, ==, 0);
    return TRUE;
}

static void
test_list(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, list_body, NULL);
}

static guint
n_found(SchedTxn *txn, const char *search)
{
    g_autoptr(GPtrArray) rows = list(txn, 10, NULL, .search = search);

    g_assert_nonnull(rows);
    return rows == NULL ? 0 : rows->len;
}

/* The words of a script are kept with it: they change and go when it does. */
static gboolean
script_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedAnnouncementRow) a = new_announcement("a");
    SchedVersionRow version = {.id = (char *) "v",
                               .announcement = (char *) "a",
                               .language = (char *) "jra",
                               .script = (char *) "Hrơi čơ đơ̆m ƀơi ƀuôn",
                               .announcer_name = (char *) "Ksor"};

    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_announcement_put(txn, a, 0, &problem));
    assert_done(sched_store_version_put(txn, &version, &problem));
    g_assert_cmpuint(n_found(txn, "ĐƠ̆M ƀơi"), ==, 1);
    g_assert_cmpuint(n_found(txn, "dom boi bu"), ==, 1);
    g_assert_cmpuint(n_found(txn, "boi dom"), ==, 0);
    version.script = (char *) "Bơwih ƀŏng";
    assert_done(sched_store_version_put(txn, &version, &problem));
    g_assert_cmpuint(n_found(txn, "dom boi"), ==, 0);
    g_assert_cmpuint(n_found(txn, "bowih"), ==, 1);
    version.script = NULL;
    assert_done(sched_store_version_put(txn, &version, &problem));
    g_assert_cmpuint(n_found(txn, "bowih"), ==, 0);
    version.script = (char *) "Bơwih ƀŏng";
    assert_done(sched_store_version_put(txn, &version, &problem));
    assert_done(sched_store_version_remove(txn, "v", &problem));
    g_assert_cmpuint(n_found(txn, "bowih"), ==, 0);
    g_assert_false(sched_sql_is(txn, "SELECT 1 FROM script_words", ""));
    temp_store_exec(txn, "INSERT INTO script_words (script_words) VALUES ('integrity-check')");
    return TRUE;
}

static void
test_script(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, script_body, NULL);
}

/* Those of another area take nobody's place, however many and new they are. */
static gboolean
crowd_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedAnnouncementRow) a = new_announcement("a"), b = new_announcement("b");
    const SchedVersionRow version = {.id = (char *) "v",
                                     .announcement = (char *) "a",
                                     .language = (char *) "jra",
                                     .script = (char *) "Hrơi čơ đơ̆m ƀơi ƀuôn",
                                     .announcer_name = (char *) "Ksor"};
    g_autoptr(GPtrArray) here = NULL, all = NULL;

    g_free(b->home);
    b->home = g_strdup("ia-blu");
    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_announcement_put(txn, a, 0, &problem));
    assert_done(sched_store_announcement_put(txn, b, 0, &problem));
    assert_done(sched_store_version_put(txn, &version, &problem));
    temp_store_exec(txn, "UPDATE announcements SET home = 'ia-le' WHERE id = 'a';"
                         "PRAGMA defer_foreign_keys = ON;"
                         "INSERT INTO script_texts (version, announcement) "
                         "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                         "WHERE i < 2000) SELECT 'x' || i, 'b' FROM n;"
                         "INSERT INTO script_words (rowid, folded) SELECT n, 'dom boi' "
                         "FROM script_texts WHERE announcement = 'b'");
    here = list(txn, 10, error, .area = "ia-le", .search = "dom boi");
    all = list(txn, 10, error, .search = "dom boi", .after = "b");
    g_assert_no_error(*error);
    g_assert_cmpuint(here->len, ==, 1);
    g_assert_cmpuint(all->len, ==, 1);
    temp_store_exec(txn, "DELETE FROM script_texts WHERE announcement = 'b'");
    return TRUE;
}

static void
test_crowd(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, crowd_body, NULL);
}

static gboolean
limits_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedAnnouncementRow) a = new_announcement("a");
    g_autofree char *long_text = g_strnfill(SCHED_VERSION_MAX_SCRIPT_BYTES + 1, 'x');
    SchedVersionRow version = {.id = (char *) "v",
                               .announcement = (char *) "a",
                               .language = (char *) "jra",
                               .script = long_text,
                               .announcer_name = (char *) ""};

    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_announcement_put(txn, a, 0, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_version_put(txn, &version, &problem));
    version.script = (char *) "\xff";
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_version_put(txn, &version, &problem));
    version.script = NULL;
    version.language = (char *) "xx";
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_version_put(txn, &version, &problem));
    g_ptr_array_set_size(a->areas, 0);
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_announcement_put(txn, a, -1, &problem));
    g_ptr_array_add(a->areas, g_strdup("nowhere"));
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_announcement_put(txn, a, -1, &problem));
    g_free(a->source_issuer);
    a->source_issuer = g_strdup("");
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_announcement_put(txn, a, -1, &problem));
    return TRUE;
}

static void
test_limits(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, limits_body, NULL);
}

/* --- signed anew ---------------------------------------------------------------------------
 */

static ContentSignature *
sign_by_next(GBytes *document, gpointer data)
{
    ContentSignature *signature = content_shape_new(&content_signature_shape);

    signature->algorithm = g_strdup("minisign");
    signature->key = g_strdup("8899aabbccddeeff");
    signature->signature = g_strdup("four other lines");
    return signature;
}

static const SchedResign next_key = {"8899aabbccddeeff", sign_by_next, NULL};

/* Step after step. Returns: how many */
static guint
resign_all(SchedTxn *txn, gint64 *n_signed, GPtrArray *refused)
{
    g_autofree char *after = g_strdup("");
    guint n_steps = 0;

    *n_signed = 0;
    g_ptr_array_set_size(refused, 0);
    while (after != NULL) {
        gint64 n_before = *n_signed;
        char *next = NULL;

        assert_done(sched_store_approvals_resign(txn, &next_key, after, &next, n_signed,
                                                 refused, &problem));
        g_assert_cmpint(*n_signed - n_before, <=, SCHED_RESIGN_STEP);
        g_free(after);
        after = next;
        n_steps++;
    }
    return n_steps;
}

/* What was done behind the program's back before approvals were signed anew. */
typedef struct {
    const char *why, *sql;
    gint64 n_signed;
    const char *refusal; /* a part of the sentence; NULL: none */
} Resign;

static gboolean
resign_body(SchedTxn *txn, gpointer data, GError **error)
{
    const Resign *resign = data;
    g_autoptr(GPtrArray) refused = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) approvals = NULL;
    gint64 n_signed = -1;

    begin(txn);
    assert_done(check(txn, "reader", &problem));
    assert_done(approve(txn, "v", "approver", &problem));
    if (resign->sql != NULL)
        temp_store_exec(txn, resign->sql);
    temp_store_as(txn, "system", NOW + 3);
    assert_done(sched_store_approvals_check_audit(txn, &problem));
    resign_all(txn, &n_signed, refused);
    g_assert_cmpint(n_signed, ==, resign->n_signed);
    g_assert_cmpuint(refused->len, ==, resign->refusal != NULL);
    if (resign->refusal != NULL)
        g_assert_nonnull(strstr(refused->pdata[0], resign->refusal));
    approvals = sched_store_approval_list(txn, NULL);
    for (guint i = 0; i < approvals->len; i++) {
        const SchedApprovalRow *row = approvals->pdata[i];

        g_assert_cmpuint(row->signatures->len, ==, 1 + n_signed);
    }
    /* Once more changes nothing. */
    g_assert_cmpuint(resign_all(txn, &n_signed, refused), ==, 1);
    g_assert_cmpint(n_signed, ==, 0);
    return TRUE;
}

static void
test_resign(void)
{
    /* clang-format off */
    const Resign cases[] = {
        { "released", NULL, 1, NULL },
        { "void since", "UPDATE versions SET script = 'x', script_hash = 'y'", 0, NULL },
        { "withdrawn", "UPDATE announcements SET withdrawn = 1", 0, NULL },
        { "another title slipped in",
          "DROP TRIGGER announcements_changed; UPDATE announcements SET title = 'x'",
          0, "not what stands there now" },
        { "another checker slipped in",
          "DROP TRIGGER versions_changed; UPDATE versions SET checker = 'editor-2'",
          0, "not what stands there now" },
        { "taken back, but the approval left in force",
          "DROP TRIGGER versions_returned; DROP TRIGGER versions_changed; "
          "UPDATE versions SET state = 'returned', approval = NULL",
          0, "not released by it" },
        { "approved by nobody, in the database alone",
          "DROP TRIGGER approvals_fixed; DROP TRIGGER approvals_take_effect; "
          "UPDATE approvals SET approver = 'approver-2'",
          0, "not what stands there now" },
        { "approved at another time",
          "DROP TRIGGER approvals_fixed; UPDATE approvals SET approved_us = 1",
          0, "not what stands there now" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TempStore) store = temp_store_new_district();

        g_test_message("%s", cases[i].why);
        temp_store_run(store, resign_body, (gpointer) &cases[i]);
    }
}

/* Whoever altered the audit to hide an approval of theirs gets nothing signed at all. */
static gboolean
resign_altered_body(SchedTxn *txn, gpointer data, GError **error)
{
    begin(txn);
    assert_done(check(txn, "reader", &problem));
    assert_done(approve(txn, "v", "approver", &problem));
    temp_store_exec(txn,
                    "DROP TRIGGER audit_no_update; "
                    "UPDATE audit SET actor = 'approver-2' WHERE action = 'version.approve'");
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_approvals_check_audit(txn, &problem));
    return TRUE;
}

/* More than a step has room for: each is signed once, and no step holds the writer long. */
static gboolean
resign_many_body(SchedTxn *txn, gpointer data, GError **error)
{
    const guint n = 2 * SCHED_RESIGN_STEP + 1;
    g_autoptr(GPtrArray) refused = g_ptr_array_new_with_free_func(g_free);
    gint64 n_signed;

    for (guint i = 0; i < n; i++) {
        g_autofree char *name = g_strdup_printf("a%u", i), *id = g_strdup_printf("v%u", i);
        g_autoptr(SchedAnnouncementRow) a = new_announcement(name);
        g_autofree char *object = add_object(txn, name);
        g_autoptr(SchedVersionRow) v = NULL;

        temp_store_as(txn, "editor", NOW);
        assert_done(sched_store_announcement_put(txn, a, 0, &problem));
        put_version(txn, id, name, "jra", object, NULL);
        v = sched_store_version_get(txn, id, NULL);
        temp_store_as(txn, "reader", NOW + 1);
        assert_done(sched_store_version_check(txn, id, v->object, v->script_hash, &problem));
        assert_done(approve(txn, id, "approver", &problem));
    }
    temp_store_as(txn, "system", NOW + 3);
    g_assert_cmpuint(resign_all(txn, &n_signed, refused), ==, 3);
    g_assert_cmpint(n_signed, ==, n);
    g_assert_cmpuint(refused->len, ==, 0);
    return TRUE;
}

static void
test_resign_many(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, resign_many_body, NULL);
}

static void
test_resign_altered(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, resign_altered_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/announcements/way", test_way);
    g_test_add_func("/store/announcements/persons", test_persons);
    g_test_add_func("/store/announcements/changes", test_changes);
    g_test_add_func("/store/announcements/by-hand", test_by_hand);
    g_test_add_func("/store/announcements/kept", test_kept);
    g_test_add_func("/store/announcements/bound", test_bound);
    g_test_add_func("/store/announcements/signal", test_signal);
    g_test_add_func("/store/announcements/list", test_list);
    g_test_add_func("/store/announcements/script", test_script);
    g_test_add_func("/store/announcements/crowd", test_crowd);
    g_test_add_func("/store/announcements/limits", test_limits);
    g_test_add_func("/store/announcements/resign", test_resign);
    g_test_add_func("/store/announcements/resign-many", test_resign_many);
    g_test_add_func("/store/announcements/resign-altered", test_resign_altered);
    return g_test_run();
}
