/* phrasebook.c - see phrasebook.h */
#include "scheduler/plan/phrasebook.h"

#include "content/language.h"

#include <string.h>

#define VIETNAMESE "vi"

static gboolean
is_wanted(const char *language, GPtrArray *languages)
{
    if (strcmp(language, VIETNAMESE) == 0)
        return TRUE;
    for (guint i = 0; i < languages->len; i++) {
        if (content_language_match(languages->pdata[i], language) > 0)
            return TRUE;
    }
    return FALSE;
}

static void
use(GHashTable *used, const char *object)
{
    if (object != NULL)
        g_hash_table_add(used, (gpointer) object);
}

static ContentTemplateLine *
copy_line(const ContentTemplateLine *from, GHashTable *used)
{
    ContentTemplateLine *line = content_shape_new(&content_template_line_shape);

    line->language = g_strdup(from->language);
    for (guint i = 0; i < from->parts->len; i++) {
        const ContentTemplatePart *old = from->parts->pdata[i];
        ContentTemplatePart *part = content_shape_new(&content_template_part_shape);

        part->blank = old->blank;
        part->object = g_strdup(old->object);
        use(used, old->object);
        g_ptr_array_add(line->parts, part);
    }
    return line;
}

static ContentTemplate *
copy_template(const ContentTemplate *from, GPtrArray *languages, GHashTable *used)
{
    ContentTemplate *template = content_shape_new(&content_template_shape);
    GPtrArray *lines = template->lines;

    *template = *from;
    template->id = g_strdup(from->id);
    template->title = g_strdup(from->title);
    template->lines = lines;
    for (guint i = 0; i < from->lines->len; i++) {
        const ContentTemplateLine *line = from->lines->pdata[i];

        if (is_wanted(line->language, languages))
            g_ptr_array_add(lines, copy_line(line, used));
    }
    return template;
}

static ContentTemplateValue *
copy_value(const ContentTemplateValue *from, GPtrArray *languages, GHashTable *used)
{
    ContentTemplateValue *value = content_shape_new(&content_template_value_shape);

    value->id = g_strdup(from->id);
    value->title = g_strdup(from->title);
    value->area = g_strdup(from->area);
    value->blank = from->blank;
    for (guint i = 0; i < from->spoken->len; i++) {
        const ContentSpoken *old = from->spoken->pdata[i];
        ContentSpoken *spoken;

        if (!is_wanted(old->language, languages))
            continue;
        spoken = content_shape_new(&content_spoken_shape);
        spoken->language = g_strdup(old->language);
        spoken->object = g_strdup(old->object);
        use(used, old->object);
        g_ptr_array_add(value->spoken, spoken);
    }
    return value;
}

static void
copy_objects(const ContentTemplates *all, GHashTable *used, ContentTemplates *placed)
{
    for (guint i = 0; i < all->objects->len; i++) {
        const ContentAlertObject *from = all->objects->pdata[i];
        ContentAlertObject *object;

        if (!g_hash_table_contains(used, from->hash))
            continue;
        object = content_shape_new(&content_alert_object_shape);
        *object = *from;
        object->hash = g_strdup(from->hash);
        object->approval = g_strdup(from->approval);
        g_ptr_array_add(placed->objects, object);
    }
}

ContentTemplates *
sched_phrasebook(const ContentTemplates *all, const char *station, GPtrArray *languages,
                 GPtrArray *villages)
{
    ContentTemplates *placed = content_document_new(&content_templates_type);
    g_autoptr(GHashTable) used = g_hash_table_new(g_str_hash, g_str_equal);

    placed->station = g_strdup(station);
    for (guint i = 0; i < all->templates->len; i++)
        g_ptr_array_add(placed->templates,
                        copy_template(all->templates->pdata[i], languages, used));
    for (guint i = 0; i < all->values->len; i++) {
        const ContentTemplateValue *value = all->values->pdata[i];

        if (value->area == NULL ||
            g_ptr_array_find_with_equal_func(villages, value->area, g_str_equal, NULL))
            g_ptr_array_add(placed->values, copy_value(value, languages, used));
    }
    copy_objects(all, used, placed);
    return placed;
}

const char *
sched_phrasebook_lack(const ContentTemplates *placed, GPtrArray *languages,
                      const char **out_language)
{
    for (guint i = 0; i < languages->len; i++) {
        const char *lack = content_templates_lack(placed, languages->pdata[i]);

        if (lack != NULL) {
            *out_language = languages->pdata[i];
            return lack;
        }
    }
    return NULL;
}
