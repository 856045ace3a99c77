/*
 * sim-mqtt.h - the packets of MQTT 3.1.1 that a player needs, written and read.
 *
 * Pure: bytes in, bytes out. OASIS MQTT 3.1.1, sections 2 and 3.
 */
#pragma once

#include <glib.h>

typedef enum {
    SIM_MQTT_CONNECT = 1,
    SIM_MQTT_CONNACK = 2,
    SIM_MQTT_PUBLISH = 3,
    SIM_MQTT_PUBACK = 4,
    SIM_MQTT_SUBSCRIBE = 8,
    SIM_MQTT_SUBACK = 9,
    SIM_MQTT_PINGREQ = 12,
    SIM_MQTT_PINGRESP = 13,
} SimMqttType;

typedef struct {
    SimMqttType type;
    guint8 flags;
    const guint8 *body; /* (not owned) */
    gsize n_body;
    gsize n_total; /* with its header */
} SimMqttPacket;

typedef struct {
    char *topic; /* (owned) */
    const guint8 *payload;
    gsize n_payload;
    guint qos;  /* 0 or 1 */
    guint16 id; /* 0 at QoS 0 */
} SimMqttMessage;

/**
 * sim_mqtt_peek:
 * @out: (out): the first packet of @bytes, if it is there whole
 *
 * Returns: 1 if it is, 0 if more must come, -1 if this is no MQTT
 */
int sim_mqtt_peek(const guint8 *bytes, gsize n_bytes, SimMqttPacket *out);

/** sim_mqtt_read_message: @packet: a PUBLISH. Returns: %FALSE if it is broken */
gboolean sim_mqtt_read_message(const SimMqttPacket *packet, SimMqttMessage *out);

/* Each adds one packet to @out. A connection is a new session; topics are asked for at QoS 1.
 */
void sim_mqtt_connect(GByteArray *out, const char *client_id, guint16 keep_alive_s);
void sim_mqtt_subscribe(GByteArray *out, guint16 id, const char *const *topics);
void sim_mqtt_publish(GByteArray *out, guint16 id, const char *topic, gconstpointer payload,
                      gsize n_payload);
void sim_mqtt_acknowledge(GByteArray *out, guint16 id);
void sim_mqtt_ping(GByteArray *out);
