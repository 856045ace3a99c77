/*
 * hold-templates.c - what the station says in alerts, in force as the manifest names it. See
 * hold.h
 *
 * The manifest's signature vouches for the document, and an approval of a second person for
 * each piece of audio in it. The one in force stays until the next one is here with what
 * approves it: an alert may come in between.
 */
#include "player/intake/hold-internal.h"

#include "content/exchange.h"

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

/* ---- approvals of their audio ---- */

static const ContentAlertObject *
object_at(const ContentTemplates *templates, guint index)
{
    return templates->objects->pdata[index];
}

static gboolean
is_settled(PlayHold *self, const ContentTemplates *templates)
{
    for (guint i = 0; i < templates->objects->len; i++) {
        if (play_hold_known(self, object_at(templates, i)->approval) == 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_good(const ContentApproval *approval, const ContentAlertObject *object)
{
    return approval != NULL && approval->kind == CONTENT_APPROVED_TEMPLATE &&
           g_strcmp0(approval->object, object->hash) == 0;
}

guint
play_hold_unapproved_templates(const ContentTemplates *templates, GHashTable *approvals)
{
    guint n = 0;

    for (guint i = 0; i < templates->objects->len; i++) {
        const ContentAlertObject *object = object_at(templates, i);

        n += !is_good(g_hash_table_lookup(approvals, object->approval), object);
    }
    return n;
}

/* Told once for each number; one that is still on its way is not missing. */
static void
tell_unapproved(PlayHold *self, GHashTable *approvals)
{
    g_autoptr(ContentRemark) why = NULL;
    guint n = 0;

    for (guint i = 0; i < self->templates->objects->len; i++) {
        const ContentAlertObject *object = object_at(self->templates, i);

        n += play_hold_known(self, object->approval) != 0 &&
             !is_good(g_hash_table_lookup(approvals, object->approval), object);
    }
    if (n > 0 && n != self->n_unapproved) {
        why = content_remark_new("templates_unapproved", "templates", NULL);
        content_remark_add_number(why, "count", n);
        play_hold_say_refused(self, why);
    }
    self->n_unapproved = n;
}

static void
say_templates(PlayHold *self)
{
    GHashTable *approvals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                                  (GDestroyNotify) content_approval_free);

    for (guint i = 0; i < self->templates->objects->len; i++)
        play_hold_add_approval(self, object_at(self->templates, i)->approval, approvals);
    tell_unapproved(self, approvals);
    self->events->templates(self->templates, approvals, self->data);
}

void
play_hold_say_templates_of(PlayHold *self, GHashTable *approvals)
{
    gboolean names_one = FALSE;

    for (guint i = 0; self->templates != NULL && i < self->templates->objects->len; i++)
        names_one |= g_hash_table_contains(approvals, object_at(self->templates, i)->approval);
    if (names_one)
        say_templates(self);
}

static void
want(PlayHold *self, const ContentTemplates *templates, GPtrArray *wanted)
{
    for (guint i = 0; templates != NULL && i < templates->objects->len &&
                      wanted->len < CONTENT_REQUEST_MAX_HASHES;
         i++) {
        const char *hash = object_at(templates, i)->approval;

        if (play_hold_known(self, hash) == 0 &&
            !g_ptr_array_find_with_equal_func(wanted, hash, g_str_equal, NULL))
            g_ptr_array_add(wanted, g_strdup(hash));
    }
}

void
play_hold_want_templates(PlayHold *self, GPtrArray *wanted)
{
    want(self, self->next_templates, wanted);
    want(self, self->templates, wanted);
}

static void
name_approvals(const ContentTemplates *templates, GHashTable *into)
{
    for (guint i = 0; templates != NULL && i < templates->objects->len; i++)
        g_hash_table_add(into, g_strdup(object_at(templates, i)->approval));
}

void
play_hold_name_template_approvals(PlayHold *self, GHashTable *into)
{
    name_approvals(self->templates, into);
    name_approvals(self->next_templates, into);
}

/* ---- in force ---- */

static void
set_next(PlayHold *self, ContentTemplates *templates, const char *hash)
{
    content_templates_free(self->next_templates);
    self->next_templates = templates;
    g_free(self->next_hash);
    self->next_hash = g_strdup(hash);
}

/* What the manifest names is read once; what is known of its approvals, with it. */
static void
read_next(PlayHold *self, const char *hash)
{
    ContentTemplates *templates;

    if (g_strcmp0(hash, self->next_hash) == 0)
        return;
    templates = read_kept(self, hash);
    if (templates == NULL)
        return;
    play_hold_set_known(self, hash, PLAY_KNOWN_HELD);
    set_next(self, templates, hash);
    for (guint i = 0; i < templates->objects->len; i++)
        play_hold_is_kept(self, object_at(templates, i)->approval);
}

void
play_hold_apply_templates(PlayHold *self)
{
    const char *wanted = self->manifest == NULL ? NULL : self->manifest->templates;

    if (wanted == NULL || g_strcmp0(wanted, self->templates_hash) == 0) {
        set_next(self, NULL, NULL);
        return;
    }
    read_next(self, wanted);
    if (g_strcmp0(wanted, self->next_hash) != 0 ||
        (self->templates != NULL && !is_settled(self, self->next_templates)))
        return;
    content_templates_free(self->templates);
    self->templates = g_steal_pointer(&self->next_templates);
    g_free(self->templates_hash);
    self->templates_hash = g_steal_pointer(&self->next_hash);
    self->n_unapproved = 0;
    say_templates(self);
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
