/*
 * upkeep.h - what a person does to a district's files by hand, once in months or years.
 *
 * Flow: main.c's commands -> here -> trust/, store/. Thread: any; everything blocks.
 */
#pragma once

#include "scheduler/config.h"

#define SCHED_UPKEEP_ERROR (sched_upkeep_error_quark())
GQuark sched_upkeep_error_quark(void);

typedef enum {
    SCHED_UPKEEP_ERROR_ROLE, /* no such role of a signing key */
    SCHED_UPKEEP_ERROR_USER, /* the files belong to another user, who could not read the new
                                ones */
} SchedUpkeepError;

typedef struct {
    const char *role;       /* "manifest", "approval" or "time" */
    const char *root_path;  /* the sealed root key */
    const char *passphrase; /* that opens it */
    gboolean is_lost;       /* nothing that the old key signed is to be believed any more */
} SchedUpkeepRotation;

/**
 * sched_upkeep_rotate_key:
 * @now_us: UTC
 *
 * Makes one signing key new and has the root vouch for it. A district that runs goes on with
 * the old one until it is told (SIGHUP) or started anew.
 *
 * Returns: %FALSE with every file as it was
 */
gboolean sched_upkeep_rotate_key(const SchedConfig *config, const SchedUpkeepRotation *wish,
                                 gint64 now_us, GError **error);

/**
 * sched_upkeep_resign:
 * @root_path, @passphrase: of the sealed root key
 *
 * Orders, in the root's name, that every approval in force be signed anew by the approval key
 * in force. A district that runs does it when it is told (SIGHUP), another one at its start.
 */
gboolean sched_upkeep_resign(const SchedConfig *config, const char *root_path,
                             const char *passphrase, GError **error);

/**
 * sched_upkeep_backup:
 * @path: of the copy; must not exist
 *
 * The database as of one instant, while the district may be running. Audio, keys and authority
 * are files that are only ever added to or replaced whole: any copying program does for them.
 */
gboolean sched_upkeep_backup(const SchedConfig *config, const char *path, GError **error);

/** sched_upkeep_check_store: reads the whole database, while the district may be running */
gboolean sched_upkeep_check_store(const SchedConfig *config, GError **error);
