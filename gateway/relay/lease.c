/* lease.c - see lease.h */
#include "gateway/relay/lease.h"

#include <string.h>

typedef struct {
    guint owner; /* 0: this row is free */
    gint64 expires_us;
    guint64 zones; /* a bit a zone; CONTENT_LEASE_MAX_ZONES is 64 */
} Owner;

struct GateLeases {
    const GateLayout *layout;
    Owner owners[GATE_LEASE_MAX_OWNERS];
    GateLeaseZone zones[CONTENT_LEASE_MAX_ZONES];
};

G_STATIC_ASSERT(CONTENT_LEASE_MAX_ZONES <= 64);

GateLeases *
gate_leases_new(const GateLayout *layout)
{
    GateLeases *leases = g_new0(GateLeases, 1);

    leases->layout = layout;
    return leases;
}

void
gate_leases_free(GateLeases *leases)
{
    g_free(leases);
}

static guint64
all_held(const GateLeases *leases)
{
    guint64 held = 0;

    for (gsize i = 0; i < GATE_LEASE_MAX_OWNERS; i++)
        held |= leases->owners[i].zones;
    return held;
}

/* Writes down what the change from @before to the present means for each zone. */
static void
settle(GateLeases *leases, guint64 before, GateLeaseStanding ending, gint64 now_us)
{
    guint64 after = all_held(leases);

    for (guint i = 0; i < leases->layout->zones->len; i++) {
        guint64 bit = G_GUINT64_CONSTANT(1) << i;
        GateLeaseZone *zone = &leases->zones[i];

        if ((after & bit) != 0 && (before & bit) == 0) {
            zone->standing = GATE_LEASE_HELD;
            zone->asked_us = now_us;
            zone->ended_us = 0;
        } else if ((after & bit) == 0 && (before & bit) != 0) {
            zone->standing = ending;
            zone->asked_us = 0;
            zone->ended_us = now_us;
        }
    }
}

static Owner *
find_owner(GateLeases *leases, guint owner)
{
    for (gsize i = 0; i < GATE_LEASE_MAX_OWNERS; i++) {
        if (leases->owners[i].owner == owner)
            return &leases->owners[i];
    }
    return NULL;
}

static guint64
zones_of_wish(GateLeases *leases, const ContentLeaseWish *wish)
{
    guint64 zones = 0;

    for (guint i = 0; i < wish->zones->len; i++) {
        const ContentWishZone *wished = g_ptr_array_index(wish->zones, i);
        int index = gate_layout_zone_index(leases->layout, wished->zone);

        if (index < 0)
            continue;
        zones |= G_GUINT64_CONSTANT(1) << index;
        leases->zones[index].order = wished->order;
    }
    return zones;
}

gboolean
gate_leases_wish(GateLeases *leases, guint owner, const ContentLeaseWish *wish, gint64 now_us)
{
    guint64 before;
    Owner *row = find_owner(leases, owner);

    if (row == NULL)
        row = find_owner(leases, 0);
    if (row == NULL)
        return FALSE;
    before = all_held(leases);
    row->owner = owner;
    row->zones = zones_of_wish(leases, wish);
    row->expires_us = now_us + CONTENT_LEASE_LIFE_US;
    settle(leases, before, GATE_LEASE_RELEASED, now_us);
    return TRUE;
}

void
gate_leases_drop(GateLeases *leases, guint owner, gint64 now_us)
{
    guint64 before = all_held(leases);
    Owner *row = find_owner(leases, owner);

    if (row == NULL)
        return;
    memset(row, 0, sizeof *row);
    settle(leases, before, GATE_LEASE_LOST, now_us);
    /* A zone this owner released a moment ago may still be in its tail. Nobody is left to say
     * what should sound there, so the tail ends too; another owner's tail is cut with it, which
     * costs some milliseconds of silence and needs no book-keeping. */
    for (guint i = 0; i < leases->layout->zones->len; i++) {
        if (leases->zones[i].standing == GATE_LEASE_RELEASED)
            leases->zones[i].standing = GATE_LEASE_LOST;
    }
}

void
gate_leases_expire(GateLeases *leases, gint64 now_us)
{
    guint64 before = all_held(leases);

    for (gsize i = 0; i < GATE_LEASE_MAX_OWNERS; i++) {
        Owner *row = &leases->owners[i];

        /* The row stays: a connection is an owner until it closes, even if it is late. */
        if (row->owner != 0 && row->zones != 0 && now_us >= row->expires_us)
            row->zones = 0;
    }
    settle(leases, before, GATE_LEASE_LOST, now_us);
}

gint64
gate_leases_next_us(const GateLeases *leases)
{
    gint64 next_us = G_MAXINT64;

    for (gsize i = 0; i < GATE_LEASE_MAX_OWNERS; i++) {
        if (leases->owners[i].zones != 0)
            next_us = MIN(next_us, leases->owners[i].expires_us);
    }
    return next_us;
}

const GateLeaseZone *
gate_leases_zone(const GateLeases *leases, guint zone)
{
    return &leases->zones[zone];
}
