/*
 * test-ca.h - a certificate authority of a test's own, by OpenSSL.
 *
 * P-256 throughout, as the real one. Files appear in the given folder: NAME.pem, NAME.key.
 */
#pragma once

#include <glib.h>

typedef struct TestCa TestCa;

/* Whole days from now; the usual certificate is valid from yesterday for a year. */
typedef struct {
    gint from_days, until_days;
    gboolean is_server; /* for 127.0.0.1, ::1 and localhost; else a client's */
} TestCertificate;

#define TEST_CERTIFICATE_SERVER ((TestCertificate){-1, 365, TRUE})
#define TEST_CERTIFICATE_CLIENT ((TestCertificate){-1, 365, FALSE})

/** test_ca_new: @name: its files and its CN */
TestCa *test_ca_new(const char *folder, const char *name);
void test_ca_free(TestCa *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestCa, test_ca_free)

/** test_ca_path: Returns: (transfer none): the authority's certificate */
const char *test_ca_path(TestCa *self);

/** test_ca_pem: Returns: (transfer none): the same as text */
const char *test_ca_pem(TestCa *self);

/** test_ca_fingerprint: SHA-256 of its SubjectPublicKeyInfo; @out: 32 bytes */
void test_ca_fingerprint(TestCa *self, guint8 *out);

/**
 * test_ca_issue:
 * @cn: common name
 * @file: NAME.pem (the certificate and the authority's, so that a chain is sent) and NAME.key
 *
 * Returns: (transfer full): path of the certificate; the key's ends in .key instead
 */
char *test_ca_issue(TestCa *self, const char *file, const char *cn, TestCertificate kind);

/**
 * test_ca_sign_request:
 * @request: PKCS #10, PEM
 *
 * Returns: (transfer full): a client certificate for @cn over the request's key, PEM; NULL if
 *   the request is not signed by its own key
 */
char *test_ca_sign_request(TestCa *self, const char *request, const char *cn);

/** test_ca_revoke: Returns: (transfer full): path of a CRL naming @certificate_path */
char *test_ca_revoke(TestCa *self, const char *certificate_path);
