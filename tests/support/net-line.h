/*
 * net-line.h - a bad telephone line between two ends, as a queue of packets with due times.
 *
 * Flow: a packet comes in at one end -> here it is delayed, lost, doubled, reordered or made to
 * wait for its turn -> it is taken out at the other end when it is due.
 * Pure: no clock; the dice are seeded, so that a run can be repeated.
 */
#pragma once

#include <glib.h>

#define NET_LINE_MAX_PACKET_BYTES 2048
/* Packets under way; more are dropped, as any router would. */
#define NET_LINE_MAX_PACKETS 20000

#define NET_LINE_ERROR (net_line_error_quark())
GQuark net_line_error_quark(void);

typedef enum {
    NET_LINE_ERROR_COMMAND, /* a word that is no setting, or a value out of its range */
} NetLineError;

/* The two ends. Where the line is one for each address, they are the far end's addresses. */
typedef enum {
    NET_LINE_TO_NEAR,
    NET_LINE_TO_FAR,
} NetLineWay;

typedef struct {
    GBytes *bytes;  /* (owned) */
    NetLineWay way; /* where it goes */
    gint64 due_us;  /* monotonic */
} NetLinePacket;
void net_line_packet_free(NetLinePacket *packet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetLinePacket, net_line_packet_free)

/* What became of the packets, counted since the beginning. */
typedef struct {
    guint64 taken, lost, doubled, reordered, overflowed;
} NetLineCounts;

typedef struct NetLine NetLine;

/** net_line_new: @seed: of the dice; without a command the line is perfect */
NetLine *net_line_new(guint32 seed);
void net_line_free(NetLine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetLine, net_line_free)

/**
 * net_line_command:
 * @text: words NAME=NUMBER: delay and jitter (ms, one way), loss, duplicate and reorder
 *   (percent), rate (kbit/s and way, 0: no limit), queue (ms of waiting for the rate), each
 *   (1: every address of the far end has a line of its own), down (1: a black hole)
 *
 * What is not named stays; packets under way are not touched.
 *
 * Returns: %FALSE with nothing changed if a word cannot be read
 */
gboolean net_line_command(NetLine *self, const char *text, GError **error);

/** net_line_put: @bytes: (array length=n_bytes): an IP packet that came in at @now_us */
void net_line_put(NetLine *self, NetLineWay way, gconstpointer bytes, gsize n_bytes,
                  gint64 now_us);

/** net_line_next_us: Returns: when the next packet is due; -1: none is under way */
gint64 net_line_next_us(NetLine *self);

/** net_line_take: Returns: (transfer full) (nullable): a packet that is due at @now_us */
NetLinePacket *net_line_take(NetLine *self, gint64 now_us);

/** net_line_counts: Returns: (transfer none) */
const NetLineCounts *net_line_counts(NetLine *self);
