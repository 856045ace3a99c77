/*
 * writer.h - the thread that owns a sound card and keeps it fed.
 *
 * Flow: output.h gives items -> feed.h gives them to the card -> news for the owner.
 * Thread: the calls are the owner's; the news function is called on the writer's thread.
 */
#pragma once

#include "player/output/feed.h"

typedef struct PlayWriter PlayWriter;

/** play_writer_new: parameters as play_output_new() */
PlayWriter *play_writer_new(const char *device, guint buffer_ms, ContentClock *clock,
                            PlayNewsFunc func, gpointer user_data);

/** play_writer_free: @self: (nullable) (transfer full): waits for the thread to end */
void play_writer_free(PlayWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayWriter, play_writer_free)

/** play_writer_place: @item: (transfer full) */
void play_writer_place(PlayWriter *self, PlayItem *item);

/** play_writer_interrupt: @item: (transfer full): its `start` is set by the writer */
void play_writer_interrupt(PlayWriter *self, PlayItem *item);

/** play_writer_cancel: @id: of an item, placed or sounding; one that is unknown is over already
 */
void play_writer_cancel(PlayWriter *self, const char *id, ContentReason reason);

/** play_writer_state: Returns: as the thread left it last; any thread */
PlayOutputState play_writer_state(PlayWriter *self);
