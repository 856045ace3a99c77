/*
 * index-private.h - how an index is built, shared by the files that build it.
 *
 * Flow: index.c calls the steps in order; a step leaves out, by name, what breaks a rule.
 * Pure.
 */
#pragma once

#include "scheduler/plan/index.h"

struct SchedIndex {
    GHashTable *tags;                  /* (owned): tag -> number */
    GHashTable *areas;                 /* (owned): id -> SchedIndexArea */
    GHashTable *stations;              /* (owned): id -> SchedIndexStation */
    GHashTable *zones;                 /* (owned): "station/zone" -> SchedIndexZone */
    GHashTable *announcements;         /* (owned): id -> SchedIndexAnnouncement */
    GHashTable *playlists;             /* (owned): id -> SchedIndexPlaylist */
    GHashTable *slots;                 /* (owned): id -> SchedIndexSlot */
    SchedDay special_from, special_to; /* all special days lie between; none: from > to */
    GPtrArray *silences;               /* (owned): special days that broke a rule, as silence */
    GHashTable *calendars;             /* (owned): tzid -> SchedCalendar */
    GPtrArray *troubles;               /* (owned) (element-type SchedTrouble) */
    GHashTable *left_stations;         /* (owned): id -> words of its trouble */
};

/** sched_index_refuse: sets SCHED_INDEX_ERROR_INVALID. Returns: FALSE */
gboolean sched_index_refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/**
 * sched_index_spoilt: as sched_index_refuse(), of a row
 * @code: of content_remark_codes
 * @subject: (nullable): id of the row
 * @...: names and values of the code's arguments, NULL-terminated
 */
gboolean sched_index_spoilt(GError **error, const char *code, const char *subject,
                            ...) G_GNUC_NULL_TERMINATED;

/** sched_index_spoilt_by: with what @cause says behind it */
gboolean sched_index_spoilt_by(GError **error, const GError *cause, const char *code,
                               const char *subject);

/** sched_index_check_new: @id: must be valid and not in @table yet */
gboolean sched_index_check_new(GHashTable *table, const char *kind, const char *id,
                               GError **error);

/** sched_index_tongue: @tag: (nullable) */
SchedTongue sched_index_tongue(SchedIndex *self, const char *tag);

/** sched_index_calendar: Returns: (transfer none): NULL when @tzid is unknown */
SchedCalendar *sched_index_calendar(SchedIndex *self, const char *tzid, const char *kind,
                                    const char *id, GError **error);

/**
 * sched_index_leave_out:
 * @place: (nullable)
 * @error: (transfer full): what it says about the row goes among the troubles
 */
void sched_index_leave_out(SchedIndex *self, const char *kind, const char *id,
                           const char *place, GError *error);

/** sched_index_add_areas and the others: index-places.c; zones need areas and stations */
void sched_index_add_areas(SchedIndex *self, const SchedSnapshot *snapshot);
void sched_index_add_stations(SchedIndex *self, const SchedSnapshot *snapshot);
void sched_index_add_zones(SchedIndex *self, const SchedSnapshot *snapshot);
void sched_index_area_free(gpointer area);
void sched_index_station_free(gpointer station);

/** sched_index_add_make_ups: make-up.c; needs stations */
void sched_index_add_make_ups(SchedIndex *self, const SchedSnapshot *snapshot);

/** sched_index_add_specials: index-specials.c; needs areas and playlists */
void sched_index_add_specials(SchedIndex *self, const SchedSnapshot *snapshot);

/** sched_index_add_announcements, _playlists: index-content.c; playlists need announcements */
void sched_index_add_announcements(SchedIndex *self, const SchedSnapshot *snapshot);
void sched_index_add_playlists(SchedIndex *self, const SchedSnapshot *snapshot);
void sched_index_announcement_free(gpointer announcement);
void sched_index_playlist_free(gpointer playlist);

/** sched_index_add_slots and the others: index-slots.c; need all of the above; choices last */
void sched_index_add_slots(SchedIndex *self, const SchedSnapshot *snapshot);
void sched_index_add_overrides(SchedIndex *self, const SchedSnapshot *snapshot);
void sched_index_add_choices(SchedIndex *self, const SchedSnapshot *snapshot);
void sched_index_slot_free(gpointer slot);

/** sched_index_add_quiets: quiet.c; needs areas and zones */
void sched_index_add_quiets(SchedIndex *self, const SchedSnapshot *snapshot);
