/*
 * manifest.h - the signed list of what a station must hold, and what it names.
 *
 * Flow: scheduler/publish writes, signs and pushes them; player/intake verifies and obeys.
 * Pure. The manifest names every other document by hash, so one signature covers all.
 */
#pragma once

#include "content/document.h"
#include "content/kinds.h"

#define CONTENT_MANIFEST_MAX_BYTES 8192
#define CONTENT_DAYS_AHEAD         16 /* today and the 15 following */
/* Yesterday, too, over or not: what began then may run on past midnight, and a withdrawal or a
 * restart after midnight must reach it. */
#define CONTENT_MANIFEST_DAYS       (CONTENT_DAYS_AHEAD + 1)
#define CONTENT_MANIFEST_MAX_GRANTS 8 /* of one station */
#define CONTENT_MANIFEST_LIFE_US    (G_GINT64_CONSTANT(30) * 24 * 3600 * G_USEC_PER_SEC)
#define CONTENT_VERSION_MAX         ((G_GINT64_CONSTANT(1) << 53) - 1)

/* Head of the district's audit chain; goes out in manifests, comes back in heartbeats. */
typedef struct {
    char *chain; /* (owned): id of the chain */
    gint64 seq;
    char *hash; /* (owned) */
} ContentAuditHead;
extern const ContentShape content_audit_head_shape;

typedef struct {
    char *date; /* (owned) */
    char *hash; /* (owned): of the day plan's bytes */
} ContentManifestDay;
extern const ContentShape content_manifest_day_shape;

typedef struct {
    char *station; /* (owned): audience */
    gint64 version;
    gint64 issued_us;
    gint64 not_before_us;
    gint64 expires_us;
    GPtrArray *days;         /* (owned) (element-type ContentManifestDay): by date */
    char *settings;          /* (owned): hash */
    char *keys;              /* (owned): hash */
    char *templates;         /* (owned) (nullable): hash */
    GPtrArray *grants;       /* (owned) (element-type utf8): hashes of grant.h */
    ContentAuditHead *audit; /* (owned) (nullable) */
} ContentManifest;
extern const ContentDocumentType content_manifest_type;
void content_manifest_free(ContentManifest *manifest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentManifest, content_manifest_free)

/* An allowed window: calendar sound may start inside it. */
typedef struct {
    gint class_;     /* ContentClass: for this class and the ones above */
    gint64 weekdays; /* bit 0 Monday … bit 6 Sunday */
    gint64 from_min; /* minutes after local midnight, inclusive */
    gint64 to_min;   /* exclusive, ≤ 1440 */
} ContentWindow;
extern const ContentShape content_window_shape;

/* Volume of a zone at some hours. */
typedef struct {
    char *zone; /* (owned) */
    gint64 from_min, to_min;
    gint64 gain_mdb; /* ≤ 0 */
} ContentVolume;
extern const ContentShape content_volume_shape;

typedef struct {
    char *id;               /* (owned): the name the gateway knows */
    char *output;           /* (owned) */
    char *name;             /* (owned): in words */
    char *village;          /* (owned): area id */
    GPtrArray *areas;       /* (owned) (element-type utf8): the village and all above it */
    GPtrArray *languages;   /* (owned) (element-type utf8): tags in the village's order */
    GPtrArray *windows;     /* (owned) (element-type ContentWindow): the village's */
    gint64 daily_limit_min; /* calendar sound it may hear a day */
} ContentSettingsZone;
extern const ContentShape content_settings_zone_shape;

typedef struct {
    char *station; /* (owned) */
    char *name;    /* (owned) */
    char *tzid;    /* (owned) */
    gint64 heartbeat_s;
    gint64 fetch_kbit_s; /* 0: no limit */
    gint64
        night_from_min; /* when large objects may be fetched; equal to night_to_min: always */
    gint64 night_to_min;
    gint64 large_bytes;  /* what counts as large */
    gint64 gain_cap_mdb; /* nothing is louder, ≤ 0 */
    GPtrArray *volumes;  /* (owned) (element-type ContentVolume) */
    GPtrArray *zones;    /* (owned) (element-type ContentSettingsZone) */
} ContentStationSettings;
extern const ContentDocumentType content_station_settings_type;
void content_station_settings_free(ContentStationSettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentStationSettings, content_station_settings_free)

/* What a key may sign. */
typedef enum {
    CONTENT_ROLE_MANIFEST, /* manifests, acknowledgements, enquiries, orders to test */
    CONTENT_ROLE_TIME,     /* time answers */
    CONTENT_ROLE_APPROVAL, /* approvals */
    CONTENT_ROLE_ALERT,    /* alerts and stops */
} ContentRole;
extern const char *const content_role_words[];

typedef struct {
    char *id;         /* (owned): minisign key id, 16 upper-case hex digits */
    gint role;        /* ContentRole */
    gint algorithm;   /* index in content_algorithm_words; 0 is ed25519 */
    char *key;        /* (owned): minisign public key line, base64 */
    GPtrArray *scope; /* (owned) (element-type utf8): area ids, subtrees included; empty:
                       * everywhere. docs/formats.md says what that means for each type */
    gint64 not_before_us;
    gint64 expires_us;
} ContentKey;
extern const ContentShape content_key_shape;
extern const char *const content_algorithm_words[];

/* Which keys may sign what; signed by the root alone. */
typedef struct {
    gint64 version;
    gint64 issued_us;
    GPtrArray *keys;          /* (owned) (element-type ContentKey) */
    GPtrArray *forget_floors; /* (owned) (element-type utf8): key ids whose floor is void */
} ContentKeys;
extern const ContentDocumentType content_keys_type;
void content_keys_free(ContentKeys *keys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentKeys, content_keys_free)

/* What may be approved. */
typedef enum {
    CONTENT_APPROVED_VERSION,  /* one language of an announcement */
    CONTENT_APPROVED_SIGNAL,   /* a jingle, gong or music without words */
    CONTENT_APPROVED_SOURCE,   /* stream or line-in with its time window: named, not hashed */
    CONTENT_APPROVED_TEMPLATE, /* what a template says in one language */
    CONTENT_APPROVED_GRANT,    /* live grant; reserved */
} ContentApproved;
extern const char *const content_approved_words[];

/* The statement a second person made; its hash is what a segment names. */
typedef struct {
    gint kind;     /* ContentApproved */
    char *address; /* (owned) (nullable): source-address.h; of a source, and of that alone */
    char *announcement; /* (owned) */
    char *version;      /* (owned): id of the language version */
    char *object;       /* (owned): SHA-256 of the audio; of a source: of its spare */
    char *script;       /* (owned) (nullable): SHA-256 of the text */
    char *language;     /* (owned) (nullable): NULL for a signal */
    gint class_;        /* ContentClass: the highest it may be played as */
    GPtrArray *areas;   /* (owned) (element-type utf8): area ids, subtrees included */
    gint64 valid_from_us;
    gint64 valid_until_us;
    char *title;           /* (owned) */
    char *source_document; /* (owned): number, issuer and date in words */
    char *author;          /* (owned): account id */
    char *checker;         /* (owned) (nullable): language reviewer; NULL where no language */
    char *approver;        /* (owned) */
    gint64 approved_us;
} ContentApproval;
extern const ContentDocumentType content_approval_type;
void content_approval_free(ContentApproval *approval);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentApproval, content_approval_free)
