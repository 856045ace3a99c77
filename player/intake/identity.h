/*
 * identity.h - who this station is: its name, its keys, and whom it believes.
 *
 * Flow: enrol.c writes the folder once -> everything that speaks to the district reads it.
 * Port. Layout of STATE/identity/ (0700, files 0600): station.key (Ed25519), tls.key (P-256),
 * tls.pem, tls.next.pem (while it is being renewed, see renewal.h), authority.pem,
 * enrolled.json (the district's answer, exactly as it came).
 */
#pragma once

#include "content/seal.h"

typedef struct {
    char *station;          /* (owned) */
    char *certificate_path; /* (owned) */
    char *key_path;         /* (owned) */
    char *authority_path;   /* (owned): the only authority this station believes */
    char *root_key;         /* (owned): minisign public key line, pinned */
    char *keys;             /* (owned): envelope of the keys document at enrolment */
    char *device_url;       /* (owned): https://host:port */
    char **brokers;         /* (owned): mqtts://host:port, at least one */
    ContentSealKey *seal;   /* (owned): signs records and hello */
} PlayIdentity;

/**
 * play_identity_load:
 * @state_folder: the player's state folder
 *
 * Returns: (transfer full): NULL with %G_FILE_ERROR_NOENT if the station is not enrolled, with
 *   another error if the folder cannot be read or says something impossible
 */
PlayIdentity *play_identity_load(const char *state_folder, GError **error);

/** play_identity_free: @self: (nullable) (transfer full) */
void play_identity_free(PlayIdentity *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayIdentity, play_identity_free)
