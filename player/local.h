/*
 * local.h - alerts that the commune starts itself, with the district out of reach.
 *
 * Flow: the local page, a push button or the command line calls -> here, judged by the grants
 * in force (cue/local-judge.h) -> an order signed by the station's key -> intake, as any alert
 * -> cue. Records tell the district when the line is back. Wiring and the station's signature.
 * Thread: the main context it was made on. The commune owns the one there is.
 *
 * A call from the page stands on a PIN that was checked: play_local_check_pin_async() first,
 * once for a session of the page. play_local_start() itself waits for no disk and no key
 * stretching.
 */
#pragma once

#include <gio/gio.h>

#include "player/cue/local-judge.h"

typedef struct PlayLocal PlayLocal;

/**
 * play_local_start:
 * @out_alert_id: (out) (transfer full)
 *
 * Refusals are recorded and logged here, too.
 *
 * Returns: %FALSE with a PlayLocalError; nothing sounds then
 */
gboolean play_local_start(PlayLocal *self, const PlayLocalCall *call, char **out_alert_id,
                          GError **error);

/**
 * play_local_stop:
 * @by_input, @by: who, as in a call; named by any grant in force
 * @alert: (nullable): which; NULL: everything
 *
 * Ends what sounds in the zones of that grant, whoever ordered it: silence needs no second
 * person and is never counted.
 */
gboolean play_local_stop(PlayLocal *self, gboolean by_input, const char *by, const char *alert,
                         GError **error);

/**
 * play_local_choices:
 *
 * Returns: (transfer full): what this caller may start now, for a page to show; empty lists:
 *   nothing
 */
PlayLocalChoices *play_local_choices(PlayLocal *self, gboolean by_input, const char *by);

/** play_local_accounts: Returns: (transfer full) (element-type PlayLocalAccount): whom the
 * grants in force name, by name; for a sign-in */
GPtrArray *play_local_accounts(PlayLocal *self);

/**
 * play_local_check_pin_async:
 *
 * In a thread, one at a time. After PLAY_LOCAL_PIN_TRIES wrong ones an account waits half a
 * minute, then twice as long each time, up to a quarter of an hour; a right one ends that.
 * What was right once is right until the grant that says so is replaced.
 */
void play_local_check_pin_async(PlayLocal *self, const char *account, const char *pin,
                                GAsyncReadyCallback callback, gpointer data);

/** play_local_check_pin_finish: Returns: %FALSE with PLAY_LOCAL_ERROR_PIN, _PIN_WAIT or _CALLER
 */
gboolean play_local_check_pin_finish(PlayLocal *self, GAsyncResult *result, GError **error);
