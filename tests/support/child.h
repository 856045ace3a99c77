/*
 * child.h - a program that a test starts, talks to line by line, and stops by its pid.
 *
 * Flow: test -> stdin of the program; its stdout -> lines, waited for with a deadline. Blocks.
 */
#pragma once

#include <glib.h>

typedef struct TestChild TestChild;

/**
 * test_child_start:
 * @argv: NULL-terminated, with the full path of the program
 *
 * The program ends with the test if nothing else ends it before. What it writes to stderr is
 * the test's own.
 */
TestChild *test_child_start(const char *const *argv);

/** test_child_pid: Returns: its process id; 0 once it has been waited for */
GPid test_child_pid(const TestChild *child);

/**
 * test_child_line:
 * @prefix: the line looked for; others before it are kept for later calls
 * @timeout_us: how long to wait
 *
 * Returns: (transfer full) (nullable): the oldest line not yet taken that begins with @prefix
 */
char *test_child_line(TestChild *child, const char *prefix, gint64 timeout_us);

/** test_child_expect: as test_child_line() with a patient deadline; fails the test without one
 */
char *test_child_expect(TestChild *child, const char *prefix);

/** test_child_forget: drops the lines that were not taken. */
void test_child_forget(TestChild *child);

/** test_child_say: writes one line to its stdin. */
void test_child_say(TestChild *child, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** test_child_signal: sends @signal_number. */
void test_child_signal(TestChild *child, int signal_number);

/**
 * test_child_wait:
 *
 * Returns: its exit code, or 128 + the signal that ended it; -1 when it does not end in time
 */
int test_child_wait(TestChild *child, gint64 timeout_us);

/** test_child_stop: @child: (nullable) (transfer full): SIGTERM, and SIGKILL if that does not
 * do */
void test_child_stop(TestChild *child);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestChild, test_child_stop)
