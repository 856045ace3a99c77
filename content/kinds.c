/* kinds.c - see kinds.h */
#include "content/kinds.h"

/* clang-format off */
const char *const content_class_words[] = { "thong_thuong", "uu_tien", "khan_cap", NULL };

const char *const content_source_words[] = {
    "object", "tone", "silence", "stream", "line_in", "microphone", NULL,
};

const char *const content_trust_words[] = { "unset", "guarded", "synced", NULL };

const char *const content_reason_words[] = {
    "none", "object_missing", "object_corrupt", "decode_failed", "clock_untrusted",
    "outside_window", "over_daily_limit", "not_approved", "withdrawn", "displaced",
    "relay_failed", "gateway_down", "zone_unknown", "output_failed", "player_stopped",
    "no_power", "interrupted", "late_source", "unknown", "no_network", "quiet_request",
    "stopped", "replaced", "expired", NULL,
};

const char *const content_relay_words[] = { "unknown", "open", "closed", "fault", NULL };
/* clang-format on */

int
content_word_index(const char *const *words, const char *word)
{
    for (int i = 0; words[i] != NULL; i++) {
        if (g_strcmp0(words[i], word) == 0)
            return i;
    }
    return -1;
}
