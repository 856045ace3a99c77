/* config.c - see config.h */
#include "scheduler/config.h"

#include "content/base/settings.h"

#define FIELD(name) G_STRUCT_OFFSET(SchedConfig, name)

/* clang-format off */
static const ContentSetting settings[] = {
    { "state", "folder", CONTENT_SETTING_STRING, FIELD(state_folder), "/var/lib/loa-scheduler", 1, 200,
      NULL, "Where everything is kept: database, recordings, keys." },
    { "people", "address", CONTENT_SETTING_STRING, FIELD(people_address), "0.0.0.0", 1, 45,
      NULL, "IP address to listen on for browsers and loactl." },
    { "people", "port", CONTENT_SETTING_INT, FIELD(people_port), "8443", 1, 65535,
      NULL, "And the port." },
    { "people", "hosts", CONTENT_SETTING_LIST, FIELD(people_hosts), "localhost;127.0.0.1", 1, 16,
      NULL, "Names and addresses under which people reach it; they stand in its certificate." },
    { "people", "certificate", CONTENT_SETTING_STRING, FIELD(people_certificate), "", 0, 200,
      NULL, "PEM file of a certificate of your own; empty: the district's authority issues one." },
    { "people", "key", CONTENT_SETTING_STRING, FIELD(people_key), "", 0, 200,
      NULL, "PEM file of its key." },
    { "people", "max-connections", CONTENT_SETTING_INT, FIELD(max_connections), "1000", 10, 60000,
      NULL, "Connections at once, for each of the two listeners." },
    { "people", "max-per-address", CONTENT_SETTING_INT, FIELD(max_per_address), "50", 2, 60000,
      NULL, "And from one IP address." },
    { "stations", "address", CONTENT_SETTING_STRING, FIELD(station_address), "0.0.0.0", 1, 45,
      NULL, "IP address to listen on for players." },
    { "stations", "port", CONTENT_SETTING_INT, FIELD(station_port), "8444", 1, 65535,
      NULL, "And the port." },
    { "stations", "hosts", CONTENT_SETTING_LIST, FIELD(station_hosts), NULL, 1, 16,
      NULL, "Names and addresses under which players reach this machine; the first stands in enrolment codes." },
    { "broker", "port", CONTENT_SETTING_INT, FIELD(broker_port), "8883", 1, 65535,
      NULL, "Port of the mosquitto that the scheduler runs." },
    { "broker", "address", CONTENT_SETTING_STRING, FIELD(broker_address), "0.0.0.0", 1, 45,
      NULL, "And the IP address it listens on." },
    { "broker", "program", CONTENT_SETTING_STRING, FIELD(broker_program), "/usr/sbin/mosquitto", 1, 200,
      NULL, "Path of mosquitto." },
    { "broker", "uris", CONTENT_SETTING_LIST, FIELD(broker_uris), "", 0, 16,
      NULL, "Brokers that run already, mqtts://host:port; then none is started, and the files for them are written to the folder `broker` in the state folder." },
    { "ingest", "program", CONTENT_SETTING_STRING, FIELD(ingest_program), "/usr/libexec/loa/loa-ingest", 1, 200,
      NULL, "The limited process that reads recordings." },
    { "ingest", "max-minutes", CONTENT_SETTING_INT, FIELD(ingest_max_min), "30", 1, 240,
      NULL, "Longest recording that is accepted." },
};
/* clang-format on */

SchedConfig *
sched_config_read(const char *path, GError **error)
{
    g_autoptr(SchedConfig) self = g_new0(SchedConfig, 1);

    if (!content_settings_read(path, settings, G_N_ELEMENTS(settings), self, NULL, 0, NULL,
                               error))
        return NULL;
    if ((self->people_certificate[0] == '\0') != (self->people_key[0] == '\0')) {
        g_set_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_VALUE,
                    "%s: [people] certificate and key are given together or not at all", path);
        return NULL;
    }
    if (!g_path_is_absolute(self->state_folder)) {
        g_set_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_VALUE,
                    "%s: [state] folder: '%s' is no absolute path", path, self->state_folder);
        return NULL;
    }
    return g_steal_pointer(&self);
}

void
sched_config_free(SchedConfig *self)
{
    if (self == NULL)
        return;
    content_settings_clear(settings, G_N_ELEMENTS(settings), self);
    g_free(self);
}

char *
sched_config_path(const SchedConfig *self, const char *name)
{
    return g_build_filename(self->state_folder, name, NULL);
}

char *
sched_config_describe(void)
{
    return content_settings_describe(settings, G_N_ELEMENTS(settings));
}
