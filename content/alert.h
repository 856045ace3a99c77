/*
 * alert.h - an order to sound now, and the order to stop.
 *
 * Flow: scheduler/publish signs one and says it once to all stations (loa/1/all/alert and
 * loa/1/all/stop), and again to one that connects while it lasts (loa/1/to/STATION/alert and
 * …/stop) -> player/intake verifies -> player/cue sounds it. Pure.
 *
 * Neither has a version: alerts and stops may overtake each other. Against replay a receiver
 *
 * 1. asks content_alert_judge() and takes neither what is over nor what is from the future. A
 *    station whose time is not trusted asks the district for it by a nonce (`time-ask`) and
 *    judges by the answer; without an answer it takes nothing from outside;
 * 2. keeps the id of every alert it takes on disk, until the alert expires; a warning does not
 *    wait for the disk, so this happens while it begins. The same id again changes nothing. One
 * that was begun and not ended by a restart begins again with its tone; one that ended never
 * sounds again;
 * 3. keeps every stop it takes on disk until the stop expires, and lets no alert sound that
 *    content_stop_ends() names, however late it comes.
 *
 * No alert lives longer than CONTENT_ALERT_MAX_LIFE_US and a stop ends only what was issued
 * before it and lives as long, so a genuine old one finds nothing to do, also after a reboot.
 */
#pragma once

#include "content/document.h"
#include "content/manifest.h"

#define CONTENT_ALERT_MAX_BYTES    (32 * 1024)
#define CONTENT_ALERT_MAX_AREAS    200
#define CONTENT_ALERT_MAX_PARTS    32
#define CONTENT_ALERT_MAX_SPEECHES 16
/* Nothing that was issued longer ago may sound. */
#define CONTENT_ALERT_MAX_LIFE_US (G_GINT64_CONSTANT(24) * 3600 * G_USEC_PER_SEC)
/* How far two trusted clocks may be apart. */
#define CONTENT_ALERT_AHEAD_US    (G_GINT64_CONSTANT(5) * 60 * G_USEC_PER_SEC)
#define CONTENT_ALERT_TONE_MIN_MS 3000
#define CONTENT_ALERT_TONE_MAX_MS 10000
#define CONTENT_ALERT_GAP_MAX_MS  10000
#define CONTENT_ALERT_SEVEREST    5
/* The hard end of a live speech, whatever still arrives. */
#define CONTENT_ALERT_LIVE_MAX_LIFE_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

typedef enum {
    CONTENT_EVENT_FLOOD,
    CONTENT_EVENT_FLASH_FLOOD,
    CONTENT_EVENT_LANDSLIDE,
    CONTENT_EVENT_STORM,
    CONTENT_EVENT_DAM_RELEASE,
    CONTENT_EVENT_FOREST_FIRE,
    CONTENT_EVENT_HOUSE_FIRE,
    CONTENT_EVENT_EPIDEMIC,
    CONTENT_EVENT_ALL_CLEAR,
    CONTENT_EVENT_FALSE_ALARM,
    CONTENT_EVENT_SPOKEN, /* a message recorded for this once */
    CONTENT_EVENT_DRILL,  /* a drill of no hazard; of a hazard: its own kind with `drill` */
} ContentEventKind;
extern const char *const content_event_kind_words[];

/* Our own synthesised signals; sirens are for real danger alone. */
typedef enum {
    CONTENT_ALERT_TONE_GONG,
    CONTENT_ALERT_TONE_CHIME,
    CONTENT_ALERT_TONE_WAIL,  /* a siren that rises and falls slowly */
    CONTENT_ALERT_TONE_PULSE, /* a siren in short bursts */
} ContentAlertTone;
extern const char *const content_alert_tone_words[];

/* What is said in one language: audio, one after the other without a gap. */
typedef struct {
    char *language;   /* (owned) */
    GPtrArray *parts; /* (owned) (element-type utf8): SHA-256 of audio */
} ContentSpeech;
extern const ContentShape content_speech_shape;

/* Audio that alerts name. */
typedef struct {
    char *hash; /* (owned) */
    gint64 size_bytes;
    gint64 duration_us;
    char *approval; /* (owned) (nullable): hash of its approval, of the kind `template`; NULL in
                     * an alert alone: spoken at once, without a second person */
} ContentAlertObject;
extern const ContentShape content_alert_object_shape;

/* Where the microphone of a live speech is. */
typedef enum {
    CONTENT_LIVE_DISTRICT, /* its sound comes in frames, see live.h */
    CONTENT_LIVE_STATION,  /* at one of the stations that sound it */
} ContentLiveOrigin;
extern const char *const content_live_origin_words[];

/* Somebody speaks while it sounds; there is nothing to be fetched beforehand. */
typedef struct {
    gint origin;   /* ContentLiveOrigin */
    char *station; /* (owned) (nullable): whose microphone; of origin station alone */
    char *key;     /* (owned) (nullable): see content_live_key_text(): the public key of its
                    * frames; of origin district alone */
    char *speaker; /* (owned): who speaks, by name */
} ContentAlertLive;
extern const ContentShape content_alert_live_shape;

typedef struct {
    char *id;         /* (owned) */
    GPtrArray *areas; /* (owned) (element-type utf8): where, subtrees included */
    gint event;       /* ContentEventKind */
    gint64 severity;  /* 1…5 as the levels of Decision 18/2021: 5 is a catastrophe */
    gboolean drill;   /* an exercise; it says so itself, obeys windows and volumes, and never
                       * displaces a real alert */
    char *template_;  /* (owned) (nullable): id of the template it was made of */
    char *title;      /* (owned): for status lines and reports */
    gint tone;        /* ContentAlertTone */
    gint64 tone_ms;   /* before every repeat */
    GPtrArray
        *speeches;      /* (owned) (element-type ContentSpeech): see content_alert_speeches() */
    GPtrArray *objects; /* (owned) (element-type ContentAlertObject): of the parts, those that
                         * the station's templates do not list; to be fetched at once */
    gint64 repeats;     /* how often tone and speech sound in a series */
    gint64 gap_ms;      /* silence between two repeats */
    ContentAlertLive *live; /* (owned) (nullable): it is spoken live after the tone, once, and
                             * has no speeches; NULL: it is not */
    gint64 again_s;         /* from the start of a series to the next; 0: there is one series */
    gint64 issued_us;
    gint64 expires_us;   /* what sounds then stops, whatever is left of it */
    GPtrArray *replaces; /* (owned) (element-type utf8): alerts that end when it is taken */
} ContentAlert;
extern const ContentDocumentType content_alert_type;
void content_alert_free(ContentAlert *alert);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentAlert, content_alert_free)

typedef struct {
    char *id;          /* (owned) */
    char *alert;       /* (owned) (nullable): which one; NULL: all */
    GPtrArray *areas;  /* (owned) (element-type utf8): where, subtrees included; empty with an
                        * alert named: everywhere */
    gint64 issued_us;  /* ends what was issued up to then */
    gint64 expires_us; /* CONTENT_ALERT_MAX_LIFE_US later */
} ContentStop;
extern const ContentDocumentType content_stop_type;
void content_stop_free(ContentStop *stop);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentStop, content_stop_free)

typedef enum {
    CONTENT_ALERT_IN_FORCE,
    CONTENT_ALERT_OVER,
    CONTENT_ALERT_FROM_FUTURE,
} ContentAlertTime;

/** content_alert_judge: @now_us: UTC by a clock that is trusted, or by a signed answer */
ContentAlertTime content_alert_judge(gint64 issued_us, gint64 expires_us, gint64 now_us);

/**
 * content_alert_compare:
 *
 * Real before drill, then the severer, then the newer, then by id.
 *
 * Returns: < 0 if @a sounds and @b waits
 */
gint content_alert_compare(const ContentAlert *a, const ContentAlert *b);

/** content_alert_concerns: Returns: whether @zone is to hear it; windows are not looked at */
gboolean content_alert_concerns(const ContentAlert *alert, const ContentSettingsZone *zone);

/** content_stop_ends: Returns: whether @alert may not sound in @zone any more */
gboolean content_stop_ends(const ContentStop *stop, const ContentAlert *alert,
                           const ContentSettingsZone *zone);

/**
 * content_alert_speeches:
 *
 * In the order of the zone's languages, each at most once; a dialect is served by its own
 * speech or else by its language's. A zone for none of whose languages there is a speech hears
 * the first one of the alert.
 *
 * Returns: (transfer container) (element-type ContentSpeech): at least one, but of a live alert
 */
GPtrArray *content_alert_speeches(const ContentAlert *alert, const ContentSettingsZone *zone);

/**
 * content_alert_segment_id:
 * @repetition: of the tone and speech, from 0, counted over all series
 * @language: (nullable): NULL: the tone
 * @part: as in content_segment_id()
 *
 * Records of an alert have its id as `occurrence`, "alert" as `item` and this as `segment`.
 *
 * Returns: (transfer full): content_segment_id()
 */
char *content_alert_segment_id(const char *alert, const char *output, gint64 repetition,
                               const char *language, const char *part);
