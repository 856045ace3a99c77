/*
 * session.h - which district, whom we believe, and the token: kept between two calls of loactl.
 *
 * Flow: `loactl sign-in` writes it, every other command reads it. Port: one file, mode 0600.
 */
#pragma once

#include <glib.h>

typedef struct {
    char *url;       /* (owned) */
    char *authority; /* (owned): path of the district's CA certificate */
    char *token;     /* (owned) (nullable): NULL: signed out */
} CtlSession;

void ctl_session_free(CtlSession *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CtlSession, ctl_session_free)

/** ctl_session_path: Returns: (transfer full): $LOACTL_SESSION, else ~/.config/loa/session */
char *ctl_session_path(void);

/** ctl_session_load: Returns: (transfer full): REFUSED with a hint if nobody signed in yet */
CtlSession *ctl_session_load(const char *path, GError **error);
gboolean ctl_session_save(const CtlSession *self, const char *path, GError **error);
