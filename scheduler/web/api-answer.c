/*
 * api-answer.c - what came of an act, in the words of HTTP.
 *
 * Thread: the owner's context.
 */
#include "scheduler/web/api-internal.h"

#include "scheduler/web/uploads.h"

#include <microhttpd.h>
#include <string.h>

#define COOKIE_END "; Path=/; Secure; HttpOnly; SameSite=Strict"

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
    { SCHED_API_ERROR_LEFT_ALONE,      409, "no-approver"   },
    { SCHED_API_ERROR_UNPROCESSABLE,   422, "invalid"       },
    { SCHED_API_ERROR_RECORDING,        422, "recording" },
    { SCHED_API_ERROR_UNFINISHED,       422, "unfinished" },
    { SCHED_API_ERROR_LONG,             422, "notice-long" },
    { SCHED_API_ERROR_SENT_BACK,        422, "sent-back" },
    { SCHED_API_ERROR_UNREAD,           422, "unread" },
    { SCHED_API_ERROR_UNHEARD,          422, "unheard" },
    { SCHED_API_ERROR_PLACED,           422, "placed" },
    { SCHED_API_ERROR_TAKEN,            422, "time-taken" },
    { SCHED_API_ERROR_TOO_SOON,         422, "too-soon" },
    { SCHED_API_ERROR_NOTHING_MISSED,   422, "nothing-missed" },
    { SCHED_API_ERROR_OVER,             422, "over" },
    { SCHED_API_ERROR_CAP_TEST,         422, "cap-test" },
    { SCHED_API_ERROR_CAP_REPLY,        422, "cap-reply" },
    { SCHED_API_ERROR_CAP_PRIVATE,      422, "cap-private" },
    { SCHED_API_ERROR_UNLISTENED,       409, "unlistened" },
    { SCHED_API_ERROR_UNDECLARED,       422, "undeclared" },
    { SCHED_API_ERROR_SPEECH_OVER,      409, "speech-over" },
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
static const Meaning factor_meanings[] = {
    { SCHED_FACTOR_ERROR_WANTED, 401, "code-wanted" },
    { SCHED_FACTOR_ERROR_WRONG,  401, "wrong-code"  },
    { SCHED_FACTOR_ERROR_SET_UP, 403, "set-up-factor" },
};
static const Meaning authority_meanings[] = {
    { SCHED_AUTHORITY_ERROR_REQUEST, 422, "certificate-request" },
    { SCHED_AUTHORITY_ERROR_PEER,    403, "certificate"         },
};
static const Meaning upload_meanings[] = {
    { SCHED_UPLOAD_ERROR_NAME,    422, "invalid"        },
    { SCHED_UPLOAD_ERROR_MISSING, 404, "not-found"      },
    { SCHED_UPLOAD_ERROR_OFFSET,  409, "offset"         },
    { SCHED_UPLOAD_ERROR_LARGE,   413, "body-too-large" },
    { SCHED_UPLOAD_ERROR_PART,    422, "part-damaged"   },
    { SCHED_UPLOAD_ERROR_DAMAGED, 422, "upload-damaged" },
    { SCHED_UPLOAD_ERROR_FULL,    507, "disk-full"      },
};
static const Meaning cap_meanings[] = {
    { SCHED_CAP_ERROR_SYNTAX,  422, "cap" },
    { SCHED_CAP_ERROR_INVALID, 422, "cap" },
    { SCHED_CAP_ERROR_LIMIT,   422, "cap" },
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
        {SCHED_FACTOR_ERROR, factor_meanings, G_N_ELEMENTS(factor_meanings)},
        {SCHED_AUTHORITY_ERROR, authority_meanings, G_N_ELEMENTS(authority_meanings)},
        {SCHED_UPLOAD_ERROR, upload_meanings, G_N_ELEMENTS(upload_meanings)},
        {CONTENT_OBJECT_ERROR, object_meanings, G_N_ELEMENTS(object_meanings)},
        {SCHED_CAP_ERROR, cap_meanings, G_N_ELEMENTS(cap_meanings)},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(domains); i++) {
        for (gsize k = 0; error->domain == domains[i].domain && k < domains[i].count; k++) {
            if (domains[i].meanings[k].code == error->code)
                return &domains[i].meanings[k];
        }
    }
    return NULL;
}

static void
say(SchedApi *self, const char *words)
{
    if (self->options.ports->said != NULL)
        self->options.ports->said(self->options.ports_data, words);
}

/* @what: what was to be done; @member: (nullable): of the body, at fault */
static void
refuse(SchedApi *self, ContentCall *call, const char *what, const GError *error,
       const char *member)
{
    const Meaning *meaning = meaning_of(error);

    if (meaning == NULL) {
        g_autofree char *words =
            g_strdup_printf("%s %s: %s", what, content_call_id(call), error->message);

        /* What went wrong inside is for the person on call, not for whoever asked. */
        say(self, words);
        content_call_problem(call, MHD_HTTP_INTERNAL_SERVER_ERROR, "internal", NULL);
        return;
    }
    if (meaning->status == 401)
        content_call_add_header(call, "WWW-Authenticate", "Bearer");
    content_call_problem_at(call, meaning->status, meaning->word, error->message, member);
}

void
sched_api_answer_error(SchedAct *act, const GError *error)
{
    refuse(act->api, act->call, act->route->name, error, act->member);
}

void
sched_api_refuse_call(SchedApi *self, ContentCall *call, const GError *error)
{
    refuse(self, call, "who is it", error, NULL);
}

void
sched_api_too_early(SchedAct *act, gint64 wait_us)
{
    g_autofree char *seconds =
        g_strdup_printf("%" G_GINT64_FORMAT, (wait_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
    GError *error = NULL;

    content_call_add_header(act->call, "Retry-After", seconds);
    sched_api_error(&error, SCHED_API_ERROR_SLOW_DOWN, "too many attempts; try again in %s s",
                    seconds);
    sched_act_fail(act, error);
}

/* ---- answers ---- */

static void
send_object(SchedAct *act)
{
    GError *error = NULL;
    gint64 size_bytes = 0;
    int fd = content_object_store_open_object(act->api->options.objects, act->object,
                                              &size_bytes, &error);

    if (fd < 0) {
        sched_api_answer_error(act, error);
        g_error_free(error);
        return;
    }
    content_call_add_header(act->call, "Cache-Control", "private, max-age=31536000, immutable");
    content_call_answer_file(act->call,
                             act->object_media != NULL ? act->object_media : "audio/ogg", fd,
                             size_bytes, act->object);
}

/* Read from the answer, for one that is given again says the same. */
static guint
status_of(const SchedAct *act)
{
    return json_object_get(act->answer, SCHED_API_WAITS) != NULL ? MHD_HTTP_ACCEPTED
                                                                 : act->route->status;
}

/* Whoever may see it is told whether what they have is what there is. */
static gboolean
is_known(SchedAct *act)
{
    g_autofree char *quoted = g_strdup_printf("\"%s\"", act->tag);
    const char *had = content_call_header(act->call, "If-None-Match");

    content_call_add_header(act->call, "ETag", quoted);
    content_call_add_header(act->call, "Cache-Control", "private, no-cache");
    return g_strcmp0(had, quoted) == 0;
}

void
sched_api_send_answer(SchedAct *act)
{
    g_autoptr(GBytes) body = NULL;
    char *text;

    if (act->object != NULL) {
        send_object(act);
        return;
    }
    if (act->token != NULL) {
        g_autofree char *cookie = g_strconcat("__Host-loa=", act->token, COOKIE_END, NULL);

        content_call_add_header(act->call, "Set-Cookie", cookie);
    }
    if (act->document != NULL) {
        if (act->is_packed)
            content_call_add_header(act->call, "Content-Encoding", "gzip");
        content_call_answer(act->call, act->route->status,
                            act->route->sends != NULL ? act->route->sends : "application/json",
                            act->document);
        return;
    }
    if (act->tag != NULL && is_known(act)) {
        content_call_answer(act->call, MHD_HTTP_NOT_MODIFIED, NULL, NULL);
        return;
    }
    text = act->answer == NULL ? strdup("{}") : json_dumps(act->answer, JSON_COMPACT);
    body = g_bytes_new_with_free_func(text, strlen(text), free, text);
    content_call_answer(act->call, status_of(act), "application/json", body);
}
