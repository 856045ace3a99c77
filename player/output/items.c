/*
 * items.c - see items.h
 *
 * An item is opened and hashed through one descriptor in a worker thread, and decoded from that
 * very descriptor. Where the answer comes after it was to be placed, it joins at its place.
 */
#include "player/output/items.h"

#include <string.h>
#include <unistd.h>

#include "content/source-address.h"
#include "player/output/far-decoder.h"
#include "player/output/source-file.h"
#include "player/output/source-line.h"
#include "player/output/source-relay.h"
#include "player/output/source-speech.h"
#include "player/output/source-stream.h"

/* A tone for tests of a line: low, and well below what speech reaches. */
#define TONE_HZ  440
#define TONE_MDB (-20000)

/* How often it is looked whether something comes from a live source, and after how long
 * without it that is told. */
#define LOOK_US   (1 * G_USEC_PER_SEC)
#define ABSENT_US (5 * G_USEC_PER_SEC)

typedef struct {
    guint64 number;
    PlayOutput *output;
    PlaySource *source; /* (nullable): until it is opened, and again when it was placed */
    gboolean is_live;
    char *alert;      /* (owned) (nullable): of live speech in frames */
    char *taped;      /* (owned) (nullable): alert, of live speech from our own microphone */
    PlaySource *live; /* (nullable): ours until the spare is opened, from then on of `source` */
    gboolean is_joined; /* `live` is a part of `source` */
    guint live_count;   /* what had come from it by `live_us` */
    gint64 live_us;
    gboolean is_absent; /* that nothing comes was told */
    gboolean wants_place, is_placed;
    gboolean is_urgent; /* in place of all others, as soon as it can */
    gpointer opening;   /* (nullable): waits for the thread, or is there */
    gint64 first_us;    /* position from which it is pre-rolled */
    gint64 start_us, position_us, duration_us; /* as it is to be placed */
    gint gain_mdb;
} Item;

/* How the worker's answers find the items, or that there are none any more. */
typedef struct {
    PlayItems *items; /* (nullable); of the owner's thread alone */
} Door;

struct PlayItems {
    Door *door;
    ContentObjectStore *objects;
    ContentClock *clock;
    const PlayItemsEvents *events;
    gpointer data;
    GHashTable *outputs; /* name -> PlayOutput */
    GHashTable *lines;   /* name -> ALSA device */
    char *decoder;       /* (owned): path of loa-decode */
    char *microphone;    /* (owned) (nullable): ALSA device */
    PlayTapes *tapes;    /* (owned) (nullable): nothing is kept of what is said into it */
    GHashTable *items;   /* number -> Item */
    guint look_alarm;    /* 0: no item is live */
    GMainContext *context;
    GThreadPool *pool; /* one thread: the disk is one, too */
};

/* A piece of work for the thread, and what came of it. */
typedef struct {
    Door *door;
    ContentObjectStore *objects;
    guint64 number;
    char *object;
    int fd;
    GError *error;
} Opening;

static void
item_free(gpointer data)
{
    Item *item = data;

    if (!item->is_joined)
        play_source_free(item->live);
    play_source_free(item->source);
    g_free(item->alert);
    g_free(item->taped);
    g_free(item);
}

static void
opening_free(gpointer data)
{
    Opening *opening = data;

    if (opening->fd >= 0)
        close(opening->fd);
    g_clear_error(&opening->error);
    g_atomic_rc_box_release(opening->door);
    g_free(opening->object);
    g_free(opening);
}

static Item *
find_item(PlayItems *self, guint64 number)
{
    return g_hash_table_lookup(self->items, &number);
}

static void
fail_item(PlayItems *self, Item *item, ContentReason reason, const char *words)
{
    guint64 number = item->number;

    g_hash_table_remove(self->items, &number);
    self->events->failed(number, reason, words, NULL, self->data);
}

/* ---- placing ---- */

static void
place(PlayItems *self, Item *item)
{
    g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, item->number);
    g_autoptr(GError) error = NULL;

    item->is_placed = TRUE;
    if (!(item->is_urgent
              ? play_output_interrupt(item->output, id, g_steal_pointer(&item->source),
                                      item->duration_us, item->gain_mdb, &error)
              : play_output_place_from(item->output, id, g_steal_pointer(&item->source),
                                       item->start_us, item->position_us, item->duration_us,
                                       item->gain_mdb, &error)))
        fail_item(self, item,
                  g_error_matches(error, PLAY_SOURCE_ERROR, PLAY_SOURCE_ERROR_DECODE)
                      ? CONTENT_REASON_DECODE_FAILED
                      : CONTENT_REASON_OUTPUT_FAILED,
                  error->message);
}

static void
take_source(PlayItems *self, Item *item, PlaySource *source)
{
    g_autoptr(GError) error = NULL;

    item->source = source;
    if (!play_source_prepare(source, item->first_us * PLAY_RATE / G_USEC_PER_SEC, &error))
        fail_item(self, item, CONTENT_REASON_DECODE_FAILED, error->message);
    else if (item->wants_place)
        place(self, item);
}

/* ---- live sources ---- */

static void on_look(gpointer data);

static void
look_again(PlayItems *self)
{
    self->look_alarm = content_clock_alarm_monotonic(
        self->clock, content_clock_monotonic_us(self->clock) + LOOK_US, on_look, self);
}

/* Does anything come from it? Told when that has changed. */
static void
look_at(PlayItems *self, Item *item, gint64 now_us)
{
    guint count = item->live == NULL ? 0 : play_source_live_count(item->live);
    g_autofree char *words = NULL;
    gboolean is_absent;

    /* What came before anybody listens is old by then, and while it fills the ring nothing more
     * comes. */
    if (item->live != NULL && !item->is_placed)
        play_source_live_freshen(item->live);
    /* While the card is away nobody reads it. */
    if (count != item->live_count ||
        (item->live != NULL && play_source_live_is_held(item->live)))
        item->live_us = now_us;
    item->live_count = count;
    is_absent = item->live == NULL || now_us - item->live_us >= ABSENT_US;
    if (is_absent == item->is_absent)
        return;
    item->is_absent = is_absent;
    if (item->live != NULL)
        words = play_source_live_words(item->live);
    self->events->source(item->number, !is_absent,
                         item->live == NULL ? "this player has no such line-in"
                         : words == NULL    ? "it sends nothing"
                                            : words,
                         self->data);
}

/* Those who are told may prepare and cancel items meanwhile. */
static void
on_look(gpointer data)
{
    PlayItems *self = data;
    gint64 now_us = content_clock_monotonic_us(self->clock);
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint64));
    GHashTableIter iter;
    gpointer value;

    self->look_alarm = 0;
    g_hash_table_iter_init(&iter, self->items);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        if (((Item *) value)->is_live)
            g_array_append_val(numbers, ((Item *) value)->number);
    }
    if (numbers->len > 0)
        look_again(self);
    for (guint i = 0; i < numbers->len; i++) {
        Item *item = find_item(self, g_array_index(numbers, guint64, i));

        if (item != NULL)
            look_at(self, item, now_us);
    }
}

/* Returns: (nullable): NULL: this player has no such line-in */
static PlaySource *
live_source_of(PlayItems *self, const char *address)
{
    const char *line = content_source_address_line(address), *device;

    if (line == NULL)
        return play_source_stream_new(address, self->decoder);
    device = g_hash_table_lookup(self->lines, line);
    return device == NULL ? NULL : play_source_line_new(device);
}

/* Whatever became of the spare, the source is listened to. */
static void
join_spare(PlayItems *self, Item *item, PlaySource *spare)
{
    PlaySource *live = item->live == NULL ? play_source_silence_new(0) : item->live;

    item->is_joined = TRUE;
    /* Within the relay, whose story is asked for by output.c. */
    if (item->taped != NULL && self->tapes != NULL)
        live = play_tapes_record(self->tapes, item->taped, live);
    take_source(self, item, play_source_relay_new(live, spare));
}

/* ---- opening, in the worker thread and back ---- */

static ContentReason
reason_of(const GError *error)
{
    if (g_error_matches(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_CORRUPT))
        return CONTENT_REASON_OBJECT_CORRUPT;
    if (g_error_matches(error, CONTENT_OBJECT_ERROR, CONTENT_OBJECT_ERROR_NOT_FOUND))
        return CONTENT_REASON_OBJECT_MISSING;
    return CONTENT_REASON_DECODE_FAILED;
}

static gboolean
on_opened(gpointer data)
{
    Opening *opening = data;
    PlayItems *self = opening->door->items;
    Item *item = self == NULL ? NULL : find_item(self, opening->number);
    g_autoptr(GError) error = NULL;
    PlaySource *source;

    if (item == NULL)
        return G_SOURCE_REMOVE;
    item->opening = NULL;
    if (item->is_live && opening->error != NULL)
        self->events->spare(item->number, reason_of(opening->error), self->data);
    if (item->is_live) {
        source = opening->error == NULL ? play_source_file_new(g_steal_fd(&opening->fd), NULL)
                                        : NULL;
        join_spare(self, item, source);
        return G_SOURCE_REMOVE;
    }
    if (opening->error != NULL) {
        fail_item(self, item, reason_of(opening->error), opening->error->message);
        return G_SOURCE_REMOVE;
    }
    source = play_source_file_new(opening->fd, &error);
    opening->fd = -1;
    if (source == NULL)
        fail_item(self, item, CONTENT_REASON_DECODE_FAILED, error->message);
    else
        take_source(self, item, source);
    return G_SOURCE_REMOVE;
}

static void
open_and_hash(gpointer data, gpointer user_data)
{
    Opening *opening = data;
    GMainContext *context = user_data;
    g_autoptr(GSource) back = g_idle_source_new();

    opening->fd = content_object_store_open_object(opening->objects, opening->object, NULL,
                                                   &opening->error);
    if (opening->fd >= 0)
        content_object_store_verify(opening->objects, opening->object, opening->fd,
                                    &opening->error);
    g_source_set_priority(back, G_PRIORITY_HIGH);
    g_source_set_callback(back, on_opened, opening, opening_free);
    g_source_attach(back, context);
}

/* ---- what the output says ---- */

static const char *
name_of(PlayItems *self, PlayOutput *output)
{
    GHashTableIter iter;
    gpointer key, value;

    g_hash_table_iter_init(&iter, self->outputs);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        if (value == output)
            return key;
    }
    return "";
}

static void
end_item(PlayItems *self, guint64 number, const PlayEvent *event)
{
    gboolean is_failure = event->reason == CONTENT_REASON_DECODE_FAILED ||
                          event->reason == CONTENT_REASON_OUTPUT_FAILED;
    const Item *item = find_item(self, number);
    PlayEvent told = *event;

    if (item == NULL)
        return;
    if (item->alert != NULL) {
        PlaySpeechCount count = play_source_speech_count(item->live);

        told.n_lost = count.n_lost;
        told.n_refused = count.n_refused;
    }
    g_hash_table_remove(self->items, &number);
    if (is_failure)
        self->events->failed(number, event->reason, event->detail, &told, self->data);
    else
        self->events->ended(number, &told, self->data);
}

static void
on_event(PlayOutput *output, const PlayEvent *event, gpointer data)
{
    PlayItems *self = data;
    guint64 number = event->id == NULL ? 0 : g_ascii_strtoull(event->id, NULL, 10);

    switch (event->kind) {
    case PLAY_EVENT_STARTED:
        self->events->started(number, event->start_us, self->data);
        break;
    case PLAY_EVENT_ENDED:
        end_item(self, number, event);
        break;
    case PLAY_EVENT_FAILED:
    case PLAY_EVENT_RECOVERED:
        self->events->card(name_of(self, output), event->kind == PLAY_EVENT_RECOVERED,
                           event->detail == NULL ? "" : event->detail, self->data);
        break;
    }
}

/* ---- the interface ---- */

PlayItems *
play_items_new(ContentObjectStore *objects, ContentClock *clock, const PlayItemsEvents *events,
               gpointer data)
{
    PlayItems *self = g_new0(PlayItems, 1);

    self->door = g_atomic_rc_box_new0(Door);
    self->door->items = self;
    self->objects = objects;
    self->clock = clock;
    self->events = events;
    self->data = data;
    self->outputs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) play_output_free);
    self->decoder = g_strdup(PLAY_FAR_DECODER_PROGRAM);
    self->lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->items = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, item_free);
    self->context = g_main_context_ref_thread_default();
    self->pool = g_thread_pool_new(open_and_hash, self->context, 1, FALSE, NULL);
    return self;
}

void
play_items_free(PlayItems *self)
{
    if (self == NULL)
        return;
    self->door->items = NULL;
    g_thread_pool_free(self->pool, FALSE, TRUE);
    g_atomic_rc_box_release(self->door);
    content_clock_cancel(self->clock, self->look_alarm);
    g_hash_table_unref(self->outputs);
    g_hash_table_unref(self->lines);
    g_free(self->decoder);
    g_free(self->microphone);
    g_hash_table_unref(self->items);
    play_tapes_free(self->tapes);
    g_main_context_unref(self->context);
    g_free(self);
}

void
play_items_add_output(PlayItems *self, const char *name, const char *device, guint buffer_ms)
{
    g_hash_table_insert(self->outputs, g_strdup(name),
                        play_output_new(device, buffer_ms, self->clock, on_event, self));
}

void
play_items_add_line(PlayItems *self, const char *name, const char *device)
{
    g_hash_table_insert(self->lines, g_strdup(name), g_strdup(device));
}

void
play_items_set_decoder(PlayItems *self, const char *program)
{
    g_free(self->decoder);
    self->decoder = g_strdup(program);
}

void
play_items_set_microphone(PlayItems *self, const char *device)
{
    g_free(self->microphone);
    self->microphone = g_strdup(device);
}

static void
on_taped(const char *alert, const PlayReelKept *kept, const char *words, gpointer data)
{
    PlayItems *self = data;

    if (self->events->taped != NULL)
        self->events->taped(alert, kept, words, self->data);
}

void
play_items_keep_speech(PlayItems *self, const char *folder)
{
    play_tapes_free(self->tapes);
    self->tapes = play_tapes_new(folder, self->clock, on_taped, self);
}

PlayOutput *
play_items_output(PlayItems *self, const char *name)
{
    return g_hash_table_lookup(self->outputs, name);
}

static void
begin_opening(PlayItems *self, Item *item, const char *object)
{
    Opening *opening = g_new0(Opening, 1);

    opening->door = g_atomic_rc_box_acquire(self->door);
    opening->objects = self->objects;
    opening->number = item->number;
    opening->object = g_strdup(object);
    opening->fd = -1;
    item->opening = opening;
    g_thread_pool_push(self->pool, opening, NULL);
}

/* Returns: (nullable): NULL: there is no such output, and that was told */
static Item *
new_item(PlayItems *self, guint64 number, const char *output, gint64 position_us)
{
    Item *item = g_new0(Item, 1);

    item->number = number;
    item->first_us = position_us;
    item->output = play_items_output(self, output);
    g_hash_table_insert(self->items, &item->number, item);
    if (item->output != NULL)
        return item;
    fail_item(self, item, CONTENT_REASON_OUTPUT_FAILED, "this player has no such output");
    return NULL;
}

void
play_items_prepare(PlayItems *self, guint64 number, const char *output, gint source,
                   const char *object, gint64 position_us, gint64 duration_us)
{
    Item *item = new_item(self, number, output, position_us);
    gint64 n_frames = duration_us * PLAY_RATE / G_USEC_PER_SEC;

    if (item == NULL)
        return;
    if (source == CONTENT_SOURCE_TONE)
        take_source(self, item, play_source_tone_new(TONE_HZ, TONE_MDB, n_frames));
    else if (source == CONTENT_SOURCE_SILENCE)
        take_source(self, item, play_source_silence_new(n_frames));
    else
        begin_opening(self, item, object);
}

void
play_items_prepare_live(PlayItems *self, guint64 number, const char *output,
                        const char *address, const char *spare, gint64 position_us)
{
    Item *item = new_item(self, number, output, position_us);
    g_autoptr(GError) error = NULL;

    if (item == NULL)
        return;
    item->is_live = TRUE;
    item->live = live_source_of(self, address);
    item->live_us = content_clock_monotonic_us(self->clock);
    if (self->look_alarm == 0)
        look_again(self);
    if (item->live != NULL &&
        !play_source_prepare(item->live, position_us * PLAY_RATE / G_USEC_PER_SEC, &error))
        fail_item(self, item, CONTENT_REASON_OUTPUT_FAILED, error->message);
    else if (spare == NULL)
        join_spare(self, item, NULL);
    else
        begin_opening(self, item, spare);
}

/* It is listened to from now on, @live: (transfer full). */
static void
listen_to(PlayItems *self, Item *item, PlaySource *live)
{
    g_autoptr(GError) error = NULL;

    item->is_live = TRUE;
    item->live = live;
    item->live_us = content_clock_monotonic_us(self->clock);
    if (self->look_alarm == 0)
        look_again(self);
    if (!play_source_prepare(live, 0, &error))
        fail_item(self, item, CONTENT_REASON_OUTPUT_FAILED, error->message);
    else
        join_spare(self, item, NULL);
}

void
play_items_prepare_speech(PlayItems *self, guint64 number, const char *output,
                          const char *alert, const char *key_text)
{
    Item *item = new_item(self, number, output, 0);
    guint8 key[CONTENT_LIVE_KEY_BYTES];
    PlaySource *live;

    if (item == NULL)
        return;
    if (key_text == NULL) {
        item->taped = g_strdup(alert);
        if (self->microphone == NULL)
            fail_item(self, item, CONTENT_REASON_LATE_SOURCE, "this player has no microphone");
        else
            listen_to(self, item, play_source_line_new(self->microphone));
        return;
    }
    live = content_live_key_read(key_text, key) ? play_source_speech_new(alert, key) : NULL;
    item->alert = g_strdup(alert);
    if (live == NULL)
        fail_item(self, item, CONTENT_REASON_DECODE_FAILED, "there is no decoder for it");
    else
        listen_to(self, item, live);
}

char *
play_items_take_frame(PlayItems *self, GBytes *bytes)
{
    char alert[CONTENT_LIVE_ID_BYTES + 1];
    GHashTableIter iter;
    gpointer value;
    char *told = NULL;

    if (!content_live_frame_alert(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), alert,
                                  NULL))
        return NULL;
    g_hash_table_iter_init(&iter, self->items);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Item *item = value;
        g_autofree char *refusal = NULL;

        if (g_strcmp0(item->alert, alert) == 0 &&
            !play_source_speech_take(item->live, bytes, &refusal) && told == NULL &&
            play_source_speech_count(item->live).n_refused == 1)
            told = g_steal_pointer(&refusal);
    }
    return told;
}

void
play_items_prepare_signal(PlayItems *self, guint64 number, const char *output,
                          PlaySignal signal, gint64 duration_us)
{
    Item *item = new_item(self, number, output, 0);

    if (item != NULL)
        take_source(self, item,
                    play_source_signal_new(signal, duration_us * PLAY_RATE / G_USEC_PER_SEC));
}

void
play_items_hurry(PlayItems *self, guint64 number)
{
    Item *item = find_item(self, number);

    if (item != NULL && item->opening != NULL)
        g_thread_pool_move_to_front(self->pool, item->opening);
}

void
play_items_place(PlayItems *self, guint64 number, gint64 start_us, gint64 position_us,
                 gint64 duration_us, gint64 gain_mdb)
{
    Item *item = find_item(self, number);

    if (item == NULL)
        return;
    item->start_us = start_us;
    item->position_us = position_us;
    item->duration_us = duration_us;
    item->gain_mdb = (gint) gain_mdb;
    item->wants_place = TRUE;
    if (item->source != NULL)
        place(self, item);
}

void
play_items_interrupt(PlayItems *self, guint64 number, gint64 duration_us, gint64 gain_mdb)
{
    Item *item = find_item(self, number);

    if (item != NULL)
        item->is_urgent = TRUE;
    play_items_place(self, number, 0, 0, duration_us, gain_mdb);
}

void
play_items_cancel(PlayItems *self, guint64 number)
{
    Item *item = find_item(self, number);
    PlayEvent nothing = {
        .kind = PLAY_EVENT_ENDED, .level_mdb = G_MININT64, .peak_mdb = G_MININT64};
    g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, number);
    gboolean wanted_place;

    if (item == NULL)
        return;
    if (item->is_placed) {
        play_output_cancel(item->output, id, CONTENT_REASON_NONE);
        return;
    }
    wanted_place = item->wants_place;
    g_hash_table_remove(self->items, &number);
    if (wanted_place)
        self->events->ended(number, &nothing, self->data);
}
