/*
 * server-fixture.h - the real HTTPS server with a small handler, for the tests of the server.
 *
 * Paths: GET /echo (who asks), GET /file (an object), POST /memory (≤ 1000 bytes),
 * POST /spool (≤ 200,000 bytes, asked about first; ?may=no refuses), GET /later (answered when
 * the test says so).
 */
#pragma once

#include "scheduler/trust/authority.h"
#include "content/web/server.h"
#include "tests/support/https.h"

#define FIXTURE_FILE_BYTES (5 * 1024 * 1024)

typedef struct {
    char *folder;
    SchedAuthority *authority;
    char *chain, *key;
    ContentServer *server;
    TestHttps peer;
    GPtrArray *waiting; /* ContentCall: of /later */
    char *last_spool;   /* path of the last temporary file */
    guint n_handled;
} ServerFixture;

/** server_fixture_start: @change: (nullable): alters the options before the start */
void server_fixture_start(ServerFixture *f, void (*change)(ContentServerOptions *options));
void server_fixture_stop(ServerFixture *f);
