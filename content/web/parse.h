/*
 * parse.h - the small texts of HTTP taken apart: target, range, cookie, lists of headers.
 *
 * Flow: server.c hands over what the peer wrote; nothing here is believed further than stated.
 * Thread: any; no state.
 */
#pragma once

#include <glib.h>

#define CONTENT_TARGET_MAX_BYTES    4096
#define CONTENT_TARGET_MAX_SEGMENTS 12
#define CONTENT_TARGET_MAX_QUERY    16

/* A request target (RFC 9112 §3.2.1, origin form), decoded. */
typedef struct {
    char *path;          /* (owned): as it came, for the log; without the query */
    GPtrArray *segments; /* (owned) (element-type utf8): decoded, none empty */
    GHashTable *query;   /* (owned) (element-type utf8 utf8): decoded */
} ContentTarget;

/**
 * content_target_parse:
 * @text: "/api/areas/ia-pa?search=b%C6%A1"
 *
 * Refused: anything but origin form, a broken escape, bytes that are not UTF-8, a control
 * character, an empty, "." or ".." segment, a query member twice, more than the limits above.
 *
 * Returns: (transfer full) (nullable): NULL if refused
 */
ContentTarget *content_target_parse(const char *text);

/** content_target_free: @target: (nullable) (transfer full) */
void content_target_free(ContentTarget *target);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ContentTarget, content_target_free)

typedef enum {
    CONTENT_RANGE_WHOLE, /* no range, several, or another unit: answer 200 */
    CONTENT_RANGE_PART,  /* answer 206 */
    CONTENT_RANGE_NONE,  /* outside the object: answer 416 */
} ContentRange;

/**
 * content_range_parse:
 * @header: (nullable): value of Range (RFC 9110 §14.2)
 * @size_bytes: of the object
 * @out_first: (out): offset of the first byte; 0 unless CONTENT_RANGE_PART
 * @out_count: (out): how many bytes; @size_bytes unless CONTENT_RANGE_PART
 */
ContentRange content_range_parse(const char *header, gint64 size_bytes, gint64 *out_first,
                                 gint64 *out_count);

/**
 * content_cookie_get:
 * @header: (nullable): value of Cookie
 *
 * Returns: (transfer full) (nullable): the value; NULL if it is absent or there twice
 */
char *content_cookie_get(const char *header, const char *name);

/**
 * content_media_is:
 * @header: (nullable): value of Content-Type
 * @type: "text/csv", or or a range, whose second half is a star
 *
 * Returns: whether it is @type, whatever its parameters
 */
gboolean content_media_is(const char *header, const char *type);
