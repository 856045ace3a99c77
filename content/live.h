/*
 * live.h - what is spoken live, on its way: a fifth of a second of Opus, signed.
 *
 * Flow: the district's microphone -> scheduler signs each frame with a key of that one speech,
 * whose public half stands in the signed alert -> topic loa/1/to/STATION/live, QoS 0, not
 * retained -> player/intake -> player/output, which verifies it before it looks at its packets.
 * Pure.
 *
 * A frame, numbers big-endian:
 *
 *      bytes
 *          8  "LOALIVE1"
 *         26  id of the alert
 *          4  sequence, from 0; every frame has a higher one than the frame before
 *          1  flags: 1: the last frame, the speaker has ended; the others are 0
 *          1  number of packets, 0 … 20; 0 in a last frame alone
 *   each 2+n  length of a packet, 1 … 1275, and the packet: Opus, 20 ms, 48 kHz mono
 *         64  Ed25519 signature of all that stands before it
 */
#pragma once

#include <glib.h>

#include "content/base/id.h"

#define CONTENT_LIVE_MAX_BYTES        4096
#define CONTENT_LIVE_MAX_PACKETS      20
#define CONTENT_LIVE_MAX_PACKET_BYTES 1275 /* the longest that RFC 6716 knows for one frame */
#define CONTENT_LIVE_PACKET_MS        20
#define CONTENT_LIVE_ID_BYTES         CONTENT_ID_LENGTH
#define CONTENT_LIVE_KEY_BYTES        32
#define CONTENT_LIVE_SECRET_BYTES     64 /* as crypto_sign_keypair() makes it */
/* A public key as the alert has it: base64 with padding. */
#define CONTENT_LIVE_KEY_CHARACTERS 44

#define CONTENT_LIVE_ERROR (content_live_error_quark())
GQuark content_live_error_quark(void);

typedef enum {
    CONTENT_LIVE_ERROR_FORMAT,    /* too short, too long, or not as above */
    CONTENT_LIVE_ERROR_SIGNATURE, /* of another key, or altered */
} ContentLiveError;

typedef struct {
    const guint8 *bytes; /* (not owned) */
    gsize n_bytes;
} ContentLivePacket;

typedef struct {
    char alert[CONTENT_LIVE_ID_BYTES + 1];
    guint32 sequence;
    gboolean is_last;
    guint n_packets;
    ContentLivePacket packets[CONTENT_LIVE_MAX_PACKETS];
} ContentLiveFrame;

/** content_live_key_make: @out_public, @out_secret: (out): a key pair for one speech */
void content_live_key_make(guint8 out_public[CONTENT_LIVE_KEY_BYTES],
                           guint8 out_secret[CONTENT_LIVE_SECRET_BYTES]);

/** content_live_key_text: Returns: (transfer full): a public key as the alert has it */
char *content_live_key_text(const guint8 key[CONTENT_LIVE_KEY_BYTES]);

/**
 * content_live_key_read:
 * @text: from outside
 * @out_key: (out): written on success only
 *
 * Returns: %FALSE if @text is not exactly what content_live_key_text() makes
 */
gboolean content_live_key_read(const char *text, guint8 out_key[CONTENT_LIVE_KEY_BYTES]);

/**
 * content_live_frame_write:
 * @secret: of the speech
 *
 * Checks as strictly as reading does, so what we write is what others accept.
 *
 * Returns: (transfer full): the frame's bytes; NULL with %CONTENT_LIVE_ERROR_FORMAT
 */
GBytes *content_live_frame_write(const ContentLiveFrame *frame,
                                 const guint8 secret[CONTENT_LIVE_SECRET_BYTES],
                                 GError **error);

/**
 * content_live_frame_alert:
 * @bytes: from outside
 * @out_alert: (out): the id it names, valid but not yet to be believed; for finding the key
 *
 * Returns: %FALSE with %CONTENT_LIVE_ERROR_FORMAT if it is no frame by size and beginning
 */
gboolean content_live_frame_alert(gconstpointer bytes, gsize n_bytes,
                                  char out_alert[CONTENT_LIVE_ID_BYTES + 1], GError **error);

/**
 * content_live_frame_read:
 * @bytes: from outside; the packets of @out_frame lie in it
 * @key: that the alert names
 * @out_frame: (out): written on success only
 *
 * The signature is verified before anything but size and beginning is looked at.
 *
 * Returns: %FALSE with an error that names what is wrong
 */
gboolean content_live_frame_read(gconstpointer bytes, gsize n_bytes,
                                 const guint8 key[CONTENT_LIVE_KEY_BYTES],
                                 ContentLiveFrame *out_frame, GError **error);
