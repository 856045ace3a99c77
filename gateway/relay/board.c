/* board.c - see board.h */
#include "gateway/relay/board.h"

void
gate_board_init(GateBoard *board, const GateLayoutBoard *layout, guint index)
{
    *board = (GateBoard){.layout = layout, .index = index};
}

void
gate_board_clear(GateBoard *board)
{
    g_clear_pointer(&board->wrong, content_remark_free);
    g_clear_pointer(&board->inputs_wrong, content_remark_free);
}

/* The relays that are wanted as @closed says, do not read so, and whose turn it is. */
static guint32
overdue(const GateBoard *board, gboolean closed, gint64 now_us)
{
    guint32 relays = 0;

    for (guint i = 0; i < board->layout->n_relays; i++) {
        const GateCoil *coil = &board->coils[i];

        if (coil->is_wanted == closed && now_us >= gate_coil_write_us(coil))
            relays |= 1u << i;
    }
    return relays;
}

/* Whether an errand other than an opening may be sent. */
static gboolean
is_free(const GateBoard *board, gint64 now_us)
{
    return now_us >= board->next_try_us && !board->other_is_out &&
           !(board->is_silent && board->opening_relays != 0);
}

guint32
gate_board_unclosed(const GateBoard *board, gint64 now_us)
{
    return board->is_silent || !is_free(board, now_us) ? 0 : overdue(board, TRUE, now_us);
}

/* When the timer of the relay must be written anew; a third of its span leaves two chances. */
static gint64
renewal_us(const GateBoard *board, const GateCoil *coil)
{
    if (board->layout->timed_on_us == 0 || !coil->is_wanted ||
        coil->reading != GATE_READING_CLOSED)
        return G_MAXINT64;
    return coil->wrote_us + board->layout->timed_on_us / 3;
}

static guint32
to_renew(const GateBoard *board, gint64 now_us)
{
    guint32 relays = 0;

    for (guint i = 0; i < board->layout->n_relays; i++) {
        if (now_us >= renewal_us(board, &board->coils[i]))
            relays |= 1u << i;
    }
    return relays;
}

static gint64
inputs_due_us(const GateBoard *board)
{
    if (board->layout->n_inputs == 0 || board->is_silent)
        return G_MAXINT64;
    return board->inputs_read_us == 0 ? 0
                                      : board->inputs_read_us + board->layout->input_poll_us;
}

static gint64
read_due_us(const GateBoard *board)
{
    if (board->is_silent || board->read_us == 0)
        return 0;
    return board->read_us + GATE_BOARD_POLL_US;
}

/* A relay of which nothing is known, or that did not obey, gets every command that may help. */
static gboolean
needs_thoroughness(const GateBoard *board, guint32 relays)
{
    for (guint i = 0; i < board->layout->n_relays; i++) {
        const GateCoil *coil = &board->coils[i];

        if ((relays & (1u << i)) != 0 &&
            (coil->reading == GATE_READING_UNKNOWN || coil->tries > 0 || coil->stray_us != 0))
            return TRUE;
    }
    return FALSE;
}

static void
mark_written(GateBoard *board, guint32 relays, gint64 now_us)
{
    for (guint i = 0; i < board->layout->n_relays; i++) {
        if ((relays & (1u << i)) != 0)
            gate_coil_wrote(&board->coils[i], now_us);
    }
}

gboolean
gate_board_next_opening(GateBoard *board, gint64 now_us, GateJob *out_job)
{
    guint32 relays = overdue(board, FALSE, now_us);

    if (relays == 0 || board->opening_relays != 0 || now_us < board->next_try_us)
        return FALSE;
    *out_job = (GateJob){
        .kind = GATE_JOB_OPEN,
        .board = board->index,
        .relays = relays,
        .timed_on_us = board->layout->timed_on_us,
        .is_thorough = needs_thoroughness(board, relays),
    };
    board->opening_relays = relays;
    mark_written(board, relays, now_us);
    return TRUE;
}

gboolean
gate_board_next_other(GateBoard *board, guint32 may_close, gint64 now_us, GateJob *out_job)
{
    guint32 closing = may_close | to_renew(board, now_us);
    GateJob job = {.kind = GATE_JOB_READ, .board = board->index};

    if (!is_free(board, now_us))
        return FALSE;
    if (closing != 0) {
        job.kind = GATE_JOB_CLOSE;
        job.relays = closing;
        job.timed_on_us = board->layout->timed_on_us;
    } else if (now_us >= inputs_due_us(board)) {
        job.kind = GATE_JOB_INPUTS;
    } else if (now_us < read_due_us(board)) {
        return FALSE;
    }
    board->other_is_out = TRUE;
    mark_written(board, closing, now_us);
    *out_job = job;
    return TRUE;
}

static guint32
take_readings(GateBoard *board, const GateJobResult *result, gint64 now_us)
{
    guint32 strays = 0;

    for (guint i = 0; i < board->layout->n_relays; i++) {
        guint32 bit = 1u << i;
        /* Read before the opening that is still on its way: says nothing any more. */
        gboolean is_stale = (board->opening_relays & bit) != 0;
        gboolean wrote_wanted =
            (result->job.relays & bit) != 0 &&
            board->coils[i].is_wanted == (result->job.kind == GATE_JOB_CLOSE);

        if (!is_stale &&
            gate_coil_read(&board->coils[i], (result->closed & bit) != 0, wrote_wanted, now_us))
            strays |= bit;
    }
    board->read_us = now_us;
    return strays;
}

/* One slow answer in many is a busy machine; ten seconds of nothing else is the board. */
static void
take_pace(GateBoard *board, gboolean is_slow, gint64 now_us)
{
    if (!is_slow)
        board->slow_since_us = 0;
    else if (board->slow_since_us == 0)
        board->slow_since_us = now_us;
    board->is_slow = is_slow && now_us - board->slow_since_us >= GATE_BOARD_SLOW_SPAN_US;
}

static gint64
next_try_after(const GateBoard *board, gint64 now_us)
{
    gboolean is_urgent = now_us - board->silent_since_us < GATE_BOARD_URGENT_SPAN_US;

    if (!board->is_silent)
        return now_us;
    return now_us + (is_urgent ? GATE_BOARD_URGENT_POLL_US : GATE_BOARD_SILENT_POLL_US);
}

static void
take_failure(GateBoard *board, const GateJobResult *result, gint64 now_us)
{
    content_remark_free(board->wrong);
    board->wrong = result->wrong == NULL ? content_remark_new("board_silent", NULL, NULL)
                                         : content_remark_copy(result->wrong);
    g_free(board->wrong->subject);
    board->wrong->subject = g_strdup(board->layout->id);
    board->failures++;
    if (board->failures >= GATE_BOARD_MAX_FAILURES && !board->is_silent) {
        board->is_silent = TRUE;
        board->silent_since_us = now_us;
    }
    if (board->is_silent) {
        for (guint i = 0; i < board->layout->n_relays; i++)
            gate_coil_forget(&board->coils[i]);
    }
    board->next_try_us = next_try_after(board, now_us);
}

static void
take_success(GateBoard *board)
{
    board->failures = 0;
    board->is_silent = FALSE;
    board->silent_since_us = 0;
    board->next_try_us = 0;
    g_clear_pointer(&board->wrong, content_remark_free);
}

/* A board that refuses its inputs may switch its relays all the same. */
static gboolean
take_inputs_result(GateBoard *board, const GateJobResult *result, gint64 now_us)
{
    board->inputs_read_us = now_us;
    g_clear_pointer(&board->inputs_wrong, content_remark_free);
    if (result->status == GATE_JOB_REFUSED)
        board->inputs_wrong = content_remark_new("board_inputs", board->layout->id, NULL);
    return result->status == GATE_JOB_REFUSED;
}

guint32
gate_board_job_done(GateBoard *board, const GateJobResult *result, gint64 now_us)
{
    if (result->job.kind == GATE_JOB_OPEN)
        board->opening_relays = 0;
    else
        board->other_is_out = FALSE;
    if (result->status == GATE_JOB_CANCELLED)
        return 0;
    if (result->job.kind == GATE_JOB_INPUTS && take_inputs_result(board, result, now_us))
        return 0;
    if (result->status != GATE_JOB_DONE) {
        take_failure(board, result, now_us);
        return 0;
    }
    take_success(board);
    take_pace(board, result->is_slow, now_us);
    return result->job.kind == GATE_JOB_INPUTS ? 0 : take_readings(board, result, now_us);
}

gint64
gate_board_next_us(const GateBoard *board)
{
    gint64 next_us = G_MAXINT64;

    for (guint i = 0; i < board->layout->n_relays; i++) {
        const GateCoil *coil = &board->coils[i];

        if (!coil->is_wanted && board->opening_relays == 0)
            next_us = MIN(next_us, gate_coil_write_us(coil));
        if (!board->other_is_out && !board->is_silent)
            next_us = MIN(next_us, renewal_us(board, coil));
    }
    if (!board->other_is_out && !(board->is_silent && board->opening_relays != 0))
        next_us = MIN(next_us, MIN(inputs_due_us(board), read_due_us(board)));
    return next_us == G_MAXINT64 ? next_us : MAX(next_us, board->next_try_us);
}
