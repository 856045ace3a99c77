/* test-notify.c - what the service manager hears on its socket. */
#include "content/base/notify.h"

#include <glib/gstdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int
manager_socket_new(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    g_assert_cmpint(bind(fd, (struct sockaddr *) &address, sizeof address), ==, 0);
    return fd;
}

static void
expect(int fd, const char *text)
{
    char message[256] = "";
    gssize n_bytes = recv(fd, message, sizeof message - 1, MSG_DONTWAIT);

    g_assert_cmpint(n_bytes, >, 0);
    g_assert_cmpstr(message, ==, text);
}

static void
test_messages(void)
{
    g_autofree char *folder = g_dir_make_tmp("loa-notify-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "notify", NULL);
    int fd = manager_socket_new(path);

    g_setenv("NOTIFY_SOCKET", path, TRUE);
    content_notify_ready("plan of 3 days");
    expect(fd, "READY=1\nSTATUS=plan of 3 days");
    content_notify_status("playing");
    expect(fd, "STATUS=playing");
    content_notify_alive();
    expect(fd, "WATCHDOG=1");
    content_notify_stopping();
    expect(fd, "STOPPING=1");
    g_unsetenv("NOTIFY_SOCKET");
    content_notify_ready("nobody listens");
    g_assert_cmpint(recv(fd, &(char){0}, 1, MSG_DONTWAIT), ==, -1);
    close(fd);
    g_unlink(path);
    g_rmdir(folder);
}

static void
test_watchdog(void)
{
    g_unsetenv("WATCHDOG_USEC");
    g_assert_cmpint(content_notify_watchdog_us(), ==, 0);
    g_setenv("WATCHDOG_USEC", "30000000", TRUE);
    g_assert_cmpint(content_notify_watchdog_us(), ==, 15 * G_USEC_PER_SEC);
    g_setenv("WATCHDOG_PID", "1", TRUE);
    g_assert_cmpint(content_notify_watchdog_us(), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content/notify/messages", test_messages);
    g_test_add_func("/content/notify/watchdog", test_watchdog);
    return g_test_run();
}
