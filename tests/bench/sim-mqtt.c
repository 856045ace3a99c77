/* sim-mqtt.c - see sim-mqtt.h */
#include "tests/bench/sim-mqtt.h"

#include <string.h>

#define PROTOCOL_LEVEL   4
#define CLEAN_SESSION    0x02
#define SUBSCRIBE_FLAGS  0x02
#define QOS_1            0x02
#define MAX_LENGTH_BYTES 4
#define LENGTH_BITS      7
#define LENGTH_CONTINUES 0x80

int
sim_mqtt_peek(const guint8 *bytes, gsize n_bytes, SimMqttPacket *out)
{
    gsize n_body = 0;

    for (gsize i = 0; i < MAX_LENGTH_BYTES; i++) {
        if (n_bytes < i + 2)
            return 0;
        n_body |= (gsize) (bytes[i + 1] & ~LENGTH_CONTINUES) << (i * LENGTH_BITS);
        if ((bytes[i + 1] & LENGTH_CONTINUES) != 0)
            continue;
        if (n_bytes - i - 2 < n_body)
            return 0;
        *out = (SimMqttPacket){bytes[0] >> 4, bytes[0] & 0x0f, bytes + i + 2, n_body,
                               i + 2 + n_body};
        return 1;
    }
    return -1;
}

gboolean
sim_mqtt_read_message(const SimMqttPacket *packet, SimMqttMessage *out)
{
    guint qos = packet->flags >> 1 & 3;
    gsize n_topic = packet->n_body < 2 ? 0 : (gsize) packet->body[0] << 8 | packet->body[1];
    gsize n_head = 2 + n_topic + (qos > 0 ? 2 : 0);

    if (packet->n_body < n_head || qos > 1)
        return FALSE;
    *out = (SimMqttMessage){
        .payload = packet->body + n_head, .n_payload = packet->n_body - n_head, .qos = qos};
    if (qos > 0)
        out->id = (guint16) (packet->body[n_head - 2] << 8 | packet->body[n_head - 1]);
    out->topic = g_strndup((const char *) packet->body + 2, n_topic);
    return TRUE;
}

/* ---- writing ---- */

static void
put_byte(GByteArray *out, guint8 byte)
{
    g_byte_array_append(out, &byte, 1);
}

static void
put_number(GByteArray *out, gsize number)
{
    put_byte(out, (guint8) (number >> 8));
    put_byte(out, (guint8) number);
}

static void
put_text(GByteArray *out, const char *text)
{
    put_number(out, strlen(text));
    g_byte_array_append(out, (const guint8 *) text, (guint) strlen(text));
}

static void
put_header(GByteArray *out, SimMqttType type, guint8 flags, gsize n_body)
{
    put_byte(out, (guint8) (type << 4 | flags));
    do {
        guint8 low = n_body & ~LENGTH_CONTINUES & 0xff;

        n_body >>= LENGTH_BITS;
        put_byte(out, n_body > 0 ? low | LENGTH_CONTINUES : low);
    } while (n_body > 0);
}

void
sim_mqtt_connect(GByteArray *out, const char *client_id, guint16 keep_alive_s)
{
    put_header(out, SIM_MQTT_CONNECT, 0, 10 + 2 + strlen(client_id));
    put_text(out, "MQTT");
    put_byte(out, PROTOCOL_LEVEL);
    put_byte(out, CLEAN_SESSION);
    put_number(out, keep_alive_s);
    put_text(out, client_id);
}

void
sim_mqtt_subscribe(GByteArray *out, guint16 id, const char *const *topics)
{
    gsize n_body = 2;

    for (gsize i = 0; topics[i] != NULL; i++)
        n_body += 2 + strlen(topics[i]) + 1;
    put_header(out, SIM_MQTT_SUBSCRIBE, SUBSCRIBE_FLAGS, n_body);
    put_number(out, id);
    for (gsize i = 0; topics[i] != NULL; i++) {
        put_text(out, topics[i]);
        put_byte(out, 1);
    }
}

void
sim_mqtt_publish(GByteArray *out, guint16 id, const char *topic, gconstpointer payload,
                 gsize n_payload)
{
    put_header(out, SIM_MQTT_PUBLISH, QOS_1, 2 + strlen(topic) + 2 + n_payload);
    put_text(out, topic);
    put_number(out, id);
    g_byte_array_append(out, payload, (guint) n_payload);
}

void
sim_mqtt_acknowledge(GByteArray *out, guint16 id)
{
    put_header(out, SIM_MQTT_PUBACK, 0, 2);
    put_number(out, id);
}

void
sim_mqtt_ping(GByteArray *out)
{
    put_header(out, SIM_MQTT_PINGREQ, 0, 0);
}
