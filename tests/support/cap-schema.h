/* cap-schema.h - an independent judge of CAP messages: xmllint, by tests/data/cap/cap-1.2.xsd.
 */
#pragma once

#include <glib.h>

/** cap_schema_accepts: Returns: whether xmllint finds @xml valid by the schema */
gboolean cap_schema_accepts(const char *xml, gsize n_bytes);
