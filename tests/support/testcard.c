/* testcard.c - see testcard.h */
#include "tests/support/testcard.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Below this a frame counts as silent: 40 dB under full scale. */
#define SILENT_BELOW 300
/* Silences shorter than 1 ms are the zero crossings of a tone. */
#define GAP_FRAMES 48
/* One look at the frequency: 10 ms, so that zero crossings resolve 100 Hz. */
#define WINDOW_FRAMES 480

struct TestCards {
    char *folder;
    gboolean is_temporary;
    GArray *specs; /* (element-type TestCardSpec), names owned */
};

typedef struct {
    gint64 from_frame, start_us;
} Run;

static void
append_card(GString *config, const char *folder, const TestCardSpec *spec)
{
    g_string_append_printf(config,
                           "pcm.%s {\n"
                           "    type testcard\n"
                           "    file \"%s/%s.raw\"\n"
                           "    fault \"%s/%s.fault\"\n"
                           "    rate %u\n"
                           "    channels %u\n"
                           "    ppm %d\n"
                           "    keep_s %u\n"
                           "}\n",
                           spec->name, folder, spec->name, folder, spec->name,
                           spec->rate == 0 ? TEST_CARD_RATE : spec->rate, spec->channels,
                           spec->ppm, spec->keep_s);
}

TestCards *
test_cards_new(const char *folder, const TestCardSpec *specs, gsize n_specs)
{
    g_autoptr(GString) config = g_string_new("</usr/share/alsa/alsa.conf>\n");
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    TestCards *self = g_new0(TestCards, 1);

    self->is_temporary = folder == NULL;
    self->folder =
        folder == NULL ? g_dir_make_tmp("loa-card-XXXXXX", &error) : g_strdup(folder);
    g_assert_no_error(error);
    self->specs = g_array_new(FALSE, FALSE, sizeof(TestCardSpec));
    g_string_append_printf(config, "pcm_type.testcard { lib \"%s\" }\n", TEST_CARD_MODULE);
    for (gsize i = 0; i < n_specs; i++) {
        TestCardSpec spec = specs[i];

        append_card(config, self->folder, &spec);
        spec.name = g_strdup(spec.name);
        g_array_append_val(self->specs, spec);
    }
    path = g_build_filename(self->folder, "asound.conf", NULL);
    g_file_set_contents(path, config->str, -1, &error);
    g_assert_no_error(error);
    g_setenv("ALSA_CONFIG_PATH", path, TRUE);
    return self;
}

static void
remove_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        g_unlink(path);
    }
    g_rmdir(folder);
}

void
test_cards_free(TestCards *self)
{
    if (self == NULL)
        return;
    if (self->is_temporary)
        remove_folder(self->folder);
    for (guint i = 0; i < self->specs->len; i++)
        g_free((char *) g_array_index(self->specs, TestCardSpec, i).name);
    g_array_unref(self->specs);
    g_free(self->folder);
    g_free(self);
}

const char *
test_cards_folder(TestCards *self)
{
    return self->folder;
}

static char *
card_path(const char *folder, const char *name, const char *suffix)
{
    g_autofree char *file = g_strconcat(name, suffix, NULL);

    return g_build_filename(folder, file, NULL);
}

void
test_cards_forget(TestCards *self, const char *name)
{
    static const char *const suffixes[] = {".raw", ".raw.t0", ".raw.log", ".fault"};

    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *path = card_path(self->folder, name, suffixes[i]);

        g_unlink(path);
    }
}

void
test_cards_set_fault(TestCards *self, const char *name, const char *fault)
{
    g_autofree char *path = card_path(self->folder, name, ".fault");
    g_autoptr(GError) error = NULL;

    if (fault == NULL) {
        g_unlink(path);
        return;
    }
    /* Written beside and renamed, so that the card never reads half a word. */
    g_file_set_contents(path, fault, -1, &error);
    g_assert_no_error(error);
}

gboolean
test_cards_has_fault(TestCards *self, const char *name)
{
    g_autofree char *path = card_path(self->folder, name, ".fault");

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static GArray *
read_runs(const char *log, gint64 zero_us)
{
    g_auto(GStrv) lines = g_strsplit(log, "\n", -1);
    GArray *runs = g_array_new(FALSE, FALSE, sizeof(Run));
    Run first = {0, zero_us};

    g_array_append_val(runs, first);
    for (gsize i = 0; lines[i] != NULL; i++) {
        gint64 start_ns, frame;

        if (sscanf(lines[i], "start %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, &start_ns,
                   &frame) == 2) {
            Run run = {frame, start_ns / 1000};

            g_array_append_val(runs, run);
        }
    }
    return runs;
}

static void
take_first_channel(TestTimeline *timeline, const gint16 *samples, gsize n_samples)
{
    guint channels = timeline->channels;

    timeline->n_frames = (gint64) (n_samples / channels);
    timeline->frames = g_new(gint16, (gsize) timeline->n_frames + 1);
    for (gint64 i = 0; i < timeline->n_frames; i++) {
        timeline->frames[i] = samples[i * channels];
        for (guint c = 1; c < channels; c++) {
            if (samples[i * channels + c] != samples[i * channels])
                timeline->channels_differ = TRUE;
        }
    }
}

TestTimeline *
test_timeline_read(const char *folder, const TestCardSpec *spec)
{
    g_autofree char *zero_path = card_path(folder, spec->name, ".raw.t0");
    g_autofree char *log_path = card_path(folder, spec->name, ".raw.log");
    g_autofree char *raw_path = card_path(folder, spec->name, ".raw");
    g_autofree char *zero = NULL, *raw = NULL;
    g_autoptr(TestTimeline) timeline = g_new0(TestTimeline, 1);
    gint64 zero_ns, zero_utc_ns;
    gsize n_bytes;

    if (!g_file_get_contents(zero_path, &zero, NULL, NULL) ||
        !g_file_get_contents(raw_path, &raw, &n_bytes, NULL) ||
        !g_file_get_contents(log_path, &timeline->log, NULL, NULL) ||
        sscanf(zero, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, &zero_ns, &zero_utc_ns) != 2)
        return NULL;
    timeline->zero_us = zero_ns / 1000;
    timeline->zero_utc_us = zero_utc_ns / 1000;
    timeline->ppm = spec->ppm;
    timeline->channels = MAX(spec->channels, 1);
    timeline->runs = read_runs(timeline->log, timeline->zero_us);
    take_first_channel(timeline, (const gint16 *) raw, n_bytes / sizeof(gint16));
    return g_steal_pointer(&timeline);
}

TestTimeline *
test_cards_listen(TestCards *self, const char *name)
{
    for (guint i = 0; i < self->specs->len; i++) {
        const TestCardSpec *spec = &g_array_index(self->specs, TestCardSpec, i);

        if (g_str_equal(spec->name, name)) {
            TestTimeline *timeline = test_timeline_read(self->folder, spec);

            g_assert_nonnull(timeline);
            return timeline;
        }
    }
    g_assert_not_reached();
}

void
test_timeline_free(TestTimeline *timeline)
{
    if (timeline == NULL)
        return;
    g_clear_pointer(&timeline->runs, g_array_unref);
    g_free(timeline->frames);
    g_free(timeline->log);
    g_free(timeline);
}

gint64
test_timeline_us(const TestTimeline *timeline, gint64 frame)
{
    const Run *run = &g_array_index(timeline->runs, Run, 0);
    gdouble rate = TEST_CARD_RATE * (1.0 + timeline->ppm / 1e6);

    for (guint i = 1; i < timeline->runs->len; i++) {
        const Run *later = &g_array_index(timeline->runs, Run, i);

        if (later->from_frame <= frame)
            run = later;
    }
    return run->start_us + (gint64) ((gdouble) (frame - run->from_frame) * 1e6 / rate);
}

gint64
test_timeline_frame(const TestTimeline *timeline, gint64 us)
{
    const Run *run = &g_array_index(timeline->runs, Run, 0);
    gdouble rate = TEST_CARD_RATE * (1.0 + timeline->ppm / 1e6);

    for (guint i = 1; i < timeline->runs->len; i++) {
        const Run *later = &g_array_index(timeline->runs, Run, i);

        if (later->start_us <= us)
            run = later;
    }
    return run->from_frame + (gint64) ((gdouble) (us - run->start_us) * rate / 1e6);
}

gint64
test_timeline_event_us(const TestTimeline *timeline, const char *event)
{
    g_auto(GStrv) lines = g_strsplit(timeline->log, "\n", -1);
    g_autofree char *begins = g_strconcat(event, " ", NULL);

    for (guint i = 0; lines[i] != NULL; i++) {
        if (g_str_has_prefix(lines[i], begins))
            return g_ascii_strtoll(lines[i] + strlen(begins), NULL, 10) / 1000;
    }
    g_error("no %s in the card's log: %s", event, timeline->log);
}

guint
test_timeline_count(const TestTimeline *timeline, const char *event)
{
    g_auto(GStrv) lines = g_strsplit(timeline->log, "\n", -1);
    gsize length = strlen(event);
    guint n = 0;

    for (gsize i = 0; lines[i] != NULL; i++) {
        if (strncmp(lines[i], event, length) == 0 && lines[i][length] == ' ')
            n++;
    }
    return n;
}

/* The next stretch without a silence of GAP_FRAMES, from *from on; FALSE: there is none. */
static gboolean
next_stretch(const TestTimeline *timeline, gint64 limit, gint64 *from, gint64 *to)
{
    gint64 i = *from;

    while (i < limit && abs(timeline->frames[i]) < SILENT_BELOW)
        i++;
    if (i >= limit)
        return FALSE;
    *from = i;
    *to = i + 1;
    for (; i < limit && i - *to < GAP_FRAMES; i++) {
        if (abs(timeline->frames[i]) >= SILENT_BELOW)
            *to = i + 1;
    }
    return TRUE;
}

static guint
frequency_of(const gint16 *frames, gint64 n_frames)
{
    gint64 first = -1, last = -1;
    guint n_crossings = 0;

    for (gint64 i = 1; i < n_frames; i++) {
        if (frames[i - 1] >= 0 || frames[i] < 0)
            continue;
        first = first < 0 ? i : first;
        last = i;
        n_crossings++;
    }
    if (n_crossings < 2)
        return 0;
    return (guint) ((n_crossings - 1) * TEST_CARD_RATE / (gdouble) (last - first) / 50 + 0.5) *
           50;
}

/* Parts one stretch where the frequency changes; a window that straddles a change joins none.
 */
static void
append_tones(GArray *sounds, const TestTimeline *timeline, gint64 from, gint64 to)
{
    TestSound sound = {from, from, 0};
    gint64 at = from;

    for (; at + WINDOW_FRAMES <= to; at += WINDOW_FRAMES) {
        guint hz = frequency_of(timeline->frames + at, WINDOW_FRAMES);
        guint next = at + 2 * WINDOW_FRAMES <= to
                         ? frequency_of(timeline->frames + at + WINDOW_FRAMES, WINDOW_FRAMES)
                         : hz;

        if (sound.to == sound.from)
            sound.hz = hz;
        if (hz != sound.hz && hz == next) {
            sound.to = at;
            g_array_append_val(sounds, sound);
            sound = (TestSound){at, at, hz};
        }
        sound.to = at + WINDOW_FRAMES;
    }
    sound.to = to;
    g_array_append_val(sounds, sound);
}

GArray *
test_timeline_sounds(const TestTimeline *timeline)
{
    GArray *sounds = g_array_new(FALSE, TRUE, sizeof(TestSound));
    gint64 to;

    for (gint64 from = 0; next_stretch(timeline, timeline->n_frames, &from, &to); from = to)
        append_tones(sounds, timeline, from, to);
    return sounds;
}

const TestSound *
test_sounds_first(const GArray *sounds, guint hz)
{
    const TestSound *first = NULL;

    for (guint i = 0; first == NULL && i < sounds->len; i++) {
        const TestSound *sound = &g_array_index(sounds, TestSound, i);

        first = sound->hz == hz ? sound : NULL;
    }
    g_assert_nonnull(first);
    return first;
}

gint64
test_timeline_sounding(const TestTimeline *timeline, gint64 from, gint64 to)
{
    gint64 limit = MIN(to, timeline->n_frames), n = 0, stretch_to;

    for (; next_stretch(timeline, limit, &from, &stretch_to); from = stretch_to)
        n += stretch_to - from;
    return n;
}

gint64
test_timeline_equal(const TestTimeline *timeline, gint64 from, const gint16 *expected,
                    gint64 n_frames)
{
    gint64 n_equal = 0;

    for (gint64 i = 0; i < n_frames; i++) {
        gint64 at = from + i;

        if (at >= 0 && at < timeline->n_frames && timeline->frames[at] == expected[i])
            n_equal++;
    }
    return n_equal;
}
