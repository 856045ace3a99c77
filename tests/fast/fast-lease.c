/*
 * fast-lease.c - leases that live as long as the machine needs, not as long as the fast clock
 * says.
 *
 * Flow: gateway/relay/machine.c -> here (--wrap) -> gateway/relay/lease.c. Three seconds at
 * ×60 are 50 ms of the machine's time, less than a busy machine may keep a process waiting: a
 * lease that was not renewed lives LONGER_US more. Released leases and closed sockets are as
 * quick as ever. Pure.
 */
#include "gateway/relay/lease.h"

/* One second of the machine's time at ×60. */
#define LONGER_US (60 * G_USEC_PER_SEC)

void __real_gate_leases_expire(GateLeases *leases, gint64 now_us);
gint64 __real_gate_leases_next_us(const GateLeases *leases);
void __wrap_gate_leases_expire(GateLeases *leases, gint64 now_us);
gint64 __wrap_gate_leases_next_us(const GateLeases *leases);

void
__wrap_gate_leases_expire(GateLeases *leases, gint64 now_us)
{
    __real_gate_leases_expire(leases, now_us - LONGER_US);
}

gint64
__wrap_gate_leases_next_us(const GateLeases *leases)
{
    gint64 next_us = __real_gate_leases_next_us(leases);

    return next_us == G_MAXINT64 ? next_us : next_us + LONGER_US;
}
