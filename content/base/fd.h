/*
 * fd.h - file descriptors that close by scope (GLib has g_autofd only from 2.76 on).
 *
 * Use: g_auto(ContentFd) fd = open(…); and content_fd_steal(&fd) to hand it over.
 */
#pragma once

#include <glib.h>
#include <unistd.h>

/* Below 0: none. */
typedef int ContentFd;

static inline void
content_fd_clear(ContentFd *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ContentFd, content_fd_clear)

static inline int
content_fd_steal(ContentFd *fd)
{
    int taken = *fd;

    *fd = -1;
    return taken;
}
