/* test-messenger.c - where somebody has to go because of an alert, and what may be said of it.
 */
#include "scheduler/report/messenger.h"

#define S ((gint64) G_USEC_PER_SEC)

static void
test_need(void)
{
    /* clang-format off */
    static const struct { const char *why; SchedAlertState state; gint64 age_us; gboolean speaks; SchedMessengerWhy is; } cases[] = {
        { "just called",                         SCHED_ALERT_NOT_SENT,   0,          TRUE,  SCHED_MESSENGER_NOBODY },
        { "out, and answers are on the way",     SCHED_ALERT_WAITING,    59 * S,     TRUE,  SCHED_MESSENGER_NOBODY },
        { "a minute without a word",             SCHED_ALERT_WAITING,    60 * S,     TRUE,  SCHED_MESSENGER_NO_ANSWER },
        { "it never left the district",          SCHED_ALERT_NOT_SENT,   60 * S,     TRUE,  SCHED_MESSENGER_NO_ANSWER },
        { "not heard of: it may come back",      SCHED_ALERT_NO_CONTACT, 10 * S,     TRUE,  SCHED_MESSENGER_NOBODY },
        { "not heard of, and it did not",        SCHED_ALERT_NO_CONTACT, 60 * S,     TRUE,  SCHED_MESSENGER_NO_ANSWER },
        { "a program without alerts: at once",   SCHED_ALERT_UNABLE,     0,          TRUE,  SCHED_MESSENGER_NO_ANSWER },
        { "it sounds",                           SCHED_ALERT_SOUNDING,   300 * S,    TRUE,  SCHED_MESSENGER_NOBODY },
        { "held by a graver one",                SCHED_ALERT_HELD,       300 * S,    TRUE,  SCHED_MESSENGER_NOBODY },
        { "it sounds in another language",       SCHED_ALERT_SOUNDING,   300 * S,    FALSE, SCHED_MESSENGER_NO_LANGUAGE },
        { "which is known when it is called",    SCHED_ALERT_NOT_SENT,   0,          FALSE, SCHED_MESSENGER_NO_LANGUAGE },
        { "no answer says more than that",       SCHED_ALERT_WAITING,    60 * S,     FALSE, SCHED_MESSENGER_NO_ANSWER },
        { "the relay did not close",             SCHED_ALERT_FAILED,     5 * S,      TRUE,  SCHED_MESSENGER_NOT_HEARD },
        { "over, and never a word",              SCHED_ALERT_NO_WORD,    3600 * S,   TRUE,  SCHED_MESSENGER_NO_ANSWER },
        { "heard to its end",                    SCHED_ALERT_DONE,       3600 * S,   TRUE,  SCHED_MESSENGER_NOBODY },
        { "somebody ended it",                   SCHED_ALERT_STOPPED,    3600 * S,   TRUE,  SCHED_MESSENGER_NOBODY },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        g_assert_cmpint(sched_messenger_zone(cases[i].state, cases[i].age_us, cases[i].speaks),
                        ==, cases[i].is);
    }
}

/* Every pair: what was said may be put right but for what was dropped. */
static void
test_follows(void)
{
    /* clang-format off */
    static const gboolean may[5][5] = {
        /*                open   told   confirmed not_reached dropped */
        /* open        */ { FALSE, TRUE,  TRUE,  TRUE,  TRUE  },
        /* told        */ { FALSE, TRUE,  TRUE,  TRUE,  FALSE },
        /* confirmed   */ { FALSE, TRUE,  TRUE,  TRUE,  FALSE },
        /* not_reached */ { FALSE, TRUE,  TRUE,  TRUE,  FALSE },
        /* dropped     */ { FALSE, FALSE, FALSE, FALSE, FALSE },
    };
    /* clang-format on */

    for (gint from = 0; from < 5; from++) {
        for (gint to = 0; to < 5; to++)
            g_assert_cmpint(sched_messenger_follows((SchedMessengerState) from,
                                                    (SchedMessengerState) to),
                            ==, may[from][to]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scheduler/report/messenger/need", test_need);
    g_test_add_func("/scheduler/report/messenger/follows", test_follows);
    return g_test_run();
}
