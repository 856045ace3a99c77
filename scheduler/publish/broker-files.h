/*
 * broker-files.h - the configuration, rights and folders of the mosquitto that a district runs.
 *
 * Flow: publish.c knows which stations live -> here (text, then files) -> broker-child.c starts
 * mosquitto on them. The same text is what a district with brokers of its own installs there.
 * The two text functions are pure; sched_broker_files_write() is the port.
 */
#pragma once

#include <glib.h>

/* The account under which the scheduler itself connects; no station may be called so. */
#define SCHED_BROKER_NAME "loa-scheduler"
/* The largest packet: a batch of records with its signature and topic, with room to spare. */
#define SCHED_BROKER_MAX_PACKET_BYTES (128 * 1024)

typedef struct {
    const char *folder;  /* where the files stand; absolute */
    const char *address; /* to listen on: "0.0.0.0", "127.0.0.1" */
    guint port;
    const char *authority;   /* PEM file of the CA */
    const char *certificate; /* PEM file of the broker's certificate */
    const char *key;         /* PEM file of its key, readable by the daemon's account alone */
    const char *revoked;     /* PEM file of the revocation list */
    const char *user;        /* (nullable): account to stay, when started as root by a test */
} SchedBrokerPlace;

/**
 * sched_broker_config_text:
 *
 * mosquitto.conf(5): one TLS listener that demands a certificate; the certificate's name is the
 * user name and the client id, so that no station evicts another; nothing is kept on disk,
 * because nothing of ours rests on the broker remembering.
 *
 * Returns: (transfer full): the text
 */
char *sched_broker_config_text(const SchedBrokerPlace *place);

/**
 * sched_broker_rights_text:
 * @stations: (element-type utf8): ids of the stations that live; a revoked one is left out
 *
 * One named block a station: mosquitto's `pattern` would serve any name, and remove nobody.
 *
 * Returns: (transfer full): the text of the acl_file
 */
char *sched_broker_rights_text(GPtrArray *stations);

/**
 * sched_broker_files_write:
 *
 * Writes mosquitto.conf and rights.acl into @place's folder (made if need be), each atomically;
 * a file that would not change is not touched.
 *
 * @out_has_changed: (out): whether mosquitto has something to read anew
 */
gboolean sched_broker_files_write(const SchedBrokerPlace *place, GPtrArray *stations,
                                  gboolean *out_has_changed, GError **error);
