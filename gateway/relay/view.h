/*
 * view.h - the relay core in the words of the lease socket: state and inventory.
 *
 * Flow: machine.h -> here -> gateway/link. Pure.
 */
#pragma once

#include "gateway/relay/machine.h"

/**
 * gate_view_state:
 * @seq: of the last wish of the connection it is made for; 0: none
 *
 * Returns: (transfer full): all zones, inputs and faults as they are now
 */
ContentLeaseState *gate_view_state(const GateMachine *machine, gint64 seq, gint64 now_us);

/**
 * gate_view_inventory:
 *
 * Returns: (transfer full): what this site can switch
 */
ContentInventory *gate_view_inventory(const GateLayout *layout);

/**
 * gate_view_relay:
 *
 * Returns: the relays of @zone as a whole: closed when all read closed, open when none does;
 *   between the two as far as the zone is from what is wanted of it
 */
ContentRelay gate_view_relay(const GateMachine *machine, guint zone, gint64 now_us);
