/*
 * sessions.h - who is signed in at the page.
 *
 * Flow: a right PIN opens one -> its token comes back in a cookie -> an account. Kept in memory
 * alone: who restarts the page signs in again. Time comes in as an argument; instants are
 * monotonic µs, for the clock of a station without a network may be anything.
 */
#pragma once

#include <glib.h>

/* Of all people together; the one that was used longest ago makes room. */
#define PLAY_SESSIONS_MAX     16
#define PLAY_SESSIONS_IDLE_US (30 * 60 * G_USEC_PER_SEC)
#define PLAY_SESSIONS_LIFE_US (G_GINT64_CONSTANT(12) * 3600 * G_USEC_PER_SEC)

typedef struct PlaySessions PlaySessions;

PlaySessions *play_sessions_new(void);
void play_sessions_free(PlaySessions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlaySessions, play_sessions_free)

/** play_sessions_open: Returns: (transfer full): the token, 256 random bits in hex */
char *play_sessions_open(PlaySessions *self, const char *account, gint64 now_us);

/** play_sessions_find: @token: (nullable); Returns: (transfer none) (nullable): its account; it
 * counts as used */
const char *play_sessions_find(PlaySessions *self, const char *token, gint64 now_us);

/** play_sessions_close: @token: (nullable): that of one which is over already is nobody's */
void play_sessions_close(PlaySessions *self, const char *token);
