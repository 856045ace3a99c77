/*
 * test-approving.c - what a person says and does before something may sound: that there is no
 * state secret in it, declared by who puts it forward and by who approves it; that the
 * approver heard all of it; and what they see of what changed.
 */
#include "tests/scheduler/web/api-fixture.h"

#include "scheduler/store/announcements.h"
#include "scheduler/web/difference.h"

#include <curl/curl.h>
#include <string.h>

#define SOUND "sound of a voice" /* 16 s long, says the fixture */

typedef struct {
    ApiFixture *f;
    char *version, *path, *object; /* (owned) */
} Bulletin;

static void
bulletin_clear(Bulletin *self)
{
    g_free(self->version);
    g_free(self->path);
    g_free(self->object);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Bulletin, bulletin_clear)

static guint
upload(ApiFixture *f, const char *method, const char *path, const char *sound, json_t **out)
{
    g_autofree char *token = api_fixture_token("ed");
    const char *const headers[] = {token, "Content-Type: audio/wav", NULL};
    g_autoptr(TestAnswer) answer =
        test_https(&f->people, method, path, headers, sound, strlen(sound));

    if (out != NULL)
        *out = json_loads(answer->body->str, 0, NULL);
    return answer->status;
}

static void
record(Bulletin *b, const char *sound)
{
    g_autofree char *path = g_strconcat(b->path, "/audio?no_state_secret=true", NULL);
    json_auto_t *made = NULL;

    g_assert_cmpuint(upload(b->f, "PUT", path, sound, &made), ==, 200);
    g_free(b->object);
    b->object = g_strdup(api_text(made, "object"));
}

/* One language of an announcement, with nothing in it. */
static void
make_bulletin(ApiFixture *f, Bulletin *b)
{
    json_auto_t *made = NULL, *version = NULL;
    g_autofree char *versions = NULL;
    json_t *body =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:[s]}", "title", "Lịch tiêm phòng",
                  "class", "thong_thuong", "source_number", "12/TB", "source_issuer", "UBND xã",
                  "source_date", "2026-03-01", "valid_from_us", (json_int_t) 0,
                  "valid_until_us", (json_int_t) G_GINT64_CONSTANT(4000000000000000), "home",
                  "chu-puh", "areas", "ia-le");

    api_fixture_people(f);
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", "/api/announcements", body, &made), ==,
                     201);
    versions = g_strdup_printf("/api/announcements/%s/versions", api_text(made, "id"));
    /* A text alone is not put forward yet. */
    g_assert_cmpuint(
        api_fixture_call(f, "ed", "POST", versions,
                         json_pack("{s:s, s:s}", "language", "jra", "script", "Ơi ană plei"),
                         &version),
        ==, 201);
    b->f = f;
    b->version = g_strdup(api_text(version, "id"));
    b->path = g_strdup_printf("/api/versions/%s", b->version);
}

/* @declares: 1: yes, 0: no, -1: not a word of it */
static guint
judge(Bulletin *b, const char *login, const char *verb, int declares, json_t **out)
{
    g_autofree char *act = g_strconcat(b->path, "/", verb, NULL);
    json_auto_t *row = NULL;
    json_t *body;

    g_assert_cmpuint(api_fixture_call(b->f, "ed", "GET", b->path, NULL, &row), ==, 200);
    body = json_pack("{s:s, s:O}", "object", b->object, "script_hash",
                     json_object_get(row, "script_hash"));
    if (declares >= 0)
        json_object_set_new(body, "no_state_secret", json_boolean(declares));
    return api_fixture_call(b->f, login, "POST", act, body, out);
}

static void
expect_undeclared(json_t *problem)
{
    g_assert_cmpstr(api_text(problem, "code"), ==, "undeclared");
    g_assert_cmpstr(api_text(problem, "member"), ==, "no_state_secret");
}

/* ---- no state secret ---- */

/* Nothing that was left out counts as said, and what was said to be false is refused, too. */
static void
test_declared_upload(ApiFixture *f, gconstpointer data)
{
    static const char *const refused[] = {"", "&no_state_secret=false", "&no_state_secret=1",
                                          "&no_state_secret=", "&no_state_secrets=true"};
    g_auto(Bulletin) b = {0};
    json_auto_t *version = NULL;

    make_bulletin(f, &b);
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autofree char *path = g_strconcat(b.path, "/audio?name=a.wav", refused[i], NULL);
        g_autofree char *notice =
            g_strconcat("/api/notices?title=A&language=jra&home=ia-le&areas=ia-le-a",
                        refused[i], NULL);
        json_auto_t *problem = NULL;

        g_test_message("'%s'", refused[i]);
        g_assert_cmpuint(upload(f, "PUT", path, SOUND, &problem), ==, 422);
        expect_undeclared(problem);
        g_assert_cmpuint(upload(f, "POST", notice, SOUND, NULL), ==, 422);
    }
    record(&b, SOUND);
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", b.path, NULL, &version), ==, 200);
    g_assert_true(json_is_true(json_object_get(version, "no_state_secret")));
}

/* Another text under a recording is put forward anew. */
static void
test_declared_change(ApiFixture *f, gconstpointer data)
{
    g_auto(Bulletin) b = {0};
    json_auto_t *problem = NULL, *version = NULL;

    make_bulletin(f, &b);
    g_assert_cmpuint(api_fixture_call(f, "ed", "PUT", b.path,
                                      json_pack("{s:s}", "script", "chưa thu"), NULL),
                     ==, 200);
    record(&b, SOUND);
    g_assert_cmpuint(api_fixture_call(f, "ed", "PUT", b.path,
                                      json_pack("{s:s}", "script", "đã thu"), &problem),
                     ==, 422);
    expect_undeclared(problem);
    g_assert_cmpuint(
        api_fixture_call(f, "ed", "PUT", b.path,
                         json_pack("{s:s, s:b}", "script", "đã thu", "no_state_secret", 1),
                         &version),
        ==, 200);
    g_assert_cmpstr(api_text(version, "script"), ==, "đã thu");
}

typedef struct {
    const char *version;
    guint n_declared; /* rows of the audit about it, of those that are to declare, which do */
    guint n_acts;
    gboolean approval_declares;
    gint64 approval_heard_us;
} Kept;

static gboolean
look(SchedTxn *txn, gpointer data, GError **error)
{
    Kept *kept = data;
    g_autoptr(SchedVersionRow) version = sched_store_version_get(txn, kept->version, error);
    g_autoptr(SchedApprovalRow) approval =
        version == NULL ? NULL : sched_store_approval_get(txn, version->approval, error);

    if (approval == NULL)
        return FALSE;
    kept->approval_declares = approval->no_state_secret;
    kept->approval_heard_us = approval->heard_us;
    return TRUE;
}

static void
count_audit(ApiFixture *f, Kept *kept)
{
    g_autofree char *path = g_strdup_printf("/api/audit?object=%s", kept->version);
    json_auto_t *audit = NULL;
    json_t *row;
    gsize i;

    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", path, NULL, &audit), ==, 200);
    json_array_foreach(json_object_get(audit, "rows"), i, row)
    {
        const char *detail = api_text(row, "detail");

        kept->n_acts++;
        kept->n_declared += strstr(detail, "\"no_state_secret\":true") != NULL ||
                            strstr(detail, "\"no_state_secret\":\"true\"") != NULL;
    }
}

static void
test_declared_judges(ApiFixture *f, gconstpointer data)
{
    static const struct {
        const char *login, *verb;
    } acts[] = {{"rev", "check"}, {"app", "approve"}};
    g_auto(Bulletin) b = {0};
    Kept kept = {0};

    make_bulletin(f, &b);
    record(&b, SOUND);
    api_fixture_hear(f, "app", b.version, b.object);
    for (gsize i = 0; i < G_N_ELEMENTS(acts); i++) {
        for (int declares = -1; declares <= 1; declares++) {
            json_auto_t *answer = NULL;

            g_assert_cmpuint(judge(&b, acts[i].login, acts[i].verb, declares, &answer), ==,
                             declares == 1 ? 200 : 422);
            if (declares != 1)
                expect_undeclared(answer);
        }
    }
    kept.version = b.version;
    temp_store_look(f->store, look, &kept);
    g_assert_true(kept.approval_declares);
    /* Its text alone, its recording, the hearing of it, the check, the approval. */
    count_audit(f, &kept);
    g_assert_cmpuint(kept.n_acts, ==, 6);
    g_assert_cmpuint(kept.n_declared, ==, 3);
}

/* ---- heard to its end ---- */

static guint
tell(Bulletin *b, const char *login, const char *verb, json_t **out)
{
    g_autofree char *path = g_strconcat(b->path, "/", verb, NULL);

    return api_fixture_call(b->f, login, "POST", path, json_pack("{s:s}", "object", b->object),
                            out);
}

static void
expect_unheard(Bulletin *b, const char *login)
{
    json_auto_t *problem = NULL;

    g_assert_cmpuint(judge(b, login, "approve", 1, &problem), ==, 409);
    g_assert_cmpstr(api_text(problem, "code"), ==, "unlistened");
    g_assert_cmpstr(api_text(problem, "member"), ==, "object");
    g_assert_nonnull(strstr(api_text(problem, "detail"), b->object));
}

#define S(s) ((s) *G_GINT64_CONSTANT(1000000))

/* One person's way to it, step by step; the recording is 16 s long. */
static void
test_heard(ApiFixture *f, gconstpointer data)
{
    static const struct {
        const char *why, *verb;
        gint64 passes_us; /* before it */
        guint status;
    } steps[] = {
        {"an end without a beginning", "heard", 0, 409},
        {"begun", "listen", 0, 200},
        {"over at once", "heard", 0, 409},
        {"over too soon, and asked again does not help", "heard", S(15), 409},
        {"begun anew: from its start", "listen", 0, 200},
        {"what passed before does not count", "heard", S(15), 409},
        {"to its end, as a player rounds it", "heard", S(1) - S(1) / 2, 200},
        {"told again", "heard", 0, 200},
        {"played again: it stays heard", "listen", 0, 200},
        {"which needs no end", "heard", 0, 200},
    };
    g_auto(Bulletin) b = {0};
    Kept kept = {0};

    make_bulletin(f, &b);
    record(&b, SOUND);
    g_assert_cmpuint(judge(&b, "rev", "check", 1, NULL), ==, 200);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_test_message("%s", steps[i].why);
        if (i < 7)
            expect_unheard(&b, "app");
        fake_clock_advance(f->clock, steps[i].passes_us);
        g_assert_cmpuint(tell(&b, "app", steps[i].verb, NULL), ==, steps[i].status);
    }
    g_assert_cmpuint(judge(&b, "app", "approve", 1, NULL), ==, 200);
    kept.version = b.version;
    temp_store_look(f->store, look, &kept);
    g_assert_cmpint(kept.approval_heard_us, ==, content_clock_utc_us(f->clock));
}

/* Nobody hears for another, nor two at a time, nor another recording than the one they approve.
 */
static void
test_heard_by_whom(ApiFixture *f, gconstpointer data)
{
    g_auto(Bulletin) one = {0}, other = {0};

    api_fixture_account(f, "app-2", SCHED_ROLE_APPROVER, "chu-puh");
    make_bulletin(f, &one);
    make_bulletin(f, &other);
    record(&one, SOUND);
    record(&other, "sound of another");
    g_assert_cmpuint(judge(&one, "rev", "check", 1, NULL), ==, 200);
    /* Who approves nothing there proves nothing. */
    g_assert_cmpuint(tell(&one, "rev", "listen", NULL), ==, 403);

    api_fixture_hear(f, "app-2", one.version, one.object);
    expect_unheard(&one, "app");

    g_assert_cmpuint(tell(&one, "app", "listen", NULL), ==, 200);
    g_assert_cmpuint(tell(&other, "app", "listen", NULL), ==, 200);
    fake_clock_advance(f->clock, S(20));
    g_assert_cmpuint(tell(&one, "app", "heard", NULL), ==, 409);
    g_assert_cmpuint(tell(&other, "app", "heard", NULL), ==, 200);
    expect_unheard(&one, "app");

    /* A clock that was set back is no way round. */
    g_assert_cmpuint(tell(&one, "app", "listen", NULL), ==, 200);
    fake_clock_step(f->clock, -S(3600));
    g_assert_cmpuint(tell(&one, "app", "heard", NULL), ==, 409);
    fake_clock_step(f->clock, S(3600));

    api_fixture_hear(f, "app", one.version, one.object);
    record(&one, "sound of a voice, anew");
    g_assert_cmpuint(judge(&one, "rev", "check", 1, NULL), ==, 200);
    expect_unheard(&one, "app");
    g_free(other.object);
    other.object = g_strdup(one.object);
    g_assert_cmpuint(tell(&other, "app", "listen", NULL), ==, 409); /* not the audio there */
    api_fixture_hear(f, "app", one.version, one.object);
    g_assert_cmpuint(judge(&one, "app", "approve", 1, NULL), ==, 200);
}

/* ---- since the last approval ---- */

static void
test_words(void)
{
    static const struct {
        const char *why, *before, *after, *marked;
    } cases[] = {
        {"nothing at all", NULL, NULL, ""},
        {"the same", "Họp lúc bảy giờ", "Họp lúc bảy giờ", "Họp lúc bảy giờ"},
        {"a word for another", "Họp lúc bảy giờ", "Họp lúc tám giờ",
         "Họp lúc [-bảy-] {+tám+} giờ"},
        {"at the beginning", "Mai họp", "Kia họp", "[-Mai-] {+Kia+} họp"},
        {"one more at the end", "Họp", "Họp nhé", "Họp {+nhé+}"},
        {"one less at the end", "Họp nhé", "Họp", "Họp [-nhé-]"},
        {"two places", "a b c d e", "a x c d", "a [-b-] {+x+} c d [-e-]"},
        {"a text that is new", NULL, "Ơi ană plei", "{+Ơi ană plei+}"},
        {"a text that is gone", "Ơi ană plei", NULL, "[-Ơi ană plei-]"},
        {"one mark is another word", "Bơn", "Bơ̆n", "[-Bơn-] {+Bơ̆n+}"},
        {"lines stay lines; spaces alone are no change", "a  b\nc", "a b\nd",
         "a b\n[-c-] {+d+}"},
        {"what moved went and came", "a b c", "c a b", "{+c+} a b [-c-]"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) parts = sched_difference_parts(cases[i].before, cases[i].after);
        g_autofree char *marked = sched_difference_marked(parts);

        g_test_message("%s: %s", cases[i].why, marked);
        g_assert_cmpstr(marked, ==, cases[i].marked);
    }
}

/* More than is compared: all of the middle went and came, and nothing takes long. */
static void
test_many_words(void)
{
    g_autoptr(GString) before = g_string_new("first "), after = g_string_new("first ");
    g_autoptr(GPtrArray) parts = NULL;

    for (guint i = 0; i < 5000; i++) {
        g_string_append_printf(before, "b%u ", i);
        g_string_append_printf(after, "a%u ", i);
    }
    g_string_append(before, "last");
    g_string_append(after, "last");
    parts = sched_difference_parts(before->str, after->str);
    g_assert_cmpuint(parts->len, ==, 4);
    g_assert_cmpint(((SchedDifferencePart *) parts->pdata[1])->change, ==,
                    SCHED_DIFFERENCE_REMOVED);
}

static void
difference(Bulletin *b, json_t **out)
{
    g_autofree char *path = g_strconcat(b->path, "/difference", NULL);

    g_assert_cmpuint(api_fixture_call(b->f, "app", "GET", path, NULL, out), ==, 200);
}

static gboolean
says(json_t *answer, const char *name)
{
    return json_is_true(json_object_get(answer, name));
}

static void
test_difference(ApiFixture *f, gconstpointer data)
{
    g_auto(Bulletin) b = {0};
    json_auto_t *never = NULL, *same = NULL, *changed = NULL;
    g_autofree char *old = NULL, *token = api_fixture_token("app");
    const char *const headers[] = {token, NULL};

    make_bulletin(f, &b);
    record(&b, SOUND);
    difference(&b, &never);
    g_assert_cmpint(json_integer_value(json_object_get(never, "approved_us")), ==, 0);
    g_assert_cmpuint(judge(&b, "rev", "check", 1, NULL), ==, 200);
    api_fixture_hear(f, "app", b.version, b.object);
    g_assert_cmpuint(judge(&b, "app", "approve", 1, NULL), ==, 200);
    difference(&b, &same);
    g_assert_false(says(same, "is_audio_changed") || says(same, "is_script_changed"));
    g_assert_cmpstr(api_text(same, "marked"), ==, "Ơi ană plei");

    old = g_strdup(b.object);
    record(&b, "sound of a voice, anew");
    g_assert_cmpuint(
        api_fixture_call(f, "ed", "PUT", b.path,
                         json_pack("{s:s, s:b}", "script", "Ơi ană buôn", "no_state_secret", 1),
                         NULL),
        ==, 200);
    difference(&b, &changed);
    g_assert_true(says(changed, "is_audio_changed") && says(changed, "is_script_changed"));
    g_assert_cmpstr(api_text(changed, "marked"), ==, "Ơi ană [-plei-] {+buôn+}");
    g_assert_cmpstr(api_text(json_object_get(changed, "before"), "hash"), ==, old);
    g_assert_cmpstr(api_text(json_object_get(changed, "now"), "hash"), ==, b.object);

    /* The old one is still there to be heard. */
    for (gsize i = 0; i < 2; i++) {
        g_autofree char *path =
            g_strconcat(b.path, "/audio", i == 0 ? "?approved=true" : "", NULL);
        g_autoptr(TestAnswer) audio = test_https(&f->people, "GET", path, headers, NULL, 0);

        g_assert_cmpuint(audio->status, ==, 200);
        g_assert_cmpstr(audio->body->str, ==,
                        i == 0 ? "OggS" SOUND : "OggSsound of a voice, anew");
    }
}

int
main(int argc, char **argv)
{
    int status;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    g_test_init(&argc, &argv, NULL);
    api_fixture_add("/scheduler/web/approving/declared-upload", test_declared_upload);
    api_fixture_add("/scheduler/web/approving/declared-change", test_declared_change);
    api_fixture_add("/scheduler/web/approving/declared-judges", test_declared_judges);
    api_fixture_add("/scheduler/web/approving/heard", test_heard);
    api_fixture_add("/scheduler/web/approving/heard-by-whom", test_heard_by_whom);
    g_test_add_func("/scheduler/web/approving/words", test_words);
    g_test_add_func("/scheduler/web/approving/many-words", test_many_words);
    api_fixture_add("/scheduler/web/approving/difference", test_difference);
    status = g_test_run();
    curl_global_cleanup();
    return status;
}
