/* watch.c - see watch.h */
#include "player/output/watch.h"

PlayWatchHeard
play_watch_judge(gboolean has_come, gint64 level_mdb)
{
    if (!has_come)
        return PLAY_WATCH_ABSENT;
    return level_mdb >= PLAY_WATCH_THRESHOLD_MDB ? PLAY_WATCH_SOUND : PLAY_WATCH_QUIET;
}

/* The part of a hush that is long enough to be told; the first time all of it. */
static void
tell(PlayWatch *watch, gint64 span_us, gint64 absent_us)
{
    watch->story.gone_us += absent_us;
    watch->story.silent_us += span_us - absent_us;
}

static void
add_hush(PlayWatch *watch, gint64 span_us, gint64 absent_us)
{
    gboolean was_long = watch->hushed_us >= PLAY_WATCH_SILENT_US;

    watch->back_us = 0;
    watch->hushed_us += span_us;
    watch->absent_us += absent_us;
    if (was_long)
        tell(watch, span_us, absent_us);
    else if (watch->hushed_us >= PLAY_WATCH_SILENT_US)
        tell(watch, watch->hushed_us, watch->absent_us);
    if (watch->hushed_us >= PLAY_WATCH_SILENT_US)
        watch->is_deserted = TRUE;
}

static void
add_sound(PlayWatch *watch, gint64 span_us)
{
    watch->back_us += span_us;
    /* One crackle in a dead line is no programme: it does not begin the ten seconds anew. */
    if (watch->is_deserted && watch->back_us < PLAY_WATCH_BACK_US)
        return;
    watch->is_deserted = FALSE;
    watch->hushed_us = watch->absent_us = 0;
}

gboolean
play_watch_add(PlayWatch *watch, PlayWatchHeard heard, gint64 span_us)
{
    if (heard == PLAY_WATCH_SOUND)
        add_sound(watch, span_us);
    else
        add_hush(watch, span_us, heard == PLAY_WATCH_ABSENT ? span_us : 0);
    return watch->is_deserted;
}

void
play_watch_spared(PlayWatch *watch, gint64 span_us)
{
    watch->story.spare_us += span_us;
}
