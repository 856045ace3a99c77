/* authority.c - see authority.h */
#include "scheduler/trust/authority.h"

#include "content/base/files.h"
#include "content/base/id.h"
#include "scheduler/trust/certificate.h"

#include <sodium.h>
#include <string.h>

#define ROOT_LIFE_S (30 * 365 * SCHED_CERTIFICATE_DAY_S)
#define CRL_LIFE_S  (10 * 365 * SCHED_CERTIFICATE_DAY_S)
/* Browsers refuse a server certificate that lives longer than 825 days. */
#define OWN_LIFE_S (800 * SCHED_CERTIFICATE_DAY_S)
/* Long before it must be: a station whose clock is years behind still believes it. */
#define OWN_RENEW_S   (600 * SCHED_CERTIFICATE_DAY_S)
#define MAX_PEM_BYTES 16384

G_DEFINE_QUARK(SchedAuthorityError, sched_authority_error)

struct SchedAuthority {
    char *folder;                 /* (owned) */
    char *pem;                    /* (owned): the root certificate */
    gnutls_x509_crt_t root;       /* (owned) */
    gnutls_x509_privkey_t secret; /* (owned): the root's private key */
};

static char *
path_of(const char *folder, const char *name, const char *ending)
{
    g_autofree char *file = g_strconcat(name, ending, NULL);

    return g_build_filename(folder, file, NULL);
}

static char *
read_text(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = content_files_read(path, MAX_PEM_BYTES, error);

    if (bytes == NULL)
        return NULL;
    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void
wipe_text(char *text)
{
    if (text != NULL)
        sodium_memzero(text, strlen(text));
    g_free(text);
}

static gboolean
make_root(const char *title, gint64 now_us, gnutls_x509_privkey_t key, char **out_pem,
          GError **error)
{
    g_auto(gnutls_x509_crt_t) crt = NULL;
    g_autofree char *short_title =
        g_utf8_substring(title, 0, MIN(g_utf8_strlen(title, -1), 20));
    g_autofree char *name = g_strconcat("Loa: ", short_title, NULL);
    const char *doing = "making the root certificate";

    if (!sched_certificate_begin(&crt, name, now_us, ROOT_LIFE_S, NULL, error) ||
        !sched_certificate_worked(gnutls_x509_crt_set_key(crt, key), doing, error) ||
        !sched_certificate_worked(gnutls_x509_crt_set_basic_constraints(crt, 1, 0), doing,
                                  error) ||
        !sched_certificate_worked(gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_KEY_CERT_SIGN |
                                                                         GNUTLS_KEY_CRL_SIGN),
                                  doing, error) ||
        !sched_certificate_set_key_ids(crt, crt, error) ||
        !sched_certificate_worked(gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0),
                                  doing, error))
        return FALSE;
    *out_pem = sched_certificate_write(crt, error);
    return *out_pem != NULL;
}

SchedAuthority *
sched_authority_create(const char *folder, const char *title, gint64 now_us, GError **error)
{
    g_autofree char *key_path = path_of(folder, "ca", ".key");
    g_autofree char *pem_path = path_of(folder, "ca", ".pem");
    g_auto(gnutls_x509_privkey_t) key = NULL;
    g_autofree char *pem = NULL;
    char *key_pem = NULL;
    gboolean written;

    if (g_file_test(key_path, G_FILE_TEST_EXISTS) ||
        g_file_test(pem_path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, SCHED_AUTHORITY_ERROR, SCHED_AUTHORITY_ERROR_EXISTS,
                    "%s holds a certificate authority already", folder);
        return NULL;
    }
    if (!content_files_make_folder(folder, 0700, error) ||
        !sched_certificate_make_key(&key, error) || !make_root(title, now_us, key, &pem, error))
        return NULL;
    key_pem = sched_certificate_write_key(key, error);
    written = key_pem != NULL &&
              content_files_write(key_path, key_pem, strlen(key_pem), 0600, error) &&
              content_files_write(pem_path, pem, strlen(pem), 0644, error);
    wipe_text(key_pem);
    return written ? sched_authority_open(folder, error) : NULL;
}

SchedAuthority *
sched_authority_open(const char *folder, GError **error)
{
    g_autoptr(SchedAuthority) self = g_new0(SchedAuthority, 1);
    g_autofree char *key_path = path_of(folder, "ca", ".key");
    g_autofree char *pem_path = path_of(folder, "ca", ".pem");
    char *key_pem = NULL;
    gboolean imported;

    self->folder = g_strdup(folder);
    self->pem = read_text(pem_path, error);
    if (self->pem == NULL || !sched_certificate_read(self->pem, &self->root, error))
        return NULL;
    key_pem = read_text(key_path, error);
    imported = key_pem != NULL && sched_certificate_read_key(key_pem, &self->secret, error);
    wipe_text(key_pem);
    return imported ? g_steal_pointer(&self) : NULL;
}

void
sched_authority_free(SchedAuthority *self)
{
    if (self == NULL)
        return;
    if (self->root != NULL)
        gnutls_x509_crt_deinit(self->root);
    if (self->secret != NULL)
        gnutls_x509_privkey_deinit(self->secret);
    g_free(self->folder);
    g_free(self->pem);
    g_free(self);
}

const char *
sched_authority_certificate(SchedAuthority *self)
{
    return self->pem;
}

char *
sched_authority_fingerprint(SchedAuthority *self)
{
    guint8 id[64];
    gsize n_bytes = sizeof id;

    if (gnutls_x509_crt_get_key_id(self->root, GNUTLS_KEYID_USE_SHA256, id, &n_bytes) < 0)
        return NULL;
    return content_hex(id, SCHED_AUTHORITY_FINGERPRINT_BYTES);
}

static char *
sign_certificate(SchedAuthority *self, gnutls_x509_crt_t crt, GError **error)
{
    if (!sched_certificate_set_key_ids(crt, self->root, error) ||
        !sched_certificate_worked(gnutls_x509_crt_sign2(crt, self->root, self->secret,
                                                        GNUTLS_DIG_SHA256, 0),
                                  "signing a certificate", error))
        return NULL;
    return sched_certificate_write(crt, error);
}

/* The name that names exactly these hosts: compared on renewal, without parsing names back. */
static gboolean
names_hosts(gnutls_x509_crt_t crt, const char *const *hosts)
{
    guint n_wanted = hosts == NULL ? 0 : g_strv_length((char **) hosts);
    guint n_found = 0;

    for (;; n_found++) {
        char name[256];
        gsize n_bytes = sizeof name;

        if (gnutls_x509_crt_get_subject_alt_name(crt, n_found, name, &n_bytes, NULL) < 0)
            break;
    }
    for (guint i = 0; i < n_wanted; i++) {
        if (gnutls_x509_crt_check_hostname(crt, hosts[i]) == 0)
            return FALSE;
    }
    return n_found == n_wanted;
}

static gboolean
key_matches(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key)
{
    guint8 ours[64], theirs[64];
    gsize n_ours = sizeof ours, n_theirs = sizeof theirs;

    return gnutls_x509_crt_get_key_id(crt, GNUTLS_KEYID_USE_SHA256, ours, &n_ours) >= 0 &&
           gnutls_x509_privkey_get_key_id(key, GNUTLS_KEYID_USE_SHA256, theirs, &n_theirs) >=
               0 &&
           n_ours == n_theirs && memcmp(ours, theirs, n_ours) == 0;
}

/* May the pair on disk be used on? Anything odd means no, and a new one is issued. */
static gboolean
is_still_good(SchedAuthority *self, const SchedCertificateWish *wish, const char *chain,
              const char *key_pem, gint64 now_us)
{
    g_auto(gnutls_x509_crt_t) crt = NULL;
    g_auto(gnutls_x509_privkey_t) key = NULL;
    guint status = 0;
    const gint64 now_s = now_us / G_USEC_PER_SEC;

    if (chain == NULL || key_pem == NULL || !sched_certificate_read(chain, &crt, NULL) ||
        !sched_certificate_read_key(key_pem, &key, NULL) || !key_matches(crt, key))
        return FALSE;
    if (gnutls_x509_crt_verify(crt, &self->root, 1, GNUTLS_VERIFY_DISABLE_TIME_CHECKS,
                               &status) < 0 ||
        status != 0)
        return FALSE;
    return names_hosts(crt, wish->hosts) &&
           (gint64) gnutls_x509_crt_get_expiration_time(crt) >= now_s + OWN_RENEW_S &&
           (gint64) gnutls_x509_crt_get_activation_time(crt) <= now_s;
}

static gboolean
issue_own(SchedAuthority *self, const SchedCertificateWish *wish, gint64 now_us,
          char **out_chain, char **out_key, GError **error)
{
    g_auto(gnutls_x509_crt_t) crt = NULL;
    g_auto(gnutls_x509_privkey_t) key = NULL;
    g_autofree char *leaf = NULL;

    if (!sched_certificate_make_key(&key, error) ||
        !sched_certificate_begin(&crt, wish->common_name, now_us, OWN_LIFE_S, NULL, error) ||
        !sched_certificate_worked(gnutls_x509_crt_set_key(crt, key), "filling in a certificate",
                                  error) ||
        !sched_certificate_add_purposes(crt, wish->is_server, wish->is_client, error))
        return FALSE;
    for (gsize i = 0; wish->hosts != NULL && wish->hosts[i] != NULL; i++) {
        if (!sched_certificate_add_host(crt, wish->hosts[i], error))
            return FALSE;
    }
    leaf = sign_certificate(self, crt, error);
    if (leaf == NULL)
        return FALSE;
    *out_key = sched_certificate_write_key(key, error);
    if (*out_key != NULL)
        *out_chain = g_strconcat(leaf, self->pem, NULL);
    return *out_key != NULL;
}

gboolean
sched_authority_ensure(SchedAuthority *self, const SchedCertificateWish *wish, gint64 now_us,
                       char **out_chain, char **out_key, GError **error)
{
    g_autofree char *chain_path = path_of(self->folder, wish->name, ".pem");
    g_autofree char *key_path = path_of(self->folder, wish->name, ".key");
    g_autofree char *chain = read_text(chain_path, NULL);
    char *key = read_text(key_path, NULL);
    gboolean is_kept = is_still_good(self, wish, chain, key, now_us);
    gboolean is_done = is_kept;

    if (!is_kept) {
        g_clear_pointer(&chain, g_free);
        g_clear_pointer(&key, wipe_text);
        /* The key first: a certificate without its key is found out by the next start. */
        is_done = issue_own(self, wish, now_us, &chain, &key, error) &&
                  content_files_write(key_path, key, strlen(key), 0600, error) &&
                  content_files_write(chain_path, chain, strlen(chain), 0644, error);
    }
    if (is_done && out_chain != NULL)
        *out_chain = g_steal_pointer(&chain);
    if (is_done && out_key != NULL)
        *out_key = g_steal_pointer(&key);
    g_clear_pointer(&key, wipe_text);
    return is_done;
}

static gboolean
refuse_request(GError **error, const char *why)
{
    g_set_error(error, SCHED_AUTHORITY_ERROR, SCHED_AUTHORITY_ERROR_REQUEST,
                "certificate request: %s", why);
    return FALSE;
}

/* The curve is ours to choose: every station's key is P-256. */
static gboolean
take_public_key(gnutls_x509_crq_t crq, gnutls_pubkey_t *out, GError **error)
{
    g_auto(gnutls_pubkey_t) key = NULL;
    gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;

    if (gnutls_pubkey_init(&key) < 0 || gnutls_pubkey_import_x509_crq(key, crq, 0) < 0 ||
        gnutls_pubkey_export_ecc_raw2(key, &curve, NULL, NULL, 0) < 0 ||
        curve != GNUTLS_ECC_CURVE_SECP256R1)
        return refuse_request(error, "its key is not P-256");
    *out = g_steal_pointer(&key);
    return TRUE;
}

/*
 * A request proves that its sender holds the key it shows. Only the key is taken over: names
 * and extensions that were asked for are not even read.
 */
static gboolean
read_request(const char *pem, gnutls_pubkey_t *out_key, GError **error)
{
    g_auto(gnutls_x509_crq_t) crq = NULL;
    g_auto(gnutls_pubkey_t) key = NULL;
    gnutls_datum_t datum = {(guchar *) pem, (guint) strlen(pem)};

    if (datum.size > SCHED_AUTHORITY_MAX_REQUEST_BYTES)
        return refuse_request(error, "too long");
    if (gnutls_x509_crq_init(&crq) < 0 ||
        gnutls_x509_crq_import(crq, &datum, GNUTLS_X509_FMT_PEM) < 0)
        return refuse_request(error, "not PKCS #10 in PEM");
    if (!take_public_key(crq, &key, error))
        return FALSE;
    if (gnutls_x509_crq_verify(crq, 0) < 0)
        return refuse_request(error, "not signed by the key it shows");
    *out_key = g_steal_pointer(&key);
    return TRUE;
}

char *
sched_authority_sign_request(SchedAuthority *self, const char *request, const char *station,
                             gint64 now_us, char **out_serial, GError **error)
{
    g_auto(gnutls_pubkey_t) key = NULL;
    g_auto(gnutls_x509_crt_t) crt = NULL;
    g_autofree char *serial = NULL;
    char *pem;

    g_return_val_if_fail(content_id_is_valid(station), NULL);
    if (!read_request(request, &key, error) ||
        !sched_certificate_begin(&crt, station, now_us,
                                 SCHED_AUTHORITY_STATION_LIFE_US / G_USEC_PER_SEC, &serial,
                                 error) ||
        !sched_certificate_worked(gnutls_x509_crt_set_pubkey(crt, key),
                                  "taking the key of a request", error) ||
        !sched_certificate_add_purposes(crt, FALSE, TRUE, error))
        return NULL;
    pem = sign_certificate(self, crt, error);
    if (pem != NULL)
        *out_serial = g_steal_pointer(&serial);
    return pem;
}

static gboolean
add_revoked(gnutls_x509_crl_t crl, const SchedRevokedSerial *revoked, GError **error)
{
    gsize n_bytes = strlen(revoked->serial) / 2;
    g_autofree guint8 *serial = g_malloc0(n_bytes + 1);

    if (n_bytes == 0 || n_bytes > 20 || !content_hex_decode(revoked->serial, serial, n_bytes)) {
        g_set_error(error, SCHED_AUTHORITY_ERROR, SCHED_AUTHORITY_ERROR_REQUEST,
                    "\"%s\" is no serial number", revoked->serial);
        return FALSE;
    }
    return sched_certificate_worked(
        gnutls_x509_crl_set_crt_serial(crl, serial, n_bytes,
                                       (time_t) (revoked->revoked_us / G_USEC_PER_SEC)),
        "listing a revoked certificate", error);
}

static gboolean
begin_list(gnutls_x509_crl_t *out, gint64 number, gint64 now_us, GError **error)
{
    g_auto(gnutls_x509_crl_t) crl = NULL;
    const gint64 now_s = now_us / G_USEC_PER_SEC;
    guint8 octets[9] = {0};
    gsize first = 0;
    const char *doing = "filling in the revocation list";

    for (int i = 0; i < 8; i++)
        octets[1 + i] = (guint8) (number >> (56 - 8 * i));
    while (first < 8 && octets[first] == 0 && octets[first + 1] < 0x80)
        first++; /* DER: the shortest form that is not negative */
    if (!sched_certificate_worked(gnutls_x509_crl_init(&crl), doing, error) ||
        !sched_certificate_worked(gnutls_x509_crl_set_version(crl, 2), doing, error) ||
        !sched_certificate_worked(
            gnutls_x509_crl_set_this_update(crl, (time_t) (now_s - SCHED_CERTIFICATE_DAY_S)),
            doing, error) ||
        !sched_certificate_worked(
            gnutls_x509_crl_set_next_update(crl, (time_t) (now_s + CRL_LIFE_S)), doing,
            error) ||
        !sched_certificate_worked(gnutls_x509_crl_set_number(crl, octets + first,
                                                             sizeof octets - first),
                                  doing, error))
        return FALSE;
    *out = g_steal_pointer(&crl);
    return TRUE;
}

char *
sched_authority_revocation_list(SchedAuthority *self, gint64 number,
                                const SchedRevokedSerial *revoked, gsize n_revoked,
                                gint64 now_us, GError **error)
{
    g_auto(gnutls_x509_crl_t) crl = NULL;
    gnutls_datum_t datum = {NULL, 0};

    if (!begin_list(&crl, number, now_us, error))
        return NULL;
    for (gsize i = 0; i < n_revoked; i++) {
        if (!add_revoked(crl, &revoked[i], error))
            return NULL;
    }
    if (!sched_certificate_worked(gnutls_x509_crl_sign2(crl, self->root, self->secret,
                                                        GNUTLS_DIG_SHA256, 0),
                                  "signing the revocation list", error) ||
        !sched_certificate_worked(gnutls_x509_crl_export2(crl, GNUTLS_X509_FMT_PEM, &datum),
                                  "writing the revocation list", error))
        return NULL;
    return sched_certificate_take_text(&datum);
}

static gboolean
refuse_peer(GError **error, const char *why)
{
    g_set_error(error, SCHED_AUTHORITY_ERROR, SCHED_AUTHORITY_ERROR_PEER,
                "client certificate: %s", why);
    return FALSE;
}

static gboolean
verify_peer(gnutls_session_t session, GError **error)
{
    gnutls_typed_vdata_st purpose = {
        .type = GNUTLS_DT_KEY_PURPOSE_OID,
        .data = (guchar *) GNUTLS_KP_TLS_WWW_CLIENT,
    };
    guint status = ~0u;

    if (gnutls_certificate_verify_peers(session, &purpose, 1, &status) != 0)
        return refuse_peer(error, "could not be verified");
    if ((status & GNUTLS_CERT_EXPIRED) != 0 || (status & GNUTLS_CERT_NOT_ACTIVATED) != 0)
        return refuse_peer(error, "outside its time");
    if (status != 0)
        return refuse_peer(error, "not from this district");
    return TRUE;
}

gboolean
sched_authority_identify(gnutls_session_t session, char **out_name, char **out_serial,
                         char **out_certificate, GError **error)
{
    guint n_certificates = 0;
    const gnutls_datum_t *list = gnutls_certificate_get_peers(session, &n_certificates);
    g_auto(gnutls_x509_crt_t) crt = NULL;
    g_autofree char *serial = NULL, *certificate = NULL;
    char name[128];
    gsize n_bytes = sizeof name;

    if (list == NULL || n_certificates == 0)
        return refuse_peer(error, "none was shown");
    if (!verify_peer(session, error))
        return FALSE;
    if (gnutls_x509_crt_init(&crt) < 0 ||
        gnutls_x509_crt_import(crt, &list[0], GNUTLS_X509_FMT_DER) < 0 ||
        gnutls_x509_crt_get_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &n_bytes) <
            0)
        return refuse_peer(error, "has no name");
    serial = sched_certificate_serial(crt);
    if (serial == NULL || strlen(name) != n_bytes || !content_id_is_valid(name))
        return refuse_peer(error, "its name is no station's");
    certificate = sched_certificate_write(crt, error);
    if (certificate == NULL)
        return FALSE;
    *out_name = g_strdup(name);
    *out_serial = g_steal_pointer(&serial);
    *out_certificate = g_steal_pointer(&certificate);
    return TRUE;
}
