/* test-hls.c - what a live playlist says, and what is no playlist. */
#include "player/output/hls.h"

#include <string.h>

#include "player/output/decoder.h"
#include "player/output/source.h"

#define HEAD "#EXTM3U\n#EXT-X-TARGETDURATION:6\n"

/* clang-format off */
static const struct {
    const char *why, *text;
    gint64 first;
    const char *segments; /* joined by a space */
    const char *variant, *map;
    gboolean is_ended;
} lists[] = {
    { "a radio", HEAD "#EXT-X-MEDIA-SEQUENCE:7\n#EXTINF:6.0,\na.ts\n#EXTINF:5.9,\nb.ts\n", 7, "a.ts b.ts", NULL, NULL, FALSE },
    { "lines as another system ends them", "#EXTM3U\r\n#EXT-X-TARGETDURATION:6\r\n#EXTINF:6,\r\nx/a.aac?k=1\r\n", 0, "x/a.aac?k=1", NULL, NULL, FALSE },
    { "tags nobody knows, and comments", HEAD "#EXT-X-NEW:1\n# said\n\n#EXTINF:6,\na.ts\n", 0, "a.ts", NULL, NULL, FALSE },
    { "numbered by the clock", HEAD "#EXT-X-MEDIA-SEQUENCE:1763884800000\na.ts\n", 1763884800000, "a.ts", NULL, NULL, FALSE },
    { "it has ended", HEAD "#EXTINF:6,\na.ts\n#EXT-X-ENDLIST\n", 0, "a.ts", NULL, NULL, TRUE },
    { "fragments of MP4", HEAD "#EXT-X-MAP:URI=\"i,n.mp4\"\n#EXTINF:6,\n1.m4s\n", 0, "1.m4s", NULL, "i,n.mp4", FALSE },
    { "a key that says there is none", HEAD "#EXT-X-KEY:METHOD=NONE\na.ts\n", 0, "a.ts", NULL, NULL, FALSE },
    { "the narrowest of three", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=128000,CODECS=\"a,BANDWIDTH=1\"\nhi.m3u8\n"
      "#EXT-X-STREAM-INF:CODECS=\"mp4a.40.5,x\",BANDWIDTH=48000\nlo.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=64000\nmid.m3u8\n",
      0, "", "lo.m3u8", NULL, FALSE },
    { "nothing yet", HEAD, 0, "", NULL, NULL, FALSE },
};

static const struct {
    const char *why, *text, *words;
} bad[] = {
    { "a page instead",           "<html>\n",                                  "line 1 of its playlist: it does not begin with #EXTM3U" },
    { "nothing",                  "",                                          "line 1 of its playlist: it does not begin" },
    { "no duration",              "#EXTM3U\na.ts\n",                           "no target duration" },
    { "a duration of nothing",    "#EXTM3U\n#EXT-X-TARGETDURATION:0\na.ts\n",  "line 2 of its playlist: a target duration of 1 to 60 s" },
    { "a duration of an hour",    "#EXTM3U\n#EXT-X-TARGETDURATION:3600\n",     "1 to 60 s" },
    { "a number below nothing",   HEAD "#EXT-X-MEDIA-SEQUENCE:-1\n",           "line 3 of its playlist: the number of a segment" },
    { "a number beyond all",      HEAD "#EXT-X-MEDIA-SEQUENCE:9999999999999999999\n",  "the number of a segment" },
    { "it is encrypted",          HEAD "#EXT-X-KEY:METHOD=AES-128,URI=\"k\"\n", "it is encrypted" },
    { "pieces of one file",       HEAD "#EXT-X-BYTERANGE:100@0\na.ts\n",       "pieces of a file" },
    { "a map of a piece",         HEAD "#EXT-X-MAP:URI=\"a\",BYTERANGE=\"1@0\"\n", "a map of a file of its own" },
    { "a map of nothing",         HEAD "#EXT-X-MAP:\n",                        "a map of a file of its own" },
};

static const struct {
    const char *why;
    guint8 bytes[16];
    const char *format;
} starts[] = {
    { "ADTS",               { 0xff, 0xf1, 0x50 },                                      "aac" },
    { "ADTS with a sum",    { 0xff, 0xf0, 0x50 },                                      "aac" },
    { "MP3",                { 0xff, 0xfb, 0x90 },                                      "mp3" },
    { "MP3 at half rates",  { 0xff, 0xf3, 0x90 },                                      "mp3" },
    { "AAC after a tag",    { 'I', 'D', '3', 4, 0, 0, 0, 0, 0, 2, 0, 0, 0xff, 0xf1 },  "aac" },
    { "MP3 after a tag",    { 'I', 'D', '3', 4, 0, 0, 0, 0, 0, 2, 0, 0, 0xff, 0xfb },  "mp3" },
    { "a tag without end",  { 'I', 'D', '3', 4, 0, 0, 127, 127, 127, 127, 0xff, 0xf1 }, NULL },
    { "MP4",                { 0, 0, 0, 24, 'f', 't', 'y', 'p' },                       "mp4" },
    { "a fragment of MP4",  { 0, 0, 0, 24, 'm', 'o', 'o', 'f' },                       "mp4" },
    { "a page",             "<html>",                                                  NULL },
    { "nothing",            { 0 },                                                     NULL },
};
/* clang-format on */

static void
test_lists(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(PlayHlsList) list = play_hls_parse(lists[i].text, &error);
        g_autofree char *segments = NULL;

        g_test_message("%s", lists[i].why);
        g_assert_no_error(error);
        g_ptr_array_add(list->segments, NULL);
        segments = g_strjoinv(" ", (char **) list->segments->pdata);
        g_assert_cmpstr(segments, ==, lists[i].segments);
        g_assert_cmpint(list->first, ==, lists[i].first);
        g_assert_cmpstr(list->variant, ==, lists[i].variant);
        g_assert_cmpstr(list->map, ==, lists[i].map);
        g_assert_cmpint(list->is_ended, ==, lists[i].is_ended);
        g_assert_cmpint(list->target_ms, ==, lists[i].variant == NULL ? 6000 : 0);
    }
}

static void
test_bad(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("%s", bad[i].why);
        g_assert_null(play_hls_parse(bad[i].text, &error));
        g_assert_error(error, PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_DECODE);
        g_test_message("%s", error->message);
        g_assert_nonnull(strstr(error->message, bad[i].words));
    }
}

static void
test_bounds(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GString) many = g_string_new(HEAD);
    g_autoptr(GError) error = NULL;
    g_autofree char *page = g_strnfill(PLAY_HLS_MAX_BYTES, 'x');

    g_assert_true(play_hls_collect(text, page, PLAY_HLS_MAX_BYTES, &error));
    g_assert_false(play_hls_collect(text, "x", 1, &error));
    g_assert_nonnull(strstr(error->message, "longer than 65536 bytes"));
    g_assert_cmpuint(text->len, ==, PLAY_HLS_MAX_BYTES);
    g_clear_error(&error);
    g_string_truncate(text, 0);
    g_assert_false(play_hls_collect(text, "a\0b", 3, &error));
    g_clear_error(&error);

    for (guint i = 0; i < PLAY_HLS_MAX_SEGMENTS; i++)
        g_string_append(many, "a\n");
    play_hls_list_free(play_hls_parse(many->str, &error));
    g_assert_no_error(error);
    g_string_append(many, "a\n");
    g_assert_null(play_hls_parse(many->str, &error));
    g_assert_nonnull(strstr(error->message, "too many segments"));
}

static void
test_starts(void)
{
    guint8 ts[200] = {0x47};

    for (gsize i = 0; i < G_N_ELEMENTS(starts); i++) {
        g_test_message("%s", starts[i].why);
        for (gsize n = 0; n <= sizeof starts[i].bytes; n++) {
            const char *format = play_decoder_format_of_bytes(starts[i].bytes, n);

            /* Of a part of it nothing else is said. */
            g_assert_true(format == NULL || g_strcmp0(format, starts[i].format) == 0);
        }
        g_assert_cmpstr(play_decoder_format_of_bytes(starts[i].bytes, sizeof starts[i].bytes),
                        ==, starts[i].format);
    }
    g_assert_null(play_decoder_format_of_bytes(ts, sizeof ts));
    ts[188] = 0x47;
    g_assert_cmpstr(play_decoder_format_of_bytes(ts, sizeof ts), ==, "mpegts");
}

static void
test_types(void)
{
    g_assert_cmpstr(play_decoder_format_of("audio/mpeg"), ==, "mp3");
    g_assert_cmpstr(play_decoder_format_of("Audio/AACP; charset=x"), ==, "aac");
    g_assert_cmpstr(play_decoder_format_of("application/ogg"), ==, "ogg");
    g_assert_null(play_decoder_format_of("audio/mpegurl"));
    g_assert_null(play_decoder_format_of("audio/mp"));
    g_assert_null(play_decoder_format_of(NULL));
    g_assert_true(play_hls_is_list("application/vnd.apple.mpegurl"));
    g_assert_true(play_hls_is_list("audio/x-mpegURL; charset=utf-8"));
    g_assert_false(play_hls_is_list("audio/mpeg"));
    g_assert_false(play_hls_is_list(""));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/output/hls/lists", test_lists);
    g_test_add_func("/player/output/hls/bad", test_bad);
    g_test_add_func("/player/output/hls/bounds", test_bounds);
    g_test_add_func("/player/output/hls/segments-by-their-start", test_starts);
    g_test_add_func("/player/output/hls/media-types", test_types);
    return g_test_run();
}
