/* sim-loop.c - see sim-loop.h */
#include "tests/bench/sim-loop.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#define MAX_BATCH 256
#define IDLE_MS   1000
/* Timers worked off before the sockets have their turn again. */
#define MAX_DUE 32

struct SimLoop {
    int epoll;
    GSequence *timers; /* (element-type SimTimer): by due_us */
    struct epoll_event batch[MAX_BATCH];
    int n_batch, at; /* of the batch being worked off */
    gboolean is_over;
};

SimLoop *
sim_loop_new(void)
{
    SimLoop *self = g_new0(SimLoop, 1);

    self->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (self->epoll < 0)
        g_error("epoll: %s", g_strerror(errno));
    self->timers = g_sequence_new(NULL);
    return self;
}

void
sim_loop_free(SimLoop *self)
{
    if (self == NULL)
        return;
    close(self->epoll);
    g_sequence_free(self->timers);
    g_free(self);
}

/* What is already in the batch must not reach somebody who has gone. */
static void
forget_in_batch(SimLoop *self, const SimWatch *watch)
{
    for (int i = self->at + 1; i < self->n_batch; i++) {
        if (self->batch[i].data.ptr == watch)
            self->batch[i].data.ptr = NULL;
    }
}

void
sim_loop_watch(SimLoop *self, SimWatch *watch, guint32 events)
{
    struct epoll_event event = {.events = events, .data.ptr = watch};

    if (events == watch->events)
        return;
    if (events == 0) {
        forget_in_batch(self, watch);
        epoll_ctl(self->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
    } else if (epoll_ctl(self->epoll, watch->events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD,
                         watch->fd, &event) != 0) {
        g_error("epoll_ctl: %s", g_strerror(errno));
    }
    watch->events = events;
}

static gint
compare_due(gconstpointer a, gconstpointer b, gpointer data)
{
    const SimTimer *first = a, *second = b;

    return first->due_us < second->due_us ? -1 : first->due_us > second->due_us;
}

void
sim_loop_set(SimLoop *self, SimTimer *timer, gint64 due_us)
{
    if (timer->place != NULL)
        g_sequence_remove(timer->place);
    timer->place = NULL;
    timer->due_us = due_us;
    if (due_us >= 0)
        timer->place = g_sequence_insert_sorted(self->timers, timer, compare_due, NULL);
}

static SimTimer *
first_timer(SimLoop *self)
{
    GSequenceIter *first = g_sequence_get_begin_iter(self->timers);

    return g_sequence_iter_is_end(first) ? NULL : g_sequence_get(first);
}

static int
wait_ms(SimLoop *self)
{
    const SimTimer *timer = first_timer(self);
    gint64 now_us = g_get_monotonic_time();

    if (timer == NULL)
        return IDLE_MS;
    return (int) CLAMP((timer->due_us - now_us + 999) / 1000, 0, IDLE_MS);
}

static void
run_timers(SimLoop *self)
{
    gint64 now_us = g_get_monotonic_time();
    SimTimer *timer;

    for (guint i = 0; i < MAX_DUE; i++) {
        timer = first_timer(self);
        if (timer == NULL || timer->due_us > now_us)
            return;
        sim_loop_set(self, timer, -1);
        timer->due(timer->data);
    }
}

static void
run_batch(SimLoop *self)
{
    self->n_batch = epoll_wait(self->epoll, self->batch, MAX_BATCH, wait_ms(self));
    for (self->at = 0; self->at < self->n_batch; self->at++) {
        const SimWatch *watch = self->batch[self->at].data.ptr;

        if (watch != NULL)
            watch->ready(self->batch[self->at].events, watch->data);
    }
    self->n_batch = 0;
}

void
sim_loop_run(SimLoop *self)
{
    while (!self->is_over) {
        run_batch(self);
        run_timers(self);
    }
}

void
sim_loop_stop(SimLoop *self)
{
    self->is_over = TRUE;
}
