/*
 * search.h - what announcements are found by: title and source anywhere in them, scripts by
 * their words; all folded (content/language.h), so with or without marks.
 *
 * Flow: a text is written (announcements.h, versions.h) -> its folded words are kept in the
 * same transaction -> the list asks for them. Private to store/, but for the bench.
 */
#pragma once

#include "scheduler/store/db.h"

/* Scripts that a page of a list looks at, the latest first, of the area, category and class
 * asked for and before the page's beginning: who finds more has to ask for more words. */
#define SCHED_SEARCH_MAX_SCRIPTS 2000

/** sched_search_pattern: Returns: (transfer full): for LIKE, whose own signs are taken
 * literally
 */
char *sched_search_pattern(const char *search);

/** sched_search_words: Returns: (transfer full): for the index: these words in a row, of which
 * the last may be the beginning of one; @search: (nullable): NULL: nothing is found */
char *sched_search_words(const char *search);

/** sched_search_fold_source: Returns: (transfer full): as it is kept and looked for */
char *sched_search_fold_source(const char *number, const char *issuer);

/** sched_search_keep: @script: (nullable): of @version, as it is now; NULL: none, or it goes */
gboolean sched_search_keep(SchedTxn *txn, const char *version, const char *announcement,
                           const char *script, GError **error);
