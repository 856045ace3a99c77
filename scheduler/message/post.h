/*
 * post.h - sends what waits to be sent, and writes down how it went.
 *
 * Flow: look.c and web/ add messages to the store -> here, when one is due -> smtp.h, command.h
 * -> the store. Wiring. Thread: the owner's; sending is done in a task's.
 *
 * One message of each way is on its way at a time. Both ways go on without each other: a modem
 * that hangs holds no letter up.
 */
#pragma once

#include "content/base/clock.h"
#include "scheduler/message/event.h"
#include "scheduler/message/smtp.h"
#include "scheduler/store/db.h"

/* What is due is looked for so often, and when it is asked for. */
#define SCHED_POST_EVERY_US (G_GINT64_CONSTANT(30) * G_USEC_PER_SEC)

typedef struct {
    SchedSmtp smtp;             /* no host: no such way; texts (not owned) */
    const char *const *command; /* (nullable): NULL: no such way; (not owned) */
} SchedPostOptions;

typedef struct {
    /* For the log: the first failure of a way, that it works again, a message given up. */
    void (*said)(const char *words, gpointer user_data);
} SchedPostEvents;

typedef struct SchedPost SchedPost;

/** sched_post_new: @options: copied; @store, @clock, @events: (not owned) */
SchedPost *sched_post_new(SchedStore *store, ContentClock *clock,
                          const SchedPostOptions *options, const SchedPostEvents *events,
                          gpointer user_data);

/** sched_post_has: Returns: whether there is such a way */
gboolean sched_post_has(const SchedPost *self, SchedMessageWay way);

/** sched_post_wake: a message was added */
void sched_post_wake(SchedPost *self);

/** sched_post_free: @self: (nullable) (transfer full): what is on its way is broken off, and
 * sent again by who comes next */
void sched_post_free(SchedPost *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedPost, sched_post_free)
