/*
 * address.h - how a person is reached: an e-mail address and a phone number, as they may be.
 *
 * Flow: store/accounts.c before anything is kept, and smtp.c, command.c once more before it
 * leaves. Pure. What passes here has no character that ends a line, a word or a header.
 */
#pragma once

#include <glib.h>

#define SCHED_EMAIL_MAX_BYTES 254 /* RFC 5321 §4.5.3.1.3, without the brackets */
#define SCHED_PHONE_MAX_BYTES 16  /* E.164: 15 digits, and the plus */

/**
 * sched_email_is_valid:
 * @text: (nullable)
 *
 * Narrower than RFC 5321: no quoted local part, no address literal, ASCII alone, at least one
 * dot in the domain.
 */
gboolean sched_email_is_valid(const char *text);

/** sched_phone_is_valid: @text: (nullable): 8 to 15 digits, a plus before them or not */
gboolean sched_phone_is_valid(const char *text);

/** sched_phone_tidy: Returns: (transfer full): @text without the spaces, dots, hyphens and
 * brackets that people write between digits; whether it is a number is for is_valid() */
char *sched_phone_tidy(const char *text);
