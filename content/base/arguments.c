/* arguments.c - see arguments.h */
#include "content/base/arguments.h"

gboolean
content_arguments_check(char **words, const char *needed, GError **error)
{
    guint n_words = words == NULL ? 0 : g_strv_length(words);
    guint n_expected = needed == NULL ? 1 : 2;

    if (n_words > n_expected) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                    "%s: nothing is expected at '%s'", words[0], words[n_expected]);
        return FALSE;
    }
    if (needed != NULL && n_words < n_expected) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "%s needs the %s", words[0],
                    needed);
        return FALSE;
    }
    return TRUE;
}
