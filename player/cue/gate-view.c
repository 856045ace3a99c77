/* gate-view.c - see gate-view.h */
#include "player/cue/gate-view.h"

#include <string.h>

/* Until an inventory says better. */
#define USUAL_SWITCH_US (2 * G_USEC_PER_SEC)
/* What a gateway may take beyond a zone's tail to open a relay and read it back. */
#define OPENING_US G_USEC_PER_SEC

typedef struct {
    gboolean is_listed;
    char *output; /* (owned) (nullable) */
    gint64 switch_us, tail_us;
    ContentLeaseZone told; /* its zone and fault are owned */
    gboolean is_told;
    gint64 told_wish; /* which wish the state answered */
    gboolean is_wished;
    gint64 changed_wish; /* the wish that asked for it, or let it go */
    gint64 released_us;  /* monotonic; 0: never held */
} Zone;

struct PlayGateView {
    GHashTable *zones; /* id -> Zone */
    GPtrArray *faults;
    gboolean is_up;
};

static void
zone_free(gpointer data)
{
    Zone *zone = data;

    g_free(zone->output);
    g_free(zone->told.zone);
    content_remark_free(zone->told.fault);
    g_free(zone);
}

PlayGateView *
play_gate_view_new(void)
{
    PlayGateView *self = g_new0(PlayGateView, 1);

    self->zones = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, zone_free);
    self->faults = g_ptr_array_new_with_free_func(content_remark_shape.free);
    return self;
}

void
play_gate_view_free(PlayGateView *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->zones);
    g_ptr_array_unref(self->faults);
    g_free(self);
}

static Zone *
zone_for(PlayGateView *self, const char *id)
{
    Zone *zone = g_hash_table_lookup(self->zones, id);

    if (zone == NULL) {
        zone = g_new0(Zone, 1);
        zone->switch_us = USUAL_SWITCH_US;
        g_hash_table_insert(self->zones, g_strdup(id), zone);
    }
    return zone;
}

/* Whatever was told is void: with the socket closed the gateway opens all relays. */
static void
forget_told(PlayGateView *self)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, self->zones);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Zone *zone = value;

        zone->is_told = FALSE;
        zone->told.ready = zone->told.held = FALSE;
        zone->told.relay = CONTENT_RELAY_UNKNOWN;
        g_clear_pointer(&zone->told.fault, content_remark_free);
    }
    g_ptr_array_set_size(self->faults, 0);
}

void
play_gate_view_take_inventory(PlayGateView *self, const ContentInventory *inventory)
{
    GHashTableIter iter;
    gpointer value;

    forget_told(self);
    self->is_up = inventory != NULL;
    if (inventory == NULL)
        return;
    g_hash_table_iter_init(&iter, self->zones);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        ((Zone *) value)->is_listed = FALSE;
    for (guint i = 0; i < inventory->zones->len; i++) {
        const ContentInventoryZone *row = inventory->zones->pdata[i];
        Zone *zone = zone_for(self, row->id);

        zone->is_listed = TRUE;
        g_free(zone->output);
        zone->output = g_strdup(row->output);
        zone->switch_us = (row->switch_ms + row->warm_up_ms) * 1000;
        zone->tail_us = row->tail_ms * 1000;
    }
}

static void
take_zone(PlayGateView *self, const ContentLeaseZone *row, gint64 wish)
{
    Zone *zone = zone_for(self, row->zone);

    g_free(zone->told.zone);
    content_remark_free(zone->told.fault);
    zone->told = *row;
    zone->told.zone = g_strdup(row->zone);
    zone->told.fault = content_remark_copy(row->fault);
    zone->told_wish = wish;
    zone->is_told = TRUE;
}

void
play_gate_view_take_state(PlayGateView *self, const ContentLeaseState *state, gint64 wish)
{
    for (guint i = 0; i < state->zones->len; i++)
        take_zone(self, state->zones->pdata[i], wish);
    g_ptr_array_set_size(self->faults, 0);
    for (guint i = 0; i < state->faults->len; i++)
        g_ptr_array_add(self->faults, content_remark_copy(state->faults->pdata[i]));
}

static gboolean
contains(GPtrArray *texts, const char *text)
{
    return g_ptr_array_find_with_equal_func(texts, text, g_str_equal, NULL);
}

void
play_gate_view_wished(PlayGateView *self, GPtrArray *zones, gint64 wish, gint64 now_us)
{
    GHashTableIter iter;
    gpointer key, value;

    for (guint i = 0; i < zones->len; i++)
        zone_for(self, zones->pdata[i]);
    g_hash_table_iter_init(&iter, self->zones);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        Zone *zone = value;
        gboolean is_wished = contains(zones, key);

        if (is_wished == zone->is_wished)
            continue;
        zone->is_wished = is_wished;
        zone->changed_wish = wish;
        if (!is_wished)
            zone->released_us = now_us;
    }
}

gboolean
play_gate_view_is_up(const PlayGateView *self)
{
    return self->is_up;
}

gboolean
play_gate_view_knows(const PlayGateView *self, const char *id, const char *output)
{
    const Zone *zone = g_hash_table_lookup(self->zones, id);

    return zone != NULL && zone->is_listed &&
           (output == NULL || g_strcmp0(zone->output, output) == 0);
}

gint64
play_gate_view_switch_us(const PlayGateView *self, const char *id)
{
    const Zone *zone = g_hash_table_lookup(self->zones, id);

    return zone == NULL ? USUAL_SWITCH_US : zone->switch_us;
}

gint64
play_gate_view_longest_switch_us(const PlayGateView *self)
{
    GHashTableIter iter;
    gpointer value;
    gint64 longest_us = USUAL_SWITCH_US;

    g_hash_table_iter_init(&iter, self->zones);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        longest_us = MAX(longest_us, ((Zone *) value)->switch_us);
    return longest_us;
}

static gboolean
is_answered(const Zone *zone)
{
    return zone->is_told && zone->told_wish >= zone->changed_wish;
}

gboolean
play_gate_view_is_ready(const PlayGateView *self, const char *id)
{
    const Zone *zone = g_hash_table_lookup(self->zones, id);

    return self->is_up && zone != NULL && zone->is_wished && is_answered(zone) &&
           zone->told.ready && zone->told.relay == CONTENT_RELAY_CLOSED;
}

const ContentLeaseZone *
play_gate_view_zone(const PlayGateView *self, const char *id)
{
    const Zone *zone = g_hash_table_lookup(self->zones, id);

    return zone == NULL || !zone->is_told ? NULL : &zone->told;
}

/* When the relays of a zone that nobody wants any more are certainly open; 0: they are. */
static gint64
zone_clear_us(const PlayGateView *self, const Zone *zone, gint64 now_us)
{
    gint64 clear_us = zone->released_us + zone->tail_us + OPENING_US;

    if (zone->released_us == 0 || now_us >= clear_us)
        return 0;
    if (self->is_up && is_answered(zone) && zone->told.relay == CONTENT_RELAY_OPEN)
        return 0;
    return clear_us;
}

gint64
play_gate_view_clear_us(const PlayGateView *self, const char *output, GPtrArray *but,
                        gint64 now_us)
{
    GHashTableIter iter;
    gpointer key, value;
    gint64 clear_us = 0;

    g_hash_table_iter_init(&iter, self->zones);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const Zone *zone = value;

        if (zone->is_wished || contains(but, key) ||
            (zone->output != NULL && g_strcmp0(zone->output, output) != 0))
            continue;
        clear_us = MAX(clear_us, zone_clear_us(self, zone, now_us));
    }
    return clear_us;
}

gboolean
play_gate_view_wishes(const PlayGateView *self, const char *id)
{
    const Zone *zone = g_hash_table_lookup(self->zones, id);

    return zone != NULL && zone->is_wished;
}

gboolean
play_gate_view_wishes_other(const PlayGateView *self, const char *output, GPtrArray *but)
{
    GHashTableIter iter;
    gpointer key, value;

    g_hash_table_iter_init(&iter, self->zones);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const Zone *zone = value;

        if (zone->is_wished && !contains(but, key) &&
            (zone->output == NULL || g_strcmp0(zone->output, output) == 0))
            return TRUE;
    }
    return FALSE;
}

void
play_gate_view_each(const PlayGateView *self, PlayGateZoneFunc func, gpointer data)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, self->zones);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Zone *zone = value;

        if (zone->is_told)
            func(&zone->told, zone->is_wished, data);
    }
}

GPtrArray *
play_gate_view_faults(const PlayGateView *self)
{
    return self->faults;
}
