/* test-keys.c - the root is sealed, the online keys are vouched for, and both can be changed.
 */
#include "scheduler/trust/keys.h"
#include "scheduler/trust/root.h"

#include "content/claim.h"
#include "tests/support/scratch.h"

#include <glib/gstdio.h>
#include <string.h>

#define NOW_US  (G_GINT64_CONSTANT(1770000000) * G_USEC_PER_SEC)
#define YEAR_US (G_GINT64_CONSTANT(365) * 24 * 3600 * G_USEC_PER_SEC)

static const SchedPasswordCost cheap = {1, 8192};

typedef struct {
    char *scratch, *root_path, *folder;
    ContentSealKey *root;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    f->scratch = test_scratch_new();
    f->root_path = g_build_filename(f->scratch, "root.sealed", NULL);
    f->folder = g_build_filename(f->scratch, "keys", NULL);
    f->root = sched_root_create(f->root_path, "gió thổi trên đồi", &cheap, &error);
    g_assert_no_error(error);
    g_assert_true(sched_keys_create(f->folder, f->root, NOW_US, &error));
    g_assert_no_error(error);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    content_seal_key_free(f->root);
    test_scratch_free(f->scratch);
    g_free(f->root_path);
    g_free(f->folder);
}

static void
test_sealed_root(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ContentSealKey) again =
        sched_root_open(f->root_path, "gió thổi trên đồi", &error);
    g_autofree char *text = NULL;
    char *secret = content_seal_key_text(f->root);
    GStatBuf status;

    g_assert_no_error(error);
    g_assert_cmpstr(content_seal_key_public(again), ==, content_seal_key_public(f->root));
    g_assert_cmpint(g_stat(f->root_path, &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 0777, ==, 0600);
    g_assert_true(g_file_get_contents(f->root_path, &text, NULL, NULL));
    g_assert_null(strstr(text, strchr(secret, '\n') + 1));
    content_seal_key_text_free(secret);

    g_assert_null(sched_root_open(f->root_path, "gió thổi trên đồng", &error));
    g_assert_error(error, SCHED_KEYS_ERROR, SCHED_KEYS_ERROR_PASSPHRASE);
    g_clear_error(&error);
    g_assert_null(sched_root_create(f->root_path, "gió thổi trên đồi", &cheap, &error));
    g_assert_error(error, SCHED_KEYS_ERROR, SCHED_KEYS_ERROR_EXISTS);
}

/* Whatever byte is changed, the root does not open, nor does it cost more than allowed. */
static void
test_changed_root(Fixture *f, gconstpointer data)
{
    g_autofree char *text = NULL;
    gsize length = 0;

    g_assert_true(g_file_get_contents(f->root_path, &text, &length, NULL));
    for (gsize i = 0; i < length; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(ContentSealKey) key = NULL;

        text[i] ^= 1;
        g_assert_true(g_file_set_contents(f->root_path, text, (gssize) length, NULL));
        key = sched_root_open(f->root_path, "gió thổi trên đồi", &error);
        g_assert_null(key);
        g_assert_true(error->domain == SCHED_KEYS_ERROR);
        text[i] ^= 1;
    }
}

static void
test_first_document(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SchedKeys) keys = sched_keys_open(f->folder, &error);
    g_autoptr(GBytes) text = g_bytes_new_static("{}", 2);
    g_autofree char *signature = NULL;
    const ContentKeys *content;

    g_assert_no_error(error);
    content = sched_keys_content(keys);
    g_assert_cmpint(content->version, ==, 1);
    g_assert_cmpuint(content->keys->len, ==, 4);
    g_assert_cmpstr(sched_keys_root(keys), ==, content_seal_key_public(f->root));
    g_assert_cmpint(sched_keys_expires_us(keys), ==, NOW_US + 5 * YEAR_US);
    signature = sched_keys_sign(keys, CONTENT_ROLE_TIME, text, "time ia-pa-02 0");
    for (guint i = 0; i < 3; i++) {
        const ContentKey *key = content->keys->pdata[i];

        g_assert_cmpint(key->role, ==, (gint) i);
        g_assert_cmpint(content_seal_verify(key->key, signature, "{}", 2, NULL, NULL), ==,
                        key->role == CONTENT_ROLE_TIME);
    }
    g_assert_false(sched_keys_create(f->folder, f->root, NOW_US, &error));
    g_assert_error(error, SCHED_KEYS_ERROR, SCHED_KEYS_ERROR_EXISTS);
}

static void
test_rotation(Fixture *f, gconstpointer data)
{
    const struct {
        const char *why;
        ContentRole role;
        SchedRotate rotate;
        guint n_keys, n_forgotten;
    } cases[] = {
        {"aged: both are good", CONTENT_ROLE_APPROVAL, SCHED_ROTATE_AGED, 5, 0},
        {"lost: only the new one", CONTENT_ROLE_MANIFEST, SCHED_ROTATE_LOST, 5, 1},
        {"lost again", CONTENT_ROLE_MANIFEST, SCHED_ROTATE_LOST, 5, 2},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(SchedKeys) before = sched_keys_open(f->folder, NULL);
        g_autoptr(SchedKeys) after = NULL;
        const char *old_id = content_seal_key_id(sched_keys_signer(before, cases[i].role));
        const ContentKeys *content;

        g_test_message("%s", cases[i].why);
        g_assert_true(sched_keys_rotate(f->folder, f->root, cases[i].role, cases[i].rotate,
                                        NOW_US + YEAR_US, &error));
        g_assert_no_error(error);
        after = sched_keys_open(f->folder, &error);
        g_assert_no_error(error);
        content = sched_keys_content(after);
        g_assert_cmpint(content->version, ==, sched_keys_content(before)->version + 1);
        g_assert_cmpuint(content->keys->len, ==, cases[i].n_keys);
        g_assert_cmpuint(content->forget_floors->len, ==, cases[i].n_forgotten);
        if (cases[i].rotate == SCHED_ROTATE_LOST)
            g_assert_cmpstr(content->forget_floors->pdata[cases[i].n_forgotten - 1], ==,
                            old_id);
        g_assert_cmpstr(content_seal_key_id(sched_keys_signer(after, cases[i].role)), !=,
                        old_id);
    }
}

/* A folder of a district that was set up before there were alerts; the root adds the key. */
static void
test_first_alert_key(Fixture *f, gconstpointer data)
{
    g_autofree char *document = g_build_filename(f->folder, "keys", NULL);
    g_autofree char *secret = g_build_filename(f->folder, "alert.key", NULL);
    g_autofree char *next = g_build_filename(f->folder, "alert.next", NULL);
    g_autoptr(SchedKeys) made = sched_keys_open(f->folder, NULL), old = NULL;
    g_autoptr(ContentKeys) keys =
        content_document_read(&content_keys_type,
                              g_bytes_get_data(sched_keys_document(made), NULL),
                              g_bytes_get_size(sched_keys_document(made)), NULL);
    g_autofree char *comment = content_claim_comment("keys", NULL, 1);
    g_autofree char *signature = NULL;
    g_autoptr(GBytes) bytes = NULL, envelope = NULL;
    g_autoptr(GError) error = NULL;

    g_ptr_array_remove_index(keys->keys, CONTENT_ROLE_ALERT);
    bytes = content_document_write(&content_keys_type, keys, &error);
    signature = content_seal_sign(f->root, g_bytes_get_data(bytes, NULL),
                                  g_bytes_get_size(bytes), comment);
    envelope = content_seal_wrap(signature, bytes);
    g_assert_true(g_file_set_contents(document, g_bytes_get_data(envelope, NULL),
                                      (gssize) g_bytes_get_size(envelope), NULL));
    g_assert_cmpint(g_unlink(secret), ==, 0);
    old = sched_keys_open(f->folder, &error);
    g_assert_no_error(error);
    g_assert_null(sched_keys_signer(old, CONTENT_ROLE_ALERT));
    g_assert_cmpint(sched_keys_expires_us(old), >, NOW_US);
    g_assert_true(sched_keys_rotate(f->folder, f->root, CONTENT_ROLE_ALERT, SCHED_ROTATE_LOST,
                                    NOW_US, &error));
    g_assert_true(sched_keys_reload(old, &error));
    g_assert_no_error(error);
    g_assert_nonnull(sched_keys_signer(old, CONTENT_ROLE_ALERT));
    g_assert_cmpuint(sched_keys_content(old)->forget_floors->len, ==, 0);
    /* Cut off before the last file was there, and then listed and gone. */
    g_assert_cmpint(g_unlink(secret), ==, 0);
    g_assert_true(sched_keys_reload(old, &error));
    g_assert_cmpint(g_unlink(next), ==, 0);
    g_assert_false(sched_keys_reload(old, &error));
    g_assert_nonnull(sched_keys_signer(old, CONTENT_ROLE_ALERT));
}

/* A daemon that runs: what it holds is good until it reads the folder again, and after it. */
static void
test_reload(Fixture *f, gconstpointer data)
{
    g_autoptr(SchedKeys) keys = sched_keys_open(f->folder, NULL);
    const ContentSealKey *old = sched_keys_signer(keys, CONTENT_ROLE_MANIFEST);
    const ContentSealKey *time = sched_keys_signer(keys, CONTENT_ROLE_TIME);
    g_autofree char *old_id = g_strdup(content_seal_key_id(old));
    g_autofree char *time_id = g_strdup(content_seal_key_id(time));
    g_autofree char *path = g_build_filename(f->folder, "keys", NULL);
    g_autofree char *first = NULL;
    g_autoptr(GError) error = NULL;
    gsize n_first = 0;

    g_assert_true(g_file_get_contents(path, &first, &n_first, NULL));
    g_assert_true(sched_keys_rotate(f->folder, f->root, CONTENT_ROLE_MANIFEST,
                                    SCHED_ROTATE_LOST, NOW_US, NULL));
    g_assert_true(sched_keys_signer(keys, CONTENT_ROLE_MANIFEST) == old);
    g_assert_cmpint(sched_keys_content(keys)->version, ==, 1);
    g_assert_true(sched_keys_reload(keys, &error));
    g_assert_no_error(error);
    g_assert_cmpint(sched_keys_content(keys)->version, ==, 2);
    g_assert_cmpstr(content_seal_key_id(sched_keys_signer(keys, CONTENT_ROLE_MANIFEST)), !=,
                    old_id);
    g_assert_cmpstr(content_seal_key_id(sched_keys_signer(keys, CONTENT_ROLE_TIME)), ==,
                    time_id);
    g_assert_cmpstr(content_seal_key_id(old), ==, old_id);
    /* A folder put back from a backup must not bring a lost key back. */
    g_assert_true(g_file_set_contents(path, first, (gssize) n_first, NULL));
    g_assert_false(sched_keys_reload(keys, &error));
    g_assert_cmpint(sched_keys_content(keys)->version, ==, 2);
}

/* Cut off between the document and the key: the folder opens with the new key. */
static void
test_cut_off(Fixture *f, gconstpointer data)
{
    g_autofree char *path = g_build_filename(f->folder, "time.key", NULL);
    g_autoptr(ContentSealKey) before = content_seal_key_load(path, NULL);
    g_autoptr(SchedKeys) keys = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(sched_keys_rotate(f->folder, f->root, CONTENT_ROLE_TIME, SCHED_ROTATE_LOST,
                                    NOW_US, NULL));
    g_assert_true(content_seal_key_save(before, path, NULL));
    keys = sched_keys_open(f->folder, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(content_seal_key_id(sched_keys_signer(keys, CONTENT_ROLE_TIME)), !=,
                    content_seal_key_id(before));
}

static void
test_wrong_root(Fixture *f, gconstpointer data)
{
    g_autoptr(ContentSealKey) other = content_seal_key_generate();
    g_autoptr(GError) error = NULL;

    g_assert_false(sched_keys_rotate(f->folder, other, CONTENT_ROLE_TIME, SCHED_ROTATE_AGED,
                                     NOW_US, &error));
    g_assert_error(error, SCHED_KEYS_ERROR, SCHED_KEYS_ERROR_ROOT);
}

static void
test_damage(Fixture *f, gconstpointer data)
{
    const char *const files[] = {"keys", "root.pub", "time.key"};

    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(f->folder, files[i], NULL);
        g_autofree char *text = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(SchedKeys) keys = NULL;
        gsize length = 0;

        g_assert_true(g_file_get_contents(path, &text, &length, NULL));
        text[length / 2] ^= 1;
        g_assert_true(g_file_set_contents(path, text, (gssize) length, NULL));
        keys = sched_keys_open(f->folder, &error);
        g_assert_null(keys);
        g_assert_nonnull(error);
        text[length / 2] ^= 1;
        g_assert_true(g_file_set_contents(path, text, (gssize) length, NULL));
        g_assert_cmpint(g_chmod(path, 0600), ==, 0);
    }
    {
        /* A key of another district put in place of ours. */
        g_autoptr(ContentSealKey) stranger = content_seal_key_generate();
        g_autofree char *path = g_build_filename(f->folder, "time.key", NULL);
        g_autoptr(GError) error = NULL;

        g_assert_true(content_seal_key_save(stranger, path, NULL));
        g_assert_null(sched_keys_open(f->folder, &error));
        g_assert_error(error, SCHED_KEYS_ERROR, SCHED_KEYS_ERROR_DAMAGED);
    }
}

static void
add(const char *path, void (*test)(Fixture *, gconstpointer))
{
    g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/scheduler/trust/keys/sealed-root", test_sealed_root);
    add("/scheduler/trust/keys/changed-root", test_changed_root);
    add("/scheduler/trust/keys/first-document", test_first_document);
    add("/scheduler/trust/keys/rotation", test_rotation);
    add("/scheduler/trust/keys/first-alert-key", test_first_alert_key);
    add("/scheduler/trust/keys/reload", test_reload);
    add("/scheduler/trust/keys/cut-off", test_cut_off);
    add("/scheduler/trust/keys/wrong-root", test_wrong_root);
    add("/scheduler/trust/keys/damage", test_damage);
    return g_test_run();
}
