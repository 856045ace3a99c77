/*
 * watch.h - how far the last alerts are in each zone, for the page.
 *
 * Flow: alerts and records, as the wiring hears of them, and what a heartbeat would say now ->
 * here -> PlayPageState. Pure: instants are monotonic µs and come in as arguments.
 *
 * What the district's pages say of an alert, said from the same evidence and in the same words
 * (scheduler's report), but from the spot.
 */
#pragma once

#include "content/heartbeat.h"
#include "content/record.h"
#include "player/page/talk.h"

typedef struct PlayPageWatch PlayPageWatch;

PlayPageWatch *play_page_watch_new(void);
void play_page_watch_free(PlayPageWatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPageWatch, play_page_watch_free)

/** play_page_watch_alert: @alert: verified, from wherever; the same id again changes nothing;
 * @begun_us: since when the station has it. Over PLAY_PAGE_MAX_ALERTS the oldest that is over
 * is forgotten, or else the oldest */
void play_page_watch_alert(PlayPageWatch *self, const ContentAlert *alert, gint64 begun_us);

/** play_page_watch_restore: @record: of the journal, from before a restart: what it says holds
 * for an alert that is told of later */
void play_page_watch_restore(PlayPageWatch *self, const ContentRecord *record);

/** play_page_watch_record: @record: of any kind; those of other alerts are nothing to it */
void play_page_watch_record(PlayPageWatch *self, const ContentRecord *record);

/** play_page_watch_fill: @heartbeat: as of now; @state: gets its `alerts` */
void play_page_watch_fill(const PlayPageWatch *self, const ContentHeartbeat *heartbeat,
                          gint64 now_us, PlayPageState *state);
