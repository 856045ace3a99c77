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

typedef struct ContentLinks ContentLinks;
typedef struct ContentLink ContentLink;

ContentLinks *content_links_new(void);

/** content_links_free: @self: (nullable) (transfer full): with no link left in it */
void content_links_free(ContentLinks *self);

/**
 * content_links_add:
 * @fd: socket of the connection; not owned
 * @deadline_us: monotonic µs; 0: none
 */
ContentLink *content_links_add(ContentLinks *self, int fd, gint64 deadline_us);

/** content_links_remove: before the socket is closed. @link: (transfer full) */
void content_links_remove(ContentLinks *self, ContentLink *link);

/** content_links_set_deadline: @deadline_us: monotonic µs; 0: none */
void content_links_set_deadline(ContentLinks *self, ContentLink *link, gint64 deadline_us);

/** content_links_sweep: Returns: how many connections were shut down */
guint content_links_sweep(ContentLinks *self, gint64 now_us);

/** content_links_count: Returns: how many connections there are */
guint content_links_count(ContentLinks *self);
