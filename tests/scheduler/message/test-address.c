/* test-address.c - what is an e-mail address and a phone number here, and what is none. */
#include "scheduler/message/address.h"

#include <string.h>

static void
test_emails(void)
{
    g_autofree char *local = g_strnfill(65, 'a'), *label = g_strnfill(64, 'b');
    g_autofree char *long_local = g_strconcat(local, "@a.vn", NULL);
    g_autofree char *long_label = g_strconcat("a@", label, ".vn", NULL);
    g_autofree char *words = g_strnfill(250, 'c');
    g_autofree char *too_long = g_strconcat("a@", words, ".vn", NULL);
    /* clang-format off */
    const struct { const char *why, *text; gboolean ok; } cases[] = {
        { "as most are",            "lan.nguyen@gialai.gov.vn",        TRUE  },
        { "with a plus",            "loa+ia-pa@example.vn",            TRUE  },
        { "nothing",                "",                                FALSE },
        { "not given",              NULL,                              FALSE },
        { "no at",                  "lan.example.vn",                  FALSE },
        { "two of them",            "a@b@example.vn",                  FALSE },
        { "a domain of one word",   "a@localhost",                     FALSE },
        { "two dots",               "a..b@example.vn",                 FALSE },
        { "a dot at the end",       "a@example.vn.",                   FALSE },
        { "a hyphen at the end",    "a@example-.vn",                   FALSE },
        { "a header behind it",     "a@example.vn\r\nBcc: b@c.vn",     FALSE },
        { "a line end alone",       "a@example.vn\n",                  FALSE },
        { "another after a comma",  "a@example.vn,b@example.vn",       FALSE },
        { "a bracket",              "a@example.vn>",                   FALSE },
        { "a space",                "a b@example.vn",                  FALSE },
        { "letters with marks",     "lan@giá-lai.vn",                  FALSE },
        { "an option of a program", "-f@example.vn",                   TRUE  },
        { "a long name",            long_local,                        FALSE },
        { "a long label",           long_label,                        FALSE },
        { "too long",               too_long,                          FALSE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(sched_email_is_valid(cases[i].text), ==, cases[i].ok);
    }
}

static void
test_phones(void)
{
    /* clang-format off */
    static const struct { const char *typed, *tidy; gboolean ok; } cases[] = {
        { "0905 123 456",       "0905123456",       TRUE  },
        { "+84 (905) 123-456",  "+84905123456",     TRUE  },
        { "0269.3824.123",      "02693824123",      TRUE  },
        { "113",                "113",              FALSE },
        { "",                   "",                 FALSE },
        { "+",                  "+",                FALSE },
        { "--help12345678",     "help12345678",     FALSE },
        { "0905123456;reboot",  "0905123456;reboot", FALSE },
        { "0905123456\n",       "0905123456\n",     FALSE },
        { "1234567890123456",   "1234567890123456", FALSE },
        { "++84905123456",      "++84905123456",    FALSE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *tidy = sched_phone_tidy(cases[i].typed);

        g_assert_cmpstr(tidy, ==, cases[i].tidy);
        g_assert_cmpint(sched_phone_is_valid(tidy), ==, cases[i].ok);
    }
    g_assert_false(sched_phone_is_valid(NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/message/address/emails", test_emails);
    g_test_add_func("/message/address/phones", test_phones);
    return g_test_run();
}
