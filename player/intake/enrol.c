/*
 * enrol.c - see enrol.h
 *
 * Steps: read the code, make both keys, meet the district (its chain must lead to the key of
 * the fingerprint before a byte of ours goes out), ask, check the answer against the question,
 * write everything into STATE/identity.new, then let it appear under its name.
 */
#include "player/intake/enrol.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/err.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "content/base/files.h"
#include "content/base/id.h"
#include "content/enrolment-code.h"
#include "content/exchange.h"
#include "content/seal.h"
#include "player/intake/certificate.h"
#include "player/intake/https.h"
#include "player/intake/verify.h"
#include "player/report/journal-file.h"

#define ANSWER_MAX_BYTES (256 * 1024)
#define CONNECT_S        20
#define STALL_S          30

G_DEFINE_QUARK(play - enrol - error - quark, play_enrol_error)

/* One enrolment on its way. */
typedef struct {
    const char *state_folder;
    ContentEnrolmentCode code;
    gint64 now_us;
    ContentSealKey *seal;
    EVP_PKEY *tls_key;
    char *fresh; /* STATE/identity.new */
    char *journal_id;
    GByteArray *answer;
    ContentEnrolled *enrolled;
    const char *distrust; /* (nullable): why the chain met was not believed */
} Enrolment;

static void
enrolment_clear(Enrolment *this)
{
    content_seal_key_free(this->seal);
    EVP_PKEY_free(this->tls_key);
    g_free(this->fresh);
    g_free(this->journal_id);
    g_clear_pointer(&this->answer, g_byte_array_unref);
    content_enrolled_free(this->enrolled);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Enrolment, enrolment_clear)

/* Sets an error of ours; @cause, if there is one, says what lay behind it. */
static gboolean
fail(GError **error, PlayEnrolError code, const char *words, GError *cause)
{
    g_autoptr(GError) owned = cause;

    if (owned == NULL)
        g_set_error(error, PLAY_ENROL_ERROR, code, "%s", words);
    else
        g_set_error(error, PLAY_ENROL_ERROR, code, "%s: %s", words, owned->message);
    return FALSE;
}

/* ---- certificates ---- */

static gboolean
has_fingerprint(X509 *certificate, const guint8 *fingerprint)
{
    guint8 digest[SHA256_DIGEST_LENGTH];
    guchar *der = NULL;
    int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);

    if (length <= 0)
        return FALSE;
    SHA256(der, (gsize) length, digest);
    OPENSSL_free(der);
    return memcmp(digest, fingerprint, CONTENT_ENROLMENT_FINGERPRINT_BYTES) == 0;
}

/* The one decision about whom we talk to; replaces OpenSSL's own. */
static int
judge_chain(X509_STORE_CTX *met, void *data)
{
    Enrolment *this = data;
    STACK_OF(X509) *chain = X509_STORE_CTX_get0_untrusted(met);
    X509 *leaf = X509_STORE_CTX_get0_cert(met);

    for (int i = 0; i < sk_X509_num(chain); i++) {
        X509 *anchor = sk_X509_value(chain, i);

        if (!has_fingerprint(anchor, this->code.fingerprint) || X509_check_ca(anchor) == 0)
            continue;
        if (play_certificate_leads_to(leaf, chain, anchor, TRUE, this->now_us)) {
            X509_STORE_CTX_set_error(met, X509_V_OK);
            return 1;
        }
        this->distrust = "its certificate is not valid at the time of this machine's clock";
        X509_STORE_CTX_set_error(met, X509_V_ERR_CERT_HAS_EXPIRED);
        return 0;
    }
    this->distrust = "it is not the district that made the code";
    X509_STORE_CTX_set_error(met, X509_V_ERR_CERT_UNTRUSTED);
    return 0;
}

static gboolean
use_judge(SSL_CTX *context, gpointer data, GError **error)
{
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(context, judge_chain, data);
    return TRUE;
}

/* ---- the question ---- */

static gboolean
make_keys(Enrolment *this, GError **error)
{
    g_autofree char *tls_path = g_build_filename(this->fresh, "tls.key", NULL);
    g_autofree char *seal_path = g_build_filename(this->fresh, "station.key", NULL);
    g_autofree char *journal_path = g_build_filename(this->fresh, "journal.db", NULL);
    g_autoptr(PlayX509Text) text = BIO_new(BIO_s_mem());
    g_autoptr(PlayJournalFile) journal = NULL;
    g_autofree char *pem = NULL;
    GError *why = NULL;

    this->seal = content_seal_key_generate();
    this->tls_key = EVP_EC_gen("P-256");
    if (this->tls_key == NULL ||
        PEM_write_bio_PKCS8PrivateKey(text, this->tls_key, NULL, NULL, 0, NULL, NULL) != 1)
        return fail(error, PLAY_ENROL_ERROR_DISK, "a key cannot be made", NULL);
    pem = play_certificate_text(text);
    if (content_files_write(tls_path, pem, strlen(pem), 0600, &why) &&
        content_seal_key_save(this->seal, seal_path, &why))
        journal = play_journal_file_open(journal_path, &why);
    if (journal == NULL)
        return fail(error, PLAY_ENROL_ERROR_DISK, "writing the keys", why);
    this->journal_id = g_strdup(play_journal_file_id(journal));
    return TRUE;
}

static GBytes *
write_question(Enrolment *this, GError **error)
{
    g_autofree char *secret = content_hex(this->code.secret, sizeof this->code.secret);
    g_autofree char *request = play_certificate_request(this->tls_key);
    ContentEnrol question = {secret, request, (char *) content_seal_key_public(this->seal),
                             this->journal_id};

    return content_document_write(&content_enrol_type, &question, error);
}

static gboolean
take_answer(glong status, gint64 range_from, gconstpointer bytes, gsize n_bytes, gpointer data)
{
    Enrolment *this = data;

    if (this->answer->len + n_bytes > ANSWER_MAX_BYTES)
        return FALSE;
    g_byte_array_append(this->answer, bytes, (guint) n_bytes);
    return TRUE;
}

static gboolean
ask(Enrolment *this, GError **error)
{
    g_autofree char *url = g_strconcat("https://", this->code.address, "/device/enrol", NULL);
    GError *why = NULL;
    g_autoptr(GBytes) question = write_question(this, &why);
    PlayHttpsRequest request = {.url = url,
                                .body = question,
                                .connect_s = CONNECT_S,
                                .stall_s = STALL_S,
                                .tls = use_judge,
                                .tls_data = this,
                                .take = take_answer,
                                .data = this};
    CURL *handle;
    glong status;

    if (question == NULL)
        return fail(error, PLAY_ENROL_ERROR_DISK, "writing the question", why);
    this->answer = g_byte_array_new();
    handle = play_https_handle_new();
    status = play_https_perform(handle, &request, &why);
    curl_easy_cleanup(handle);
    if (status == 0 && this->distrust != NULL) {
        g_clear_error(&why);
        return fail(error, PLAY_ENROL_ERROR_DISTRICT, this->distrust, NULL);
    }
    if (status == 0)
        return fail(error, PLAY_ENROL_ERROR_DISTRICT, this->code.address, why);
    if (status != 200) {
        g_autofree char *said =
            g_strndup((const char *) this->answer->data, MIN(this->answer->len, 300));
        g_autofree char *valid = g_utf8_make_valid(said, -1);

        return fail(error, PLAY_ENROL_ERROR_REFUSED, valid, NULL);
    }
    return TRUE;
}

/* ---- the answer ---- */

static const char *
judge_certificate(const Enrolment *this)
{
    const ContentEnrolled *enrolled = this->enrolled;
    g_autoptr(PlayX509) authority = play_certificate_read(enrolled->authority);
    g_autoptr(PlayX509) own = play_certificate_read(enrolled->certificate);

    if (authority == NULL || !has_fingerprint(authority, this->code.fingerprint))
        return "another authority than the code's";
    return play_certificate_judge(own, authority, this->tls_key, enrolled->station,
                                  this->now_us);
}

static const char *
judge_addresses(const ContentEnrolled *enrolled)
{
    if (!g_str_has_prefix(enrolled->device_url, "https://"))
        return "an address that is not https://";
    if (enrolled->brokers->len == 0)
        return "no broker";
    for (guint i = 0; i < enrolled->brokers->len; i++) {
        if (!g_str_has_prefix(enrolled->brokers->pdata[i], "mqtts://"))
            return "a broker that is not mqtts://";
    }
    return NULL;
}

/* The keys document must be the pinned root's own. */
static const char *
judge_keys(const Enrolment *this)
{
    const ContentEnrolled *enrolled = this->enrolled;
    g_autoptr(PlayVerify) verify = play_verify_new(enrolled->station, enrolled->root_key, NULL);
    PlayVerifyTime time = {.now_us = this->now_us};
    g_autoptr(PlayVerified) verified = NULL;

    if (verify != NULL)
        verified = play_verify_envelope(verify, &content_keys_type, enrolled->keys,
                                        strlen(enrolled->keys), time, NULL);
    return verified == NULL ? "keys that the root has not signed" : NULL;
}

static gboolean
check_answer(Enrolment *this, GError **error)
{
    GError *why = NULL;
    const char *wrong;

    this->enrolled = content_document_read(&content_enrolled_type, this->answer->data,
                                           this->answer->len, &why);
    if (this->enrolled == NULL)
        return fail(error, PLAY_ENROL_ERROR_ANSWER, "the district's answer", why);
    wrong = judge_certificate(this);
    if (wrong == NULL)
        wrong = judge_addresses(this->enrolled);
    if (wrong == NULL)
        wrong = judge_keys(this);
    if (wrong == NULL)
        return TRUE;
    g_set_error(error, PLAY_ENROL_ERROR, PLAY_ENROL_ERROR_ANSWER,
                "the district's answer has %s", wrong);
    return FALSE;
}

/* ---- the folder ---- */

static gboolean
write_text(const Enrolment *this, const char *name, const char *text, gsize n_bytes,
           GError **error)
{
    g_autofree char *path = g_build_filename(this->fresh, name, NULL);

    return content_files_write(path, text, n_bytes, 0600, error);
}

static gboolean
move(const char *from, const char *to, GError **error)
{
    if (g_rename(from, to) == 0)
        return TRUE;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", to,
                g_strerror(errno));
    return FALSE;
}

/* What an unfinished attempt has left. */
static void
remove_fresh(const char *folder)
{
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    const char *name;

    while (entries != NULL && (name = g_dir_read_name(entries)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        g_unlink(path);
    }
    g_rmdir(folder);
}

/* Everything of before keeps its bytes under a name with the time in it. */
static gboolean
set_aside(const Enrolment *this, const char *identity, const char *journal, GError **error)
{
    g_autofree char *suffix = content_id_new(this->now_us);
    g_autofree char *old = g_strdup_printf("%s.%s", identity, suffix);
    g_autofree char *drafts = g_strconcat(journal, ".drafts", NULL);
    g_autofree char *old_drafts = g_strdup_printf("%s.%s.drafts", journal, suffix);
    g_autofree char *old_journal = NULL;

    if (g_file_test(journal, G_FILE_TEST_EXISTS)) {
        old_journal = play_database_set_aside(journal, suffix, error);
        if (old_journal == NULL)
            return FALSE;
    }
    /* Another station's zones may have the same names: its sound would pass for this one's. */
    if (g_file_test(drafts, G_FILE_TEST_EXISTS) && !move(drafts, old_drafts, error))
        return FALSE;
    return !g_file_test(identity, G_FILE_TEST_EXISTS) || move(identity, old, error);
}

static gboolean
store(const Enrolment *this, GError **error)
{
    const ContentEnrolled *enrolled = this->enrolled;
    g_autofree char *identity = g_build_filename(this->state_folder, "identity", NULL);
    g_autofree char *journal = g_build_filename(this->state_folder, "journal.db", NULL);
    g_autofree char *fresh_journal = g_build_filename(this->fresh, "journal.db", NULL);
    GError *why = NULL;

    if (write_text(this, "tls.pem", enrolled->certificate, strlen(enrolled->certificate),
                   &why) &&
        write_text(this, "authority.pem", enrolled->authority, strlen(enrolled->authority),
                   &why) &&
        write_text(this, "enrolled.json", (const char *) this->answer->data, this->answer->len,
                   &why) &&
        set_aside(this, identity, journal, &why) && move(fresh_journal, journal, &why) &&
        content_files_sync_folder(this->fresh, &why) && move(this->fresh, identity, &why) &&
        content_files_sync_folder(this->state_folder, &why))
        return TRUE;
    return fail(error, PLAY_ENROL_ERROR_DISK, "keeping the answer", why);
}

static gboolean
prepare(Enrolment *this, gboolean replace, GError **error)
{
    g_autofree char *enrolled =
        g_build_filename(this->state_folder, "identity", "enrolled.json", NULL);
    GError *why = NULL;

    if (g_file_test(enrolled, G_FILE_TEST_EXISTS) && !replace) {
        g_set_error(error, PLAY_ENROL_ERROR, PLAY_ENROL_ERROR_ALREADY,
                    "%s is a station's already; --replace begins anew and keeps the old aside",
                    this->state_folder);
        return FALSE;
    }
    this->fresh = g_build_filename(this->state_folder, "identity.new", NULL);
    remove_fresh(this->fresh);
    if (content_files_make_folder(this->fresh, 0700, &why))
        return TRUE;
    return fail(error, PLAY_ENROL_ERROR_DISK, "making the state folder", why);
}

char *
play_enrol(const char *state_folder, const char *code, gboolean replace, gint64 now_us,
           GError **error)
{
    g_auto(Enrolment) this = {.state_folder = state_folder,
                              .now_us = MAX(now_us, PLAY_ENROL_EARLIEST_US)};
    GError *why = NULL;

    if (!content_enrolment_code_read(code, &this.code, &why)) {
        fail(error, PLAY_ENROL_ERROR_CODE, "the code", why);
        return NULL;
    }
    if (!prepare(&this, replace, error))
        return NULL;
    if (make_keys(&this, error) && ask(&this, error) && check_answer(&this, error) &&
        store(&this, error))
        return g_strdup(this.enrolled->station);
    remove_fresh(this.fresh);
    return NULL;
}

/* ---- the command ---- */

/* clang-format off */
static const int exit_codes[] = {
    [PLAY_ENROL_ERROR_CODE]     = EX_USAGE,
    [PLAY_ENROL_ERROR_ALREADY]  = EX_CANTCREAT,
    [PLAY_ENROL_ERROR_DISTRICT] = EX_UNAVAILABLE,
    [PLAY_ENROL_ERROR_REFUSED]  = EX_NOPERM,
    [PLAY_ENROL_ERROR_ANSWER]   = EX_PROTOCOL,
    [PLAY_ENROL_ERROR_DISK]     = EX_IOERR,
};
/* clang-format on */

int
play_enrol_command(int argc, char **argv, const char *fallback_folder)
{
    gboolean replace = FALSE;
    g_autofree char *folder = NULL;
    g_auto(GStrv) words = NULL;
    const GOptionEntry entries[] = {
        {"replace", 0, 0, G_OPTION_ARG_NONE, &replace, "Begin anew; the old is kept aside",
         NULL},
        {"state", 0, 0, G_OPTION_ARG_FILENAME, &folder, "State folder", "FOLDER"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &words, NULL, "CODE"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) options = g_option_context_new("- make this machine a station");
    g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) parsed = NULL;
    g_autofree char *code = NULL, *station = NULL;
    g_autoptr(GError) error = NULL;

    g_ptr_array_add(arguments, g_strdup("loa-player enrol"));
    for (int i = 0; i < argc; i++)
        g_ptr_array_add(arguments, g_strdup(argv[i]));
    g_ptr_array_add(arguments, NULL);
    parsed = (char **) g_ptr_array_free(g_steal_pointer(&arguments), FALSE);
    g_option_context_add_main_entries(options, entries, NULL);
    if (!g_option_context_parse_strv(options, &parsed, &error) || words == NULL) {
        fprintf(stderr, "loa-player enrol: %s\n",
                error == NULL ? "the code is missing" : error->message);
        return EX_USAGE;
    }
    /* A code that was read out in groups may come as several words. */
    code = g_strjoinv(" ", words);
    station = play_enrol(folder == NULL ? fallback_folder : folder, code, replace,
                         g_get_real_time(), &error);
    if (station == NULL) {
        fprintf(stderr, "loa-player enrol: %s\n", error->message);
        return exit_codes[error->code];
    }
    printf("This machine is station %s now.\n", station);
    return EX_OK;
}
