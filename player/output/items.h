/*
 * items.h - the cue's items on the station's outputs: opened, verified, placed, told of.
 *
 * Flow: cue (prepare, place, cancel) -> here -> object store, play sources, output.h -> what
 * was heard, back to the cue. Port. Thread: the main context it was made on; hashing an object
 * has a thread of its own.
 */
#pragma once

#include "content/object-store.h"
#include "player/output/output.h"
#include "player/output/tape.h"

typedef struct {
    /* @at_us: when the first sample left, monotonic */
    void (*started)(guint64 item, gint64 at_us, gpointer data);
    /* @event: ENDED of the item; its reason is NONE if it sounded as placed or was cancelled */
    void (*ended)(guint64 item, const PlayEvent *event, gpointer data);
    /* The item will not sound, or not on: @event: (nullable): what had been heard before */
    void (*failed)(guint64 item, ContentReason reason, const char *words,
                   const PlayEvent *event, gpointer data);
    /* Nothing comes from the live source of the item, or something does again: why, in words.
     * It does until told, and may be told of long before the item is placed. */
    void (*source)(guint64 item, gboolean comes, const char *words, gpointer data);
    /* The spare of a live item is not there, or not what it says: @reason: OBJECT_MISSING,
     * OBJECT_CORRUPT or DECODE_FAILED. The item sounds without it. */
    void (*spare)(guint64 item, ContentReason reason, gpointer data);
    /* A sound card ceased to take sound, or takes it again. */
    void (*card)(const char *output, gboolean works, const char *words, gpointer data);
    /* (nullable): see PlayTapesFunc */
    PlayTapesFunc taped;
} PlayItemsEvents;

typedef struct PlayItems PlayItems;

/** play_items_new: @objects, @clock, @events: (not owned): must outlive it */
PlayItems *play_items_new(ContentObjectStore *objects, ContentClock *clock,
                          const PlayItemsEvents *events, gpointer data);

/** play_items_free: all sound stops; no event comes any more */
void play_items_free(PlayItems *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayItems, play_items_free)

/** play_items_add_output: @device: an ALSA PCM name; see play_output_new() */
void play_items_add_output(PlayItems *self, const char *name, const char *device,
                           guint buffer_ms);

/** play_items_add_line: @device: an ALSA capture PCM; see play_source_line_new() */
void play_items_add_line(PlayItems *self, const char *name, const char *device);

/** play_items_set_decoder: @program: path of loa-decode; before it is called,
 * PLAY_FAR_DECODER_PROGRAM */
void play_items_set_decoder(PlayItems *self, const char *program);

/** play_items_set_microphone: @device: (nullable): an ALSA capture PCM: the station's own; see
 * play_source_line_new() */
void play_items_set_microphone(PlayItems *self, const char *device);

/** play_items_keep_speech: what is said into the microphone is kept in @folder; see tape.h */
void play_items_keep_speech(PlayItems *self, const char *folder);

/** play_items_output: Returns: (transfer none) (nullable): for its state */
PlayOutput *play_items_output(PlayItems *self, const char *name);

/**
 * play_items_prepare:
 * @source: ContentSource; OBJECT, TONE and SILENCE
 * @object: (nullable): SHA-256, of an OBJECT
 * @position_us: it will not begin before it
 * @duration_us: of a TONE or SILENCE
 *
 * Opens, hashes and pre-rolls what is to sound; a failure is an event, never of this call.
 */
void play_items_prepare(PlayItems *self, guint64 item, const char *output, gint source,
                        const char *object, gint64 position_us, gint64 duration_us);

/**
 * play_items_prepare_live:
 * @address: see content_source_address_kind()
 * @spare: (nullable): SHA-256 of what sounds while the source is silent; one that is not there,
 *   or cannot be read, is done without
 *
 * As play_items_prepare(), of a stream or a line-in: it is opened at once and listened to.
 */
void play_items_prepare_live(PlayItems *self, guint64 item, const char *output,
                             const char *address, const char *spare, gint64 position_us);

/**
 * play_items_prepare_speech:
 * @alert: id of the alert, which frames name
 * @key: (nullable): see content_live_key_text(); NULL: the station's own microphone
 *
 * As play_items_prepare_live(). An item of a microphone that this player does not have fails
 * with LATE_SOURCE.
 */
void play_items_prepare_speech(PlayItems *self, guint64 item, const char *output,
                               const char *alert, const char *key);

/**
 * play_items_take_frame:
 * @bytes: from outside: of live speech; dropped, unless it is of an item that is prepared
 *
 * Returns: (transfer full) (nullable): why an item refused it, the first time that it does
 */
char *play_items_take_frame(PlayItems *self, GBytes *bytes);

/** play_items_prepare_signal: as play_items_prepare(), of an attention signal */
void play_items_prepare_signal(PlayItems *self, guint64 item, const char *output,
                               PlaySignal signal, gint64 duration_us);

/**
 * play_items_hurry: what is opened and hashed for @item comes before what waits for that; of an
 * item of an alert, after play_items_prepare()
 */
void play_items_hurry(PlayItems *self, guint64 item);

/**
 * play_items_place:
 * @start_us: monotonic instant of @position_us
 * @duration_us: from there on
 */
void play_items_place(PlayItems *self, guint64 item, gint64 start_us, gint64 position_us,
                      gint64 duration_us, gint64 gain_mdb);

/**
 * play_items_interrupt:
 * @duration_us: from its beginning
 *
 * As play_items_place(), but at once: whatever else that output has ends.
 */
void play_items_interrupt(PlayItems *self, guint64 item, gint64 duration_us, gint64 gain_mdb);

/** play_items_cancel: silent at once; `ended` follows if it was placed */
void play_items_cancel(PlayItems *self, guint64 item);
