/* session.c - see session.h */
#include "scheduler/ctl/session.h"

#include "content/base/files.h"
#include "scheduler/ctl/words.h"

#include <string.h>

#define GROUP     "session"
#define MAX_BYTES (16 * 1024)

void
ctl_session_free(CtlSession *self)
{
    if (self == NULL)
        return;
    g_free(self->url);
    g_free(self->authority);
    g_free(self->token);
    g_free(self);
}

char *
ctl_session_path(void)
{
    const char *given = g_getenv("LOACTL_SESSION");

    if (given != NULL && *given != '\0')
        return g_strdup(given);
    return g_build_filename(g_get_user_config_dir(), "loa", "session", NULL);
}

CtlSession *
ctl_session_load(const char *path, GError **error)
{
    g_autoptr(CtlSession) self = g_new0(CtlSession, 1);
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) cause = NULL;
    g_autoptr(GBytes) bytes = content_files_read(path, MAX_BYTES, &cause);

    if (bytes != NULL &&
        g_key_file_load_from_data(file, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                                  G_KEY_FILE_NONE, &cause)) {
        self->url = g_key_file_get_string(file, GROUP, "url", NULL);
        self->authority = g_key_file_get_string(file, GROUP, "authority", NULL);
        self->token = g_key_file_get_string(file, GROUP, "token", NULL);
    }
    if (self->url != NULL && self->authority != NULL)
        return g_steal_pointer(&self);
    ctl_fail(error, CTL_CLIENT_ERROR_REFUSED, "not_signed_in", "cause",
             cause == NULL ? ctl_words_get(content_reader_here(), "say.session_damaged")
                           : cause->message,
             NULL);
    return NULL;
}

gboolean
ctl_session_save(const CtlSession *self, const char *path, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *text = NULL;
    g_autoptr(GError) cause = NULL;

    g_key_file_set_string(file, GROUP, "url", self->url);
    g_key_file_set_string(file, GROUP, "authority", self->authority);
    if (self->token != NULL)
        g_key_file_set_string(file, GROUP, "token", self->token);
    text = g_key_file_to_data(file, NULL, NULL);
    if (content_files_make_folder(folder, 0700, &cause) &&
        content_files_write(path, text, strlen(text), 0600, &cause))
        return TRUE;
    g_set_error_literal(error, CTL_CLIENT_ERROR, CTL_CLIENT_ERROR_FILE, cause->message);
    return FALSE;
}
