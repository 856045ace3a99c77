/*
 * rack.h - the gateway put together: lines, relay core, link and clock.
 *
 * Flow: main.c -> here. Wiring: it carries words between the parts, logs, and holds no rule.
 * Thread: main context of the caller.
 */
#pragma once

#include "content/base/clock.h"
#include "gateway/config.h"

typedef struct GateRack GateRack;

/**
 * gate_rack_new:
 * @clock: (transfer none): must outlive the rack
 */
GateRack *gate_rack_new(ContentClock *clock);

/** gate_rack_free: @rack: (nullable) (transfer full): leaves the relays as they are */
void gate_rack_free(GateRack *rack);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GateRack, gate_rack_free)

/**
 * gate_rack_all_off:
 * @path: of the configuration, read leniently
 *
 * Opens every relay of every board that can be reached and waits for the answers, at most two
 * seconds. The first act of the daemon; what could not be opened is logged, and tried again by
 * the relay core as long as it runs.
 */
void gate_rack_all_off(GateRack *rack, const char *path);

/**
 * gate_rack_start:
 * @path: of the configuration, read strictly
 *
 * Returns: %FALSE when the configuration or the socket is not in order
 */
gboolean gate_rack_start(GateRack *rack, const char *path, GError **error);

/**
 * gate_rack_stop:
 *
 * Closes the link, opens every relay and waits for the answers, at most two seconds.
 */
void gate_rack_stop(GateRack *rack);
