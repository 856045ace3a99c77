/* changes.c - see changes.h */
#include "scheduler/web/changes.h"

/* A page hears of changes at most so often; a busy district commits many times a second. */
#define LOOK_US G_USEC_PER_SEC

typedef struct {
    SchedAct *act;
    gint64 after;
    gint64 until_us; /* monotonic */
} Waiting;

struct SchedChanges {
    SchedStore *store;
    ContentClock *clock;
    GQueue waiting; /* (element-type Waiting) */
    guint alarm;
};

SchedChanges *
sched_changes_new(SchedStore *store, ContentClock *clock)
{
    SchedChanges *self = g_new0(SchedChanges, 1);

    self->store = store;
    self->clock = clock;
    g_queue_init(&self->waiting);
    return self;
}

void
sched_changes_free(SchedChanges *self)
{
    if (self == NULL)
        return;
    content_clock_cancel(self->clock, self->alarm);
    g_free(self);
}

static void look(gpointer data);

static void
arm(SchedChanges *self)
{
    if (self->alarm == 0 && !g_queue_is_empty(&self->waiting))
        self->alarm = content_clock_alarm_monotonic(
            self->clock, content_clock_monotonic_us(self->clock) + LOOK_US, look, self);
}

static void
go_on(Waiting *waiting)
{
    SchedAct *act = waiting->act;

    g_free(waiting);
    sched_act_go_on(act);
}

/* Once around: what goes on is taken out first, for it may come back while we are here. */
static void
look(gpointer data)
{
    SchedChanges *self = data;
    gint64 n = sched_store_n_commits(self->store);
    gint64 now_us = content_clock_monotonic_us(self->clock);

    self->alarm = 0;
    for (guint left = g_queue_get_length(&self->waiting); left > 0; left--) {
        Waiting *waiting = g_queue_pop_head(&self->waiting);

        if (waiting->after != n || waiting->until_us <= now_us)
            go_on(waiting);
        else
            g_queue_push_tail(&self->waiting, waiting);
    }
    arm(self);
}

void
sched_changes_wait(SchedChanges *self, SchedAct *act, gint64 after)
{
    Waiting *waiting;

    if (after != sched_store_n_commits(self->store)) {
        sched_act_go_on(act);
        return;
    }
    waiting = g_new0(Waiting, 1);
    waiting->act = act;
    waiting->after = after;
    waiting->until_us = content_clock_monotonic_us(self->clock) + SCHED_CHANGES_HOLD_US;
    g_queue_push_tail(&self->waiting, waiting);
    arm(self);
}

void
sched_changes_release(SchedChanges *self)
{
    for (guint left = g_queue_get_length(&self->waiting); left > 0; left--)
        go_on(g_queue_pop_head(&self->waiting));
}
