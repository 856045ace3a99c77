/* cue-world.c - see cue-world.h: making, the tape, and time that goes from event to event */
#include "tests/support/cue-world-inside.h"

PlayInstant
cue_world_now(const CueWorld *world)
{
    PlayInstant now = {world->monotonic_us + world->offset_us, world->monotonic_us,
                       world->trust};

    return now;
}

void
cue_world_write(CueWorld *world, const char *format, ...)
{
    gint64 utc_us = world->monotonic_us + world->offset_us;
    g_autoptr(GDateTime) utc = NULL;
    g_autoptr(GDateTime) local = NULL;
    g_autofree char *time = NULL;
    g_autofree char *words = NULL;
    va_list args;

    if (world->is_quiet)
        return;
    va_start(args, format);
    words = g_strdup_vprintf(format, args);
    va_end(args);
    utc = g_date_time_new_from_unix_utc(utc_us / G_USEC_PER_SEC);
    local = g_date_time_to_timezone(utc, world->zone);
    time = g_date_time_format(local, "%H:%M:%S");
    g_string_append_printf(world->tape, "%s.%03d %s\n", time, (int) (utc_us / 1000 % 1000),
                           words);
}

void
cue_world_note(CueWorld *world, const char *words)
{
    cue_world_write(world, "-- %s", words);
}

/* ---- making ---- */

CueWorld *
cue_world_new(const char *tzid, const char *zones, const char *local)
{
    CueWorld *world = g_new0(CueWorld, 1);

    world->cue = play_cue_new();
    world->tzid = g_strdup(tzid);
    world->zone = g_time_zone_new_identifier(tzid);
    world->monotonic_us = PLAN_S(1000);
    world->offset_us = plan_builder_utc(tzid, local) - world->monotonic_us;
    world->trust = CONTENT_TRUST_SYNCED;
    world->issued_us = cue_world_utc(world);
    world->settings = plan_builder_settings(tzid, zones);
    world->days = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) content_day_plan_free);
    world->salts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    world->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    world->bounds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    world->objects = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    world->objects_changed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    world->zones = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, cue_world_zone_free);
    world->gateway_up = world->card_works = TRUE;
    world->wish = g_ptr_array_new_with_free_func(g_free);
    world->tell_state_us = WORLD_NEVER;
    world->items = g_ptr_array_new_with_free_func(cue_world_item_free);
    world->alerts = g_ptr_array_new_with_free_func(cue_world_alert_free);
    world->stops = g_ptr_array_new_with_free_func((GDestroyNotify) content_stop_free);
    world->gains = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    world->short_ms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    world->journal = g_ptr_array_new_with_free_func((GDestroyNotify) content_record_free);
    world->finals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    world->last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    world->unwritten = g_ptr_array_new_with_free_func(g_free);
    world->tape = g_string_new(NULL);
    cue_world_add_zones(world);
    cue_world_tell_settings(world);
    cue_world_tell_inventory(world);
    return world;
}

void
cue_world_free(CueWorld *world)
{
    if (world == NULL)
        return;
    play_cue_free(world->cue);
    g_free(world->tzid);
    g_time_zone_unref(world->zone);
    content_station_settings_free(world->settings);
    g_hash_table_unref(world->days);
    g_hash_table_unref(world->salts);
    g_hash_table_unref(world->names);
    g_hash_table_unref(world->bounds);
    g_hash_table_unref(world->objects);
    g_hash_table_unref(world->objects_changed);
    g_hash_table_unref(world->zones);
    g_strfreev(world->board_faults);
    g_ptr_array_unref(world->wish);
    g_ptr_array_unref(world->items);
    g_ptr_array_unref(world->alerts);
    g_ptr_array_unref(world->stops);
    g_hash_table_unref(world->gains);
    g_hash_table_unref(world->short_ms);
    g_hash_table_unref(world->finals);
    g_hash_table_unref(world->last);
    g_ptr_array_unref(world->journal);
    g_ptr_array_unref(world->unwritten);
    g_string_free(world->tape, TRUE);
    g_free(world);
}

PlayCue *
cue_world_cue(CueWorld *world)
{
    return world->cue;
}

ContentStationSettings *
cue_world_settings(CueWorld *world)
{
    return world->settings;
}

gint64
cue_world_utc(CueWorld *world)
{
    return world->monotonic_us + world->offset_us;
}

gint64
cue_world_at(CueWorld *world, const char *local)
{
    return plan_builder_utc(world->tzid, local);
}

guint
cue_world_n_steps(CueWorld *world)
{
    return world->n_steps;
}

void
cue_world_quiet(CueWorld *world, gboolean quiet)
{
    world->is_quiet = quiet;
}

char *
cue_world_tape(CueWorld *world)
{
    char *text = g_strdup(world->tape->str);

    g_string_truncate(world->tape, 0);
    return text;
}

/* ---- time ---- */

static void
carry_out(CueWorld *world, PlayAction *action)
{
    switch (action->what) {
    case PLAY_DO_WISH:
        cue_world_take_wish(world, action);
        break;
    case PLAY_DO_PREPARE:
        cue_world_prepare(world, action);
        break;
    case PLAY_DO_PLACE:
        cue_world_place(world, action);
        break;
    case PLAY_DO_INTERRUPT:
        cue_world_interrupt(world, action);
        break;
    case PLAY_DO_CANCEL:
        cue_world_cancel(world, action);
        break;
    case PLAY_DO_RECORD:
        cue_world_take_record(world, g_steal_pointer(&action->record));
        break;
    case PLAY_DO_ANSWER:
        cue_world_write(world, "answer %s: %s, %s", action->answer->id,
                        content_relay_words[action->answer->relay], action->answer->said->code);
        break;
    case PLAY_DO_ALERT_DONE:
        cue_world_alert_done(world, action->alert);
        break;
    case PLAY_DO_TELL:
        break;
    }
}

void
cue_world_step(CueWorld *world)
{
    g_autoptr(GPtrArray) actions = play_actions_new();
    PlayInstant now = cue_world_now(world);

    /* The disk answers within a turn of the loop. */
    for (guint i = 0; !world->disk_is_slow && i < world->unwritten->len; i++)
        play_cue_journaled(world->cue, world->unwritten->pdata[i]);
    if (!world->disk_is_slow)
        g_ptr_array_set_size(world->unwritten, 0);
    world->n_steps++;
    g_assert_cmpuint(++world->n_steps_here, <, 200);
    world->alarm = (PlayAlarm){0, 0};
    play_cue_step(world->cue, &now, actions, &world->alarm);
    for (guint i = 0; i < actions->len; i++)
        carry_out(world, actions->pdata[i]);
    cue_world_check_hearers(world);
    cue_world_check_relays(world);
    if (world->alarm.monotonic_us != 0)
        g_assert_cmpint(world->alarm.monotonic_us, >, world->monotonic_us);
}

gint64
cue_world_next_us(const CueWorld *world)
{
    gint64 next_us = MIN(cue_world_gateway_next_us(world), cue_world_card_next_us(world));

    if (world->alarm.monotonic_us != 0)
        next_us = MIN(next_us, world->alarm.monotonic_us);
    if (world->alarm.utc_us != 0)
        next_us = MIN(next_us, world->alarm.utc_us - world->offset_us);
    return next_us;
}

void
cue_world_run_until(CueWorld *world, gint64 until_us)
{
    cue_world_step(world);
    for (gint64 next_us = cue_world_next_us(world); next_us <= until_us;
         next_us = cue_world_next_us(world)) {
        if (next_us > world->monotonic_us)
            world->n_steps_here = 0;
        world->monotonic_us = MAX(world->monotonic_us, next_us);
        cue_world_gateway_turn(world);
        cue_world_card_turn(world);
        cue_world_step(world);
    }
    world->monotonic_us = until_us;
    world->n_steps_here = 0;
}

void
cue_world_run(CueWorld *world, const char *local)
{
    cue_world_run_until(world, cue_world_at(world, local) - world->offset_us);
}

void
cue_world_run_for(CueWorld *world, gint64 us)
{
    cue_world_run_until(world, world->monotonic_us + us);
}

/* ---- what happens to a station ---- */

void
cue_world_trust(CueWorld *world, ContentTrust trust)
{
    world->was_troubled = TRUE;
    world->trust = trust;
    cue_world_step(world);
}

void
cue_world_step_clock(CueWorld *world, gint64 by_us)
{
    world->offset_us += by_us;
    world->was_stepped = TRUE;
    cue_world_step(world);
}

void
cue_world_disk(CueWorld *world, gboolean answers)
{
    world->disk_is_slow = !answers;
    cue_world_step(world);
}

void
cue_world_test(CueWorld *world, const char *zone, gint64 duration_ms)
{
    ContentTestAsk ask = {(char *) "test", (char *) zone, duration_ms, 0};

    play_cue_ask_test(world->cue, &ask);
    cue_world_step(world);
}

void
cue_world_order(CueWorld *world, const char *zone, gint64 duration_ms, gint64 life_us)
{
    ContentTestOrder *order = content_document_new(&content_test_order_type);

    order->id = g_strdup("order");
    order->zone = g_strdup(zone);
    order->duration_ms = duration_ms;
    order->expires_us = world->monotonic_us + world->offset_us + life_us;
    play_cue_order_test(world->cue, order);
    cue_world_step(world);
}
