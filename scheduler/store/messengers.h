/*
 * messengers.h - villages that people are sent to: what is agreed with them, what is to be told
 * there, and what came of it.
 *
 * Flow: a call of an alert, its end, publish/messengers.c -> tasks here -> people say what they
 * did, step by step -> web/, delivery, loactl.
 *
 * Nothing that was said is overwritten: a task is what its last step says, and the steps stay.
 */
#pragma once

#include "content/alert.h"
#include "scheduler/report/messenger.h"
#include "scheduler/store/db.h"

#define SCHED_MESSENGER_MAX_PEOPLE       8
#define SCHED_MESSENGER_MAX_LANGUAGES    8
#define SCHED_MESSENGER_MAX_HOUSEHOLDS   10000
#define SCHED_MESSENGER_MAX_STEPS        50
#define SCHED_MESSENGER_NAME_MAX_BYTES   200
#define SCHED_MESSENGER_HOURS_MAX_BYTES  100
#define SCHED_MESSENGER_SIGNAL_MAX_BYTES 300
#define SCHED_MESSENGER_NOTE_MAX_BYTES   300
/* Of one list. */
#define SCHED_MESSENGER_MAX_VILLAGES 1000
#define SCHED_MESSENGER_MAX_TASKS    1000
/* Announcements wait when so many tasks do; alerts never. */
#define SCHED_MESSENGER_MAX_WAITING 5000
/* Made while an alert is called, which nothing holds up: some 5 ms; the rest comes with the
 * next look at what stations answered. */
#define SCHED_MESSENGER_AT_ONCE 40
/* A deadline is never nearer than that: people go on foot. */
#define SCHED_MESSENGER_LEAST_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

/* How people are called. */
typedef enum {
    SCHED_MESSENGER_UNSAID, /* of a step alone */
    SCHED_MESSENGER_PHONE,
    SCHED_MESSENGER_GONG,
    SCHED_MESSENGER_DRUM,
    SCHED_MESSENGER_MEGAPHONE,
    SCHED_MESSENGER_ON_FOOT,
    SCHED_MESSENGER_OTHERWISE,
} SchedMessengerMeans;
extern const char *const sched_messenger_means_words[];

typedef enum {
    SCHED_MESSENGER_OF_ALERT,
    SCHED_MESSENGER_OF_OVER, /* the alert that they were told of was stopped */
    SCHED_MESSENGER_OF_ANNOUNCEMENT,
} SchedMessengerKind;
extern const char *const sched_messenger_kind_words[];

typedef struct {
    char *name, *phone; /* (owned); "": none */
    gint means;         /* SchedMessengerMeans: how this one calls the village */
    char *hours;        /* (owned): when to be reached, in words; "" */
} SchedMessengerPersonRow;
void sched_messenger_person_row_free(SchedMessengerPersonRow *row);

typedef struct {
    char *village, *village_name; /* (owned) */
    gint64 households;            /* 0: not known */
    char *signal;                 /* (owned): what was agreed: "ba hồi chiêng"; "" */
    gboolean has_loudspeaker;     /* set by the store */
    GPtrArray *languages;         /* (owned) (element-type utf8): most wanted first */
    GPtrArray *people; /* (owned) (element-type SchedMessengerPersonRow): first asked first */
} SchedMessengerVillageRow;
void sched_messenger_village_row_free(SchedMessengerVillageRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedMessengerVillageRow, sched_messenger_village_row_free)

typedef struct {
    char *id;                   /* (owned) */
    char *village;              /* (owned) */
    gint kind;                  /* SchedMessengerKind */
    char *alert, *announcement; /* (owned) (nullable): one of the two */
    gint why;                   /* SchedMessengerWhy */
    char *date;                 /* (owned): local; of the day to which it belongs */
    gint64 made_us, due_us;
    gint state;           /* SchedMessengerState: set by the store, as all below */
    char *village_name;   /* (owned) */
    char *title;          /* (owned): of the alert or the announcement */
    gboolean drill;       /* of an alert */
    gint64 changed_us;    /* the last step; of an open one: when it was made */
    char *changed_by;     /* (owned): its author; "" */
    char *note;           /* (owned): of the last step; "" */
    gint64 reached;       /* of the last step that confirmed */
    gint64 households;    /* there, as it said; before: as agreed with the village */
    char *person, *phone; /* (owned): the first to be asked; "" */
} SchedMessengerTaskRow;
void sched_messenger_task_row_free(SchedMessengerTaskRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedMessengerTaskRow, sched_messenger_task_row_free)

typedef struct {
    gint state;   /* SchedMessengerState */
    gint64 at_us; /* when it was done; 0: now */
    gint means;   /* SchedMessengerMeans */
    char *person; /* (owned): who was told, or who says so; "" */
    gint64 reached, households;
    char *note;                 /* (owned) */
    char *author, *author_name; /* (owned): set by the store */
} SchedMessengerStepRow;
void sched_messenger_step_row_free(SchedMessengerStepRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedMessengerStepRow, sched_messenger_step_row_free)

/* What is to be said there, in one language. */
typedef struct {
    char *language; /* (owned) */
    char *text;     /* (owned): "": nobody wrote and approved it in that language */
} SchedMessengerTextRow;
void sched_messenger_text_row_free(SchedMessengerTextRow *row);

/* What messengers did in an area over days; drills, and what was no longer to be told, apart.
 */
typedef struct {
    gint64 n_tasks, n_confirmed;
    gint64 reached, households; /* of those that were confirmed */
} SchedMessengerSum;
void sched_messenger_sum_free(SchedMessengerSum *sum);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedMessengerSum, sched_messenger_sum_free)

/* ---- villages ---- */

/**
 * sched_store_messenger_village_put:
 *
 * INVALID: no village, too many people or languages, a number that is no phone's.
 */
gboolean sched_store_messenger_village_put(SchedTxn *txn, const SchedMessengerVillageRow *row,
                                           GError **error);

/** sched_store_messenger_village_get: Returns: (transfer full): without people if none were
 * named; NOT_FOUND: no such village */
SchedMessengerVillageRow *sched_store_messenger_village_get(SchedTxn *txn, const char *village,
                                                            GError **error);

/**
 * sched_store_messenger_village_list:
 * @area: (nullable): only what lies in it
 *
 * Returns: (transfer full) (element-type SchedMessengerVillageRow): by name: those without a
 *   loudspeaker, and those for which somebody was named
 */
GPtrArray *sched_store_messenger_village_list(SchedTxn *txn, const char *area, GError **error);

/** sched_store_messenger_silent: Returns: (transfer full) (element-type utf8): ids of all
 * villages without a loudspeaker */
GPtrArray *sched_store_messenger_silent(SchedTxn *txn, GError **error);

/* ---- tasks ---- */

/**
 * sched_store_messenger_add:
 * @task: id, village, kind, alert or announcement, why, date, due_us count
 *
 * One that is there already stays as it is.
 */
gboolean sched_store_messenger_add(SchedTxn *txn, const SchedMessengerTaskRow *task,
                                   GError **error);

/**
 * sched_store_messenger_missing:
 *
 * Where somebody has to go because of an alert, as far as stations have answered by now, and no
 * task says so yet; nowhere for one that was stopped.
 *
 * Returns: (transfer full) (element-type SchedMessengerTaskRow): to be added; villages without
 * a loudspeaker first
 */
GPtrArray *sched_store_messenger_missing(SchedTxn *txn, const char *alert, gint64 now_us,
                                         GError **error);

/** sched_store_messenger_call: the first tasks of an alert that is called now; what is open of
 * those that it replaces is dropped where it is told itself */
gboolean sched_store_messenger_call(SchedTxn *txn, const ContentAlert *alert, GError **error);

/** sched_store_messenger_end: an alert ends now: who was told of it is to be told that, and
 * what is open is dropped. @alert: (nullable): NULL: all in force; @areas: (element-type utf8):
 * empty: everywhere */
gboolean sched_store_messenger_end(SchedTxn *txn, const char *alert, const GPtrArray *areas,
                                   GError **error);

/** sched_store_messenger_withdraw: an announcement is no longer to be told */
gboolean sched_store_messenger_withdraw(SchedTxn *txn, const char *announcement,
                                        GError **error);

/** sched_store_messenger_has: Returns: whether there is a task for it */
gboolean sched_store_messenger_has(SchedTxn *txn, const char *announcement,
                                   const char *village);

/** sched_store_messenger_n_waiting: @out_n: (out): tasks that somebody still has to do or say
 * something of */
gboolean sched_store_messenger_n_waiting(SchedTxn *txn, gint64 *out_n, GError **error);

/** sched_store_messenger_get: NOT_FOUND if there is none */
SchedMessengerTaskRow *sched_store_messenger_get(SchedTxn *txn, const char *id, GError **error);

/* NULL members and FALSE: all. */
typedef struct {
    const char *area, *alert, *date; /* (nullable) */
    gboolean waiting;                /* only those that somebody still has to do something of */
} SchedMessengerFilter;

/** sched_store_messenger_list: Returns: (transfer full) (element-type SchedMessengerTaskRow):
 * those that wait first, the next due first; then the newest */
GPtrArray *sched_store_messenger_list(SchedTxn *txn, const SchedMessengerFilter *filter,
                                      GError **error);

/** sched_store_messenger_called: Returns: (transfer full) (element-type SchedMessengerTaskRow):
 * of alerts and their ends, made after @since_us, of which nothing was said yet */
GPtrArray *sched_store_messenger_called(SchedTxn *txn, gint64 since_us, GError **error);

/** sched_store_messenger_texted: Returns: whether a text message was written about it */
gboolean sched_store_messenger_texted(SchedTxn *txn, const char *task);

/** sched_store_messenger_sum: @from, @to: local dates, both inclusive. Returns: (transfer full)
 */
SchedMessengerSum *sched_store_messenger_sum(SchedTxn *txn, const char *area, const char *from,
                                             const char *to, GError **error);

/**
 * sched_store_messenger_step:
 *
 * INVALID: told by no means, confirmed without households or with more than there are, not
 * reached without a word on why, at no time of the task's. RULE: after what was said it cannot
 * be said.
 */
gboolean sched_store_messenger_step(SchedTxn *txn, const char *task,
                                    const SchedMessengerStepRow *step, GError **error);

/** sched_store_messenger_steps: Returns: (transfer full) (element-type SchedMessengerStepRow):
 * the first first */
GPtrArray *sched_store_messenger_steps(SchedTxn *txn, const char *task, GError **error);

/**
 * sched_store_messenger_texts:
 *
 * Only what a second person approved: of an announcement its scripts, of an alert those of its
 * phrases. In the village's languages, and in Vietnamese where it lists another one.
 *
 * Returns: (transfer full) (element-type SchedMessengerTextRow): the most wanted first
 */
GPtrArray *sched_store_messenger_texts(SchedTxn *txn, const SchedMessengerTaskRow *task,
                                       GError **error);
