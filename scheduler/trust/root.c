/* root.c - see root.h */
#include "scheduler/trust/root.h"

#include "content/base/files.h"
#include "scheduler/trust/keys.h"

#include <sodium.h>
#include <string.h>

#define ROOT_TITLE     "loa root key, sealed: 1"
#define ROOT_MAX_BYTES 2048
#define MAX_PASSES     16
#define MAX_MEMORY     (G_GINT64_CONSTANT(2) * 1024 * 1024 * 1024)
#define BASE64         sodium_base64_VARIANT_ORIGINAL

const SchedPasswordCost sched_root_cost = {4, 256 * 1024 * 1024};

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
