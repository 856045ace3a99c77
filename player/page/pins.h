/*
 * pins.h - PINs checked by argon2id, off the main loop, one at once.
 *
 * Flow: a sign-in hands over what was typed and the hash of the grant -> a worker -> the
 * answer. Thread: calls and answers belong to the owner's main context; the work runs in one
 * thread, because a check takes 64 MiB of a machine that has a gigabyte.
 */
#pragma once

#include <glib.h>

/* One more is not taken: each takes a Raspberry Pi a second. */
#define PLAY_PAGE_PINS_MAX_WAITING 4

typedef void (*PlayPagePinsFunc)(gboolean is_right, gpointer data);

typedef struct PlayPagePins PlayPagePins;

PlayPagePins *play_page_pins_new(void);

/** play_page_pins_free: @self: (nullable) (transfer full): waits for the checks; who was not
 * answered is told FALSE */
void play_page_pins_free(PlayPagePins *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPagePins, play_page_pins_free)

/**
 * play_page_pins_check:
 * @hash: argon2id as libsodium writes it, from a grant, which bounds what it costs
 * @pin: as typed; copied, and wiped after use
 * @func: called once, later
 *
 * Returns: %FALSE if too many wait
 */
gboolean play_page_pins_check(PlayPagePins *self, const char *hash, const char *pin,
                              PlayPagePinsFunc func, gpointer data);
