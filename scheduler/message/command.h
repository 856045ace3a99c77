/*
 * command.h - hands one text message to a program of the site: a modem, a gateway of a carrier.
 *
 * Flow: post.c -> here -> the program of the settings. Port. Blocks: to be called in a task's
 * thread.
 *
 * The words of the settings are its arguments as they stand there, but for one that is {phone}:
 * the number. The text is what it reads from its standard input. No shell sees any of it.
 */
#pragma once

#include <gio/gio.h>

#define SCHED_COMMAND_MOST_S     30
#define SCHED_COMMAND_MOST_BYTES 4096 /* that it may say; a program that says more is ended */
#define SCHED_COMMAND_PHONE      "{phone}"

/**
 * sched_command_send:
 * @words: NULL-terminated; the first is an absolute path
 * @phone: sched_phone_is_valid()
 * @most_us: 0: SCHED_COMMAND_MOST_S; another one for tests
 *
 * Returns: %TRUE once it has ended with 0. What it said otherwise is in @error, whose domain is
 *   SCHED_POST_ERROR (smtp.h)
 */
gboolean sched_command_send(const char *const *words, const char *phone, const char *text,
                            gint64 most_us, GCancellable *cancellable, GError **error);
