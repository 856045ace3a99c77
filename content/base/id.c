/* id.c - see id.h */
#include "content/base/id.h"

#include <nettle/sha2.h>
#include <sodium.h>
#include <string.h>

/* Crockford's base32 leaves out i, l, o and u. */
static const char id_digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

char *
content_id_new(gint64 utc_us)
{
    guint64 time_ms = (guint64) (MAX(utc_us, 0) / 1000);
    guint8 random[16];
    char *id = g_malloc(CONTENT_ID_LENGTH + 1);

    /* 48 bits of time fill ten digits of five bits, with two to spare at the top. */
    for (int i = 9; i >= 0; i--, time_ms >>= 5)
        id[i] = id_digits[time_ms & 31];
    randombytes_buf(random, sizeof random);
    for (int i = 0; i < 16; i++)
        id[10 + i] = id_digits[random[i] & 31];
    id[CONTENT_ID_LENGTH] = '\0';
    return id;
}

/* Every id of every document passes here: strspn() would build its table anew each time. */
static gboolean
is_id_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

gboolean
content_id_is_valid(const char *text)
{
    gsize length = 0;

    if (text == NULL || text[0] == '-')
        return FALSE;
    while (length <= 64 && is_id_letter(text[length]))
        length++;
    return length > 0 && length <= 64 && text[length] == '\0' && text[length - 1] != '-';
}

char *
content_hex(const guint8 *bytes, gsize n_bytes)
{
    char *text = g_malloc(n_bytes * 2 + 1);

    sodium_bin2hex(text, n_bytes * 2 + 1, bytes, n_bytes);
    return text;
}

gboolean
content_hex_decode(const char *text, guint8 *out, gsize n_bytes)
{
    g_autofree guint8 *bytes = g_malloc0(n_bytes + 1);
    gsize n_read = 0;

    if (text == NULL || strlen(text) != n_bytes * 2 ||
        strspn(text, "0123456789abcdef") != n_bytes * 2)
        return FALSE;
    if (sodium_hex2bin(bytes, n_bytes, text, n_bytes * 2, NULL, &n_read, NULL) != 0)
        return FALSE;
    memcpy(out, bytes, n_bytes);
    return n_read == n_bytes;
}

char *
content_sha256_hex(gconstpointer data, gsize n_bytes)
{
    guint8 digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx context;

    /* nettle, because it uses the processor's own instructions: four times libsodium's speed.
     */
    sha256_init(&context);
    sha256_update(&context, n_bytes, data);
    sha256_digest(&context, sizeof digest, digest);
    return content_hex(digest, sizeof digest);
}
