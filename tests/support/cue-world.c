/* cue-world.c - see cue-world.h */
#include "tests/support/cue-world.h"

#include <string.h>

#define CARD_CANCEL_US (15 * G_GINT64_CONSTANT(1000))
#define TURN_US        (1 * G_GINT64_CONSTANT(1000)) /* of a main loop, of a socket */
#define NEVER          G_MAXINT64

typedef struct {
    char *id;
    gint64 delay_us; /* asked until confirmed; -1: never */
    gint64 tail_us;
    gboolean is_wished, is_closed;
    gint64 asked_us, ready_us;
    gint64 change_us; /* when the relay will have moved; NEVER: it stands */
} Zone;

typedef struct {
    guint64 item;
    char *output, *name;
    char **zones;
    gint64 start_us, end_us, position_us; /* as placed; start 0: prepared only */
    gboolean has_started;
    gint64 over_us;    /* when the card will be silent; NEVER: not placed */
    gint64 missing_us; /* the audio is so much shorter than its plan */
} Item;

typedef struct {
    gint64 first_us, last_us; /* UTC: what any plan said of a segment's time */
} Bounds;

struct CueWorld {
    PlayCue *cue;
    char *tzid;
    GTimeZone *zone;
    gint64 monotonic_us, offset_us;
    ContentTrust trust;
    PlayAlarm alarm;
    guint n_steps, n_steps_here;

    ContentStationSettings *settings;
    GHashTable *days;    /* date -> ContentDayPlan: newest handed over */
    GHashTable *salts;   /* date -> salt */
    GHashTable *names;   /* id and object hash -> name */
    GHashTable *bounds;  /* id -> Bounds, over all plans handed over */
    GHashTable *objects; /* hash -> state */
    gint64 version, issued_us;

    GHashTable *zones; /* id -> Zone */
    gboolean gateway_up, card_works, was_stepped;
    GPtrArray *wish; /* ids of the last wish */
    gint64 wish_number, answered_wish;
    gint64 tell_state_us;
    char **board_faults; /* (owned) (nullable) */
    GPtrArray *items;
    GHashTable *gains;    /* name -> millidecibel */
    GHashTable *short_ms; /* name -> by how much its audio is too short */

    GPtrArray *journal;   /* ContentRecord */
    GHashTable *finals;   /* "name zone" -> count */
    GHashTable *last;     /* "name zone" -> ContentRecord, of the journal */
    GPtrArray *unwritten; /* segment ids whose `started` is not on disk yet */
    GString *tape;
    gboolean is_quiet;
};

static void
zone_free(gpointer data)
{
    Zone *zone = data;

    g_free(zone->id);
    g_free(zone);
}

static void
item_free(gpointer data)
{
    Item *item = data;

    g_free(item->output);
    g_free(item->name);
    g_strfreev(item->zones);
    g_free(item);
}

static PlayInstant
now_of(const CueWorld *world)
{
    PlayInstant now = {world->monotonic_us + world->offset_us, world->monotonic_us,
                       world->trust};

    return now;
}

static void write_tape(CueWorld *world, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
write_tape(CueWorld *world, const char *format, ...)
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

static const char *
name_of(const CueWorld *world, const char *hash)
{
    const char *name = hash == NULL ? NULL : g_hash_table_lookup(world->names, hash);

    return name == NULL ? "?" : name;
}

void
cue_world_note(CueWorld *world, const char *words)
{
    write_tape(world, "-- %s", words);
}

/* ---- making ---- */

static void
hand_over_settings(CueWorld *world)
{
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;

    bytes = content_document_write(&content_station_settings_type, world->settings, &error);
    g_assert_no_error(error);
    play_cue_take_settings(world->cue, content_document_read(&content_station_settings_type,
                                                             g_bytes_get_data(bytes, NULL),
                                                             g_bytes_get_size(bytes), &error));
    g_assert_no_error(error);
}

static void
hand_over_inventory(CueWorld *world)
{
    g_autoptr(ContentInventory) inventory = NULL;

    if (!world->gateway_up) {
        play_cue_take_inventory(world->cue, NULL);
        return;
    }
    inventory = plan_builder_inventory(world->settings, 500, 200);
    play_cue_take_inventory(world->cue, inventory);
    world->tell_state_us = world->monotonic_us + TURN_US;
}

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
    world->zones = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, zone_free);
    world->gateway_up = world->card_works = TRUE;
    world->wish = g_ptr_array_new_with_free_func(g_free);
    world->tell_state_us = NEVER;
    world->items = g_ptr_array_new_with_free_func(item_free);
    world->gains = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    world->short_ms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    world->journal = g_ptr_array_new_with_free_func((GDestroyNotify) content_record_free);
    world->finals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    world->last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    world->unwritten = g_ptr_array_new_with_free_func(g_free);
    world->tape = g_string_new(NULL);
    for (guint i = 0; i < world->settings->zones->len; i++) {
        Zone *zone = g_new0(Zone, 1);

        zone->id = g_strdup(((ContentSettingsZone *) world->settings->zones->pdata[i])->id);
        zone->delay_us = 450 * 1000;
        zone->tail_us = 200 * 1000;
        zone->change_us = NEVER;
        g_hash_table_insert(world->zones, zone->id, zone);
    }
    hand_over_settings(world);
    hand_over_inventory(world);
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
    g_hash_table_unref(world->zones);
    g_strfreev(world->board_faults);
    g_ptr_array_unref(world->wish);
    g_ptr_array_unref(world->items);
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

/* ---- what must always hold ---- */

static void fail(const CueWorld *world, const char *format, ...)
    G_GNUC_PRINTF(2, 3) G_GNUC_NORETURN;

/* The tape tells how it came to that. */
static void
fail(const CueWorld *world, const char *format, ...)
{
    g_autofree char *words = NULL;
    va_list args;

    va_start(args, format);
    words = g_strdup_vprintf(format, args);
    va_end(args);
    g_printerr("%s", world->tape->str);
    g_error("%s", words);
}

static ContentSegment *
find_segment(const CueWorld *world, const char *id)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, world->days);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        ContentDayPlan *day = value;

        for (guint i = 0; i < day->segments->len; i++) {
            ContentSegment *segment = day->segments->pdata[i];

            if (strcmp(segment->id, id) == 0)
                return segment;
        }
    }
    return NULL;
}

static void
check_wish(const CueWorld *world, const GPtrArray *zones)
{
    gint64 utc_us = world->monotonic_us + world->offset_us;

    for (guint i = 0; i < zones->len; i++) {
        const ContentWishZone *wish = zones->pdata[i];
        const Bounds *bounds;

        if (wish->order == CONTENT_ORDER_TEST)
            continue;
        /* What sounds goes on without trust; nothing begins. */
        if (!g_ptr_array_find_with_equal_func(world->wish, wish->zone, g_str_equal, NULL))
            g_assert_cmpint(world->trust, !=, CONTENT_TRUST_UNSET);
        g_assert_nonnull(find_segment(world, wish->subject));
        if (world->was_stepped)
            continue;
        bounds = g_hash_table_lookup(world->bounds, wish->subject);
        g_assert_cmpint(utc_us, >=, bounds->first_us - PLAN_S(4));
        g_assert_cmpint(utc_us, <=, bounds->last_us + PLAN_S(2));
    }
}

static gboolean
is_of_output(const CueWorld *world, const char *zone, const char *output)
{
    for (guint i = 0; i < world->settings->zones->len; i++) {
        const ContentSettingsZone *row = world->settings->zones->pdata[i];

        if (strcmp(row->id, zone) == 0)
            return strcmp(row->output, output) == 0;
    }
    return FALSE;
}

/* Whoever hears an item was meant to hear it. */
static void
check_hearers(const CueWorld *world)
{
    for (guint i = 0; i < world->items->len; i++) {
        const Item *item = world->items->pdata[i];
        GHashTableIter iter;
        gpointer value;

        if (!item->has_started)
            continue;
        g_hash_table_iter_init(&iter, world->zones);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
            const Zone *zone = value;

            if (zone->is_closed && is_of_output(world, zone->id, item->output) &&
                !g_strv_contains((const char *const *) item->zones, zone->id))
                fail(world, "zone %s hears %s", zone->id, item->name);
        }
    }
}

static void
check_overlap(const CueWorld *world, const Item *item)
{
    for (guint i = 0; i < world->items->len; i++) {
        const Item *other = world->items->pdata[i];

        if (other == item || other->start_us == 0 || strcmp(other->output, item->output) != 0)
            continue;
        if (item->start_us < other->end_us && other->start_us < item->end_us)
            fail(world, "%s is placed over %s", item->name, other->name);
    }
}

/* ---- the gateway ---- */

static void
tell_state(CueWorld *world)
{
    g_autoptr(ContentLeaseState) state = content_document_new(&content_lease_state_type);
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, world->zones);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Zone *zone = value;
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
        g_ptr_array_add(state->faults, g_strdup(world->board_faults[i]));
    world->tell_state_us = NEVER;
    play_cue_take_lease(world->cue, state, world->answered_wish);
}

static void
ask_zones(CueWorld *world)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, world->zones);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Zone *zone = value;
        gboolean is_wished =
            g_ptr_array_find_with_equal_func(world->wish, zone->id, g_str_equal, NULL);

        if (is_wished == zone->is_wished)
            continue;
        zone->is_wished = is_wished;
        zone->asked_us = world->monotonic_us;
        zone->ready_us = zone->is_closed ? world->monotonic_us : 0;
        if (is_wished == zone->is_closed)
            zone->change_us = NEVER;
        else if (!is_wished)
            zone->change_us = world->monotonic_us + zone->tail_us;
        else
            zone->change_us = zone->delay_us < 0 ? NEVER : world->monotonic_us + zone->delay_us;
    }
    world->answered_wish = world->wish_number;
    world->tell_state_us = world->monotonic_us + TURN_US;
}

static void
move_relay(CueWorld *world, Zone *zone)
{
    zone->change_us = NEVER;
    zone->is_closed = zone->is_wished;
    zone->ready_us = zone->is_closed ? world->monotonic_us : 0;
    world->tell_state_us = world->monotonic_us + TURN_US;
}

static void
open_all(CueWorld *world)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, world->zones);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Zone *zone = value;

        zone->is_wished = zone->is_closed = FALSE;
        zone->change_us = NEVER;
    }
}

static void
take_wish(CueWorld *world, const PlayAction *action)
{
    g_autoptr(GString) words = g_string_new("wish");

    check_wish(world, action->zones);
    g_ptr_array_set_size(world->wish, 0);
    for (guint i = 0; i < action->zones->len; i++) {
        const ContentWishZone *wish = action->zones->pdata[i];

        g_ptr_array_add(world->wish, g_strdup(wish->zone));
        g_string_append_printf(words, " %s", wish->zone);
    }
    write_tape(world, "%s", words->str);
    world->wish_number = action->wish;
    if (world->gateway_up)
        ask_zones(world);
}

/* ---- the sound card ---- */

static Item *
find_item(const CueWorld *world, guint64 number)
{
    for (guint i = 0; i < world->items->len; i++) {
        Item *item = world->items->pdata[i];

        if (item->item == number)
            return item;
    }
    return NULL;
}

static char **
zones_of_object(const CueWorld *world, const char *name)
{
    g_autofree char *id = plan_builder_id(name);
    const ContentSegment *segment = find_segment(world, id);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (guint i = 0; segment != NULL && i < segment->zones->len; i++)
        g_strv_builder_add(builder, segment->zones->pdata[i]);
    return g_strv_builder_end(builder);
}

static void
prepare_item(CueWorld *world, const PlayAction *action)
{
    Item *item = g_new0(Item, 1);

    g_assert_null(find_item(world, action->item));
    item->item = action->item;
    item->output = g_strdup(action->output);
    item->name = g_strdup(name_of(world, action->object));
    item->over_us = NEVER;
    g_ptr_array_add(world->items, item);
}

static void
place_item(CueWorld *world, const PlayAction *action)
{
    Item *item = find_item(world, action->item);

    g_assert_nonnull(item);
    g_assert_cmpint(action->start_us, >=, world->monotonic_us);
    g_assert_cmpint(action->duration_us, >, 0);
    g_assert_cmpint(action->position_us, >=, 0);
    item->zones = zones_of_object(world, item->name);
    item->start_us = action->start_us;
    item->end_us = action->start_us + action->duration_us;
    item->position_us = action->position_us;
    item->missing_us =
        1000 * (gint64) GPOINTER_TO_INT(g_hash_table_lookup(world->short_ms, item->name));
    item->over_us = world->card_works ? item->end_us - item->missing_us : item->start_us;
    g_hash_table_replace(world->gains, g_strdup(item->name),
                         GINT_TO_POINTER((gint) action->gain_mdb));
    check_overlap(world, item);
}

static void
cancel_item(CueWorld *world, const PlayAction *action)
{
    Item *item = find_item(world, action->item);

    if (item == NULL)
        return;
    if (item->start_us == 0)
        g_ptr_array_remove(world->items, item);
    else
        item->over_us = MIN(item->over_us, world->monotonic_us +
                                               (item->has_started ? CARD_CANCEL_US : TURN_US));
}

static void
start_item(CueWorld *world, Item *item)
{
    g_autoptr(GString) hearers = g_string_new(NULL);

    item->has_started = TRUE;
    for (guint i = 0; item->zones[i] != NULL; i++) {
        const Zone *zone = g_hash_table_lookup(world->zones, item->zones[i]);

        if (zone != NULL && zone->is_closed)
            g_string_append_printf(hearers, " %s", zone->id);
    }
    write_tape(world, "sound %s from %.3f in%s", item->name,
               (double) item->position_us / G_USEC_PER_SEC, hearers->str);
    check_hearers(world);
    play_cue_item_started(world->cue, item->item, item->start_us);
}

static void
end_item(CueWorld *world, Item *item)
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
        write_tape(world, "silent %s", item->name);
    g_ptr_array_remove(world->items, item);
    if (world->card_works)
        play_cue_item_ended(world->cue, number, &heard);
    else
        play_cue_item_failed(world->cue, number, CONTENT_REASON_OUTPUT_FAILED, &heard);
}

/* ---- the journal ---- */

static void
count_final(CueWorld *world, ContentRecord *record)
{
    const char *name = name_of(world, record->segment);
    g_autofree char *key = g_strdup_printf("%s %s", name, record->zone);
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(world->finals, key));

    if (n > 0)
        fail(world, "a second final record for %s", key);
    g_hash_table_replace(world->last, g_strdup(key), record);
    g_hash_table_replace(world->finals, g_steal_pointer(&key), GUINT_TO_POINTER(n + 1));
}

static void
check_record(const ContentRecord *record)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = NULL;
    ContentRecord sent = *record;

    sent.seq = 1;
    sent.prev = (char *) CONTENT_RECORD_NO_PREVIOUS;
    sent.boot = (char *) "00000000000000000000000000000000";
    bytes = content_document_write(&content_record_type, &sent, &error);
    g_assert_no_error(error);
}

static void
take_record(CueWorld *world, PlayAction *action)
{
    ContentRecord *record = g_steal_pointer(&action->record);
    const char *kind = content_record_kind_words[record->kind];
    const char *name = name_of(world, record->segment);

    check_record(record);
    g_ptr_array_add(world->journal, record);
    if (record->kind == CONTENT_RECORD_STARTED) {
        write_tape(world, "%s %s", kind, name);
        g_ptr_array_add(world->unwritten, g_strdup(record->segment));
    } else if (record->kind == CONTENT_RECORD_PLAYED || record->kind == CONTENT_RECORD_MISSED) {
        count_final(world, record);
        write_tape(world, "%s %s %s %s", kind, name, record->zone,
                   content_reason_words[record->reason]);
    } else {
        write_tape(world, "%s %s", kind, record->detail);
    }
}

static void
carry_out(CueWorld *world, PlayAction *action)
{
    switch (action->what) {
    case PLAY_DO_WISH:
        take_wish(world, action);
        break;
    case PLAY_DO_PREPARE:
        prepare_item(world, action);
        break;
    case PLAY_DO_PLACE:
        place_item(world, action);
        break;
    case PLAY_DO_CANCEL:
        cancel_item(world, action);
        break;
    case PLAY_DO_RECORD:
        take_record(world, action);
        break;
    case PLAY_DO_ANSWER:
        write_tape(world, "answer %s: %s, %s", action->answer->id,
                   content_relay_words[action->answer->relay], action->answer->words);
        break;
    case PLAY_DO_TELL:
        break;
    }
}

/* ---- time ---- */

void
cue_world_step(CueWorld *world)
{
    g_autoptr(GPtrArray) actions = play_actions_new();
    PlayInstant now = now_of(world);

    /* The disk answers within a turn of the loop. */
    for (guint i = 0; i < world->unwritten->len; i++)
        play_cue_journaled(world->cue, world->unwritten->pdata[i]);
    g_ptr_array_set_size(world->unwritten, 0);
    world->n_steps++;
    g_assert_cmpuint(++world->n_steps_here, <, 200);
    world->alarm = (PlayAlarm){0, 0};
    play_cue_step(world->cue, &now, actions, &world->alarm);
    for (guint i = 0; i < actions->len; i++)
        carry_out(world, actions->pdata[i]);
    check_hearers(world);
    if (world->alarm.monotonic_us != 0)
        g_assert_cmpint(world->alarm.monotonic_us, >, world->monotonic_us);
}

static gint64
next_instant(const CueWorld *world)
{
    gint64 next_us = world->tell_state_us;
    GHashTableIter iter;
    gpointer value;

    if (world->alarm.monotonic_us != 0)
        next_us = MIN(next_us, world->alarm.monotonic_us);
    if (world->alarm.utc_us != 0)
        next_us = MIN(next_us, world->alarm.utc_us - world->offset_us);
    for (guint i = 0; i < world->items->len; i++) {
        const Item *item = world->items->pdata[i];

        next_us = MIN(next_us, item->over_us);
        if (item->start_us != 0 && !item->has_started)
            next_us = MIN(next_us, item->start_us);
    }
    g_hash_table_iter_init(&iter, world->zones);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        next_us = MIN(next_us, ((Zone *) value)->change_us);
    return next_us;
}

static void
let_happen(CueWorld *world)
{
    GHashTableIter iter;
    gpointer value;

    if (world->gateway_up && world->tell_state_us <= world->monotonic_us)
        tell_state(world);
    g_hash_table_iter_init(&iter, world->zones);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        if (((Zone *) value)->change_us <= world->monotonic_us)
            move_relay(world, value);
    }
    /* What ends makes room before the next begins. */
    for (guint i = world->items->len; i-- > 0;) {
        Item *item = world->items->pdata[i];

        if (item->over_us <= world->monotonic_us)
            end_item(world, item);
    }
    for (guint i = 0; i < world->items->len; i++) {
        Item *item = world->items->pdata[i];

        if (item->start_us != 0 && !item->has_started && item->start_us <= world->monotonic_us)
            start_item(world, item);
    }
}

static void
run_until(CueWorld *world, gint64 until_us)
{
    cue_world_step(world);
    for (gint64 next_us = next_instant(world); next_us <= until_us;
         next_us = next_instant(world)) {
        if (next_us > world->monotonic_us)
            world->n_steps_here = 0;
        world->monotonic_us = MAX(world->monotonic_us, next_us);
        let_happen(world);
        cue_world_step(world);
    }
    world->monotonic_us = until_us;
    world->n_steps_here = 0;
}

void
cue_world_run(CueWorld *world, const char *local)
{
    run_until(world, cue_world_at(world, local) - world->offset_us);
}

void
cue_world_run_for(CueWorld *world, gint64 us)
{
    run_until(world, world->monotonic_us + us);
}

/* ---- what happens to a station ---- */

static gint
compare_segments(gconstpointer a, gconstpointer b)
{
    const ContentSegment *x = *(ContentSegment *const *) a;
    const ContentSegment *y = *(ContentSegment *const *) b;

    if (x->start_us != y->start_us)
        return x->start_us < y->start_us ? -1 : 1;
    return strcmp(x->output, y->output) != 0 ? strcmp(x->output, y->output)
                                             : strcmp(x->id, y->id);
}

static gint
compare_dates(gconstpointer a, gconstpointer b)
{
    return strcmp((*(ContentDayPlan *const *) a)->date, (*(ContentDayPlan *const *) b)->date);
}

static ContentManifest *
manifest_of(CueWorld *world)
{
    g_autoptr(GPtrArray) days = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;
    ContentManifest *manifest;

    g_hash_table_iter_init(&iter, world->days);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        g_ptr_array_add(days, value);
    g_ptr_array_sort(days, compare_dates);
    manifest = plan_builder_manifest(++world->version, world->issued_us, days, "");
    for (guint i = 0; i < manifest->days->len; i++) {
        ContentManifestDay *row = manifest->days->pdata[i];

        g_free(row->hash);
        row->hash =
            plan_builder_day_hash(row->date, g_hash_table_lookup(world->salts, row->date));
    }
    return manifest;
}

static void
obey(CueWorld *world)
{
    g_autoptr(ContentManifest) manifest = manifest_of(world);

    play_cue_obey(world->cue, manifest);
}

static ContentDayPlan *
copy_day(const ContentDayPlan *day)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = content_document_write(&content_day_plan_type, day, &error);
    ContentDayPlan *copy;

    g_assert_no_error(error);
    copy = content_document_read(&content_day_plan_type, g_bytes_get_data(bytes, NULL),
                                 g_bytes_get_size(bytes), &error);
    g_assert_no_error(error);
    return copy;
}

static void
hand_over_day(CueWorld *world, const ContentDayPlan *day, gint64 since_us)
{
    g_autofree char *hash =
        plan_builder_day_hash(day->date, g_hash_table_lookup(world->salts, day->date));

    play_cue_take_day(world->cue, hash, copy_day(day), plan_builder_approvals(day), since_us);
}

static void
remember_bounds(CueWorld *world, const ContentSegment *segment)
{
    Bounds *bounds = g_hash_table_lookup(world->bounds, segment->id);

    if (bounds == NULL) {
        bounds = g_new0(Bounds, 1);
        bounds->first_us = G_MAXINT64;
        g_hash_table_insert(world->bounds, g_strdup(segment->id), bounds);
    }
    bounds->first_us = MIN(bounds->first_us, segment->start_us);
    bounds->last_us = MAX(bounds->last_us, segment->start_us + segment->duration_us);
}

static void
remember_names(CueWorld *world, const ContentDayPlan *day)
{
    for (guint i = 0; i < day->segments->len; i++) {
        const ContentSegment *segment = day->segments->pdata[i];

        g_hash_table_replace(world->names, g_strdup(segment->id), g_strdup(segment->title));
        remember_bounds(world, segment);
        g_hash_table_replace(world->names, g_strdup(segment->object), g_strdup(segment->title));
        if (!g_hash_table_contains(world->objects, segment->object)) {
            g_hash_table_insert(world->objects, g_strdup(segment->object),
                                GINT_TO_POINTER(PLAY_OBJECT_HERE));
            play_cue_take_object(world->cue, segment->object, PLAY_OBJECT_HERE);
        }
    }
}

void
cue_world_plan(CueWorld *world, ContentDayPlan *day, const char *salt)
{
    g_ptr_array_sort(day->segments, compare_segments);
    g_hash_table_replace(world->salts, g_strdup(day->date), g_strdup(salt));
    g_hash_table_replace(world->days, g_strdup(day->date), day);
    remember_names(world, day);
    obey(world);
    hand_over_day(world, day, cue_world_utc(world));
    cue_world_step(world);
}

void
cue_world_announce(CueWorld *world, const char *date, const char *salt)
{
    g_hash_table_replace(world->salts, g_strdup(date), g_strdup(salt));
    obey(world);
    cue_world_step(world);
}

void
cue_world_drop_day(CueWorld *world, const char *date)
{
    g_hash_table_remove(world->days, date);
    obey(world);
    cue_world_step(world);
}

void
cue_world_forget_day(CueWorld *world, const char *date)
{
    ContentDayPlan *day = copy_day(g_hash_table_lookup(world->days, date));

    g_hash_table_remove(world->days, date);
    obey(world);
    /* What the world checks a wish against still knows it. */
    g_hash_table_replace(world->days, g_strdup(date), day);
    cue_world_step(world);
}

void
cue_world_drop_manifest(CueWorld *world)
{
    play_cue_obey(world->cue, NULL);
    cue_world_step(world);
}

void
cue_world_object(CueWorld *world, const char *name, PlayObjectState state)
{
    g_autofree char *hash = plan_builder_hash(name);

    play_cue_take_object(world->cue, hash, state);
    g_hash_table_replace(world->objects, g_steal_pointer(&hash), GINT_TO_POINTER(state));
    cue_world_step(world);
}

void
cue_world_shorten(CueWorld *world, const char *name, gint64 by_us)
{
    g_hash_table_replace(world->short_ms, g_strdup(name),
                         GINT_TO_POINTER((gint) (by_us / 1000)));
}

void
cue_world_trust(CueWorld *world, ContentTrust trust)
{
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
cue_world_board_faults(CueWorld *world, const char *const *faults)
{
    g_strfreev(world->board_faults);
    world->board_faults = g_strdupv((char **) faults);
    tell_state(world);
    cue_world_step(world);
}

void
cue_world_relay(CueWorld *world, const char *zone, gint64 delay_us)
{
    Zone *row = g_hash_table_lookup(world->zones, zone);

    row->delay_us = delay_us;
    if (delay_us >= 0 && row->is_wished && !row->is_closed)
        row->change_us = world->monotonic_us + delay_us;
}

void
cue_world_gateway(CueWorld *world, gboolean is_up)
{
    world->gateway_up = is_up;
    open_all(world);
    world->tell_state_us = NEVER;
    hand_over_inventory(world);
    if (is_up)
        ask_zones(world);
    cue_world_step(world);
}

void
cue_world_card(CueWorld *world, gboolean works)
{
    world->card_works = works;
}

static void
begin_again(CueWorld *world)
{
    GHashTableIter iter;
    gpointer key, value;

    for (guint i = 0; i < world->journal->len; i++)
        play_cue_restore(world->cue, world->journal->pdata[i]);
    g_hash_table_iter_init(&iter, world->objects);
    while (g_hash_table_iter_next(&iter, &key, &value))
        play_cue_take_object(world->cue, key, (PlayObjectState) GPOINTER_TO_INT(value));
    hand_over_settings(world);
    obey(world);
    g_hash_table_iter_init(&iter, world->days);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        hand_over_day(world, value, 0);
    hand_over_inventory(world);
}

void
cue_world_restart(CueWorld *world, gint64 down_us, ContentReason reason)
{
    gint64 from_us = cue_world_utc(world);

    play_cue_free(world->cue);
    g_ptr_array_set_size(world->items, 0);
    g_ptr_array_set_size(world->wish, 0);
    open_all(world);
    world->wish_number = world->answered_wish = 0;
    write_tape(world, "killed");
    world->monotonic_us += down_us;
    world->cue = play_cue_new();
    play_cue_restore_downtime(world->cue, from_us, cue_world_utc(world), reason);
    begin_again(world);
    cue_world_step(world);
}

void
cue_world_test(CueWorld *world, const char *zone, gint64 duration_ms)
{
    ContentTestAsk ask = {(char *) "test", (char *) zone, duration_ms, 0};

    play_cue_ask_test(world->cue, &ask);
    cue_world_step(world);
}

guint
cue_world_finals(CueWorld *world, const char *name, const char *zone)
{
    g_autofree char *key = g_strdup_printf("%s %s", name, zone);

    return GPOINTER_TO_UINT(g_hash_table_lookup(world->finals, key));
}

const ContentRecord *
cue_world_last_final(CueWorld *world, const char *name, const char *zone)
{
    g_autofree char *key = g_strdup_printf("%s %s", name, zone);

    return g_hash_table_lookup(world->last, key);
}

const ContentSegment *
cue_world_segment(CueWorld *world, const char *name)
{
    g_autofree char *id = plan_builder_id(name);

    return find_segment(world, id);
}

gint64
cue_world_gain_mdb(CueWorld *world, const char *name)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(world->gains, name));
}

void
cue_world_give_settings(CueWorld *world)
{
    hand_over_settings(world);
    cue_world_step(world);
}
