/*
 * phone.h - an authenticator app, for tests: what it shows of a secret that was typed into it.
 *
 * Reckons with GLib's HMAC as the program does; what holds both to RFC 6238 are the vectors in
 * tests/scheduler/trust/test-factor.c.
 */
#pragma once

#include <glib.h>

/** test_phone_code: @secret: base32, as told; Returns: (transfer full): six digits at @at_us */
char *test_phone_code(const char *secret, gint64 at_us);
