/* test-pins.c - PINs are checked off the loop, one at once, and no more wait than may. */
#include "player/page/pins.h"

#include <sodium.h>
#include <string.h>

#include "tests/support/wait.h"

typedef struct {
    guint n_right, n_wrong;
} Tally;

static void
on_checked(gboolean is_right, gpointer data)
{
    Tally *tally = data;

    tally->n_right += is_right;
    tally->n_wrong += !is_right;
}

static char *
hash_of(const char *pin)
{
    char out[crypto_pwhash_STRBYTES];

    g_assert_cmpint(crypto_pwhash_str_alg(out, pin, strlen(pin), 1, 8192,
                                          crypto_pwhash_ALG_ARGON2ID13),
                    ==, 0);
    return g_strdup(out);
}

static void
test_checks(void)
{
    g_autofree char *hash = hash_of("482915");
    const struct {
        const char *why, *hash, *pin;
        gboolean is_right;
    } cases[] = {
        {"the right one", hash, "482915", TRUE},
        {"another one", hash, "482916", FALSE},
        {"half of it", hash, "482", FALSE},
        {"none", hash, "", FALSE},
        {"what is no hash", "482915", "482915", FALSE},
    };
    g_autoptr(PlayPagePins) pins = play_page_pins_new();

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Tally tally = {0};

        g_test_message("%s", cases[i].why);
        g_assert_true(
            play_page_pins_check(pins, cases[i].hash, cases[i].pin, on_checked, &tally));
        g_assert_cmpuint(tally.n_right + tally.n_wrong, ==, 0);
        TEST_WAIT_UNTIL(tally.n_right + tally.n_wrong > 0);
        g_assert_cmpuint(tally.n_right, ==, cases[i].is_right ? 1 : 0);
    }
}

static void
test_too_many(void)
{
    g_autofree char *hash = hash_of("482915");
    PlayPagePins *pins = play_page_pins_new();
    Tally tally = {0};

    for (guint i = 0; i < PLAY_PAGE_PINS_MAX_WAITING; i++)
        g_assert_true(play_page_pins_check(pins, hash, "482915", on_checked, &tally));
    g_assert_false(play_page_pins_check(pins, hash, "482915", on_checked, &tally));
    /* Nobody waits for an answer that will not come. */
    play_page_pins_free(pins);
    g_assert_cmpuint(tally.n_wrong, ==, PLAY_PAGE_PINS_MAX_WAITING);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_assert_cmpuint(tally.n_right + tally.n_wrong, ==, PLAY_PAGE_PINS_MAX_WAITING);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/page/pins/checks", test_checks);
    g_test_add_func("/page/pins/too-many", test_too_many);
    return g_test_run();
}
