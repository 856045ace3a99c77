/* cue-world-ends.c - see cue-world.h: the player ends, asked or not, and begins again */
#include "tests/support/cue-world-inside.h"

static void
begin_again(CueWorld *world)
{
    GHashTableIter iter;
    gpointer key, value;

    g_hash_table_iter_init(&iter, world->objects);
    while (g_hash_table_iter_next(&iter, &key, &value))
        play_cue_take_object(world->cue, key, (PlayObjectState) GPOINTER_TO_INT(value));
    cue_world_tell_settings(world);
    cue_world_obey(world);
    g_hash_table_iter_init(&iter, world->days);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        cue_world_tell_day(world, value, 0);
    cue_world_tell_inventory(world);
    cue_world_tell_alerts(world);
}

/* As the sound card would tell it: all of it left until the draft was made. */
static gboolean
tell_sound(const char *output, PlayHeard *out_heard, gpointer data)
{
    const CueWorld *world = data;

    *out_heard = (PlayHeard){.end_us = world->monotonic_us - world->drafted_us,
                             .level_mdb = -20000,
                             .peak_mdb = -3000};
    return TRUE;
}

static GPtrArray *
drafts_of(CueWorld *world)
{
    PlayInstant now = cue_world_now(world);

    return world->drafted_us < 0 ? g_ptr_array_new()
                                 : play_cue_drafts(world->cue, &now, tell_sound, world);
}

static void
recover(CueWorld *world, GPtrArray *drafts, ContentReason reason)
{
    for (guint i = 0; i < drafts->len; i++) {
        if (play_cue_recover(world->cue, drafts->pdata[i], reason))
            cue_world_take_record(world, g_steal_pointer(&drafts->pdata[i]));
    }
}

/* @drafts: (nullable) */
static void
start_again(CueWorld *world, gint64 down_us, ContentReason reason, GPtrArray *drafts)
{
    gint64 from_us = cue_world_utc(world);

    play_cue_free(world->cue);
    g_ptr_array_set_size(world->items, 0);
    g_ptr_array_set_size(world->wish, 0);
    cue_world_open_all(world);
    world->wish_number = world->answered_wish = 0;
    world->monotonic_us += down_us;
    world->cue = play_cue_new();
    play_cue_restore_downtime(world->cue, from_us, cue_world_utc(world), reason);
    for (guint i = 0; i < world->journal->len; i++)
        play_cue_restore(world->cue, world->journal->pdata[i]);
    if (drafts != NULL)
        recover(world, drafts, reason);
    begin_again(world);
    cue_world_step(world);
}

void
cue_world_restart(CueWorld *world, gint64 down_us, ContentReason reason)
{
    g_autoptr(GPtrArray) drafts = drafts_of(world);

    cue_world_write(world, "killed");
    start_again(world, down_us, reason, drafts);
}

void
cue_world_drafts(CueWorld *world, gint64 drafted_us)
{
    world->drafted_us = drafted_us;
}

void
cue_world_stop(CueWorld *world, gint64 down_us)
{
    gint64 until_us = world->monotonic_us + PLAN_S(2);

    cue_world_write(world, "told to stop");
    play_cue_leave(world->cue);
    cue_world_step(world);
    while (!play_cue_has_left(world->cue)) {
        gint64 next_us = cue_world_next_us(world);

        g_assert_cmpint(next_us, <=, until_us);
        cue_world_run_until(world, MAX(next_us, world->monotonic_us));
    }
    cue_world_write(world, "stopped");
    start_again(world, down_us, CONTENT_REASON_PLAYER_STOPPED, NULL);
}
