/* stream-hls.c - see stream-hls.h */
#include "player/output/stream-hls.h"

#include <gio/gio.h>
#include <string.h>

#include "player/output/hls.h"

/* While it waits for the playlist to grow. */
#define STEP_US (200 * 1000)
/* So much of a segment says what it is; an ID3 tag may come first. */
#define START_BYTES 4096

typedef struct {
    PlayStreamCaller *caller;
    PlayLive *live;
    const char *program;
    PlayHlsPlace *place;
    char *address;        /* (owned): of the playlist */
    char *map;            /* (owned) (nullable): what the decoder was begun with */
    PlayDecoder *decoder; /* (owned) (nullable): until the start of a segment says which */
    GByteArray *start;    /* (owned): of a segment, while there is no decoder */
    gint64 next;          /* number of the segment to be fetched; -1: none was yet */
    gint64 asked_us;      /* when the playlist was asked for last, monotonic */
    gint64 still_ms;      /* for so long nothing was added */
    guint n_mute;         /* segments since the last frame */
    gsize segment_bytes;
    gboolean was_list; /* of lists: there is one level of them */
} Radio;

static void
radio_clear(Radio *radio)
{
    play_decoder_free(radio->decoder);
    g_byte_array_unref(radio->start);
    g_free(radio->address);
    g_free(radio->map);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Radio, radio_clear)

static gboolean
fail(GError **error, const char *words)
{
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, words);
    return FALSE;
}

/* ---- segments ---- */

static gboolean
on_frames(const gint16 *frames, gsize n_frames, gpointer data)
{
    Radio *radio = data;

    radio->n_mute = 0;
    play_live_wait_for_room(radio->live);
    play_live_give(radio->live, frames, n_frames);
    return play_live_is_wanted(radio->live);
}

/* Its first bytes may come one by one. */
static gboolean
begin_decoder(Radio *radio, const char *bytes, gsize n_bytes, GError **error)
{
    const char *format;

    g_byte_array_append(radio->start, (const guint8 *) bytes, (guint) n_bytes);
    format = play_decoder_format_of_bytes(radio->start->data, radio->start->len);
    if (format == NULL)
        return radio->start->len < START_BYTES ||
               fail(error, "its segments are neither MPEG-TS, AAC, MP3 nor MP4");
    radio->decoder = play_decoder_new(format, radio->program, on_frames, radio, error);
    if (radio->decoder == NULL ||
        !play_decoder_push(radio->decoder, radio->start->data, radio->start->len, error))
        return FALSE;
    g_byte_array_set_size(radio->start, 0);
    return TRUE;
}

static gboolean
on_segment(const char *bytes, gsize n_bytes, gpointer data, GError **error)
{
    Radio *radio = data;

    radio->segment_bytes += n_bytes;
    if (radio->segment_bytes > PLAY_HLS_MAX_SEGMENT_BYTES)
        return fail(error, "a segment of it is too long");
    if (radio->decoder == NULL)
        return begin_decoder(radio, bytes, n_bytes, error);
    return play_decoder_push(radio->decoder, bytes, n_bytes, error);
}

static gboolean
is_wanted(gpointer data)
{
    Radio *radio = data;

    if (radio->decoder != NULL)
        play_decoder_rest(radio->decoder, 0);
    return play_live_is_wanted(radio->live);
}

/* Escapes stay as they are: they are a part of what servers sign. */
static char *
resolve(const Radio *radio, const char *name, GError **error)
{
    return g_uri_resolve_relative(radio->address, name,
                                  G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED, error);
}

static gboolean
fetch(Radio *radio, const char *name, GError **error)
{
    static const PlayStreamListener listener = {NULL, on_segment, is_wanted};
    g_autofree char *address = resolve(radio, name, error);

    radio->segment_bytes = 0;
    if (address == NULL ||
        !play_stream_caller_get(radio->caller, address, &listener, radio, NULL, error))
        return FALSE;
    return radio->start->len == 0 ||
           fail(error, "its segments are neither MPEG-TS, AAC, MP3 nor MP4");
}

/* Names of one segment differ in what a server adds behind it for each listener. */
static gboolean
is_same(const char *a, const char *b)
{
    gsize n = strcspn(a, "?");

    return n == strcspn(b, "?") && strncmp(a, b, n) == 0;
}

/* Where to begin: where it was broken off, if the list is still that list; else near its end.
 */
static gint64
first_of(const Radio *radio, const PlayHlsList *list)
{
    gint64 last = radio->place->next - 1 - list->first;
    gint64 end = list->first + list->segments->len;

    if (radio->place->last != NULL && last >= 0 && last < list->segments->len &&
        is_same(radio->place->last, list->segments->pdata[last]))
        return radio->place->next;
    return MAX(list->first, end - PLAY_HLS_BEHIND);
}

static gboolean
fetch_segment(Radio *radio, const char *name, GError **error)
{
    if (!fetch(radio, name, error))
        return FALSE;
    radio->next++;
    radio->place->next = radio->next;
    g_free(radio->place->last);
    radio->place->last = g_strdup(name);
    if (++radio->n_mute <= PLAY_HLS_MAX_MUTE)
        return TRUE;
    return fail(error, "its segments hold no sound");
}

/* What comes before all segments has changed: another encoder, which wants a new decoder. */
static gboolean
follow_map(Radio *radio, const PlayHlsList *list, GError **error)
{
    if (radio->decoder != NULL && g_strcmp0(radio->map, list->map) == 0)
        return TRUE;
    g_clear_pointer(&radio->decoder, play_decoder_free);
    g_free(radio->map);
    radio->map = g_strdup(list->map);
    return list->map == NULL || fetch(radio, list->map, error);
}

/* Those of @list that were not fetched yet; @n: (out): how many they were */
static gboolean
fetch_new(Radio *radio, const PlayHlsList *list, guint *n, GError **error)
{
    gint64 end = list->first + list->segments->len;

    *n = 0;
    if (radio->next < 0)
        radio->next = first_of(radio, list);
    /* A line that was away for long has missed what is no longer listed. */
    radio->next = MAX(radio->next, list->first);
    if (radio->next < end && !follow_map(radio, list, error))
        return FALSE;
    for (; radio->next < end && is_wanted(radio); ++*n) {
        if (!fetch_segment(radio, list->segments->pdata[radio->next - list->first], error))
            return FALSE;
    }
    return TRUE;
}

/* ---- playlists ---- */

static gboolean
on_list(const char *bytes, gsize n_bytes, gpointer data, GError **error)
{
    return play_hls_collect(((gpointer *) data)[0], bytes, n_bytes, error);
}

static gboolean
is_list_wanted(gpointer data)
{
    return is_wanted(((gpointer *) data)[1]);
}

/* Returns: (transfer full) (nullable) */
static PlayHlsList *
fetch_list(Radio *radio, GError **error)
{
    static const PlayStreamListener listener = {NULL, on_list, is_list_wanted};
    g_autoptr(GString) text = g_string_new(NULL);
    gpointer data[] = {text, radio};
    char *at = NULL;

    radio->asked_us = g_get_monotonic_time();
    if (!play_stream_caller_get(radio->caller, radio->address, &listener, data, &at, error))
        return NULL;
    g_free(radio->address);
    radio->address = at;
    return play_hls_parse(text->str, error);
}

/* What was decoded comes meanwhile. */
static void
wait_for_more(Radio *radio, gint64 until_us)
{
    gint64 left_us;

    while (is_wanted(radio) && (left_us = until_us - g_get_monotonic_time()) > 0)
        play_live_wait_us(radio->live, MIN(left_us, STEP_US));
}

/* Returns: %FALSE with an error: there will be no more */
static gboolean
play_list(Radio *radio, const PlayHlsList *list, GError **error)
{
    guint n = 0;

    if (list->variant != NULL) {
        char *address = resolve(radio, list->variant, error);

        if (radio->was_list)
            g_free(address);
        if (address == NULL || radio->was_list)
            return address == NULL ? FALSE : fail(error, "it lists lists of lists");
        g_free(radio->address);
        radio->address = address;
        radio->was_list = TRUE;
        return TRUE;
    }
    if (!fetch_new(radio, list, &n, error))
        return FALSE;
    radio->still_ms = n > 0 ? 0 : radio->still_ms + list->target_ms / 2;
    if (n == 0 && list->is_ended)
        return fail(error, "it has ended");
    if (radio->still_ms > PLAY_HLS_MAX_STILL * list->target_ms)
        return fail(error, "its playlist stands still");
    /* RFC 8216 §6.3.4: counted from when the list was asked for, half as long without news. */
    wait_for_more(radio,
                  radio->asked_us + (n > 0 ? list->target_ms : list->target_ms / 2) * 1000);
    return TRUE;
}

void
play_stream_hls(PlayStreamCaller *caller, const char *address, const char *text,
                const char *program, PlayHlsPlace *place, PlayLive *live, GError **error)
{
    g_auto(Radio) radio = {
        .caller = caller, .live = live, .program = program, .place = place, .next = -1};
    g_autoptr(PlayHlsList) list = play_hls_parse(text, error);

    radio.address = g_strdup(address);
    radio.start = g_byte_array_new();
    radio.asked_us = g_get_monotonic_time();
    while (list != NULL && is_wanted(&radio) && play_list(&radio, list, error)) {
        g_clear_pointer(&list, play_hls_list_free);
        if (is_wanted(&radio))
            list = fetch_list(&radio, error);
    }
}
