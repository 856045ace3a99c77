/*
 * bench-output.c - how exactly segments start at the PCM, and what playing costs.
 *
 * Flow: `bench-output` plays 200 segments of an Ogg/Opus file to a test card, once on an idle
 * machine and once with every core busy, then a minute of speech in a process of its own, and
 * prints one JSON line. The instants are read from the card's timeline, not from our own
 * events.
 */
#include "player/output/output.h"

#include "player/output/source-file.h"
#include "tests/support/testcard.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_SEGMENTS         200
#define SEGMENTS_A_BLOCK   5
#define SEGMENT_US         (G_USEC_PER_SEC * 15 / 100)
#define SEGMENT_FRAMES     (PLAY_RATE * 15 / 100)
#define PAUSE_US           (G_USEC_PER_SEC / 5)
#define PLACED_AHEAD_US    G_USEC_PER_SEC
#define SEARCH_FRAMES      (PLAY_RATE / 20)
#define BUFFER_MS          200
#define MINUTE_US          (60 * G_USEC_PER_SEC)
#define BUSY_PROCESSES_MAX 64

static const TestCardSpec card = {.name = "bench", .channels = 1};

typedef struct {
    ContentClock *clock;
    PlayOutput *output;
    GMainLoop *loop;
    const char *path; /* of the Opus file */
    guint n_placed, n_ended;
    gint64 start_us[N_SEGMENTS];
} Bench;

static PlaySource *
open_file(const char *path)
{
    g_autoptr(GError) error = NULL;
    PlaySource *source = play_source_file_new(open(path, O_RDONLY | O_CLOEXEC), &error);

    if (source == NULL)
        g_error("%s: %s", path, error->message);
    return source;
}

static gint16 *
decode(const char *path, gint64 n_frames)
{
    g_autoptr(PlaySource) source = open_file(path);
    gint16 *frames = g_new0(gint16, (gsize) n_frames);

    play_source_prepare(source, 0, NULL);
    for (gint64 done = 0; done < n_frames;) {
        gsize n = play_source_read(source, frames + done, (gsize) (n_frames - done));

        if (n == 0 && play_source_end(source, NULL) != PLAY_SOURCE_GOING)
            g_error("%s is too short", path);
        done += (gint64) n;
        g_usleep(1000);
    }
    return frames;
}

static void
on_segment(PlayOutput *output, const PlayEvent *event, gpointer user_data)
{
    Bench *bench = user_data;

    if (event->kind == PLAY_EVENT_ENDED && ++bench->n_ended == N_SEGMENTS)
        g_main_loop_quit(bench->loop);
}

/* Placed a second ahead, as the cue does at warm-up. */
static gboolean
on_place_due(gpointer user_data)
{
    Bench *bench = user_data;
    gint64 until_us = content_clock_monotonic_us(bench->clock) + PLACED_AHEAD_US;

    while (bench->n_placed < N_SEGMENTS && bench->start_us[bench->n_placed] < until_us) {
        g_autofree char *id = g_strdup_printf("segment-%u", bench->n_placed);
        g_autoptr(GError) error = NULL;

        if (!play_output_place(bench->output, id, open_file(bench->path),
                               bench->start_us[bench->n_placed], SEGMENT_US, 0, &error))
            g_error("%s", error->message);
        bench->n_placed++;
    }
    return G_SOURCE_CONTINUE;
}

static void
plan_segments(Bench *bench)
{
    gint64 at_us = content_clock_monotonic_us(bench->clock) + 2 * G_USEC_PER_SEC;

    for (guint i = 0; i < N_SEGMENTS; i++) {
        bench->start_us[i] = at_us;
        /* An odd µs now and then, so that starts do not all fall on one frame boundary. */
        at_us += SEGMENT_US;
        if (i % SEGMENTS_A_BLOCK == SEGMENTS_A_BLOCK - 1)
            at_us += PAUSE_US + 137;
    }
}

/* Where the segment was heard: where most frames are exactly its own. */
static gint64
locate(const TestTimeline *timeline, gint64 start_us, const gint16 *expected, gint64 *out_equal)
{
    gint64 at = test_timeline_frame(timeline, start_us), best = at;

    *out_equal = 0;
    for (gint64 shift = 0; shift <= 2 * SEARCH_FRAMES; shift++) {
        /* 0, 1, -1, 2, -2 …: the nearest first, and no further than an exact match. */
        gint64 candidate = at + (shift % 2 == 1 ? (shift + 1) / 2 : -shift / 2);
        gint64 n_equal = test_timeline_equal(timeline, candidate, expected, SEGMENT_FRAMES);

        if (n_equal > *out_equal) {
            *out_equal = n_equal;
            best = candidate;
        }
        if (n_equal == SEGMENT_FRAMES)
            break;
    }
    return best;
}

static int
compare_errors(const void *a, const void *b)
{
    gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

    return left < right ? -1 : left > right;
}

static void
report_segments(const Bench *bench, const TestTimeline *timeline, const gint16 *expected,
                const PlayOutputState *state, const char *name, GString *json)
{
    gint64 errors[N_SEGMENTS], previous_at = 0, n_lost = 0;
    guint n_gaps = 0, n_missing = 0;

    for (guint i = 0; i < N_SEGMENTS; i++) {
        gint64 n_equal, at = locate(timeline, bench->start_us[i], expected, &n_equal);

        errors[i] = ABS(test_timeline_us(timeline, at) - bench->start_us[i]);
        n_lost += SEGMENT_FRAMES - n_equal;
        n_missing += n_equal == 0;
        if (i % SEGMENTS_A_BLOCK != 0 && at != previous_at + SEGMENT_FRAMES)
            n_gaps++;
        previous_at = at;
    }
    qsort(errors, N_SEGMENTS, sizeof *errors, compare_errors);
    g_string_append_printf(json,
                           "\"%s\":{\"segments\":%d,\"p50_us\":%" G_GINT64_FORMAT
                           ",\"p99_us\":%" G_GINT64_FORMAT ",\"max_us\":%" G_GINT64_FORMAT
                           ",\"gaps\":%u,\"missing\":%u,\"frames_altered\":%" G_GINT64_FORMAT
                           ",\"xruns\":%u,\"realtime\":%s},",
                           name, N_SEGMENTS, errors[N_SEGMENTS / 2],
                           errors[N_SEGMENTS * 99 / 100], errors[N_SEGMENTS - 1], n_gaps,
                           n_missing, n_lost, state->n_starved,
                           state->is_realtime ? "true" : "false");
}

/* Children that do nothing but use a core each; they die with this process. */
static guint
start_busy(pid_t *pids)
{
    guint n = MIN(g_get_num_processors(), BUSY_PROCESSES_MAX);

    for (guint i = 0; i < n; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            for (volatile guint64 spin = 0;; spin++)
                ;
        }
    }
    return n;
}

static void
stop_busy(const pid_t *pids, guint n)
{
    for (guint i = 0; i < n; i++) {
        kill(pids[i], SIGKILL);
        waitpid(pids[i], NULL, 0);
    }
}

static void
bench_segments(const char *path, const char *name, gboolean is_busy, GString *json)
{
    g_autoptr(TestCards) cards = test_cards_new(NULL, &card, 1);
    g_autoptr(ContentClock) clock = content_clock_system_new();
    g_autofree gint16 *expected = decode(path, SEGMENT_FRAMES);
    g_autoptr(TestTimeline) timeline = NULL;
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    Bench bench = {.clock = clock, .loop = loop, .path = path};
    PlayOutputState state;
    pid_t pids[BUSY_PROCESSES_MAX];
    guint n_busy = is_busy ? start_busy(pids) : 0, tick;

    bench.output = play_output_new(card.name, BUFFER_MS, clock, on_segment, &bench);
    plan_segments(&bench);
    tick = g_timeout_add(100, on_place_due, &bench);
    g_main_loop_run(loop);
    g_source_remove(tick);
    state = play_output_state(bench.output);
    play_output_free(bench.output);
    stop_busy(pids, n_busy);
    timeline = test_cards_listen(cards, card.name);
    report_segments(&bench, timeline, expected, &state, name, json);
}

static void
on_minute_event(PlayOutput *output, const PlayEvent *event, gpointer user_data)
{
    if (event->kind == PLAY_EVENT_ENDED)
        g_main_loop_quit(((Bench *) user_data)->loop);
}

static gdouble
cpu_seconds(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (gdouble) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (gdouble) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* The process that is measured: an output and one file, nothing else. */
static int
play_minute(const char *path)
{
    g_autoptr(ContentClock) clock = content_clock_system_new();
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_autoptr(GError) error = NULL;
    Bench bench = {.clock = clock, .loop = loop};
    struct rusage usage;
    gdouble began_s;

    bench.output = play_output_new(card.name, BUFFER_MS, clock, on_minute_event, &bench);
    began_s = cpu_seconds();
    if (!play_output_place(bench.output, "minute", open_file(path),
                           content_clock_monotonic_us(clock) + G_USEC_PER_SEC, MINUTE_US, 0,
                           &error))
        g_error("%s", error->message);
    g_main_loop_run(loop);
    getrusage(RUSAGE_SELF, &usage);
    g_print("\"minute\":{\"cpu_s\":%.3f,\"rss_max_kib\":%ld}", cpu_seconds() - began_s,
            usage.ru_maxrss);
    play_output_free(bench.output);
    return 0;
}

/* A minute of Vietnamese speech as the district would have encoded it. */
static gboolean
make_speech(const char *folder, const char *opus_path)
{
    g_autofree char *wav_path = g_build_filename(folder, "speech.wav", NULL);
    g_autofree char *encode = g_strdup_printf(
        "gst-launch-1.0 -q filesrc location=%s ! wavparse ! audioconvert ! audioresample ! "
        "audio/x-raw,rate=48000,channels=1 ! opusenc bitrate=32000 ! oggmux ! filesink "
        "location=%s",
        wav_path, opus_path);
    g_autoptr(GString) text = g_string_new(NULL);
    const char *argv[] = {"espeak-ng", "-v", "vi", "-w", wav_path, NULL, NULL};
    int status = 1;

    for (guint i = 0; i < 40; i++)
        g_string_append(text,
                        "Đài truyền thanh xã xin thông báo đến toàn thể bà con trong làng. ");
    argv[5] = text->str;
    return g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                        &status, NULL) &&
           status == 0 && g_spawn_command_line_sync(encode, NULL, NULL, &status, NULL) &&
           status == 0;
}

static void
bench_minute(const char *self_path, GString *json)
{
    g_autoptr(TestCards) cards = test_cards_new(NULL, &card, 1);
    g_autofree char *opus_path =
        g_build_filename(test_cards_folder(cards), "speech.opus", NULL);
    g_autofree char *out = NULL;
    const char *argv[] = {self_path, "--minute", opus_path, NULL};
    int status = 1;

    if (make_speech(test_cards_folder(cards), opus_path) &&
        g_spawn_sync(NULL, (char **) argv, NULL, 0, NULL, NULL, &out, NULL, &status, NULL) &&
        status == 0)
        g_string_append(json, out);
    else
        g_string_append(json, "\"minute\":null");
}

int
main(int argc, char **argv)
{
    g_autoptr(GString) json = g_string_new("{\"bench\":\"output\",");
    g_autoptr(GError) error = NULL;

    if (!play_source_file_start(&error))
        g_error("%s", error->message);
    if (argc == 3 && strcmp(argv[1], "--minute") == 0)
        return play_minute(argv[2]);
    if (argc != 2) {
        g_printerr("usage: bench-output TONES.opus\n");
        return 64;
    }
    bench_segments(argv[1], "idle", FALSE, json);
    bench_segments(argv[1], "busy", TRUE, json);
    bench_minute("/proc/self/exe", json);
    g_print("%s}\n", json->str);
    return 0;
}
