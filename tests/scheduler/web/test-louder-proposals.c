/*
 * test-louder-proposals.c - the second person, and what becomes of a proposal meanwhile.
 */
#include "tests/scheduler/web/louder-fixture.h"
#include "scheduler/store/proposals.h"
#include "scheduler/store/windows.h"

#include <curl/curl.h>
#include <string.h>

static gint64
cap_of(LouderFixture *f)
{
    json_auto_t *station = NULL;

    g_assert_cmpuint(louder_call(f, "admin", "GET", "/api/stations/ia-le", NULL, &station), ==,
                     200);
    return json_integer_value(json_object_get(station, "gain_cap_mdb"));
}

static gsize
count_open(LouderFixture *f, const char *login)
{
    json_auto_t *answer = NULL;

    g_assert_cmpuint(louder_call(f, login, "GET", "/api/proposals", NULL, &answer), ==, 200);
    return json_array_size(json_object_get(answer, "proposals"));
}

static void
test_second_person(LouderFixture *f, gconstpointer data)
{
    static const char path[] = "/api/stations/ia-le";
    g_autofree char *first = NULL, *again = NULL, *refused = NULL;
    json_auto_t *shown = NULL;
    json_t *one;

    g_assert_cmpuint(louder_call(f, "admin", "PUT", path,
                                 LOUDER_STATION(",\"gain_cap_mdb\":-6000"), NULL),
                     ==, 200);
    first = louder_propose(f, "admin", path, LOUDER_STATION(",\"gain_cap_mdb\":-3000"));
    again = louder_propose(f, "admin", path, LOUDER_STATION(",\"gain_cap_mdb\":-2000"));
    g_assert_cmpint(cap_of(f), ==, -6000);
    /* What was asked for anew is judged as it was asked for last. */
    g_assert_cmpuint(louder_judge(f, "app", first, "approve"), ==, 409);
    g_assert_cmpuint(louder_call(f, "app", "GET", "/api/proposals", NULL, &shown), ==, 200);
    one = json_array_get(json_object_get(shown, "proposals"), 0);
    g_assert_cmpstr(api_text(one, "path"), ==, path);
    g_assert_cmpstr(api_text(one, "author"), ==, "admin");
    g_assert_cmpstr(api_text(one, "body"), ==,
                    "{\"area\":\"ia-le\",\"gain_cap_mdb\":-2000,\"name\":\"Ia Le\"}");
    g_assert_cmpuint(count_open(f, "le"), ==, 1);
    g_assert_cmpuint(count_open(f, "blu"), ==, 0);

    g_assert_cmpuint(louder_judge(f, "admin", again, "approve"), ==, 403); /* their own */
    g_assert_cmpuint(louder_judge(f, "blu", again, "approve"), ==, 403);   /* another place */
    g_assert_cmpuint(louder_judge(f, "le", again, "approve"), ==, 403);    /* no approver */
    g_assert_cmpuint(louder_judge(f, "app", "no-such-one", "approve"), ==, 404);
    g_assert_cmpuint(louder_judge(f, "app", again, "approve"), ==, 200);
    g_assert_cmpint(cap_of(f), ==, -2000);
    g_assert_cmpuint(louder_judge(f, "app", again, "approve"), ==, 409);
    g_assert_cmpuint(count_open(f, "app"), ==, 0);

    refused = louder_propose(f, "admin", path, LOUDER_STATION(",\"gain_cap_mdb\":0"));
    g_assert_cmpuint(louder_judge(f, "admin", refused, "refuse"), ==,
                     200); /* silence needs nobody */
    g_assert_cmpuint(louder_judge(f, "app", refused, "approve"), ==, 409);
    g_assert_cmpint(cap_of(f), ==, -2000);
}

/* Each thing that can be proposed, changed by whoever it was before somebody approved. */
static void
test_stale(LouderFixture *f, gconstpointer data)
{
    /* clang-format off */
    static const struct { const char *path, *proposed, *done; } cases[] = {
        { "/api/stations/ia-le", LOUDER_STATION(",\"gain_cap_mdb\":-1000"), LOUDER_STATION(",\"gain_cap_mdb\":-9000") },
        { "/api/stations/ia-le/zones/a", LOUDER_ZONE("ia-le-a", "[\"jra\",\"vi\",\"bdq\"]"), LOUDER_ZONE("ia-le-a", "[\"jra\"]") },
        { "/api/stations/ia-le/zones/a/volumes", LOUDER_VOLUME("0", "1440", "-1000"), LOUDER_VOLUME("0", "1440", "-9000") },
        { "/api/areas/ia-le/windows", LOUDER_WINDOW("300", "500", "90"), LOUDER_WINDOW("330", "400", "30") },
        { "/api/areas/ia-le", LOUDER_AREA("gia-lai", "Ia Le"), LOUDER_AREA("chu-puh", "Ia Lê") },
    };
    /* clang-format on */

    g_assert_cmpuint(louder_call(f, "admin", "PUT", cases[0].path,
                                 LOUDER_STATION(",\"gain_cap_mdb\":-6000"), NULL),
                     ==, 200);
    g_assert_cmpuint(louder_call(f, "admin", "PUT", cases[2].path,
                                 LOUDER_VOLUME("0", "1440", "-3000"), NULL),
                     ==, 200);
    g_assert_cmpuint(louder_call(f, "admin", "PUT", cases[3].path,
                                 LOUDER_WINDOW("330", "400", "60"), NULL),
                     ==, 200);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *stale = louder_propose(f, "admin", cases[i].path, cases[i].proposed);
        g_autofree char *fresh = NULL;

        g_test_message("%s", cases[i].path);
        g_assert_cmpuint(louder_call(f, "admin", "PUT", cases[i].path, cases[i].done, NULL), ==,
                         200);
        g_assert_cmpuint(louder_judge(f, "app", stale, "approve"), ==, 409);
        fresh = louder_propose(f, "admin", cases[i].path, cases[i].proposed);
        g_assert_cmpuint(louder_judge(f, "app", stale, "refuse"), ==, 409); /* replaced */
        g_assert_cmpuint(louder_judge(f, "app", fresh, "approve"), ==, 200);
    }
}

/* Who asked has lost the right meanwhile. */
static void
test_author_gone(LouderFixture *f, gconstpointer data)
{
    static const char zone[] = "/api/stations/ia-le/zones/a";
    static const char windows[] = "/api/areas/ia-le/windows";
    g_autofree char *waits = NULL, *other = NULL;

    g_assert_cmpuint(
        louder_call(f, "le", "PUT", windows, LOUDER_WINDOW("330", "400", "60"), NULL), ==, 200);
    waits = louder_propose(f, "le-tech", zone, LOUDER_ZONE("ia-le-b", "[\"jra\"]"));
    other = louder_propose(f, "le", windows, LOUDER_WINDOW("330", "401", "60"));
    g_assert_cmpuint(louder_call(f, "admin", "PUT", "/api/accounts/le-tech/state",
                                 "{\"state\":\"locked\"}", NULL),
                     ==, 200);
    g_assert_cmpuint(louder_judge(f, "app", waits, "approve"), ==, 409);
    g_assert_cmpuint(louder_judge(f, "app", waits, "refuse"), ==, 200);
    g_assert_cmpuint(louder_judge(f, "app", other, "approve"), ==, 200);
}

/* One person's do not keep everybody else's out. */
static void
test_many_proposals(LouderFixture *f, gconstpointer data)
{
    for (guint i = 0; i <= SCHED_PROPOSAL_MAX_OPEN_AUTHOR; i++) {
        g_autofree char *path = g_strdup_printf("/api/stations/ia-le/zones/z%u", i);
        guint status =
            louder_call(f, "le-tech", "PUT", path, LOUDER_ZONE("ia-le-a", "[\"jra\"]"), NULL);

        g_assert_cmpuint(status, ==, i < SCHED_PROPOSAL_MAX_OPEN_AUTHOR ? 202 : 422);
    }
    g_free(louder_propose(f, "admin", "/api/stations/ia-le/zones/x",
                          LOUDER_ZONE("ia-le-a", "[\"jra\"]")));
    g_free(louder_propose(f, "le-tech", "/api/stations/ia-le/zones/z0",
                          LOUDER_ZONE("ia-le-a", "[\"bdq\"]")));
}

/* The longest that a table of windows can be fits, and no more than a page needs is kept. */
static void
test_long_proposal(LouderFixture *f, gconstpointer data)
{
    g_autoptr(GString) body = g_string_new("{\"limit_min\":1440,\"windows\":[");

    g_assert_cmpuint(louder_call(f, "le", "PUT", "/api/areas/ia-le/windows",
                                 LOUDER_WINDOW("330", "400", "60"), NULL),
                     ==, 200);
    for (guint i = 0; i < SCHED_AREA_MAX_WINDOWS; i++)
        g_string_append_printf(body,
                               "%s{\"class\":\"thong_thuong\",\"weekdays\":%u,"
                               "\"from_min\":%u,\"to_min\":%u}",
                               i == 0 ? "" : ",", 127, 1000 + i, 1001 + i);
    g_string_append(body, "]}");
    g_assert_cmpuint(body->len, <, SCHED_PROPOSAL_MAX_BODY_BYTES);
    g_free(louder_propose(f, "le", "/api/areas/ia-le/windows", body->str));
}

/* The database itself holds it, whoever writes to it. */
static gboolean
approve_by_hand(SchedTxn *txn, gpointer data, GError **error)
{
    assert_refused(txn, SCHED_STORE_ERROR_INVALID,
                   sched_sql_run(txn, "UPDATE proposals SET state = 'approved', judge = author",
                                 &problem, ""));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "UPDATE proposals SET body = '{}'", &problem, ""));
    assert_refused(txn, SCHED_STORE_ERROR_RULE,
                   sched_sql_run(txn, "DELETE FROM proposals", &problem, ""));
    return TRUE;
}

static void
test_by_hand(LouderFixture *f, gconstpointer data)
{
    g_free(louder_propose(f, "admin", "/api/areas/gia-lai/windows",
                          LOUDER_WINDOW("0", "1440", "1440")));
    temp_store_run(f->api.store, approve_by_hand, NULL);
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
    add("/scheduler/web/louder/second-person", test_second_person);
    add("/scheduler/web/louder/stale", test_stale);
    add("/scheduler/web/louder/author-gone", test_author_gone);
    add("/scheduler/web/louder/many-proposals", test_many_proposals);
    add("/scheduler/web/louder/long-proposal", test_long_proposal);
    add("/scheduler/web/louder/by-hand", test_by_hand);
    return g_test_run();
}
