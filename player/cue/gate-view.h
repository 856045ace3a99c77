/*
 * gate-view.h - what the player knows of the gateway: its zones, and which of them are live.
 *
 * Flow: inventory and lease states from the gateway -> here -> may this zone hear, may that one
 * not hear any more? Pure.
 *
 * A state is believed about a zone only if it answers a wish that asked for the zone, or one
 * that let it go: an older one speaks of the lease before.
 */
#pragma once

#include "content/heartbeat.h"
#include "content/lease.h"

typedef struct PlayGateView PlayGateView;

PlayGateView *play_gate_view_new(void);
void play_gate_view_free(PlayGateView *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayGateView, play_gate_view_free)

/** play_gate_view_take_inventory: @inventory: (nullable): NULL: the gateway is gone */
void play_gate_view_take_inventory(PlayGateView *self, const ContentInventory *inventory);

/**
 * play_gate_view_take_state:
 * @wish: number of the newest wish of play_gate_view_wished() that it answers
 */
void play_gate_view_take_state(PlayGateView *self, const ContentLeaseState *state, gint64 wish);

/**
 * play_gate_view_wished:
 * @zones: (element-type utf8): all that are wanted from now on
 * @wish: number of this wish, counting up
 */
void play_gate_view_wished(PlayGateView *self, GPtrArray *zones, gint64 wish, gint64 now_us);

/** play_gate_view_is_up: Returns: whether a gateway answers */
gboolean play_gate_view_is_up(const PlayGateView *self);

/**
 * play_gate_view_knows:
 * @output: (nullable): NULL: on any
 *
 * Returns: whether the inventory lists @zone on @output
 */
gboolean play_gate_view_knows(const PlayGateView *self, const char *zone, const char *output);

/**
 * play_gate_view_switch_us:
 *
 * Returns: asked until confirmed, with an amplifier that is still cold; a usual value if
 * unknown
 */
gint64 play_gate_view_switch_us(const PlayGateView *self, const char *zone);

/** play_gate_view_longest_switch_us: Returns: of all zones; a usual value if unknown */
gint64 play_gate_view_longest_switch_us(const PlayGateView *self);

/** play_gate_view_is_ready: Returns: leased, amplifier warm, relays read back closed */
gboolean play_gate_view_is_ready(const PlayGateView *self, const char *zone);

/** play_gate_view_zone: Returns: (nullable) (transfer none): as last told; NULL: never */
const ContentLeaseZone *play_gate_view_zone(const PlayGateView *self, const char *zone);

/**
 * play_gate_view_clear_us:
 * @but: (element-type utf8): zones that may be on
 *
 * Until when a zone of @output other than @but may still be heard: the relays of a segment that
 * has just ended open after their tail. A relay that stays closed without us is a fault of the
 * board and does not keep the others silent.
 *
 * Returns: monotonic µs; 0: none is on
 */
gint64 play_gate_view_clear_us(const PlayGateView *self, const char *output, GPtrArray *but,
                               gint64 now_us);

/** play_gate_view_wishes: Returns: whether @zone is asked for */
gboolean play_gate_view_wishes(const PlayGateView *self, const char *zone);

/** play_gate_view_wishes_other: Returns: whether a zone of @output other than @but is still
 * asked for: the wish that lets it go was not said yet */
gboolean play_gate_view_wishes_other(const PlayGateView *self, const char *output,
                                     GPtrArray *but);

typedef void (*PlayGateZoneFunc)(const ContentLeaseZone *zone, gboolean is_wished,
                                 gpointer data);

/** play_gate_view_each: calls @func for every zone that was ever told of */
void play_gate_view_each(const PlayGateView *self, PlayGateZoneFunc func, gpointer data);

/** play_gate_view_faults: Returns: (transfer none) (element-type utf8): of boards and lines */
GPtrArray *play_gate_view_faults(const PlayGateView *self);
