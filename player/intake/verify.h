/*
 * verify.h - is this envelope for us, from somebody who may say it, and new?
 *
 * Flow: broker.c and fetch.c bring bytes -> here -> intake.c obeys. Pure: keys, floors and time
 * come in as arguments; the caller keeps what was accepted.
 *
 * The checks are a table in a fixed order; nothing of the document is parsed before its
 * signature was verified, and every refusal is a sentence for a person.
 */
#pragma once

#include "content/document.h"
#include "content/manifest.h"

#define PLAY_VERIFY_ERROR (play_verify_error_quark())
GQuark play_verify_error_quark(void);

typedef enum {
    PLAY_VERIFY_ERROR_SIZE,      /* over the limit of its type: not looked at */
    PLAY_VERIFY_ERROR_FORMAT,    /* no envelope, or no claim in its trusted comment */
    PLAY_VERIFY_ERROR_TYPE,      /* claims another type than belongs on this path */
    PLAY_VERIFY_ERROR_KEY,       /* a key we do not know */
    PLAY_VERIFY_ERROR_ROLE,      /* a key that may not sign this type */
    PLAY_VERIFY_ERROR_SIGNATURE, /* a changed byte */
    PLAY_VERIFY_ERROR_AUDIENCE,  /* for another station */
    PLAY_VERIFY_ERROR_VERSION,   /* below the floor of its key: an old document */
    PLAY_VERIFY_ERROR_CONTENT,   /* verified, but not a document we can read */
    PLAY_VERIFY_ERROR_CLAIM,     /* the document says otherwise than its trusted comment */
    PLAY_VERIFY_ERROR_SCOPE,     /* the key's areas do not cover it */
    PLAY_VERIFY_ERROR_TOO_EARLY, /* not before a later time, or issued in the future */
    PLAY_VERIFY_ERROR_EXPIRED,
    PLAY_VERIFY_ERROR_KEY_EXPIRED, /* a key that was valid once */
    PLAY_VERIFY_ERROR_KEY_EARLY,   /* a key that is not valid yet */
    PLAY_VERIFY_ERROR_REPEAT,      /* good once, and it or a newer one was taken: keep.h */
} PlayVerifyError;

typedef struct PlayVerify PlayVerify;

/* District and station may differ by so much before a date is held against a document. */
#define PLAY_VERIFY_SKEW_US (G_GINT64_CONSTANT(300) * G_USEC_PER_SEC)

/* What the clock says, and how far it is to be believed. */
typedef struct {
    gint64 now_us;       /* trusted UTC; with an untrusted clock max(clock, floor) */
    gboolean is_trusted; /* %FALSE: not-before is not judged, because now may be long ago */
    gboolean is_kept;    /* read back from our own disk: its key's dates were judged then */
} PlayVerifyTime;

typedef struct {
    const ContentDocumentType *type;
    GBytes *document; /* (owned): the exact bytes */
    char *hash;       /* (owned): of them */
    char *key_id;     /* (owned): who signed */
    char *signature;  /* (owned): minisign's four lines */
    gint64 version;   /* as claimed and signed; 0 for types without */
    gpointer parsed;  /* (owned): a struct of @type */
} PlayVerified;
void play_verified_free(PlayVerified *verified);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayVerified, play_verified_free)

/**
 * play_verify_new:
 * @station: the audience we are
 * @root_key: minisign public key line pinned at enrolment
 */
PlayVerify *play_verify_new(const char *station, const char *root_key, GError **error);
void play_verify_free(PlayVerify *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayVerify, play_verify_free)

/** play_verify_root_id: Returns: (transfer none): key id of the pinned root */
const char *play_verify_root_id(PlayVerify *self);

/**
 * play_verify_set_floor:
 *
 * @version was accepted under @key_id; lower ones are refused from now on. Never lowers.
 */
void play_verify_set_floor(PlayVerify *self, const char *key_id, gint64 version);

/**
 * play_verify_floor:
 *
 * Returns: the highest version accepted under @key_id; 0 if there is none. A manifest must
 * reach the highest floor of all keys in the ring that may sign one: an old document that was
 * held back under one key is no news after another key has spoken.
 */
gint64 play_verify_floor(PlayVerify *self, const char *key_id);

/**
 * play_verify_take_keys:
 * @keys: (transfer none): verified; becomes the ring
 *
 * Floors of keys it tells to forget are dropped, unless @is_replay (at a restart, when the
 * document was taken before).
 */
void play_verify_take_keys(PlayVerify *self, const ContentKeys *keys, gboolean is_replay);

/**
 * play_verify_loses:
 * @keys: (transfer none): verified, not taken yet
 *
 * Returns: whether the ring has a key of this role that @keys does not list any more, or lists
 *   for fewer areas
 */
gboolean play_verify_loses(PlayVerify *self, const ContentKeys *keys, ContentRole role);

/** play_verify_is_limited: Returns: whether a key of this role is for some areas only */
gboolean play_verify_is_limited(PlayVerify *self, ContentRole role);

/**
 * play_verify_set_places:
 * @settings: (nullable): in force; they tell in which areas the zones of this station lie
 *
 * Until then a key whose scope is limited to areas signs nothing that is accepted.
 */
void play_verify_set_places(PlayVerify *self, const ContentStationSettings *settings);

/**
 * play_verify_set_own:
 * @public_key: minisign public key line of this station
 *
 * For what the station has signed itself and reads back; nothing else is accepted from it.
 */
gboolean play_verify_set_own(PlayVerify *self, const char *public_key, GError **error);

/**
 * play_verify_covers:
 * @key_id: of the manifest that names @settings
 *
 * Returns: %FALSE with PLAY_VERIFY_ERROR_SCOPE if they have zones outside of the areas of that
 *   key: it would put the station where it has a say
 */
gboolean play_verify_covers(PlayVerify *self, const char *key_id,
                            const ContentStationSettings *settings, GError **error);

/**
 * play_verify_envelope:
 * @type: the document type that belongs on this path
 * @envelope: (array length=n_bytes): as received
 *
 * A version equal to the floor is accepted, so that a repeated push is no error; the caller
 * compares hashes. Floors are not raised here.
 *
 * Returns: (transfer full): NULL with a sentence in @error
 */
PlayVerified *play_verify_envelope(PlayVerify *self, const ContentDocumentType *type,
                                   gconstpointer envelope, gsize n_bytes, PlayVerifyTime time,
                                   GError **error);

/**
 * play_verify_bundled:
 * @signatures: (element-type ContentSignature): beside the document
 *
 * For documents that carry their signatures in a list (approval, keys): one of them must be by
 * a known key with the right role over exactly these bytes.
 */
PlayVerified *play_verify_bundled(PlayVerify *self, const ContentDocumentType *type,
                                  gconstpointer document, gsize n_bytes, GPtrArray *signatures,
                                  PlayVerifyTime time, GError **error);
