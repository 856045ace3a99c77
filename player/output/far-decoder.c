/* far-decoder.c - see far-decoder.h */
#include "player/output/far-decoder.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "player/output/source.h"

/* Bytes on the way to the process: what lies there is late by as long as it sounds. */
#define WAY_BYTES    4096
#define FRAMES_BYTES 8192

struct PlayFarDecoder {
    GPid process;
    int in, out; /* our ends */
    PlayDecoderFunc func;
    gpointer data;
    guint8 held[FRAMES_BYTES]; /* the first n_held: half a frame that the pipe cut off */
    gsize n_held;
};

/* ---- the process ---- */

/* A socket in place of a pipe: to write to one that is closed is no signal. */
static gboolean
open_way(int ends[2])
{
    int size = WAY_BYTES;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return FALSE;
    setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    return g_unix_set_fd_nonblocking(ends[0], TRUE, NULL);
}

static gboolean
start(PlayFarDecoder *self, const char *program, const char *format, GError **error)
{
    const char *const arguments[] = {program, format, NULL};
    const char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", NULL};
    int ends[2] = {-1, -1};
    gboolean is_started;

    if (!open_way(ends)) {
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s", g_strerror(errno));
        return FALSE;
    }
    self->in = ends[0];
    is_started =
        g_spawn_async_with_pipes_and_fds(NULL, arguments, environment,
                                         G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL,
                                         NULL, NULL, ends[1], -1, -1, NULL, NULL, 0,
                                         &self->process, NULL, &self->out, NULL, error);
    close(ends[1]);
    return is_started && g_unix_set_fd_nonblocking(self->out, TRUE, error);
}

PlayFarDecoder *
play_far_decoder_new(const char *program, const char *format, PlayDecoderFunc func,
                     gpointer data, GError **error)
{
    g_autoptr(PlayFarDecoder) self = g_new0(PlayFarDecoder, 1);
    g_autoptr(GError) why = NULL;

    self->in = self->out = -1;
    self->func = func;
    self->data = data;
    if (start(self, program, format, &why))
        return g_steal_pointer(&self);
    g_set_error(error, PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_SETUP,
                "the decoder of %s cannot be started: %s", format, why->message);
    return NULL;
}

void
play_far_decoder_free(PlayFarDecoder *self)
{
    if (self == NULL)
        return;
    if (self->in >= 0)
        close(self->in);
    if (self->out >= 0)
        close(self->out);
    if (self->process > 0) {
        kill(self->process, SIGKILL);
        while (waitpid(self->process, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    g_free(self);
}

/* ---- bytes and frames ---- */

/* Returns: %FALSE: the process has ended, or nobody wants more */
static gboolean
take_frames(PlayFarDecoder *self)
{
    gssize n = read(self->out, self->held + self->n_held, sizeof self->held - self->n_held);
    gboolean is_wanted = TRUE;
    gsize n_frames;

    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    self->n_held += (gsize) n;
    n_frames = self->n_held / sizeof(gint16);
    if (n_frames > 0)
        is_wanted = self->func((const gint16 *) (gpointer) self->held, n_frames, self->data);
    if (self->n_held % sizeof(gint16) != 0)
        self->held[0] = self->held[self->n_held - 1];
    self->n_held %= sizeof(gint16);
    return n > 0 && is_wanted;
}

/* Returns: how many bytes it took; -1: the process has ended */
static gssize
give_bytes(PlayFarDecoder *self, const char *bytes, gsize n_bytes)
{
    gssize n = send(self->in, bytes, n_bytes, MSG_NOSIGNAL);

    return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : n;
}

static gboolean
fail(GError **error, const char *words)
{
    g_set_error_literal(error, PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_DECODE, words);
    return FALSE;
}

gboolean
play_far_decoder_push(PlayFarDecoder *self, gconstpointer bytes, gsize n_bytes, GError **error)
{
    const char *at = bytes;

    while (n_bytes > 0) {
        struct pollfd ways[] = {{self->in, POLLOUT, 0}, {self->out, POLLIN, 0}};
        int n_ready = poll(ways, G_N_ELEMENTS(ways), PLAY_FAR_DECODER_HANGS_MS);
        gssize n = 0;

        if (n_ready == 0)
            return fail(error, "its decoder hangs");
        if (ways[1].revents != 0 && !take_frames(self))
            return fail(error, "it cannot be decoded");
        if (ways[0].revents != 0)
            n = give_bytes(self, at, n_bytes);
        if (n < 0)
            return fail(error, "it cannot be decoded");
        at += n;
        n_bytes -= (gsize) n;
    }
    return TRUE;
}

void
play_far_decoder_rest(PlayFarDecoder *self, gint wait_ms)
{
    gint64 until_us = g_get_monotonic_time() + wait_ms * (gint64) 1000;
    struct pollfd way = {self->out, POLLIN, 0};
    gint64 left_ms = wait_ms;

    while (poll(&way, 1, (int) MAX(left_ms, 0)) > 0 && take_frames(self))
        left_ms = (until_us - g_get_monotonic_time()) / 1000;
}
