/*
 * letter.h - one e-mail as it goes over the line (RFC 5322, MIME).
 *
 * Flow: a message of the store -> here -> smtp.h. Pure.
 *
 * Nothing that a person wrote can become a header or end the text: the subject is encoded
 * words, the body base64, and every other header is ours or of checked letters alone.
 */
#pragma once

#include <glib.h>

typedef struct {
    const char *id; /* of the message: its Message-ID is the same however often it is sent */
    const char *from, *to;      /* addresses that sched_email_is_valid() */
    const char *subject, *body; /* UTF-8 */
    gint64 at_us;               /* when it was written, UTC */
} SchedLetter;

/** sched_letter_write: Returns: (transfer full): with CRLF line ends; NULL: an address is none,
 * or the id is none */
char *sched_letter_write(const SchedLetter *letter);
