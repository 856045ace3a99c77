/*
 * mailbox.h - results of a worker thread, handed over in the thread that owns it.
 *
 * Flow: worker threads of report/journal.c, broker.c, fetch.c, intake.c -> owner's main
 * context. Thread: post from any; new and close in the owner's.
 *
 * Letters arrive in the order in which they were posted. After play_mailbox_close() nothing
 * arrives any more, so an owner can free itself without asking what is still on its way.
 */
#pragma once

#include <glib.h>

typedef struct PlayMailbox PlayMailbox;

typedef void (*PlayMailboxFunc)(gpointer letter, gpointer owner);

/**
 * play_mailbox_new:
 * @owner: (not owned): handed to every letter's function
 *
 * Delivers to the caller's thread-default main context.
 */
PlayMailbox *play_mailbox_new(gpointer owner);

/**
 * play_mailbox_post:
 * @letter: (transfer full)
 * @free_letter: (nullable): called after @func, or instead of it when the box is closed
 */
void play_mailbox_post(PlayMailbox *self, PlayMailboxFunc func, gpointer letter,
                       GDestroyNotify free_letter);

/** play_mailbox_close: @self: (nullable) (transfer full): no letter arrives after this */
void play_mailbox_close(PlayMailbox *self);
