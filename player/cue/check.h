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
    gint64 used_us; /* calendar sound already begun on this output on that local date */
} PlayCheck;

/**
 * play_check_segment:
 * @out_detail: (out) (transfer full) (nullable): words for the record; set with a reason
 *
 * The first rule of the table that refuses decides.
 *
 * Returns: CONTENT_REASON_NONE if it may sound
 */
ContentReason play_check_segment(const PlayCheck *facts, const ContentSegment *segment,
                                 char **out_detail);

/**
 * play_check_zone:
 *
 * Whether the approval covers the village that would hear it. A zone that is refused is left
 * out; the others still sound.
 *
 * Returns: CONTENT_REASON_NONE, CONTENT_REASON_ZONE_UNKNOWN or CONTENT_REASON_NOT_APPROVED
 */
ContentReason play_check_zone(const PlayCheck *facts, const ContentSegment *segment,
                              const char *zone, char **out_detail);

/** play_check_windows: Returns: whether calendar sound of @class_ may start at that instant */
gboolean play_check_windows(const ContentStationSettings *settings, const PlayLocal *local,
                            gint class_);
