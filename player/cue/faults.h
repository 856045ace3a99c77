/*
 * faults.h - what is wrong now, and since when.
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
 * @what: code and subject together name the fault; its arguments may change while it lasts
 * @hold_us: it counts only after it was found without a break for so long
 */
void play_faults_find(PlayFaults *self, const ContentRemark *what, gint64 hold_us,
                      const PlayInstant *now);

/* How long a fault that flaps must be gone before it is over. */
#define PLAY_FAULTS_CALM_US (60 * G_USEC_PER_SEC)

/**
 * play_faults_end:
 *
 * What was not found in this round is over. Adds FAULT and CLEARED records to @actions.
 *
 * A fault that comes and goes is told three times; from then on it is over only when it has
 * been gone for PLAY_FAULTS_CALM_US, and the CLEARED record says how often it came back
 * meanwhile. So one fault makes two records a minute at most, and no flap is lost.
 *
 * Returns: monotonic µs at which a held fault begins to count, or one is over; 0: none
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
