/*
 * page-fixture.h - the page over real HTTPS, with the player's end of its socket behind it.
 *
 * Behind the socket stands this file, which answers for the player: two accounts, one
 * hazard, two villages, and whatever a test changes of that.
 */
#pragma once

#include "player/page/page.h"
#include "player/page/post.h"
#include "tests/support/https.h"

#define FIXTURE_PIN "482915"

typedef struct {
    char *folder, *socket;
    ContentClock *clock;
    PlayPageCertificate *certificate;
    PlayPagePost *post; /* NULL: there is no player */
    PlayPage *page;
    TestHttps peer;
    char *pin_hash;
    char *cookie;          /* "Cookie: …" of who signed in; NULL: nobody */
    const char *refusal;   /* code that a start is answered with; NULL: it sounds */
    gboolean says_rubbish; /* instead of an answer */
    guint n_started, n_stopped, n_hellos;
    char *last; /* what the last start or stop was: "start hoa-1 bao-lu b1,b2 real" */
} PageFixture;

void page_fixture_start(PageFixture *f, gconstpointer data);
void page_fixture_stop(PageFixture *f, gconstpointer data);

/** page_fixture_post: the player begins to answer, or @is_there %FALSE: it goes away */
void page_fixture_post(PageFixture *f, gboolean is_there);

/** page_ask: with the cookie, as a page of ours; Returns: (transfer full) */
TestAnswer *page_ask(PageFixture *f, const char *method, const char *path, const char *body);

/** page_sign_in: Returns: the status; the cookie is kept */
guint page_sign_in(PageFixture *f, const char *account, const char *pin);
