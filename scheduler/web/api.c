/*
 * api.c - a request along its row: found, read, prepared, done in one transaction, answered.
 *
 * Thread: the owner's context; run_in_transaction where the store runs it.
 */
#include "scheduler/web/api-internal.h"

#include "content/language.h"
#include "scheduler/web/pages-resource.h"

#include <string.h>

G_DEFINE_QUARK(SchedApiError, sched_api_error)

void
sched_ingested_free(SchedIngested *self)
{
    if (self == NULL)
        return;
    g_free(self->path);
    g_free(self->media);
    g_free(self->peaks);
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

/* ---- from the body to the answer ---- */

/* The act is over: the reference that kept its call goes. Act and call may be gone after. */
static void
finish(SchedAct *act)
{
    act->api->n_open--;
    content_call_unref(act->call);
}

void
sched_act_fail(SchedAct *act, GError *error)
{
    sched_api_answer_error(act, error);
    g_error_free(error);
    finish(act);
}

static gboolean
check_station(SchedTxn *txn, SchedAct *act, GError **error)
{
    if (!sched_door_check(txn, act->call, act->route, error))
        return FALSE;
    g_free(act->account);
    act->account = g_strdup(content_call_peer(act->call));
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

static void
add_notices(SchedAct *act, GPtrArray *notices)
{
    for (guint i = 0; i < notices->len; i++) {
        if (act->notices == NULL)
            act->notices = json_array();
        json_array_append_new(act->notices, json_string(notices->pdata[i]));
    }
}

/* The work may run more than once; the body was read once. */
static void
forget_notices(SchedAct *act)
{
    while (json_array_size(act->notices) > act->n_notices)
        json_array_remove(act->notices, act->n_notices);
}

/* Whoever typed it is told what was changed in it. */
static void
answer_notices(SchedAct *act)
{
    if (json_array_size(act->notices) > 0 && json_is_object(act->answer))
        json_object_set(act->answer, SCHED_ANSWER_REPAIRED, act->notices);
}

/* Said outright, each time: nothing that was left out counts as said. */
static gboolean
carries_declaration(SchedAct *act)
{
    return json_is_true(json_object_get(act->body, SCHED_DECLARED)) ||
           g_strcmp0(content_call_query(act->call, SCHED_DECLARED), "true") == 0;
}

gboolean
sched_act_declare(SchedTxn *txn, SchedAct *act, GError **error)
{
    if (carries_declaration(act)) {
        sched_txn_declare(txn);
        return TRUE;
    }
    g_free(act->member);
    act->member = g_strdup(SCHED_DECLARED);
    return sched_api_error(error, SCHED_API_ERROR_UNDECLARED,
                           SCHED_DECLARED ": whoever puts it forward or approves it declares, "
                                          "with true, that it contains no state secret");
}

static gboolean
check_declared(SchedTxn *txn, SchedAct *act, GError **error)
{
    return !act->route->is_declared || sched_act_declare(txn, act, error);
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

    gboolean is_louder = FALSE;

    forget_notices(act);
    if (!check_access(txn, act, error) || !check_declared(txn, act, error) ||
        (act->route->louder != NULL && !act->route->louder(txn, act, &is_louder, error)) ||
        !(is_louder ? sched_api_propose : act->route->work)(txn, act, error))
        return FALSE;
    answer_notices(act);
    keep_answer(txn, act);
    return TRUE;
}

static gboolean
note_use(SchedTxn *txn, gpointer data, GError **error)
{
    return sched_store_session_use(txn, data, error);
}

/*
 * The session was used: noted apart from the answer, which does not wait for it. A page that
 * asks by itself says so; nobody sits before it, and an open page is no use of a session.
 */
static void
note_session(SchedAct *act)
{
    const SchedWrite write = {.actor = "system", .at_us = act->now_us};

    if (act->is_session_stale && content_call_header(act->call, "Loa-Unattended") == NULL)
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
    sched_api_send_answer(act);
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
    if (act->after != NULL)
        act->after(act);
    sched_api_send_answer(act);
    finish(act);
}

/* What was asked for under the key, so that another thing under it is noticed. */
static char *
digest_of(SchedAct *act)
{
    g_autofree char *all =
        g_strjoin("\n", act->route->method, content_call_raw_target(act->call),
                  content_call_body_hash(act->call), NULL);

    return content_sha256_hex(all, strlen(all));
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
                   ? content_call_header(act->call, "Idempotency-Key")
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
    g_autoptr(GPtrArray) notices = g_ptr_array_new_with_free_func(g_free);
    gboolean is_good;

    if (act->route->input != SCHED_INPUT_JSON)
        return TRUE;
    act->body = sched_shape_parse(content_call_body(act->call), error);
    if (act->body == NULL || act->route->body == NULL)
        return act->body != NULL;
    /* Read once for the errors; the work reads it into its row, which may hold more. */
    scratch = content_shape_new(act->route->body);
    is_good =
        sched_shape_read(act->route->body, act->body, scratch, &act->member, notices, error);
    add_notices(act, notices);
    act->n_notices = json_array_size(act->notices);
    content_shape_free(act->route->body, g_steal_pointer(&scratch));
    return is_good;
}

static gboolean
check_origin(SchedAct *act, GError **error)
{
    gboolean matters = act->by_cookie && strcmp(act->route->method, "GET") != 0;

    /* A sign-in has no cookie yet; a page of somebody else's must not make one happen. */
    if (act->route->roles == SCHED_ROLES_OPEN)
        matters = content_call_header(act->call, "Sec-Fetch-Site") != NULL ||
                  content_call_header(act->call, "Origin") != NULL;
    return !matters || content_call_is_from_our_page(act->call) ||
           sched_api_error(error, SCHED_API_ERROR_FORBIDDEN,
                           "a page of another site may not do this");
}

static void
begin(SchedAct *act)
{
    act->now_us = content_clock_utc_us(act->api->options.clock);
    act->api->n_open++;
    content_call_ref(act->call);
}

static gboolean
check_may(SchedTxn *txn, gpointer data, GError **error)
{
    return check_access(txn, data, error) && check_declared(txn, data, error);
}

/* The body has not come yet, and is large: may it? */
static void
on_ask(ContentCall *call, gpointer data)
{
    SchedAct *act = content_call_data(call);
    GError *error = NULL;

    begin(act);
    if (!sched_store_read(act->api->options.store, check_may, act, &error) ||
        !check_origin(act, &error)) {
        sched_act_fail(act, error);
        return;
    }
    content_call_proceed(call);
    finish(act);
}

static void
on_handle(ContentCall *call, gpointer data)
{
    SchedAct *act = content_call_data(call);
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

static const ContentServerHandler people = {
    .plan = sched_api_plan_people, .ask = on_ask, .handle = on_handle};
static const ContentServerHandler stations = {.greet = sched_door_greet,
                                              .plan = sched_api_plan_stations,
                                              .ask = on_ask,
                                              .handle = on_handle};

const ContentServerHandler *
sched_api_people(void)
{
    return &people;
}

const ContentServerHandler *
sched_api_stations(void)
{
    return &stations;
}

/* ---- what works use ---- */

gboolean
sched_act_read(SchedAct *act, gpointer row, GError **error)
{
    return sched_shape_read(act->route->body, act->body, row, NULL, NULL, error);
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

void
sched_act_repair(SchedAct *act, char **text, const char *tag)
{
    g_autoptr(GPtrArray) notices = NULL;
    char *clean = *text == NULL ? NULL : content_text_repair(*text, tag, &notices);

    if (clean == NULL)
        return;
    g_free(*text);
    *text = clean;
    add_notices(act, notices);
}

gboolean
sched_act_done(SchedAct *act)
{
    act->answer = json_object();
    return TRUE;
}

/* Beside recordings that are being read: the same disk as the object store. */
static SchedSpeeches *
new_speeches(SchedApi *api)
{
    const SchedApiOptions *options = &api->options;
    g_autofree char *folder = g_build_filename(options->incoming_folder, "live", NULL);
    const SchedSpeechesOptions speeches = {
        .store = options->store,
        .objects = options->objects,
        .clock = options->clock,
        .folder = folder,
        .say = options->ports->say_live,
        .said = options->ports->said,
        .data = options->ports_data,
        .cut = sched_api_cut_speech,
        .cut_data = api,
    };

    return sched_speeches_new(&speeches);
}

SchedApi *
sched_api_new(const SchedApiOptions *options)
{
    SchedApi *self = g_new0(SchedApi, 1);

    self->options = *options;
    self->throttle = content_throttle_new(CONTENT_THROTTLE_SPREAD_US);
    /* Six digits are soon guessed by whoever has the password and many addresses; the owner of
     * the account comes from where they were before, or with a recovery code. */
    self->codes = content_throttle_new(CONTENT_THROTTLE_MOST_US);
    self->enrolments = content_throttle_new(CONTENT_THROTTLE_SPREAD_US);
    self->pages = content_pages_new(sched_pages_files_get_resource(), "/loa/pages/");
    self->changes = sched_changes_new(options->store, options->clock);
    self->speeches = new_speeches(self);
    self->in_hand = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->context = g_main_context_ref_thread_default();
    return self;
}

guint
sched_api_n_open(SchedApi *self)
{
    return self->n_open;
}

void
sched_api_free(SchedApi *self)
{
    if (self == NULL)
        return;
    /* What was begun comes back to us, answered by nobody but finished here. */
    sched_changes_release(self->changes);
    while (self->n_open > 0)
        g_main_context_iteration(self->context, TRUE);
    sched_speeches_free(self->speeches);
    g_main_context_unref(self->context);
    content_throttle_free(self->throttle);
    content_throttle_free(self->codes);
    content_throttle_free(self->enrolments);
    content_pages_free(self->pages);
    sched_changes_free(self->changes);
    g_hash_table_unref(self->in_hand);
    g_free(self);
}
