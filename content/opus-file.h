/*
 * opus-file.h - packets of Opus as an Ogg Opus file, written while they come, and read again.
 *
 * Flow: a live speech's packets -> here -> a file that any player plays, kept as evidence; a
 * file -> here -> packets that are spoken live. Pure: bytes in, bytes out.
 * Ogg is RFC 3533, Opus in it RFC 7845, the first byte of a packet RFC 6716 3.1.
 *
 * A page is whole when it is written: a file that was cut off by a kill plays to its last page.
 */
#pragma once

#include <glib.h>

/* Of an Opus frame, RFC 6716 3.4. */
#define CONTENT_OPUS_MAX_PACKET_BYTES 1275
/* What a live packet holds at 48 kHz: 20 ms. */
#define CONTENT_OPUS_PACKET_SAMPLES 960
/* In one page: 20 of the largest packets take 120 of its 255 pieces. */
#define CONTENT_OPUS_MAX_PAGE_PACKETS 20
/* What a reader keeps of bytes that are no whole page yet: the largest page. */
#define CONTENT_OPUS_MAX_PAGE_BYTES 65307

#define CONTENT_OPUS_ERROR (content_opus_error_quark())
GQuark content_opus_error_quark(void);

typedef enum {
    CONTENT_OPUS_ERROR_SYNTAX, /* no Ogg, or damaged */
    CONTENT_OPUS_ERROR_MEDIA,  /* Ogg of something else */
} ContentOpusError;

/** content_opus_is_plain: Returns: whether the packet is what is spoken live: one Opus frame of
 * 20 ms, mono or stereo */
gboolean content_opus_is_plain(const guint8 *packet, gsize n_bytes);

typedef struct {
    guint32 serial;
    guint32 n_pages;
    gint64 n_samples; /* those that players leave out at the beginning counted in */
} ContentOpusWriter;

/** content_opus_begin: @serial: any number; @out: the file's two first pages are added to it */
void content_opus_begin(ContentOpusWriter *self, guint32 serial, GByteArray *out);

/**
 * content_opus_add:
 * @packets: (element-type GBytes): 1 to %CONTENT_OPUS_MAX_PAGE_PACKETS, each plain and no
 * longer than %CONTENT_OPUS_MAX_PACKET_BYTES
 * @out: their page is added to it
 */
void content_opus_add(ContentOpusWriter *self, const GPtrArray *packets, GByteArray *out);

/** content_opus_end: @out: the page that says that nothing follows is added to it */
void content_opus_end(ContentOpusWriter *self, GByteArray *out);

typedef struct ContentOpusReader ContentOpusReader;

/** content_opus_reader_new: for one file from its start */
ContentOpusReader *content_opus_reader_new(void);
void content_opus_reader_free(ContentOpusReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentOpusReader, content_opus_reader_free)

/**
 * content_opus_reader_feed:
 * @bytes: what follows in the file, however much
 * @packets: (element-type GBytes): each packet that is whole by now is added to it; the file's
 *   two heads are not
 *
 * Returns: %FALSE if it is no Ogg Opus file, or was damaged: it is not to be fed again
 */
gboolean content_opus_reader_feed(ContentOpusReader *self, const guint8 *bytes, gsize n_bytes,
                                  GPtrArray *packets, GError **error);
