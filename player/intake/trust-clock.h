/*
 * trust-clock.h - the clock everything in the player uses: trusted UTC over the machine's own.
 *
 * Flow: machine's clock, kernel and district's answers -> trust-core.c -> a ContentClock for
 * cue, output and report. Port.
 * Thread: as ContentClock; the calls marked so may be made from any thread.
 */
#pragma once

#include "content/base/clock.h"
#include "player/intake/trust-core.h"

typedef struct PlayTrustClock PlayTrustClock;

/* What the kernel says; a table so that a test can say it instead. */
typedef struct {
    gboolean (*is_synchronised)(gpointer data);
    gboolean (*has_rtc)(gpointer data);
} PlayTrustMachine;
extern const PlayTrustMachine play_trust_machine;

typedef struct {
    /* Trust, evidence or a refused step changed. @code: of a remark, for the record. */
    void (*changed)(const char *code, gpointer data);
    /* Send this nonce (64 hex digits) on topic `time`. */
    void (*ask)(const char *nonce, gpointer data);
} PlayTrustClockEvents;

/**
 * play_trust_clock_new:
 * @inner: (transfer none): the machine's clock (or a fake); must outlive this one
 * @state_folder: holds the file `clock-floor`
 * @boot: the kernel's boot id, 32 hex digits
 */
PlayTrustClock *play_trust_clock_new(ContentClock *inner, const char *state_folder,
                                     const char *boot, const PlayTrustMachine *machine,
                                     gpointer machine_data, const PlayTrustClockEvents *events,
                                     gpointer data);
void play_trust_clock_free(PlayTrustClock *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayTrustClock, play_trust_clock_free)

/**
 * play_trust_clock_clock:
 *
 * Its UTC is the trusted one, or the machine's while nothing is trusted; its listener for steps
 * hears every change of the base. Alarms follow.
 *
 * Returns: (transfer none): not to be freed by itself
 */
ContentClock *play_trust_clock_clock(PlayTrustClock *self);

/** play_trust_clock_trust: any thread */
ContentTrust play_trust_clock_trust(PlayTrustClock *self);

/** play_trust_clock_verify_time: a PlayTlsTimeFunc; @self is a PlayTrustClock; any thread */
gint64 play_trust_clock_verify_time(gpointer self);

/** play_trust_clock_connected: the line is up: ask the district when that would help */
void play_trust_clock_connected(PlayTrustClock *self, gboolean is_up);

/** play_trust_clock_ask_now: somebody waits for a trusted time: asks, unless an answer may be
 * on its way */
void play_trust_clock_ask_now(PlayTrustClock *self);

/** play_trust_clock_refused: an answer came that could not be verified */
void play_trust_clock_refused(PlayTrustClock *self);

/**
 * play_trust_clock_ask_again:
 *
 * To be called when other keys may be in force: what was refused by the old ones is asked at
 * once, not only after the half minute between two questions. Without a refusal since the last
 * question nothing is asked.
 */
void play_trust_clock_ask_again(PlayTrustClock *self);

/**
 * play_trust_clock_answer:
 * @nonce, @utc_us: of a verified answer
 *
 * Returns: %NULL if it was taken, else why not
 */
const char *play_trust_clock_answer(PlayTrustClock *self, const char *nonce, gint64 utc_us);

/** play_trust_clock_raise_floor: a document issued then was verified; any thread */
void play_trust_clock_raise_floor(PlayTrustClock *self, gint64 issued_us);

/** play_trust_clock_reset_floor: by a keys document that forgets floors; any thread */
void play_trust_clock_reset_floor(PlayTrustClock *self, gint64 floor_us);

/** play_trust_clock_fault: Returns: (nullable): code of what is wrong */
const char *play_trust_clock_fault(PlayTrustClock *self);
