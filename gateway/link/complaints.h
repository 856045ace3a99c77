/*
 * complaints.h - what is said of connections that were refused, and no more than a person
 * reads.
 *
 * Flow: link.c complains -> here -> the wiring's one line. Everybody on the machine may
 * connect, as often as they like; the machine's log is theirs only in part. Thread: the
 * owner's.
 */
#pragma once

#include "content/base/clock.h"

/* So many lines a minute are said at once; of the rest one line, with their number. */
#define GATE_COMPLAINTS_MAX_A_MINUTE 10

typedef void (*GateComplaintFunc)(const char *words, gpointer user_data);

typedef struct GateComplaints GateComplaints;

/** gate_complaints_new: @clock: (not owned): must outlive it */
GateComplaints *gate_complaints_new(ContentClock *clock, GateComplaintFunc func,
                                    gpointer user_data);

/** gate_complaints_free: @self: (nullable) (transfer full): what is counted is said first */
void gate_complaints_free(GateComplaints *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GateComplaints, gate_complaints_free)

/** gate_complaints_say: now, or counted until the minute is over */
void gate_complaints_say(GateComplaints *self, const char *words);
