/*
 * id.h - names the program gives: for rows, journals, keys and messages.
 *
 * Flow: whoever makes a new thing names it here. Ids are text, so that no database makes them.
 */
#pragma once

#include <glib.h>

/* 26 characters of Crockford's base32 in lower case: 48 bits of time, 80 random bits (ULID). */
#define CONTENT_ID_LENGTH 26

/**
 * content_id_new:
 * @utc_us: the present, so that ids sort by age; need not be right
 *
 * Returns: (transfer full): a new id; the random part is from the kernel
 */
char *content_id_new(gint64 utc_us);

/**
 * content_id_is_valid:
 * @text: (nullable)
 *
 * A name from outside that may become part of a topic, a path or a URL: 1 to 64 characters of
 * [a-z0-9-], not beginning or ending with '-'. content_id_new() makes such names.
 */
gboolean content_id_is_valid(const char *text);

/**
 * content_hex:
 *
 * Returns: (transfer full): @n_bytes as lower-case hex digits
 */
char *content_hex(const guint8 *bytes, gsize n_bytes);

/**
 * content_hex_decode:
 * @out: (array length=n_bytes): written on success only
 *
 * Returns: %FALSE unless @text is exactly 2 × @n_bytes lower-case hex digits
 */
gboolean content_hex_decode(const char *text, guint8 *out, gsize n_bytes);

/**
 * content_sha256_hex:
 *
 * Returns: (transfer full): SHA-256 (FIPS 180-4) of @data as 64 lower-case hex digits
 */
char *content_sha256_hex(gconstpointer data, gsize n_bytes);
