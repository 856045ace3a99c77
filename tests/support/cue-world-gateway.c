/* cue-world-gateway.c - leases and relays of the world of cue-world.h */
#include "tests/support/cue-world-inside.h"

void
cue_world_zone_free(gpointer data)
{
    WorldZone *zone = data;

    g_free(zone->id);
    g_free(zone);
}

void
cue_world_add_zones(CueWorld *world)
{
    for (guint i = 0; i < world->settings->zones->len; i++) {
        WorldZone *zone = g_new0(WorldZone, 1);

        zone->id = g_strdup(((ContentSettingsZone *) world->settings->zones->pdata[i])->id);
        zone->delay_us = 450 * 1000;
        zone->tail_us = 200 * 1000;
        zone->change_us = WORLD_NEVER;
        g_hash_table_insert(world->zones, zone->id, zone);
    }
}

void
cue_world_tell_inventory(CueWorld *world)
{
    g_autoptr(ContentInventory) inventory = NULL;

    if (!world->gateway_up) {
        play_cue_take_inventory(world->cue, NULL);
        return;
    }
    inventory = plan_builder_inventory(world->settings, 500, 200);
    play_cue_take_inventory(world->cue, inventory);
    world->tell_state_us = world->monotonic_us + WORLD_TURN_US;
}

/* @text: "code subject" */
static ContentRemark *
board_fault(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, " ", 2);

    return content_remark_new(parts[0], parts[1], NULL);
}

static void
tell_lease(CueWorld *world)
{
    g_autoptr(ContentLeaseState) state = content_document_new(&content_lease_state_type);
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, world->zones);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const WorldZone *zone = value;
        ContentLeaseZone *told = content_shape_new(&content_lease_zone_shape);

        told->zone = g_strdup(zone->id);
        told->held = zone->is_wished;
        told->ready = zone->is_wished && zone->is_closed;
        told->relay = zone->is_closed ? CONTENT_RELAY_CLOSED : CONTENT_RELAY_OPEN;
        told->asked_us = zone->is_wished ? zone->asked_us : 0;
        told->read_us = world->monotonic_us;
        told->ready_us = told->ready ? zone->ready_us : 0;
        g_ptr_array_add(state->zones, told);
    }
    for (guint i = 0; world->board_faults != NULL && world->board_faults[i] != NULL; i++)
        g_ptr_array_add(state->faults, board_fault(world->board_faults[i]));
    world->tell_state_us = WORLD_NEVER;
    play_cue_take_lease(world->cue, state, world->answered_wish);
}

static void
ask_zones(CueWorld *world)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, world->zones);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        WorldZone *zone = value;
        gboolean is_wished =
            g_ptr_array_find_with_equal_func(world->wish, zone->id, g_str_equal, NULL);

        if (is_wished == zone->is_wished)
            continue;
        zone->is_wished = is_wished;
        zone->released_us = world->monotonic_us;
        zone->asked_us = world->monotonic_us;
        zone->ready_us = zone->is_closed ? world->monotonic_us : 0;
        if (is_wished == zone->is_closed)
            zone->change_us = WORLD_NEVER;
        else if (!is_wished)
            zone->change_us = world->monotonic_us + zone->tail_us;
        else
            zone->change_us =
                zone->delay_us < 0 ? WORLD_NEVER : world->monotonic_us + zone->delay_us;
    }
    world->answered_wish = world->wish_number;
    world->tell_state_us = world->monotonic_us + WORLD_TURN_US;
}

static void
move_relay(CueWorld *world, WorldZone *zone)
{
    zone->change_us = WORLD_NEVER;
    zone->is_closed = zone->is_wished;
    zone->ready_us = zone->is_closed ? world->monotonic_us : 0;
    world->tell_state_us = world->monotonic_us + WORLD_TURN_US;
}

void
cue_world_open_all(CueWorld *world)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, world->zones);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        WorldZone *zone = value;

        zone->is_wished = zone->is_closed = FALSE;
        zone->change_us = WORLD_NEVER;
    }
}

void
cue_world_take_wish(CueWorld *world, const PlayAction *action)
{
    g_autoptr(GString) words = g_string_new("wish");

    cue_world_check_wish(world, action->zones);
    g_ptr_array_set_size(world->wish, 0);
    for (guint i = 0; i < action->zones->len; i++) {
        const ContentWishZone *wish = action->zones->pdata[i];

        g_ptr_array_add(world->wish, g_strdup(wish->zone));
        g_string_append_printf(words, " %s", wish->zone);
    }
    cue_world_write(world, "%s", words->str);
    world->wish_number = action->wish;
    if (world->gateway_up)
        ask_zones(world);
}

gint64
cue_world_gateway_next_us(const CueWorld *world)
{
    gint64 next_us = world->tell_state_us;
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, world->zones);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        next_us = MIN(next_us, ((WorldZone *) value)->change_us);
    return next_us;
}

void
cue_world_gateway_turn(CueWorld *world)
{
    GHashTableIter iter;
    gpointer value;

    if (world->gateway_up && world->tell_state_us <= world->monotonic_us)
        tell_lease(world);
    g_hash_table_iter_init(&iter, world->zones);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        if (((WorldZone *) value)->change_us <= world->monotonic_us)
            move_relay(world, value);
    }
}

void
cue_world_board_faults(CueWorld *world, const char *const *faults)
{
    g_strfreev(world->board_faults);
    world->board_faults = g_strdupv((char **) faults);
    tell_lease(world);
    cue_world_step(world);
}

void
cue_world_relay(CueWorld *world, const char *zone, gint64 delay_us)
{
    WorldZone *row = g_hash_table_lookup(world->zones, zone);

    world->was_troubled = TRUE;
    row->delay_us = delay_us;
    if (delay_us >= 0 && row->is_wished && !row->is_closed)
        row->change_us = world->monotonic_us + delay_us;
}

void
cue_world_gateway(CueWorld *world, gboolean is_up)
{
    world->was_troubled = TRUE;
    world->gateway_up = is_up;
    cue_world_open_all(world);
    world->tell_state_us = WORLD_NEVER;
    cue_world_tell_inventory(world);
    if (is_up)
        ask_zones(world);
    cue_world_step(world);
}
