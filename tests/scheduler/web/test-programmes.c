/*
 * test-programmes.c - a week of an area as one act: what is different is shown together, and
 * all of it is approved or sent back, or nothing.
 */
#include "scheduler/store/programmes.h"
#include "tests/scheduler/web/api-fixture.h"

#include <string.h>

#define MONDAY    "2030-03-04"
#define WEEK      "/api/areas/chu-puh/programme?from=" MONDAY
#define NEXT_WEEK "/api/areas/chu-puh/programme?from=2030-03-11"

typedef struct {
    ApiFixture api;
    char *morning, *evening;
} Fixture;

static guint
call(Fixture *f, const char *login, const char *method, const char *path, const char *body,
     json_t **out)
{
    json_t *json = body == NULL ? NULL : json_loads(body, 0, NULL);

    g_assert_true((body == NULL) == (json == NULL));
    return api_fixture_call(&f->api, login, method, path, json, out);
}

/* As above, with the path made of a format. */
#define call_at(f, login, method, body, out, ...)                                              \
    ({                                                                                         \
        g_autofree char *path_ = g_strdup_printf(__VA_ARGS__);                                 \
        call(f, login, method, path_, body, out);                                              \
    })

static char *
add_slot(Fixture *f, const char *name, gint minute, const char *when)
{
    json_auto_t *playlist = NULL, *slot = NULL;
    g_autofree char *body = NULL;

    g_assert_cmpuint(call(f, "ed", "POST", "/api/playlists",
                          "{\"name\":\"P\",\"home\":\"chu-puh\",\"items\":"
                          "[{\"kind\":\"pause\",\"duration_us\":2000000}]}",
                          &playlist),
                     ==, 201);
    body = g_strdup_printf("{\"name\":\"%s\",\"home\":\"chu-puh\",\"playlist\":\"%s\","
                           "\"class\":\"thong_thuong\",\"local_min\":%d,%s,"
                           "\"targets\":[{\"area\":\"ia-le\"}]}",
                           name, api_text(playlist, "id"), minute, when);
    g_assert_cmpuint(call(f, "ed", "POST", "/api/slots", body, &slot), ==, 201);
    return g_strdup(api_text(slot, "id"));
}

#define DAILY "\"first_date\":\"2026-01-01\",\"rule\":\"FREQ=DAILY\""
#define ONCE  "\"first_date\":\"2030-03-06\""
#define LATER "\"first_date\":\"2030-03-11\""

static void
set_up(Fixture *f, gconstpointer data)
{
    api_fixture_set_up(&f->api, data);
    api_fixture_people(&f->api);
    api_fixture_account(&f->api, "le", SCHED_ROLE_APPROVER, "ia-le");
    api_fixture_account(&f->api, "both", SCHED_ROLE_APPROVER, "chu-puh");
    api_fixture_account(&f->api, "both", SCHED_ROLE_EDITOR, "chu-puh");
    f->morning = add_slot(f, "Morning", 330, DAILY);
    f->evening = add_slot(f, "Evening", 1080, ONCE);
    g_free(add_slot(f, "Next week", 600, LATER));
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_free(f->morning);
    g_free(f->evening);
    api_fixture_tear_down(&f->api, data);
}

static gint
compare_words(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* "added Evening, moved Morning": what is different, by name */
static char *
differences(json_t *answer)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    json_t *parts = json_object_get(answer, "parts");
    GString *all = g_string_new(NULL);

    for (gsize i = 0; i < json_array_size(parts); i++) {
        json_t *part = json_array_get(parts, i);

        g_ptr_array_add(words,
                        g_strdup_printf("%s %s%s", api_text(part, "name"),
                                        api_text(part, "change"), api_text(part, "date")));
    }
    g_ptr_array_sort(words, compare_words);
    for (guint i = 0; i < words->len; i++)
        g_string_append_printf(all, "%s%s", i == 0 ? "" : ", ", (char *) words->pdata[i]);
    return g_string_free(all, FALSE);
}

#define expect_week(f, expected)                                                               \
    do {                                                                                       \
        json_auto_t *week_ = NULL;                                                             \
        g_autofree char *found_ = NULL;                                                        \
        g_assert_cmpuint(call(f, "ed", "GET", WEEK, NULL, &week_), ==, 200);                   \
        found_ = differences(week_);                                                           \
        g_assert_cmpstr(found_, ==, expected);                                                 \
    } while (0)

/* Submits what is there now; returns the programme's id and content */
static char *
submit(Fixture *f, const char *login, char **out_content)
{
    json_auto_t *week = NULL, *made = NULL;
    g_autofree char *body = NULL;

    g_assert_cmpuint(call(f, login, "GET", WEEK, NULL, &week), ==, 200);
    body = g_strdup_printf("{\"from\":\"" MONDAY "\",\"content\":\"%s\"}",
                           api_text(week, "content"));
    g_assert_cmpuint(call(f, login, "POST", "/api/areas/chu-puh/programme", body, &made), ==,
                     201);
    *out_content = g_strdup(api_text(made, "content"));
    return g_strdup(api_text(made, "id"));
}

static guint
judge(Fixture *f, const char *login, const char *id, const char *act, const char *content)
{
    g_autofree char *body = g_strdup_printf(strcmp(act, "return") == 0
                                                ? "{\"content\":\"%s\",\"note\":\"Too early\"}"
                                                : "{\"content\":\"%s\"}",
                                            content);

    return call_at(f, login, "POST", body, NULL, "/api/programmes/%s/%s", id, act);
}

/* Changes one number or text of the slot, as its editor. */
static void
change_slot(Fixture *f, const char *id, const char *name, json_t *value)
{
    static const char *const told[] = {"id",       "stopped",       "author", "content",
                                       "approved", "approver",      "dates",  "approved_us",
                                       "text",     "approved_text", "note",   "changed_us"};
    g_autofree char *path = g_strdup_printf("/api/slots/%s", id);
    json_t *slot = NULL;

    g_assert_cmpuint(call(f, "ed", "GET", path, NULL, &slot), ==, 200);
    for (gsize i = 0; i < G_N_ELEMENTS(told); i++)
        json_object_del(slot, told[i]);
    json_object_set_new(slot, name, value);
    g_assert_cmpuint(api_fixture_call(&f->api, "ed", "PUT", path, slot, NULL), ==, 200);
}

static gboolean
is_approved(Fixture *f, const char *id)
{
    json_auto_t *slot = NULL;

    g_assert_cmpuint(call_at(f, "app", "GET", NULL, &slot, "/api/slots/%s", id), ==, 200);
    return strcmp(api_text(slot, "approved"), api_text(slot, "content")) == 0;
}

/* "programme slot": kinds of what waits for @login, sorted: all of it was written at once */
static char *
waiting(Fixture *f, const char *login)
{
    json_auto_t *answer = NULL;
    g_autoptr(GPtrArray) kinds = g_ptr_array_new();
    json_t *list;

    g_assert_cmpuint(call(f, login, "GET", "/api/review", NULL, &answer), ==, 200);
    list = json_object_get(answer, "waiting");
    for (gsize i = 0; i < json_array_size(list); i++)
        g_ptr_array_add(kinds, (gpointer) api_text(json_array_get(list, i), "kind"));
    g_ptr_array_sort(kinds, compare_words);
    g_ptr_array_add(kinds, NULL);
    return g_strjoinv(" ", (char **) kinds->pdata);
}

#define expect_waiting(f, login, expected)                                                     \
    do {                                                                                       \
        g_autofree char *found_ = waiting(f, login);                                           \
        g_assert_cmpstr(found_, ==, expected);                                                 \
    } while (0)

static void
approve_week(Fixture *f)
{
    g_autofree char *content = NULL, *id = submit(f, "ed", &content);

    g_assert_cmpuint(judge(f, "app", id, "approve", content), ==, 200);
    fake_clock_advance(f->api.clock,
                       G_USEC_PER_SEC); /* what is stopped is stopped afterwards */
}

static void
test_approve(Fixture *f, gconstpointer data)
{
    g_autofree char *content = NULL, *id = NULL;
    json_auto_t *audit = NULL, *week = NULL;

    expect_week(f, "Evening added, Morning added");
    id = submit(f, "ed", &content);
    expect_waiting(f, "app", "programme slot"); /* next week's slot, and this week as one */
    expect_waiting(f, "ed", "");
    expect_waiting(f, "le", ""); /* sounds there, but is at home above */
    g_assert_cmpuint(judge(f, "le", id, "approve", content), ==, 403);
    g_assert_cmpuint(judge(f, "ed", id, "approve", content), ==, 403);
    g_assert_cmpuint(judge(f, "app", id, "approve", content), ==, 200);
    g_assert_true(is_approved(f, f->morning) && is_approved(f, f->evening));
    expect_waiting(f, "app", "slot");
    g_assert_cmpuint(judge(f, "app", id, "approve", content), ==, 409); /* it was judged */
    g_assert_cmpuint(judge(f, "app", id, "return", content), ==, 409);
    expect_week(f, "");
    g_assert_cmpuint(call(f, "ed", "GET", WEEK, NULL, &week), ==, 200);
    g_assert_cmpstr(api_text(json_object_get(week, "last"), "state"), ==, "approved");
    g_assert_cmpuint(call(f, "admin", "GET", "/api/audit?limit=20", NULL, &audit), ==, 200);
    {
        g_autofree char *rows = json_dumps(audit, 0);

        g_assert_nonnull(strstr(rows, "programme.submit"));
        g_assert_nonnull(strstr(rows, "programme.approve"));
        g_assert_nonnull(strstr(rows, "slot.approve"));
    }
}

static void
test_differences(Fixture *f, gconstpointer data)
{
    json_auto_t *answer = NULL, *part_of = NULL;
    json_t *part;

    approve_week(f);
    change_slot(f, f->morning, "local_min", json_integer(345));
    expect_week(f, "Morning moved");
    change_slot(f, f->morning, "gain_mdb", json_integer(-3000));
    expect_week(f, "Morning changed");
    /* Out of this week altogether: it is different in it, too. */
    change_slot(f, f->evening, "first_date", json_string("2030-03-20"));
    expect_week(f, "Evening moved, Morning changed");
    g_assert_cmpuint(call(f, "ed", "GET", WEEK, NULL, &part_of), ==, 200);
    part = json_array_get(json_object_get(part_of, "parts"), 0);
    g_assert_cmpstr(api_text(part, "approved_text"), !=, "");
    g_assert_cmpstr(api_text(part, "approved_text"), !=, api_text(part, "text"));
    g_assert_cmpuint(call_at(f, "ed", "POST", NULL, NULL, "/api/slots/%s/stop", f->evening), ==,
                     200);
    expect_week(f, "Evening removed, Morning changed");
    g_assert_cmpuint(call_at(f, "ed", "PUT", "{}", NULL, "/api/slots/%s/dates/2030-03-05",
                             f->morning),
                     ==, 200);
    g_assert_cmpuint(call_at(f, "ed", "PUT", "{}", NULL, "/api/slots/%s/dates/2030-03-12",
                             f->morning),
                     ==, 200);
    expect_week(f, "Evening removed, Morning changed, Morning removed2030-03-05");
    approve_week(f);
    expect_week(f, "");
}

/* A slot is of the week by its rule, its end and its dates, and by nothing else. */
static void
test_which(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *why, *when;
        gboolean falls;
    } cases[] = {
        {"on its last day", "\"first_date\":\"2030-03-10\"", TRUE},
        {"the day after", "\"first_date\":\"2030-03-11\"", FALSE},
        {"the day before", "\"first_date\":\"2030-03-03\"", FALSE},
        {"later, and on one date more",
         "\"first_date\":\"2030-06-01\",\"dates_in\":[\"2030-03-05\"]", TRUE},
        {"before, and again",
         "\"first_date\":\"2030-01-01\",\"rule\":\"FREQ=MONTHLY;BYMONTHDAY=4\"", TRUE},
        {"before, on another day", "\"first_date\":\"2030-01-01\",\"rule\":\"FREQ=MONTHLY\"",
         FALSE},
        {"ended",
         "\"first_date\":\"2030-01-01\",\"rule\":\"FREQ=DAILY\",\"until\":\"2030-03-03\"",
         FALSE},
        {"ends in it",
         "\"first_date\":\"2030-01-01\",\"rule\":\"FREQ=DAILY\",\"until\":\"2030-03-04\"",
         TRUE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        json_auto_t *week = NULL;
        g_autofree char *found = NULL;

        g_test_message("%s", cases[i].why);
        g_free(add_slot(f, cases[i].why, 600, cases[i].when));
        g_assert_cmpuint(call(f, "ed", "GET", WEEK, NULL, &week), ==, 200);
        found = differences(week);
        g_assert_cmpint(strstr(found, cases[i].why) != NULL, ==, cases[i].falls);
    }
}

static void
test_many(Fixture *f, gconstpointer data)
{
    for (guint i = 2; i < SCHED_PROGRAMME_MAX_PARTS; i++)
        g_free(add_slot(f, "One of many", 700, ONCE));
    g_assert_cmpuint(call(f, "ed", "GET", WEEK, NULL, NULL), ==, 200);
    g_free(add_slot(f, "One too many", 700, ONCE));
    g_assert_cmpuint(call(f, "ed", "GET", WEEK, NULL, NULL), ==, 422);
}

/* What is different on one date alone is a part, too. */
static void
test_date(Fixture *f, gconstpointer data)
{
    json_auto_t *slot = NULL, *answer = NULL;
    g_autofree char *body = NULL;

    approve_week(f);
    g_assert_cmpuint(call_at(f, "ed", "GET", NULL, &slot, "/api/slots/%s", f->evening), ==,
                     200);
    body = g_strdup_printf("{\"playlist\":\"%s\"}", api_text(slot, "playlist"));
    g_assert_cmpuint(call_at(f, "ed", "PUT", body, NULL, "/api/slots/%s/dates/2030-03-07",
                             f->morning),
                     ==, 200);
    expect_week(f, "Morning changed2030-03-07");
    {
        g_autofree char *content = NULL, *id = submit(f, "ed", &content);

        expect_waiting(f, "app", "programme slot");
        g_assert_cmpuint(judge(f, "app", id, "return", content), ==, 200);
        g_assert_cmpuint(call_at(f, "ed", "GET", NULL, &answer, "/api/slots/%s", f->morning),
                         ==, 200);
        g_assert_cmpstr(api_text(json_array_get(json_object_get(answer, "dates"), 0), "note"),
                        ==, "Too early");
        g_assert_true(is_approved(f, f->morning)); /* the slot itself was no part */
    }
}

/* What nobody can judge any more is not listed, and hides nothing that can be judged. */
static void
test_stale(Fixture *f, gconstpointer data)
{
    json_auto_t *slot = NULL;
    g_autofree char *body = NULL, *content = NULL, *id = NULL;
    g_autofree char *later = NULL, *again = NULL;

    approve_week(f);
    g_assert_cmpuint(call_at(f, "ed", "GET", NULL, &slot, "/api/slots/%s", f->evening), ==,
                     200);
    body = g_strdup_printf("{\"playlist\":\"%s\"}", api_text(slot, "playlist"));
    g_assert_cmpuint(call_at(f, "ed", "PUT", body, NULL, "/api/slots/%s/dates/2030-03-07",
                             f->morning),
                     ==, 200);
    id = submit(f, "ed", &content);
    expect_waiting(f, "app", "programme slot"); /* next week's slot waits beside it */
    change_slot(f, f->morning, "local_min", json_integer(345)); /* the date stays as it is */
    expect_waiting(f, "app", "date slot slot");
    g_assert_cmpuint(judge(f, "app", id, "return", content), ==, 409);

    g_assert_cmpuint(call_at(f, "ed", "PUT", "{}", NULL, "/api/slots/%s/dates/2030-03-05",
                             f->morning),
                     ==, 200);
    again = submit(f, "ed", &later);
    expect_waiting(f, "app", "programme slot");
    /* What was to be silent sounds. */
    g_assert_cmpuint(call_at(f, "ed", "PUT", body, NULL, "/api/slots/%s/dates/2030-03-05",
                             f->morning),
                     ==, 200);
    expect_waiting(f, "app", "date date slot slot");
    g_assert_cmpuint(judge(f, "app", again, "return", later), ==, 409);
}

/* What was stopped before one week was approved is news in another week still. */
static void
test_weeks(Fixture *f, gconstpointer data)
{
    g_autofree char *found = NULL;
    json_auto_t *week = NULL, *slots = NULL;
    json_t *list;

    g_assert_cmpuint(call(f, "ed", "GET", "/api/slots", NULL, &slots), ==, 200);
    list = json_object_get(slots, "slots");
    for (gsize i = 0; i < json_array_size(list); i++) {
        json_t *slot = json_array_get(list, i);
        g_autofree char *body = NULL;

        if (strcmp(api_text(slot, "name"), "Next week") != 0)
            continue;
        body = g_strdup_printf("{\"content\":\"%s\"}", api_text(slot, "content"));
        g_assert_cmpuint(call_at(f, "app", "POST", body, NULL, "/api/slots/%s/approve",
                                 api_text(slot, "id")),
                         ==, 200);
        g_assert_cmpuint(call_at(f, "ed", "POST", NULL, NULL, "/api/slots/%s/stop",
                                 api_text(slot, "id")),
                         ==, 200);
    }
    fake_clock_advance(f->api.clock, G_USEC_PER_SEC);
    approve_week(f);
    g_assert_cmpuint(call(f, "ed", "GET", NEXT_WEEK, NULL, &week), ==, 200);
    found = differences(week);
    g_assert_cmpstr(found, ==, "Next week removed");
}

/* Every part or none: what changed between show and approve refuses the whole. */
static void
test_conflict(Fixture *f, gconstpointer data)
{
    g_autofree char *content = NULL, *id = submit(f, "ed", &content);
    g_autofree char *other = NULL, *anew = NULL;
    json_auto_t *seen = NULL, *old = NULL;

    g_assert_cmpuint(judge(f, "app", id, "approve",
                           "0000000000000000000000000000000000000000000000000000000000000000"),
                     ==, 409);
    change_slot(f, f->evening, "local_min", json_integer(1090));
    g_assert_cmpuint(judge(f, "app", id, "approve", content), ==, 409);
    g_assert_cmpuint(judge(f, "app", id, "return", content), ==, 409);
    g_assert_false(is_approved(f, f->morning));
    g_assert_cmpuint(call_at(f, "app", "GET", NULL, &seen, "/api/programmes/%s", id), ==, 200);
    g_assert_true(json_is_true(json_object_get(seen, "stale")));
    expect_waiting(f, "app", "slot slot slot"); /* each by itself, until it is submitted anew */
    anew = submit(f, "ed", &other);
    g_assert_cmpstr(other, !=, content);
    expect_waiting(f, "app", "programme slot");
    g_assert_cmpuint(call_at(f, "app", "GET", NULL, &old, "/api/programmes/%s", id), ==, 200);
    g_assert_cmpstr(api_text(old, "state"), ==, "replaced");
    g_assert_cmpuint(judge(f, "app", id, "approve", content), ==, 409);
    g_assert_cmpuint(judge(f, "app", anew, "approve", other), ==, 200);
    g_assert_true(is_approved(f, f->morning) && is_approved(f, f->evening));
}

static void
test_return(Fixture *f, gconstpointer data)
{
    g_autofree char *content = NULL, *id = submit(f, "ed", &content);
    json_auto_t *slot = NULL, *week = NULL;

    g_assert_cmpuint(judge(f, "app", id, "return", content), ==, 200);
    g_assert_cmpuint(call_at(f, "ed", "GET", NULL, &slot, "/api/slots/%s", f->evening), ==,
                     200);
    g_assert_cmpstr(api_text(slot, "note"), ==, "Too early");
    expect_week(f, ""); /* waits for its author, not for an approver */
    g_assert_cmpuint(call(f, "ed", "GET", WEEK, NULL, &week), ==, 200);
    g_assert_cmpstr(api_text(json_object_get(week, "last"), "note"), ==, "Too early");
    expect_waiting(f, "app", "slot");
    change_slot(f, f->evening, "local_min", json_integer(1100));
    expect_week(f, "Evening added");
}

/* What moved to another commune since is sent back by who answers for it there. */
static void
test_moved(Fixture *f, gconstpointer data)
{
    static const char path[] = "/api/areas/ia-le/programme";
    json_auto_t *week = NULL, *made = NULL;
    g_autofree char *body = NULL;

    change_slot(f, f->morning, "home", json_string("ia-le"));
    change_slot(f, f->evening, "home", json_string("ia-le"));
    g_assert_cmpuint(call_at(f, "ed", "GET", NULL, &week, "%s?from=" MONDAY, path), ==, 200);
    body = g_strdup_printf("{\"from\":\"" MONDAY "\",\"content\":\"%s\"}",
                           api_text(week, "content"));
    g_assert_cmpuint(call(f, "ed", "POST", path, body, &made), ==, 201);
    change_slot(f, f->morning, "home", json_string("chu-puh"));
    g_assert_cmpuint(judge(f, "le", api_text(made, "id"), "return", api_text(made, "content")),
                     ==, 403);
    g_assert_cmpuint(judge(f, "app", api_text(made, "id"), "return", api_text(made, "content")),
                     ==, 200);
}

/* Who submits, or wrote one part of it, approves nothing of it. */
static void
test_second_person(Fixture *f, gconstpointer data)
{
    g_autofree char *content = NULL, *id = submit(f, "both", &content);
    json_auto_t *mine = NULL;
    g_autofree char *again = NULL, *theirs = NULL;

    g_assert_cmpuint(judge(f, "both", id, "approve", content), ==, 403);
    expect_waiting(f, "both", "slot slot slot"); /* alone they are another's still */
    g_assert_cmpuint(call_at(f, "both", "GET", NULL, &mine, "/api/slots/%s", f->morning), ==,
                     200);
    theirs = g_strdup_printf("{\"name\":\"P\",\"home\":\"chu-puh\",\"revision\":1,\"items\":"
                             "[{\"kind\":\"pause\",\"duration_us\":3000000}]}");
    g_assert_cmpuint(call_at(f, "both", "PUT", theirs, NULL, "/api/playlists/%s",
                             api_text(mine, "playlist")),
                     ==, 200);
    g_clear_pointer(&content, g_free);
    again = submit(f, "ed", &content);
    expect_waiting(f, "both", "slot slot");
    g_assert_cmpuint(judge(f, "both", again, "approve", content), ==, 403);
    g_assert_false(is_approved(f, f->evening)); /* nothing half done */
    g_assert_cmpuint(judge(f, "app", again, "approve", content), ==, 200);
}

static void
test_refusals(Fixture *f, gconstpointer data)
{
    static const struct {
        const char *why, *login, *method, *path, *body;
        guint status;
    } cases[] = {
        {"no week", "ed", "GET", "/api/areas/chu-puh/programme", NULL, 400},
        {"no date", "ed", "GET", "/api/areas/chu-puh/programme?from=2030-13-01", NULL, 422},
        {"no area", "ed", "GET", "/api/areas/nowhere/programme?from=" MONDAY, NULL, 404},
        {"no programme", "app", "GET", "/api/programmes/nothing", NULL, 404},
        {"another area", "le", "GET", WEEK, NULL, 403},
        {"no editor", "app", "POST", "/api/areas/chu-puh/programme",
         "{\"from\":\"" MONDAY "\",\"content\":"
         "\"0000000000000000000000000000000000000000000000000000000000000000\"}",
         403},
        {"not what is there", "ed", "POST", "/api/areas/chu-puh/programme",
         "{\"from\":\"" MONDAY "\",\"content\":"
         "\"0000000000000000000000000000000000000000000000000000000000000000\"}",
         409},
    };
    json_auto_t *week = NULL;
    g_autofree char *body = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpuint(call(f, cases[i].login, cases[i].method, cases[i].path, cases[i].body,
                              NULL),
                         ==, cases[i].status);
    }
    approve_week(f);
    g_assert_cmpuint(call(f, "ed", "GET", WEEK, NULL, &week), ==, 200);
    body = g_strdup_printf("{\"from\":\"" MONDAY "\",\"content\":\"%s\"}",
                           api_text(week, "content"));
    g_assert_cmpuint(call(f, "ed", "POST", "/api/areas/chu-puh/programme", body, NULL), ==,
                     422); /* nothing waits */
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*test)(Fixture *f, gconstpointer data);
    } tests[] = {
        {"/programmes/approve", test_approve},
        {"/programmes/differences", test_differences},
        {"/programmes/date", test_date},
        {"/programmes/which", test_which},
        {"/programmes/many", test_many},
        {"/programmes/stale", test_stale},
        {"/programmes/weeks", test_weeks},
        {"/programmes/conflict", test_conflict},
        {"/programmes/return", test_return},
        {"/programmes/moved", test_moved},
        {"/programmes/second-person", test_second_person},
        {"/programmes/refusals", test_refusals},
    };

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
    return g_test_run();
}
