/* post.c - see post.h */
#include "player/page/post.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

G_DEFINE_QUARK(PlayPagePostError, play_page_post_error)

struct PlayPagePost {
    char *path; /* (owned) */
    ContentClock *clock;
    const PlayPagePostEvents *events;
    gpointer data;
    int fd; /* -1: not connected */
    guint source;
    guint alarm;      /* 0: none */
    gint64 second_us; /* the second in which n_packets came */
    guint n_packets;
};

static void on_retry(gpointer data);

static void
hang_up(PlayPagePost *self)
{
    if (self->source != 0)
        g_source_remove(self->source);
    if (self->fd >= 0)
        close(self->fd);
    self->source = 0;
    self->fd = -1;
}

static void
try_later(PlayPagePost *self)
{
    content_clock_cancel(self->clock, self->alarm);
    self->alarm = content_clock_alarm_monotonic(
        self->clock, content_clock_monotonic_us(self->clock) + PLAY_PAGE_POST_RETRY_US,
        on_retry, self);
}

/* ---- one question ---- */

static gboolean
refuse(GError **error, const char *words)
{
    g_set_error_literal(error, PLAY_PAGE_POST_ERROR, PLAY_PAGE_POST_ERROR_PEER, words);
    return FALSE;
}

static gboolean
is_too_fast(PlayPagePost *self)
{
    gint64 second_us = content_clock_monotonic_us(self->clock) / G_USEC_PER_SEC;

    if (second_us != self->second_us)
        self->n_packets = 0;
    self->second_us = second_us;
    return ++self->n_packets > PLAY_PAGE_POST_MAX_PACKETS_PER_S;
}

static gboolean
answer(PlayPagePost *self, gconstpointer data, gsize n_bytes, GError **error)
{
    g_autoptr(PlayPageAsk) ask =
        content_document_read(&play_page_ask_type, data, n_bytes, error);
    g_autoptr(GBytes) said = ask == NULL ? NULL : self->events->answer(ask, self->data, error);

    if (said == NULL)
        return FALSE;
    return send(self->fd, g_bytes_get_data(said, NULL), g_bytes_get_size(said),
                MSG_DONTWAIT | MSG_NOSIGNAL) >= 0 ||
           refuse(error, g_strerror(errno));
}

/* Returns: %FALSE when it is to be hung up on; without an error it went by itself. */
static gboolean
receive(PlayPagePost *self, GError **error)
{
    guint8 buffer[PLAY_PAGE_ASK_MAX_BYTES];
    ssize_t n = recv(self->fd, buffer, sizeof buffer, MSG_DONTWAIT | MSG_TRUNC);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return TRUE;
    if (n <= 0)
        return FALSE;
    if (n > (ssize_t) sizeof buffer)
        return refuse(error, "a question is longer than a packet holds");
    if (is_too_fast(self))
        return refuse(error, "more questions a second than a page has");
    return answer(self, buffer, (gsize) n, error);
}

static gboolean
on_readable(gint fd, GIOCondition condition, gpointer data)
{
    PlayPagePost *self = data;
    g_autoptr(GError) error = NULL;

    if ((condition & G_IO_IN) != 0 && receive(self, &error))
        return G_SOURCE_CONTINUE;
    hang_up(self);
    try_later(self);
    if (error != NULL)
        self->events->problem(error->message, self->data);
    return G_SOURCE_REMOVE;
}

/* ---- the connection ---- */

static void
on_retry(gpointer data)
{
    PlayPagePost *self = data;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    self->alarm = 0;
    g_strlcpy(address.sun_path, self->path, sizeof address.sun_path);
    if (fd < 0 || connect(fd, (struct sockaddr *) &address, sizeof address) != 0) {
        if (fd >= 0)
            close(fd);
        try_later(self);
        return;
    }
    self->fd = fd;
    self->source = g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, self);
}

PlayPagePost *
play_page_post_new(const char *path, ContentClock *clock, const PlayPagePostEvents *events,
                   gpointer data)
{
    PlayPagePost *self = g_new0(PlayPagePost, 1);

    self->path = g_strdup(path);
    self->clock = clock;
    self->events = events;
    self->data = data;
    self->fd = -1;
    self->alarm =
        content_clock_alarm_monotonic(clock, content_clock_monotonic_us(clock), on_retry, self);
    return self;
}

void
play_page_post_free(PlayPagePost *self)
{
    if (self == NULL)
        return;
    content_clock_cancel(self->clock, self->alarm);
    hang_up(self);
    g_free(self->path);
    g_free(self);
}
