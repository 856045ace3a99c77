/*
 * window.h - the player behind its own page: who may call, what, and how far it is.
 *
 * Flow: loa-page asks (page/post.h) -> local.h and the desk answer -> loa-page. Wiring: it
 * holds no rule; what may sound is local.h's to say. There is one only where [page] is switched
 * on. Thread: the main context it was made on.
 */
#pragma once

#include "player/desk.h"
#include "player/local.h"

typedef struct PlayWindow PlayWindow;

/* The page is served with this certificate, as its fingerprint says: at first, and whenever
 * that is another one. */
typedef void (*PlayWindowServedFunc)(const char *fingerprint, gpointer data);

/** play_window_new: @socket: of loa-page; @desk, @local, @trust, @clock: (not owned): must
 * outlive it */
PlayWindow *play_window_new(const char *socket, ContentClock *clock, PlayDesk *desk,
                            PlayLocalAlerts *local, PlayTrustClock *trust,
                            PlayWindowServedFunc served, gpointer data);

/** play_window_free: @self: (nullable) (transfer full) */
void play_window_free(PlayWindow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayWindow, play_window_free)

/** play_window_line: @self: (nullable); @is_up: whether the district is reached */
void play_window_line(PlayWindow *self, gboolean is_up);

/** play_window_alert, _record: @self: (nullable): what was taken, and what was told of it;
 * @is_fresh: it was taken now, not before a restart */
void play_window_alert(PlayWindow *self, const ContentAlert *alert, gboolean is_fresh);
void play_window_record(PlayWindow *self, const ContentRecord *record);

/** play_window_restore: @self: (nullable); @record: of the journal, at a start */
void play_window_restore(PlayWindow *self, const ContentRecord *record);
