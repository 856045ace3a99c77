/* test-id.c - ids sort by age, and names from outside are checked before they become paths. */
#include "content/base/id.h"

#include <string.h>

static void
test_new_sorts_by_age(void)
{
    g_autofree char *first = content_id_new(G_GINT64_CONSTANT(1700000000000000));
    g_autofree char *second = content_id_new(G_GINT64_CONSTANT(1700000000001000));
    g_autofree char *same_time = content_id_new(G_GINT64_CONSTANT(1700000000001000));

    g_assert_cmpuint(strlen(first), ==, CONTENT_ID_LENGTH);
    g_assert_cmpstr(first, <, second);
    g_assert_cmpstr(second, !=, same_time);
    g_assert_true(content_id_is_valid(first));
}

static void
test_is_valid(void)
{
    /* clang-format off */
    const struct { const char *why, *text; gboolean is_valid; } cases[] = {
        { "a plain name",                 "ia-pa-02",  TRUE  },
        { "nothing",                      "",          FALSE },
        { "no string at all",             NULL,        FALSE },
        { "a path upwards",               "../etc",    FALSE },
        { "an MQTT wildcard",             "station/#", FALSE },
        { "an upper-case letter",         "Ia-Pa",     FALSE },
        { "a letter outside ASCII",       "làng",      FALSE },
        { "looks like an option",         "-x",        FALSE },
        { "ends with a hyphen",           "x-",        FALSE },
        { "64 characters",
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", TRUE },
        { "65 characters",
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", FALSE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(content_id_is_valid(cases[i].text), ==, cases[i].is_valid);
    }
}

static void
test_hex(void)
{
    guint8 bytes[2] = {7, 7};
    g_autofree char *empty_hash = content_sha256_hex("", 0);

    /* FIPS 180-4: the hash of the empty message. */
    g_assert_cmpstr(empty_hash, ==,
                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    g_assert_true(content_hex_decode("00ff", bytes, 2));
    g_assert_cmpuint(bytes[1], ==, 255);
    g_assert_false(content_hex_decode("00FF", bytes, 2));
    g_assert_false(content_hex_decode("00f", bytes, 2));
    g_assert_false(content_hex_decode("00ff0", bytes, 2));
    g_assert_false(content_hex_decode(NULL, bytes, 2));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/id/new-sorts-by-age", test_new_sorts_by_age);
    g_test_add_func("/content/id/is-valid", test_is_valid);
    g_test_add_func("/content/id/hex", test_hex);
    return g_test_run();
}
