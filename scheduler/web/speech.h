/*
 * speech.h - live speeches in hand: who may go on with one, whom it reaches, what is kept.
 *
 * Flow: api-speeches.c begins one when its alert is committed and hands on what the speaker's
 * page sends -> a frame, signed with the key of this speech alone -> the port -> stations; the
 * packets also go into a file, at the end into the object store, named by the alert.
 * Thread: the owner's context. A frame touches no database and no disk but the page cache.
 *
 * The key lives in memory only: when the program ends, every speech is over, and the next start
 * notes it and keeps what was said.
 */
#pragma once

#include "content/base/clock.h"
#include "content/live.h"
#include "content/object-store.h"
#include "scheduler/store/speeches.h"

/* Nothing came from the speaker for so long: it is over. Stations wait as long. */
#define SCHED_SPEECH_SILENT_US (30 * G_USEC_PER_SEC)
/* For so long the end of one is said again each second: longer than stations wait, so that one
 * whose line was down, or that something else sounded at, ends it as soon as it can. */
#define SCHED_SPEECH_FAREWELL_US (35 * G_USEC_PER_SEC)
/* Nobody speaks faster than the clock; what gathered on a bad line may come at once. */
#define SCHED_SPEECH_AHEAD_US (5 * G_USEC_PER_SEC)
/* At once in the whole district. */
#define SCHED_SPEECH_MAX 16

typedef struct {
    SchedStore *store;
    ContentObjectStore *objects;
    ContentClock *clock;
    const char *folder; /* of recordings that are not done; copied, made when one begins */
    /* A frame for one station. Returns: through how many brokers it goes */
    guint (*say)(gpointer data, const char *station, GBytes *frame);
    /* Something went wrong inside, for the log. */
    void (*said)(gpointer data, const char *words);
    gpointer data;
    /* (nullable): that an earlier run's speech is over goes to the stations, in the transaction
     * that notes it: they would wait for words of a key that is gone. */
    gboolean (*cut)(gpointer cut_data, SchedTxn *txn, const char *alert, GError **error);
    gpointer cut_data;
} SchedSpeechesOptions;

typedef struct SchedSpeeches SchedSpeeches;

/** sched_speeches_new: @options: copied. Ends what an earlier run left: its key is gone */
SchedSpeeches *sched_speeches_new(const SchedSpeechesOptions *options);

/** sched_speeches_free: @self: (nullable) (transfer full): waits for what is being kept; what
 * goes on is ended by the next start */
void sched_speeches_free(SchedSpeeches *self);

/* One that begins. */
typedef struct {
    const char *alert;
    const char *account; /* who speaks */
    const char *session; /* hash of the token by which they do */
    GPtrArray *stations; /* (element-type utf8): whom it reaches; copied */
    guint8 secret[CONTENT_LIVE_SECRET_BYTES];
    gint64 expires_us; /* UTC */
} SchedSpeechStart;

/** sched_speeches_is_full: Returns: whether there are as many as may be */
gboolean sched_speeches_is_full(const SchedSpeeches *self);

/** sched_speeches_begin: the alert was committed, and its public key is that of @start */
void sched_speeches_begin(SchedSpeeches *self, const SchedSpeechStart *start);

/* What the speaker is told after each frame. */
typedef struct {
    gint64 sequence;
    gint64 n_stations, n_reached; /* for how many it is, and on the way to how many */
    gint64 n_frames;              /* so far */
    gint64 n_lost;  /* not sent by the speaker, or no broker took it for a station */
    gint64 left_us; /* to the hard end */
} SchedSpeechHeard;

/**
 * sched_speeches_take:
 * @session: whose
 * @body: big-endian: sequence (4 bytes), flags (1; 1: the last), number of packets (1), and of
 *   each packet length (2) and bytes
 *
 * Errors are of the API: FORBIDDEN for any other session, UNPROCESSABLE for what is no frame or
 * comes late or twice, SLOW_DOWN ahead of time, SPEECH_OVER.
 */
gboolean sched_speeches_take(SchedSpeeches *self, const char *alert, const char *session,
                             GBytes *body, SchedSpeechHeard *out_heard, GError **error);

/** sched_speeches_end: if it goes on; its end is noted when its recording is kept */
void sched_speeches_end(SchedSpeeches *self, const char *alert, SchedEnding ending);

/** sched_speeches_look: stops were committed: ends the speeches that no village may hear now */
void sched_speeches_look(SchedSpeeches *self);

/** sched_speech_parse: Pure; for the test. @out_frame: its packets lie in @body */
gboolean sched_speech_parse(GBytes *body, ContentLiveFrame *out_frame, GError **error);
