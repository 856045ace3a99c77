/* test-password.c - which passwords are taken, and hashing that does not stop the loop. */
#include "scheduler/trust/password.h"

#include <string.h>

/* The least that argon2id accepts: the rules of waiting are the same, the test is quick. */
static const SchedPasswordCost cheap = {1, 8192};

static void
test_rules(void)
{
    const struct {
        const char *why, *password, *login;
        gsize min_length;
        gboolean is_good;
    } cases[] = {
        {"a sentence", "sáng nay trời nhiều mây", "h-bia", 15, TRUE},
        {"fifteen letters", "kdufjwqpzmxncbv", "h-bia", 15, TRUE},
        {"fourteen letters", "kdufjwqpzmxncb", "h-bia", 15, FALSE},
        {"letters count, not bytes", "ơ̆ơ̆ơ̆ơ̆ơ̆", "h-bia", 15, FALSE},
        {"eight beside a second factor", "kdufjwqp", "h-bia", 8, TRUE},
        {"seven beside a second factor", "kdufjwq", "h-bia", 8, FALSE},
        {"tried first", "passwordpassword", "h-bia", 15, FALSE},
        {"tried first, dressed up", "Password-123456!", "h-bia", 15, FALSE},
        {"tried first, in Vietnamese", "matkhau matkhau 2026", "h-bia", 15, FALSE},
        {"local words only", "Đài truyền thanh", "h-bia", 15, TRUE},
        {"local words, no marks", "dai truyen thanh Gia Lai", "h-bia", 15, FALSE},
        {"one letter", "aaaaaaaaaaaaaaaaaaaa", "h-bia", 15, FALSE},
        {"a short piece", "x7qx7qx7qx7qx7qx7q", "h-bia", 15, FALSE},
        {"counting", "abcdefghijklmnopqrst", "h-bia", 15, FALSE},
        {"counting down", "zyxwvutsrqponmlkj", "h-bia", 15, FALSE},
        {"the name and little else", "siu.h-bia.9321.xx", "siu.h-bia.93", 15, FALSE},
        {"the name in a sentence", "h-bia cưỡi con trâu trắng", "h-bia", 15, TRUE},
        {"not text", "kdufjwqpzmxncbv\xff", "h-bia", 15, FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        gboolean is_good = sched_password_check(cases[i].password, cases[i].login,
                                                cases[i].min_length, &error);

        g_test_message("%s", cases[i].why);
        g_assert_cmpint(is_good, ==, cases[i].is_good);
        if (!is_good)
            g_assert_error(error, SCHED_PASSWORD_ERROR, SCHED_PASSWORD_ERROR_WEAK);
    }
}

static void
test_lengths(void)
{
    g_autofree char *word = sched_password_generate();
    g_autofree char *other = sched_password_generate();
    g_autoptr(GString) longest = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    g_assert_cmpstr(word, !=, other);
    g_assert_cmpuint(strlen(word), ==, 29);
    g_assert_true(sched_password_check(word, "h-bia", 15, NULL));
    while (longest->len + 64 <= SCHED_PASSWORD_MAX_BYTES)
        g_string_append_printf(longest, "%-64.64s", word + longest->len % 7);
    g_assert_true(sched_password_check(longest->str, "h-bia", 15, NULL));
    g_string_append(longest, word);
    g_assert_false(sched_password_check(longest->str, "h-bia", 15, &error));
}

typedef struct {
    GMainLoop *loop;
    char *hash;
    gboolean ok;
    GError *error;
    guint n_open;
} Wait;

static void
on_hashed(GObject *source, GAsyncResult *result, gpointer data)
{
    Wait *wait = data;

    wait->hash = sched_passwords_hash_finish(NULL, result, &wait->error);
    g_main_loop_quit(wait->loop);
}

static void
on_verified(GObject *source, GAsyncResult *result, gpointer data)
{
    Wait *wait = data;

    wait->ok = FALSE;
    sched_passwords_verify_finish(NULL, result, &wait->ok, &wait->error);
    g_main_loop_quit(wait->loop);
}

static gboolean
verify(SchedPasswords *passwords, const char *hash, const char *password)
{
    Wait wait = {g_main_loop_new(NULL, FALSE)};

    sched_passwords_verify_async(passwords, hash, password, on_verified, &wait);
    g_main_loop_run(wait.loop);
    g_assert_no_error(wait.error);
    g_main_loop_unref(wait.loop);
    return wait.ok;
}

static void
test_hash_and_verify(void)
{
    g_autoptr(SchedPasswords) passwords = sched_passwords_new(&cheap, NULL);
    Wait wait = {g_main_loop_new(NULL, FALSE)};

    sched_passwords_hash_async(passwords, "tiếng cồng chiêng", on_hashed, &wait);
    g_main_loop_run(wait.loop);
    g_assert_no_error(wait.error);
    g_assert_true(g_str_has_prefix(wait.hash, "$argon2id$"));
    g_assert_true(verify(passwords, wait.hash, "tiếng cồng chiêng"));
    g_assert_false(verify(passwords, wait.hash, "tiếng cồng chiêng "));
    g_assert_false(verify(passwords, wait.hash, ""));
    g_assert_false(verify(passwords, "not a hash", "tiếng cồng chiêng"));
    g_assert_false(verify(passwords, NULL, "tiếng cồng chiêng"));
    {
        /* The same words from a keyboard that writes marks apart. */
        g_autofree char *apart = g_utf8_normalize("tiếng cồng chiêng", -1, G_NORMALIZE_DEFAULT);

        g_assert_cmpstr(apart, !=, "tiếng cồng chiêng");
        g_assert_true(verify(passwords, wait.hash, apart));
    }
    g_free(wait.hash);
    g_main_loop_unref(wait.loop);
}

static void
on_counted(GObject *source, GAsyncResult *result, gpointer data)
{
    Wait *wait = data;
    g_autoptr(GError) error = NULL;
    gboolean ok = TRUE;

    if (!sched_passwords_verify_finish(NULL, result, &ok, &error)) {
        g_assert_error(error, SCHED_PASSWORD_ERROR, SCHED_PASSWORD_ERROR_BUSY);
        wait->ok = TRUE;
    }
    if (--wait->n_open == 0)
        g_main_loop_quit(wait->loop);
}

/* A crowd at the door is told to come back; it is not kept in memory without end. */
static void
test_crowd(void)
{
    const SchedPasswordCost slow = {2, 1024 * 1024};
    g_autoptr(SchedPasswords) passwords = sched_passwords_new(&slow, NULL);
    Wait wait = {g_main_loop_new(NULL, FALSE)};

    wait.n_open = SCHED_PASSWORD_MAX_WAITING + 40;
    for (guint i = wait.n_open; i > 0; i--)
        sched_passwords_verify_async(passwords, NULL, "anything", on_counted, &wait);
    g_main_loop_run(wait.loop);
    g_assert_true(wait.ok);
    g_main_loop_unref(wait.loop);
}

/* What the district really uses, once: it works, and takes the memory it should. */
static void
test_real_cost(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *hash = sched_password_hash(&sched_password_cost, "mùa lúa chín", &error);

    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(hash, "$argon2id$v=19$m=65536,t=3,p=1$"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/trust/password/rules", test_rules);
    g_test_add_func("/scheduler/trust/password/lengths", test_lengths);
    g_test_add_func("/scheduler/trust/password/hash-and-verify", test_hash_and_verify);
    g_test_add_func("/scheduler/trust/password/crowd", test_crowd);
    g_test_add_func("/scheduler/trust/password/real-cost", test_real_cost);
    return g_test_run();
}
