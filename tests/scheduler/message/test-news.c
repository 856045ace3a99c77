/*
 * test-news.c - what is found in the store to be told: faults that a station names, what was
 * missed and why, what waits; each with a key that stays as long as it is the same.
 */
#include "scheduler/message/news-offers.h"
#include "scheduler/message/news.h"

#include "content/base/id.h"
#include "content/plan.h"
#include "content/record.h"
#include "scheduler/store/accounts.h"
#include "scheduler/store/heartbeats.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/messages.h"
#include "scheduler/store/offers.h"
#include "scheduler/store/records.h"
#include "tests/support/programme.h"

#include <string.h>

#define NOW  TEMP_STORE_NOW_US
#define HOUR (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define BOOT "00112233445566778899aabbccddeeff"

/* What is told of @event, in both languages: "key | vi | en | who" a line. */
static char *
gather(SchedTxn *txn, gint event, gint64 now_us, GPtrArray *people)
{
    g_autoptr(GPtrArray) nothing = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) news =
        sched_news_gather(txn, nothing, people == NULL ? nothing : people, now_us, 0, &error);
    GString *out = g_string_new(NULL);

    g_assert_no_error(error);
    for (guint i = 0; i < news->len; i++) {
        const SchedNews *one = g_ptr_array_index(news, i);

        if (one->event == event)
            g_string_append_printf(out, "%s | %s | %s | %s\n", one->key,
                                   one->what[CONTENT_READER_VI], one->what[CONTENT_READER_EN],
                                   one->who);
    }
    return g_string_free(out, FALSE);
}

/* ---- faults ---- */

static void
beat(SchedTxn *txn, gint64 at_us, const char *faults, gint64 n_faults)
{
    g_autofree char *document = g_strdup_printf(
        "{\"acked_seq\":0,\"at_us\":%" G_GINT64_FORMAT ",\"boot\":\"" BOOT
        "\",\"days_ready\":0,\"faults\":[%s],\"free_bytes\":0,\"journal\":\"j\","
        "\"journal_seq\":0,\"manifest_version\":0,\"missing_bytes\":0,\"missing_objects\":0,"
        "\"player_version\":\"0\",\"sounding\":[],\"station\":\"ia-le\",\"total_bytes\":0,"
        "\"trust\":\"synced\",\"type\":\"heartbeat\",\"uptime_s\":0,\"v\":1,\"zones\":[]}",
        at_us, faults);
    SchedHeartbeatRow row = {.station = (char *) "ia-le",
                             .received_us = at_us,
                             .at_us = at_us,
                             .document = document,
                             .n_faults = n_faults};
    g_autoptr(GPtrArray) rows = g_ptr_array_new();

    g_ptr_array_add(rows, &row);
    temp_store_as(txn, "system", at_us);
    assert_done(sched_store_heartbeats_put(txn, rows, &problem));
}

static gboolean
faults_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *fault =
        g_strdup_printf("{\"code\":\"board_silent\",\"since_us\":%" G_GINT64_FORMAT
                        ",\"subject\":\"b1\"}",
                        NOW);
    g_autofree char *told = NULL, *same = NULL, *over = NULL;

    beat(txn, NOW, fault, 1);
    told = gather(txn, SCHED_MESSAGE_STATION_FAULT, NOW, NULL);
    g_assert_true(g_str_has_prefix(told, "fault/ia-le/board_silent/b1/20514 | "
                                         "bo mạch rơ-le b1: không trả lời | "));
    g_assert_nonnull(strstr(told, " | board b1: no answer"));
    beat(txn, NOW + HOUR, fault, 1);
    same = gather(txn, SCHED_MESSAGE_STATION_FAULT, NOW + HOUR, NULL);
    g_assert_cmpstr(same, ==, told);
    beat(txn, NOW + 2 * HOUR, "", 0);
    over = gather(txn, SCHED_MESSAGE_STATION_FAULT, NOW + 2 * HOUR, NULL);
    g_assert_cmpstr(over, ==, "");
    return TRUE;
}

static void
test_faults(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, faults_body, NULL);
}

/* ---- what was missed ---- */

static char *
segment_id(guint number)
{
    g_autofree char *item = g_strdup_printf("i%u", number);

    return content_segment_id("s-2026-03-02", item, "vi", "main", 0, "");
}

static void
add_segment(ContentDayPlan *plan, guint number, const char *slot, const char *zones)
{
    g_auto(GStrv) each = g_strsplit(zones, " ", 0);
    ContentSegment *s = content_shape_new(&content_segment_shape);

    s->id = segment_id(number);
    s->slot = g_strdup(slot);
    s->occurrence = g_strdup("s-2026-03-02");
    s->item = g_strdup_printf("i%u", number);
    s->output = g_strdup("main");
    for (gsize i = 0; each[i] != NULL; i++)
        g_ptr_array_add(s->zones, g_strdup(each[i]));
    s->start_us = NOW + number * HOUR;
    s->duration_us = 60 * G_USEC_PER_SEC;
    s->language = g_strdup("vi");
    s->source = CONTENT_SOURCE_OBJECT;
    s->object = temp_store_hash("object");
    s->approval = temp_store_hash("approval");
    s->title = g_strdup("Bản tin");
    g_ptr_array_add(plan->segments, s);
}

static char *
keep(SchedTxn *txn, const char *type, GBytes *bytes)
{
    g_autoptr(SchedDocumentRow) row = sched_document_row_new(type, bytes);

    assert_done(sched_store_document_put(txn, row, &problem));
    return g_strdup(row->hash);
}

/* With the segments from number @from up to before @to, an hour each after NOW. */
static char *
keep_plan(SchedTxn *txn, guint from, guint to, const char *slot, const char *zones)
{
    g_autoptr(ContentDayPlan) plan = content_document_new(&content_day_plan_type);
    ContentPlanObject *object = content_shape_new(&content_plan_object_shape);
    g_autoptr(GBytes) bytes = NULL;

    plan->station = g_strdup("ia-le");
    plan->date = g_strdup("2026-03-02");
    plan->tzid = g_strdup("Asia/Ho_Chi_Minh");
    for (guint i = from; i < to; i++)
        add_segment(plan, i, slot, zones);
    object->hash = temp_store_hash("object");
    object->size_bytes = 1000;
    object->duration_us = 60 * G_USEC_PER_SEC;
    g_ptr_array_add(plan->objects, object);
    g_ptr_array_add(plan->approvals, temp_store_hash("approval"));
    bytes = content_document_write(&content_day_plan_type, plan, NULL);
    return keep(txn, "dayplan", bytes);
}

/* The plan was issued and taken before it began. */
static void
issue(SchedTxn *txn, const char *plan)
{
    g_autoptr(GBytes) other = g_bytes_new_static("{}", 2);
    g_autofree char *any = keep(txn, "manifest", other);

    assert_done(sched_sql_run(txn,
                              "INSERT INTO manifests (station, version, hash, contents, "
                              "settings, keys, issued_us, expires_us) "
                              "VALUES ('ia-le', 1, $1, '', $1, $1, $2, $3)",
                              &problem, "tii", any, NOW - 2 * HOUR, NOW + 600 * HOUR));
    assert_done(sched_sql_run(txn,
                              "INSERT INTO manifest_days (station, version, date, hash) "
                              "VALUES ('ia-le', 1, '2026-03-02', $1)",
                              &problem, "t", plan));
    assert_done(sched_sql_run(txn,
                              "INSERT INTO acceptances (station, accepted_us, version) "
                              "VALUES ('ia-le', $1, 1)",
                              &problem, "i", NOW - HOUR));
}

typedef struct {
    gint64 seq;
    char *prev; /* (owned) */
} Journal;

/* @reason: why it was not heard there; NONE: it was, whole */
static void
tell(SchedTxn *txn, Journal *journal, guint number, const char *zone, ContentReason reason)
{
    g_autoptr(ContentRecord) r = content_document_new(&content_record_type);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GPtrArray) part = g_ptr_array_new_with_free_func(g_free);
    const ContentRecords batch = {(char *) "ia-le", (char *) "j", ++journal->seq, FALSE, part};
    SchedIngest result = {0};
    char *raw;

    r->seq = journal->seq;
    r->prev = g_strdup(journal->prev);
    r->kind = reason == CONTENT_REASON_NONE ? CONTENT_RECORD_PLAYED : CONTENT_RECORD_MISSED;
    r->boot = g_strdup(BOOT);
    r->at_us = NOW + number * HOUR;
    r->segment = segment_id(number);
    r->zone = g_strdup(zone);
    r->planned_start_us = NOW + number * HOUR;
    r->planned_end_us = r->planned_start_us + 60 * G_USEC_PER_SEC;
    r->reason = (gint) reason;
    if (reason == CONTENT_REASON_NONE) {
        r->actual_start_us = r->planned_start_us;
        r->actual_end_us = r->at_us = r->planned_end_us;
        r->relay = CONTENT_RELAY_CLOSED;
        r->level_mdb = -20000;
    }
    bytes = content_document_write(&content_record_type, r, NULL);
    raw = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_ptr_array_add(part, raw);
    assert_done(sched_store_records_ingest(txn, &batch, &result, &problem));
    g_assert_cmpint(result.n_unreadable, ==, 0);
    g_free(journal->prev);
    journal->prev = content_sha256_hex(raw, strlen(raw));
}

/* Four of a day were not heard: twice for one reason, once for another, once on purpose. */
static gboolean
missed_body(SchedTxn *txn, gpointer data, GError **error)
{
    static const ContentReason reasons[] = {CONTENT_REASON_NO_POWER, CONTENT_REASON_NO_POWER,
                                            CONTENT_REASON_RELAY_FAILED,
                                            CONTENT_REASON_WITHDRAWN};
    g_autofree char *plan = keep_plan(txn, 0, G_N_ELEMENTS(reasons), "s", "a"), *told = NULL;
    Journal journal = {.prev = g_strdup(CONTENT_RECORD_NO_PREVIOUS)};

    issue(txn, plan);
    temp_store_exec(
        txn,
        "INSERT OR IGNORE INTO figure_days (station, date, from_us, to_us, stamp, judged_us, "
        "next_us, is_open) VALUES ('ia-le', '2026-03-02', 0, 1, 0, 0, 0, 0);"
        "INSERT INTO figures (date, station, village, language, category, "
        "planned_us, heard_us, delivered, partial, missed, waiting, no_contact, "
        "quiet) VALUES ('2026-03-02', 'ia-le', 'ia-le-a', 'vi', '', "
        "240000000, 0, 0, 0, 4, 0, 0, 0)");
    for (guint i = 0; i < G_N_ELEMENTS(reasons); i++)
        tell(txn, &journal, i, "a", reasons[i]);
    g_free(journal.prev);
    told = gather(txn, SCHED_MESSAGE_MISSED, NOW + 10 * HOUR, NULL);
    g_assert_cmpstr(told, ==,
                    "missed/ia-le/2026-03-02/relay_failed/1 | Không phát được hoặc phát thiếu "
                    "ngày 02/03 (rơ-le không đóng) | Missed wholly or in part on 02/03 (relay "
                    "failed) | ia-le (1)\n"
                    "missed/ia-le/2026-03-02/no_power/2 | Không phát được hoặc phát thiếu ngày "
                    "02/03 (mất điện) | Missed wholly or in part on 02/03 (no power) | ia-le "
                    "(2)\n");
    return TRUE;
}

static void
test_missed(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, missed_body, NULL);
}

/* ---- what waits ---- */

static gboolean
waiting_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *keys = programme_fill(txn), *told = NULL, *nobody = NULL;
    g_autoptr(GPtrArray) people = NULL;

    assert_done(
        sched_store_account_reach(txn, "approver-2", "app@example.vn", "", 1, &problem));
    temp_store_exec(txn, "UPDATE slots SET approved = NULL, approver = NULL, approved_us = 0");
    people = sched_store_message_people(txn, NOW, FALSE, error);
    g_assert_cmpuint(people->len, ==, 1);
    g_assert_cmpint(((SchedReachable *) g_ptr_array_index(people, 0))->reader, ==,
                    CONTENT_READER_EN);
    told = gather(txn, SCHED_MESSAGE_WAITING, NOW, people);
    g_assert_true(g_str_has_prefix(told, "waiting/slot/s//"));
    g_assert_nonnull(strstr(told, "duyệt khung giờ"));
    nobody = gather(txn, SCHED_MESSAGE_WAITING, NOW, NULL);
    g_assert_cmpstr(nobody, ==, "");
    return TRUE;
}

static void
test_waiting(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, waiting_body, NULL);
}

/* ---- what somebody sent to communes ---- */

/* Sent by editor, freed by approver-2. */
static void
send_offer_as(SchedTxn *txn, const char *id)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    g_autoptr(SchedOfferRow) sent = NULL;
    const SchedOfferRow row = {.id = (char *) id,
                               .name = (char *) "Lịch tiêm phòng",
                               .announcement = (char *) "bulletin",
                               .playlist = (char *) "list",
                               .home = (char *) "chu-puh",
                               .until_us = NOW + 72 * HOUR,
                               .lead_h = SCHED_OFFER_LEAD_H};

    g_ptr_array_add(areas, (gpointer) "chu-puh");
    temp_store_as(txn, "editor", NOW);
    assert_done(sched_store_offer_add(txn, &row, areas, &problem));
    sent = sched_store_offer_get(txn, id, NULL);
    temp_store_as(txn, "approver-2", NOW);
    assert_done(sched_store_offer_approve(txn, id, sent->content, &problem));
}

static void
send_offer(SchedTxn *txn)
{
    send_offer_as(txn, "o");
}

static gboolean
offers_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *before = NULL, *told = NULL, *later = NULL;

    g_free(programme_fill(txn));
    send_offer(txn);
    before = gather(txn, SCHED_MESSAGE_OFFER, NOW, NULL);
    g_assert_cmpstr(before, ==, "");
    temp_store_as(txn, "technician", NOW + HOUR);
    assert_done(sched_store_offer_place(txn, "o", "ia-le", NOW + 4 * HOUR, &problem));
    assert_done(sched_store_offer_tried(txn, "o", "ia-blu", "no_time", &problem));
    told = gather(txn, SCHED_MESSAGE_OFFER, NOW + HOUR, NULL);
    g_assert_nonnull(strstr(told, "“Lịch tiêm phòng” phát lúc 11:00 02/03, "));
    g_assert_nonnull(strstr(told, "không xếp được giờ phát “Lịch tiêm phòng” trước hạn"));
    g_assert_nonnull(strstr(told, "offer/o/ia-le/"));
    /* Who sent it and chose as well knows it. */
    temp_store_as(txn, "editor", NOW + 2 * HOUR);
    assert_done(sched_store_offer_place(txn, "o", "ia-le", NOW + 5 * HOUR, &problem));
    later = gather(txn, SCHED_MESSAGE_OFFER, NOW + 2 * HOUR, NULL);
    g_assert_null(strstr(later, "ia-le/"));
    return TRUE;
}

static void
test_offers(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, offers_body, NULL);
}

/* What becomes of it in one commune, of one station with two zones: by its records, once. */
typedef struct {
    const char *why;
    ContentReason of_a, of_b; /* NONE: played; UNKNOWN: no record of it */
    gint64 minutes;           /* after its start */
    gboolean is_heard_of;     /* the station is in contact */
    const char *told;         /* NULL: nothing yet */
} Aired;

static const Aired aired_cases[] = {
    {"all of it was heard", CONTENT_REASON_NONE, CONTENT_REASON_NONE, 60, TRUE,
     "known | “Lịch tiêm phòng” đã phát đủ | “Lịch tiêm phòng” was heard whole | "
     "Ia Le (11:00 02/03; 2/2)\n"},
    {"one zone of two did not", CONTENT_REASON_NONE, CONTENT_REASON_RELAY_FAILED, 60, TRUE,
     "known | “Lịch tiêm phòng” chỉ phát được một phần (rơ-le không đóng) | “Lịch tiêm phòng” "
     "was heard only in part (relay failed) | Ia Le (11:00 02/03; 1/2)\n"},
    {"none did", CONTENT_REASON_NO_POWER, CONTENT_REASON_NO_POWER, 60, TRUE,
     "known | “Lịch tiêm phòng” không phát được (mất điện) | “Lịch tiêm phòng” was not heard "
     "(no power) | Ia Le (11:00 02/03; 0/2)\n"},
    {"its record may be on its way", CONTENT_REASON_NONE, CONTENT_REASON_UNKNOWN, 0, TRUE,
     NULL},
    {"out of contact, and it may come back", CONTENT_REASON_UNKNOWN, CONTENT_REASON_UNKNOWN,
     20 * 60, FALSE, NULL},
    {"out of contact for a day", CONTENT_REASON_UNKNOWN, CONTENT_REASON_UNKNOWN, 25 * 60, FALSE,
     "silent | “Lịch tiêm phòng”: chưa biết đã phát chưa, đài mất liên lạc | “Lịch tiêm "
     "phòng”: "
     "not known whether it was heard, the station is out of contact | Ia Le (11:00 02/03; "
     "0/2)\n"},
};

static void
hear_case(SchedTxn *txn, const Aired *one, gint64 now_us)
{
    g_autoptr(SchedOfferPlaceRow) place = sched_store_offer_place_get(txn, "o", "ia-le", NULL);
    g_autofree char *plan = keep_plan(txn, 4, 5, place->slot, "a b");
    Journal journal = {.prev = g_strdup(CONTENT_RECORD_NO_PREVIOUS)};

    issue(txn, plan);
    if (one->of_a != CONTENT_REASON_UNKNOWN)
        tell(txn, &journal, 4, "a", one->of_a);
    if (one->of_b != CONTENT_REASON_UNKNOWN)
        tell(txn, &journal, 4, "b", one->of_b);
    g_free(journal.prev);
    assert_done(sched_sql_run(txn,
                              "INSERT OR REPLACE INTO station_states (station, contact_us) "
                              "VALUES ('ia-le', $1)",
                              &problem, "i", one->is_heard_of ? now_us : NOW));
}

/* As it was told: each key once, by every way that the sender has. */
static void
mark(SchedTxn *txn, const char *key, gint64 now_us)
{
    g_autoptr(GPtrArray) keys = g_ptr_array_new();
    const SchedMessageRow row = {.id = (char *) "m",
                                 .account = (char *) "editor",
                                 .way = SCHED_MESSAGE_BY_EMAIL,
                                 .event = (char *) "aired",
                                 .address = (char *) "ed@example.vn",
                                 .subject = (char *) "s",
                                 .body = (char *) "b",
                                 .due_us = now_us};

    g_ptr_array_add(keys, (gpointer) key);
    assert_done(sched_store_message_add(txn, &row, keys, &problem));
}

static gboolean
aired_body(SchedTxn *txn, gpointer data, GError **error)
{
    const Aired *one = data;
    gint64 now_us = NOW + 4 * HOUR + one->minutes * HOUR / 60;
    g_autofree char *key =
        g_strdup_printf("aired/o/ia-le/%" G_GINT64_FORMAT "/", NOW + 4 * HOUR);
    g_autofree char *told = NULL, *again = NULL, *nobody = NULL, *known = NULL;
    g_autoptr(GPtrArray) people = NULL;

    g_free(programme_fill(txn));
    send_offer(txn);
    temp_store_as(txn, "technician", NOW + HOUR);
    assert_done(sched_store_offer_place(txn, "o", "ia-le", NOW + 4 * HOUR, &problem));
    hear_case(txn, one, now_us);
    assert_done(sched_store_account_reach(txn, "editor", "ed@example.vn", "", 0, &problem));
    people = sched_store_message_people(txn, now_us, FALSE, error);
    told = gather(txn, SCHED_MESSAGE_AIRED, now_us, people);
    nobody = gather(txn, SCHED_MESSAGE_AIRED, now_us, NULL);
    g_assert_cmpstr(nobody, ==, "");
    if (one->told == NULL) {
        g_assert_cmpstr(told, ==, "");
        return TRUE;
    }
    g_assert_true(g_str_has_prefix(told, key));
    g_assert_cmpstr(told + strlen(key), ==, one->told);
    known = g_strconcat(key, "known", NULL);
    mark(txn, known, now_us);
    again = gather(txn, SCHED_MESSAGE_AIRED, now_us, people);
    g_assert_cmpstr(again, ==, "");
    return TRUE;
}

static void
test_aired(gconstpointer data)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, aired_body, (gpointer) data);
}

/* More of which nobody knows than one look judges: what is known of others is told all the
 * same.
 */
static gboolean
many_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) people = NULL;
    const Aired *heard = &aired_cases[0];
    gint64 now_us = NOW + 8 * HOUR;
    gboolean is_told = FALSE;

    g_free(programme_fill(txn));
    send_offer(txn);
    for (guint i = 0; i <= SCHED_NEWS_MAX_AIRED; i++) {
        g_autofree char *id = g_strdup_printf("p%u", i);

        send_offer_as(txn, id);
        temp_store_as(txn, "technician", NOW + HOUR);
        assert_done(sched_store_offer_place(txn, id, "ia-le", NOW + 5 * HOUR + i * HOUR / 60,
                                            &problem));
    }
    temp_store_as(txn, "technician", NOW + HOUR);
    assert_done(sched_store_offer_place(txn, "o", "ia-le", NOW + 4 * HOUR, &problem));
    hear_case(txn, heard, now_us);
    assert_done(sched_store_account_reach(txn, "editor", "ed@example.vn", "", 0, &problem));
    people = sched_store_message_people(txn, now_us, FALSE, error);
    for (guint i = 0; i < 100 && !is_told; i++) {
        g_autofree char *told =
            gather(txn, SCHED_MESSAGE_AIRED, now_us + i * G_USEC_PER_SEC, people);

        is_told = strstr(told, "aired/o/ia-le/") != NULL;
    }
    g_assert_true(is_told);
    return TRUE;
}

static void
test_many(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, many_body, NULL);
}

/* ---- alerts ---- */

/* Over for hours when the line was back. */
static gboolean
alone_body(SchedTxn *txn, gpointer data, GError **error)
{
    g_autofree char *told = NULL, *later = NULL;

    assert_done(sched_sql_run(
        txn,
        "INSERT INTO alerts (id, hash, event, title, severity, drill, author, issued_us, "
        "expires_us, published_us, station, caller) VALUES "
        "('alone', NULL, 'flood', 'Lũ', 4, 0, NULL, $1, $2, $3, 'ia-le', 'nut-lu')",
        &problem, "iii", NOW - 9 * HOUR, NOW - 8 * HOUR, NOW));
    assert_done(sched_sql_run(txn, "INSERT INTO alert_told VALUES ('alone', 'approver', 0)",
                              &problem, ""));
    told = gather(txn, SCHED_MESSAGE_ALERT, NOW + HOUR / 2, NULL);
    g_assert_true(g_str_has_prefix(told, "alert/alone | "));
    later = gather(txn, SCHED_MESSAGE_ALERT, NOW + 2 * HOUR, NULL);
    g_assert_cmpstr(later, ==, "");
    return TRUE;
}

static void
test_alone(void)
{
    g_autoptr(TempStore) temp = temp_store_new_district();

    temp_store_run(temp, alone_body, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/message/news/faults", test_faults);
    g_test_add_func("/message/news/missed", test_missed);
    g_test_add_func("/message/news/waiting", test_waiting);
    g_test_add_func("/message/news/offers", test_offers);
    for (gsize i = 0; i < G_N_ELEMENTS(aired_cases); i++) {
        g_autofree char *path = g_strconcat("/message/news/aired/", aired_cases[i].why, NULL);

        g_test_add_data_func(path, &aired_cases[i], test_aired);
    }
    g_test_add_func("/message/news/aired-many", test_many);
    g_test_add_func("/message/news/alone", test_alone);
    return g_test_run();
}
