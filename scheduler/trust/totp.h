/*
 * totp.h - the six digits that an authenticator app shows: RFC 6238 over RFC 4226.
 *
 * Flow: web/ makes a secret and shows it once -> the person's app reckons with it -> what they
 * type is matched here. Pure: the time comes in as an argument; who keeps the last step used is
 * the store. SHA-1, six digits and 30 s are what every app reads (RFC 6238 §4, RFC 4226 §5.3).
 */
#pragma once

#include <glib.h>

#define SCHED_TOTP_SECRET_BYTES 20 /* as long as the hash (RFC 4226 §4, R6) */
#define SCHED_TOTP_STEP_S       30
#define SCHED_TOTP_DIGITS       6

/**
 * sched_totp_number:
 * @secret: SCHED_TOTP_SECRET_BYTES
 * @step: steps of 30 s since 1970
 *
 * Returns: 31 bits; a code is their last decimal digits
 */
guint32 sched_totp_number(const guint8 *secret, gint64 step);

/**
 * sched_totp_match:
 * @typed: as a person wrote it; blanks do not count
 * @now_us: UTC
 * @last_step: the step used last; it and those before it are no good any more; 0: none
 *
 * The step of now, the one before and the one after are looked at: clocks of phones differ.
 *
 * Returns: the step that the code is of; 0 if it is of none
 */
gint64 sched_totp_match(const guint8 *secret, const char *typed, gint64 now_us,
                        gint64 last_step);

/** sched_totp_looks_like: whether @typed is six digits, blanks apart */
gboolean sched_totp_looks_like(const char *typed);

/** sched_totp_base32: Returns: (transfer full): the secret in RFC 4648 base32, 32 letters; in
 * groups of four if @grouped, to be typed by hand */
char *sched_totp_base32(const guint8 *secret, gboolean grouped);

/**
 * sched_totp_uri:
 * @issuer: UTF-8: name of the district
 * @login: of the account
 *
 * Returns: (transfer full): otpauth://totp/… as apps scan it (Key URI Format)
 */
char *sched_totp_uri(const guint8 *secret, const char *issuer, const char *login);
