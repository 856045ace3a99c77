/* test-board.c - errands to one board: what comes first, what silence does, timers renewed. */
#include "gateway/relay/board.h"
#include "tests/gateway/relay/site.h"

typedef struct {
    GateLayout *layout;
    GateBoard board;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->layout = site_new(GPOINTER_TO_INT(data) * S(1));
    gate_board_init(&fixture->board, gate_layout_board(fixture->layout, 0), 0);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    gate_board_clear(&fixture->board);
    gate_layout_free(fixture->layout);
}

static gboolean
next_job(Fixture *fixture, gint64 now_us, GateJob *job)
{
    return gate_board_next_opening(&fixture->board, now_us, job) ||
           gate_board_next_other(&fixture->board, gate_board_unclosed(&fixture->board, now_us),
                                 now_us, job);
}

static guint32
finish(Fixture *fixture, GateJob job, GateJobStatus status, guint32 closed, gint64 now_us)
{
    g_autoptr(ContentRemark) wrong = content_remark_new("board_silent", NULL, NULL);
    const GateJobResult result = {
        .job = job, .status = status, .closed = closed, .wrong = wrong};

    return gate_board_job_done(&fixture->board, &result, now_us);
}

/* The board as it is a moment after start: all read open. */
static void
make_known(Fixture *fixture, gint64 now_us)
{
    GateJob job;

    g_assert_true(next_job(fixture, now_us, &job));
    g_assert_cmpint(job.kind, ==, GATE_JOB_OPEN);
    g_assert_cmphex(job.relays, ==, 0xff);
    g_assert_true(job.is_thorough);
    finish(fixture, job, GATE_JOB_DONE, 0, now_us);
    fixture->board.inputs_read_us = now_us;
}

static void
test_opening_first(Fixture *fixture, gconstpointer data)
{
    GateJob first, second, third;

    make_known(fixture, S(1));
    gate_coil_want(&fixture->board.coils[2], TRUE);
    g_assert_true(next_job(fixture, S(1), &first));
    g_assert_cmpint(first.kind, ==, GATE_JOB_CLOSE);
    g_assert_cmphex(first.relays, ==, 0x04);
    g_assert_false(next_job(fixture, S(1), &second));
    /* Let go of before the closing came back: the opening does not wait for it. */
    gate_coil_want(&fixture->board.coils[2], FALSE);
    fixture->board.coils[2].reading = GATE_READING_UNKNOWN;
    g_assert_true(next_job(fixture, S(1), &second));
    g_assert_cmpint(second.kind, ==, GATE_JOB_OPEN);
    g_assert_false(next_job(fixture, S(1), &third));
    /* What the closing read is older than the opening and says nothing. */
    finish(fixture, first, GATE_JOB_DONE, 0x04, S(1));
    g_assert_cmpint(fixture->board.coils[2].reading, ==, GATE_READING_UNKNOWN);
    finish(fixture, second, GATE_JOB_DONE, 0, S(1));
    g_assert_cmpint(fixture->board.coils[2].reading, ==, GATE_READING_OPEN);
}

static void
test_polls(Fixture *fixture, gconstpointer data)
{
    GateJob job;

    make_known(fixture, S(1));
    g_assert_cmpint(gate_board_next_us(&fixture->board), ==, S(1) + MS(250));
    g_assert_false(next_job(fixture, S(1) + MS(249), &job));
    g_assert_true(next_job(fixture, S(1) + MS(250), &job));
    g_assert_cmpint(job.kind, ==, GATE_JOB_INPUTS);
    finish(fixture, job, GATE_JOB_DONE, 0, S(2) - 1);
    g_assert_true(next_job(fixture, S(2), &job));
    g_assert_cmpint(job.kind, ==, GATE_JOB_READ);
    g_assert_cmphex(finish(fixture, job, GATE_JOB_DONE, 0x10, S(2)), ==, 0x10);
    g_assert_true(next_job(fixture, S(2), &job));
    g_assert_cmpint(job.kind, ==, GATE_JOB_OPEN);
    g_assert_cmphex(job.relays, ==, 0x10);
}

static void
test_silence(Fixture *fixture, gconstpointer data)
{
    GateJob job;

    make_known(fixture, S(1));
    g_assert_true(next_job(fixture, S(2), &job));
    finish(fixture, job, GATE_JOB_SILENT, 0, S(2));
    /* One answer may get lost: asked again at once, nothing forgotten. */
    g_assert_false(fixture->board.is_silent);
    g_assert_cmpint(fixture->board.coils[0].reading, ==, GATE_READING_OPEN);
    g_assert_true(next_job(fixture, S(2), &job));
    finish(fixture, job, GATE_JOB_SILENT, 0, S(2));
    g_assert_true(fixture->board.is_silent);
    g_assert_cmpint(fixture->board.coils[0].reading, ==, GATE_READING_UNKNOWN);
    g_assert_cmpstr(fixture->board.wrong->code, ==, "board_silent");
    g_assert_cmpstr(fixture->board.wrong->subject, ==, fixture->board.layout->id);
    g_assert_false(next_job(fixture, S(3) - 1, &job));
    for (gint64 at_us = S(3); at_us < S(13); at_us += S(1)) {
        g_assert_true(next_job(fixture, at_us, &job));
        g_assert_cmpint(job.kind, ==, GATE_JOB_OPEN);
        finish(fixture, job, GATE_JOB_SILENT, 0, at_us);
    }
    g_assert_cmpint(gate_board_next_us(&fixture->board), ==, S(17));
    g_assert_false(next_job(fixture, S(17) - 1, &job));
    g_assert_true(next_job(fixture, S(17), &job));
    finish(fixture, job, GATE_JOB_DONE, 0, S(17));
    g_assert_false(fixture->board.is_silent);
    g_assert_null(fixture->board.wrong);
}

/* Reads the relays once a second; @pace: 's' slowly, 'q' quickly, 'x' no answer. */
static void
read_at_pace(Fixture *fixture, const char *pace, gint64 from_us)
{
    for (gsize i = 0; pace[i] != '\0'; i++) {
        GateJobResult result = {.job = {.kind = GATE_JOB_READ}, .is_slow = pace[i] == 's'};

        result.status = pace[i] == 'x' ? GATE_JOB_SILENT : GATE_JOB_DONE;
        gate_board_job_done(&fixture->board, &result, from_us + (gint64) i * S(1));
    }
}

static void
test_slow(Fixture *fixture, gconstpointer data)
{
    /* clang-format off */
    const struct { const char *pace; gboolean is_slow; const char *why; } cases[] = {
        { "ssssssssss",        FALSE, "not for ten seconds yet" },
        { "sssssssssss",       TRUE,  "for ten seconds" },
        { "sssssqsssssssss",   FALSE, "one quick answer says that the board can" },
        { "sssssssssssq",      FALSE, "over with the first quick answer" },
        { "sssssxsssss",       TRUE,  "a lost answer was not quick" },
        { "sssssssssssqsssss", FALSE, "it begins anew" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].why);
        read_at_pace(fixture, cases[i].pace, S(100) * (gint64) (i + 1));
        g_assert_cmpint(fixture->board.is_slow, ==, cases[i].is_slow);
        g_assert_false(fixture->board.is_silent);
        read_at_pace(fixture, "q", S(100) * (gint64) (i + 1) + S(50));
    }
}

static void
test_silent_board_is_not_closed(Fixture *fixture, gconstpointer data)
{
    GateJob job;

    make_known(fixture, S(1));
    for (guint i = 0; i < 8; i++)
        gate_coil_want(&fixture->board.coils[i], TRUE);
    for (guint i = 0; i < GATE_BOARD_MAX_FAILURES; i++) {
        g_assert_true(next_job(fixture, S(1), &job));
        g_assert_cmpint(job.kind, ==, GATE_JOB_CLOSE);
        finish(fixture, job, GATE_JOB_LATE, 0, S(1));
    }
    /* It is asked how it is before anything is closed again. */
    g_assert_true(next_job(fixture, S(2), &job));
    g_assert_cmpint(job.kind, ==, GATE_JOB_READ);
    finish(fixture, job, GATE_JOB_DONE, 0x01, S(2));
    g_assert_true(next_job(fixture, S(2), &job));
    g_assert_cmpint(job.kind, ==, GATE_JOB_CLOSE);
    g_assert_cmphex(job.relays, ==, 0xfe);
}

static void
test_refused_inputs(Fixture *fixture, gconstpointer data)
{
    GateJob job;

    make_known(fixture, S(1));
    for (guint i = 0; i < 5; i++) {
        gint64 at_us = S(1) + (i + 1) * MS(250);

        if (!next_job(fixture, at_us, &job) || job.kind != GATE_JOB_INPUTS)
            continue;
        finish(fixture, job, GATE_JOB_REFUSED, 0, at_us);
        g_assert_nonnull(fixture->board.inputs_wrong);
    }
    g_assert_false(fixture->board.is_silent);
    g_assert_null(fixture->board.wrong);
}

static void
test_cancelled(Fixture *fixture, gconstpointer data)
{
    GateJob job;

    make_known(fixture, S(1));
    gate_coil_want(&fixture->board.coils[1], TRUE);
    g_assert_true(next_job(fixture, S(1), &job));
    finish(fixture, job, GATE_JOB_CANCELLED, 0, S(1));
    g_assert_cmpuint(fixture->board.failures, ==, 0);
    g_assert_true(next_job(fixture, S(1), &job));
    g_assert_cmphex(job.relays, ==, 0x02);
}

static void
test_timer_is_renewed(Fixture *fixture, gconstpointer data)
{
    GateJob job;

    make_known(fixture, S(1));
    gate_coil_want(&fixture->board.coils[1], TRUE);
    g_assert_true(next_job(fixture, S(1), &job));
    g_assert_cmpint(job.timed_on_us, ==, S(6));
    finish(fixture, job, GATE_JOB_DONE, 0x02, S(1));
    fixture->board.inputs_read_us = fixture->board.read_us = S(3);
    g_assert_cmpint(gate_board_next_us(&fixture->board), ==, S(3));
    g_assert_true(next_job(fixture, S(3), &job));
    g_assert_cmpint(job.kind, ==, GATE_JOB_CLOSE);
    g_assert_cmphex(job.relays, ==, 0x02);
    finish(fixture, job, GATE_JOB_DONE, 0x02, S(3));
    gate_coil_want(&fixture->board.coils[1], FALSE);
    g_assert_true(next_job(fixture, S(5), &job));
    g_assert_cmpint(job.kind, ==, GATE_JOB_OPEN);
}

int
main(int argc, char **argv)
{
    /* clang-format off */
    const struct { const char *path; gint timed_on_s; void (*test)(Fixture *, gconstpointer); }
    tests[] = {
        { "/gateway/relay/board/opening-first",    0, test_opening_first              },
        { "/gateway/relay/board/polls",            0, test_polls                      },
        { "/gateway/relay/board/silence",          0, test_silence                    },
        { "/gateway/relay/board/slow",             0, test_slow                       },
        { "/gateway/relay/board/silent-unclosed",  0, test_silent_board_is_not_closed },
        { "/gateway/relay/board/refused-inputs",   0, test_refused_inputs             },
        { "/gateway/relay/board/cancelled",        0, test_cancelled                  },
        { "/gateway/relay/board/timer-is-renewed", 6, test_timer_is_renewed           },
    };
    /* clang-format on */

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, GINT_TO_POINTER(tests[i].timed_on_s), set_up,
                   tests[i].test, tear_down);
    return g_test_run();
}
