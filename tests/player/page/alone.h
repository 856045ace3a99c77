/*
 * alone.h - a commune by itself: the real page, player and gateway, a simulated board, no
 * district.
 *
 * Somebody who was entrusted is signed in over HTTPS. It blocks; nothing needs a main loop.
 */
#pragma once

#include "tests/support/https.h"
#include "tests/support/player-site.h"

typedef struct {
    PlayerSite *site;
    const char *program; /* of the page */
    TestChild *page;
    TestHttps peer;
    char *authority, *cookie;
    guint n_calls;
} Alone;

/** alone_start: @page: the program; @has_time: whether anybody vouches for the clock */
void alone_start(Alone *self, const char *page, gboolean has_time);
void alone_stop(Alone *self);

/** alone_restart_page: and who was signed in signs in again */
void alone_restart_page(Alone *self);

/** alone_ask: as a page of ours; Returns: (transfer full) */
TestAnswer *alone_ask(Alone *self, const char *method, const char *path, const char *body);

/** alone_call: @villages: "\"bon\",\"lang\""; Returns: (transfer full): the answer to a real
 * alert by the template @template_ */
TestAnswer *alone_call(Alone *self, const char *template_, const char *villages);

/** alone_repeat: as alone_call(), under the key of the last one: asked for once more */
TestAnswer *alone_repeat(Alone *self, const char *template_, const char *villages);

/** alone_see, _unsee: waits until the page says @words of the state, or does not any more */
void alone_see(Alone *self, const char *words);
void alone_unsee(Alone *self, const char *words);
