/*
 * test-intake.c - the whole way in: a real broker pushes, a real HTTPS peer serves, and what
 * the owner hears is what is on disk.
 */
#include "player/intake/intake.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "content/base/id.h"
#include "player/intake/database.h"
#include "tests/support/alert-builder.h"
#include "tests/support/broker.h"
#include "tests/support/district.h"
#include "tests/support/event-tape.h"
#include "tests/support/http-peer.h"
#include "tests/support/scratch.h"
#include "tests/support/station.h"
#include "tests/support/wait.h"

#define STATION "ia-pa-02"
#define BOOT    "0123456789abcdef0123456789abcdef"
#define HOUR_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define DAY_US  (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)

typedef struct {
    char *folder, *state_folder, *district_certificate;
    TestCa *ca;
    TestBroker *mosquitto;
    TestHttpPeer *peer;
    TestDistrict *district;
    TestShelf *shelf;
    TestListener *listener;
    PlayIdentity *identity;
    ContentClock *system;
    PlayTrustClock *clock;
    PlayIntake *intake;
    EventTape *tape;
    gint64 now_us;
    char *settings, *keys, *keys_text, *today;
    PlayIntakeState state;
    guint n_up, n_objects, n_refused;
    char *refused; /* code of the last one */
} Fixture;

static const PlayBrokerTiming quick_broker = {
    .keep_alive_s = 30, .first_retry_ms = 20, .longest_retry_ms = 200};
static const PlayFetchTiming quick_fetch = {
    .first_retry_ms = 50, .longest_retry_ms = 200, .stall_s = 10, .connect_s = 5};

static gboolean
yes(gpointer data)
{
    return TRUE;
}

static const PlayTrustMachine machine = {yes, yes};

static void
on_changed(const char *words, gpointer data)
{
}

static const PlayTrustClockEvents clock_events = {on_changed, NULL};

static void
on_line(gboolean is_up, const char *words, gpointer data)
{
    ((Fixture *) data)->n_up += is_up;
}

static void
on_manifest(const ContentManifest *manifest, gpointer data)
{
    event_tape_add(((Fixture *) data)->tape, "manifest %d",
                   manifest == NULL ? 0 : (int) manifest->version);
}

static void
on_settings(ContentStationSettings *settings, gpointer data)
{
    event_tape_add(((Fixture *) data)->tape, "settings");
    content_station_settings_free(settings);
}

static void
on_day(const char *date, const char *hash, ContentDayPlan *plan, GHashTable *approvals,
       gboolean is_pending, gpointer data)
{
    Fixture *fixture = data;

    if (plan == NULL)
        event_tape_add(fixture->tape, "day %s", is_pending ? "pending" : "gone");
    else
        event_tape_add(fixture->tape, "day %u segments", plan->segments->len);
    content_day_plan_free(plan);
    if (approvals != NULL)
        g_hash_table_unref(approvals);
}

static void
on_object(const char *hash, gpointer data)
{
    ((Fixture *) data)->n_objects++;
}

static void
on_refused(const ContentRemark *why, gpointer data)
{
    Fixture *fixture = data;

    fixture->n_refused++;
    g_free(fixture->refused);
    fixture->refused = g_strdup(why->code);
    g_test_message("%s: %s", why->code, why->subject);
}

static void
on_state(const PlayIntakeState *state, gpointer data)
{
    ((Fixture *) data)->state = *state;
}

static void
on_ack(const char *journal, gint64 seq, gpointer data)
{
    event_tape_add(((Fixture *) data)->tape, "ack %s %d", journal, (int) seq);
}

static void
on_time(const char *nonce, gint64 utc_us, gpointer data)
{
    event_tape_add(((Fixture *) data)->tape, "time %.4s", nonce);
}

static void
on_enquiry(gpointer data)
{
    event_tape_add(((Fixture *) data)->tape, "enquiry");
}

static void
on_test(ContentTestOrder *order, gpointer data)
{
    event_tape_add(((Fixture *) data)->tape, "test %s in %s", order->id, order->zone);
    content_test_order_free(order);
}

static void
on_alert(ContentAlert *alert, PlayOrderOrigin origin, gpointer data)
{
    event_tape_add(((Fixture *) data)->tape, "alert %s %d", alert->id, (int) origin);
    content_alert_free(alert);
}

static void
on_stop(ContentStop *stop, gpointer data)
{
    event_tape_add(((Fixture *) data)->tape, "stop %s", stop->id);
    content_stop_free(stop);
}

static void
on_templates(ContentTemplates *templates, GHashTable *approvals, gpointer data)
{
    g_hash_table_unref(approvals);
    event_tape_add(((Fixture *) data)->tape, "templates");
    content_templates_free(templates);
}

static const PlayIntakeEvents events = {on_line,   on_manifest, on_settings, on_day,
                                        on_object, on_refused,  on_state,    on_ack,
                                        on_time,   on_enquiry,  on_test,     on_alert,
                                        on_stop,   on_templates};

static void
open_intake(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;

    fixture->n_up = 0;
    fixture->intake = play_intake_new(fixture->state_folder, fixture->identity, fixture->clock,
                                      &quick_broker, &quick_fetch, &events, fixture, &error);
    g_assert_no_error(error);
}

/* What the district's shelf holds becomes visible to the HTTPS peer. */
static void
publish_shelf(Fixture *fixture)
{
    GHashTableIter iter;
    gpointer hash;

    g_hash_table_iter_init(&iter, fixture->shelf->documents);
    while (g_hash_table_iter_next(&iter, &hash, NULL)) {
        g_autoptr(GPtrArray) one = g_ptr_array_new();
        g_autoptr(ContentBundle) bundle = NULL;
        g_autoptr(GBytes) bytes = NULL;
        g_autofree char *name = g_strconcat("shelf/", hash, NULL);
        g_autofree char *text = NULL;
        const char *begin;

        g_ptr_array_add(one, hash);
        bundle = test_shelf_answer(fixture->shelf, one);
        bytes = content_document_write(&content_bundle_type, bundle, NULL);
        begin = (const char *) g_bytes_get_data(bytes, NULL) + strlen("{\"documents\":[");
        text = g_strndup(begin, (gsize) (g_strstr_len(begin, -1, "],\"missing\":[") - begin));
        test_http_peer_file(fixture->peer, name, text);
    }
}

static void
set_up_district(Fixture *fixture)
{
    g_autoptr(ContentStationSettings) settings = test_settings(STATION);
    g_autoptr(ContentKeys) keys = NULL;
    g_autoptr(GBytes) envelope = NULL;

    fixture->district = test_district_new();
    fixture->shelf = test_shelf_new();
    keys = test_district_keys(fixture->district, fixture->now_us - DAY_US);
    fixture->settings = g_strdup(
        test_shelf_put(fixture->shelf, &content_station_settings_type, settings, NULL, 0));
    fixture->keys = g_strdup(
        test_shelf_put(fixture->shelf, &content_keys_type, keys, fixture->district->root, 1));
    envelope = test_seal(fixture->district->root, &content_keys_type, keys, NULL, 1);
    fixture->keys_text =
        g_strndup(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope));
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Asia/Ho_Chi_Minh");
    g_autoptr(GDateTime) local = g_date_time_new_now(zone);

    fixture->folder = test_scratch_new();
    fixture->state_folder = g_build_filename(fixture->folder, "state", NULL);
    g_assert_cmpint(g_mkdir(fixture->state_folder, 0700), ==, 0);
    fixture->tape = event_tape_new();
    fixture->now_us = g_get_real_time();
    fixture->today = g_date_time_format(local, "%Y-%m-%d");
    fixture->ca = test_ca_new(fixture->folder, "authority");
    fixture->mosquitto = test_broker_new(fixture->folder, fixture->ca, NULL);
    fixture->peer = test_http_peer_new(fixture->folder, fixture->ca, TRUE);
    fixture->district_certificate =
        test_ca_issue(fixture->ca, "district", "district", TEST_CERTIFICATE_CLIENT);
    fixture->listener = test_broker_listen(fixture->mosquitto, fixture->district_certificate,
                                           "loa/1/from/+/report");
    set_up_district(fixture);
    fixture->identity =
        test_station_new(fixture->ca, STATION, test_http_peer_url(fixture->peer),
                         test_broker_uri(fixture->mosquitto));
    fixture->identity->root_key = g_strdup(content_seal_key_public(fixture->district->root));
    fixture->identity->keys = g_strdup(fixture->keys_text);
    fixture->system = content_clock_system_new();
    fixture->clock = play_trust_clock_new(fixture->system, fixture->state_folder, BOOT,
                                          &machine, NULL, &clock_events, fixture);
    open_intake(fixture);
    TEST_WAIT_UNTIL(fixture->n_up == 1);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    play_intake_free(fixture->intake);
    play_trust_clock_free(fixture->clock);
    content_clock_free(fixture->system);
    play_identity_free(fixture->identity);
    test_listener_free(fixture->listener);
    test_http_peer_free(fixture->peer);
    test_broker_free(fixture->mosquitto);
    test_shelf_free(fixture->shelf);
    test_district_free(fixture->district);
    test_ca_free(fixture->ca);
    event_tape_free(fixture->tape);
    test_scratch_free(fixture->folder);
    g_free(fixture->state_folder);
    g_free(fixture->district_certificate);
    g_free(fixture->settings);
    g_free(fixture->refused);
    g_free(fixture->keys);
    g_free(fixture->keys_text);
    g_free(fixture->today);
}

/* An object of n bytes at the peer, its approval and a day with one segment; all on the shelf.
 */
static char *
shelve(Fixture *fixture, gsize n_bytes, guint n_segments, char **out_object)
{
    g_autofree char *text = g_strnfill(n_bytes, 's');
    g_autoptr(GBytes) bytes = g_bytes_new(text, n_bytes);
    g_autofree char *object = test_http_peer_put(fixture->peer, bytes);
    g_autoptr(ContentApproval) approval = test_approval(object);
    g_autoptr(ContentDayPlan) plan = test_plan(STATION, fixture->today);
    const char *approval_hash = test_shelf_put(fixture->shelf, &content_approval_type, approval,
                                               fixture->district->approver, 0);
    char *hash;

    test_plan_add(plan, fixture->now_us + HOUR_US, object, (gint64) n_bytes, approval_hash);
    for (guint i = 1; i < n_segments; i++) {
        g_autofree char *other = g_strdup_printf("%064u", i);

        test_plan_add(plan, fixture->now_us + HOUR_US * (i + 1), other, 10, approval_hash);
    }
    hash = g_strdup(test_shelf_put(fixture->shelf, &content_day_plan_type, plan, NULL, 0));
    publish_shelf(fixture);
    if (out_object != NULL)
        *out_object = g_steal_pointer(&object);
    return hash;
}

static void
push(Fixture *fixture, gint64 version, const char *day)
{
    g_autoptr(ContentManifest) manifest = test_manifest(STATION, version, fixture->now_us);
    g_autoptr(GBytes) envelope = NULL;

    g_free(manifest->settings);
    manifest->settings = g_strdup(fixture->settings);
    g_free(manifest->keys);
    manifest->keys = g_strdup(fixture->keys);
    if (day != NULL)
        test_manifest_add_day(manifest, fixture->today, day);
    envelope = test_seal(fixture->district->online, &content_manifest_type, manifest, STATION,
                         version);
    test_broker_say(fixture->mosquitto, fixture->district_certificate,
                    "loa/1/to/" STATION "/manifest", envelope);
}

/* Waits for the report that says @state of version @version, as an independent client hears it.
 */
static void
wait_report(Fixture *fixture, gint64 version, gboolean accepted, gint64 missing_objects)
{
    for (;;) {
        g_autoptr(GBytes) bytes = test_listener_next(fixture->listener, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(ContentReport) report =
            content_document_read(&content_report_type, g_bytes_get_data(bytes, NULL),
                                  g_bytes_get_size(bytes), &error);
        const ContentReportDay *day;

        g_assert_no_error(error);
        if (report->manifest_version != version || report->accepted != accepted)
            continue;
        if (!accepted || report->days->len == 0)
            return;
        day = report->days->pdata[0];
        if (day->state == CONTENT_DAY_APPLIED && day->missing_objects == missing_objects)
            return;
    }
}

static void
drain(Fixture *fixture)
{
    for (char *event; (event = event_tape_take(fixture->tape)) != NULL; g_free(event))
        continue;
}

static void
test_whole_way(Fixture *fixture, gconstpointer data)
{
    g_autofree char *object = NULL;
    g_autofree char *day = shelve(fixture, 5000, 1, &object);
    g_autoptr(GPtrArray) floors = NULL;

    push(fixture, 1, day);
    wait_report(fixture, 1, TRUE, 0);
    TEST_WAIT_UNTIL(fixture->n_objects == 1 && fixture->state.days_ready == 1);
    event_tape_expect(fixture->tape, "manifest 1");
    event_tape_expect(fixture->tape, "settings");
    event_tape_expect(fixture->tape, "day 1 segments");
    g_assert_true(content_object_store_has(play_intake_objects(fixture->intake), object));
    g_assert_cmpint(fixture->state.missing_objects, ==, 0);
    floors = play_intake_floors(fixture->intake);
    g_assert_cmpuint(floors->len, ==, 2); /* root and online */

    /* An older one: refused, and the district hears why. */
    push(fixture, 2, day);
    wait_report(fixture, 2, TRUE, 0);
    push(fixture, 1, day);
    wait_report(fixture, 0, FALSE, 0);
    drain(fixture);
    g_assert_cmpuint(fixture->n_refused, ==, 1);
}

/* With no broker and no HTTPS: everything of before is in force again after a restart. */
static void
test_no_network(Fixture *fixture, gconstpointer data)
{
    g_autofree char *day = shelve(fixture, 5000, 1, NULL);

    push(fixture, 1, day);
    wait_report(fixture, 1, TRUE, 0);
    TEST_WAIT_UNTIL(fixture->n_objects == 1 && fixture->state.days_ready == 1);
    drain(fixture);
    g_clear_pointer(&fixture->intake, play_intake_free);
    test_broker_kill(fixture->mosquitto);
    test_http_peer_fault(fixture->peer, "status 503");
    memset(&fixture->state, 0, sizeof fixture->state);
    open_intake(fixture);
    TEST_WAIT_UNTIL(fixture->state.days_ready == 1);
    event_tape_expect(fixture->tape, "manifest 1");
    event_tape_expect(fixture->tape, "settings");
    event_tape_expect(fixture->tape, "day 1 segments");
    g_assert_cmpuint(fixture->n_up, ==, 0);
}

/* A large file crawls in; what is withdrawn is gone long before it is here. */
static void
test_withdrawal_does_not_wait(Fixture *fixture, gconstpointer data)
{
    g_autofree char *object = NULL;
    g_autofree char *day = shelve(fixture, 400000, 1, &object);
    g_autofree char *part = NULL;
    gint64 pushed_us;

    test_http_peer_fault(fixture->peer, "slow 1000");
    push(fixture, 1, day);
    part = content_object_store_part_path(play_intake_objects(fixture->intake), object);
    TEST_WAIT_UNTIL(g_file_test(part, G_FILE_TEST_EXISTS));
    wait_report(fixture, 1, TRUE, 1);
    drain(fixture);
    pushed_us = g_get_monotonic_time();
    push(fixture, 2, NULL);
    wait_report(fixture, 2, TRUE, 0);
    event_tape_expect(fixture->tape, "manifest 2");
    event_tape_expect(fixture->tape, "day gone");
    g_assert_cmpint(g_get_monotonic_time() - pushed_us, <, 5 * G_USEC_PER_SEC);
    g_assert_cmpuint(fixture->n_objects, ==, 0);
}

/* The broker dies while documents are on their way, and comes back empty. */
static void
test_broker_replaced(Fixture *fixture, gconstpointer data)
{
    g_autofree char *day = shelve(fixture, 5000, 1, NULL);

    test_http_peer_fault(fixture->peer, "status 503");
    push(fixture, 1, day);
    TEST_WAIT_UNTIL(fixture->n_refused > 0);
    g_clear_pointer(&fixture->listener, test_listener_free);
    test_broker_kill(fixture->mosquitto);
    test_http_peer_fault(fixture->peer, "");
    test_broker_start(fixture->mosquitto);
    fixture->listener = test_broker_listen(fixture->mosquitto, fixture->district_certificate,
                                           "loa/1/from/+/report");
    TEST_WAIT_UNTIL(fixture->n_up == 2 && fixture->n_objects == 1);
    /* The district pushes again because it cannot know: nothing happens twice. */
    push(fixture, 1, day);
    wait_report(fixture, 1, TRUE, 0);
    event_tape_expect(fixture->tape, "manifest 1");
    event_tape_expect(fixture->tape, "settings");
    event_tape_expect(fixture->tape, "day 1 segments");
}

/* output/ found wrong bytes: the object is fetched once more. */
static void
test_object_failed(Fixture *fixture, gconstpointer data)
{
    g_autofree char *object = NULL;
    g_autofree char *day = shelve(fixture, 5000, 1, &object);
    ContentObjectStore *store = play_intake_objects(fixture->intake);

    push(fixture, 1, day);
    TEST_WAIT_UNTIL(fixture->n_objects == 1);
    g_assert_true(content_object_store_remove(store, object, NULL));
    play_intake_object_failed(fixture->intake, object);
    TEST_WAIT_UNTIL(fixture->n_objects == 2);
    g_assert_true(content_object_store_has(store, object));
    drain(fixture);
}

static void
say(Fixture *fixture, const char *word, ContentSealKey *key, const ContentDocumentType *type,
    gconstpointer document, const char *audience)
{
    g_autofree char *topic = g_strconcat("loa/1/to/" STATION "/", word, NULL);
    g_autoptr(GBytes) envelope = test_seal(key, type, document, audience, 0);

    test_broker_say(fixture->mosquitto, fixture->district_certificate, topic, envelope);
}

/* Acknowledgement, time and enquiry: the genuine ones arrive, forged ones do not. */
static void
test_messages(Fixture *fixture, gconstpointer data)
{
    g_autofree char *nonce = g_strnfill(64, 'c');
    ContentAck ack = {(char *) STATION, (char *) "01journal", 17};
    ContentAck other = {(char *) "another", (char *) "01journal", 17};
    ContentTimeAnswer answer = {(char *) STATION, nonce, fixture->now_us};
    ContentEnquiry enquiry = {(char *) STATION};
    g_autoptr(GBytes) rubbish = g_bytes_new_static("{}", 2);
    TestDistrict *district = fixture->district;

    say(fixture, "ack", district->time, &content_ack_type, &ack, STATION);
    say(fixture, "ack", district->online, &content_ack_type, &other, "another");
    say(fixture, "time", district->online, &content_time_answer_type, &answer, STATION);
    test_broker_say(fixture->mosquitto, fixture->district_certificate,
                    "loa/1/to/" STATION "/enquiry", rubbish);
    test_broker_say(fixture->mosquitto, fixture->district_certificate, "loa/1/all/alert",
                    rubbish);
    say(fixture, "ack", district->online, &content_ack_type, &ack, STATION);
    say(fixture, "time", district->time, &content_time_answer_type, &answer, STATION);
    say(fixture, "enquiry", district->online, &content_enquiry_type, &enquiry, STATION);
    TEST_WAIT_UNTIL(fixture->n_refused == 5);
    event_tape_expect(fixture->tape, "ack 01journal 17");
    event_tape_expect(fixture->tape, "time cccc");
    TEST_WAIT_UNTIL(fixture->n_refused == 5);
    {
        char *event = NULL;

        TEST_WAIT_UNTIL((event = event_tape_take(fixture->tape)) != NULL);
        g_assert_cmpstr(event, ==, "enquiry");
        g_free(event);
    }
}

static void
wait_event(Fixture *fixture, const char *expected)
{
    g_autofree char *event = NULL;

    TEST_WAIT_UNTIL((event = event_tape_take(fixture->tape)) != NULL);
    g_assert_cmpstr(event, ==, expected);
}

/* From now on the district has a key for alerts. Returns: (transfer full): that key */
static ContentSealKey *
allow_alerts(Fixture *fixture)
{
    ContentSealKey *key = content_seal_key_generate();
    g_autoptr(ContentKeys) keys =
        test_district_keys(fixture->district, fixture->now_us - DAY_US);
    g_autoptr(GBytes) envelope = NULL;

    test_district_add_key(keys, key, CONTENT_ROLE_ALERT, fixture->now_us - DAY_US,
                          fixture->now_us + DAY_US);
    keys->version = ++fixture->district->keys_version;
    envelope =
        test_seal(fixture->district->root, &content_keys_type, keys, NULL, keys->version);
    test_broker_say(fixture->mosquitto, fixture->district_certificate,
                    "loa/1/to/" STATION "/manifest", envelope);
    return key;
}

static gboolean
has_asked_for_audio(Fixture *fixture)
{
    g_auto(GStrv) requests = test_http_peer_requests(fixture->peer);

    for (guint i = 0; requests[i] != NULL; i++) {
        if (strstr(requests[i], "/device/objects/") != NULL)
            return TRUE;
    }
    return FALSE;
}

/* A download that stands still half-way holds up neither an alert nor its stop. */
static void
test_alert_during_download(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentSealKey) key = allow_alerts(fixture);
    g_autofree char *object = NULL;
    g_autofree char *day = shelve(fixture, 5000, 1, &object);
    g_autoptr(ContentAlert) alert = alert_builder_new("lu", "xa", "vi", fixture->now_us);
    g_autoptr(ContentStop) stop = alert_builder_stop("dung", "lu", NULL, fixture->now_us);
    g_autoptr(GBytes) order = test_seal(key, &content_alert_type, alert, NULL, 0);
    g_autoptr(GBytes) end = test_seal(key, &content_stop_type, stop, NULL, 0);

    test_http_peer_fault(fixture->peer, "stall 1000");
    push(fixture, 1, day);
    TEST_WAIT_UNTIL(has_asked_for_audio(fixture));
    wait_report(fixture, 1, TRUE, 1);
    drain(fixture);
    test_broker_say(fixture->mosquitto, fixture->district_certificate, "loa/1/all/alert",
                    order);
    wait_event(fixture, "alert lu 0");
    test_broker_say(fixture->mosquitto, fixture->district_certificate, "loa/1/all/stop", end);
    wait_event(fixture, "stop dung");
    g_assert_cmpuint(fixture->n_objects, ==, 0);
    test_http_peer_fault(fixture->peer, "");
    TEST_WAIT_UNTIL(fixture->n_objects == 1);
    drain(fixture);
}

/* To all and to this station, again and again: told once. After a restart it is still known,
 * and one that was not over is told anew; one that is, is not begun again. */
static void
test_alerts(Fixture *fixture, gconstpointer data)
{
    g_autoptr(ContentSealKey) key = allow_alerts(fixture);
    g_autoptr(ContentAlert) alert = alert_builder_new("lu", "xa", "vi", fixture->now_us);
    g_autoptr(ContentStop) stop = alert_builder_stop("dung", "lu", NULL, fixture->now_us);
    g_autoptr(GBytes) order = test_seal(key, &content_alert_type, alert, NULL, 0);
    g_autoptr(GBytes) end = test_seal(key, &content_stop_type, stop, NULL, 0);

    for (guint i = 0; i < 3; i++) {
        test_broker_say(fixture->mosquitto, fixture->district_certificate, "loa/1/all/alert",
                        order);
        test_broker_say(fixture->mosquitto, fixture->district_certificate,
                        "loa/1/to/" STATION "/alert", order);
    }
    wait_event(fixture, "alert lu 0");
    test_broker_say(fixture->mosquitto, fixture->district_certificate, "loa/1/all/stop", end);
    test_broker_say(fixture->mosquitto, fixture->district_certificate,
                    "loa/1/to/" STATION "/stop", end);
    wait_event(fixture, "stop dung");
    play_intake_free(fixture->intake);
    open_intake(fixture);
    wait_event(fixture, "stop dung");
    wait_event(fixture, "alert lu 1");
    play_intake_alert_done(fixture->intake, "lu");
    play_intake_free(fixture->intake);
    open_intake(fixture);
    wait_event(fixture, "stop dung");
    wait_event(fixture, "alert lu 2");
    TEST_WAIT_UNTIL(fixture->n_up == 1);
    test_broker_say(fixture->mosquitto, fixture->district_certificate, "loa/1/all/alert",
                    order);
    test_broker_say(fixture->mosquitto, fixture->district_certificate, "loa/1/all/alert", end);
    /* Its audio is nowhere, which is told, too. */
    TEST_WAIT_UNTIL(g_strcmp0(fixture->refused, "refused_type") == 0);
}

/* A forged enquiry is refused and told; it draws no report from the station. */
static void
test_forged_enquiry(Fixture *fixture, gconstpointer data)
{
    g_autofree char *object = NULL;
    g_autofree char *day = shelve(fixture, 500, 1, &object);
    ContentEnquiry enquiry = {(char *) STATION};
    ContentEnquiry other = {(char *) "another"};
    g_autoptr(GBytes) fence = g_bytes_new_static("fence", 5);
    g_autoptr(GBytes) next = NULL;

    push(fixture, 1, day);
    wait_report(fixture, 1, TRUE, 0);
    say(fixture, "enquiry", fixture->district->online, &content_enquiry_type, &enquiry,
        STATION);
    wait_report(fixture, 1, TRUE, 0);
    for (guint i = 1; i <= 3; i++) {
        say(fixture, "enquiry", fixture->district->online, &content_enquiry_type, &other,
            "another");
        TEST_WAIT_UNTIL(fixture->n_refused == i);
    }
    test_broker_say(fixture->mosquitto, fixture->district_certificate,
                    "loa/1/from/" STATION "/report", fence);
    next = test_listener_next(fixture->listener, NULL);
    g_assert_true(g_bytes_equal(next, fence));
    drain(fixture);
}

static void
order_test(Fixture *fixture, ContentSealKey *key, const char *id, const char *station,
           gint64 issued_us)
{
    const ContentTestOrder order = {(char *) id,    (char *) station,
                                    (char *) "cho", 1000,
                                    issued_us,      issued_us + CONTENT_TEST_ORDER_LIFE_US};

    say(fixture, "test", key, &content_test_order_type, &order, station);
}

static void
expect_test(Fixture *fixture, const char *expected)
{
    g_autofree char *event = NULL;

    TEST_WAIT_UNTIL((event = event_tape_take(fixture->tape)) != NULL);
    g_assert_cmpstr(event, ==, expected);
}

static void
expect_refused(Fixture *fixture, const char *code, const char *why)
{
    g_test_message("%s", why);
    TEST_WAIT_UNTIL(fixture->n_refused == 1);
    fixture->n_refused = 0;
    g_assert_cmpstr(fixture->refused, ==, code);
    g_assert_null(event_tape_take(fixture->tape));
}

/* A relay closes by a genuine order, in its minute, and once: also after a restart. */
static void
test_test_orders(Fixture *fixture, gconstpointer data)
{
    const TestDistrict *district = fixture->district;
    gint64 now_us = g_get_real_time();
    g_autoptr(GBytes) rubbish = g_bytes_new_static("{}", 2);

    test_broker_say(fixture->mosquitto, fixture->district_certificate,
                    "loa/1/to/" STATION "/test", rubbish);
    expect_refused(fixture, "refused_format", "rubbish");
    order_test(fixture, district->time, "t1", STATION, now_us);
    expect_refused(fixture, "refused_role", "a key that may say the time alone");
    order_test(fixture, district->online, "t1", "another", now_us);
    expect_refused(fixture, "refused_audience", "for another station");
    order_test(fixture, district->online, "t1", STATION, now_us - CONTENT_TEST_ORDER_LIFE_US);
    expect_refused(fixture, "refused_expired", "a minute old");
    order_test(fixture, district->online, "t1", STATION, now_us + HOUR_US);
    expect_refused(fixture, "refused_early", "of a time to come");

    order_test(fixture, district->online, "t1", STATION, now_us);
    expect_test(fixture, "test t1 in cho");
    order_test(fixture, district->online, "t1", STATION, now_us);
    expect_refused(fixture, "refused_repeat", "the same again");
    order_test(fixture, district->online, "t0", STATION, now_us - 1);
    expect_refused(fixture, "refused_repeat", "an older one that was held back");
    order_test(fixture, district->online, "t2", STATION, now_us + 1);
    expect_test(fixture, "test t2 in cho");

    g_clear_pointer(&fixture->intake, play_intake_free);
    open_intake(fixture);
    TEST_WAIT_UNTIL(fixture->n_up == 1);
    drain(fixture);
    order_test(fixture, district->online, "t2", STATION, now_us + 1);
    expect_refused(fixture, "refused_repeat", "after a restart");
    order_test(fixture, district->online, "t3", STATION, now_us + 2);
    expect_test(fixture, "test t3 in cho");
}

/* Another process has the file, or it is damaged: refused, and nothing is deleted. */
static void
test_refused_keep(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = g_build_filename(fixture->state_folder, "keep.db", NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strnfill(8192, 'x');

    g_clear_pointer(&fixture->intake, play_intake_free);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_null(play_intake_new(fixture->state_folder, fixture->identity, fixture->clock,
                                  NULL, NULL, &events, fixture, &error));
    g_assert_error(error, PLAY_DATABASE_ERROR, PLAY_DATABASE_ERROR_CORRUPT);
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/player/intake/intake/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("whole-way", test_whole_way);
    ADD("no-network", test_no_network);
    ADD("withdrawal-does-not-wait", test_withdrawal_does_not_wait);
    ADD("broker-replaced", test_broker_replaced);
    ADD("object-failed", test_object_failed);
    ADD("messages", test_messages);
    ADD("forged-enquiry", test_forged_enquiry);
    ADD("test-orders", test_test_orders);
    ADD("alerts", test_alerts);
    ADD("alert-during-download", test_alert_during_download);
    ADD("refused-keep", test_refused_keep);
    return g_test_run();
}
