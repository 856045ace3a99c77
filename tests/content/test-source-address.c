/* test-source-address.c - what is a stream, what is a line-in, and what is neither. */
#include "content/source-address.h"

#include <string.h>

#define STREAM CONTENT_SOURCE_STREAM
#define LINE   CONTENT_SOURCE_LINE_IN

/* clang-format off */
static const struct {
    const char *why, *address;
    gint kind;
} cases[] = {
    { "a radio",                          "https://radio.vn:8443/vov4-jarai.ogg?x=1", STREAM },
    { "in the clear",                     "http://10.0.0.7/a",                        STREAM },
    { "IPv6",                             "https://[2001:db8::1]/a",                  STREAM },
    { "an input of the station",          "line:tuner-1",                             LINE },
    { "nothing",                          NULL,                                       -1 },
    { "an empty text",                    "",                                         -1 },
    { "no host",                          "https:///a",                               -1 },
    { "no host, but a port",              "http://:80/a",                             -1 },
    { "a file",                           "file:///etc/passwd",                       -1 },
    { "another protocol",                 "ftp://a/b",                                -1 },
    { "capitals of the scheme",           "HTTP://a/b",                               -1 },
    { "a user, who might be a secret",    "https://u:p@radio.vn/",                    -1 },
    { "a fragment",                       "https://radio.vn/#a",                      -1 },
    { "a space",                          "https://radio.vn/a b",                     -1 },
    { "a line feed",                      "https://radio.vn/a\nb",                    -1 },
    { "letters that look like others",    "https://r\303\240dio.vn/",                 -1 },
    { "an ALSA name that writes a file",  "line:file:/tmp/x",                         -1 },
    { "an input without a name",          "line:",                                    -1 },
    { "an ALSA name",                     "hw:1,0",                                   -1 },
};
/* clang-format on */

static void
test_cases(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(content_source_address_kind(cases[i].address), ==, cases[i].kind);
    }
    g_assert_cmpstr(content_source_address_line("line:tuner-1"), ==, "tuner-1");
    g_assert_null(content_source_address_line("https://radio.vn/"));
}

static void
test_length(void)
{
    g_autoptr(GString) address = g_string_new("https://radio.vn/");

    while (address->len < CONTENT_SOURCE_ADDRESS_MAX_BYTES)
        g_string_append_c(address, 'a');
    g_assert_cmpint(content_source_address_kind(address->str), ==, STREAM);
    g_string_append_c(address, 'a');
    g_assert_cmpint(content_source_address_kind(address->str), ==, -1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/source-address/cases", test_cases);
    g_test_add_func("/content/source-address/length", test_length);
    return g_test_run();
}
