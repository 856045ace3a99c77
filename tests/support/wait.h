/*
 * wait.h - a test waits for the event itself, never for a while, and not for ever.
 */
#pragma once

#include <glib.h>

/* Slow machines and sanitizers need patience; a healthy test never waits so long. */
#define TEST_WAIT_SECONDS 90

/* Turns the thread-default main loop until @condition holds; fails the test after a deadline.
 */
#define TEST_WAIT_UNTIL(condition)                                                             \
    G_STMT_START                                                                               \
    {                                                                                          \
        TestDeadline test_deadline_ = test_deadline_begin();                                   \
        while (!(condition)) {                                                                 \
            if (!test_deadline_turn(&test_deadline_))                                          \
                g_error("%s:%d: never came true: %s", __FILE__, __LINE__, #condition);         \
        }                                                                                      \
        test_deadline_end(&test_deadline_);                                                    \
    }                                                                                          \
    G_STMT_END

typedef struct {
    GMainContext *context;
    GSource *tick; /* wakes the loop, so that a condition on disk is seen, too */
    gint64 until_us;
} TestDeadline;

TestDeadline test_deadline_begin(void);
gboolean test_deadline_turn(TestDeadline *deadline);
void test_deadline_end(TestDeadline *deadline);
