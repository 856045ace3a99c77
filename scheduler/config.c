/* config.c - see config.h */
#include "scheduler/config.h"

#include <string.h>

#include "content/base/settings.h"
#include "scheduler/message/address.h"
#include "scheduler/message/command.h"
#include "scheduler/message/smtp.h"

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
    { "people", "proxies", CONTENT_SETTING_LIST, FIELD(people_proxies), "", 0, 8,
      NULL, "IP addresses of proxies before it: whom they speak for, by X-Forwarded-For, is who is counted." },
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
    { "mail", "host", CONTENT_SETTING_STRING, FIELD(mail_host), "", 0, 253,
      NULL, "Name or address of the mail server that takes e-mails to people; empty: none are sent." },
    { "mail", "port", CONTENT_SETTING_INT, FIELD(mail_port), "587", 1, 65535,
      NULL, "Its port: 587 with starttls, 465 with tls." },
    { "mail", "security", CONTENT_SETTING_ENUM, FIELD(mail_security), "starttls", 0, 0,
      "starttls|tls|none", "How the line to it is kept private; none only to 127.0.0.1 and ::1." },
    { "mail", "from", CONTENT_SETTING_STRING, FIELD(mail_from), "", 0, 254,
      NULL, "Address that e-mails come from." },
    { "mail", "user", CONTENT_SETTING_STRING, FIELD(mail_user), "", 0, 254,
      NULL, "Name to sign in to it with; empty: it wants none." },
    { "mail", "password-file", CONTENT_SETTING_STRING, FIELD(mail_password_file), "", 0, 200,
      NULL, "File whose first line is the password; read at each start." },
    { "mail", "authority", CONTENT_SETTING_STRING, FIELD(mail_authority), "", 0, 200,
      NULL, "PEM file of the authority that its certificate must lead to; empty: those the machine believes." },
    { "text", "command", CONTENT_SETTING_LIST, FIELD(text_command), "", 0, 16,
      NULL, "Program, by its absolute path, that sends a text message, and its arguments; one of them is {phone}. It reads the text from its standard input. Empty: none are sent." },
};
/* clang-format on */

static gboolean
refuse(GError **error, const char *path, const char *words)
{
    g_set_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_VALUE, "%s: %s", path,
                words);
    return FALSE;
}

static gboolean
check_mail(const SchedConfig *self, const char *path, GError **error)
{
    gboolean is_here =
        strcmp(self->mail_host, "127.0.0.1") == 0 || strcmp(self->mail_host, "::1") == 0;

    if (self->mail_host[0] == '\0')
        return TRUE;
    if (strspn(self->mail_host, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS ".-:") !=
        strlen(self->mail_host))
        return refuse(error, path, "[mail] host: no name and no address");
    if (!sched_email_is_valid(self->mail_from))
        return refuse(error, path, "[mail] from: an e-mail address is needed");
    if (self->mail_security == SCHED_SMTP_PLAIN && !is_here)
        return refuse(error, path, "[mail] security: none is for 127.0.0.1 and ::1 alone");
    if ((self->mail_user[0] == '\0') != (self->mail_password_file[0] == '\0'))
        return refuse(error, path,
                      "[mail] user and password-file are given together or not at all");
    return TRUE;
}

static gboolean
check_text(const SchedConfig *self, const char *path, GError **error)
{
    guint n_phones = 0;

    if (self->text_command[0] == NULL)
        return TRUE;
    if (!g_path_is_absolute(self->text_command[0]))
        return refuse(error, path, "[text] command: the program is no absolute path");
    for (gsize i = 1; self->text_command[i] != NULL; i++)
        n_phones += strcmp(self->text_command[i], SCHED_COMMAND_PHONE) == 0 ? 1 : 0;
    return n_phones == 1 ||
           refuse(error, path, "[text] command: one argument has to be {phone}");
}

static gboolean
check_proxies(const char *path, char **proxies, GError **error)
{
    for (gsize i = 0; proxies[i] != NULL; i++) {
        if (g_hostname_is_ip_address(proxies[i]))
            continue;
        g_set_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_VALUE,
                    "%s: [people] proxies: '%s' is no IP address", path, proxies[i]);
        return FALSE;
    }
    return TRUE;
}

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
    if (!check_proxies(path, self->people_proxies, error))
        return NULL;
    if (!g_path_is_absolute(self->state_folder)) {
        g_set_error(error, CONTENT_SETTINGS_ERROR, CONTENT_SETTINGS_ERROR_VALUE,
                    "%s: [state] folder: '%s' is no absolute path", path, self->state_folder);
        return NULL;
    }
    if (!check_mail(self, path, error) || !check_text(self, path, error))
        return NULL;
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
