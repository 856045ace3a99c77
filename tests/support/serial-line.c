/*
 * serial-line.c - a serial line made of two pseudo-terminals, with the time a real one takes.
 *
 * loa-serial-line LINK_A LINK_B BAUD
 *
 * Flow: a byte read at one end is written to the other when its last bit would have arrived.
 * The two links point at the terminals; "ready" is printed when they are there. A pseudo-
 * terminal alone ignores the speed, so that a test on it says nothing about 9600 baud.
 */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* Start bit, eight bits, stop bit. */
#define BITS_PER_CHARACTER 10
#define QUEUE_BYTES        4096

/* Bytes under way in one direction. */
typedef struct {
    guint8 bytes[QUEUE_BYTES];
    gint64 due_ns[QUEUE_BYTES];
    guint head, tail; /* counted on, taken modulo QUEUE_BYTES */
    gint64 free_ns;   /* when the wire is free for the next character */
} Direction;

static gint64
now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Opens a terminal and keeps its other side open too, so that no end ever hangs up. */
static int
make_end(const char *link_path)
{
    struct termios raw;
    char name[64];
    int master, slave;

    if (openpty(&master, &slave, name, NULL, NULL) < 0 || tcgetattr(slave, &raw) < 0)
        return -1;
    cfmakeraw(&raw);
    unlink(link_path);
    if (tcsetattr(slave, TCSANOW, &raw) < 0 || fcntl(master, F_SETFL, O_NONBLOCK) < 0 ||
        symlink(name, link_path) < 0)
        return -1;
    return master;
}

static void
take_in(Direction *direction, int fd, gint64 character_ns)
{
    guint8 bytes[256];
    gint64 now = now_ns();
    ssize_t n = read(fd, bytes, sizeof bytes);

    direction->free_ns = MAX(direction->free_ns, now);
    for (ssize_t i = 0; i < n && direction->head - direction->tail < QUEUE_BYTES; i++) {
        guint at = direction->head++ % QUEUE_BYTES;

        direction->free_ns += character_ns;
        direction->bytes[at] = bytes[i];
        direction->due_ns[at] = direction->free_ns;
    }
}

/* Returns: when the next byte is due; G_MAXINT64: none is under way */
static gint64
let_out(Direction *direction, int fd)
{
    gint64 now = now_ns();

    while (direction->tail != direction->head) {
        guint at = direction->tail % QUEUE_BYTES;

        if (direction->due_ns[at] > now)
            return direction->due_ns[at];
        if (write(fd, &direction->bytes[at], 1) < 0 && errno != EAGAIN)
            return G_MAXINT64;
        direction->tail++;
    }
    return G_MAXINT64;
}

static void
carry(const int *ends, gint64 character_ns)
{
    Direction *directions = g_new0(Direction, 2);

    for (;;) {
        struct pollfd fds[2] = {{ends[0], POLLIN, 0}, {ends[1], POLLIN, 0}};
        gint64 next = MIN(let_out(&directions[0], ends[1]), let_out(&directions[1], ends[0]));
        gint64 now = now_ns();
        gint64 wait = MAX(next - now, 0);
        struct timespec span = {wait / 1000000000, wait % 1000000000};

        if (ppoll(fds, 2, next == G_MAXINT64 ? NULL : &span, NULL) < 0 && errno != EINTR)
            break;
        for (guint i = 0; i < 2; i++) {
            if ((fds[i].revents & POLLIN) != 0)
                take_in(&directions[i], ends[i], character_ns);
        }
    }
    g_free(directions);
}

int
main(int argc, char **argv)
{
    long baud = argc == 4 ? atol(argv[3]) : 0;
    int ends[2];

    if (baud <= 0) {
        fprintf(stderr, "loa-serial-line LINK_A LINK_B BAUD\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    /* What it stands for has a processor of its own; where that is not allowed, it shares. */
    setpriority(PRIO_PROCESS, 0, -15);
    prctl(PR_SET_TIMERSLACK, 1000);
    for (guint i = 0; i < 2; i++) {
        ends[i] = make_end(argv[1 + i]);
        if (ends[i] < 0) {
            perror("loa-serial-line");
            return 1;
        }
    }
    puts("ready");
    fflush(stdout);
    carry(ends, G_GINT64_CONSTANT(1000000000) * BITS_PER_CHARACTER / baud);
    return 1;
}
