/* answer-check.c - see answer-check.h */
#include "tests/scheduler/web/answer-check.h"

#include "content/document-member.h"
#include "scheduler/web/route.h"

#include <string.h>

/* ---- which row ---- */

static gboolean
is_path_of(const SchedRoute *route, char **segments)
{
    g_auto(GStrv) own = g_strsplit(route->path, "/", -1);

    if (g_strv_length(own) != g_strv_length(segments))
        return FALSE;
    for (gsize i = 0; own[i] != NULL; i++) {
        if (own[i][0] != '{' && !g_str_equal(own[i], segments[i]))
            return FALSE;
    }
    return TRUE;
}

static const SchedRoute *
find_route(const char *method, const char *path)
{
    g_autofree char *bare = g_strndup(path, strcspn(path, "?"));
    g_auto(GStrv) segments = g_strsplit(bare, "/", -1);

    if (g_str_equal(method, "HEAD"))
        method = "GET";
    for (gsize i = 0; sched_routes_of_all[i] != NULL; i++) {
        for (const SchedRoute *route = sched_routes_of_all[i](); route->method != NULL;
             route++) {
            if (g_str_equal(route->method, method) && is_path_of(route, segments))
                return route;
        }
    }
    return NULL;
}

/* ---- the body ---- */

typedef struct {
    GString *path; /* (owned): of the member, for words */
    char *words;   /* (owned) (nullable): the complaint */
} Walk;

static gboolean check_object(Walk *walk, const SchedAnswer *answer, json_t *object);

static gboolean
complain(Walk *walk, const char *name, const char *words)
{
    if (walk->words == NULL)
        walk->words = g_strdup_printf("%s%s%s: %s", walk->path->str,
                                      walk->path->len > 0 ? "." : "", name, words);
    return FALSE;
}

/* All that may stand in an object: (element-type SchedAnswerMember). */
static GArray *
members_of(const SchedAnswer *answer)
{
    GArray *members = g_array_new(FALSE, FALSE, sizeof(SchedAnswerMember));
    const ContentShape *shapes[] = {
        answer->document != NULL ? answer->document->shape : NULL,
        answer->row,
    };

    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
        for (const ContentMember *member = shapes[i] == NULL ? NULL : shapes[i]->members;
             member != NULL && member->name != NULL; member++) {
            const SchedAnswerMember row = {*member, NULL};

            g_array_append_val(members, row);
        }
    }
    for (const SchedAnswerMember *more = answer->more; more != NULL && more->is.name != NULL;
         more++)
        g_array_append_vals(members, more, 1);
    return members;
}

static gboolean
check_value(Walk *walk, const SchedAnswerMember *member, json_t *value)
{
    const SchedAnswer row = {.row = member->is.element};
    g_autofree char *words = NULL;
    gsize length = walk->path->len;
    gboolean is_good;

    if (member->is.kind != CONTENT_MEMBER_STRUCT) {
        words = content_member_complain(&member->is, value);
        return words == NULL || complain(walk, member->is.name, words);
    }
    g_string_append_printf(walk->path, "%s%s", length > 0 ? "." : "", member->is.name);
    is_good = check_object(walk, member->of != NULL ? member->of : &row, value);
    g_string_truncate(walk->path, length);
    return is_good;
}

static gboolean
check_member(Walk *walk, const SchedAnswerMember *member, json_t *value)
{
    if (value == NULL)
        return !member->is.required || complain(walk, member->is.name, "is missing");
    if (!member->is.is_list)
        return check_value(walk, member, value);
    if (!json_is_array(value))
        return complain(walk, member->is.name, "is no list");
    if (member->is.max_count > 0 && (gint64) json_array_size(value) > member->is.max_count)
        return complain(walk, member->is.name, "is too long");
    for (gsize i = 0; i < json_array_size(value); i++) {
        if (!check_value(walk, member, json_array_get(value, i)))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_known(const SchedAnswer *answer, GArray *members, const char *name)
{
    if (answer->document != NULL && (g_str_equal(name, "type") || g_str_equal(name, "v")))
        return TRUE;
    for (guint i = 0; i < members->len; i++) {
        if (g_str_equal(g_array_index(members, SchedAnswerMember, i).is.name, name))
            return TRUE;
    }
    return FALSE;
}

static gboolean
check_object(Walk *walk, const SchedAnswer *answer, json_t *object)
{
    g_autoptr(GArray) members = members_of(answer);
    const char *name;
    json_t *value;

    if (!json_is_object(object))
        return complain(walk, "", "is no object");
    json_object_foreach(object, name, value)
    {
        if (!is_known(answer, members, name))
            return complain(walk, name, "is not in the page");
    }
    for (guint i = 0; i < members->len; i++) {
        const SchedAnswerMember *member = &g_array_index(members, SchedAnswerMember, i);

        if (!check_member(walk, member, json_object_get(object, member->is.name)))
            return FALSE;
    }
    return TRUE;
}

static char *
complain_of_body(const SchedAnswer *shape, const TestAnswer *answer, gboolean may_repair)
{
    json_auto_t *body = json_loadb(answer->body->str, answer->body->len, 0, NULL);
    g_autoptr(GString) path = g_string_new(NULL);
    Walk walk = {path, NULL};

    if (body == NULL)
        return g_strdup("the body is no JSON");
    if (may_repair) {
        check_member(&walk, &sched_answer_repaired,
                     json_object_get(body, SCHED_ANSWER_REPAIRED));
        json_object_del(body, SCHED_ANSWER_REPAIRED);
    }
    check_object(&walk, shape, body);
    return walk.words;
}

/* ---- status and headers ---- */

static char *
complain_of_header(const TestAnswer *answer, const char *name, const char *begin)
{
    g_autofree char *value = test_answer_header(answer, name);

    if (value != NULL && g_str_has_prefix(value, begin))
        return NULL;
    return g_strdup_printf("%s: %s", name, value != NULL ? value : "is missing");
}

static char *
complain_of_problem(const TestAnswer *answer)
{
    static const char *const insides[] = {"SQL",    "UNIQUE",      "constraint",
                                          "CHECK",  "PRIMARY KEY", "INSERT",
                                          "SELECT", "database",    "NOT NULL"};
    static const struct {
        guint status;
        const char *name;
    } headers[] = {{401, "WWW-Authenticate"}, {429, "Retry-After"}, {405, "Allow"}};
    char *words = complain_of_header(answer, "Content-Type", "application/problem+json");

    /* People are told what is wrong, never by what the store calls its insides. */
    for (gsize i = 0; words == NULL && i < G_N_ELEMENTS(insides); i++) {
        if (strstr(answer->body->str, insides[i]) != NULL)
            words = g_strdup_printf("it speaks of \"%s\"", insides[i]);
    }
    for (gsize i = 0; words == NULL && i < G_N_ELEMENTS(headers); i++) {
        if (answer->status == headers[i].status)
            words = complain_of_header(answer, headers[i].name, "");
    }
    return words != NULL ? words : complain_of_body(&sched_answer_problem, answer, FALSE);
}

static char *
complain_of_file(const SchedRoute *route, const TestAnswer *answer)
{
    gboolean is_part = answer->status == 206 || answer->status == 416;
    char *words = NULL;

    if (answer->status != 200 && answer->status != 304 && !is_part)
        return g_strdup_printf("status %u", answer->status);
    words = complain_of_header(answer, "ETag", "\"");
    if (words == NULL)
        words = complain_of_header(answer, "Accept-Ranges", "bytes");
    if (words == NULL)
        words = complain_of_header(answer, "Cache-Control", "private");
    if (words == NULL && is_part)
        words = complain_of_header(answer, "Content-Range", "bytes ");
    if (words == NULL && answer->status < 300)
        words = complain_of_header(answer, "Content-Type", route->sends);
    return words;
}

static char *
complain_of_success(const SchedRoute *route, const TestAnswer *answer)
{
    g_autofree char *packed = test_answer_header(answer, "Content-Encoding");
    char *words;

    gboolean waits = answer->status == 202 && route->louder != NULL;

    if (answer->status == 304 && route->is_tagged)
        return NULL;
    if (answer->status != route->status && !waits)
        return g_strdup_printf("status %u", answer->status);
    words = complain_of_header(answer, "Content-Type", "application/json");
    /* A packed body is the plain one, packed: tests/scheduler/web/test-pack.c. */
    if (words != NULL || packed != NULL)
        return words;
    return complain_of_body(waits ? &sched_answer_waits : route->answer, answer,
                            route->body != NULL);
}

char *
answer_check_complain(const char *method, const char *path, const TestAnswer *answer)
{
    const SchedRoute *route = find_route(method, path);
    char *words = complain_of_header(answer, "X-Request-Id", "");

    if (words == NULL && answer->status >= 400 && answer->status != 416)
        return complain_of_problem(answer);
    if (words == NULL && route == NULL)
        return g_strdup_printf("no route, and status %u", answer->status);
    for (const SchedRouteHeader *header = words != NULL ? NULL : route->headers;
         words == NULL && header != NULL && header->name != NULL; header++)
        words = header->always ? complain_of_header(answer, header->name, "") : NULL;
    if (words != NULL || g_str_equal(method, "HEAD"))
        return words;
    if (route->is_made)
        return answer->status == route->status
                   ? complain_of_header(answer, "Content-Type", route->sends)
                   : g_strdup_printf("status %u", answer->status);
    return route->sends != NULL ? complain_of_file(route, answer)
                                : complain_of_success(route, answer);
}

void
answer_check(const char *method, const char *path, const TestAnswer *answer)
{
    g_autofree char *words = NULL;

    if (answer->status == 0)
        return; /* no answer at all: the test's own matter */
    words = answer_check_complain(method, path, answer);
    if (words != NULL)
        g_error("%s %s: docs/openapi.yaml does not say this: %s\n%.400s", method, path, words,
                answer->body->str);
}
