/*
 * heartbeat.h - what a station says of itself: heartbeat, hello, report and inventory.
 *
 * Flow: player/report writes, scheduler/publish reads. Pure. Unknown is said as unknown.
 */
#pragma once

#include "content/document.h"
#include "content/kinds.h"
#include "content/manifest.h"
#include "content/remark.h"

/* Faults in one heartbeat; whoever has more says how many more. */
#define CONTENT_HEARTBEAT_MAX_FAULTS 64

typedef struct {
    char *alert;      /* (owned) (nullable): id of the alert that it is part of */
    char *output;     /* (owned) */
    char *segment;    /* (owned) */
    char *title;      /* (owned) */
    char *language;   /* (owned) (nullable) */
    GPtrArray *zones; /* (owned) (element-type utf8) */
    gint64 position_us;
    gint64 level_mdb; /* RMS of the last second handed to the PCM */
} ContentSounding;
extern const ContentShape content_sounding_shape;

typedef struct {
    char *zone;     /* (owned) */
    gint relay;     /* ContentRelay: as last read */
    gint64 read_us; /* when; 0: never */
} ContentZoneState;
extern const ContentShape content_zone_state_shape;

typedef struct {
    ContentRemark what; /* code and subject name the fault; embedded, its members are owned */
    gint64 since_us;
} ContentFault;
extern const ContentShape content_fault_shape;

/* Mains and battery inputs, where wired. */
typedef enum {
    CONTENT_POWER_UNKNOWN,
    CONTENT_POWER_ON,
    CONTENT_POWER_OFF,
} ContentPower;
extern const char *const content_power_words[];

typedef struct {
    char *station; /* (owned) */
    char *boot;    /* (owned) */
    gint64 at_us;
    gint64 uptime_s;         /* of the machine */
    gint trust;              /* ContentTrust */
    gint64 manifest_version; /* in force; 0: none */
    gint64 days_ready;       /* whole days ahead, today included, that need no network */
    gint64 missing_objects;
    gint64 missing_bytes;
    gint64 free_bytes; /* of the file system that holds the cache */
    gint64 total_bytes;
    gint64 temperature_mc;           /* 1/1000 °C; absent: G_MININT64 */
    gint mains;                      /* ContentPower */
    gint battery;                    /* ContentPower: ON means that the station runs on it */
    gint64 down_from_us, down_to_us; /* last time the player was not running; 0: unknown */
    gint down_reason;                /* ContentReason: no_power, player_stopped, unknown */
    char *journal;                   /* (owned) */
    gint64 journal_seq;              /* newest record */
    gint64 acked_seq;                /* newest acknowledged */
    ContentAuditHead *audit;         /* (owned) (nullable): as in the manifest in force */
    GPtrArray *sounding;             /* (owned) (element-type ContentSounding) */
    GPtrArray *zones;                /* (owned) (element-type ContentZoneState) */
    GPtrArray *faults;               /* (owned) (element-type ContentFault) */
    char *player_version;            /* (owned) */
    char *gateway_version;           /* (owned) (nullable): NULL: no gateway answers */
} ContentHeartbeat;
extern const ContentDocumentType content_heartbeat_type;
void content_heartbeat_free(ContentHeartbeat *heartbeat);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentHeartbeat, content_heartbeat_free)

/* What the gateway says it can switch; hashed so that the district sees a change. */
typedef struct {
    char *id;         /* (owned) */
    char *output;     /* (owned) */
    gint64 switch_ms; /* asked → confirmed, amplifier warm */
    gint64 warm_up_ms;
    gint64 tail_ms;
    gint64 max_on_s;
    gboolean has_sense; /* a line-sense or fault input proves sound at the line */
} ContentInventoryZone;
extern const ContentShape content_inventory_zone_shape;

typedef struct {
    char *version;    /* (owned): of the gateway program */
    GPtrArray *zones; /* (owned) (element-type ContentInventoryZone): by id */
    GPtrArray
        *buttons;     /* (owned) (element-type utf8): inputs that people press; told only where
                       * there is one, since a district that is older does not know them */
    GPtrArray *lamps; /* (owned) (element-type utf8): the same */
} ContentInventory;
extern const ContentDocumentType content_inventory_type;
void content_inventory_free(ContentInventory *inventory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentInventory, content_inventory_free)

typedef struct {
    char *key;      /* (owned): key id */
    gint64 version; /* highest accepted under it */
} ContentFloor;
extern const ContentShape content_floor_shape;

typedef struct {
    char *type; /* (owned) */
    gint64 v;
} ContentReads;
extern const ContentShape content_reads_shape;

/* Said at every connection, signed by the station's key. */
typedef struct {
    char *station; /* (owned) */
    char *boot;    /* (owned) */
    gint64 at_us;
    gint64 manifest_version;
    char *journal; /* (owned) */
    gint64 journal_seq;
    gint64 acked_seq;
    GPtrArray *floors; /* (owned) (element-type ContentFloor) */
    GPtrArray *reads;  /* (owned) (element-type ContentReads) */
    char *inventory;   /* (owned) (nullable): exact bytes of the inventory; NULL: no gateway */
    char *player_version; /* (owned) */
} ContentHello;
extern const ContentDocumentType content_hello_type;
void content_hello_free(ContentHello *hello);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentHello, content_hello_free)

typedef enum {
    CONTENT_DAY_PENDING, /* its day plan is not there yet */
    CONTENT_DAY_APPLIED, /* in force; missing_bytes of its audio may still be on the way */
} ContentDayState;
extern const char *const content_day_state_words[];

typedef struct {
    char *date; /* (owned) */
    char *hash; /* (owned) */
    gint state; /* ContentDayState */
    gint64 missing_objects;
    gint64 missing_bytes;
} ContentReportDay;
extern const ContentShape content_report_day_shape;

/* What became of a manifest: said when it is accepted or refused and when a day changes. */
typedef struct {
    char *station; /* (owned) */
    gint64 manifest_version;
    gboolean accepted;
    ContentRemark *refusal; /* (owned) (nullable): why not */
    GPtrArray *days;        /* (owned) (element-type ContentReportDay) */
} ContentReport;
extern const ContentDocumentType content_report_type;
void content_report_free(ContentReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentReport, content_report_free)
