/*
 * lease.h - who holds which zone, and until when.
 *
 * Flow: gateway/link (wishes of connections) -> here -> zone.h (is it held? how did it end?).
 * Pure: time comes in as an argument, monotonic µs.
 *
 * A zone is held while at least one lease on it lives. A wish names all zones of its owner;
 * what it leaves out is released in order, an owner that goes away or falls silent loses all.
 */
#pragma once

#include "gateway/relay/layout.h"

/* Bounds what connections can make us keep; the link allows fewer connections than this. */
#define GATE_LEASE_MAX_OWNERS 16

/* How the newest lease on a zone stands or ended. */
typedef enum {
    GATE_LEASE_NONE, /* there never was one */
    GATE_LEASE_HELD,
    GATE_LEASE_RELEASED, /* a wish left the zone out: the tail may sound */
    GATE_LEASE_LOST,     /* owner gone or silent: open at once */
} GateLeaseStanding;

typedef struct {
    GateLeaseStanding standing;
    gint64 asked_us; /* when the present holding began; 0 if not held */
    gint64 ended_us; /* when the last one ended; 0 if held or never held */
    gint order;      /* ContentOrder of the newest lease */
} GateLeaseZone;

typedef struct GateLeases GateLeases;

/**
 * gate_leases_new:
 * @layout: (transfer none): must outlive the table
 */
GateLeases *gate_leases_new(const GateLayout *layout);

/** gate_leases_free: @leases: (nullable) (transfer full) */
void gate_leases_free(GateLeases *leases);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GateLeases, gate_leases_free)

/**
 * gate_leases_wish:
 * @owner: the connection, any number but 0
 * @wish: all zones the owner holds from now on; zones the site does not have are passed over,
 *   since the state that answers shows the owner that they are not there
 *
 * Returns: %FALSE when there are more owners than %GATE_LEASE_MAX_OWNERS: nothing is changed
 */
gboolean gate_leases_wish(GateLeases *leases, guint owner, const ContentLeaseWish *wish,
                          gint64 now_us);

/** gate_leases_drop: the connection @owner is closed: all it held is lost. */
void gate_leases_drop(GateLeases *leases, guint owner, gint64 now_us);

/** gate_leases_expire: what was not renewed for CONTENT_LEASE_LIFE_US is lost. */
void gate_leases_expire(GateLeases *leases, gint64 now_us);

/**
 * gate_leases_next_us:
 *
 * Returns: when the next lease would expire; G_MAXINT64 if none lives
 */
gint64 gate_leases_next_us(const GateLeases *leases);

/** gate_leases_zone: how zone @zone stands; valid until the next change of the table. */
const GateLeaseZone *gate_leases_zone(const GateLeases *leases, guint zone);
