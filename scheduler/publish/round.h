/*
 * round.h - one round of publishing: what waits in the outbox, compiled, signed and kept.
 *
 * Flow: publisher.h starts a round in a task's thread -> here: one read transaction, then parts
 * of the stations, one planned by every core while the one before is written -> publisher.h
 * sends what was issued. Thread: a task's; it blocks on the store.
 */
#pragma once

#include "content/seal.h"
#include "scheduler/plan/index.h"
#include "scheduler/plan/snapshot.h"
#include "scheduler/plan/trouble.h"
#include "scheduler/store/db.h"

typedef struct {
    char *station; /* (owned) */
    gint64 version;
    gint64 issued_us;
    GBytes *envelope; /* (owned): the signed manifest */
    char *reason;     /* (owned): of the outbox row, or "renewal" */
} SchedIssued;

typedef struct {
    char *station;  /* (owned) */
    char *words;    /* (owned) */
    gint64 last_id; /* newest row of the outbox that it stays there with; 0: none */
} SchedRoundTrouble;

typedef struct {
    SchedStore *store;                  /* (not owned) */
    const ContentSealKey *manifest_key; /* (not owned) */
    const ContentSealKey *alert_key;    /* (not owned) (nullable): signs grants */
    char *keys;                         /* (owned): hash of the keys document */
    gint64 now_us;                      /* UTC, when the round began */
    GHashTable
        *renew; /* (owned) (element-type utf8): stations that get a new manifest anyway */
    GHashTable
        *held; /* (owned): station -> gint64: left out unless the outbox has a newer row */
    GPtrArray *settled;  /* (owned) (element-type utf8): out: stations that were worked off */
    GPtrArray *issued;   /* (owned) (element-type SchedIssued): out */
    GPtrArray *troubles; /* (owned) (element-type SchedRoundTrouble): out: left in the outbox */
    GPtrArray
        *left_out; /* (owned) (element-type SchedTrouble): out: rows nobody is planned with */
    gboolean has_planned; /* out: somebody waited, so that `left_out` is the whole list */
    gboolean has_more;    /* out: more stations wait than one round takes */
    GPtrArray *left;      /* (owned) (element-type utf8): out: of `renew`, for the next round */
    /* on the way from reading to keeping */
    SchedSnapshot *snapshot; /* (owned) (nullable) */
    SchedIndex *index;       /* (owned) (nullable) */
    GPtrArray *waiting;      /* (owned): stations with what was compiled for them */
    gboolean is_urgent;
    guint keeping; /* the one in `waiting` that is being kept */
} SchedRound;

/** sched_round_new: @keys: copied */
SchedRound *sched_round_new(SchedStore *store, const ContentSealKey *manifest_key,
                            const char *keys, gint64 now_us);
void sched_round_free(SchedRound *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedRound, sched_round_free)

/**
 * sched_round_run:
 *
 * A station that cannot be compiled or kept is named in `troubles` and stays in the outbox; the
 * others go on. What is in `issued` afterwards is on disk. Stations are kept in parts: what was
 * kept before the store failed is told as issued, with `has_more`, so that the next round meets
 * what failed.
 *
 * Returns: %FALSE if the store failed: then nothing was issued
 */
gboolean sched_round_run(SchedRound *self, GError **error);
