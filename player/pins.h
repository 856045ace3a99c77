/*
 * pins.h - is this the PIN of that account? Off the main loop, and not for guessing.
 *
 * Flow: local.c hands over what was typed and the hash of the grant -> a worker thread -> back.
 * Thread: calls and callbacks belong to the owner's main context; the work runs in one thread,
 * because each check takes up to 64 MiB.
 */
#pragma once

#include <gio/gio.h>

#include "content/base/clock.h"

/* Wrong ones in a row before an account has to wait. */
#define PLAY_PINS_TRIES 5
/* How long, at first; it doubles up to the second. */
#define PLAY_PINS_WAIT_US     (30 * G_USEC_PER_SEC)
#define PLAY_PINS_WAIT_MAX_US (900 * G_USEC_PER_SEC)
/* Checks that may be under way for all accounts together. */
#define PLAY_PINS_MAX_WAITING 8

typedef struct PlayPins PlayPins;

/** play_pins_new: @clock: (not owned) */
PlayPins *play_pins_new(ContentClock *clock);

/** play_pins_free: waits for the work begun */
void play_pins_free(PlayPins *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPins, play_pins_free)

/**
 * play_pins_check_async:
 * @hash: argon2id, of a grant; the document has limited its cost
 * @pin: copied, and wiped after use
 */
void play_pins_check_async(PlayPins *self, const char *account, const char *hash,
                           const char *pin, GAsyncReadyCallback callback, gpointer data);

/** play_pins_check_finish: Returns: %FALSE with PLAY_LOCAL_ERROR_PIN, or with
 * PLAY_LOCAL_ERROR_PIN_WAIT, which says for how long */
gboolean play_pins_check_finish(GAsyncResult *result, GError **error);
