/* cap-write.c - sched_cap_write(): a message to XML, by the table. Pure. */
#include "scheduler/cap/cap-table.h"

#include <libxml/xmlwriter.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlTextWriter, xmlFreeTextWriter)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlBuffer, xmlBufferFree)

typedef struct {
    xmlTextWriter *xml;
    int offset_s;
} Writing;

static void write_part(Writing *self, const CapPart *part, gconstpointer owner);

static void
write_text(Writing *self, const CapMember *member, const char *text)
{
    if (text != NULL)
        xmlTextWriterWriteElement(self->xml, BAD_CAST member->name, BAD_CAST text);
}

static void
write_time(Writing *self, const CapMember *member, gint64 us)
{
    g_autofree char *text = us == 0 ? NULL : sched_cap_format_time(us, self->offset_s);

    write_text(self, member, text);
}

static void
write_size(Writing *self, const CapMember *member, gint64 n_bytes)
{
    g_autofree char *text = n_bytes < 0 ? NULL : g_strdup_printf("%" G_GINT64_FORMAT, n_bytes);

    write_text(self, member, text);
}

static void
write_words(Writing *self, const CapMember *member, guint set)
{
    for (guint i = 0; member->words[i] != NULL; i++) {
        if ((set & 1u << i) != 0)
            write_text(self, member, member->words[i]);
    }
}

static void
write_references(Writing *self, const CapMember *member, GPtrArray *references)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < references->len; i++) {
        const SchedCapReference *one = references->pdata[i];

        g_string_append_printf(text, "%s%s,%s,%s", i > 0 ? " " : "", one->sender,
                               one->identifier, one->sent);
    }
    write_text(self, member, references->len == 0 ? NULL : text->str);
}

static void
write_array(Writing *self, const CapMember *member, GPtrArray *array)
{
    for (guint i = 0; i < array->len; i++) {
        if (member->kind == CAP_TEXTS)
            write_text(self, member, array->pdata[i]);
        else
            write_part(self, member->part, array->pdata[i]);
    }
}

static void
write_member(Writing *self, const CapMember *member, gconstpointer owner)
{
    switch (member->kind) {
    case CAP_TEXT:
    case CAP_NAME:
        write_text(self, member, G_STRUCT_MEMBER(char *, owner, member->offset));
        break;
    case CAP_TIME:
        write_time(self, member, G_STRUCT_MEMBER(gint64, owner, member->offset));
        break;
    case CAP_SIZE:
        write_size(self, member, G_STRUCT_MEMBER(gint64, owner, member->offset));
        break;
    case CAP_WORD:
        write_text(self, member, member->words[G_STRUCT_MEMBER(guint, owner, member->offset)]);
        break;
    case CAP_WORDS:
        write_words(self, member, G_STRUCT_MEMBER(guint, owner, member->offset));
        break;
    case CAP_REFERENCES:
        write_references(self, member, cap_array(owner, member));
        break;
    case CAP_TEXTS:
    case CAP_PARTS:
        write_array(self, member, cap_array(owner, member));
        break;
    }
}

static void
write_part(Writing *self, const CapPart *part, gconstpointer owner)
{
    xmlTextWriterStartElement(self->xml, BAD_CAST part->name);
    if (part == &cap_alert)
        xmlTextWriterWriteAttribute(self->xml, BAD_CAST "xmlns", BAD_CAST SCHED_CAP_NAMESPACE);
    for (guint i = 0; i < part->n_members; i++)
        write_member(self, &part->members[i], owner);
    xmlTextWriterEndElement(self->xml);
}

char *
sched_cap_write(const SchedCap *self, GError **error)
{
    g_autoptr(xmlBuffer) buffer = NULL;
    g_autoptr(xmlTextWriter) xml = NULL;
    Writing writing = {.offset_s = self->offset_s};

    if (!cap_check(&cap_alert, self, NULL, error))
        return NULL;
    buffer = xmlBufferCreate();
    xml = writing.xml = xmlNewTextWriterMemory(buffer, 0);
    xmlTextWriterSetIndent(xml, 1);
    xmlTextWriterStartDocument(xml, NULL, "UTF-8", NULL);
    write_part(&writing, &cap_alert, self);
    xmlTextWriterEndDocument(xml);
    xmlTextWriterFlush(xml);
    if (xmlBufferLength(buffer) > SCHED_CAP_MAX_BYTES) {
        g_set_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_LIMIT, "larger than %d bytes",
                    SCHED_CAP_MAX_BYTES);
        return NULL;
    }
    return g_strdup((const char *) xmlBufferContent(buffer));
}
