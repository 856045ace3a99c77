/* claim.c - see claim.h */
#include "content/claim.h"

#include <string.h>

#include "content/base/id.h"
#include "content/manifest.h"

/* clang-format off */
static const ContentClaim claims[] = {
    /* type            signer                  has_audience  has_version */
    { "keys",          CONTENT_CLAIM_ROOT,     FALSE,        TRUE  },
    { "manifest",      CONTENT_ROLE_MANIFEST,  TRUE,         TRUE  },
    { "ack",           CONTENT_ROLE_MANIFEST,  TRUE,         FALSE },
    { "enquiry",       CONTENT_ROLE_MANIFEST,  TRUE,         FALSE },
    { "test-order",    CONTENT_ROLE_MANIFEST,  TRUE,         FALSE },
    { "time-answer",   CONTENT_ROLE_TIME,      TRUE,         FALSE },
    { "approval",      CONTENT_ROLE_APPROVAL,  FALSE,        FALSE },
    { "alert",         CONTENT_ROLE_ALERT,     FALSE,        FALSE },
    { "stop",          CONTENT_ROLE_ALERT,     FALSE,        FALSE },
    { "grant",         CONTENT_ROLE_ALERT,     TRUE,         FALSE },
    { "local-order",   CONTENT_CLAIM_STATION,  TRUE,         FALSE },
    { "records",       CONTENT_CLAIM_STATION,  TRUE,         FALSE },
    { "hello",         CONTENT_CLAIM_STATION,  TRUE,         FALSE },
};
/* clang-format on */

const ContentClaim *
content_claim_find(const char *type)
{
    for (gsize i = 0; i < G_N_ELEMENTS(claims); i++) {
        if (g_strcmp0(claims[i].type, type) == 0)
            return &claims[i];
    }
    return NULL;
}

char *
content_claim_comment(const char *type, const char *audience, gint64 version)
{
    return g_strdup_printf("%s %s %" G_GINT64_FORMAT, type, audience == NULL ? "all" : audience,
                           version);
}

/* Does the word say "all" exactly where the type has no audience? */
static gboolean
audience_suits(const ContentClaim *claim, const char *word)
{
    if (!claim->has_audience)
        return strcmp(word, "all") == 0;
    return content_id_is_valid(word);
}

/* One spelling a number: no sign, no leading zero, nothing above the limit. */
static gboolean
read_version(const char *word, gint64 *out_version)
{
    guint64 value;

    if (word[0] == '0' && word[1] != '\0')
        return FALSE;
    if (!g_ascii_string_to_unsigned(word, 10, 0, CONTENT_VERSION_MAX, &value, NULL))
        return FALSE;
    *out_version = (gint64) value;
    return TRUE;
}

const ContentClaim *
content_claim_read(const char *comment, char **out_audience, gint64 *out_version)
{
    g_auto(GStrv) words = g_strsplit(comment, " ", 4);
    const ContentClaim *claim;
    gint64 version;

    if (g_strv_length(words) != 3)
        return NULL;
    claim = content_claim_find(words[0]);
    if (claim == NULL || !audience_suits(claim, words[1]) ||
        !read_version(words[2], &version) || claim->has_version != (version > 0))
        return NULL;
    *out_audience = g_strdup(words[1]);
    *out_version = version;
    return claim;
}
