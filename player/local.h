/*
 * local.h - alerts that the commune starts itself, with the district out of reach.
 *
 * Flow: the local page or a push button calls -> here, judged by the grants
 * in force (cue/local-judge.h) -> an order signed by the station's key -> intake, as any alert
 * -> cue. Records tell the district when the line is back. Wiring and the station's signature.
 * Thread: the main context it was made on. The commune owns the one there is.
 *
 * A call from the page stands on a PIN, which loa-page has checked (page/pins.h): the 64 MiB of
 * that are not the player's, and what is guessed never comes here. play_local_start() waits for
 * no disk.
 */
#pragma once

#include <gio/gio.h>

#include "player/cue/cue.h"
#include "player/intake/identity.h"
#include "player/intake/trust-clock.h"

typedef struct {
    /* @envelope: (transfer none): a local order with the station's signature: to be admitted */
    void (*order)(GBytes *envelope, gpointer data);
    /* @record: (transfer full): without its time */
    void (*record)(ContentRecord *record, gpointer data);
} PlayLocalEvents;

typedef struct PlayLocalAlerts PlayLocalAlerts;

/** play_local_new: everything: (not owned): must outlive it; @cue: whose grants, templates and
 * settings are asked */
PlayLocalAlerts *play_local_new(PlayCue *cue, PlayTrustClock *trust,
                                const PlayIdentity *identity, const PlayLocalEvents *events,
                                gpointer data);

void play_local_free(PlayLocalAlerts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayLocalAlerts, play_local_free)

/** play_local_restore: an order of before this start: it counts */
void play_local_restore(PlayLocalAlerts *self, const ContentLocalOrder *order,
                        const ContentAlert *alert);

/**
 * play_local_start:
 * @out_alert_id: (out) (transfer full)
 *
 * Refusals are recorded and logged here, too. A key that this caller used before, be it before
 * a restart, says which alert that was, and starts none: the alert's id is made of it, so that
 * the orders that are kept anyway remember it, for a day.
 *
 * Returns: %FALSE with a PlayLocalError; nothing sounds then
 */
gboolean play_local_start(PlayLocalAlerts *self, const PlayLocalCall *call, char **out_alert_id,
                          GError **error);

/**
 * play_local_stop:
 * @by_input, @by: who, as in a call; named by any grant in force
 * @alert: (nullable): which; NULL: everything
 *
 * Ends what sounds in the zones of that grant, whoever ordered it: silence needs no second
 * person and is never counted.
 */
gboolean play_local_stop(PlayLocalAlerts *self, gboolean by_input, const char *by,
                         const char *alert, GError **error);

/**
 * play_local_choices:
 *
 * Returns: (transfer full): what this caller may start now, for a page to show; empty lists:
 *   nothing
 */
PlayLocalChoices *play_local_choices(PlayLocalAlerts *self, gboolean by_input, const char *by);

/** play_local_accounts: Returns: (transfer full) (element-type PlayLocalAccount): whom the
 * grants in force name, by name; for a sign-in */
GPtrArray *play_local_accounts(PlayLocalAlerts *self);
