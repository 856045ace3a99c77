/*
 * board-sim.c - relay boards that exist only as a program, on TCP or on a serial line.
 *
 * loa-board-sim --tcp PORT | --rtu DEVICE [--baud N]  --board UNIT:KIND[:RELAYS[:INPUTS]] …
 *
 * Flow: bytes -> frames -> sim-board.h -> bytes; every change of a relay is a line on stdout,
 * "coil UNIT RELAY on|off MONOTONIC_US CAUSE". It misbehaves on request; requests come as
 * lines on stdin or through a FIFO (--control), each answered by "ok":
 *
 *   UNIT silent on|off      no answer, nothing done
 *   UNIT slow MS            everything so much later, the switching too
 *   UNIT exception CODE     answered to everything; 0: no more
 *   UNIT stick RELAY on|off the relay keeps its state whatever is written
 *   UNIT lie RELAY on|off   the relay reads the other way round
 *   UNIT coil RELAY on|off  somebody switches it by hand
 *   UNIT input NUMBER on|off
 *   UNIT state x            prints "state UNIT 01001000"
 *   0 cut x                 closes every TCP connection
 */
#include "tests/support/sim-board.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define MAX_BOARDS  32
#define MAX_CLIENTS 8
#define MAX_FRAME   260
#define MBAP_BYTES  7
/* A frame that is not whole after this long never will be. */
#define FRAME_GAP_US (100 * 1000)

typedef struct {
    int fd;
    guint source;
    guint8 bytes[MAX_FRAME];
    gsize n_bytes;
    gint64 heard_us;
} Client;

/* A request that a slow board has not begun to work on. */
typedef struct {
    gint64 due_us;
    int fd; /* the answer goes there, unless it was closed meanwhile */
    guint8 head[MBAP_BYTES];
    guint8 unit;
    guint8 pdu[SIM_MAX_PDU];
    gsize n_bytes;
} Request;

typedef struct {
    GMainLoop *loop;
    SimBoard boards[MAX_BOARDS];
    guint n_boards;
    gboolean is_rtu;
    Client clients[MAX_CLIENTS]; /* fd 0: free */
    GQueue requests;             /* (element-type Request) */
    GSource *timer;
    GString *commands;
} Sim;

static void
on_changed(const SimBoard *board, guint relay, gboolean is_closed, const char *cause,
           gint64 now_us)
{
    printf("coil %u %u %s %" G_GINT64_FORMAT " %s\n", board->unit, relay + 1,
           is_closed ? "on" : "off", now_us, cause);
    fflush(stdout);
}

static SimBoard *
find_board(Sim *sim, guint unit)
{
    for (guint i = 0; i < sim->n_boards; i++) {
        /* A TCP board does not look at the unit, as real ones do not. */
        if (sim->boards[i].unit == unit || (!sim->is_rtu && sim->n_boards == 1))
            return &sim->boards[i];
    }
    return NULL;
}

static guint16
crc16(const guint8 *bytes, gsize n_bytes)
{
    guint16 crc = 0xffff;

    for (gsize i = 0; i < n_bytes; i++) {
        crc ^= bytes[i];
        for (guint bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? (guint16) (crc >> 1) ^ 0xa001 : (guint16) (crc >> 1);
    }
    return crc;
}

static gboolean
client_is_there(const Sim *sim, int fd)
{
    for (gsize i = 0; i < MAX_CLIENTS; i++) {
        if (fd != 0 && sim->clients[i].fd == fd)
            return TRUE;
    }
    return FALSE;
}

static void
send_frame(Sim *sim, const Request *request, const guint8 *answer, gsize n_bytes)
{
    guint8 frame[MAX_FRAME];
    gsize length = 0;

    if (!client_is_there(sim, request->fd))
        return;
    if (!sim->is_rtu) {
        memcpy(frame, request->head, MBAP_BYTES);
        frame[4] = (guint8) ((n_bytes + 1) >> 8);
        frame[5] = (guint8) ((n_bytes + 1) & 0xff);
        length = MBAP_BYTES;
    } else {
        frame[length++] = request->unit;
    }
    memcpy(frame + length, answer, n_bytes);
    length += n_bytes;
    if (sim->is_rtu) {
        guint16 crc = crc16(frame, length);

        frame[length++] = (guint8) (crc & 0xff);
        frame[length++] = (guint8) (crc >> 8);
    }
    if (write(request->fd, frame, length) < 0 && errno != EAGAIN && errno != EPIPE)
        g_printerr("loa-board-sim: %s\n", g_strerror(errno));
}

static void
work_on(Sim *sim, const Request *request, gint64 now_us)
{
    SimBoard *board = find_board(sim, request->unit);
    guint8 answer[MAX_FRAME];
    gsize n_bytes;

    if (board == NULL || board->is_silent)
        return;
    n_bytes = sim_board_answer(board, request->pdu, request->n_bytes, answer, now_us);
    send_frame(sim, request, answer, n_bytes);
}

static gint64
work_on_due(Sim *sim, gint64 now_us)
{
    gint64 next_us = G_MAXINT64;

    for (GList *node = sim->requests.head, *next; node != NULL; node = next) {
        Request *request = node->data;

        next = node->next;
        if (request->due_us > now_us) {
            next_us = MIN(next_us, request->due_us);
            continue;
        }
        work_on(sim, request, now_us);
        g_queue_delete_link(&sim->requests, node);
        g_free(request);
    }
    return next_us;
}

static void
turn(Sim *sim)
{
    gint64 now_us = g_get_monotonic_time();
    gint64 next_us = work_on_due(sim, now_us);

    for (guint i = 0; i < sim->n_boards; i++)
        next_us = MIN(next_us, sim_board_tick(&sim->boards[i], now_us));
    g_source_set_ready_time(sim->timer, next_us == G_MAXINT64 ? -1 : next_us);
}

static gboolean
on_timer(gpointer data)
{
    turn(data);
    return G_SOURCE_CONTINUE;
}

static void
take_request(Sim *sim, int fd, const guint8 *head, guint8 unit, const guint8 *pdu,
             gsize n_bytes)
{
    const SimBoard *board = find_board(sim, unit);
    Request *request;

    if (board == NULL || n_bytes == 0 || n_bytes > SIM_MAX_PDU)
        return;
    request = g_new0(Request, 1);
    request->fd = fd;
    request->due_us = g_get_monotonic_time() + board->slow_ms * 1000;
    request->unit = unit;
    request->n_bytes = n_bytes;
    if (head != NULL)
        memcpy(request->head, head, MBAP_BYTES);
    memcpy(request->pdu, pdu, n_bytes);
    g_queue_push_tail(&sim->requests, request);
}

/* Returns: bytes used, 0: not whole yet */
static gsize
take_tcp_frame(Sim *sim, Client *client)
{
    gsize length = MBAP_BYTES - 1;

    if (client->n_bytes < MBAP_BYTES)
        return 0;
    length += (gsize) client->bytes[4] << 8 | client->bytes[5];
    if (length > MAX_FRAME || length < MBAP_BYTES + 1)
        return client->n_bytes;
    if (client->n_bytes < length)
        return 0;
    take_request(sim, client->fd, client->bytes, client->bytes[6], client->bytes + MBAP_BYTES,
                 length - MBAP_BYTES);
    return length;
}

/* A request on a serial line tells its length by its function alone. */
static gsize
take_rtu_frame(Sim *sim, Client *client)
{
    gsize length = 8;

    if (client->n_bytes < 8)
        return 0;
    if (client->bytes[1] == 0x0f || client->bytes[1] == 0x10)
        length = 9 + (gsize) client->bytes[6];
    if (length > MAX_FRAME)
        return 1;
    if (client->n_bytes < length)
        return 0;
    if (crc16(client->bytes, length) != 0)
        return 1;
    take_request(sim, client->fd, NULL, client->bytes[0], client->bytes + 1, length - 3);
    return length;
}

static void
drop_client(Client *client)
{
    if (client->fd == 0)
        return;
    g_source_remove(client->source);
    close(client->fd);
    memset(client, 0, sizeof *client);
}

static gboolean on_client(gint fd, GIOCondition condition, gpointer data);

static void
add_client(Sim *sim, int fd)
{
    for (gsize i = 0; i < MAX_CLIENTS; i++) {
        if (sim->clients[i].fd == 0) {
            sim->clients[i].fd = fd;
            sim->clients[i].source =
                g_unix_fd_add_full(G_PRIORITY_HIGH, fd, G_IO_IN, on_client, sim, NULL);
            return;
        }
    }
    close(fd);
}

/* The other end of the line is gone for good: waiting on it would only turn and turn. */
static void
leave_line(void)
{
    printf("line gone\n");
    fflush(stdout);
    exit(EXIT_SUCCESS);
}

static gboolean
on_client(gint fd, GIOCondition condition, gpointer data)
{
    Sim *sim = data;
    Client *client = sim->clients;
    gint64 now_us = g_get_monotonic_time();
    ssize_t n;
    gsize used;

    while (client->fd != fd)
        client++;
    if (sim->is_rtu && now_us - client->heard_us > FRAME_GAP_US)
        client->n_bytes = 0;
    client->heard_us = now_us;
    n = read(fd, client->bytes + client->n_bytes, MAX_FRAME - client->n_bytes);
    if (n <= 0 && !(n < 0 && errno == EAGAIN)) {
        if (sim->is_rtu)
            leave_line();
        drop_client(client);
    }
    if (n <= 0)
        return G_SOURCE_CONTINUE;
    client->n_bytes += (gsize) n;
    while ((used = sim->is_rtu ? take_rtu_frame(sim, client) : take_tcp_frame(sim, client)) >
           0) {
        client->n_bytes -= used;
        memmove(client->bytes, client->bytes + used, client->n_bytes);
    }
    turn(sim);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_listener(gint fd, GIOCondition condition, gpointer data)
{
    int accepted = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    int on = 1;

    if (accepted < 0)
        return G_SOURCE_CONTINUE;
    setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    add_client(data, accepted);
    return G_SOURCE_CONTINUE;
}

/* What a word of a command does to a board; @number is a relay from 1, or a figure. */
static gboolean
obey(Sim *sim, SimBoard *board, const char *word, guint number, gboolean on)
{
    guint32 bit = number >= 1 && number <= 32 ? 1u << (number - 1) : 0;

    if (strcmp(word, "silent") == 0)
        board->is_silent = on;
    else if (strcmp(word, "slow") == 0)
        board->slow_ms = number;
    else if (strcmp(word, "exception") == 0)
        board->exception = (guint8) number;
    else if (strcmp(word, "stick") == 0)
        board->stuck = on ? board->stuck | bit : board->stuck & ~bit;
    else if (strcmp(word, "lie") == 0)
        board->lying = on ? board->lying | bit : board->lying & ~bit;
    else if (strcmp(word, "coil") == 0 && bit != 0)
        sim_board_by_hand(board, number - 1, on, g_get_monotonic_time());
    else if (strcmp(word, "input") == 0 && bit != 0)
        board->inputs[number - 1] = on;
    else
        return FALSE;
    return TRUE;
}

static void
print_state(const SimBoard *board)
{
    printf("state %u ", board->unit);
    for (guint i = 0; i < board->n_relays; i++)
        putchar(board->closed[i] ? '1' : '0');
    putchar('\n');
}

static void
take_command(Sim *sim, const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 4);
    guint n_words = g_strv_length(words);
    const char *last = n_words < 3 ? "" : words[n_words - 1];
    SimBoard *board =
        n_words < 3 ? NULL : find_board(sim, (guint) g_ascii_strtoull(words[0], NULL, 10));
    gboolean is_known = FALSE;

    if (n_words >= 3 && strcmp(words[1], "cut") == 0) {
        for (gsize i = 0; i < MAX_CLIENTS; i++)
            drop_client(&sim->clients[i]);
        is_known = TRUE;
    } else if (board != NULL && strcmp(words[1], "state") == 0) {
        print_state(board);
        is_known = TRUE;
    } else if (board != NULL) {
        is_known = obey(sim, board, words[1], (guint) g_ascii_strtoull(words[2], NULL, 10),
                        strcmp(last, "on") == 0);
    }
    printf("%s %s\n", is_known ? "ok" : "what?", line);
    fflush(stdout);
}

static gboolean
on_commands(gint fd, GIOCondition condition, gpointer data)
{
    Sim *sim = data;
    char bytes[512];
    ssize_t n = read(fd, bytes, sizeof bytes);
    char *end;

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return G_SOURCE_CONTINUE;
    if (n <= 0)
        return G_SOURCE_REMOVE;
    g_string_append_len(sim->commands, bytes, n);
    while ((end = strchr(sim->commands->str, '\n')) != NULL) {
        g_autofree char *line =
            g_strndup(sim->commands->str, (gsize) (end - sim->commands->str));

        g_string_erase(sim->commands, 0, end - sim->commands->str + 1);
        take_command(sim, line);
    }
    return G_SOURCE_CONTINUE;
}

static gboolean
listen_tcp(Sim *sim, int port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((guint16) port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t length = sizeof address;
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *) &address, sizeof address) < 0 || listen(fd, 8) < 0 ||
        getsockname(fd, (struct sockaddr *) &address, &length) < 0)
        return FALSE;
    g_unix_fd_add(fd, G_IO_IN, on_listener, sim);
    printf("listening tcp %u\n", ntohs(address.sin_port));
    return TRUE;
}

static speed_t
speed_of(int baud)
{
    static const struct {
        int baud;
        speed_t speed;
    } speeds[] = {
        {1200, B1200}, {9600, B9600}, {19200, B19200}, {38400, B38400}, {115200, B115200},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(speeds); i++) {
        if (speeds[i].baud == baud)
            return speeds[i].speed;
    }
    return B0;
}

static gboolean
listen_rtu(Sim *sim, const char *device, int baud)
{
    int fd = open(device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    struct termios line;

    if (fd < 0 || tcgetattr(fd, &line) < 0 || speed_of(baud) == B0)
        return FALSE;
    cfmakeraw(&line);
    cfsetspeed(&line, speed_of(baud));
    if (tcsetattr(fd, TCSANOW, &line) < 0)
        return FALSE;
    add_client(sim, fd);
    printf("listening rtu %s\n", device);
    return TRUE;
}

static gboolean
open_control(Sim *sim, const char *path)
{
    int fd;

    if (mkfifo(path, 0600) < 0 && errno != EEXIST)
        return FALSE;
    /* Both ends, so that the FIFO does not end when a writer closes it. */
    fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return FALSE;
    g_unix_fd_add(fd, G_IO_IN, on_commands, sim);
    return TRUE;
}

static gboolean
add_boards(Sim *sim, char **texts)
{
    for (gsize i = 0; texts != NULL && texts[i] != NULL && sim->n_boards < MAX_BOARDS; i++) {
        if (!sim_board_parse(&sim->boards[sim->n_boards], texts[i]))
            return FALSE;
        sim->boards[sim->n_boards++].changed = on_changed;
    }
    return sim->n_boards > 0;
}

static gboolean
on_signal(gpointer data)
{
    g_main_loop_quit(data);
    return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_timer(GSource *source, GSourceFunc callback, gpointer data)
{
    return callback(data);
}

static GSourceFuncs timer_funcs = {.dispatch = dispatch_timer};

static void
run(Sim *sim)
{
    sim->loop = g_main_loop_new(NULL, FALSE);
    sim->timer = g_source_new(&timer_funcs, sizeof(GSource));
    g_source_set_callback(sim->timer, on_timer, sim, NULL);
    g_source_attach(sim->timer, NULL);
    g_unix_signal_add(SIGTERM, on_signal, sim->loop);
    g_unix_signal_add(SIGINT, on_signal, sim->loop);
    fflush(stdout);
    g_main_loop_run(sim->loop);
    for (gsize i = 0; i < MAX_CLIENTS; i++)
        drop_client(&sim->clients[i]);
    g_queue_clear_full(&sim->requests, g_free);
    g_source_destroy(sim->timer);
    g_source_unref(sim->timer);
    g_main_loop_unref(sim->loop);
}

int
main(int argc, char **argv)
{
    int port = -1, baud = 9600;
    g_autofree char *device = NULL, *control = NULL;
    g_auto(GStrv) boards = NULL;
    const GOptionEntry entries[] = {
        {"tcp", 0, 0, G_OPTION_ARG_INT, &port, "Serve Modbus TCP; 0: any port", "PORT"},
        {"rtu", 0, 0, G_OPTION_ARG_FILENAME, &device, "Serve Modbus RTU", "DEVICE"},
        {"baud", 0, 0, G_OPTION_ARG_INT, &baud, "Of the serial line", "N"},
        {"board", 0, 0, G_OPTION_ARG_STRING_ARRAY, &boards, "A board",
         "UNIT:KIND[:RELAYS[:INPUTS]]"},
        {"control", 0, 0, G_OPTION_ARG_FILENAME, &control, "FIFO to be made for commands",
         "FIFO"},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    Sim sim = {.is_rtu = FALSE, .commands = g_string_new(NULL)};

    /* Whoever started it may be killed in a test; it must not stay behind. */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    /* What it stands for has a processor of its own; where that is not allowed, it shares. */
    setpriority(PRIO_PROCESS, 0, -15);
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || !add_boards(&sim, boards) ||
        (port < 0 && device == NULL)) {
        g_printerr("loa-board-sim: %s\n",
                   error != NULL ? error->message : "needs --tcp or --rtu, and --board");
        return 2;
    }
    sim.is_rtu = device != NULL;
    g_queue_init(&sim.requests);
    if (!(sim.is_rtu ? listen_rtu(&sim, device, baud) : listen_tcp(&sim, port)) ||
        (control != NULL && !open_control(&sim, control))) {
        g_printerr("loa-board-sim: %s\n", g_strerror(errno));
        return 1;
    }
    g_unix_fd_add(STDIN_FILENO, G_IO_IN, on_commands, &sim);
    run(&sim);
    g_string_free(sim.commands, TRUE);
    return 0;
}
