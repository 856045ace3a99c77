/*
 * lamp.h - the lamps beside buttons: who lit them, until when, and the time of their blinking.
 *
 * Flow: gateway/link (lamp orders of players) -> here -> machine.h wants coils closed. Pure.
 *
 * A lamp lives as a lease does: what its player does not renew goes dark, so a lamp never says
 * that somebody is at work who is not. The last player that names a lamp has it.
 */
#pragma once

#include "gateway/relay/layout.h"

typedef struct {
    ContentLampShow show;
    guint owner;       /* the connection that lit it; 0: it is off */
    gint64 since_us;   /* when it began to show that; renewing does not begin it anew */
    gint64 expires_us; /* of the order */
} GateLamp;

/** gate_lamp_order: @show: what @owner wants of it; OFF of somebody else's changes nothing */
void gate_lamp_order(GateLamp *lamp, guint owner, ContentLampShow show, gint64 now_us);

/** gate_lamp_drop: the connection @owner is closed */
void gate_lamp_drop(GateLamp *lamp, guint owner);

/** gate_lamp_expire: what was not renewed for CONTENT_LEASE_LIFE_US goes dark */
void gate_lamp_expire(GateLamp *lamp, gint64 now_us);

/** gate_lamp_is_lit: Returns: whether it is lit at @now_us, as its blinking has it */
gboolean gate_lamp_is_lit(const GateLamp *lamp, gint64 now_us);

/** gate_lamp_next_us: Returns: when it changes, or is to be renewed; G_MAXINT64: it is off */
gint64 gate_lamp_next_us(const GateLamp *lamp, gint64 now_us);
