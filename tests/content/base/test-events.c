/* test-events.c - an event carries its fields, and reads as one line on a terminal. */
#include "content/base/events.h"

#include "tests/support/event-tape.h"

#include <string.h>

static const ContentEvent started = {"3f1a77a0a4f04f0c9d5c2b7f5f0f3a01", "segment-started",
                                     G_LOG_LEVEL_MESSAGE};

static GLogWriterOutput
to_tape(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
    for (gsize i = 0; i < n_fields; i++)
        event_tape_add(data, "%s=%s", fields[i].key, (const char *) fields[i].value);
    return G_LOG_WRITER_HANDLED;
}

static void
fields_subprocess(void)
{
    g_autoptr(EventTape) tape = event_tape_new();

    g_log_set_writer_func(to_tape, tape, NULL);
    content_event_log(&started, "ia-pa-02", "%d zones", 3);
    event_tape_expect(tape, "MESSAGE=3 zones");
    event_tape_expect(tape, "PRIORITY=5");
    event_tape_expect(tape, "GLIB_DOMAIN=loa");
    event_tape_expect(tape, "MESSAGE_ID=3f1a77a0a4f04f0c9d5c2b7f5f0f3a01");
    event_tape_expect(tape, "LOA_EVENT=segment-started");
    event_tape_expect(tape, "LOA_SUBJECT=ia-pa-02");
    content_event_log(&started, NULL, "nobody");
    event_tape_expect(tape, "MESSAGE=nobody");
    for (int i = 0; i < 4; i++)
        g_free(event_tape_take(tape));
}

static void
line_subprocess(void)
{
    content_events_start();
    content_event_log(&started, "ia-pa-02", "%s", "chợ\nfaked: line\033[2J");
    content_event_log(&started, NULL, "without a subject");
    g_debug("not asked for");
}

/* A log writer can be set once a process, so each test runs in a child. */
static void
test_fields(void)
{
    if (g_test_subprocess()) {
        fields_subprocess();
        return;
    }
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed();
}

static void
test_line(void)
{
    if (g_test_subprocess()) {
        line_subprocess();
        return;
    }
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed();
    g_test_trap_assert_stderr("??:??:??.??? segment-started ia-pa-02: chợ faked: line [2J\n"
                              "??:??:??.??? segment-started: without a subject\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/events/fields", test_fields);
    g_test_add_func("/content/events/line", test_line);
    return g_test_run();
}
