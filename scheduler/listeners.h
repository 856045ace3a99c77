/*
 * listeners.h - the two HTTPS servers of a district, and the certificates they serve with.
 *
 * Flow: district.h -> here -> trust/authority (a certificate each), web/server. One for people,
 * one for stations; each is stopped and begun anew when its certificate is another.
 * Thread: the owner's.
 */
#pragma once

#include "content/base/clock.h"
#include "scheduler/config.h"
#include "scheduler/trust/authority.h"
#include "scheduler/web/api.h"

typedef struct {
    /* Words for the log: a new certificate is served with; what went wrong. */
    void (*said)(const char *words, gpointer data);
    void (*trouble)(const char *words, gpointer data);
    /* @words: (nullable): who is not served and why; NULL: everybody is. After each attempt. */
    void (*unserved)(const char *words, gpointer data);
} SchedListenersEvents;

typedef struct SchedListeners SchedListeners;

/**
 * sched_listeners_start:
 * @config, @authority, @api, @clock, @events: (not owned)
 *
 * Returns: %NULL if one of them cannot begin; then neither serves
 */
SchedListeners *sched_listeners_start(const SchedConfig *config, SchedAuthority *authority,
                                      SchedApi *api, ContentClock *clock,
                                      const SchedListenersEvents *events, gpointer data,
                                      GError **error);

/**
 * sched_listeners_renew:
 *
 * Certificates that end soon are issued anew, files of one's own read again. A server goes on
 * with the old one until the new one is known to be good; one that then does not begin is tried
 * again, as patience.h says, for as long as it takes.
 */
void sched_listeners_renew(SchedListeners *self);

/** sched_listeners_stop: @self: (nullable) (transfer full): answers what is open, then ends */
void sched_listeners_stop(SchedListeners *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedListeners, sched_listeners_stop)
