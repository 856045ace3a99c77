/*
 * trust-core.h - how far is the clock to be believed, and what time is it really?
 *
 * Flow: trust-clock.c gathers what the machine and the district say -> here -> one base:
 * trusted UTC = CLOCK_MONOTONIC + base. Pure: every reading is an argument.
 *
 * The player never sets the machine's clock. A machine that says 1970 becomes usable when the
 * district has signed the time over our nonce; a machine that jumps is not followed.
 */
#pragma once

#include <glib.h>

#include "content/kinds.h"

/* A signed answer is worth nothing when it was longer on its way. */
#define PLAY_TRUST_MAX_ROUND_TRIP_US (10 * G_USEC_PER_SEC)
/* The largest step that is followed without signed proof. */
#define PLAY_TRUST_MAX_STEP_US (G_GINT64_CONSTANT(300) * G_USEC_PER_SEC)
/* Without a new proof for so long, synced becomes guarded: a Pi drifts some seconds a day. */
#define PLAY_TRUST_PROOF_LIFE_US (G_GINT64_CONSTANT(24) * 3600 * G_USEC_PER_SEC)

/* One reading of the machine. */
typedef struct {
    gint64 utc_us;            /* CLOCK_REALTIME */
    gint64 monotonic_us;      /* CLOCK_MONOTONIC, same instant */
    gboolean is_synchronised; /* kernel: adjtimex(2) does not say unsynchronised */
    gboolean has_rtc;         /* the kernel set its clock from a battery clock at boot */
} PlayTrustReading;

typedef enum {
    PLAY_TRUST_EVIDENCE_NONE,
    PLAY_TRUST_EVIDENCE_KERNEL, /* synchronised by NTP or the like */
    PLAY_TRUST_EVIDENCE_RTC,
    PLAY_TRUST_EVIDENCE_SAME_BOOT, /* trusted before a restart of the program alone */
    PLAY_TRUST_EVIDENCE_SIGNED,    /* the district's answer */
} PlayTrustEvidence;

typedef struct {
    ContentTrust trust;
    PlayTrustEvidence evidence;
    gint64 base_us;        /* trusted UTC − monotonic; while unset: the machine's own */
    gint64 floor_us;       /* the present is not before this */
    gint64 proved_us;      /* monotonic: when SYNCED was last proved */
    gboolean refuses_step; /* a set clock of the machine is over 5 min off and has no proof */
} PlayTrust;

/** play_trust_init: @floor_us: from the floor file; at least the time of the build */
void play_trust_init(PlayTrust *self, gint64 floor_us);

/**
 * play_trust_resume:
 * @base_us: kept by an earlier run of this program in the same boot of the machine
 * @trust: of that base then
 */
void play_trust_resume(PlayTrust *self, gint64 base_us, ContentTrust trust,
                       const PlayTrustReading *reading);

/**
 * play_trust_look:
 *
 * To be called at start, at every step of the machine's clock and once a minute.
 *
 * Returns: whether trust or base changed
 */
gboolean play_trust_look(PlayTrust *self, const PlayTrustReading *reading);

/**
 * play_trust_answer:
 * @asked_us: monotonic, when our nonce was sent
 * @answered_utc_us: what the district signed
 *
 * Refused without a change: longer than 10 s on its way, or before the floor.
 *
 * Returns: %NULL if it was taken, else why not, in words
 */
const char *play_trust_answer(PlayTrust *self, const PlayTrustReading *reading, gint64 asked_us,
                              gint64 answered_utc_us);

/** play_trust_raise_floor: a document issued at @issued_us was verified */
void play_trust_raise_floor(PlayTrust *self, gint64 issued_us);

/** play_trust_reset_floor: the root itself says that a floor was wrong (forget_floors) */
void play_trust_reset_floor(PlayTrust *self, gint64 floor_us);

/** play_trust_utc: Returns: UTC at @monotonic_us; right only unless trust is unset */
gint64 play_trust_utc(const PlayTrust *self, gint64 monotonic_us);

/** play_trust_verify_time: Returns: max(clock, floor), for certificates and expiry */
gint64 play_trust_verify_time(const PlayTrust *self, gint64 monotonic_us);
