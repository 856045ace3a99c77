/*
 * plan-world.h - a small district in a few words, and its day plans as text.
 *
 * The district "huyen" has the commune "xa" with the villages "lang-a" … "lang-d" and the
 * station "tram"; sound is allowed round the clock unless a test says otherwise; relays switch
 * in 300 ms, so that 500 ms lie between segments to different zones.
 */
#pragma once

#include "scheduler/plan/dayplan.h"

/* A Monday: the first day of every slot unless a test says otherwise. */
#define PLAN_WORLD_DAY "2026-03-02"

SchedSnapshot *plan_world_new(void);

/* @languages: "bdq vi"; the zone "a" lies in the village "lang-a", and so on */
SchedZone *plan_world_zone(SchedSnapshot *world, const char *id, const char *languages);

/* @versions: "bdq:70 vi:60" in seconds, "-:5" for a signal; approved for the district */
SchedAnnouncement *plan_world_announcement(SchedSnapshot *world, const char *id,
                                           const char *versions);

/* @items: "chuong! tin ~10 tin radio^1800" - a signal, an announcement, a pause of 10 s, half
 * an hour of a stream … */
SchedPlaylist *plan_world_playlist(SchedSnapshot *world, const char *id, const char *items);

/* @start: "17:00" or "17:00:30"; approved, for the whole district */
SchedSlot *plan_world_slot(SchedSnapshot *world, const char *id, const char *playlist,
                           const char *start, const char *rule);

SchedDay plan_world_day(const char *text);

/*
 * The plan of one date as lines, segments first:
 *   "17:00:00 bdq tin [a b]", with ".500" after a time off the second, "+1" after the title for
 * a repetition, "@2" after it on another output than the first, "+1d" after a time past
 * midnight
 *   "! gap tin c vi" - a finding: kind, item, zone, language, "< slot" that goes first,
 * "(day)" that it comes from
 */
char *plan_world_show(const SchedSnapshot *world, const char *station, const char *date);
