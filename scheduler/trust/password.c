/* password.c - see password.h */
#include "scheduler/trust/password.h"

#include <sodium.h>
#include <string.h>

G_DEFINE_QUARK(SchedPasswordError, sched_password_error)

const SchedPasswordCost sched_password_cost = {3, 64 * 1024 * 1024};

/*
 * What is tried first, folded to lower case. Long ones only: the shortest password allowed has
 * eight letters. A password that is made of these alone, once or repeated, is refused too.
 */
/* clang-format off */
static const char *const blocked[] = {
    "password", "passw0rd", "p@ssword", "p@ssw0rd", "qwerty", "qwertyuiop", "asdfgh",
    "asdfghjkl", "zxcvbn", "zxcvbnm", "1q2w3e4r", "1qaz2wsx", "letmein", "welcome", "admin",
    "administrator", "iloveyou", "monkey", "dragon", "abc123", "abcdef", "123456", "12345678",
    "1234567890", "0123456789", "0987654321", "matkhau", "mậtkhẩu", "anhyeuem", "emyeuanh",
    "vietnam", "vietnamvodich", "hanoi", "saigon", "gialai", "kontum", "pleiku", "iapa",
    "loaphuong", "loaphat", "loatruyenthanh", "truyenthanh", "phatthanh", "daitruyenthanh",
    "vanhoa", "trungtam", "thanhpho", "scheduler", "loudspeaker", "changeme", "secret",
    "default", "guest", "user", "test", "loa", "2024", "2025", "2026", NULL,
};
/* clang-format on */

static gboolean
refuse(GError **error, const char *why)
{
    g_set_error_literal(error, SCHED_PASSWORD_ERROR, SCHED_PASSWORD_ERROR_WEAK, why);
    return FALSE;
}

/* Lower case, without the spaces and signs that people put between words. */
static char *
fold(const char *text)
{
    g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
    g_autofree char *lower = g_utf8_casefold(normal, -1);
    GString *out = g_string_new(NULL);

    for (const char *c = lower; *c != '\0'; c = g_utf8_next_char(c)) {
        if (g_unichar_isalnum(g_utf8_get_char(c)) || *c == '@')
            g_string_append_len(out, c, g_utf8_next_char(c) - c);
    }
    return g_string_free(out, FALSE);
}

/* Longest blocked word that @text begins with; 0 if none does. */
static gsize
blocked_prefix(const char *text)
{
    gsize longest = 0;

    for (gsize i = 0; blocked[i] != NULL; i++) {
        gsize length = strlen(blocked[i]);

        if (length > longest && strncmp(text, blocked[i], length) == 0)
            longest = length;
    }
    return longest;
}

/* What is left when words of the list and ends of up to four digits are taken away? */
static gboolean
is_made_of_blocked(const char *folded)
{
    gsize n_other = 0;

    while (*folded != '\0') {
        gsize n = blocked_prefix(folded);

        if (n == 0) {
            n = (gsize) (g_utf8_next_char(folded) - folded);
            n_other++;
        }
        folded += n;
    }
    return n_other <= 4;
}

/* "aaaa…", "abcabc…": a short piece over and over; or letters that count up or down. */
static gboolean
is_pattern(const char *folded)
{
    gsize length = strlen(folded);
    gsize n_steps = 0;

    for (gsize period = 1; period <= 4 && period * 2 <= length; period++) {
        if (strncmp(folded, folded + period, length - period) == 0)
            return TRUE;
    }
    for (gsize i = 1; i < length; i++)
        n_steps += ABS(folded[i] - folded[i - 1]) == 1;
    return length > 0 && n_steps * 10 >= (length - 1) * 9;
}

gboolean
sched_password_check(const char *password, const char *login, gsize min_length, GError **error)
{
    g_autofree char *folded = NULL;
    g_autofree char *folded_login = NULL;

    if (!g_utf8_validate(password, -1, NULL))
        return refuse(error, "the password is not text");
    if (strlen(password) > SCHED_PASSWORD_MAX_BYTES)
        return refuse(error, "the password is too long");
    if ((gsize) g_utf8_strlen(password, -1) < min_length) {
        g_set_error(error, SCHED_PASSWORD_ERROR, SCHED_PASSWORD_ERROR_WEAK,
                    "the password has fewer than %" G_GSIZE_FORMAT " letters", min_length);
        return FALSE;
    }
    folded = fold(password);
    folded_login = fold(login);
    if (is_made_of_blocked(folded))
        return refuse(error, "the password is one of those that are tried first");
    if (is_pattern(folded))
        return refuse(error, "the password is a repeated pattern");
    if (strlen(folded_login) >= 3 && strstr(folded, folded_login) != NULL &&
        strlen(folded) < strlen(folded_login) + 8)
        return refuse(error, "the password is mostly the account's name");
    return TRUE;
}

char *
sched_password_generate(void)
{
    /* Letters that are not taken for one another, 5 bits each: 125 bits in all. */
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    GString *out = g_string_new(NULL);

    for (int i = 0; i < 25; i++) {
        if (i > 0 && i % 5 == 0)
            g_string_append_c(out, '-');
        g_string_append_c(out, letters[randombytes_uniform(32)]);
    }
    return g_string_free(out, FALSE);
}

/* One piece of work; passwords are wiped with it. */
typedef struct {
    char *password; /* (owned) */
    char *hash;     /* (owned) (nullable) */
    gboolean verifies;
    gboolean is_known; /* whether a match counts */
} Job;

static void
job_free(gpointer data)
{
    Job *job = data;

    sodium_memzero(job->password, strlen(job->password));
    g_free(job->password);
    g_free(job->hash);
    g_free(job);
}

struct SchedPasswords {
    SchedPasswordCost cost;
    GThreadPool *pool; /* (owned): takes GTasks */
    char *nobody;      /* (owned): a hash that no password matches knowingly */
};

/* The same letters typed on another keyboard must be the same password. */
static char *
normal_form(const char *password)
{
    char *normal = g_utf8_normalize(password, -1, G_NORMALIZE_DEFAULT_COMPOSE);

    return normal != NULL ? normal : g_strdup("");
}

static char *
hash_now(const SchedPasswordCost *cost, const char *normal, GError **error)
{
    char out[crypto_pwhash_STRBYTES];

    if (crypto_pwhash_str_alg(out, normal, strlen(normal), cost->passes, cost->memory_bytes,
                              crypto_pwhash_ALG_ARGON2ID13) == 0)
        return g_strdup(out);
    g_set_error(error, SCHED_PASSWORD_ERROR, SCHED_PASSWORD_ERROR_MEMORY,
                "no memory for hashing a password");
    return NULL;
}

char *
sched_password_hash(const SchedPasswordCost *cost, const char *password, GError **error)
{
    char *normal = normal_form(password);
    char *hash = hash_now(cost, normal, error);

    sodium_memzero(normal, strlen(normal));
    g_free(normal);
    return hash;
}

/* Runs in a thread of the pool; reports back through the task alone. */
static void
run_job(gpointer data, gpointer user_data)
{
    g_autoptr(GTask) task = data;
    const SchedPasswordCost *cost = user_data;
    Job *job = g_task_get_task_data(task);
    GError *error = NULL;
    char *hash;

    if (job->verifies) {
        int match = crypto_pwhash_str_verify(job->hash, job->password, strlen(job->password));

        g_task_return_boolean(task, match == 0 && job->is_known);
        return;
    }
    hash = hash_now(cost, job->password, &error);
    if (hash != NULL)
        g_task_return_pointer(task, hash, g_free);
    else
        g_task_return_error(task, error);
}

SchedPasswords *
sched_passwords_new(const SchedPasswordCost *cost, GError **error)
{
    g_autoptr(SchedPasswords) self = g_new0(SchedPasswords, 1);
    g_autofree char *secret = sched_password_generate();

    self->cost = *cost;
    self->nobody = hash_now(cost, secret, error);
    if (self->nobody == NULL)
        return NULL;
    self->pool = g_thread_pool_new(run_job, &self->cost, SCHED_PASSWORD_WORKERS, FALSE, error);
    return self->pool == NULL ? NULL : g_steal_pointer(&self);
}

void
sched_passwords_free(SchedPasswords *self)
{
    if (self == NULL)
        return;
    if (self->pool != NULL)
        g_thread_pool_free(self->pool, FALSE, TRUE);
    g_free(self->nobody);
    g_free(self);
}

static void
push(SchedPasswords *self, Job *job, GAsyncReadyCallback callback, gpointer user_data)
{
    GTask *task = g_task_new(NULL, NULL, callback, user_data);

    g_task_set_task_data(task, job, job_free);
    if (g_thread_pool_unprocessed(self->pool) >= SCHED_PASSWORD_MAX_WAITING) {
        g_task_return_new_error(task, SCHED_PASSWORD_ERROR, SCHED_PASSWORD_ERROR_BUSY,
                                "too many passwords are waiting");
        g_object_unref(task);
        return;
    }
    g_thread_pool_push(self->pool, task, NULL);
}

void
sched_passwords_hash_async(SchedPasswords *self, const char *password,
                           GAsyncReadyCallback callback, gpointer user_data)
{
    Job *job = g_new0(Job, 1);

    job->password = normal_form(password);
    push(self, job, callback, user_data);
}

char *
sched_passwords_hash_finish(SchedPasswords *self, GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

void
sched_passwords_verify_async(SchedPasswords *self, const char *hash, const char *password,
                             GAsyncReadyCallback callback, gpointer user_data)
{
    Job *job = g_new0(Job, 1);

    job->password = normal_form(password);
    job->hash = g_strdup(hash != NULL ? hash : self->nobody);
    job->verifies = TRUE;
    job->is_known = hash != NULL;
    push(self, job, callback, user_data);
}

gboolean
sched_passwords_verify_finish(SchedPasswords *self, GAsyncResult *result, gboolean *out_ok,
                              GError **error)
{
    g_autoptr(GError) local = NULL;
    gboolean ok = g_task_propagate_boolean(G_TASK(result), &local);

    if (local != NULL) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    *out_ok = ok;
    return TRUE;
}
