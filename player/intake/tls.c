/* tls.c - see tls.h */
#include "player/intake/tls.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

G_DEFINE_QUARK(play - tls - error - quark, play_tls_error)

char *
play_tls_error_words(void)
{
    g_autoptr(GString) words = g_string_new(NULL);
    unsigned long code;

    while ((code = ERR_get_error()) != 0) {
        const char *reason = ERR_reason_error_string(code);

        g_string_append_printf(words, "%s%s", words->len > 0 ? ", " : "",
                               reason == NULL ? "unknown" : reason);
    }
    return g_string_free(g_steal_pointer(&words), FALSE);
}

static gboolean
fail(const char *path, GError **error)
{
    g_autofree char *words = play_tls_error_words();

    g_set_error(error, PLAY_TLS_ERROR, PLAY_TLS_ERROR_FILE, "%s: %s", path, words);
    return FALSE;
}

/* Whom we believe: the enrolment's authority and nobody whom the machine happens to trust. */
static gboolean
use_authority(SSL_CTX *context, const PlayIdentity *identity, GError **error)
{
    X509_STORE *store = X509_STORE_new();

    SSL_CTX_set_cert_store(context, store);
    if (X509_STORE_load_file(store, identity->authority_path) == 1)
        return TRUE;
    return fail(identity->authority_path, error);
}

static gboolean
use_certificate(SSL_CTX *context, const PlayIdentity *identity, GError **error)
{
    if (SSL_CTX_use_certificate_chain_file(context, identity->certificate_path) != 1)
        return fail(identity->certificate_path, error);
    if (SSL_CTX_use_PrivateKey_file(context, identity->key_path, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1)
        return fail(identity->key_path, error);
    return TRUE;
}

static void
set_peer(X509_VERIFY_PARAM *parameters, const char *host)
{
    if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host) != 1)
        X509_VERIFY_PARAM_set1_host(parameters, host, 0);
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
}

gboolean
play_tls_prepare(SSL_CTX *context, const PlayIdentity *identity, const char *host,
                 gint64 now_us, GError **error)
{
    X509_VERIFY_PARAM *parameters = SSL_CTX_get0_param(context);

    ERR_clear_error();
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    X509_VERIFY_PARAM_set_time(parameters, (time_t) (now_us / G_USEC_PER_SEC));
    if (host != NULL)
        set_peer(parameters, host);
    return use_authority(context, identity, error) && use_certificate(context, identity, error);
}
