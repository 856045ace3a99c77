/*
 * look.h - looks once a minute whether somebody has to be told something, and keeps what was
 * found.
 *
 * Flow: district.c starts it -> an alarm: plan and store are read in a task's thread -> what is
 * not approved is kept (store/unapproved.h), messages are decided (decide.h) and kept
 * (store/messages.h) -> post.h sends them. Wiring. Thread: the owner's.
 *
 * Of several schedulers on one database one looks: the named lock `messages`.
 */
#pragma once

#include "content/base/clock.h"
#include "scheduler/store/db.h"

#define SCHED_LOOK_EVERY_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
/* The night of those who are told: what can wait comes when they rise, before the first slots.
 */
#define SCHED_LOOK_NIGHT_FROM_S (21 * 3600)
#define SCHED_LOOK_NIGHT_TO_S   (5 * 3600)

typedef struct {
    /* For the log, once as long as it lasts. */
    void (*trouble)(const char *words, gpointer user_data);
    /* Messages were added. */
    void (*added)(guint n_messages, gpointer user_data);
} SchedLookEvents;

typedef struct SchedLook SchedLook;

/**
 * sched_look_morning_us:
 * @tzid: of the district
 *
 * Pure. Returns: when the night that @now_us lies in is over, UTC; 0: it is day
 */
gint64 sched_look_morning_us(gint64 now_us, const char *tzid);

/**
 * sched_look_new:
 * @store: @clock: @events: (not owned)
 * @holder: id of this process, for the lock
 * @link: (not owned): where the pages are, for the foot of a letter
 * @has_texts: whether text messages can be sent: to messengers of villages, too
 */
SchedLook *sched_look_new(SchedStore *store, ContentClock *clock, const char *holder,
                          const char *link, gboolean has_texts, const SchedLookEvents *events,
                          gpointer user_data);

/** sched_look_now: something happened that nobody should wait a minute for */
void sched_look_now(SchedLook *self);

/** sched_look_free: @self: (nullable) (transfer full): waits for the look under way */
void sched_look_free(SchedLook *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedLook, sched_look_free)
