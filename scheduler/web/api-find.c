/*
 * api-find.c - which row a request is, and what of its body is wanted.
 *
 * Thread: the server's; only const tables are looked at.
 */
#include "scheduler/web/api-internal.h"

#include "content/live.h"
#include "scheduler/web/uploads.h"

#include <microhttpd.h>
#include <string.h>

#define AUDIO_DEADLINE_US (30 * 60 * G_USEC_PER_SEC)
#define PART_DEADLINE_US  (5 * 60 * G_USEC_PER_SEC)
#define CSV_DEADLINE_US   (5 * 60 * G_USEC_PER_SEC)
#define MAX_CSV_BYTES     (4 * 1024 * 1024)

static const SchedRouteList station_lists[] = {sched_routes_devices,
                                               sched_routes_spoken_devices, NULL};

/* Compares a row's path with what was asked for; arguments are what stands at {names}. */
static gboolean
matches(const SchedRoute *route, const ContentTarget *target, const char **arguments)
{
    const char *path = route->path;
    guint n_arguments = 0;

    for (guint i = 0; i < target->segments->len; i++) {
        const char *segment = target->segments->pdata[i];
        gsize length;

        if (*path++ != '/')
            return FALSE;
        length = strcspn(path, "/");
        if (*path == '{')
            arguments[n_arguments++] = segment;
        else if (strlen(segment) != length || strncmp(path, segment, length) != 0)
            return FALSE;
        path += length;
    }
    return *path == '\0' && target->segments->len > 0;
}

static const SchedRoute *
find_route(const SchedRouteList *lists, ContentCall *call, const char **arguments,
           GString *allowed)
{
    const char *method = content_call_method(call);

    /* What answers GET answers HEAD; the library leaves the body away. */
    if (strcmp(method, "HEAD") == 0)
        method = "GET";
    for (gsize i = 0; lists[i] != NULL; i++) {
        for (const SchedRoute *route = lists[i](); route->method != NULL; route++) {
            const char *found[SCHED_ROUTE_MAX_ARGUMENTS] = {NULL};

            if (!matches(route, content_call_target(call), found))
                continue;
            if (strcmp(route->method, method) == 0) {
                memcpy(arguments, found, sizeof found);
                return route;
            }
            g_string_append_printf(allowed, "%s%s", allowed->len > 0 ? ", " : "",
                                   route->method);
        }
    }
    return NULL;
}

const SchedRoute *
sched_api_route_named(const char *name)
{
    for (gsize i = 0; sched_routes_of_people[i] != NULL; i++) {
        for (const SchedRoute *route = sched_routes_of_people[i](); route->method != NULL;
             route++) {
            if (strcmp(route->name, name) == 0)
                return route;
        }
    }
    return NULL;
}

const SchedRoute *
sched_api_station_route(ContentCall *call)
{
    const char *arguments[SCHED_ROUTE_MAX_ARGUMENTS];
    g_autoptr(GString) allowed = g_string_new(NULL);

    return find_route(station_lists, call, arguments, allowed);
}

static void
act_free(gpointer data)
{
    SchedAct *act = data;

    if (act->free_prepared != NULL)
        act->free_prepared(act->prepared);
    json_decref(act->body);
    json_decref(act->answer);
    json_decref(act->notices);
    g_free(act->account);
    g_free(act->token_hash);
    g_free(act->token);
    g_free(act->tag);
    g_free(act->object);
    g_free(act->object_media);
    g_clear_pointer(&act->document, g_bytes_unref);
    g_free(act->member);
    g_free(act->news);
    g_free(act);
}

/* clang-format off */
static const char *const json_media[] = { "application/json", NULL };
static const char *const csv_media[] = { "text/csv", NULL };
/* What browsers call recordings, and what loactl calls any file. */
static const char *const audio_media[] = {
    "audio/*", "video/*", "application/ogg", "application/octet-stream", NULL,
};
static const char *const text_media[] = { "text/plain", NULL };
static const char *const xml_media[] = { "application/cap+xml", "application/xml", "text/xml", NULL };
static const char *const part_media[] = { "application/octet-stream", NULL };
static const char *const *const medias[] = {
    [SCHED_INPUT_JSON] = json_media, [SCHED_INPUT_CSV] = csv_media,
    [SCHED_INPUT_TEXT] = text_media, [SCHED_INPUT_XML] = xml_media, [SCHED_INPUT_AUDIO] = audio_media, [SCHED_INPUT_PART] = part_media,
    [SCHED_INPUT_FRAME] = part_media,
};
/* clang-format on */

const char *const *
sched_api_media(SchedInput input)
{
    return medias[input];
}

/* Known by its header alone, before one byte of the body is taken. */
static gboolean
check_media(ContentCall *call, SchedInput input)
{
    const char *header = content_call_header(call, "Content-Type");
    g_autofree char *allowed = NULL, *words = NULL;

    for (const char *const *media = medias[input]; *media != NULL; media++) {
        if (content_media_is(header, *media))
            return TRUE;
    }
    allowed = g_strjoinv(" or ", (char **) medias[input]);
    words = g_strdup_printf("the body must be %s", allowed);
    content_call_problem(call, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "media-type", words);
    return FALSE;
}

static gboolean
plan_body(ContentCall *call, const SchedRoute *route, ContentBodyPlan *plan)
{
    switch (route->input) {
    case SCHED_INPUT_NONE:
        return TRUE;
    case SCHED_INPUT_JSON:
        plan->kind = CONTENT_BODY_MEMORY;
        plan->max_bytes = SCHED_API_MAX_JSON_BYTES;
        break;
    case SCHED_INPUT_CSV:
        plan->kind = CONTENT_BODY_MEMORY;
        plan->max_bytes = MAX_CSV_BYTES;
        plan->deadline_us = CSV_DEADLINE_US;
        plan->asks = TRUE;
        break;
    case SCHED_INPUT_TEXT:
        plan->kind = CONTENT_BODY_MEMORY;
        plan->max_bytes = SCHED_API_MAX_TEXT_BYTES;
        break;
    case SCHED_INPUT_XML:
        plan->kind = CONTENT_BODY_MEMORY;
        plan->max_bytes = SCHED_CAP_MAX_BYTES;
        break;
    case SCHED_INPUT_PART:
        plan->kind = CONTENT_BODY_MEMORY;
        plan->max_bytes = SCHED_UPLOAD_PART_BYTES;
        plan->deadline_us = PART_DEADLINE_US;
        plan->asks = TRUE;
        break;
    case SCHED_INPUT_FRAME:
        plan->kind = CONTENT_BODY_MEMORY;
        plan->max_bytes = CONTENT_LIVE_MAX_BYTES;
        break;
    case SCHED_INPUT_AUDIO:
        plan->kind = CONTENT_BODY_FILE;
        plan->max_bytes = SCHED_API_MAX_AUDIO_BYTES;
        plan->deadline_us = AUDIO_DEADLINE_US;
        plan->asks = TRUE;
        break;
    }
    return check_media(call, route->input);
}

static gboolean
plan_call(SchedApi *self, ContentCall *call, const SchedRouteList *lists, ContentBodyPlan *plan)
{
    g_autoptr(GString) allowed = g_string_new(NULL);
    SchedAct *act = g_new0(SchedAct, 1);

    act->api = self;
    act->call = call;
    content_call_set_data(call, act, act_free);
    act->route = find_route(lists, call, act->arguments, allowed);
    if (act->route != NULL)
        return plan_body(call, act->route, plan);
    if (allowed->len > 0) {
        content_call_add_header(call, "Allow", allowed->str);
        content_call_problem(call, MHD_HTTP_METHOD_NOT_ALLOWED, "method", NULL);
    } else {
        content_call_problem(call, MHD_HTTP_NOT_FOUND, "no-such-path", NULL);
    }
    return FALSE;
}

gboolean
sched_api_plan_people(ContentCall *call, ContentBodyPlan *plan, gpointer data)
{
    /* Pages need nobody's rights and nothing of the store: answered where we stand. */
    if (content_pages_answer(((SchedApi *) data)->pages, call))
        return FALSE;
    return plan_call(data, call, sched_routes_of_people, plan);
}

gboolean
sched_api_plan_stations(ContentCall *call, ContentBodyPlan *plan, gpointer data)
{
    return plan_call(data, call, station_lists, plan);
}
