/*
 * api.c - a request along its row: found, read, prepared, done in one transaction, answered.
 *
 * Thread: plan runs in the server's thread and only looks at const tables; the rest in the
 * owner's context; run_in_transaction where the store runs it.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/store/devices.h"

#include <errno.h>
#include <microhttpd.h>
#include <string.h>

#define AUDIO_DEADLINE_US (30 * 60 * G_USEC_PER_SEC)
#define CSV_DEADLINE_US   (5 * 60 * G_USEC_PER_SEC)
#define MAX_CSV_BYTES     (4 * 1024 * 1024)
#define COOKIE_END        "; Path=/; Secure; HttpOnly; SameSite=Strict"

G_DEFINE_QUARK(SchedApiError, sched_api_error)

void
sched_ingested_free(SchedIngested *self)
{
    if (self == NULL)
        return;
    g_free(self->path);
    g_free(self->media);
    g_free(self);
}

gboolean
sched_api_error(GError **error, SchedApiError code, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (error != NULL)
        *error = g_error_new_valist(SCHED_API_ERROR, (int) code, format, arguments);
    va_end(arguments);
    return FALSE;
}

/* ---- finding the row ---- */

typedef const SchedRoute *(*RouteList)(void);

static const RouteList people_lists[] = {
    sched_routes_people, sched_routes_places,  sched_routes_announcements,
    sched_routes_slots,  sched_routes_reports,
};
static const RouteList station_lists[] = {sched_routes_devices};

/* Compares a row's path with what was asked for; arguments are what stands at {names}. */
static gboolean
matches(const SchedRoute *route, const SchedTarget *target, const char **arguments)
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
find_route(const RouteList *lists, gsize n_lists, SchedCall *call, const char **arguments,
           GString *allowed)
{
    const char *method = sched_call_method(call);

    /* What answers GET answers HEAD; the library leaves the body away. */
    if (strcmp(method, "HEAD") == 0)
        method = "GET";
    for (gsize i = 0; i < n_lists; i++) {
        for (const SchedRoute *route = lists[i](); route->method != NULL; route++) {
            const char *found[SCHED_ROUTE_MAX_ARGUMENTS] = {NULL};

            if (!matches(route, sched_call_target(call), found))
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

static void
act_free(gpointer data)
{
    SchedAct *act = data;

    if (act->free_prepared != NULL)
        act->free_prepared(act->prepared);
    json_decref(act->body);
    json_decref(act->answer);
    g_free(act->account);
    g_free(act->token_hash);
    g_free(act->token);
    g_free(act->object);
    g_free(act->object_media);
    g_clear_pointer(&act->document, g_bytes_unref);
    g_free(act->member);
    g_free(act);
}

/* ---- what of the body is wanted ---- */

static gboolean
plan_json(SchedCall *call, SchedBodyPlan *plan)
{
    plan->kind = SCHED_BODY_MEMORY;
    plan->max_bytes = SCHED_API_MAX_JSON_BYTES;
    if (sched_media_is(sched_call_header(call, "Content-Type"), "application/json"))
        return TRUE;
    sched_call_problem(call, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "media-type",
                       "the body must be application/json");
    return FALSE;
}

static gboolean
plan_body(SchedCall *call, const SchedRoute *route, SchedBodyPlan *plan)
{
    switch (route->input) {
    case SCHED_INPUT_NONE:
        break;
    case SCHED_INPUT_JSON:
        return plan_json(call, plan);
    case SCHED_INPUT_CSV:
        plan->kind = SCHED_BODY_MEMORY;
        plan->max_bytes = MAX_CSV_BYTES;
        plan->deadline_us = CSV_DEADLINE_US;
        plan->asks = TRUE;
        break;
    case SCHED_INPUT_AUDIO:
        plan->kind = SCHED_BODY_FILE;
        plan->max_bytes = SCHED_API_MAX_AUDIO_BYTES;
        plan->deadline_us = AUDIO_DEADLINE_US;
        plan->asks = TRUE;
        break;
    }
    return TRUE;
}

static gboolean
plan_call(SchedApi *self, SchedCall *call, const RouteList *lists, gsize n_lists,
          SchedBodyPlan *plan)
{
    g_autoptr(GString) allowed = g_string_new(NULL);
    SchedAct *act = g_new0(SchedAct, 1);

    act->api = self;
    act->call = call;
    sched_call_set_data(call, act, act_free);
    act->route = find_route(lists, n_lists, call, act->arguments, allowed);
    if (act->route != NULL)
        return plan_body(call, act->route, plan);
    if (allowed->len > 0) {
        sched_call_add_header(call, "Allow", allowed->str);
        sched_call_problem(call, MHD_HTTP_METHOD_NOT_ALLOWED, "method", NULL);
    } else {
        sched_call_problem(call, MHD_HTTP_NOT_FOUND, "no-such-path", NULL);
    }
    return FALSE;
}

static gboolean
on_plan_people(SchedCall *call, SchedBodyPlan *plan, gpointer data)
{
    return plan_call(data, call, people_lists, G_N_ELEMENTS(people_lists), plan);
}

static gboolean
on_plan_stations(SchedCall *call, SchedBodyPlan *plan, gpointer data)
{
    return plan_call(data, call, station_lists, G_N_ELEMENTS(station_lists), plan);
}

/* ---- errors in the words of HTTP ---- */

typedef struct {
    int code;
    guint status;
    const char *word;
} Meaning;

/* clang-format off */
static const Meaning store_meanings[] = {
    { SCHED_STORE_ERROR_NOT_FOUND, 404, "not-found" },
    { SCHED_STORE_ERROR_CONFLICT,  409, "conflict"  },
    { SCHED_STORE_ERROR_INVALID,   422, "invalid"   },
    { SCHED_STORE_ERROR_RULE,      403, "rule"      },
    { SCHED_STORE_ERROR_IN_USE,    409, "in-use"    },
    { SCHED_STORE_ERROR_BUSY,      503, "busy"      },
    { SCHED_STORE_ERROR_FULL,      507, "disk-full" },
};
static const Meaning api_meanings[] = {
    { SCHED_API_ERROR_BAD,             400, "bad-request"   },
    { SCHED_API_ERROR_UNAUTHENTICATED, 401, "sign-in"       },
    { SCHED_API_ERROR_FORBIDDEN,       403, "no-right"      },
    { SCHED_API_ERROR_NOT_FOUND,       404, "not-found"     },
    { SCHED_API_ERROR_UNPROCESSABLE,   422, "invalid"       },
    { SCHED_API_ERROR_SLOW_DOWN,       429, "slow-down"     },
    { SCHED_API_ERROR_UNAVAILABLE,     503, "busy"          },
};
static const Meaning shape_meanings[] = {
    { SCHED_SHAPE_ERROR_JSON,   400, "json"   },
    { SCHED_SHAPE_ERROR_MEMBER, 400, "member" },
};
static const Meaning password_meanings[] = {
    { SCHED_PASSWORD_ERROR_WEAK,   422, "weak-password" },
    { SCHED_PASSWORD_ERROR_BUSY,   503, "busy"          },
    { SCHED_PASSWORD_ERROR_MEMORY, 503, "busy"          },
};
static const Meaning authority_meanings[] = {
    { SCHED_AUTHORITY_ERROR_REQUEST, 422, "certificate-request" },
    { SCHED_AUTHORITY_ERROR_PEER,    403, "certificate"         },
};
static const Meaning object_meanings[] = {
    { CONTENT_OBJECT_ERROR_NOT_FOUND, 404, "not-found" },
};
/* clang-format on */

static const Meaning *
meaning_of(const GError *error)
{
    const struct {
        GQuark domain;
        const Meaning *meanings;
        gsize count;
    } domains[] = {
        {SCHED_STORE_ERROR, store_meanings, G_N_ELEMENTS(store_meanings)},
        {SCHED_API_ERROR, api_meanings, G_N_ELEMENTS(api_meanings)},
        {SCHED_SHAPE_ERROR, shape_meanings, G_N_ELEMENTS(shape_meanings)},
        {SCHED_PASSWORD_ERROR, password_meanings, G_N_ELEMENTS(password_meanings)},
        {SCHED_AUTHORITY_ERROR, authority_meanings, G_N_ELEMENTS(authority_meanings)},
        {CONTENT_OBJECT_ERROR, object_meanings, G_N_ELEMENTS(object_meanings)},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(domains); i++) {
        for (gsize k = 0; error->domain == domains[i].domain && k < domains[i].count; k++) {
            if (domains[i].meanings[k].code == error->code)
                return &domains[i].meanings[k];
        }
    }
    return NULL;
}

/* The act is over: the reference that kept its call goes. Act and call may be gone after. */
static void
finish(SchedAct *act)
{
    sched_call_unref(act->call);
}

static void
say(SchedApi *self, const char *words)
{
    if (self->options.ports->said != NULL)
        self->options.ports->said(self->options.ports_data, words);
}

static void
answer_error(SchedAct *act, const GError *error)
{
    const Meaning *meaning = meaning_of(error);

    if (meaning == NULL) {
        g_autofree char *words = g_strdup_printf("%s %s: %s", act->route->name,
                                                 sched_call_id(act->call), error->message);

        /* What went wrong inside is for the person on call, not for whoever asked. */
        say(act->api, words);
        sched_call_problem(act->call, MHD_HTTP_INTERNAL_SERVER_ERROR, "internal", NULL);
        return;
    }
    if (meaning->status == 401)
        sched_call_add_header(act->call, "WWW-Authenticate", "Bearer");
    sched_call_problem_at(act->call, meaning->status, meaning->word, error->message,
                          act->member);
}

void
sched_act_fail(SchedAct *act, GError *error)
{
    answer_error(act, error);
    g_error_free(error);
    finish(act);
}

/* ---- from the body to the answer ---- */

static gboolean
check_station(SchedTxn *txn, SchedAct *act, GError **error)
{
    const char *peer = sched_call_peer(act->call);
    g_autoptr(SchedDeviceRow) device = NULL;

    if (peer == NULL)
        return sched_api_error(error, SCHED_API_ERROR_FORBIDDEN, "%s",
                               sched_call_peer_fault(act->call));
    device = sched_store_device_get(txn, sched_call_peer_serial(act->call), NULL);
    if (device == NULL || device->revoked_us != 0 || strcmp(device->station, peer) != 0)
        return sched_api_error(error, SCHED_API_ERROR_FORBIDDEN,
                               "client certificate: revoked, or not known here");
    g_free(act->account);
    act->account = g_strdup(peer);
    return TRUE;
}

static gboolean
check_access(SchedTxn *txn, gpointer data, GError **error)
{
    SchedAct *act = data;

    if (act->route->roles == SCHED_ROLES_OPEN)
        return TRUE;
    if (act->route->roles == SCHED_ROLES_STATION)
        return check_station(txn, act, error);
    return sched_access_authenticate(txn, act, error) &&
           sched_access_authorise(txn, act, error);
}

/* Who asks, before anything else is done for them. */
static gboolean
check_who(SchedTxn *txn, gpointer data, GError **error)
{
    SchedAct *act = data;

    if (act->route->roles == SCHED_ROLES_OPEN)
        return TRUE;
    return act->route->roles == SCHED_ROLES_STATION
               ? check_station(txn, act, error)
               : sched_access_authenticate(txn, act, error);
}

/* A key may come twice; the second time gets the first answer, without the work. */
static void
keep_answer(SchedTxn *txn, SchedAct *act)
{
    char *text;

    if (!act->route->writes || act->route->is_secret)
        return;
    text = json_dumps(act->answer, JSON_COMPACT);
    if (text != NULL)
        sched_txn_set_result(txn, text);
    free(text);
}

static gboolean
run_in_transaction(SchedTxn *txn, gpointer data, GError **error)
{
    SchedAct *act = data;

    if (!check_access(txn, act, error) || !act->route->work(txn, act, error))
        return FALSE;
    keep_answer(txn, act);
    return TRUE;
}

static void
send_object(SchedAct *act)
{
    GError *error = NULL;
    gint64 size_bytes = 0;
    int fd = content_object_store_open_object(act->api->options.objects, act->object,
                                              &size_bytes, &error);

    if (fd < 0) {
        answer_error(act, error);
        g_error_free(error);
        return;
    }
    sched_call_add_header(act->call, "Cache-Control", "private, max-age=31536000, immutable");
    sched_call_answer_file(act->call,
                           act->object_media != NULL ? act->object_media : "audio/ogg", fd,
                           size_bytes, act->object);
}

static void
send_answer(SchedAct *act)
{
    g_autoptr(GBytes) body = NULL;
    char *text;

    if (act->object != NULL) {
        send_object(act);
        return;
    }
    if (act->token != NULL) {
        g_autofree char *cookie = g_strconcat("__Host-loa=", act->token, COOKIE_END, NULL);

        sched_call_add_header(act->call, "Set-Cookie", cookie);
    }
    if (act->document != NULL) {
        sched_call_answer(act->call, act->route->status, "application/json", act->document);
        return;
    }
    text = act->answer == NULL ? strdup("{}") : json_dumps(act->answer, JSON_COMPACT);
    body = g_bytes_new_with_free_func(text, strlen(text), free, text);
    sched_call_answer(act->call, act->route->status, "application/json", body);
}

static gboolean
note_use(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_store_session_use(txn, data, error);
}

/* The session was used: noted apart from the answer, which does not wait for it. */
static void
note_session(SchedAct *act)
{
    const SchedWrite write = {.actor = "system", .at_us = act->now_us};

    if (act->is_session_stale)
        sched_store_write_async(act->api->options.store, &write, note_use,
                                g_strdup(act->token_hash), g_free, NULL, NULL);
}

static void
on_written(GObject *source, GAsyncResult *result, gpointer data)
{
    SchedAct *act = data;
    GError *error = NULL;
    g_autofree char *kept = NULL;

    if (!sched_store_write_finish(act->api->options.store, result, &kept, &error)) {
        sched_act_fail(act, error);
        return;
    }
    if (act->answer == NULL && kept != NULL)
        act->answer = json_loads(kept, 0, NULL);
    note_session(act);
    if (act->after != NULL)
        act->after(act);
    send_answer(act);
    finish(act);
}

static void
on_read(GObject *source, GAsyncResult *result, gpointer data)
{
    SchedAct *act = data;
    GError *error = NULL;

    if (!sched_store_read_finish(act->api->options.store, result, &error)) {
        sched_act_fail(act, error);
        return;
    }
    note_session(act);
    send_answer(act);
    finish(act);
}

/* What was asked for under the key, so that another thing under it is noticed. */
static char *
digest_of(SchedAct *act)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    GBytes *body = sched_call_body(act->call);
    gsize length = 0;
    const guchar *bytes = g_bytes_get_data(body, &length);

    g_checksum_update(sum, (const guchar *) act->route->method, -1);
    g_checksum_update(sum, (const guchar *) sched_call_target(act->call)->path, -1);
    g_checksum_update(sum, bytes, (gssize) length);
    return g_strdup(g_checksum_get_string(sum));
}

void
sched_act_go_on(SchedAct *act)
{
    SchedStore *store = act->api->options.store;
    g_autofree char *digest = digest_of(act);
    g_autofree char *actor =
        act->route->roles == SCHED_ROLES_STATION || act->account == NULL
            ? g_strconcat("station:", act->account != NULL ? act->account : "?", NULL)
            : g_strdup(act->account);
    const SchedWrite write = {
        .actor = act->actor != NULL ? act->actor : actor,
        .at_us = act->now_us,
        .urgent = act->route->is_urgent,
        .key = act->account != NULL && !act->route->is_secret
                   ? sched_call_header(act->call, "Idempotency-Key")
                   : NULL,
        .digest = digest,
    };

    if (act->route->writes)
        sched_store_write_async(store, &write, run_in_transaction, act, NULL, on_written, act);
    else
        sched_store_read_async(store, run_in_transaction, act, NULL, on_read, act);
}

void
sched_act_set_prepared(SchedAct *act, gpointer data, GDestroyNotify free_data)
{
    if (act->free_prepared != NULL)
        act->free_prepared(act->prepared);
    act->prepared = data;
    act->free_prepared = free_data;
}

static gboolean
read_body(SchedAct *act, GError **error)
{
    g_autofree gpointer scratch = NULL;
    gboolean is_good;

    if (act->route->input != SCHED_INPUT_JSON)
        return TRUE;
    act->body = sched_shape_parse(sched_call_body(act->call), error);
    if (act->body == NULL || act->route->body == NULL)
        return act->body != NULL;
    /* Read once for the errors; the work reads it into its row, which may hold more. */
    scratch = content_shape_new(act->route->body);
    is_good = sched_shape_read(act->route->body, act->body, scratch, &act->member, error);
    content_shape_free(act->route->body, g_steal_pointer(&scratch));
    return is_good;
}

/*
 * A cookie comes along whoever made the browser ask. So a write that rests on one must say that
 * it was asked for by a page of ours.
 */
static gboolean
is_from_our_pages(SchedCall *call)
{
    const char *site = sched_call_header(call, "Sec-Fetch-Site");
    const char *origin = sched_call_header(call, "Origin");
    const char *host = sched_call_header(call, "Host");
    g_autofree char *ours = g_strconcat("https://", host != NULL ? host : "", NULL);

    if (site != NULL)
        return strcmp(site, "same-origin") == 0;
    return origin != NULL && strcmp(origin, ours) == 0;
}

static gboolean
check_origin(SchedAct *act, GError **error)
{
    gboolean matters = act->by_cookie && act->route->writes;

    /* A sign-in has no cookie yet; a page of somebody else's must not make one happen. */
    if (act->route->roles == SCHED_ROLES_OPEN)
        matters = sched_call_header(act->call, "Sec-Fetch-Site") != NULL ||
                  sched_call_header(act->call, "Origin") != NULL;
    return !matters || is_from_our_pages(act->call) ||
           sched_api_error(error, SCHED_API_ERROR_FORBIDDEN,
                           "a page of another site may not do this");
}

static void
begin(SchedAct *act)
{
    act->now_us = content_clock_utc_us(act->api->options.clock);
    sched_call_ref(act->call);
}

/* The body has not come yet, and is large: may it? */
static void
on_ask(SchedCall *call, gpointer data)
{
    SchedAct *act = sched_call_data(call);
    GError *error = NULL;

    begin(act);
    if (!sched_store_read(act->api->options.store, check_access, act, &error) ||
        !check_origin(act, &error)) {
        sched_act_fail(act, error);
        return;
    }
    sched_call_proceed(call);
    finish(act);
}

static void
on_handle(SchedCall *call, gpointer data)
{
    SchedAct *act = sched_call_data(call);
    GError *error = NULL;

    begin(act);
    if (!sched_store_read(act->api->options.store, check_who, act, &error) ||
        !check_origin(act, &error) || !read_body(act, &error)) {
        sched_act_fail(act, error);
        return;
    }
    if (act->route->prepare != NULL)
        act->route->prepare(act);
    else
        sched_act_go_on(act);
}

static const SchedServerHandler people = {on_plan_people, on_ask, on_handle};
static const SchedServerHandler stations = {on_plan_stations, on_ask, on_handle};

const SchedServerHandler *
sched_api_people(void)
{
    return &people;
}

const SchedServerHandler *
sched_api_stations(void)
{
    return &stations;
}

/* ---- what works use ---- */

gboolean
sched_act_read(SchedAct *act, gpointer row, GError **error)
{
    return sched_shape_read(act->route->body, act->body, row, NULL, error);
}

char *
sched_act_id(SchedAct *act)
{
    return content_id_new(act->now_us);
}

gboolean
sched_act_list(SchedAct *act, const char *name, const ContentShape *shape, GPtrArray *rows)
{
    if (rows == NULL)
        return FALSE;
    act->answer = json_object();
    json_object_set_new(act->answer, name, sched_shape_write_all(shape, rows));
    return TRUE;
}

gboolean
sched_act_row(SchedAct *act, const ContentShape *shape, gconstpointer row)
{
    if (row == NULL)
        return FALSE;
    json_decref(act->answer);
    act->answer = sched_shape_write(shape, row);
    return TRUE;
}

gboolean
sched_act_done(SchedAct *act)
{
    act->answer = json_object();
    return TRUE;
}

SchedApi *
sched_api_new(const SchedApiOptions *options)
{
    SchedApi *self = g_new0(SchedApi, 1);

    self->options = *options;
    self->throttle = sched_throttle_new();
    return self;
}

void
sched_api_free(SchedApi *self)
{
    if (self == NULL)
        return;
    sched_throttle_free(self->throttle);
    g_free(self);
}
