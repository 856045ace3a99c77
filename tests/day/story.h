/*
 * story.h - a story of a station, told by its tape, to the millisecond.
 *
 * The cue is real; gateway, card, disk and clock are simulated (tests/support/cue-world.h).
 */
#pragma once

#include "tests/support/cue-world.h"

#define STORY_TZ    "Asia/Ho_Chi_Minh"
#define STORY_ZONES "o1:cho o1:nha-rong o1:suoi o2:truong"
#define STORY_DATE  "2026-03-02"

typedef struct {
    const char *name;
    void (*tell)(void);
} Story;

/** story_world: @out_day: (out) (transfer full): an empty plan. A world at 05:59 of a Monday */
CueWorld *story_world(ContentDayPlan **out_day);

/** story_at: @time: local, of that Monday, "HH:MM:SS". Returns: UTC */
gint64 story_at(CueWorld *world, const char *time);

/** story_run: until @time of that Monday */
void story_run(CueWorld *world, const char *time);

/** story_expect: the tape since the last time, whole */
#define story_expect(world, tape) story_expect_at(world, tape, G_STRLOC)
void story_expect_at(CueWorld *world, const char *tape, const char *where);

/** story_expect_heard: what the final record says of the sound itself, in ms from @time */
void story_expect_heard(CueWorld *world, const char *name, const char *zone, const char *time,
                        gint64 from_ms, gint64 to_ms, gint64 position_ms, gint64 silent_ms);

/** story_tell_all: @folder: of the cases' paths. Returns: the exit status of the program */
int story_tell_all(int argc, char **argv, const char *folder, const Story *stories, gsize n);
