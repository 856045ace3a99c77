/* coil.c - see coil.h */
#include "gateway/relay/coil.h"

void
gate_coil_want(GateCoil *coil, gboolean closed)
{
    if (coil->is_wanted == closed)
        return;
    coil->is_wanted = closed;
    coil->tries = 0;
    coil->wrote_us = 0;
    coil->was_open = FALSE;
    /* What it read while an opening was wanted confirms nothing: that opening may still come.
     */
    if (closed)
        gate_coil_forget(coil);
}

void
gate_coil_wrote(GateCoil *coil, gint64 now_us)
{
    coil->wrote_us = now_us;
}

static gboolean
agrees(const GateCoil *coil)
{
    return coil->reading == (coil->is_wanted ? GATE_READING_CLOSED : GATE_READING_OPEN);
}

gboolean
gate_coil_read(GateCoil *coil, gboolean is_closed, gboolean after_write, gint64 now_us)
{
    gboolean is_stray = is_closed && !coil->is_wanted && coil->was_open;

    coil->reading = is_closed ? GATE_READING_CLOSED : GATE_READING_OPEN;
    coil->read_us = now_us;
    if (!is_closed)
        coil->closed_us = 0;
    else if (coil->closed_us == 0)
        coil->closed_us = now_us;
    if (agrees(coil))
        coil->tries = 0;
    else if (after_write)
        coil->tries++;
    if (is_stray) {
        coil->stray_us = now_us;
        coil->wrote_us = 0;
    }
    /* Found on once, it is not found again until it has been read open. */
    coil->was_open = !coil->is_wanted && !is_closed;
    return is_stray;
}

void
gate_coil_forget(GateCoil *coil)
{
    coil->reading = GATE_READING_UNKNOWN;
    coil->closed_us = 0;
    coil->was_open = FALSE;
}

gint64
gate_coil_write_us(const GateCoil *coil)
{
    if (agrees(coil))
        return G_MAXINT64;
    return coil->tries < GATE_COIL_QUICK_TRIES ? 0 : coil->wrote_us + GATE_COIL_RETRY_US;
}

GateVerdict
gate_coil_judge(const GateCoil *coil, gint64 now_us)
{
    if (coil->reading == GATE_READING_UNKNOWN)
        return GATE_VERDICT_UNKNOWN;
    if (coil->tries >= GATE_COIL_QUICK_TRIES)
        return coil->is_wanted ? GATE_VERDICT_READS_OPEN : GATE_VERDICT_READS_CLOSED;
    if (coil->stray_us != 0 && now_us - coil->stray_us < GATE_COIL_STRAY_US)
        return GATE_VERDICT_STRAY;
    return agrees(coil) ? GATE_VERDICT_AGREES : GATE_VERDICT_UNDER_WAY;
}

const char *
gate_verdict_code(GateVerdict verdict)
{
    switch (verdict) {
    case GATE_VERDICT_READS_OPEN:
        return "relay_reads_open";
    case GATE_VERDICT_READS_CLOSED:
        return "relay_reads_closed";
    case GATE_VERDICT_STRAY:
        return "stray_relay";
    case GATE_VERDICT_UNKNOWN:
    case GATE_VERDICT_AGREES:
    case GATE_VERDICT_UNDER_WAY:
        break;
    }
    return NULL;
}
