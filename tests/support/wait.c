/* wait.c - see wait.h */
#include "tests/support/wait.h"

static gboolean
on_tick(gpointer data)
{
    return G_SOURCE_CONTINUE;
}

TestDeadline
test_deadline_begin(void)
{
    TestDeadline deadline = {
        .context = g_main_context_ref_thread_default(),
        .tick = g_timeout_source_new(10),
        .until_us = g_get_monotonic_time() + TEST_WAIT_SECONDS * G_USEC_PER_SEC,
    };

    g_source_set_callback(deadline.tick, on_tick, NULL, NULL);
    g_source_attach(deadline.tick, deadline.context);
    return deadline;
}

gboolean
test_deadline_turn(TestDeadline *deadline)
{
    g_main_context_iteration(deadline->context, TRUE);
    return g_get_monotonic_time() < deadline->until_us;
}

void
test_deadline_end(TestDeadline *deadline)
{
    g_source_destroy(deadline->tick);
    g_source_unref(deadline->tick);
    g_main_context_unref(deadline->context);
}
