/*
 * herald.h - the intake thread's events, handed to the owner one by one in their order.
 *
 * Flow: intake.c (thread) -> here -> the events table of intake.h in the owner's main context.
 */
#pragma once

#include "player/intake/intake.h"

typedef enum {
    PLAY_SAY_LINE,
    PLAY_SAY_MANIFEST,
    PLAY_SAY_SETTINGS,
    PLAY_SAY_DAY,
    PLAY_SAY_OBJECT,
    PLAY_SAY_REFUSED,
    PLAY_SAY_STATE,
    PLAY_SAY_ACK,
    PLAY_SAY_TIME,
    PLAY_SAY_ENQUIRY,
    PLAY_SAY_TEST,
    PLAY_SAY_ISSUED,
    PLAY_SAY_ALERT,
    PLAY_SAY_STOP,
    PLAY_SAY_TEMPLATES,
    PLAY_SAY_ASK_TIME,
    PLAY_SAY_GRANTS,
    PLAY_SAY_LOCAL,
    PLAY_SAY_LIVE,
} PlaySayKind;

typedef struct {
    PlaySayKind kind;
    gboolean flag;
    gint64 number;
    char *text, *more;
    ContentRemark *why; /* of a refusal */
    GBytes *frame;      /* of live speech */
    GBytes *templates;  /* canonical bytes, as of the manifest */
    GBytes *manifest;   /* canonical bytes; the owner's copy is parsed from them */
    ContentStationSettings *settings;
    ContentDayPlan *plan;
    ContentAlert *alert;
    ContentStop *stop;
    ContentLocalOrder *local; /* the order that @alert stands in */
    GPtrArray *grants;        /* (element-type ContentGrant) */
    GHashTable *approvals;
    ContentTestOrder *order;
    PlayIntakeState state;
} PlaySay;

typedef struct PlayHerald PlayHerald;

/**
 * play_herald_new:
 * @events, @clock: (not owned); PLAY_SAY_ISSUED goes to the clock, everything else to the
 * events
 */
PlayHerald *play_herald_new(const PlayIntakeEvents *events, gpointer data,
                            PlayTrustClock *clock);

/** play_herald_free: nothing is told after this */
void play_herald_free(PlayHerald *self);

/** play_herald_tell: @say: its members are (transfer full); from the intake thread */
void play_herald_tell(PlayHerald *self, PlaySay say);
