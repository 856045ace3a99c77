/*
 * source-speech.h - a live source from frames of live speech, see content/live.h.
 *
 * Flow: player/intake -> items.h hands over each frame -> here it is verified, and its packets
 * are decoded by libopus on the source's own thread -> source-live.h, which begins when
 * PLAY_SPEECH_HOLD_MS are there. Port. Thread: see source-live.h; play_source_speech_take() is
 * the owner's.
 *
 * Frames that were lost on the line are concealed by the decoder for PLAY_SPEECH_CONCEAL_MS and
 * are silence from then on; after more than a second nothing is put in their place, since that
 * time was silence already. The last frame ends the source once all of it has sounded; it may
 * come again, which changes nothing.
 */
#pragma once

#include "content/live.h"
#include "player/output/source-live.h"

/* How uneven the arrival of frames may be. */
#define PLAY_SPEECH_HOLD_MS 400
/* What a line held up and then sent at once: a warning rather comes late than with words left
 * out. */
#define PLAY_SPEECH_KEEP_MS    4000
#define PLAY_SPEECH_CONCEAL_MS 100
/* Frames that wait for the thread: 5 s of them, and what is more is refused. */
#define PLAY_SPEECH_MAX_WAITING 25

/* What came of the frames that were handed over. */
typedef struct {
    guint n_taken;
    guint n_lost;    /* their sequences were left out */
    guint n_refused; /* altered, of another key, old, or after the last one */
} PlaySpeechCount;

/**
 * play_source_speech_new:
 * @alert: id of the alert
 * @key: see content_live_key_read(), that the alert names
 *
 * Returns: (nullable): NULL: libopus has no decoder for us
 */
PlaySource *play_source_speech_new(const char *alert, const guint8 key[CONTENT_LIVE_KEY_BYTES]);

/**
 * play_source_speech_take:
 * @self: of play_source_speech_new()
 * @bytes: from outside, of a frame that names its alert
 * @out_refusal: (out) (transfer full) (nullable): why it was refused
 *
 * Returns: whether it was taken, or is the last one once more
 */
gboolean play_source_speech_take(PlaySource *self, GBytes *bytes, char **out_refusal);

/** play_source_speech_count: Returns: up to now; nothing of a source that is no speech */
PlaySpeechCount play_source_speech_count(PlaySource *self);
