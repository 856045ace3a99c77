/*
 * waiting.h - what waits for a person's judgement.
 *
 * Flow: web/ lists it for who is asking -> the person checks, approves or refuses each.
 */
#pragma once

#include "scheduler/store/db.h"

/* Looked at for one person; beyond it the oldest come first and the rest wait behind them. */
#define SCHED_WAITING_MAX_ROWS 1000

typedef enum {
    SCHED_WAITING_CHECK,     /* a version, for a reader of its language */
    SCHED_WAITING_VERSION,   /* a version, for an approver */
    SCHED_WAITING_SLOT,      /* a slot */
    SCHED_WAITING_DATE,      /* what is different on one date of a slot */
    SCHED_WAITING_PROPOSAL,  /* a change that would make more sound */
    SCHED_WAITING_NOTICE,    /* a bulletin to be heard as soon as it is approved */
    SCHED_WAITING_OFFER,     /* what is sent for communes to place */
    SCHED_WAITING_PROGRAMME, /* all that is different in a week of an area */
} SchedWaitingKind;
extern const char *const sched_waiting_kind_words[];

typedef struct {
    gint kind; /* SchedWaitingKind */
    char *id;  /* (owned): of the version, slot, proposal, notice, offer or programme */
    char *announcement; /* (owned) (nullable): of a version, notice or offer */
    char *date;         /* (owned) (nullable): of a DATE; the first of a PROGRAMME */
    char *title;        /* (owned): of the announcement or slot; the act that a proposal is; the
                           area's name */
    char *language;     /* (owned) (nullable): of a version */
    char *author;       /* (owned): name of who wrote it last, or their id */
    gint64 since_us;    /* when it was last changed */
    char *voice;        /* (owned) (nullable): whose, where somebody else brought it in */
} SchedWaitingRow;
void sched_waiting_row_free(SchedWaitingRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedWaitingRow, sched_waiting_row_free)

/**
 * sched_store_waiting_list:
 *
 * What @account did not write and what lies at home where it holds the role; whether it holds
 * it everywhere that the thing is heard is for the caller to ask. Nothing that is withdrawn,
 * stopped or over.
 *
 * Returns: (element-type SchedWaitingRow): corrections ahead, then oldest first, at most
 *   SCHED_WAITING_MAX_ROWS
 */
GPtrArray *sched_store_waiting_list(SchedTxn *txn, const char *account, gint64 now_us,
                                    GError **error);
