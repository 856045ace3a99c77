/*
 * test-listeners.c - listeners whose certificate is another, also where the new one cannot
 * begin; and what the service manager hears of it.
 */
#include "scheduler/listeners.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "scheduler/publish/patience.h"
#include "scheduler/standing.h"
#include "tests/support/event-tape.h"
#include "tests/support/fake-clock.h"
#include "tests/support/port.h"
#include "tests/support/scratch.h"
#include "tests/support/test-ca.h"

typedef struct {
    char *folder;
    TestCa *ca;
    SchedConfig config;
    SchedAuthority *authority;
    ContentClock *clock;
    EventTape *tape;
    SchedListeners *listeners;
} Fixture;

static void
on_said(const char *words, gpointer data)
{
    event_tape_add(((Fixture *) data)->tape, "said: %s", words);
}

/* What the system says of a port stands behind its last colon. */
static void
on_trouble(const char *words, gpointer data)
{
    g_autofree char *first = g_strndup(words, strcspn(words, ":"));

    event_tape_add(((Fixture *) data)->tape, "trouble: %s", first);
}

static void
on_unserved(const char *words, gpointer data)
{
    event_tape_add(((Fixture *) data)->tape, words == NULL ? "all served" : "not all served");
}

static const SchedListenersEvents events = {on_said, on_trouble, on_unserved};

/* Another certificate in the same file, as somebody's own authority renews it. */
static void
issue(Fixture *f)
{
    g_free(f->config.people_certificate);
    f->config.people_certificate =
        test_ca_issue(f->ca, "people", "loa-scheduler", TEST_CERTIFICATE_SERVER);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    static char *hosts[] = {(char *) "127.0.0.1", NULL};
    g_autofree char *authority = NULL;
    g_autoptr(GError) error = NULL;

    f->folder = test_scratch_new();
    f->ca = test_ca_new(f->folder, "own");
    f->config = (SchedConfig){.state_folder = f->folder,
                              .people_address = (char *) "127.0.0.1",
                              .people_port = test_free_port(),
                              .people_hosts = hosts,
                              .station_address = (char *) "127.0.0.1",
                              .station_hosts = hosts,
                              .max_connections = 10,
                              .max_per_address = 10};
    f->config.people_key = g_build_filename(f->folder, "people.key", NULL);
    issue(f);
    authority = g_build_filename(f->folder, "authority", NULL);
    f->clock = fake_clock_new(g_get_real_time());
    f->authority =
        sched_authority_create(authority, "Chư Păh", content_clock_utc_us(f->clock), &error);
    g_assert_no_error(error);
    f->tape = event_tape_new();
    f->listeners =
        sched_listeners_start(&f->config, f->authority, NULL, f->clock, &events, f, &error);
    g_assert_no_error(error);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    sched_listeners_stop(f->listeners);
    g_assert_cmpuint(fake_clock_n_pending(f->clock), ==, 0);
    event_tape_free(f->tape);
    content_clock_free(f->clock);
    sched_authority_free(f->authority);
    test_ca_free(f->ca);
    test_scratch_free(f->folder);
    g_free(f->config.people_certificate);
    g_free(f->config.people_key);
}

static gboolean
serves_people(Fixture *f)
{
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_autoptr(GSocketConnection) connection =
        g_socket_client_connect_to_host(client, "127.0.0.1", (guint16) f->config.people_port,
                                        NULL, NULL);

    return connection != NULL;
}

static void
test_renewed(Fixture *f, gconstpointer data)
{
    sched_listeners_renew(f->listeners);
    event_tape_expect(f->tape, "all served");
    issue(f);
    sched_listeners_renew(f->listeners);
    event_tape_expect(f->tape, "said: serving people with a new certificate");
    event_tape_expect(f->tape, "all served");
    g_assert_true(serves_people(f));
}

/* A certificate that is none: the old one serves on, until somebody mends the file. */
static void
test_bad_certificate(Fixture *f, gconstpointer data)
{
    g_assert_true(g_file_set_contents(f->config.people_certificate, "none", -1, NULL));
    sched_listeners_renew(f->listeners);
    event_tape_expect(f->tape, "trouble: renewing the certificate for people");
    event_tape_expect(f->tape, "all served");
    g_assert_true(serves_people(f));
    g_assert_cmpuint(fake_clock_n_pending(f->clock), ==, 0);
}

/* Somebody else has the port: told once, and served again as soon as it is free. */
static void
test_port_taken(Fixture *f, gconstpointer data)
{
    g_autoptr(GSocketListener) other = g_socket_listener_new();
    guint n_tried = 0;

    f->config.people_port = g_socket_listener_add_any_inet_port(other, NULL, NULL);
    issue(f);
    sched_listeners_renew(f->listeners);
    event_tape_expect(f->tape, "trouble: people are not served");
    event_tape_expect(f->tape, "not all served");
    for (gint64 end_us =
             content_clock_monotonic_us(f->clock) + G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC;
         content_clock_monotonic_us(f->clock) < end_us; n_tried++) {
        g_assert_true(fake_clock_advance_to_next(f->clock));
        event_tape_expect(f->tape, "not all served");
    }
    g_assert_cmpuint(n_tried, >=, 6);
    g_assert_cmpuint(n_tried, <=, 12);

    g_socket_listener_close(other);
    fake_clock_advance(f->clock, 2 * SCHED_PATIENCE_MOST_US);
    event_tape_expect(f->tape, "said: serving people with a new certificate");
    event_tape_expect(f->tape, "all served");
    g_assert_true(serves_people(f));
    g_assert_cmpuint(fake_clock_n_pending(f->clock), ==, 0);
}

/* ---- what the service manager hears ---- */

static void
expect_said(int fd, const char *text)
{
    char message[256] = "";
    gssize n_bytes = recv(fd, message, sizeof message - 1, MSG_DONTWAIT);

    g_assert_cmpint(n_bytes, >, 0);
    g_assert_cmpstr(message, ==, text);
}

static void
test_standing(void)
{
    char *folder = test_scratch_new();
    g_autofree char *path = g_build_filename(folder, "notify", NULL);
    char *uris[] = {NULL};
    const SchedConfig config = {.broker_uris = uris};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    SchedStanding *standing = sched_standing_new(&config);

    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    g_assert_cmpint(bind(fd, (struct sockaddr *) &address, sizeof address), ==, 0);
    g_setenv("NOTIFY_SOCKET", path, TRUE);
    sched_standing_brokers(standing, 0, 1);
    sched_standing_begin(standing);
    g_assert_cmpint(recv(fd, &(char){0}, 1, MSG_DONTWAIT), ==, -1);
    sched_standing_brokers(standing, 1, 1);
    expect_said(fd, "READY=1\nSTATUS=brokers: 1, connected: 1");
    sched_standing_unserved(standing, "people are not served: port taken");
    expect_said(fd, "STATUS=people are not served: port taken; brokers: 1, connected: 1");
    sched_standing_unserved(standing, "people are not served: port taken");
    g_assert_cmpint(recv(fd, &(char){0}, 1, MSG_DONTWAIT), ==, -1);
    sched_standing_brokers(standing, 0, 1);
    expect_said(fd, "STATUS=people are not served: port taken; brokers: 1, connected: 0");
    sched_standing_unserved(standing, NULL);
    expect_said(fd, "STATUS=brokers: 1, connected: 0");
    g_unsetenv("NOTIFY_SOCKET");
    sched_standing_free(standing);
    close(fd);
    test_scratch_free(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/scheduler/listeners/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("renewed", test_renewed);
    ADD("bad-certificate", test_bad_certificate);
    ADD("port-taken", test_port_taken);
    g_test_add_func("/scheduler/standing", test_standing);
    return g_test_run();
}
