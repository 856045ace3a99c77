/* sim-board.c - see sim-board.h */
#include "tests/support/sim-board.h"

#include <string.h>

#define ILLEGAL_FUNCTION 1
#define ILLEGAL_ADDRESS  2
#define ILLEGAL_VALUE    3
#define FLASH_ON         0x0200
#define ALL_COILS        0x00ff

gboolean
sim_board_parse(SimBoard *board, const char *text)
{
    static const char *const kinds[] = {"coils", "r421a08", "ryn408f", NULL};
    g_auto(GStrv) parts = g_strsplit(text, ":", 4);
    guint n_parts = g_strv_length(parts);
    guint64 unit = 0, relays = 8, inputs = 0;

    if (n_parts < 2 || !g_ascii_string_to_unsigned(parts[0], 10, 1, 247, &unit, NULL) ||
        !g_strv_contains(kinds, parts[1]) ||
        (n_parts > 2 && !g_ascii_string_to_unsigned(parts[2], 10, 1, 32, &relays, NULL)) ||
        (n_parts > 3 && !g_ascii_string_to_unsigned(parts[3], 10, 0, 32, &inputs, NULL)))
        return FALSE;
    *board = (SimBoard){.unit = (guint8) unit, .n_relays = (guint) relays};
    board->n_inputs = (guint) inputs;
    while (strcmp(kinds[board->kind], parts[1]) != 0)
        board->kind++;
    return TRUE;
}

static void
set_relay(SimBoard *board, guint relay, gboolean closed, const char *cause, gint64 now_us)
{
    if (board->closed[relay] == closed || (board->stuck & (1u << relay)) != 0)
        return;
    board->closed[relay] = closed;
    if (board->changed != NULL)
        board->changed(board, relay, closed, cause, now_us);
}

void
sim_board_by_hand(SimBoard *board, guint relay, gboolean closed, gint64 now_us)
{
    if (relay < board->n_relays)
        set_relay(board, relay, closed, "hand", now_us);
}

gint64
sim_board_tick(SimBoard *board, gint64 now_us)
{
    gint64 next_us = G_MAXINT64;

    for (guint i = 0; i < board->n_relays; i++) {
        if (board->opens_us[i] != 0 && now_us >= board->opens_us[i]) {
            board->opens_us[i] = 0;
            set_relay(board, i, FALSE, "timer", now_us);
        } else if (board->opens_us[i] != 0) {
            next_us = MIN(next_us, board->opens_us[i]);
        }
    }
    return next_us;
}

static void
close_for(SimBoard *board, guint relay, gint64 span_us, gint64 now_us)
{
    set_relay(board, relay, TRUE, "write", now_us);
    board->opens_us[relay] = now_us + span_us;
}

static void
write_plain(SimBoard *board, guint relay, gboolean closed, gint64 now_us)
{
    board->opens_us[relay] = 0;
    set_relay(board, relay, closed, "write", now_us);
}

static gboolean
reads_closed(const SimBoard *board, guint relay)
{
    return board->closed[relay] != ((board->lying & (1u << relay)) != 0);
}

/* The commands of the register boards; what they do not know they ignore, as the boards do. */
static void
command(SimBoard *board, guint relay, guint8 code, guint8 seconds, gint64 now_us)
{
    gboolean timer_runs = board->opens_us[relay] != 0;

    if (board->kind == SIM_RYN408F && timer_runs && code != 0x06)
        return;
    switch (code) {
    case 0x01:
        write_plain(board, relay, TRUE, now_us);
        break;
    case 0x02:
        write_plain(board, relay, FALSE, now_us);
        break;
    case 0x03:
        write_plain(board, relay, !board->closed[relay], now_us);
        break;
    case 0x05:
        close_for(board, relay, G_USEC_PER_SEC, now_us);
        break;
    case 0x06:
        if (seconds == 0)
            write_plain(board, relay, FALSE, now_us);
        else
            close_for(board, relay, seconds * (gint64) G_USEC_PER_SEC, now_us);
        break;
    default:
        break;
    }
}

static guint8
write_register(SimBoard *board, guint address, guint value, gint64 now_us)
{
    guint base = board->kind == SIM_RYN408F ? 0 : 1;
    guint8 code = (guint8) (value >> 8);

    if (board->kind == SIM_RYN408F && address == 0 && (code == 0x07 || code == 0x08)) {
        for (guint i = 0; i < board->n_relays; i++)
            command(board, i, code == 0x07 ? 0x01 : 0x02, 0, now_us);
        return 0;
    }
    if (address < base || address - base >= board->n_relays)
        return ILLEGAL_ADDRESS;
    command(board, address - base, code, (guint8) (value & 0xff), now_us);
    return 0;
}

static guint8
write_coil(SimBoard *board, guint address, guint value, gint64 now_us)
{
    if (address >= FLASH_ON && address - FLASH_ON < board->n_relays && value < 0x8000) {
        close_for(board, address - FLASH_ON, value * (gint64) 100000, now_us);
        return 0;
    }
    if (value != 0xff00 && value != 0x0000)
        return ILLEGAL_VALUE;
    for (guint i = 0; i < board->n_relays && address == ALL_COILS; i++)
        write_plain(board, i, value != 0, now_us);
    if (address == ALL_COILS)
        return 0;
    if (address >= board->n_relays)
        return ILLEGAL_ADDRESS;
    write_plain(board, address, value != 0, now_us);
    return 0;
}

static guint8
write_coils(SimBoard *board, const guint8 *request, gsize n_bytes, gint64 now_us)
{
    guint first = (guint) request[1] << 8 | request[2];
    guint count = (guint) request[3] << 8 | request[4];

    if (n_bytes < 6 || count == 0 || n_bytes != 6 + (count + 7) / 8)
        return ILLEGAL_VALUE;
    if (first + count > board->n_relays)
        return ILLEGAL_ADDRESS;
    for (guint i = 0; i < count; i++)
        write_plain(board, first + i, (request[6 + i / 8] & (1u << (i % 8))) != 0, now_us);
    return 0;
}

static gsize
read_bits(const SimBoard *board, const guint8 *request, guint8 *answer, guint8 *out_exception)
{
    gboolean is_inputs = request[0] == 0x02;
    guint first = (guint) request[1] << 8 | request[2];
    guint count = (guint) request[3] << 8 | request[4];
    guint n_bytes = (count + 7) / 8;

    if (count == 0 || first + count > (is_inputs ? board->n_inputs : board->n_relays)) {
        *out_exception = ILLEGAL_ADDRESS;
        return 0;
    }
    answer[1] = (guint8) n_bytes;
    memset(answer + 2, 0, n_bytes);
    for (guint i = 0; i < count; i++) {
        if (is_inputs ? board->inputs[first + i] : reads_closed(board, first + i))
            answer[2 + i / 8] |= (guint8) (1u << (i % 8));
    }
    return 2 + n_bytes;
}

static gsize
read_registers(const SimBoard *board, const guint8 *request, guint8 *answer,
               guint8 *out_exception)
{
    guint base = board->kind == SIM_RYN408F ? 0 : 1;
    guint first = (guint) request[1] << 8 | request[2];
    guint count = (guint) request[3] << 8 | request[4];

    if (count == 0 || first < base || first - base + count > board->n_relays) {
        *out_exception = ILLEGAL_ADDRESS;
        return 0;
    }
    answer[1] = (guint8) (2 * count);
    for (guint i = 0; i < count; i++) {
        answer[2 + 2 * i] = 0;
        answer[3 + 2 * i] = reads_closed(board, first - base + i);
    }
    return 2 + 2 * count;
}

static gsize
serve_coils(SimBoard *board, const guint8 *request, gsize n_bytes, guint8 *answer,
            guint8 *out_exception, gint64 now_us)
{
    guint address = (guint) request[1] << 8 | request[2];
    guint value = (guint) request[3] << 8 | request[4];

    switch (request[0]) {
    case 0x01:
        return read_bits(board, request, answer, out_exception);
    case 0x02:
        if (board->n_inputs > 0)
            return read_bits(board, request, answer, out_exception);
        break;
    case 0x05:
        *out_exception = write_coil(board, address, value, now_us);
        return 5;
    case 0x0f:
        *out_exception = write_coils(board, request, n_bytes, now_us);
        return 5;
    default:
        break;
    }
    *out_exception = ILLEGAL_FUNCTION;
    return 0;
}

static gsize
serve_registers(SimBoard *board, const guint8 *request, guint8 *answer, guint8 *out_exception,
                gint64 now_us)
{
    guint address = (guint) request[1] << 8 | request[2];
    guint value = (guint) request[3] << 8 | request[4];

    if (request[0] == 0x03)
        return read_registers(board, request, answer, out_exception);
    if (request[0] == 0x06)
        *out_exception = write_register(board, address, value, now_us);
    else
        *out_exception = ILLEGAL_FUNCTION;
    return 5;
}

gsize
sim_board_answer(SimBoard *board, const guint8 *request, gsize n_bytes, guint8 *answer,
                 gint64 now_us)
{
    guint8 exception = board->exception;
    gsize length = 0;

    sim_board_tick(board, now_us);
    memcpy(answer, request, MIN(n_bytes, 5));
    if (n_bytes < 5)
        exception = ILLEGAL_VALUE;
    if (exception == 0)
        length = board->kind == SIM_COILS
                     ? serve_coils(board, request, n_bytes, answer, &exception, now_us)
                     : serve_registers(board, request, answer, &exception, now_us);
    if (exception == 0)
        return length;
    answer[0] = request[0] | 0x80;
    answer[1] = exception;
    return 2;
}
