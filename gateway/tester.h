/*
 * tester.h - `loa-gateway test ZONE`: asks the running gateway, and through it the player.
 *
 * Flow: main.c -> here -> unix socket -> link.h of the daemon -> player -> back. Blocks.
 */
#pragma once

#include <glib.h>

#define GATE_TESTER_ERROR (gate_tester_error_quark())
GQuark gate_tester_error_quark(void);

typedef enum {
    GATE_TESTER_ERROR_CONNECTION, /* no gateway there, it refused us, or it went away */
    GATE_TESTER_ERROR_REFUSED,    /* the player said no; the message says why */
    GATE_TESTER_ERROR_RELAY,      /* it took place, but the relay did not read closed */
    GATE_TESTER_ERROR_INVALID,    /* no such zone, or a duration out of range */
} GateTesterError;

/**
 * gate_tester_run:
 * @socket_path: of the running gateway
 * @duration_ms: 1 to CONTENT_TEST_MAX_MS
 *
 * Prints the answers as they come.
 *
 * Returns: %TRUE when the relay read closed during the test
 */
gboolean gate_tester_run(const char *socket_path, const char *zone, gint64 duration_ms,
                         GError **error);
