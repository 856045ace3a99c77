/* test-trials.c - what would happen is asked by who might do it, and nothing of it is kept. */
#include "scheduler/web/api-internal.h"
#include "tests/scheduler/web/api-fixture.h"

#include <string.h>

#define LONG_RULE                                                                              \
    "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10,"          \
    "11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31;INTERVAL=1;WKST=MO;BYDAY=" \
    "MO,TU,WE,TH,FR,SA,SU"
#define SLOT(home, target, rule, items)                                                        \
    "{\"name\":\"N\",\"home\":\"" home "\",\"class\":\"thong_thuong\",\"local_min\":1320,"     \
    "\"first_date\":\"2040-01-01\",\"rule\":\"" rule "\",\"targets\":[{\"area\":\"" target     \
    "\"}]" items "}"
#define PAUSE ",\"items\":[{\"kind\":\"pause\",\"duration_us\":2000000}]"

/* clang-format off */
static const struct { const char *why, *login, *body; guint status; } cases[] = {
    { "who might keep it", "ed", SLOT("chu-puh", "ia-le", "", PAUSE), 200 },
    { "repeats", "ed", SLOT("chu-puh", "ia-le", "FREQ=DAILY", PAUSE), 200 },
    { "who only approves", "app", SLOT("chu-puh", "ia-le", "", PAUSE), 403 },
    { "nobody's session", NULL, SLOT("chu-puh", "ia-le", "", PAUSE), 401 },
    { "sounds where they may not", "ed", SLOT("chu-puh", "gia-lai", "", PAUSE), 403 },
    { "is kept where they may not", "ed", SLOT("gia-lai", "ia-le", "", PAUSE), 403 },
    { "a rule that is none", "ed", SLOT("chu-puh", "ia-le", "FREQ=SECONDLY", PAUSE), 422 },
    { "nothing to play", "ed", SLOT("chu-puh", "ia-le", "", ""), 422 },
    { "a time zone that is none", "ed", SLOT("chu-puh", "ia-le", "", PAUSE ",\"tzid\":\"Nowhere/Land\""), 422 },
    { "a rule too long beside an end", "ed",
      SLOT("chu-puh", "ia-le", LONG_RULE, PAUSE ",\"until\":\"2041-01-01\""), 422 },
    { "a pause of an hour", "ed",
      SLOT("chu-puh", "ia-le", "", ",\"items\":[{\"kind\":\"pause\",\"duration_us\":3600000000}]"), 422 },
    { "a bulletin that is none", "ed", SLOT("chu-puh", "ia-le", "", ",\"items\":[{\"kind\":\"announcement\"}]"), 422 },
    { "a playlist that is not there", "ed", SLOT("chu-puh", "ia-le", "", ",\"playlist\":\"none\""), 404 },
};
/* clang-format on */

static gsize
count(ApiFixture *f, const char *path, const char *name)
{
    json_auto_t *answer = NULL;

    g_assert_cmpuint(api_fixture_call(f, "admin", "GET", path, NULL, &answer), ==, 200);
    return json_array_size(json_object_get(answer, name));
}

static void
test_rights(ApiFixture *f, gconstpointer data)
{
    gsize n_rows;

    api_fixture_people(f);
    n_rows = count(f, "/api/audit?limit=200", "rows");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        json_auto_t *answer = NULL;

        g_test_message("%s", cases[i].why);
        g_assert_cmpuint(api_fixture_call(f, cases[i].login, "POST", "/api/slot-trials",
                                          json_loads(cases[i].body, 0, NULL), &answer),
                         ==, cases[i].status);
        if (cases[i].status == 200)
            g_assert_true(json_is_array(json_object_get(answer, "lines")));
    }
    g_assert_cmpuint(count(f, "/api/slots", "slots"), ==, 0);
    g_assert_cmpuint(count(f, "/api/playlists", "playlists"), ==, 0);
    g_assert_cmpuint(count(f, "/api/audit?limit=200", "rows"), ==, n_rows);
}

static guint
compare_hours(ApiFixture *f)
{
    return api_fixture_call(f, "admin", "POST", "/api/areas/ia-le/windows/preview",
                            json_pack("{s:[{s:s, s:i, s:i, s:i}], s:i}", "windows", "class",
                                      "thong_thuong", "weekdays", 127, "from_min", 300,
                                      "to_min", 600, "limit_min", 60),
                            NULL);
}

/* What takes long is done for one at a time, and the next one finds it free again. */
static void
test_hours(ApiFixture *f, gconstpointer data)
{
    api_fixture_people(f);
    g_assert_cmpuint(compare_hours(f), ==, 200);
    g_atomic_int_set(&f->api->is_comparing, 1);
    g_assert_cmpuint(compare_hours(f), ==, 429);
    g_atomic_int_set(&f->api->is_comparing, 0);
    g_assert_cmpuint(compare_hours(f), ==, 200);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    api_fixture_add("/trials/rights", test_rights);
    api_fixture_add("/trials/hours", test_hours);
    return g_test_run();
}
