/* openapi.c - docs/openapi.yaml from the table of routes; see sched_api_describe(). Pure. */
#include "scheduler/web/route.h"

#include "content/document-member.h"

#include <string.h>

/* ---- shapes ---- */

/* clang-format off */
static const char *const formats[] = {
    [CONTENT_MEMBER_INT]      = "{ type: integer",
    [CONTENT_MEMBER_BOOL]     = "{ type: boolean",
    [CONTENT_MEMBER_TEXT]     = "{ type: string",
    [CONTENT_MEMBER_ID]       = "{ type: string, pattern: '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$'",
    [CONTENT_MEMBER_HASH]     = "{ type: string, pattern: '^[0-9a-f]{64}$'",
    [CONTENT_MEMBER_SEGMENT]  = "{ type: string, pattern: '^[0-9a-f]{32}$'",
    [CONTENT_MEMBER_HEX]      = "{ type: string, pattern: '^[0-9a-f]+$'",
    [CONTENT_MEMBER_KEY_ID]   = "{ type: string, pattern: '^[0-9A-F]{16}$'",
    [CONTENT_MEMBER_DATE]     = "{ type: string, format: date",
    [CONTENT_MEMBER_LANGUAGE] = "{ type: string, maxLength: 35",
    [CONTENT_MEMBER_ENUM]     = "{ type: string",
};
/* clang-format on */

/* Single quotes of YAML: nothing is special inside but the quote itself. */
static void
add_quoted(GString *out, const char *text)
{
    g_string_append_c(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            g_string_append_c(out, '\'');
        g_string_append_c(out, *text);
    }
    g_string_append_c(out, '\'');
}

static void
add_scalar(GString *out, const ContentMember *member)
{
    g_string_append(out, formats[member->kind]);
    if (member->kind == CONTENT_MEMBER_INT)
        g_string_append_printf(out,
                               ", minimum: %" G_GINT64_FORMAT ", maximum: %" G_GINT64_FORMAT,
                               member->min, member->max);
    if (member->kind == CONTENT_MEMBER_TEXT)
        g_string_append_printf(out,
                               ", minLength: %" G_GINT64_FORMAT
                               ", maxLength: %" G_GINT64_FORMAT,
                               member->min, member->max);
    if (member->kind == CONTENT_MEMBER_ENUM) {
        g_autofree char *words = g_strjoinv("', '", (char **) member->choices);

        /* YAML takes a bare `on` for a truth value. */
        g_string_append_printf(out, ", enum: ['%s']", words);
    }
    g_string_append(out, " }");
}

static const char *schema_name(const SchedAnswer *answer);

/* Shapes of documents are named in words; a component has none between its letters. */
static void
add_name(GString *out, const char *name)
{
    for (; *name != '\0'; name++)
        g_string_append_c(out, *name == ' ' ? '-' : *name);
}

static void
add_reference(GString *out, const char *name)
{
    g_string_append(out, "{ $ref: '#/components/schemas/");
    add_name(out, name);
    g_string_append(out, "' }");
}

/* @of: (nullable): what an object is, where no table alone says it */
static void
add_type(GString *out, const ContentMember *member, const SchedAnswer *of)
{
    if (member->is_list) {
        g_string_append(out, "{ type: array, ");
        if (member->max_count > 0)
            g_string_append_printf(out, "maxItems: %" G_GINT64_FORMAT ", ", member->max_count);
        g_string_append(out, "items: ");
    }
    if (member->kind == CONTENT_MEMBER_STRUCT)
        add_reference(out, of != NULL ? schema_name(of) : member->element->name);
    else
        add_scalar(out, member);
    if (member->is_list)
        g_string_append(out, " }");
}

/* A schema while it is written: what it needs stands behind what it has. */
typedef struct {
    GString *members, *required; /* (owned) */
} Schema;

static void
add_member(Schema *schema, const ContentMember *member, const SchedAnswer *of)
{
    g_autofree char *words = member->unit != NULL && member->unit[0] != '\0'
                                 ? g_strdup_printf("%s (%s)", member->meaning, member->unit)
                                 : g_strdup(member->meaning);

    g_string_append_printf(schema->members,
                           "        %s:\n          description: ", member->name);
    add_quoted(schema->members, words);
    g_string_append(schema->members, "\n          allOf: [");
    add_type(schema->members, member, of);
    g_string_append(schema->members, "]\n");
    if (member->required)
        g_string_append_printf(schema->required, "%s%s", schema->required->len > 0 ? ", " : "",
                               member->name);
}

static void
add_members(Schema *schema, const ContentShape *shape)
{
    for (const ContentMember *member = shape->members; member->name != NULL; member++)
        add_member(schema, member, NULL);
}

static void
end_schema(GString *out, const char *name, Schema *schema)
{
    g_string_append(out, "    ");
    add_name(out, name);
    g_string_append(out, ":\n      type: object\n");
    if (schema->members->len > 0)
        g_string_append_printf(out, "      properties:\n%s", schema->members->str);
    if (schema->required->len > 0)
        g_string_append_printf(out, "      required: [%s]\n", schema->required->str);
    g_string_append(out, "      additionalProperties: false\n");
    g_string_free(schema->members, TRUE);
    g_string_free(schema->required, TRUE);
}

/* @names: (element-type utf8): set of the schemas that answer a body */
static void
add_repaired(Schema *schema, GHashTable *names, const char *name)
{
    if (g_hash_table_contains(names, name))
        add_member(schema, &sched_answer_repaired.is, NULL);
}

static void
add_shape(GString *out, const ContentShape *shape, GHashTable *names)
{
    Schema schema = {g_string_new(NULL), g_string_new(NULL)};

    add_members(&schema, shape);
    add_repaired(&schema, names, shape->name);
    end_schema(out, shape->name, &schema);
}

/* ---- answers ---- */

static gboolean
is_row_alone(const SchedAnswer *answer)
{
    return answer->name == NULL;
}

static const char *
schema_name(const SchedAnswer *answer)
{
    return is_row_alone(answer) ? answer->row->name : answer->name;
}

static void
add_document_head(Schema *schema, const ContentDocumentType *type)
{
    g_string_append_printf(schema->members,
                           "        type: { type: string, const: %s }\n"
                           "        v: { type: integer, const: %" G_GINT64_FORMAT " }\n",
                           type->type, type->v);
    g_string_append(schema->required, "type, v");
}

static void
add_answer(GString *out, const SchedAnswer *answer, GHashTable *names)
{
    Schema schema = {g_string_new(NULL), g_string_new(NULL)};

    if (answer->document != NULL) {
        add_document_head(&schema, answer->document);
        add_members(&schema, answer->document->shape);
    }
    if (answer->row != NULL)
        add_members(&schema, answer->row);
    for (const SchedAnswerMember *more = answer->more; more != NULL && more->is.name != NULL;
         more++)
        add_member(&schema, &more->is, more->of);
    add_repaired(&schema, names, answer->name);
    end_schema(out, answer->name, &schema);
}

/* ---- what is written once, whoever names it ---- */

typedef struct {
    GPtrArray *shapes;  /* (owned) (element-type ContentShape) */
    GPtrArray *answers; /* (owned) (element-type SchedAnswer) */
    GHashTable *bodied; /* (owned): set of the names of those that answer a body */
} Gathered;

static void gather(Gathered *all, const ContentShape *shape);

static void
gather_members(Gathered *all, const ContentShape *shape)
{
    for (const ContentMember *member = shape->members; member->name != NULL; member++) {
        if (member->kind == CONTENT_MEMBER_STRUCT)
            gather(all, member->element);
    }
}

/* A shape and what it is made of. */
static void
gather(Gathered *all, const ContentShape *shape)
{
    if (shape == NULL || g_ptr_array_find(all->shapes, shape, NULL))
        return;
    g_ptr_array_add(all->shapes, (gpointer) shape);
    gather_members(all, shape);
}

static void
gather_answer(Gathered *all, const SchedAnswer *answer)
{
    if (answer == NULL || g_ptr_array_find(all->answers, answer, NULL))
        return;
    if (is_row_alone(answer)) {
        gather(all, answer->row);
        return;
    }
    g_ptr_array_add(all->answers, (gpointer) answer);
    if (answer->document != NULL)
        gather_members(all, answer->document->shape);
    if (answer->row != NULL)
        gather_members(all, answer->row);
    for (const SchedAnswerMember *more = answer->more; more != NULL && more->is.name != NULL;
         more++) {
        gather(all, more->is.element);
        gather_answer(all, more->of);
    }
}

/* ---- routes ---- */

static void
add_parameters(GString *out, const SchedRoute *route)
{
    const char *at = route->path;
    gboolean has_some = FALSE;

    for (; (at = strchr(at, '{')) != NULL; at++) {
        g_string_append_printf(out,
                               "%s        - { name: %.*s, in: path, required: true, "
                               "schema: { type: string } }\n",
                               has_some ? "" : "      parameters:\n",
                               (int) strcspn(at + 1, "}"), at + 1);
        has_some = TRUE;
    }
    for (const SchedRouteQuery *query = route->query; query != NULL && query->name != NULL;
         query++) {
        g_string_append_printf(out,
                               "%s        - { name: %s, in: query, schema: { type: string }, "
                               "description: ",
                               has_some ? "" : "      parameters:\n", query->name);
        add_quoted(out, query->meaning);
        g_string_append(out, " }\n");
        has_some = TRUE;
    }
}

static void
add_input(GString *out, const SchedRoute *route)
{
    g_autofree char *words = route->describe_input != NULL ? route->describe_input() : NULL;

    g_string_append(out, "{ type: string");
    if (words != NULL) {
        g_string_append(out, ", description: ");
        add_quoted(out, words);
    }
    g_string_append(out, " }");
}

static void
add_body(GString *out, const SchedRoute *route)
{
    if (route->input == SCHED_INPUT_NONE)
        return;
    g_string_append(out, "      requestBody:\n        required: true\n        content:\n");
    for (const char *const *media = sched_api_media(route->input); *media != NULL; media++) {
        g_string_append_printf(out, "          %s:\n            schema: ", *media);
        if (route->body != NULL)
            add_reference(out, route->body->name);
        else if (route->takes != NULL)
            add_reference(out, schema_name(route->takes));
        else
            add_input(out, route);
        g_string_append_c(out, '\n');
    }
}

static void
add_roles(GString *out, const SchedRoute *route)
{
    gboolean is_first = TRUE;

    if (route->roles == SCHED_ROLES_OPEN) {
        g_string_append(out, "      security: []\n");
        return;
    }
    if (route->roles == SCHED_ROLES_STATION) {
        g_string_append(out, "      security: [{ station: [] }]\n");
        return;
    }
    if (route->is_own)
        return;
    g_string_append(out, "      x-roles: [");
    for (guint role = 0; role <= SCHED_ROLE_ADMINISTRATOR; role++) {
        if ((route->roles & SCHED_ROLES(role)) == 0)
            continue;
        g_string_append_printf(out, "%s%s", is_first ? "" : ", ", sched_role_words[role]);
        is_first = FALSE;
    }
    g_string_append(out, "]\n");
}

/* @more: header rows of components that this kind of answer has besides */
static void
add_headers(GString *out, const SchedRoute *route, const char *more)
{
    g_string_append_printf(
        out,
        "          headers:\n"
        "            X-Request-Id: { $ref: '#/components/headers/RequestId' }\n"
        "%s",
        more);
    for (const SchedRouteHeader *header = route->headers;
         header != NULL && header->name != NULL; header++) {
        g_string_append_printf(
            out, "            %s: { schema: { type: string }, description: ", header->name);
        add_quoted(out, header->meaning);
        g_string_append(out, " }\n");
    }
}

static void
add_response(GString *out, const SchedRoute *route, guint status, const char *words,
             const SchedAnswer *answer)
{
    g_string_append_printf(out, "        '%u':\n          description: %s\n", status, words);
    add_headers(out, route, "");
    g_string_append_printf(out,
                           "          content: { application/json: { schema: "
                           "{ $ref: '#/components/schemas/%s' } } }\n",
                           schema_name(answer));
}

#define FILE_HEADERS                                                                           \
    "            ETag: { $ref: '#/components/headers/Tag' }\n"                                 \
    "            Accept-Ranges: { $ref: '#/components/headers/Ranges' }\n"                     \
    "            Cache-Control: { $ref: '#/components/headers/Keep' }\n"
#define PART_HEADERS "            Content-Range: { $ref: '#/components/headers/Part' }\n"

/* What content_call_answer_file() answers. */
static void
add_file_responses(GString *out, const SchedRoute *route)
{
    static const struct {
        guint status;
        gboolean has_body;
        const char *words, *headers;
    } kinds[] = {
        {200, TRUE, "The whole file", FILE_HEADERS},
        {206, TRUE, "The part that Range asked for", FILE_HEADERS PART_HEADERS},
        {304, FALSE, "If-None-Match names what there is", FILE_HEADERS},
        {416, FALSE, "Range lies behind the end of the file", FILE_HEADERS PART_HEADERS},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_string_append_printf(out, "        '%u':\n          description: %s\n",
                               kinds[i].status, kinds[i].words);
        add_headers(out, route, kinds[i].headers);
        if (kinds[i].has_body)
            g_string_append_printf(out, "          content: { %s: {} }\n", route->sends);
    }
}

static void
add_made_response(GString *out, const SchedRoute *route)
{
    g_string_append_printf(out, "        '%u':\n          description: Done\n", route->status);
    add_headers(out, route, "");
    g_string_append_printf(out, "          content: { %s: {} }\n", route->sends);
}

static void
add_route(GString *out, const SchedRoute *route)
{
    g_autofree char *method = g_ascii_strdown(route->method, -1);

    g_string_append_printf(out, "    %s:\n      operationId: %s\n      summary: ", method,
                           route->name);
    add_quoted(out, route->meaning);
    g_string_append_c(out, '\n');
    add_roles(out, route);
    add_parameters(out, route);
    add_body(out, route);
    g_string_append(out, "      responses:\n");
    if (route->is_made)
        add_made_response(out, route);
    else if (route->sends != NULL)
        add_file_responses(out, route);
    else
        add_response(out, route, route->status, "Done", route->answer);
    if (route->is_tagged)
        g_string_append(out,
                        "        '304': { description: If-None-Match names what there is }\n");
    if (route->louder != NULL)
        add_response(out, route, 202, "It would make more sound, and waits",
                     &sched_answer_waits);
    g_string_append(out, "        default: { $ref: '#/components/responses/Problem' }\n");
}

/* All methods of a path stand together. */
static void
add_path(GString *out, const SchedRoute *all, const SchedRoute *first)
{
    for (const SchedRoute *route = all; route != first; route++) {
        if (strcmp(route->path, first->path) == 0)
            return; /* written where it first stood */
    }
    g_string_append_printf(out, "  %s:\n", first->path);
    for (const SchedRoute *route = first; route->method != NULL; route++) {
        if (strcmp(route->path, first->path) == 0)
            add_route(out, route);
    }
}

/* clang-format off */
static const char head[] =
    "# Made from the table of routes (scheduler/web); a test compares the two.\n"
    "openapi: 3.1.0\n"
    "info:\n"
    "  title: Loa\n"
    "  version: '1'\n"
    "  description: >-\n"
    "    The district's API. Sign in with POST /api/session; send the token as a bearer. Every\n"
    "    right holds in an area and all below it. Writes may carry an Idempotency-Key header:\n"
    "    the same key is done once and answered alike. Instants are µs UTC.\n"
    "security: [{ bearer: [] }, { cookie: [] }]\n"
    "paths:\n";
static const char middle[] =
    "components:\n"
    "  securitySchemes:\n"
    "    bearer: { type: http, scheme: bearer }\n"
    "    cookie: { type: apiKey, in: cookie, name: __Host-loa }\n"
    "    station: { type: mutualTLS }\n"
    "  headers:\n"
    "    RequestId: { schema: { type: string }, description: Name of this request in the log }\n"
    "    Tag: { schema: { type: string }, description: 'SHA-256 of the file, in quotes' }\n"
    "    Ranges: { schema: { type: string, const: bytes } }\n"
    "    Keep: { schema: { type: string }, description: 'It never changes: private, immutable' }\n"
    "    Part: { schema: { type: string }, description: 'bytes FIRST-LAST/SIZE, or bytes */SIZE' }\n"
    "  responses:\n"
    "    Problem:\n"
    "      description: Refused or failed (RFC 9457)\n"
    "      headers:\n"
    "        X-Request-Id: { $ref: '#/components/headers/RequestId' }\n"
    "        WWW-Authenticate: { schema: { type: string }, description: 'With 401: Bearer' }\n"
    "        Retry-After: { schema: { type: integer }, description: 'With 429 (s)' }\n"
    "        Allow: { schema: { type: string }, description: 'With 405: methods there are' }\n"
    "      content:\n"
    "        application/problem+json: { schema: { $ref: '#/components/schemas/Problem' } }\n"
    "  schemas:\n";
/* clang-format on */

char *
sched_api_describe(void)
{
    GString *out = g_string_new(head);
    g_autoptr(GPtrArray) shapes = g_ptr_array_new();
    g_autoptr(GPtrArray) answers = g_ptr_array_new();
    g_autoptr(GHashTable) bodied = g_hash_table_new(g_str_hash, g_str_equal);
    Gathered all = {shapes, answers, bodied};

    for (gsize i = 0; sched_routes_of_all[i] != NULL; i++) {
        for (const SchedRoute *route = sched_routes_of_all[i](); route->method != NULL;
             route++) {
            add_path(out, sched_routes_of_all[i](), route);
            gather(&all, route->body);
            gather_answer(&all, route->takes);
            gather_answer(&all, route->answer);
            if (route->body != NULL)
                g_hash_table_add(bodied, (gpointer) schema_name(route->answer));
        }
    }
    gather_answer(&all, &sched_answer_waits);
    g_hash_table_add(bodied, (gpointer) sched_answer_waits.name);
    gather_answer(&all, &sched_answer_problem);
    g_string_append(out, middle);
    for (guint i = 0; i < shapes->len; i++)
        add_shape(out, shapes->pdata[i], bodied);
    for (guint i = 0; i < answers->len; i++)
        add_answer(out, answers->pdata[i], bodied);
    return g_string_free(out, FALSE);
}
