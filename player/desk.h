/*
 * desk.h - cue, sound cards and gateway joined: facts in, sound and relays out.
 *
 * Flow: intake -> the cue of this desk -> output/ and the gateway's socket -> records. Wiring:
 * holds no rule. Thread: the main context it was made on.
 */
#pragma once

#include "content/base/clock.h"
#include "content/object-store.h"
#include "player/buttons.h"
#include "player/cue/cue.h"
#include "player/output/tape.h"

typedef struct {
    char *name;   /* (owned): as zones and day plans call it */
    char *device; /* (owned): an ALSA PCM */
} PlayDeskOutput; /* or a line-in, which is told in the same words */

typedef struct {
    const char *socket;       /* of the gateway */
    guint buffer_ms;          /* of the sound cards */
    const GPtrArray *outputs; /* (element-type PlayDeskOutput) */
    const GPtrArray *buttons; /* (nullable) (element-type PlayButtonConfig) */
    const GPtrArray *lines;   /* (nullable) (element-type PlayDeskOutput) */
    const char *decoder;      /* (nullable): see play_items_set_decoder() */
    const char *microphone;   /* (nullable): ALSA device of the station's own */
    const char *speeches;     /* (nullable): folder in which what is said into it is kept */
} PlayDeskConfig;

typedef struct {
    /* How far the clock is to be believed now. */
    ContentTrust (*trust)(gpointer data);
    /* @record: (transfer full): to the journal; of STARTED, play_desk_journaled() follows */
    void (*record)(ContentRecord *record, gpointer data);
    /* @drafts: (transfer full) (element-type ContentRecord): what the journal would be told if
     * the player ended now; every second while something sounds, and once more after it */
    void (*drafts)(GPtrArray *drafts, gpointer data);
    /* The alert is over in every zone. */
    void (*alert_done)(const char *alert, gpointer data);
    /* After play_desk_leave(): silent, zones let go, parts told of. */
    void (*left)(gpointer data);
    /* Something a heartbeat tells has changed. */
    void (*changed)(gpointer data);
    /* The bytes of @object are not those of its name, or are gone: fetch it again. */
    void (*object_failed)(const char *object, gpointer data);
    /* Nothing comes from a live source that is to sound, or something does again. */
    void (*source)(gboolean comes, const char *words, gpointer data);
    /* (nullable): see PlayTapesFunc */
    PlayTapesFunc taped;
    /* The gateway is there, or is gone: why, in words. */
    void (*gateway)(gboolean is_up, const char *words, gpointer data);
    /* A button was held and not called off. Returns: as PlayButtonsEvents.start */
    char *(*pressed)(const PlayButtonConfig *button, gpointer data);
    /* A press that came to nothing. */
    void (*press_lost)(const ContentRemark *what, gpointer data);
} PlayDeskEvents;

typedef struct PlayDesk PlayDesk;

/** play_desk_new: @clock, @objects, @events: (not owned): must outlive the desk */
PlayDesk *play_desk_new(const PlayDeskConfig *config, ContentClock *clock,
                        ContentObjectStore *objects, const PlayDeskEvents *events,
                        gpointer data);

/** play_desk_free: sound stops and the relays open */
void play_desk_free(PlayDesk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayDesk, play_desk_free)

/** play_desk_cue: Returns: (transfer none): to hand facts to, before play_desk_step() */
PlayCue *play_desk_cue(PlayDesk *self);

/** play_desk_step: decide anew; also after the clock was set or its trust changed */
void play_desk_step(PlayDesk *self);

/**
 * play_desk_alert: @alert: (transfer full): verified: sounds at once
 *
 * Returns: %FALSE if there are too many
 */
gboolean play_desk_alert(PlayDesk *self, ContentAlert *alert, PlayAlertOrigin origin);

/** play_desk_local: as play_cue_take_local(), and sounds at once */
gboolean play_desk_local(PlayDesk *self, ContentAlert *alert, const ContentLocalOrder *order,
                         PlayAlertOrigin origin, const char **out_why);

/** play_desk_stop: @stop: (transfer full): verified: silent at once */
void play_desk_stop(PlayDesk *self, ContentStop *stop);

/** play_desk_frame: @bytes: of live speech, from outside. Returns: (transfer full) (nullable):
 * why it was refused, once a speech */
char *play_desk_frame(PlayDesk *self, GBytes *bytes);

/** play_desk_leave: ends what sounds, at once; `left` follows, within two seconds */
void play_desk_leave(PlayDesk *self);

/** play_desk_order_test: as play_cue_order_test() */
void play_desk_order_test(PlayDesk *self, ContentTestOrder *order);

/** play_desk_journaled: the STARTED record of @segment is on disk */
void play_desk_journaled(PlayDesk *self, const char *segment);

/** play_desk_fill_heartbeat: sounding with levels, zones, faults, power, gateway version */
void play_desk_fill_heartbeat(PlayDesk *self, ContentHeartbeat *heartbeat);

/** play_desk_inventory: Returns: (transfer none) (nullable): exact bytes, for the hello */
GBytes *play_desk_inventory(PlayDesk *self);

/** play_desk_is_alive: Returns: whether the cue was asked when it wanted to be, and every card
 * that takes sound moved since the last call */
gboolean play_desk_is_alive(PlayDesk *self);
