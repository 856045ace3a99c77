/*
 * line.c - see line.h
 *
 * Two threads share the queue and nothing else: the owner pushes, the worker pops. Results go
 * back as sources on the owner's context, each with a reference to the line, so that one that
 * is dispatched after gate_line_free() finds it closed and is dropped.
 */
#include "gateway/bus/line.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define BACKOFF_FIRST_US (250 * 1000)
#define BACKOFF_MAX_US   (5 * G_USEC_PER_SEC)
/* Between two bytes of one answer; a USB adapter hands them over in lots of 16 ms. */
#define BYTE_TIMEOUT_US (50 * 1000)
/* A line is quiet when nothing came for this long after the last byte. */
#define SETTLED_MS 20
/* Start bit, eight bits, parity, stop bit. */
#define BITS_PER_CHARACTER 11
/* Reading relays: eight ask, five stand around what is answered. */
#define READ_CHARACTERS (8 + 5)

struct GateLine {
    GateLineSpec spec;
    GateBusBoard *boards; /* (owned) (array length=n_boards) */
    guint n_boards;
    GateLineFunc done;
    gpointer user_data;
    GMainContext *context; /* (owned): of the owner */
    GThread *worker;
    gboolean is_closed; /* owner's side: no callback any more */

    GMutex mutex;
    GCond wake;
    GQueue jobs;          /* guarded: (element-type GateJob), by kind */
    gboolean is_stopping; /* guarded */

    /* The worker's own. */
    modbus_t *modbus; /* (owned) (nullable): NULL: not connected */
    guint n_refusals; /* connecting failed so often in a row */
    gint64 next_connect_us;
};

typedef struct {
    GateLine *line; /* (owned): a reference */
    GateJobResult result;
} Delivery;

void
gate_line_spec_clear(GateLineSpec *spec)
{
    g_clear_pointer(&spec->id, g_free);
    g_clear_pointer(&spec->device, g_free);
    g_clear_pointer(&spec->address, g_free);
}

static void
line_clear(gpointer data)
{
    GateLine *line = data;

    gate_line_spec_clear(&line->spec);
    g_free(line->boards);
    g_main_context_unref(line->context);
    g_queue_clear_full(&line->jobs, g_free);
    g_mutex_clear(&line->mutex);
    g_cond_clear(&line->wake);
}

static void
delivery_free(gpointer data)
{
    Delivery *delivery = data;

    content_remark_free(delivery->result.wrong);
    g_atomic_rc_box_release_full(delivery->line, line_clear);
    g_free(delivery);
}

static gboolean
on_delivery(gpointer data)
{
    Delivery *delivery = data;

    if (!delivery->line->is_closed)
        delivery->line->done(&delivery->result, delivery->line->user_data);
    return G_SOURCE_REMOVE;
}

/* From either thread; @result's remark changes hands. Never calls back at once, so that a push
 * from within a callback does not nest. */
static void
deliver(GateLine *line, const GateJobResult *result)
{
    g_autoptr(GSource) source = g_idle_source_new();
    Delivery *delivery = g_new0(Delivery, 1);

    delivery->line = g_atomic_rc_box_acquire(line);
    delivery->result = *result;
    g_source_set_priority(source, G_PRIORITY_HIGH);
    g_source_set_callback(source, on_delivery, delivery, delivery_free);
    g_source_attach(source, line->context);
}

static gboolean
is_opening_waiting(GateLine *line)
{
    const GateJob *head;
    gboolean is_opening;

    g_mutex_lock(&line->mutex);
    head = g_queue_peek_head(&line->jobs);
    is_opening = line->is_stopping || (head != NULL && head->kind == GATE_JOB_OPEN);
    g_mutex_unlock(&line->mutex);
    return is_opening;
}

static modbus_t *
make_context(const GateLineSpec *spec)
{
    static const char parities[] = {'N', 'E', 'O'};
    g_autofree char *port = NULL;

    if (spec->kind == GATE_LINE_SERIAL)
        return modbus_new_rtu(spec->device, spec->baud, parities[spec->parity], 8,
                              spec->stop_bits);
    port = g_strdup_printf("%u", spec->port);
    return modbus_new_tcp_pi(spec->address, port);
}

static void
disconnect(GateLine *line)
{
    if (line->modbus == NULL)
        return;
    modbus_close(line->modbus);
    modbus_free(line->modbus);
    line->modbus = NULL;
}

static void
back_off(GateLine *line, gint64 now_us)
{
    gint64 wait_us =
        MIN((gint64) BACKOFF_FIRST_US << MIN(line->n_refusals, 10), BACKOFF_MAX_US);

    line->n_refusals++;
    /* A quarter more or less, so that lines that failed together do not come back together. */
    line->next_connect_us = now_us + wait_us * g_random_int_range(75, 126) / 100;
}

static ContentRemark *
no_line(const GateLine *line, const char *code, const char *words)
{
    return content_remark_say(content_remark_new(code, NULL, "line", line->spec.id, NULL),
                              words);
}

/* Returns: (nullable): why there is no connection; NULL: there is one */
static ContentRemark *
ensure_connected(GateLine *line, gboolean at_once)
{
    int cause;

    if (line->modbus != NULL)
        return NULL;
    if (g_get_monotonic_time() < line->next_connect_us && !at_once)
        return no_line(line, "line_waits", NULL);
    line->modbus = make_context(&line->spec);
    if (line->modbus == NULL)
        return no_line(line, "line_unusable", modbus_strerror(errno));
    modbus_set_response_timeout(line->modbus,
                                (guint32) (line->spec.response_us / G_USEC_PER_SEC),
                                (guint32) (line->spec.response_us % G_USEC_PER_SEC));
    modbus_set_byte_timeout(line->modbus, 0, BYTE_TIMEOUT_US);
    modbus_set_error_recovery(line->modbus, MODBUS_ERROR_RECOVERY_NONE);
    if (modbus_connect(line->modbus) == 0) {
        line->n_refusals = 0;
        return NULL;
    }
    /* libmodbus leaves EINPROGRESS behind when a host does not answer in time. */
    cause = errno;
    disconnect(line);
    back_off(line, g_get_monotonic_time());
    return no_line(line, "line_down",
                   cause == EINPROGRESS ? "does not accept a connection" : g_strerror(cause));
}

/* Listens until the line is quiet. Returns: whether anything came, that is, a late answer. */
static gboolean
listen_until_quiet(GateLine *line)
{
    gint64 until_us = g_get_monotonic_time() + line->spec.quiet_us;
    struct pollfd fd = {.fd = modbus_get_socket(line->modbus), .events = POLLIN};
    gboolean came = FALSE;
    guint8 bytes[256];

    while (g_get_monotonic_time() < until_us && !is_opening_waiting(line)) {
        int n = poll(&fd, 1, SETTLED_MS);

        if (n == 0 && came)
            break;
        if (n < 0 || (n > 0 && read(fd.fd, bytes, sizeof bytes) <= 0))
            break;
        came |= n > 0;
    }
    return came;
}

/* After an answer that is missing or wrong the next one might belong to this request. */
static void
get_into_step(GateLine *line, GateJobResult *result)
{
    if (result->status == GATE_JOB_DONE || result->status == GATE_JOB_REFUSED)
        return;
    if (line->spec.kind == GATE_LINE_TCP || result->status == GATE_JOB_LINE) {
        disconnect(line);
        return;
    }
    if (listen_until_quiet(line) && result->status == GATE_JOB_SILENT) {
        result->status = GATE_JOB_LATE;
        content_remark_free(result->wrong);
        result->wrong = content_remark_new("board_late", NULL, NULL);
    }
}

/* What the wire itself needs, at most, for asking after all relays and for the answer. */
static gint64
wire_us(const GateLineSpec *spec, const GateBusBoard *board)
{
    gint64 characters = READ_CHARACTERS + 2 * (gint64) board->n_relays;

    if (spec->kind == GATE_LINE_TCP)
        return 0;
    return characters * BITS_PER_CHARACTER * G_USEC_PER_SEC / MAX(spec->baud, 1);
}

static void
run_job(GateLine *line, const GateJob *job)
{
    const GateBusBoard *board = &line->boards[job->board];
    GateJobResult result = {.job = *job};
    ContentRemark *refusal = ensure_connected(line, job->kind == GATE_JOB_OPEN);

    if (refusal != NULL) {
        result.status = GATE_JOB_LINE;
        result.wrong = refusal;
    } else {
        /* What came unasked since the last request is nobody's answer. */
        modbus_flush(line->modbus);
        gate_errand_run(line->modbus, board, &result);
        result.is_slow =
            result.read_took_us - wire_us(&line->spec, board) > line->spec.response_us / 2;
        get_into_step(line, &result);
    }
    deliver(line, &result);
}

static gpointer
work(gpointer data)
{
    GateLine *line = data;
    g_autofree GateJob *job = NULL;

    for (;;) {
        g_mutex_lock(&line->mutex);
        while (!line->is_stopping && g_queue_is_empty(&line->jobs))
            g_cond_wait(&line->wake, &line->mutex);
        g_free(job);
        job = line->is_stopping ? NULL : g_queue_pop_head(&line->jobs);
        g_mutex_unlock(&line->mutex);
        if (job == NULL)
            break;
        run_job(line, job);
    }
    disconnect(line);
    return NULL;
}

static GateLineSpec
copy_spec(const GateLineSpec *spec)
{
    GateLineSpec copy = *spec;

    copy.id = g_strdup(spec->id);
    copy.device = g_strdup(spec->device);
    copy.address = g_strdup(spec->address);
    return copy;
}

GateLine *
gate_line_new(const GateLineSpec *spec, const GateBusBoard *boards, guint n_boards,
              GateLineFunc done, gpointer user_data)
{
    GateLine *line = g_atomic_rc_box_new0(GateLine);
    g_autofree char *name = g_strdup_printf("line-%s", spec->id);

    line->spec = copy_spec(spec);
    line->boards = g_memdup2(boards, n_boards * sizeof *boards);
    line->n_boards = n_boards;
    line->done = done;
    line->user_data = user_data;
    line->context = g_main_context_ref_thread_default();
    g_mutex_init(&line->mutex);
    g_cond_init(&line->wake);
    g_queue_init(&line->jobs);
    line->worker = g_thread_new(name, work, line);
    return line;
}

/* Takes waiting closings of @job's board out of the queue. Called with the mutex held. */
static GSList *
overtake(GateLine *line, const GateJob *job)
{
    GSList *overtaken = NULL;

    for (GList *node = line->jobs.head, *next; node != NULL; node = next) {
        GateJob *waiting = node->data;

        next = node->next;
        if (waiting->board == job->board && waiting->kind == GATE_JOB_CLOSE) {
            overtaken = g_slist_prepend(overtaken, waiting);
            g_queue_delete_link(&line->jobs, node);
        }
    }
    return overtaken;
}

static gint
compare_jobs(gconstpointer a, gconstpointer b, gpointer user_data)
{
    const GateJob *left = a, *right = b;

    /* "Not before" for equal kinds keeps the order in which they came. */
    return left->kind <= right->kind ? -1 : 1;
}

void
gate_line_push(GateLine *line, const GateJob *job)
{
    GSList *overtaken = NULL;

    g_return_if_fail(job->board < line->n_boards);
    g_mutex_lock(&line->mutex);
    if (job->kind == GATE_JOB_OPEN)
        overtaken = overtake(line, job);
    g_queue_insert_sorted(&line->jobs, g_memdup2(job, sizeof *job), compare_jobs, NULL);
    g_cond_signal(&line->wake);
    g_mutex_unlock(&line->mutex);
    for (GSList *node = overtaken; node != NULL; node = node->next) {
        const GateJobResult cancelled = {.job = *(GateJob *) node->data,
                                         .status = GATE_JOB_CANCELLED};

        deliver(line, &cancelled);
    }
    g_slist_free_full(overtaken, g_free);
}

void
gate_line_free(GateLine *line)
{
    if (line == NULL)
        return;
    line->is_closed = TRUE;
    g_mutex_lock(&line->mutex);
    line->is_stopping = TRUE;
    g_cond_signal(&line->wake);
    g_mutex_unlock(&line->mutex);
    g_thread_join(line->worker);
    g_atomic_rc_box_release_full(line, line_clear);
}
