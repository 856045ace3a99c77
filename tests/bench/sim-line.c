/* sim-line.c - see sim-line.h */
#include "tests/bench/sim-line.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "player/intake/tls.h"

#define READ_BYTES 16384

static void on_ready(guint32 events, gpointer data);

void
sim_line_init(SimLine *self, SimLoop *loop, const SimLineEvents *events, gpointer data)
{
    *self = (SimLine){.loop = loop, .events = events, .data = data};
    self->watch = (SimWatch){.ready = on_ready, .data = self, .fd = -1};
    self->out = g_byte_array_new();
}

void
sim_line_close(SimLine *self)
{
    if (self->ssl == NULL)
        return;
    sim_loop_watch(self->loop, &self->watch, 0);
    SSL_free(self->ssl);
    self->ssl = NULL;
    close(self->watch.fd);
    self->watch.fd = -1;
    self->is_up = FALSE;
    g_byte_array_set_size(self->out, 0);
}

void
sim_line_clear(SimLine *self)
{
    sim_line_close(self);
    g_clear_pointer(&self->out, g_byte_array_unref);
}

static void
end(SimLine *self, const char *fallback)
{
    g_autofree char *words = play_tls_error_words();

    sim_line_close(self);
    self->events->down(*words == '\0' ? fallback : words, self->data);
}

/* ---- opening ---- */

static gboolean
address_of(const char *text, guint port, struct sockaddr_in *out, GError **error)
{
    *out = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((guint16) port)};
    if (inet_pton(AF_INET, text, &out->sin_addr) == 1)
        return TRUE;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s: not an IPv4 address",
                text);
    return FALSE;
}

static gboolean
open_socket(SimLine *self, const SimLineWay *way, GError **error)
{
    struct sockaddr_in to, from;
    int fd, yes = 1;

    if (!address_of(way->host, way->port, &to, error) ||
        (way->from != NULL && !address_of(way->from, 0, &from, error)))
        return FALSE;
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
        if ((way->from == NULL || bind(fd, (struct sockaddr *) &from, sizeof from) == 0) &&
            (connect(fd, (struct sockaddr *) &to, sizeof to) == 0 || errno == EINPROGRESS)) {
            self->watch.fd = fd;
            return TRUE;
        }
    }
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s:%u: %s", way->host,
                way->port, g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return FALSE;
}

gboolean
sim_line_open(SimLine *self, SSL_CTX *context, const SimLineWay *way, GError **error)
{
    g_return_val_if_fail(self->ssl == NULL, FALSE);

    if (!open_socket(self, way, error))
        return FALSE;
    self->ssl = SSL_new(context);
    SSL_set_fd(self->ssl, self->watch.fd);
    SSL_set_connect_state(self->ssl);
    SSL_set_mode(self->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    sim_loop_watch(self->loop, &self->watch, EPOLLOUT);
    return TRUE;
}

/* ---- reading and writing ---- */

/* Watches for what the library waits for. Returns: %FALSE if the line has ended. */
static gboolean
wait_after(SimLine *self, int result, const char *doing)
{
    int code = SSL_get_error(self->ssl, result);
    guint32 wanted = self->out->len > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN;

    if (code == SSL_ERROR_WANT_READ && !self->is_up)
        wanted = EPOLLIN;
    if (code == SSL_ERROR_WANT_WRITE)
        wanted = EPOLLIN | EPOLLOUT;
    if (code != SSL_ERROR_WANT_READ && code != SSL_ERROR_WANT_WRITE) {
        end(self, code == SSL_ERROR_SYSCALL && errno != 0 ? g_strerror(errno) : doing);
        return FALSE;
    }
    sim_loop_watch(self->loop, &self->watch, wanted);
    return TRUE;
}

static gboolean
write_out(SimLine *self)
{
    while (self->out->len > 0) {
        int n_bytes;

        ERR_clear_error();
        errno = 0;
        n_bytes = SSL_write(self->ssl, self->out->data, (int) self->out->len);
        if (n_bytes <= 0)
            return wait_after(self, n_bytes, "closed while writing");
        g_byte_array_remove_range(self->out, 0, (guint) n_bytes);
    }
    sim_loop_watch(self->loop, &self->watch, EPOLLIN);
    return TRUE;
}

static gboolean
shake_hands(SimLine *self)
{
    int result;

    ERR_clear_error();
    errno = 0;
    result = SSL_do_handshake(self->ssl);
    if (result != 1) {
        wait_after(self, result, "closed during the handshake");
        return FALSE;
    }
    self->is_up = TRUE;
    sim_loop_watch(self->loop, &self->watch, EPOLLIN);
    self->events->up(self->data);
    return self->ssl != NULL;
}

static void
read_in(SimLine *self)
{
    guint8 bytes[READ_BYTES];

    while (self->ssl != NULL) {
        int n_bytes;

        ERR_clear_error();
        errno = 0;
        n_bytes = SSL_read(self->ssl, bytes, sizeof bytes);
        if (n_bytes <= 0) {
            wait_after(self, n_bytes, "closed by the other side");
            return;
        }
        self->events->bytes(bytes, (gsize) n_bytes, self->data);
    }
}

static void
on_ready(guint32 events, gpointer data)
{
    SimLine *self = data;

    if (!self->is_up && !shake_hands(self))
        return;
    if (self->out->len > 0 && !write_out(self))
        return;
    read_in(self);
}

void
sim_line_send(SimLine *self, const guint8 *bytes, gsize n_bytes)
{
    if (self->ssl == NULL)
        return;
    g_byte_array_append(self->out, bytes, (guint) n_bytes);
    if (self->is_up)
        write_out(self);
}
