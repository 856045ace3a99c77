/*
 * gateway-link.h - the player's end of the gateway's socket.
 *
 * Flow: cue (wishes) -> here -> loa-gateway; inventory, states and tests come back. Port.
 * Thread: the main context it was made on; nothing here blocks.
 *
 * A wish is said at once when it changes, and again every second, without the zones whose sound
 * does not advance: a player that hangs loses its relays. A lost connection is tried again
 * until it is there.
 */
#pragma once

#include "content/base/clock.h"
#include "content/heartbeat.h"
#include "content/lease.h"

#define PLAY_GATEWAY_FIRST_RETRY_US   (100 * G_GINT64_CONSTANT(1000))
#define PLAY_GATEWAY_LONGEST_RETRY_US (1 * G_USEC_PER_SEC)

typedef struct {
    /* @inventory: (nullable): NULL: the gateway is gone; @words says why */
    void (*inventory)(const ContentInventory *inventory, const char *words, gpointer data);
    /* @wish: number of the newest wish that @state answers; 0: none in this connection */
    void (*state)(const ContentLeaseState *state, gint64 wish, gpointer data);
    void (*ask)(const ContentTestAsk *ask, gpointer data);
    /* Returns: whether sound has advanced on the output of @zone since it was asked last */
    gboolean (*is_alive)(const char *zone, gpointer data);
} PlayGatewayLinkEvents;

typedef struct PlayGatewayLink PlayGatewayLink;

/**
 * play_gateway_link_new:
 * @path: of the socket, at most 107 bytes
 * @clock, @events: (not owned): must outlive the link
 *
 * Connects at the next turn of the loop.
 */
PlayGatewayLink *play_gateway_link_new(const char *path, ContentClock *clock,
                                       const PlayGatewayLinkEvents *events, gpointer data);

/** play_gateway_link_free: the connection is closed, so the gateway opens all our relays */
void play_gateway_link_free(PlayGatewayLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayGatewayLink, play_gateway_link_free)

/**
 * play_gateway_link_wish:
 * @zones: (element-type ContentWishZone): all that are wanted from now on
 * @wish: number of this wish, counting up
 */
void play_gateway_link_wish(PlayGatewayLink *self, GPtrArray *zones, gint64 wish);

/**
 * play_gateway_link_light:
 * @lamps: (element-type ContentLamp): all that are lit from now on; to be said again within
 *   CONTENT_LEASE_LIFE_US. Without a connection nobody lights them
 */
void play_gateway_link_light(PlayGatewayLink *self, GPtrArray *lamps);

/** play_gateway_link_answer: to the technician; without a connection nobody waits for it */
void play_gateway_link_answer(PlayGatewayLink *self, const ContentTestAnswer *answer);

/** play_gateway_link_inventory: Returns: (transfer none) (nullable): exact bytes, for the hello
 */
GBytes *play_gateway_link_inventory(PlayGatewayLink *self);
