/* test-sessions.c - who is signed in, for how long, and how many of them. */
#include "player/page/sessions.h"

static void
test_life(void)
{
    const struct {
        const char *why;
        gint64 step_us, steps;
        gboolean is_in;
    } cases[] = {
        {"used all the time", PLAY_SESSIONS_IDLE_US - 1, 5, TRUE},
        {"left alone", PLAY_SESSIONS_IDLE_US, 1, FALSE},
        {"used for half a day", PLAY_SESSIONS_IDLE_US / 2,
         PLAY_SESSIONS_LIFE_US / (PLAY_SESSIONS_IDLE_US / 2), FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(PlaySessions) sessions = play_sessions_new();
        g_autofree char *token = play_sessions_open(sessions, "hoa-1", 1);
        const char *account = NULL;

        for (gint64 n = 1; n <= cases[i].steps; n++)
            account = play_sessions_find(sessions, token, 1 + n * cases[i].step_us);
        g_test_message("%s", cases[i].why);
        g_assert_cmpstr(account, ==, cases[i].is_in ? "hoa-1" : NULL);
    }
}

static void
test_strangers(void)
{
    g_autoptr(PlaySessions) sessions = play_sessions_new();
    g_autofree char *token = play_sessions_open(sessions, "hoa-1", 0);
    g_autofree char *longer = g_strconcat(token, "0", NULL);
    g_autofree char *other = g_strdup_printf("%064d", 7);
    const char *const others[] = {NULL, "", "0", longer, other};

    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        g_assert_null(play_sessions_find(sessions, others[i], 0));
        play_sessions_close(sessions, others[i]);
    }
    g_assert_cmpstr(play_sessions_find(sessions, token, 0), ==, "hoa-1");
    play_sessions_close(sessions, token);
    g_assert_null(play_sessions_find(sessions, token, 0));
}

/* One more than fit: the one that was used longest ago makes room. */
static void
test_many(void)
{
    g_autoptr(PlaySessions) sessions = play_sessions_new();
    g_autoptr(GPtrArray) tokens = g_ptr_array_new_with_free_func(g_free);

    for (gint64 i = 0; i < PLAY_SESSIONS_MAX; i++)
        g_ptr_array_add(tokens, play_sessions_open(sessions, "hoa-1", i));
    g_assert_nonnull(play_sessions_find(sessions, tokens->pdata[0], PLAY_SESSIONS_MAX));
    g_ptr_array_add(tokens, play_sessions_open(sessions, "kia-2", PLAY_SESSIONS_MAX));
    g_assert_nonnull(play_sessions_find(sessions, tokens->pdata[0], PLAY_SESSIONS_MAX));
    g_assert_null(play_sessions_find(sessions, tokens->pdata[1], PLAY_SESSIONS_MAX));
    g_assert_cmpstr(play_sessions_find(sessions, tokens->pdata[PLAY_SESSIONS_MAX],
                                       PLAY_SESSIONS_MAX),
                    ==, "kia-2");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/page/sessions/life", test_life);
    g_test_add_func("/page/sessions/strangers", test_strangers);
    g_test_add_func("/page/sessions/many", test_many);
    return g_test_run();
}
