/* certificate.c - see certificate.h */
#include "scheduler/trust/certificate.h"

#include "content/base/id.h"
#include "scheduler/trust/authority.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <string.h>

#define DAY_S        SCHED_CERTIFICATE_DAY_S
#define SERIAL_BYTES 16

/* GnuTLS answers a negative code; it becomes our error with what was being done. */
gboolean
sched_certificate_worked(int code, const char *doing, GError **error)
{
    if (code >= 0)
        return TRUE;
    g_set_error(error, SCHED_AUTHORITY_ERROR, SCHED_AUTHORITY_ERROR_CRYPTO, "%s: %s", doing,
                gnutls_strerror(code));
    return FALSE;
}

/* Takes over what GnuTLS allocated; private keys are wiped where they lay. */
char *
sched_certificate_take_text(gnutls_datum_t *datum)
{
    char *text = g_strndup((const char *) datum->data, datum->size);

    sodium_memzero(datum->data, datum->size);
    gnutls_free(datum->data);
    return text;
}

gboolean
sched_certificate_make_key(gnutls_x509_privkey_t *out_key, GError **error)
{
    g_auto(gnutls_x509_privkey_t) key = NULL;
    const unsigned bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);

    if (!sched_certificate_worked(gnutls_x509_privkey_init(&key), "making a key", error) ||
        !sched_certificate_worked(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, bits, 0),
                                  "making a key", error))
        return FALSE;
    *out_key = g_steal_pointer(&key);
    return TRUE;
}

char *
sched_certificate_write_key(gnutls_x509_privkey_t key, GError **error)
{
    gnutls_datum_t datum = {NULL, 0};

    if (!sched_certificate_worked(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &datum),
                                  "writing a key", error))
        return NULL;
    return sched_certificate_take_text(&datum);
}

char *
sched_certificate_write(gnutls_x509_crt_t certificate, GError **error)
{
    gnutls_datum_t datum = {NULL, 0};

    if (!sched_certificate_worked(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM,
                                                          &datum),
                                  "writing a certificate", error))
        return NULL;
    return sched_certificate_take_text(&datum);
}

gboolean
sched_certificate_read(const char *pem, gnutls_x509_crt_t *out, GError **error)
{
    g_auto(gnutls_x509_crt_t) certificate = NULL;
    gnutls_datum_t datum = {(guchar *) pem, (guint) strlen(pem)};

    if (!sched_certificate_worked(gnutls_x509_crt_init(&certificate), "reading a certificate",
                                  error) ||
        !sched_certificate_worked(gnutls_x509_crt_import(certificate, &datum,
                                                         GNUTLS_X509_FMT_PEM),
                                  "reading a certificate", error))
        return FALSE;
    *out = g_steal_pointer(&certificate);
    return TRUE;
}

gboolean
sched_certificate_read_key(const char *pem, gnutls_x509_privkey_t *out, GError **error)
{
    g_auto(gnutls_x509_privkey_t) key = NULL;
    gnutls_datum_t datum = {(guchar *) pem, (guint) strlen(pem)};

    if (!sched_certificate_worked(gnutls_x509_privkey_init(&key), "reading a key", error) ||
        !sched_certificate_worked(gnutls_x509_privkey_import2(key, &datum, GNUTLS_X509_FMT_PEM,
                                                              NULL, 0),
                                  "reading a key", error))
        return FALSE;
    *out = g_steal_pointer(&key);
    return TRUE;
}

/* A positive random number: unguessable and, with 127 bits, never the same twice. */
static gboolean
set_serial(gnutls_x509_crt_t certificate, char **out_serial, GError **error)
{
    guint8 serial[SERIAL_BYTES];

    randombytes_buf(serial, sizeof serial);
    serial[0] = (guint8) ((serial[0] & 0x7f) | 0x40); /* no sign bit, no leading zero octet */
    if (!sched_certificate_worked(gnutls_x509_crt_set_serial(certificate, serial,
                                                             sizeof serial),
                                  "numbering a certificate", error))
        return FALSE;
    if (out_serial != NULL)
        *out_serial = content_hex(serial, sizeof serial);
    return TRUE;
}

char *
sched_certificate_serial(gnutls_x509_crt_t certificate)
{
    guint8 serial[64];
    gsize n_bytes = sizeof serial;

    if (gnutls_x509_crt_get_serial(certificate, serial, &n_bytes) < 0)
        return NULL;
    return content_hex(serial, n_bytes);
}

static gboolean
has_same_key(gnutls_x509_crt_t a, gnutls_x509_crt_t b)
{
    guint8 ids[2][64];
    gsize n_bytes[2] = {sizeof ids[0], sizeof ids[1]};

    return gnutls_x509_crt_get_key_id(a, GNUTLS_KEYID_USE_SHA256, ids[0], &n_bytes[0]) >= 0 &&
           gnutls_x509_crt_get_key_id(b, GNUTLS_KEYID_USE_SHA256, ids[1], &n_bytes[1]) >= 0 &&
           n_bytes[0] == n_bytes[1] && memcmp(ids[0], ids[1], n_bytes[0]) == 0;
}

gboolean
sched_certificate_renews(const char *before, const char *after, gint64 *out_from_us,
                         gint64 *out_until_us)
{
    g_auto(gnutls_x509_crt_t) old = NULL, new = NULL;
    time_t begun;

    if (!sched_certificate_read(before, &old, NULL) ||
        !sched_certificate_read(after, &new, NULL) || !has_same_key(old, new))
        return FALSE;
    begun = gnutls_x509_crt_get_activation_time(new);
    if (begun < gnutls_x509_crt_get_activation_time(old))
        return FALSE;
    *out_from_us = ((gint64) begun + DAY_S) * G_USEC_PER_SEC;
    *out_until_us = (gint64) gnutls_x509_crt_get_expiration_time(new) * G_USEC_PER_SEC;
    return TRUE;
}

gboolean
sched_certificate_begin(gnutls_x509_crt_t *out, const char *common_name, gint64 now_us,
                        gint64 life_s, char **out_serial, GError **error)
{
    g_auto(gnutls_x509_crt_t) crt = NULL;
    g_autofree char *serial = NULL;
    const gint64 now_s = now_us / G_USEC_PER_SEC;
    const char *doing = "filling in a certificate";

    if (!sched_certificate_worked(gnutls_x509_crt_init(&crt), doing, error) ||
        !sched_certificate_worked(gnutls_x509_crt_set_version(crt, 3), doing, error) ||
        !set_serial(crt, &serial, error) ||
        !sched_certificate_worked(
            gnutls_x509_crt_set_activation_time(crt, (time_t) (now_s - DAY_S)), doing, error) ||
        !sched_certificate_worked(
            gnutls_x509_crt_set_expiration_time(crt, (time_t) (now_s + life_s)), doing,
            error) ||
        !sched_certificate_worked(
            gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, common_name,
                                          (guint) strlen(common_name)),
            doing, error))
        return FALSE;
    if (out_serial != NULL)
        *out_serial = g_steal_pointer(&serial);
    *out = g_steal_pointer(&crt);
    return TRUE;
}

gboolean
sched_certificate_set_key_ids(gnutls_x509_crt_t crt, gnutls_x509_crt_t issuer, GError **error)
{
    guint8 id[64];
    gsize n_bytes = sizeof id;
    const char *doing = "naming the keys of a certificate";

    if (!sched_certificate_worked(gnutls_x509_crt_get_key_id(crt, GNUTLS_KEYID_USE_SHA1, id,
                                                             &n_bytes),
                                  doing, error) ||
        !sched_certificate_worked(gnutls_x509_crt_set_subject_key_id(crt, id, n_bytes), doing,
                                  error))
        return FALSE;
    n_bytes = sizeof id;
    return sched_certificate_worked(gnutls_x509_crt_get_key_id(issuer, GNUTLS_KEYID_USE_SHA1,
                                                               id, &n_bytes),
                                    doing, error) &&
           sched_certificate_worked(gnutls_x509_crt_set_authority_key_id(crt, id, n_bytes),
                                    doing, error);
}

/* An IP address goes into its own kind of name, or no client would match it. */
gboolean
sched_certificate_add_host(gnutls_x509_crt_t crt, const char *host, GError **error)
{
    guint8 address[16];
    const char *doing = "naming the hosts of a certificate";
    gsize n_bytes = 0;

    if (inet_pton(AF_INET, host, address) == 1)
        n_bytes = 4;
    else if (inet_pton(AF_INET6, host, address) == 1)
        n_bytes = 16;
    if (n_bytes > 0)
        return sched_certificate_worked(
            gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, address,
                                                 (guint) n_bytes, GNUTLS_FSAN_APPEND),
            doing, error);
    return sched_certificate_worked(
        gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, host,
                                             (guint) strlen(host), GNUTLS_FSAN_APPEND),
        doing, error);
}

gboolean
sched_certificate_add_purposes(gnutls_x509_crt_t crt, gboolean is_server, gboolean is_client,
                               GError **error)
{
    const char *doing = "stating the purpose of a certificate";

    if (!sched_certificate_worked(gnutls_x509_crt_set_basic_constraints(crt, 0, -1), doing,
                                  error) ||
        !sched_certificate_worked(
            gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE), doing, error))
        return FALSE;
    if (is_server && !sched_certificate_worked(
                         gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_SERVER, 0),
                         doing, error))
        return FALSE;
    return !is_client || sched_certificate_worked(gnutls_x509_crt_set_key_purpose_oid(
                                                      crt, GNUTLS_KP_TLS_WWW_CLIENT, 0),
                                                  doing, error);
}
