/*
 * exchange.h - the small documents of asking and answering between station and district.
 *
 * Flow: player/intake <-> scheduler/publish and scheduler/web (/device/…). Pure.
 */
#pragma once

#include "content/document.h"

/* Beside one document in a bundle. */
#define CONTENT_MAX_SIGNATURES     8
#define CONTENT_NONCE_BYTES        32 /* DESIGN §8 asks for at least 16 */
#define CONTENT_REQUEST_MAX_HASHES 200
#define CONTENT_BUNDLE_MAX_BYTES   (8 * 1024 * 1024)
/* Who stands before the page waits no longer, and a relay that closes later surprises people.
 */
#define CONTENT_TEST_ORDER_LIFE_US (60 * G_USEC_PER_SEC)

/* Station -> district, topic time: what is the time, to me, now? */
typedef struct {
    char *station; /* (owned) */
    char *nonce;   /* (owned): 64 hex digits */
} ContentTimeAsk;
extern const ContentDocumentType content_time_ask_type;
void content_time_ask_free(ContentTimeAsk *ask);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentTimeAsk, content_time_ask_free)

/* District -> station, signed by a key with the role `time`. */
typedef struct {
    char *station; /* (owned) */
    char *nonce;   /* (owned): as asked */
    gint64 utc_us; /* when the answer was signed */
} ContentTimeAnswer;
extern const ContentDocumentType content_time_answer_type;
void content_time_answer_free(ContentTimeAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentTimeAnswer, content_time_answer_free)

/* District -> station, signed: say hello again (the district was restarted or restored). */
typedef struct {
    char *station; /* (owned) */
} ContentEnquiry;
extern const ContentDocumentType content_enquiry_type;
void content_enquiry_free(ContentEnquiry *enquiry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentEnquiry, content_enquiry_free)

/*
 * District -> station, signed: close the relays of one zone, for a moment, so that somebody at
 * the district sees them read back. Good for CONTENT_TEST_ORDER_LIFE_US and once: a station
 * keeps on disk when the newest one it took was issued, and takes none that is not newer. What
 * came of it is a record of the kind `test` that names it.
 */
typedef struct {
    char *id;           /* (owned): of the test; subject of the record's remark */
    char *station;      /* (owned) */
    char *zone;         /* (owned) */
    gint64 duration_ms; /* 1 … CONTENT_TEST_MAX_MS */
    gint64 issued_us;
    gint64 expires_us;
} ContentTestOrder;
extern const ContentDocumentType content_test_order_type;
void content_test_order_free(ContentTestOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentTestOrder, content_test_order_free)

/* POST /device/documents: all documents a station lacks, in one request. */
typedef struct {
    GPtrArray *hashes; /* (owned) (element-type utf8) */
} ContentRequest;
extern const ContentDocumentType content_request_type;
void content_request_free(ContentRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentRequest, content_request_free)

/* A signature beside a document (DESIGN §7: a list, so that more kinds can join). */
typedef struct {
    char *algorithm; /* (owned): "minisign" */
    char *key;       /* (owned): key id */
    char *signature; /* (owned): minisign's four lines */
    char *extra;     /* (owned) (nullable): reserved for other algorithms */
} ContentSignature;
extern const ContentShape content_signature_shape;

typedef struct {
    char *hash;            /* (owned): SHA-256 of text's bytes */
    char *text;            /* (owned): the document, exactly */
    GPtrArray *signatures; /* (owned) (element-type ContentSignature) */
} ContentBundled;
extern const ContentShape content_bundled_shape;

/* The answer. */
typedef struct {
    GPtrArray *documents; /* (owned) (element-type ContentBundled) */
    GPtrArray *missing;   /* (owned) (element-type utf8): hashes nobody has */
} ContentBundle;
extern const ContentDocumentType content_bundle_type;
void content_bundle_free(ContentBundle *bundle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentBundle, content_bundle_free)

/* POST /device/enrol: the one request without a client certificate. */
typedef struct {
    char *secret;     /* (owned): 32 hex digits, from the enrolment code */
    char *request;    /* (owned): PKCS #10 certificate request, PEM, P-256 */
    char *public_key; /* (owned): minisign public key line of the station's Ed25519 key */
    char *journal;    /* (owned): id of the journal the station begins */
} ContentEnrol;
extern const ContentDocumentType content_enrol_type;
void content_enrol_free(ContentEnrol *enrol);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentEnrol, content_enrol_free)

/* The answer: everything a station pins. */
typedef struct {
    char *station;      /* (owned) */
    char *certificate;  /* (owned): PEM */
    char *authority;    /* (owned): PEM of the CA */
    char *root_key;     /* (owned): minisign public key line of the root */
    char *keys;         /* (owned): envelope of the newest keys document */
    char *device_url;   /* (owned): https://host:port */
    GPtrArray *brokers; /* (owned) (element-type utf8): mqtts://host:port */
} ContentEnrolled;
extern const ContentDocumentType content_enrolled_type;
void content_enrolled_free(ContentEnrolled *enrolled);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentEnrolled, content_enrolled_free)

/* POST /device/renewal: a new certificate, asked for with the one that is about to end. */
typedef struct {
    char *request; /* (owned): PKCS #10 certificate request, PEM, P-256 */
} ContentRenew;
extern const ContentDocumentType content_renew_type;
void content_renew_free(ContentRenew *renew);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentRenew, content_renew_free)

/* The answer; once more to POST /device/renewal/use, which is asked with the new one. */
typedef struct {
    char *station;     /* (owned) */
    char *certificate; /* (owned): PEM */
} ContentRenewed;
extern const ContentDocumentType content_renewed_type;
void content_renewed_free(ContentRenewed *renewed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentRenewed, content_renewed_free)
