/*
 * speak.c - a file or standard input spoken live to villages, as fast as it is to be heard.
 *
 * Flow: Ogg Opus -> packets (content/opus-file.h) -> a frame every fifth of a second -> the
 * district, which signs them. Whoever ends the program ends the speech.
 */
#include "scheduler/ctl/run.h"

#include "content/live.h"
#include "content/opus-file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A fifth of a second, as the page sends it. */
#define FRAME_PACKETS 10
#define FRAME_US      (FRAME_PACKETS * CONTENT_LIVE_PACKET_MS * 1000)
#define READ_BYTES    8192
#define WAKE_MS       100
/* The tone comes first, and what is said in it nobody hears: so long it is waited for. */
#define ASK_US     (300 * 1000)
#define ASK_TIMES  20
#define TONE_US    (3 * G_USEC_PER_SEC)
#define FRAME_LAST 1

typedef struct {
    CtlRun *run; /* (not owned) */
    int fd;
    ContentOpusReader *reader; /* (owned) */
    GPtrArray *packets;        /* (owned) (element-type GBytes): not spoken yet */
    char *path;                /* (owned): of the frames */
    guint32 sequence;
    gint64 begun_us; /* monotonic */
    gboolean is_ended;
    gboolean is_unheard; /* and that was said */
    gint64 n_lost;
} Speaking;

static void
speaking_clear(Speaking *self)
{
    if (self->fd > STDIN_FILENO)
        close(self->fd);
    g_clear_pointer(&self->reader, content_opus_reader_free);
    g_clear_pointer(&self->packets, g_ptr_array_unref);
    g_free(self->path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Speaking, speaking_clear)

/* SIGINT and SIGTERM are held back while it is spoken, so that the villages are told the end.
 */
static gboolean
is_interrupted(void)
{
    sigset_t pending;

    sigpending(&pending);
    return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1;
}

static gboolean
open_file(Speaking *self, const char *file, GError **error)
{
    self->fd = strcmp(file, "-") == 0 ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    self->reader = content_opus_reader_new();
    self->packets = g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
    return self->fd >= 0 || ctl_fail(error, CTL_CLIENT_ERROR_FILE, "file", "file", file,
                                     "cause", g_strerror(errno), NULL);
}

static gboolean
check_packets(Speaking *self, guint from, GError **error)
{
    for (guint i = from; i < self->packets->len; i++) {
        gsize n_bytes;
        const guint8 *bytes = g_bytes_get_data(self->packets->pdata[i], &n_bytes);

        if (!content_opus_is_plain(bytes, n_bytes))
            return ctl_fail(error, CTL_CLIENT_ERROR_DATA, "not_opus_20", NULL);
    }
    return TRUE;
}

/* More packets, or the end; what does not come keeps nobody from ending it. */
static gboolean
read_more(Speaking *self, GError **error)
{
    guint8 bytes[READ_BYTES];
    struct pollfd in = {.fd = self->fd, .events = POLLIN};
    const guint n_before = self->packets->len;
    g_autoptr(GError) problem = NULL;
    gssize n;

    if (poll(&in, 1, WAKE_MS) <= 0)
        return TRUE;
    n = read(self->fd, bytes, sizeof bytes);
    if (n < 0 && errno == EINTR)
        return TRUE;
    if (n <= 0) {
        self->is_ended = TRUE;
        return TRUE;
    }
    if (content_opus_reader_feed(self->reader, bytes, (gsize) n, self->packets, &problem))
        return check_packets(self, n_before, error);
    return ctl_fail(error, CTL_CLIENT_ERROR_DATA, "not_opus", "cause", problem->message, NULL);
}

/* Returns: (transfer full) */
static GByteArray *
make_frame(Speaking *self, guint n_packets, gboolean is_last)
{
    GByteArray *body = g_byte_array_new();
    const guint32 sequence = GUINT32_TO_BE(self->sequence++);
    const guint8 rest[] = {is_last ? FRAME_LAST : 0, (guint8) n_packets};

    g_byte_array_append(body, (const guint8 *) &sequence, sizeof sequence);
    g_byte_array_append(body, rest, sizeof rest);
    for (guint i = 0; i < n_packets; i++) {
        gsize n_bytes;
        const guint8 *bytes = g_bytes_get_data(self->packets->pdata[i], &n_bytes);
        const guint8 length[] = {(guint8) (n_bytes >> 8), (guint8) n_bytes};

        g_byte_array_append(body, length, sizeof length);
        g_byte_array_append(body, bytes, (guint) n_bytes);
    }
    g_ptr_array_remove_range(self->packets, 0, n_packets);
    return body;
}

/* Said when it begins and when it is over, not at each frame. */
static void
learn(Speaking *self, json_t *heard)
{
    const gboolean is_unheard = json_integer_value(json_object_get(heard, "n_reached")) == 0;

    self->n_lost = json_integer_value(json_object_get(heard, "n_lost"));
    if (is_unheard != self->is_unheard)
        fprintf(stderr, "%s\n",
                ctl_words_get(self->run->reader,
                              is_unheard ? "say.speak_unheard" : "say.speak_heard"));
    self->is_unheard = is_unheard;
}

static gboolean
send_frame(Speaking *self, gboolean is_last, GError **error)
{
    g_autoptr(GByteArray) frame =
        make_frame(self, MIN(self->packets->len, FRAME_PACKETS), is_last);
    const CtlBody body = {
        .media = "application/octet-stream", .bytes = frame->data, .n_bytes = frame->len};
    json_t *heard = ctl_client_send(self->run->client, "POST", self->path, &body, error);

    if (heard == NULL)
        return FALSE;
    learn(self, heard);
    json_decref(heard);
    return TRUE;
}

/* As long as what was spoken lasts, and not faster. */
static void
keep_pace(Speaking *self)
{
    const gint64 until_us = self->begun_us + (gint64) self->sequence * FRAME_US;
    gint64 left_us = until_us - g_get_monotonic_time();

    while (left_us > 0 && !is_interrupted()) {
        g_usleep((gulong) MIN(left_us + 1, WAKE_MS * 1000));
        left_us = until_us - g_get_monotonic_time();
    }
}

static gboolean
is_sounding(json_t *state)
{
    json_t *zone;
    gsize i;

    json_array_foreach(json_object_get(state, "zones"), i, zone)
    {
        if (g_strcmp0(json_string_value(json_object_get(zone, "state")), "sounding") == 0)
            return TRUE;
    }
    return FALSE;
}

/* Until a village hears the tone, and as long as that is; or long enough. */
static gboolean
wait_for_tone(Speaking *self, const char *alert, GError **error)
{
    for (guint i = 0; i < ASK_TIMES && !is_interrupted(); i++) {
        json_auto_t *state =
            ctl_run_call(self->run, "GET", g_strconcat("/api/alerts/", alert, NULL), NULL,
                         error);

        if (state == NULL)
            return FALSE;
        if (is_sounding(state))
            break;
        g_usleep(ASK_US);
    }
    if (!is_interrupted())
        g_usleep(TONE_US);
    return TRUE;
}

static gboolean
speak(Speaking *self, GError **error)
{
    self->begun_us = g_get_monotonic_time();
    while (!is_interrupted() && !(self->is_ended && self->packets->len <= FRAME_PACKETS)) {
        if (self->packets->len < FRAME_PACKETS) {
            if (!read_more(self, error))
                return FALSE;
            continue;
        }
        keep_pace(self);
        if (!send_frame(self, FALSE, error))
            return FALSE;
    }
    keep_pace(self);
    return send_frame(self, TRUE, error);
}

static json_t *
call_speech(CtlRun *run, gboolean is_drill, GError **error)
{
    json_auto_t *body = ctl_arguments_body(run->arguments, error);

    if (body == NULL)
        return NULL;
    json_object_set_new(body, "drill", json_boolean(is_drill));
    return ctl_client_call(run->client, "POST", "/api/alert-speeches", body, error);
}

static gboolean
speak_file(CtlRun *run, const char *file, gboolean is_drill, GError **error)
{
    g_auto(Speaking) self = {.run = run, .fd = -1};
    json_auto_t *called = NULL;
    g_autofree char *lost = NULL;
    const char *alert;

    if (!open_file(&self, file, error))
        return FALSE;
    /* What is no speech is told before anybody hears a tone. */
    while (self.packets->len == 0 && !self.is_ended && !is_interrupted()) {
        if (!read_more(&self, error))
            return FALSE;
    }
    if (self.packets->len == 0)
        return ctl_fail(error, CTL_CLIENT_ERROR_DATA, "not_opus", "cause", file, NULL);
    called = call_speech(run, is_drill, error);
    if (called == NULL)
        return FALSE;
    alert = json_string_value(json_object_get(called, "id"));
    self.path = g_strdup_printf("/api/alerts/%s/frames", alert);
    if (!wait_for_tone(&self, alert, error) || !speak(&self, error))
        return FALSE;
    ctl_run_print(run, json_incref(called));
    if (self.n_lost > 0) {
        g_autofree char *words = NULL;

        lost = g_strdup_printf("%" G_GINT64_FORMAT, self.n_lost);
        words = ctl_words_say(run->reader, "speak_lost", "n", lost, NULL);
        fprintf(stderr, "%s\n", words);
    }
    return TRUE;
}

static gboolean
run_speech(CtlRun *run, gboolean is_drill, GError **error)
{
    const char *file = ctl_run_get(run, "FILE");
    const struct timespec at_once = {0};
    sigset_t ends, before;
    gboolean is_done;
    json_t *answer;

    if ((file == NULL) == (ctl_run_get(run, "--station") == NULL))
        return ctl_usage(error, "speak_what");
    if (file == NULL) {
        answer = call_speech(run, is_drill, error);
        if (answer != NULL)
            ctl_run_print(run, answer);
        return answer != NULL;
    }
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, &before);
    is_done = speak_file(run, file, is_drill, error);
    /* The end that was asked for was made. */
    while (sigtimedwait(&ends, NULL, &at_once) > 0)
        continue;
    sigprocmask(SIG_SETMASK, &before, NULL);
    return is_done;
}

/* Two commands, as with other alerts. */
gboolean
ctl_alert_speak(CtlRun *run, GError **error)
{
    return run_speech(run, FALSE, error);
}

gboolean
ctl_alert_speak_drill(CtlRun *run, GError **error)
{
    return run_speech(run, TRUE, error);
}

gboolean
ctl_speech_ask(CtlRun *run, GError **error)
{
    g_autofree char *id = ctl_escape(ctl_run_get(run, "ORDER"));
    g_autofree char *path = g_strconcat("/api/speech-orders/", id, NULL);
    json_auto_t *body = NULL;
    json_t *answer;
    gint64 from_us, until_us;

    if (!ctl_run_time(run, ctl_run_get(run, "FROM"), &from_us, error) ||
        !ctl_run_time(run, ctl_run_get(run, "UNTIL"), &until_us, error) ||
        (body = ctl_arguments_body(run->arguments, error)) == NULL)
        return FALSE;
    json_object_set_new(body, "from_us", json_integer(from_us));
    json_object_set_new(body, "ends_us", json_integer(until_us));
    answer = ctl_client_call(run->client, "PUT", path, body, error);
    if (answer != NULL)
        ctl_run_print(run, answer);
    return answer != NULL;
}

/* @path: (transfer full) */
static gboolean
listen(CtlRun *run, char *path, GError **error)
{
    g_autofree char *mine = path;

    if (!ctl_client_download(run->client, mine, ctl_run_get(run, "FILE"), NULL, NULL, error))
        return FALSE;
    ctl_run_print(run, json_null());
    return TRUE;
}

gboolean
ctl_alert_listen(CtlRun *run, GError **error)
{
    g_autofree char *alert = ctl_escape(ctl_run_get(run, "ALERT"));

    return listen(run, g_strconcat("/api/alerts/", alert, "/speech", NULL), error);
}

gboolean
ctl_alert_listen_part(CtlRun *run, GError **error)
{
    g_autofree char *alert = ctl_escape(ctl_run_get(run, "ALERT"));
    g_autofree char *part = ctl_escape(ctl_run_get(run, "PART"));

    return listen(run, g_strconcat("/api/alerts/", alert, "/speech-parts/", part, NULL), error);
}
