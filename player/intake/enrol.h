/*
 * enrol.h - a player with a code becomes a station: keys made here, certificate from there.
 *
 * Flow: technician -> `loa-player enrol CODE` -> this -> STATE/identity and STATE/journal.db.
 * Port; blocks, for the command line only.
 */
#pragma once

#include <glib.h>

/* 2026-01-01T00:00:00Z: no certificate is judged at an earlier time, whatever the clock says.
 */
#define PLAY_ENROL_EARLIEST_US G_GINT64_CONSTANT(1767225600000000)

#define PLAY_ENROL_ERROR (play_enrol_error_quark())
GQuark play_enrol_error_quark(void);

typedef enum {
    PLAY_ENROL_ERROR_CODE,     /* the code is mistyped; nothing was sent */
    PLAY_ENROL_ERROR_ALREADY,  /* this folder holds a station already */
    PLAY_ENROL_ERROR_DISTRICT, /* not reached, or not the one of the code; nothing was sent */
    PLAY_ENROL_ERROR_REFUSED,  /* the district said no; its words are in the message */
    PLAY_ENROL_ERROR_ANSWER,   /* the answer does not fit the question */
    PLAY_ENROL_ERROR_DISK,
} PlayEnrolError;

/**
 * play_enrol:
 * @state_folder: made if it is not there, mode 0700
 * @code: as typed
 * @replace: set an existing identity and its journal aside (kept, renamed) and begin anew
 * @now_us: UTC; a certificate is never checked at a time before the program was built
 *
 * Both keys are made here and never leave. The certificate chain met must lead to the key whose
 * fingerprint the code carries, before the secret is sent. The identity folder appears whole or
 * not at all.
 *
 * Returns: (transfer full): the name the district gave the station
 */
char *play_enrol(const char *state_folder, const char *code, gboolean replace, gint64 now_us,
                 GError **error);

/**
 * play_enrol_command:
 * @argv: what follows `loa-player enrol`: [--replace] [--state FOLDER] CODE
 * @fallback_folder: the state folder where none is given
 *
 * Returns: an exit status of sysexits.h, after a sentence on stdout or stderr
 */
int play_enrol_command(int argc, char **argv, const char *fallback_folder);
