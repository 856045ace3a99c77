/* test-parse.c - targets, ranges and cookies, as they come and as they should not. */
#include "content/web/parse.h"

#include <string.h>

static void
test_targets(void)
{
    const struct {
        const char *why, *text, *segments, *search;
    } cases[] = {
        {"root", "/", "", NULL},
        {"plain", "/api/areas", "api|areas", NULL},
        {"decoded", "/api/%c4%91%C6%A1%CC%86n", "api|đơ̆n", NULL},
        {"a slash inside", "/api/a%2fb", "api|a/b", NULL},
        {"query", "/api?search=b%C6%A1+ro&x", "api", "bơ ro"},
        {"empty query", "/api?", "api", NULL},
        {"not from the root", "api", NULL, NULL},
        {"absolute form", "https://x/api", NULL, NULL},
        {"asterisk", "*", NULL, NULL},
        {"upwards", "/api/../../etc/passwd", NULL, NULL},
        {"upwards, escaped", "/api/%2e%2e/x", NULL, NULL},
        {"here", "/./api", NULL, NULL},
        {"empty segment", "/api//areas", NULL, NULL},
        {"empty end", "/api/", NULL, NULL},
        {"NUL", "/api/a%00b", NULL, NULL},
        {"control", "/api/a%0ab", NULL, NULL},
        {"broken escape", "/api/%4", NULL, NULL},
        {"no escape", "/api/%zz", NULL, NULL},
        {"not UTF-8", "/api/%ff", NULL, NULL},
        {"not UTF-8, overlong", "/api/%c0%af", NULL, NULL},
        {"query twice", "/api?a=1&a=2", NULL, NULL},
        {"nameless query", "/api?=1", NULL, NULL},
        {"NUL in a query", "/api?a=%00", NULL, NULL},
        {"too many segments", "/1/2/3/4/5/6/7/8/9/10/11/12/13", NULL, NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ContentTarget) target = content_target_parse(cases[i].text);
        g_autofree char *joined = NULL;

        g_test_message("%s", cases[i].why);
        g_assert_cmpint(target != NULL, ==, cases[i].segments != NULL);
        if (target == NULL)
            continue;
        g_ptr_array_add(target->segments, NULL);
        joined = g_strjoinv("|", (char **) target->segments->pdata);
        g_assert_cmpstr(joined, ==, cases[i].segments);
        g_assert_cmpstr(g_hash_table_lookup(target->query, "search"), ==, cases[i].search);
    }
}

static void
test_target_limits(void)
{
    g_autofree char *filler = g_strnfill(CONTENT_TARGET_MAX_BYTES - 1, 'a');
    g_autofree char *fits = g_strconcat("/", filler, NULL);
    g_autofree char *over = g_strconcat("/a", filler, NULL);
    g_autoptr(GString) many = g_string_new("/api?");
    g_autoptr(ContentTarget) target = content_target_parse(fits);

    g_assert_nonnull(target);
    g_assert_null(content_target_parse(over));
    for (int i = 0; i <= CONTENT_TARGET_MAX_QUERY; i++)
        g_string_append_printf(many, "m%d=1&", i);
    g_assert_null(content_target_parse(many->str));
}

static void
test_ranges(void)
{
    const struct {
        const char *why, *header;
        ContentRange kind;
        gint64 first, count;
    } cases[] = {
        {"none", NULL, CONTENT_RANGE_WHOLE, 0, 1000},
        {"beginning", "bytes=0-99", CONTENT_RANGE_PART, 0, 100},
        {"to the end", "bytes=900-", CONTENT_RANGE_PART, 900, 100},
        {"one byte", "bytes=999-999", CONTENT_RANGE_PART, 999, 1},
        {"past the end", "bytes=900-5000", CONTENT_RANGE_PART, 900, 100},
        {"last", "bytes=-10", CONTENT_RANGE_PART, 990, 10},
        {"last, more than all", "bytes=-5000", CONTENT_RANGE_PART, 0, 1000},
        {"begins behind the end", "bytes=1000-", CONTENT_RANGE_NONE, 0, 1000},
        {"last nothing", "bytes=-0", CONTENT_RANGE_NONE, 0, 1000},
        {"backwards", "bytes=9-1", CONTENT_RANGE_WHOLE, 0, 1000},
        {"several", "bytes=0-1,5-6", CONTENT_RANGE_WHOLE, 0, 1000},
        {"another unit", "lines=0-1", CONTENT_RANGE_WHOLE, 0, 1000},
        {"no number", "bytes=a-b", CONTENT_RANGE_WHOLE, 0, 1000},
        {"negative", "bytes=-1-5", CONTENT_RANGE_WHOLE, 0, 1000},
        {"spaces", "bytes= 0-1", CONTENT_RANGE_WHOLE, 0, 1000},
        {"beyond all files", "bytes=99999999999999999999-", CONTENT_RANGE_WHOLE, 0, 1000},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gint64 first = -1, count = -1;

        g_test_message("%s", cases[i].why);
        g_assert_cmpint(content_range_parse(cases[i].header, 1000, &first, &count), ==,
                        cases[i].kind);
        g_assert_cmpint(first, ==, cases[i].first);
        g_assert_cmpint(count, ==, cases[i].count);
    }
    {
        gint64 first = 0, count = 0;

        g_assert_cmpint(content_range_parse("bytes=0-", 0, &first, &count), ==,
                        CONTENT_RANGE_NONE);
    }
}

static void
test_cookies(void)
{
    const struct {
        const char *header, *value;
    } cases[] = {
        {NULL, NULL},
        {"", NULL},
        {"__Host-loa=abc", "abc"},
        {"a=b; __Host-loa=abc; c=d", "abc"},
        {"x__Host-loa=abc", NULL},
        {"__Host-loa2=abc", NULL},
        {"__Host-loa", NULL},
        {"__Host-loa=", ""},
        {"__Host-loa=abc; __Host-loa=def", NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *value = content_cookie_get(cases[i].header, "__Host-loa");

        g_assert_cmpstr(value, ==, cases[i].value);
    }
    g_assert_true(content_media_is("Application/JSON; charset=utf-8", "application/json"));
    g_assert_false(content_media_is("text/plain", "application/json"));
    g_assert_false(content_media_is(NULL, "application/json"));
    g_assert_true(content_media_is("Audio/WebM; codecs=opus", "audio/*"));
    g_assert_false(content_media_is("audiovisual/x", "audio/*"));
    g_assert_false(content_media_is(NULL, "audio/*"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/web/parse/targets", test_targets);
    g_test_add_func("/scheduler/web/parse/target-limits", test_target_limits);
    g_test_add_func("/scheduler/web/parse/ranges", test_ranges);
    g_test_add_func("/scheduler/web/parse/cookies", test_cookies);
    return g_test_run();
}
