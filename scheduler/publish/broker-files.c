/* broker-files.c - see broker-files.h */
#include "scheduler/publish/broker-files.h"

#include "content/base/files.h"
#include "content/base/id.h"

#include <string.h>

#define CONFIG_MAX_BYTES (64 * 1024)
#define RIGHTS_MAX_BYTES (16 * 1024 * 1024) /* 10,000 stations take 2 MB */

char *
sched_broker_config_text(const SchedBrokerPlace *place)
{
    GString *text = g_string_new("# Written by loa-scheduler; changes are overwritten.\n");

    g_string_append_printf(text, "listener %u %s\n", place->port, place->address);
    g_string_append_printf(text, "cafile %s\n", place->authority);
    g_string_append_printf(text, "certfile %s\n", place->certificate);
    g_string_append_printf(text, "keyfile %s\n", place->key);
    g_string_append_printf(text, "crlfile %s\n", place->revoked);
    g_string_append(text, "tls_version tlsv1.2\n"
                          "require_certificate true\n"
                          "use_identity_as_username true\n"
                          "use_username_as_clientid true\n"
                          "allow_anonymous false\n");
    g_string_append_printf(text, "acl_file %s/rights.acl\n", place->folder);
    g_string_append_printf(text, "max_packet_size %d\n", SCHED_BROKER_MAX_PACKET_BYTES);
    /* The scheduler is a client like any other, and after a power cut a thousand stations say
     * hello, heartbeat and report within seconds: what exceeds the queue is dropped. The bytes
     * bound what a station that no longer reads can cost. */
    g_string_append(text, "max_queued_messages 50000\n"
                          "max_queued_bytes 33554432\n"
                          "max_inflight_messages 200\n"
                          "max_keepalive 120\n"
                          "retain_available false\n"
                          "persistence false\n"
                          "set_tcp_nodelay true\n"
                          "log_dest stderr\n"
                          "log_timestamp false\n"
                          "log_type error\n"
                          "log_type warning\n"
                          "connection_messages false\n");
    if (place->user != NULL)
        g_string_append_printf(text, "user %s\n", place->user);
    return g_string_free(text, FALSE);
}

static void
append_station(GString *text, const char *station)
{
    g_string_append_printf(text,
                           "\nuser %s\n"
                           "topic read loa/1/to/%s/+\n"
                           "topic read loa/1/all/+\n"
                           "topic write loa/1/from/%s/+\n",
                           station, station, station);
}

char *
sched_broker_rights_text(GPtrArray *stations)
{
    GString *text = g_string_new("# Written by loa-scheduler; changes are overwritten.\n"
                                 "user " SCHED_BROKER_NAME "\n"
                                 "topic read loa/1/from/#\n"
                                 "topic write loa/1/to/#\n"
                                 "topic write loa/1/all/#\n");

    for (guint i = 0; i < stations->len; i++) {
        const char *station = g_ptr_array_index(stations, i);

        /* A name with a line feed or a wildcard would grant what nobody decided. */
        if (content_id_is_valid(station) && strcmp(station, SCHED_BROKER_NAME) != 0)
            append_station(text, station);
    }
    return g_string_free(text, FALSE);
}

static gboolean
write_if_changed(const char *folder, const char *name, const char *text, gsize max_bytes,
                 gboolean *out_has_changed, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GBytes) old = content_files_read(path, max_bytes, NULL);
    gsize length = strlen(text);

    if (old != NULL && g_bytes_get_size(old) == length &&
        memcmp(g_bytes_get_data(old, NULL), text, length) == 0)
        return TRUE;
    if (!content_files_write(path, text, length, 0600, error))
        return FALSE;
    *out_has_changed = TRUE;
    return TRUE;
}

gboolean
sched_broker_files_write(const SchedBrokerPlace *place, GPtrArray *stations,
                         gboolean *out_has_changed, GError **error)
{
    g_autofree char *config = sched_broker_config_text(place);
    g_autofree char *rights = sched_broker_rights_text(stations);
    gboolean has_changed = FALSE;

    if (!content_files_make_folder(place->folder, 0700, error) ||
        !write_if_changed(place->folder, "rights.acl", rights, RIGHTS_MAX_BYTES, &has_changed,
                          error) ||
        !write_if_changed(place->folder, "mosquitto.conf", config, CONFIG_MAX_BYTES,
                          &has_changed, error))
        return FALSE;
    *out_has_changed = has_changed;
    return TRUE;
}
