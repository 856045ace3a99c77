/* output.c - see output.h; the owner's side of a writer */
#include "player/output/output.h"

#include "player/output/drift.h"
#include "player/output/source-relay.h"
#include "player/output/writer.h"

#include <math.h>

G_DEFINE_QUARK(PlayOutputError, play_output_error)

/* Wakes the owner's context when there is news. */
typedef struct {
    GSource base;
    PlayOutput *output; /* (not owned) */
} NewsSource;

struct PlayOutput {
    PlayWriter *writer;
    ContentClock *clock;
    PlayOutputFunc func;
    gpointer user_data;
    GHashTable *ids;   /* (element-type utf8): of items placed and not ended */
    GAsyncQueue *news; /* (element-type PlayNews) */
    GSource *wake;
};

static void
fill_event(const PlayNews *news, PlayEvent *event, GError **error)
{
    PlayItem *item = news->item;

    event->kind = news->kind;
    event->id = news->id;
    event->start_us = news->start_us;
    event->position_us = play_us_of_frames(news->joined);
    event->level_mdb = event->peak_mdb = G_MININT64;
    event->detail = news->detail;
    if (item == NULL)
        return;
    event->end_us = item->end_us;
    event->frames = item->n_sounded;
    event->silent_us = play_us_of_frames(play_item_silent_frames(item));
    event->missing_us = play_us_of_frames(item->missing);
    event->level_mdb = play_level_rms_mdb(&item->level);
    event->peak_mdb = play_level_peak_mdb(&item->level);
    event->reason = item->reason;
    play_source_relay_story(item->source, &event->story);
    if (item->reason == CONTENT_REASON_DECODE_FAILED)
        play_source_end(item->source, error);
    if (*error != NULL)
        event->detail = (*error)->message;
}

static void
deliver(PlayOutput *self, const PlayNews *news)
{
    g_autoptr(GError) error = NULL;
    PlayEvent event = {0};

    fill_event(news, &event, &error);
    if (news->kind == PLAY_EVENT_ENDED)
        g_hash_table_remove(self->ids, news->id);
    self->func(self, &event, self->user_data);
}

static gboolean
on_news(GSource *source, GSourceFunc callback, gpointer user_data)
{
    PlayOutput *self = ((NewsSource *) source)->output;
    PlayNews *next;

    g_source_set_ready_time(source, -1);
    while ((next = g_async_queue_try_pop(self->news)) != NULL) {
        g_autoptr(PlayNews) news = next;

        deliver(self, news);
    }
    return G_SOURCE_CONTINUE;
}

/* On the writer's thread. */
static void
queue_news(PlayNews *news, gpointer user_data)
{
    PlayOutput *self = user_data;

    g_async_queue_push(self->news, news);
    g_source_set_ready_time(self->wake, 0);
}

static GSource *
news_source_new(PlayOutput *output)
{
    static GSourceFuncs functions = {.dispatch = on_news};
    GSource *source = g_source_new(&functions, sizeof(NewsSource));

    ((NewsSource *) source)->output = output;
    g_source_set_static_name(source, "loa-output-news");
    g_source_attach(source, g_main_context_get_thread_default());
    return source;
}

PlayOutput *
play_output_new(const char *device, guint buffer_ms, ContentClock *clock, PlayOutputFunc func,
                gpointer user_data)
{
    PlayOutput *self;

    g_return_val_if_fail(
        buffer_ms >= PLAY_OUTPUT_BUFFER_MIN_MS && buffer_ms <= PLAY_OUTPUT_BUFFER_MAX_MS, NULL);
    self = g_new0(PlayOutput, 1);
    self->clock = clock;
    self->func = func;
    self->user_data = user_data;
    self->ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->news = g_async_queue_new_full((GDestroyNotify) play_news_free);
    self->wake = news_source_new(self);
    self->writer = play_writer_new(device, buffer_ms, clock, queue_news, self);
    return self;
}

void
play_output_free(PlayOutput *self)
{
    if (self == NULL)
        return;
    play_writer_free(self->writer);
    g_source_destroy(self->wake);
    g_source_unref(self->wake);
    g_async_queue_unref(self->news);
    g_hash_table_unref(self->ids);
    g_free(self);
}

/* What an item is asked to be. */
typedef struct {
    const char *id;
    gint64 start_us, position_us, duration_us;
    gint gain_mdb;
} Ask;

static gboolean
refuse(PlayOutput *self, const Ask *ask, GError **error)
{
    gint64 limit_us = G_MAXINT64 / PLAY_RATE / 2;
    const char *why = NULL;

    if (ask->duration_us <= 0 || ask->duration_us > limit_us || ask->start_us < 0 ||
        ask->start_us > limit_us || ask->position_us < 0 || ask->position_us > limit_us)
        why = "its times are impossible";
    else if (ask->gain_mdb > 0)
        why = "it would be amplified";
    else if (g_hash_table_size(self->ids) >= PLAY_OUTPUT_MAX_ITEMS)
        why = "too many items are placed";
    else if (g_hash_table_contains(self->ids, ask->id))
        why = "an item of that name is placed";
    if (why == NULL)
        return FALSE;
    g_set_error(error, PLAY_OUTPUT_ERROR, PLAY_OUTPUT_ERROR_REFUSED, "placing %s: %s", ask->id,
                why);
    return TRUE;
}

/* Takes the source in any case. @passed_us: of the item, already */
static PlayItem *
make_item(PlayOutput *self, const Ask *ask, PlaySource *source, gint64 passed_us,
          GError **error)
{
    g_autoptr(PlayItem) item = g_new0(PlayItem, 1);

    item->source = source;
    if (refuse(self, ask, error) ||
        !play_source_prepare(source, play_frame_of_us(ask->position_us + MAX(passed_us, 0)),
                             error))
        return NULL;
    item->id = g_strdup(ask->id);
    item->start = play_frame_of_us(ask->start_us);
    item->offset = play_frame_of_us(ask->position_us);
    item->n_frames = play_frame_of_us(ask->start_us + ask->duration_us) - item->start;
    item->gain = pow(10, ask->gain_mdb / 20000.0);
    g_hash_table_add(self->ids, g_strdup(ask->id));
    return g_steal_pointer(&item);
}

gboolean
play_output_place_from(PlayOutput *self, const char *id, PlaySource *source, gint64 start_us,
                       gint64 position_us, gint64 duration_us, gint gain_mdb, GError **error)
{
    const Ask ask = {id, start_us, position_us, duration_us, gain_mdb};
    gint64 passed_us = content_clock_monotonic_us(self->clock) - start_us;
    PlayItem *item = make_item(self, &ask, source, passed_us, error);

    if (item != NULL)
        play_writer_place(self->writer, item);
    return item != NULL;
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
    const Ask ask = {id, 0, 0, duration_us, gain_mdb};
    PlayItem *item = make_item(self, &ask, source, 0, error);

    if (item != NULL)
        play_writer_interrupt(self->writer, item);
    return item != NULL;
}

void
play_output_cancel(PlayOutput *self, const char *id, ContentReason reason)
{
    play_writer_cancel(self->writer, id, reason);
}

PlayOutputState
play_output_state(PlayOutput *self)
{
    return play_writer_state(self->writer);
}
