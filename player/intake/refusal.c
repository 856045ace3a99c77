/* refusal.c - see refusal.h */
#include "player/intake/refusal.h"

#include "player/intake/database.h"
#include "player/intake/fetch.h"
#include "player/intake/verify.h"

typedef struct {
    int error;
    const char *code;
    gboolean has_words; /* the error's own text says more than the code */
} Row;

/* clang-format off */
static const Row verdicts[] = {
    { PLAY_VERIFY_ERROR_SIZE,        "refused_size",        FALSE },
    { PLAY_VERIFY_ERROR_FORMAT,      "refused_format",      TRUE  },
    { PLAY_VERIFY_ERROR_TYPE,        "refused_type",        FALSE },
    { PLAY_VERIFY_ERROR_KEY,         "refused_key",         FALSE },
    { PLAY_VERIFY_ERROR_KEY_EXPIRED, "refused_key_expired", FALSE },
    { PLAY_VERIFY_ERROR_KEY_EARLY,   "refused_key_early",   FALSE },
    { PLAY_VERIFY_ERROR_ROLE,        "refused_role",        FALSE },
    { PLAY_VERIFY_ERROR_SIGNATURE,   "refused_signature",   FALSE },
    { PLAY_VERIFY_ERROR_AUDIENCE,    "refused_audience",    FALSE },
    { PLAY_VERIFY_ERROR_VERSION,     "refused_version",     FALSE },
    { PLAY_VERIFY_ERROR_CONTENT,     "refused_content",     TRUE  },
    { PLAY_VERIFY_ERROR_CLAIM,       "refused_claim",       FALSE },
    { PLAY_VERIFY_ERROR_SCOPE,       "refused_scope",       FALSE },
    { PLAY_VERIFY_ERROR_TOO_EARLY,   "refused_early",       FALSE },
    { PLAY_VERIFY_ERROR_EXPIRED,     "refused_expired",     FALSE },
};
/* clang-format on */

static const Row disk = {0, "disk_failed", TRUE};
static const Row fetch = {0, "fetch_failed", TRUE};
static const Row other = {0, "refused_other", TRUE};

static const Row *
row_of(const GError *error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(verdicts); i++) {
        if (g_error_matches(error, PLAY_VERIFY_ERROR, verdicts[i].error))
            return &verdicts[i];
    }
    if (error->domain == PLAY_DATABASE_ERROR ||
        g_error_matches(error, PLAY_FETCH_ERROR, PLAY_FETCH_ERROR_DISK))
        return &disk;
    return error->domain == PLAY_FETCH_ERROR ? &fetch : &other;
}

ContentRemark *
play_refusal_of(const char *what, const GError *error)
{
    const Row *row = row_of(error);
    ContentRemark *remark = content_remark_new(row->code, what, NULL);

    return row->has_words ? content_remark_say(remark, error->message) : remark;
}
