/* evict.c - see evict.h */
#include "scheduler/publish/evict.h"

#include <mosquitto.h>
#include <poll.h>

#define KEEP_ALIVE_S 30
#define TURN_MS      100

/* What came of it, from within libmosquitto's turn. */
typedef struct {
    gboolean is_over, is_in;
} Try;

static void
on_connected(struct mosquitto *client, void *data, int code)
{
    Try *this = data;

    this->is_over = TRUE;
    this->is_in = code == 0;
}

/* poll(2), as in link.c: select(2) cannot watch a descriptor above 1023. */
static int
turn(struct mosquitto *client)
{
    struct pollfd fd = {.fd = mosquitto_socket(client), .events = POLLIN};
    int status = MOSQ_ERR_SUCCESS;

    if (fd.fd < 0)
        return MOSQ_ERR_CONN_LOST;
    if (mosquitto_want_write(client))
        fd.events |= POLLOUT;
    poll(&fd, 1, TURN_MS);
    if ((fd.revents & (POLLIN | POLLHUP | POLLERR)) != 0)
        status = mosquitto_loop_read(client, 1);
    if (status == MOSQ_ERR_SUCCESS && mosquitto_want_write(client))
        status = mosquitto_loop_write(client, 1);
    return status == MOSQ_ERR_SUCCESS ? mosquitto_loop_misc(client) : status;
}

gboolean
sched_evict(const SchedLinkBroker *broker, const SchedEvictOptions *options)
{
    Try this = {FALSE, FALSE};
    gint64 until_us = g_get_monotonic_time() + SCHED_EVICT_PATIENCE_US;
    struct mosquitto *client;
    int status;

    client = mosquitto_new(options->station, TRUE, &this);
    mosquitto_connect_callback_set(client, on_connected);
    mosquitto_tls_set(client, options->authority, NULL, options->certificate, options->key,
                      NULL);
    mosquitto_tls_opts_set(client, 1, "tlsv1.2", NULL);
    status = mosquitto_connect(client, broker->host, (int) broker->port, KEEP_ALIVE_S);
    while (status == MOSQ_ERR_SUCCESS && !this.is_over && g_get_monotonic_time() < until_us)
        status = turn(client);
    mosquitto_disconnect(client);
    mosquitto_destroy(client);
    return this.is_in;
}
