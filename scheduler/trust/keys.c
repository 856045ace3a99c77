/* keys.c - see keys.h */
#include "scheduler/trust/keys.h"

#include "content/base/files.h"
#include "content/claim.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#define ROOT_TITLE     "loa root key, sealed: 1"
#define ROOT_MAX_BYTES 2048
#define KEYS_MAX_BYTES (256 * 1024)
#define LIFE_US        (G_GINT64_CONSTANT(5) * 365 * 24 * 3600 * G_USEC_PER_SEC)
#define BACK_US        (G_GINT64_CONSTANT(24) * 3600 * G_USEC_PER_SEC)
#define MAX_PASSES     16
#define MAX_MEMORY     (G_GINT64_CONSTANT(2) * 1024 * 1024 * 1024)
/* So that nothing else that the root signs can be taken for the order. */
#define ORDER_MAX_BYTES 1024
#define ORDER_COMMENT   "resign approvals"
#define BASE64          sodium_base64_VARIANT_ORIGINAL

G_DEFINE_QUARK(SchedKeysError, sched_keys_error)

const SchedPasswordCost sched_root_cost = {4, 256 * 1024 * 1024};

/* ---- the sealed root ---- */

typedef struct {
    SchedPasswordCost cost;
    guint8 salt[crypto_pwhash_SALTBYTES];
    guint8 nonce[crypto_secretbox_NONCEBYTES];
} SealHead;

static gboolean
derive(const SealHead *head, const char *passphrase, guint8 *out_key, GError **error)
{
    g_autofree char *normal = g_utf8_normalize(passphrase, -1, G_NORMALIZE_DEFAULT_COMPOSE);
    gboolean is_derived;

    if (normal == NULL)
        normal = g_strdup("");
    is_derived = crypto_pwhash(out_key, crypto_secretbox_KEYBYTES, normal, strlen(normal),
                               head->salt, head->cost.passes, head->cost.memory_bytes,
                               crypto_pwhash_ALG_ARGON2ID13) == 0;
    sodium_memzero(normal, strlen(normal));
    if (!is_derived)
        g_set_error(error, SCHED_PASSWORD_ERROR, SCHED_PASSWORD_ERROR_MEMORY,
                    "no memory for opening the root key");
    return is_derived;
}

static char *
encode(const guint8 *bytes, gsize n_bytes)
{
    gsize n_text = sodium_base64_encoded_len(n_bytes, BASE64);
    char *text = g_malloc(n_text);

    return sodium_bin2base64(text, n_text, bytes, n_bytes, BASE64);
}

/* Title, cost, salt, nonce and box, one a line. */
static char *
write_sealed(const SealHead *head, const guint8 *box, gsize n_box)
{
    g_autofree char *salt = encode(head->salt, sizeof head->salt);
    g_autofree char *nonce = encode(head->nonce, sizeof head->nonce);
    g_autofree char *sealed = encode(box, n_box);

    return g_strdup_printf("%s\nargon2id %" G_GUINT64_FORMAT " %" G_GSIZE_FORMAT
                           "\n%s\n%s\n%s\n",
                           ROOT_TITLE, head->cost.passes, head->cost.memory_bytes, salt, nonce,
                           sealed);
}

static gboolean
save_sealed(const ContentSealKey *root, const char *path, const char *passphrase,
            const SchedPasswordCost *cost, GError **error)
{
    SealHead head = {.cost = *cost};
    guint8 key[crypto_secretbox_KEYBYTES];
    char *plain = content_seal_key_text(root);
    gsize n_plain = strlen(plain);
    gsize n_box = n_plain + crypto_secretbox_MACBYTES;
    g_autofree guint8 *box = g_malloc(n_box);
    g_autofree char *text = NULL;
    gboolean is_saved = FALSE;

    randombytes_buf(head.salt, sizeof head.salt);
    randombytes_buf(head.nonce, sizeof head.nonce);
    if (derive(&head, passphrase, key, error)) {
        crypto_secretbox_easy(box, (const guint8 *) plain, n_plain, head.nonce, key);
        text = write_sealed(&head, box, n_box);
        is_saved = content_files_write(path, text, strlen(text), 0600, error);
    }
    sodium_memzero(key, sizeof key);
    content_seal_key_text_free(plain);
    return is_saved;
}

ContentSealKey *
sched_root_create(const char *path, const char *passphrase, const SchedPasswordCost *cost,
                  GError **error)
{
    g_autoptr(ContentSealKey) root = NULL;

    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, SCHED_KEYS_ERROR, SCHED_KEYS_ERROR_EXISTS, "%s is there already",
                    path);
        return NULL;
    }
    root = content_seal_key_generate();
    return save_sealed(root, path, passphrase, cost, error) ? g_steal_pointer(&root) : NULL;
}

static gboolean
decode(const char *text, guint8 *out, gsize max_bytes, gsize *out_n)
{
    return sodium_base642bin(out, max_bytes, text, strlen(text), NULL, out_n, NULL, BASE64) ==
           0;
}

/* What a changed file might cost us is limited before it is paid. */
static gboolean
read_cost(const char *line, SchedPasswordCost *out)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 4);
    guint64 passes = 0, memory = 0;

    if (g_strv_length(words) != 3 || !g_str_equal(words[0], "argon2id") ||
        !g_ascii_string_to_unsigned(words[1], 10, crypto_pwhash_OPSLIMIT_MIN, MAX_PASSES,
                                    &passes, NULL) ||
        !g_ascii_string_to_unsigned(words[2], 10, crypto_pwhash_MEMLIMIT_MIN, MAX_MEMORY,
                                    &memory, NULL) ||
        memory % 1024 != 0) /* argon2 counts in KiB: another number would be the same cost */
        return FALSE;
    out->passes = passes;
    out->memory_bytes = memory;
    return TRUE;
}

static gboolean
read_sealed(const char *path, SealHead *head, guint8 *box, gsize max_box, gsize *out_n_box,
            GError **error)
{
    g_autoptr(GBytes) bytes = content_files_read(path, ROOT_MAX_BYTES, error);
    g_auto(GStrv) lines = NULL;
    gsize n_salt = 0, n_nonce = 0;

    if (bytes == NULL)
        return FALSE;
    lines = g_strsplit(g_bytes_get_data(bytes, NULL), "\n", 7);
    if (g_strv_length(lines) == 6 && g_str_equal(lines[0], ROOT_TITLE) &&
        read_cost(lines[1], &head->cost) &&
        decode(lines[2], head->salt, sizeof head->salt, &n_salt) &&
        n_salt == sizeof head->salt &&
        decode(lines[3], head->nonce, sizeof head->nonce, &n_nonce) &&
        n_nonce == sizeof head->nonce && decode(lines[4], box, max_box, out_n_box) &&
        *out_n_box > crypto_secretbox_MACBYTES)
        return TRUE;
    g_set_error(error, SCHED_KEYS_ERROR, SCHED_KEYS_ERROR_DAMAGED, "%s is no sealed root key",
                path);
    return FALSE;
}

ContentSealKey *
sched_root_open(const char *path, const char *passphrase, GError **error)
{
    SealHead head = {0};
    guint8 key[crypto_secretbox_KEYBYTES];
    guint8 box[ROOT_MAX_BYTES], plain[ROOT_MAX_BYTES];
    gsize n_box = 0;
    ContentSealKey *root = NULL;

    if (!read_sealed(path, &head, box, sizeof box, &n_box, error) ||
        !derive(&head, passphrase, key, error))
        return NULL;
    if (crypto_secretbox_open_easy(plain, box, n_box, head.nonce, key) == 0)
        root = content_seal_key_from_text((const char *) plain,
                                          n_box - crypto_secretbox_MACBYTES, error);
    else
        g_set_error(error, SCHED_KEYS_ERROR, SCHED_KEYS_ERROR_PASSPHRASE,
                    "%s does not open with this passphrase", path);
    sodium_memzero(key, sizeof key);
    sodium_memzero(plain, sizeof plain);
    return root;
}

/* ---- the online keys and their document ---- */

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

/*
 * A rotation keeps its new key as ROLE.next, then writes the document, then ROLE.key: cut off
 * anywhere, one of the two files is listed.
 */
static gboolean
read_signer(KeySet *self, const char *folder, ContentRole role, GError **error)
{
    g_autofree char *path = key_path(folder, role, ".key");
    g_autofree char *next_path = key_path(folder, role, ".next");
    g_autoptr(ContentSealKey) key = content_seal_key_load(path, error);
    g_autoptr(ContentSealKey) next = content_seal_key_load(next_path, NULL);

    if (key == NULL)
        return FALSE;
    if (find_key(self->content, content_seal_key_id(key), role) != NULL)
        self->signers[role] = g_steal_pointer(&key);
    else if (next != NULL && find_key(self->content, content_seal_key_id(next), role) != NULL)
        self->signers[role] = g_steal_pointer(&next);
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
    if (why == SCHED_ROTATE_LOST)
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
            find_key(set->content, content_seal_key_id(set->signers[role]), role);

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
