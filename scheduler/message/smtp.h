/*
 * smtp.h - hands one letter to a mail server.
 *
 * Flow: post.c -> here -> libcurl -> the server of the settings. Port. Blocks: to be called in
 * a task's thread.
 */
#pragma once

#include <gio/gio.h>

#define SCHED_SMTP_CONNECT_S 20
#define SCHED_SMTP_MOST_S    60

#define SCHED_POST_ERROR (sched_post_error_quark())
GQuark sched_post_error_quark(void);

/* Why a message did not leave, of either way; what is kept are the words. */
typedef enum {
    SCHED_POST_ERROR_UNREACHABLE, /* no server there: tried again */
    SCHED_POST_ERROR_TLS,         /* its certificate is not believed, or it has no TLS */
    SCHED_POST_ERROR_SIGN_IN,     /* it does not take our name and password */
    SCHED_POST_ERROR_REFUSED,     /* it does not take this message: for good, or for now */
    SCHED_POST_ERROR_LATE,        /* it, or the command, took too long */
    SCHED_POST_ERROR_COMMAND,     /* the command could not be run, or failed */
    SCHED_POST_ERROR_NO_WAY,      /* the settings have no such way (any more) */
    SCHED_POST_ERROR_CROWDED,     /* too many were waiting: it was given up for newer ones */
} SchedPostError;
extern const char *const sched_post_error_words[];

typedef enum {
    SCHED_SMTP_STARTTLS, /* smtp://, and no word before TLS is up */
    SCHED_SMTP_TLS,      /* smtps:// */
    SCHED_SMTP_PLAIN,    /* smtp:// to this machine alone */
} SchedSmtpSecurity;
extern const char *const sched_smtp_security_words; /* a '|'-separated list */

typedef struct {
    const char *host;
    guint port;
    SchedSmtpSecurity security;
    const char *authority;       /* PEM file of who is believed; "": the machine's list */
    const char *user, *password; /* "": the server wants none */
    const char *from;
    guint most_s; /* for all of it; 0: SCHED_SMTP_MOST_S */
} SchedSmtp;

/**
 * sched_smtp_send:
 * @letter: as sched_letter_write() made it
 *
 * Returns: %TRUE once the server has taken it
 */
gboolean sched_smtp_send(const SchedSmtp *smtp, const char *to, const char *letter,
                         GCancellable *cancellable, GError **error);
