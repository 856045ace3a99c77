/*
 * cue-world-inside.h - what the files of cue-world.h share; no test includes this.
 *
 * Flow: an action of the cue -> gateway, card or journal -> the tape, and back into the cue
 * when its time has come; cue-world-check.c looks on.
 */
#pragma once

#include "tests/support/cue-world.h"

#define WORLD_TURN_US G_GINT64_CONSTANT(1000) /* a turn of a main loop, or of a socket */
#define WORLD_NEVER   G_MAXINT64

/* A relay, its amplifier, and what the gateway does to both. */
typedef struct {
    char *id;
    gint64 delay_us; /* asked until confirmed; -1: never */
    gint64 tail_us;
    gboolean is_wished, is_closed;
    gint64 asked_us, ready_us;
    gint64 change_us;   /* when the relay will have moved; WORLD_NEVER: it stands */
    gint64 released_us; /* when a wish left it out */
} WorldZone;

/* An alert as it was handed over, and what was told of it. */
#define WORLD_MAX_ALERT_ZONES 8
typedef struct {
    ContentAlert *alert; /* (owned) */
    gint64 taken_us;
    gboolean is_done;
    gboolean is_told[WORLD_MAX_ALERT_ZONES], is_settled[WORLD_MAX_ALERT_ZONES];
    ContentReason reasons[WORLD_MAX_ALERT_ZONES];
} WorldAlert;

typedef struct {
    guint64 item;
    char *alert;  /* (owned) (nullable): it is of */
    char *object; /* (owned) (nullable) */
    char *output, *name;
    char **zones;
    gint64 start_us, end_us, position_us; /* as placed; start 0: prepared only */
    gboolean is_live;
    gint64 hushed_us; /* since when nothing comes of its live sound; 0: it does */
    gboolean has_started;
    gint64 over_us;    /* when the card will be silent; WORLD_NEVER: not placed */
    gint64 missing_us; /* the audio is so much shorter than its plan */
} WorldItem;

typedef struct {
    gint64 first_us, last_us; /* UTC: what any plan said of a segment's time */
} WorldBounds;

struct CueWorld {
    PlayCue *cue;
    char *tzid;
    GTimeZone *zone;
    gint64 monotonic_us, offset_us;
    ContentTrust trust;
    PlayAlarm alarm;
    guint n_steps, n_steps_here;

    ContentStationSettings *settings;
    GHashTable *days;            /* date -> ContentDayPlan: newest handed over */
    GHashTable *salts;           /* date -> salt */
    GHashTable *names;           /* id and object hash -> name */
    GHashTable *bounds;          /* id -> WorldBounds, over all plans handed over */
    GHashTable *objects;         /* hash -> state */
    GHashTable *objects_changed; /* hash -> gint64: when its state was last another one */
    gint64 version, issued_us;

    GHashTable *zones; /* id -> WorldZone */
    gboolean gateway_up, card_works, was_stepped;
    gboolean was_troubled; /* an alert may have had to wait for something else than another */
    GPtrArray *wish;       /* ids of the last wish */
    gint64 wish_number, answered_wish;
    gint64 tell_state_us;
    char **board_faults;  /* (owned) (nullable) */
    GPtrArray *alerts;    /* WorldAlert */
    GPtrArray *stops;     /* ContentStop */
    GPtrArray *items;     /* WorldItem */
    GHashTable *gains;    /* name -> millidecibel */
    GHashTable *short_ms; /* name -> by how much its audio is too short */

    GPtrArray *journal;   /* ContentRecord */
    GHashTable *finals;   /* "name zone" -> count */
    GHashTable *last;     /* "name zone" -> ContentRecord, of the journal */
    GPtrArray *unwritten; /* segment ids whose `started` is not on disk yet */
    gboolean disk_is_slow;
    gint64 drafted_us; /* so old are drafts; -1: there are none */
    GString *tape;
    gboolean is_quiet;
};

/** cue_world_now: Returns: as the cue is told */
PlayInstant cue_world_now(const CueWorld *world);

/** cue_world_next_us: Returns: monotonic; when anything happens next */
gint64 cue_world_next_us(const CueWorld *world);

/** cue_world_run_until: @until_us: monotonic */
void cue_world_run_until(CueWorld *world, gint64 until_us);

/** cue_world_write: a line of the tape, at the present */
void cue_world_write(CueWorld *world, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** cue_world_fail: ends the test; the tape tells how it came to that */
void cue_world_fail(const CueWorld *world, const char *format, ...)
    G_GNUC_PRINTF(2, 3) G_GNUC_NORETURN;

/* ---- what must always hold: cue-world-check.c ---- */

/** cue_world_check_wish: @zones: (element-type ContentWishZone): only for segments due, in a
 * plan */
void cue_world_check_wish(const CueWorld *world, const GPtrArray *zones);

/** cue_world_check_hearers: whoever hears an item was meant to hear it */
void cue_world_check_hearers(const CueWorld *world);

/** cue_world_check_overlap: an output plays one item at a time */
void cue_world_check_overlap(const CueWorld *world, const WorldItem *item);

/* ---- the gateway: cue-world-gateway.c ---- */

void cue_world_zone_free(gpointer data);

/** cue_world_add_zones: those of the settings, all open */
void cue_world_add_zones(CueWorld *world);

/** cue_world_tell_inventory: to the cue, or that there is no gateway */
void cue_world_tell_inventory(CueWorld *world);

/** cue_world_take_wish: @action: a PLAY_DO_WISH */
void cue_world_take_wish(CueWorld *world, const PlayAction *action);

/** cue_world_open_all: at once, as when the gateway or the player dies */
void cue_world_open_all(CueWorld *world);

/** cue_world_gateway_next_us: Returns: monotonic; when a relay moves or a state is told next */
gint64 cue_world_gateway_next_us(const CueWorld *world);

/** cue_world_gateway_turn: what is due at the present happens */
void cue_world_gateway_turn(CueWorld *world);

/* ---- the sound cards: cue-world-card.c ---- */

void cue_world_item_free(gpointer data);

/** cue_world_prepare, _place, _cancel: @action: the cue's, of that kind */
void cue_world_prepare(CueWorld *world, const PlayAction *action);
void cue_world_place(CueWorld *world, const PlayAction *action);
void cue_world_cancel(CueWorld *world, const PlayAction *action);

/** cue_world_interrupt: as cue_world_place(), now, and whatever else is on the output ends */
void cue_world_interrupt(CueWorld *world, const PlayAction *action);

/** cue_world_card_next_us: Returns: monotonic; when an item begins or ends next */
gint64 cue_world_card_next_us(const CueWorld *world);

/** cue_world_card_turn: what is due at the present begins and ends */
void cue_world_card_turn(CueWorld *world);

/* ---- alerts: cue-world-alerts.c ---- */

void cue_world_alert_free(gpointer data);

/** cue_world_tell_alerts: those that are not over, and all stops, to a cue that is new */
void cue_world_tell_alerts(CueWorld *world);

/** cue_world_alert_done: the cue says that it is over */
void cue_world_alert_done(CueWorld *world, const char *id);

/** cue_world_check_alert_wish: @id may have @zone on now */
void cue_world_check_alert_wish(const CueWorld *world, const char *zone, const char *id);

/** cue_world_alert_hearers: Returns: (transfer full): zones that may hear @object of @id; NULL:
 * its signal */
char **cue_world_alert_hearers(const CueWorld *world, const char *id, const char *object);

/** cue_world_check_alert_rank: no alert that comes before @id waits for @output */
void cue_world_check_alert_rank(const CueWorld *world, const char *id, const char *output);

/** cue_world_check_live: no live sound of which nothing has come for half a minute is on */
void cue_world_check_live(const CueWorld *world);

/** cue_world_check_relays: none is closed for longer than a second without an order */
void cue_world_check_relays(const CueWorld *world);

/** cue_world_take_alert_record: @record: of an alert */
void cue_world_take_alert_record(CueWorld *world, const ContentRecord *record);

/* ---- the journal: cue-world-journal.c ---- */

/** cue_world_take_record: @record: (transfer full) */
void cue_world_take_record(CueWorld *world, ContentRecord *record);

/* ---- what the district sends: cue-world-plans.c ---- */

/** cue_world_find_segment: Returns: (nullable) (transfer none): of a plan in force */
ContentSegment *cue_world_find_segment(const CueWorld *world, const char *id);

/** cue_world_name_of: @hash: (nullable): of a segment or object. Returns: "?" if it is of no
 * plan */
const char *cue_world_name_of(const CueWorld *world, const char *hash);

/** cue_world_tell_settings: to the cue, as a document that was read */
void cue_world_tell_settings(CueWorld *world);

/** cue_world_tell_day: @since_us: UTC: from when on it is in force */
void cue_world_tell_day(CueWorld *world, const ContentDayPlan *day, gint64 since_us);

/** cue_world_obey: a manifest that names all days as they are now */
void cue_world_obey(CueWorld *world);
