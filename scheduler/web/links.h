/*
 * links.h - every open connection and the instant at which it has had its time.
 *
 * Flow: server.c notes what a connection is doing -> the owner's loop looks once a second ->
 * a connection past its deadline is shut down, which the HTTP library then sees as its end.
 * Thread: any; one lock.
 *
 * The library's own time-out counts silence only: one byte a second keeps a connection for
 * ever. A deadline counts from the beginning.
 */
#pragma once

#include <glib.h>

typedef struct SchedLinks SchedLinks;
typedef struct SchedLink SchedLink;

SchedLinks *sched_links_new(void);

/** sched_links_free: @self: (nullable) (transfer full): with no link left in it */
void sched_links_free(SchedLinks *self);

/**
 * sched_links_add:
 * @fd: socket of the connection; not owned
 * @deadline_us: monotonic µs; 0: none
 */
SchedLink *sched_links_add(SchedLinks *self, int fd, gint64 deadline_us);

/** sched_links_remove: before the socket is closed. @link: (transfer full) */
void sched_links_remove(SchedLinks *self, SchedLink *link);

/** sched_links_set_deadline: @deadline_us: monotonic µs; 0: none */
void sched_links_set_deadline(SchedLinks *self, SchedLink *link, gint64 deadline_us);

/** sched_links_sweep: Returns: how many connections were shut down */
guint sched_links_sweep(SchedLinks *self, gint64 now_us);

/** sched_links_count: Returns: how many connections there are */
guint sched_links_count(SchedLinks *self);
