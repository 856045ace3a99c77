/*
 * report.h - what the station says: records until acknowledged, heartbeats, hello.
 *
 * Flow: journal.c and the wiring's facts -> this -> broker.c -> district. Port.
 * Thread: the owner's.
 *
 * Records and hello are signed by the station's key; a heartbeat by nothing but the connection.
 */
#pragma once

#include "content/base/clock.h"
#include "content/heartbeat.h"
#include "player/intake/broker.h"
#include "player/report/journal.h"

typedef struct {
    /* Fill in what only others know (sounding, zones, faults, manifest, days …). Station, boot,
     * time, uptime, journal, space, temperature and down time are there already. */
    void (*fill_heartbeat)(ContentHeartbeat *heartbeat, gpointer data);
    /* Floors, inventory, manifest version. */
    void (*fill_hello)(ContentHello *hello, gpointer data);
} PlayReportEvents;

typedef struct {
    guint first_retry_ms;   /* a batch not acknowledged is sent again; 5000, doubling */
    guint longest_retry_ms; /* 300000, with jitter */
    guint gap_ms;           /* least time between two heartbeats; 1000 */
    guint burst;            /* so many at once for changes, one after the other; 20 */
    guint refill_ms;        /* one more of those after so long; 10000 */
} PlayReportTiming;
extern const PlayReportTiming play_report_timing;

typedef struct PlayReport PlayReport;
typedef struct PlayVitals PlayVitals;

/**
 * play_report_new:
 * @clock: the trusted one
 * @broker, @journal, @identity, @vitals, @clock, @events: (not owned): must outlive it
 */
PlayReport *play_report_new(const PlayIdentity *identity, PlayBroker *broker,
                            PlayJournal *journal, PlayVitals *vitals, ContentClock *clock,
                            const PlayReportTiming *timing, const PlayReportEvents *events,
                            gpointer data);

/**
 * play_report_free:
 * @self: (nullable) (transfer full): the journal must be freed next, before the loop turns, or
 *   its answers would find nobody
 */
void play_report_free(PlayReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayReport, play_report_free)

/** play_report_line: the line came up (hello, heartbeat, records at once) or went down */
void play_report_line(PlayReport *self, gboolean is_up);

/** play_report_hello: the district asks who is there (enquiry) */
void play_report_hello(PlayReport *self);

/** play_report_changed: something a heartbeat tells has changed: send one now */
void play_report_changed(PlayReport *self);

/** play_report_set_period: @heartbeat_s: 5–3600, from the station's settings; 60 at first */
void play_report_set_period(PlayReport *self, gint64 heartbeat_s);

/**
 * play_report_append:
 * @record: (transfer full): boot and journal members are filled in here; the rest by the caller
 *
 * As play_journal_append(), and sent soon.
 */
void play_report_append(PlayReport *self, ContentRecord *record, PlayJournalDoneFunc done,
                        gpointer data);

/** play_report_acknowledged: a verified acknowledgement of the district */
void play_report_acknowledged(PlayReport *self, const char *journal, gint64 seq);
