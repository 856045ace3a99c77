/*
 * action.h - what the cue wants done; the wiring does it.
 *
 * Flow: cue.c -> here -> player/commune.c -> gateway link, output, report. Pure.
 */
#pragma once

#include "content/lease.h"
#include "content/record.h"

typedef enum {
    PLAY_DO_WISH,       /* zones, wish: lease these zones and no others from now on */
    PLAY_DO_PREPARE,    /* item, output, source, object, position: open, hash and pre-roll */
    PLAY_DO_PLACE,      /* item, start, position, duration, gain: sound it then */
    PLAY_DO_INTERRUPT,  /* item, duration, gain: sound it now, in place of all others there */
    PLAY_DO_CANCEL,     /* item: be silent now; an item that was never placed is let go */
    PLAY_DO_RECORD,     /* record: to the journal */
    PLAY_DO_ANSWER,     /* answer: to the technician */
    PLAY_DO_ALERT_DONE, /* alert: it is over in every zone */
    PLAY_DO_TELL,       /* something a heartbeat tells has changed */
} PlayDo;

/* What sounds for CONTENT_SOURCE_TONE: a ContentAlertTone, or one of these. */
#define PLAY_TONE_TEST  (-1) /* the tone of a day plan */
#define PLAY_TONE_DRILL (-2) /* a drill's own signal */

typedef struct {
    PlayDo what;
    guint64 item;       /* never 0, never used twice in a process */
    char *output;       /* (owned) */
    gint source;        /* ContentSource */
    char *object;       /* (owned) (nullable); of a live source: its spare's */
    char *address;      /* (owned) (nullable): of a live source: source-address.h */
    char *alert;        /* (owned) (nullable): id of the alert that the item is of */
    char *key;          /* (owned) (nullable): of CONTENT_SOURCE_MICROPHONE: of the district's
                         * frames, see content/live.h; NULL: the station's own */
    gint tone;          /* of CONTENT_SOURCE_TONE */
    gint64 start_us;    /* CLOCK_MONOTONIC µs at which the sample of @position_us leaves */
    gint64 position_us; /* in the source; of PREPARE: it will not begin before it */
    gint64 duration_us; /* from @position_us on; what the source has beyond it is cut */
    gint64 gain_mdb;
    gint64 wish;               /* number of the wish */
    GPtrArray *zones;          /* (owned) (element-type ContentWishZone): by zone */
    ContentRecord *record;     /* (owned): seq, prev and boot are the journal's to fill in */
    ContentTestAnswer *answer; /* (owned) */
} PlayAction;

/** play_actions_new: Returns: (transfer full) (element-type PlayAction): an empty list */
GPtrArray *play_actions_new(void);

/** play_actions_add: Returns: (transfer none): a new action at the end of the list */
PlayAction *play_actions_add(GPtrArray *actions, PlayDo what);

/** play_record_new: Returns: (transfer full): a record with absent levels and times */
ContentRecord *play_record_new(ContentRecordKind kind);
