/*
 * output.h - one loudspeaker output: sound placed at instants, and what became of it.
 *
 * Flow: player/cue decides -> wiring makes sources and places them here -> a writer thread owns
 * the ALSA PCM -> events come back through the main context of the owner.
 * Thread: every call from the thread that made the output; events are delivered there.
 *
 * An output plays one item at a time. An item that sounds keeps the output until its end; an
 * item placed over it joins, at its own right position, when the first one is over. Between
 * items silence runs, so that the next start is a matter of counting frames.
 */
#pragma once

#include "content/base/clock.h"
#include "content/kinds.h"
#include "player/output/level.h"
#include "player/output/source.h"
#include "player/output/watch.h"

/* Limits of the buffer setting: below, a busy machine starves the card; above, cancelling
 * depends on the card being able to rewind. */
#define PLAY_OUTPUT_BUFFER_MIN_MS 80
#define PLAY_OUTPUT_BUFFER_MAX_MS 200
/* Longest queue of placed items; one more is refused. */
#define PLAY_OUTPUT_MAX_ITEMS 64

#define PLAY_OUTPUT_ERROR (play_output_error_quark())
GQuark play_output_error_quark(void);

typedef enum {
    PLAY_OUTPUT_ERROR_DEVICE,  /* the PCM cannot be opened, or broke */
    PLAY_OUTPUT_ERROR_STALLED, /* its clock stood still for more than a second */
    PLAY_OUTPUT_ERROR_REFUSED, /* an item with impossible times, or too many of them */
} PlayOutputError;

typedef enum {
    PLAY_EVENT_STARTED, /* the first sample of an item left the card */
    PLAY_EVENT_ENDED,   /* the last sample left, or there will be none; the last of an item */
    PLAY_EVENT_FAILED, /* the card failed; detail says how; tried again 1, 2, 4 … 30 s later */
    PLAY_EVENT_RECOVERED, /* the card takes sound again */
} PlayEventKind;

/* Valid during the callback only. Times are monotonic µs of samples at the PCM. */
typedef struct {
    PlayEventKind kind;
    const char *id;       /* (nullable): of the item; NULL for FAILED and RECOVERED */
    gint64 start_us;      /* when its first sample sounded; 0: none did */
    gint64 end_us;        /* ENDED: when its last sample sounded; 0: none did */
    gint64 position_us;   /* in the source at which it began; > 0 after a late join */
    gint64 frames;        /* ENDED: of the source that sounded */
    gint64 silent_us;     /* ENDED: between start and end, but not from the source */
    gint64 missing_us;    /* ENDED: the source was over so long before the plan */
    gint64 level_mdb;     /* ENDED: RMS of the frames given to the card; G_MININT64: none */
    gint64 peak_mdb;      /* ENDED: sample peak of the same */
    ContentReason reason; /* ENDED: NONE when it ran to its end as planned */
    PlayWatchStory story; /* ENDED: of a live source */
    gint64 n_lost;        /* ENDED: of live speech: frames that never came, see items.h */
    gint64 n_refused;     /* and those that were none of it */
    const char *detail;   /* (nullable): in words */
} PlayEvent;

typedef struct PlayOutput PlayOutput;

/* May place and cancel items; must not free the output. */
typedef void (*PlayOutputFunc)(PlayOutput *self, const PlayEvent *event, gpointer user_data);

/**
 * play_output_new:
 * @device: an ALSA PCM name; 48 kHz S16 with any number of channels is used directly, anything
 *   else through ALSA's plug
 * @buffer_ms: %PLAY_OUTPUT_BUFFER_MIN_MS … %PLAY_OUTPUT_BUFFER_MAX_MS
 * @clock: (not owned): outlives the output; its monotonic time is that of the items
 * @func: called for each event on the thread-default main context of the caller
 *
 * A card that cannot be opened is an event, not an error of this call: it may come later.
 *
 * Returns: (transfer full)
 */
PlayOutput *play_output_new(const char *device, guint buffer_ms, ContentClock *clock,
                            PlayOutputFunc func, gpointer user_data);

/** play_output_free: @self: (nullable) (transfer full): sound stops; no event comes any more */
void play_output_free(PlayOutput *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayOutput, play_output_free)

/**
 * play_output_place:
 * @id: names the item in events and in play_output_cancel(); not in use in this output
 * @source: (transfer full)
 * @start_us: monotonic instant of the first frame
 * @duration_us: > 0; a source that is longer is cut there
 * @gain_mdb: ≤ 0, 1/1000 dB
 *
 * The source is prepared here, unless the caller has done so to be ready sooner.
 * Place it as soon as the relays are asked for, a buffer ahead at least: the source is ready by
 * then, and the first sample leaves within ±1 ms of @start_us. Items whose times touch sound
 * without a gap. There is exactly one ENDED for every item that was placed.
 *
 * Returns: %FALSE with %PLAY_OUTPUT_ERROR_REFUSED or the source's error; no event follows
 */
gboolean play_output_place(PlayOutput *self, const char *id, PlaySource *source,
                           gint64 start_us, gint64 duration_us, gint gain_mdb, GError **error);

/**
 * play_output_place_from:
 * @position_us: in the source, of the frame that leaves at @start_us, ≥ 0
 * @duration_us: > 0, from @position_us on
 *
 * As play_output_place(), for an item that joins in the middle: nothing of it sounds before
 * @start_us, and if @start_us is past it goes on from where it would be by now.
 */
gboolean play_output_place_from(PlayOutput *self, const char *id, PlaySource *source,
                                gint64 start_us, gint64 position_us, gint64 duration_us,
                                gint gain_mdb, GError **error);

/**
 * play_output_interrupt:
 *
 * As play_output_place(), but at once, within 20 ms if the source is ready beforehand: all
 * other items end with the reason INTERRUPTED, and the caller places again what shall go on
 * later.
 */
gboolean play_output_interrupt(PlayOutput *self, const char *id, PlaySource *source,
                               gint64 duration_us, gint gain_mdb, GError **error);

/**
 * play_output_cancel:
 * @id: of an item; one that is not there any more is no error
 * @reason: for its ENDED
 *
 * What sounds is faded out in 5 ms, within the card's reach: about 15 ms after the call.
 */
void play_output_cancel(PlayOutput *self, const char *id, ContentReason reason);

/* What the output is doing, as of at most half a buffer ago. */
typedef struct {
    gboolean is_open;       /* the card takes sound */
    gboolean is_realtime;   /* the writer thread got its real-time priority */
    gboolean is_sounding;   /* an item is at the loudspeaker */
    gint64 progress_frames; /* heard since the output was made: moves only while sound leaves */
    gint64
        progress_us; /* by then at the earliest the last of them had left, monotonic; 0: none */
    gint64 level_mdb; /* RMS of the last second given to the card; G_MININT64: none yet */
    gint64 peak_mdb;  /* peak of the same */
    PlayLevel item;   /* of the item at the loudspeaker, from its start on */
    guint n_starved;  /* XRUNs since the output was made */
    guint n_failures; /* times the card failed since the output was made */
} PlayOutputState;

/** play_output_state: Returns: a copy; for heartbeats, leases (progress_frames) and watchdog */
PlayOutputState play_output_state(PlayOutput *self);
