/* test-ca.c - see test-ca.h */
#include "tests/support/test-ca.h"

#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <string.h>

struct TestCa {
    char *folder, *path, *pem;
    X509 *certificate;
    EVP_PKEY *key;
    long serial;
};

static void
save(const char *path, BIO *text)
{
    g_autoptr(GError) error = NULL;
    char *data = NULL;
    long length = BIO_get_mem_data(text, &data);

    g_file_set_contents_full(path, data, length, G_FILE_SET_CONTENTS_NONE, 0600, &error);
    g_assert_no_error(error);
}

static void
save_key(const char *path, EVP_PKEY *key)
{
    BIO *text = BIO_new(BIO_s_mem());

    g_assert_true(PEM_write_bio_PrivateKey(text, key, NULL, NULL, 0, NULL, NULL));
    save(path, text);
    BIO_free(text);
}

static char *
pem_of(X509 *certificate)
{
    BIO *text = BIO_new(BIO_s_mem());
    char *data = NULL, *copy;
    long length;

    g_assert_true(PEM_write_bio_X509(text, certificate));
    length = BIO_get_mem_data(text, &data);
    copy = g_strndup(data, (gsize) length);
    BIO_free(text);
    return copy;
}

static void
add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;

    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    g_assert_nonnull(extension);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

/* A certificate that lacks only its extensions and signature. */
static X509 *
blank(long serial, const char *cn, EVP_PKEY *key, gint from_days, gint until_days)
{
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);

    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
    X509_time_adj_ex(X509_getm_notBefore(certificate), from_days, 0, NULL);
    X509_time_adj_ex(X509_getm_notAfter(certificate), until_days, 0, NULL);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const guchar *) cn, -1, -1, 0);
    X509_set_pubkey(certificate, key);
    return certificate;
}

TestCa *
test_ca_new(const char *folder, const char *name)
{
    TestCa *self = g_new0(TestCa, 1);
    g_autofree char *key_path = g_strdup_printf("%s/%s.key", folder, name);

    self->folder = g_strdup(folder);
    self->path = g_strdup_printf("%s/%s.pem", folder, name);
    self->key = EVP_EC_gen("P-256");
    self->serial = 1;
    self->certificate = blank(self->serial, name, self->key, -2, 3650);
    X509_set_issuer_name(self->certificate, X509_get_subject_name(self->certificate));
    add_extension(self->certificate, self->certificate, NID_basic_constraints,
                  "critical,CA:TRUE");
    add_extension(self->certificate, self->certificate, NID_key_usage,
                  "critical,keyCertSign,cRLSign");
    add_extension(self->certificate, self->certificate, NID_subject_key_identifier, "hash");
    g_assert_cmpint(X509_sign(self->certificate, self->key, EVP_sha256()), >, 0);
    self->pem = pem_of(self->certificate);
    g_assert_true(g_file_set_contents(self->path, self->pem, -1, NULL));
    save_key(key_path, self->key);
    return self;
}

void
test_ca_free(TestCa *self)
{
    if (self == NULL)
        return;
    X509_free(self->certificate);
    EVP_PKEY_free(self->key);
    g_free(self->folder);
    g_free(self->path);
    g_free(self->pem);
    g_free(self);
}

const char *
test_ca_path(TestCa *self)
{
    return self->path;
}

const char *
test_ca_pem(TestCa *self)
{
    return self->pem;
}

void
test_ca_fingerprint(TestCa *self, guint8 *out)
{
    guchar *der = NULL;
    int length = i2d_PUBKEY(self->key, &der);

    g_assert_cmpint(length, >, 0);
    SHA256(der, (gsize) length, out);
    OPENSSL_free(der);
}

static X509 *
issue(TestCa *self, const char *cn, EVP_PKEY *key, TestCertificate kind)
{
    X509 *certificate = blank(++self->serial, cn, key, kind.from_days, kind.until_days);

    X509_set_issuer_name(certificate, X509_get_subject_name(self->certificate));
    add_extension(certificate, self->certificate, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate, self->certificate, NID_key_usage, "critical,digitalSignature");
    add_extension(certificate, self->certificate, NID_ext_key_usage,
                  kind.is_server ? "serverAuth" : "clientAuth");
    add_extension(certificate, self->certificate, NID_authority_key_identifier, "keyid");
    if (kind.is_server)
        add_extension(certificate, self->certificate, NID_subject_alt_name,
                      "IP:127.0.0.1,IP:::1,DNS:localhost");
    g_assert_cmpint(X509_sign(certificate, self->key, EVP_sha256()), >, 0);
    return certificate;
}

char *
test_ca_issue(TestCa *self, const char *file, const char *cn, TestCertificate kind)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = issue(self, cn, key, kind);
    g_autofree char *own = pem_of(certificate);
    g_autofree char *chain = g_strconcat(own, self->pem, NULL);
    g_autofree char *key_path = g_strdup_printf("%s/%s.key", self->folder, file);
    char *path = g_strdup_printf("%s/%s.pem", self->folder, file);

    g_assert_true(g_file_set_contents(path, chain, -1, NULL));
    save_key(key_path, key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return path;
}

char *
test_ca_sign_request(TestCa *self, const char *request, const char *cn)
{
    BIO *text = BIO_new_mem_buf(request, -1);
    X509_REQ *parsed = PEM_read_bio_X509_REQ(text, NULL, NULL, NULL);
    EVP_PKEY *key = parsed == NULL ? NULL : X509_REQ_get_pubkey(parsed);
    char *pem = NULL;

    if (key != NULL && X509_REQ_verify(parsed, key) == 1) {
        X509 *certificate = issue(self, cn, key, TEST_CERTIFICATE_CLIENT);

        pem = pem_of(certificate);
        X509_free(certificate);
    }
    EVP_PKEY_free(key);
    X509_REQ_free(parsed);
    BIO_free(text);
    return pem;
}

char *
test_ca_revoke(TestCa *self, const char *certificate_path)
{
    BIO *text = BIO_new_file(certificate_path, "r");
    X509 *certificate = PEM_read_bio_X509(text, NULL, NULL, NULL);
    X509_CRL *list = X509_CRL_new();
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_TIME *now = X509_gmtime_adj(NULL, 0), *later = X509_gmtime_adj(NULL, 86400);
    BIO *out = BIO_new(BIO_s_mem());
    char *path = g_strconcat(self->folder, "/revoked.crl", NULL);

    X509_CRL_set_version(list, 1);
    X509_CRL_set_issuer_name(list, X509_get_subject_name(self->certificate));
    X509_CRL_set1_lastUpdate(list, now);
    X509_CRL_set1_nextUpdate(list, later);
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate));
    X509_REVOKED_set_revocationDate(entry, now);
    X509_CRL_add0_revoked(list, entry);
    g_assert_cmpint(X509_CRL_sign(list, self->key, EVP_sha256()), >, 0);
    PEM_write_bio_X509_CRL(out, list);
    save(path, out);
    BIO_free(out);
    BIO_free(text);
    ASN1_TIME_free(now);
    ASN1_TIME_free(later);
    X509_CRL_free(list);
    X509_free(certificate);
    return path;
}
