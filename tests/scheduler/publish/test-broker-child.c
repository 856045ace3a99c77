/* test-broker-child.c - a real mosquitto on our own files: started, restarted, and revoking. */
#include "scheduler/publish/broker-child.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "scheduler/publish/broker-files.h"
#include "tests/support/scratch.h"
#include "tests/support/test-ca.h"
#include "tests/support/wait.h"

typedef struct {
    char *folder;
    TestCa *ca;
    char *certificate, *key, *revoked;
    ContentClock *clock;
    GString *said;
} Fixture;

static void
on_said(const char *words, gpointer user_data)
{
    Fixture *f = user_data;

    g_string_append_printf(f->said, "%s\n", words);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    g_autofree char *stranger = NULL;

    f->folder = test_scratch_new();
    f->ca = test_ca_new(f->folder, "ca");
    f->certificate = test_ca_issue(f->ca, "broker", "127.0.0.1", TEST_CERTIFICATE_SERVER);
    f->key = g_build_filename(f->folder, "broker.key", NULL);
    stranger = test_ca_issue(f->ca, "gone", "gone", TEST_CERTIFICATE_CLIENT);
    f->revoked = test_ca_revoke(f->ca, stranger);
    f->clock = content_clock_system_new();
    f->said = g_string_new(NULL);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    content_clock_free(f->clock);
    g_string_free(f->said, TRUE);
    g_free(f->certificate);
    g_free(f->key);
    g_free(f->revoked);
    test_ca_free(f->ca);
    test_scratch_free(f->folder);
}

static SchedBrokerChild *
start(Fixture *f)
{
    g_autofree char *folder = g_build_filename(f->folder, "state", NULL);
    g_autofree char *config = g_build_filename(folder, "mosquitto.conf", NULL);
    g_autoptr(GPtrArray) stations = g_ptr_array_new();
    const struct passwd *account = getpwuid(geteuid());
    const SchedBrokerPlace place = {
        .folder = folder,
        .address = "127.0.0.1",
        .port = 1 + (guint) g_test_rand_int_range(20000, 30000),
        .authority = test_ca_path(f->ca),
        .certificate = f->certificate,
        .key = f->key,
        .revoked = f->revoked,
        .user = account == NULL ? NULL : account->pw_name,
    };
    g_autoptr(GError) error = NULL;
    gboolean has_changed;
    SchedBrokerChild *child;

    g_ptr_array_add(stations, (gpointer) "ia-pa");
    g_assert_true(sched_broker_files_write(&place, stations, &has_changed, &error));
    g_assert_no_error(error);
    child =
        sched_broker_child_start("/usr/sbin/mosquitto", config, f->clock, on_said, f, &error);
    g_assert_no_error(error);
    return child;
}

static gboolean
is_gone(GPid pid)
{
    return kill(pid, 0) != 0 && errno == ESRCH;
}

static void
test_restarts(Fixture *f, gconstpointer data)
{
    g_autoptr(SchedBrokerChild) child = start(f);
    GPid first = sched_broker_child_pid(child);
    GPid second;

    g_assert_cmpint(first, >, 0);
    kill(first, SIGKILL);
    TEST_WAIT_UNTIL(sched_broker_child_pid(child) != 0 &&
                    sched_broker_child_pid(child) != first);
    second = sched_broker_child_pid(child);
    g_assert_nonnull(strstr(f->said->str, "broker ended by signal 9"));
    sched_broker_child_reload(child);
    g_assert_cmpint(sched_broker_child_pid(child), ==, second);
    sched_broker_child_restart(child);
    TEST_WAIT_UNTIL(sched_broker_child_pid(child) != 0 &&
                    sched_broker_child_pid(child) != second);
}

static void
test_ends_with_us(Fixture *f, gconstpointer data)
{
    SchedBrokerChild *child = start(f);
    GPid pid = sched_broker_child_pid(child);

    sched_broker_child_free(child);
    g_assert_true(is_gone(pid));
}

/* Under its unit the scheduler alone may speak to systemd. */
static void
test_says_nothing_to_systemd(Fixture *f, gconstpointer data)
{
    g_autoptr(SchedBrokerChild) child = NULL;
    g_autofree char *path = NULL, *environment = NULL;
    gsize length = 0;

    g_setenv("NOTIFY_SOCKET", "/nowhere", TRUE);
    child = start(f);
    g_unsetenv("NOTIFY_SOCKET");
    path = g_strdup_printf("/proc/%d/environ", sched_broker_child_pid(child));
    g_assert_true(g_file_get_contents(path, &environment, &length, NULL));
    g_assert_cmpuint(length, >, 0);
    for (gsize at = 0; at < length; at += strlen(environment + at) + 1)
        g_assert_false(g_str_has_prefix(environment + at, "NOTIFY_SOCKET="));
}

static void
test_no_such_program(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    SchedBrokerChild *child =
        sched_broker_child_start("/nonexistent/mosquitto", "/x", f->clock, on_said, f, &error);

    g_assert_null(child);
    g_assert_error(error, SCHED_BROKER_ERROR, SCHED_BROKER_ERROR_START);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function)                                                                    \
    g_test_add("/publish/broker-child/" name, Fixture, NULL, set_up, function, tear_down)
    ADD("restarts", test_restarts);
    ADD("ends-with-us", test_ends_with_us);
    ADD("no-such-program", test_no_such_program);
    ADD("says-nothing-to-systemd", test_says_nothing_to_systemd);
    return g_test_run();
}
