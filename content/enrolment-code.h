/*
 * enrolment-code.h - the one text a technician carries from the district to a new player.
 *
 * Flow: the scheduler makes one a station, the technician types it behind `loa-player enrol`.
 * Pure.
 *
 * Crockford's base32 (no I, L, O, U) in groups of four: format, secret, fingerprint, address,
 * and a check character that finds every single wrong character and every two swapped ones.
 */
#pragma once

#include <glib.h>

#define CONTENT_ENROLMENT_SECRET_BYTES      16
#define CONTENT_ENROLMENT_FINGERPRINT_BYTES 16
#define CONTENT_ENROLMENT_ADDRESS_MAX       100
/* Longest text accepted, with hyphens and spaces. */
#define CONTENT_ENROLMENT_TEXT_MAX 400

#define CONTENT_ENROLMENT_ERROR (content_enrolment_error_quark())
GQuark content_enrolment_error_quark(void);

typedef enum {
    CONTENT_ENROLMENT_ERROR_CHARACTER, /* a character that no code has; the error says which */
    CONTENT_ENROLMENT_ERROR_CHECK,     /* mistyped */
    CONTENT_ENROLMENT_ERROR_FORMAT,    /* too short, too long, or of another format */
    CONTENT_ENROLMENT_ERROR_ADDRESS,   /* not host:port */
} ContentEnrolmentError;

typedef struct {
    char address[CONTENT_ENROLMENT_ADDRESS_MAX + 1]; /* "loa.example.vn:8443", "[::1]:8443" */
    guint8 secret[CONTENT_ENROLMENT_SECRET_BYTES]; /* random, bound to one station, used once */
    /* First bytes of SHA-256 over the CA's SubjectPublicKeyInfo in DER. */
    guint8 fingerprint[CONTENT_ENROLMENT_FINGERPRINT_BYTES];
} ContentEnrolmentCode;

/**
 * content_enrolment_code_write:
 *
 * Returns: (transfer full): the text, groups of four joined by hyphens; NULL if the address is
 *   not host:port
 */
char *content_enrolment_code_write(const ContentEnrolmentCode *code, GError **error);

/**
 * content_enrolment_code_read:
 * @text: as typed: any case, hyphens and white space ignored, O read as 0, I and L as 1
 * @out: written on success only
 */
gboolean content_enrolment_code_read(const char *text, ContentEnrolmentCode *out,
                                     GError **error);
