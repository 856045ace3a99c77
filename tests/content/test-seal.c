/*
 * test-seal.c - signatures that minisign accepts, and everything that must not be accepted.
 *
 * The peer is Debian's minisign: it verifies ours from a split envelope, and we verify its.
 */
#include "content/seal.h"

#include "content/base/files.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define DOCUMENT "{\"station\":\"ia-pa-02\",\"type\":\"manifest\",\"v\":1}"
#define COMMENT  "manifest ia-pa-02 17"

typedef struct {
    char *folder; /* (owned) */
    ContentSealKey *key;
    char *signature; /* (owned): of DOCUMENT under COMMENT */
} Fixture;

static void
set_up(Fixture *self, gconstpointer data)
{
    self->folder = g_dir_make_tmp("loa-seal-XXXXXX", NULL);
    self->key = content_seal_key_generate();
    self->signature = content_seal_sign(self->key, DOCUMENT, strlen(DOCUMENT), COMMENT);
}

static void
tear_down(Fixture *self, gconstpointer data)
{
    g_autoptr(GDir) dir = g_dir_open(self->folder, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(self->folder, name, NULL);

        g_unlink(path);
    }
    g_assert_cmpint(g_rmdir(self->folder), ==, 0);
    content_seal_key_free(self->key);
    g_free(self->signature);
    g_free(self->folder);
}

static gboolean
verify(Fixture *self, const char *signature, const char *document, GError **error)
{
    return content_seal_verify(content_seal_key_public(self->key), signature, document,
                               strlen(document), COMMENT, error);
}

static char *
write_file(Fixture *self, const char *name, const char *text)
{
    char *path = g_build_filename(self->folder, name, NULL);

    g_assert_true(content_files_write(path, text, strlen(text), 0600, NULL));
    return path;
}

/* Returns the exit status; -1 when it could not be run. */
static int
run(Fixture *self, const char *const *argv, const char *input)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
        G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
        G_SUBPROCESS_FLAGS_STDERR_SILENCE);
    g_autoptr(GSubprocess) process = NULL;

    g_subprocess_launcher_set_cwd(launcher, self->folder);
    process = g_subprocess_launcher_spawnv(launcher, argv, &error);
    g_assert_no_error(error);
    g_subprocess_communicate_utf8(process, input, NULL, NULL, NULL, &error);
    g_assert_no_error(error);
    return g_subprocess_get_if_exited(process) ? g_subprocess_get_exit_status(process) : -1;
}

static void
test_minisign_verifies_ours(Fixture *self, gconstpointer data)
{
    g_autoptr(GBytes) document = g_bytes_new_static(DOCUMENT, strlen(DOCUMENT));
    g_autoptr(GBytes) envelope = content_seal_wrap(self->signature, document);
    const char *argv[] = {
        "minisign", "-V",       "-q", "-P", content_seal_key_public(self->key),
        "-m",       "document", NULL,
    };
    g_autofree char *all =
        g_strndup(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope));
    char *gap = strstr(all, "\n\n");
    g_autofree char *path = NULL, *signature_path = NULL, *changed_path = NULL;

    /* Split by hand, as docs/formats.md tells a stranger to. */
    path = write_file(self, "document", gap + 2);
    gap[1] = '\0';
    signature_path = write_file(self, "document.minisig", all);
    g_assert_cmpint(run(self, argv, NULL), ==, 0);
    changed_path = write_file(self, "document", "{\"station\":\"ia-pa-03\",\"v\":1}");
    g_assert_cmpint(run(self, argv, NULL), ==, 1);
}

static void
test_we_verify_minisign(Fixture *self, gconstpointer data)
{
    const char *generate[] = {"minisign", "-G", "-W", "-p", "key.pub", "-s", "key", NULL};
    const char *sign[] = {
        "minisign", "-S", "-H", "-s", "key", "-m", "document", "-t", COMMENT, NULL,
    };
    const char *sign_old[] = {
        "minisign", "-S", "-l", "-s", "key", "-m", "document", "-t", COMMENT, NULL,
    };
    g_autofree char *path = write_file(self, "document", DOCUMENT);
    g_autofree char *key_path = g_build_filename(self->folder, "key.pub", NULL);
    g_autofree char *signature_path = g_build_filename(self->folder, "document.minisig", NULL);
    g_autofree char *key_file = NULL, *signature = NULL, *old_signature = NULL, *id = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) lines = NULL;
    const char *printed;

    g_assert_cmpint(run(self, generate, NULL), ==, 0);
    g_assert_cmpint(run(self, sign, NULL), ==, 0);
    g_assert_true(g_file_get_contents(key_path, &key_file, NULL, NULL));
    g_assert_true(g_file_get_contents(signature_path, &signature, NULL, NULL));
    lines = g_strsplit(key_file, "\n", -1);
    content_seal_verify(lines[1], signature, DOCUMENT, strlen(DOCUMENT), COMMENT, &error);
    g_assert_no_error(error);
    id = content_seal_public_key_id(lines[1]);
    /* "minisign public key DC7A50D286BD7DFE"; it leaves leading zeros out, we do not. */
    printed = strrchr(lines[0], ' ');
    g_assert_nonnull(printed);
    g_assert_cmpstr(printed + 1, ==, id + strspn(id, "0"));

    g_assert_cmpint(run(self, sign_old, NULL), ==, 0);
    g_assert_true(g_file_get_contents(signature_path, &old_signature, NULL, NULL));
    g_assert_false(
        content_seal_verify(lines[1], old_signature, DOCUMENT, strlen(DOCUMENT), NULL, &error));
    g_assert_error(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_FORMAT);
}

static void
test_any_changed_byte(Fixture *self, gconstpointer data)
{
    g_autofree char *document = g_strdup(DOCUMENT);
    g_autofree char *signature = g_strdup(self->signature);
    const char *second_line = strchr(signature, '\n') + 1;

    g_assert_true(verify(self, self->signature, DOCUMENT, NULL));
    for (gsize i = 0; i < strlen(DOCUMENT); i++) {
        g_autoptr(GError) error = NULL;

        document[i] ^= 1;
        g_assert_false(verify(self, self->signature, document, &error));
        g_assert_error(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_SIGNATURE);
        document[i] ^= 1;
    }
    /* The first line is the untrusted comment; from the second on every bit counts. */
    for (char *at = signature + (second_line - signature); *at != '\0'; at++) {
        *at ^= 1;
        g_assert_false(verify(self, signature, DOCUMENT, NULL));
        *at ^= 1;
    }
    g_assert_true(verify(self, signature, DOCUMENT, NULL));
}

static void
test_claims(Fixture *self, gconstpointer data)
{
    g_autoptr(ContentSealKey) other = content_seal_key_generate();
    g_autoptr(GError) error = NULL;
    const char *public_key = content_seal_key_public(self->key);

    g_assert_false(content_seal_verify(content_seal_key_public(other), self->signature,
                                       DOCUMENT, strlen(DOCUMENT), COMMENT, &error));
    g_assert_error(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_KEY);
    g_assert_nonnull(strstr(error->message, content_seal_key_id(self->key)));
    g_clear_error(&error);
    g_assert_false(content_seal_verify(public_key, self->signature, DOCUMENT, strlen(DOCUMENT),
                                       "manifest ia-pa-02 18", &error));
    g_assert_error(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_CLAIM);
    g_clear_error(&error);
    g_assert_true(content_seal_verify(public_key, self->signature, DOCUMENT, strlen(DOCUMENT),
                                      NULL, &error));
    g_assert_false(content_seal_verify("nonsense", self->signature, DOCUMENT, strlen(DOCUMENT),
                                       NULL, &error));
    g_assert_error(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_KEY);
}

static void
test_bad_lines(Fixture *self, gconstpointer data)
{
    g_auto(GStrv) good = g_strsplit(self->signature, "\n", -1);
    g_autofree char *long_comment = g_strnfill(2000, 'x');
    /* clang-format off */
    const struct { const char *why, *lines[5]; } cases[] = {
        { "nothing",                  { "" } },
        { "three lines",              { good[0], good[1], good[2], "" } },
        { "a fifth line",             { good[0], good[1], good[2], good[3], "x\n" } },
        { "no line feed at the end",  { good[0], good[1], good[2], good[3] } },
        { "other first words",        { "comment: x", good[1], good[2], good[3], "" } },
        { "other third words",        { good[0], good[1], "untrusted comment: x", good[3], "" } },
        { "carriage return",          { good[0], good[1], "trusted comment: x\r", good[3], "" } },
        { "short signature",          { good[0], "RUQ=", good[2], good[3], "" } },
        { "signature and last line exchanged", { good[0], good[3], good[2], good[1], "" } },
        { "blank in the base64",      { good[0], good[1], good[2], " ", "" } },
        { "too long",                 { "untrusted comment: ", long_comment, good[2], good[3], "" } },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *signature = NULL;
        g_autoptr(GError) error = NULL;
        char *lines[6] = {NULL};

        for (int j = 0; j < 5; j++)
            lines[j] = (char *) cases[i].lines[j];
        signature = g_strjoinv("\n", lines);
        g_test_message("%s", cases[i].why);
        g_assert_false(verify(self, signature, DOCUMENT, &error));
        g_assert_error(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_FORMAT);
    }
}

static void
test_envelope(Fixture *self, gconstpointer data)
{
    g_autoptr(GBytes) document = g_bytes_new_static(DOCUMENT, strlen(DOCUMENT));
    g_autoptr(GBytes) envelope = content_seal_wrap(self->signature, document);
    g_autofree char *signature = NULL, *comment = NULL, *key_id = NULL;
    g_autoptr(GBytes) inside = NULL;
    g_autoptr(GError) error = NULL;
    gsize n_bytes;
    const char *bytes = g_bytes_get_data(envelope, &n_bytes);

    inside = content_seal_unwrap(bytes, n_bytes, strlen(DOCUMENT), &signature, &comment,
                                 &key_id, &error);
    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(inside, document));
    g_assert_cmpstr(signature, ==, self->signature);
    g_assert_cmpstr(comment, ==, COMMENT);
    g_assert_cmpstr(key_id, ==, content_seal_key_id(self->key));

    /* Cut anywhere, an envelope is refused or has a document that does not verify. */
    for (gsize i = 0; i < n_bytes; i++) {
        g_autofree char *cut_signature = NULL, *cut_comment = NULL, *cut_key_id = NULL;
        g_autoptr(GBytes) cut = content_seal_unwrap(bytes, i, strlen(DOCUMENT), &cut_signature,
                                                    &cut_comment, &cut_key_id, NULL);

        if (cut != NULL)
            g_assert_false(content_seal_verify(content_seal_key_public(self->key),
                                               cut_signature, g_bytes_get_data(cut, NULL),
                                               g_bytes_get_size(cut), NULL, NULL));
    }
}

static void
test_envelope_limits(Fixture *self, gconstpointer data)
{
    g_autoptr(GBytes) document = g_bytes_new_static(DOCUMENT, strlen(DOCUMENT));
    g_autoptr(GBytes) envelope = content_seal_wrap(self->signature, document);
    g_autofree char *long_head = g_strnfill(4096, '\n');
    char *signature = NULL, *comment = NULL, *key_id = NULL;
    g_autoptr(GError) error = NULL;

    memset(long_head, 'x', 2000);
    g_assert_null(content_seal_unwrap(g_bytes_get_data(envelope, NULL),
                                      g_bytes_get_size(envelope), strlen(DOCUMENT) - 1,
                                      &signature, &comment, &key_id, &error));
    g_assert_error(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_FORMAT);
    g_clear_error(&error);
    g_assert_null(
        content_seal_unwrap(long_head, 4096, 100000, &signature, &comment, &key_id, &error));
    g_assert_error(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_FORMAT);
    g_clear_error(&error);
    g_assert_null(content_seal_unwrap("", 0, 100, &signature, &comment, &key_id, &error));
    g_assert_error(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_FORMAT);
    g_assert_null(signature);
    g_assert_null(key_id);
}

static void
test_key_file(Fixture *self, gconstpointer data)
{
    g_autofree char *path = g_build_filename(self->folder, "key", NULL);
    g_autoptr(ContentSealKey) loaded = NULL;
    g_autofree char *signature = NULL;
    g_autoptr(GError) error = NULL;
    GStatBuf status;

    g_assert_true(content_seal_key_save(self->key, path, &error));
    g_assert_cmpint(g_stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0600);
    loaded = content_seal_key_load(path, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(content_seal_key_id(loaded), ==, content_seal_key_id(self->key));
    g_assert_cmpstr(content_seal_key_public(loaded), ==, content_seal_key_public(self->key));
    signature = content_seal_sign(loaded, DOCUMENT, strlen(DOCUMENT), COMMENT);
    g_assert_cmpstr(signature, ==, self->signature);
    g_assert_cmpint(g_chmod(path, 0640), ==, 0);
    g_assert_null(content_seal_key_load(path, &error));
    g_assert_error(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_KEY);
    g_assert_nonnull(strstr(error->message, "0640"));
}

static void
test_bad_key_files(Fixture *self, gconstpointer data)
{
    g_autofree char *path = g_build_filename(self->folder, "key", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    gsize length;

    g_assert_null(content_seal_key_load(path, &error));
    g_assert_error(error, CONTENT_FILES_ERROR, CONTENT_FILES_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_true(content_seal_key_save(self->key, path, NULL));
    g_assert_true(g_file_get_contents(path, &text, &length, NULL));
    for (gsize i = 0; i < length; i++) {
        text[i] ^= 1;
        g_assert_true(content_files_write(path, text, length, 0600, NULL));
        g_assert_null(content_seal_key_load(path, &error));
        g_assert_error(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_FORMAT);
        g_clear_error(&error);
        text[i] ^= 1;
    }
    g_assert_true(content_files_write(path, text, length - 5, 0600, NULL));
    g_assert_null(content_seal_key_load(path, &error));
    g_assert_error(error, CONTENT_SEAL_ERROR, CONTENT_SEAL_ERROR_FORMAT);
}

static void
test_key_text(Fixture *self, gconstpointer data)
{
    char *text = content_seal_key_text(self->key);
    g_autoptr(ContentSealKey) again = content_seal_key_from_text(text, strlen(text), NULL);
    g_autofree char *signature = content_seal_sign(again, DOCUMENT, strlen(DOCUMENT), COMMENT);

    g_assert_cmpstr(signature, ==, self->signature);
    g_assert_null(content_seal_key_from_text(text, strlen(text) - 1, NULL));
    g_assert_null(content_seal_key_from_text("", 0, NULL));
    content_seal_key_text_free(text);
}

#define ADD(name, func)                                                                        \
    g_test_add("/content/seal/" name, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("minisign-verifies-ours", test_minisign_verifies_ours);
    ADD("we-verify-minisign", test_we_verify_minisign);
    ADD("any-changed-byte", test_any_changed_byte);
    ADD("claims", test_claims);
    ADD("bad-lines", test_bad_lines);
    ADD("envelope", test_envelope);
    ADD("envelope-limits", test_envelope_limits);
    ADD("key-file", test_key_file);
    ADD("bad-key-files", test_bad_key_files);
    ADD("key-text", test_key_text);
    return g_test_run();
}
