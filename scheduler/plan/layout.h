/*
 * layout.h - occurrences become segments with an absolute start on each output.
 *
 * Flow: clash.h gives the order -> sched_layout_add() for each occurrence -> dayplan.h. Pure.
 *
 * On one amplifier the first language sounds in its villages, the next in its own, relays
 * following; zones that want the same are served together; between different zones there is
 * silence as long as the gateway needs to switch, no longer. A zone is left out of a segment
 * that starts outside the windows of its village or above the minutes it may hear a day. A
 * relay has no end of its own: it closes with its programme, where that comes first.
 */
#pragma once

#include "scheduler/plan/clash.h"
#include "scheduler/plan/finding.h"
#include "scheduler/plan/route.h"

/*
 * What an occurrence may last: with it, what starts on one day can only meet what starts on the
 * day before or after, so that three days settle every clash of the middle one.
 */
#define SCHED_MAX_OCCURRENCE_US (G_GINT64_CONSTANT(11) * 3600 * G_USEC_PER_SEC)

typedef struct {
    const SchedOccurrence *occurrence;
    const SchedIndexItem *item;
    const SchedIndexVersion *version;
    SchedZoneSet zones;
    guint output;
    guint repetition;
    const char *block; /* (nullable): language of the block, where it is not its own */
    gint64 start_us;
    gint64 duration_us; /* of the audio; of a relay what it was given */
} SchedSegment;

/* A finding and the day plan it belongs to. */
typedef struct {
    SchedDay day;
    SchedFinding finding;
} SchedDatedFinding;

typedef struct SchedLayout SchedLayout;

/**
 * sched_layout_new:
 * @from: first local day on which an occurrence given to it starts
 * @to: last one
 */
SchedLayout *sched_layout_new(const SchedIndexStation *station, SchedDay from, SchedDay to);
void sched_layout_free(SchedLayout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedLayout, sched_layout_free)

/**
 * sched_layout_add:
 * @occurrence: (not owned): must stay as long as the layout; most important ones come first
 */
void sched_layout_add(SchedLayout *self, const SchedOccurrence *occurrence);

/**
 * sched_layout_add_make_up:
 * @occurrence: (not owned): as above; is_make_up; its zones and start are those of the sounding
 * @item: of its playlist
 * @version: which language, in the item's announcement
 * @until_us: it ends before, wherever there is room; 0: the time is settled, and it waits two
 *   minutes for others as every occurrence does
 *
 * One sounding in what room is left, at its start or later. A zone is left out where it is not
 * approved, a request asks for silence, or a special day changes what sounds.
 */
void sched_layout_add_make_up(SchedLayout *self, const SchedOccurrence *occurrence,
                              const SchedIndexItem *item, guint version, gint64 until_us);

/** sched_layout_segments: (transfer none) (element-type SchedSegment): in order of adding */
const GArray *sched_layout_segments(const SchedLayout *self);

/** sched_layout_findings: (transfer none) (element-type SchedDatedFinding) */
const GArray *sched_layout_findings(const SchedLayout *self);

/**
 * sched_layout_report:
 * @zones: of the segment; one finding each
 * @quiet: (nullable): the request that silences them
 */
void sched_layout_report(SchedLayout *self, const SchedSegment *segment,
                         const SchedZoneSet *zones, SchedFindingKind kind,
                         const SchedQuiet *quiet);
