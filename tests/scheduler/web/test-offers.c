/*
 * test-offers.c - sent from above, placed by each commune for itself and by nobody else; the
 * sender sees who has placed it and who has not.
 */
#include "content/plan.h"
#include "content/record.h"
#include "scheduler/store/issues.h"
#include "scheduler/store/offers.h"
#include "scheduler/store/records.h"
#include "tests/scheduler/web/api-fixture.h"

#include <curl/curl.h>
#include <string.h>

#define HOUR  (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define SOUND "sound of a bulletin"

typedef struct {
    ApiFixture *f;
    char *announcement, *offer, *content;
    gint64 now_us;
} Story;

static guint
call(Story *s, const char *login, const char *method, const char *path, json_t *body,
     json_t **out)
{
    return api_fixture_call(s->f, login, method, path, body, out);
}

static void
put_audio(Story *s, const char *version)
{
    g_autofree char *token = api_fixture_token("ed");
    g_autofree char *path =
        g_strdup_printf("/api/versions/%s/audio?no_state_secret=true&name=a.wav", version);
    const char *headers[] = {"Content-Type: audio/wav", token, NULL};
    g_autoptr(TestAnswer) answer =
        test_https(&s->f->people, "PUT", path, headers, SOUND, strlen(SOUND));

    g_assert_cmpuint(answer->status, ==, 200);
}

/* A bulletin in Jrai for the district: checked and approved. */
static void
make_announcement(Story *s)
{
    json_auto_t *made = NULL, *version = NULL, *whole = NULL;
    g_autofree char *versions = NULL, *path = NULL, *check = NULL, *approve = NULL;
    json_t *body =
        json_pack("{s:s, s:s, s:s, s:[s], s:s, s:I, s:I, s:s, s:s, s:s}", "title",
                  "Lịch tiêm phòng", "kind", "bulletin", "home", "chu-puh", "areas", "chu-puh",
                  "class", "thong_thuong", "valid_from_us", (json_int_t) 0, "valid_until_us",
                  (json_int_t) s->now_us + 720 * HOUR, "source_number", "1", "source_issuer",
                  "UBND", "source_date", "2026-03-01");

    g_assert_cmpuint(call(s, "ed", "POST", "/api/announcements", body, &made), ==, 201);
    s->announcement = g_strdup(api_text(made, "id"));
    versions = g_strdup_printf("/api/announcements/%s/versions", s->announcement);
    g_assert_cmpuint(call(s, "ed", "POST", versions,
                          json_pack("{s:s, s:s}", "language", "jra", "announcer_name", "A"),
                          &version),
                     ==, 201);
    put_audio(s, api_text(version, "id"));
    path = g_strdup_printf("/api/versions/%s", api_text(version, "id"));
    g_assert_cmpuint(call(s, "ed", "GET", path, NULL, &whole), ==, 200);
    check = g_strconcat(path, "/check", NULL);
    approve = g_strconcat(path, "/approve", NULL);
    g_assert_cmpuint(
        call(s, "rev", "POST", check,
             json_pack("{s:s, s:b}", "object", api_text(whole, "object"), "no_state_secret", 1),
             NULL),
        ==, 200);
    api_fixture_hear(s->f, "app", api_text(version, "id"), api_text(whole, "object"));
    g_assert_cmpuint(
        call(s, "app", "POST", approve,
             json_pack("{s:s, s:b}", "object", api_text(whole, "object"), "no_state_secret", 1),
             NULL),
        ==, 200);
}

static void
story_begin(Story *s, ApiFixture *f)
{
    static const struct {
        const char *login, *area;
        SchedRole role;
    } people[] = {
        {"op-le", "ia-le", SCHED_ROLE_OPERATOR},     {"ed-blu", "ia-blu", SCHED_ROLE_EDITOR},
        {"tech-le", "ia-le", SCHED_ROLE_TECHNICIAN}, {"app-le", "ia-le", SCHED_ROLE_APPROVER},
        {"ed-le-a", "ia-le-a", SCHED_ROLE_EDITOR},
    };

    api_fixture_people(f);
    for (gsize i = 0; i < G_N_ELEMENTS(people); i++)
        api_fixture_account(f, people[i].login, (gint) people[i].role, people[i].area);
    s->f = f;
    s->now_us = content_clock_utc_us(f->clock);
    g_assert_cmpuint(call(s, "admin", "PUT", "/api/areas/gia-lai/windows",
                          json_pack("{s:[{s:s, s:i, s:i, s:i}]}", "windows", "class",
                                    "thong_thuong", "weekdays", 127, "from_min", 0, "to_min",
                                    1440),
                          NULL),
                     ==, 200);
    make_announcement(s);
}

static json_t *
body_of(Story *s, const char *area, gint64 hours)
{
    return json_pack("{s:s, s:s, s:[s], s:I}", "announcement", s->announcement, "home",
                     "chu-puh", "areas", area, "until_us",
                     (json_int_t) (s->now_us + hours * HOUR));
}

static void
send_it(Story *s)
{
    json_auto_t *sent = NULL;

    g_assert_cmpuint(call(s, "ed", "POST", "/api/offers", body_of(s, "chu-puh", 48), &sent), ==,
                     201);
    s->offer = g_strdup(api_text(sent, "id"));
    s->content = g_strdup(api_text(sent, "content"));
    g_assert_cmpstr(api_text(sent, "name"), ==, "Lịch tiêm phòng");
    g_assert_cmpint(json_integer_value(json_object_get(sent, "places")), ==, 2);
}

static guint
approve(Story *s, const char *login)
{
    g_autofree char *path = g_strdup_printf("/api/offers/%s/approve", s->offer);

    return call(s, login, "POST", path, json_pack("{s:s}", "content", s->content), NULL);
}

static guint
place(Story *s, const char *login, const char *area, gint64 start_us, json_t **out)
{
    g_autofree char *path = g_strdup_printf("/api/offers/%s/areas/%s", s->offer, area);

    return call(s, login, "PUT", path, json_pack("{s:I}", "start_us", (json_int_t) start_us),
                out);
}

static const char *
state_at(Story *s, const char *login, const char *area)
{
    g_autofree char *path = g_strdup_printf("/api/offers/%s", s->offer);
    json_auto_t *whole = NULL;
    const char *state = "not seen";
    json_t *one;
    gsize i;

    g_assert_cmpuint(call(s, login, "GET", path, NULL, &whole), ==, 200);
    json_array_foreach(json_object_get(whole, "where"), i, one)
    {
        if (strcmp(api_text(one, "area"), area) == 0)
            state = g_intern_string(api_text(one, "state"));
    }
    return state;
}

static void
story_end(Story *s)
{
    g_free(s->announcement);
    g_free(s->offer);
    g_free(s->content);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Story, story_end)

static void
test_two_communes(ApiFixture *f, gconstpointer data)
{
    g_auto(Story) s = {0};
    json_auto_t *placed = NULL, *slot_list = NULL, *listed = NULL, *times = NULL;
    g_autofree char *path = NULL, *slot = NULL;
    json_t *one;

    story_begin(&s, f);
    send_it(&s);
    g_assert_cmpuint(place(&s, "op-le", "ia-le", s.now_us + 3 * HOUR, NULL), ==, 403);
    /* A second person, with the right in every commune. */
    g_assert_cmpuint(approve(&s, "ed"), ==, 403);
    g_assert_cmpuint(approve(&s, "app-le"), ==, 403);
    g_assert_cmpuint(approve(&s, "app"), ==, 200);
    g_assert_cmpstr(state_at(&s, "ed", "ia-le"), ==, "open");
    g_assert_cmpuint(place(&s, "op-le", "ia-le", s.now_us + 3 * HOUR, &placed), ==, 200);
    g_assert_cmpstr(api_text(placed, "state"), ==, "placed");
    g_assert_cmpstr(api_text(placed, "placed_by"), ==, "op-le");
    g_assert_cmpuint(place(&s, "ed-blu", "ia-blu", s.now_us + 5 * HOUR, NULL), ==, 200);
    g_assert_cmpstr(state_at(&s, "ed", "ia-le"), ==, "placed");
    g_assert_cmpstr(state_at(&s, "ed", "ia-blu"), ==, "placed");
    /* A commune sees its own. */
    g_assert_cmpstr(state_at(&s, "op-le", "ia-blu"), ==, "not seen");
    g_assert_cmpuint(call(&s, "op-le", "GET", "/api/offers?area=ia-le", NULL, &listed), ==,
                     200);
    one = json_array_get(json_object_get(listed, "offers"), 0);
    g_assert_cmpstr(api_text(json_object_get(one, "here"), "state"), ==, "placed");
    /* Its slot is the commune's, and its time is chosen here and nowhere else. */
    g_assert_cmpuint(call(&s, "op-le", "GET", "/api/slots?area=ia-le", NULL, &slot_list), ==,
                     200);
    one = json_array_get(json_object_get(slot_list, "slots"), 0);
    g_assert_cmpstr(api_text(one, "approver"), ==, "app");
    slot = g_strdup_printf("/api/slots/%s", api_text(one, "id"));
    json_object_set_new(one, "local_min", json_integer(1));
    {
        static const char *const keep[] = {"name",       "home",      "playlist", "class",
                                           "first_date", "local_min", "targets",  "dates_in",
                                           "dates_out",  "revision"};
        json_t *body = json_object();

        for (gsize i = 0; i < G_N_ELEMENTS(keep); i++)
            json_object_set(body, keep[i], json_object_get(one, keep[i]));
        g_assert_cmpuint(call(&s, "ed", "PUT", slot, body, NULL), ==, 422);
    }
    /* Another time, behind what it finds there. */
    g_assert_cmpuint(place(&s, "op-le", "ia-le", s.now_us + 4 * HOUR, NULL), ==, 200);
    path = g_strdup_printf("/api/offers/%s/areas/ia-blu/times", s.offer);
    g_assert_cmpuint(call(&s, "ed-blu", "GET", path, NULL, &times), ==, 200);
    g_assert_true(json_is_array(json_object_get(times, "times")));
}

/* clang-format off */
static const struct { const char *why, *login, *area; gint64 hours; guint status; } refusals[] = {
    { "another commune's",                "op-le",   "ia-blu",  3,  403 },
    { "who repairs there, and no more",   "tech-le", "ia-le",   3,  403 },
    { "of a village alone",               "ed-le-a", "ia-le",   3,  403 },
    { "behind the deadline",              "op-le",   "ia-le",   49, 422 },
    { "in the past",                      "op-le",   "ia-le",   -1, 422 },
    { "now, which no station can",        "op-le",   "ia-le",   0,  422 },
    { "where it was not sent",            "op-le",   "ia-le-a", 3,  404 },
};
/* clang-format on */

static void
test_refusals(ApiFixture *f, gconstpointer data)
{
    g_auto(Story) s = {0};
    g_autofree char *end = NULL;

    story_begin(&s, f);
    /* Who writes for a commune sends nothing to others; nothing without a place or a sound. */
    g_assert_cmpuint(
        call(&s, "ed-blu", "POST", "/api/offers", body_of(&s, "chu-puh", 48), NULL), ==, 403);
    g_assert_cmpuint(call(&s, "ed", "POST", "/api/offers",
                          json_pack("{s:s, s:[s], s:I}", "home", "chu-puh", "areas", "chu-puh",
                                    "until_us", (json_int_t) (s.now_us + 48 * HOUR)),
                          NULL),
                     ==, 422);
    send_it(&s);
    g_assert_cmpuint(approve(&s, "app"), ==, 200);
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_test_message("%s", refusals[i].why);
        g_assert_cmpuint(place(&s, refusals[i].login, refusals[i].area,
                               s.now_us + refusals[i].hours * HOUR, NULL),
                         ==, refusals[i].status);
    }
    /* At a time when nobody may hear it. */
    g_assert_cmpuint(call(&s, "op-le", "POST", "/api/quiets",
                          json_pack("{s:s, s:I, s:s}", "area", "ia-le", "until_us",
                                    (json_int_t) (s.now_us + 10 * HOUR), "reason", "funeral"),
                          NULL),
                     ==, 201);
    g_assert_cmpuint(place(&s, "op-le", "ia-le", s.now_us + 3 * HOUR, NULL), ==, 422);
    g_assert_cmpuint(place(&s, "op-le", "ia-le", s.now_us + 11 * HOUR, NULL), ==, 200);
    end = g_strdup_printf("/api/offers/%s/end", s.offer);
    g_assert_cmpuint(call(&s, "op-le", "POST", end, NULL, NULL), ==, 403);
    g_assert_cmpuint(call(&s, "ed", "POST", end, NULL, NULL), ==, 200);
    g_assert_cmpstr(state_at(&s, "ed", "ia-le"), ==, "stopped");
    g_assert_cmpuint(place(&s, "op-le", "ia-le", s.now_us + 12 * HOUR, NULL), ==, 403);
}

/* It waits in the queue of who may approve it, and of nobody else. */
static void
test_queue(ApiFixture *f, gconstpointer data)
{
    static const struct {
        const char *login;
        gsize n_waiting;
    } queues[] = {{"app", 1}, {"app-le", 0}, {"ed", 0}};
    g_auto(Story) s = {0};

    story_begin(&s, f);
    send_it(&s);
    for (gsize i = 0; i < G_N_ELEMENTS(queues); i++) {
        json_auto_t *mine = NULL;
        json_t *waiting;

        g_assert_cmpuint(call(&s, queues[i].login, "GET", "/api/review", NULL, &mine), ==, 200);
        waiting = json_object_get(mine, "waiting");
        g_assert_cmpuint(json_array_size(waiting), ==, queues[i].n_waiting);
        if (queues[i].n_waiting > 0)
            g_assert_cmpstr(api_text(json_array_get(waiting, 0), "kind"), ==, "offer");
    }
    g_assert_cmpuint(approve(&s, "app"), ==, 200);
    /* Once. */
    g_assert_cmpuint(approve(&s, "app"), ==, 403);
}

/* The time is over, and no plan ever held it there: said as that, not as heard. */
static void
test_left_out(ApiFixture *f, gconstpointer data)
{
    g_auto(Story) s = {0};

    story_begin(&s, f);
    send_it(&s);
    g_assert_cmpuint(approve(&s, "app"), ==, 200);
    g_assert_cmpuint(place(&s, "op-le", "ia-le", s.now_us + HOUR / 12, NULL), ==, 200);
    fake_clock_advance(f->clock, HOUR / 4);
    g_assert_cmpstr(state_at(&s, "ed", "ia-le"), ==, "left_out");
    g_assert_cmpstr(state_at(&s, "ed", "ia-blu"), ==, "open");
}

/* ---- what the station says of it ---- */

#define LENGTH_US (20 * G_USEC_PER_SEC)

/* A plan that the station took, with the slot in the zone a; and a record of it. */
typedef struct {
    char *slot, *date; /* (owned) */
    gint64 start_us;
    ContentReason reason; /* NONE: it was played */
} Told;

static char *
keep_document(SchedTxn *txn, const char *type, GBytes *bytes)
{
    g_autoptr(SchedDocumentRow) row = sched_document_row_new(type, bytes);

    assert_done(sched_store_document_put(txn, row, &problem));
    return g_strdup(row->hash);
}

static char *
segment_of(const Told *told)
{
    g_autofree char *occurrence = g_strdup_printf("%s-%s", told->slot, told->date);

    return content_segment_id(occurrence, "i", "jra", "main", 0, "");
}

static char *
make_plan(SchedTxn *txn, const Told *told)
{
    g_autoptr(ContentDayPlan) plan = content_document_new(&content_day_plan_type);
    ContentSegment *s = content_shape_new(&content_segment_shape);
    ContentPlanObject *object = content_shape_new(&content_plan_object_shape);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;

    s->id = segment_of(told);
    s->slot = g_strdup(told->slot);
    s->occurrence = g_strdup_printf("%s-%s", told->slot, told->date);
    s->item = g_strdup("i");
    s->output = g_strdup("main");
    g_ptr_array_add(s->zones, g_strdup("a"));
    s->start_us = told->start_us;
    s->duration_us = LENGTH_US;
    s->language = g_strdup("jra");
    s->source = CONTENT_SOURCE_OBJECT;
    s->object = temp_store_hash("object");
    s->approval = temp_store_hash("approval");
    s->title = g_strdup("Bản tin");
    plan->station = g_strdup("ia-le");
    plan->date = g_strdup(told->date);
    plan->tzid = g_strdup("Asia/Ho_Chi_Minh");
    g_ptr_array_add(plan->segments, s);
    object->hash = temp_store_hash("object");
    object->size_bytes = 1000;
    object->duration_us = LENGTH_US;
    g_ptr_array_add(plan->objects, object);
    g_ptr_array_add(plan->approvals, temp_store_hash("approval"));
    bytes = content_document_write(&content_day_plan_type, plan, &error);
    g_assert_no_error(error);
    return keep_document(txn, "dayplan", bytes);
}

static gboolean
take_plan(SchedTxn *txn, gpointer data, GError **error)
{
    const Told *told = data;
    g_autoptr(GBytes) other = g_bytes_new_static("{}", 2);
    g_autofree char *any = keep_document(txn, "manifest", other);
    g_autofree char *plan = make_plan(txn, told);

    assert_done(sched_sql_run(
        txn,
        "INSERT INTO manifests (station, version, hash, contents, settings, keys, issued_us, "
        "expires_us) VALUES ('ia-le', 1, $1, '', $1, $1, $2, $3)",
        &problem, "tii", any, told->start_us - HOUR, told->start_us + 24 * HOUR));
    assert_done(sched_sql_run(txn,
                              "INSERT INTO manifest_days (station, version, date, hash) "
                              "VALUES ('ia-le', 1, $1, $2)",
                              &problem, "tt", told->date, plan));
    return sched_sql_run(txn,
                         "INSERT INTO acceptances (station, accepted_us, version) "
                         "VALUES ('ia-le', $1, 1)",
                         error, "i", told->start_us - HOUR);
}

static gboolean
tell_record(SchedTxn *txn, gpointer data, GError **error)
{
    const Told *told = data;
    g_autoptr(ContentRecord) r = content_document_new(&content_record_type);
    g_autoptr(GPtrArray) part = g_ptr_array_new_with_free_func(g_free);
    const ContentRecords batch = {(char *) "ia-le", (char *) "j", 1, FALSE, part};
    SchedIngest result = {0};
    g_autoptr(GBytes) bytes = NULL;

    r->seq = 1;
    r->prev = g_strnfill(64, '0');
    r->kind =
        told->reason == CONTENT_REASON_NONE ? CONTENT_RECORD_PLAYED : CONTENT_RECORD_MISSED;
    r->boot = g_strdup("00112233445566778899aabbccddeeff");
    r->at_us = told->start_us + LENGTH_US;
    r->segment = segment_of(told);
    r->zone = g_strdup("a");
    r->planned_start_us = told->start_us;
    r->planned_end_us = told->start_us + LENGTH_US;
    r->reason = told->reason;
    if (told->reason == CONTENT_REASON_NONE) {
        r->actual_start_us = r->planned_start_us;
        r->actual_end_us = r->planned_end_us;
        r->relay = CONTENT_RELAY_CLOSED;
        r->level_mdb = -20000;
    }
    bytes = content_document_write(&content_record_type, r, error);
    if (bytes == NULL)
        return FALSE;
    g_ptr_array_add(part, g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)));
    assert_done(sched_store_records_ingest(txn, &batch, &result, &problem));
    g_assert_cmpint(result.n_unreadable, ==, 0);
    return TRUE;
}

static void
told_clear(Told *told)
{
    g_free(told->slot);
    g_free(told->date);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Told, told_clear)

/* Placed in five minutes' time, and the station has the plan. */
static void
place_soon(Story *s, Told *told)
{
    json_auto_t *slots = NULL;
    json_t *one;

    told->start_us = (s->now_us + HOUR / 12) / G_USEC_PER_SEC * G_USEC_PER_SEC;
    send_it(s);
    g_assert_cmpuint(approve(s, "app"), ==, 200);
    g_assert_cmpuint(place(s, "op-le", "ia-le", told->start_us, NULL), ==, 200);
    g_assert_cmpuint(call(s, "op-le", "GET", "/api/slots?area=ia-le", NULL, &slots), ==, 200);
    one = json_array_get(json_object_get(slots, "slots"), 0);
    told->slot = g_strdup(api_text(one, "id"));
    told->date = g_strdup(api_text(one, "first_date"));
    temp_store_run(s->f->store, take_plan, told);
}

/* Heard by its record, or why not: as the delivery report says it. */
static void
test_evidence(ApiFixture *f, gconstpointer data)
{
    const ContentReason reason = (ContentReason) GPOINTER_TO_INT(data);
    g_auto(Told) told = {.reason = reason};
    g_auto(Story) s = {0};
    g_autofree char *path = NULL;
    json_auto_t *whole = NULL;
    json_t *one;

    story_begin(&s, f);
    place_soon(&s, &told);
    fake_clock_advance(f->clock, HOUR / 12 + LENGTH_US / 2);
    g_assert_cmpstr(state_at(&s, "ed", "ia-le"), ==, "waiting");
    fake_clock_advance(f->clock, LENGTH_US);
    temp_store_run(f->store, tell_record, &told);
    path = g_strdup_printf("/api/offers/%s", s.offer);
    g_assert_cmpuint(call(&s, "ed", "GET", path, NULL, &whole), ==, 200);
    one = json_array_get(json_object_get(whole, "where"), 1);
    g_assert_cmpstr(api_text(one, "area"), ==, "ia-le");
    g_assert_cmpstr(api_text(one, "state"), ==,
                    reason == CONTENT_REASON_NONE ? "delivered" : "missed");
    g_assert_cmpint(json_integer_value(json_object_get(one, "zones")), ==, 1);
    g_assert_cmpint(json_integer_value(json_object_get(one, "heard")), ==,
                    reason == CONTENT_REASON_NONE ? 1 : 0);
    g_assert_cmpint(json_object_get(one, "why_vi") != NULL, ==, reason != CONTENT_REASON_NONE);
    /* What has sounded is placed nowhere else. */
    g_assert_cmpuint(place(&s, "op-le", "ia-le", s.now_us + 3 * HOUR, NULL), ==, 403);
}

static void
test_played(ApiFixture *f, gconstpointer data)
{
    test_evidence(f, GINT_TO_POINTER(CONTENT_REASON_NONE));
}

static void
test_missed(ApiFixture *f, gconstpointer data)
{
    test_evidence(f, GINT_TO_POINTER(CONTENT_REASON_NO_POWER));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/web/offers/two-communes", test_two_communes);
    api_fixture_add("/web/offers/refusals", test_refusals);
    api_fixture_add("/web/offers/queue", test_queue);
    api_fixture_add("/web/offers/left-out", test_left_out);
    api_fixture_add("/web/offers/played", test_played);
    api_fixture_add("/web/offers/missed", test_missed);
    return g_test_run();
}
