/*
 * relay-site.h - a gateway with simulated boards and a player that does nothing but hold
 * leases.
 *
 * Flow: tests and benches of the gateway start the parts they need and stop them by their pids.
 */
#pragma once

#include "tests/support/child.h"

/** test_sim_tcp: @boards: "1:coils:8 2:ryn408f"; @out_port: (out) */
TestChild *test_sim_tcp(const char *boards, guint *out_port);

/**
 * test_sim_rtu:
 * @folder: where the two ends of the line are made: line-a for the master, line-b for the
 * boards
 * @out_line: (out): the line; to be stopped after the boards
 */
TestChild *test_sim_rtu(const char *folder, const char *boards, guint baud,
                        TestChild **out_line);

/** test_sim_do: says @command to the boards and waits until they have obeyed. */
void test_sim_do(TestChild *sim, const char *format, ...) G_GNUC_PRINTF(2, 3);

/**
 * test_sim_coil:
 *
 * Waits until relay @relay (from 1) of board @unit goes on or off; changes of it before are
 * taken, too.
 *
 * Returns: when it did, monotonic µs; 0 when it does not within @timeout_us
 */
gint64 test_sim_coil(TestChild *sim, guint unit, guint relay, gboolean on, gint64 timeout_us);

/** test_sim_state: Returns: (transfer full): a '0' or '1' for each relay of @unit */
char *test_sim_state(TestChild *sim, guint unit);

/** test_gateway_write_config: Returns: (transfer full): path of a file with @text in @folder */
char *test_gateway_write_config(const char *folder, const char *text);

/** test_gateway_start: starts the daemon and waits until its socket is there. */
TestChild *test_gateway_start(const char *config, const char *socket_path);

/** test_gateway_run: runs `loa-gateway` with @arguments. Returns: its exit code */
int test_gateway_run(const char *config, const char *arguments, char **out_stdout,
                     char **out_stderr);

/**
 * test_holder_start:
 *
 * A process that is connected as a player; test_child_say() "hold a b" makes it hold zones and
 * renew them each second. It prints "zone ID held|- ready|- RELAY FAULT" at each change.
 */
TestChild *test_holder_start(const char *socket_path);

/** test_serial_line_path: of loa-serial-line, for boards that are not ours */
const char *test_serial_line_path(void);
