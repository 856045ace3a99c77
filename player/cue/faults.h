/*
 * faults.h - what is wrong now, since when, in words.
 *
 * Flow: cue-step.c says at each step what it finds -> here -> records when a fault begins or
 * ends, and the list for the heartbeat. Pure.
 */
#pragma once

#include "content/heartbeat.h"
#include "player/cue/action.h"
#include "player/cue/instant.h"

typedef struct PlayFaults PlayFaults;

PlayFaults *play_faults_new(void);
void play_faults_free(PlayFaults *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayFaults, play_faults_free)

/** play_faults_begin: a round of findings begins */
void play_faults_begin(PlayFaults *self);

/**
 * play_faults_find:
 * @code: a word for filters, "relay-failed"
 * @subject: zone, output, object; together with @code it names the fault
 * @hold_us: it counts only after it was found without a break for so long
 */
void play_faults_find(PlayFaults *self, const char *code, const char *subject,
                      const char *words, gint64 hold_us, const PlayInstant *now);

/**
 * play_faults_end:
 *
 * What was not found in this round is over. Adds FAULT and CLEARED records to @actions.
 *
 * Returns: monotonic µs at which a held fault begins to count; 0: none
 */
gint64 play_faults_end(PlayFaults *self, const PlayInstant *now, GPtrArray *actions);

/* A heartbeat with one fault too many could not be sent at all; some room is for what the
 * player adds of its own. */
#define PLAY_FAULTS_MAX_TOLD (CONTENT_HEARTBEAT_MAX_FAULTS - 4)

/**
 * play_faults_fill:
 * @out: (element-type ContentFault): those that count now are added, the first
 * PLAY_FAULTS_MAX_TOLD of them; one more then says how many are left out
 */
void play_faults_fill(const PlayFaults *self, GPtrArray *out);
