/*
 * test-louder-days.c - special days: which of them waits for a second person.
 */
#include "tests/scheduler/web/louder-fixture.h"

#include <curl/curl.h>
#include <string.h>

#define DAY(area, first, last, more)                                                           \
    "{\"name\":\"Tết\",\"area\":\"" area "\",\"first_date\":\"2100-02-" first                  \
    "\",\"last_date\":\"2100-02-" last "\"," more "}"
#define ACT(act) "\"act\":\"" act "\""
#define REV(n)   ",\"revision\":" n

/* clang-format off */
/* In order: each stands on what the ones before it left. 200: done; 202: it waits. */
static const struct { const char *why, *path, *body; guint status; } days[] = {
    { "silence", "/api/days/tet", DAY("chu-puh", "08", "12", ACT("skip")), 200 },
    { "more of it", "/api/days/tet", DAY("chu-puh", "07", "12", ACT("skip") REV("1")), 200 },
    { "a date less of it", "/api/days/tet", DAY("chu-puh", "07", "11", ACT("skip") REV("2")), 202 },
    { "only in some hours", "/api/days/tet",
      DAY("chu-puh", "07", "12", ACT("skip") ",\"from_min\":600" REV("2")), 202 },
    { "in a part of its area", "/api/days/tet", DAY("ia-le", "07", "12", ACT("skip") REV("2")), 202 },
    { "beyond the own area", "/api/days/tet", DAY("gia-lai", "07", "12", ACT("skip") REV("2")), 403 },
    { "music is left out, no more", "/api/days/tet",
      DAY("chu-puh", "07", "12", ACT("no_music") REV("2")), 202 },
    { "taken back", "/api/days/tet",
      DAY("chu-puh", "07", "12", ACT("skip") ",\"off\":true" REV("2")), 202 },
    { "another name", "/api/days/tet", DAY("chu-puh", "07", "12", ACT("skip") REV("2")), 200 },
    { "what somebody changed since", "/api/days/tet",
      DAY("chu-puh", "07", "12", ACT("skip") REV("2")), 409 },
    { "no music, where no other day is", "/api/days/a",
      DAY("ia-le", "20", "20", ACT("no_music")), 200 },
    { "no music, in the middle of silence from above", "/api/days/b",
      DAY("ia-le", "07", "07", ACT("no_music")), 202 },
    { "silence below silence", "/api/days/c", DAY("ia-le", "07", "07", ACT("skip")), 200 },
    { "another time", "/api/days/d",
      DAY("ia-le", "21", "21", ACT("move_to") ",\"minutes\":420"), 202 },
    { "another time where nothing sounds yet", "/api/days/e",
      DAY("ia-blu", "21", "21", ACT("move_by") ",\"minutes\":-30"), 202 },
    { "music given back where nothing sounds", "/api/days/f",
      DAY("ia-blu", "21", "21", ACT("no_music")), 200 },
    { "taken back where nothing sounds", "/api/days/f",
      DAY("ia-blu", "21", "21", ACT("no_music") ",\"off\":true" REV("1")), 200 },
    { "longer than sixty days", "/api/days/g",
      "{\"name\":\"x\",\"area\":\"ia-le\",\"first_date\":\"2100-01-01\","
      "\"last_date\":\"2100-03-02\"," ACT("skip") "}", 422 },
    { "ends before it begins", "/api/days/g", DAY("ia-le", "08", "07", ACT("skip")), 422 },
    { "no such act", "/api/days/g", DAY("ia-le", "08", "08", ACT("shout")), 400 },
    { "a move by nothing", "/api/days/g", DAY("ia-le", "08", "08", ACT("skip") ",\"minutes\":5"), 422 },
    { "another's place", "/api/days/g", DAY("khong-co", "08", "08", ACT("skip")), 403 },
    { "what is over", "/api/days/g",
      "{\"name\":\"x\",\"area\":\"ia-le\",\"first_date\":\"2020-01-01\","
      "\"last_date\":\"2020-01-02\"," ACT("skip") "}", 422 },
};
/* clang-format on */

static void
test_days(LouderFixture *f, gconstpointer data)
{
    for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
        json_auto_t *answer = NULL;

        g_test_message("%s", days[i].why);
        g_assert_cmpuint(louder_call(f, "ed", "PUT", days[i].path, days[i].body, &answer), ==,
                         days[i].status);
    }
}

/* A move that begins today would sound twice; one that waits is looked at again when it is
 * approved. */
static void
test_move_today(LouderFixture *f, gconstpointer data)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(
        content_clock_utc_us(f->api.clock) / G_USEC_PER_SEC + 7 * 3600);
    g_autofree char *today = g_date_time_format(now, "%Y-%m-%d");
    g_autofree char *body =
        g_strdup_printf("{\"name\":\"x\",\"area\":\"ia-le\",\"first_date\":\"%s\","
                        "\"last_date\":\"%s\",\"act\":\"move_by\",\"minutes\":30}",
                        today, today);

    g_assert_cmpuint(louder_call(f, "ed", "PUT", "/api/days/nay", body, NULL), ==, 422);
}

static json_t *
get_day(LouderFixture *f, const char *id)
{
    json_auto_t *list = NULL;
    json_t *day, *found = NULL;
    gsize at;

    g_assert_cmpuint(louder_call(f, "ed", "GET", "/api/days?area=ia-le-a", NULL, &list), ==,
                     200);
    json_array_foreach(json_object_get(list, "days"), at, day)
    {
        if (strcmp(api_text(day, "id"), id) == 0)
            found = json_incref(day);
    }
    return found;
}

static gboolean
is_live(LouderFixture *f, const char *id)
{
    json_auto_t *day = get_day(f, id);

    return day != NULL && strcmp(api_text(day, "approved"), api_text(day, "content")) == 0;
}

static char *
propose_day(LouderFixture *f, const char *login, const char *id, const char *playlist,
            const char *revision)
{
    g_autofree char *path = g_strdup_printf("/api/days/%s", id);
    g_autofree char *body =
        g_strdup_printf(DAY("chu-puh", "08", "09", ACT("replace") ",\"playlist\":\"%s\"%s"),
                        playlist, revision);
    json_auto_t *answer = NULL;

    g_assert_cmpuint(louder_call(f, login, "PUT", path, body, &answer), ==, 202);
    return g_strdup(api_text(answer, "waits"));
}

static guint
judge_day(LouderFixture *f, const char *login, const char *proposal)
{
    g_autofree char *path = g_strdup_printf("/api/proposals/%s/approve", proposal);

    return louder_call(f, login, "POST", path, NULL, NULL);
}

static void
change_items(LouderFixture *f, const char *playlist, const char *items, int revision)
{
    g_autofree char *path = g_strdup_printf("/api/playlists/%s", playlist);
    g_autofree char *body =
        g_strdup_printf("{\"name\":\"P\",\"home\":\"chu-puh\",\"revision\":%d,\"items\":%s}",
                        revision, items);

    g_assert_cmpuint(louder_call(f, "ed", "PUT", path, body, NULL), ==, 200);
}

/* Another playlist: by a second person, who did not write it; void when it gets longer. */
static void
test_replace(LouderFixture *f, gconstpointer data)
{
    static const char two[] = "[{\"id\":\"x\",\"kind\":\"pause\",\"duration_us\":1000},"
                              "{\"id\":\"y\",\"kind\":\"pause\",\"duration_us\":1000}]";
    g_autofree char *playlist = louder_add_playlist(f, two);
    g_autofree char *id = propose_day(f, "ed", "tet", playlist, "");
    g_autofree char *again = NULL, *second = NULL;

    g_assert_null(get_day(f, "tet"));
    g_assert_cmpuint(judge_day(f, "ed", id), ==, 403);
    g_assert_cmpuint(judge_day(f, "blu", id), ==, 403);
    g_assert_cmpuint(judge_day(f, "app", id), ==, 200);
    g_assert_true(is_live(f, "tet"));
    /* Less of it stays approved, more of it is silence until somebody approves it again. */
    change_items(f, playlist, "[{\"id\":\"x\",\"kind\":\"pause\",\"duration_us\":1000}]", 1);
    g_assert_true(is_live(f, "tet"));
    change_items(f, playlist, two, 2);
    g_assert_false(is_live(f, "tet"));
    again = propose_day(f, "ed", "tet", playlist, REV("1"));
    g_assert_cmpuint(judge_day(f, "app", again), ==, 200);
    g_assert_true(is_live(f, "tet"));
    /* Two that move or replace cannot hold at once. */
    second = propose_day(f, "ed", "tet-2", playlist, "");
    g_assert_cmpuint(judge_day(f, "app", second), ==, 409);
}

/* Who wrote the playlist is no second person, whoever asked for the day. */
static void
test_playlist_author(LouderFixture *f, gconstpointer data)
{
    g_autofree char *playlist = louder_add_playlist(f, "[]");
    g_autofree char *id = NULL;

    api_fixture_account(&f->api, "ed", SCHED_ROLE_APPROVER, "chu-puh");
    api_fixture_account(&f->api, "ed-2", SCHED_ROLE_EDITOR, "chu-puh");
    id = propose_day(f, "ed-2", "tet", playlist, "");
    g_assert_cmpuint(judge_day(f, "ed", id), ==, 403);
    g_assert_cmpuint(judge_day(f, "app", id), ==, 200);
}

static void
add(const char *path, void (*test)(LouderFixture *, gconstpointer))
{
    g_test_add(path, LouderFixture, NULL, louder_set_up, test, louder_tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    add("/scheduler/web/louder/days", test_days);
    add("/scheduler/web/louder/move-today", test_move_today);
    add("/scheduler/web/louder/replace", test_replace);
    add("/scheduler/web/louder/playlist-author", test_playlist_author);
    return g_test_run();
}
