/*
 * arguments.h - the words behind the options of a daemon's command line.
 *
 * Flow: main.c parses the options, then asks here before it does what the words say.
 * Pure.
 */
#pragma once

#include <glib.h>

/**
 * content_arguments_check:
 * @words: (nullable): what the options left over, ended by NULL: the command, then its own
 * words
 * @needed: (nullable): what the one word behind the command is called, "ZONE"; NULL: it has
 * none
 *
 * A word that nobody reads would let a slip pass for what was meant.
 *
 * Returns: %FALSE with a #GOptionError that names the word missing, or the first one too many
 */
gboolean content_arguments_check(char **words, const char *needed, GError **error);
