/* source-stream.c - see source-stream.h */
#include "player/output/source-stream.h"

#include <gio/gio.h>
#include <string.h>

#include "player/output/hls.h"
#include "player/output/stream-hls.h"

/* What a mobile line may hold back between two pieces. */
#define HOLD_MS 2000
/* Of a media type, in words. */
#define MAX_TYPE 60

typedef struct {
    char *address; /* (owned) */
    char *program; /* (owned) */
    PlayHlsPlace place;
} Stream;

/* What comes from the address: sound, or a list of where the sound is. */
typedef struct {
    Stream *stream;
    PlayLive *live;
    PlayDecoder *decoder; /* (owned) (nullable): of sound */
    GString *list;        /* (owned) (nullable): of HLS */
    gsize mute_bytes;
} Coming;

static void
coming_clear(Coming *coming)
{
    play_decoder_free(coming->decoder);
    if (coming->list != NULL)
        g_string_free(coming->list, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Coming, coming_clear)

static gboolean
on_frames(const gint16 *frames, gsize n_frames, gpointer data)
{
    Coming *coming = data;

    coming->mute_bytes = 0;
    play_live_wait_for_room(coming->live);
    play_live_give(coming->live, frames, n_frames);
    return play_live_is_wanted(coming->live);
}

/* Before the first byte: is it one of the kinds that are played? */
static gboolean
on_begin(const char *type, gpointer data, GError **error)
{
    Coming *coming = data;
    const char *format = play_decoder_format_of(type);

    if (play_hls_is_list(type)) {
        coming->list = g_string_new(NULL);
        return TRUE;
    }
    if (format != NULL) {
        coming->decoder =
            play_decoder_new(format, coming->stream->program, on_frames, coming, error);
        return coming->decoder != NULL;
    }
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                "it sends '%.*s'; Ogg, MP3, AAC and HLS are played",
                (int) MIN(strcspn(type, "; "), MAX_TYPE), type);
    return FALSE;
}

static gboolean
on_body(const char *bytes, gsize n_bytes, gpointer data, GError **error)
{
    Coming *coming = data;

    if (coming->list != NULL)
        return play_hls_collect(coming->list, bytes, n_bytes, error);
    coming->mute_bytes += n_bytes;
    if (coming->mute_bytes <= PLAY_STREAM_MAX_MUTE_BYTES)
        return play_decoder_push(coming->decoder, bytes, n_bytes, error);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%d bytes of it held no sound",
                PLAY_STREAM_MAX_MUTE_BYTES);
    return FALSE;
}

static gboolean
on_wait(gpointer data)
{
    Coming *coming = data;

    if (coming->decoder != NULL)
        play_decoder_rest(coming->decoder, 0);
    return play_live_is_wanted(coming->live);
}

static const PlayStreamListener listener = {on_begin, on_body, on_wait};

static void
bring_stream(gpointer data, PlayLive *live, GError **error)
{
    Stream *self = data;
    g_auto(Coming) coming = {.stream = self, .live = live};
    g_autoptr(PlayStreamCaller) caller = play_stream_caller_new(self->address);
    g_autofree char *at = NULL;

    if (!play_stream_caller_get(caller, self->address, &listener, &coming, &at, error))
        return;
    if (coming.list != NULL)
        play_stream_hls(caller, at, coming.list->str, self->program, &self->place, live, error);
    else
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "it has ended");
}

static void
stream_free(gpointer data)
{
    Stream *self = data;

    g_free(self->address);
    g_free(self->program);
    g_free(self->place.last);
    g_free(self);
}

static const PlayBringer stream_bringer = {"stream", HOLD_MS, 0, bring_stream, stream_free};

PlaySource *
play_source_stream_new(const char *address, const char *program)
{
    Stream *self = g_new0(Stream, 1);

    self->address = g_strdup(address);
    self->program = g_strdup(program);
    return play_source_live_new(&stream_bringer, self);
}
