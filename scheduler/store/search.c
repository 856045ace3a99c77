/* search.c - see search.h */
#include "scheduler/store/search.h"

#include "content/language.h"
#include "scheduler/store/sql.h"

#include <string.h>

/* clang-format off */
static const char sql_drop[] = "DELETE FROM script_texts WHERE version = $1";
static const char sql_add[] =
    "INSERT INTO script_texts (version, announcement) VALUES ($1, $2) ON CONFLICT DO NOTHING";
static const char sql_forget[] =
    "DELETE FROM script_words WHERE rowid = (SELECT n FROM script_texts WHERE version = $1)";
static const char sql_keep[] =
    "INSERT INTO script_words (rowid, folded) SELECT n, $2 FROM script_texts WHERE version = $1";
/* clang-format on */

char *
sched_search_pattern(const char *search)
{
    g_autofree char *folded = content_text_fold(search);
    g_autoptr(GString) pattern = g_string_new(NULL);

    for (const char *c = folded; *c != '\0'; c++) {
        if (*c == '%' || *c == '_' || *c == '\\')
            g_string_append_c(pattern, '\\');
        g_string_append_c(pattern, *c);
    }
    return g_string_free(g_steal_pointer(&pattern), FALSE);
}

/* A single letter begins so many words that it stands for itself alone. */
static gboolean
ends_in_word(const char *folded)
{
    const char *last = strrchr(folded, ' ');

    return g_utf8_strlen(last == NULL ? folded : last + 1, -1) >= 2;
}

char *
sched_search_words(const char *search)
{
    g_autofree char *folded = content_text_fold(search == NULL ? "" : search);
    g_autoptr(GString) words = g_string_new("\"");

    for (const char *c = folded; *c != '\0'; c++)
        g_string_append_c(words, *c == '"' ? ' ' : *c);
    g_string_append_c(words, '"');
    if (ends_in_word(folded))
        g_string_append_c(words, '*');
    return g_string_free(g_steal_pointer(&words), FALSE);
}

char *
sched_search_fold_source(const char *number, const char *issuer)
{
    g_autofree char *text = g_strconcat(number, " ", issuer, NULL);

    return content_text_fold(text);
}

gboolean
sched_search_keep(SchedTxn *txn, const char *version, const char *announcement,
                  const char *script, GError **error)
{
    g_autofree char *folded = script == NULL ? NULL : content_text_fold(script);

    if (script == NULL)
        return sched_sql_run(txn, sql_forget, error, "t", version) &&
               sched_sql_run(txn, sql_drop, error, "t", version);
    return sched_sql_run(txn, sql_add, error, "tt", version, announcement) &&
           sched_sql_run(txn, sql_forget, error, "t", version) &&
           sched_sql_run(txn, sql_keep, error, "tt", version, folded);
}
