/*
 * telling.h - people are told what concerns them: look.h finds it, post.h sends it, joined
 * here.
 *
 * Flow: district.c starts it with the settings; web/ wakes it when somebody tries it out.
 * Wiring. Thread: the owner's.
 */
#pragma once

#include "content/base/clock.h"
#include "scheduler/config.h"
#include "scheduler/message/event.h"
#include "scheduler/store/db.h"

typedef struct {
    /* For the log: something a person should look at; that it is well again. */
    void (*said)(const char *words, gpointer user_data);
} SchedTellingEvents;

typedef struct SchedTelling SchedTelling;

/** sched_telling_new: all but @user_data: (not owned): must outlive it */
SchedTelling *sched_telling_new(const SchedConfig *config, SchedStore *store,
                                ContentClock *clock, const SchedTellingEvents *events,
                                gpointer user_data);

/** sched_telling_has: Returns: whether the settings name such a way */
gboolean sched_telling_has(const SchedTelling *self, SchedMessageWay way);

/** sched_telling_wake: a message was added */
void sched_telling_wake(SchedTelling *self);

/** sched_telling_look: something happened that nobody should wait for: an alert */
void sched_telling_look(SchedTelling *self);

/** sched_telling_free: @self: (nullable) (transfer full): waits for what is under way */
void sched_telling_free(SchedTelling *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedTelling, sched_telling_free)
