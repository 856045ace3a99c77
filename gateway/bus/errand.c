/*
 * errand.c - see errand.h
 *
 * A step that fails leaves errno as libmodbus set it; the errand ends there, is judged once,
 * and the core asks for it again if it is still needed.
 */
#include "gateway/bus/errand.h"

#include <errno.h>
#include <string.h>

#define FC_READ_COILS     0x01
#define FC_WRITE_COIL     0x05
#define FC_WRITE_COILS    0x0f
#define MAX_RELAYS        32
#define EXCEPTION_FLAG    0x80
#define ECHO_BYTES        5 /* function, address, value: all writes here are echoed so far */
#define MAX_REQUEST_BYTES (1 + 6 + MAX_RELAYS / 8)

/* Codes for the journal and the district; libmodbus' own texts are meant for programmers. */
static GateJobStatus
judge_errno(int code, ContentRemark **out_wrong)
{
    /* clang-format off */
    static const struct { int code; GateJobStatus status; const char *remark; } known[] = {
        { ETIMEDOUT,   GATE_JOB_SILENT,  "board_silent"      },
        { EMBBADCRC,   GATE_JOB_GARBLED, "board_damaged"     },
        { EMBBADDATA,  GATE_JOB_GARBLED, "board_lies"        },
        { EMBBADEXC,   GATE_JOB_GARBLED, "board_not_modbus"  },
        { EMBUNKEXC,   GATE_JOB_GARBLED, "board_not_modbus"  },
        { EMBBADSLAVE, GATE_JOB_GARBLED, "board_other"       },
        { EMBXILFUN,   GATE_JOB_REFUSED, "board_no_function" },
        { EMBXILADD,   GATE_JOB_REFUSED, "board_no_address"  },
        { EMBXILVAL,   GATE_JOB_REFUSED, "board_no_value"    },
        { EMBXSFAIL,   GATE_JOB_REFUSED, "board_own_fault"   },
        { EMBXSBUSY,   GATE_JOB_REFUSED, "board_busy"        },
    };
    /* clang-format on */

    for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
        if (known[i].code == code) {
            *out_wrong = content_remark_new(known[i].remark, NULL, NULL);
            return known[i].status;
        }
    }
    if (code > MODBUS_ENOBASE) {
        *out_wrong = content_remark_new("board_exception", NULL, NULL);
        content_remark_add_number(*out_wrong, "exception", code - MODBUS_ENOBASE);
        return GATE_JOB_REFUSED;
    }
    *out_wrong =
        content_remark_say(content_remark_new("line_lost", NULL, NULL), g_strerror(code));
    return GATE_JOB_LINE;
}

/* Sends one request and takes its echo; @request begins with the unit. */
static gboolean
exchange(modbus_t *line, const guint8 *request, guint n_bytes)
{
    guint8 answer[MODBUS_TCP_MAX_ADU_LENGTH];
    int header = modbus_get_header_length(line);
    int length;

    if (modbus_send_raw_request(line, (guint8 *) request, (int) n_bytes) < 0)
        return FALSE;
    length = modbus_receive_confirmation(line, answer);
    if (length < 0)
        return FALSE;
    /* The last byte of the header is the unit, on a serial line and over TCP alike. */
    if (length < header + 2 || answer[header - 1] != request[0]) {
        errno = EMBBADSLAVE;
        return FALSE;
    }
    if (answer[header] == (request[1] | EXCEPTION_FLAG)) {
        errno = MODBUS_ENOBASE + answer[header + 1];
        return FALSE;
    }
    if (length < header + ECHO_BYTES || memcmp(answer + header, request + 1, ECHO_BYTES) != 0) {
        errno = EMBBADDATA;
        return FALSE;
    }
    return TRUE;
}

static gboolean
write_one(modbus_t *line, const GateBusBoard *board, guint address, guint value)
{
    const guint8 request[] = {
        (guint8) board->unit,      board->profile->write_function, (guint8) (address >> 8),
        (guint8) (address & 0xff), (guint8) (value >> 8),          (guint8) (value & 0xff),
    };

    return exchange(line, request, sizeof request);
}

/* Opens @count relays from @first with one request. */
static gboolean
open_run(modbus_t *line, const GateBusBoard *board, guint first, guint count)
{
    guint8 request[MAX_REQUEST_BYTES] = {0};
    guint address = board->base + first;
    guint n_bytes = (count + 7) / 8;

    request[0] = (guint8) board->unit;
    request[1] = FC_WRITE_COILS;
    request[2] = (guint8) (address >> 8);
    request[3] = (guint8) (address & 0xff);
    request[5] = (guint8) count;
    request[6] = (guint8) n_bytes;
    return exchange(line, request, 7 + n_bytes);
}

static gboolean
open_one(modbus_t *line, const GateBusBoard *board, guint relay, const GateJob *job,
         gboolean is_off_already)
{
    const GateProfile *profile = board->profile;
    guint address = board->base + relay;
    gboolean has_cancel = profile->cancel != GATE_PROFILE_NONE;

    /* The usual command is the one that ends what we ourselves use; a thorough opening gives
     * both, since somebody else may have closed the relay in the other way. */
    if (has_cancel && (job->is_thorough || job->timed_on_us != 0) &&
        !write_one(line, board, address, (guint) profile->cancel))
        return FALSE;
    if (has_cancel && (is_off_already || (!job->is_thorough && job->timed_on_us != 0)))
        return TRUE;
    return write_one(line, board, address, profile->off);
}

static guint
run_length(guint32 relays, guint first)
{
    guint count = 0;

    while (first + count < MAX_RELAYS && (relays & (1u << (first + count))) != 0)
        count++;
    return count;
}

/* TRUE where a whole run went out at once and nothing more is needed for it. */
static gboolean
try_open_run(modbus_t *line, const GateBusBoard *board, const GateJob *job, guint first,
             guint count)
{
    return board->profile->opens_runs && count > 1 && !job->is_thorough &&
           open_run(line, board, first, count);
}

static gboolean
open_relays(modbus_t *line, const GateBusBoard *board, const GateJob *job)
{
    const GateProfile *profile = board->profile;
    gboolean is_all_off = job->is_thorough && profile->all_off_address != GATE_PROFILE_NONE &&
                          job->relays == G_MAXUINT32 >> (MAX_RELAYS - board->n_relays);
    guint count;

    if (is_all_off &&
        !write_one(line, board, (guint) profile->all_off_address, profile->all_off))
        return FALSE;
    for (guint i = 0; i < board->n_relays; i += MAX(count, 1)) {
        count = run_length(job->relays, i);
        if (count == 0 || try_open_run(line, board, job, i, count))
            continue;
        /* Only a board that has no such function is asked relay by relay instead. */
        if (count > 1 && profile->opens_runs && !job->is_thorough && errno != EMBXILFUN)
            return FALSE;
        count = 1;
        if (!open_one(line, board, i, job, is_all_off))
            return FALSE;
    }
    return TRUE;
}

static gboolean
close_relays(modbus_t *line, const GateBusBoard *board, const GateJob *job)
{
    const GateProfile *profile = board->profile;
    gint64 units = 0;

    if (job->timed_on_us != 0 && profile->timer_unit_ms != 0)
        units = CLAMP(job->timed_on_us / 1000 / profile->timer_unit_ms, 1,
                      (gint64) profile->timer_max_units);
    for (guint i = 0; i < board->n_relays; i++) {
        guint address = board->base + i + (units == 0 ? 0 : profile->timer_offset);
        guint value = units == 0 ? profile->on : profile->timer_value + (guint) units;

        if ((job->relays & (1u << i)) != 0 && !write_one(line, board, address, value))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_coils(modbus_t *line, const GateBusBoard *board, guint32 *out_closed)
{
    guint8 bits[MAX_RELAYS] = {0};
    guint32 closed = 0;

    if (modbus_read_bits(line, board->base, (int) board->n_relays, bits) < 0)
        return FALSE;
    for (guint i = 0; i < board->n_relays; i++)
        closed |= bits[i] == board->profile->reads_closed ? 1u << i : 0;
    *out_closed = closed;
    return TRUE;
}

static gboolean
read_registers(modbus_t *line, const GateBusBoard *board, guint32 *out_closed)
{
    guint16 values[MAX_RELAYS] = {0};
    guint32 closed = 0;

    if (modbus_read_registers(line, board->base, (int) board->n_relays, values) < 0)
        return FALSE;
    for (guint i = 0; i < board->n_relays; i++) {
        if (values[i] == board->profile->reads_closed) {
            closed |= 1u << i;
        } else if (values[i] != board->profile->reads_open) {
            errno = EMBBADDATA;
            return FALSE;
        }
    }
    *out_closed = closed;
    return TRUE;
}

static gboolean
read_relays(modbus_t *line, const GateBusBoard *board, guint32 *out_closed)
{
    return board->profile->read_function == FC_READ_COILS
               ? read_coils(line, board, out_closed)
               : read_registers(line, board, out_closed);
}

static gboolean
read_inputs(modbus_t *line, const GateBusBoard *board, guint32 *out_closed)
{
    guint8 bits[MAX_RELAYS] = {0};
    guint32 closed = 0;

    if (modbus_read_input_bits(line, board->profile->input_base, (int) board->n_inputs, bits) <
        0)
        return FALSE;
    for (guint i = 0; i < board->n_inputs; i++)
        closed |= bits[i] != 0 ? 1u << i : 0;
    *out_closed = closed;
    return TRUE;
}

static gboolean
read_back(modbus_t *line, const GateBusBoard *board, GateJobResult *out)
{
    gint64 asked_us = g_get_monotonic_time();
    gboolean is_read = out->job.kind == GATE_JOB_INPUTS
                           ? read_inputs(line, board, &out->closed)
                           : read_relays(line, board, &out->closed);

    out->read_took_us = g_get_monotonic_time() - asked_us;
    return is_read;
}

static gboolean
run(modbus_t *line, const GateBusBoard *board, GateJobResult *out)
{
    const GateJob *job = &out->job;

    if (modbus_set_slave(line, (int) board->unit) < 0)
        return FALSE;
    if (job->kind == GATE_JOB_OPEN && !open_relays(line, board, job))
        return FALSE;
    if (job->kind == GATE_JOB_CLOSE && !close_relays(line, board, job))
        return FALSE;
    return read_back(line, board, out);
}

void
gate_errand_run(modbus_t *line, const GateBusBoard *board, GateJobResult *out)
{
    errno = 0;
    if (run(line, board, out)) {
        out->status = GATE_JOB_DONE;
        return;
    }
    out->status = judge_errno(errno, &out->wrong);
}
