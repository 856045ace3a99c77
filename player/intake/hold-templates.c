/*
 * hold-templates.c - what the station says in alerts, in force as the manifest names it. See
 * hold.h
 *
 * The manifest's signature vouches for the document. The one in force stays until the next one
 * is here and can be read: an alert may come in between.
 */
#include "player/intake/hold-internal.h"

#include <string.h>

/* Returns: (nullable): NULL: not here, not for us, or of a newer program */
static ContentTemplates *
read_kept(PlayHold *self, const char *hash)
{
    g_autoptr(GBytes) bytes = play_keep_get_document(self->keep, hash, NULL);
    g_autoptr(ContentTemplates) templates = NULL;

    if (bytes == NULL)
        return NULL;
    templates = content_document_read(&content_templates_type, g_bytes_get_data(bytes, NULL),
                                      g_bytes_get_size(bytes), NULL);
    if (templates == NULL || strcmp(templates->station, self->station) != 0)
        return NULL;
    return g_steal_pointer(&templates);
}

void
play_hold_apply_templates(PlayHold *self)
{
    const char *wanted = self->manifest == NULL ? NULL : self->manifest->templates;
    ContentTemplates *templates;

    if (wanted == NULL || g_strcmp0(wanted, self->templates_hash) == 0)
        return;
    templates = read_kept(self, wanted);
    if (templates == NULL)
        return;
    play_hold_set_known(self, wanted, PLAY_KNOWN_HELD);
    content_templates_free(self->templates);
    self->templates = templates;
    g_free(self->templates_hash);
    self->templates_hash = g_strdup(wanted);
    self->events->templates(templates, self->data);
}

void
play_hold_queue_templates(PlayHold *self, GHashTable *objects, GPtrArray *queue)
{
    if (self->templates != NULL)
        play_intake_queue_first(self->templates->objects, objects, queue);
}

void
play_hold_name_templates(PlayHold *self, GHashTable *into)
{
    for (guint i = 0; self->templates != NULL && i < self->templates->objects->len; i++)
        g_hash_table_add(
            into,
            g_strdup(((const ContentAlertObject *) self->templates->objects->pdata[i])->hash));
}
