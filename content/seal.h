/*
 * seal.h - Ed25519 signatures in minisign's format, and the envelope they travel in.
 *
 * Flow: scheduler/publish and player/report sign; player/intake and scheduler verify, always
 * before a byte of the document is parsed. Pure but for content_seal_key_load/save.
 *
 * Format: minisign (https://jedisct1.github.io/minisign/), prehashed algorithm "ED"
 * (BLAKE2b-512). The trusted comment is what claim.h says, for instance "manifest ia-pa-02 17".
 * The older algorithm "Ed", which signs the bytes themselves, is refused.
 */
#pragma once

#include <glib.h>

#define CONTENT_SEAL_ERROR (content_seal_error_quark())
GQuark content_seal_error_quark(void);

/* The four lines together; a trusted comment of ours has some 100 bytes. */
#define CONTENT_SEAL_MAX_SIGNATURE_BYTES 1024
#define CONTENT_SEAL_MAX_COMMENT_BYTES   256

typedef enum {
    CONTENT_SEAL_ERROR_FORMAT,    /* not an envelope, not minisign's lines */
    CONTENT_SEAL_ERROR_KEY,       /* signed by a key that is not in the ring, or not for this */
    CONTENT_SEAL_ERROR_SIGNATURE, /* the bytes or the comment were changed */
    CONTENT_SEAL_ERROR_CLAIM,     /* another type, audience or version than expected */
} ContentSealError;

typedef struct ContentSealKey ContentSealKey; /* a secret key */

/** content_seal_key_generate: Returns: (transfer full): a new key pair with a random key id */
ContentSealKey *content_seal_key_generate(void);

/**
 * content_seal_key_load:
 * @path: as content_seal_key_save() wrote it; refused if others may read it
 */
ContentSealKey *content_seal_key_load(const char *path, GError **error);

/** content_seal_key_save: writes @path with mode 0600, atomically */
gboolean content_seal_key_save(const ContentSealKey *key, const char *path, GError **error);

/**
 * content_seal_key_text:
 *
 * What content_seal_key_save() writes, for whoever keeps it another way (sealed, on paper).
 *
 * Returns: (transfer full): to be freed with content_seal_key_text_free(), which wipes it
 */
char *content_seal_key_text(const ContentSealKey *key);
void content_seal_key_text_free(char *text);

/** content_seal_key_from_text: Returns: (transfer full): the key in @text of @n_bytes */
ContentSealKey *content_seal_key_from_text(const char *text, gsize n_bytes, GError **error);

/** content_seal_key_free: @key: (nullable) (transfer full): wiped before it is freed */
void content_seal_key_free(ContentSealKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentSealKey, content_seal_key_free)

/** content_seal_key_id: Returns: (transfer none): 16 upper-case hex digits, as minisign prints
 */
const char *content_seal_key_id(const ContentSealKey *key);

/** content_seal_key_public: Returns: (transfer none): minisign public key line (base64) */
const char *content_seal_key_public(const ContentSealKey *key);

/**
 * content_seal_sign:
 * @comment: trusted comment, at most %CONTENT_SEAL_MAX_COMMENT_BYTES; no control character
 *
 * Returns: (transfer full): minisign's four lines, each ended by a line feed
 */
char *content_seal_sign(const ContentSealKey *key, gconstpointer bytes, gsize n_bytes,
                        const char *comment);

/**
 * content_seal_verify:
 * @public_key: minisign public key line
 * @signature: minisign's four lines
 * @comment: the trusted comment that must stand there; NULL: any
 */
gboolean content_seal_verify(const char *public_key, const char *signature, gconstpointer bytes,
                             gsize n_bytes, const char *comment, GError **error);

/**
 * content_seal_public_key_id:
 * @public_key: minisign public key line
 *
 * Returns: (transfer full): its id, 16 upper-case hex digits; NULL if it is no such line
 */
char *content_seal_public_key_id(const char *public_key);

/**
 * content_seal_wrap:
 *
 * Returns: (transfer full): the envelope: four lines, an empty line, the document
 */
GBytes *content_seal_wrap(const char *signature, GBytes *document);

/**
 * content_seal_unwrap:
 * @envelope: at most @max_bytes + 1 KiB
 * @out_signature: (out) (transfer full): the four lines
 * @out_comment: (out) (transfer full): the trusted comment, not yet verified
 * @out_key_id: (out) (transfer full): of the key that claims to have signed
 *
 * Splits only; nothing is to be believed before content_seal_verify().
 *
 * Returns: (transfer full): the document's bytes
 */
GBytes *content_seal_unwrap(gconstpointer envelope, gsize n_bytes, gsize max_bytes,
                            char **out_signature, char **out_comment, char **out_key_id,
                            GError **error);
