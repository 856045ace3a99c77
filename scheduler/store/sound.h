/*
 * sound.h - is there a slot that would sound here?
 *
 * Flow: web/ asks before a change of places, windows or volumes: where nothing approved sounds,
 * no change makes more sound. Counted are slots that are approved as they stand and not
 * stopped.
 */
#pragma once

#include "scheduler/store/db.h"

/** sched_store_sound_in: Returns: whether a slot sounds in a zone of @area or below it */
gboolean sched_store_sound_in(SchedTxn *txn, const char *area);

/** sched_store_sound_at: @zone: (nullable): NULL: any of the station's */
gboolean sched_store_sound_at(SchedTxn *txn, const char *station, const char *zone);

/** sched_store_sound_for: Returns: whether a slot is for @village or for an area above it */
gboolean sched_store_sound_for(SchedTxn *txn, const char *village);

/**
 * sched_store_sound_after_move:
 * @parent: (nullable)
 *
 * Returns: whether @area, which has zones in it, would lie below @parent for the first time,
 *   and something sounds in it or is for that parent or what lies above
 */
gboolean sched_store_sound_after_move(SchedTxn *txn, const char *area, const char *parent);
