/* finding.c - see finding.h */
#include "scheduler/plan/finding.h"

/* clang-format off */
const char *const sched_finding_words[] = {
    "gap", "fallback", "not_approved", "displaced", "delayed", "overrun", "outside_window",
    "over_daily_limit", "zone_unknown", "too_many", "quiet_request", "special_day",
    "no_music", "moved", "replaced", "day_overruled", NULL,
};
/* clang-format on */

gboolean
sched_finding_is_silence(SchedFindingKind kind)
{
    static const guint remarks = 1u << SCHED_FINDING_FALLBACK | 1u << SCHED_FINDING_DELAYED |
                                 1u << SCHED_FINDING_MOVED | 1u << SCHED_FINDING_REPLACED |
                                 1u << SCHED_FINDING_DAY_OVERRULED;

    return (remarks >> kind & 1) == 0;
}
