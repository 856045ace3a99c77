/*
 * post.h - the player's end of the page's socket.
 *
 * Flow: loa-page asks (talk.h) -> here -> the handler's answer goes back. Thread: the main
 * context it was made on.
 *
 * It is the player that connects: it opens nothing that others could come to, not even on its
 * own machine, and the folder of the socket is loa-page's alone. A page that says something
 * wrong, or does not read, is hung up on, and why is told to the wiring: it is our own program.
 */
#pragma once

#include "content/base/clock.h"
#include "player/page/talk.h"

#define PLAY_PAGE_POST_ERROR (play_page_post_error_quark())
GQuark play_page_post_error_quark(void);

typedef enum {
    PLAY_PAGE_POST_ERROR_PEER, /* what it says is no question of a page, or it does not read */
} PlayPagePostError;

/* The page asks for all its browsers, which look once a second. */
#define PLAY_PAGE_POST_MAX_PACKETS_PER_S 100
/* Between two attempts to reach a page that is not there. */
#define PLAY_PAGE_POST_RETRY_US (2 * G_USEC_PER_SEC)

typedef struct {
    /* Returns: (transfer full): the document that answers; NULL with an error: it is hung up */
    GBytes *(*answer)(const PlayPageAsk *ask, gpointer data, GError **error);
    /* It was hung up on: why, in words. */
    void (*problem)(const char *words, gpointer data);
} PlayPagePostEvents;

typedef struct PlayPagePost PlayPagePost;

/** play_page_post_new: @path: of the socket; @clock, @events: (not owned): must outlive it */
PlayPagePost *play_page_post_new(const char *path, ContentClock *clock,
                                 const PlayPagePostEvents *events, gpointer data);

/** play_page_post_free: @self: (nullable) (transfer full) */
void play_page_post_free(PlayPagePost *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPagePost, play_page_post_free)
