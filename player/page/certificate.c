/* certificate.c - see certificate.h */
#include "player/page/certificate.h"

#include <gio/gio.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sodium.h>
#include <string.h>

#include "content/base/files.h"

/* Key and certificate lie in one file, so that they are always of one another. */
#define FILE_NAME    "page.pem"
#define MAX_BYTES    (16 * 1024)
#define SERIAL_BYTES 16
#define BEGINS       1704067200   /* 2024-01-01, before this program was written */
#define ENDS         253402300799 /* 9999-12-31 23:59:59: no well-defined end */
#define DIGEST_BYTES 32
#define KEY_BEGINS   "-----BEGIN PRIVATE KEY-----"
#define LOCAL_ENDING ".local"

G_DEFINE_QUARK(PlayPageCertificateError, play_page_certificate_error)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(gnutls_x509_crt_t, gnutls_x509_crt_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(gnutls_x509_privkey_t, gnutls_x509_privkey_deinit, NULL)

void
play_page_certificate_free(PlayPageCertificate *certificate)
{
    if (certificate == NULL)
        return;
    if (certificate->key != NULL)
        sodium_memzero(certificate->key, strlen(certificate->key));
    g_free(certificate->chain);
    g_free(certificate->key);
    g_free(certificate->fingerprint);
    g_free(certificate);
}

static gboolean
set_error(GError **error, const char *what, int code)
{
    g_set_error(error, PLAY_PAGE_CERTIFICATE_ERROR, PLAY_PAGE_CERTIFICATE_ERROR_TLS,
                "certificate of the page: %s: %s", what, gnutls_strerror(code));
    return FALSE;
}

/* ---- made ---- */

static int
set_names(gnutls_x509_crt_t certificate)
{
    const char *host = g_get_host_name();
    g_autofree char *local = g_strconcat(host, LOCAL_ENDING, NULL);
    const char *const names[] = {host, local};
    int code = gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, host,
                                             (guint) strlen(host));

    for (gsize i = 0; i < G_N_ELEMENTS(names) && code >= 0; i++)
        code =
            gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, names[i],
                                                 (guint) strlen(names[i]), GNUTLS_FSAN_APPEND);
    return code;
}

/* Of "any address" there is nothing to be named. */
static int
set_address(gnutls_x509_crt_t certificate, const char *address)
{
    g_autoptr(GInetAddress) parsed = g_inet_address_new_from_string(address);

    if (parsed == NULL || g_inet_address_get_is_any(parsed))
        return 0;
    return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS,
                                                g_inet_address_to_bytes(parsed),
                                                (guint) g_inet_address_get_native_size(parsed),
                                                GNUTLS_FSAN_APPEND);
}

static int
set_life(gnutls_x509_crt_t certificate)
{
    guint8 serial[SERIAL_BYTES];
    int code;

    randombytes_buf(serial, sizeof serial);
    serial[0] = (serial[0] & 0x7f) | 0x40; /* positive, and of full length */
    code = gnutls_x509_crt_set_serial(certificate, serial, sizeof serial);
    if (code >= 0)
        code = gnutls_x509_crt_set_version(certificate, 3);
    if (code >= 0)
        code = gnutls_x509_crt_set_activation_time(certificate, BEGINS);
    if (code >= 0)
        code = gnutls_x509_crt_set_expiration_time(certificate, ENDS);
    return code;
}

static int
set_purpose(gnutls_x509_crt_t certificate)
{
    int code = gnutls_x509_crt_set_basic_constraints(certificate, 0, -1);

    if (code >= 0)
        code = gnutls_x509_crt_set_key_usage(certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
    if (code >= 0)
        code =
            gnutls_x509_crt_set_key_purpose_oid(certificate, GNUTLS_KP_TLS_WWW_SERVER, FALSE);
    return code;
}

static int
sign(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key, const char *address)
{
    int code =
        gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
                                     GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);

    if (code >= 0)
        code = gnutls_x509_crt_set_key(certificate, key);
    if (code >= 0)
        code = set_names(certificate);
    if (code >= 0)
        code = set_address(certificate, address);
    if (code >= 0)
        code = set_life(certificate);
    if (code >= 0)
        code = set_purpose(certificate);
    if (code >= 0)
        code = gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0);
    return code;
}

/* Both as PEM, the certificate first. */
static int
print(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key, char **out_text)
{
    gnutls_datum_t chain = {0}, secret = {0};
    int code = gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &chain);

    if (code >= 0)
        code = gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, 0, &secret);
    if (code >= 0)
        *out_text = g_strdup_printf("%s%s", (char *) chain.data, (char *) secret.data);
    gnutls_free(chain.data);
    if (secret.data != NULL)
        gnutls_memset(secret.data, 0, secret.size);
    gnutls_free(secret.data);
    return code;
}

static char *
make(const char *address, GError **error)
{
    g_auto(gnutls_x509_crt_t) certificate = NULL;
    g_auto(gnutls_x509_privkey_t) key = NULL;
    char *text = NULL;
    int code = gnutls_x509_crt_init(&certificate);

    if (code >= 0)
        code = gnutls_x509_privkey_init(&key);
    if (code >= 0)
        code = sign(certificate, key, address);
    if (code >= 0)
        code = print(certificate, key, &text);
    if (code < 0)
        set_error(error, "making it", code);
    return text;
}

/* ---- read ---- */

static char *
fingerprint_of(const char *pem, GError **error)
{
    g_auto(gnutls_x509_crt_t) certificate = NULL;
    const gnutls_datum_t text = {(guchar *) pem, (guint) strlen(pem)};
    guint8 digest[DIGEST_BYTES];
    gsize n_bytes = sizeof digest;
    g_autoptr(GString) out = NULL;
    int code = gnutls_x509_crt_init(&certificate);

    if (code >= 0)
        code = gnutls_x509_crt_import(certificate, &text, GNUTLS_X509_FMT_PEM);
    if (code >= 0)
        code =
            gnutls_x509_crt_get_fingerprint(certificate, GNUTLS_DIG_SHA256, digest, &n_bytes);
    if (code < 0) {
        set_error(error, FILE_NAME, code);
        return NULL;
    }
    out = g_string_new(NULL);
    for (gsize i = 0; i < n_bytes; i++)
        g_string_append_printf(out, "%s%02X", i == 0 ? "" : ":", digest[i]);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static PlayPageCertificate *
take_apart(const char *text, GError **error)
{
    g_autoptr(PlayPageCertificate) self = g_new0(PlayPageCertificate, 1);
    const char *key = strstr(text, KEY_BEGINS);

    if (key == NULL) {
        set_error(error, FILE_NAME, GNUTLS_E_NO_CERTIFICATE_FOUND);
        return NULL;
    }
    self->chain = g_strndup(text, (gsize) (key - text));
    self->key = g_strdup(key);
    self->fingerprint = fingerprint_of(self->chain, error);
    return self->fingerprint == NULL ? NULL : g_steal_pointer(&self);
}

static char *
make_file(const char *folder, const char *path, const char *address, GError **error)
{
    g_autofree char *text = NULL;

    if (!content_files_make_folder(folder, 0700, error))
        return NULL;
    text = make(address, error);
    return text != NULL && content_files_write(path, text, strlen(text), 0600, error)
               ? g_steal_pointer(&text)
               : NULL;
}

PlayPageCertificate *
play_page_certificate_load(const char *folder, const char *address, GError **error)
{
    g_autofree char *path = g_build_filename(folder, FILE_NAME, NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) missing = NULL;
    g_autoptr(GBytes) bytes = content_files_read(path, MAX_BYTES, &missing);
    PlayPageCertificate *self;

    if (bytes != NULL) {
        text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    } else if (address != NULL &&
               g_error_matches(missing, CONTENT_FILES_ERROR, CONTENT_FILES_ERROR_NOT_FOUND)) {
        text = make_file(folder, path, address, error);
    } else {
        g_propagate_error(error, g_steal_pointer(&missing));
    }
    if (text == NULL)
        return NULL;
    self = take_apart(text, error);
    sodium_memzero(text, strlen(text));
    return self;
}
