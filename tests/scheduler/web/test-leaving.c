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
    g_assert_cmpuint(retire(f, "admin", NULL, FALSE, "unfinished", "1 pieces of work"), ==,
                     422);
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
    g_assert_cmpuint(retire(f, "admin", NULL, FALSE, "unfinished", "1 pieces"), ==, 422);
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

static guint
right(ApiFixture *f, const char *method, const char *path, const char *area, gint64 until_us,
      gboolean force)
{
    return api_fixture_call(f, "admin", method, path,
                            json_pack("{s:s, s:s, s:I, s:b}", "role", "approver", "area", area,
                                      "until_us", (json_int_t) until_us, "force", (int) force),
                            NULL);
}

static guint
move(ApiFixture *f, const char *parent, gboolean force)
{
    return api_fixture_call(f, "admin", "PUT", "/api/areas/ia-le",
                            json_pack("{s:s, s:s, s:s, s:b}", "kind", "commune", "name",
                                      "Ia Le", "parent", parent, "force", (int) force),
                            NULL);
}

static gboolean
is_alone(ApiFixture *f, const char *login, gint64 *out_from_us)
{
    json_auto_t *answer = NULL;
    json_t *list;

    g_assert_cmpuint(api_fixture_call(f, login, "GET", "/api/alone", NULL, &answer), ==, 200);
    list = json_object_get(answer, "alone");
    *out_from_us = json_integer_value(json_object_get(json_array_get(list, 0), "from_us"));
    return json_array_size(list) > 0;
}

#define REVOKE "/api/accounts/deputy/rights/revoke"
#define GRANT  "/api/accounts/deputy/rights"

/* Not by a right that is taken, nor one that ends, nor a move below others; and told before. */
static void
test_rights(ApiFixture *f, gconstpointer data)
{
    g_autofree char *id = NULL;
    gint64 now_us = content_clock_utc_us(f->clock), day_us = TEMP_STORE_DAY_US, from_us;

    api_fixture_account(f, "admin", SCHED_ROLE_ADMINISTRATOR, "gia-lai");
    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "ia-le");
    api_fixture_account(f, "leaver", SCHED_ROLE_APPROVER, "chu-puh");
    api_fixture_account(f, "deputy", -1, NULL);
    api_fixture_account(f, "small", SCHED_ROLE_ADMINISTRATOR, "ia-blu");
    id = write_announcement(f, "ed");
    for (gsize i = 0; i < 2; i++)
        g_assert_cmpuint(api_fixture_call(f, "admin", "PUT",
                                          i == 0 ? "/api/accounts/approver/state"
                                                 : "/api/accounts/approver-2/state",
                                          json_pack("{s:s}", "state", "retired"), NULL),
                         ==, 200);
    /* The district's only approver: the commune stays below the district. */
    g_assert_cmpuint(move(f, "gia-lai", FALSE), ==, 409);
    g_assert_cmpuint(right(f, "PUT", GRANT, "ia-le", 0, FALSE), ==, 200);
    g_assert_cmpuint(move(f, "gia-lai", FALSE), ==, 200);
    /* Now the deputy alone approves there. */
    g_assert_cmpuint(right(f, "POST", REVOKE, "ia-le", 0, FALSE), ==, 409);
    g_assert_false(is_alone(f, "admin", &from_us));
    /* An end that has passed is none to be given; one to come is warned of. */
    g_assert_cmpuint(right(f, "PUT", GRANT, "ia-le", now_us - day_us, FALSE), ==, 409);
    g_assert_cmpuint(right(f, "PUT", GRANT, "ia-le", now_us + 20 * day_us, FALSE), ==, 200);
    g_assert_false(is_alone(f, "admin", &from_us));
    g_assert_cmpuint(right(f, "PUT", GRANT, "ia-le", now_us + 10 * day_us, FALSE), ==, 200);
    g_assert_true(is_alone(f, "admin", &from_us));
    g_assert_cmpint(from_us, ==, now_us + 10 * day_us);
    /* Somebody knows, and says so; it is seen that nobody approves there. */
    g_assert_cmpuint(right(f, "POST", REVOKE, "ia-le", 0, TRUE), ==, 200);
    g_assert_true(is_alone(f, "admin", &from_us));
    g_assert_cmpint(from_us, <=, content_clock_utc_us(f->clock));
    /* Of other communes nothing is told. */
    g_assert_false(is_alone(f, "small", &from_us));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/scheduler/web/leaving/work", test_work);
    api_fixture_add("/scheduler/web/leaving/proposal", test_proposal);
    api_fixture_add("/scheduler/web/leaving/alone", test_alone);
    api_fixture_add("/scheduler/web/leaving/rights", test_rights);
    return g_test_run();
}
