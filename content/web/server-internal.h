/*
 * server-internal.h - the server's inside, shared by its two files.
 *
 * server.c starts and stops; request.c takes one request from the first byte to the answer.
 */
#pragma once

#include "content/web/call-internal.h"
#include "content/web/links.h"
#include "content/web/server.h"

struct ContentServer {
    gatomicrefcount refs; /* the owner's, and one a call that is on its way to the handler */
    const ContentServerHandler *handler;
    gpointer data;
    GMainContext *context; /* (owned) */
    ContentLinks *links;   /* (owned) */
    GSource *sweep;        /* (owned) */
    struct MHD_Daemon *daemon;
    char *spool_folder; /* (owned) */
    GStrv proxies;      /* (owned) (nullable) */
    gint64 header_us, body_us, idle_us;
    ContentServerIdentifyFunc identify; /* (nullable) */
    guint port;

    GMutex lock;
    GHashTable *calls; /* (owned): set of ContentCall: on open connections */
    gboolean is_stopping;
};

/** content_server_unref: @self: (transfer full) */
void content_server_unref(ContentServer *self);

/** content_server_on_request and the others: @data: the server; called as microhttpd.h says */
enum MHD_Result content_server_on_request(void *data, struct MHD_Connection *connection,
                                          const char *url, const char *method,
                                          const char *version, const char *upload_data,
                                          size_t *upload_data_size, void **request_data);
void *content_server_on_request_line(void *data, const char *target,
                                     struct MHD_Connection *connection);
void content_server_on_completed(void *data, struct MHD_Connection *connection,
                                 void **request_data, enum MHD_RequestTerminationCode code);
void content_server_on_connection(void *data, struct MHD_Connection *connection,
                                  void **socket_data, enum MHD_ConnectionNotificationCode code);
