/*
 * patience.h - stations that nothing could be issued to, and when each is tried again.
 *
 * A trouble that lasts costs less and less work, and a station that waits here takes no place
 * in a round. What concerns it meanwhile (a new row in the outbox) is tried at once. Flow:
 * publisher.h (a round is over) -> here -> publisher.h (the next round leaves them out). Pure;
 * the times are monotonic µs of the caller's clock.
 */
#pragma once

#include <glib.h>

/* At least so long after the first failure, twice as long after each further one, up to: */
#define SCHED_PATIENCE_FIRST_US (10 * G_USEC_PER_SEC)
#define SCHED_PATIENCE_MOST_US  (64 * SCHED_PATIENCE_FIRST_US)

typedef struct SchedPatience SchedPatience;

SchedPatience *sched_patience_new(void);

/**
 * sched_patience_failed:
 * @station: or "" for what concerns all of them
 * @last_id: newest row of the outbox that was tried; 0: none
 *
 * Returns: whether @words are new: the trouble is to be told
 */
gboolean sched_patience_failed(SchedPatience *self, const char *station, gint64 last_id,
                               const char *words, gint64 now_us);

/** sched_patience_succeeded: the next failure of @station is its first */
void sched_patience_succeeded(SchedPatience *self, const char *station);

/**
 * sched_patience_held:
 *
 * Returns: (transfer full): stations not to be tried yet -> #gint64: the newest row of the
 *   outbox that they failed with
 */
GHashTable *sched_patience_held(SchedPatience *self, gint64 now_us);

/** sched_patience_words: Returns: (transfer container): the set of what was told and lasts */
GHashTable *sched_patience_words(SchedPatience *self);

/** sched_patience_drop_due: forgets who was due at @now_us: nobody tried it, it is gone */
void sched_patience_drop_due(SchedPatience *self, gint64 now_us);

/** sched_patience_next_us: Returns: when the next is to be tried; 0: nobody waits */
gint64 sched_patience_next_us(SchedPatience *self);

/** sched_patience_free: @self: (nullable) (transfer full) */
void sched_patience_free(SchedPatience *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedPatience, sched_patience_free)
