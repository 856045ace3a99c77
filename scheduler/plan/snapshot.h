/*
 * snapshot.h - everything the plan is made from, as plain values.
 *
 * Flow: scheduler/store (or publish) fills one snapshot in one read transaction -> index.h
 * checks and compiles it -> expand, layout, dayplan. Pure.
 *
 * How to fill it: sched_snapshot_new(), then append structs made by the sched_…_new() functions
 * below to its arrays. Order does not matter unless stated; every string is owned and copied
 * in. Only what is in force belongs in it: areas valid today, versions with a valid approval.
 * Ids are content_id_is_valid(); a row that breaks a rule stated here is left out by
 * sched_index_new(), which names it. A row that could not even be read is named in `troubles`.
 */
#pragma once

#include "content/kinds.h"
#include "content/manifest.h"
#include "scheduler/plan/calendar.h"
#include "scheduler/plan/trouble.h"

/* Limits; what is above them is left out. */
#define SCHED_MAX_AREA_DEPTH     16  /* province … village needs four */
#define SCHED_MAX_STATION_ZONES  256 /* the largest merged commune known has 102 */
#define SCHED_MAX_ZONE_LANGUAGES 8
#define SCHED_MAX_VERSIONS       16  /* of one announcement */
#define SCHED_MAX_ITEMS          200 /* of one playlist */
#define SCHED_MAX_TIMES          20  /* repetitions of one item */
#define SCHED_MAX_PAUSE_MS       (60 * 60 * 1000)
#define SCHED_MIN_RELAY_US       (10 * G_USEC_PER_SEC) /* a stream's or line-in's */
#define SCHED_MAX_SLOT_ID_BYTES  53 /* with a hyphen and a date it is an occurrence id of 64 */

/* An administrative unit or a grouping; the tree may have any depth up to the limit. */
typedef struct {
    char *id;
    char *parent; /* (nullable): NULL at the top */
    char *name;
    /*
     * (element-type ContentWindow): when calendar sound may start. Empty: as the area above.
     * A tree without any window is silent. The nearest area that states some decides alone.
     */
    GPtrArray *windows;
    gint64 daily_limit_min; /* minutes a village may hear a day; -1: as the area above (24 h) */
} SchedArea;

typedef struct {
    char *id;
    char *area; /* whose operator decides clashes: usually the commune */
    char *tzid;
    gboolean has_inventory; /* its gateway has said which zones it can switch */
} SchedStation;

/* A relay group in one village; hears what sounds on its output while its relays are closed. */
typedef struct {
    char *id; /* unique within the station */
    char *station;
    char *output;
    char *village; /* area id */
    char *name;
    GPtrArray *languages; /* (element-type utf8): tags, most wanted first; at least one */
    gboolean is_known;    /* in the station's inventory; looked at if has_inventory */
    gint64 switch_ms;     /* from the inventory: asked → confirmed; 0: unknown */
} SchedZone;

/* One approved language of an announcement; a signal or music has one version without. */
typedef struct {
    char *id;
    char *language; /* (nullable): NULL for a signal or music */
    char *object;   /* SHA-256 of the audio */
    char *approval; /* hash of the approval document */
    gint64 size_bytes;
    gint64 duration_us;
    gint class_;      /* ContentClass: the highest it may be played as */
    GPtrArray *areas; /* (element-type utf8): approved for these, subtrees included */
    gint64 valid_from_us;
    gint64 valid_until_us; /* exclusive: its segments start before */
} SchedVersion;

typedef struct {
    char *id;
    char *title;
    gboolean is_music;   /* left out where a special day says "no music" */
    GPtrArray *versions; /* (element-type SchedVersion): one a language */
} SchedAnnouncement;

typedef enum {
    SCHED_PLAN_ITEM_ANNOUNCEMENT, /* each zone hears the language that is routed to it */
    SCHED_PLAN_ITEM_SIGNAL, /* jingle, gong or music: the version without a language, to all */
    SCHED_PLAN_ITEM_PAUSE,
    /* A source as it comes, in the language routed to each zone; its version's audio is the
     * spare. It sounds as long as the item says, or as the programme and the approval last. */
    SCHED_PLAN_ITEM_STREAM,
    SCHED_PLAN_ITEM_LINE_IN,
} SchedPlanItemKind;

/** sched_plan_item_is_relay: Returns: whether nobody can have heard it beforehand */
gboolean sched_plan_item_is_relay(SchedPlanItemKind kind);

typedef struct {
    char *id;
    SchedPlanItemKind kind;
    char *announcement; /* (nullable): id; NULL for a pause */
    gint64 pause_ms;    /* of a pause */
    gint64 relay_us;    /* of a stream or a line-in: its length */
    gint64 times;       /* how often it sounds in a row, ≥ 1 */
} SchedItem;

typedef struct {
    char *id;
    GPtrArray *items; /* (element-type SchedItem): in order */
} SchedPlaylist;

typedef enum {
    SCHED_PLAN_EACH,  /* a zone hears every language it lists, in its order */
    SCHED_PLAN_FIRST, /* a zone hears the first language it lists that there is */
} SchedPlanPolicy;

typedef enum {
    SCHED_PLAN_BY_ITEM,     /* item 1 in all languages, then item 2 … */
    SCHED_PLAN_BY_LANGUAGE, /* the whole playlist in one language, then in the next */
} SchedPlanOrder;

/* A playlist at a time of day, for some places, on some days. */
typedef struct {
    char *id;
    char *title;
    char *playlist;
    char *tzid; /* of its own: the local dates and the start are in this zone */
    char *rule; /* as sched_recurrence_save() gave it; "": the first day only */
    SchedDay first_day;
    GArray *added_days;   /* (element-type SchedDay) */
    GArray *removed_days; /* (element-type SchedDay) */
    gint64 start_s;       /* second of the local day, 0 … 86399 */
    gint64 length_s;      /* what would end after it is not started; 0: as long as it takes */
    GPtrArray *areas;     /* (element-type utf8): all zones in their subtrees */
    GPtrArray *zones;     /* (element-type utf8): and these, by sched_slot_add_zone() */
    gint class_;          /* ContentClass, never KHAN_CAP: that is for alerts */
    gint64 gain_mdb;      /* ≤ 0 */
    SchedPlanPolicy policy;
    SchedPlanOrder order;
    gint64 make_up_min; /* what was missed is made up before this minute of the date; 0: not */
    gint64 priority;    /* within a class, higher goes first where the commune said nothing */
    gboolean is_approved; /* by a second person */
} SchedSlot;

/* Another playlist, or silence, on one date of one slot. */
typedef struct {
    char *slot;
    SchedDay day;         /* the slot's local date */
    char *playlist;       /* (nullable): NULL: nothing sounds that day */
    gboolean is_approved; /* silence needs none; another playlist without it is not in force */
} SchedOverride;

typedef enum {
    SCHED_SPECIAL_SKIP,     /* nothing of the calendar sounds */
    SCHED_SPECIAL_NO_MUSIC, /* all but the music */
    SCHED_SPECIAL_MOVE_TO,  /* at another time of the same date */
    SCHED_SPECIAL_MOVE_BY,  /* earlier or later on the same date */
    SCHED_SPECIAL_REPLACE,  /* another playlist, at the slot's time */
} SchedSpecialAct;

#define SCHED_SPECIAL_MAX_DAYS     60        /* from the first to the last date */
#define SCHED_SPECIAL_MAX_MOVE_MIN (12 * 60) /* of MOVE_BY, either way */

/* Tết, a festival, mourning: what is different for the slots of a place on some dates. */
typedef struct {
    char *id;
    char *name;
    char *area;           /* and all below it */
    SchedDay first, last; /* dates of the slots, in the slots' own zones; both inclusive */
    gint64 from_min;      /* only slots that begin in these minutes of the day, */
    gint64 to_min;        /* exclusive; 0 and 1440: all */
    SchedSpecialAct act;
    gint64 minutes; /* MOVE_TO: of the day; MOVE_BY: later, negative: earlier; else 0 */
    char *playlist; /* (nullable): of REPLACE */
} SchedSpecialDay;

/* What was missed and sounds once more: an item in one language, in some zones of a station. */
typedef struct {
    char *slot;
    SchedDay slot_day; /* of the occurrence that was missed */
    char *item;
    char *language; /* (nullable): NULL for a signal */
    char *object;   /* the audio that was missed: another one is not made up with it */
    char *station;
    GPtrArray *zones; /* (element-type utf8) */
    gint64 start_us;
} SchedMakeUp;

/* How a commune orders slots that clash within one class: lower ranks go first. */
typedef struct {
    char *area;
    char *slot;
    gint64 rank;
} SchedChoice;

/* Somebody asked for silence in a village or a zone; alerts are not part of any plan. */
typedef struct {
    char *id;
    char *area;           /* (nullable): all zones in its subtree; NULL: the zone alone */
    char *station, *zone; /* (nullable) */
    gint64 from_us;       /* UTC; nothing sounds from here */
    gint64 until_us;      /* exclusive */
    char *reason;         /* a word, for people */
    char *words;          /* (nullable): and in whose own words */
    char *who;            /* name of who asked */
} SchedQuiet;

typedef struct {
    GPtrArray *areas;         /* (owned) (element-type SchedArea) */
    GPtrArray *stations;      /* (owned) (element-type SchedStation) */
    GPtrArray *zones;         /* (owned) (element-type SchedZone) */
    GPtrArray *announcements; /* (owned) (element-type SchedAnnouncement) */
    GPtrArray *playlists;     /* (owned) (element-type SchedPlaylist) */
    GPtrArray *slots;         /* (owned) (element-type SchedSlot) */
    GPtrArray *overrides;     /* (owned) (element-type SchedOverride) */
    GPtrArray *choices;       /* (owned) (element-type SchedChoice) */
    GPtrArray *quiets;        /* (owned) (element-type SchedQuiet) */
    GPtrArray *specials;      /* (owned) (element-type SchedSpecialDay) */
    GPtrArray *make_ups;      /* (owned) (element-type SchedMakeUp): in the order decided */
    GPtrArray *troubles;      /* (owned) (element-type SchedTrouble): rows that are not in it */
} SchedSnapshot;

/** sched_snapshot_new: Returns: (transfer full): empty; its arrays free what they hold */
SchedSnapshot *sched_snapshot_new(void);
void sched_snapshot_free(SchedSnapshot *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedSnapshot, sched_snapshot_free)

/**
 * sched_snapshot_add_area and the others:
 *
 * Each makes a zeroed struct with empty arrays, appends it to the right array and returns it
 * (transfer none) for the caller to fill in; strings given are copied.
 */
/* Without windows and limit of its own. */
SchedArea *sched_snapshot_add_area(SchedSnapshot *self, const char *id, const char *parent,
                                   const char *name);
SchedStation *sched_snapshot_add_station(SchedSnapshot *self, const char *id, const char *area,
                                         const char *tzid);
SchedZone *sched_snapshot_add_zone(SchedSnapshot *self, const char *id, const char *station,
                                   const char *output, const char *village, const char *name);
SchedAnnouncement *sched_snapshot_add_announcement(SchedSnapshot *self, const char *id,
                                                   const char *title);
/* Class THONG_THUONG, valid for ever, no area: to be filled in. */
SchedVersion *sched_announcement_add_version(SchedAnnouncement *self, const char *id,
                                             const char *language, const char *object,
                                             const char *approval);
SchedPlaylist *sched_snapshot_add_playlist(SchedSnapshot *self, const char *id);
/* Sounds once. */
SchedItem *sched_playlist_add_item(SchedPlaylist *self, const char *id, SchedPlanItemKind kind,
                                   const char *announcement);
/* In "Asia/Ho_Chi_Minh", class THONG_THUONG, policy EACH, by item, not approved. */
SchedSlot *sched_snapshot_add_slot(SchedSnapshot *self, const char *id, const char *title,
                                   const char *playlist);
void sched_slot_add_zone(SchedSlot *self, const char *station, const char *zone);
SchedOverride *sched_snapshot_add_override(SchedSnapshot *self, const char *slot, SchedDay day,
                                           const char *playlist, gboolean is_approved);
SchedChoice *sched_snapshot_add_choice(SchedSnapshot *self, const char *area, const char *slot,
                                       gint64 rank);
/* Of no place yet: to be filled in. */
SchedQuiet *sched_snapshot_add_quiet(SchedSnapshot *self, const char *id, gint64 from_us,
                                     gint64 until_us);

/** sched_make_up_new: Returns: (transfer full): without zones */
SchedMakeUp *sched_make_up_new(const char *slot, SchedDay slot_day, const char *item,
                               const char *language, const char *object, const char *station,
                               gint64 start_us);
void sched_make_up_free(SchedMakeUp *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedMakeUp, sched_make_up_free)

/** sched_snapshot_add_special: concerns all slots of the day, and has its id for a name */
SchedSpecialDay *sched_snapshot_add_special(SchedSnapshot *self, const char *id,
                                            const char *area, SchedDay first, SchedDay last,
                                            SchedSpecialAct act);

/** sched_area_add_window: from and to in minutes after local midnight, weekdays as
 * ContentWindow */
void sched_area_add_window(SchedArea *area, ContentClass class_, guint weekdays,
                           gint64 from_min, gint64 to_min);
