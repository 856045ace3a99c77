/*
 * source-address.h - where the sound of a relay comes from, as one line of text.
 *
 * Flow: scheduler/store keeps it, an approval names it -> player/output opens it. Pure.
 *
 * "https://host[:port]/path" or "http://…" is a stream; "line:NAME" is an input that the
 * player's own configuration calls NAME, because an ALSA name from afar could write files.
 */
#pragma once

#include <glib.h>

#include "content/kinds.h"

#define CONTENT_SOURCE_ADDRESS_MAX_BYTES 500

/**
 * content_source_address_kind:
 * @address: (nullable)
 *
 * A stream's address is of printable ASCII, names a host, and holds no user, no fragment, no
 * space and no quotation mark.
 *
 * Returns: CONTENT_SOURCE_STREAM or CONTENT_SOURCE_LINE_IN; -1: it is neither
 */
gint content_source_address_kind(const char *address);

/** content_source_address_line: Returns: (transfer none) (nullable): NAME of "line:NAME" */
const char *content_source_address_line(const char *address);
