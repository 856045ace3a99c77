/*
 * run.h - the relay core on a clock that jumps, against boards that are two rows of booleans.
 *
 * Flow: a test asks and waits; jobs take their time, an opening overtakes what has not begun,
 * as in gateway/bus/line.c.
 */
#pragma once

#include "gateway/relay/machine.h"
#include "tests/gateway/relay/site.h"

#define RUN_BOARDS 2
#define RUN_RELAYS 8

typedef struct {
    GateJob job;
    gint64 due_us; /* 0: not begun */
} RunJob;

typedef struct {
    GateMachine *machine;
    gint64 now_us;
    gint64 job_us; /* what a job takes */
    gboolean coils[RUN_BOARDS][RUN_RELAYS];
    guint32 stuck_open[RUN_BOARDS], stuck_closed[RUN_BOARDS];
    gboolean silent[RUN_BOARDS], slow[RUN_BOARDS];
    guint32 inputs[RUN_BOARDS];
    GQueue jobs[RUN_BOARDS]; /* (element-type RunJob) */
    guint n_jobs, n_openings;
    guint n_rounds; /* how often time was moved: shows a busy loop */
} Run;

static inline void
run_start(Run *run, gint64 timed_on_us)
{
    *run = (Run){.now_us = S(100), .job_us = MS(20)};
    run->machine = gate_machine_new(site_new(timed_on_us));
    for (guint i = 0; i < RUN_BOARDS; i++)
        g_queue_init(&run->jobs[i]);
}

static inline void
run_stop(Run *run)
{
    gate_machine_free(run->machine);
    for (guint i = 0; i < RUN_BOARDS; i++)
        g_queue_clear_full(&run->jobs[i], g_free);
}

static inline void
run_finish(Run *run, const GateJob *job, GateJobStatus status)
{
    g_autoptr(ContentRemark) wrong = content_remark_new("board_silent", NULL, NULL);
    GateJobResult result = {.job = *job, .status = status, .wrong = wrong};

    result.is_slow = run->slow[job->board];
    for (guint i = 0; i < RUN_RELAYS; i++) {
        gboolean *coil = &run->coils[job->board][i];

        if (status == GATE_JOB_DONE && (job->relays & (1u << i)) != 0)
            *coil = job->kind == GATE_JOB_CLOSE;
        if ((run->stuck_open[job->board] & (1u << i)) != 0)
            *coil = FALSE;
        if ((run->stuck_closed[job->board] & (1u << i)) != 0)
            *coil = TRUE;
        if (*coil && job->kind != GATE_JOB_INPUTS)
            result.closed |= 1u << i;
    }
    if (job->kind == GATE_JOB_INPUTS)
        result.closed = run->inputs[job->board];
    gate_machine_job_done(run->machine, &result, run->now_us);
}

static inline void
run_push(Run *run, const GateJob *job)
{
    GQueue *queue = &run->jobs[job->board];
    RunJob *made = g_new0(RunJob, 1);
    RunJob *waiting = g_queue_peek_tail(queue);

    made->job = *job;
    run->n_jobs++;
    run->n_openings += job->kind == GATE_JOB_OPEN;
    if (job->kind == GATE_JOB_OPEN && waiting != NULL && waiting->due_us == 0) {
        g_queue_pop_tail(queue);
        g_queue_push_tail(queue, made);
        run_finish(run, &waiting->job, GATE_JOB_CANCELLED);
        g_free(waiting);
        return;
    }
    g_queue_push_tail(queue, made);
}

/* Begins what is first in each queue and finishes what is due. */
static inline void
run_boards(Run *run)
{
    for (guint i = 0; i < RUN_BOARDS; i++) {
        RunJob *head = g_queue_peek_head(&run->jobs[i]);

        if (head != NULL && head->due_us != 0 && head->due_us <= run->now_us) {
            g_queue_pop_head(&run->jobs[i]);
            run_finish(run, &head->job, run->silent[i] ? GATE_JOB_SILENT : GATE_JOB_DONE);
            g_free(head);
            head = g_queue_peek_head(&run->jobs[i]);
        }
        if (head != NULL && head->due_us == 0)
            head->due_us = run->now_us + (run->silent[i] ? MS(200) : run->job_us);
    }
}

static inline void
run_settle(Run *run)
{
    GateJob job;

    gate_machine_advance(run->machine, run->now_us);
    while (gate_machine_next_job(run->machine, run->now_us, &job))
        run_push(run, &job);
    run_boards(run);
    while (gate_machine_next_job(run->machine, run->now_us, &job))
        run_push(run, &job);
    run_boards(run);
}

static inline gint64
run_next_us(const Run *run)
{
    gint64 next_us = gate_machine_next_us(run->machine, run->now_us);

    for (guint i = 0; i < RUN_BOARDS; i++) {
        const RunJob *head = g_queue_peek_head((GQueue *) &run->jobs[i]);

        if (head != NULL)
            next_us = MIN(next_us, MAX(head->due_us, run->now_us));
    }
    return next_us;
}

static inline void
run_until(Run *run, gint64 until_us)
{
    run_settle(run);
    while (run->now_us < until_us) {
        run->now_us = MIN(run_next_us(run), until_us);
        run->n_rounds++;
        run_settle(run);
    }
}

static inline void
run_wish(Run *run, guint owner, const char *zones)
{
    ContentLeaseWish *wish = site_wish(zones);

    g_assert_true(gate_machine_wish(run->machine, owner, wish, run->now_us));
    site_wish_free(wish);
    run_settle(run);
}

static inline void
run_drop(Run *run, guint owner)
{
    gate_machine_drop(run->machine, owner, run->now_us);
    run_settle(run);
}

/* Holds @zones for @span_us, renewed each second. */
static inline void
run_hold(Run *run, guint owner, const char *zones, gint64 span_us)
{
    gint64 until_us = run->now_us + span_us;

    while (run->now_us < until_us) {
        run_wish(run, owner, zones);
        run_until(run, MIN(run->now_us + S(1), until_us));
    }
}

static inline GateZoneState
run_zone(const Run *run, guint zone)
{
    return gate_machine_zone(run->machine, zone)->state;
}

/* The newest notice of @kind, or NULL; all older ones are gone afterwards. */
static inline char *
run_notice(Run *run, GateNoticeKind kind)
{
    char *found = NULL;
    GateNotice *notice;

    while ((notice = gate_machine_take_notice(run->machine)) != NULL) {
        if (notice->kind == kind) {
            g_free(found);
            found = g_strdup_printf("%s: %s", notice->subject, notice->words);
        }
        gate_notice_free(notice);
    }
    return found;
}
