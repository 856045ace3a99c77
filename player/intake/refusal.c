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
    { PLAY_VERIFY_ERROR_REPEAT,      "refused_repeat",      FALSE },
};
static const Row fetches[] = {
    { PLAY_FETCH_ERROR_NETWORK, "fetch_failed",  TRUE  },
    { PLAY_FETCH_ERROR_REFUSED, "fetch_refused", TRUE  },
    { PLAY_FETCH_ERROR_CORRUPT, "fetch_corrupt", FALSE },
    { PLAY_FETCH_ERROR_DISK,    "disk_failed",   TRUE  },
};
/* clang-format on */

static const Row disk = {0, "disk_failed", TRUE};
static const Row other = {0, "refused_other", TRUE};

static const Row *
find_row(const Row *rows, gsize n_rows, const GError *error)
{
    for (gsize i = 0; i < n_rows; i++) {
        if (rows[i].error == error->code)
            return &rows[i];
    }
    return &other;
}

static const Row *
row_of(const GError *error)
{
    if (error->domain == PLAY_VERIFY_ERROR)
        return find_row(verdicts, G_N_ELEMENTS(verdicts), error);
    if (error->domain == PLAY_FETCH_ERROR)
        return find_row(fetches, G_N_ELEMENTS(fetches), error);
    return error->domain == PLAY_DATABASE_ERROR ? &disk : &other;
}

ContentRemark *
play_refusal_of(const char *what, const GError *error)
{
    const Row *row = row_of(error);
    ContentRemark *remark = content_remark_new(row->code, what, NULL);

    return row->has_words ? content_remark_say(remark, error->message) : remark;
}
