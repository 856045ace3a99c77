/* address.c - see address.h */
#include "scheduler/message/address.h"

#include <string.h>

#define LOCAL_MAX_BYTES 64 /* RFC 5321 §4.5.3.1.1 */
#define LABEL_MAX_BYTES 63 /* RFC 1035 §2.3.4 */
#define LETTERS         G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS

/* Words between single dots, each of these characters and at most so long. */
static gboolean
is_dotted(const char *text, const char *set, gsize max_word, guint min_words)
{
    g_auto(GStrv) words = g_strsplit(text, ".", -1);
    guint n_words = g_strv_length(words);

    for (guint i = 0; i < n_words; i++) {
        gsize length = strlen(words[i]);

        if (length == 0 || length > max_word || strspn(words[i], set) != length)
            return FALSE;
    }
    return n_words >= min_words;
}

static gboolean
is_domain(const char *text)
{
    return is_dotted(text, LETTERS "-", LABEL_MAX_BYTES, 2) && text[0] != '-' &&
           !g_str_has_suffix(text, "-") && strstr(text, "-.") == NULL &&
           strstr(text, ".-") == NULL;
}

gboolean
sched_email_is_valid(const char *text)
{
    const char *at = text == NULL ? NULL : strchr(text, '@');
    g_autofree char *local = NULL;

    if (at == NULL || at - text > LOCAL_MAX_BYTES || strlen(text) > SCHED_EMAIL_MAX_BYTES)
        return FALSE;
    local = g_strndup(text, (gsize) (at - text));
    return is_dotted(local, LETTERS "!#$%&'*+/=?^_`{|}~-", LOCAL_MAX_BYTES, 1) &&
           is_domain(at + 1);
}

gboolean
sched_phone_is_valid(const char *text)
{
    const char *digits = text == NULL ? "" : text + (*text == '+');
    gsize length = strlen(digits);

    return length >= 8 && length <= 15 && strspn(digits, G_CSET_DIGITS) == length;
}

char *
sched_phone_tidy(const char *text)
{
    GString *out = g_string_new(NULL);

    for (const char *p = text; *p != '\0'; p++) {
        if (strchr(" .-()", *p) == NULL)
            g_string_append_c(out, *p);
    }
    return g_string_free(out, FALSE);
}
