/* site.h - a small site for the tests of gateway/relay: three zones, two of them on one
 * amplifier. */
#pragma once

#include <string.h>

#include "gateway/relay/layout.h"

#define MS(x) ((gint64) (x) *1000)
#define S(x)  ((gint64) (x) *G_USEC_PER_SEC)

/* Coils of the site, as numbered by the layout. */
enum { SITE_LINE_A, SITE_LINE_B, SITE_SHARED, SITE_AMPLIFIER, SITE_LINE_C = 8 };
/* Zones of the site, sorted by id. */
enum { SITE_ZONE_A, SITE_ZONE_B, SITE_ZONE_C };

static inline void
site_add_board(GateLayout *layout, const char *id, guint n_inputs, gint64 timed_on_us)
{
    const GateLayoutBoard board = {
        .id = (char *) id,
        .n_relays = 8,
        .n_inputs = n_inputs,
        .timed_on_us = timed_on_us,
        .input_poll_us = MS(250),
        .write_us = MS(30),
    };

    g_assert_true(gate_layout_add_board(layout, &board, NULL));
}

static inline void
site_add_zone(GateLayout *layout, const char *id, const char *output, const char *relays,
              guint amplifier)
{
    g_auto(GStrv) names = g_strsplit(relays, " ", -1);
    GateLayoutZone zone = {
        .id = (char *) id,
        .output = (char *) output,
        .amplifier = amplifier,
        .warm_up_us = S(2),
        .stagger_us = MS(50),
        .tail_us = MS(500),
        .max_on_us = S(60),
        .rest_us = S(30),
    };

    for (guint i = 0; names[i] != NULL; i++)
        g_assert_true(
            gate_layout_parse_relay(layout, names[i], &zone.coils[zone.n_coils++], NULL));
    g_assert_true(gate_layout_add_zone(layout, &zone, NULL));
}

/* Zones a and b on output "main" with one amplifier and a shared relay; c on its own. */
static inline GateLayout *
site_new(gint64 timed_on_us)
{
    GateLayout *layout = gate_layout_new();

    site_add_board(layout, "b1", 4, timed_on_us);
    site_add_board(layout, "b2", 0, timed_on_us);
    site_add_zone(layout, "a", "main", "b1/1 b1/3", SITE_AMPLIFIER);
    site_add_zone(layout, "b", "main", "b1/2 b1/3", SITE_AMPLIFIER);
    site_add_zone(layout, "c", "second", "b2/1", GATE_NO_COIL);
    return layout;
}

/* A wish made by hand: the names of the zones, separated by a space. */
static inline ContentLeaseWish *
site_wish(const char *zones)
{
    g_auto(GStrv) names = g_strsplit(zones, " ", -1);
    ContentLeaseWish *wish = g_new0(ContentLeaseWish, 1);

    wish->zones = g_ptr_array_new();
    for (guint i = 0; names[i] != NULL && names[i][0] != '\0'; i++) {
        ContentWishZone *zone = g_new0(ContentWishZone, 1);

        zone->zone = g_strdup(names[i]);
        g_ptr_array_add(wish->zones, zone);
    }
    return wish;
}

static inline void
site_wish_free(ContentLeaseWish *wish)
{
    for (guint i = 0; i < wish->zones->len; i++) {
        ContentWishZone *zone = g_ptr_array_index(wish->zones, i);

        g_free(zone->zone);
        g_free(zone);
    }
    g_ptr_array_unref(wish->zones);
    g_free(wish);
}
