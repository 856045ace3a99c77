/*
 * version-expect.h - a version, if it still is what a person heard and read.
 *
 * Private to store/: versions.c has it, approvals.c uses it.
 */
#pragma once

#include "scheduler/store/announcements.h"

/* SQL, of a row `v` of versions: was it brought in for a voice that is somebody else's? */
#define SCHED_VERSION_IS_BEHALF                                                                \
    "(v.uploader IS NOT NULL AND CASE WHEN v.announcer IS NOT NULL "                           \
    "THEN v.announcer <> v.uploader ELSE v.announcer_name <> '' AND v.announcer_name "         \
    "IS NOT (SELECT u.name FROM accounts AS u WHERE u.id = v.uploader) END)"

/* SQL: whose voice it is then; else NULL. */
#define SCHED_VERSION_BEHALF_OF                                                                \
    "CASE WHEN " SCHED_VERSION_IS_BEHALF " THEN v.announcer_name END"

/** sched_version_expect: CONFLICT if audio or script are no longer those, RULE if there is none
 * or the actor bears the name that is told of the voice */
SchedVersionRow *sched_version_expect(SchedTxn *txn, const char *id, const char *object,
                                      const char *script_hash, GError **error);
