/*
 * probe.h - a technician's test of one zone: a lease like any other, short, and on record.
 *
 * Flow: `loa-gateway test` -> gateway, or the district's signed order -> here -> a zone in the
 * wish, a record; answers to the gateway if it asked. Pure.
 */
#pragma once

#include "content/exchange.h"
#include "player/cue/action.h"
#include "player/cue/gate-view.h"
#include "player/cue/instant.h"

/* How long the relay may take to open before the test is answered without that. */
#define PLAY_PROBE_OPENING_US (10 * G_USEC_PER_SEC)

typedef struct PlayProbe PlayProbe;

/** play_probe_new: @ask: an accepted test of CONTENT_TEST_MAX_MS at most */
PlayProbe *play_probe_new(const ContentTestAsk *ask, const PlayInstant *now);

/** play_probe_new_ordered: @order: an accepted one; no gateway asked, so none is answered */
PlayProbe *play_probe_new_ordered(const ContentTestOrder *order, const PlayInstant *now);
void play_probe_free(PlayProbe *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayProbe, play_probe_free)

/** play_probe_zone: Returns: (nullable) (transfer none): the zone it wants now */
const char *play_probe_zone(const PlayProbe *self);

/** play_probe_id: Returns: (transfer none) */
const char *play_probe_id(const PlayProbe *self);

/** play_probe_stop: give the zone back: something is about to sound, or the gateway is gone */
void play_probe_stop(PlayProbe *self);

/**
 * play_probe_step:
 * @out_alarm_us: (out): monotonic µs at which it wants to be called again; 0: at a change
 *
 * Returns: whether the test is over; its record and last answer are in @actions then
 */
gboolean play_probe_step(PlayProbe *self, const PlayGateView *view, const PlayInstant *now,
                         GPtrArray *actions, gint64 *out_alarm_us);

/** play_probe_answer: adds an answer to @actions; @code: of a remark without arguments */
void play_probe_answer(GPtrArray *actions, const char *id, gboolean accepted, gboolean is_over,
                       gint relay, const char *code);

/** play_probe_refuse_order: adds the record of an order that is not carried out to @actions;
 * @code: of a remark without arguments */
void play_probe_refuse_order(GPtrArray *actions, const ContentTestOrder *order,
                             const char *code);
