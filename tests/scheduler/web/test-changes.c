/* test-changes.c - pages that wait: answered by a change, after a while, and at the end. */
#include "scheduler/store/areas.h"
#include "scheduler/web/changes.h"
#include "tests/scheduler/web/api-fixture.h"

#include <curl/curl.h>
#include <string.h>

/* What happens once the page waits. */
typedef struct {
    const char *why;
    gboolean writes;
    gint64 advance_us;
    gboolean is_other; /* the answer tells another count than the page had */
} Story;

typedef struct {
    ApiFixture *f;
    const Story *story;
} Stage;

static gboolean
add_area(SchedTxn *txn, gpointer data, GError **error)
{
    const SchedAreaRow area = {.id = (char *) "plei-moi",
                               .parent = (char *) "ia-le",
                               .kind = SCHED_AREA_VILLAGE,
                               .name = (char *) "Plei Mới"};

    return sched_store_area_put(txn, &area, error);
}

static gboolean
act_when_it_waits(gpointer data)
{
    Stage *stage = data;

    if (sched_api_n_open(stage->f->api) == 0)
        return G_SOURCE_CONTINUE;
    if (stage->story->writes)
        temp_store_run(stage->f->store, add_area, NULL);
    fake_clock_advance(stage->f->clock, stage->story->advance_us);
    return G_SOURCE_REMOVE;
}

static gint64
ask(ApiFixture *f, const char *after)
{
    g_autofree char *path = g_strconcat("/api/changes", after, NULL);
    json_auto_t *answer = NULL;

    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", path, NULL, &answer), ==, 200);
    return json_integer_value(json_object_get(answer, "seq"));
}

static void
test_waits(ApiFixture *f, gconstpointer data)
{
    static const Story stories[] = {
        {"a change is told", TRUE, G_USEC_PER_SEC, TRUE},
        {"nothing changes: told after a while", FALSE, SCHED_CHANGES_HOLD_US, FALSE},
    };

    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    for (gsize i = 0; i < G_N_ELEMENTS(stories); i++) {
        Stage stage = {f, &stories[i]};
        gint64 seq = ask(f, "");
        g_autofree char *after = g_strdup_printf("?after=%" G_GINT64_FORMAT, seq);
        gint64 told;

        g_test_message("%s", stories[i].why);
        g_timeout_add(1, act_when_it_waits, &stage);
        told = ask(f, after);
        g_assert_true((told != seq) == stories[i].is_other);
    }
}

static void
test_at_once(ApiFixture *f, gconstpointer data)
{
    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    /* Neither no count nor one from another start of the scheduler is waited with. */
    g_assert_cmpint(ask(f, "?after=999999"), ==, ask(f, "?after=x"));
    g_assert_cmpuint(api_fixture_call(f, NULL, "GET", "/api/changes", NULL, NULL), ==, 401);
}

/* A page that left, and one that still waits, keep nothing from ending. */
static void
test_end(ApiFixture *f, gconstpointer data)
{
    g_autofree char *token = NULL, *request = NULL, *came = NULL;
    TestPiece pieces[] = {{NULL}, {NULL}};

    api_fixture_account(f, "ed", SCHED_ROLE_EDITOR, "chu-puh");
    token = api_fixture_token("ed");
    request = g_strdup_printf("GET /api/changes?after=%" G_GINT64_FORMAT
                              " HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n",
                              ask(f, ""), token);
    pieces[0].bytes = request;
    came = test_https_raw(&f->people, pieces, G_USEC_PER_SEC / 2, NULL);
    g_assert_cmpstr(came, ==, "");
    g_assert_cmpuint(sched_api_n_open(f->api), ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    api_fixture_add("/scheduler/web/changes/waits", test_waits);
    api_fixture_add("/scheduler/web/changes/at-once", test_at_once);
    api_fixture_add("/scheduler/web/changes/end", test_end);
    return g_test_run();
}
