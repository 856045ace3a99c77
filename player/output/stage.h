/*
 * stage.h - what the loudspeaker gets: placed items turned into one run of frames.
 *
 * Flow: output.h places items -> the writer renders frames and hands them to the card -> the
 * card's progress comes back -> started and ended are told.
 * Thread: the writer's alone. No clock and no card: instants and positions come in as
 * arguments, so that tests hold it in their hands.
 *
 * Two counts of frames: *nominal* (drift.h), in which items are placed, and *card*, the frames
 * ever given to the card. Stretching and jumping shift one against the other.
 */
#pragma once

#include "content/kinds.h"
#include "player/output/level.h"
#include "player/output/source.h"

typedef enum {
    PLAY_ITEM_PLACED,   /* none of its frames was rendered */
    PLAY_ITEM_SOUNDING, /* rendered in part */
    PLAY_ITEM_RENDERED, /* all that there will be was rendered; perhaps not all was heard */
} PlayItemState;

typedef struct {
    char *id;           /* (owned) */
    PlaySource *source; /* (owned) */
    gint64 start;       /* nominal frame */
    gint64 offset;      /* frame of the source that is due at `start` */
    gint64 n_frames;    /* planned, from `start` on */
    gdouble gain;       /* factor, ≤ 1 */

    PlayItemState state;
    gint64 joined;    /* frame of the item at which it began */
    gint64 reached;   /* one past the last frame of the source whose time was rendered */
    gint64 n_sounded; /* frames of the source that were rendered and not taken back */
    gint64 missing;   /* frames that were planned when the source had no more */
    gint64 card_from, card_to; /* of its part of the card frames; `to` from RENDERED on */
    PlayLevel level;
    ContentReason reason;
    gboolean was_started;    /* its STARTED was told */
    gint64 start_us, end_us; /* monotonic, measured at the card; 0: not yet */
} PlayItem;

/** play_item_free: @item: (nullable) (transfer full): owner thread only */
void play_item_free(PlayItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayItem, play_item_free)

/** play_item_silent_frames: Returns: how many frames between its start and end were no sound */
gint64 play_item_silent_frames(const PlayItem *item);

/* Told of a start (@item stays with the stage) or an end (@item is (transfer full)). */
typedef void (*PlayStageFunc)(PlayItem *item, gboolean has_ended, gpointer user_data);

typedef struct PlayStage PlayStage;

/**
 * play_stage_new:
 * @n_history: how many frames can be taken back; at least the card's buffer
 * @func: called from within the calls below
 */
PlayStage *play_stage_new(gint64 n_history, PlayStageFunc func, gpointer user_data);

/** play_stage_free: @self: (nullable) (transfer full): items are freed, without being told */
void play_stage_free(PlayStage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayStage, play_stage_free)

/** play_stage_add: @item: (transfer full): placed by its `start` */
void play_stage_add(PlayStage *self, PlayItem *item);

/** play_stage_next: Returns: the nominal frame that is rendered next */
gint64 play_stage_next(PlayStage *self);

/** play_stage_written: Returns: how many card frames were rendered since the stage was made */
gint64 play_stage_written(PlayStage *self);

/** play_stage_level: Returns: (transfer none): of everything rendered since it was last reset
 */
PlayLevel *play_stage_level(PlayStage *self);

/**
 * play_stage_jump:
 * @nominal: is rendered next
 *
 * Items whose whole time is passed by end with OUTPUT_FAILED.
 */
void play_stage_jump(PlayStage *self, gint64 nominal);

/** play_stage_is_silent: Returns: whether no item has time within [from, to) nominal frames */
gboolean play_stage_is_silent(PlayStage *self, gint64 from, gint64 to);

/** play_stage_is_sounding: Returns: whether a card frame from @heard on belongs to an item */
gboolean play_stage_is_sounding(PlayStage *self, gint64 heard);

/** play_stage_item_level: Returns: of the item that sounds at card frame @heard, as far as it
 * is rendered; of no frames: none sounds */
PlayLevel play_stage_item_level(PlayStage *self, gint64 heard);

/** play_stage_waits: Returns: whether the next frame is an item's whose source has none yet */
gboolean play_stage_waits(PlayStage *self);

/**
 * play_stage_render:
 * @frames: (out) (array length=n_frames)
 * @stretch: -1, 0 or 1: how many nominal frames more than @n_frames to take
 */
void play_stage_render(PlayStage *self, gint16 *frames, gint64 n_frames, gint stretch);

/** play_stage_pad: @n_frames: of silence that were given to the card beside the timetable */
void play_stage_pad(PlayStage *self, gint64 n_frames);

/**
 * play_stage_cut:
 * @id: (nullable): of the item; NULL: all
 * @n_back: how many of the last rendered frames are taken back from the card and will be given
 *   again by play_stage_recall()
 *
 * Ends items: what was taken back of them becomes a fade of 5 ms and silence.
 */
void play_stage_cut(PlayStage *self, const char *id, gint64 n_back, ContentReason reason);

/** play_stage_find: Returns: (transfer none) (nullable): the item of that name, not yet ended
 */
const PlayItem *play_stage_find(PlayStage *self, const char *id);

/**
 * play_stage_next_mark:
 * @heard: card frames at the loudspeaker so far
 *
 * Returns: how many card frames until a start or an end is heard; -1: none was rendered
 */
gint64 play_stage_next_mark(PlayStage *self, gint64 heard);

/** play_stage_recall: @frames: (out) (array length=n_frames): the last rendered, as amended */
void play_stage_recall(PlayStage *self, gint16 *frames, gint64 n_frames);

/**
 * play_stage_silent_back:
 *
 * Returns: how many of the last @n_back rendered frames belong to no item
 */
gint64 play_stage_silent_back(PlayStage *self, gint64 n_back);

/** play_stage_step_back: @n_frames: of the last rendered, silent ones, are rendered again */
void play_stage_step_back(PlayStage *self, gint64 n_frames);

/**
 * play_stage_heard:
 * @heard: card frames at the loudspeaker so far
 * @now_us: monotonic instant at which that was measured
 *
 * Tells starts and ends that lie before @heard.
 */
void play_stage_heard(PlayStage *self, gint64 heard, gint64 now_us);

/** play_stage_lose: @n_frames: the last rendered, which the card lost without sounding them */
void play_stage_lose(PlayStage *self, gint64 n_frames);
