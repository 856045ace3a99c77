/*
 * renewal.h - a new certificate for the station, long before the old one ends.
 *
 * Flow: intake.c looks now and then -> this, in a thread of its own while there is something to
 * do -> STATE/identity/tls.next.pem, shown to the district -> tls.pem. Port.
 * Thread: owned by one thread; called back in its thread-default main context.
 *
 * The new certificate is on the disk before the district hears of it, and takes the old one's
 * place only when the district has said that it is the station's now: cut off anywhere, the
 * next look goes on where it was, and one of the two is good.
 */
#pragma once

#include "player/intake/tls.h"

/* After a failure: the district does not issue more often; to show one may be tried at once. */
#define PLAY_RENEWAL_PAUSE_US      (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define PLAY_RENEWAL_SHOW_PAUSE_US (G_GINT64_CONSTANT(30) * G_USEC_PER_SEC)

typedef struct {
    /* The new certificate is in its place: connections that are open have the old one still. */
    void (*renewed)(gpointer data);
    /* @words: why not, for a person; once while it stays the same. */
    void (*failed)(const char *words, gpointer data);
} PlayRenewalEvents;

typedef struct PlayRenewal PlayRenewal;

/**
 * play_renewal_due_us:
 * @station: spreads the stations of a district over a twelfth of a life
 *
 * Pure. Returns: when a certificate is renewed: between a third and a quarter of its life
 * before its end
 */
gint64 play_renewal_due_us(gint64 from_us, gint64 until_us, const char *station);

/**
 * play_renewal_new:
 * @identity: (not owned): must outlive it
 * @connect_s, @stall_s: limits of a request
 */
PlayRenewal *play_renewal_new(const PlayIdentity *identity, guint connect_s, guint stall_s,
                              PlayTlsTimeFunc time, gpointer time_data,
                              const PlayRenewalEvents *events, gpointer data);

/** play_renewal_free: @self: (nullable) (transfer full): waits for a request under way */
void play_renewal_free(PlayRenewal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlayRenewal, play_renewal_free)

/**
 * play_renewal_look:
 * @may_begin: the line is up and the time trusted
 *
 * Goes on with what was begun, or begins if it is due and may. To be called about once a
 * minute, also without a line: the old certificate may be what keeps it down.
 */
void play_renewal_look(PlayRenewal *self, gboolean may_begin);
