/*
 * fetch.h - documents and audio from the district over HTTPS.
 *
 * Flow: intake.c says what is wanted -> two worker threads -> object store, and back in the
 * owner's main context. Port.
 * Thread: owned by one thread; called back in its thread-default main context.
 *
 * Documents have a worker of their own, so a withdrawal never waits for a download. Audio goes
 * most urgent first, resumes where it stopped, and is visible only when its hash is right.
 */
#pragma once

#include "content/exchange.h"
#include "content/object-store.h"
#include "player/intake/intake-core.h"
#include "player/intake/tls.h"

#define PLAY_FETCH_OBJECT_MAX_BYTES (G_GINT64_CONSTANT(512) * 1024 * 1024)

#define PLAY_FETCH_ERROR (play_fetch_error_quark())
GQuark play_fetch_error_quark(void);

typedef enum {
    PLAY_FETCH_ERROR_NETWORK, /* not reached, broken off, too slow: it is tried again */
    PLAY_FETCH_ERROR_REFUSED, /* an answer that more attempts will not change soon */
    PLAY_FETCH_ERROR_CORRUPT, /* wrong bytes, wrong size */
    PLAY_FETCH_ERROR_DISK,
} PlayFetchError;

typedef struct {
    /* @bundle: (transfer full) (nullable): NULL with @error; the caller asks again. */
    void (*documents)(ContentBundle *bundle, const GError *error, gpointer data);
    /* @error: (nullable): NULL: the object is in the store. */
    void (*object)(const char *hash, const GError *error, gpointer data);
} PlayFetchEvents;

typedef struct {
    guint first_retry_ms;   /* after a failed object; doubles, with jitter; 2000 */
    guint longest_retry_ms; /* 300000 */
    guint stall_s;          /* under 100 bytes/s for so long: broken off; 60 */
    guint connect_s;        /* 20 */
    /* Until a file that was refused is offered again, see courier.h; doubles up to a day; an
     * hour */
    guint refused_ms;
} PlayFetchTiming;
extern const PlayFetchTiming play_fetch_timing;

typedef struct PlayFetch PlayFetch;

/**
 * play_fetch_new:
 * @identity, @objects: (not owned): must outlive it
 */
PlayFetch *play_fetch_new(const PlayIdentity *identity, ContentObjectStore *objects,
                          const PlayFetchTiming *timing, PlayTlsTimeFunc time,
                          gpointer time_data, const PlayFetchEvents *events, gpointer data);

/** play_fetch_free: stops both workers and joins them; parts stay for the next time */
void play_fetch_free(PlayFetch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayFetch, play_fetch_free)

/**
 * play_fetch_documents:
 * @hashes: (element-type utf8): at most CONTENT_REQUEST_MAX_HASHES
 *
 * One request, answered once by events.documents. A second call before the answer replaces a
 * request that has not begun yet.
 */
void play_fetch_documents(PlayFetch *self, GPtrArray *hashes);

/**
 * play_fetch_set_queue:
 * @items: (element-type PlayFetchItem): all wanted now, in any order; replaces the last queue
 *
 * A download that is not in the queue any more is broken off; so is one that is less urgent
 * than a new item by an hour and more. What was loaded of it stays for later.
 */
void play_fetch_set_queue(PlayFetch *self, GPtrArray *items);

/** play_fetch_set_rate: @kbit_s: for audio; 0: no limit. Documents are never slowed. */
void play_fetch_set_rate(PlayFetch *self, gint64 kbit_s);

/** play_fetch_reconnect: the next requests make connections of their own, with the certificate
 * that is on the disk now */
void play_fetch_reconnect(PlayFetch *self);

/** play_fetch_hurry: the line has just come back: end all pauses */
void play_fetch_hurry(PlayFetch *self);
