/* test-pages.c - the pages as a browser gets them: media, keeping, packing, refusals. */
#include "tests/scheduler/web/api-fixture.h"

#include <curl/curl.h>
#include <string.h>

static TestAnswer *
get(ApiFixture *f, const char *method, const char *path, const char *header)
{
    const char *const headers[] = {header, NULL};

    return test_https(&f->people, method, path, header == NULL ? NULL : headers, NULL, 0);
}

static void
assert_header(const TestAnswer *answer, const char *name, const char *value)
{
    g_autofree char *found = test_answer_header(answer, name);

    g_assert_cmpstr(found, ==, value);
}

/* The paths that the first page names, in their order. */
static GStrv
named_paths(const char *html)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (const char *at = strstr(html, "\"/pages/"); at != NULL;
         at = strstr(at + 1, "\"/pages/")) {
        g_autofree char *path = g_strndup(at + 1, strcspn(at + 1, "\""));

        g_strv_builder_add(builder, path);
    }
    return g_strv_builder_end(builder);
}

static void
test_first_page(ApiFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) page = get(f, "GET", "/", NULL);
    g_autoptr(TestAnswer) again = NULL, head = NULL;
    g_autofree char *tag = test_answer_header(page, "ETag");
    g_autofree char *known = g_strconcat("If-None-Match: ", tag, NULL);

    g_assert_cmpuint(page->status, ==, 200);
    assert_header(page, "Content-Type", "text/html; charset=utf-8");
    assert_header(page, "Cache-Control", "no-cache");
    assert_header(page, "X-Content-Type-Options", "nosniff");
    g_assert_null(strchr(page->body->str, '@'));
    again = get(f, "GET", "/", known);
    g_assert_cmpuint(again->status, ==, 304);
    g_assert_cmpuint(again->body->len, ==, 0);
    head = get(f, "HEAD", "/", NULL);
    g_assert_cmpuint(head->status, ==, 200);
}

/* Every file that the first page names is there, with its media type, to be kept for good. */
static void
test_named(ApiFixture *f, gconstpointer data)
{
    const struct {
        const char *ending, *media;
    } medias[] = {
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".woff2", "font/woff2"},
        {".svg", "image/svg+xml"},
        {".json", "application/json"},
    };
    g_autoptr(TestAnswer) page = get(f, "GET", "/", NULL);
    g_auto(GStrv) paths = named_paths(page->body->str);

    g_assert_cmpuint(g_strv_length(paths), ==, 6);
    for (gsize i = 0; paths[i] != NULL; i++) {
        g_autoptr(TestAnswer) file = get(f, "GET", paths[i], NULL);
        guint n_medias = 0;

        g_test_message("%s", paths[i]);
        g_assert_cmpuint(file->status, ==, 200);
        g_assert_cmpuint(file->body->len, >, 0);
        assert_header(file, "Cache-Control", "public, max-age=31536000, immutable");
        for (gsize k = 0; k < G_N_ELEMENTS(medias); k++) {
            if (g_str_has_suffix(paths[i], medias[k].ending)) {
                assert_header(file, "Content-Type", medias[k].media);
                n_medias++;
            }
        }
        g_assert_cmpuint(n_medias, ==, 1);
    }
}

/* The text of a file of code as it is sent, which holds neither comment nor indentation. */
static char *
code_of(ApiFixture *f, const char *path)
{
    g_autoptr(TestAnswer) file = get(f, "GET", path, NULL);

    g_test_message("%s", path);
    g_assert_cmpuint(file->status, ==, 200);
    g_assert_null(strstr(file->body->str, "/* "));
    g_assert_null(strstr(file->body->str, "\n "));
    return g_strdup(file->body->str);
}

static gboolean
is_code(const char *path)
{
    return g_str_has_suffix(path, ".js") || g_str_has_suffix(path, ".css");
}

/* All code of all pages is little enough for a phone on one bar, and names no other file. */
static void
test_code_is_small(ApiFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) page = get(f, "GET", "/", NULL);
    g_auto(GStrv) named = named_paths(page->body->str);
    gsize n_bytes = 0, n_files = 0;

    for (gsize i = 0; named[i] != NULL; i++) {
        g_autofree char *text = is_code(named[i]) ? code_of(f, named[i]) : NULL;

        n_bytes += text == NULL ? 0 : strlen(text);
        n_files += text != NULL;
        g_assert_true(text == NULL || strstr(text, "import(\"") == NULL);
    }
    g_test_message("%" G_GSIZE_FORMAT " files, %" G_GSIZE_FORMAT " bytes", n_files, n_bytes);
    g_assert_cmpuint(n_files, ==, 2);
    g_assert_cmpuint(n_bytes, <=, 150000);
}

static void
test_packed(ApiFixture *f, gconstpointer data)
{
    g_autoptr(TestAnswer) plain = get(f, "GET", "/", NULL);
    g_autoptr(TestAnswer) packed = get(f, "GET", "/", "Accept-Encoding: gzip");

    assert_header(plain, "Content-Encoding", NULL);
    assert_header(packed, "Content-Encoding", "gzip");
    assert_header(packed, "Vary", "Accept-Encoding");
    g_assert_cmpuint(packed->body->len, <, plain->body->len);
}

static void
test_refusals(ApiFixture *f, gconstpointer data)
{
    const struct {
        const char *why, *method, *path;
        guint status;
    } cases[] = {
        {"another version of the pages", "GET", "/pages/0123456789abcdef/main.js", 404},
        {"no version", "GET", "/pages/main.js", 404},
        {"a file that is not there", "GET", "/pages/@/nothing.js", 404},
        {"a folder", "GET", "/pages/@/base", 404},
        {"out of the folder", "GET", "/pages/@/..%2F..%2Fstore", 404},
        {"no page is written to", "PUT", "/pages/@/main.js", 405},
        {"nor the first one", "POST", "/", 405},
        {"a file with no media type is not sent", "GET", "/pages/@/vendor/README", 404},
    };
    g_autoptr(TestAnswer) page = get(f, "GET", "/", NULL);
    g_auto(GStrv) paths = named_paths(page->body->str);
    g_autofree char *version = g_strndup(paths[0] + strlen("/pages/"), 16);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) path = g_string_new(cases[i].path);
        g_autoptr(TestAnswer) answer = NULL;

        g_string_replace(path, "@", version, 0);
        g_test_message("%s: %s", cases[i].why, path->str);
        answer = get(f, cases[i].method, path->str, NULL);
        g_assert_cmpuint(answer->status, ==, cases[i].status);
    }
}

/* Thirty files of a page come over the connections that a browser has, not over thirty. */
static void
test_connection_is_kept(ApiFixture *f, gconstpointer data)
{
    const TestPiece pieces[] = {
        {.bytes = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"},
        {.bytes = "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"},
        {.bytes = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"},
        {NULL},
    };
    g_autofree char *came = test_https_raw(&f->people, pieces, 60 * G_USEC_PER_SEC, NULL);
    g_auto(GStrv) answers = g_strsplit(came, "HTTP/1.1 ", -1);

    g_assert_cmpuint(g_strv_length(answers), ==, 4);
    g_assert_true(g_str_has_prefix(answers[1], "200"));
    g_assert_true(g_str_has_prefix(answers[2], "404"));
    g_assert_true(g_str_has_prefix(answers[3], "200"));
}

/* docs/openapi.yaml speaks of what programs ask for; pages are no part of it. */
static void
set_up(ApiFixture *f, gconstpointer data)
{
    api_fixture_set_up(f, data);
    f->people.seen = NULL;
}

static void
add(const char *path, void (*test)(ApiFixture *, gconstpointer))
{
    g_test_add(path, ApiFixture, NULL, set_up, test, api_fixture_tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    add("/scheduler/web/pages/first", test_first_page);
    add("/scheduler/web/pages/named", test_named);
    add("/scheduler/web/pages/code-is-small", test_code_is_small);
    add("/scheduler/web/pages/packed", test_packed);
    add("/scheduler/web/pages/refusals", test_refusals);
    add("/scheduler/web/pages/connection-is-kept", test_connection_is_kept);
    return g_test_run();
}
