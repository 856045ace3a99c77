/* test-alerts.c - phrases become what alerts say; an order is kept with its document, goes out,
 * and what stations say of it comes back. */
#include "scheduler/store/alerts.h"

#include "content/base/id.h"
#include "scheduler/store/audit.h"
#include "scheduler/store/objects.h"
#include "scheduler/store/outbox.h"
#include "scheduler/store/playlists.h"
#include "scheduler/store/schema-resource.h"
#include "scheduler/store/speeches.h"
#include "scheduler/store/templates.h"
#include "tests/support/temp-store.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define NOW    TEMP_STORE_NOW_US
#define MINUTE (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)

/* --- what alerts say ------------------------------------------------------------------------
 */

static GPtrArray *
signature(void)
{
    GPtrArray *signatures = g_ptr_array_new_with_free_func(content_signature_shape.free);
    ContentSignature *one = content_shape_new(&content_signature_shape);

    one->algorithm = g_strdup("minisign");
    one->key = g_strdup("E7620F1842B4E81F");
    one->signature = g_strdup("four lines");
    g_ptr_array_add(signatures, one);
    return signatures;
}

static char *
version_of(SchedTxn *txn, const char *phrase, const char *language)
{
    g_autoptr(GPtrArray) versions = sched_store_version_list(txn, phrase, NULL);

    for (guint i = 0; i < versions->len; i++) {
        const SchedVersionRow *row = versions->pdata[i];

        if (strcmp(row->language, language) == 0)
            return g_strdup(row->id);
    }
    return NULL;
}

/* Recorded, checked and approved, by three people. */
static void
say(SchedTxn *txn, const char *phrase, const char *language)
{
    g_autofree char *name = g_strdup_printf("%s %s", phrase, language);
    g_autofree char *object = temp_store_hash(name);
    g_autofree char *id = version_of(txn, phrase, language);
    g_autoptr(SchedVersionRow) row = NULL;
    g_autoptr(GBytes) statement = NULL;
    g_autoptr(GPtrArray) signatures = signature();
    const SchedObjectRow audio = {
        .hash = object, .size_bytes = 9000, .duration_us = 2 * G_USEC_PER_SEC};
    g_autoptr(GError) error = NULL;

    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_object_put(txn, &audio, NULL, &problem));
    if (id == NULL) {
        const SchedVersionRow new_row = {.id = id = g_strdup_printf("%s-%s", phrase, language),
                                         .announcement = (char *) phrase,
                                         .language = (char *) language,
                                         .announcer_name = (char *) ""};

        assert_done(sched_store_version_put(txn, &new_row, &problem));
    }
    row = sched_store_version_get(txn, id, NULL);
    g_free(row->object);
    row->object = g_strdup(object);
    assert_done(sched_store_version_put(txn, row, &problem));
    temp_store_as(txn, "reader", NOW);
    assert_done(sched_store_version_check(txn, id, object, row->script_hash, &problem));
    temp_store_as(txn, "approver", NOW);
    statement = sched_store_approval_build(txn, id, object, row->script_hash, &error);
    g_assert_no_error(error);
    assert_done(sched_store_approval_add(txn, id, statement, signatures, &problem));
}

static void
assert_statement(SchedTxn *txn, const ContentAlertObject *object)
{
    g_autoptr(SchedApprovalRow) row = sched_store_approval_get(txn, object->approval, NULL);
    g_autoptr(ContentApproval) approval =
        content_document_read(&content_approval_type, g_bytes_get_data(row->document, NULL),
                              g_bytes_get_size(row->document), NULL);

    g_assert_cmpint(approval->kind, ==, CONTENT_APPROVED_TEMPLATE);
    g_assert_cmpint(approval->class_, ==, CONTENT_CLASS_KHAN_CAP);
    g_assert_cmpstr(approval->object, ==, object->hash);
    g_assert_cmpstr(approval->checker, ==, "reader");
}

static guint
n_outbox(SchedTxn *txn)
{
    g_autoptr(GPtrArray) rows = sched_store_outbox_list(txn, 100, NULL);

    return rows->len;
}

static gboolean
templates_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(ContentTemplates) empty = NULL, all = NULL;
    g_autoptr(GPtrArray) phrases = NULL, again = NULL;
    const ContentTemplate *sorry, *flood;
    guint n_before;

    temp_store_as(txn, "editor", NOW);
    temp_store_exec(txn, "DELETE FROM outbox");
    assert_done(sched_store_templates_standard(txn, "gia-lai", &problem));
    g_assert_cmpuint(n_outbox(txn), ==, 0); /* drafts concern nobody */
    phrases = sched_store_phrase_list(txn, NULL, NULL, error);
    assert_done(sched_store_templates_standard(txn, "gia-lai", &problem));
    again = sched_store_phrase_list(txn, NULL, NULL, error);
    g_assert_cmpuint(phrases->len, ==, again->len);
    empty = sched_store_templates(txn, NOW, error);
    g_assert_cmpuint(empty->templates->len, ==, 12);
    g_assert_cmpuint(empty->objects->len, ==, 0);
    g_assert_cmpstr(content_templates_lack(empty, "vi"), !=, NULL);
    say(txn, "cb-nham-1", "jra");
    say(txn, "cb-nham-1", "vi");
    say(txn, "cb-lu-1", "vi");
    n_before = n_outbox(txn);
    g_assert_cmpuint(n_before, ==, 2); /* both stations hold it from now on */
    all = sched_store_templates(txn, NOW, error);
    sorry = content_templates_find(all, "bao-nham");
    flood = content_templates_find(all, "lu");
    g_assert_cmpuint(sorry->lines->len, ==, 2);
    /* Vietnamese stands first, whatever was recorded first: it is said where nothing else is.
     */
    g_assert_cmpstr(((ContentTemplateLine *) sorry->lines->pdata[0])->language, ==, "vi");
    g_assert_cmpuint(flood->lines->len, ==, 0); /* a third of a sentence is none */
    g_assert_cmpuint(all->objects->len, ==, 3);
    assert_statement(txn, all->objects->pdata[0]);
    return TRUE;
}

static void
test_templates(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, templates_body, NULL);
}

/* A phrase is for alerts alone, and a village is named by the tree. */
static gboolean
phrase_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new();
    SchedItemRow item = {.id = (char *) "i",
                         .kind = SCHED_ITEM_ANNOUNCEMENT,
                         .announcement = (char *) "cb-lu-1",
                         .times = 1};
    const SchedPlaylistRow playlist = {
        .id = (char *) "pl", .name = (char *) "x", .home = (char *) "ia-le", .items = items};
    g_autoptr(ContentTemplates) all = NULL;
    guint n_villages = 0;

    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_templates_standard(txn, "gia-lai", &problem));
    g_ptr_array_add(items, &item);
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_store_playlist_put(txn, &playlist, 0, &problem));
    all = sched_store_templates(txn, NOW, error);
    for (guint i = 0; i < all->values->len; i++)
        n_villages += ((ContentTemplateValue *) all->values->pdata[i])->area != NULL;
    g_assert_cmpuint(n_villages, ==, 3);
    return TRUE;
}

static guint
count_named(const GPtrArray *rows, gint blank)
{
    guint n = 0;

    for (guint i = 0; i < rows->len; i++)
        n += ((const SchedPhraseRow *) rows->pdata[i])->blank == blank;
    return n;
}

/* A template for each event, the levels of rivers and of Decision 18/2021; the words are
 * Vietnamese, and of what others say nothing is there until it is recorded and checked. */
static gboolean
shipped_body(SchedTxn *txn, gpointer data, GError **error)
{
    static const char *const values[] = {"cb-bd-1",  "cb-bd-2",  "cb-bd-3",  "cb-cap-1",
                                         "cb-cap-2", "cb-cap-3", "cb-cap-4", "cb-cap-5"};
    g_autoptr(GPtrArray) phrases = NULL;
    g_autoptr(ContentTemplates) all = NULL;
    guint events = 0;

    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_templates_standard(txn, "gia-lai", &problem));
    phrases = sched_store_phrase_list(txn, NULL, NULL, error);
    all = sched_store_templates(txn, NOW, error);
    for (guint i = 0; i < all->templates->len; i++)
        events |= 1u << ((const ContentTemplate *) all->templates->pdata[i])->event;
    for (gint event = 0; content_event_kind_words[event] != NULL; event++) {
        g_test_message("%s", content_event_kind_words[event]);
        g_assert_true((events >> event & 1u) != 0);
    }
    for (guint i = 0; i < phrases->len; i++) {
        const SchedPhraseRow *row = phrases->pdata[i];

        g_assert_cmpstr(row->language, ==, "vi");
        g_assert_cmpint(row->state, ==, SCHED_VERSION_DRAFT);
        g_assert_false(row->has_audio);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
        g_assert_true(
            sched_sql_is(txn, "SELECT 1 FROM alert_values WHERE id = $1 AND blank = 'level'",
                         "t", values[i]));
    return TRUE;
}

static void
test_shipped(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, shipped_body, NULL);
}

/* For one sitting: each once, in one language, and no village of elsewhere. */
static gboolean
sitting_body(SchedTxn *txn, gpointer data, GError **error)
{
    static const struct {
        const char *why, *area;
        guint n_villages;
    } cases[] = {
        {"all of them", NULL, 3},
        {"a commune of two villages", "ia-le", 2},
        {"one village alone", "ia-le-a", 1},
        {"a village that another commune's station reaches, and its own", "ia-blu", 2},
    };
    guint n_rest = 0;

    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_templates_standard(txn, "gia-lai", &problem));
    say(txn, "cb-nham-1", "jra");
    temp_store_exec(txn, "INSERT INTO zones (station, id, output, village, name) "
                         "VALUES ('ia-blu', 'far', 'main', 'ia-le-a', 'far')");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) rows = sched_store_phrase_list(txn, cases[i].area, "jra", error);
        guint n_villages = count_named(rows, CONTENT_BLANK_VILLAGE), n_recorded = 0;

        g_test_message("%s", cases[i].why);
        g_assert_cmpuint(n_villages, ==, cases[i].n_villages);
        g_assert_true(n_rest == 0 || rows->len - n_villages == n_rest);
        n_rest = rows->len - n_villages;
        g_assert_cmpint(((const SchedPhraseRow *) rows->pdata[0])->blank, ==,
                        CONTENT_BLANK_NONE);
        for (guint j = 0; j < rows->len; j++) {
            const SchedPhraseRow *row = rows->pdata[j];

            g_assert_cmpstr(row->language, ==, "jra");
            g_assert_cmpint(row->has_audio, ==, strcmp(row->phrase, "cb-nham-1") == 0);
            n_recorded += row->state == SCHED_VERSION_APPROVED;
        }
        g_assert_cmpuint(n_recorded, ==, 1);
    }
    return TRUE;
}

static void
test_sitting(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, sitting_body, NULL);
}

static void
test_phrase(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, phrase_body, NULL);
}

/* --- orders ----------------------------------------------------------------------------------
 */

static SchedDocumentRow *
document_of(const ContentDocumentType *type, gconstpointer document)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(type, document, &error);
    g_autoptr(GPtrArray) signatures = signature();
    SchedDocumentRow *row;

    g_assert_no_error(error);
    row = sched_document_row_new(type->type, bytes);
    g_ptr_array_extend_and_steal(row->signatures, g_steal_pointer(&signatures));
    return row;
}

static gboolean
call(SchedTxn *txn, const char *id, const char *area, gint64 at_us, gint64 life_us,
     GError **error)
{
    g_autoptr(ContentAlert) alert = content_document_new(&content_alert_type);
    ContentSpeech *speech = content_shape_new(&content_speech_shape);
    g_autoptr(SchedDocumentRow) document = NULL;

    alert->id = g_strdup(id);
    alert->event = CONTENT_EVENT_FLOOD;
    alert->title = g_strdup("Lũ");
    alert->severity = 3;
    alert->tone_ms = CONTENT_ALERT_TONE_MIN_MS;
    alert->repeats = 1;
    alert->issued_us = at_us;
    alert->expires_us = at_us + life_us;
    g_ptr_array_add(alert->areas, g_strdup(area));
    speech->language = g_strdup("vi");
    g_ptr_array_add(speech->parts, g_strnfill(64, 'a'));
    g_ptr_array_add(alert->speeches, speech);
    document = document_of(&content_alert_type, alert);
    temp_store_as(txn, "approver", at_us);
    return sched_store_alert_add(txn, alert, document, error);
}

static gboolean
stop(SchedTxn *txn, const char *id, const char *alert, const char *area, gint64 at_us,
     GError **error)
{
    g_autoptr(ContentStop) order = content_document_new(&content_stop_type);
    g_autoptr(SchedDocumentRow) document = NULL;

    order->id = g_strdup(id);
    order->alert = g_strdup(alert);
    order->issued_us = at_us;
    order->expires_us = at_us + CONTENT_ALERT_MAX_LIFE_US;
    if (area != NULL)
        g_ptr_array_add(order->areas, g_strdup(area));
    document = document_of(&content_stop_type, order);
    temp_store_as(txn, "approver-2", at_us);
    return sched_store_stop_add(txn, order, document, error);
}

/* "s1 a1 a2": what would be said at @now_us */
static char *
in_force(SchedTxn *txn, gint64 now_us)
{
    g_autoptr(GPtrArray) orders = sched_store_orders(txn, now_us, NULL);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < orders->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
                               ((SchedOrderRow *) orders->pdata[i])->id);
    return g_string_free(text, FALSE);
}

#define assert_in_force(now_us, expected)                                                      \
    G_STMT_START                                                                               \
    {                                                                                          \
        g_autofree char *said_ = in_force(txn, now_us);                                        \
        g_assert_cmpstr(said_, ==, expected);                                                  \
    }                                                                                          \
    G_STMT_END

static gboolean
orders_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedAlertRow) row = NULL;
    g_autoptr(GPtrArray) told = NULL, listed = NULL, elsewhere = NULL;
    SchedOrderRow order = {.id = (char *) "a1"};

    assert_done(call(txn, "a1", "ia-le", NOW, 10 * MINUTE, &problem));
    assert_done(call(txn, "a2", "ia-blu", NOW + 1, 60 * MINUTE, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   call(txn, "a3", "ia-khong", NOW, MINUTE, &problem));
    assert_in_force(NOW + 2, "a1 a2");
    assert_in_force(NOW + 10 * MINUTE, "a2");
    /* Gone out once, whoever says so again. */
    temp_store_as(txn, "system", NOW + 5);
    assert_done(sched_store_order_published(txn, &order, &problem));
    temp_store_as(txn, "system", NOW + 9);
    assert_done(sched_store_order_published(txn, &order, &problem));
    row = sched_store_alert_get(txn, "a1", error);
    g_assert_cmpint(row->published_us, ==, NOW + 5);
    g_assert_cmpint(row->n_told, ==, 1); /* the other approver, not who called it */
    told = sched_store_alert_unseen(txn, "approver-2", 10, error);
    g_assert_cmpuint(told->len, ==, 2);
    temp_store_as(txn, "approver-2", NOW + MINUTE);
    assert_done(sched_store_alert_seen(txn, "a1", &problem));
    assert_done(sched_store_alert_seen(txn, "a1", &problem));
    temp_store_as(txn, "approver", NOW + MINUTE);
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   sched_store_alert_seen(txn, "a1", &problem));
    /* A part of its places: it goes on elsewhere. All of it: it is not said again. */
    assert_done(stop(txn, "s1", "a1", "ia-le-a", NOW + 2, &problem));
    assert_in_force(NOW + 3, "s1 a1 a2");
    assert_done(stop(txn, "s2", "a1", NULL, NOW + 3, &problem));
    assert_in_force(NOW + 4, "s1 s2 a2");
    assert_done(stop(txn, "s3", NULL, "ia-blu", NOW + 4, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_NOT_FOUND,
                   stop(txn, "s4", "a9", NULL, NOW + 4, &problem));
    g_clear_pointer(&row, sched_alert_row_free);
    row = sched_store_alert_get(txn, "a1", error);
    g_assert_cmpint(row->stopped_us, ==, NOW + 3);
    listed = sched_store_alert_list(txn, "ia-le-a", NOW, 10, error);
    g_assert_cmpuint(listed->len, ==, 1);
    elsewhere = sched_store_alert_list(txn, NULL, NOW, 10, error);
    g_assert_cmpuint(elsewhere->len, ==, 2);
    return TRUE;
}

static void
test_orders(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, orders_body, NULL);
}

/* By hand, as somebody with a database shell would. */
static gboolean
fixed_body(SchedTxn *txn, gpointer data, GError **error)
{
    static const char *const attempts[] = {
        "UPDATE alerts SET expires_us = expires_us + 1",
        "UPDATE alerts SET author = 'editor'",
        "DELETE FROM alerts",
        "DELETE FROM alert_stops",
        "UPDATE alert_stops SET issued_us = 0",
    };

    assert_done(call(txn, "a1", "ia-le", NOW, 10 * MINUTE, &problem));
    assert_done(stop(txn, "s1", "a1", NULL, NOW, &problem));
    for (gsize i = 0; i < G_N_ELEMENTS(attempts); i++)
        assert_refused(txn, SCHED_STORE_ERROR_RULE,
                       sched_sql_run(txn, attempts[i], &problem, ""));
    return TRUE;
}

static void
test_fixed(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, fixed_body, NULL);
}

/* --- what comes back -------------------------------------------------------------------------
 */

static void
tell(SchedTxn *txn, gint64 seq, const char *kind, const char *zone, const char *reason)
{
    g_autofree char *sql = g_strdup_printf(
        "INSERT INTO records (station, journal, seq, raw, hash, received_us, unreadable, kind, "
        "at_us, manifest_version, occurrence, zone, planned_start_us, planned_end_us, "
        "actual_start_us, actual_end_us, position_us, relay, relay_read_us, silent_us, "
        "journal_late, reason) VALUES ('ia-le', 'j', %" G_GINT64_FORMAT ", '', '', 0, 0, '%s', "
        "%" G_GINT64_FORMAT ", 0, 'a1', '%s', 0, 0, 0, 0, 0, 'closed', 0, 0, 0, '%s')",
        seq, kind, NOW + seq, zone, reason);

    temp_store_exec(txn, sql);
}

static gboolean
zones_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) zones = NULL, silent = NULL;
    const SchedAlertZoneRow *a, *b;

    assert_done(call(txn, "a1", "chu-puh", NOW, 10 * MINUTE, &problem));
    tell(txn, 1, "alert_taken", "a", "none");
    tell(txn, 2, "alert_taken", "b", "displaced");
    tell(txn, 3, "alert_ended", "a", "stopped");
    temp_store_exec(txn, "INSERT INTO areas (id, parent, kind, name) "
                         "VALUES ('plei-xa', 'ia-blu', 'village', 'Plei Xa')");
    zones = sched_store_alert_zones(txn, "a1", error);
    g_assert_cmpuint(zones->len, ==, 3);
    for (guint i = 0; i < zones->len; i++)
        g_test_message("%s %s", ((SchedAlertZoneRow *) zones->pdata[i])->station,
                       ((SchedAlertZoneRow *) zones->pdata[i])->zone);
    a = zones->pdata[0];
    b = zones->pdata[1];
    if (strcmp(a->station, "ia-le") != 0) {
        a = zones->pdata[1];
        b = zones->pdata[2];
    }
    g_assert_cmpint(a->taken_us, ==, NOW + 1);
    g_assert_cmpint(a->ended_us, ==, NOW + 3);
    g_assert_cmpint(a->ended_reason, ==, CONTENT_REASON_STOPPED);
    g_assert_cmpint(b->taken_reason, ==, CONTENT_REASON_DISPLACED);
    g_assert_cmpint(b->ended_us, ==, 0);
    silent = sched_store_alert_silent(txn, "a1", error);
    g_assert_cmpuint(silent->len, ==, 1);
    g_assert_cmpstr(((SchedSilentVillageRow *) silent->pdata[0])->id, ==, "plei-xa");
    return TRUE;
}

static void
test_zones(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, zones_body, NULL);
}

/* --- spoken live -----------------------------------------------------------------------------
 */

static gboolean
speech_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *hash = temp_store_hash("what was said");
    const SchedSpeechRow begun = {.alert = (char *) "a1", .speaker = (char *) "Siu Bla"};
    const SchedSpeechRow ended = {.alert = (char *) "a1",
                                  .ending = SCHED_ENDING_SPOKEN,
                                  .n_frames = 50,
                                  .n_lost = 1,
                                  .duration_us = 10 * G_USEC_PER_SEC,
                                  .object = hash};
    const SchedSpeechRow again = {.alert = (char *) "a1", .ending = SCHED_ENDING_SILENT};
    const SchedSpeechRow lost = {
        .alert = (char *) "a1", .origin = CONTENT_LIVE_STATION, .speaker = (char *) "Siu Bla"};
    g_autoptr(GPtrArray) stations = NULL, open = NULL, none = NULL, orders = NULL, later = NULL;
    g_autoptr(SchedSpeechRow) row = NULL, nothing = NULL;

    assert_done(call(txn, "a1", "chu-puh", NOW, 10 * MINUTE, &problem));
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_store_speech_add(txn, &lost, &problem));
    assert_done(sched_store_speech_add(txn, &begun, &problem));
    stations = sched_store_speech_stations(txn, "a1", error);
    g_assert_cmpuint(stations->len, ==, 2);
    g_assert_cmpstr(stations->pdata[0], ==, "ia-blu");
    open = sched_store_speech_open(txn, error);
    g_assert_cmpuint(open->len, ==, 1);
    orders = sched_store_orders(txn, NOW + 1, error);
    g_assert_cmpuint(orders->len, ==, 1);
    assert_done(sched_store_speech_end(txn, &ended, &problem));
    /* The first end counts, and whoever connects later hears no tone of a speech that is over.
     */
    assert_done(sched_store_speech_end(txn, &again, &problem));
    row = sched_store_speech_get(txn, "a1", error);
    g_assert_cmpint(row->ending, ==, SCHED_ENDING_SPOKEN);
    g_assert_cmpint(row->n_lost, ==, 1);
    g_assert_cmpstr(row->object, ==, hash);
    g_assert_cmpstr(row->speaker, ==, "Siu Bla");
    none = sched_store_speech_open(txn, error);
    g_assert_cmpuint(none->len, ==, 0);
    later = sched_store_orders(txn, NOW + 1, error);
    g_assert_cmpuint(later->len, ==, 0);
    assert_done(sched_store_speech_find(txn, "a2", &nothing, &problem));
    g_assert_null(nothing);
    return TRUE;
}

static void
test_speech(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, speech_body, NULL);
}

/* ---- the order of words ---- */

/* "cb-lu-1 [village] cb-nham-1": what stands in a line, by the phrase whose recording it is. */
static char *
line_of(const ContentTemplates *all, const char *id, const char *language)
{
    static const char *const phrases[] = {"cb-nham-1", "cb-lu-1"};
    const ContentTemplate *template = content_templates_find(all, id);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < template->lines->len; i++) {
        const ContentTemplateLine *line = template->lines->pdata[i];

        for (guint j = 0; strcmp(line->language, language) == 0 && j < line->parts->len; j++) {
            const ContentTemplatePart *part = line->parts->pdata[j];

            if (part->blank != CONTENT_BLANK_NONE)
                g_string_append_printf(text, "[%s] ", content_blank_words[part->blank]);
            for (gsize k = 0; k < G_N_ELEMENTS(phrases); k++) {
                g_autofree char *name = g_strdup_printf("%s %s", phrases[k], language);
                g_autofree char *object = temp_store_hash(name);

                if (g_strcmp0(object, part->object) == 0)
                    g_string_append_printf(text, "%s ", phrases[k]);
            }
        }
    }
    return g_string_free(text, FALSE);
}

static void
put_order(GPtrArray *orders, const char *language, const char *parts)
{
    SchedTemplateOrder *order = content_shape_new(&sched_template_order_shape);
    g_auto(GStrv) words = g_strsplit(parts, " ", -1);

    order->language = g_strdup(language);
    for (gsize i = 0; words[i] != NULL; i++)
        g_ptr_array_add(order->parts, g_strdup(words[i]));
    g_ptr_array_add(orders, order);
}

static gboolean
order_body(SchedTxn *txn, gpointer data, GError **error)
{
    static const struct {
        const char *why, *language, *says;
    } cases[] = {
        {"without an order of its own", "vi", "cb-nham-1 [village] cb-lu-1 "},
        {"a language with one", "bdq", "[village] cb-nham-1 cb-lu-1 "},
        {"a dialect has that of its language", "bdq-x-roh", "[village] cb-nham-1 cb-lu-1 "},
        {"unless it has its own", "bdq-x-kriem", "cb-lu-1 [village] cb-nham-1 "},
        {"an order of a dialect is not its language's", "jra", "cb-nham-1 [village] cb-lu-1 "},
        {"but the dialect's", "jra-x-arap", "cb-lu-1 cb-nham-1 [village] "},
    };
    g_autoptr(GPtrArray) base = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) orders =
        g_ptr_array_new_with_free_func(sched_template_order_shape.free);
    const SchedTemplateRow row = {.id = (char *) "thu-tu",
                                  .event = CONTENT_EVENT_FLOOD,
                                  .title = (char *) "Thứ tự",
                                  .severity = 3,
                                  .tone = CONTENT_ALERT_TONE_WAIL,
                                  .tone_ms = 5000,
                                  .repeats = 1,
                                  .life_min = 60,
                                  .parts = base,
                                  .orders = orders};
    g_autoptr(ContentTemplates) all = NULL;

    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_templates_standard(txn, "gia-lai", &problem));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        say(txn, "cb-nham-1", cases[i].language);
        say(txn, "cb-lu-1", cases[i].language);
    }
    temp_store_as(txn, "editor", NOW);
    g_ptr_array_add(base, g_strdup("cb-nham-1"));
    g_ptr_array_add(base, g_strdup("[village]"));
    g_ptr_array_add(base, g_strdup("cb-lu-1"));
    put_order(orders, "bdq", "[village] cb-nham-1 cb-lu-1");
    put_order(orders, "bdq-x-kriem", "cb-lu-1 [village] cb-nham-1");
    put_order(orders, "jra-x-arap", "cb-lu-1 cb-nham-1 [village]");
    assert_done(sched_store_template_put(txn, &row, &problem));
    all = sched_store_templates(txn, NOW, error);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *says = line_of(all, "thu-tu", cases[i].language);

        g_test_message("%s", cases[i].why);
        g_assert_cmpstr(says, ==, cases[i].says);
    }
    return TRUE;
}

static void
test_order(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, order_body, NULL);
}

/* ---- a district of an earlier program ---- */

#define BEFORE_OWN_TEMPLATES 30

/* The steps as they were taken then; nothing of them ever changes. */
static void
make_old_store(const char *path, guint n_steps)
{
    GResource *steps = sched_store_get_resource();
    g_auto(GStrv) names = g_resource_enumerate_children(steps, "/loa/store/schema",
                                                        G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    g_autofree char *mark =
        g_strdup_printf("PRAGMA application_id = 1282367827; PRAGMA user_version = %u",
                        n_steps);
    sqlite3 *db = NULL;

    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    for (guint step = 1; step <= n_steps; step++) {
        for (gsize i = 0; names[i] != NULL; i++) {
            g_autofree char *name = g_strconcat("/loa/store/schema/", names[i], NULL);
            g_autoptr(GBytes) sql = NULL;

            if (g_ascii_strtoull(names[i], NULL, 10) != step)
                continue;
            sql = g_resource_lookup_data(steps, name, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
            g_assert_cmpint(sqlite3_exec(db, g_bytes_get_data(sql, NULL), NULL, NULL, NULL), ==,
                            SQLITE_OK);
        }
    }
    g_assert_cmpint(sqlite3_exec(db, mark, NULL, NULL, NULL), ==, SQLITE_OK);
    g_assert_cmpint(
        sqlite3_exec(
            db,
            "INSERT INTO alert_templates (id, event, title, severity, tone, "
            "tone_ms, repeats, gap_ms, again_s, life_min) VALUES ('lu', 'flood', 'Lũ', "
            "4, 'wail', 5000, 3, 1000, 0, 60); INSERT INTO alert_parts (template, "
            "position, phrase, blank) VALUES ('lu', 0, NULL, 'village'), ('lu', 1, "
            "NULL, 'level')",
            NULL, NULL, NULL),
        ==, SQLITE_OK);
    sqlite3_close(db);
}

/* What it had stays, as the order of every language; what nobody approved is named as lacking,
 * so that a station that is given it is not ready. */
static gboolean
upgraded_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(SchedTemplateRow) row = sched_store_template_get(txn, "lu", error);
    g_autoptr(ContentTemplates) all = NULL;

    g_assert_nonnull(row);
    g_assert_cmpuint(row->parts->len, ==, 2);
    g_assert_cmpstr(row->parts->pdata[1], ==, "[level]");
    g_assert_cmpuint(row->orders->len, ==, 0);
    g_assert_cmpint(row->retired_us, ==, 0);
    /* The rest of the set is laid beside it, as drafts. */
    temp_store_fill(txn);
    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_templates_standard(txn, "gia-lai", &problem));
    all = sched_store_templates(txn, NOW, error);
    g_assert_cmpuint(all->templates->len, ==, 12);
    g_assert_cmpuint(all->objects->len, ==, 0);
    g_assert_nonnull(content_templates_lack(all, "jra"));
    g_assert_nonnull(content_templates_lack(all, "vi"));
    return TRUE;
}

static void
test_upgraded(void)
{
    g_autoptr(TempStore) temp = temp_store_new();

    g_clear_pointer(&temp->store, sched_store_free);
    g_assert_cmpint(g_unlink(temp->path), ==, 0);
    make_old_store(temp->path, BEFORE_OWN_TEMPLATES);
    temp_store_reopen(temp);
    temp_store_run(temp, upgraded_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/store/alerts/templates", test_templates);
    g_test_add_func("/scheduler/store/alerts/sitting", test_sitting);
    g_test_add_func("/scheduler/store/alerts/phrase", test_phrase);
    g_test_add_func("/scheduler/store/alerts/shipped", test_shipped);
    g_test_add_func("/scheduler/store/alerts/orders", test_orders);
    g_test_add_func("/scheduler/store/alerts/fixed", test_fixed);
    g_test_add_func("/scheduler/store/alerts/zones", test_zones);
    g_test_add_func("/scheduler/store/alerts/speech", test_speech);
    g_test_add_func("/scheduler/store/alerts/order", test_order);
    g_test_add_func("/scheduler/store/alerts/upgraded", test_upgraded);
    return g_test_run();
}
