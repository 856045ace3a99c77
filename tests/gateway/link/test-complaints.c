/* test-complaints.c - whoever knocks without end fills no log, and is counted. */
#include "gateway/link/complaints.h"

#include "tests/support/event-tape.h"
#include "tests/support/fake-clock.h"

static void
on_complaint(const char *words, gpointer data)
{
    event_tape_add(data, "%s", words);
}

static void
say(GateComplaints *complaints, guint n, const char *words)
{
    for (guint i = 0; i < n; i++)
        gate_complaints_say(complaints, words);
}

static void
expect(EventTape *tape, guint n, const char *words)
{
    for (guint i = 0; i < n; i++)
        event_tape_expect(tape, words);
}

static void
test_bounded(void)
{
    g_autoptr(ContentClock) clock = fake_clock_new(FAKE_CLOCK_START_US);
    EventTape *tape = event_tape_new();
    GateComplaints *complaints = gate_complaints_new(clock, on_complaint, tape);

    say(complaints, 10, "a");
    expect(tape, 10, "a");
    say(complaints, 100000, "b");
    g_assert_cmpuint(fake_clock_n_pending(clock), ==, 1);
    fake_clock_advance(clock, 60 * G_USEC_PER_SEC);
    event_tape_expect(tape, "100000 more within a minute; the last: b");
    g_assert_cmpuint(fake_clock_n_pending(clock), ==, 0);
    /* The next minute is a new one; one that is quiet says nothing. */
    say(complaints, 11, "c");
    expect(tape, 10, "c");
    fake_clock_advance(clock, 60 * G_USEC_PER_SEC);
    event_tape_expect(tape, "1 more within a minute; the last: c");
    fake_clock_advance(clock, 3600 * (gint64) G_USEC_PER_SEC);
    say(complaints, 1, "d");
    event_tape_expect(tape, "d");
    /* Who ends says first what it has counted. */
    say(complaints, 10, "e");
    expect(tape, 9, "e");
    gate_complaints_free(complaints);
    event_tape_expect(tape, "1 more within a minute; the last: e");
    g_assert_cmpuint(fake_clock_n_pending(clock), ==, 0);
    event_tape_free(tape);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gateway/link/complaints/bounded", test_bounded);
    return g_test_run();
}
