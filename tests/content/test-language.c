/* test-language.c - tags are told apart from nonsense, dialects from languages. */
#include "content/language.h"

static void
test_tag_is_valid(void)
{
    /* clang-format off */
    const struct { const char *why, *tag; gboolean is_valid; } cases[] = {
        { "Vietnamese",                       "vi",                  TRUE  },
        { "Bahnar",                           "bdq",                 TRUE  },
        { "a dialect",                        "bdq-x-kriem",         TRUE  },
        { "a dialect of two parts",           "jra-x-chor-north",    TRUE  },
        { "a subtag of eight",                "jra-x-abcdefgh",      TRUE  },
        { "a subtag of nine",                 "jra-x-abcdefghi",     FALSE },
        { "35 bytes",                  "bdq-x-abcdefgh-abcdefgh-abcdefgh-ab", TRUE  },
        { "36 bytes",                  "bdq-x-abcdefgh-abcdefgh-abcdefgh-abc", FALSE },
        { "nothing",                          "",                    FALSE },
        { "no string",                        NULL,                  FALSE },
        { "a language not in the table",      "km",                  FALSE },
        { "half a language",                  "bd",                  FALSE },
        { "upper case",                       "BDQ",                 FALSE },
        { "a script, which says nothing here", "bdq-latn",           FALSE },
        { "an empty dialect",                 "bdq-x-",              FALSE },
        { "an empty subtag",                  "bdq-x-a--b",          FALSE },
        { "ends with a hyphen",               "bdq-x-a-",            FALSE },
        { "a letter outside ASCII",           "bdq-x-kơn",           FALSE },
        { "a path",                           "bdq-x-../",           FALSE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(content_language_tag_is_valid(cases[i].tag), ==, cases[i].is_valid);
    }
}

static void
test_match(void)
{
    /* clang-format off */
    const struct { const char *why, *wanted, *offered; int match; } cases[] = {
        { "the same language",                   "bdq",         "bdq",         2 },
        { "the same dialect",                    "bdq-x-kriem", "bdq-x-kriem", 2 },
        { "a dialect falls back to its language", "bdq-x-kriem", "bdq",        1 },
        { "another dialect is another speech",   "bdq-x-kriem", "bdq-x-roh",   0 },
        { "a language does not take a dialect",  "bdq",         "bdq-x-kriem", 0 },
        { "another language",                    "bdq",         "jra",         0 },
        { "the beginning of a tag is no match",  "bdq",         "bd",          0 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(content_language_match(cases[i].wanted, cases[i].offered), ==,
                        cases[i].match);
    }
}

static void
test_base(void)
{
    g_autofree char *dialect = content_language_base("bdq-x-kriem");
    g_autofree char *language = content_language_base("jra");

    g_assert_cmpstr(dialect, ==, "bdq");
    g_assert_cmpstr(language, ==, "jra");
}

/* The alphabets are those of print, in NFC: 29 letters of Vietnamese, 40 each of the others. */
static void
test_table(void)
{
    gsize n_languages = 0;
    const ContentLanguage *languages = content_languages(&n_languages);
    const guint n_letters[] = {29, 40, 40};

    g_assert_cmpuint(n_languages, ==, G_N_ELEMENTS(n_letters));
    for (gsize i = 0; i < n_languages; i++) {
        g_auto(GStrv) letters = g_strsplit(languages[i].alphabet, " ", -1);

        g_assert_true(content_language_tag_is_valid(languages[i].tag));
        g_assert_cmpuint(g_strv_length(letters), ==, n_letters[i]);
        for (gsize j = 0; letters[j] != NULL; j++) {
            g_autofree char *normal = g_utf8_normalize(letters[j], -1, G_NORMALIZE_NFC);

            g_assert_cmpstr(letters[j], ==, normal);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/language/tag-is-valid", test_tag_is_valid);
    g_test_add_func("/content/language/match", test_match);
    g_test_add_func("/content/language/base", test_base);
    g_test_add_func("/content/language/table", test_table);
    return g_test_run();
}
