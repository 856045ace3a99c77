/* cue-world-card.c - the sound cards of the world of cue-world.h */
#include "tests/support/cue-world-inside.h"

#include <string.h>

#define CARD_CANCEL_US    (15 * G_GINT64_CONSTANT(1000))
#define CARD_INTERRUPT_US (5 * G_GINT64_CONSTANT(1000))

void
cue_world_item_free(gpointer data)
{
    WorldItem *item = data;

    g_free(item->alert);
    g_free(item->object);
    g_free(item->output);
    g_free(item->name);
    g_strfreev(item->zones);
    g_free(item);
}

static WorldItem *
find_item(const CueWorld *world, guint64 number)
{
    for (guint i = 0; i < world->items->len; i++) {
        WorldItem *item = world->items->pdata[i];

        if (item->item == number)
            return item;
    }
    return NULL;
}

static char **
zones_of_object(const CueWorld *world, const char *name)
{
    g_autofree char *id = plan_builder_id(name);
    const ContentSegment *segment = cue_world_find_segment(world, id);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (guint i = 0; segment != NULL && i < segment->zones->len; i++)
        g_strv_builder_add(builder, segment->zones->pdata[i]);
    return g_strv_builder_end(builder);
}

void
cue_world_prepare(CueWorld *world, const PlayAction *action)
{
    WorldItem *item = g_new0(WorldItem, 1);

    g_assert_null(find_item(world, action->item));
    item->item = action->item;
    item->output = g_strdup(action->output);
    item->alert = g_strdup(action->alert);
    item->object = g_strdup(action->object);
    item->is_live = action->source == CONTENT_SOURCE_MICROPHONE;
    item->name = action->alert != NULL && action->object == NULL
                     ? g_strdup_printf("%s-%s", action->alert,
                                       item->is_live                     ? "live"
                                       : action->tone == PLAY_TONE_DRILL ? "drill"
                                                                         : "signal")
                     : g_strdup(cue_world_name_of(world, action->object));
    item->over_us = WORLD_NEVER;
    g_ptr_array_add(world->items, item);
}

void
cue_world_place(CueWorld *world, const PlayAction *action)
{
    WorldItem *item = find_item(world, action->item);

    g_assert_nonnull(item);
    g_assert_cmpint(action->start_us, >=, world->monotonic_us);
    g_assert_cmpint(action->duration_us, >, 0);
    g_assert_cmpint(action->position_us, >=, 0);
    item->zones = item->alert != NULL
                      ? cue_world_alert_hearers(world, item->alert, item->object)
                      : zones_of_object(world, item->name);
    item->start_us = action->start_us;
    item->end_us = action->start_us + action->duration_us;
    item->position_us = action->position_us;
    item->missing_us =
        1000 * (gint64) GPOINTER_TO_INT(g_hash_table_lookup(world->short_ms, item->name));
    item->over_us = world->card_works ? item->end_us - item->missing_us : item->start_us;
    g_hash_table_replace(world->gains, g_strdup(item->name),
                         GINT_TO_POINTER((gint) action->gain_mdb));
    cue_world_check_overlap(world, item);
}

void
cue_world_interrupt(CueWorld *world, const PlayAction *action)
{
    PlayAction placed = *action;

    placed.start_us = world->monotonic_us + CARD_INTERRUPT_US;
    for (guint i = 0; i < world->items->len; i++) {
        WorldItem *other = world->items->pdata[i];

        if (other->start_us == 0 || other->item == action->item ||
            strcmp(other->output, action->output) != 0)
            continue;
        other->over_us = MIN(other->over_us, placed.start_us);
        other->end_us = MIN(other->end_us, placed.start_us);
    }
    cue_world_check_alert_rank(world, action->alert, action->output);
    cue_world_place(world, &placed);
}

void
cue_world_cancel(CueWorld *world, const PlayAction *action)
{
    WorldItem *item = find_item(world, action->item);

    if (item == NULL)
        return;
    if (item->start_us == 0)
        g_ptr_array_remove(world->items, item);
    else
        item->over_us =
            MIN(item->over_us,
                world->monotonic_us + (item->has_started ? CARD_CANCEL_US : WORLD_TURN_US));
}

static void
start_item(CueWorld *world, WorldItem *item)
{
    g_autoptr(GString) hearers = g_string_new(NULL);

    item->has_started = TRUE;
    for (guint i = 0; item->zones[i] != NULL; i++) {
        const WorldZone *zone = g_hash_table_lookup(world->zones, item->zones[i]);

        if (zone != NULL && zone->is_closed)
            g_string_append_printf(hearers, " %s", zone->id);
    }
    cue_world_write(world, "sound %s from %.3f in%s", item->name,
                    (double) item->position_us / G_USEC_PER_SEC, hearers->str);
    cue_world_check_hearers(world);
    play_cue_item_started(world->cue, item->item, item->start_us);
}

static void
end_item(CueWorld *world, WorldItem *item)
{
    PlayHeard heard = {item->has_started ? item->start_us : 0,
                       world->monotonic_us,
                       -20000,
                       -3000,
                       0,
                       FALSE,
                       item->over_us < item->end_us - item->missing_us ? 0 : item->missing_us};
    guint64 number = item->item;

    if (item->has_started)
        cue_world_write(world, "silent %s", item->name);
    g_ptr_array_remove(world->items, item);
    if (world->card_works)
        play_cue_item_ended(world->cue, number, &heard);
    else
        play_cue_item_failed(world->cue, number, CONTENT_REASON_OUTPUT_FAILED, &heard);
}

void
cue_world_undecodable(CueWorld *world, const char *name)
{
    for (guint i = world->items->len; i-- > 0;) {
        WorldItem *item = world->items->pdata[i];
        PlayHeard heard = {item->start_us, world->monotonic_us, -20000, -3000};
        guint64 number = item->item;

        if (!item->has_started || strcmp(item->name, name) != 0)
            continue;
        cue_world_write(world, "silent %s", item->name);
        g_ptr_array_remove_index(world->items, i);
        play_cue_item_failed(world->cue, number, CONTENT_REASON_DECODE_FAILED, &heard);
        cue_world_step(world);
        return;
    }
    cue_world_fail(world, "%s does not sound", name);
}

void
cue_world_speak(CueWorld *world, gboolean comes)
{
    for (guint i = 0; i < world->items->len; i++) {
        WorldItem *item = world->items->pdata[i];

        if (!item->is_live)
            continue;
        item->hushed_us = comes                  ? 0
                          : item->hushed_us != 0 ? item->hushed_us
                                                 : world->monotonic_us;
        play_cue_item_source(world->cue, item->item, comes, "unplugged");
    }
    cue_world_step(world);
}

void
cue_world_speaker_ends(CueWorld *world)
{
    for (guint i = 0; i < world->items->len; i++) {
        WorldItem *item = world->items->pdata[i];

        if (item->is_live && item->start_us != 0)
            item->over_us = MIN(item->over_us, MAX(item->start_us, world->monotonic_us));
    }
}

gint64
cue_world_card_next_us(const CueWorld *world)
{
    gint64 next_us = WORLD_NEVER;

    for (guint i = 0; i < world->items->len; i++) {
        const WorldItem *item = world->items->pdata[i];

        next_us = MIN(next_us, item->over_us);
        if (item->start_us != 0 && !item->has_started)
            next_us = MIN(next_us, item->start_us);
    }
    return next_us;
}

void
cue_world_card_turn(CueWorld *world)
{
    cue_world_check_live(world);
    /* What ends makes room before the next begins. */
    for (guint i = world->items->len; i-- > 0;) {
        WorldItem *item = world->items->pdata[i];

        if (item->over_us <= world->monotonic_us)
            end_item(world, item);
    }
    for (guint i = 0; i < world->items->len; i++) {
        WorldItem *item = world->items->pdata[i];

        if (item->start_us != 0 && !item->has_started && item->start_us <= world->monotonic_us)
            start_item(world, item);
    }
}

void
cue_world_shorten(CueWorld *world, const char *name, gint64 by_us)
{
    g_hash_table_replace(world->short_ms, g_strdup(name),
                         GINT_TO_POINTER((gint) (by_us / 1000)));
}

void
cue_world_card(CueWorld *world, gboolean works)
{
    world->was_troubled = TRUE;
    world->card_works = works;
}

gint64
cue_world_gain_mdb(CueWorld *world, const char *name)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(world->gains, name));
}
