/* tester.c - see tester.h */
#include "gateway/tester.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "content/base/id.h"
#include "content/heartbeat.h"
#include "content/lease.h"
#include "content/reader.h"

/* Warm-up of an amplifier (≤ 120 s), the test itself, and some for the answers. */
#define MAX_WAIT_US (150 * G_USEC_PER_SEC)

G_DEFINE_QUARK(GateTesterError, gate_tester_error)

static int
connect_to(const char *path, GError **error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    if (fd >= 0 && connect(fd, (struct sockaddr *) &address, sizeof address) == 0)
        return fd;
    g_set_error(error, GATE_TESTER_ERROR, GATE_TESTER_ERROR_CONNECTION,
                "no gateway answers at %s: %s", path, g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Returns: (transfer full) (nullable): the next packet */
static GBytes *
next_packet(int fd, gint64 until_us, GError **error)
{
    g_autofree guint8 *buffer = g_malloc(CONTENT_LEASE_MAX_BYTES);
    gint64 left_us = until_us - g_get_monotonic_time();
    struct pollfd poller = {.fd = fd, .events = POLLIN};
    ssize_t n = -1;

    if (left_us > 0 && poll(&poller, 1, (int) (left_us / 1000) + 1) > 0)
        n = recv(fd, buffer, CONTENT_LEASE_MAX_BYTES, 0);
    if (n > 0)
        return g_bytes_new(buffer, (gsize) n);
    g_set_error(error, GATE_TESTER_ERROR, GATE_TESTER_ERROR_CONNECTION, "%s",
                n == 0 ? "the gateway closed the connection: this account may not ask for tests"
                       : "the gateway does not answer");
    return NULL;
}

static gboolean
zone_is_known(const ContentInventory *inventory, const char *zone, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);

    for (guint i = 0; i < inventory->zones->len; i++) {
        const ContentInventoryZone *known = g_ptr_array_index(inventory->zones, i);

        if (strcmp(known->id, zone) == 0)
            return TRUE;
        g_string_append_printf(names, "%s%s", i == 0 ? "" : ", ", known->id);
    }
    g_set_error(error, GATE_TESTER_ERROR, GATE_TESTER_ERROR_INVALID,
                "there is no zone '%s'; there are: %s", zone, names->str);
    return FALSE;
}

/* The gateway's first packet is its inventory. */
static gboolean
check_zone(int fd, const char *zone, gint64 until_us, GError **error)
{
    g_autoptr(GBytes) packet = next_packet(fd, until_us, error);
    g_autoptr(ContentInventory) inventory = NULL;

    if (packet == NULL)
        return FALSE;
    inventory = content_document_read(&content_inventory_type, g_bytes_get_data(packet, NULL),
                                      g_bytes_get_size(packet), error);
    return inventory != NULL && zone_is_known(inventory, zone, error);
}

static gboolean
send_ask(int fd, const char *zone, gint64 duration_ms, GError **error)
{
    g_autofree char *id = content_id_new(g_get_real_time());
    const ContentTestAsk ask = {
        .id = id, .zone = (char *) zone, .duration_ms = duration_ms, .uid = getuid()};
    g_autoptr(GBytes) bytes = content_document_write(&content_test_ask_type, &ask, error);

    if (bytes == NULL)
        return FALSE;
    if (send(fd, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), MSG_NOSIGNAL) >= 0)
        return TRUE;
    g_set_error(error, GATE_TESTER_ERROR, GATE_TESTER_ERROR_CONNECTION, "%s",
                g_strerror(errno));
    return FALSE;
}

/* Returns: (transfer full) (nullable): the next answer; states in between are passed over */
static ContentTestAnswer *
next_answer(int fd, gint64 until_us, GError **error)
{
    for (;;) {
        g_autoptr(GBytes) packet = next_packet(fd, until_us, error);
        g_autofree char *type = NULL;
        gsize n_bytes = 0;
        gconstpointer data = packet == NULL ? NULL : g_bytes_get_data(packet, &n_bytes);
        gint64 v;

        if (data == NULL || !content_document_peek_type(data, n_bytes, &type, &v, error))
            return NULL;
        if (strcmp(type, content_test_answer_type.type) == 0)
            return content_document_read(&content_test_answer_type, data, n_bytes, error);
    }
}

/* Returns: (transfer full): in the language of the technician's terminal */
static char *
said(const ContentTestAnswer *answer)
{
    return content_wording_remark(answer->said, content_reader_here(), NULL);
}

/* The last answer is judged; a relay that read closed once has proved itself. */
static gboolean
judge(const ContentTestAnswer *answer, gboolean was_closed, GError **error)
{
    g_autofree char *words = said(answer);

    if (!answer->accepted)
        g_set_error(error, GATE_TESTER_ERROR, GATE_TESTER_ERROR_REFUSED, "no test: %s", words);
    else if (!was_closed)
        g_set_error(error, GATE_TESTER_ERROR, GATE_TESTER_ERROR_RELAY, "%s", words);
    return answer->accepted && was_closed;
}

static gboolean
follow(int fd, gint64 until_us, GError **error)
{
    gboolean was_closed = FALSE;

    for (;;) {
        g_autoptr(ContentTestAnswer) answer = next_answer(fd, until_us, error);

        if (answer == NULL)
            return FALSE;
        was_closed |= answer->relay == CONTENT_RELAY_CLOSED;
        if (answer->accepted) {
            g_autofree char *words = said(answer);

            printf("relay %s: %s\n", content_relay_words[answer->relay], words);
        }
        fflush(stdout);
        if (answer->is_over)
            return judge(answer, was_closed, error);
    }
}

gboolean
gate_tester_run(const char *socket_path, const char *zone, gint64 duration_ms, GError **error)
{
    gint64 until_us = g_get_monotonic_time() + MAX_WAIT_US;
    gboolean is_good;
    int fd;

    if (duration_ms < 1 || duration_ms > CONTENT_TEST_MAX_MS) {
        g_set_error(error, GATE_TESTER_ERROR, GATE_TESTER_ERROR_INVALID,
                    "a test takes up to %d s", CONTENT_TEST_MAX_MS / 1000);
        return FALSE;
    }
    fd = connect_to(socket_path, error);
    if (fd < 0)
        return FALSE;
    is_good = check_zone(fd, zone, until_us, error) && send_ask(fd, zone, duration_ms, error) &&
              follow(fd, until_us, error);
    close(fd);
    return is_good;
}
