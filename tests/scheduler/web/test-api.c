/* test-api.c - the path of an announcement through the API, and who is refused on it. */
#include "tests/scheduler/web/api-fixture.h"

#include "content/base/id.h"
#include "content/enrolment-code.h"
#include "content/exchange.h"
#include "scheduler/store/devices.h"
#include "scheduler/store/objects.h"

#include <curl/curl.h>
#include <string.h>

#define DECLARED "?no_state_secret=true"

static json_t *
announcement_body(void)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:[s]}", "title",
                     "Lịch tiêm phòng", "class", "thong_thuong", "source_number", "12/TB",
                     "source_issuer", "UBND xã", "source_date", "2026-03-01", "valid_from_us",
                     (json_int_t) 0, "valid_until_us",
                     (json_int_t) G_GINT64_CONSTANT(4000000000000000), "home", "chu-puh",
                     "areas", "ia-le");
}

/* Uploads text as if it were a recording. */
static guint
upload(ApiFixture *f, const char *login, const char *version, const char *bytes, json_t **out)
{
    g_autofree char *path = g_strdup_printf(
        "/api/versions/%s/audio?no_state_secret=true&name=b%%E1%%BA%%A3n%%20tin.wav", version);
    g_autofree char *token = api_fixture_token(login);
    const char *const headers[] = {token, "Content-Type: audio/wav", NULL};
    g_autoptr(TestAnswer) answer =
        test_https(&f->people, "PUT", path, headers, bytes, strlen(bytes));

    if (out != NULL)
        *out = json_loadb(answer->body->str, answer->body->len, 0, NULL);
    return answer->status;
}

/* An announcement with one recorded Jrai version; the ids of both. */
static void
make_recorded(ApiFixture *f, char **out_announcement, char **out_version, char **out_object)
{
    json_auto_t *announcement = NULL, *version = NULL, *audio = NULL;
    g_autofree char *path = NULL;

    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", "/api/announcements",
                                      announcement_body(), &announcement),
                     ==, 201);
    path = g_strdup_printf("/api/announcements/%s/versions", api_text(announcement, "id"));
    g_assert_cmpuint(
        api_fixture_call(f, "ed", "POST", path,
                         json_pack("{s:s, s:s}", "language", "jra", "script", "Ơi ană plei"),
                         &version),
        ==, 201);
    g_assert_cmpuint(upload(f, "ed", api_text(version, "id"), "sound of a voice", &audio), ==,
                     200);
    *out_announcement = g_strdup(api_text(announcement, "id"));
    *out_version = g_strdup(api_text(version, "id"));
    *out_object = g_strdup(api_text(audio, "object"));
}

static guint
judge(ApiFixture *f, const char *login, const char *version, const char *verb,
      const char *object, json_t **out)
{
    g_autofree char *path = g_strdup_printf("/api/versions/%s", version);
    g_autofree char *act = g_strdup_printf("%s/%s", path, verb);
    json_auto_t *row = NULL;

    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", path, NULL, &row), ==, 200);
    if (g_str_equal(verb, "approve"))
        api_fixture_hear(f, login, version, api_text(row, "object"));
    return api_fixture_call(f, login, "POST", act,
                            json_pack("{s:s, s:s, s:b}", "object", object, "script_hash",
                                      api_text(row, "script_hash"), "no_state_secret", 1),
                            out);
}

/* Two write the same script: the second is told, not the first overwritten. */
static void
test_two_scripts(ApiFixture *f, gconstpointer data)
{
    static const struct {
        const char *why, *script;
        gboolean has_read; /* it says what it read at first */
        guint status;
    } puts[] = {
        {"the first", "của Mai", TRUE, 200},
        {"the second, who read what the first read", "của Lan", TRUE, 409},
        {"a program that never read", "của máy", FALSE, 200},
    };
    g_autofree char *announcement = NULL, *version = NULL, *object = NULL, *path = NULL;
    json_auto_t *read = NULL, *now = NULL;

    api_fixture_people(f);
    make_recorded(f, &announcement, &version, &object);
    path = g_strdup_printf("/api/versions/%s", version);
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", path, NULL, &read), ==, 200);
    for (gsize i = 0; i < G_N_ELEMENTS(puts); i++) {
        json_t *body = json_pack("{s:s, s:b}", "script", puts[i].script, "no_state_secret", 1);

        g_test_message("%s", puts[i].why);
        fake_clock_advance(f->clock, 1);
        if (puts[i].has_read)
            json_object_set(body, "changed_us", json_object_get(read, "changed_us"));
        g_assert_cmpuint(api_fixture_call(f, "ed", "PUT", path, body, NULL), ==,
                         puts[i].status);
    }
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", path, NULL, &now), ==, 200);
    g_assert_cmpstr(api_text(now, "script"), ==, "của máy");
}

static void
test_announcement(ApiFixture *f, gconstpointer data)
{
    g_autofree char *announcement = NULL, *version = NULL, *object = NULL, *path = NULL;
    json_auto_t *approved = NULL, *whole = NULL;
    const char *const other =
        "0000000000000000000000000000000000000000000000000000000000000000";

    api_fixture_people(f);
    make_recorded(f, &announcement, &version, &object);
    /* Not by who wrote it, whatever other roles they hold; not before the language is checked.
     */
    g_assert_cmpuint(judge(f, "ed", version, "check", object, NULL), ==, 403);
    g_assert_cmpuint(judge(f, "app", version, "approve", object, NULL), ==, 403);
    g_assert_cmpuint(judge(f, "rev", version, "check", other, NULL), ==, 409);
    g_assert_cmpuint(judge(f, "rev", version, "check", object, NULL), ==, 200);
    g_assert_cmpuint(judge(f, "ed", version, "approve", object, NULL), ==, 403);
    g_assert_cmpuint(judge(f, "rev", version, "approve", object, NULL), ==, 403);
    g_assert_cmpuint(judge(f, "app", version, "approve", other, NULL), ==, 409);
    g_assert_cmpuint(judge(f, "app", version, "approve", object, &approved), ==, 200);
    g_assert_cmpstr(api_text(approved, "state"), ==, "approved");
    g_assert_cmpuint(strlen(api_text(approved, "approval")), ==, 64);

    /* Another recording, and the approval is gone. */
    g_assert_cmpuint(upload(f, "ed", version, "sound of another voice", NULL), ==, 200);
    path = g_strdup_printf("/api/announcements/%s", announcement);
    g_assert_cmpuint(api_fixture_call(f, "app", "GET", path, NULL, &whole), ==, 200);
    g_assert_cmpstr(api_text(json_array_get(json_object_get(whole, "versions"), 0), "state"),
                    ==, "draft");
}

/* What a keyboard without the letters wrote is kept as the language writes it, and said. */
static void
test_repair(ApiFixture *f, gconstpointer data)
{
    json_auto_t *announcement = NULL, *version = NULL;
    g_autofree char *path = NULL;

    api_fixture_people(f);
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", "/api/announcements",
                                      announcement_body(), &announcement),
                     ==, 201);
    path = g_strdup_printf("/api/announcements/%s/versions", api_text(announcement, "id"));
    g_assert_cmpuint(
        api_fixture_call(f, "ed", "POST", path,
                         json_pack("{s:s, s:s}", "language", "jra", "script", "t\u01ceng"),
                         &version),
        ==, 201);
    g_assert_cmpstr(api_text(version, "script"), ==, "t\u0103ng");
    g_assert_cmpuint(json_array_size(json_object_get(version, "repaired")), ==, 1);
}

/* Names that a person types, on every route that takes one; what is kept, and what is said. */
static void
test_names(ApiFixture *f, gconstpointer data)
{
    static const char typed[] = "a\u202eb\u200b t\u01ceng \u0253a",
                      kept[] = "ab t\u0103ng \u0180a";
    const struct {
        const char *who, *method, *path, *member, *body;
    } cases[] = {
        {"admin", "PUT", "/api/areas/moi", "name",
         "{'kind':'commune','parent':'chu-puh','name':'?'}"},
        {"tech", "PUT", "/api/stations/ia-le", "name", "{'area':'ia-le','name':'?'}"},
        {"tech", "PUT", "/api/stations/ia-le/outputs/hai", "name", "{'name':'?'}"},
        {"tech", "PUT", "/api/stations/ia-le/zones/a", "name",
         "{'output':'main','village':'ia-le-a','languages':['jra','vi'],'name':'?'}"},
        {"ed", "POST", "/api/playlists", "name",
         "{'home':'chu-puh','name':'?','items':[{'kind':'pause','duration_us':1000000}]}"},
        {"ed", "POST", "/api/announcements", "title",
         "{'title':'?','home':'chu-puh','class':'thong_thuong','source_number':'12/TB',"
         "'source_issuer':'UBND','source_date':'2026-01-02','valid_from_us':1,"
         "'valid_until_us':2,'areas':['ia-le']}"},
        {"admin", "POST", "/api/accounts", "name", "{'login':'moi','name':'?'}"},
    };

    api_fixture_people(f);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) parts = g_strsplit(cases[i].body, "?", -1);
        g_autofree char *text = g_strdelimit(g_strjoinv(typed, parts), "'", '"');
        json_auto_t *answer = NULL;
        guint status = api_fixture_call(f, cases[i].who, cases[i].method, cases[i].path,
                                        json_loads(text, 0, NULL), &answer);
        json_t *repaired = json_object_get(answer, "repaired");
        g_autofree char *first = g_strconcat(cases[i].member, ": 2 × invisible", NULL);

        g_test_message("%s %s: %u", cases[i].method, cases[i].path, status);
        g_assert_cmpuint(status, <, 300);
        g_assert_cmpstr(api_text(answer, cases[i].member), ==, kept);
        g_assert_cmpuint(json_array_size(repaired), ==, 3);
        g_assert_true(g_str_has_prefix(json_string_value(json_array_get(repaired, 2)), first));
    }
}

/* A password is nobody's to read: what is typed is what is meant. */
static void
test_password_as_typed(ApiFixture *f, gconstpointer data)
{
    json_auto_t *made = NULL, *open = NULL;
    const char *password = "\u0253\u01ce m\u1ed9t con tr\u00e2u tr\u1eafng \u00f0";
    const char *other = "\u0180\u0103 m\u1ed9t con tr\u00e2u tr\u1eafng \u0111";

    api_fixture_people(f);
    g_assert_cmpuint(api_fixture_call(f, "admin", "POST", "/api/accounts",
                                      json_pack("{s:s, s:s, s:s}", "login", "moi", "name", "M",
                                                "password", password),
                                      &made),
                     ==, 201);
    g_assert_null(json_object_get(made, "repaired"));
    g_assert_cmpuint(
        api_fixture_call(f, NULL, "POST", "/api/session",
                         json_pack("{s:s, s:s}", "login", "moi", "password", other), NULL),
        ==, 401);
    g_assert_cmpuint(
        api_fixture_call(f, NULL, "POST", "/api/session",
                         json_pack("{s:s, s:s}", "login", "moi", "password", password), &open),
        ==, 201);
}

static void
check_waveform(ApiFixture *f, const char *version, const char *object)
{
    g_autofree char *path = g_strdup_printf("/api/versions/%s/waveform", version);
    g_autofree char *token = api_fixture_token("rev"), *tag = NULL, *known = NULL;
    g_autofree char *had = g_strdup_printf("If-None-Match: \"%s\"", object);
    const char *const headers[] = {token, had, NULL};
    g_autoptr(TestAnswer) fresh =
        test_https(&f->people, "GET", path, (const char *const[]){token, NULL}, NULL, 0);
    g_autoptr(TestAnswer) again = test_https(&f->people, "GET", path, headers, NULL, 0);
    json_auto_t *answer = json_loads(fresh->body->str, 0, NULL);

    g_assert_cmpuint(fresh->status, ==, 200);
    tag = test_answer_header(fresh, "ETag");
    g_assert_cmpstr(tag, ==, had + strlen("If-None-Match: "));
    g_assert_cmpuint(strlen(api_text(answer, "peaks")), ==, 2 * SCHED_OBJECT_N_PEAKS);
    g_assert_cmpint(json_integer_value(json_object_get(answer, "loudness_mlufs")), ==, -16000);
    g_assert_cmpuint(again->status, ==, 304);
    g_assert_cmpuint(again->body->len, ==, 0);
}

static void
test_legacy(ApiFixture *f, gconstpointer data)
{
    g_autofree char *long_text = g_strnfill(SCHED_API_MAX_TEXT_BYTES + 1, 'a');
    g_autofree char *many = g_malloc0(6 * 60 + 1);
    const struct {
        const char *why, *query, *text;
        guint status;
        const char *holds;
    } cases[] = {
        {"TCVN3, found out", "", "C\u00e9ng hoµ x· héi chñ nghÜa ViÖt Nam", 200,
         "\"changes\":[\"Céng → Cộng\""},
        {"found out as such", "", "C\u00e9ng hoµ x· héi chñ nghÜa ViÖt Nam", 200,
         "\"from\":\"tcvn3\""},
        {"VNI of Bahnar, as asked", "?from=vni", "pôlei", 200, "pơlei"},
        {"an ASCII font of Jrai, as asked", "?from=font", "[ơi", 200, "ƀơi"},
        {"reads best as it is", "", "làng Plei Ƀôn", 200, "\"likely\":0"},
        {"many words: some are listed, the others counted", "?from=tcvn3", many, 200,
         "\"more\":20"},
        {"nothing", "", "", 200, "\"changes\":[]"},
        {"an encoding that is none", "?from=klingon", "a", 422, "from: vni"},
        {"no text", "", "a\xff", 422, "UTF-8"},
        {"longer than a script may be", "", long_text, 413, ""},
    };
    g_autofree char *token = api_fixture_token("ed");
    const char *const headers[] = {token, "Content-Type: text/plain; charset=utf-8", NULL};

    api_fixture_people(f);
    for (guint i = 0; i < 60; i++)
        g_snprintf(many + strlen(many), 7, "x%02u\u00e9 ", i);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/api/texts/legacy", cases[i].query, NULL);
        g_autoptr(TestAnswer) answer =
            test_https(&f->people, "POST", path, headers, cases[i].text, strlen(cases[i].text));

        g_test_message("%s: %s", cases[i].why, answer->body->str);
        g_assert_cmpuint(answer->status, ==, cases[i].status);
        g_assert_nonnull(strstr(answer->body->str, cases[i].holds));
    }
}

static void
test_audio(ApiFixture *f, gconstpointer data)
{
    g_autofree char *announcement = NULL, *version = NULL, *object = NULL, *path = NULL,
                    *original = NULL, *token = NULL, *note = NULL;
    json_auto_t *refused = NULL;

    api_fixture_people(f);
    token = api_fixture_token("ed");
    make_recorded(f, &announcement, &version, &object);
    path = g_strdup_printf("/api/versions/%s/audio", version);
    original = g_strdup_printf("/api/versions/%s/original", version);
    {
        const char *const headers[] = {token, "Range: bytes=4-8", NULL};
        g_autoptr(TestAnswer) part = test_https(&f->people, "GET", path, headers, NULL, 0);
        g_autoptr(TestAnswer) kept = test_https(&f->people, "GET", original, headers, NULL, 0);
        g_autofree char *type = test_answer_header(part, "Content-Type");

        g_assert_cmpuint(part->status, ==, 206);
        g_assert_cmpstr(part->body->str, ==, "sound");
        g_assert_cmpstr(type, ==, "audio/ogg");
        g_assert_cmpstr(kept->body->str, ==, "d of ");
        note = test_answer_header(kept, "Content-Disposition");
        g_assert_cmpstr(note, ==, "attachment");
    }
    check_waveform(f, version, object);
    g_assert_cmpuint(upload(f, "ed", version, "a picture", &refused), ==, 422);
    g_assert_nonnull(strstr(api_text(refused, "detail"), "no sound"));
    /* Refused before a byte of it was taken. */
    g_assert_cmpuint(upload(f, "rev", version, "sound", NULL), ==, 403);
    g_assert_cmpuint(upload(f, "nobody", version, "sound", NULL), ==, 401);
    g_assert_cmpuint(upload(f, "ed", "no-such-version", "sound", NULL), ==, 404);
}

static json_t *
slot_body(const char *playlist, const char *rule)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:[{s:s}]}", "name", "Sáng", "home",
                     "chu-puh", "playlist", playlist, "class", "thong_thuong", "first_date",
                     "2026-12-01", "local_min", 330, "rule", rule, "targets", "area", "ia-le");
}

/* A slot of the story's announcement, not yet approved. */
typedef struct {
    char *playlist, *path; /* (owned) */
    json_t *slot;          /* (owned): as it was answered */
} Slot;

static void
slot_clear(Slot *slot)
{
    g_free(slot->playlist);
    g_free(slot->path);
    json_decref(slot->slot);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Slot, slot_clear)

static char *
make_playlist(ApiFixture *f)
{
    g_autofree char *announcement = NULL, *version = NULL, *object = NULL;
    json_auto_t *playlist = NULL;

    make_recorded(f, &announcement, &version, &object);
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", "/api/playlists",
                                      json_pack("{s:s, s:s, s:[{s:s, s:s}, {s:s, s:I}]}",
                                                "name", "Bản tin sáng", "home", "chu-puh",
                                                "items", "kind", "announcement", "announcement",
                                                announcement, "kind", "pause", "duration_us",
                                                (json_int_t) 2000000),
                                      &playlist),
                     ==, 201);
    return g_strdup(api_text(playlist, "id"));
}

static void
make_slot(ApiFixture *f, Slot *slot)
{
    api_fixture_people(f);
    slot->playlist = make_playlist(f);
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", "/api/slots",
                                      slot_body(slot->playlist, "FREQ=DAILY;COUNT=5"),
                                      &slot->slot),
                     ==, 201);
    slot->path = g_strdup_printf("/api/slots/%s", api_text(slot->slot, "id"));
}

/* Returns: the status of a change of the slot as it was in @known */
static guint
change_slot(ApiFixture *f, const Slot *slot, const char *rule, json_t *known,
            json_t **out_answer)
{
    json_t *body = slot_body(slot->playlist, rule);

    if (known != NULL)
        json_object_set(body, "revision", json_object_get(known, "revision"));
    return api_fixture_call(f, "ed", "PUT", slot->path, body, out_answer);
}

static guint
act_on_slot(ApiFixture *f, const Slot *slot, const char *who, const char *act, json_t *body,
            json_t **out_answer)
{
    g_autofree char *path = g_strdup_printf("%s/%s", slot->path, act);

    return api_fixture_call(f, who, strchr(act, '/') == NULL ? "POST" : "PUT", path, body,
                            out_answer);
}

static void
test_slot_rule(ApiFixture *f, gconstpointer data)
{
    g_auto(Slot) slot = {NULL};
    json_auto_t *refused = NULL;

    make_slot(f, &slot);
    g_assert_nonnull(strstr(api_text(slot.slot, "rule"), "UNTIL=20261205"));
    g_assert_cmpuint(
        api_fixture_call(f, "ed", "POST", "/api/slots",
                         slot_body(slot.playlist, "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"),
                         &refused),
        ==, 422);
    g_assert_true(g_str_has_prefix(api_text(refused, "detail"), "rule: "));
}

static void
test_slot_approved_and_changed(ApiFixture *f, gconstpointer data)
{
    g_auto(Slot) slot = {NULL};
    json_auto_t *content = NULL, *changed = NULL;

    make_slot(f, &slot);
    content = json_pack("{s:O}", "content", json_object_get(slot.slot, "content"));
    g_assert_cmpuint(act_on_slot(f, &slot, "ed", "approve", json_incref(content), NULL), ==,
                     403);
    g_assert_cmpuint(act_on_slot(f, &slot, "app", "approve", json_incref(content), NULL), ==,
                     200);
    /* A change says what it changes, and takes the approval away. */
    g_assert_cmpuint(change_slot(f, &slot, "FREQ=DAILY", NULL, NULL), ==, 422);
    g_assert_cmpuint(change_slot(f, &slot, "FREQ=DAILY", slot.slot, &changed), ==, 200);
    g_assert_null(json_object_get(changed, "approved"));
    g_assert_cmpuint(change_slot(f, &slot, "FREQ=WEEKLY", slot.slot, NULL), ==, 409);
}

static void
test_slot_stopped(ApiFixture *f, gconstpointer data)
{
    g_auto(Slot) slot = {NULL};
    json_auto_t *stopped = NULL, *again = NULL;

    make_slot(f, &slot);
    g_assert_cmpuint(act_on_slot(f, &slot, "ed", "dates/2026-12-03", json_object(), NULL), ==,
                     200);
    g_assert_cmpuint(act_on_slot(f, &slot, "app", "stop", NULL, &stopped), ==, 200);
    g_assert_true(json_is_true(json_object_get(stopped, "stopped")));
    /* What was stopped does not sound again because it was changed. */
    g_assert_cmpuint(change_slot(f, &slot, "FREQ=DAILY", stopped, &again), ==, 200);
    g_assert_true(json_is_true(json_object_get(again, "stopped")));
}

/* The same key: done once, answered alike; the same key for something else: refused. */
static void
test_idempotency(ApiFixture *f, gconstpointer data)
{
    json_auto_t *body = announcement_body();
    char *text = json_dumps(body, 0);
    g_autofree char *token = api_fixture_token("ed");
    const char *const headers[] = {token, "Content-Type: application/json",
                                   "Idempotency-Key: k-1", NULL};
    g_autoptr(TestAnswer) first = NULL, second = NULL, other = NULL;

    api_fixture_people(f);
    first = test_https(&f->people, "POST", "/api/announcements", headers, text, strlen(text));
    second = test_https(&f->people, "POST", "/api/announcements", headers, text, strlen(text));
    g_assert_cmpuint(first->status, ==, 201);
    g_assert_cmpuint(second->status, ==, 201);
    g_assert_cmpstr(first->body->str, ==, second->body->str);
    *strstr(text, "12/TB") = '9';
    other = test_https(&f->people, "POST", "/api/announcements", headers, text, strlen(text));
    g_assert_cmpuint(other->status, ==, 409);
    free(text);
}

/* A recording lies in a file by the time its key is looked at: its bytes count all the same. */
static void
test_idempotent_upload(ApiFixture *f, gconstpointer data)
{
    const struct {
        const char *why, *query, *bytes;
        guint status;
    } cases[] = {
        {"the first time", DECLARED "&name=a.wav", "sound of a voice", 200},
        {"again: the same is answered", DECLARED "&name=a.wav", "sound of a voice", 200},
        {"other words, just as long", DECLARED "&name=a.wav", "sound of a noise", 409},
        {"another name", DECLARED "&name=b.wav", "sound of a voice", 409},
        {"to be trimmed", DECLARED "&name=a.wav&trim=true", "sound of a voice", 409},
        {"longer", DECLARED "&name=a.wav", "sound of a voice.", 409},
    };
    g_autofree char *token = api_fixture_token("ed");
    const char *const headers[] = {token, "Content-Type: audio/wav", "Idempotency-Key: k-2",
                                   NULL};
    g_autofree char *announcement = NULL, *version = NULL, *object = NULL;

    api_fixture_people(f);
    make_recorded(f, &announcement, &version, &object);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path =
            g_strdup_printf("/api/versions/%s/audio%s", version, cases[i].query);
        g_autoptr(TestAnswer) answer = test_https(&f->people, "PUT", path, headers,
                                                  cases[i].bytes, strlen(cases[i].bytes));

        g_test_message("%s: %u %s", cases[i].why, answer->status, answer->body->str);
        g_assert_cmpuint(answer->status, ==, cases[i].status);
    }
}

static gboolean
has_act(json_t *rows, const char *actor, const char *action)
{
    for (gsize i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);

        if (g_str_equal(api_text(row, "actor"), actor) &&
            g_str_equal(api_text(row, "action"), action))
            return TRUE;
    }
    return FALSE;
}

static void
test_audit(ApiFixture *f, gconstpointer data)
{
    g_autofree char *announcement = NULL, *version = NULL, *object = NULL;
    json_auto_t *audit = NULL, *verdict = NULL;
    json_t *rows;
    gsize n_before;

    api_fixture_people(f);
    make_recorded(f, &announcement, &version, &object);
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/audit?limit=1000", NULL, &audit),
                     ==, 200);
    rows = json_object_get(audit, "rows");
    g_assert_true(has_act(rows, "ed", "announcement.add") ||
                  has_act(rows, "ed", "announcement.put"));
    g_assert_true(has_act(rows, "ed", "version.put") || has_act(rows, "ed", "version.add"));
    n_before = json_array_size(rows);
    /* What was refused left nothing. */
    g_assert_cmpuint(judge(f, "ed", version, "check", object, NULL), ==, 403);
    json_decref(g_steal_pointer(&audit));
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/audit?limit=1000", NULL, &audit),
                     ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(audit, "rows")), ==, n_before);
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/audit/verify", NULL, &verdict),
                     ==, 200);
    g_assert_true(json_is_true(json_object_get(verdict, "whole")));
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", "/api/audit", NULL, NULL), ==, 403);
}

static void
test_reports(ApiFixture *f, gconstpointer data)
{
    json_auto_t *status = NULL, *all = NULL, *delivery = NULL, *preview = NULL,
                *languages = NULL, *settings = NULL;

    api_fixture_people(f);
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET", "/api/status", NULL, &status), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(status, "stations")), ==, 1);
    /* What nobody is planned with is told to all; another commune's zone is not theirs to see.
     */
    g_assert_cmpuint(json_array_size(json_object_get(status, "troubles")), ==, 1);
    g_assert_cmpstr(api_text(json_array_get(json_object_get(status, "troubles"), 0), "words"),
                    ==, "slot chieu: unknown playlist");
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/status", NULL, &all), ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(all, "troubles")), ==, 2);
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", "/api/delivery?date=2026-03-02", NULL,
                                      &delivery),
                     ==, 200);
    g_assert_true(json_is_array(json_object_get(delivery, "sums")));
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", "/api/delivery", NULL, NULL), ==, 400);
    g_assert_cmpuint(
        api_fixture_call(f, "ed", "GET", "/api/delivery?date=2026-02-30", NULL, NULL), ==, 400);
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET",
                                      "/api/areas/ia-le-a/preview?date=2026-03-02", NULL,
                                      &preview),
                     ==, 200);
    g_assert_cmpint(json_integer_value(json_object_get(preview, "zones")), ==, 1);
    g_assert_cmpuint(api_fixture_call(f, "tech", "GET", "/api/languages", NULL, &languages), ==,
                     200);
    g_assert_cmpuint(json_array_size(json_object_get(languages, "languages")), >=, 3);
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/settings", NULL, &settings), ==,
                     200);
}

static void
test_plan(ApiFixture *f, gconstpointer data)
{
    /* clang-format off */
    const struct { const char *why, *who, *query; guint status, n_zones; } cases[] = {
        { "a commune", "ed", "?area=ia-le&from=2026-03-02", 200, 2 },
        { "a week of a village", "ed", "?area=ia-le-a&from=2026-03-02&days=7", 200, 1 },
        { "one's own commune", "tech", "?area=ia-le&from=2026-03-02", 200, 2 },
        { "another commune", "tech", "?area=ia-blu&from=2026-03-02", 403, 0 },
        { "the whole district is not theirs", "tech", "?area=chu-puh&from=2026-03-02", 403, 0 },
        { "no area", "ed", "?from=2026-03-02", 400, 0 },
        { "no such area", "ed", "?area=khong&from=2026-03-02", 404, 0 },
        { "no date", "ed", "?area=ia-le", 400, 0 },
        { "no such date", "ed", "?area=ia-le&from=2026-02-30", 400, 0 },
        { "eight days", "ed", "?area=ia-le&from=2026-03-02&days=8", 400, 0 },
        { "no days", "ed", "?area=ia-le&from=2026-03-02&days=0", 400, 0 },
        { "days in words", "ed", "?area=ia-le&from=2026-03-02&days=7x", 400, 0 },
    };
    /* clang-format on */

    api_fixture_people(f);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/api/plan", cases[i].query, NULL);
        json_auto_t *answer = NULL;

        g_test_message("%s", cases[i].why);
        g_assert_cmpuint(api_fixture_call(f, cases[i].who, "GET", path, NULL, &answer), ==,
                         cases[i].status);
        g_assert_cmpuint(json_array_size(json_object_get(answer, "zones")), ==,
                         cases[i].n_zones);
    }
}

typedef struct {
    const char *why;
    gint64 left_us;
    const char *remark;
    guint number;
    gint64 now_us;
} Certificate;

/* A station enrolled anew, with a certificate that ends so far from now. */
static gboolean
enrol(SchedTxn *txn, gpointer data, GError **error)
{
    const Certificate *certificate = data;
    g_autofree char *secret = temp_store_hash(certificate->why);
    g_autofree char *serial = g_strdup_printf("%016x", certificate->number);
    g_autofree char *journal = g_strdup_printf("journal-%u", certificate->number);
    SchedDeviceRow device = {
        .serial = serial,
        .station = (char *) "ia-le",
        .public_key = (char *) "key",
        .certificate = (char *) "-",
        .journal = journal,
        .enrolled_us = TEMP_STORE_NOW_US,
        .expires_us = certificate->now_us + certificate->left_us,
    };

    return sched_store_enrolment_add(txn, secret, "ia-le",
                                     TEMP_STORE_NOW_US + TEMP_STORE_DAY_US, error) &&
           sched_store_enrolment_use(txn, secret, &device, error);
}

static void
test_certificate_ends(ApiFixture *f, gconstpointer data)
{
    Certificate cases[] = {
        {"years are left", 3650 * TEMP_STORE_DAY_US, "", 1, 0},
        {"sixty days are left", 60 * TEMP_STORE_DAY_US, "", 2, 0},
        {"less", 60 * TEMP_STORE_DAY_US - 1, "certificate_ends", 3, 0},
        {"it is over", -1, "certificate_over", 4, 0},
    };

    api_fixture_people(f);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        json_auto_t *status = NULL;
        json_t *certificate;

        g_test_message("%s", cases[i].why);
        cases[i].now_us = content_clock_utc_us(f->clock);
        temp_store_run(f->store, enrol, &cases[i]);
        g_assert_cmpuint(api_fixture_call(f, "tech", "GET", "/api/status", NULL, &status), ==,
                         200);
        certificate = json_object_get(json_array_get(json_object_get(status, "stations"), 0),
                                      "certificate");
        g_assert_cmpint(json_integer_value(json_object_get(certificate, "ends_us")), ==,
                        cases[i].now_us + cases[i].left_us);
        g_assert_cmpstr(api_text(json_object_get(certificate, "remark"), "code"), ==,
                        cases[i].remark);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/scheduler/web/api/announcement", test_announcement);
    api_fixture_add("/scheduler/web/api/two-scripts", test_two_scripts);
    api_fixture_add("/scheduler/web/api/repair", test_repair);
    api_fixture_add("/scheduler/web/api/names", test_names);
    api_fixture_add("/scheduler/web/api/password-as-typed", test_password_as_typed);
    api_fixture_add("/scheduler/web/api/audio", test_audio);
    api_fixture_add("/scheduler/web/api/legacy", test_legacy);
    api_fixture_add("/scheduler/web/api/certificate-ends", test_certificate_ends);
    api_fixture_add("/scheduler/web/api/slot-rule", test_slot_rule);
    api_fixture_add("/scheduler/web/api/slot-approved-and-changed",
                    test_slot_approved_and_changed);
    api_fixture_add("/scheduler/web/api/slot-stopped", test_slot_stopped);
    api_fixture_add("/scheduler/web/api/idempotency", test_idempotency);
    api_fixture_add("/scheduler/web/api/idempotent-upload", test_idempotent_upload);
    api_fixture_add("/scheduler/web/api/audit", test_audit);
    api_fixture_add("/scheduler/web/api/reports", test_reports);
    api_fixture_add("/scheduler/web/api/plan", test_plan);
    return g_test_run();
}
