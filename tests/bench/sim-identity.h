/*
 * sim-identity.h - the folder that an enrolment leaves on a player, made without one.
 *
 * Flow: thousands of stations are made here in seconds -> player/intake/identity.c reads them.
 * The keys are made as on a real player; somebody who holds the authority signs the request.
 */
#pragma once

#include <glib.h>

/* What every station of a district is told. */
typedef struct {
    const char *authority;  /* PEM */
    const char *root_key;   /* minisign public key line */
    const char *keys;       /* envelope of the keys document */
    const char *device_url; /* https://host:port */
    const char *broker;     /* mqtts://host:port */
    /* Returns: (transfer full) (nullable): certificate over @request's key, both PEM */
    char *(*sign)(const char *request, const char *station, gpointer data, GError **error);
    gpointer data;
} SimDistrict;

/**
 * sim_identity_write:
 * @state_folder: made; becomes the state folder of a player that is enrolled as @station
 * @out_public_key: (out) (transfer full): minisign public key line of the station
 */
gboolean sim_identity_write(const char *state_folder, const char *station,
                            const SimDistrict *district, char **out_public_key, GError **error);
