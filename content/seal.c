/*
 * seal.c - see seal.h
 *
 * Layout, all of it minisign's: a public key line is base64 of "Ed", 8 bytes of key id and 32
 * of key; a signature line is base64 of "ED", the key id and 64 bytes of Ed25519 over the
 * BLAKE2b-512 of the document; the last line is base64 of Ed25519 over those 64 bytes and the
 * trusted comment. A key id is printed as a little-endian number.
 */
#include "content/seal.h"

#include "content/base/files.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#define KEY_ID_BYTES   8
#define KEY_ID_DIGITS  (2 * KEY_ID_BYTES)
#define CHECK_BYTES    8 /* enough to tell a damaged key file */
#define FILE_TITLE     "loa secret key, Ed25519: whoever reads this can sign\n"
#define FILE_MAX_BYTES 256
#define UNTRUSTED      "untrusted comment: "
#define TRUSTED        "trusted comment: "
#define BASE64         sodium_base64_VARIANT_ORIGINAL
#define ENCODED_LEN(T) sodium_base64_ENCODED_LEN(sizeof(T), BASE64)

G_DEFINE_QUARK(ContentSealError, content_seal_error)

/* What is encoded in the lines; bytes only, so there is no padding. */
typedef struct {
    guint8 algorithm[2]; /* "Ed" */
    guint8 key_id[KEY_ID_BYTES];
    guint8 key[crypto_sign_PUBLICKEYBYTES];
} PublicKey;

typedef struct {
    guint8 algorithm[2]; /* "ED": prehashed */
    guint8 key_id[KEY_ID_BYTES];
    guint8 signature[crypto_sign_BYTES];
} Signature;

typedef struct {
    guint8 key_id[KEY_ID_BYTES];
    guint8 seed[crypto_sign_SEEDBYTES];
    guint8 check[CHECK_BYTES]; /* BLAKE2b of what stands before */
} KeyFile;

struct ContentSealKey {
    KeyFile file;
    guint8 secret[crypto_sign_SECRETKEYBYTES];
    PublicKey public;
    char id[KEY_ID_DIGITS + 1];
    char public_line[ENCODED_LEN(PublicKey)];
};

/* The four lines, taken apart. */
typedef struct {
    Signature signature;
    guint8 global[crypto_sign_BYTES];
    char *comment; /* (owned) */
} Lines;

static void
lines_clear(Lines *lines)
{
    g_free(lines->comment);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Lines, lines_clear)

static void
print_key_id(const guint8 *key_id, char *out)
{
    for (int i = 0; i < KEY_ID_BYTES; i++)
        g_snprintf(out + 2 * i, 3, "%02X", key_id[KEY_ID_BYTES - 1 - i]);
}

/* Exactly `n_bytes`, in the one encoding there is; libsodium refuses stray bits at the end. */
static gboolean
decode(const char *text, gsize length, void *out, gsize n_bytes)
{
    gsize n_decoded = 0;

    return length == sodium_base64_ENCODED_LEN(n_bytes, BASE64) - 1 &&
           sodium_base642bin(out, n_bytes, text, length, NULL, &n_decoded, NULL, BASE64) == 0 &&
           n_decoded == n_bytes;
}

static void
complete_key(ContentSealKey *key)
{
    crypto_sign_seed_keypair(key->public.key, key->secret, key->file.seed);
    memcpy(key->public.algorithm, "Ed", 2);
    memcpy(key->public.key_id, key->file.key_id, KEY_ID_BYTES);
    print_key_id(key->file.key_id, key->id);
    sodium_bin2base64(key->public_line, sizeof key->public_line, (guint8 *) &key->public,
                      sizeof key->public, BASE64);
}

static void
compute_check(const KeyFile *file, guint8 *out)
{
    guint8 hash[crypto_generichash_BYTES_MIN];

    crypto_generichash(hash, sizeof hash, (const guint8 *) file,
                       G_STRUCT_OFFSET(KeyFile, check), NULL, 0);
    memcpy(out, hash, CHECK_BYTES);
}

ContentSealKey *
content_seal_key_generate(void)
{
    ContentSealKey *key = g_new0(ContentSealKey, 1);

    if (sodium_init() < 0)
        g_error("libsodium has no random numbers");
    randombytes_buf(key->file.key_id, KEY_ID_BYTES);
    randombytes_buf(key->file.seed, sizeof key->file.seed);
    compute_check(&key->file, key->file.check);
    complete_key(key);
    return key;
}

static gboolean
check_is_private(const char *path, GError **error)
{
    GStatBuf status;

    if (g_stat(path, &status) == 0 && (status.st_mode & 077) != 0) {
        g_set_error(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_KEY,
                    "%s has mode %04o, a secret key needs 0600", path,
                    (guint) status.st_mode & 07777);
        return FALSE;
    }
    return TRUE;
}

static gboolean
decode_key_file(const char *text, gsize n_bytes, KeyFile *out)
{
    const gsize title_bytes = strlen(FILE_TITLE);
    guint8 check[CHECK_BYTES];

    if (n_bytes <= title_bytes || memcmp(text, FILE_TITLE, title_bytes) != 0 ||
        text[n_bytes - 1] != '\n')
        return FALSE;
    if (!decode(text + title_bytes, n_bytes - title_bytes - 1, out, sizeof *out))
        return FALSE;
    compute_check(out, check);
    return sodium_memcmp(check, out->check, CHECK_BYTES) == 0;
}

ContentSealKey *
content_seal_key_from_text(const char *text, gsize n_bytes, GError **error)
{
    g_autoptr(ContentSealKey) key = g_new0(ContentSealKey, 1);

    if (sodium_init() < 0)
        g_error("libsodium has no random numbers");
    if (!decode_key_file(text, n_bytes, &key->file)) {
        g_set_error(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_FORMAT,
                    "no secret key, or a damaged one");
        return NULL;
    }
    complete_key(key);
    return g_steal_pointer(&key);
}

ContentSealKey *
content_seal_key_load(const char *path, GError **error)
{
    ContentSealKey *key;
    g_autoptr(GBytes) bytes = NULL;
    gsize n_bytes;
    gpointer text;

    if (!check_is_private(path, error))
        return NULL;
    bytes = content_files_read(path, FILE_MAX_BYTES, error);
    if (bytes == NULL)
        return NULL;
    text = (gpointer) g_bytes_get_data(bytes, &n_bytes);
    key = content_seal_key_from_text(text, n_bytes, error);
    sodium_memzero(text, n_bytes);
    if (key == NULL)
        g_prefix_error(error, "%s: ", path);
    return key;
}

char *
content_seal_key_text(const ContentSealKey *key)
{
    char line[ENCODED_LEN(KeyFile)];
    char *text;

    sodium_bin2base64(line, sizeof line, (const guint8 *) &key->file, sizeof key->file, BASE64);
    text = g_strconcat(FILE_TITLE, line, "\n", NULL);
    sodium_memzero(line, sizeof line);
    return text;
}

void
content_seal_key_text_free(char *text)
{
    if (text == NULL)
        return;
    sodium_memzero(text, strlen(text));
    g_free(text);
}

gboolean
content_seal_key_save(const ContentSealKey *key, const char *path, GError **error)
{
    char *text = content_seal_key_text(key);
    gboolean is_saved = content_files_write(path, text, strlen(text), 0600, error);

    content_seal_key_text_free(text);
    return is_saved;
}

void
content_seal_key_free(ContentSealKey *key)
{
    if (key == NULL)
        return;
    sodium_memzero(key, sizeof *key);
    g_free(key);
}

const char *
content_seal_key_id(const ContentSealKey *key)
{
    return key->id;
}

const char *
content_seal_key_public(const ContentSealKey *key)
{
    return key->public_line;
}

static gboolean
is_comment(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (g_ascii_iscntrl(*at))
            return FALSE;
    }
    return strlen(text) <= CONTENT_SEAL_MAX_COMMENT_BYTES && g_utf8_validate(text, -1, NULL);
}

static void
hash_document(gconstpointer bytes, gsize n_bytes, guint8 *out)
{
    crypto_generichash(out, crypto_generichash_BYTES_MAX, bytes, n_bytes, NULL, 0);
}

/* What the last line signs: the signature, then the trusted comment. */
static GByteArray *
global_message(const Signature *signature, const char *comment)
{
    GByteArray *message = g_byte_array_new();

    g_byte_array_append(message, signature->signature, crypto_sign_BYTES);
    g_byte_array_append(message, (const guint8 *) comment, (guint) strlen(comment));
    return message;
}

char *
content_seal_sign(const ContentSealKey *key, gconstpointer bytes, gsize n_bytes,
                  const char *comment)
{
    guint8 hash[crypto_generichash_BYTES_MAX], global[crypto_sign_BYTES];
    char signature_line[ENCODED_LEN(Signature)], global_line[ENCODED_LEN(global)];
    g_autoptr(GByteArray) message = NULL;
    Signature signature;

    g_return_val_if_fail(is_comment(comment), NULL);
    memcpy(signature.algorithm, "ED", 2);
    memcpy(signature.key_id, key->file.key_id, KEY_ID_BYTES);
    hash_document(bytes, n_bytes, hash);
    crypto_sign_detached(signature.signature, NULL, hash, sizeof hash, key->secret);
    message = global_message(&signature, comment);
    crypto_sign_detached(global, NULL, message->data, message->len, key->secret);
    sodium_bin2base64(signature_line, sizeof signature_line, (guint8 *) &signature,
                      sizeof signature, BASE64);
    sodium_bin2base64(global_line, sizeof global_line, global, sizeof global, BASE64);
    return g_strdup_printf(UNTRUSTED "signed by %s\n%s\n" TRUSTED "%s\n%s\n", key->id,
                           signature_line, comment, global_line);
}

static gboolean
parse_lines(const char *text, Lines *out, GError **error)
{
    g_auto(GStrv) lines = NULL;

    if (strlen(text) <= CONTENT_SEAL_MAX_SIGNATURE_BYTES)
        lines = g_strsplit(text, "\n", 6);
    if (lines == NULL || g_strv_length(lines) != 5 || lines[4][0] != '\0' ||
        !g_str_has_prefix(lines[0], UNTRUSTED) || !g_str_has_prefix(lines[2], TRUSTED) ||
        !is_comment(lines[2] + strlen(TRUSTED)) ||
        !decode(lines[1], strlen(lines[1]), &out->signature, sizeof out->signature) ||
        !decode(lines[3], strlen(lines[3]), out->global, sizeof out->global)) {
        g_set_error_literal(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_FORMAT,
                            "these are not the four lines of a minisign signature");
        return FALSE;
    }
    if (memcmp(out->signature.algorithm, "ED", 2) != 0) {
        g_set_error_literal(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_FORMAT,
                            "the signature is not of the prehashed kind");
        return FALSE;
    }
    out->comment = g_strdup(lines[2] + strlen(TRUSTED));
    return TRUE;
}

static gboolean
parse_public_key(const char *public_key, PublicKey *out)
{
    return public_key != NULL &&
           decode(public_key, strnlen(public_key, ENCODED_LEN(PublicKey)), out, sizeof *out) &&
           memcmp(out->algorithm, "Ed", 2) == 0;
}

static gboolean
check_key(const char *public_key, const Signature *signature, PublicKey *out, GError **error)
{
    char id[KEY_ID_DIGITS + 1];

    if (!parse_public_key(public_key, out)) {
        g_set_error_literal(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_KEY,
                            "this is not a minisign public key");
        return FALSE;
    }
    if (memcmp(out->key_id, signature->key_id, KEY_ID_BYTES) != 0) {
        print_key_id(signature->key_id, id);
        g_set_error(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_KEY,
                    "signed by the key %s, not by the one asked for", id);
        return FALSE;
    }
    return TRUE;
}

static gboolean
check_signatures(const Lines *lines, const PublicKey *key, gconstpointer bytes, gsize n_bytes,
                 GError **error)
{
    guint8 hash[crypto_generichash_BYTES_MAX];
    g_autoptr(GByteArray) message = global_message(&lines->signature, lines->comment);

    hash_document(bytes, n_bytes, hash);
    if (crypto_sign_verify_detached(lines->signature.signature, hash, sizeof hash, key->key) !=
        0) {
        g_set_error_literal(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_SIGNATURE,
                            "the document was changed, or another key signed it");
        return FALSE;
    }
    if (crypto_sign_verify_detached(lines->global, message->data, message->len, key->key) !=
        0) {
        g_set_error_literal(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_SIGNATURE,
                            "the trusted comment was changed");
        return FALSE;
    }
    return TRUE;
}

gboolean
content_seal_verify(const char *public_key, const char *signature, gconstpointer bytes,
                    gsize n_bytes, const char *comment, GError **error)
{
    g_auto(Lines) lines = {.comment = NULL};
    PublicKey key;

    if (sodium_init() < 0)
        g_error("libsodium has no random numbers");
    if (!parse_lines(signature, &lines, error) ||
        !check_key(public_key, &lines.signature, &key, error) ||
        !check_signatures(&lines, &key, bytes, n_bytes, error))
        return FALSE;
    if (comment != NULL && strcmp(comment, lines.comment) != 0) {
        g_set_error(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_CLAIM,
                    "signed as \"%s\", not as \"%s\"", lines.comment, comment);
        return FALSE;
    }
    return TRUE;
}

char *
content_seal_public_key_id(const char *public_key)
{
    char *id;
    PublicKey key;

    if (!parse_public_key(public_key, &key))
        return NULL;
    id = g_malloc(KEY_ID_DIGITS + 1);
    print_key_id(key.key_id, id);
    return id;
}

GBytes *
content_seal_wrap(const char *signature, GBytes *document)
{
    GByteArray *envelope = g_byte_array_new();
    gsize n_bytes;
    const guint8 *bytes = g_bytes_get_data(document, &n_bytes);

    g_byte_array_append(envelope, (const guint8 *) signature, (guint) strlen(signature));
    g_byte_array_append(envelope, (const guint8 *) "\n", 1);
    g_byte_array_append(envelope, bytes, (guint) n_bytes);
    return g_byte_array_free_to_bytes(envelope);
}

GBytes *
content_seal_unwrap(gconstpointer envelope, gsize n_bytes, gsize max_bytes,
                    char **out_signature, char **out_comment, char **out_key_id, GError **error)
{
    g_auto(Lines) lines = {.comment = NULL};
    gsize head_max_bytes = MIN(n_bytes, CONTENT_SEAL_MAX_SIGNATURE_BYTES + 1);
    const char *gap = g_strstr_len(envelope, (gssize) head_max_bytes, "\n\n");
    g_autofree char *signature = NULL;
    gsize head_bytes;

    if (gap == NULL) {
        g_set_error_literal(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_FORMAT,
                            "this is not an envelope: no empty line after a signature");
        return NULL;
    }
    head_bytes = (gsize) (gap - (const char *) envelope) + 1;
    if (n_bytes - head_bytes - 1 > max_bytes) {
        g_set_error(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_FORMAT,
                    "the document has more than %" G_GSIZE_FORMAT " bytes", max_bytes);
        return NULL;
    }
    signature = g_strndup(envelope, head_bytes);
    if (!parse_lines(signature, &lines, error))
        return NULL;
    *out_key_id = g_malloc(KEY_ID_DIGITS + 1);
    print_key_id(lines.signature.key_id, *out_key_id);
    *out_signature = g_steal_pointer(&signature);
    *out_comment = g_steal_pointer(&lines.comment);
    return g_bytes_new((const guint8 *) envelope + head_bytes + 1, n_bytes - head_bytes - 1);
}
