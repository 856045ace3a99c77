/*
 * test-alert-imports.c - messages of other systems in the store: kept once, ended by what came
 * of the same sender in whatever order, and which of our alerts a message ends.
 */
#include "scheduler/store/alert-imports.h"

#include "scheduler/store/alerts.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/retention.h"
#include "tests/support/temp-store.h"

#include <string.h>

#define NOW    TEMP_STORE_NOW_US
#define MINUTE (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define OURS   "loa-0123"

/* A message named by its sender and a number, sent so many minutes after NOW. */
typedef struct {
    const char *sender, *identifier;
    SchedImportMessage message;
    gboolean drill;
    const char *refers; /* "sender/identifier sender/identifier": sent at NOW */
} Message;

static char *
id_of(const Message *message)
{
    return g_strdup_printf("%s-%s", message->sender, message->identifier);
}

static gboolean
put(SchedTxn *txn, const Message *message, const char *bytes, GError **error)
{
    g_autofree char *id = id_of(message), *hash = temp_store_hash(bytes);
    g_autoptr(GBytes) body = g_bytes_new(bytes, strlen(bytes));
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) words = g_strsplit(message->refers, " ", -1);
    const SchedImportRow row = {.id = id,
                                .sender = (char *) message->sender,
                                .identifier = (char *) message->identifier,
                                .sent_us = NOW,
                                .message = (gint) message->message,
                                .drill = message->drill,
                                .title = (char *) "Lũ quét",
                                .hash = hash,
                                .body = body};

    for (guint i = 0; words[i] != NULL; i++) {
        SchedImportName *name = g_new0(SchedImportName, 1);
        char *slash = strchr(words[i], '/');

        *slash = '\0';
        *name = (SchedImportName){words[i], slash + 1, NOW};
        g_ptr_array_add(names, name);
    }
    return sched_store_import_add(txn, &row, names, error);
}

static void
take(SchedTxn *txn, const Message *message)
{
    assert_done(put(txn, message, "<alert/>", &problem));
}

static const Message flood = {"kttv", "1", SCHED_IMPORT_ALERT, FALSE, ""};
static const Message more = {"kttv", "2", SCHED_IMPORT_UPDATE, FALSE, "kttv/1"};
static const Message over = {"kttv", "3", SCHED_IMPORT_CANCEL, FALSE, "kttv/2"};
static const Message foreign = {"la", "3", SCHED_IMPORT_CANCEL, FALSE, "kttv/1"};
static const Message exercise = {"kttv", "9", SCHED_IMPORT_CANCEL, TRUE, "kttv/1"};
static const Message own = {"tinh", "4", SCHED_IMPORT_CANCEL, FALSE, OURS "/al-own"};

static char *
ended_by(SchedTxn *txn, const Message *message)
{
    g_autofree char *id = id_of(message);
    g_autoptr(SchedImportRow) row = sched_store_import_get(txn, id, NULL);

    g_assert_nonnull(row);
    return g_strdup(row->ended_by == NULL ? "" : row->ended_by);
}

/* ---- one message ---- */

static gboolean
kept_body(SchedTxn *txn, gpointer data, GError **error)
{
    const SchedImportName name = {"kttv", "1", NOW}, other = {"kttv", "1", NOW + 1};
    g_autoptr(SchedImportRow) row = NULL;
    g_autoptr(GPtrArray) list = NULL;

    temp_store_fill(txn);
    temp_store_as(txn, "approver", NOW);
    take(txn, &flood);
    assert_refused(txn, SCHED_STORE_ERROR_CONFLICT, put(txn, &flood, "<other/>", &problem));
    row = sched_store_import_find(txn, &name, error);
    g_assert_cmpstr(row->author, ==, "approver");
    g_assert_cmpint(row->imported_us, ==, NOW);
    g_assert_cmpuint(g_bytes_get_size(row->body), ==, strlen("<alert/>"));
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_import_find(txn, &other, &problem) != NULL);
    list = sched_store_import_list(txn, NOW - 1, 10, error);
    g_assert_cmpuint(list->len, ==, 1);
    g_clear_pointer(&list, g_ptr_array_unref);
    list = sched_store_import_list(txn, NOW, 10, error);
    g_assert_cmpuint(list->len, ==, 0);
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE alert_imports SET body = x'00'", &problem, ""));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "DELETE FROM alert_imports", &problem, ""));
    return TRUE;
}

static void
test_kept(void)
{
    g_autoptr(TempStore) store = temp_store_new();

    temp_store_run(store, kept_body, NULL);
}

/* ---- which ends which ---- */

typedef struct {
    const char *why;
    const Message *messages[4]; /* in the order in which they come */
    const char *ends;           /* of `flood`: by which; "": it waits on */
} EndCase;

/* clang-format off */
static const EndCase end_cases[] = {
    { "alone",                     { &flood },                 "" },
    { "updated",                   { &flood, &more },          "kttv-2" },
    { "the update came first",     { &more, &flood },          "kttv-2" },
    { "cancelled through another", { &flood, &more, &over },   "kttv-2" },
    { "by a stranger",             { &flood, &foreign },       "" },
    { "by an exercise",            { &flood, &exercise },      "" },
    { "by an exercise, before",    { &exercise, &flood },      "" },
};
/* clang-format on */

static gboolean
end_body(SchedTxn *txn, gpointer data, GError **error)
{
    const EndCase *c = data;
    g_autofree char *by = NULL;

    temp_store_fill(txn);
    temp_store_as(txn, "approver", NOW);
    for (gsize i = 0; i < G_N_ELEMENTS(c->messages) && c->messages[i] != NULL; i++)
        take(txn, c->messages[i]);
    by = ended_by(txn, &flood);
    g_assert_cmpstr(by, ==, c->ends);
    return TRUE;
}

static void
test_end(gconstpointer data)
{
    g_autoptr(TempStore) store = temp_store_new();

    temp_store_run(store, end_body, (gpointer) data);
}

/* ---- which alerts a message ends ---- */

static void
call(SchedTxn *txn, const char *id, gboolean drill, const Message *message)
{
    g_autoptr(ContentAlert) alert = content_document_new(&content_alert_type);
    g_autofree char *import = message == NULL ? NULL : id_of(message);
    ContentSpeech *speech = content_shape_new(&content_speech_shape);
    g_autoptr(SchedDocumentRow) document = NULL;
    g_autoptr(GBytes) body = NULL;

    alert->id = g_strdup(id);
    alert->title = g_strdup("Lũ quét");
    alert->severity = 4;
    alert->drill = drill;
    alert->tone_ms = CONTENT_ALERT_TONE_MIN_MS;
    alert->repeats = 1;
    alert->issued_us = NOW;
    alert->expires_us = NOW + 60 * MINUTE;
    g_ptr_array_add(alert->areas, g_strdup("ia-le"));
    speech->language = g_strdup("vi");
    g_ptr_array_add(speech->parts, temp_store_hash(id));
    g_ptr_array_add(alert->speeches, speech);
    body = content_document_write(&content_alert_type, alert, NULL);
    document = sched_document_row_new("alert", body);
    assert_done(sched_store_alert_add(txn, alert, document, &problem));
    if (import != NULL)
        assert_done(sched_store_import_use(txn, import, id, &problem));
}

static void
stop(SchedTxn *txn, const char *alert)
{
    g_autofree char *hash = temp_store_hash("stop"), *sql = NULL;

    sql =
        g_strdup_printf("INSERT INTO documents (hash, type, body, created_us, unpacked_bytes) "
                        "VALUES ('%s', 'stop', x'00', 0, 0); INSERT INTO alert_stops VALUES "
                        "('st', '%s', '%s', 'approver', %" G_GINT64_FORMAT
                        ", 9000000000000000, 0)",
                        hash, hash, alert, NOW);
    temp_store_exec(txn, sql);
}

static void
check_ends(SchedTxn *txn, const Message *message, gint64 now_us, const char *wanted)
{
    g_autofree char *id = id_of(message), *found = NULL;
    g_autoptr(GPtrArray) ends = sched_store_import_ends(txn, id, OURS, now_us, NULL);

    g_assert_nonnull(ends);
    g_ptr_array_add(ends, NULL);
    found = g_strjoinv(" ", (char **) ends->pdata);
    g_assert_cmpstr(found, ==, wanted);
}

static gboolean
ends_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedImportRow) row = NULL;

    temp_store_fill(txn);
    temp_store_as(txn, "approver", NOW);
    take(txn, &flood);
    call(txn, "al-a", FALSE, &flood);
    call(txn, "al-b", FALSE, &flood);
    call(txn, "al-c", TRUE, &flood);
    call(txn, "al-own", FALSE, NULL);
    take(txn, &more);
    take(txn, &over);
    take(txn, &exercise);
    take(txn, &own);
    check_ends(txn, &flood, NOW, "");
    check_ends(txn, &more, NOW, "al-a al-b");
    check_ends(txn, &over, NOW, "al-a al-b"); /* over two steps */
    check_ends(txn, &exercise, NOW, "al-c");  /* never a real one */
    check_ends(txn, &own, NOW, "al-own");
    stop(txn, "al-a");
    check_ends(txn, &over, NOW, "al-b");
    check_ends(txn, &over, NOW + 60 * MINUTE, "");
    row = sched_store_import_get(txn, "kttv-1", error);
    g_assert_cmpint(row->n_uses, ==, 3);
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_import_use(txn, "none", "al-a", &problem));
    return TRUE;
}

static void
test_ends(void)
{
    g_autoptr(TempStore) store = temp_store_new();

    temp_store_run(store, ends_body, NULL);
}

/* Five years later it is gone, with all that hung on it. */
static gboolean
fill_body(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_fill(txn);
    temp_store_as(txn, "approver", NOW);
    take(txn, &flood);
    call(txn, "al-a", FALSE, &flood);
    take(txn, &more);
    return TRUE;
}

static gboolean
retain_body(SchedTxn *txn, gpointer data, GError **error)
{
    gint64 n_deleted = 0;
    gboolean is_more = FALSE;
    g_autoptr(GPtrArray) left = NULL;

    temp_store_as(txn, "approver", NOW + 2000 * TEMP_STORE_DAY_US);
    g_assert_true(sched_store_retention_step(txn, &n_deleted, &is_more, error));
    left = sched_store_import_list(txn, 0, 10, error);
    g_assert_cmpuint(left->len, ==, 0);
    return TRUE;
}

static void
test_retention(void)
{
    g_autoptr(TempStore) store = temp_store_new();

    temp_store_run(store, fill_body, NULL);
    temp_store_run(store, retain_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/alert-imports/kept", test_kept);
    g_test_add_func("/store/alert-imports/ends", test_ends);
    g_test_add_func("/store/alert-imports/retention", test_retention);
    for (gsize i = 0; i < G_N_ELEMENTS(end_cases); i++) {
        g_autofree char *path =
            g_strdup_printf("/store/alert-imports/end/%s", end_cases[i].why);

        g_test_add_data_func(path, &end_cases[i], test_end);
    }
    return g_test_run();
}
