/* openapi.c - docs/openapi.yaml from the table of routes; see sched_api_describe(). Pure. */
#include "scheduler/web/route.h"

#include "content/document-member.h"

#include <string.h>

typedef const SchedRoute *(*RouteList)(void);

static const RouteList lists[] = {
    sched_routes_session,       sched_routes_accounts, sched_routes_places,
    sched_routes_announcements, sched_routes_versions, sched_routes_slots,
    sched_routes_reports,       sched_routes_devices,
};

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
        g_autofree char *words = g_strjoinv(", ", (char **) member->choices);

        g_string_append_printf(out, ", enum: [%s]", words);
    }
    g_string_append(out, " }");
}

static void
add_type(GString *out, const ContentMember *member)
{
    if (member->is_list)
        g_string_append_printf(
            out, "{ type: array, maxItems: %" G_GINT64_FORMAT ", items: ", member->max_count);
    if (member->kind == CONTENT_MEMBER_STRUCT)
        g_string_append_printf(out, "{ $ref: '#/components/schemas/%s' }",
                               member->element->name);
    else
        add_scalar(out, member);
    if (member->is_list)
        g_string_append(out, " }");
}

static void
add_member(GString *out, const ContentMember *member)
{
    g_autofree char *words = member->unit != NULL && member->unit[0] != '\0'
                                 ? g_strdup_printf("%s (%s)", member->meaning, member->unit)
                                 : g_strdup(member->meaning);

    g_string_append_printf(out, "        %s:\n          description: ", member->name);
    add_quoted(out, words);
    g_string_append(out, "\n          allOf: [");
    add_type(out, member);
    g_string_append(out, "]\n");
}

static void
add_shape(GString *out, const ContentShape *shape)
{
    g_autoptr(GString) required = g_string_new(NULL);

    g_string_append_printf(out, "    %s:\n      type: object\n      properties:\n",
                           shape->name);
    for (const ContentMember *member = shape->members; member->name != NULL; member++) {
        add_member(out, member);
        if (member->required)
            g_string_append_printf(required, "%s%s", required->len > 0 ? ", " : "",
                                   member->name);
    }
    if (required->len > 0)
        g_string_append_printf(out, "      required: [%s]\n", required->str);
    g_string_append(out, "      additionalProperties: false\n");
}

/* A shape and what it is made of, each once. */
static void
gather(GPtrArray *shapes, const ContentShape *shape)
{
    if (shape == NULL || g_ptr_array_find(shapes, shape, NULL))
        return;
    g_ptr_array_add(shapes, (gpointer) shape);
    for (const ContentMember *member = shape->members; member->name != NULL; member++) {
        if (member->kind == CONTENT_MEMBER_STRUCT)
            gather(shapes, member->element);
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
add_body(GString *out, const SchedRoute *route)
{
    static const char *const media[] = {
        [SCHED_INPUT_JSON] = "application/json",
        [SCHED_INPUT_CSV] = "text/csv",
        [SCHED_INPUT_AUDIO] = "application/octet-stream",
    };

    if (route->input == SCHED_INPUT_NONE)
        return;
    g_string_append_printf(out,
                           "      requestBody:\n        required: true\n        content:\n"
                           "          %s:\n            schema: ",
                           media[route->input]);
    if (route->body != NULL)
        g_string_append_printf(out, "{ $ref: '#/components/schemas/%s' }\n", route->body->name);
    else
        g_string_append(out, route->input == SCHED_INPUT_JSON ? "{ type: object }\n"
                                                              : "{ type: string }\n");
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
    g_string_append_printf(out,
                           "      responses:\n        '%u':\n          description: Done\n"
                           "          content: { %s: {} }\n"
                           "        default: { $ref: '#/components/responses/Problem' }\n",
                           route->status,
                           route->sends != NULL ? route->sends : "application/json");
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
    "  responses:\n"
    "    Problem:\n"
    "      description: Refused or failed (RFC 9457)\n"
    "      content:\n"
    "        application/problem+json:\n"
    "          schema:\n"
    "            type: object\n"
    "            properties:\n"
    "              status: { type: integer }\n"
    "              title: { type: string }\n"
    "              code: { type: string, description: A word for programs }\n"
    "              detail: { type: string, description: A sentence for a person }\n"
    "              member: { type: string, description: Path of the member at fault }\n"
    "              request: { type: string, description: As in X-Request-Id }\n"
    "  schemas:\n";
/* clang-format on */

char *
sched_api_describe(void)
{
    GString *out = g_string_new(head);
    g_autoptr(GPtrArray) shapes = g_ptr_array_new();

    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        for (const SchedRoute *route = lists[i](); route->method != NULL; route++) {
            add_path(out, lists[i](), route);
            gather(shapes, route->body);
        }
    }
    g_string_append(out, middle);
    for (guint i = 0; i < shapes->len; i++)
        add_shape(out, shapes->pdata[i]);
    return g_string_free(out, FALSE);
}
