/* test-arguments.c - a word that nobody would read is told, and so is one that is missing. */
#include "content/base/arguments.h"

static void
test_words(void)
{
    /* clang-format off */
    static const struct { const char *why, *words, *needed, *says; } cases[] = {
        { "nothing: the default command", NULL,        NULL,   NULL },
        { "the command alone",            "check",     NULL,   NULL },
        { "a command with its word",      "test chợ",  "ZONE", NULL },
        { "a word too many",              "check a b", NULL,   "check: nothing is expected at 'a'" },
        { "one behind the word needed",   "test a b",  "ZONE", "test: nothing is expected at 'b'" },
        { "the word is missing",          "test",      "ZONE", "test needs the ZONE" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) words =
            cases[i].words == NULL ? NULL : g_strsplit(cases[i].words, " ", -1);
        g_autoptr(GError) error = NULL;

        g_test_message("%s", cases[i].why);
        g_assert_true(content_arguments_check(words, cases[i].needed, &error) ==
                      (cases[i].says == NULL));
        if (cases[i].says != NULL)
            g_assert_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED);
        g_assert_cmpstr(error == NULL ? NULL : error->message, ==, cases[i].says);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/base/arguments", test_words);
    return g_test_run();
}
