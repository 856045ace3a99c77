/* test-line.c - jobs on a line with real boards' programs behind it, over TCP and serial. */
#include "gateway/bus/line.h"

#include "content/wording.h"

#include <string.h>

#include "tests/support/relay-site.h"
#include "tests/support/scratch.h"
#include "tests/support/wait.h"

#define MS(x) ((gint64) (x) *1000)
#define S(x)  ((gint64) (x) *G_USEC_PER_SEC)

typedef struct {
    char *folder;
    TestChild *sim, *wire;
    GateLine *line;
    GPtrArray *results; /* (element-type GateJobResult), remarks owned */
} Fixture;

static void
result_free(gpointer data)
{
    GateJobResult *result = data;

    content_remark_free(result->wrong);
    g_free(result);
}

static void
on_result(const GateJobResult *result, gpointer user_data)
{
    Fixture *fixture = user_data;
    GateJobResult *copy = g_memdup2(result, sizeof *result);

    copy->wrong = content_remark_copy(result->wrong);
    g_ptr_array_add(fixture->results, copy);
}

static GateLineSpec
spec_of(Fixture *fixture, const char *site, const char *boards)
{
    GateLineSpec spec = {
        .id = g_strdup("l1"), .stop_bits = 1, .response_us = MS(200), .quiet_us = MS(300)};

    if (g_str_has_prefix(site, "tcp")) {
        spec.kind = GATE_LINE_TCP;
        spec.address = g_strdup("127.0.0.1");
        fixture->sim = test_sim_tcp(boards, &spec.port);
        return spec;
    }
    spec.baud = (int) g_ascii_strtoull(site + strlen("rtu "), NULL, 10);
    fixture->sim = test_sim_rtu(fixture->folder, boards, (guint) spec.baud, &fixture->wire);
    spec.device = g_build_filename(fixture->folder, "line-a", NULL);
    return spec;
}

/* The data is the site and the kind of board, "rtu 9600 ryn408f" or "tcp coils". */
static void
set_up(Fixture *fixture, gconstpointer data)
{
    const char *kind = strrchr(data, ' ') + 1;
    g_autofree char *boards = g_strdup_printf("1:%s:8:4 2:%s", kind, kind);
    const GateProfile *profile = gate_profile_find(kind);
    const GateBusBoard bus_boards[] = {
        {1, profile, profile->base, 8, 4},
        {2, profile, profile->base, 8, 0},
    };
    GateLineSpec spec;

    fixture->folder = test_scratch_new();
    fixture->results = g_ptr_array_new_with_free_func(result_free);
    spec = spec_of(fixture, data, boards);
    fixture->line = gate_line_new(&spec, bus_boards, 2, on_result, fixture);
    gate_line_spec_clear(&spec);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    gate_line_free(fixture->line);
    test_child_stop(fixture->sim);
    test_child_stop(fixture->wire);
    g_ptr_array_unref(fixture->results);
    test_scratch_free(fixture->folder);
}

static const GateJobResult *
result_at(const Fixture *fixture, guint index)
{
    TEST_WAIT_UNTIL(fixture->results->len > index);
    return g_ptr_array_index(fixture->results, index);
}

/* Pushes one job, waits for it, and returns its result. */
static const GateJobResult *
do_job(Fixture *fixture, GateJobKind kind, guint board, guint32 relays, gint64 timed_on_us,
       gboolean is_thorough)
{
    const GateJob job = {kind, board, relays, timed_on_us, is_thorough};
    guint index = fixture->results->len;

    gate_line_push(fixture->line, &job);
    return result_at(fixture, index);
}

static void
assert_closed(const GateJobResult *result, guint32 closed)
{
    g_assert_null(result->wrong);
    g_assert_cmpint(result->status, ==, GATE_JOB_DONE);
    g_assert_cmphex(result->closed, ==, closed);
}

static void
assert_state(Fixture *fixture, const char *state)
{
    g_autofree char *now = test_sim_state(fixture->sim, 1);

    g_assert_cmpstr(now, ==, state);
}

static void
test_switching(Fixture *fixture, gconstpointer data)
{
    assert_closed(do_job(fixture, GATE_JOB_CLOSE, 0, 0x1d, 0, FALSE), 0x1d);
    assert_state(fixture, "10111000");
    assert_closed(do_job(fixture, GATE_JOB_OPEN, 0, 0x0c, 0, FALSE), 0x11);
    assert_state(fixture, "10001000");
    assert_closed(do_job(fixture, GATE_JOB_READ, 0, 0, 0, FALSE), 0x11);
    assert_closed(do_job(fixture, GATE_JOB_OPEN, 0, 0x10, 0, TRUE), 0x01);
    /* A thorough opening of some leaves the others alone. */
    assert_state(fixture, "10000000");
    assert_closed(do_job(fixture, GATE_JOB_OPEN, 0, 0xff, 0, TRUE), 0);
    assert_closed(do_job(fixture, GATE_JOB_READ, 1, 0, 0, FALSE), 0);
}

static void
test_timed(Fixture *fixture, gconstpointer data)
{
    gint64 written_us, opened_us;

    written_us = g_get_monotonic_time();
    assert_closed(do_job(fixture, GATE_JOB_CLOSE, 0, 0x02, S(1), FALSE), 0x02);
    opened_us = test_sim_coil(fixture->sim, 1, 2, FALSE, S(3));
    g_assert_cmpint(opened_us - written_us, >=, S(1));
    g_assert_cmpint(opened_us - written_us, <=, S(1) + MS(500));
    /* A running timer is ended by the usual opening of a board that is used with timers. */
    assert_closed(do_job(fixture, GATE_JOB_CLOSE, 0, 0x02, S(200), FALSE), 0x02);
    assert_closed(do_job(fixture, GATE_JOB_OPEN, 0, 0x02, S(200), FALSE), 0);
    /* And by a thorough one, whatever the board is used with. */
    assert_closed(do_job(fixture, GATE_JOB_CLOSE, 0, 0xff, S(200), FALSE), 0xff);
    assert_closed(do_job(fixture, GATE_JOB_OPEN, 0, 0xff, 0, TRUE), 0);
    assert_state(fixture, "00000000");
}

static void
test_ryn_ignores_off(Fixture *fixture, gconstpointer data)
{
    assert_closed(do_job(fixture, GATE_JOB_CLOSE, 0, 0x01, S(200), FALSE), 0x01);
    /* The pitfall itself: "off" is echoed and nothing happens; the read-back shows it. */
    assert_closed(do_job(fixture, GATE_JOB_OPEN, 0, 0x01, 0, FALSE), 0x01);
    assert_closed(do_job(fixture, GATE_JOB_OPEN, 0, 0x01, 0, TRUE), 0);
}

static void
test_inputs(Fixture *fixture, gconstpointer data)
{
    test_sim_do(fixture->sim, "1 input 3 on");
    assert_closed(do_job(fixture, GATE_JOB_INPUTS, 0, 0, 0, FALSE), 0x04);
}

static void
assert_status(const GateJobResult *result, GateJobStatus status, const char *words)
{
    g_autofree char *said = content_wording_remark(result->wrong, CONTENT_READER_EN, NULL);

    g_test_message("%s", said);
    g_assert_cmpint(result->status, ==, status);
    g_assert_nonnull(strstr(said, words));
}

static void
test_silent(Fixture *fixture, gconstpointer data)
{
    gint64 asked_us;

    test_sim_do(fixture->sim, "1 silent on");
    asked_us = g_get_monotonic_time();
    assert_status(do_job(fixture, GATE_JOB_READ, 0, 0, 0, FALSE), GATE_JOB_SILENT, "no answer");
    /* Response time-out, the quiet time of a serial line, and no retry inside the library. */
    g_assert_cmpint(g_get_monotonic_time() - asked_us, <, MS(800));
    assert_closed(do_job(fixture, GATE_JOB_READ, 1, 0, 0, FALSE), 0);
    test_sim_do(fixture->sim, "1 silent off");
    assert_closed(do_job(fixture, GATE_JOB_READ, 0, 0, 0, FALSE), 0);
}

/* A machine that is busy may hold up any one reading; of ten in a row one is the board's own.
 */
static gboolean
reads_once(Fixture *fixture, gboolean is_slow)
{
    for (guint i = 0; i < 10; i++) {
        const GateJobResult *result = do_job(fixture, GATE_JOB_READ, 0, 0, 0, FALSE);

        g_test_message("status %d after %" G_GINT64_FORMAT " us", result->status,
                       result->read_took_us);
        if (result->status == GATE_JOB_DONE && result->is_slow == is_slow)
            return TRUE;
    }
    return FALSE;
}

static void
test_slow(Fixture *fixture, gconstpointer data)
{
    g_assert_true(reads_once(fixture, FALSE));
    test_sim_do(fixture->sim, "1 slow 120");
    g_assert_true(reads_once(fixture, TRUE));
    g_assert_false(reads_once(fixture, FALSE));
    test_sim_do(fixture->sim, "1 slow 0");
    g_assert_true(reads_once(fixture, FALSE));
}

/* The wire's own time is no slowness of the board: at 1200 baud eight registers take longer
 * than an answer may. */
static void
test_slow_wire(Fixture *fixture, gconstpointer data)
{
    g_assert_true(reads_once(fixture, FALSE));
}

static void
test_late_answer_is_nobodys(Fixture *fixture, gconstpointer data)
{
    gboolean is_tcp = g_str_has_prefix(data, "tcp");

    test_sim_do(fixture->sim, "1 slow 350");
    assert_status(do_job(fixture, GATE_JOB_CLOSE, 0, 0x01, 0, FALSE),
                  is_tcp ? GATE_JOB_SILENT : GATE_JOB_LATE,
                  is_tcp ? "no answer" : "answers too late");
    test_sim_do(fixture->sim, "1 slow 0");
    g_assert_cmpint(test_sim_coil(fixture->sim, 1, 1, TRUE, S(5)), !=, 0);
    /* The stale answer to "close 1" must not pass for the answer to "close 2". */
    test_sim_do(fixture->sim, "1 stick 2 on");
    assert_closed(do_job(fixture, GATE_JOB_CLOSE, 0, 0x02, 0, FALSE), 0x01);
    assert_closed(do_job(fixture, GATE_JOB_READ, 0, 0, 0, FALSE), 0x01);
    assert_closed(do_job(fixture, GATE_JOB_OPEN, 0, 0xff, 0, FALSE), 0);
}

static void
test_exception(Fixture *fixture, gconstpointer data)
{
    /* clang-format off */
    const struct { guint code; const char *words; } cases[] = {
        { 1, "no such function" }, { 2, "no such address" }, { 3, "takes no such value" },
        { 4, "reports its own fault" }, { 6, "is busy" },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        test_sim_do(fixture->sim, "1 exception %u", cases[i].code);
        assert_status(do_job(fixture, GATE_JOB_CLOSE, 0, 0x01, 0, FALSE), GATE_JOB_REFUSED,
                      cases[i].words);
        assert_status(do_job(fixture, GATE_JOB_READ, 0, 0, 0, FALSE), GATE_JOB_REFUSED,
                      cases[i].words);
    }
    test_sim_do(fixture->sim, "1 exception 0");
    assert_closed(do_job(fixture, GATE_JOB_READ, 0, 0, 0, FALSE), 0);
}

static void
test_lies_are_read_back(Fixture *fixture, gconstpointer data)
{
    test_sim_do(fixture->sim, "1 stick 1 on");
    assert_closed(do_job(fixture, GATE_JOB_CLOSE, 0, 0x01, 0, FALSE), 0);
    test_sim_do(fixture->sim, "1 lie 3 on");
    assert_closed(do_job(fixture, GATE_JOB_READ, 0, 0, 0, FALSE), 0x04);
}

static void
test_cut_and_gone(Fixture *fixture, gconstpointer data)
{
    const GateJobResult *result;

    assert_closed(do_job(fixture, GATE_JOB_READ, 0, 0, 0, FALSE), 0);
    test_sim_do(fixture->sim, "1 cut x");
    assert_status(do_job(fixture, GATE_JOB_READ, 0, 0, 0, FALSE), GATE_JOB_LINE, "");
    assert_closed(do_job(fixture, GATE_JOB_READ, 0, 0, 0, FALSE), 0);
    test_child_signal(fixture->sim, 9);
    test_child_wait(fixture->sim, S(5));
    assert_status(do_job(fixture, GATE_JOB_READ, 0, 0, 0, FALSE), GATE_JOB_LINE, "");
    assert_status(do_job(fixture, GATE_JOB_READ, 0, 0, 0, FALSE), GATE_JOB_LINE,
                  "line l1 has no connection");
    assert_status(do_job(fixture, GATE_JOB_READ, 0, 0, 0, FALSE), GATE_JOB_LINE,
                  "is not connected, trying again soon");
    /* An opening does not wait for the back-off. */
    result = do_job(fixture, GATE_JOB_OPEN, 0, 0xff, 0, FALSE);
    assert_status(result, GATE_JOB_LINE, "Connection refused");
}

static void
test_opening_goes_first(Fixture *fixture, gconstpointer data)
{
    const GateJob jobs[] = {
        {GATE_JOB_READ, 0, 0, 0, FALSE},     {GATE_JOB_READ, 0, 0, 0, FALSE},
        {GATE_JOB_CLOSE, 0, 0x01, 0, FALSE}, {GATE_JOB_CLOSE, 1, 0x01, 0, FALSE},
        {GATE_JOB_OPEN, 0, 0x02, 0, FALSE},
    };
    guint order[G_N_ELEMENTS(jobs)] = {0};

    test_sim_do(fixture->sim, "1 slow 100");
    for (gsize i = 0; i < G_N_ELEMENTS(jobs); i++)
        gate_line_push(fixture->line, &jobs[i]);
    TEST_WAIT_UNTIL(fixture->results->len == G_N_ELEMENTS(jobs));
    for (gsize i = 0; i < G_N_ELEMENTS(jobs); i++) {
        const GateJobResult *result = g_ptr_array_index(fixture->results, i);

        /* The waiting closing of the same board is not sent; the other board's is. */
        g_assert_cmpint(result->status, ==,
                        result->job.kind == GATE_JOB_CLOSE && result->job.board == 0
                            ? GATE_JOB_CANCELLED
                            : GATE_JOB_DONE);
        if (result->job.kind == GATE_JOB_OPEN)
            order[0] = (guint) i;
        if (result->job.kind == GATE_JOB_CLOSE && result->job.board == 1)
            order[1] = (guint) i;
        if (result->job.kind == GATE_JOB_READ)
            order[2] = (guint) i;
    }
    g_assert_cmpuint(order[0], <, order[1]);
    g_assert_cmpuint(order[1], <, order[2]);
    assert_state(fixture, "00000000");
}

static void
test_freed_with_jobs_waiting(Fixture *fixture, gconstpointer data)
{
    const GateJob job = {.kind = GATE_JOB_READ};
    gint64 freed_us;

    test_sim_do(fixture->sim, "1 silent on");
    for (guint i = 0; i < 50; i++)
        gate_line_push(fixture->line, &job);
    freed_us = g_get_monotonic_time();
    g_clear_pointer(&fixture->line, gate_line_free);
    g_assert_cmpint(g_get_monotonic_time() - freed_us, <, S(1));
    g_assert_cmpuint(fixture->results->len, ==, 0);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    g_assert_cmpuint(fixture->results->len, ==, 0);
}

static void
test_no_such_device(void)
{
    Fixture fixture = {.results = g_ptr_array_new_with_free_func(result_free)};
    const GateLineSpec spec = {.id = (char *) "l1",
                               .kind = GATE_LINE_SERIAL,
                               .device = (char *) "/dev/no-such-line",
                               .baud = 9600,
                               .stop_bits = 1,
                               .response_us = MS(200)};
    const GateBusBoard board = {1, gate_profile_find("coils"), 0, 8, 0};

    fixture.line = gate_line_new(&spec, &board, 1, on_result, &fixture);
    assert_status(do_job(&fixture, GATE_JOB_OPEN, 0, 0xff, 0, FALSE), GATE_JOB_LINE,
                  "No such file or directory");
    gate_line_free(fixture.line);
    g_ptr_array_unref(fixture.results);
}

static void
test_profiles_hold_together(void)
{
    const GateProfile *profile;
    gsize n = 0;

    for (; (profile = gate_profile_at(n)) != NULL; n++) {
        g_assert_true(gate_profile_find(profile->name) == profile);
        g_assert_cmpuint(profile->on, !=, profile->off);
        g_assert_cmpuint(profile->reads_closed, !=, profile->reads_open);
        g_assert_cmpuint(profile->max_relays, <=, 32);
        g_assert_cmpuint(gate_profile_max_timer_s(profile), ==, 255);
        g_assert_cmpint(profile->input_base == GATE_PROFILE_NONE, ==, profile->max_inputs == 0);
    }
    g_assert_cmpuint(n, ==, 3);
    g_assert_null(gate_profile_find("no such board"));
}

int
main(int argc, char **argv)
{
    /* clang-format off */
    const struct { const char *path, *site; void (*test)(Fixture *, gconstpointer); } tests[] = {
        { "switching/tcp-coils",       "tcp coils",          test_switching              },
        { "switching/tcp-r421a08",     "tcp r421a08",        test_switching              },
        { "switching/tcp-ryn408f",     "tcp ryn408f",        test_switching              },
        { "switching/9600-coils",      "rtu 9600 coils",     test_switching              },
        { "switching/9600-r421a08",    "rtu 9600 r421a08",   test_switching              },
        { "switching/115200-ryn408f",  "rtu 115200 ryn408f", test_switching              },
        { "timed/coils",               "tcp coils",          test_timed                  },
        { "timed/r421a08",             "rtu 115200 r421a08", test_timed                  },
        { "timed/ryn408f",             "rtu 9600 ryn408f",   test_timed                  },
        { "ryn408f-ignores-off",       "tcp ryn408f",        test_ryn_ignores_off        },
        { "inputs/tcp",                "tcp coils",          test_inputs                 },
        { "inputs/9600",               "rtu 9600 coils",     test_inputs                 },
        { "silent/tcp",                "tcp coils",          test_silent                 },
        { "silent/9600",               "rtu 9600 coils",     test_silent                 },
        { "slow/tcp",                  "tcp coils",          test_slow                   },
        { "slow/9600",                 "rtu 9600 coils",     test_slow                   },
        { "slow/1200",                 "rtu 1200 r421a08",   test_slow_wire              },
        { "late/tcp",                  "tcp coils",          test_late_answer_is_nobodys },
        { "late/9600",                 "rtu 9600 coils",     test_late_answer_is_nobodys },
        { "late/115200",               "rtu 115200 coils",   test_late_answer_is_nobodys },
        { "exception/tcp",             "tcp coils",          test_exception              },
        { "exception/115200",          "rtu 115200 r421a08", test_exception              },
        { "lies/tcp",                  "tcp coils",          test_lies_are_read_back     },
        { "cut-and-gone",              "tcp coils",          test_cut_and_gone           },
        { "opening-first/tcp",         "tcp coils",          test_opening_goes_first     },
        { "opening-first/9600",        "rtu 9600 coils",     test_opening_goes_first     },
        { "freed-with-jobs-waiting",   "tcp coils",          test_freed_with_jobs_waiting },
    };
    /* clang-format on */

    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/gateway/bus/line/", tests[i].path, NULL);

        g_test_add(path, Fixture, tests[i].site, set_up, tests[i].test, tear_down);
    }
    g_test_add_func("/gateway/bus/line/no-such-device", test_no_such_device);
    g_test_add_func("/gateway/bus/profile/hold-together", test_profiles_hold_together);
    return g_test_run();
}
