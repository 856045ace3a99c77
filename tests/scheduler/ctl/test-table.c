/* test-table.c - columns align for letters with breves, and CSV is safe in a spreadsheet. */
#include "scheduler/ctl/table.h"

static void
test_width(void)
{
    /* clang-format off */
    const struct { const char *why, *text; guint width; } cases[] = {
        { "ASCII",                          "Ia Pa",         5 },
        { "precomposed Vietnamese",         "Đắk Đoa",       7 },
        { "combining breve counts nothing", "adrơ̆u",          5 },
        { "horn and breve decomposed",      "o\xcc\x9b\xcc\x86", 1 },
        { "wide letters count twice",       "漢",            2 },
        { "nothing",                        "",              0 },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpuint(ctl_display_width(cases[i].text), ==, cases[i].width);
    }
}

static void
test_text(void)
{
    const char *const headings[] = {"village", "state", NULL};
    g_autoptr(CtlTable) table = ctl_table_new(headings);
    g_autofree char *text = NULL;

    ctl_table_add(table, (const char *[]){"pơlĕi kơdơ̆u", "played"});
    ctl_table_add(table, (const char *[]){"Ƀôn Tham", NULL});
    text = ctl_table_text(table);
    g_assert_cmpuint(ctl_table_length(table), ==, 2);
    g_assert_cmpstr(text, ==,
                    "village      state\n"
                    "pơlĕi kơdơ̆u  played\n"
                    "Ƀôn Tham     \n");
}

static void
test_csv(void)
{
    /* clang-format off */
    const struct { const char *why, *cell, *csv; } cases[] = {
        { "plain",                    "Ia Pa",        "Ia Pa" },
        { "a comma",                  "a,b",          "\"a,b\"" },
        { "a quote",                  "a\"b",         "\"a\"\"b\"" },
        { "a line break",             "a\nb",         "\"a\nb\"" },
        { "a formula",                "=1+1",         "\"'=1+1\"" },
        { "a command for the shell",  "@SUM(A1)",     "\"'@SUM(A1)\"" },
        { "a negative number is one", "-12.5",        "-12.5" },
        { "looks like one, is not",   "-1+cmd",       "\"'-1+cmd\"" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *const headings[] = {"x", NULL};
        g_autoptr(CtlTable) table = ctl_table_new(headings);
        g_autofree char *csv = NULL;
        g_autofree char *expected = g_strdup_printf("x\r\n%s\r\n", cases[i].csv);

        g_test_message("%s", cases[i].why);
        ctl_table_add(table, &cases[i].cell);
        csv = ctl_table_csv(table);
        g_assert_cmpstr(csv, ==, expected);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ctl/table/width", test_width);
    g_test_add_func("/ctl/table/text", test_text);
    g_test_add_func("/ctl/table/csv", test_csv);
    return g_test_run();
}
