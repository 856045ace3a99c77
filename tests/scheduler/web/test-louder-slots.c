/*
 * test-louder-slots.c - the slot itself, one date of it, its playlist, and rights at both ends.
 */
#include "tests/scheduler/web/louder-fixture.h"

#include <curl/curl.h>
#include <string.h>

static json_t *
date_of(json_t *slot)
{
    return json_array_get(json_object_get(slot, "dates"), 0);
}

static void
set_date(LouderFixture *f, const char *path, const char *playlist)
{
    g_autofree char *body =
        playlist == NULL ? g_strdup("{}") : g_strdup_printf("{\"playlist\":\"%s\"}", playlist);

    g_assert_cmpuint(louder_call(f, "ed", "PUT", path, body, NULL), ==, 200);
}

/* Nothing sounds on the date, whatever stood there before. */
static void
expect_silence(LouderFixture *f, const char *path, const char *why)
{
    json_auto_t *slot = louder_get_slot(f);

    g_test_message("%s", why);
    g_assert_null(json_object_get(date_of(slot), "playlist"));
    g_assert_cmpuint(louder_call(f, "ed", "DELETE", path, NULL, NULL), ==, 403);
}

static void
approve_date(LouderFixture *f)
{
    json_auto_t *slot = louder_get_slot(f), *after = NULL;

    g_assert_cmpuint(louder_approve(f, "ed", "/dates/2026-12-03",
                                    api_text(date_of(slot), "content")),
                     ==, 403);
    g_assert_cmpuint(louder_approve(f, "app", "/dates/2026-12-03",
                                    api_text(date_of(slot), "content")),
                     ==, 200);
    after = louder_get_slot(f);
    g_assert_nonnull(json_object_get(date_of(after), "playlist"));
}

static void
test_date(LouderFixture *f, gconstpointer data)
{
    g_autofree char *path = g_strdup_printf("/api/slots/%s/dates/2026-12-03", f->slot);
    g_autofree char *other =
        louder_add_playlist(f, "[{\"kind\":\"pause\",\"duration_us\":1000}]");
    g_autofree char *other_path = g_strdup_printf("/api/playlists/%s", other);

    /* Proposed where nothing was cancelled, it may be taken back: nothing changed. */
    set_date(f, path, other);
    g_assert_cmpuint(louder_call(f, "ed", "DELETE", path, NULL, NULL), ==, 200);
    set_date(f, path, NULL);
    expect_silence(f, path, "cancelled");
    set_date(f, path, f->playlist);
    expect_silence(f, path, "the slot's own playlist, proposed");
    approve_date(f);
    g_assert_cmpuint(louder_call(f, "ed", "DELETE", path, NULL, NULL), ==, 403);
    set_date(f, path, other);
    expect_silence(f, path, "another playlist in place of one that was approved");
    approve_date(f);
    g_assert_cmpuint(
        louder_call(f, "ed", "PUT", other_path,
                    "{\"name\":\"P\",\"home\":\"chu-puh\",\"revision\":1,\"items\":"
                    "[{\"kind\":\"pause\",\"duration_us\":600000000}]}",
                    NULL),
        ==, 200);
    expect_silence(f, path, "the approved playlist got longer");
}

/* ---- the slot itself ---- */

static void
change_slot(LouderFixture *f, const char *member, json_t *value, gboolean stays_live)
{
    static const char *const own[] = {"id",       "stopped",  "author",       "content",
                                      "approved", "approver", "approved_us",  "changed_us",
                                      "dates",    "text",     "approved_text"};
    g_autofree char *path = g_strdup_printf("/api/slots/%s", f->slot);
    json_t *slot = louder_get_slot(f);
    json_auto_t *after = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(own); i++)
        json_object_del(slot, own[i]);
    json_object_set_new(slot, member, value);
    g_test_message("%s", member);
    g_assert_cmpuint(api_fixture_call(&f->api, "ed", "PUT", path, slot, &after), ==, 200);
    g_assert_cmpint(json_object_get(after, "approved") != NULL, ==, stays_live);
    if (!stays_live)
        g_assert_cmpuint(louder_approve(f, "app", "", api_text(after, "content")), ==, 200);
}

static void
test_slot(LouderFixture *f, gconstpointer data)
{
    change_slot(f, "name", json_string("T"), TRUE);
    change_slot(f, "until", json_string("2026-12-30"), TRUE);
    change_slot(f, "until", json_string("2026-12-31"), FALSE);
    change_slot(f, "dates_out", json_pack("[s]", "2026-12-04"), TRUE);
    change_slot(f, "dates_out", json_array(), FALSE);
    change_slot(f, "dates_in", json_pack("[s]", "2027-01-04"), FALSE);
    change_slot(f, "dates_in", json_array(), TRUE);
    change_slot(f, "class", json_string("uu_tien"), FALSE);
    change_slot(f, "rule", json_string("FREQ=DAILY;INTERVAL=2"), FALSE);
    change_slot(f, "gain_mdb", json_integer(-6000), FALSE);
    change_slot(f, "gain_mdb", json_integer(0), FALSE);
    change_slot(f, "policy", json_string("first"), FALSE);
    change_slot(f, "make_up_min", json_integer(1260), FALSE);
    change_slot(f, "make_up_min", json_integer(1200), TRUE);
    change_slot(f, "make_up_min", json_integer(1201), FALSE);
    change_slot(f, "make_up_min", json_integer(0), TRUE);
    change_slot(f, "targets", json_pack("[{s:s},{s:s}]", "area", "ia-le", "area", "ia-blu"),
                FALSE);
    change_slot(f, "targets", json_pack("[{s:s}]", "area", "ia-le"), TRUE);
}

/* More in the playlist of an approved slot, and less. */
static void
test_playlist(LouderFixture *f, gconstpointer data)
{
    static const struct {
        const char *why, *keep;
        gboolean stays_live;
    } cases[] = {
        {"an item taken away", "", TRUE},
        {"an item more", ",{\"kind\":\"pause\",\"duration_us\":1000}", FALSE},
    };
    g_autofree char *path = g_strdup_printf("/api/playlists/%s", f->playlist);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        json_auto_t *playlist = NULL, *slot = NULL;
        g_autofree char *body = NULL;

        g_assert_cmpuint(louder_call(f, "ed", "GET", path, NULL, &playlist), ==, 200);
        body = g_strdup_printf(
            "{\"name\":\"P\",\"home\":\"chu-puh\",\"revision\":%d,\"items\":[{\"id\":\"%s\","
            "\"kind\":\"pause\",\"duration_us\":2000000}%s]}",
            (int) json_integer_value(json_object_get(playlist, "revision")),
            api_text(json_array_get(json_object_get(playlist, "items"), 0), "id"),
            cases[i].keep);
        g_test_message("%s", cases[i].why);
        g_assert_cmpuint(louder_call(f, "ed", "PUT", path, body, NULL), ==, 200);
        slot = louder_get_slot(f);
        g_assert_cmpint(json_object_get(slot, "approved") != NULL, ==, cases[i].stays_live);
    }
}

static void
test_both_ends(LouderFixture *f, gconstpointer data)
{
    static const struct {
        const char *why, *login, *path, *body;
    } moves[] = {
        {"a zone out of somebody's village", "le-tech", "/api/stations/ia-le/zones/x",
         LOUDER_ZONE("ia-le-a", "[\"jra\"]")},
        {"a zone into somebody's village", "le-tech", "/api/stations/ia-le/zones/a",
         LOUDER_ZONE("ia-blu-a", "[\"jra\"]")},
        {"a station elsewhere", "le-tech", "/api/stations/ia-le",
         "{\"name\":\"L\",\"area\":\"ia-blu\"}"},
        {"somebody's station here", "le-tech", "/api/stations/ia-blu",
         "{\"name\":\"B\",\"area\":\"ia-le\"}"},
        {"an area from under a parent of somebody's", "a-admin", "/api/areas/ia-le-a",
         "{\"kind\":\"village\",\"parent\":\"ia-blu\",\"name\":\"A\"}"},
        {"an area under a parent of somebody's", "le-admin", "/api/areas/ia-le-a",
         "{\"kind\":\"village\",\"parent\":\"ia-blu\",\"name\":\"A\"}"},
        {"an area to the top", "le-admin", "/api/areas/ia-le-a",
         "{\"kind\":\"village\",\"name\":\"A\"}"},
    };

    /* A zone of ours that stands in a neighbour's village: the district put it there. */
    g_assert_cmpuint(louder_call(f, "admin", "PUT", "/api/stations/ia-le/zones/x",
                                 LOUDER_ZONE("ia-blu-a", "[\"jra\"]"), NULL),
                     ==, 200);
    api_fixture_account(&f->api, "le-admin", SCHED_ROLE_ADMINISTRATOR, "ia-le");
    api_fixture_account(&f->api, "a-admin", SCHED_ROLE_ADMINISTRATOR, "ia-le-a");
    api_fixture_account(&f->api, "a-admin", SCHED_ROLE_ADMINISTRATOR, "ia-blu");
    for (gsize i = 0; i < G_N_ELEMENTS(moves); i++) {
        g_test_message("%s", moves[i].why);
        g_assert_cmpuint(
            louder_call(f, moves[i].login, "PUT", moves[i].path, moves[i].body, NULL), ==, 403);
    }
}

/* A target that names its area with nothing is a zone, and asks for the right there. */
static void
test_empty_area(LouderFixture *f, gconstpointer data)
{
    g_autofree char *body = NULL;

    api_fixture_account(&f->api, "blu-ed", SCHED_ROLE_EDITOR, "ia-blu");
    body = g_strdup_printf("{\"name\":\"S\",\"home\":\"ia-blu\",\"playlist\":\"%s\","
                           "\"class\":\"thong_thuong\",\"first_date\":\"2026-12-01\","
                           "\"local_min\":330,\"targets\":[{\"area\":\"\","
                           "\"station\":\"ia-le\",\"zone\":\"a\"}]}",
                           f->playlist);
    g_assert_cmpuint(louder_call(f, "blu-ed", "POST", "/api/slots", body, NULL), ==, 403);
    g_assert_cmpuint(louder_call(f, "ed", "POST", "/api/slots", body, NULL), ==, 201);
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
    add("/scheduler/web/louder/date", test_date);
    add("/scheduler/web/louder/slot", test_slot);
    add("/scheduler/web/louder/playlist", test_playlist);
    add("/scheduler/web/louder/both-ends", test_both_ends);
    add("/scheduler/web/louder/empty-area", test_empty_area);
    return g_test_run();
}
