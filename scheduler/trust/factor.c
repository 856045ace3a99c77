/* factor.c - see factor.h */
#include "scheduler/trust/factor.h"

#include "content/base/files.h"
#include "content/base/id.h"

#include <sodium.h>
#include <string.h>

G_DEFINE_QUARK(SchedFactorError, sched_factor_error)

#define KEY_BYTES     crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_BYTES   crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define BOX_BYTES     (SCHED_TOTP_SECRET_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES)
#define BASE64        sodium_base64_VARIANT_ORIGINAL
#define CODE_LETTERS  16
#define KEY_MAX_BYTES 256

struct SchedFactors {
    guint8 key[KEY_BYTES];
};

void
sched_factors_free(SchedFactors *self)
{
    if (self == NULL)
        return;
    sodium_memzero(self->key, sizeof self->key);
    g_free(self);
}

static gboolean
make_key(const char *path, GError **error)
{
    char text[sodium_base64_ENCODED_LEN(KEY_BYTES, BASE64)];
    guint8 key[KEY_BYTES];
    gboolean is_written;

    randombytes_buf(key, sizeof key);
    sodium_bin2base64(text, sizeof text, key, sizeof key, BASE64);
    is_written = content_files_write(path, text, strlen(text), 0600, error);
    sodium_memzero(key, sizeof key);
    sodium_memzero(text, sizeof text);
    return is_written;
}

SchedFactors *
sched_factors_open(const char *folder, GError **error)
{
    g_autoptr(SchedFactors) self = g_new0(SchedFactors, 1);
    g_autofree char *path = g_build_filename(folder, SCHED_FACTOR_KEY_NAME, NULL);
    g_autoptr(GBytes) bytes = NULL;
    gsize n_text = 0, n_key = 0;
    const char *text;

    if (!g_file_test(path, G_FILE_TEST_EXISTS) && !make_key(path, error))
        return NULL;
    bytes = content_files_read(path, KEY_MAX_BYTES, error);
    if (bytes == NULL)
        return NULL;
    text = g_bytes_get_data(bytes, &n_text);
    if (sodium_base642bin(self->key, sizeof self->key, text, n_text, "\n", &n_key, NULL,
                          BASE64) == 0 &&
        n_key == sizeof self->key)
        return g_steal_pointer(&self);
    /* Never made anew: that would shut everybody out who has a second factor. */
    g_set_error(error, SCHED_FACTOR_ERROR, SCHED_FACTOR_ERROR_DAMAGED, "%s is no key", path);
    return NULL;
}

char *
sched_factors_seal(const SchedFactors *self, const char *account, const guint8 *secret)
{
    guint8 sealed[NONCE_BYTES + BOX_BYTES];
    const gsize n_text = sodium_base64_ENCODED_LEN(sizeof sealed, BASE64);
    char *text = g_malloc(n_text);

    randombytes_buf(sealed, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE_BYTES, NULL, secret,
                                               SCHED_TOTP_SECRET_BYTES,
                                               (const guint8 *) account, strlen(account), NULL,
                                               sealed, self->key);
    return sodium_bin2base64(text, n_text, sealed, sizeof sealed, BASE64);
}

gboolean
sched_factors_unseal(const SchedFactors *self, const char *account, const char *sealed,
                     guint8 *out_secret, GError **error)
{
    guint8 bytes[NONCE_BYTES + BOX_BYTES];
    gsize n_bytes = 0;

    if (sodium_base642bin(bytes, sizeof bytes, sealed, strlen(sealed), NULL, &n_bytes, NULL,
                          BASE64) == 0 &&
        n_bytes == sizeof bytes &&
        crypto_aead_xchacha20poly1305_ietf_decrypt(out_secret, NULL, NULL, bytes + NONCE_BYTES,
                                                   BOX_BYTES, (const guint8 *) account,
                                                   strlen(account), bytes, self->key) == 0)
        return TRUE;
    g_set_error(error, SCHED_FACTOR_ERROR, SCHED_FACTOR_ERROR_DAMAGED,
                "the second factor of %s does not open with %s", account,
                SCHED_FACTOR_KEY_NAME);
    return FALSE;
}

/* Letters that are not taken for one another, 5 bits each. */
static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";

char *
sched_recovery_code(void)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < CODE_LETTERS; i++) {
        if (i > 0 && i % 4 == 0)
            g_string_append_c(out, '-');
        g_string_append_c(out, letters[randombytes_uniform(32)]);
    }
    return g_string_free(out, FALSE);
}

char *
sched_recovery_hash(const char *account, const char *typed)
{
    g_autoptr(GString) text = g_string_new(account);
    guint count = 0;

    g_string_append_c(text, ':');
    for (const char *c = typed; *c != '\0'; c++) {
        char letter = g_ascii_tolower(*c);

        if (letter == ' ' || letter == '-')
            continue;
        if (strchr(letters, letter) == NULL || ++count > CODE_LETTERS)
            return NULL;
        g_string_append_c(text, letter);
    }
    return count == CODE_LETTERS ? content_sha256_hex(text->str, text->len) : NULL;
}
