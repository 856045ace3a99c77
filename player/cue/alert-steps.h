/*
 * alert-steps.h - what one output sounds of an alert, in which order, and for whom.
 *
 * Flow: a verified alert, the zones that are to hear it, the audio that is here -> here ->
 * alert-run.c sounds step after step. Pure.
 */
#pragma once

#include "content/alert.h"

/* The signal, one part of what is said in one language, or what is spoken live. */
typedef struct {
    char *object;       /* (owned) (nullable): SHA-256; NULL: the signal, or live */
    gboolean is_live;   /* somebody speaks; it sounds until he ends, or something ends it */
    char *language;     /* (owned) (nullable): of the speech */
    guint part;         /* of the speech, from 0 */
    gint64 duration_us; /* or PLAY_ALERT_UNKNOWN_US */
    GPtrArray *zones;   /* (owned) (element-type utf8): by id; they and no others hear it */
} PlayAlertStep;

/* Length of audio of which no document in force tells it: it sounds to its own end. */
#define PLAY_ALERT_UNKNOWN_US (G_GINT64_CONSTANT(10) * 60 * G_USEC_PER_SEC)

/* `part` of the segment id of live sound; "" is that of the signal and of speeches. */
#define PLAY_ALERT_LIVE_PART "live"

/* @zone: (nullable): NULL: wherever it may be said.
 * Returns: how long @object is; 0: it is not here, or may not be said there in @language */
typedef gint64 (*PlayAlertLengthFunc)(const char *object, const char *language,
                                      const ContentSettingsZone *zone, gpointer data);

/**
 * play_alert_steps:
 * @zones: (element-type ContentSettingsZone): of one output, by id
 *
 * The signal for all of them; then each speech for the zones that list its language, so that
 * every zone hears its languages in its own order and a speech sounds as seldom as possible.
 * Of a speech all parts are here and approved, or it is left out: half a warning may say the
 * opposite. But see play_alert_part_may_lack(). A zone that has none left hears the first one
 * that is here and may be said there. A live alert has one step behind its signal, for all of
 * them, and how long that takes is not known.
 *
 * Returns: (transfer full) (element-type PlayAlertStep): empty without a zone
 */
GPtrArray *play_alert_steps(const ContentAlert *alert, GPtrArray *zones,
                            PlayAlertLengthFunc length, gpointer data);

/**
 * play_alert_part_may_lack:
 * @part: index of a part of @speech
 *
 * What the alert brings along among the words that a station keeps is the name of a village,
 * often of another station's: until it is fetched the warning is said without it, and the next
 * repeat says it. A speech that the alert brings whole is said whole.
 *
 * Returns: whether @speech is said without it while it is not here
 */
gboolean play_alert_part_may_lack(const ContentAlert *alert, const ContentSpeech *speech,
                                  guint part);

/** play_alert_step_has: Returns: whether @zone hears it */
gboolean play_alert_step_has(const PlayAlertStep *step, const char *zone);

/** play_alert_step_part: Returns: its `part` in segment ids */
const char *play_alert_step_part(const PlayAlertStep *step);

/** play_alert_step_is_joined: Returns: whether @next follows @step without a gap: the same
 * zones hear both, and it is known when @step ends */
gboolean play_alert_step_is_joined(const PlayAlertStep *step, const PlayAlertStep *next);
