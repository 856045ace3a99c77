/*
 * buttons.h - the station's push buttons: what the gateway reads of them becomes local alerts,
 * and what they do is shown by their lamps.
 *
 * Flow: inventory and states of the gateway -> cue/button.h, one for each -> an alert is asked
 * for, lamps are ordered, faults and words are told. Wiring: holds no rule. Thread: the main
 * context it was made on.
 */
#pragma once

#include "content/base/clock.h"
#include "content/heartbeat.h"
#include "content/lease.h"

/* Configurable, in ms. A hold shorter than a second is no decision; hold, reaction and window
 * together stay well under PLAY_BUTTON_STUCK_US. */
#define PLAY_BUTTONS_MAX           8
#define PLAY_BUTTONS_HOLD_MIN_MS   1000
#define PLAY_BUTTONS_HOLD_MAX_MS   10000
#define PLAY_BUTTONS_CANCEL_MAX_MS 10000
#define PLAY_BUTTONS_MAX_VILLAGES  64

/* A [button NAME] group. */
typedef struct {
    char *name;      /* (owned) */
    char *input;     /* (owned): of the gateway, in the role `button` */
    char *template_; /* (owned): ""; what the grant settles for the input */
    char **villages; /* (owned): empty: wherever the grant allows */
    gint64 hold_ms, cancel_ms;
    char *lamp; /* (owned): of the gateway; "": none */
} PlayButtonConfig;

/** play_button_config_free: @config: (transfer full) */
void play_button_config_free(gpointer config);

typedef struct {
    /* Returns: (transfer full) (nullable): id of the alert that is on its way; NULL: it may not
     * be started, and why not was told by whoever refused it */
    char *(*start)(const PlayButtonConfig *button, gpointer data);
    /* @lamps: (element-type ContentLamp): all that are lit from now on */
    void (*light)(GPtrArray *lamps, gpointer data);
    /* @faults: (element-type ContentRemark): all that are wrong from now on */
    void (*wrong)(GPtrArray *faults, gpointer data);
    /* A press came to nothing: called off, the gateway was lost, or the order. */
    void (*say)(const ContentRemark *what, gpointer data);
} PlayButtonsEvents;

typedef struct PlayButtons PlayButtons;

/**
 * play_buttons_new:
 * @configs: (nullable) (element-type PlayButtonConfig): they, @clock and @events must outlive
 *   it
 */
PlayButtons *play_buttons_new(const GPtrArray *configs, ContentClock *clock,
                              const PlayButtonsEvents *events, gpointer data);

/** play_buttons_free: lamps are not ordered off: the gateway sees to that by itself */
void play_buttons_free(PlayButtons *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayButtons, play_buttons_free)

/** play_buttons_inventory: @inventory: (nullable): NULL: the gateway is gone */
void play_buttons_inventory(PlayButtons *self, const ContentInventory *inventory);

/** play_buttons_state: what the gateway reads now */
void play_buttons_state(PlayButtons *self, const ContentLeaseState *state);

/** play_buttons_alert_kept: @alert was started by the button on @input before a restart;
 * whether the cue takes it follows */
void play_buttons_alert_kept(PlayButtons *self, const char *input, const char *alert);

/** play_buttons_alert_taken: whether the cue has taken @alert, which the station ordered */
void play_buttons_alert_taken(PlayButtons *self, const char *alert, gboolean is_taken);

/** play_buttons_alert_done: @alert is over in every zone */
void play_buttons_alert_done(PlayButtons *self, const char *alert);
