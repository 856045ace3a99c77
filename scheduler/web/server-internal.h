/*
 * server-internal.h - the server's inside, shared by its two files.
 *
 * server.c starts and stops; request.c takes one request from the first byte to the answer.
 */
#pragma once

#include "scheduler/web/call-internal.h"
#include "scheduler/web/links.h"
#include "scheduler/web/server.h"

struct SchedServer {
    gatomicrefcount refs; /* the owner's, and one a call that is on its way to the handler */
    const SchedServerHandler *handler;
    gpointer data;
    GMainContext *context; /* (owned) */
    SchedLinks *links;     /* (owned) */
    GSource *sweep;        /* (owned) */
    struct MHD_Daemon *daemon;
    char *spool_folder; /* (owned) */
    GStrv proxies;      /* (owned) (nullable) */
    gint64 header_us, body_us, idle_us;
    gboolean asks_certificate;
    guint port;

    GMutex lock;
    GHashTable *calls; /* (owned): set of SchedCall: on open connections */
    gboolean is_stopping;
};

/** sched_server_unref: @self: (transfer full) */
void sched_server_unref(SchedServer *self);

/** sched_server_on_request and the others: @data: the server; called as microhttpd.h says */
enum MHD_Result sched_server_on_request(void *data, struct MHD_Connection *connection,
                                        const char *url, const char *method,
                                        const char *version, const char *upload_data,
                                        size_t *upload_data_size, void **request_data);
void *sched_server_on_request_line(void *data, const char *target,
                                   struct MHD_Connection *connection);
void sched_server_on_completed(void *data, struct MHD_Connection *connection,
                               void **request_data, enum MHD_RequestTerminationCode code);
void sched_server_on_connection(void *data, struct MHD_Connection *connection,
                                void **socket_data, enum MHD_ConnectionNotificationCode code);
