/*
 * coil.h - one relay: what is wanted of it, what it reads, and what that means.
 *
 * Flow: zone.h wants -> here -> board.h writes; what a board reads comes back here.
 * Pure.
 */
#pragma once

#include <glib.h>

/* Three tries at once, then one a second: a stuck relay must not fill the line. */
#define GATE_COIL_QUICK_TRIES 3
#define GATE_COIL_RETRY_US    (1 * G_USEC_PER_SEC)
/* A relay that was on without a lease is spoken of this long after it was switched off, so
 * that every listener has seen it. */
#define GATE_COIL_STRAY_US (10 * G_USEC_PER_SEC)

typedef enum {
    GATE_READING_UNKNOWN,
    GATE_READING_OPEN,
    GATE_READING_CLOSED,
} GateReading;

typedef enum {
    GATE_VERDICT_AGREES,
    GATE_VERDICT_UNDER_WAY,    /* written or about to be, not read back yet */
    GATE_VERDICT_UNKNOWN,      /* not read, or read before it was last wanted closed */
    GATE_VERDICT_READS_OPEN,   /* although it was written closed */
    GATE_VERDICT_READS_CLOSED, /* although it was written open */
    GATE_VERDICT_STRAY,        /* was on without a lease */
} GateVerdict;

typedef struct {
    gboolean is_wanted; /* closed is wanted */
    GateReading reading;
    gint64 read_us;    /* when last read; 0: never */
    gint64 closed_us;  /* since when it reads closed without a break; 0: it does not */
    gint64 wrote_us;   /* when a write was last sent; 0: never */
    guint tries;       /* writes of what is wanted that the read-back did not confirm */
    gboolean was_open; /* read open since it was last wanted closed */
    gint64 stray_us;   /* when it was last found on without a lease; 0: never */
} GateCoil;

/**
 * gate_coil_want:
 *
 * Nothing happens if that was wanted already. Wanting it closed forgets what it read before.
 */
void gate_coil_want(GateCoil *coil, gboolean closed);

/** gate_coil_wrote: a write of what is wanted was sent. */
void gate_coil_wrote(GateCoil *coil, gint64 now_us);

/**
 * gate_coil_read:
 * @after_write: the reading followed a write of this relay
 *
 * Returns: %TRUE when the relay is found on without a lease, for the first time in a row
 */
gboolean gate_coil_read(GateCoil *coil, gboolean is_closed, gboolean after_write,
                        gint64 now_us);

/** gate_coil_forget: the board is silent: nothing is known of the relay any more. */
void gate_coil_forget(GateCoil *coil);

/**
 * gate_coil_write_us:
 *
 * Returns: from when on what is wanted is to be written; G_MAXINT64: it reads so already
 */
gint64 gate_coil_write_us(const GateCoil *coil);

/** gate_coil_judge: what is to be said of the relay now. */
GateVerdict gate_coil_judge(const GateCoil *coil, gint64 now_us);

/**
 * gate_verdict_code:
 *
 * Returns: (nullable): code of a remark whose subject is the relay; NULL: nothing is wrong
 */
const char *gate_verdict_code(GateVerdict verdict);
