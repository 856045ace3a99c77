/* identity.c - see identity.h */
#include "player/intake/identity.h"

#include "content/base/files.h"
#include "content/exchange.h"

#define ENROLLED_MAX_BYTES (256 * 1024)

/* Everything but the district's answer is a name of its own beside it. */
static void
set_paths(PlayIdentity *self, const char *folder)
{
    self->certificate_path = g_build_filename(folder, "tls.pem", NULL);
    self->key_path = g_build_filename(folder, "tls.key", NULL);
    self->authority_path = g_build_filename(folder, "authority.pem", NULL);
}

static gboolean
read_enrolled(PlayIdentity *self, const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "enrolled.json", NULL);
    g_autoptr(GError) missing = NULL;
    g_autoptr(GBytes) bytes = content_files_read(path, ENROLLED_MAX_BYTES, &missing);
    g_autoptr(ContentEnrolled) enrolled = NULL;

    if (g_error_matches(missing, CONTENT_FILES_ERROR, CONTENT_FILES_ERROR_NOT_FOUND)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                    "%s: this player is not enrolled at a district", path);
        return FALSE;
    }
    if (bytes == NULL) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return FALSE;
    }
    enrolled = content_document_read(&content_enrolled_type, g_bytes_get_data(bytes, NULL),
                                     g_bytes_get_size(bytes), error);
    if (enrolled == NULL) {
        g_prefix_error(error, "%s: ", path);
        return FALSE;
    }
    self->station = g_steal_pointer(&enrolled->station);
    self->root_key = g_steal_pointer(&enrolled->root_key);
    self->keys = g_steal_pointer(&enrolled->keys);
    self->device_url = g_steal_pointer(&enrolled->device_url);
    self->brokers = g_new0(char *, enrolled->brokers->len + 1);
    for (guint i = 0; i < enrolled->brokers->len; i++)
        self->brokers[i] = g_strdup(enrolled->brokers->pdata[i]);
    return TRUE;
}

PlayIdentity *
play_identity_load(const char *state_folder, GError **error)
{
    g_autoptr(PlayIdentity) self = g_new0(PlayIdentity, 1);
    g_autofree char *folder = g_build_filename(state_folder, "identity", NULL);
    g_autofree char *seal_path = g_build_filename(folder, "station.key", NULL);

    set_paths(self, folder);
    if (!read_enrolled(self, folder, error))
        return NULL;
    self->seal = content_seal_key_load(seal_path, error);
    if (self->seal == NULL)
        return NULL;
    if (self->brokers[0] == NULL) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: no broker is named", folder);
        return NULL;
    }
    return g_steal_pointer(&self);
}

void
play_identity_free(PlayIdentity *self)
{
    if (self == NULL)
        return;
    g_free(self->station);
    g_free(self->certificate_path);
    g_free(self->key_path);
    g_free(self->authority_path);
    g_free(self->root_key);
    g_free(self->keys);
    g_free(self->device_url);
    g_strfreev(self->brokers);
    content_seal_key_free(self->seal);
    g_free(self);
}
