/*
 * proposals.h - changes that would make more sound, waiting for a second person.
 *
 * Flow: web/ finds that a change is louder and keeps it here -> somebody else approves it, and
 * web/ does it then -> the table keeps who asked and who judged.
 *
 * Held by the database itself: nobody approves what they asked for; a proposal never changes.
 */
#pragma once

#include "scheduler/store/db.h"

/* Waiting at once in the whole district, and of one author; people must look at each. */
#define SCHED_PROPOSAL_MAX_OPEN        200
#define SCHED_PROPOSAL_MAX_OPEN_AUTHOR 40
/* Of one body: the longest is that of 64 windows, 5 kB; a list holds those of all that wait. */
#define SCHED_PROPOSAL_MAX_BODY_BYTES (8 * 1024)

typedef enum {
    SCHED_PROPOSAL_OPEN,
    SCHED_PROPOSAL_APPROVED,
    SCHED_PROPOSAL_REFUSED,
    SCHED_PROPOSAL_REPLACED, /* the same thing was asked for anew */
} SchedProposalState;
extern const char *const sched_proposal_state_words[];

typedef struct {
    char *id;        /* (owned) */
    char *route;     /* (owned): name of the act */
    char *arguments; /* (owned): of its path, one a line */
    char *body;      /* (owned): JSON */
    char *author;    /* (owned): set by the store */
    gint64 made_us;  /* set by the store */
    gint state;      /* SchedProposalState; set by the store */
    char *judge;     /* (owned) (nullable): set by the store */
    gint64 judged_us;
} SchedProposalRow;
void sched_proposal_row_free(SchedProposalRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedProposalRow, sched_proposal_row_free)

/**
 * sched_store_proposal_add:
 * @proposal: id, route, arguments and body
 *
 * An open one about the same thing (route and arguments) is replaced. INVALID: too many wait,
 * of all or of the author, or the body is too long.
 */
gboolean sched_store_proposal_add(SchedTxn *txn, const SchedProposalRow *proposal,
                                  GError **error);
SchedProposalRow *sched_store_proposal_get(SchedTxn *txn, const char *id, GError **error);

/**
 * sched_store_proposal_check:
 * @touches, @object: of the audit: actions that begin so, on this, change what @id would change
 *
 * CONFLICT if that was changed since the proposal was made: it was asked for as things were.
 */
gboolean sched_store_proposal_check(SchedTxn *txn, const char *id, const char *touches,
                                    const char *object, GError **error);

/**
 * sched_store_proposal_hand_over:
 * @proposal: an open one
 * @id: of the one that takes its place
 * @author: who asks for it from now on, as things are now, and so does not approve it
 */
gboolean sched_store_proposal_hand_over(SchedTxn *txn, const SchedProposalRow *proposal,
                                        const char *id, const char *author, GError **error);

/** sched_store_proposal_list: Returns: (element-type SchedProposalRow): open ones, oldest first
 */
GPtrArray *sched_store_proposal_list(SchedTxn *txn, GError **error);

/**
 * sched_store_proposal_judge:
 * @state: APPROVED or REFUSED
 *
 * RULE: the author would approve it, or it was judged before.
 */
gboolean sched_store_proposal_judge(SchedTxn *txn, const char *id, SchedProposalState state,
                                    GError **error);
