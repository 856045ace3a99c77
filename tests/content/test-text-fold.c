/* test-text-fold.c - however a word was typed, the search finds it. */
#include "content/language.h"

static void
test_fold(void)
{
    /* clang-format off */
    const struct { const char *why, *text, *folded; } cases[] = {
        { "nothing",                          "",                  ""              },
        { "Vietnamese, composed",             "Chư Pưh: Đức Cơ",   "chu puh: duc co" },
        { "the same, decomposed",             "Chu\u031b Pu\u031bh", "chu puh"       },
        { "Bahnar letters",                   "Ƀok, ƀơngai, ê\u0306", "bok, bongai, e" },
        { "Jrai letters",                     "Č̆a, ñu",           "ca, nu"          },
        { "apostrophes of every keyboard",    "K'Bang K’Bang KʼBang", "kbang kbang kbang" },
        { "white space",                      "  a \t\n b\u00a0c ", "a b c"          },
        { "digits and signs stay",            "12/TB-2026",        "12/tb-2026"      },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *folded = content_text_fold(cases[i].text);

        g_test_message("%s", cases[i].why);
        g_assert_cmpstr(folded, ==, cases[i].folded);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/text/fold", test_fold);
    return g_test_run();
}
