/*
 * certificate.h - the key and the certificate that the page is served with, made on the spot.
 *
 * Flow: first start -> files in the page's folder -> every later start. Port. There is no
 * authority on a network without the Internet: whoever opens the page compares its fingerprint
 * once with the one that `loa-page fingerprint` prints at the station.
 */
#pragma once

#include <glib.h>

#define PLAY_PAGE_CERTIFICATE_ERROR (play_page_certificate_error_quark())
GQuark play_page_certificate_error_quark(void);

typedef enum {
    PLAY_PAGE_CERTIFICATE_ERROR_TLS, /* what lies there is no certificate, or none can be made
                                      */
} PlayPageCertificateError;

typedef struct {
    char *chain;       /* (owned): PEM */
    char *key;         /* (owned): PEM; wiped before it is freed */
    char *fingerprint; /* (owned): SHA-256 as browsers show it: "AB:CD:…" */
} PlayPageCertificate;
void play_page_certificate_free(PlayPageCertificate *certificate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayPageCertificate, play_page_certificate_free)

/**
 * play_page_certificate_load:
 * @folder: of the page; made if it is not there
 * @address: (nullable): IP address that it is made for too, unless it is any; NULL: one that is
 *   missing is not made
 *
 * The names in it are the machine's own. It begins long before any clock of a station and has
 * no end (RFC 5280 §4.1.2.5): a station without a battery would not know that it is over.
 */
PlayPageCertificate *play_page_certificate_load(const char *folder, const char *address,
                                                GError **error);
