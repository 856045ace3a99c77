/*
 * sim-fetch.h - the HTTPS side of all simulated players: documents and audio, by libcurl.
 *
 * Flow: sim-station.c asks -> curl's multi interface on the loop -> the answer comes back once.
 * Each player shows its own certificate and has its own connection, which is kept.
 * Thread: the loop's.
 */
#pragma once

#include "player/intake/identity.h"
#include "tests/bench/sim-loop.h"

typedef struct SimFetch SimFetch;
typedef struct SimFetchJob SimFetchJob;

/* @body: (transfer none) (nullable): NULL: no answer, or not 200; @words says why. */
typedef void (*SimFetchFunc)(GBytes *body, const char *words, gpointer data);

SimFetch *sim_fetch_new(SimLoop *loop);

/** sim_fetch_free: what has not been answered yet is not answered any more */
void sim_fetch_free(SimFetch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimFetch, sim_fetch_free)

/**
 * sim_fetch_start:
 * @identity: (not owned): must outlive the job
 * @from: (nullable): own numeric address
 * @path: behind the identity's device URL
 * @post: (nullable): a document to be posted; NULL: GET
 * @max_bytes: a larger answer is a failure
 */
void sim_fetch_start(SimFetch *self, const PlayIdentity *identity, const char *from,
                     const char *path, GBytes *post, gsize max_bytes, SimFetchFunc done,
                     gpointer data);
