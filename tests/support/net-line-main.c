/*
 * net-line-main.c - loa-net-line NEAR FAR: a bad line between two network namespaces.
 *
 * Flow: a TUN device named "line" in each namespace -> net-line.c -> the other device. Commands
 * (net-line.h) come on stdin, a line each; the end of stdin ends the program. One thread.
 * Needs root, once, to enter the namespaces and make the devices.
 */
#include "tests/support/net-line.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEVICE_NAME "line"
/* Packets read from one device before the other has its turn. */
#define MAX_BURST         64
#define MAX_COMMAND_BYTES 1024
#define IDLE_MS           1000

enum { EXIT_OK = 0, EXIT_REFUSED = 1, EXIT_USAGE = 64 };

/* Returns: the device's descriptor; -1 after a sentence on stderr. */
static int
open_device(const char *namespace)
{
    g_autofree char *path = g_build_filename("/run/netns", namespace, NULL);
    int namespace_fd = open(path, O_RDONLY | O_CLOEXEC);
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    int device;

    if (namespace_fd < 0 || setns(namespace_fd, CLONE_NEWNET) != 0) {
        g_printerr("loa-net-line: entering %s: %s\n", path, g_strerror(errno));
        return -1;
    }
    close(namespace_fd);
    g_strlcpy(request.ifr_name, DEVICE_NAME, sizeof request.ifr_name);
    device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (device < 0 || ioctl(device, TUNSETIFF, &request) != 0) {
        g_printerr("loa-net-line: making a device in %s: %s\n", path, g_strerror(errno));
        return -1;
    }
    return device;
}

static void
read_packets(NetLine *line, int device, NetLineWay way)
{
    guint8 bytes[NET_LINE_MAX_PACKET_BYTES];

    for (guint i = 0; i < MAX_BURST; i++) {
        ssize_t n_bytes = read(device, bytes, sizeof bytes);

        if (n_bytes <= 0)
            return;
        net_line_put(line, way, bytes, (gsize) n_bytes, g_get_monotonic_time());
    }
}

static void
write_due(NetLine *line, const int *devices)
{
    for (;;) {
        g_autoptr(NetLinePacket) packet = net_line_take(line, g_get_monotonic_time());

        if (packet == NULL)
            return;
        /* A device that is full or down loses it, as a cable would. */
        if (write(devices[packet->way], g_bytes_get_data(packet->bytes, NULL),
                  g_bytes_get_size(packet->bytes)) < 0 &&
            errno != EAGAIN && errno != EIO)
            g_printerr("loa-net-line: %s\n", g_strerror(errno));
    }
}

static void
answer(NetLine *line, const char *command)
{
    const NetLineCounts *counts = net_line_counts(line);
    g_autoptr(GError) error = NULL;

    if (!net_line_command(line, command, &error))
        g_print("error %s\n", error->message);
    else
        g_print("ok taken=%" G_GUINT64_FORMAT " lost=%" G_GUINT64_FORMAT
                " doubled=%" G_GUINT64_FORMAT " reordered=%" G_GUINT64_FORMAT
                " overflowed=%" G_GUINT64_FORMAT "\n",
                counts->taken, counts->lost, counts->doubled, counts->reordered,
                counts->overflowed);
    fflush(stdout);
}

/* Returns: %FALSE at the end of stdin. */
static gboolean
read_commands(NetLine *line, GString *pending)
{
    char text[MAX_COMMAND_BYTES];
    ssize_t n_bytes = read(STDIN_FILENO, text, sizeof text);
    char *end;

    if (n_bytes <= 0)
        return FALSE;
    g_string_append_len(pending, text, n_bytes);
    while ((end = strchr(pending->str, '\n')) != NULL) {
        *end = '\0';
        answer(line, pending->str);
        g_string_erase(pending, 0, end - pending->str + 1);
    }
    if (pending->len > MAX_COMMAND_BYTES)
        g_string_truncate(pending, 0);
    return TRUE;
}

static int
wait_ms(NetLine *line)
{
    gint64 next_us = net_line_next_us(line);
    gint64 left_us = next_us - g_get_monotonic_time();

    if (next_us < 0)
        return IDLE_MS;
    return (int) CLAMP((left_us + 999) / 1000, 0, IDLE_MS);
}

static void
run(NetLine *line, const int *devices)
{
    g_autoptr(GString) pending = g_string_new(NULL);
    struct pollfd ready[] = {
        {.fd = devices[NET_LINE_TO_NEAR], .events = POLLIN},
        {.fd = devices[NET_LINE_TO_FAR], .events = POLLIN},
        {.fd = STDIN_FILENO, .events = POLLIN},
    };

    for (;;) {
        write_due(line, devices);
        poll(ready, G_N_ELEMENTS(ready), wait_ms(line));
        if (ready[0].revents != 0)
            read_packets(line, devices[NET_LINE_TO_NEAR], NET_LINE_TO_FAR);
        if (ready[1].revents != 0)
            read_packets(line, devices[NET_LINE_TO_FAR], NET_LINE_TO_NEAR);
        if (ready[2].revents != 0 && !read_commands(line, pending))
            return;
    }
}

int
main(int argc, char **argv)
{
    g_autoptr(NetLine) line = net_line_new(1);
    int devices[2];

    if (argc != 3) {
        g_printerr("usage: loa-net-line NEAR FAR   (two network namespaces)\n");
        return EXIT_USAGE;
    }
    devices[NET_LINE_TO_NEAR] = open_device(argv[1]);
    devices[NET_LINE_TO_FAR] = devices[NET_LINE_TO_NEAR] < 0 ? -1 : open_device(argv[2]);
    if (devices[NET_LINE_TO_FAR] < 0)
        return EXIT_REFUSED;
    g_print("ready\n");
    fflush(stdout);
    run(line, devices);
    return EXIT_OK;
}
