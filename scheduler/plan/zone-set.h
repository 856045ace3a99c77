/*
 * zone-set.h - a set of zones of one station, as bits numbered by zone id.
 *
 * Flow: index.h numbers the zones; route, layout and clash compute with sets. Pure.
 */
#pragma once

#include "scheduler/plan/snapshot.h"

#define SCHED_ZONE_WORDS (SCHED_MAX_STATION_ZONES / 64)

typedef struct {
    guint64 word[SCHED_ZONE_WORDS];
} SchedZoneSet;

static inline void
sched_zone_set_add(SchedZoneSet *set, guint zone)
{
    set->word[zone / 64] |= G_GUINT64_CONSTANT(1) << (zone % 64);
}

static inline void
sched_zone_set_remove(SchedZoneSet *set, guint zone)
{
    set->word[zone / 64] &= ~(G_GUINT64_CONSTANT(1) << (zone % 64));
}

static inline gboolean
sched_zone_set_has(const SchedZoneSet *set, guint zone)
{
    return (set->word[zone / 64] >> (zone % 64)) & 1;
}

static inline gboolean
sched_zone_set_is_empty(const SchedZoneSet *set)
{
    guint64 any = 0;

    for (guint i = 0; i < SCHED_ZONE_WORDS; i++)
        any |= set->word[i];
    return any == 0;
}

static inline gboolean
sched_zone_set_equal(const SchedZoneSet *a, const SchedZoneSet *b)
{
    guint64 differing = 0;

    for (guint i = 0; i < SCHED_ZONE_WORDS; i++)
        differing |= a->word[i] ^ b->word[i];
    return differing == 0;
}

static inline SchedZoneSet
sched_zone_set_common(const SchedZoneSet *a, const SchedZoneSet *b)
{
    SchedZoneSet set;

    for (guint i = 0; i < SCHED_ZONE_WORDS; i++)
        set.word[i] = a->word[i] & b->word[i];
    return set;
}

/* Zones in one of the two but not in both. */
static inline SchedZoneSet
sched_zone_set_differing(const SchedZoneSet *a, const SchedZoneSet *b)
{
    SchedZoneSet set;

    for (guint i = 0; i < SCHED_ZONE_WORDS; i++)
        set.word[i] = a->word[i] ^ b->word[i];
    return set;
}

/* The first zone at or after @from; SCHED_MAX_STATION_ZONES when there is none. */
static inline guint
sched_zone_set_next(const SchedZoneSet *set, guint from)
{
    for (guint i = from / 64; i < SCHED_ZONE_WORDS; i++) {
        guint64 word = set->word[i];

        if (i == from / 64)
            word &= ~G_GUINT64_CONSTANT(0) << (from % 64);
        if (word != 0)
            return i * 64 + (guint) __builtin_ctzll(word);
    }
    return SCHED_MAX_STATION_ZONES;
}

/* for (SCHED_ZONES(set, zone)) goes through the zones of @set in order. */
#define SCHED_ZONES(set, zone)                                                                 \
    guint zone = sched_zone_set_next((set), 0);                                                \
    zone < SCHED_MAX_STATION_ZONES;                                                            \
    zone = zone + 1 < SCHED_MAX_STATION_ZONES ? sched_zone_set_next((set), zone + 1)           \
                                              : SCHED_MAX_STATION_ZONES
