/* sim-identity.c - see sim-identity.h */
#include "tests/bench/sim-identity.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "content/base/files.h"
#include "content/exchange.h"
#include "content/seal.h"

#define FOLDER_MODE 0700

static char *
text_of(BIO *bio)
{
    char *bytes;
    long n_bytes = BIO_get_mem_data(bio, &bytes);
    char *text = g_strndup(bytes, (gsize) n_bytes);

    BIO_free(bio);
    return text;
}

static char *
key_text(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());

    PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
    return text_of(bio);
}

static char *
request_text(EVP_PKEY *key, const char *station)
{
    X509_REQ *request = X509_REQ_new();
    BIO *bio = BIO_new(BIO_s_mem());

    X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request), "CN", MBSTRING_UTF8,
                               (const guint8 *) station, -1, -1, 0);
    X509_REQ_set_pubkey(request, key);
    X509_REQ_sign(request, key, EVP_sha256());
    PEM_write_bio_X509_REQ(bio, request);
    X509_REQ_free(request);
    return text_of(bio);
}

/* Not flushed to the disk: a measurement's stations do not outlive a power cut. */
static gboolean
write_file(const char *folder, const char *name, const char *text, gsize n_bytes,
           GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    return g_file_set_contents_full(path, text, (gssize) n_bytes, G_FILE_SET_CONTENTS_NONE,
                                    0600, error);
}

static gboolean
write_answer(const char *folder, const char *station, const char *certificate,
             const SimDistrict *district, GError **error)
{
    g_autoptr(ContentEnrolled) enrolled = content_document_new(&content_enrolled_type);
    g_autoptr(GBytes) bytes = NULL;

    enrolled->station = g_strdup(station);
    enrolled->certificate = g_strdup(certificate);
    enrolled->authority = g_strdup(district->authority);
    enrolled->root_key = g_strdup(district->root_key);
    enrolled->keys = g_strdup(district->keys);
    enrolled->device_url = g_strdup(district->device_url);
    g_ptr_array_add(enrolled->brokers, g_strdup(district->broker));
    bytes = content_document_write(&content_enrolled_type, enrolled, error);
    return bytes != NULL &&
           write_file(folder, "enrolled.json", g_bytes_get_data(bytes, NULL),
                      g_bytes_get_size(bytes), error) &&
           write_file(folder, "authority.pem", district->authority, strlen(district->authority),
                      error) &&
           write_file(folder, "tls.pem", certificate, strlen(certificate), error);
}

gboolean
sim_identity_write(const char *state_folder, const char *station, const SimDistrict *district,
                   char **out_public_key, GError **error)
{
    g_autofree char *folder = g_build_filename(state_folder, "identity", NULL);
    g_autofree char *seal_path = g_build_filename(folder, "station.key", NULL);
    g_autoptr(ContentSealKey) seal = content_seal_key_generate();
    EVP_PKEY *key = EVP_EC_gen("P-256");
    g_autofree char *key_pem = key_text(key);
    g_autofree char *request = request_text(key, station);
    g_autofree char *certificate = NULL;

    EVP_PKEY_free(key);
    certificate = district->sign(request, station, district->data, error);
    if (certificate == NULL || !content_files_make_folder(folder, FOLDER_MODE, error) ||
        !content_seal_key_save(seal, seal_path, error) ||
        !write_file(folder, "tls.key", key_pem, strlen(key_pem), error) ||
        !write_answer(folder, station, certificate, district, error))
        return FALSE;
    *out_public_key = g_strdup(content_seal_key_public(seal));
    return TRUE;
}
