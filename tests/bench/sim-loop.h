/*
 * sim-loop.h - many thousand sockets and timers in one thread.
 *
 * epoll with pointers, and timers in order: nothing here costs more because there are more
 * players, which GLib's own loop does (it copies its whole list at every turn).
 */
#pragma once

#include <glib.h>

typedef struct SimLoop SimLoop;

/* Part of whoever watches; must not be freed while it is in the loop. */
typedef struct {
    void (*ready)(guint32 events, gpointer data); /* EPOLLIN, EPOLLOUT, EPOLLHUP, EPOLLERR */
    gpointer data;
    int fd;
    guint32 events; /* watched now; 0: not in the loop */
} SimWatch;

typedef struct {
    void (*due)(gpointer data); /* has been taken out of the loop before the call */
    gpointer data;
    gint64 due_us;        /* monotonic */
    GSequenceIter *place; /* (nullable): NULL: not set */
} SimTimer;

SimLoop *sim_loop_new(void);
void sim_loop_free(SimLoop *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimLoop, sim_loop_free)

/** sim_loop_watch: @events: from now on; 0: takes the watch out of the loop */
void sim_loop_watch(SimLoop *self, SimWatch *watch, guint32 events);

/** sim_loop_set: @due_us: monotonic; replaces what was set; -1: not at all */
void sim_loop_set(SimLoop *self, SimTimer *timer, gint64 due_us);

/** sim_loop_run: until sim_loop_stop() */
void sim_loop_run(SimLoop *self);
void sim_loop_stop(SimLoop *self);
