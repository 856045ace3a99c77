/* test-trust-core.c - clocks at 1970, 2000 and 2040, jumps, and who may prove what. */
#include "player/intake/trust-core.h"

#define SECOND(n) ((gint64) (n) *G_USEC_PER_SEC)
#define HOUR(n)   (SECOND(n) * 3600)
#define DAY(n)    (HOUR(n) * 24)
#define YEAR(n)   (DAY(n) * 365)
/* 2026-03-02T00:00:00Z: the present; the newest document was issued an hour ago. */
#define NOW   G_GINT64_CONSTANT(1772409600000000)
#define FLOOR (NOW - HOUR(1))
#define Y1970 SECOND(30)
#define Y2000 G_GINT64_CONSTANT(946684800000000)
#define Y2040 G_GINT64_CONSTANT(2208988800000000)

static PlayTrustReading
reading(gint64 utc_us, gint64 monotonic_us, gboolean is_synchronised, gboolean has_rtc)
{
    return (PlayTrustReading){utc_us, monotonic_us, is_synchronised, has_rtc};
}

static void
test_at_boot(void)
{
    /* clang-format off */
    const struct { const char *why; gint64 utc_us; gboolean is_synchronised, has_rtc;
                   ContentTrust trust; } cases[] = {
        { "no battery clock, no network",            Y1970,   FALSE, FALSE, CONTENT_TRUST_UNSET   },
        { "an image's date, no network",             NOW,     FALSE, FALSE, CONTENT_TRUST_UNSET   },
        { "battery clock",                           NOW,     FALSE, TRUE,  CONTENT_TRUST_GUARDED },
        { "battery clock exactly at the floor",      FLOOR,   FALSE, TRUE,  CONTENT_TRUST_GUARDED },
        { "battery clock a µs before the floor",     FLOOR-1, FALSE, TRUE,  CONTENT_TRUST_UNSET   },
        { "battery clock that stood at 2000",        Y2000,   FALSE, TRUE,  CONTENT_TRUST_UNSET   },
        { "network time",                            NOW,     TRUE,  FALSE, CONTENT_TRUST_SYNCED  },
        { "network time and battery clock",          NOW,     TRUE,  TRUE,  CONTENT_TRUST_SYNCED  },
        { "synchronised to 1970: a lie",             Y1970,   TRUE,  TRUE,  CONTENT_TRUST_UNSET   },
        { "synchronised to 2040: nothing denies it", Y2040,   TRUE,  FALSE, CONTENT_TRUST_SYNCED  },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PlayTrustReading look =
            reading(cases[i].utc_us, SECOND(20), cases[i].is_synchronised, cases[i].has_rtc);
        PlayTrust trust;

        g_test_message("%s", cases[i].why);
        play_trust_init(&trust, FLOOR);
        play_trust_look(&trust, &look);
        g_assert_cmpint(trust.trust, ==, cases[i].trust);
        g_assert_cmpint(play_trust_utc(&trust, SECOND(20)), ==, cases[i].utc_us);
        /* Certificates are never judged before the floor. */
        g_assert_cmpint(play_trust_verify_time(&trust, SECOND(20)), ==,
                        MAX(cases[i].utc_us, FLOOR));
    }
}

/* A machine at `utc_us` gets the district's answer; is it believed, and what time is it then?
 */
static void
test_answer(void)
{
    /* clang-format off */
    const struct { const char *why; gint64 utc_us; gboolean is_synchronised; gint64 round_trip_us,
                   answer_us; gboolean is_taken; gint64 then_us; } cases[] = {
        { "at 1970",                       Y1970, FALSE, SECOND(2),      NOW,        TRUE,  NOW + SECOND(1) },
        { "at 2000",                       Y2000, FALSE, SECOND(0),      NOW,        TRUE,  NOW             },
        { "at 2040, synchronised",         Y2040, TRUE,  SECOND(2),      NOW,        TRUE,  NOW + SECOND(1) },
        { "exactly 10 s on its way",       Y1970, FALSE, SECOND(10),     NOW,        TRUE,  NOW + SECOND(5) },
        { "longer",                        Y1970, FALSE, SECOND(10) + 1, NOW,        FALSE, Y1970           },
        { "before it was asked",           Y1970, FALSE, -1,             NOW,        FALSE, Y1970           },
        { "before the floor",              Y1970, FALSE, SECOND(1),      FLOOR - 1,  FALSE, Y1970           },
        { "a synchronised machine agrees", NOW,   TRUE,  SECOND(8),      NOW,        TRUE,  NOW             },
        { "agrees within 5 min",           NOW,   TRUE,  SECOND(0), NOW + SECOND(300), TRUE, NOW            },
        { "and does not any more",         NOW,   TRUE,  SECOND(0), NOW + SECOND(301), TRUE, NOW + SECOND(301) },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PlayTrustReading look =
            reading(cases[i].utc_us, SECOND(100), cases[i].is_synchronised, FALSE);
        PlayTrust trust;
        const char *refusal;

        g_test_message("%s", cases[i].why);
        play_trust_init(&trust, FLOOR);
        play_trust_look(&trust, &look);
        refusal = play_trust_answer(&trust, &look, SECOND(100) - cases[i].round_trip_us,
                                    cases[i].answer_us);
        g_assert_cmpint(refusal == NULL, ==, cases[i].is_taken);
        g_assert_cmpint(play_trust_utc(&trust, SECOND(100)), ==, cases[i].then_us);
        if (cases[i].is_taken)
            g_assert_cmpint(trust.trust, ==, CONTENT_TRUST_SYNCED);
    }
}

/* A trusted clock; then the machine's jumps. */
static void
test_jumps(void)
{
    /* clang-format off */
    const struct { const char *why; gboolean was_synchronised; gint64 by_us;
                   gboolean is_synchronised, is_followed, is_refused; } cases[] = {
        { "synchronised, 4 min on",                TRUE,  SECOND(240),  TRUE,  TRUE,  FALSE },
        { "synchronised, 4 min back",              TRUE,  -SECOND(240), TRUE,  TRUE,  FALSE },
        { "synchronised, exactly 5 min",           TRUE,  SECOND(300),  TRUE,  TRUE,  FALSE },
        { "synchronised, over 5 min",              TRUE,  SECOND(301),  TRUE,  FALSE, TRUE  },
        { "synchronised, to another year",         TRUE,  YEAR(14),     TRUE,  FALSE, TRUE  },
        { "synchronised, back to the seventies",   TRUE,  -YEAR(50),    TRUE,  FALSE, TRUE  },
        { "by hand, after synchronisation",        TRUE,  SECOND(60),   FALSE, FALSE, FALSE },
        { "battery clock set 1 min on",            FALSE, SECOND(60),   FALSE, TRUE,  FALSE },
        { "battery clock set 1 h on",              FALSE, HOUR(1),      FALSE, FALSE, TRUE  },
        { "network comes and agrees",              FALSE, SECOND(2),    TRUE,  TRUE,  FALSE },
        { "network comes and does not",            FALSE, HOUR(2),      TRUE,  FALSE, TRUE  },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PlayTrustReading before = reading(NOW, SECOND(100), cases[i].was_synchronised, TRUE);
        PlayTrustReading after = reading(NOW + cases[i].by_us + SECOND(60), SECOND(160),
                                         cases[i].is_synchronised, TRUE);
        gint64 expected = NOW + SECOND(60) + (cases[i].is_followed ? cases[i].by_us : 0);
        PlayTrust trust;

        g_test_message("%s", cases[i].why);
        play_trust_init(&trust, FLOOR);
        play_trust_look(&trust, &before);
        g_assert_cmpint(play_trust_look(&trust, &after), ==,
                        cases[i].is_followed || cases[i].is_refused);
        g_assert_cmpint(play_trust_utc(&trust, SECOND(160)), ==, expected);
        g_assert_cmpint(trust.refuses_step, ==, cases[i].is_refused);
        g_assert_cmpint(trust.trust, !=, CONTENT_TRUST_UNSET);
        /* Looking again is no news. */
        g_assert_false(play_trust_look(&trust, &after));
    }
}

/* A step that was refused is taken once the district has signed it. */
static void
test_step_with_proof(void)
{
    PlayTrustReading before = reading(NOW, SECOND(100), FALSE, TRUE);
    PlayTrustReading after = reading(NOW + HOUR(5), SECOND(100), TRUE, TRUE);
    PlayTrust trust;

    play_trust_init(&trust, FLOOR);
    play_trust_look(&trust, &before);
    play_trust_look(&trust, &after);
    g_assert_true(trust.refuses_step);
    g_assert_null(play_trust_answer(&trust, &after, SECOND(99), NOW + HOUR(5)));
    g_assert_false(trust.refuses_step);
    g_assert_cmpint(play_trust_utc(&trust, SECOND(100)), ==, NOW + HOUR(5));
}

static void
test_resume(void)
{
    /* clang-format off */
    const struct { const char *why; gint64 base_us; ContentTrust was, is; } cases[] = {
        { "synced before the restart",    NOW - SECOND(100), CONTENT_TRUST_SYNCED,  CONTENT_TRUST_GUARDED },
        { "guarded before",               NOW - SECOND(100), CONTENT_TRUST_GUARDED, CONTENT_TRUST_GUARDED },
        { "unset before",                 NOW - SECOND(100), CONTENT_TRUST_UNSET,   CONTENT_TRUST_UNSET   },
        { "a base that is below the floor", Y2000,           CONTENT_TRUST_SYNCED,  CONTENT_TRUST_UNSET   },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PlayTrustReading look = reading(Y1970, SECOND(100), FALSE, FALSE);
        PlayTrust trust;

        g_test_message("%s", cases[i].why);
        play_trust_init(&trust, FLOOR);
        play_trust_resume(&trust, cases[i].base_us, cases[i].was, &look);
        play_trust_look(&trust, &look);
        g_assert_cmpint(trust.trust, ==, cases[i].is);
        /* A clock that nobody set is no fault. */
        g_assert_false(trust.refuses_step);
    }
}

/* A proof grows old: the station plays on, and says that it is less sure. */
static void
test_proof_grows_old(void)
{
    PlayTrustReading first = reading(Y1970, SECOND(10), FALSE, FALSE);
    PlayTrustReading day = reading(Y1970 + DAY(1), SECOND(10) + DAY(1), FALSE, FALSE);
    PlayTrustReading later = reading(Y1970 + DAY(1) + 1, SECOND(10) + DAY(1) + 1, FALSE, FALSE);
    PlayTrust trust;

    play_trust_init(&trust, FLOOR);
    play_trust_look(&trust, &first);
    g_assert_null(play_trust_answer(&trust, &first, SECOND(10), NOW));
    g_assert_false(play_trust_look(&trust, &day));
    g_assert_true(play_trust_look(&trust, &later));
    g_assert_cmpint(trust.trust, ==, CONTENT_TRUST_GUARDED);
    g_assert_cmpint(play_trust_utc(&trust, later.monotonic_us), ==, NOW + DAY(1) + 1);
}

static void
test_floor(void)
{
    PlayTrust trust;

    play_trust_init(&trust, FLOOR);
    play_trust_raise_floor(&trust, NOW);
    g_assert_cmpint(trust.floor_us, ==, NOW);
    play_trust_raise_floor(&trust, FLOOR);
    g_assert_cmpint(trust.floor_us, ==, NOW);
    play_trust_reset_floor(&trust, FLOOR);
    g_assert_cmpint(trust.floor_us, ==, FLOOR);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/player/intake/trust-core/at-boot", test_at_boot);
    g_test_add_func("/player/intake/trust-core/answer", test_answer);
    g_test_add_func("/player/intake/trust-core/jumps", test_jumps);
    g_test_add_func("/player/intake/trust-core/step-with-proof", test_step_with_proof);
    g_test_add_func("/player/intake/trust-core/resume", test_resume);
    g_test_add_func("/player/intake/trust-core/proof-grows-old", test_proof_grows_old);
    g_test_add_func("/player/intake/trust-core/floor", test_floor);
    return g_test_run();
}
