/*
 * pack.h - an answer made small for a thin line: gzip (RFC 1952), for whoever says they read
 * it.
 *
 * Flow: api-devices.c hands over day plans -> here -> call.h with Content-Encoding. Sixteen
 * days are half a megabyte of JSON that says much the same in every line; packed they are a
 * twentieth, which is the difference between a minute and seconds at 64 kbit/s.
 * Thread: any; no state.
 */
#pragma once

#include <glib.h>

/**
 * content_pack_is_welcome:
 * @header: (nullable): value of Accept-Encoding (RFC 9110 §12.5.3)
 *
 * Returns: whether gzip is named there, and not with a weight of 0
 */
gboolean content_pack_is_welcome(const char *header);

/** content_pack: Returns: (transfer full): @bytes as gzip */
GBytes *content_pack(GBytes *bytes);
