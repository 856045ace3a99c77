/*
 * source-speech.c - see source-speech.h
 *
 * The owner's thread verifies, the source's decodes: a queue of frames lies between them.
 */
#include "player/output/source-speech.h"

#include <opus.h>
#include <string.h>

#define PACKET_FRAMES (PLAY_RATE / 1000 * CONTENT_LIVE_PACKET_MS)
/* RFC 6716: 120 ms are the most that a packet holds; ours have 20, and others are refused. */
#define DECODED_FRAMES PACKET_FRAMES
#define CONCEALED      (PLAY_SPEECH_CONCEAL_MS / CONTENT_LIVE_PACKET_MS)
/* A gap of more packets is one in which silence has passed already. */
#define LONGEST_GAP (1000 / CONTENT_LIVE_PACKET_MS)
/* How soon the thread notices that it is not wanted. */
#define WAIT_US (100 * G_GINT64_CONSTANT(1000))

/* A verified frame on its way to the thread. */
typedef struct {
    GBytes *bytes; /* (owned): its packets lie in it */
    ContentLiveFrame frame;
    guint n_lost; /* frames that should have come before it */
} Heard;

/* Freed with the source, which outlives its thread. */
typedef struct {
    char *alert; /* (owned) */
    guint8 key[CONTENT_LIVE_KEY_BYTES];
    GAsyncQueue *queue; /* (element-type Heard) */
    OpusDecoder *decoder;
    /* The owner's. */
    gboolean has_any, has_last;
    guint32 newest;
    PlaySpeechCount count;
} Speech;

static void
heard_free(gpointer data)
{
    Heard *heard = data;

    g_bytes_unref(heard->bytes);
    g_free(heard);
}

/* ---- the source's thread ---- */

static void
give_packet(Speech *self, PlayLive *live, const ContentLivePacket *packet)
{
    opus_int16 frames[DECODED_FRAMES];
    int n = packet == NULL
                ? opus_decode(self->decoder, NULL, 0, frames, PACKET_FRAMES, 0)
                : opus_decode(self->decoder, packet->bytes, (opus_int32) packet->n_bytes,
                              frames, DECODED_FRAMES, 0);

    /* What cannot be decoded is concealed as if it had been lost. */
    if (n < 0 && packet != NULL)
        n = opus_decode(self->decoder, NULL, 0, frames, PACKET_FRAMES, 0);
    if (n > 0)
        play_live_give(live, frames, (gsize) n);
}

static void
fill_gap(Speech *self, PlayLive *live, guint n_packets)
{
    static const gint16 silence[PACKET_FRAMES];

    if (n_packets > LONGEST_GAP) {
        opus_decoder_ctl(self->decoder, OPUS_RESET_STATE);
        return;
    }
    for (guint i = 0; i < n_packets; i++) {
        if (i < CONCEALED)
            give_packet(self, live, NULL);
        else
            play_live_give(live, silence, PACKET_FRAMES);
    }
}

static void
bring_speech(gpointer data, PlayLive *live, GError **error)
{
    Speech *self = data;

    while (play_live_is_wanted(live)) {
        Heard *heard = g_async_queue_timeout_pop(self->queue, WAIT_US);

        if (heard == NULL)
            continue;
        fill_gap(self, live, MIN(heard->n_lost, LONGEST_GAP + 1) * heard->frame.n_packets);
        for (guint i = 0; i < heard->frame.n_packets; i++)
            give_packet(self, live, &heard->frame.packets[i]);
        if (heard->frame.is_last)
            play_live_end(live);
        heard_free(heard);
    }
}

static void
speech_free(gpointer data)
{
    Speech *self = data;

    g_async_queue_unref(self->queue);
    opus_decoder_destroy(self->decoder);
    g_free(self->alert);
    g_free(self);
}

static const PlayBringer speech_bringer = {"speech", PLAY_SPEECH_HOLD_MS, PLAY_SPEECH_KEEP_MS,
                                           bring_speech, speech_free};

/* ---- the owner's side ---- */

PlaySource *
play_source_speech_new(const char *alert, const guint8 key[CONTENT_LIVE_KEY_BYTES])
{
    int failure = OPUS_OK;
    OpusDecoder *decoder = opus_decoder_create(PLAY_RATE, 1, &failure);
    Speech *self;

    if (decoder == NULL)
        return NULL;
    self = g_new0(Speech, 1);
    self->alert = g_strdup(alert);
    memcpy(self->key, key, sizeof self->key);
    self->queue = g_async_queue_new_full(heard_free);
    self->decoder = decoder;
    return play_source_live_new(&speech_bringer, self);
}

/* Returns: (transfer full) (nullable): why it is none of the speech */
static char *
judge(Speech *self, GBytes *bytes, ContentLiveFrame *frame)
{
    gsize n_bytes;
    gconstpointer data = g_bytes_get_data(bytes, &n_bytes);
    g_autoptr(GError) error = NULL;

    if (!content_live_frame_read(data, n_bytes, self->key, frame, &error))
        return g_strdup(error->message);
    if (strcmp(frame->alert, self->alert) != 0)
        return g_strdup("it is of another alert");
    if (self->has_last)
        return g_strdup("it came after the last one");
    if (self->has_any && frame->sequence <= self->newest)
        return g_strdup_printf("sequence %u is not after %u", frame->sequence, self->newest);
    if (g_async_queue_length(self->queue) >= PLAY_SPEECH_MAX_WAITING)
        return g_strdup("too many wait to be decoded");
    return NULL;
}

/* The district says its last frame more than once, lest it be lost; @frame: verified. */
static gboolean
is_last_again(const Speech *self, const ContentLiveFrame *frame)
{
    return self->has_last && frame->is_last && frame->sequence == self->newest &&
           strcmp(frame->alert, self->alert) == 0;
}

gboolean
play_source_speech_take(PlaySource *source, GBytes *bytes, char **out_refusal)
{
    Speech *self = play_source_live_bringer(source, &speech_bringer);
    g_autofree Heard *heard = g_new0(Heard, 1);
    char *refusal;

    g_return_val_if_fail(self != NULL, FALSE);
    refusal = judge(self, bytes, &heard->frame);
    if (refusal != NULL && is_last_again(self, &heard->frame)) {
        g_free(refusal);
        return TRUE;
    }
    if (refusal != NULL) {
        self->count.n_refused++;
        *out_refusal = refusal;
        return FALSE;
    }
    heard->n_lost = self->has_any ? heard->frame.sequence - self->newest - 1 : 0;
    self->count.n_lost += heard->n_lost;
    self->count.n_taken++;
    self->newest = heard->frame.sequence;
    self->has_any = TRUE;
    self->has_last = heard->frame.is_last;
    heard->bytes = g_bytes_ref(bytes);
    g_async_queue_push(self->queue, g_steal_pointer(&heard));
    return TRUE;
}

PlaySpeechCount
play_source_speech_count(PlaySource *source)
{
    const Speech *self = play_source_live_bringer(source, &speech_bringer);

    return self == NULL ? (PlaySpeechCount){0} : self->count;
}
