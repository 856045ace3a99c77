/*
 * pcm.h - one ALSA PCM: opened as the writer needs it, spoken to in mono frames.
 *
 * Flow: writer.c -> this -> snd_pcm_*. Port: no decision is taken here.
 * Thread: the writer's alone. No call waits for the card.
 */
#pragma once

#include <glib.h>

typedef struct PlayPcm PlayPcm;

/* How the card is. */
typedef enum {
    PLAY_PCM_FINE,
    PLAY_PCM_STARVED, /* it ran dry (XRUN) or was suspended: play_pcm_prepare() and go on */
    PLAY_PCM_BROKEN,  /* unplugged, or anything else: close it */
} PlayPcmHealth;

/**
 * play_pcm_open:
 * @device: an ALSA PCM name
 * @buffer_ms: wanted; the card may give less or more
 *
 * 48 kHz S16 interleaved with 1, 2 or the card's own number of channels, each given the same
 * frames; a card that has no such thing is opened once more through plug. Left prepared.
 *
 * Returns: (transfer full): NULL with %PLAY_OUTPUT_ERROR_DEVICE
 */
PlayPcm *play_pcm_open(const char *device, guint buffer_ms, GError **error);

/** play_pcm_close: @self: (nullable) (transfer full): what was not heard is dropped */
void play_pcm_close(PlayPcm *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPcm, play_pcm_close)

/** play_pcm_buffer_frames: Returns: how many frames the card holds */
gint64 play_pcm_buffer_frames(PlayPcm *self);

/** play_pcm_delay: @out_frames: (out): given and not yet heard (snd_pcm_delay) */
PlayPcmHealth play_pcm_delay(PlayPcm *self, gint64 *out_frames);

/** play_pcm_room: @out_frames: (out): how many can be written now */
PlayPcmHealth play_pcm_room(PlayPcm *self, gint64 *out_frames);

/** play_pcm_write: @frames: (array length=n_frames): not more than there is room */
PlayPcmHealth play_pcm_write(PlayPcm *self, const gint16 *frames, gint64 n_frames);

/** play_pcm_start: begins to sound what was written since it was prepared */
PlayPcmHealth play_pcm_start(PlayPcm *self);

/** play_pcm_prepare: drops what was not heard; writing and starting come next */
PlayPcmHealth play_pcm_prepare(PlayPcm *self);

/**
 * play_pcm_rewind:
 * @n_frames: of the last written, wanted back
 *
 * Returns: how many the card gave back; 0: it cannot, use play_pcm_prepare()
 */
gint64 play_pcm_rewind(PlayPcm *self, gint64 n_frames);

/** play_pcm_words: Returns: (transfer none): why it was BROKEN, in words */
const char *play_pcm_words(PlayPcm *self);
