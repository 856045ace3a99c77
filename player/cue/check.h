/*
 * check.h - may this segment sound here? The player's own answer, whatever the district
 * planned.
 *
 * Flow: a segment of an accepted plan + settings, approval, clock -> here -> a reason or none.
 * Pure.
 */
#pragma once

#include "content/manifest.h"
#include "content/plan.h"
#include "content/remark.h"
#include "player/cue/instant.h"
#include "player/cue/local-time.h"

/* Whether the audio lies in the cache. */
typedef enum {
    PLAY_OBJECT_MISSING,
    PLAY_OBJECT_HERE,
    PLAY_OBJECT_CORRUPT, /* it did not match its hash and was set aside */
} PlayObjectState;

typedef struct {
    const ContentStationSettings *settings; /* (nullable): none in force yet */
    const PlayLocalTime *local;             /* (nullable): as settings */
    const ContentApproval *approval;        /* (nullable): the one the segment names */
    ContentTrust trust;
    PlayObjectState object;
    gint64 used_us; /* calendar sound of other segments in the zone asked about, that date */
} PlayCheck;

/**
 * play_check_segment:
 * @out_detail: (out) (transfer full) (nullable): for the record; set with a reason
 *
 * The first rule of the table that refuses decides.
 *
 * Returns: CONTENT_REASON_NONE if it may sound
 */
ContentReason play_check_segment(const PlayCheck *facts, const ContentSegment *segment,
                                 ContentRemark **out_detail);

/**
 * play_check_zone:
 * @facts: with settings
 * @out_detail: (out) (transfer full): for the record; untouched without a reason
 *
 * Whether it may sound in that village: by the approval, and by the village's own windows and
 * minutes. A zone that is refused is left out; the others still sound.
 *
 * Returns: CONTENT_REASON_NONE if it may sound there
 */
ContentReason play_check_zone(const PlayCheck *facts, const ContentSegment *segment,
                              const char *zone, ContentRemark **out_detail);

/**
 * play_check_spoken:
 * @approval: (nullable): the one that the templates name beside @object
 * @language: in which it is to be said
 * @place: (nullable): NULL: wherever
 * @now: (nullable): NULL: whenever. A clock that nobody vouches for voids no approval: who
 * warns alone has no other
 *
 * Whether audio of a template may be said there now: a second person approved exactly it, as
 * what alerts say, in that language and for that place.
 *
 * Returns: (transfer full) (nullable): why not
 */
ContentRemark *play_check_spoken(const ContentApproval *approval, const char *object,
                                 const char *language, const ContentSettingsZone *place,
                                 const PlayInstant *now);

/** play_check_is_spoken: @approvals: (element-type ContentApproval): two phrases may sound the
 * same. Returns: whether one of them lets it be said, see play_check_spoken() */
gboolean play_check_is_spoken(const GPtrArray *approvals, const char *object,
                              const char *language, const ContentSettingsZone *place,
                              const PlayInstant *now);

/** play_check_find_zone: @settings: (nullable). Returns: (nullable) (transfer none) */
const ContentSettingsZone *play_check_find_zone(const ContentStationSettings *settings,
                                                const char *id);

/** play_check_windows: Returns: whether calendar sound of @class_ may start there then */
gboolean play_check_windows(const ContentSettingsZone *place, const PlayLocal *local,
                            gint class_);
