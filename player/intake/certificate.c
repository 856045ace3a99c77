/* certificate.c - see certificate.h */
#include "player/intake/certificate.h"

#include <string.h>
#include <time.h>

#define REQUEST_NAME "loa-player"

PlayX509 *
play_certificate_read(const char *pem)
{
    g_autoptr(PlayX509Text) text = BIO_new_mem_buf(pem, -1);

    return PEM_read_bio_X509(text, NULL, NULL, NULL);
}

char *
play_certificate_text(BIO *text)
{
    char *data = NULL;
    long length = BIO_get_mem_data(text, &data);

    return g_strndup(data, (gsize) length);
}

char *
play_certificate_request(EVP_PKEY *key)
{
    g_autoptr(PlayX509Text) text = BIO_new(BIO_s_mem());
    X509_REQ *request = X509_REQ_new();
    char *pem = NULL;

    X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request), "CN", MBSTRING_ASC,
                               (const guchar *) REQUEST_NAME, -1, -1, 0);
    X509_REQ_set_pubkey(request, key);
    if (X509_REQ_sign(request, key, EVP_sha256()) > 0 &&
        PEM_write_bio_X509_REQ(text, request) == 1)
        pem = play_certificate_text(text);
    X509_REQ_free(request);
    return pem;
}

gboolean
play_certificate_leads_to(X509 *leaf, STACK_OF(X509) * chain, X509 *anchor, gboolean is_server,
                          gint64 now_us)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    X509_VERIFY_PARAM *parameters;
    gboolean is_good;

    X509_STORE_add_cert(store, anchor);
    X509_STORE_CTX_init(context, store, leaf, chain);
    X509_STORE_CTX_set_default(context, is_server ? "ssl_server" : "ssl_client");
    parameters = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_time(parameters, (time_t) (now_us / G_USEC_PER_SEC));
    is_good = X509_verify_cert(context) == 1;
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    return is_good;
}

const char *
play_certificate_judge(X509 *own, X509 *authority, EVP_PKEY *key, const char *station,
                       gint64 now_us)
{
    char name[128] = "";

    if (own == NULL || authority == NULL || EVP_PKEY_eq(X509_get0_pubkey(own), key) != 1)
        return "a certificate for another key";
    X509_NAME_get_text_by_NID(X509_get_subject_name(own), NID_commonName, name, sizeof name);
    if (strcmp(name, station) != 0)
        return "a certificate with another name";
    if (!play_certificate_leads_to(own, NULL, authority, FALSE, now_us))
        return "a certificate that the authority has not signed, or not for now";
    return NULL;
}

static gboolean
read_time(const ASN1_TIME *time, gint64 *out_us)
{
    struct tm parts = {0};

    if (time == NULL || ASN1_TIME_to_tm(time, &parts) != 1)
        return FALSE;
    *out_us = (gint64) timegm(&parts) * G_USEC_PER_SEC;
    return TRUE;
}

gboolean
play_certificate_times(X509 *certificate, gint64 *out_from_us, gint64 *out_until_us)
{
    return read_time(X509_get0_notBefore(certificate), out_from_us) &&
           read_time(X509_get0_notAfter(certificate), out_until_us);
}
