/*
 * grant.h - what a commune may start alone, with the district out of reach; and what it
 * started.
 *
 * Flow: scheduler/publish writes grants, signs them with the key of alerts and names them in
 * the manifest -> the station keeps them -> player/local.h judges a call by them, makes the
 * alert and signs it with the station's own key, as a local order -> player/intake admits that
 * order as it admits an alert of the district, and player/cue sounds it only under its grant.
 * Pure.
 *
 * A grant is in force for as long as the newest manifest names it and its own dates hold. It
 * does not end with the manifest's time: a station that has heard nothing for a month still
 * may.
 */
#pragma once

#include "content/alert.h"

#define CONTENT_GRANT_MAX_BYTES     (32 * 1024)
#define CONTENT_GRANT_MAX_ACCOUNTS  32
#define CONTENT_GRANT_MAX_INPUTS    16
#define CONTENT_GRANT_MAX_TEMPLATES 64
#define CONTENT_GRANT_MAX_ZONES     120
#define CONTENT_GRANT_MAX_STARTS    100
/* Starts are counted over the orders that a station keeps, which is for a day. */
#define CONTENT_GRANT_MAX_SPAN_S 86400
/* What one check of a PIN may cost a Raspberry Pi. */
#define CONTENT_PIN_MAX_MEMORY_KIB 65536
#define CONTENT_PIN_MAX_PASSES     4
#define CONTENT_PIN_MIN_DIGITS     6
#define CONTENT_PIN_MAX_DIGITS     12
/* Of the values that fill the blanks of one alert. */
#define CONTENT_GRANT_MAX_VALUES 32

/* A person who may call with a PIN. */
typedef struct {
    char *id;       /* (owned): account */
    char *name;     /* (owned): as the page shows it */
    char *pin_hash; /* (owned): argon2id, as libsodium writes it */
} ContentGrantAccount;
extern const ContentShape content_grant_account_shape;

/* A push button: what pressing it starts is settled beforehand. */
typedef struct {
    char *name;        /* (owned): of an input of the gateway */
    char *template_;   /* (owned): one of the grant's */
    GPtrArray *values; /* (owned) (element-type utf8): what fills its blanks */
} ContentGrantInput;
extern const ContentShape content_grant_input_shape;

typedef struct {
    char *id;             /* (owned): stays when its people or zones change */
    char *station;        /* (owned): audience */
    GPtrArray *accounts;  /* (owned) (element-type ContentGrantAccount) */
    GPtrArray *inputs;    /* (owned) (element-type ContentGrantInput) */
    GPtrArray *templates; /* (owned) (element-type utf8): which may be started */
    GPtrArray *zones;     /* (owned) (element-type utf8): where it may sound */
    gboolean drills;      /* also as a drill */
    gint64 max_starts;    /* within span_s, of real alerts and drills together */
    gint64 span_s;
    gint64 issued_us;
    gint64 not_before_us;
    gint64 expires_us;
} ContentGrant;
extern const ContentDocumentType content_grant_type;
void content_grant_free(ContentGrant *grant);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentGrant, content_grant_free)

/** content_grant_copy: Returns: (transfer full) */
ContentGrant *content_grant_copy(const ContentGrant *grant);

/** content_grant_find_account: Returns: (transfer none) (nullable) */
const ContentGrantAccount *content_grant_find_account(const ContentGrant *grant,
                                                      const char *id);

/** content_grant_find_input: Returns: (transfer none) (nullable) */
const ContentGrantInput *content_grant_find_input(const ContentGrant *grant, const char *name);

/** content_pin_check: Returns: (nullable): why @pin cannot be one, in words; NULL: it can */
const char *content_pin_check(const char *pin);

/** content_pin_hash_check: Returns: (nullable): why not, in words: only argon2id, and only as
 * costly as a station can bear */
const char *content_pin_hash_check(const char *hash);

/*
 * What somebody at the station ordered, signed by the station's key. It stays there: the
 * district is told by records. One of alert and stop is there.
 */
typedef struct {
    char *station;  /* (owned) */
    char *grant;    /* (owned): id of the grant that it stands on */
    char *by;       /* (owned): account, or input of the gateway */
    gboolean input; /* `by` is an input */
    char *alert;    /* (owned) (nullable): exact bytes of the alert */
    char *stop;     /* (owned) (nullable): exact bytes of the stop */
} ContentLocalOrder;
extern const ContentDocumentType content_local_order_type;
void content_local_order_free(ContentLocalOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentLocalOrder, content_local_order_free)
