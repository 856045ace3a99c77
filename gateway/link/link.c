/*
 * link.c - see link.h; the tests that pass through are in link-tests.c
 *
 * Sending never blocks: a state that does not fit is sent when the peer has read, and it is
 * then the newest one; anything else that does not fit closes the connection. Connections
 * marked as broken are closed in one place, after whatever was being done, so that no loop
 * loses its feet.
 */
#include "gateway/link/link-internal.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

G_DEFINE_QUARK(GateLinkError, gate_link_error)

static void
connection_free(gpointer data)
{
    GateConnection *connection = data;

    g_source_remove(connection->source);
    close(connection->fd);
    g_free(connection->broken);
    g_free(connection);
}

/* The first reason is the true one; later ones follow from it. */
void
gate_link_break(GateConnection *connection, const char *format, ...)
{
    va_list args;

    if (connection->broken != NULL)
        return;
    va_start(args, format);
    connection->broken = g_strdup_vprintf(format, args);
    va_end(args);
}

static gboolean
send_bytes(GateConnection *connection, GBytes *bytes)
{
    gsize n_bytes = 0;
    gconstpointer data = g_bytes_get_data(bytes, &n_bytes);

    if (connection->broken != NULL)
        return TRUE;
    if (send(connection->fd, data, n_bytes, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
        return TRUE;
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)
        return FALSE;
    gate_link_break(connection, "%s", "");
    return TRUE;
}

static gboolean on_connection(gint fd, GIOCondition condition, gpointer data);

static void
watch(GateConnection *connection)
{
    GIOCondition condition = connection->owes_state ? G_IO_IN | G_IO_OUT : G_IO_IN;

    if (connection->source != 0)
        g_source_remove(connection->source);
    connection->source = g_unix_fd_add_full(G_PRIORITY_HIGH, connection->fd, condition,
                                            on_connection, connection, NULL);
}

static void
send_state(GateConnection *connection)
{
    GateLink *link = connection->link;
    g_autoptr(GBytes) bytes = link->handlers->state(connection->seq, link->user_data);
    gboolean owed = connection->owes_state;

    connection->owes_state = !send_bytes(connection, bytes);
    if (owed != connection->owes_state)
        watch(connection);
}

/* For what must not get lost: a peer that does not read is no peer. */
void
gate_link_send(GateConnection *connection, GBytes *bytes)
{
    if (!send_bytes(connection, bytes))
        gate_link_break(connection, "it does not read what it is sent");
}

GateConnection *
gate_link_find(GateLink *link, guint owner)
{
    for (guint i = 0; i < link->connections->len; i++) {
        GateConnection *connection = g_ptr_array_index(link->connections, i);

        if (connection->owner == owner && connection->broken == NULL)
            return connection;
    }
    return NULL;
}

static void
take_wish(GateConnection *connection, const ContentLeaseWish *wish)
{
    GateLink *link = connection->link;

    if (wish->seq <= connection->seq) {
        gate_link_break(connection, "its wishes do not count up");
        return;
    }
    connection->seq = wish->seq;
    if (!link->handlers->wish(connection->owner, wish, link->user_data))
        gate_link_break(connection, "too many hold leases");
    send_state(connection);
}

/* What may come in, from whom, and who takes it. */
typedef enum { FROM_PLAYER, FROM_ANYBODY } Sender;

static void
dispatch_wish(GateConnection *connection, gpointer document)
{
    take_wish(connection, document);
}

static void
dispatch_lamps(GateConnection *connection, gpointer document)
{
    GateLink *link = connection->link;

    link->handlers->lamps(connection->owner, document, link->user_data);
}

static void
dispatch_ask(GateConnection *connection, gpointer document)
{
    gate_link_take_ask(connection, document);
}

static void
dispatch_answer(GateConnection *connection, gpointer document)
{
    gate_link_take_answer(connection, document);
}

/* clang-format off */
static const struct {
    const ContentDocumentType *type;
    Sender sender;
    void (*take)(GateConnection *connection, gpointer document);
} packets[] = {
    { &content_lease_wish_type,  FROM_PLAYER,  dispatch_wish   },
    { &content_lamp_order_type,  FROM_PLAYER,  dispatch_lamps  },
    { &content_test_ask_type,    FROM_ANYBODY, dispatch_ask    },
    { &content_test_answer_type, FROM_PLAYER,  dispatch_answer },
};
/* clang-format on */

static void
take_packet(GateConnection *connection, gconstpointer data, gsize n_bytes)
{
    gboolean is_player = gate_peers_is_player(connection->link->peers, connection->uid);
    g_autoptr(GError) error = NULL;
    g_autofree char *type = NULL;
    gint64 v;

    if (!content_document_peek_type(data, n_bytes, &type, &v, &error)) {
        gate_link_break(connection, "%s", error->message);
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(packets); i++) {
        gpointer document;

        if (strcmp(packets[i].type->type, type) != 0 ||
            (packets[i].sender == FROM_PLAYER && !is_player))
            continue;
        document = content_document_read(packets[i].type, data, n_bytes, &error);
        if (document == NULL) {
            gate_link_break(connection, "%s", error->message);
            return;
        }
        packets[i].take(connection, document);
        content_document_free(packets[i].type, document);
        return;
    }
    gate_link_break(connection, "a '%s' is not for it to send", type);
}

static gboolean
is_too_fast(GateConnection *connection)
{
    gint64 second_us = content_clock_monotonic_us(connection->link->clock) / G_USEC_PER_SEC;

    if (second_us != connection->second_us) {
        connection->second_us = second_us;
        connection->n_packets = 0;
    }
    return ++connection->n_packets > GATE_LINK_MAX_PACKETS_PER_S;
}

static void
receive(GateConnection *connection)
{
    guint8 *buffer = connection->link->buffer;
    ssize_t n = recv(connection->fd, buffer, CONTENT_LEASE_MAX_BYTES, MSG_DONTWAIT | MSG_TRUNC);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0)
        gate_link_break(connection, "%s", "");
    else if (n > CONTENT_LEASE_MAX_BYTES)
        gate_link_break(connection, "a packet of %zd bytes is more than %d", n,
                        CONTENT_LEASE_MAX_BYTES);
    else if (is_too_fast(connection))
        gate_link_break(connection, "more than %d packets a second",
                        GATE_LINK_MAX_PACKETS_PER_S);
    else
        take_packet(connection, buffer, (gsize) n);
}

static void
sweep(GateLink *link)
{
    for (guint i = 0; i < link->connections->len;) {
        GateConnection *connection = g_ptr_array_index(link->connections, i);
        guint owner = connection->owner;

        if (connection->broken == NULL) {
            i++;
            continue;
        }
        if (connection->broken[0] != '\0') {
            g_autofree char *words = g_strdup_printf("connection of user %u closed: %s",
                                                     connection->uid, connection->broken);

            gate_complaints_say(link->complaints, words);
        }
        g_ptr_array_remove_index(link->connections, i);
        link->handlers->gone(owner, link->user_data);
        gate_link_end_tests_of(link, owner);
        /* Telling the others may have broken another one. */
        i = 0;
    }
}

static gboolean
on_connection(gint fd, GIOCondition condition, gpointer data)
{
    GateConnection *connection = data;
    GateLink *link = connection->link;

    if ((condition & G_IO_IN) != 0)
        receive(connection);
    else if ((condition & (G_IO_HUP | G_IO_ERR | G_IO_NVAL)) != 0)
        gate_link_break(connection, "%s", "");
    if ((condition & G_IO_OUT) != 0 && connection->broken == NULL)
        send_state(connection);
    sweep(link);
    return G_SOURCE_CONTINUE;
}

static void
welcome(GateLink *link, int fd, uid_t uid)
{
    g_autoptr(GBytes) inventory = link->handlers->inventory(link->user_data);
    GateConnection *connection = g_new0(GateConnection, 1);

    connection->link = link;
    connection->owner = ++link->last_owner;
    connection->fd = fd;
    connection->uid = uid;
    g_ptr_array_add(link->connections, connection);
    watch(connection);
    gate_link_send(connection, inventory);
    send_state(connection);
    sweep(link);
}

static gboolean
on_listener(gint fd, GIOCondition condition, gpointer data)
{
    GateLink *link = data;
    struct ucred peer = {.uid = (uid_t) -1};
    socklen_t length = sizeof peer;
    g_autofree char *words = NULL;
    int accepted = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    if (accepted < 0)
        return G_SOURCE_CONTINUE;
    if (getsockopt(accepted, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0 ||
        (!gate_peers_is_player(link->peers, peer.uid) &&
         !gate_peers_is_tester(link->peers, peer.uid)))
        words = g_strdup_printf("user %u may not speak to the gateway", peer.uid);
    else if (link->connections->len >= GATE_LINK_MAX_CONNECTIONS)
        words = g_strdup_printf("more than %d connections", GATE_LINK_MAX_CONNECTIONS);
    if (words == NULL) {
        welcome(link, accepted, peer.uid);
        return G_SOURCE_CONTINUE;
    }
    close(accepted);
    gate_complaints_say(link->complaints, words);
    return G_SOURCE_CONTINUE;
}

static gboolean
set_error(GError **error, GateLinkError code, const char *path, const char *words)
{
    g_set_error(error, GATE_LINK_ERROR, code, "%s: %s", path, words);
    return FALSE;
}

static gboolean
listen_at(GateLink *link, GError **error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (strlen(link->path) >= sizeof address.sun_path)
        return set_error(error, GATE_LINK_ERROR_SOCKET, link->path, "the path is too long");
    memcpy(address.sun_path, link->path, strlen(link->path));
    link->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (link->fd < 0)
        return set_error(error, GATE_LINK_ERROR_SOCKET, link->path, g_strerror(errno));
    /* Somebody answers: then it is no left-over, and two gateways must not share boards. */
    if (connect(link->fd, (struct sockaddr *) &address, sizeof address) == 0)
        return set_error(error, GATE_LINK_ERROR_BUSY, link->path,
                         "another gateway serves this socket");
    if (errno == ECONNREFUSED)
        g_unlink(link->path);
    /* Everybody may connect; who may stay is decided by the account the kernel names. */
    if (bind(link->fd, (struct sockaddr *) &address, sizeof address) < 0 ||
        chmod(link->path, 0666) < 0 || listen(link->fd, GATE_LINK_MAX_CONNECTIONS) < 0)
        return set_error(error, GATE_LINK_ERROR_SOCKET, link->path, g_strerror(errno));
    link->source = g_unix_fd_add(link->fd, G_IO_IN, on_listener, link);
    return TRUE;
}

GateLink *
gate_link_new(const char *path, const GatePeers *peers, ContentClock *clock,
              const GateLinkHandlers *handlers, gpointer user_data, GError **error)
{
    g_autoptr(GateLink) link = g_new0(GateLink, 1);

    link->path = g_strdup(path);
    link->peers = peers;
    link->clock = clock;
    link->handlers = handlers;
    link->user_data = user_data;
    link->complaints = gate_complaints_new(clock, handlers->problem, user_data);
    link->fd = -1;
    link->connections = g_ptr_array_new_with_free_func(connection_free);
    link->tests = g_ptr_array_new_with_free_func(gate_link_test_free);
    link->buffer = g_malloc(CONTENT_LEASE_MAX_BYTES);
    return listen_at(link, error) ? g_steal_pointer(&link) : NULL;
}

void
gate_link_free(GateLink *link)
{
    if (link == NULL)
        return;
    for (guint i = 0; i < link->connections->len; i++)
        gate_link_break(g_ptr_array_index(link->connections, i), "%s", "");
    sweep(link);
    if (link->source != 0) {
        g_source_remove(link->source);
        g_unlink(link->path);
    }
    if (link->fd >= 0)
        close(link->fd);
    if (link->state_due != 0)
        g_source_remove(link->state_due);
    g_ptr_array_unref(link->connections);
    g_ptr_array_unref(link->tests);
    gate_complaints_free(link->complaints);
    g_free(link->buffer);
    g_free(link->path);
    g_free(link);
}

static gboolean
on_state_due(gpointer data)
{
    GateLink *link = data;

    link->state_due = 0;
    for (guint i = 0; i < link->connections->len; i++) {
        GateConnection *connection = g_ptr_array_index(link->connections, i);

        if (!connection->owes_state)
            send_state(connection);
    }
    sweep(link);
    return G_SOURCE_REMOVE;
}

void
gate_link_send_state(GateLink *link)
{
    /* Not at once: this is called from within our own handlers, and changes come in bundles. */
    if (link->state_due == 0)
        link->state_due = g_idle_add_full(G_PRIORITY_HIGH, on_state_due, link, NULL);
}
