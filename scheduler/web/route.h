/*
 * route.h - one row a path of the API: who may, where, what comes in, what is done.
 *
 * Flow: api.c finds the row, reads body and session, then runs in ONE transaction: the rights
 * (access.c), then the row's work. What a row says is also what docs/openapi.yaml says.
 */
#pragma once

#include "content/object-store.h"
#include "scheduler/store/accounts.h"
#include "scheduler/store/db.h"
#include "scheduler/web/answer.h"
#include "scheduler/web/api.h"
#include "content/web/call.h"
#include "scheduler/web/shape.h"

#define SCHED_API_ERROR (sched_api_error_quark())
GQuark sched_api_error_quark(void);

/* An error of this domain carries the HTTP status itself; what people meet has a word of its
 * own beside 422, so that it can be told in theirs. */
typedef enum {
    SCHED_API_ERROR_BAD = 400,
    SCHED_API_ERROR_UNAUTHENTICATED = 401,
    SCHED_API_ERROR_FORBIDDEN = 403,
    SCHED_API_ERROR_NOT_FOUND = 404,
    SCHED_API_ERROR_LEFT_ALONE = 409, /* a place would be without an approver */
    SCHED_API_ERROR_UNPROCESSABLE = 422,
    SCHED_API_ERROR_SLOW_DOWN = 429,
    SCHED_API_ERROR_UNAVAILABLE = 503,
    SCHED_API_ERROR_RECORDING = 1000, /* no sound, too little of it, cut off … */
    SCHED_API_ERROR_UNFINISHED,       /* somebody who leaves has work that nobody takes over */
    SCHED_API_ERROR_LONG,             /* a quick notice is */
    SCHED_API_ERROR_SENT_BACK,        /* it waits for its author */
    SCHED_API_ERROR_UNREAD,           /* its language waits for a reader */
    SCHED_API_ERROR_UNHEARD,          /* at that time nobody would hear it */
    SCHED_API_ERROR_PLACED,           /* it has its time, or was withdrawn */
    SCHED_API_ERROR_TAKEN,            /* something else is planned then */
    SCHED_API_ERROR_TOO_SOON,         /* or too late for the deadline */
    SCHED_API_ERROR_NOTHING_MISSED,   /* nothing is to be made up */
    SCHED_API_ERROR_OVER,             /* what is over is not changed */
    SCHED_API_ERROR_CAP_TEST,         /* an alert of another system: not meant to be heard */
    SCHED_API_ERROR_CAP_REPLY,        /* an answer between machines */
    SCHED_API_ERROR_CAP_PRIVATE,      /* not for the public */
    SCHED_API_ERROR_UNLISTENED,       /* whoever approves has not heard it to its end */
    SCHED_API_ERROR_UNDECLARED,       /* nobody said that there is no state secret in it */
    SCHED_API_ERROR_SPEECH_OVER, /* spoken live: to its end, stopped, or this is a new run */
} SchedApiError;

/* Member of a body or of the query. */
#define SCHED_DECLARED "no_state_secret"

/* Sets of roles. */
#define SCHED_ROLES(role)   (1u << (role))
#define SCHED_ROLES_ANY     ((1u << (SCHED_ROLE_ADMINISTRATOR + 1)) - 1)
#define SCHED_ROLES_OPEN    0          /* nobody need have signed in */
#define SCHED_ROLES_STATION (1u << 31) /* a station with its certificate */

#define SCHED_ROUTE_MAX_ARGUMENTS 3

typedef struct SchedAct SchedAct;

/* The places that an act concerns, gathered by the row's scope. */
typedef struct {
    GPtrArray *areas;     /* (owned) (element-type utf8): the right must hold in each */
    char *language;       /* (owned) (nullable): of a text to be checked */
    gboolean is_district; /* a right at the top of the tree is needed */
    gboolean from_below;  /* to read: a right in a part of the area will do */
} SchedReach;

/* Where the right must be held. Without a scope it may be held anywhere. */
typedef gboolean (*SchedScope)(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);

/* The work, in the transaction; sets act->answer. */
typedef gboolean (*SchedRouteWork)(SchedTxn *txn, SchedAct *act, GError **error);

/*
 * Would the work make more sound than there is? Then it waits for a second person, who sees the
 * same body (louder.c). In the transaction of the work, before it.
 */
typedef gboolean (*SchedLouder)(SchedTxn *txn, SchedAct *act, gboolean *out_louder,
                                GError **error);

/*
 * What cannot be done in a transaction (a password to be hashed, audio to be read), before it,
 * in the owner's context. Ends in sched_act_go_on() or sched_act_fail(), now or later.
 */
typedef void (*SchedRoutePrepare)(SchedAct *act);

typedef enum {
    SCHED_INPUT_NONE,
    SCHED_INPUT_JSON,  /* an object, by `body` */
    SCHED_INPUT_CSV,   /* a table */
    SCHED_INPUT_TEXT,  /* text as it is, unrepaired */
    SCHED_INPUT_XML,   /* an alert of another system */
    SCHED_INPUT_PART,  /* a piece of a recording, into memory */
    SCHED_INPUT_AUDIO, /* a recording, into a temporary file */
    SCHED_INPUT_FRAME, /* a fifth of a second of live speech */
} SchedInput;

/* A member of the query. */
typedef struct {
    const char *name;
    const char *meaning;
} SchedRouteQuery;

/* A header of the answer, beside those that every answer of its kind has. */
typedef struct {
    const char *name;
    gboolean always;
    const char *meaning;
} SchedRouteHeader;

typedef struct {
    const char *method;
    const char *path; /* "/api/areas/{area}" */
    guint32 roles;
    SchedScope scope; /* (nullable) */
    SchedInput input;
    const ContentShape *body;      /* (nullable): of a JSON body */
    const SchedAnswer *takes;      /* (nullable): of a JSON body that is a document */
    char *(*describe_input)(void); /* (nullable): what stands in a CSV body, for people */
    const SchedRouteQuery *query;  /* (nullable): ended by a row without a name */
    gboolean writes;
    gboolean is_aside; /* no GET, and yet nothing of the district changes and nothing is in the
                          audit: a part of a file that is to come, a question with a body */
    gboolean is_own;   /* concerns the account itself alone: nobody is refused for a role */
    gboolean takes_pending; /* a station's certificate that waits to be shown is good here */
    gboolean is_tagged;     /* it has a tag, by which a browser learns that it has it already */
    gboolean is_secret;     /* the answer holds a password, token or code: it is kept nowhere */
    gboolean is_declared;   /* only with SCHED_DECLARED in the body or the query: whoever asks
                               saw no state secret in what they put forward or approve */
    gboolean is_urgent;     /* silence and withdrawal: ahead of all that waits */
    guint status;           /* of success */
    const SchedAnswer *answer;       /* (nullable): of success; NULL: `sends` says what */
    const char *sends;               /* (nullable): media type, where it is not JSON: a file */
    gboolean is_made;                /* what it sends is no file, but made for the answer */
    const SchedRouteHeader *headers; /* (nullable): ended by a row without a name */
    SchedRoutePrepare prepare;       /* (nullable) */
    SchedLouder louder;  /* (nullable): only of a row with a JSON body and no prepare */
    const char *touches; /* with louder: how the audit's actions begin that change the same
                            thing; their object is the path's arguments, with a space between */
    SchedRouteWork work;
    const char *name;    /* operationId: "putArea" */
    const char *meaning; /* one sentence */
} SchedRoute;

/* One request on its way. Lives with its call. */
struct SchedAct {
    SchedApi *api;
    ContentCall *call; /* not owned: the call owns the act */
    const SchedRoute *route;
    const char *arguments[SCHED_ROUTE_MAX_ARGUMENTS]; /* of the path, in order */
    json_t *body;                                     /* (owned) (nullable) */
    char *account;    /* (owned) (nullable): who; the station's id for a station */
    char *token_hash; /* (owned) (nullable) */
    char *token;      /* (owned) (nullable): of a session opened now */
    gboolean by_cookie;
    gboolean has_factor;       /* the session was opened with the second factor */
    gboolean is_session_stale; /* its use is to be noted */
    gint64 now_us;
    const char *actor; /* (nullable): who stands in the audit, where it is not `account` */
    /* (nullable): in the owner's context, once committed or read */
    void (*after)(SchedAct *act);
    gpointer prepared; /* (owned): what prepare made */
    GDestroyNotify free_prepared;
    json_t *answer;     /* (owned) (nullable) */
    json_t *notices;    /* (owned) (nullable): what was repaired in texts, in words */
    gsize n_notices;    /* of them from the body, however often the work runs */
    char *tag;          /* (owned) (nullable): of an answer that a browser may keep */
    char *object;       /* (owned) (nullable): hash of an object to be sent instead */
    char *object_media; /* (owned) (nullable): its media type, where it is not ours */
    GBytes *document;   /* (owned) (nullable): a document to be sent instead */
    gboolean is_packed; /* the document is gzip */
    char *member;       /* (owned) (nullable): of the body, at fault */
    char *news;         /* (owned) (nullable): what was done, for the log, once committed */
};

/* ---- for the files that hold works ---- */

/** sched_routes_session and the others: the rows, each list ended by one without a method */
const SchedRoute *sched_routes_session(void);
const SchedRoute *sched_routes_factor(void);
const SchedRoute *sched_routes_accounts(void);
const SchedRoute *sched_routes_places(void);
const SchedRoute *sched_routes_stations(void);
const SchedRoute *sched_routes_limits(void);
const SchedRoute *sched_routes_announcements(void);
const SchedRoute *sched_routes_versions(void);
const SchedRoute *sched_routes_listenings(void);
const SchedRoute *sched_routes_difference(void);
const SchedRoute *sched_routes_wanted(void);
const SchedRoute *sched_routes_recordings(void);
const SchedRoute *sched_routes_text(void);
const SchedRoute *sched_routes_slots(void);
const SchedRoute *sched_routes_programmes(void);
const SchedRoute *sched_routes_proposals(void);
const SchedRoute *sched_routes_quiets(void);
const SchedRoute *sched_routes_grants(void);
const SchedRoute *sched_routes_notices(void);
const SchedRoute *sched_routes_review(void);
const SchedRoute *sched_routes_days(void);
const SchedRoute *sched_routes_figures(void);
const SchedRoute *sched_routes_messages(void);
const SchedRoute *sched_routes_messengers(void);
const SchedRoute *sched_routes_make_ups(void);
const SchedRoute *sched_routes_offers(void);
const SchedRoute *sched_routes_alerts(void);
const SchedRoute *sched_routes_speeches(void);
const SchedRoute *sched_routes_spoken(void);
const SchedRoute *sched_routes_speech_orders(void);
const SchedRoute *sched_routes_cap(void);
const SchedRoute *sched_routes_imports(void);
const SchedRoute *sched_routes_templates(void);
const SchedRoute *sched_routes_reports(void);
const SchedRoute *sched_routes_district(void);
const SchedRoute *sched_routes_devices(void);
const SchedRoute *sched_routes_spoken_devices(void);

/* The lists of all files, NULL-terminated: what people are answered; and stations, too. */
typedef const SchedRoute *(*SchedRouteList)(void);
extern const SchedRouteList sched_routes_of_people[];
extern const SchedRouteList sched_routes_of_all[];

/** sched_api_media: Returns: (transfer none): what a body may be, NULL-terminated; ranges end
 * in a star */
const char *const *sched_api_media(SchedInput input);

/** sched_act_fail: answers the call with the problem that @error is. @error: (transfer full) */
void sched_act_fail(SchedAct *act, GError *error);

/**
 * sched_act_declare:
 *
 * What every row with is_declared asks for before its work; a work that needs it only for some
 * of what it does asks for itself. UNDECLARED unless the act carries the declaration.
 */
gboolean sched_act_declare(SchedTxn *txn, SchedAct *act, GError **error);

/** sched_act_go_on: to the transaction */
void sched_act_go_on(SchedAct *act);

/** sched_act_set_prepared: @data: (transfer full) */
void sched_act_set_prepared(SchedAct *act, gpointer data, GDestroyNotify free_data);

/** sched_act_read: the body into @row; the error names the member */
gboolean sched_act_read(SchedAct *act, gpointer row, GError **error);

/** sched_act_id: Returns: (transfer full): a new id for a row */
char *sched_act_id(SchedAct *act);

/** sched_act_list: answers { "name": [rows] } */
gboolean sched_act_list(SchedAct *act, const char *name, const ContentShape *shape,
                        GPtrArray *rows);

/** sched_act_row: answers the row; FALSE if @row is NULL, for an error that is set already */
gboolean sched_act_row(SchedAct *act, const ContentShape *shape, gconstpointer row);

/**
 * sched_act_repair:
 * @text: (inout) (nullable): what a person typed; replaced by its repaired form
 * @tag: (nullable): its language
 *
 * For what the language alone decides: all texts of a body were repaired when it was read. What
 * was changed is said in the answer.
 */
void sched_act_repair(SchedAct *act, char **text, const char *tag);

/** sched_act_done: answers {} */
gboolean sched_act_done(SchedAct *act);

/** sched_api_error: sets @error; Returns: FALSE */
gboolean sched_api_error(GError **error, SchedApiError code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* ---- scopes; see access.c ---- */

/** sched_scope_district and the others: @reach: (out): the area that the act concerns, or an
 * error */
gboolean sched_scope_district(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_area(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_area_read(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_area_query(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                GError **error);
gboolean sched_scope_area_put(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_station(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_station_put(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                 GError **error);
gboolean sched_scope_proposal(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_zone_put(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_account(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_account_read(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                  GError **error);
gboolean sched_scope_right(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_announcement(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                  GError **error);
gboolean sched_scope_announcement_read(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                       GError **error);
gboolean sched_scope_announcement_put(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                      GError **error);
gboolean sched_scope_version(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_version_home(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                  GError **error);
gboolean sched_scope_announcement_home(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                       GError **error);
gboolean sched_scope_slot_home(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_version_read(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                  GError **error);
gboolean sched_scope_playlist(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_playlist_read(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                   GError **error);
gboolean sched_scope_playlist_put(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                  GError **error);
gboolean sched_scope_slot(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_slot_read(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_programme(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_programme_return(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                      GError **error);
gboolean sched_scope_programme_home(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                    GError **error);
gboolean sched_scope_day_put(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_slot_put(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_notice_new(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                GError **error);
gboolean sched_scope_wanted(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_wanted_put(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                GError **error);
gboolean sched_scope_offer(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_offer_new(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_offer_home(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                GError **error);
gboolean sched_scope_offer_read(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                GError **error);
gboolean sched_scope_offer_place(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                 GError **error);
gboolean sched_scope_alert(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_alert_read(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                GError **error);
gboolean sched_scope_alert_put(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_speech_put(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                GError **error);
gboolean sched_scope_speech_order(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                  GError **error);
gboolean sched_scope_messenger(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_messenger_read(SchedTxn *txn, SchedAct *act, SchedReach *reach,
                                    GError **error);
gboolean sched_scope_grant(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_quiet(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);
gboolean sched_scope_quiet_put(SchedTxn *txn, SchedAct *act, SchedReach *reach, GError **error);

/* ---- what makes more sound; see louder.c ---- */

/** sched_louder_area and the others: @out_louder: (out): whether a second person has to agree
 */
gboolean sched_louder_area(SchedTxn *txn, SchedAct *act, gboolean *out_louder, GError **error);
gboolean sched_louder_station(SchedTxn *txn, SchedAct *act, gboolean *out_louder,
                              GError **error);
gboolean sched_louder_zone(SchedTxn *txn, SchedAct *act, gboolean *out_louder, GError **error);

/**
 * sched_access_authenticate:
 *
 * Whose session the call's bearer token or cookie is; sets act->account and act->token_hash.
 */
gboolean sched_access_authenticate(SchedTxn *txn, SchedAct *act, GError **error);

/** sched_access_authorise: may the account do this, there? */
gboolean sched_access_authorise(SchedTxn *txn, SchedAct *act, GError **error);

/** sched_access_may: might the account do what @route says with these arguments of its path?
 * @first, @second: (nullable). Trouble: FALSE */
gboolean sched_access_may(SchedTxn *txn, SchedAct *act, const SchedRoute *route,
                          const char *first, const char *second);

/**
 * sched_access_sees:
 *
 * Returns: whether the account has any right in @area, above it, or in a part of it
 */
gboolean sched_access_sees(SchedTxn *txn, SchedAct *act, const char *area);

/**
 * sched_access_sees_account:
 *
 * Returns: whether the account has any right where @other has one; one without rights is seen
 *   by everybody who may ask at all
 */
gboolean sched_access_sees_account(SchedTxn *txn, SchedAct *act, const char *other);
