/* line.c - see line.h */
#include "player/page/line.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 4

G_DEFINE_QUARK(PlayPageLineError, play_page_line_error)

typedef struct {
    PlayPageLineFunc func;
    gpointer data;
    gint64 until_us; /* monotonic */
} Waiting;

struct PlayPageLine {
    char *path; /* (owned) */
    uid_t uid;
    ContentClock *clock;
    int listener; /* -1: none */
    guint listener_source;
    int fd; /* of the player; -1: there is none */
    guint source;
    GArray *waiting; /* (owned) (element-type Waiting): the oldest first */
    guint alarm;
    void (*on_up)(gpointer data); /* (nullable) */
    gpointer up_data;
};

/* Whoever waits on this connection will not be answered; they may ask anew while told so. */
static void
hang_up(PlayPageLine *self)
{
    g_autoptr(GArray) waiting = self->waiting;

    self->waiting = g_array_new(FALSE, FALSE, sizeof(Waiting));
    if (self->source != 0)
        g_source_remove(self->source);
    if (self->fd >= 0)
        close(self->fd);
    self->source = 0;
    self->fd = -1;
    content_clock_cancel(self->clock, self->alarm);
    self->alarm = 0;
    for (guint i = 0; i < waiting->len; i++) {
        const Waiting *one = &g_array_index(waiting, Waiting, i);

        one->func(NULL, one->data);
    }
}

/* ---- answers ---- */

static void
on_alarm(gpointer data)
{
    PlayPageLine *self = data;

    self->alarm = 0;
    hang_up(self);
}

/* The oldest question is the one that has waited longest. */
static void
set_alarm(PlayPageLine *self)
{
    content_clock_cancel(self->clock, self->alarm);
    self->alarm = 0;
    if (self->waiting->len > 0)
        self->alarm = content_clock_alarm_monotonic(
            self->clock, g_array_index(self->waiting, Waiting, 0).until_us, on_alarm, self);
}

static gboolean
on_readable(gint fd, GIOCondition condition, gpointer data)
{
    PlayPageLine *self = data;
    g_autofree guint8 *buffer = g_malloc(PLAY_PAGE_ANSWER_MAX_BYTES + 1);
    ssize_t n = recv(fd, buffer, PLAY_PAGE_ANSWER_MAX_BYTES + 1, MSG_DONTWAIT);
    g_autoptr(GBytes) answer = NULL;
    Waiting first;

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return G_SOURCE_CONTINUE;
    if (n <= 0 || n > PLAY_PAGE_ANSWER_MAX_BYTES || self->waiting->len == 0) {
        hang_up(self);
        return G_SOURCE_REMOVE;
    }
    answer = g_bytes_new(buffer, (gsize) n);
    first = g_array_index(self->waiting, Waiting, 0);
    g_array_remove_index(self->waiting, 0);
    set_alarm(self);
    first.func(answer, first.data);
    return G_SOURCE_CONTINUE;
}

/* ---- questions ---- */

gboolean
play_page_line_is_up(const PlayPageLine *self)
{
    return self->fd >= 0;
}

void
play_page_line_ask(PlayPageLine *self, const PlayPageAsk *ask, PlayPageLineFunc func,
                   gpointer data)
{
    g_autoptr(GBytes) bytes = content_document_write(&play_page_ask_type, ask, NULL);
    Waiting waiting = {func, data,
                       content_clock_monotonic_us(self->clock) + PLAY_PAGE_LINE_PATIENCE_US};

    if (bytes == NULL || self->fd < 0 || self->waiting->len >= PLAY_PAGE_LINE_MAX_WAITING ||
        send(self->fd, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
             MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        func(NULL, data);
        return;
    }
    g_array_append_val(self->waiting, waiting);
    set_alarm(self);
}

/* ---- the player comes ---- */

static gboolean
is_player(const PlayPageLine *self, int fd)
{
    struct ucred peer = {.uid = (uid_t) -1};
    socklen_t length = sizeof peer;

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 &&
           peer.uid == self->uid;
}

static gboolean
on_listener(gint listener, GIOCondition condition, gpointer data)
{
    PlayPageLine *self = data;
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    if (fd < 0)
        return G_SOURCE_CONTINUE;
    if (!is_player(self, fd)) {
        close(fd);
        return G_SOURCE_CONTINUE;
    }
    hang_up(self);
    self->fd = fd;
    self->source = g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, self);
    if (self->on_up != NULL)
        self->on_up(self->up_data);
    return G_SOURCE_CONTINUE;
}

void
play_page_line_on_up(PlayPageLine *self, void (*func)(gpointer data), gpointer data)
{
    self->on_up = func;
    self->up_data = data;
}

static gboolean
find_user(PlayPageLine *self, const char *user, GError **error)
{
    const struct passwd *account;
    guint64 number;

    if (g_ascii_string_to_unsigned(user, 10, 0, (guint64) G_MAXUINT32 - 1, &number, NULL)) {
        self->uid = (uid_t) number;
        return TRUE;
    }
    account = getpwnam(user);
    if (account == NULL) {
        g_set_error(error, PLAY_PAGE_LINE_ERROR, PLAY_PAGE_LINE_ERROR_ACCOUNT,
                    "[page] player-user: there is no account '%s'", user);
        return FALSE;
    }
    self->uid = account->pw_uid;
    return TRUE;
}

static gboolean
listen_at(PlayPageLine *self, GError **error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    g_strlcpy(address.sun_path, self->path, sizeof address.sun_path);
    self->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    g_unlink(self->path);
    /* Everybody may connect; who may stay is decided by the account that the kernel names. */
    if (self->listener < 0 ||
        bind(self->listener, (struct sockaddr *) &address, sizeof address) < 0 ||
        chmod(self->path, 0666) < 0 || listen(self->listener, BACKLOG) < 0) {
        g_set_error(error, PLAY_PAGE_LINE_ERROR, PLAY_PAGE_LINE_ERROR_SOCKET, "%s: %s",
                    self->path, g_strerror(errno));
        return FALSE;
    }
    self->listener_source = g_unix_fd_add(self->listener, G_IO_IN, on_listener, self);
    return TRUE;
}

PlayPageLine *
play_page_line_new(const char *path, const char *user, ContentClock *clock, GError **error)
{
    g_autoptr(PlayPageLine) self = g_new0(PlayPageLine, 1);

    self->path = g_strdup(path);
    self->clock = clock;
    self->fd = self->listener = -1;
    self->waiting = g_array_new(FALSE, FALSE, sizeof(Waiting));
    if (!find_user(self, user, error) || !listen_at(self, error))
        return NULL;
    return g_steal_pointer(&self);
}

void
play_page_line_free(PlayPageLine *self)
{
    if (self == NULL)
        return;
    hang_up(self);
    if (self->listener_source != 0) {
        g_source_remove(self->listener_source);
        g_unlink(self->path);
    }
    if (self->listener >= 0)
        close(self->listener);
    g_array_unref(self->waiting);
    g_free(self->path);
    g_free(self);
}
