/* api-internal.h - the inside of the API, for the files that hold works. */
#pragma once

#include "content/base/id.h"
#include "content/alert.h"
#include "content/document-rows.h"
#include "scheduler/cap/cap.h"
#include "scheduler/store/factors.h"
#include "scheduler/store/objects.h"
#include "scheduler/web/changes.h"
#include "content/web/pages.h"
#include "scheduler/web/route.h"
#include "scheduler/web/speech.h"
#include "content/web/throttle.h"

struct SchedApi {
    SchedApiOptions options;
    ContentThrottle *throttle;   /* (owned): of sign-ins */
    ContentThrottle *codes;      /* (owned): of codes of the second factor */
    ContentThrottle *enrolments; /* (owned): of enrolment codes */
    ContentPages *pages;         /* (owned) */
    SchedChanges *changes;       /* (owned) */
    SchedSpeeches *speeches;     /* (owned) */
    GHashTable *in_hand;         /* (owned): set of paths of uploads that are being read */
    GMainContext *context;       /* (owned) */
    gint is_comparing;           /* hours of an area are: 0 or 1; atomic */
    guint n_open;                /* acts begun and not finished; the owner's context alone */
};

/** sched_api_plan_people, _stations: api-find.c: the handlers' first step, in the server's
 * thread; @data: the API */
gboolean sched_api_plan_people(ContentCall *call, ContentBodyPlan *plan, gpointer data);
gboolean sched_api_plan_stations(ContentCall *call, ContentBodyPlan *plan, gpointer data);

/** sched_api_station_route: Returns: (transfer none) (nullable): what a device asks for */
const SchedRoute *sched_api_station_route(ContentCall *call);

/** sched_door_check: door.c: FORBIDDEN unless the certificate shown is of a device that lives
 */
gboolean sched_door_check(SchedTxn *txn, ContentCall *call, const SchedRoute *route,
                          GError **error);

/** sched_door_greet: door.c: the stations' handler's very first step; @data: the API */
void sched_door_greet(ContentCall *call, gpointer data);

/** sched_api_route_named: Returns: (transfer none) (nullable): a row of the people's table */
const SchedRoute *sched_api_route_named(const char *name);

/* api-proposals.c */
/** sched_api_propose: keeps the act for a second person, and answers with what it waits for */
gboolean sched_api_propose(SchedTxn *txn, SchedAct *act, GError **error);

/** sched_api_hand_proposals_over: open ones of @from are asked for by @to; one about what was
 * changed since is refused, for nobody could approve it */
gboolean sched_api_hand_proposals_over(SchedTxn *txn, SchedAct *act, const char *from,
                                       const char *to, GError **error);

/* The member of an answer that says so. */
#define SCHED_API_WAITS "waits"

/** sched_api_answer_error: api-answer.c: the problem that @error is; _send_answer: what @act
 * found */
void sched_api_answer_error(SchedAct *act, const GError *error);
/** sched_api_refuse_call: the same for a call that is no act yet */
void sched_api_refuse_call(SchedApi *self, ContentCall *call, const GError *error);
void sched_api_send_answer(SchedAct *act);

/** sched_api_too_early: refuses the act with 429 and how long to wait */
void sched_api_too_early(SchedAct *act, gint64 wait_us);

/* api-cap.c */
/** sched_api_cap_sender: Returns: (transfer full): who we are in messages to other systems */
char *sched_api_cap_sender(SchedTxn *txn, SchedAct *act, GError **error);

/* api-alerts.c */
/** sched_api_give_alert: signed and kept, and handed on when it is committed, by act->after */
gboolean sched_api_give_alert(SchedTxn *txn, SchedAct *act, const ContentAlert *alert,
                              GError **error);
/** sched_api_answer_alert: how far the alert is in each zone */
gboolean sched_api_answer_alert(SchedTxn *txn, SchedAct *act, const char *id, GError **error);
extern const SchedAnswer sched_api_alert_answer;
/** sched_api_cut_speech: @api: SchedApi: nobody can go on with it; see SchedSpeechesOptions */
gboolean sched_api_cut_speech(gpointer api, SchedTxn *txn, const char *alert, GError **error);
/* Who may call an alert. */
#define API_CALLERS (SCHED_ROLES(SCHED_ROLE_OPERATOR) | SCHED_ROLES(SCHED_ROLE_APPROVER))

/* api-speeches.c */
extern const ContentShape sched_api_speech_shape;
/* Of a live speech whose caller says nothing else, and of each that a second person agreed to.
 */
#define API_SPEECH_SEVERITY 3

/* api-speech-orders.c */
/** sched_api_use_speech_order: @alert, added in this transaction, is spoken as order @id says;
 * else FORBIDDEN, OVER, TOO_SOON or UNPROCESSABLE */
gboolean sched_api_use_speech_order(SchedTxn *txn, SchedAct *act, const char *id,
                                    const ContentAlert *alert, GError **error);
/** sched_api_speech_order_end: Returns: its hard end; that of time without @id; 0, which is
 * over, for an order that cannot be read. @id: (nullable) */
gint64 sched_api_speech_order_end(SchedTxn *txn, const char *id);

/* api-spoken.c */
extern const ContentShape sched_api_speech_part_shape;

/* alert-hearing.c */
extern const ContentShape sched_api_hear_shape;

/** sched_api_hearing: Returns: (transfer full) (nullable): rows of sched_api_hear_shape: every
 * village that @alert is for, and in which languages it would be heard there */
json_t *sched_api_hearing(SchedTxn *txn, const ContentAlert *alert, GError **error);

/* api-imports.c */
/**
 * sched_api_import_bind:
 * @id: of an alert of another system
 * @alert: that is made of it; it ends when the message says so, if that is earlier
 *
 * OVER if the message has expired or was ended; UNPROCESSABLE if an exercise is to sound as
 * real.
 */
gboolean sched_api_import_bind(SchedTxn *txn, SchedAct *act, const char *id,
                               ContentAlert *alert, GError **error);

/* api-accounts.c */
/** sched_api_alone: Returns: (transfer full) (element-type SchedAloneRow): areas for which
 * nobody approves now */
GPtrArray *sched_api_alone(SchedTxn *txn, SchedAct *act, GError **error);

/**
 * sched_api_keep_approvers:
 * @object: of the audit
 * @before: sched_api_alone() before the act
 *
 * No area without an active approver: 409 if the act left one so; `force` in its body says that
 * somebody knows, and stands in the audit.
 */
gboolean sched_api_keep_approvers(SchedTxn *txn, SchedAct *act, const char *object,
                                  GPtrArray *before, GError **error);

/* A password on its way to the store. */
typedef struct {
    char *hash;      /* (owned) (nullable) */
    char *generated; /* (owned) (nullable): to be answered once */
} ApiSecret;

/* One account to be found, in a reading transaction. */
typedef struct {
    const char *id;
    SchedAccountRow *row; /* (owned) (nullable) */
} ApiLookup;

/* api-accounts.c */
extern const ContentShape sched_api_account_shape;
extern const ContentShape sched_api_right_shape;

/** sched_api_look_up: SchedWork: @data: ApiLookup */
gboolean sched_api_look_up(SchedTxn *txn, gpointer data, GError **error);

/** sched_api_describe_account: Returns: (transfer full): the account with its rights */
json_t *sched_api_describe_account(SchedTxn *txn, SchedAct *act, const char *id,
                                   GError **error);

/**
 * sched_api_hash_password:
 * @password: (nullable): NULL: one is made, to be answered once
 *
 * Checks and hashes it off the loop, then goes on with act->prepared an ApiSecret.
 */
void sched_api_hash_password(SchedAct *act, const char *password, const char *login);

/** sched_api_hash_secret: as above, of a text that was checked */
void sched_api_hash_secret(SchedAct *act, const char *text);

/* api-session.c */
/* What is done once a person has shown their password: to end in sched_act_go_on() or _fail().
 */
typedef void (*ApiOwnNext)(SchedAct *act, const SchedAccountRow *account);

/** sched_api_check_own: the password of who is signed in, in the body as @member, off the loop;
 * wrong: 403, slowed as at a sign-in. Then @next */
void sched_api_check_own(SchedAct *act, const char *member, ApiOwnNext next);

/** sched_api_count_refused: counted and audited beside the answer: a known name must not take
 * longer than another */
void sched_api_count_refused(SchedAct *act, const char *account);

/* api-factor.c */
/* A code that was typed, and what it turned out to be. */
typedef struct {
    gint64 step; /* 0: it was a recovery code */
    char *hash;  /* (owned) (nullable): of a recovery code */
} ApiCode;

/**
 * sched_api_code_match:
 * @factor: whose code it is to be
 * @typed: by a person
 * @recovers: whether a recovery code will do
 * @out_code: (out): a step that is newer than the last, or a hash that was not used
 *
 * Slowed as passwords are, by @login. FALSE: the act has been answered: 429, or WRONG.
 */
gboolean sched_api_code_match(SchedAct *act, const char *login, const SchedFactorRow *factor,
                              const char *typed, gboolean recovers, ApiCode *out_code);

/** sched_api_describe_factor: members of an account's description: whether it has a second
 * factor, whether one is wanted, what waits */
gboolean sched_api_describe_factor(SchedTxn *txn, SchedAct *act, const char *account,
                                   json_t *out, GError **error);

extern const SchedAnswer sched_api_reset_answer;
#define API_FACTOR_MEMBERS                                                                     \
    ANSWER_BOOL("factor", "Whether it has a second factor."),                                  \
        ANSWER_BOOL("factor_wanted", "Whether its roles are ones that need one."),             \
        ANSWER_OPTIONAL_PART("reset", sched_api_reset_answer,                                  \
                             "A reset that waits for a second administrator.")

/* api-limits.c */
extern const ContentShape sched_api_volume_shape;

/* A recording on its way: uploaded, read by the ingest process, in the object store. */
typedef struct {
    SchedObjectRow object;
    SchedOriginalRow original;
    char *peaks; /* (owned): as SchedIngested */
} ApiRecording;

/* api-recordings.c */
/** sched_api_prepare_audio: reads the recording that came as the body or, named in the query,
 * in parts; goes on with what sched_api_recording() gives */
void sched_api_prepare_audio(SchedAct *act);
/** sched_api_recording: Returns: (transfer none) (nullable): what was prepared; NOT_FOUND if
 * nothing of the upload that was named is there */
const ApiRecording *sched_api_recording(SchedAct *act, GError **error);
/** sched_api_put_recording: the rows of the object: what was measured, and what it was made of
 */
gboolean sched_api_put_recording(SchedTxn *txn, const ApiRecording *recording, GError **error);
/* clang-format off */
#define API_RECORDING_QUERY                                                                    \
    { "name", "File name as it was; shown, never used as a path." },                           \
    { "trim", "\"true\": cut silence at both ends." },                                         \
    { SCHED_DECLARED, "\"true\", or it is refused: whoever sends it declares that it "        \
                      "contains no state secret." },                                            \
    { "upload", "Name of a file that came in parts (putUpload); the body is then empty." },    \
    { "blocks", "Where the name is not the file's SHA-256: SHA-256, in hex digits, of the "    \
                "SHA-256s, 32 bytes each, of its blocks of 1 MiB." }
/* clang-format on */

/* A member of a body: the declaration; refused with 422 unless it is true. */
#define API_DECLARED_ROW(T)                                                                    \
    ROW_OPTIONAL_BOOL(T, no_state_secret,                                                      \
                      "True, or it is refused: whoever asks declares that there is no state "  \
                      "secret in it.")

/* api-listenings.c */
/** sched_api_expect_heard: UNLISTENED, with the name of the audio, unless the account heard
 * exactly this audio to its end */
gboolean sched_api_expect_heard(SchedTxn *txn, SchedAct *act, const char *version,
                                const char *object, GError **error);

/* api-versions.c */
/** sched_api_approve_version: as the account, with the district's signature beside */
gboolean sched_api_approve_version(SchedTxn *txn, SchedAct *act, const char *version,
                                   const char *object, const char *script_hash, GError **error);
extern const ContentShape sched_api_version_shape;
extern const ContentShape sched_api_measured_shape;

/* A row of the store with a table of its own; freed by the store's own function. */
#define API_SHAPE(shape_, T, name_, free_)                                                     \
    const ContentShape shape_ = {name_, sizeof(T), shape_##_members, (GDestroyNotify) free_,   \
                                 NULL}
