/*
 * certificate.h - the few things a station does with X.509 itself, by OpenSSL.
 *
 * Flow: enrol.c and renewal.c make requests and judge what comes back; tls.c does the rest.
 * Thread: any; no state.
 */
#pragma once

#include <glib.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

typedef X509 PlayX509;
typedef EVP_PKEY PlayX509Key;
typedef BIO PlayX509Text;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayX509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayX509Key, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayX509Text, BIO_free_all)

/** play_certificate_read: Returns: (transfer full) (nullable): the first one in @pem */
PlayX509 *play_certificate_read(const char *pem);

/** play_certificate_text: Returns: (transfer full): what was written into @text */
char *play_certificate_text(BIO *text);

/**
 * play_certificate_request:
 *
 * The name in it is nobody's: the district gives one by what it knows.
 *
 * Returns: (transfer full) (nullable): PKCS #10 for @key, PEM
 */
char *play_certificate_request(EVP_PKEY *key);

/** play_certificate_leads_to: does a chain lead from @leaf to @anchor at this time? */
gboolean play_certificate_leads_to(X509 *leaf, STACK_OF(X509) * chain, X509 *anchor,
                                   gboolean is_server, gint64 now_us);

/**
 * play_certificate_judge:
 * @own, @authority: (nullable)
 *
 * Returns: (nullable): why @own is no certificate for @key and @station, signed by @authority
 *   and good at @now_us; NULL: it is one
 */
const char *play_certificate_judge(X509 *own, X509 *authority, EVP_PKEY *key,
                                   const char *station, gint64 now_us);

/** play_certificate_times: Returns: %FALSE if the certificate has none that can be read */
gboolean play_certificate_times(X509 *certificate, gint64 *out_from_us, gint64 *out_until_us);
