/* test-sources.c - streams and line-ins: what they must name, and what takes an approval away.
 */
#include "scheduler/store/announcements.h"

#include "content/exchange.h"
#include "content/kinds.h"
#include "scheduler/store/objects.h"
#include "scheduler/store/playlists.h"
#include "tests/support/temp-store.h"

#define NOW    TEMP_STORE_NOW_US
#define RADIO  "https://radio.example/jrai.ogg"
#define MIN_US (60 * G_USEC_PER_SEC)

static void
add_announcement(SchedTxn *txn, const char *id, SchedAnnouncementKind kind)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    const SchedAnnouncementRow a = {.id = (char *) id,
                                    .kind = (gint) kind,
                                    .title = (char *) "VOV4",
                                    .category = (char *) "",
                                    .source_number = (char *) "1/TB",
                                    .source_issuer = (char *) "UBND",
                                    .source_date = (char *) "2026-03-01",
                                    .valid_from_us = NOW,
                                    .valid_until_us = NOW + TEMP_STORE_DAY_US,
                                    .home = (char *) "chu-puh",
                                    .areas = areas};

    g_ptr_array_add(areas, (gpointer) "chu-puh");
    assert_done(sched_store_announcement_put(txn, &a, 0, &problem));
}

static gboolean
put_version(SchedTxn *txn, const char *announcement, const char *address, GError **error)
{
    g_autofree char *spare = temp_store_hash("spare"),
                    *id = g_strconcat("v-", announcement, NULL);
    const SchedObjectRow object = {spare, 40000, 10 * G_USEC_PER_SEC, -16000, -1500, 0};
    const SchedVersionRow version = {.id = id,
                                     .announcement = (char *) announcement,
                                     .language = (char *) "jra",
                                     .object = spare,
                                     .announcer_name = (char *) "",
                                     .address = (char *) address};

    assert_done(sched_store_object_put(txn, &object, NULL, &problem));
    return sched_store_version_put(txn, &version, error);
}

static void
begin(SchedTxn *txn)
{
    temp_store_as(txn, "editor", NOW);
    add_announcement(txn, "bulletin", SCHED_ANNOUNCEMENT_BULLETIN);
    add_announcement(txn, "stream", SCHED_ANNOUNCEMENT_STREAM);
    add_announcement(txn, "tuner", SCHED_ANNOUNCEMENT_LINE_IN);
}

/* --- what they name ---------------------------------------------------------------------- */

static gboolean
address_body(SchedTxn *txn, gpointer data, GError **error)
{
    /* clang-format off */
    static const struct { const char *why, *of, *address; SchedStoreError code; } cases[] = {
        { "a stream of nothing",          "stream",   NULL,               SCHED_STORE_ERROR_RULE },
        { "a stream from an input",       "stream",   "line:fm",          SCHED_STORE_ERROR_RULE },
        { "a line-in from the net",       "tuner",    RADIO,              SCHED_STORE_ERROR_RULE },
        { "a bulletin with an address",   "bulletin", RADIO,              SCHED_STORE_ERROR_RULE },
        { "a file of the station",        "stream",   "file:///etc/motd", SCHED_STORE_ERROR_INVALID },
        { "an address with a password",   "stream",   "https://a:b@radio.example/", SCHED_STORE_ERROR_INVALID },
        { "no address at all",            "stream",   "",                 SCHED_STORE_ERROR_INVALID },
    };
    /* clang-format on */

    begin(txn);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        assert_refused(txn, cases[i].code,
                       put_version(txn, cases[i].of, cases[i].address, &problem));
    }
    assert_done(put_version(txn, "stream", RADIO, &problem));
    assert_done(put_version(txn, "tuner", "line:fm", &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE versions SET address = NULL", &problem, ""));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE announcements SET relay = ''", &problem, ""));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn,
                                 "INSERT INTO wanted VALUES ('w', 'stream', 'jra', NULL, 'Y', "
                                 "'2026-03-05', '', 'editor', 1, 0, NULL)",
                                 &problem, ""));
    return TRUE;
}

static void
test_address(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, address_body, NULL);
}

/* --- approval ------------------------------------------------------------------------------
 */

static gboolean
approve(SchedTxn *txn, const char *who, GBytes **out_document, GError **error)
{
    g_autoptr(SchedVersionRow) v = sched_store_version_get(txn, "v-stream", NULL);
    g_autoptr(GPtrArray) signatures = g_ptr_array_new();
    ContentSignature signature = {(char *) "minisign", (char *) "0011223344556677",
                                  (char *) "four lines", NULL};

    temp_store_as(txn, who, NOW + 2);
    *out_document = sched_store_approval_build(txn, "v-stream", v->object, NULL, error);
    if (*out_document == NULL)
        return FALSE;
    g_ptr_array_add(signatures, &signature);
    return sched_store_approval_add(txn, "v-stream", *out_document, signatures, error);
}

static gint
state_of(SchedTxn *txn)
{
    g_autoptr(SchedVersionRow) v = sched_store_version_get(txn, "v-stream", NULL);

    return v->state;
}

static gboolean
approval_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *spare = temp_store_hash("spare");
    g_autoptr(GBytes) own = NULL, document = NULL;
    g_autoptr(ContentApproval) approval = NULL;

    begin(txn);
    assert_done(put_version(txn, "stream", RADIO, &problem));
    temp_store_as(txn, "reader", NOW + 1);
    assert_done(sched_store_version_check(txn, "v-stream", spare, NULL, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_RULE, approve(txn, "editor", &own, &problem));
    assert_done(approve(txn, "approver", &document, &problem));
    approval = content_document_read(&content_approval_type, g_bytes_get_data(document, NULL),
                                     g_bytes_get_size(document), error);
    g_assert_cmpint(approval->kind, ==, CONTENT_APPROVED_SOURCE);
    g_assert_cmpstr(approval->address, ==, RADIO);
    g_assert_cmpstr(approval->object, ==, spare);
    g_assert_cmpint(state_of(txn), ==, SCHED_VERSION_APPROVED);

    temp_store_as(txn, "editor", NOW + 3);
    assert_done(put_version(txn, "stream", RADIO "?2", &problem));
    g_assert_cmpint(state_of(txn), ==, SCHED_VERSION_DRAFT);
    return TRUE;
}

static void
test_approval(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, approval_body, NULL);
}

/* --- items of a programme ------------------------------------------------------------------
 */

static gboolean
put_item(SchedTxn *txn, SchedItemKind kind, const char *of, gint64 duration_us, gint64 times,
         GError **error)
{
    SchedItemRow item = {.id = (char *) "i",
                         .kind = (gint) kind,
                         .announcement = (char *) of,
                         .duration_us = duration_us,
                         .times = times};
    g_autoptr(GPtrArray) items = g_ptr_array_new();
    const SchedPlaylistRow row = {
        .id = (char *) "p", .name = (char *) "p", .home = (char *) "chu-puh", .items = items};

    g_ptr_array_add(items, &item);
    return sched_store_playlist_put(txn, &row, -1, error);
}

static gboolean
items_body(SchedTxn *txn, gpointer data, GError **error)
{
    /* clang-format off */
    static const struct { const char *why; SchedItemKind kind; const char *of; gint64 us, times;
                          gint code; } cases[] = {
        { "half an hour of a stream",     SCHED_ITEM_STREAM, "stream", 30 * MIN_US, 1, -1 },
        { "of a line-in",                 SCHED_ITEM_LINE_IN, "tuner", 30 * MIN_US, 1, -1 },
        { "the shortest",                 SCHED_ITEM_STREAM, "stream", SCHED_RELAY_MIN_US, 1, -1 },
        { "the longest",                  SCHED_ITEM_STREAM, "stream", SCHED_RELAY_MAX_US, 1, -1 },
        { "shorter than that",            SCHED_ITEM_STREAM, "stream", SCHED_RELAY_MIN_US - 1, 1, SCHED_STORE_ERROR_INVALID },
        { "longer than that",             SCHED_ITEM_STREAM, "stream", SCHED_RELAY_MAX_US + 1, 1, SCHED_STORE_ERROR_INVALID },
        { "without a length",             SCHED_ITEM_STREAM, "stream", 0, 1, SCHED_STORE_ERROR_INVALID },
        { "twice in a row",               SCHED_ITEM_STREAM, "stream", 30 * MIN_US, 2, SCHED_STORE_ERROR_INVALID },
        { "the other kind of source",     SCHED_ITEM_LINE_IN, "stream", 30 * MIN_US, 1, SCHED_STORE_ERROR_RULE },
        { "a source as an announcement",  SCHED_ITEM_ANNOUNCEMENT, "stream", 0, 1, SCHED_STORE_ERROR_RULE },
    };
    /* clang-format on */

    begin(txn);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        if (cases[i].code >= 0)
            assert_refused(txn, cases[i].code,
                           put_item(txn, cases[i].kind, cases[i].of, cases[i].us,
                                    cases[i].times, &problem));
        else
            assert_done(put_item(txn, cases[i].kind, cases[i].of, cases[i].us, cases[i].times,
                                 &problem));
    }
    return TRUE;
}

static void
test_items(void)
{
    g_autoptr(TempStore) store = temp_store_new_district();

    temp_store_run(store, items_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/sources/address", test_address);
    g_test_add_func("/store/sources/approval", test_approval);
    g_test_add_func("/store/sources/items", test_items);
    return g_test_run();
}
