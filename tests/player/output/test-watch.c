/* test-watch.c - when a live source is deserted, when it has its place back, what is told. */
#include "player/output/watch.h"

#define LOOK_US (100 * 1000)

/* A stretch of one thing. */
typedef struct {
    PlayWatchHeard heard;
    gint64 tenths; /* of a second */
} Stretch;

/* clang-format off */
#define S PLAY_WATCH_SOUND
#define Q PLAY_WATCH_QUIET
#define A PLAY_WATCH_ABSENT
static const struct {
    const char *why;
    Stretch stretches[6];
    gboolean is_deserted;
    gint64 silent_tenths, gone_tenths;
} cases[] = {
    { "it sounds",                          { {S, 500} },                            FALSE, 0, 0 },
    { "a pause in speech is no fault",      { {S, 50}, {Q, 99}, {S, 1} },            FALSE, 0, 0 },
    { "ten seconds of silence",             { {S, 50}, {Q, 100} },                   TRUE, 100, 0 },
    { "ten seconds of nothing",             { {S, 50}, {A, 100} },                   TRUE, 0, 100 },
    { "it never came",                      { {A, 250} },                            TRUE, 0, 250 },
    { "both together are ten seconds",      { {Q, 40}, {A, 60} },                    TRUE, 40, 60 },
    { "two pauses are not one",             { {Q, 60}, {S, 1}, {Q, 60} },            FALSE, 0, 0 },
    { "back after two seconds of sound",    { {A, 100}, {S, 20} },                   FALSE, 0, 100 },
    { "not back for a crackle",             { {Q, 100}, {S, 19}, {Q, 1} },           TRUE, 101, 0 },
    { "the two seconds are in one piece",   { {A, 100}, {S, 19}, {A, 1}, {S, 19} },  TRUE, 0, 101 },
    { "gone, back, gone: both are told",    { {A, 120}, {S, 20}, {Q, 110} },         TRUE, 110, 120 },
};
#undef S
#undef Q
#undef A
/* clang-format on */

static void
test_cases(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PlayWatch watch = {0};
        gboolean is_deserted = FALSE;

        g_test_message("%s", cases[i].why);
        for (gsize j = 0; j < G_N_ELEMENTS(cases[i].stretches); j++) {
            for (gint64 n = 0; n < cases[i].stretches[j].tenths; n++)
                is_deserted = play_watch_add(&watch, cases[i].stretches[j].heard, LOOK_US);
        }
        g_assert_cmpint(is_deserted, ==, cases[i].is_deserted);
        g_assert_cmpint(watch.story.silent_us, ==, cases[i].silent_tenths * LOOK_US);
        g_assert_cmpint(watch.story.gone_us, ==, cases[i].gone_tenths * LOOK_US);
        g_assert_cmpint(watch.story.spare_us, ==, 0);
    }
}

static void
test_levels(void)
{
    /* clang-format off */
    static const struct {
        const char *why;
        gboolean has_come;
        gint64 level_mdb;
        PlayWatchHeard heard;
    } levels[] = {
        { "speech",                  TRUE,  -20000,     PLAY_WATCH_SOUND },
        { "at the threshold",        TRUE,  -50000,     PLAY_WATCH_SOUND },
        { "hum of a line",           TRUE,  -50001,     PLAY_WATCH_QUIET },
        { "digital silence",         TRUE,  -120000,    PLAY_WATCH_QUIET },
        { "a few frames, then none", FALSE, -20000,     PLAY_WATCH_ABSENT },
        { "nothing",                 FALSE, G_MININT64, PLAY_WATCH_ABSENT },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(levels); i++) {
        g_test_message("%s", levels[i].why);
        g_assert_cmpint(play_watch_judge(levels[i].has_come, levels[i].level_mdb), ==,
                        levels[i].heard);
    }
}

static void
test_spare_is_counted(void)
{
    PlayWatch watch = {0};

    play_watch_spared(&watch, 3 * LOOK_US);
    play_watch_spared(&watch, LOOK_US);
    g_assert_cmpint(watch.story.spare_us, ==, 4 * LOOK_US);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/output/watch/cases", test_cases);
    g_test_add_func("/player/output/watch/levels", test_levels);
    g_test_add_func("/player/output/watch/spare-is-counted", test_spare_is_counted);
    return g_test_run();
}
