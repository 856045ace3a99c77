/*
 * fast-output.c - an output whose card is as fast as the clock: player/output/output.h without
 * ALSA.
 *
 * Flow: player/output/items.c places items -> alarms of the clock start and end them -> events.
 * Linked in front of the player's own output. The audio is decoded, to its end and by the real
 * sources, so levels and broken objects are as they are; only nobody hears it. As with a card,
 * an item that was placed in time starts at its instant, whenever the alarm comes.
 * Thread: the one that made the output; sources have their own.
 */
#include "player/output/drift.h"
#include "player/output/output.h"

/* Decoded sound is taken so often, so that a source's buffer is never full for long. */
#define TICK_US      (100 * G_GINT64_CONSTANT(1000))
#define BLOCK_FRAMES 4800

typedef struct {
    char *id;
    PlaySource *source;
    gint64 placed_us, start_us, position_us, duration_us;
    gint64 started_us; /* 0: not yet */
    gint64 joined_us;  /* in the source */
    gint64 n_frames;   /* decoded */
    PlayLevel level;
    ContentReason reason;
    gboolean is_cancelled;
} Item;

struct PlayOutput {
    ContentClock *clock;
    PlayOutputFunc func;
    gpointer user_data;
    GPtrArray *items; /* (element-type Item), by start: the first is the one that sounds */
    gint64 made_us;
    guint alarm;
};

static void on_alarm(gpointer data);

GQuark
play_output_error_quark(void)
{
    return g_quark_from_static_string("play-output-error-quark");
}

static void
item_free(gpointer data)
{
    Item *item = data;

    play_source_free(item->source);
    g_free(item->id);
    g_free(item);
}

static gint64
item_end_us(const Item *item)
{
    return item->start_us + item->duration_us;
}

static void
wake_at(PlayOutput *self, gint64 when_us)
{
    content_clock_cancel(self->clock, self->alarm);
    self->alarm = content_clock_alarm_monotonic(self->clock, when_us, on_alarm, self);
}

/* Up to the frame that is due at @now_us. */
static void
decode(Item *item, gint64 now_us)
{
    gint64 due = play_frame_of_us(MIN(now_us, item_end_us(item)) - item->started_us);
    gint16 frames[BLOCK_FRAMES];

    while (item->n_frames < due) {
        gsize n = play_source_read(item->source, frames,
                                   (gsize) MIN(due - item->n_frames, BLOCK_FRAMES));

        if (n == 0)
            return;
        play_level_add(&item->level, frames, n);
        item->n_frames += (gint64) n;
    }
}

static void
begin(PlayOutput *self, Item *item, gint64 free_us)
{
    PlayEvent event = {.kind = PLAY_EVENT_STARTED, .id = item->id};

    /* A card counts frames: only what was placed late, or over another item, starts late. */
    item->started_us = MAX(MAX(item->start_us, item->placed_us), free_us);
    item->joined_us = item->position_us + item->started_us - item->start_us;
    event.start_us = item->started_us;
    event.position_us = item->joined_us;
    event.level_mdb = event.peak_mdb = G_MININT64;
    self->func(self, &event, self->user_data);
}

static gboolean
is_over(const Item *item, gint64 now_us)
{
    return item->is_cancelled || now_us >= item_end_us(item) ||
           (item->started_us != 0 && play_source_end(item->source, NULL) == PLAY_SOURCE_FAILED);
}

static void
end(PlayOutput *self, Item *item, gint64 now_us)
{
    g_autoptr(GError) error = NULL;
    PlayEvent event = {.kind = PLAY_EVENT_ENDED, .id = item->id, .reason = item->reason};
    gboolean has_failed = play_source_end(item->source, &error) == PLAY_SOURCE_FAILED;

    event.start_us = item->started_us;
    event.position_us = item->joined_us;
    event.frames = item->n_frames;
    event.level_mdb = play_level_rms_mdb(&item->level);
    event.peak_mdb = play_level_peak_mdb(&item->level);
    if (item->started_us != 0)
        event.end_us = MIN(now_us, item_end_us(item));
    if (has_failed) {
        event.reason = CONTENT_REASON_DECODE_FAILED;
        event.detail = error->message;
    } else if (item->reason == CONTENT_REASON_NONE && item->n_frames == 0) {
        event.reason =
            item->started_us == 0 ? CONTENT_REASON_DISPLACED : CONTENT_REASON_LATE_SOURCE;
    }
    self->func(self, &event, self->user_data);
}

/* One item after the other, as far as @now_us; returns when to look again. */
static gint64
turn(PlayOutput *self, gint64 now_us)
{
    gint64 free_us = 0;

    while (self->items->len > 0) {
        Item *item = self->items->pdata[0];

        if (now_us < item->start_us && !item->is_cancelled)
            return item->start_us;
        if (item->started_us == 0 && !is_over(item, now_us)) {
            /* Whoever is told may place and cancel, so the first item is looked up again. */
            begin(self, item, free_us);
            continue;
        }
        if (item->started_us != 0)
            decode(item, now_us);
        if (!is_over(item, now_us))
            return MIN(now_us + TICK_US, item_end_us(item));
        free_us = item->is_cancelled ? now_us : item_end_us(item);
        g_ptr_array_steal_index(self->items, 0);
        end(self, item, now_us);
        item_free(item);
    }
    return G_MAXINT64;
}

static void
on_alarm(gpointer data)
{
    PlayOutput *self = data;
    gint64 next_us;

    self->alarm = 0;
    next_us = turn(self, content_clock_monotonic_us(self->clock));
    if (next_us != G_MAXINT64)
        wake_at(self, next_us);
}

PlayOutput *
play_output_new(const char *device, guint buffer_ms, ContentClock *clock, PlayOutputFunc func,
                gpointer user_data)
{
    PlayOutput *self = g_new0(PlayOutput, 1);

    self->clock = clock;
    self->func = func;
    self->user_data = user_data;
    self->items = g_ptr_array_new_with_free_func(item_free);
    self->made_us = content_clock_monotonic_us(clock);
    return self;
}

void
play_output_free(PlayOutput *self)
{
    if (self == NULL)
        return;
    content_clock_cancel(self->clock, self->alarm);
    g_ptr_array_unref(self->items);
    g_free(self);
}

gboolean
play_output_place_from(PlayOutput *self, const char *id, PlaySource *source, gint64 start_us,
                       gint64 position_us, gint64 duration_us, gint gain_mdb, GError **error)
{
    gint64 now_us = content_clock_monotonic_us(self->clock);
    Item *item = g_new0(Item, 1);
    guint i = 0;

    item->id = g_strdup(id);
    item->source = source;
    item->placed_us = now_us;
    item->start_us = start_us;
    item->position_us = position_us;
    item->duration_us = duration_us;
    if (!play_source_prepare(source, play_frame_of_us(position_us + MAX(now_us - start_us, 0)),
                             error)) {
        item_free(item);
        return FALSE;
    }
    while (i < self->items->len && (((Item *) self->items->pdata[i])->started_us != 0 ||
                                    ((Item *) self->items->pdata[i])->start_us <= start_us))
        i++;
    g_ptr_array_insert(self->items, (gint) i, item);
    wake_at(self, now_us);
    return TRUE;
}

gboolean
play_output_place(PlayOutput *self, const char *id, PlaySource *source, gint64 start_us,
                  gint64 duration_us, gint gain_mdb, GError **error)
{
    return play_output_place_from(self, id, source, start_us, 0, duration_us, gain_mdb, error);
}

gboolean
play_output_interrupt(PlayOutput *self, const char *id, PlaySource *source, gint64 duration_us,
                      gint gain_mdb, GError **error)
{
    for (guint i = 0; i < self->items->len; i++)
        play_output_cancel(self, ((Item *) self->items->pdata[i])->id,
                           CONTENT_REASON_INTERRUPTED);
    return play_output_place(self, id, source, content_clock_monotonic_us(self->clock),
                             duration_us, gain_mdb, error);
}

void
play_output_cancel(PlayOutput *self, const char *id, ContentReason reason)
{
    for (guint i = 0; i < self->items->len; i++) {
        Item *item = self->items->pdata[i];

        if (!g_str_equal(item->id, id) || item->is_cancelled)
            continue;
        item->is_cancelled = TRUE;
        item->reason = reason;
        /* One that waits its turn ends before the one that sounds. */
        if (item->started_us == 0 && i > 0) {
            g_ptr_array_steal_index(self->items, i);
            g_ptr_array_insert(self->items, 0, item);
        }
        wake_at(self, content_clock_monotonic_us(self->clock));
        return;
    }
}

PlayOutputState
play_output_state(PlayOutput *self)
{
    const Item *first = self->items->len == 0 ? NULL : self->items->pdata[0];
    gint64 now_us = content_clock_monotonic_us(self->clock);

    return (PlayOutputState){
        .is_open = TRUE,
        .is_sounding = first != NULL && first->started_us != 0,
        .progress_frames = play_frame_of_us(now_us - self->made_us),
        .level_mdb = first == NULL ? G_MININT64 : play_level_rms_mdb(&first->level),
        .peak_mdb = first == NULL ? G_MININT64 : play_level_peak_mdb(&first->level),
    };
}
