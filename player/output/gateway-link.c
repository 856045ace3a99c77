/*
 * gateway-link.c - see gateway-link.h
 *
 * What comes in is dispatched by document type through one table.
 */
#include "player/output/gateway-link.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Which packet said which wish first. */
typedef struct {
    gint64 seq;
    gint64 wish;
} Said;

struct PlayGatewayLink {
    char *path;
    ContentClock *clock;
    const PlayGatewayLinkEvents *events;
    gpointer data;
    int fd; /* -1: not connected */
    guint source_id;
    guint retry_id, renew_id; /* alarms; 0: none */
    gint64 retry_us;
    gint64 seq;       /* of the last packet of this connection */
    gint64 answered;  /* newest wish answered in this connection */
    GArray *said;     /* Said, not yet answered */
    GPtrArray *zones; /* ContentWishZone: the wish in force */
    gint64 wish;
    GBytes *inventory;
};

static void connect_soon(PlayGatewayLink *self);

static void
free_wish_zone(gpointer zone)
{
    content_shape_free(&content_wish_zone_shape, zone);
}

static void
cancel_alarm(PlayGatewayLink *self, guint *id)
{
    content_clock_cancel(self->clock, *id);
    *id = 0;
}

static void
close_connection(PlayGatewayLink *self)
{
    cancel_alarm(self, &self->renew_id);
    if (self->source_id != 0)
        g_source_remove(self->source_id);
    self->source_id = 0;
    if (self->fd >= 0)
        close(self->fd);
    self->fd = -1;
    self->seq = self->answered = 0;
    g_array_set_size(self->said, 0);
}

static void
lose_connection(PlayGatewayLink *self, const char *words)
{
    close_connection(self);
    g_clear_pointer(&self->inventory, g_bytes_unref);
    connect_soon(self);
    self->events->inventory(NULL, words, self->data);
}

/* ---- going out ---- */

static gboolean
send_document(PlayGatewayLink *self, const ContentDocumentType *type, gconstpointer document)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(type, document, &error);
    ssize_t n;

    if (bytes == NULL) {
        lose_connection(self, error->message);
        return FALSE;
    }
    n = send(self->fd, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
             MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n >= 0)
        return TRUE;
    lose_connection(self, g_strerror(errno));
    return FALSE;
}

static void on_renew(gpointer data);

/* @is_renewal: only zones whose sound advances; a zone that is left out opens at once. */
static void
say_wish(PlayGatewayLink *self, gboolean is_renewal)
{
    g_autoptr(GPtrArray) zones = g_ptr_array_new();
    ContentLeaseWish wish = {0, zones};

    for (guint i = 0; i < self->zones->len; i++) {
        ContentWishZone *zone = self->zones->pdata[i];

        if (!is_renewal || self->events->is_alive(zone->zone, self->data))
            g_ptr_array_add(zones, zone);
    }
    wish.seq = ++self->seq;
    if (!send_document(self, &content_lease_wish_type, &wish))
        return;
    cancel_alarm(self, &self->renew_id);
    if (self->zones->len > 0)
        self->renew_id = content_clock_alarm_monotonic(
            self->clock, content_clock_monotonic_us(self->clock) + CONTENT_LEASE_RENEW_US,
            on_renew, self);
}

static void
on_renew(gpointer data)
{
    PlayGatewayLink *self = data;

    self->renew_id = 0;
    say_wish(self, TRUE);
}

static void
say_new_wish(PlayGatewayLink *self)
{
    Said said = {self->seq + 1, self->wish};

    g_array_append_val(self->said, said);
    say_wish(self, FALSE);
}

/* ---- coming in ---- */

static gboolean
take_inventory(PlayGatewayLink *self, gconstpointer document, GBytes *bytes)
{
    gboolean is_first = self->inventory == NULL;

    g_clear_pointer(&self->inventory, g_bytes_unref);
    self->inventory = g_bytes_ref(bytes);
    self->retry_us = PLAY_GATEWAY_FIRST_RETRY_US;
    self->events->inventory(document, NULL, self->data);
    /* The callback may have wished already, or even lost the connection. */
    if (is_first && self->fd >= 0 && self->said->len == 0)
        say_new_wish(self);
    return TRUE;
}

static gboolean
take_state(PlayGatewayLink *self, gconstpointer document, GBytes *bytes)
{
    const ContentLeaseState *state = document;

    while (self->said->len > 0 && g_array_index(self->said, Said, 0).seq <= state->seq) {
        self->answered = g_array_index(self->said, Said, 0).wish;
        g_array_remove_index(self->said, 0);
    }
    self->events->state(state, self->answered, self->data);
    return TRUE;
}

static gboolean
take_ask(PlayGatewayLink *self, gconstpointer document, GBytes *bytes)
{
    self->events->ask(document, self->data);
    return TRUE;
}

static const struct {
    const ContentDocumentType *type;
    gboolean (*take)(PlayGatewayLink *self, gconstpointer document, GBytes *bytes);
} incoming[] = {
    {&content_inventory_type, take_inventory},
    {&content_lease_state_type, take_state},
    {&content_test_ask_type, take_ask},
};

static gboolean
take_packet(PlayGatewayLink *self, GBytes *bytes, GError **error)
{
    gsize n_bytes;
    gconstpointer data = g_bytes_get_data(bytes, &n_bytes);
    g_autofree char *type = NULL;
    gint64 v;

    if (!content_document_peek_type(data, n_bytes, &type, &v, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(incoming); i++) {
        gpointer document;

        if (strcmp(incoming[i].type->type, type) != 0)
            continue;
        document = content_document_read(incoming[i].type, data, n_bytes, error);
        if (document == NULL)
            return FALSE;
        incoming[i].take(self, document, bytes);
        content_document_free(incoming[i].type, document);
        return TRUE;
    }
    g_set_error(error, CONTENT_DOCUMENT_ERROR, CONTENT_DOCUMENT_ERROR_TYPE,
                "a gateway does not say '%s'", type);
    return FALSE;
}

static gboolean
on_readable(gint fd, GIOCondition condition, gpointer data)
{
    PlayGatewayLink *self = data;
    g_autofree guint8 *buffer = g_malloc(CONTENT_LEASE_MAX_BYTES + 1);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;
    ssize_t n = recv(fd, buffer, CONTENT_LEASE_MAX_BYTES + 1, MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return G_SOURCE_CONTINUE;
    if (n <= 0 || n > CONTENT_LEASE_MAX_BYTES) {
        self->source_id = 0;
        lose_connection(self, n < 0    ? g_strerror(errno)
                              : n == 0 ? "the gateway closed the connection"
                                       : "the gateway said more than a packet holds");
        return G_SOURCE_REMOVE;
    }
    bytes = g_bytes_new(buffer, (gsize) n);
    if (take_packet(self, bytes, &error))
        /* A callback may have closed this connection and even opened the next. */
        return self->fd == fd && self->source_id != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
    self->source_id = 0;
    lose_connection(self, error->message);
    return G_SOURCE_REMOVE;
}

/* ---- the connection ---- */

static void
on_retry(gpointer data)
{
    PlayGatewayLink *self = data;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    self->retry_id = 0;
    g_strlcpy(address.sun_path, self->path, sizeof address.sun_path);
    if (fd < 0 || connect(fd, (struct sockaddr *) &address, sizeof address) != 0) {
        if (fd >= 0)
            close(fd);
        connect_soon(self);
        return;
    }
    self->fd = fd;
    self->source_id = g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, self);
}

static void
connect_soon(PlayGatewayLink *self)
{
    if (self->retry_id != 0)
        return;
    self->retry_id = content_clock_alarm_monotonic(
        self->clock, content_clock_monotonic_us(self->clock) + self->retry_us, on_retry, self);
    self->retry_us = MIN(self->retry_us * 2, PLAY_GATEWAY_LONGEST_RETRY_US);
}

PlayGatewayLink *
play_gateway_link_new(const char *path, ContentClock *clock,
                      const PlayGatewayLinkEvents *events, gpointer data)
{
    PlayGatewayLink *self = g_new0(PlayGatewayLink, 1);

    self->path = g_strdup(path);
    self->clock = clock;
    self->events = events;
    self->data = data;
    self->fd = -1;
    self->said = g_array_new(FALSE, FALSE, sizeof(Said));
    self->zones = g_ptr_array_new_with_free_func(free_wish_zone);
    self->retry_us = PLAY_GATEWAY_FIRST_RETRY_US;
    self->retry_id =
        content_clock_alarm_monotonic(clock, content_clock_monotonic_us(clock), on_retry, self);
    return self;
}

void
play_gateway_link_free(PlayGatewayLink *self)
{
    if (self == NULL)
        return;
    cancel_alarm(self, &self->retry_id);
    close_connection(self);
    g_clear_pointer(&self->inventory, g_bytes_unref);
    g_array_unref(self->said);
    g_ptr_array_unref(self->zones);
    g_free(self->path);
    g_free(self);
}

void
play_gateway_link_wish(PlayGatewayLink *self, GPtrArray *zones, gint64 wish)
{
    g_ptr_array_set_size(self->zones, 0);
    for (guint i = 0; i < zones->len; i++) {
        const ContentWishZone *zone = zones->pdata[i];
        ContentWishZone *copy = content_shape_new(&content_wish_zone_shape);

        copy->zone = g_strdup(zone->zone);
        copy->order = zone->order;
        copy->subject = g_strdup(zone->subject);
        g_ptr_array_add(self->zones, copy);
    }
    self->wish = wish;
    if (self->inventory != NULL)
        say_new_wish(self);
}

void
play_gateway_link_light(PlayGatewayLink *self, GPtrArray *lamps)
{
    const ContentLampOrder order = {lamps};

    if (self->inventory != NULL)
        send_document(self, &content_lamp_order_type, &order);
}

void
play_gateway_link_answer(PlayGatewayLink *self, const ContentTestAnswer *answer)
{
    if (self->inventory != NULL)
        send_document(self, &content_test_answer_type, answer);
}

GBytes *
play_gateway_link_inventory(PlayGatewayLink *self)
{
    return self->inventory;
}
