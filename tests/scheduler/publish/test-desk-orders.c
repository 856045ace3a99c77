/*
 * test-desk-orders.c - alerts and stops on the line: published once, said again to who comes
 * back.
 */
#include "tests/scheduler/publish/desk-fixture.h"

#include "content/claim.h"
#include "scheduler/store/alerts.h"
#include "tests/support/wait.h"

#include <signal.h>
#include <string.h>

/* Signed as web/ signs it; strings are the caller's. */
static SchedDocumentRow *
sign_order(DeskFixture *f, const ContentDocumentType *type, gconstpointer order)
{
    const ContentSealKey *key = sched_keys_signer(f->keys, CONTENT_ROLE_ALERT);
    g_autofree char *comment = content_claim_comment(type->type, NULL, 0);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(type, order, &error);
    ContentSignature *signature = content_shape_new(&content_signature_shape);
    SchedDocumentRow *row;

    g_assert_no_error(error);
    signature->algorithm = g_strdup("minisign");
    signature->key = g_strdup(content_seal_key_id(key));
    signature->signature =
        content_seal_sign(key, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), comment);
    row = sched_document_row_new(type->type, bytes);
    g_ptr_array_add(row->signatures, signature);
    return row;
}

typedef struct {
    DeskFixture *f;
    const char *id;
    const char *stops; /* (nullable): it is a stop of this alert */
    gint64 life_us;
    gint64 published_us; /* out */
} Order;

static gboolean
order_alert(SchedTxn *txn, gpointer data, GError **error)
{
    const Order *order = data;
    gint64 now_us = g_get_real_time();
    g_autoptr(ContentAlert) alert = content_document_new(&content_alert_type);
    ContentSpeech *speech = content_shape_new(&content_speech_shape);
    g_autoptr(SchedDocumentRow) row = NULL;

    alert->id = g_strdup(order->id);
    alert->title = g_strdup("Lũ");
    alert->severity = 3;
    alert->tone_ms = CONTENT_ALERT_TONE_MIN_MS;
    alert->repeats = 1;
    alert->issued_us = now_us;
    alert->expires_us = now_us + order->life_us;
    g_ptr_array_add(alert->areas, g_strdup("ia-le"));
    speech->language = g_strdup("vi");
    g_ptr_array_add(speech->parts, g_strnfill(64, 'a'));
    g_ptr_array_add(alert->speeches, speech);
    row = sign_order(order->f, &content_alert_type, alert);
    temp_store_as(txn, "approver", now_us);
    return sched_store_alert_add(txn, alert, row, error);
}

static gboolean
order_stop(SchedTxn *txn, gpointer data, GError **error)
{
    const Order *order = data;
    g_autoptr(ContentStop) stop = content_document_new(&content_stop_type);
    g_autoptr(SchedDocumentRow) row = NULL;

    stop->id = g_strdup(order->id);
    stop->alert = g_strdup(order->stops);
    stop->issued_us = g_get_real_time();
    stop->expires_us = stop->issued_us + CONTENT_ALERT_MAX_LIFE_US;
    row = sign_order(order->f, &content_stop_type, stop);
    temp_store_as(txn, "approver", stop->issued_us);
    return sched_store_stop_add(txn, stop, row, error);
}

static gboolean
read_published(SchedTxn *txn, gpointer data, GError **error)
{
    Order *order = data;
    g_autoptr(SchedAlertRow) row = sched_store_alert_get(txn, order->id, error);

    order->published_us = row->published_us;
    return TRUE;
}

/* Committed, and nothing more: whoever was to send it may be dead by then. */
static void
commit(DeskFixture *f, const char *id, const char *stops, gint64 life_us)
{
    Order order = {f, id, stops, life_us, 0};

    temp_store_run(f->temp, stops == NULL ? order_alert : order_stop, &order);
}

static gboolean
is_published(DeskFixture *f, const char *id)
{
    Order order = {f, id, NULL, 0, 0};

    temp_store_look(f->temp, read_published, &order);
    return order.published_us > 0;
}

/* Takes messages up to the next on @topic, and reads it as a station would. */
static void
expect_order(DeskFixture *f, TestStation *line, const char *topic, const char *id)
{
    gboolean is_stop = g_str_has_suffix(topic, "/stop");
    const ContentDocumentType *type = is_stop ? &content_stop_type : &content_alert_type;
    const ContentSealKey *key = sched_keys_signer(f->keys, CONTENT_ROLE_ALERT);
    g_autofree char *comment = content_claim_comment(type->type, NULL, 0);
    g_autofree char *heard = NULL, *lines = NULL, *said = NULL, *key_id = NULL;
    g_autoptr(GBytes) envelope = NULL, document = NULL;
    g_autoptr(GError) error = NULL;
    gpointer parsed;

    do {
        g_clear_pointer(&heard, g_free);
        g_clear_pointer(&envelope, g_bytes_unref);
        envelope = test_station_next(line, &heard);
    } while (strcmp(heard, topic) != 0);
    document = content_seal_unwrap(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope),
                                   type->max_bytes, &lines, &said, &key_id, &error);
    g_assert_no_error(error);
    g_assert_true(content_seal_verify(content_seal_key_public(key), lines,
                                      g_bytes_get_data(document, NULL),
                                      g_bytes_get_size(document), comment, &error));
    parsed = content_document_read(type, g_bytes_get_data(document, NULL),
                                   g_bytes_get_size(document), &error);
    g_assert_no_error(error);
    g_assert_cmpstr(is_stop ? ((ContentStop *) parsed)->id : ((ContentAlert *) parsed)->id, ==,
                    id);
    content_document_free(type, parsed);
}

#define MINUTE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)

static void
test_alert(DeskFixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = desk_connect(f, DESK_STATION);
    gint64 begun_us;

    commit(f, "a1", NULL, 10 * MINUTE_US);
    begun_us = g_get_monotonic_time();
    sched_desk_orders_given(f->desk);
    expect_order(f, line, "loa/1/all/alert", "a1");
    g_test_message("committed, and heard after %" G_GINT64_FORMAT " us",
                   g_get_monotonic_time() - begun_us);
    TEST_WAIT_UNTIL(is_published(f, "a1"));
    /* Who was away hears it when it is back, and what is over it does not. */
    commit(f, "a2", NULL, 1);
    desk_say_hello(f, line, 0, 0);
    expect_order(f, line, "loa/1/to/" DESK_STATION "/alert", "a1");
    commit(f, "s1", "a1", 0);
    sched_desk_orders_given(f->desk);
    expect_order(f, line, "loa/1/all/stop", "s1");
    desk_say_hello(f, line, 0, 0);
    expect_order(f, line, "loa/1/to/" DESK_STATION "/stop", "s1");
    desk_expect_manifest(f, line, 1); /* and the alert was not said again before it */
    g_assert_false(is_published(f, "a2"));
}

/* The one who was to send it died after the commit, with its broker. */
static void
test_alert_after_kill(DeskFixture *f, gconstpointer data)
{
    g_autoptr(TestStation) line = NULL;

    commit(f, "a1", NULL, 10 * MINUTE_US);
    commit(f, "a2", NULL, 1);
    g_clear_pointer(&f->desk, sched_desk_free);
    g_string_truncate(f->said, 0);
    desk_start(f, NULL);
    TEST_WAIT_UNTIL(is_published(f, "a1"));
    g_assert_false(is_published(f, "a2")); /* too late: it stands as one that never went out */
    line = desk_connect(f, DESK_STATION);
    desk_say_hello(f, line, 0, 0);
    expect_order(f, line, "loa/1/to/" DESK_STATION "/alert", "a1");
}

/* No broker: somebody is told, and it goes out as soon as there is one. */
static void
test_alert_without_broker(DeskFixture *f, gconstpointer data)
{
    kill(sched_desk_broker_pid(f->desk), SIGKILL);
    TEST_WAIT_UNTIL(f->n_up == 0);
    commit(f, "a1", NULL, 10 * MINUTE_US);
    sched_desk_orders_given(f->desk);
    g_assert_nonnull(strstr(f->troubles->str, "alert a1 waits"));
    g_assert_false(is_published(f, "a1"));
    TEST_WAIT_UNTIL(is_published(f, "a1"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function)                                                                    \
    g_test_add("/publish/desk/" name, DeskFixture, NULL, desk_set_up, function, desk_tear_down)
    ADD("alert", test_alert);
    ADD("alert-after-kill", test_alert_after_kill);
    ADD("alert-without-broker", test_alert_without_broker);
    return g_test_run();
}
