/*
 * version-expect.h - a version, if it still is what a person heard and read.
 *
 * Private to store/: versions.c has it, approvals.c uses it.
 */
#pragma once

#include "scheduler/store/announcements.h"

/** sched_version_expect: CONFLICT if audio or script are no longer those, RULE if there is none
 */
SchedVersionRow *sched_version_expect(SchedTxn *txn, const char *id, const char *object,
                                      const char *script_hash, GError **error);
