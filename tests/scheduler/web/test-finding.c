/*
 * test-finding.c - announcements found by what they are and what they lack, and where each is
 * played.
 */
#include "tests/scheduler/web/api-fixture.h"

#include <curl/curl.h>

static char *
add(ApiFixture *f, const char *login, const char *path, const char *body)
{
    json_auto_t *answer = NULL;
    json_t *json = json_loads(body, 0, NULL);

    g_assert_nonnull(json);
    g_assert_cmpuint(api_fixture_call(f, login, "POST", path, json, &answer), ==, 201);
    return g_strdup(api_text(answer, "id"));
}

static char *
make(ApiFixture *f, const char *title, const char *kind, const char *category,
     const char *class_)
{
    g_autofree char *body = g_strdup_printf(
        "{\"title\":\"%s\",\"kind\":\"%s\",\"category\":\"%s\",\"class\":\"%s\","
        "\"source_number\":\"12/TB\",\"source_issuer\":\"UBND\",\"source_date\":\"2026-03-01\","
        "\"valid_from_us\":0,\"valid_until_us\":4000000000000000,\"home\":\"chu-puh\","
        "\"areas\":[\"ia-le\"]}",
        title, kind, category, class_);

    return add(f, "ed", "/api/announcements", body);
}

static char *
make_at(ApiFixture *f, const char *login, const char *title, const char *home)
{
    g_autofree char *body = g_strdup_printf(
        "{\"title\":\"%s\",\"kind\":\"bulletin\",\"category\":\"\",\"class\":\"thong_thuong\","
        "\"source_number\":\"12/TB\",\"source_issuer\":\"UBND\",\"source_date\":\"2026-03-01\","
        "\"valid_from_us\":0,\"valid_until_us\":4000000000000000,\"home\":\"%s\","
        "\"areas\":[\"%s\"]}",
        title, home, home);

    return add(f, login, "/api/announcements", body);
}

static void
add_version(ApiFixture *f, const char *announcement, const char *body)
{
    g_autofree char *path = g_strdup_printf("/api/announcements/%s/versions", announcement);
    g_autofree char *id = add(f, "ed", path, body);
}

static gint
by_name(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(*(const char *const *) a, *(const char *const *) b);
}

/* "A B": titles found; all were made at one instant. */
static char *
found_by(ApiFixture *f, const char *login, const char *query)
{
    g_autofree char *path = g_strconcat("/api/announcements", query, NULL);
    g_autoptr(GPtrArray) titles = g_ptr_array_new();
    json_auto_t *answer = NULL;
    json_t *one;
    size_t i;

    g_assert_cmpuint(api_fixture_call(f, login, "GET", path, NULL, &answer), ==, 200);
    json_array_foreach(json_object_get(answer, "announcements"), i, one)
        g_ptr_array_add(titles, (char *) api_text(one, "title"));
    g_ptr_array_sort(titles, by_name);
    g_ptr_array_add(titles, NULL);
    return g_strjoinv(" ", (char **) titles->pdata);
}

static char *
found(ApiFixture *f, const char *query)
{
    return found_by(f, "ed", query);
}

/* clang-format off */
static const struct {
    const char *why, *query, *titles;
} searches[] = {
    { "all",                              "",                                  "A B C D E" },
    { "of a category, as it was written", "?category=Y%20t%E1%BA%BF",          "A B" },
    { "no part of one",                   "?category=Y",                       ""    },
    { "of a class",                       "?class=uu_tien",                    "B C" },
    { "so far",                           "?state=draft",                      "A C" },
    { "nothing is so far yet",            "?state=approved",                   ""    },
    { "withdrawn is a state of all",      "?state=withdrawn",                  "D"   },
    { "a signal lacks no language",       "?lacks=jra",                        "B C D" },
    { "what is there is not lacking",     "?lacks=bdq",                        "A B D" },
    { "by a word of a script",            "?search=tiem%20phong",              "A"   },
    { "by its marks in Bahnar",           "?search=b%C6%A1%CC%86n",            "C"   },
    { "by the document's number",         "?search=12%2Ftb",                   "A B C D E" },
    { "by who issued it, and no further", "?search=ubnd%20xa",                 ""    },
    { "a quote is no syntax",             "?search=%22%20OR%20%22",            ""    },
    { "nor is a star",                    "?search=*",                         ""    },
    { "all must hold",                    "?lacks=jra&class=uu_tien&search=c", "C"   },
};
static const struct {
    const char *why, *query;
} wrong[] = {
    { "no class",    "?class=urgent"    },
    { "no state",    "?state=released"  },
    { "no language", "?lacks=klingon"   },
};
/* clang-format on */

#define A_LOT "o o o o o o o o o o o o o o o "

static void
fill(ApiFixture *f)
{
    g_autofree char *a = make(f, "A", "bulletin", "Y tế", "thong_thuong");
    g_autofree char *b = make(f, "B", "bulletin", "Y tế", "uu_tien");
    g_autofree char *c = make(f, "C", "bulletin", "", "uu_tien");
    g_autofree char *d = make(f, "D", "bulletin", "Pháp luật", "thong_thuong");
    g_autofree char *e = make(f, "E", "signal", "", "thong_thuong");
    g_autofree char *withdraw = g_strdup_printf("/api/announcements/%s/withdraw", d);

    add_version(f, a, "{\"language\":\"jra\",\"script\":\"Hrơi tiêm phòng ƀơi ƀuôn Ia Le\"}");
    add_version(f, c,
                "{\"language\":\"bdq\",\"script\":\"" A_LOT A_LOT A_LOT
                "'bơ̆n pơlei " A_LOT A_LOT A_LOT "\"}");
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", withdraw, NULL, NULL), ==, 200);
    g_assert_nonnull(b);
    g_assert_nonnull(e);
}

/* What the list says of where it found the only one. */
static char *
where(ApiFixture *f, const char *query)
{
    g_autofree char *path = g_strconcat("/api/announcements", query, NULL);
    json_auto_t *answer = NULL;
    json_t *list, *one;

    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", path, NULL, &answer), ==, 200);
    list = json_object_get(answer, "announcements");
    g_assert_cmpuint(json_array_size(list), >=, 1);
    one = json_object_get(json_array_get(list, 0), "found");
    return one == NULL ? NULL : json_dumps(one, JSON_COMPACT | JSON_SORT_KEYS);
}

static void
test_where(ApiFixture *f, gconstpointer data)
{
    static const struct {
        const char *why, *query, *found;
    } cases[] = {
        {"nobody looked for anything", "", NULL},
        {"the title, before all else", "?search=a", "{\"in\":\"title\"}"},
        {"the source", "?search=UBND", "{\"in\":\"source\"}"},
        {"a script, as it is written", "?search=TIEM+phong",
         "{\"after\":\" ƀơi ƀuôn Ia Le\",\"before\":\"Hrơi \",\"hit\":\"tiêm phòng\","
         "\"in\":\"script\",\"language\":\"jra\"}"},
        {"a long one, of which more stands on both sides", "?search=polei",
         "{\"after\":\" o o o o o o o o o o o o o o o o o o o o o o o o o o o o o o…\","
         "\"before\":\"…o o o o o o o o o o o o o o o o o ʼbơ̆n \",\"hit\":\"pơlei\",\"in\":"
         "\"script\",\"language\":\"bdq\"}"},
    };

    api_fixture_people(f);
    fill(f);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *told = where(f, cases[i].query);

        g_test_message("%s", cases[i].why);
        g_assert_cmpstr(told, ==, cases[i].found);
    }
}

static void
test_filters(ApiFixture *f, gconstpointer data)
{
    json_auto_t *answer = NULL;
    json_t *list;

    api_fixture_people(f);
    fill(f);
    for (gsize i = 0; i < G_N_ELEMENTS(searches); i++) {
        g_autofree char *titles = found(f, searches[i].query);

        g_test_message("%s", searches[i].why);
        g_assert_cmpstr(titles, ==, searches[i].titles);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *path = g_strconcat("/api/announcements", wrong[i].query, NULL);

        g_test_message("%s", wrong[i].why);
        g_assert_cmpuint(api_fixture_call(f, "ed", "GET", path, NULL, NULL), ==, 400);
    }
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", "/api/categories", NULL, &answer), ==,
                     200);
    list = json_object_get(answer, "categories");
    g_assert_cmpuint(json_array_size(list), ==, 13);
    g_assert_cmpstr(api_text(json_array_get(list, 4), "category"), ==, "Y tế");
    g_assert_cmpint(json_integer_value(json_object_get(json_array_get(list, 4), "n")), ==, 2);
}

/* ---- by what it may be sorted ---- */

/* clang-format off */
static const struct {
    const char *why, *category;
    guint status;
} sorted[] = {
    { "none is always right",          "",          201 },
    { "of the list",                   "Mùa vụ",    201 },
    { "spaces around it are no part",  "Giáo dục",  201 },
    { "of the list as it was",         "Y tế",      422 },
    { "its beginning",                 "Mùa",       422 },
};
static const struct {
    const char *why, *list;
    guint status;
} lists[] = {
    { "an empty line is none",  "Mùa vụ\n\n  Giáo dục \n", 200 },
    { "none at all",            "",                       422 },
    { "one twice",              "Mùa vụ\nMùa vụ",         422 },
    { "longer than is kept",    "0123456789012345678901234567890123456789012345678901234567890123x", 422 },
};
/* clang-format on */

static void
set_list(ApiFixture *f, const char *list, guint status)
{
    g_assert_cmpuint(api_fixture_call(f, "admin", "PUT", "/api/settings/categories",
                                      json_pack("{s:s}", "value", list), NULL),
                     ==, status);
}

static gboolean
empty_list(SchedTxn *txn, gpointer data, GError **error)
{
    temp_store_exec(txn, "UPDATE settings SET value = ' ' WHERE key = 'categories'");
    return TRUE;
}

static json_t *
sorted_body(const char *category)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:I, s:s, s:[s]}", "title", "T",
                     "kind", "bulletin", "category", category, "class", "thong_thuong",
                     "source_number", "12/TB", "source_issuer", "UBND", "source_date",
                     "2026-03-01", "valid_from_us", 0, "valid_until_us",
                     (json_int_t) 4000000000000000, "home", "chu-puh", "areas", "ia-le");
}

static void
test_categories(ApiFixture *f, gconstpointer data)
{
    json_auto_t *old = NULL, *changed = NULL, *listed = NULL, *all = NULL;
    g_autofree char *path = NULL;
    json_t *body, *list;

    api_fixture_people(f);
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", "/api/announcements",
                                      sorted_body("Y tế"), &old),
                     ==, 201);
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_test_message("%s", lists[i].why);
        set_list(f, lists[i].list, lists[i].status);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(sorted); i++) {
        json_auto_t *answer = NULL;

        g_test_message("%s", sorted[i].why);
        g_assert_cmpuint(api_fixture_call(f, "ed", "POST", "/api/announcements",
                                          sorted_body(sorted[i].category), &answer),
                         ==, sorted[i].status);
        /* Which there are is told. */
        if (sorted[i].status == 422)
            g_assert_nonnull(strstr(api_text(answer, "detail"), "“Mùa vụ”, “Giáo dục”"));
    }
    /* What has one of before keeps it through a change, and is found by it. */
    path = g_strdup_printf("/api/announcements/%s", api_text(old, "id"));
    body = sorted_body("Y tế");
    json_object_set_new(body, "title", json_string("K"));
    json_object_set_new(body, "revision", json_integer(1));
    g_assert_cmpuint(api_fixture_call(f, "ed", "PUT", path, body, &changed), ==, 200);
    g_assert_cmpstr(api_text(changed, "category"), ==, "Y tế");
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET",
                                      "/api/announcements?category=Y%20t%E1%BA%BF", NULL,
                                      &listed),
                     ==, 200);
    g_assert_cmpuint(json_array_size(json_object_get(listed, "announcements")), ==, 1);
    g_assert_cmpuint(api_fixture_call(f, "ed", "GET", "/api/categories", NULL, &all), ==, 200);
    list = json_object_get(all, "categories");
    g_assert_cmpuint(json_array_size(list), ==, 3);
    g_assert_true(json_is_true(json_object_get(json_array_get(list, 1), "offered")));
    g_assert_cmpstr(api_text(json_array_get(list, 2), "category"), ==, "Y tế");
    g_assert_true(json_is_false(json_object_get(json_array_get(list, 2), "offered")));
    /* A list of nothing is none: what the program comes with counts. */
    temp_store_run(f->store, empty_list, NULL);
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", "/api/announcements",
                                      sorted_body("Pháp luật"), NULL),
                     ==, 201);
}

/* ---- where it is played ---- */

/* "Sáng waits; Tối 2026-12-24 waits; bdq> 1; …" */
static char *
told(ApiFixture *f, const char *login, const char *announcement)
{
    g_autofree char *path = g_strdup_printf("/api/announcements/%s/uses", announcement);
    json_auto_t *answer = NULL;
    GString *words = g_string_new(NULL);
    json_t *one;
    size_t i;

    g_assert_cmpuint(api_fixture_call(f, login, "GET", path, NULL, &answer), ==, 200);
    json_array_foreach(json_object_get(answer, "uses"), i, one)
    {
        g_string_append_printf(words, "%s %s%s; ", api_text(one, "name"), api_text(one, "date"),
                               json_is_true(json_object_get(one, "stopped"))    ? " stopped"
                               : json_is_true(json_object_get(one, "approved")) ? " approved"
                                                                                : " waits");
    }
    json_array_foreach(json_object_get(answer, "lacks"), i, one)
    {
        g_string_append_printf(words, "%s>%s; ", api_text(one, "language"),
                               api_text(one, "hears"));
    }
    return g_string_free(words, FALSE);
}

static char *
add_playlist(ApiFixture *f, const char *login, const char *home, const char *announcement)
{
    g_autofree char *body =
        g_strdup_printf("{\"name\":\"P\",\"home\":\"%s\",\"items\":[{\"kind\":\"announcement\","
                        "\"announcement\":\"%s\"}]}",
                        home, announcement);

    return add(f, login, "/api/playlists", body);
}

static char *
add_slot(ApiFixture *f, const char *login, const char *home, const char *playlist,
         const char *name)
{
    g_autofree char *body =
        g_strdup_printf("{\"name\":\"%s\",\"home\":\"%s\",\"playlist\":\"%s\","
                        "\"class\":\"thong_thuong\",\"first_date\":\"2026-12-01\","
                        "\"local_min\":330,\"rule\":\"FREQ=DAILY\",\"targets\":"
                        "[{\"area\":\"%s\"}]}",
                        name, home, playlist, home);

    return add(f, login, "/api/slots", body);
}

static void
test_uses(ApiFixture *f, gconstpointer data)
{
    g_autofree char *played = NULL, *other = NULL, *playlist = NULL, *plain = NULL,
                    *morning = NULL, *evening = NULL, *path = NULL, *words = NULL, *stop = NULL,
                    *less = NULL, *never = NULL;

    api_fixture_people(f);
    api_fixture_account(f, "blu", SCHED_ROLE_OFFICIAL, "ia-blu");
    played = make(f, "A", "bulletin", "", "thong_thuong");
    other = make(f, "B", "bulletin", "", "thong_thuong");
    never = told(f, "ed", played);
    g_assert_cmpstr(never, ==, "vi>; bdq>; jra>; ");
    playlist = add_playlist(f, "ed", "ia-le", played);
    plain = add_playlist(f, "ed", "ia-le", other);
    morning = add_slot(f, "ed", "ia-le", playlist, "Sáng");
    evening = add_slot(f, "ed", "ia-le", plain, "Tối");
    path = g_strdup_printf("/api/slots/%s/dates/2026-12-24", evening);
    g_assert_cmpuint(api_fixture_call(f, "ed", "PUT", path,
                                      json_pack("{s:s}", "playlist", playlist), NULL),
                     <, 300);
    stop = g_strdup_printf("/api/slots/%s/stop", morning);
    g_assert_cmpuint(api_fixture_call(f, "ed", "POST", stop, NULL, NULL), ==, 200);
    words = told(f, "ed", played);
    g_assert_cmpstr(words, ==, "Tối 2026-12-24 waits; Sáng  stopped; vi>; bdq>; jra>; ");
    /* A neighbour who reads the announcement of the district sees no slots of others. */
    less = told(f, "blu", played);
    g_assert_cmpstr(less, ==, "vi>; bdq>; jra>; ");
}

/* Those of a neighbour that came later take no places in the list of a commune. */
static void
test_neighbour(ApiFixture *f, gconstpointer data G_GNUC_UNUSED)
{
    static const struct {
        const char *why, *query, *titles;
    } rows[] = {
        {"from above, and its own", "", "ANH EM"},
        {"found", "?search=em", "EM"},
        {"what is in words of a script", "?search=tiem", "EM"},
        {"a page of it", "?limit=2", "ANH EM"},
        {"of the neighbour, nothing", "?area=ia-le&search=xa", ""},
    };
    g_autofree char *above = NULL, *own = NULL;

    api_fixture_people(f);
    api_fixture_account(f, "le", SCHED_ROLE_EDITOR, "ia-le");
    above = make_at(f, "ed", "ANH", "chu-puh");
    own = make_at(f, "ed", "EM", "ia-le");
    add_version(f, own, "{\"language\":\"vi\",\"script\":\"tiêm\"}");
    fake_clock_advance(f->clock, G_USEC_PER_SEC);
    for (guint i = 0; i < 101; i++) {
        g_autofree char *other = make_at(f, "ed", "XA", "ia-blu");

        if (i == 0)
            add_version(f, other, "{\"language\":\"vi\",\"script\":\"tiêm\"}");
    }
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *titles = found_by(f, "le", rows[i].query);

        g_test_message("%s", rows[i].why);
        g_assert_cmpstr(titles, ==, rows[i].titles);
    }
}

int
main(int argc, char **argv)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    g_test_init(&argc, &argv, NULL);
    api_fixture_add("/web/finding/filters", test_filters);
    api_fixture_add("/web/finding/categories", test_categories);
    api_fixture_add("/web/finding/where", test_where);
    api_fixture_add("/web/finding/uses", test_uses);
    api_fixture_add("/web/finding/neighbour", test_neighbour);
    return g_test_run();
}
