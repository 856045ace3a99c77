/*
 * throttle.h - guessing passwords is made slow, and the honest person is not shut out by it.
 *
 * Flow: sign-in asks before the password is looked at, and tells how it went.
 * Pure but for the memory it keeps; time comes in as an argument. Thread: the owner's.
 *
 * Three things are counted: an account from one address, an address, and an account from all
 * addresses at which it never signed in. The first two wait 1, 2, 4 … s up to 15 min after
 * their first failures; the third waits 3 s at most, so that a stranger with many addresses
 * is slow and the owner of the account, from wherever, is held up by seconds. From an address
 * at which the account signed in before, the third does not count at all.
 */
#pragma once

#include <glib.h>

/* Kept at most; when it is full, the ones that waited longest are forgotten. */
#define CONTENT_THROTTLE_MAX_ENTRIES 20000
#define CONTENT_THROTTLE_MOST_US     (15 * 60 * G_USEC_PER_SEC)
#define CONTENT_THROTTLE_SPREAD_US   (3 * G_USEC_PER_SEC)

typedef struct ContentThrottle ContentThrottle;

/** content_throttle_new: @spread_us: longest wait of the third; CONTENT_THROTTLE_SPREAD_US
 * where its owner has no other way in */
ContentThrottle *content_throttle_new(gint64 spread_us);
void content_throttle_free(ContentThrottle *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentThrottle, content_throttle_free)

/**
 * content_throttle_ask:
 * @login: as typed, whether there is such an account or not
 * @now_us: monotonic µs
 *
 * Returns: 0: the password may be looked at; else how long to wait, µs. An attempt that may go
 *   on holds the three back until it is told how it went.
 */
gint64 content_throttle_ask(ContentThrottle *self, const char *login, const char *address,
                            gint64 now_us);

/** content_throttle_tell: @ok: whether the password was right */
void content_throttle_tell(ContentThrottle *self, const char *login, const char *address,
                           gboolean ok, gint64 now_us);

/** content_throttle_drop: the attempt ended without an answer (no memory, too many waiting) */
void content_throttle_drop(ContentThrottle *self, const char *login, const char *address,
                           gint64 now_us);

/** content_throttle_size: Returns: how much is remembered */
guint content_throttle_size(ContentThrottle *self);
