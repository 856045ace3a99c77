/*
 * config.h - what loa-scheduler needs before it can open its database.
 *
 * Flow: main.c reads it -> init.h or district.h. What people change while it runs is in the
 * store's settings, not here.
 */
#pragma once

#include <glib.h>

typedef struct {
    char *state_folder;   /* (owned): database, objects, keys, broker's files */
    char *people_address; /* (owned) */
    gint64 people_port;
    char **people_hosts; /* (owned): names in the certificate for people */
    char *
        people_certificate; /* (owned): PEM chain of an own certificate; "": by our authority */
    char *people_key;       /* (owned): its key; "" */
    char **people_proxies;  /* (owned): believed in what they say of whom they speak for */
    char *station_address;  /* (owned): to listen on for stations */
    gint64 station_port;
    char *
        *station_hosts; /* (owned): under which stations reach it; the first is in the codes */
    gint64 broker_port;
    char *broker_address;  /* (owned) */
    char *broker_program;  /* (owned) */
    char **broker_uris;    /* (owned): brokers that run already; empty: one of our own */
    char *ingest_program;  /* (owned) */
    gint64 ingest_max_min; /* of sound */
    gint64 max_connections, max_per_address;
    char *mail_host;                 /* (owned): of the mail server; "": no e-mail */
    gint64 mail_port, mail_security; /* SchedSmtpSecurity */
    char *mail_from;                 /* (owned) */
    char *mail_user, *mail_password_file, *mail_authority; /* (owned): "" */
    char **text_command; /* (owned): sends a text message; empty: none is sent */
} SchedConfig;

/** sched_config_read: every key is in `loa-scheduler describe` and in the README */
SchedConfig *sched_config_read(const char *path, GError **error);

/** sched_config_free: @self: (nullable) (transfer full) */
void sched_config_free(SchedConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedConfig, sched_config_free)

/** sched_config_path: Returns: (transfer full): @name in the state folder */
char *sched_config_path(const SchedConfig *self, const char *name);

/** sched_config_describe: Returns: (transfer full): all keys as a Markdown table */
char *sched_config_describe(void);
