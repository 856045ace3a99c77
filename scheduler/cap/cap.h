/*
 * cap.h - warnings as other systems write and read them: the Common Alerting Protocol 1.2.
 *
 * Flow: a file from outside -> sched_cap_read() -> the caller judges what it means here; an
 * alert of ours -> SchedCap -> sched_cap_write() -> whoever asks. Pure. Source: OASIS Standard
 * CAP 1.2 (1 July 2010), §3.2 to §3.3; the names below are the standard's.
 */
#pragma once

#include <glib.h>

#define SCHED_CAP_ERROR (sched_cap_error_quark())
GQuark sched_cap_error_quark(void);

typedef enum {
    SCHED_CAP_ERROR_SYNTAX,  /* no XML, or XML that no warning needs (DOCTYPE, too deep) */
    SCHED_CAP_ERROR_INVALID, /* XML, but not what the standard says; the message names where */
    SCHED_CAP_ERROR_LIMIT,   /* more of something than Loa takes */
} SchedCapError;

#define SCHED_CAP_NAMESPACE "urn:oasis:names:tc:emergency:cap:1.2"

/* A warning with everything in it is 20 kB, or more with a little sound inside (derefUri). */
#define SCHED_CAP_MAX_BYTES (256 * 1024)
/* The standard needs five: alert, info, area, geocode, value. A signature may stand beside. */
#define SCHED_CAP_MAX_DEPTH 16

typedef enum {
    SCHED_CAP_STATUS_ACTUAL,
    SCHED_CAP_STATUS_EXERCISE,
    SCHED_CAP_STATUS_SYSTEM,
    SCHED_CAP_STATUS_TEST,
    SCHED_CAP_STATUS_DRAFT,
} SchedCapStatus;

typedef enum {
    SCHED_CAP_MESSAGE_ALERT,
    SCHED_CAP_MESSAGE_UPDATE,
    SCHED_CAP_MESSAGE_CANCEL,
    SCHED_CAP_MESSAGE_ACK,
    SCHED_CAP_MESSAGE_ERROR,
} SchedCapMessage;

typedef enum {
    SCHED_CAP_SCOPE_PUBLIC,
    SCHED_CAP_SCOPE_RESTRICTED,
    SCHED_CAP_SCOPE_PRIVATE,
} SchedCapScope;

/* Bits of SchedCapInfo.categories */
typedef enum {
    SCHED_CAP_CATEGORY_GEO = 1 << 0,
    SCHED_CAP_CATEGORY_MET = 1 << 1,
    SCHED_CAP_CATEGORY_SAFETY = 1 << 2,
    SCHED_CAP_CATEGORY_SECURITY = 1 << 3,
    SCHED_CAP_CATEGORY_RESCUE = 1 << 4,
    SCHED_CAP_CATEGORY_FIRE = 1 << 5,
    SCHED_CAP_CATEGORY_HEALTH = 1 << 6,
    SCHED_CAP_CATEGORY_ENV = 1 << 7,
    SCHED_CAP_CATEGORY_TRANSPORT = 1 << 8,
    SCHED_CAP_CATEGORY_INFRA = 1 << 9,
    SCHED_CAP_CATEGORY_CBRNE = 1 << 10,
    SCHED_CAP_CATEGORY_OTHER = 1 << 11,
} SchedCapCategory;

/* Bits of SchedCapInfo.responses */
typedef enum {
    SCHED_CAP_RESPONSE_SHELTER = 1 << 0,
    SCHED_CAP_RESPONSE_EVACUATE = 1 << 1,
    SCHED_CAP_RESPONSE_PREPARE = 1 << 2,
    SCHED_CAP_RESPONSE_EXECUTE = 1 << 3,
    SCHED_CAP_RESPONSE_AVOID = 1 << 4,
    SCHED_CAP_RESPONSE_MONITOR = 1 << 5,
    SCHED_CAP_RESPONSE_ASSESS = 1 << 6,
    SCHED_CAP_RESPONSE_ALL_CLEAR = 1 << 7,
    SCHED_CAP_RESPONSE_NONE = 1 << 8,
} SchedCapResponse;

typedef enum {
    SCHED_CAP_URGENCY_IMMEDIATE,
    SCHED_CAP_URGENCY_EXPECTED,
    SCHED_CAP_URGENCY_FUTURE,
    SCHED_CAP_URGENCY_PAST,
    SCHED_CAP_URGENCY_UNKNOWN,
} SchedCapUrgency;

typedef enum {
    SCHED_CAP_SEVERITY_EXTREME,
    SCHED_CAP_SEVERITY_SEVERE,
    SCHED_CAP_SEVERITY_MODERATE,
    SCHED_CAP_SEVERITY_MINOR,
    SCHED_CAP_SEVERITY_UNKNOWN,
} SchedCapSeverity;

typedef enum {
    SCHED_CAP_CERTAINTY_OBSERVED,
    SCHED_CAP_CERTAINTY_LIKELY,
    SCHED_CAP_CERTAINTY_POSSIBLE,
    SCHED_CAP_CERTAINTY_UNLIKELY,
    SCHED_CAP_CERTAINTY_UNKNOWN,
} SchedCapCertainty;

/* An earlier message: all three together are its name. */
typedef struct {
    char *sender;
    char *identifier;
    char *sent; /* as it was written: others may compare the text */
} SchedCapReference;

/* eventCode, parameter, geocode: a value and what kind of value it is */
typedef struct {
    char *name;
    char *value;
} SchedCapValue;

typedef struct {
    char *description;
    char *mime_type;
    gint64 size_bytes; /* -1: not said */
    char *uri;         /* (nullable) */
    char *deref_uri;   /* (nullable): the file itself, in base64 */
    char *digest;      /* (nullable): SHA-1 in hexadecimal digits (§3.2.3) */
} SchedCapResource;

typedef struct {
    char *description;
    GPtrArray *polygons; /* (element-type utf8): "13.98,108.00 13.90,108.10 …", closed */
    GPtrArray *circles;  /* (element-type utf8): "13.98,108.00 5": point and radius, km */
    GPtrArray *geocodes; /* (element-type SchedCapValue) */
    char *altitude;      /* (nullable): feet above mean sea level */
    char *ceiling;       /* (nullable): feet above mean sea level */
} SchedCapArea;

/* What is said in one language. */
typedef struct {
    char *language; /* "en-US" if the message does not say (§3.2.2) */
    guint categories;
    char *event;
    guint responses;
    SchedCapUrgency urgency;
    SchedCapSeverity severity;
    SchedCapCertainty certainty;
    char *audience;         /* (nullable) */
    GPtrArray *event_codes; /* (element-type SchedCapValue) */
    gint64 effective_us;    /* 0: not said, as for the next two */
    gint64 onset_us;
    gint64 expires_us;
    char *sender_name; /* (nullable), as all texts below */
    char *headline;
    char *description;
    char *instruction;
    char *web;
    char *contact;
    GPtrArray *parameters; /* (element-type SchedCapValue) */
    GPtrArray *resources;  /* (element-type SchedCapResource) */
    GPtrArray *areas;      /* (element-type SchedCapArea) */
} SchedCapInfo;

/* All members are owned by the message. The arrays are never NULL. */
typedef struct {
    char *identifier;
    char *sender;
    gint64 sent_us;
    int offset_s; /* of the local time that sent_us was, or will be, written in */
    SchedCapStatus status;
    SchedCapMessage message;
    char *source; /* (nullable) */
    SchedCapScope scope;
    char *restriction;     /* (nullable): there if scope is restricted */
    char *addresses;       /* (nullable): there if scope is private */
    GPtrArray *codes;      /* (element-type utf8) */
    char *note;            /* (nullable) */
    GPtrArray *references; /* (element-type SchedCapReference): earlier messages */
    char *incidents;       /* (nullable) */
    GPtrArray *infos;      /* (element-type SchedCapInfo) */
} SchedCap;

/** sched_cap_new: Returns: (transfer full): a message with nothing in it */
SchedCap *sched_cap_new(void);

/** sched_cap_free: @self: (nullable) (transfer full) */
void sched_cap_free(SchedCap *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedCap, sched_cap_free)

/** sched_cap_add_info: Returns: (transfer none): one more language of the message, empty */
SchedCapInfo *sched_cap_add_info(SchedCap *self);

/** sched_cap_info_add_area: Returns: (transfer none): one more area, empty */
SchedCapArea *sched_cap_info_add_area(SchedCapInfo *self);

/** sched_cap_info_add_resource: Returns: (transfer none): one more file, its size not said */
SchedCapResource *sched_cap_info_add_resource(SchedCapInfo *self);

/** sched_cap_add_value: adds @name and @value to an array of SchedCapValue of a message */
void sched_cap_add_value(GPtrArray *values, const char *name, const char *value);

/** sched_cap_add_reference: names an earlier message; @sent as in sched_cap_format_time() */
void sched_cap_add_reference(SchedCap *self, const char *sender, const char *identifier,
                             const char *sent);

/**
 * sched_cap_format_time:
 * @offset_s: of the local time to write it in, whole minutes
 *
 * Returns: (transfer full): "2026-11-23T21:02:35+07:00"; an offset of 0 is "-00:00" (§3.3.2).
 *   Fractions of a second are cut off.
 */
char *sched_cap_format_time(gint64 utc_us, int offset_s);

/** sched_cap_parse_time: FALSE if @text is none as §3.3.2 wants it; Unix times after 0 alone */
gboolean sched_cap_parse_time(const char *text, gint64 *out_us);

/**
 * sched_cap_read:
 * @data: @n_bytes bytes of XML in UTF-8
 *
 * Takes what the standard allows and bounds it: SCHED_CAP_MAX_BYTES, SCHED_CAP_MAX_DEPTH, no
 * DOCTYPE, and so many of each part as cap-table.h says. Elements of other namespaces (a
 * signature) are passed over; an unknown element of CAP's is an error.
 *
 * Returns: (transfer full) (nullable): NULL with @error, which names the element
 */
SchedCap *sched_cap_read(const char *data, gsize n_bytes, GError **error);

/**
 * sched_cap_write:
 *
 * Judges the message as sched_cap_read() would, so that nothing goes out that would not be
 * taken in.
 *
 * Returns: (transfer full) (nullable): XML in UTF-8, valid by the standard's schema; NULL with
 *   @error, which names the element
 */
char *sched_cap_write(const SchedCap *self, GError **error);
