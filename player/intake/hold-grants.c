/*
 * hold-grants.c - what the station may start by itself, in force as the manifest names it. See
 * hold.h
 *
 * Those in force stay until all that the next manifest lists are here, since the line may break
 * in between; a manifest that lists none, or only known ones, takes the others away at once.
 * They do not end with the manifest's own time: each has its own.
 */
#include "player/intake/hold-internal.h"

#include <string.h>

/* Returns: (nullable): NULL: not here, not for us, or of a newer program */
static ContentGrant *
read_kept(PlayHold *self, const char *hash)
{
    g_autoptr(GBytes) bytes = play_keep_get_document(self->keep, hash, NULL);
    g_autoptr(ContentGrant) grant = NULL;

    if (bytes == NULL)
        return NULL;
    grant = content_document_read(&content_grant_type, g_bytes_get_data(bytes, NULL),
                                  g_bytes_get_size(bytes), NULL);
    if (grant == NULL || strcmp(grant->station, self->station) != 0)
        return NULL;
    return g_steal_pointer(&grant);
}

static void
set_grants(PlayHold *self, GPtrArray *grants, const char *hashes)
{
    g_ptr_array_unref(self->grants);
    self->grants = grants;
    g_free(self->grant_hashes);
    self->grant_hashes = g_strdup(hashes);
    self->events->grants(self->grants, self->data);
}

void
play_hold_apply_grants(PlayHold *self)
{
    g_autoptr(GPtrArray) grants =
        g_ptr_array_new_with_free_func((GDestroyNotify) content_grant_free);
    g_autoptr(GString) hashes = g_string_new(NULL);

    if (self->manifest == NULL)
        return;
    for (guint i = 0; i < self->manifest->grants->len; i++) {
        const char *hash = self->manifest->grants->pdata[i];
        ContentGrant *grant = read_kept(self, hash);

        if (grant != NULL) {
            play_hold_set_known(self, hash, PLAY_KNOWN_HELD);
            g_ptr_array_add(grants, grant);
            g_string_append_printf(hashes, "%s ", hash);
        } else if (play_hold_known(self, hash) == 0) {
            return;
        }
    }
    if (g_strcmp0(hashes->str, self->grant_hashes) != 0 &&
        (hashes->len > 0 || self->grant_hashes != NULL))
        set_grants(self, g_steal_pointer(&grants), hashes->str);
}

void
play_hold_doubt_grants(PlayHold *self)
{
    for (guint i = 0; self->manifest != NULL && i < self->manifest->grants->len; i++)
        g_hash_table_remove(self->known, self->manifest->grants->pdata[i]);
    if (self->grants->len > 0)
        set_grants(self, g_ptr_array_new_with_free_func((GDestroyNotify) content_grant_free),
                   "");
}
