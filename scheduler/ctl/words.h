/*
 * words.h - what loactl itself says, in Vietnamese or English.
 *
 * Flow: keys of tables, help and errors -> the catalogues of words/ -> the terminal. Pure but
 * for ctl_fail(), which speaks the language of content_reader_here().
 */
#pragma once

#include "content/reader.h"
#include "scheduler/ctl/client.h"

/** ctl_words_get: Returns: (nullable): what @key says, with its {names} as they are */
const char *ctl_words_get(ContentReader reader, const char *key);

/**
 * ctl_words_of:
 * @family: "word", "head", "option" …
 * @name: behind the dot
 *
 * Returns: (transfer none): what "family.name" says; @name itself where the catalogues lack it,
 *   for it may be a newer district's
 */
const char *ctl_words_of(ContentReader reader, const char *family, const char *name);

/**
 * ctl_words_say:
 * @key: behind "say."
 * @...: names and values for its {names}, NULL-terminated
 *
 * Returns: (transfer full)
 */
char *ctl_words_say(ContentReader reader, const char *key, ...) G_GNUC_NULL_TERMINATED;

/** ctl_fail: sets @error to what "error.@key" says of the names and values. Returns: FALSE */
gboolean ctl_fail(GError **error, CtlClientError code, const char *key,
                  ...) G_GNUC_NULL_TERMINATED;
