/* relay-site.c - see relay-site.h. Paths of the programs come from the build. */
#include "tests/support/relay-site.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_US (60 * G_USEC_PER_SEC)
#define LISTENING   0x10000 /* __SO_ACCEPTCON of linux/net.h */

static TestChild *
start_sim(const char *first, const char *second, const char *third, const char *boards)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) names = g_strsplit(boards, " ", -1);

    g_ptr_array_add(argv, g_strdup(TEST_BOARD_SIM));
    g_ptr_array_add(argv, g_strdup(first));
    g_ptr_array_add(argv, g_strdup(second));
    if (third != NULL)
        g_ptr_array_add(argv, g_strdup(third));
    for (guint i = 0; names[i] != NULL; i++)
        g_ptr_array_add(argv, g_strdup_printf("--board=%s", names[i]));
    g_ptr_array_add(argv, NULL);
    return test_child_start((const char *const *) argv->pdata);
}

TestChild *
test_sim_tcp(const char *boards, guint *out_port)
{
    TestChild *sim = start_sim("--tcp", "0", NULL, boards);
    g_autofree char *line = test_child_expect(sim, "listening tcp ");

    *out_port = (guint) g_ascii_strtoull(line + strlen("listening tcp "), NULL, 10);
    return sim;
}

TestChild *
test_sim_rtu(const char *folder, const char *boards, guint baud, TestChild **out_line)
{
    g_autofree char *master = g_build_filename(folder, "line-a", NULL);
    g_autofree char *slave = g_build_filename(folder, "line-b", NULL);
    g_autofree char *speed = g_strdup_printf("%u", baud);
    g_autofree char *option = g_strdup_printf("--baud=%u", baud);
    const char *const argv[] = {TEST_SERIAL_LINE, master, slave, speed, NULL};
    TestChild *sim;

    *out_line = test_child_start(argv);
    g_free(test_child_expect(*out_line, "ready"));
    sim = start_sim("--rtu", slave, option, boards);
    g_free(test_child_expect(sim, "listening rtu "));
    return sim;
}

void
test_sim_do(TestChild *sim, const char *format, ...)
{
    g_autofree char *text = NULL;
    g_autofree char *answer = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    test_child_say(sim, "%s", text);
    answer = g_strdup_printf("ok %s", text);
    g_free(test_child_expect(sim, answer));
}

gint64
test_sim_coil(TestChild *sim, guint unit, guint relay, gboolean on, gint64 timeout_us)
{
    g_autofree char *prefix = g_strdup_printf("coil %u %u ", unit, relay);
    gint64 until_us = g_get_monotonic_time() + timeout_us;

    for (;;) {
        g_autofree char *line = test_child_line(sim, prefix, until_us - g_get_monotonic_time());
        const char *rest = line == NULL ? NULL : line + strlen(prefix);

        if (rest == NULL)
            return 0;
        if (g_str_has_prefix(rest, on ? "on " : "off "))
            return g_ascii_strtoll(strchr(rest, ' '), NULL, 10);
    }
}

char *
test_sim_state(TestChild *sim, guint unit)
{
    g_autofree char *prefix = g_strdup_printf("state %u ", unit);
    g_autofree char *line = NULL;

    test_sim_do(sim, "%u state x", unit);
    line = test_child_expect(sim, prefix);
    return g_strdup(line + strlen(prefix));
}

char *
test_gateway_write_config(const char *folder, const char *text)
{
    char *path = g_build_filename(folder, "gateway.conf", NULL);
    g_autoptr(GError) error = NULL;

    g_file_set_contents(path, text, -1, &error);
    g_assert_no_error(error);
    return path;
}

/* A socket has its name before it takes connections, so that the file alone is not enough; the
 * kernel lists both. Nobody is connected for this: it would be taken for a player. */
static gboolean
is_listening(const char *socket_path)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    g_assert_true(g_file_get_contents("/proc/net/unix", &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++) {
        const char *path = strchr(lines[i], '/');
        guint flags = 0;

        if (path != NULL && strcmp(path, socket_path) == 0 &&
            sscanf(lines[i], "%*s %*x %*x %x", &flags) == 1 && (flags & LISTENING) != 0)
            return TRUE;
    }
    return FALSE;
}

TestChild *
test_gateway_start(const char *config, const char *socket_path)
{
    const char *const argv[] = {TEST_GATEWAY, "--config", config, NULL};
    gint64 until_us = g_get_monotonic_time() + PATIENCE_US;
    TestChild *gateway;

    /* A left-over of a killed one would look like a new one. */
    g_unlink(socket_path);
    gateway = test_child_start(argv);
    while (!is_listening(socket_path)) {
        g_assert_cmpint(g_get_monotonic_time(), <, until_us);
        g_usleep(2000);
    }
    return gateway;
}

int
test_gateway_run(const char *config, const char *arguments, char **out_stdout,
                 char **out_stderr)
{
    g_autofree char *command =
        g_strdup_printf("%s --config %s %s", TEST_GATEWAY, config, arguments);
    g_autoptr(GError) error = NULL;
    int status = 0;

    g_spawn_command_line_sync(command, out_stdout, out_stderr, &status, &error);
    g_assert_no_error(error);
    return WEXITSTATUS(status);
}

const char *
test_serial_line_path(void)
{
    return TEST_SERIAL_LINE;
}

TestChild *
test_holder_start(const char *socket_path)
{
    const char *const argv[] = {TEST_LEASE_HOLDER, socket_path, NULL};
    TestChild *holder = test_child_start(argv);

    g_free(test_child_expect(holder, "connected"));
    return holder;
}
