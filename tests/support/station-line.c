/* station-line.c - see station-line.h */
#include "tests/support/station-line.h"

#include <mosquitto.h>
#include <string.h>

#include "tests/support/wait.h"

struct TestStation {
    char *name;
    struct mosquitto *client;
    GAsyncQueue *messages; /* of Message */
    gint is_listening;     /* atomic: set in the client's thread */
};

typedef struct {
    char *topic;
    GBytes *payload;
} Message;

static void
message_free(gpointer data)
{
    Message *message = data;

    g_free(message->topic);
    g_bytes_unref(message->payload);
    g_free(message);
}

static void
on_connected(struct mosquitto *client, void *data, int code)
{
    TestStation *self = data;
    g_autofree char *own = g_strdup_printf("loa/1/to/%s/+", self->name);
    char *const filters[] = {own, (char *) "loa/1/all/+"};

    if (code == 0)
        mosquitto_subscribe_multiple(client, NULL, G_N_ELEMENTS(filters), filters, 1, 0, NULL);
}

static void
on_subscribed(struct mosquitto *client, void *data, int mid, int n_granted, const int *granted)
{
    TestStation *self = data;

    g_atomic_int_set(&self->is_listening, TRUE);
}

static void
on_message(struct mosquitto *client, void *data, const struct mosquitto_message *message)
{
    TestStation *self = data;
    Message *copy = g_new0(Message, 1);

    copy->topic = g_strdup(message->topic);
    copy->payload = g_bytes_new(message->payload, (gsize) message->payloadlen);
    g_async_queue_push(self->messages, copy);
}

static gboolean
connect_once(TestStation *self, guint port)
{
    return mosquitto_connect(self->client, "127.0.0.1", (int) port, 30) == MOSQ_ERR_SUCCESS;
}

TestStation *
test_station_connect(guint port, const char *authority, const char *certificate,
                     const char *name)
{
    TestStation *self = g_new0(TestStation, 1);
    g_autofree char *stem = g_strndup(certificate, strlen(certificate) - strlen(".pem"));
    g_autofree char *key = g_strconcat(stem, ".key", NULL);

    mosquitto_lib_init();
    self->name = g_strdup(name);
    self->messages = g_async_queue_new_full(message_free);
    self->client = mosquitto_new(name, TRUE, self);
    mosquitto_connect_callback_set(self->client, on_connected);
    mosquitto_subscribe_callback_set(self->client, on_subscribed);
    mosquitto_message_callback_set(self->client, on_message);
    g_assert_cmpint(mosquitto_tls_set(self->client, authority, NULL, certificate, key, NULL),
                    ==, MOSQ_ERR_SUCCESS);
    TEST_WAIT_UNTIL(connect_once(self, port));
    g_assert_cmpint(mosquitto_loop_start(self->client), ==, MOSQ_ERR_SUCCESS);
    TEST_WAIT_UNTIL(g_atomic_int_get(&self->is_listening));
    return self;
}

void
test_station_free(TestStation *self)
{
    if (self == NULL)
        return;
    mosquitto_disconnect(self->client);
    /* Its thread ends by itself once it is disconnected; cancelled, it might hold a lock. */
    mosquitto_loop_stop(self->client, FALSE);
    mosquitto_destroy(self->client);
    mosquitto_lib_cleanup();
    g_async_queue_unref(self->messages);
    g_free(self->name);
    g_free(self);
}

void
test_station_say(TestStation *self, const char *what, GBytes *payload)
{
    g_autofree char *topic = g_strdup_printf("loa/1/from/%s/%s", self->name, what);

    g_assert_cmpint(mosquitto_publish(self->client, NULL, topic,
                                      (int) g_bytes_get_size(payload),
                                      g_bytes_get_data(payload, NULL), 1, FALSE),
                    ==, MOSQ_ERR_SUCCESS);
}

GBytes *
test_station_next(TestStation *self, char **out_topic)
{
    Message *message;
    GBytes *payload;

    TEST_WAIT_UNTIL(g_async_queue_length(self->messages) > 0);
    message = g_async_queue_pop(self->messages);
    payload = g_bytes_ref(message->payload);
    if (out_topic != NULL)
        *out_topic = g_strdup(message->topic);
    message_free(message);
    return payload;
}

guint
test_station_count(TestStation *self)
{
    return (guint) MAX(g_async_queue_length(self->messages), 0);
}
