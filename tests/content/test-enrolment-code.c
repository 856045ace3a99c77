/* test-enrolment-code.c - a code survives being typed, and a mistyped one is found. */
#include "content/enrolment-code.h"

#include <string.h>

static const ContentEnrolmentCode example = {
    .address = "loa.example.vn:8443",
    .secret = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255},
    .fingerprint = {255, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
};

static void
test_round_trip(void)
{
    const char *addresses[] = {"h:1", "10.0.0.1:8443", "[fe80::1]:65535",
                               "a-very-long-host-name.with.many.labels.example.vn:12345"};

    for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++) {
        ContentEnrolmentCode code = example, read;
        g_autoptr(GError) error = NULL;
        g_autofree char *text = NULL;

        memset(code.address, 0, sizeof code.address);
        g_strlcpy(code.address, addresses[i], sizeof code.address);
        text = content_enrolment_code_write(&code, &error);
        g_assert_no_error(error);
        g_test_message("%s", text);
        g_assert_true(content_enrolment_code_read(text, &read, &error));
        g_assert_no_error(error);
        g_assert_cmpmem(&read, sizeof read, &code, sizeof code);
    }
}

/* A technician types small letters, forgets hyphens, and reads 0 as O and 1 as I or l. */
static void
test_as_typed(void)
{
    g_autofree char *text = content_enrolment_code_write(&example, NULL);
    g_autoptr(GString) typed = g_string_new(NULL);
    ContentEnrolmentCode read;

    for (gsize i = 0; text[i] != '\0'; i++) {
        if (text[i] == '-')
            g_string_append(typed, i % 3 == 0 ? " " : "");
        else if (text[i] == '0')
            g_string_append_c(typed, 'o');
        else if (text[i] == '1')
            g_string_append_c(typed, i % 2 == 0 ? 'I' : 'l');
        else
            g_string_append_c(typed, g_ascii_tolower(text[i]));
    }
    g_assert_true(content_enrolment_code_read(typed->str, &read, NULL));
    g_assert_cmpmem(&read, sizeof read, &example, sizeof example);
}

/* Every single wrong character and every two neighbours swapped. */
static void
test_mistyped(void)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    g_autofree char *text = content_enrolment_code_write(&example, NULL);
    ContentEnrolmentCode read;

    for (gsize i = 0; text[i] != '\0'; i++) {
        g_autofree char *wrong = g_strdup(text);
        gsize next = text[i + 1] == '-' ? i + 2 : i + 1;

        if (text[i] == '-')
            continue;
        for (gsize j = 0; alphabet[j] != '\0'; j++) {
            g_autoptr(GError) error = NULL;

            wrong[i] = alphabet[j];
            if (alphabet[j] == text[i])
                continue;
            g_assert_false(content_enrolment_code_read(wrong, &read, &error));
            g_assert_error(error, CONTENT_ENROLMENT_ERROR, CONTENT_ENROLMENT_ERROR_CHECK);
        }
        wrong[i] = text[next];
        if (text[next] == '\0' || text[next] == text[i])
            continue;
        wrong[next] = text[i];
        g_assert_false(content_enrolment_code_read(wrong, &read, NULL));
    }
}

static void
test_refused(void)
{
    g_autofree char *good = content_enrolment_code_write(&example, NULL);
    g_autofree char *with_u = g_strconcat(good, "U", NULL);
    g_autofree char *shortened = g_strndup(good, strlen(good) - 4);
    g_autofree char *too_many = g_strnfill(CONTENT_ENROLMENT_TEXT_MAX + 1, '0');
    g_autofree char *too_long = g_strnfill(300, '0');
    /* clang-format off */
    const struct { const char *why, *text; gint code; } cases[] = {
        { "nothing",                     "",                 CONTENT_ENROLMENT_ERROR_FORMAT    },
        { "hyphens alone",               "----",             CONTENT_ENROLMENT_ERROR_FORMAT    },
        { "the letter U",                with_u,             CONTENT_ENROLMENT_ERROR_CHARACTER },
        { "a letter outside ASCII",      "đ",                CONTENT_ENROLMENT_ERROR_CHARACTER },
        { "the last group missing",      shortened,          CONTENT_ENROLMENT_ERROR_CHECK     },
        { "more than is looked at",      too_many,           CONTENT_ENROLMENT_ERROR_FORMAT    },
        { "more digits than any code",   too_long,           CONTENT_ENROLMENT_ERROR_FORMAT    },
        { "zeros whose check is right",  "0000-0000",        CONTENT_ENROLMENT_ERROR_FORMAT    },
        { "one digit",                   "0",                CONTENT_ENROLMENT_ERROR_FORMAT    },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ContentEnrolmentCode read = {.address = "untouched"};
        g_autoptr(GError) error = NULL;

        g_test_message("%s", cases[i].why);
        g_assert_false(content_enrolment_code_read(cases[i].text, &read, &error));
        g_assert_error(error, CONTENT_ENROLMENT_ERROR, cases[i].code);
        g_assert_cmpstr(read.address, ==, "untouched");
    }
}

static void
test_addresses(void)
{
    /* clang-format off */
    const struct { const char *why, *address; gboolean is_valid; } cases[] = {
        { "a name",               "loa.vn:443",      TRUE  },
        { "an IPv6 address",      "[2001:db8::1]:1", TRUE  },
        { "no port",              "loa.vn",          FALSE },
        { "an empty port",        "loa.vn:",         FALSE },
        { "port 0",               "loa.vn:0",        FALSE },
        { "port 65536",           "loa.vn:65536",    FALSE },
        { "no host",              ":443",            FALSE },
        { "a path",               "loa.vn/x:443",    FALSE },
        { "an account",           "a@loa.vn:443",    FALSE },
        { "IPv6 without bracket", "fe80::1:443",     FALSE },
        { "empty brackets",       "[]:443",          FALSE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ContentEnrolmentCode code = {0};
        g_autofree char *text = NULL;

        g_test_message("%s", cases[i].why);
        g_strlcpy(code.address, cases[i].address, sizeof code.address);
        text = content_enrolment_code_write(&code, NULL);
        g_assert_cmpint(text != NULL, ==, cases[i].is_valid);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/enrolment-code/round-trip", test_round_trip);
    g_test_add_func("/content/enrolment-code/as-typed", test_as_typed);
    g_test_add_func("/content/enrolment-code/mistyped", test_mistyped);
    g_test_add_func("/content/enrolment-code/refused", test_refused);
    g_test_add_func("/content/enrolment-code/addresses", test_addresses);
    return g_test_run();
}
