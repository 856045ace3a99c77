/*
 * test-ingest.c - files from outside through the real loa-ingest: every format in, one out;
 * bombs, noise and nothing refused in words; what came out is measured again.
 *
 * usage: test-ingest LOA-INGEST
 */
#include "content/base/id.h"
#include "content/ingest/decode.h"
#include "content/ingest/ingest-run.h"
#include "content/ingest/level.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static const char *program;

typedef struct {
    char *folder;
    char *registry;
    GMainContext *context;
} Fixture;

static void
set_up(Fixture *self, gconstpointer data)
{
    self->folder = g_dir_make_tmp("loa-ingest-XXXXXX", NULL);
    self->registry = g_strdup(g_getenv("GST_REGISTRY"));
    self->context = g_main_context_new();
    g_main_context_push_thread_default(self->context);
}

static void
tear_down(Fixture *self, gconstpointer data)
{
    g_autoptr(GDir) dir = g_dir_open(self->folder, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(self->folder, name, NULL);

        g_unlink(path);
    }
    g_rmdir(self->folder);
    g_main_context_pop_thread_default(self->context);
    g_main_context_unref(self->context);
    g_free(self->folder);
    g_free(self->registry);
}

static char *
path_of(Fixture *self, const char *name)
{
    return g_build_filename(self->folder, name, NULL);
}

/* Runs a pipeline to its end, in a process of its own: encoders may leak as they like. */
static void
make(const char *format, ...)
{
    g_autofree char *text = NULL;
    g_autofree char *line = NULL;
    g_auto(GStrv) words = NULL;
    g_autoptr(GError) error = NULL;
    int status = -1;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    line = g_strdup_printf("gst-launch-1.0 -q %s", text);
    g_assert_true(g_shell_parse_argv(line, NULL, &words, &error));
    g_spawn_sync(NULL, words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                 &error);
    g_assert_no_error(error);
    g_assert_true(g_spawn_check_wait_status(status, &error));
}

static void
on_done(GObject *source, GAsyncResult *result, gpointer data)
{
    *(GAsyncResult **) data = g_object_ref(result);
}

static gboolean
ingest(Fixture *self, const char *in, const char *out, gboolean trim,
       ContentIngestRunResult *result, GError **error)
{
    g_autofree char *input = path_of(self, in);
    g_autofree char *output = path_of(self, out);
    g_autoptr(GAsyncResult) done = NULL;
    ContentIngestRun run = {program, input, output, self->registry, 0, 60, trim};

    content_ingest_run_async(&run, NULL, on_done, &done);
    while (done == NULL)
        g_main_context_iteration(self->context, TRUE);
    return content_ingest_run_finish(done, result, error);
}

/* Two tones that come and go, quiet, in stereo: something like speech. */
#define SPEECH                                                                                 \
    "audiotestsrc wave=pink-noise volume=0.2 num-buffers=100 samplesperbuffer=1470 ! "         \
    "audio/x-raw,rate=44100,channels=2 ! audiocheblimit mode=low-pass cutoff=6000 poles=4 ! "

/* Decoded by others than our own code, measured by libebur128. */
static ContentLevel
measure(const char *path, gint64 *out_frames)
{
    g_autofree char *pcm = g_strdup_printf("%s.pcm", path);
    g_autofree char *bytes = NULL;
    gsize n_bytes = 0;

    make("filesrc location=%s ! oggdemux ! opusdec ! audioconvert ! "
         "audio/x-raw,format=F32LE,rate=48000,channels=1 ! filesink location=%s",
         path, pcm);
    g_assert_true(g_file_get_contents(pcm, &bytes, &n_bytes, NULL));
    *out_frames = (gint64) (n_bytes / sizeof(float));
    return content_level_measure((const float *) (gconstpointer) bytes,
                                 n_bytes / sizeof(float));
}

/* Of those that are kept to be drawn. */
static gint
highest_peak(const ContentIngestRunResult *result)
{
    gint most = 0;

    g_assert_cmpuint(strlen(result->peaks), ==, 2 * CONTENT_LEVEL_N_PEAKS);
    for (const char *p = result->peaks; *p != '\0'; p += 2)
        most = MAX(most, g_ascii_xdigit_value(p[0]) * 16 + g_ascii_xdigit_value(p[1]));
    return most;
}

static void
test_peaks(void)
{
    float frames[CONTENT_LEVEL_N_PEAKS * 3 + 100] = {0};
    guint8 peaks[CONTENT_LEVEL_N_PEAKS];
    const struct {
        const char *why;
        gsize n_frames;
        gint before, after; /* of the middle */
    } cases[] = {
        {"pieces of three frames and some of four", G_N_ELEMENTS(frames), 0, 128},
        {"fewer frames than peaks", 4, 0, 128},
        {"nothing", 0, 0, 0},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gsize n = cases[i].n_frames;

        g_test_message("%s", cases[i].why);
        for (gsize k = 0; k < n; k++)
            frames[k] = k < n / 2 ? 0 : -0.5f;
        content_level_peaks(frames, n, peaks);
        g_assert_cmpint(peaks[CONTENT_LEVEL_N_PEAKS / 2 - 2], ==, cases[i].before);
        g_assert_cmpint(peaks[CONTENT_LEVEL_N_PEAKS - 1], ==, cases[i].after);
    }
    frames[0] = 9.0f;
    content_level_peaks(frames, G_N_ELEMENTS(frames), peaks);
    g_assert_cmpint(peaks[0], ==, 255);
}

static void
test_formats(Fixture *self, gconstpointer data)
{
    /* clang-format off */
    const struct { const char *name, *encoder; } formats[] = {
        { "wav",  "audioconvert ! wavenc" },
        { "mp3",  "audioconvert ! lamemp3enc ! id3v2mux" },
        { "m4a",  "audioconvert ! avenc_aac ! mp4mux" },
        { "aac",  "audioconvert ! avenc_aac ! aacparse ! audio/mpeg,stream-format=adts" },
        { "flac", "audioconvert ! flacenc" },
        { "ogg",  "audioconvert ! vorbisenc ! oggmux" },
        { "webm", "audioconvert ! audioresample ! opusenc ! webmmux" },
        { "mono-8-bit.wav", "audioconvert ! audioresample ! audio/x-raw,rate=8000,channels=1,format=U8 ! wavenc" },
        { "six-channels.wav", "audioconvert ! audio/x-raw,channels=6,channel-mask=(bitmask)0x3f ! wavenc" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autofree char *input = path_of(self, formats[i].name);
        g_autofree char *name = g_strdup_printf("%s.opus", formats[i].name);
        g_autofree char *output = path_of(self, name);
        g_autoptr(GError) error = NULL;
        ContentIngestRunResult result;
        ContentLevel level;
        gint64 n_frames;

        g_test_message("%s", formats[i].name);
        make(SPEECH "%s ! filesink location=%s", formats[i].encoder, input);
        ingest(self, formats[i].name, name, FALSE, &result, &error);
        g_assert_no_error(error);
        level = measure(output, &n_frames);
        g_assert_cmpfloat(fabs(level.loudness_lufs + 16.0), <, 0.5);
        g_assert_cmpfloat(level.true_peak_dbtp, <=, -1.5);
        g_assert_cmpint(llabs(result.loudness_mlufs - lrint(level.loudness_lufs * 1000)), <,
                        10);
        /* Somebody speaks in it: no peak is higher than was measured, and some are near it. */
        g_assert_cmpint(highest_peak(&result), >, 80);
        g_assert_cmpint(highest_peak(&result), <=, 215);
        /* 3.33 s; codecs add up to a frame or two at the ends. */
        g_assert_cmpint(llabs(result.duration_us - 3333333), <, 150000);
        g_assert_cmpint(result.duration_us, ==,
                        n_frames * G_USEC_PER_SEC / CONTENT_INGEST_RATE);
    }
}

static char *
hash_of(const char *path)
{
    g_autofree char *bytes = NULL;
    gsize n_bytes = 0;

    g_assert_true(g_file_get_contents(path, &bytes, &n_bytes, NULL));
    return content_sha256_hex(bytes, n_bytes);
}

/* The same recording sent twice is the same object. */
static void
test_reproducible(Fixture *self, gconstpointer data)
{
    g_autofree char *input = path_of(self, "in.wav");
    g_autofree char *first = path_of(self, "1.opus");
    g_autofree char *second = path_of(self, "2.opus");
    g_autofree char *first_hash = NULL;
    g_autofree char *second_hash = NULL;
    ContentIngestRunResult result;

    make(SPEECH "audioconvert ! wavenc ! filesink location=%s", input);
    g_assert_true(ingest(self, "in.wav", "1.opus", FALSE, &result, NULL));
    g_assert_true(ingest(self, "in.wav", "2.opus", FALSE, &result, NULL));
    first_hash = hash_of(first);
    second_hash = hash_of(second);
    g_assert_cmpstr(first_hash, ==, second_hash);
}

/* A WAV of our own making: 48 kHz, mono, floats. */
static void
write_wav(const char *path, const float *frames, gsize n_frames)
{
    guint8 head[44] = "RIFF____WAVEfmt ";
    g_autoptr(GString) file = g_string_new(NULL);
    gsize n_bytes = n_frames * sizeof(float);

    GST_WRITE_UINT32_LE(head + 4, (guint32) n_bytes + 36);
    GST_WRITE_UINT32_LE(head + 16, 16);
    GST_WRITE_UINT16_LE(head + 20, 3);
    GST_WRITE_UINT16_LE(head + 22, 1);
    GST_WRITE_UINT32_LE(head + 24, 48000);
    GST_WRITE_UINT32_LE(head + 28, 192000);
    GST_WRITE_UINT16_LE(head + 32, 4);
    GST_WRITE_UINT16_LE(head + 34, 32);
    memcpy(head + 36, "data", 4);
    GST_WRITE_UINT32_LE(head + 40, (guint32) n_bytes);
    g_string_append_len(file, (const char *) head, sizeof head);
    g_string_append_len(file, (const char *) frames, (gssize) n_bytes);
    g_assert_true(g_file_set_contents(path, file->str, (gssize) file->len, NULL));
}

static float *
tone(gsize n_frames, gsize from, gsize to, float volume)
{
    float *frames = g_new0(float, n_frames);

    for (gsize i = from; i < to; i++)
        frames[i] = volume * sinf((float) i * 0.13f);
    return frames;
}

static void
test_trim(Fixture *self, gconstpointer data)
{
    g_autofree char *input = path_of(self, "in.wav");
    g_autofree float *frames = tone(5 * 48000, 48000, 3 * 48000, 0.1f);
    ContentIngestRunResult result;

    write_wav(input, frames, 5 * 48000);
    g_assert_true(ingest(self, "in.wav", "all.opus", FALSE, &result, NULL));
    g_assert_cmpint(result.duration_us, ==, 5000000);
    g_assert_true(ingest(self, "in.wav", "cut.opus", TRUE, &result, NULL));
    g_assert_cmpint(result.trimmed_start_us, ==, 950000);
    g_assert_cmpint(result.trimmed_end_us, ==, 1850000);
    g_assert_cmpint(result.duration_us, ==, 2200000);
}

/* Clicks, overdriven floats and numbers that are none: bounded peaks, no silence, no noise. */
static void
test_hard_sounds(Fixture *self, gconstpointer data)
{
    g_autofree char *input = path_of(self, "in.wav");
    g_autofree float *frames = tone(2 * 48000, 0, 2 * 48000, 9.0f);
    ContentIngestRunResult result;
    g_autoptr(GError) error = NULL;

    frames[100] = NAN;
    frames[200] = INFINITY;
    frames[300] = -1e30f;
    write_wav(input, frames, 2 * 48000);
    g_assert_true(ingest(self, "in.wav", "loud.opus", FALSE, &result, &error));
    g_assert_no_error(error);
    g_assert_cmpint(result.true_peak_mdb, <=, -1500);
    for (gsize i = 0; i < 2 * 48000; i++)
        frames[i] = i % 24000 == 12000 ? 0.9f : 0.001f * sinf((float) i * 0.1f);
    write_wav(input, frames, 2 * 48000);
    g_assert_true(ingest(self, "in.wav", "clicks.opus", FALSE, &result, &error));
    g_assert_no_error(error);
    g_assert_cmpint(result.true_peak_mdb, <=, -1500);
    /* A gong shorter than a measuring block. */
    g_free(frames);
    frames = tone(14400, 0, 14400, 0.2f);
    write_wav(input, frames, 14400);
    g_assert_true(ingest(self, "in.wav", "gong.opus", FALSE, &result, &error));
    g_assert_no_error(error);
    g_assert_cmpint(llabs(result.loudness_mlufs + 16000), <, 500);
}

static guint
crc_bits(const guint8 *bytes, gsize n_bytes, guint width, guint polynomial)
{
    guint crc = 0, top = 1u << (width - 1), mask = (top << 1) - 1;

    for (gsize i = 0; i < n_bytes; i++) {
        crc ^= (guint) bytes[i] << (width - 8);
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & top ? crc << 1 ^ polynomial : crc << 1) & mask;
    }
    return crc;
}

/* A FLAC frame of 65535 equal samples at 48 kHz (RFC 9639): 13 to 15 bytes for 1.4 s. */
static void
append_flac_frame(GString *file, guint number)
{
    guint8 frame[32] = {0xff, 0xf8, 0x7a, 0x08};
    gsize n = 4;
    guint crc;

    n += (gsize) g_unichar_to_utf8(number, (char *) frame + n);
    frame[n++] = 0xff; /* block size - 1, 16 bits */
    frame[n++] = 0xfe;
    frame[n] = (guint8) crc_bits(frame, n, 8, 0x07);
    n++;
    frame[n++] = 0; /* constant subframe, 16-bit value 0 */
    frame[n++] = 0;
    frame[n++] = 0;
    crc = crc_bits(frame, n, 16, 0x8005);
    frame[n++] = (guint8) (crc >> 8);
    frame[n++] = (guint8) crc;
    g_string_append_len(file, (const char *) frame, (gssize) n);
}

/* Ten hours of silence in less than half a megabyte. */
static void
write_flac_bomb(const char *path)
{
    const guint8 head[42] = {'f',  'L', 'a', 'C', 0x80, 0, 0, 34,   0xff, 0xff, 0xff,
                             0xff, 0,   0,   0,   0,    0, 0, 0x0b, 0xb8, 0x00, 0xf0};
    g_autoptr(GString) file = g_string_new(NULL);

    g_string_append_len(file, (const char *) head, sizeof head);
    for (guint i = 0; i < 10 * 3600 * 48000u / 65535; i++)
        append_flac_frame(file, i);
    g_assert_true(g_file_set_contents(path, file->str, (gssize) file->len, NULL));
}

static void
assert_refused(Fixture *self, const char *name, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *output = path_of(self, "out.opus");
    ContentIngestRunResult result = {.duration_us = -7};

    g_assert_false(ingest(self, name, "out.opus", TRUE, &result, &error));
    g_test_message("%s: %s", name, error->message);
    g_assert_error(error, CONTENT_INGEST_RUN_ERROR, CONTENT_INGEST_RUN_ERROR_REFUSED);
    g_assert_nonnull(strstr(error->message, words));
    /* Nothing half done is left. */
    g_assert_false(g_file_test(output, G_FILE_TEST_EXISTS));
    g_assert_cmpint(result.duration_us, ==, -7);
}

static void
write_file(Fixture *self, const char *name, const char *bytes, gsize n_bytes)
{
    g_autofree char *path = path_of(self, name);

    g_assert_true(g_file_set_contents(path, bytes, (gssize) n_bytes, NULL));
}

/* The first half of @from. */
static void
cut(Fixture *self, const char *from, const char *to)
{
    g_autofree char *path = path_of(self, from);
    g_autofree char *bytes = NULL;
    gsize n_bytes = 0;

    g_assert_true(g_file_get_contents(path, &bytes, &n_bytes, NULL));
    write_file(self, to, bytes, n_bytes / 2);
}

static void
test_refused(Fixture *self, gconstpointer data)
{
    g_autofree char *flac = path_of(self, "in.flac");
    g_autofree char *m4a = path_of(self, "in.m4a");
    g_autofree char *wav = path_of(self, "in.wav");
    g_autofree char *picture = path_of(self, "in.png");
    g_autofree char *silence = path_of(self, "silence.wav");
    g_autofree char *blip = path_of(self, "blip.wav");
    g_autofree float *frames = tone(48000, 0, 0, 0);
    g_autofree float *beep = tone(4800, 0, 4800, 0.2f);
    g_autoptr(GString) noise = g_string_new(NULL);
    GRand *random = g_rand_new_with_seed(7);

    for (int i = 0; i < 5000; i++)
        g_string_append_c(noise, (char) g_rand_int(random));
    g_rand_free(random);
    make(SPEECH "audioconvert ! flacenc ! filesink location=%s", flac);
    make(SPEECH "audioconvert ! avenc_aac ! mp4mux ! filesink location=%s", m4a);
    make("videotestsrc num-buffers=1 ! pngenc ! filesink location=%s", picture);
    write_wav(silence, frames, 48000);
    write_wav(blip, beep, 4800);
    make(SPEECH "audioconvert ! wavenc ! filesink location=%s", wav);
    cut(self, "in.flac", "cut.flac");
    cut(self, "in.wav", "cut.wav");
    cut(self, "in.m4a", "cut.m4a");
    write_file(self, "text", "Thông báo: họp thôn.\n", strlen("Thông báo: họp thôn.\n"));
    write_file(self, "empty", "", 0);
    write_file(self, "noise", noise->str, noise->len);
    write_file(self, "playlist", "#EXTM3U\nhttp://127.0.0.1:9/x.mp3\n", 33);
    assert_refused(self, "text", "not audio");
    assert_refused(self, "empty", "not audio");
    assert_refused(self, "noise", "not audio");
    assert_refused(self, "playlist", "not audio");
    assert_refused(self, "in.png", "");
    assert_refused(self, "silence.wav", "silent");
    assert_refused(self, "blip.wav", "shorter");
    assert_refused(self, "cut.flac", "cut off");
    assert_refused(self, "cut.wav", "cut off");
    assert_refused(self, "cut.m4a", "");
}

static void
test_bomb(Fixture *self, gconstpointer data)
{
    g_autofree char *path = path_of(self, "bomb.flac");

    write_flac_bomb(path);
    g_test_timer_start();
    assert_refused(self, "bomb.flac", "longer than 30 minutes");
    g_assert_cmpfloat(g_test_timer_elapsed(), <, 30.0);
}

/* Our own fault is told apart from the sender's, and an existing file is never touched. */
static void
test_failed(Fixture *self, gconstpointer data)
{
    g_autofree char *path = path_of(self, "in.wav");
    g_autofree char *there = path_of(self, "out.opus");
    g_autofree char *kept = NULL;
    g_autofree float *frames = tone(48000, 0, 48000, 0.2f);
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) missing = NULL;
    ContentIngestRunResult result;

    write_wav(path, frames, 48000);
    write_file(self, "out.opus", "old", 3);
    g_assert_false(ingest(self, "in.wav", "out.opus", FALSE, &result, &error));
    g_assert_error(error, CONTENT_INGEST_RUN_ERROR, CONTENT_INGEST_RUN_ERROR_FAILED);
    g_assert_true(g_file_get_contents(there, &kept, NULL, NULL));
    g_assert_cmpstr(kept, ==, "old");
    g_assert_false(ingest(self, "nothing.wav", "new.opus", FALSE, &result, &missing));
    g_assert_error(missing, CONTENT_INGEST_RUN_ERROR, CONTENT_INGEST_RUN_ERROR_FAILED);
    g_assert_nonnull(strstr(missing->message, "input"));
}

static void
test_cancelled(Fixture *self, gconstpointer data)
{
    g_autofree char *input = path_of(self, "bomb.flac");
    g_autofree char *output = path_of(self, "out.opus");
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GAsyncResult) done = NULL;
    g_autoptr(GError) error = NULL;
    ContentIngestRun run = {program, input, output, self->registry, 0, 60, FALSE};
    ContentIngestRunResult result;

    write_flac_bomb(input);
    content_ingest_run_async(&run, cancellable, on_done, &done);
    g_cancellable_cancel(cancellable);
    while (done == NULL)
        g_main_context_iteration(self->context, TRUE);
    g_assert_false(content_ingest_run_finish(done, &result, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_false(g_file_test(output, G_FILE_TEST_EXISTS));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    program = argv[1];
#define ADD(name, func)                                                                        \
    g_test_add("/content/ingest/" name, Fixture, NULL, set_up, func, tear_down)
    g_test_add_func("/content/ingest/peaks", test_peaks);
    ADD("formats", test_formats);
    ADD("reproducible", test_reproducible);
    ADD("trim", test_trim);
    ADD("hard-sounds", test_hard_sounds);
    ADD("refused", test_refused);
    ADD("bomb", test_bomb);
    ADD("failed", test_failed);
    ADD("cancelled", test_cancelled);
#undef ADD
    return g_test_run();
}
