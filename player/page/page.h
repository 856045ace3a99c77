/*
 * page.h - the station's own page: HTTPS for people on its network.
 *
 * Flow: browser -> content/web/server.h -> a table of routes -> line.h -> the player, which
 * alone decides what sounds. Wiring of loa-page. Thread: the main context it was made on.
 *
 * Nothing is kept but who is signed in and what was answered to the last acts. A name can be
 * picked by anybody on that network; everything else wants the PIN.
 */
#pragma once

#include "content/base/clock.h"
#include "player/page/certificate.h"

/* The station's network is small, and so is the machine. Silent connections of strangers keep
 * others out for as long as a header may take, so that is short; a phone next door needs less.
 */
#define PLAY_PAGE_MAX_CONNECTIONS 48
#define PLAY_PAGE_MAX_PER_ADDRESS 12
#define PLAY_PAGE_HEADER_US       (3 * G_USEC_PER_SEC)
#define PLAY_PAGE_BODY_US         (10 * G_USEC_PER_SEC)
/* Acts whose answer is given again when they are asked for again. */
#define PLAY_PAGE_MAX_ACTS 64

typedef struct {
    const char *address; /* IP address to listen on */
    guint port;          /* 0: any free one */
    const char *state;   /* folder of the page: certificate, temporary files */
    const char *socket;  /* to which the player connects */
    const char *user;    /* the player's account */
} PlayPageOptions;

typedef struct PlayPage PlayPage;

/**
 * play_page_new:
 * @certificate: (not owned): only read here
 * @clock: (not owned): must outlive it
 *
 * Serves until play_page_free().
 */
PlayPage *play_page_new(const PlayPageOptions *options, const PlayPageCertificate *certificate,
                        ContentClock *clock, GError **error);

/** play_page_free: @self: (nullable) (transfer full): open requests are answered with 503 */
void play_page_free(PlayPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPage, play_page_free)

/** play_page_has_player: Returns: whether a player is connected */
gboolean play_page_has_player(const PlayPage *self);

/** play_page_port: Returns: the port it listens on */
guint play_page_port(PlayPage *self);
