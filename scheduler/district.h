/*
 * district.h - the scheduler put together.
 *
 * Flow: main.c -> here: store, objects, authority, keys, passwords, desk (stations), API
 * (people and stations), two servers. Wiring: it carries words between the parts, logs, and
 * holds no rule.
 */
#pragma once

#include "content/base/clock.h"
#include "scheduler/config.h"

typedef struct SchedDistrict SchedDistrict;

/**
 * sched_district_start:
 * @config: (not owned): must outlive the district
 * @clock: (not owned): must outlive the district
 *
 * Tells the service manager and the log that it is ready as soon as its own broker answers,
 * too.
 *
 * Returns: (transfer full): serving; NULL with the cause in words
 */
SchedDistrict *sched_district_start(const SchedConfig *config, ContentClock *clock,
                                    GError **error);

/**
 * sched_district_reload_keys:
 *
 * After `loa-scheduler rotate-key`: signs with the new keys from here on, and tells every
 * station of them. Whatever is wrong with the folder, the district goes on with those it has.
 */
gboolean sched_district_reload_keys(SchedDistrict *self, GError **error);

/**
 * sched_district_renew:
 *
 * Each night, and when told (SIGHUP): certificates that have come of age are made new, those of
 * somebody else read again, and a listener whose certificate is another one than before begins
 * anew with it. What cannot be done is told in the journal, and goes on as before.
 */
void sched_district_renew(SchedDistrict *self);

/** sched_district_stop: @self: (nullable) (transfer full): everything accepted is on disk after
 * it */
void sched_district_stop(SchedDistrict *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedDistrict, sched_district_stop)
