/* keys.c - see keys.h */
#include "scheduler/trust/keys.h"

#include "content/base/files.h"
#include "content/claim.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define KEYS_MAX_BYTES (256 * 1024)
#define LIFE_US        (G_GINT64_CONSTANT(5) * 365 * 24 * 3600 * G_USEC_PER_SEC)
#define BACK_US        (G_GINT64_CONSTANT(24) * 3600 * G_USEC_PER_SEC)
/* So that nothing else that the root signs can be taken for the order. */
#define ORDER_MAX_BYTES 1024
#define ORDER_COMMENT   "resign approvals"

G_DEFINE_QUARK(SchedKeysError, sched_keys_error)

/* What the folder held when it was read. */
typedef struct {
    char *root;                                  /* (owned): public key line */
    ContentSealKey *signers[SCHED_KEYS_N_ROLES]; /* (owned) */
    GBytes *document;                            /* (owned) */
    GBytes *envelope;                            /* (owned) */
    ContentKeys *content;                        /* (owned) */
} KeySet;

struct SchedKeys {
    char *folder;    /* (owned) */
    KeySet *current; /* atomic */
    GPtrArray *all;  /* (owned) (element-type KeySet): others may still sign with an old one */
};

static char *
key_path(const char *folder, ContentRole role, const char *ending)
{
    g_autofree char *name = g_strconcat(content_role_words[role], ending, NULL);

    return g_build_filename(folder, name, NULL);
}

static ContentKey *
describe_key(const ContentSealKey *key, ContentRole role, gint64 now_us)
{
    ContentKey *out = content_shape_new(&content_key_shape);

    out->id = g_strdup(content_seal_key_id(key));
    out->role = (gint) role;
    out->key = g_strdup(content_seal_key_public(key));
    out->not_before_us = now_us - BACK_US;
    out->expires_us = now_us + LIFE_US;
    return out;
}

/* The document is written last, as what makes the rest count. */
static gboolean
save_document(const char *folder, const ContentSealKey *root, const ContentKeys *keys,
              GError **error)
{
    g_autofree char *path = g_build_filename(folder, "keys", NULL);
    g_autoptr(GBytes) document = content_document_write(&content_keys_type, keys, error);
    g_autofree char *comment = content_claim_comment("keys", NULL, keys->version);
    g_autofree char *signature = NULL;
    g_autoptr(GBytes) envelope = NULL;

    if (document == NULL)
        return FALSE;
    signature = content_seal_sign(root, g_bytes_get_data(document, NULL),
                                  g_bytes_get_size(document), comment);
    envelope = content_seal_wrap(signature, document);
    return content_files_write(path, g_bytes_get_data(envelope, NULL),
                               g_bytes_get_size(envelope), 0644, error);
}

gboolean
sched_keys_create(const char *folder, const ContentSealKey *root, gint64 now_us, GError **error)
{
    g_autofree char *root_path = g_build_filename(folder, "root.pub", NULL);
    g_autofree char *line = g_strconcat(content_seal_key_public(root), "\n", NULL);
    g_autoptr(ContentKeys) keys = content_document_new(&content_keys_type);

    if (g_file_test(root_path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, SCHED_KEYS_ERROR, SCHED_KEYS_ERROR_EXISTS, "%s holds keys already",
                    folder);
        return FALSE;
    }
    if (!content_files_make_folder(folder, 0700, error))
        return FALSE;
    keys->version = 1;
    keys->issued_us = now_us;
    for (ContentRole role = 0; role < SCHED_KEYS_N_ROLES; role++) {
        g_autoptr(ContentSealKey) key = content_seal_key_generate();
        g_autofree char *path = key_path(folder, role, ".key");

        if (!content_seal_key_save(key, path, error))
            return FALSE;
        g_ptr_array_add(keys->keys, describe_key(key, role, now_us));
    }
    return save_document(folder, root, keys, error) &&
           content_files_write(root_path, line, strlen(line), 0644, error);
}

static gboolean
read_root(KeySet *self, const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "root.pub", NULL);
    g_autoptr(GBytes) bytes = content_files_read(path, 256, error);

    if (bytes == NULL)
        return FALSE;
    self->root = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_strchomp(self->root);
    return TRUE;
}

static gboolean
read_document(KeySet *self, const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "keys", NULL);
    g_autofree char *signature = NULL, *comment = NULL, *key_id = NULL, *wanted = NULL;
    gsize n_bytes = 0;
    gconstpointer bytes;

    self->envelope = content_files_read(path, KEYS_MAX_BYTES, error);
    if (self->envelope == NULL)
        return FALSE;
    bytes = g_bytes_get_data(self->envelope, &n_bytes);
    self->document = content_seal_unwrap(bytes, n_bytes, KEYS_MAX_BYTES, &signature, &comment,
                                         &key_id, error);
    if (self->document == NULL)
        return FALSE;
    bytes = g_bytes_get_data(self->document, &n_bytes);
    if (!content_seal_verify(self->root, signature, bytes, n_bytes, NULL, error))
        return FALSE;
    self->content = content_document_read(&content_keys_type, bytes, n_bytes, error);
    if (self->content == NULL)
        return FALSE;
    wanted = content_claim_comment("keys", NULL, self->content->version);
    return content_seal_verify(self->root, signature, bytes, n_bytes, wanted, error);
}

static const ContentKey *
find_key(const ContentKeys *keys, const char *id, ContentRole role)
{
    for (guint i = 0; i < keys->keys->len; i++) {
        const ContentKey *key = keys->keys->pdata[i];

        if (key->role == (gint) role && g_str_equal(key->id, id))
            return key;
    }
    return NULL;
}

static gboolean
lists_role(const ContentKeys *keys, ContentRole role)
{
    for (guint i = 0; i < keys->keys->len; i++) {
        if (((const ContentKey *) keys->keys->pdata[i])->role == (gint) role)
            return TRUE;
    }
    return FALSE;
}

/*
 * A rotation keeps its new key as ROLE.next, then writes the document, then ROLE.key: cut off
 * anywhere, one of the two files is listed.
 */
static gboolean
read_signer(KeySet *self, const char *folder, ContentRole role, GError **error)
{
    g_autofree char *path = key_path(folder, role, ".key");
    g_autofree char *next_path = key_path(folder, role, ".next");
    g_autoptr(GError) problem = NULL;
    g_autoptr(ContentSealKey) key = content_seal_key_load(path, &problem);
    g_autoptr(ContentSealKey) next = content_seal_key_load(next_path, NULL);

    if (role == CONTENT_ROLE_ALERT && !lists_role(self->content, role))
        return TRUE;
    if (key != NULL && find_key(self->content, content_seal_key_id(key), role) != NULL)
        self->signers[role] = g_steal_pointer(&key);
    else if (next != NULL && find_key(self->content, content_seal_key_id(next), role) != NULL)
        self->signers[role] = g_steal_pointer(&next);
    else if (problem != NULL)
        g_propagate_error(error, g_steal_pointer(&problem));
    else
        g_set_error(error, SCHED_KEYS_ERROR, SCHED_KEYS_ERROR_DAMAGED,
                    "%s is not listed in the keys document", path);
    return self->signers[role] != NULL;
}

static void
key_set_free(gpointer data)
{
    KeySet *self = data;

    for (ContentRole role = 0; role < SCHED_KEYS_N_ROLES; role++)
        content_seal_key_free(self->signers[role]);
    g_clear_pointer(&self->document, g_bytes_unref);
    g_clear_pointer(&self->envelope, g_bytes_unref);
    g_clear_pointer(&self->content, content_keys_free);
    g_free(self->root);
    g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KeySet, key_set_free)

static KeySet *
read_key_set(const char *folder, GError **error)
{
    g_autoptr(KeySet) self = g_new0(KeySet, 1);

    if (!read_root(self, folder, error) || !read_document(self, folder, error)) {
        g_prefix_error(error, "keys in %s: ", folder);
        return NULL;
    }
    for (ContentRole role = 0; role < SCHED_KEYS_N_ROLES; role++) {
        if (!read_signer(self, folder, role, error))
            return NULL;
    }
    return g_steal_pointer(&self);
}

SchedKeys *
sched_keys_open(const char *folder, GError **error)
{
    KeySet *set = read_key_set(folder, error);
    SchedKeys *self;

    if (set == NULL)
        return NULL;
    self = g_new0(SchedKeys, 1);
    self->folder = g_strdup(folder);
    self->current = set;
    self->all = g_ptr_array_new_with_free_func(key_set_free);
    g_ptr_array_add(self->all, set);
    return self;
}

static KeySet *
current_of(SchedKeys *self)
{
    return g_atomic_pointer_get(&self->current);
}

gboolean
sched_keys_reload(SchedKeys *self, GError **error)
{
    g_autoptr(KeySet) set = read_key_set(self->folder, error);

    if (set == NULL)
        return FALSE;
    if (!g_str_equal(set->root, current_of(self)->root)) {
        g_set_error(error, SCHED_KEYS_ERROR, SCHED_KEYS_ERROR_ROOT,
                    "%s/root.pub is another root than the one in force", self->folder);
        return FALSE;
    }
    if (set->content->version < current_of(self)->content->version) {
        g_set_error(error, SCHED_KEYS_ERROR, SCHED_KEYS_ERROR_DAMAGED,
                    "%s/keys is older than the document in force", self->folder);
        return FALSE;
    }
    g_ptr_array_add(self->all, set);
    g_atomic_pointer_set(&self->current, g_steal_pointer(&set));
    return TRUE;
}

void
sched_keys_free(SchedKeys *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->all);
    g_free(self->folder);
    g_free(self);
}

static gboolean
check_root(const KeySet *set, const ContentSealKey *root, GError **error)
{
    if (g_str_equal(set->root, content_seal_key_public(root)))
        return TRUE;
    g_set_error(error, SCHED_KEYS_ERROR, SCHED_KEYS_ERROR_ROOT,
                "this is not the root key in force here");
    return FALSE;
}

/* A lost key is struck out; what it signed is good no more, and so are the floors it set. */
static void
strike_out(ContentKeys *keys, const char *id)
{
    for (guint i = keys->keys->len; i > 0; i--) {
        const ContentKey *key = keys->keys->pdata[i - 1];

        if (g_str_equal(key->id, id))
            g_ptr_array_remove_index(keys->keys, i - 1);
    }
    g_ptr_array_add(keys->forget_floors, g_strdup(id));
}

gboolean
sched_keys_rotate(const char *folder, const ContentSealKey *root, ContentRole role,
                  SchedRotate why, gint64 now_us, GError **error)
{
    g_autoptr(KeySet) old = read_key_set(folder, error);
    g_autoptr(ContentSealKey) key = content_seal_key_generate();
    g_autofree char *path = key_path(folder, role, ".key");
    g_autofree char *next_path = key_path(folder, role, ".next");
    ContentKeys *keys;

    g_return_val_if_fail(role < SCHED_KEYS_N_ROLES, FALSE);
    if (old == NULL)
        return FALSE;
    if (!check_root(old, root, error))
        return FALSE;
    keys = old->content;
    keys->version++;
    keys->issued_us = now_us;
    if (why == SCHED_ROTATE_LOST && old->signers[role] != NULL)
        strike_out(keys, content_seal_key_id(old->signers[role]));
    g_ptr_array_add(keys->keys, describe_key(key, role, now_us));
    return content_seal_key_save(key, next_path, error) &&
           save_document(folder, root, keys, error) && content_seal_key_save(key, path, error);
}

/* --- the order to sign approvals anew -------------------------------------------------------
 */

static char *
order_path(const char *folder)
{
    return g_build_filename(folder, "resign", NULL);
}

/* What the root signs: it names the key, so that an old order is none for the next key. */
static char *
order_text(const ContentSealKey *key)
{
    return g_strdup_printf("approvals are signed anew by %s\n", content_seal_key_id(key));
}

gboolean
sched_keys_order_resign(const char *folder, const ContentSealKey *root, GError **error)
{
    g_autoptr(KeySet) set = read_key_set(folder, error);
    g_autofree char *path = order_path(folder);
    g_autofree char *text = NULL, *signature = NULL;
    g_autoptr(GBytes) document = NULL;
    g_autoptr(GBytes) envelope = NULL;

    if (set == NULL || !check_root(set, root, error))
        return FALSE;
    text = order_text(set->signers[CONTENT_ROLE_APPROVAL]);
    document = g_bytes_new(text, strlen(text));
    signature = content_seal_sign(root, text, strlen(text), ORDER_COMMENT);
    envelope = content_seal_wrap(signature, document);
    return content_files_write(path, g_bytes_get_data(envelope, NULL),
                               g_bytes_get_size(envelope), 0600, error);
}

static gboolean
check_order(const KeySet *set, GBytes *envelope, GError **error)
{
    g_autofree char *signature = NULL, *comment = NULL, *key_id = NULL;
    g_autofree char *wanted = order_text(set->signers[CONTENT_ROLE_APPROVAL]);
    g_autoptr(GBytes) document =
        content_seal_unwrap(g_bytes_get_data(envelope, NULL), g_bytes_get_size(envelope),
                            ORDER_MAX_BYTES, &signature, &comment, &key_id, error);

    if (document == NULL ||
        !content_seal_verify(set->root, signature, g_bytes_get_data(document, NULL),
                             g_bytes_get_size(document), ORDER_COMMENT, error))
        return FALSE;
    if (g_bytes_get_size(document) == strlen(wanted) &&
        memcmp(g_bytes_get_data(document, NULL), wanted, strlen(wanted)) == 0)
        return TRUE;
    g_set_error(error, SCHED_KEYS_ERROR, SCHED_KEYS_ERROR_DAMAGED,
                "it is for another approval key than the one in force");
    return FALSE;
}

gboolean
sched_keys_resign_is_ordered(SchedKeys *self, gboolean *out_is_ordered, GError **error)
{
    g_autofree char *path = order_path(self->folder);
    g_autoptr(GError) problem = NULL;
    g_autoptr(GBytes) envelope = content_files_read(path, ORDER_MAX_BYTES, &problem);

    *out_is_ordered = FALSE;
    if (g_error_matches(problem, CONTENT_FILES_ERROR, CONTENT_FILES_ERROR_NOT_FOUND))
        return TRUE;
    if (envelope == NULL || !check_order(current_of(self), envelope, &problem)) {
        g_propagate_prefixed_error(error, g_steal_pointer(&problem), "%s: ", path);
        return FALSE;
    }
    *out_is_ordered = TRUE;
    return TRUE;
}

gboolean
sched_keys_resign_done(SchedKeys *self, GError **error)
{
    g_autofree char *path = order_path(self->folder);

    if (g_unlink(path) == 0)
        return TRUE;
    g_set_error(error, SCHED_KEYS_ERROR, SCHED_KEYS_ERROR_DAMAGED, "removing %s: %s", path,
                g_strerror(errno));
    return FALSE;
}

ContentSignature *
sched_keys_approve(SchedKeys *self, GBytes *document)
{
    ContentSignature *signature = content_shape_new(&content_signature_shape);
    /* Taken once: another may be in force a moment later. */
    const ContentSealKey *key = sched_keys_signer(self, CONTENT_ROLE_APPROVAL);
    g_autofree char *comment = content_claim_comment("approval", NULL, 0);

    signature->algorithm = g_strdup("minisign");
    signature->key = g_strdup(content_seal_key_id(key));
    signature->signature = content_seal_sign(key, g_bytes_get_data(document, NULL),
                                             g_bytes_get_size(document), comment);
    return signature;
}

const ContentSealKey *
sched_keys_signer(SchedKeys *self, ContentRole role)
{
    g_return_val_if_fail(role < SCHED_KEYS_N_ROLES, NULL);
    return current_of(self)->signers[role];
}

const char *
sched_keys_root(SchedKeys *self)
{
    return current_of(self)->root;
}

GBytes *
sched_keys_document(SchedKeys *self)
{
    return current_of(self)->document;
}

GBytes *
sched_keys_envelope(SchedKeys *self)
{
    return current_of(self)->envelope;
}

const ContentKeys *
sched_keys_content(SchedKeys *self)
{
    return current_of(self)->content;
}

gint64
sched_keys_expires_us(SchedKeys *self)
{
    const KeySet *set = current_of(self);
    gint64 first_us = G_MAXINT64;

    for (ContentRole role = 0; role < SCHED_KEYS_N_ROLES; role++) {
        const ContentKey *key =
            set->signers[role] == NULL
                ? NULL
                : find_key(set->content, content_seal_key_id(set->signers[role]), role);

        if (key != NULL && key->expires_us < first_us)
            first_us = key->expires_us;
    }
    return first_us;
}

char *
sched_keys_sign(SchedKeys *self, ContentRole role, GBytes *document, const char *comment)
{
    return content_seal_sign(sched_keys_signer(self, role), g_bytes_get_data(document, NULL),
                             g_bytes_get_size(document), comment);
}
