/*
 * machine.h - the states of a segment at work, as rows.
 *
 * Flow: cue-step.c looks at a segment, names what it sees -> the row says what to do. Pure.
 */
#pragma once

#include <glib.h>

typedef enum {
    PLAY_RUN_WAITING,  /* its time is near or here, and something forbids, or it is early */
    PLAY_RUN_WARMING,  /* source and zones are asked for */
    PLAY_RUN_PLACED,   /* handed to the output, the first sample has not left */
    PLAY_RUN_SOUNDING, /* the first sample has left */
    PLAY_RUN_STOPPING, /* taken back; the last sample has not been told of */
    PLAY_RUN_OVER,     /* every zone has its final record */
} PlayRunState;
#define PLAY_RUN_N_STATES (PLAY_RUN_OVER + 1)

/* Seen of a segment, the weightiest first: of several only the first counts. */
typedef enum {
    PLAY_SEEN_WITHDRAWN, /* no plan in force names it */
    PLAY_SEEN_REPLACED,  /* a new plan gives it another time or object */
    PLAY_SEEN_FAILED,    /* source or output gave up */
    PLAY_SEEN_ENDED,     /* its last sample has left */
    PLAY_SEEN_SILENCED,  /* taken back, and the output is silent, or ought to be long since */
    PLAY_SEEN_TIME_OVER, /* its end is past */
    PLAY_SEEN_FORBIDDEN, /* a rule, or a segment that outranks it */
    PLAY_SEEN_UNHEARD,   /* no zone is confirmed any more */
    PLAY_SEEN_STARTED,   /* its first sample has left */
    PLAY_SEEN_NEAR,      /* prepared, and about to begin: a live source is tried long before */
    PLAY_SEEN_CONFIRMED, /* zones are confirmed, the output is free: it can be placed */
    PLAY_SEEN_DUE,       /* nothing forbids it, and it is time to prepare */
} PlaySeen;
#define PLAY_SEEN_N (PLAY_SEEN_DUE + 1)

typedef enum {
    PLAY_RUN_DO_NOTHING,
    PLAY_RUN_DO_WARM,     /* ask for source and zones */
    PLAY_RUN_DO_SAY,      /* write `started` */
    PLAY_RUN_DO_LET_GO,   /* give both back */
    PLAY_RUN_DO_PLACE,    /* hand the item to the output */
    PLAY_RUN_DO_HEAR,     /* note the first sample */
    PLAY_RUN_DO_CANCEL,   /* take the item back, zones at once */
    PLAY_RUN_DO_PAUSE,    /* the output is silent: may try again */
    PLAY_RUN_DO_CONCLUDE, /* the final record of every zone */
} PlayRunDo;

typedef struct {
    PlayRunState from;
    PlaySeen seen;
    PlayRunState to;
    PlayRunDo then;
} PlayRunRule;

/** play_run_rules: Returns: (transfer none): the table, for the machine and its test */
const PlayRunRule *play_run_rules(gsize *out_n_rules);

/** play_run_rule: Returns: (nullable): the row; NULL: what is seen changes nothing */
const PlayRunRule *play_run_rule(PlayRunState from, PlaySeen seen);
