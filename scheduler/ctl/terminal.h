/*
 * terminal.h - asking for a password, and showing how far an upload is.
 *
 * Flow: commands with functions of their own. Port.
 */
#pragma once

#include <glib.h>

#define CTL_PASSWORD_MAX_BYTES 1024

/**
 * ctl_terminal_password:
 * @prompt: "password: "
 * @file: (nullable): read its first line instead; "-" is standard input
 *
 * Without @file the terminal is asked, without echo. A password is no option: others on the
 * machine see those.
 *
 * Returns: (transfer full): to be wiped by ctl_terminal_forget()
 */
char *ctl_terminal_password(const char *prompt, const char *file, GError **error);

/** ctl_terminal_forget: @password: (nullable) (transfer full): overwritten, then freed */
void ctl_terminal_forget(char *password);

/* A bar on standard error; nothing at all if that is no terminal. */
typedef struct {
    const char *what; /* (not owned) */
    gint64 shown_us;  /* monotonic; 0: not yet */
    int percent;      /* as it is shown */
} CtlBar;

/** ctl_bar_show: a CtlProgressFunc; @user_data is a CtlBar */
void ctl_bar_show(gint64 done_bytes, gint64 total_bytes, gpointer user_data);

/** ctl_bar_clear: takes the bar away */
void ctl_bar_clear(CtlBar *self);
