/* cap-read.c - sched_cap_read(): XML to a message. libxml2 reads, the table says what. Pure. */
#include "scheduler/cap/cap-table.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

#define MAX_REFERENCES 100

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlDoc, xmlFreeDoc)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlParserCtxt, xmlFreeParserCtxt)

/* ---- XML ---- */

/* A DOCTYPE is where entities, and with them bombs and other files, come in. */
static void
refuse_doctype(void *context, const xmlChar *name, const xmlChar *external,
               const xmlChar *system)
{
    xmlParserCtxtPtr parser = context;

    parser->_private = (gpointer) "a DOCTYPE, which no warning needs";
    xmlStopParser(parser);
}

static void
start_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
              int n_namespaces, const xmlChar **namespaces, int n_attributes, int n_defaulted,
              const xmlChar **attributes)
{
    xmlParserCtxtPtr parser = context;

    if (parser->nodeNr >= SCHED_CAP_MAX_DEPTH) {
        parser->_private = (gpointer) "elements inside elements, deeper than any warning";
        xmlStopParser(parser);
        return;
    }
    xmlSAX2StartElementNs(context, name, prefix, uri, n_namespaces, namespaces, n_attributes,
                          n_defaulted, attributes);
}

static void
set_syntax_error(xmlParserCtxtPtr parser, GError **error)
{
    const xmlError *problem = xmlCtxtGetLastError(parser);
    g_autofree char *message = g_strchomp(
        g_strdup(problem == NULL || problem->message == NULL ? "" : problem->message));

    if (parser->_private != NULL)
        g_set_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_SYNTAX, "%s",
                    (const char *) parser->_private);
    else
        g_set_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_SYNTAX, "no XML: line %d: %s",
                    problem == NULL ? 0 : problem->line, message);
}

static xmlDoc *
parse(const char *data, gsize n_bytes, GError **error)
{
    g_autoptr(xmlParserCtxt) parser = xmlNewParserCtxt();
    xmlDoc *doc;

    if (n_bytes > SCHED_CAP_MAX_BYTES) {
        g_set_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_LIMIT, "larger than %d bytes",
                    SCHED_CAP_MAX_BYTES);
        return NULL;
    }
    parser->sax->internalSubset = refuse_doctype;
    parser->sax->startElementNs = start_element;
    /* The encoding is given, so that a declaration of another one changes nothing. */
    doc = xmlCtxtReadMemory(parser, data, (int) n_bytes, NULL, "UTF-8",
                            XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                XML_PARSE_NOCDATA);
    if (doc != NULL && parser->wellFormed && parser->_private == NULL)
        return doc;
    set_syntax_error(parser, error);
    g_clear_pointer(&doc, xmlFreeDoc);
    return NULL;
}

/* ---- elements ---- */

static gboolean read_part(const CapPart *part, gpointer owner, xmlNode *node, const char *where,
                          GError **error);

static gboolean
is_of_cap(const xmlNode *node)
{
    return node->type == XML_ELEMENT_NODE && node->ns != NULL &&
           strcmp((const char *) node->ns->href, SCHED_CAP_NAMESPACE) == 0;
}

/* The text of an element that holds nothing else, without the spaces around it. */
static char *
text_of(const xmlNode *node, const char *where, GError **error)
{
    char *text;
    xmlChar *content;

    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (child->type == XML_ELEMENT_NODE) {
            g_set_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_INVALID,
                        "%s: an element '%.40s' where text belongs", where, child->name);
            return NULL;
        }
    }
    content = xmlNodeGetContent(node);
    text = g_strdup(content == NULL ? "" : (const char *) content);
    xmlFree(content);
    return g_strstrip(text);
}

static gboolean
bad_text(const char *where, const char *text, const char *what, GError **error)
{
    g_set_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_INVALID, "%s: '%.40s' is %s", where,
                text, what);
    return FALSE;
}

static gboolean
take_word(const CapMember *member, gpointer owner, const char *text, const char *where,
          GError **error)
{
    guint *value = &G_STRUCT_MEMBER(guint, owner, member->offset);

    for (guint i = 0; member->words[i] != NULL; i++) {
        if (strcmp(member->words[i], text) == 0) {
            *value = member->kind == CAP_WORDS ? *value | 1u << i : i;
            return TRUE;
        }
    }
    return bad_text(where, text, "none of the standard's words", error);
}

static gboolean
take_time(const CapMember *member, gpointer owner, const char *text, const char *where,
          GError **error)
{
    /* The one time that a message must have tells in which local time it was written. */
    int *offset_s = strcmp(member->name, "sent") == 0 ? &((SchedCap *) owner)->offset_s : NULL;

    if (cap_parse_time(text, &G_STRUCT_MEMBER(gint64, owner, member->offset), offset_s))
        return TRUE;
    return bad_text(where, text, "no time like 2026-11-23T21:02:35+07:00", error);
}

static gboolean
take_size(const CapMember *member, gpointer owner, const char *text, const char *where,
          GError **error)
{
    if (g_ascii_string_to_signed(text, 10, 0, G_MAXINT64,
                                 &G_STRUCT_MEMBER(gint64, owner, member->offset), NULL))
        return TRUE;
    return bad_text(where, text, "no number of bytes", error);
}

static gboolean
take_references(const CapMember *member, gpointer owner, const char *text, const char *where,
                GError **error)
{
    g_auto(GStrv) triples = g_strsplit_set(text, " \t\r\n", MAX_REFERENCES + 1);

    for (guint i = 0; triples[i] != NULL; i++) {
        g_auto(GStrv) parts = g_strsplit(triples[i], ",", 4);

        if (*triples[i] == '\0')
            continue;
        if (i == MAX_REFERENCES)
            return bad_text(where, triples[i], "one more than " G_STRINGIFY(MAX_REFERENCES),
                            error);
        if (g_strv_length(parts) != 3)
            return bad_text(where, triples[i], "not 'sender,identifier,sent'", error);
        sched_cap_add_reference(owner, parts[0], parts[1], parts[2]);
    }
    return cap_array(owner, member)->len > 0 || bad_text(where, text, "no reference", error);
}

static gboolean
take_text(const CapMember *member, gpointer owner, const char *text, const char *where,
          GError **error)
{
    switch (member->kind) {
    case CAP_TEXT:
    case CAP_NAME:
        G_STRUCT_MEMBER(char *, owner, member->offset) = g_strdup(text);
        return TRUE;
    case CAP_TEXTS:
        g_ptr_array_add(cap_array(owner, member), g_strdup(text));
        return TRUE;
    case CAP_TIME:
        return take_time(member, owner, text, where, error);
    case CAP_SIZE:
        return take_size(member, owner, text, where, error);
    case CAP_WORD:
    case CAP_WORDS:
        return take_word(member, owner, text, where, error);
    case CAP_REFERENCES:
        return take_references(member, owner, text, where, error);
    case CAP_PARTS:
        break;
    }
    g_return_val_if_reached(FALSE);
}

static gboolean
read_member(const CapMember *member, gpointer owner, xmlNode *node, const char *where,
            GError **error)
{
    g_autofree char *text = NULL;

    if (member->kind == CAP_PARTS)
        return read_part(member->part, cap_add_part(owner, member), node, where, error);
    text = text_of(node, where, error);
    /* Many programs write every element, with nothing in it. */
    if (text != NULL && *text == '\0' && member->least == 0)
        return TRUE;
    return text != NULL && cap_check_text(member, text, where, error) &&
           take_text(member, owner, text, where, error);
}

static const CapMember *
member_named(const CapPart *part, const char *name, guint *index)
{
    for (*index = 0; *index < part->n_members; (*index)++) {
        if (strcmp(part->members[*index].name, name) == 0)
            return &part->members[*index];
    }
    return NULL;
}

/* "info 2/area 1": which one, if there may be several */
static char *
where_of(const char *where, const CapMember *member, guint number)
{
    g_autofree char *name = member->most > 1 ? g_strdup_printf("%s %u", member->name, number)
                                             : g_strdup(member->name);

    return where == NULL ? g_steal_pointer(&name) : g_strconcat(where, "/", name, NULL);
}

static gboolean
read_child(const CapPart *part, gpointer owner, xmlNode *node, guint *counts, const char *where,
           GError **error)
{
    guint index;
    const CapMember *member = member_named(part, (const char *) node->name, &index);
    g_autofree char *there = NULL;

    if (member == NULL) {
        g_set_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_INVALID,
                    "%s: an element '%.40s', which the standard does not have here",
                    where == NULL ? part->name : where, node->name);
        return FALSE;
    }
    there = where_of(where, member, ++counts[index]);
    if (counts[index] > member->most) {
        g_set_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_LIMIT, "%s: more than %u", there,
                    member->most);
        return FALSE;
    }
    return read_member(member, owner, node, there, error);
}

static gboolean
read_part(const CapPart *part, gpointer owner, xmlNode *node, const char *where, GError **error)
{
    g_autofree guint *counts = g_new0(guint, part->n_members);

    for (xmlNode *child = node->children; child != NULL; child = child->next) {
        if (is_of_cap(child) && !read_child(part, owner, child, counts, where, error))
            return FALSE;
    }
    /* A word that is missing would read as the first of its list. */
    for (guint i = 0; i < part->n_members; i++) {
        g_autofree char *there = NULL;

        if (counts[i] >= part->members[i].least)
            continue;
        there = where_of(where, &part->members[i], 1);
        g_set_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_INVALID, "%s: missing", there);
        return FALSE;
    }
    return TRUE;
}

SchedCap *
sched_cap_read(const char *data, gsize n_bytes, GError **error)
{
    g_autoptr(xmlDoc) doc = parse(data, n_bytes, error);
    g_autoptr(SchedCap) self = sched_cap_new();
    xmlNode *root = doc == NULL ? NULL : xmlDocGetRootElement(doc);

    if (root == NULL)
        return NULL;
    if (!is_of_cap(root) || strcmp((const char *) root->name, cap_alert.name) != 0) {
        g_set_error(error, SCHED_CAP_ERROR, SCHED_CAP_ERROR_INVALID,
                    "'%.40s' is not the 'alert' of CAP 1.2 (%s)", root->name,
                    SCHED_CAP_NAMESPACE);
        return NULL;
    }
    if (!read_part(&cap_alert, self, root, NULL, error))
        return NULL;
    for (guint i = 0; i < self->infos->len; i++) {
        SchedCapInfo *info = self->infos->pdata[i];

        if (info->language == NULL)
            info->language = g_strdup("en-US");
    }
    if (!cap_check(&cap_alert, self, NULL, error))
        return NULL;
    return g_steal_pointer(&self);
}
