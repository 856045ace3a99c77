/*
 * alerts.h - all alerts of the station: which of them has which output, and what ends them.
 *
 * Flow: intake (verified alerts and stops), journal, gateway and output say what is ->
 * play_alerts_judge(), play_alerts_step() -> actions, and zones for the cue's wish. Pure.
 *
 * An alert takes its outputs at once from whatever sounds there; what the calendar had goes on
 * by the wall clock afterwards. Of two alerts on one output content_alert_compare() says which
 * sounds; the other waits, and begins again with its signal. Windows and volumes hold a drill
 * alone. What ends an alert (a stop, a replacement, its time) wins over all that is left of it.
 * A zone gets one ALERT_TAKEN and one ALERT_ENDED of every alert, whatever happens.
 */
#pragma once

#include "content/heartbeat.h"
#include "player/cue/alert-run.h"

/* Alerts that are not over at a time: one more is refused. Of those that are over, and of the
 * stops, the one that came first is forgotten. */
#define PLAY_ALERTS_MAX       64
#define PLAY_ALERTS_MAX_KNOWN 256
#define PLAY_ALERTS_MAX_STOPS 256

typedef struct PlayAlerts PlayAlerts;

PlayAlerts *play_alerts_new(void);
void play_alerts_free(PlayAlerts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayAlerts, play_alerts_free)

/** play_alerts_restore: @record: of the journal; Returns: whether it is of an alert */
gboolean play_alerts_restore(PlayAlerts *self, const ContentRecord *record);

/* Since when an alert is here. */
typedef enum {
    PLAY_ALERT_FRESH, /* it came now */
    PLAY_ALERT_KEPT, /* from before a restart: it waits until the clock is trusted, since nobody
                      * has said just now that it still holds */
    PLAY_ALERT_ENDED, /* over before a restart: it sounds no more, and still replaces others */
} PlayAlertOrigin;

/**
 * play_alerts_take:
 * @alert: (transfer full): verified
 *
 * The same id again changes nothing.
 *
 * Returns: %FALSE if there are too many
 */
gboolean play_alerts_take(PlayAlerts *self, ContentAlert *alert, PlayAlertOrigin origin,
                          const PlayInstant *now);

/**
 * play_alerts_take_local:
 * @alert: (transfer full): admitted by a grant, see local-judge.h
 * @zones: (element-type utf8): it sounds in no other, whatever settings come later
 *
 * As play_alerts_take(); but nobody has to vouch for the clock: one that was ordered without a
 * trusted time lives for as long as its dates are apart, also when the time becomes known.
 */
gboolean play_alerts_take_local(PlayAlerts *self, ContentAlert *alert, const GPtrArray *zones,
                                PlayAlertOrigin origin, const PlayInstant *now);

/** play_alerts_stop: @stop: (transfer full): verified; ends also what comes after it */
void play_alerts_stop(PlayAlerts *self, ContentStop *stop);

/** play_alerts_judge: what ends, what is held, and who has which output, as of now */
void play_alerts_judge(PlayAlerts *self, const PlayAlertFacts *facts, const PlayInstant *now);

/** play_alerts_claims: Returns: whether @output is an alert's, so that the calendar is silent
 */
gboolean play_alerts_claims(const PlayAlerts *self, const char *output);

/**
 * play_alerts_step: after play_alerts_judge() and after whatever the calendar had is cancelled
 *
 * PLAY_DO_ALERT_DONE tells that an alert is over in every zone.
 */
void play_alerts_step(PlayAlerts *self, const PlayAlertFacts *facts, const PlayInstant *now,
                      GPtrArray *actions);

/** play_alerts_alarm: after the wish was said; Returns: monotonic µs at which it wants to be
 * asked again; 0: at a change */
gint64 play_alerts_alarm(const PlayAlerts *self, const PlayAlertFacts *facts,
                         const PlayInstant *now);

/** play_alerts_has_changed: Returns: whether the last play_alerts_step() changed who has which
 * output */
gboolean play_alerts_has_changed(const PlayAlerts *self);

typedef void (*PlayAlertsZoneFunc)(const char *zone, const char *alert, gpointer data);

/** play_alerts_wish: calls @func for every zone that is wanted now */
void play_alerts_wish(const PlayAlerts *self, const PlayAlertFacts *facts,
                      PlayAlertsZoneFunc func, gpointer data);

/** play_alerts_faults: calls @func for every zone that is wanted and has not confirmed in time
 */
void play_alerts_faults(const PlayAlerts *self, const PlayAlertFacts *facts,
                        const PlayInstant *now, PlayAlertsZoneFunc func, gpointer data);

typedef void (*PlayAlertsAbsentFunc)(const char *alert, const char *speaker, const char *words,
                                     gpointer data);

/** play_alerts_absent: calls @func for every alert of whose live sound nothing comes now */
void play_alerts_absent(const PlayAlerts *self, PlayAlertsAbsentFunc func, gpointer data);

/** play_alerts_is_waiting: Returns: whether an alert has any output, silent or not */
gboolean play_alerts_is_waiting(const PlayAlerts *self);

/** play_alerts_is_busy: Returns: whether any output has something of an alert, or may have */
gboolean play_alerts_is_busy(const PlayAlerts *self);

/** play_alerts_leave: PART records of what was heard: the player ends, its alerts do not */
void play_alerts_leave(const PlayAlerts *self, const PlayInstant *now, GPtrArray *actions);

/* What the output says; Returns: whether it is the item of an alert. */
gboolean play_alerts_item_started(PlayAlerts *self, guint64 item, gint64 at_us);
gboolean play_alerts_item_source(PlayAlerts *self, guint64 item, gboolean comes,
                                 const char *words);
gboolean play_alerts_item_ended(PlayAlerts *self, guint64 item, const PlayHeard *heard);
/** play_alerts_item_failed: @out_object: (out) (transfer none) (nullable): its audio */
gboolean play_alerts_item_failed(PlayAlerts *self, guint64 item, ContentReason reason,
                                 const PlayHeard *heard, const char **out_object);

/** play_alerts_fill_sounding: @out: (element-type ContentSounding): what sounds is added */
void play_alerts_fill_sounding(const PlayAlerts *self, const PlayInstant *now, GPtrArray *out);

/** play_alerts_add_objects: @hashes: (element-type utf8): audio not to be evicted is added */
void play_alerts_add_objects(const PlayAlerts *self, GPtrArray *hashes);
