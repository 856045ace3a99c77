/*
 * probe.c - see probe.h
 *
 * It speaks libmodbus directly and not through line.h: a technician waits for each answer, and
 * nothing here may ever write.
 */
#include "gateway/probe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "content/reader.h"

#define PROBE_RESPONSE_US (200 * 1000)
#define PROBE_RELAYS      8

static modbus_t *
open_line(const GateLineSpec *spec, GError **error)
{
    static const char parities[] = {'N', 'E', 'O'};
    g_autofree char *port = g_strdup_printf("%u", spec->port);
    modbus_t *line = spec->kind == GATE_LINE_SERIAL
                         ? modbus_new_rtu(spec->device, spec->baud, parities[spec->parity], 8,
                                          spec->stop_bits)
                         : modbus_new_tcp_pi(spec->address, port);

    if (line != NULL)
        modbus_set_response_timeout(line, (guint32) (spec->response_us / G_USEC_PER_SEC),
                                    (guint32) (spec->response_us % G_USEC_PER_SEC));
    if (line != NULL && modbus_connect(line) == 0)
        return line;
    g_set_error(error, GATE_CONFIG_ERROR, GATE_CONFIG_ERROR_INVALID, "line %s: %s", spec->id,
                errno == EINPROGRESS ? "does not accept a connection" : modbus_strerror(errno));
    modbus_free(line);
    return NULL;
}

static void
print_relays(guint32 closed, guint n_relays)
{
    for (guint i = 0; i < n_relays; i++)
        printf(" %u:%s", i + 1, (closed & (1u << i)) != 0 ? "CLOSED" : "open");
    printf("\n");
}

/* The errand does not know how the board is called. */
static void
print_wrong(ContentRemark *wrong, const char *board)
{
    g_autofree char *words = NULL;

    g_free(wrong->subject);
    wrong->subject = g_strdup(board);
    words = content_wording_remark(wrong, content_reader_here(), NULL);
    printf(" %s\n", words);
}

static gboolean
probe_board(const GateConfig *config, guint board)
{
    const GateLineSpec *spec = &config->lines[config->board_lines[board]];
    g_autoptr(GError) error = NULL;
    GateJobResult result = {.job = {.kind = GATE_JOB_READ, .board = board}};
    modbus_t *line = open_line(spec, &error);

    if (line == NULL) {
        printf("board %-12s %s\n", config->board_ids[board], error->message);
        return FALSE;
    }
    gate_errand_run(line, &config->boards[board], &result);
    modbus_close(line);
    modbus_free(line);
    printf("board %-12s line %s, unit %u, %s:", config->board_ids[board], spec->id,
           config->boards[board].unit, config->boards[board].profile->name);
    if (result.status == GATE_JOB_DONE)
        print_relays(result.closed, config->boards[board].n_relays);
    else
        print_wrong(result.wrong, config->board_ids[board]);
    content_remark_free(result.wrong);
    return result.status == GATE_JOB_DONE;
}

guint
gate_probe_config(const GateConfig *config)
{
    guint n_missing = 0;

    for (guint i = 0; i < config->n_boards; i++) {
        n_missing += !probe_board(config, i);
        fflush(stdout);
    }
    return n_missing;
}

static gboolean
parse_line(const char *text, GateLineSpec *out, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, ":", 3);
    guint n_parts = g_strv_length(parts);
    guint64 number = 0;
    gboolean is_serial = n_parts > 0 && strcmp(parts[0], "serial") == 0;

    if (n_parts < 2 || (!is_serial && strcmp(parts[0], "tcp") != 0) ||
        (n_parts == 3 &&
         !g_ascii_string_to_unsigned(parts[2], 10, 1, 4000000, &number, NULL))) {
        g_set_error(error, GATE_CONFIG_ERROR, GATE_CONFIG_ERROR_INVALID,
                    "'%s' is neither serial:DEVICE[:BAUD] nor tcp:ADDRESS[:PORT]", text);
        return FALSE;
    }
    *out = (GateLineSpec){
        .id = g_strdup(text),
        .kind = is_serial ? GATE_LINE_SERIAL : GATE_LINE_TCP,
        .device = g_strdup(parts[1]),
        .address = g_strdup(parts[1]),
        .baud = number == 0 ? 9600 : (int) number,
        .port = number == 0 ? 502 : (guint) number,
        .stop_bits = 1,
        .response_us = PROBE_RESPONSE_US,
    };
    return TRUE;
}

/* TRUE when the unit said anything at all, an exception included. */
static gboolean
has_answered(int n_read)
{
    return n_read >= 0 || (errno > MODBUS_ENOBASE && errno <= EMBXGTAR);
}

static void
print_bits(const char *what, int n_read, const guint8 *bits)
{
    if (n_read < 0)
        return;
    printf(", %s", what);
    for (int i = 0; i < n_read; i++)
        printf(" %u", bits[i]);
}

static void
print_registers(modbus_t *line, int base)
{
    guint16 values[PROBE_RELAYS];
    int n_read = modbus_read_registers(line, base, PROBE_RELAYS, values);

    if (n_read < 0)
        return;
    printf(", registers from %d", base);
    for (int i = 0; i < n_read; i++)
        printf(" %04x", values[i]);
}

static gboolean
probe_unit(modbus_t *line, guint unit)
{
    guint8 coils[PROBE_RELAYS], inputs[PROBE_RELAYS];
    int n_coils;

    modbus_set_slave(line, (int) unit);
    modbus_flush(line);
    n_coils = modbus_read_bits(line, 0, PROBE_RELAYS, coils);
    if (!has_answered(n_coils))
        return FALSE;
    printf("unit %u answers", unit);
    print_bits("coils from 0", n_coils, coils);
    print_bits("inputs from 0", modbus_read_input_bits(line, 0, PROBE_RELAYS, inputs), inputs);
    print_registers(line, 0);
    print_registers(line, 1);
    printf("\n");
    fflush(stdout);
    return TRUE;
}

int
gate_probe_line(const char *text, guint last_unit, GError **error)
{
    GateLineSpec spec = {0};
    modbus_t *line = NULL;
    int n_found = 0;

    if (parse_line(text, &spec, error))
        line = open_line(&spec, error);
    for (guint unit = 1; line != NULL && unit <= last_unit; unit++) {
        gboolean is_found = probe_unit(line, unit);

        n_found += is_found;
        /* A TCP board that did not answer may be out of step: a new connection for the next. */
        if (!is_found && spec.kind == GATE_LINE_TCP) {
            modbus_close(line);
            modbus_free(line);
            line = open_line(&spec, error);
        }
    }
    gate_line_spec_clear(&spec);
    if (line == NULL)
        return -1;
    modbus_close(line);
    modbus_free(line);
    return n_found;
}
