/* test-pack.c - answers are packed for who reads them so, and come out as they went in. */
#include "content/web/pack.h"

#include <gio/gio.h>
#include <string.h>

static void
test_welcome(void)
{
    /* clang-format off */
    static const struct { const char *why, *header; gboolean is_welcome; } cases[] = {
        { "says nothing",            NULL,                        FALSE },
        { "says nothing in words",   "",                          FALSE },
        { "as curl says it",         "gzip",                      TRUE  },
        { "among others",            "br, gzip , zstd",           TRUE  },
        { "in capitals",             "GZIP",                      TRUE  },
        { "with a weight",           "br;q=1.0, gzip;q=0.5",      TRUE  },
        { "refused",                 "gzip;q=0, identity",        FALSE },
        { "refused at length",       "gzip; q=0.000",             FALSE },
        { "something like it",       "x-gzip, gzipped",           FALSE },
        { "commas alone",            ",,,",                       FALSE },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(content_pack_is_welcome(cases[i].header), ==, cases[i].is_welcome);
    }
}

static void
test_round_trip(void)
{
    g_autofree char *text = g_strnfill(500000, 'x');
    g_autoptr(GBytes) plain = g_bytes_new(text, strlen(text));
    g_autoptr(GBytes) packed = content_pack(plain);
    g_autoptr(GZlibDecompressor) reader =
        g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP);
    g_autofree char *again = g_malloc0(strlen(text) + 1);
    gsize n_read = 0, n_written = 0;
    GConverterResult result =
        g_converter_convert(G_CONVERTER(reader), g_bytes_get_data(packed, NULL),
                            g_bytes_get_size(packed), again, strlen(text) + 1,
                            G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL);

    g_assert_cmpuint(g_bytes_get_size(packed), <, 5000);
    g_assert_cmpint(result, ==, G_CONVERTER_FINISHED);
    g_assert_cmpuint(n_written, ==, strlen(text));
    g_assert_cmpstr(again, ==, text);
}

static void
test_nothing(void)
{
    g_autoptr(GBytes) plain = g_bytes_new_static("", 0);
    g_autoptr(GBytes) packed = content_pack(plain);

    g_assert_cmpuint(g_bytes_get_size(packed), >, 0); /* a header and an end */
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pack/welcome", test_welcome);
    g_test_add_func("/pack/round-trip", test_round_trip);
    g_test_add_func("/pack/nothing", test_nothing);
    return g_test_run();
}
