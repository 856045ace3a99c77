/* test-leaving.c - an account is retired: one act, a successor, and no place left alone. */
#include "scheduler/store/proposals.h"
#include "tests/scheduler/web/api-fixture.h"

#include <curl/curl.h>
#include <string.h>

static guint
retire(ApiFixture *f, const char *who, const char *successor, gboolean force, const char *code,
       const char *words)
{
    json_auto_t *json = NULL;
    guint status = api_fixture_call(f, who, "PUT", "/api/accounts/leaver/state",
                                    json_pack("{s:s, s:s*, s:b}", "state", "retired",
                                              "successor", successor, "force", (int) force),
                                    &json);

    if (code != NULL)
        g_assert_cmpstr(api_text(json, "code"), ==, code);
    if (words != NULL)
        g_assert_nonnull(strstr(api_text(json, "detail"), words));
    return status;
}

static char *
write_announcement(ApiFixture *f, const char *who)
{
    json_auto_t *made = NULL;
    json_t *body =
        json_pack("{s:s, s:s, s:[s], s:s, s:s, s:s, s:I, s:I, s:s, s:s, s:s}", "title",
                  "Lịch tiêm phòng", "home", "ia-le", "areas", "ia-le", "class", "thong_thuong",
                  "kind", "bulletin", "source_number", "1", "valid_from_us", (json_int_t) 0,
                  "valid_until_us", (json_int_t) 4102444800000000, "source_issuer", "UBND",
                  "source_date", "2026-03-01", "category", "");

    g_assert_cmpuint(api_fixture_call(f, who, "POST", "/api/announcements", body, &made), ==,
                     201);
    return g_strdup(api_text(made, "id"));
}

/* An editor leaves: the draft goes to whoever is named, and stays nobody's to approve alone. */
static void
test_work(ApiFixture *f, gconstpointer data)
{
    json_auto_t *after = NULL;
    g_autofree char *id = NULL, *path = NULL;

    api_fixture_account(f, "admin", SCHED_ROLE_ADMINISTRATOR, "gia-lai");
    api_fixture_account(f, "small", SCHED_ROLE_ADMINISTRATOR, "ia-blu");
    api_fixture_account(f, "leaver", SCHED_ROLE_EDITOR, "ia-le");
    api_fixture_account(f, "heir", SCHED_ROLE_EDITOR, "ia-le");
    id = write_announcement(f, "leaver");
    g_assert_cmpuint(retire(f, "small", "heir", FALSE, "no-right", NULL), ==, 403);
    g_assert_cmpuint(retire(f, "admin", NULL, FALSE, "invalid", "1 pieces of work"), ==, 422);
    g_assert_cmpuint(retire(f, "admin", "leaver", FALSE, "invalid", "successor"), ==, 422);
    g_assert_cmpuint(retire(f, "admin", "no-such", FALSE, "invalid", "successor"), ==, 422);
    /* Refused, nothing of it is done: the session goes on. */
    g_assert_cmpuint(api_fixture_call(f, "leaver", "GET", "/api/session", NULL, NULL), ==, 200);
    g_assert_cmpuint(retire(f, "admin", "heir", FALSE, NULL, NULL), ==, 200);
    g_assert_cmpuint(api_fixture_call(f, "leaver", "GET", "/api/session", NULL, NULL), ==, 401);
    path = g_strconcat("/api/announcements/", id, NULL);
    g_assert_cmpuint(api_fixture_call(f, "heir", "GET", path, NULL, &after), ==, 200);
    g_assert_cmpstr(api_text(after, "author"), ==, "heir");
}

static gboolean
propose(SchedTxn *txn, gpointer data, GError **error)
{
    const SchedProposalRow row = {.id = (char *) "pr",
                                  .route = (char *) "setVolumes",
                                  .arguments = (char *) "ia-le\na",
                                  .body = (char *) "{\"volumes\":[]}"};

    temp_store_as(txn, "leaver", TEMP_STORE_NOW_US);
    assert_done(sched_store_proposal_add(txn, &row, &problem));
    return TRUE;
}

/* Somebody's open proposal is asked for by the successor from then on. */
static void
test_proposal(ApiFixture *f, gconstpointer data)
{
    json_auto_t *before = NULL, *after = NULL;
    json_t *one;

    api_fixture_people(f);
    api_fixture_account(f, "leaver", SCHED_ROLE_ADMINISTRATOR, "gia-lai");
    temp_store_run(f->store, propose, NULL);
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/proposals", NULL, &before), ==,
                     200);
    g_assert_cmpuint(json_array_size(json_object_get(before, "proposals")), ==, 1);
    g_assert_cmpuint(retire(f, "admin", NULL, FALSE, "invalid", "1 pieces"), ==, 422);
    g_assert_cmpuint(retire(f, "admin", "admin", FALSE, NULL, NULL), ==, 200);
    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", "/api/proposals", NULL, &after), ==,
                     200);
    one = json_array_get(json_object_get(after, "proposals"), 0);
    g_assert_cmpstr(api_text(one, "author"), ==, "admin");
    g_assert_cmpstr(api_text(one, "id"), !=, "pr");
}

/* The only approver of a place with announcements goes only if somebody says that they know. */
static void
test_alone(ApiFixture *f, gconstpointer data)
{
    static const char *const others[] = {"/api/accounts/approver/state",
                                         "/api/accounts/approver-2/state"};
    g_autofree char *id = NULL;

    api_fixture_account(f, "admin", SCHED_ROLE_ADMINISTRATOR, "gia-lai");
    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "ia-le");
    api_fixture_account(f, "leaver", SCHED_ROLE_APPROVER, "ia-le");
    id = write_announcement(f, "ed");
    /* The store's own people approve there too: one after the other goes. */
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        g_assert_cmpuint(api_fixture_call(f, "admin", "PUT", others[i],
                                          json_pack("{s:s}", "state", "retired"), NULL),
                         ==, 200);
    g_assert_cmpuint(retire(f, "admin", NULL, FALSE, "no-approver", "Ia Le"), ==, 409);
    g_assert_cmpuint(retire(f, "admin", "ed", FALSE, "no-approver", "Ia Le"), ==, 409);
    /* To lock one whose password is known to others waits for nobody. */
    g_assert_cmpuint(api_fixture_call(f, "admin", "PUT", "/api/accounts/leaver/state",
                                      json_pack("{s:s}", "state", "locked"), NULL),
                     ==, 200);
    g_assert_cmpuint(api_fixture_call(f, "admin", "PUT", "/api/accounts/leaver/state",
                                      json_pack("{s:s}", "state", "active"), NULL),
                     ==, 200);
    g_assert_cmpuint(retire(f, "admin", NULL, TRUE, NULL, NULL), ==, 200);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/scheduler/web/leaving/work", test_work);
    api_fixture_add("/scheduler/web/leaving/proposal", test_proposal);
    api_fixture_add("/scheduler/web/leaving/alone", test_alone);
    return g_test_run();
}
