/* page.c - see page.h */
#include "player/page/page.h"

#include <microhttpd.h>
#include <string.h>

#include "content/web/pages.h"
#include "content/web/server.h"
#include "content/web/throttle.h"
#include "player/page/line.h"
#include "player/page/pins.h"
#include "player/page/sessions.h"
#include "player/page/page-resource.h"

#define COOKIE       "__Host-loa-page"
#define COOKIE_END   "; Path=/; Secure; HttpOnly; SameSite=Strict"
#define FILES_ROOT   "/loa/page/"
#define JSON         "application/json"
#define SPOOL_FOLDER "incoming"

struct PlayPage {
    ContentClock *clock;       /* (not owned) */
    ContentServer *server;     /* (owned) */
    ContentPages *pages;       /* (owned) */
    ContentThrottle *throttle; /* (owned) */
    PlayPageLine *line;        /* (owned) */
    char *fingerprint;         /* (owned) */
    PlaySessions *sessions;    /* (owned) */
    PlayPagePins *pins;        /* (owned) */
    GHashTable *acts;          /* (owned): account and key -> Act (owned) */
    GQueue order; /* (element-type utf8): their names, the oldest first; not owned */
};

/* One request on its way through the player, or through a check of a PIN. */
typedef struct {
    PlayPage *page;       /* (not owned): outlives it, see play_page_free() */
    ContentCall *call;    /* (owned) */
    char *account;        /* (owned) (nullable) */
    char *act;            /* (owned) (nullable): name of the act that it is */
    PlayPageSignIn *sign; /* (owned) (nullable) */
} Turn;

/* What came of a start; NULL: that is not known yet. */
typedef struct {
    GBytes *outcome; /* (owned) (nullable) */
} Act;

static void
turn_free(Turn *turn)
{
    content_call_unref(turn->call);
    g_free(turn->account);
    g_free(turn->act);
    play_page_sign_in_free(turn->sign);
    g_free(turn);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Turn, turn_free)

static Turn *
turn_new(PlayPage *self, ContentCall *call, const char *account)
{
    Turn *turn = g_new0(Turn, 1);

    turn->page = self;
    turn->call = content_call_ref(call);
    turn->account = g_strdup(account);
    return turn;
}

static void
act_free(gpointer data)
{
    Act *act = data;

    g_clear_pointer(&act->outcome, g_bytes_unref);
    g_free(act);
}

/* ---- answers ---- */

static void
answer_no_player(ContentCall *call)
{
    content_call_problem(call, MHD_HTTP_SERVICE_UNAVAILABLE, "no-player",
                         "the player does not answer");
}

static void
answer_busy(ContentCall *call)
{
    content_call_add_header(call, "Retry-After", "1");
    content_call_problem(call, MHD_HTTP_SERVICE_UNAVAILABLE, "busy", NULL);
}

static void
answer_wait(ContentCall *call, gint64 wait_us)
{
    g_autofree char *seconds =
        g_strdup_printf("%" G_GINT64_FORMAT, (wait_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);

    content_call_add_header(call, "Retry-After", seconds);
    content_call_problem(call, MHD_HTTP_TOO_MANY_REQUESTS, "slow-down", seconds);
}

static void
answer_wrong_pin(ContentCall *call)
{
    content_call_problem(call, MHD_HTTP_UNAUTHORIZED, "wrong-pin", NULL);
}

/* What the player said goes to the browser as it is, once it is known to be of @type. */
static void
pass_on(ContentCall *call, const ContentDocumentType *type, GBytes *said)
{
    gpointer document = said == NULL ? NULL
                                     : content_document_read(type, g_bytes_get_data(said, NULL),
                                                             g_bytes_get_size(said), NULL);

    if (document == NULL)
        answer_no_player(call);
    else
        content_call_answer(call, MHD_HTTP_OK, JSON, said);
    content_document_free(type, document);
}

/* Returns: (transfer full): the body as @type says; NULL: the call was answered */
static gpointer
read_body(ContentCall *call, const ContentDocumentType *type)
{
    GBytes *body = content_call_body(call);
    g_autoptr(GError) error = NULL;
    gpointer document = content_document_read(type, g_bytes_get_data(body, NULL),
                                              g_bytes_get_size(body), &error);

    if (document == NULL)
        content_call_problem(call, MHD_HTTP_BAD_REQUEST, "bad-request", error->message);
    return document;
}

/* ---- who there is ---- */

static void
on_names(GBytes *said, gpointer data)
{
    g_autoptr(Turn) turn = data;
    g_autoptr(PlayPageNames) names = content_document_new(&play_page_names_type);
    g_autoptr(PlayPagePeople) people = NULL;
    g_autoptr(GBytes) body = NULL;

    if (said != NULL)
        people = content_document_read(&play_page_people_type, g_bytes_get_data(said, NULL),
                                       g_bytes_get_size(said), NULL);
    for (guint i = 0; people != NULL && i < people->accounts->len; i++) {
        const PlayPageAccount *account = people->accounts->pdata[i];
        PlayPageName *name = content_shape_new(&play_page_name_shape);

        name->id = g_strdup(account->id);
        name->name = g_strdup(account->name);
        g_ptr_array_add(names->names, name);
    }
    names->station = g_strdup(people == NULL ? "" : people->station);
    body = content_document_write(&play_page_names_type, names, NULL);
    pass_on(turn->call, &play_page_names_type, people == NULL ? NULL : body);
}

static void
get_people(PlayPage *self, ContentCall *call, const char *account)
{
    const PlayPageAsk ask = {.act = PLAY_PAGE_PEOPLE};

    play_page_line_ask(self->line, &ask, on_names, turn_new(self, call, NULL));
}

/* ---- signing in and out ---- */

static void
tell_throttle(const Turn *turn, gboolean is_right)
{
    content_throttle_tell(turn->page->throttle, turn->sign->account,
                          content_call_address(turn->call), is_right,
                          content_clock_monotonic_us(turn->page->clock));
}

static void
drop_attempt(const Turn *turn)
{
    content_throttle_drop(turn->page->throttle, turn->sign->account,
                          content_call_address(turn->call),
                          content_clock_monotonic_us(turn->page->clock));
}

static void
on_pin(gboolean is_right, gpointer data)
{
    g_autoptr(Turn) turn = data;
    PlayPage *self = turn->page;
    g_autofree char *token = NULL, *cookie = NULL;
    g_autoptr(GBytes) body = g_bytes_new_static("{}", 2);

    tell_throttle(turn, is_right);
    if (!is_right) {
        answer_wrong_pin(turn->call);
        return;
    }
    token = play_sessions_open(self->sessions, turn->sign->account,
                               content_clock_monotonic_us(self->clock));
    cookie = g_strconcat(COOKIE "=", token, COOKIE_END, NULL);
    content_call_add_header(turn->call, "Set-Cookie", cookie);
    content_call_answer(turn->call, MHD_HTTP_CREATED, JSON, body);
}

static const PlayPageAccount *
find_account(const PlayPagePeople *people, const char *id)
{
    for (guint i = 0; i < people->accounts->len; i++) {
        const PlayPageAccount *account = people->accounts->pdata[i];

        if (strcmp(account->id, id) == 0)
            return account;
    }
    return NULL;
}

static void
on_people(GBytes *said, gpointer data)
{
    g_autoptr(Turn) turn = data;
    PlayPage *self = turn->page;
    g_autoptr(PlayPagePeople) people = NULL;
    const PlayPageAccount *account;

    if (said != NULL)
        people = content_document_read(&play_page_people_type, g_bytes_get_data(said, NULL),
                                       g_bytes_get_size(said), NULL);
    if (people == NULL) {
        drop_attempt(turn);
        answer_no_player(turn->call);
        return;
    }
    account = find_account(people, turn->sign->account);
    if (account == NULL) { /* who there is, is no secret here */
        tell_throttle(turn, FALSE);
        answer_wrong_pin(turn->call);
        return;
    }
    if (play_page_pins_check(self->pins, account->pin_hash, turn->sign->pin, on_pin, turn)) {
        g_steal_pointer(&turn);
        return;
    }
    drop_attempt(turn);
    answer_busy(turn->call);
}

static void
post_session(PlayPage *self, ContentCall *call, const char *account)
{
    const PlayPageAsk ask = {.act = PLAY_PAGE_PEOPLE};
    g_autoptr(PlayPageSignIn) sign = read_body(call, &play_page_sign_in_type);
    gint64 wait_us;
    Turn *turn;

    if (sign == NULL)
        return;
    wait_us = content_throttle_ask(self->throttle, sign->account, content_call_address(call),
                                   content_clock_monotonic_us(self->clock));
    if (wait_us > 0) {
        answer_wait(call, wait_us);
        return;
    }
    turn = turn_new(self, call, NULL);
    turn->sign = g_steal_pointer(&sign);
    play_page_line_ask(self->line, &ask, on_people, turn);
}

static void
delete_session(PlayPage *self, ContentCall *call, const char *account)
{
    g_autofree char *token = content_cookie_get(content_call_header(call, "Cookie"), COOKIE);

    play_sessions_close(self->sessions, token);
    content_call_add_header(call, "Set-Cookie", COOKIE "=; Max-Age=0" COOKIE_END);
    content_call_answer(call, MHD_HTTP_NO_CONTENT, NULL, NULL);
}

/* ---- what there is ---- */

static void
on_choices(GBytes *said, gpointer data)
{
    g_autoptr(Turn) turn = data;

    pass_on(turn->call, &play_page_choices_type, said);
}

static void
get_choices(PlayPage *self, ContentCall *call, const char *account)
{
    const PlayPageAsk ask = {.act = PLAY_PAGE_CHOICES, .account = (char *) account};

    play_page_line_ask(self->line, &ask, on_choices, turn_new(self, call, account));
}

static void
on_state(GBytes *said, gpointer data)
{
    g_autoptr(Turn) turn = data;

    pass_on(turn->call, &play_page_state_type, said);
}

static void
get_state(PlayPage *self, ContentCall *call, const char *account)
{
    const PlayPageAsk ask = {.act = PLAY_PAGE_STATE};

    play_page_line_ask(self->line, &ask, on_state, turn_new(self, call, account));
}

/* ---- acts ---- */

static Act *
begin_act(PlayPage *self, char *name)
{
    Act *act = g_new0(Act, 1);

    if (self->order.length >= PLAY_PAGE_MAX_ACTS)
        g_hash_table_remove(self->acts, g_queue_pop_head(&self->order));
    g_hash_table_insert(self->acts, name, act);
    g_queue_push_tail(&self->order, name);
    return act;
}

/* What nobody answered may be tried again under the same key. */
static void
forget_act(PlayPage *self, const char *name)
{
    GList *link = g_queue_find_custom(&self->order, name, (GCompareFunc) strcmp);

    if (link == NULL)
        return;
    g_queue_delete_link(&self->order, link);
    g_hash_table_remove(self->acts, name);
}

static void
on_started(GBytes *said, gpointer data)
{
    g_autoptr(Turn) turn = data;
    Act *act = g_hash_table_lookup(turn->page->acts, turn->act);

    if (said == NULL)
        forget_act(turn->page, turn->act);
    else if (act != NULL)
        act->outcome = g_bytes_ref(said);
    pass_on(turn->call, &play_page_outcome_type, said);
}

/* A phone on a bad line asks again: the same key is the same alert. What this page has
 * forgotten since, the player has not. */
static gboolean
answer_again(PlayPage *self, ContentCall *call, const char *name)
{
    const Act *act = g_hash_table_lookup(self->acts, name);

    if (act == NULL)
        return FALSE;
    if (act->outcome == NULL)
        answer_busy(call);
    else
        content_call_answer(call, MHD_HTTP_OK, JSON, act->outcome);
    return TRUE;
}

static void
post_alert(PlayPage *self, ContentCall *call, const char *account)
{
    g_autoptr(PlayPageOrder) order = read_body(call, &play_page_order_type);
    g_autofree char *name = NULL;
    PlayPageAsk ask = {.act = PLAY_PAGE_START, .account = (char *) account};
    Turn *turn;

    if (order == NULL)
        return;
    name = g_strconcat(account, " ", order->key, NULL);
    if (answer_again(self, call, name))
        return;
    ask.template_ = order->template_;
    ask.values = order->values;
    ask.villages = order->villages;
    ask.drill = order->drill;
    ask.key = order->key;
    turn = turn_new(self, call, account);
    turn->act = g_strdup(name);
    begin_act(self, g_steal_pointer(&name));
    play_page_line_ask(self->line, &ask, on_started, turn);
}

static void
on_stopped(GBytes *said, gpointer data)
{
    g_autoptr(Turn) turn = data;

    pass_on(turn->call, &play_page_outcome_type, said);
}

static void
post_stop(PlayPage *self, ContentCall *call, const char *account)
{
    g_autoptr(PlayPageEnd) end = read_body(call, &play_page_end_type);
    PlayPageAsk ask = {.act = PLAY_PAGE_STOP, .account = (char *) account};

    if (end == NULL)
        return;
    ask.alert = end->alert;
    play_page_line_ask(self->line, &ask, on_stopped, turn_new(self, call, account));
}

/* ---- routes ---- */

typedef struct {
    const char *method, *name; /* below /api/ */
    gboolean is_open;          /* without a session */
    gint64 max_bytes;          /* of the body */
    /* @account: (nullable): who is signed in */
    void (*run)(PlayPage *self, ContentCall *call, const char *account);
} Route;

/* clang-format off */
static const Route routes[] = {
    { "GET",    "people",  TRUE,  0,                       get_people     },
    { "POST",   "session", TRUE,  512,                     post_session   },
    { "DELETE", "session", TRUE,  0,                       delete_session },
    { "GET",    "choices", FALSE, 0,                       get_choices    },
    { "GET",    "state",   FALSE, 0,                       get_state      },
    { "POST",   "alerts",  FALSE, PLAY_PAGE_ASK_MAX_BYTES, post_alert     },
    { "POST",   "stop",    FALSE, 512,                     post_stop      },
};
/* clang-format on */

static gboolean
is_api(ContentCall *call)
{
    const GPtrArray *segments = content_call_target(call)->segments;

    return segments->len > 0 && strcmp(segments->pdata[0], "api") == 0;
}

static const Route *
find_route(ContentCall *call, gboolean *out_is_path)
{
    const GPtrArray *segments = content_call_target(call)->segments;

    *out_is_path = FALSE;
    for (gsize i = 0; segments->len == 2 && i < G_N_ELEMENTS(routes); i++) {
        if (strcmp(routes[i].name, segments->pdata[1]) != 0)
            continue;
        *out_is_path = TRUE;
        if (strcmp(routes[i].method, content_call_method(call)) == 0)
            return &routes[i];
    }
    return NULL;
}

/* In the server's own thread: from the table alone. */
static gboolean
on_plan(ContentCall *call, ContentBodyPlan *out_plan, gpointer data)
{
    gboolean is_path;
    const Route *route;

    if (!is_api(call))
        return TRUE; /* a page, which takes no body */
    route = find_route(call, &is_path);
    if (route == NULL) {
        content_call_problem(call, is_path ? MHD_HTTP_METHOD_NOT_ALLOWED : MHD_HTTP_NOT_FOUND,
                             is_path ? "method" : "no-such-path", NULL);
        return FALSE;
    }
    if (route->max_bytes > 0 &&
        !content_media_is(content_call_header(call, "Content-Type"), JSON)) {
        content_call_problem(call, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "media-type", NULL);
        return FALSE;
    }
    out_plan->kind = route->max_bytes > 0 ? CONTENT_BODY_MEMORY : CONTENT_BODY_NONE;
    out_plan->max_bytes = route->max_bytes;
    return TRUE;
}

static void
run_route(PlayPage *self, ContentCall *call, const Route *route)
{
    g_autofree char *token = content_cookie_get(content_call_header(call, "Cookie"), COOKIE);
    g_autofree char *account = g_strdup(
        play_sessions_find(self->sessions, token, content_clock_monotonic_us(self->clock)));

    if (strcmp(route->method, "GET") != 0 && !content_call_is_from_our_page(call))
        content_call_problem(call, MHD_HTTP_FORBIDDEN, "no-right",
                             "a page of another site may not do this");
    else if (account == NULL && !route->is_open)
        content_call_problem(call, MHD_HTTP_UNAUTHORIZED, "sign-in", NULL);
    else
        route->run(self, call, account);
}

static void
on_handle(ContentCall *call, gpointer data)
{
    PlayPage *self = data;
    gboolean is_path;

    if (is_api(call))
        run_route(self, call, find_route(call, &is_path));
    else if (!content_pages_answer(self->pages, call))
        content_call_problem(call, MHD_HTTP_NOT_FOUND, "no-such-path", NULL);
}

static const ContentServerHandler handler = {.plan = on_plan, .handle = on_handle};

/* ---- the player comes ---- */

static void
on_greeted(GBytes *said, gpointer data)
{
}

static void
on_up(gpointer data)
{
    PlayPage *self = data;
    const PlayPageAsk ask = {.act = PLAY_PAGE_HELLO, .certificate = self->fingerprint};

    play_page_line_ask(self->line, &ask, on_greeted, NULL);
}

/* ---- beginning and end ---- */

static gboolean
serve(PlayPage *self, const PlayPageOptions *options, const PlayPageCertificate *certificate,
      GError **error)
{
    g_autofree char *spool = g_build_filename(options->state, SPOOL_FOLDER, NULL);
    ContentServerOptions server = content_server_defaults;

    server.address = options->address;
    server.port = options->port;
    server.chain = certificate->chain;
    server.key = certificate->key;
    server.spool_folder = spool;
    server.max_connections = PLAY_PAGE_MAX_CONNECTIONS;
    server.max_per_address = PLAY_PAGE_MAX_PER_ADDRESS;
    server.header_us = PLAY_PAGE_HEADER_US;
    server.body_us = PLAY_PAGE_BODY_US;
    self->server = content_server_start(&server, &handler, self, error);
    return self->server != NULL;
}

PlayPage *
play_page_new(const PlayPageOptions *options, const PlayPageCertificate *certificate,
              ContentClock *clock, GError **error)
{
    g_autoptr(PlayPage) self = g_new0(PlayPage, 1);

    self->clock = clock;
    self->pages = content_pages_new(play_page_files_get_resource(), FILES_ROOT);
    self->throttle = content_throttle_new(CONTENT_THROTTLE_SPREAD_US);
    self->sessions = play_sessions_new();
    self->pins = play_page_pins_new();
    self->acts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, act_free);
    g_queue_init(&self->order);
    self->line = play_page_line_new(options->socket, options->user, clock, error);
    if (self->line != NULL)
        play_page_line_on_up(self->line, on_up, self);
    self->fingerprint = g_strdup(certificate->fingerprint);
    if (self->line == NULL || !serve(self, options, certificate, error))
        return NULL;
    return g_steal_pointer(&self);
}

void
play_page_free(PlayPage *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->server, content_server_stop);
    /* Who waits for the player is answered here, while everything is still there. */
    g_clear_pointer(&self->line, play_page_line_free);
    g_clear_pointer(&self->pins, play_page_pins_free);
    g_queue_clear(&self->order);
    g_hash_table_unref(self->acts);
    play_sessions_free(self->sessions);
    content_throttle_free(self->throttle);
    content_pages_free(self->pages);
    g_free(self->fingerprint);
    g_free(self);
}

gboolean
play_page_has_player(const PlayPage *self)
{
    return play_page_line_is_up(self->line);
}

guint
play_page_port(PlayPage *self)
{
    return content_server_port(self->server);
}
