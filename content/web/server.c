/* server.c - see server.h */
#include "content/web/server-internal.h"

#include "content/base/files.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LISTEN_BACKLOG 1024
/* Read and write buffers of one connection; holds any permitted header. */
#define CONNECTION_MEMORY_BYTES (32 * 1024)
#define SWEEP_MS                1000

G_DEFINE_QUARK(ContentServerError, content_server_error)

const ContentServerOptions content_server_defaults = {
    .address = "127.0.0.1",
    .max_connections = 1000,
    .max_per_address = 64,
    .header_us = 10 * G_USEC_PER_SEC,
    .body_us = 30 * G_USEC_PER_SEC,
    .idle_us = 75 * G_USEC_PER_SEC,
};

void
content_server_unref(ContentServer *self)
{
    if (!g_atomic_ref_count_dec(&self->refs))
        return;
    g_hash_table_unref(self->calls);
    g_main_context_unref(self->context);
    g_mutex_clear(&self->lock);
    g_free(self->spool_folder);
    g_strfreev(self->proxies);
    g_free(self);
}

/* Escapes are undone by parse.c, which refuses what the library would let through. */
static size_t
keep_escapes(void *data, struct MHD_Connection *connection, char *text)
{
    return strlen(text);
}

G_GNUC_PRINTF(2, 0)
static void
on_library_log(void *data, const char *format, va_list arguments)
{
    g_autofree char *text = g_strdup_vprintf(format, arguments);

    g_debug("http: %s", g_strchomp(text));
}

/* ---- start and stop ---- */

static int
open_socket(const struct addrinfo *at)
{
    const int on = 1, off = 0;
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (at->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, LISTEN_BACKLOG) == 0)
        return fd;
    close(fd);
    return -1;
}

static int
listen_at(const ContentServerOptions *options, GError **error)
{
    const struct addrinfo hints = {
        .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
        .ai_socktype = SOCK_STREAM,
    };
    struct addrinfo *at = NULL;
    g_autofree char *port = g_strdup_printf("%u", options->port);
    int code = getaddrinfo(options->address, port, &hints, &at);
    int fd = code == 0 ? open_socket(at) : -1;

    if (fd < 0)
        g_set_error(error, CONTENT_SERVER_ERROR, CONTENT_SERVER_ERROR_ADDRESS,
                    "listening on %s port %u: %s", options->address, options->port,
                    code != 0 ? gai_strerror(code) : g_strerror(errno));
    if (at != NULL)
        freeaddrinfo(at);
    return fd;
}

static guint
port_of(int fd)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;

    getsockname(fd, (struct sockaddr *) &address, &length);
    return ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *) &address)->sin6_port
                                               : ((struct sockaddr_in *) &address)->sin_port);
}

/* Left-overs of a run that was killed; nobody can ask for them any more. */
static gboolean
prepare_spool(const char *folder, GError **error)
{
    g_autoptr(GDir) dir = NULL;
    const char *name;

    if (!content_files_make_folder(folder, 0700, error))
        return FALSE;
    dir = g_dir_open(folder, 0, error);
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        unlink(path);
    }
    return dir != NULL;
}

gboolean
content_server_check(const char *chain_pem, const char *key_pem, GError **error)
{
    gnutls_certificate_credentials_t credentials = NULL;
    const gnutls_datum_t chain = {(guchar *) chain_pem, (guint) strlen(chain_pem)};
    const gnutls_datum_t key = {(guchar *) key_pem, (guint) strlen(key_pem)};
    int code = gnutls_certificate_allocate_credentials(&credentials);

    if (code >= 0)
        code =
            gnutls_certificate_set_x509_key_mem(credentials, &chain, &key, GNUTLS_X509_FMT_PEM);
    if (credentials != NULL)
        gnutls_certificate_free_credentials(credentials);
    if (code >= 0)
        return TRUE;
    g_set_error(error, CONTENT_SERVER_ERROR, CONTENT_SERVER_ERROR_TLS,
                "certificate and key of the server: %s", gnutls_strerror(code));
    return FALSE;
}

static struct MHD_Daemon *
start_daemon(ContentServer *self, const ContentServerOptions *options, int fd)
{
    const guint flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME |
                        MHD_USE_ERROR_LOG;
    const struct MHD_OptionItem trust[] = {
        {options->trust != NULL ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END, 0,
         (void *) options->trust},
        {MHD_OPTION_END, 0, NULL},
    };

    return MHD_start_daemon(
        flags, 0, NULL, NULL, content_server_on_request, self, MHD_OPTION_EXTERNAL_LOGGER,
        on_library_log, self, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_HTTPS_MEM_CERT,
        options->chain, MHD_OPTION_HTTPS_MEM_KEY, options->key, MHD_OPTION_HTTPS_PRIORITIES,
        CONTENT_SERVER_PRIORITY, MHD_OPTION_CONNECTION_LIMIT, options->max_connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, options->max_per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, (guint) (options->idle_us / G_USEC_PER_SEC),
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t) CONNECTION_MEMORY_BYTES,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_CONNECTION,
        content_server_on_connection, self, MHD_OPTION_NOTIFY_COMPLETED,
        content_server_on_completed, self, MHD_OPTION_URI_LOG_CALLBACK,
        content_server_on_request_line, self, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, self,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_ARRAY, trust, MHD_OPTION_END);
}

static gboolean
on_sweep(gpointer data)
{
    ContentServer *self = data;

    content_links_sweep(self->links, g_get_monotonic_time());
    return G_SOURCE_CONTINUE;
}

static ContentServer *
server_new(const ContentServerOptions *options, const ContentServerHandler *handler,
           gpointer data)
{
    ContentServer *self = g_new0(ContentServer, 1);

    g_atomic_ref_count_init(&self->refs);
    g_mutex_init(&self->lock);
    self->handler = handler;
    self->data = data;
    self->context = g_main_context_ref_thread_default();
    self->calls = g_hash_table_new(NULL, NULL);
    self->links = content_links_new();
    self->spool_folder = g_strdup(options->spool_folder);
    self->proxies = g_strdupv((GStrv) options->proxies);
    self->header_us = options->header_us;
    self->body_us = options->body_us;
    self->idle_us = options->idle_us;
    self->identify = options->trust != NULL ? options->identify : NULL;
    return self;
}

ContentServer *
content_server_start(const ContentServerOptions *options, const ContentServerHandler *handler,
                     gpointer data, GError **error)
{
    g_autoptr(ContentServer) self = NULL;
    int fd;

    if (!prepare_spool(options->spool_folder, error) ||
        !content_server_check(options->chain, options->key, error))
        return NULL;
    fd = listen_at(options, error);
    if (fd < 0)
        return NULL;
    self = server_new(options, handler, data);
    self->port = port_of(fd);
    self->daemon = start_daemon(self, options, fd);
    if (self->daemon == NULL) {
        close(fd);
        g_set_error(error, CONTENT_SERVER_ERROR, CONTENT_SERVER_ERROR_START,
                    "starting HTTPS on %s port %u", options->address, self->port);
        return NULL;
    }
    self->sweep = g_timeout_source_new(SWEEP_MS);
    g_source_set_callback(self->sweep, on_sweep, self, NULL);
    g_source_attach(self->sweep, self->context);
    return g_steal_pointer(&self);
}

guint
content_server_port(ContentServer *self)
{
    return self->port;
}

/* Nobody waits any more: whoever is suspended is answered, so that the library may end. */
static void
answer_all(ContentServer *self)
{
    g_autoptr(GPtrArray) open =
        g_ptr_array_new_with_free_func((GDestroyNotify) content_call_unref);
    GHashTableIter iter;
    gpointer key;

    g_mutex_lock(&self->lock);
    self->is_stopping = TRUE;
    g_hash_table_iter_init(&iter, self->calls);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_ptr_array_add(open, content_call_ref(key));
    g_mutex_unlock(&self->lock);
    for (guint i = 0; i < open->len; i++)
        content_call_problem(open->pdata[i], MHD_HTTP_SERVICE_UNAVAILABLE, "stopping", NULL);
}

void
content_server_stop(ContentServer *self)
{
    if (self == NULL)
        return;
    if (self->sweep != NULL) {
        g_source_destroy(self->sweep);
        g_source_unref(self->sweep);
    }
    answer_all(self);
    if (self->daemon != NULL)
        MHD_stop_daemon(self->daemon);
    content_links_free(self->links);
    content_server_unref(self);
}
