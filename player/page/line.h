/*
 * line.h - the page's end of the socket, to which the player connects.
 *
 * Flow: routes ask -> here -> post.h of the player -> the answers, in the order of the
 * questions. Thread: the main context it was made on.
 *
 * Who connects is the player if the kernel says that it runs under the player's account. The
 * newest one is the one there is: a player that was restarted takes the place of its own ghost.
 */
#pragma once

#include "content/base/clock.h"
#include "player/page/talk.h"

#define PLAY_PAGE_LINE_ERROR (play_page_line_error_quark())
GQuark play_page_line_error_quark(void);

typedef enum {
    PLAY_PAGE_LINE_ERROR_ACCOUNT, /* there is no such account */
    PLAY_PAGE_LINE_ERROR_SOCKET,  /* it cannot be made there */
} PlayPageLineError;

/* Questions that wait for an answer; one more is not asked. */
#define PLAY_PAGE_LINE_MAX_WAITING 32
/* A player that is asked and does not answer for so long is not there. */
#define PLAY_PAGE_LINE_PATIENCE_US (5 * G_USEC_PER_SEC)

/* @answer: (nullable): the document that answers; NULL: there is no player, or it is silent */
typedef void (*PlayPageLineFunc)(GBytes *answer, gpointer data);

typedef struct PlayPageLine PlayPageLine;

/**
 * play_page_line_new:
 * @path: of the socket; what another page left behind is replaced
 * @user: name or number of the player's account
 * @clock: (not owned): must outlive it
 */
PlayPageLine *play_page_line_new(const char *path, const char *user, ContentClock *clock,
                                 GError **error);

/** play_page_line_free: @self: (nullable) (transfer full): who waits is told that there is no
 * player */
void play_page_line_free(PlayPageLine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPageLine, play_page_line_free)

/** play_page_line_on_up: @func: called at each connection of a player, before anything is asked
 */
void play_page_line_on_up(PlayPageLine *self, void (*func)(gpointer data), gpointer data);

/** play_page_line_is_up: Returns: whether a player is connected */
gboolean play_page_line_is_up(const PlayPageLine *self);

/** play_page_line_ask: @func: called once, maybe before this returns */
void play_page_line_ask(PlayPageLine *self, const PlayPageAsk *ask, PlayPageLineFunc func,
                        gpointer data);
