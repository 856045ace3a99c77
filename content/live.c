/* live.c - see live.h. Pure. */
#include "content/live.h"

#include <sodium.h>
#include <string.h>

#define MAGIC           "LOALIVE1"
#define MAGIC_BYTES     (sizeof MAGIC - 1)
#define HEAD_BYTES      (MAGIC_BYTES + CONTENT_LIVE_ID_BYTES + 4 + 1 + 1)
#define SIGNATURE_BYTES 64
#define FLAG_LAST       0x01

G_STATIC_ASSERT(SIGNATURE_BYTES == crypto_sign_BYTES);
G_STATIC_ASSERT(CONTENT_LIVE_KEY_BYTES == crypto_sign_PUBLICKEYBYTES);
G_STATIC_ASSERT(CONTENT_LIVE_SECRET_BYTES == crypto_sign_SECRETKEYBYTES);
G_STATIC_ASSERT(CONTENT_LIVE_KEY_CHARACTERS + 1 ==
                sodium_base64_ENCODED_LEN(CONTENT_LIVE_KEY_BYTES,
                                          sodium_base64_VARIANT_ORIGINAL));

G_DEFINE_QUARK(ContentLiveError, content_live_error)

static gboolean refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static gboolean
refuse(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (error != NULL)
        *error = g_error_new_valist(CONTENT_LIVE_ERROR, CONTENT_LIVE_ERROR_FORMAT, format,
                                    arguments);
    va_end(arguments);
    return FALSE;
}

void
content_live_key_make(guint8 out_public[CONTENT_LIVE_KEY_BYTES],
                      guint8 out_secret[CONTENT_LIVE_SECRET_BYTES])
{
    g_return_if_fail(sodium_init() >= 0);
    crypto_sign_keypair(out_public, out_secret);
}

char *
content_live_key_text(const guint8 key[CONTENT_LIVE_KEY_BYTES])
{
    char *text = g_malloc(CONTENT_LIVE_KEY_CHARACTERS + 1);

    return sodium_bin2base64(text, CONTENT_LIVE_KEY_CHARACTERS + 1, key, CONTENT_LIVE_KEY_BYTES,
                             sodium_base64_VARIANT_ORIGINAL);
}

gboolean
content_live_key_read(const char *text, guint8 out_key[CONTENT_LIVE_KEY_BYTES])
{
    guint8 key[CONTENT_LIVE_KEY_BYTES];
    size_t n = 0;

    if (strlen(text) != CONTENT_LIVE_KEY_CHARACTERS ||
        sodium_base642bin(key, sizeof key, text, CONTENT_LIVE_KEY_CHARACTERS, NULL, &n, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        n != sizeof key)
        return FALSE;
    memcpy(out_key, key, sizeof key);
    return TRUE;
}

/* ---- writing ---- */

static gboolean
check_frame(const ContentLiveFrame *frame, gsize n_bytes, GError **error)
{
    if (strlen(frame->alert) != CONTENT_LIVE_ID_BYTES || !content_id_is_valid(frame->alert))
        return refuse(error, "live frame: alert: '%s' is no id of %d characters", frame->alert,
                      CONTENT_LIVE_ID_BYTES);
    if (frame->n_packets > CONTENT_LIVE_MAX_PACKETS)
        return refuse(error, "live frame: packets: %u are more than %d", frame->n_packets,
                      CONTENT_LIVE_MAX_PACKETS);
    if (frame->n_packets == 0 && !frame->is_last)
        return refuse(error, "live frame: packets: there are none, and it is not the last");
    for (guint i = 0; i < frame->n_packets; i++) {
        gsize n = frame->packets[i].n_bytes;

        if (n == 0 || n > CONTENT_LIVE_MAX_PACKET_BYTES)
            return refuse(error,
                          "live frame: packets[%u]: %" G_GSIZE_FORMAT " bytes are not 1 … %d",
                          i, n, CONTENT_LIVE_MAX_PACKET_BYTES);
    }
    if (n_bytes > CONTENT_LIVE_MAX_BYTES)
        return refuse(error, "live frame: %" G_GSIZE_FORMAT " bytes are more than %d", n_bytes,
                      CONTENT_LIVE_MAX_BYTES);
    return TRUE;
}

static void
append_number(GByteArray *out, guint32 value, guint n_bytes)
{
    for (guint i = n_bytes; i-- > 0;) {
        guint8 byte = (guint8) (value >> (8 * i));

        g_byte_array_append(out, &byte, 1);
    }
}

GBytes *
content_live_frame_write(const ContentLiveFrame *frame,
                         const guint8 secret[CONTENT_LIVE_SECRET_BYTES], GError **error)
{
    g_autoptr(GByteArray) out = g_byte_array_sized_new(CONTENT_LIVE_MAX_BYTES);
    guint8 signature[SIGNATURE_BYTES];
    gsize n_bytes = HEAD_BYTES + SIGNATURE_BYTES;

    for (guint i = 0; i < MIN(frame->n_packets, CONTENT_LIVE_MAX_PACKETS); i++)
        n_bytes += 2 + frame->packets[i].n_bytes;
    if (!check_frame(frame, n_bytes, error))
        return NULL;
    g_return_val_if_fail(sodium_init() >= 0, NULL);
    g_byte_array_append(out, (const guint8 *) MAGIC, MAGIC_BYTES);
    g_byte_array_append(out, (const guint8 *) frame->alert, CONTENT_LIVE_ID_BYTES);
    append_number(out, frame->sequence, 4);
    append_number(out, frame->is_last ? FLAG_LAST : 0, 1);
    append_number(out, frame->n_packets, 1);
    for (guint i = 0; i < frame->n_packets; i++) {
        append_number(out, (guint32) frame->packets[i].n_bytes, 2);
        g_byte_array_append(out, frame->packets[i].bytes, (guint) frame->packets[i].n_bytes);
    }
    crypto_sign_detached(signature, NULL, out->data, out->len, secret);
    g_byte_array_append(out, signature, sizeof signature);
    return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}

/* ---- reading ---- */

gboolean
content_live_frame_alert(gconstpointer bytes, gsize n_bytes,
                         char out_alert[CONTENT_LIVE_ID_BYTES + 1], GError **error)
{
    const guint8 *data = bytes;
    char alert[CONTENT_LIVE_ID_BYTES + 1] = "";

    if (n_bytes < HEAD_BYTES + SIGNATURE_BYTES)
        return refuse(error, "live frame: %" G_GSIZE_FORMAT " bytes are too few", n_bytes);
    if (n_bytes > CONTENT_LIVE_MAX_BYTES)
        return refuse(error, "live frame: %" G_GSIZE_FORMAT " bytes are more than %d", n_bytes,
                      CONTENT_LIVE_MAX_BYTES);
    if (memcmp(data, MAGIC, MAGIC_BYTES) != 0)
        return refuse(error, "live frame: it does not begin with %s", MAGIC);
    memcpy(alert, data + MAGIC_BYTES, CONTENT_LIVE_ID_BYTES);
    if (strlen(alert) != CONTENT_LIVE_ID_BYTES || !content_id_is_valid(alert))
        return refuse(error, "live frame: alert: no id stands there");
    memcpy(out_alert, alert, sizeof alert);
    return TRUE;
}

/* @data: the packets of a frame whose signature is verified; @n_bytes: up to the signature */
static gboolean
read_packets(const guint8 *data, gsize n_bytes, ContentLiveFrame *frame, GError **error)
{
    gsize at = 0;

    for (guint i = 0; i < frame->n_packets; i++) {
        gsize n;

        if (n_bytes - at < 2)
            return refuse(error, "live frame: packets[%u]: it ends before it", i);
        n = ((gsize) data[at] << 8) | data[at + 1];
        at += 2;
        if (n == 0 || n > CONTENT_LIVE_MAX_PACKET_BYTES)
            return refuse(error,
                          "live frame: packets[%u]: %" G_GSIZE_FORMAT " bytes are not 1 … %d",
                          i, n, CONTENT_LIVE_MAX_PACKET_BYTES);
        if (n > n_bytes - at)
            return refuse(error, "live frame: packets[%u]: it ends within it", i);
        frame->packets[i] = (ContentLivePacket){data + at, n};
        at += n;
    }
    if (at != n_bytes)
        return refuse(error, "live frame: %" G_GSIZE_FORMAT " bytes stand after its packets",
                      n_bytes - at);
    return TRUE;
}

/* @head: of a frame whose signature is verified, behind its id */
static gboolean
read_head(const guint8 *head, ContentLiveFrame *frame, GError **error)
{
    frame->sequence =
        (guint32) head[0] << 24 | (guint32) head[1] << 16 | (guint32) head[2] << 8 | head[3];
    if ((head[4] & ~FLAG_LAST) != 0)
        return refuse(error, "live frame: flags: 0x%02x has more than are known", head[4]);
    frame->is_last = head[4] == FLAG_LAST;
    frame->n_packets = head[5];
    if (frame->n_packets > CONTENT_LIVE_MAX_PACKETS)
        return refuse(error, "live frame: packets: %u are more than %d", frame->n_packets,
                      CONTENT_LIVE_MAX_PACKETS);
    if (frame->n_packets == 0 && !frame->is_last)
        return refuse(error, "live frame: packets: there are none, and it is not the last");
    return TRUE;
}

gboolean
content_live_frame_read(gconstpointer bytes, gsize n_bytes,
                        const guint8 key[CONTENT_LIVE_KEY_BYTES], ContentLiveFrame *out_frame,
                        GError **error)
{
    const guint8 *data = bytes;
    ContentLiveFrame frame = {0};
    gsize n_signed;

    if (!content_live_frame_alert(bytes, n_bytes, frame.alert, error))
        return FALSE;
    n_signed = n_bytes - SIGNATURE_BYTES;
    if (sodium_init() < 0 ||
        crypto_sign_verify_detached(data + n_signed, data, n_signed, key) != 0) {
        g_set_error(error, CONTENT_LIVE_ERROR, CONTENT_LIVE_ERROR_SIGNATURE,
                    "live frame: signature: it is not by the alert's key");
        return FALSE;
    }
    if (!read_head(data + MAGIC_BYTES + CONTENT_LIVE_ID_BYTES, &frame, error) ||
        !read_packets(data + HEAD_BYTES, n_signed - HEAD_BYTES, &frame, error))
        return FALSE;
    *out_frame = frame;
    return TRUE;
}
