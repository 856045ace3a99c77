/* finding.c - see finding.h */
#include "scheduler/plan/finding.h"

/* clang-format off */
const char *const sched_finding_words[] = {
    "gap", "fallback", "not_approved", "displaced", "delayed", "overrun", "outside_window",
    "over_daily_limit", "zone_unknown", "too_many", "quiet_request", NULL,
};
/* clang-format on */

gboolean
sched_finding_is_silence(SchedFindingKind kind)
{
    return kind != SCHED_FINDING_FALLBACK && kind != SCHED_FINDING_DELAYED;
}
