/*
 * desk.h - all that goes out to stations and comes back, as one thing for the wiring.
 *
 * Flow: district.c builds it -> broker-files, broker-child (or brokers that run already), link,
 * hearing, publisher, joined here. Holds no rule of its own.
 * Thread: the owner's.
 */
#pragma once

#include "content/base/clock.h"
#include "scheduler/publish/watch.h"
#include "scheduler/store/db.h"
#include "scheduler/store/relay-tests.h"
#include "scheduler/trust/authority.h"
#include "scheduler/trust/keys.h"

#define SCHED_DESK_MAX_BROKERS 16

typedef struct {
    SchedStore *store;            /* (not owned) */
    ContentClock *clock;          /* (not owned) */
    SchedAuthority *authority;    /* (not owned) */
    const char *authority_folder; /* where it keeps its files */
    SchedKeys *keys;              /* (not owned): sign, and are put into the store */
    const char *folder;           /* for the broker's files; absolute */
    /* A broker of our own … */
    const char *program; /* path of mosquitto */
    const char *address; /* to listen on */
    guint port;
    const char *const *hosts; /* names and addresses under which stations know it */
    /* … or brokers that run already: "mqtts://host:port", NULL-terminated; NULL: our own. For
     * these `folder` receives the files to be installed there. */
    const char *const *uris;
} SchedDeskOptions;

typedef struct {
    /* For the log: the broker started, a line fell, a manifest was issued. */
    void (*said)(const char *station, const char *words, gpointer user_data);
    /* For the log: something that a person should look at. @station: (nullable) */
    void (*trouble)(const char *station, const char *words, gpointer user_data);
    /* For the log, a bounded number of each (watch.h): a station's fault began or is over;
     * something that it said was refused. */
    SchedWatchEvents watch;
    /* For the service manager: so many brokers of all can be spoken to now. */
    void (*lines)(guint n_up, guint n_all, gpointer user_data);
} SchedDeskEvents;

typedef struct SchedDesk SchedDesk;

/**
 * sched_desk_new:
 * @options: strings are copied
 * @events: (not owned)
 *
 * Writes the broker's files, starts it or connects to those named, and begins to publish.
 */
SchedDesk *sched_desk_new(const SchedDeskOptions *options, const SchedDeskEvents *events,
                          gpointer user_data, GError **error);

/**
 * sched_desk_devices_changed:
 * @station: whose
 *
 * After an enrolment or a revocation was committed: rights and revocation list are written anew
 * and our own broker reads them, so that a revoked station hears nothing more even on a
 * connection that stands. Where the station had another player before, whoever is connected as
 * the station is put out of the brokers (evict.h); who it is by now comes back at once.
 */
gboolean sched_desk_devices_changed(SchedDesk *self, const char *station, GError **error);

/**
 * sched_desk_renew:
 *
 * Certificates of the broker and of our own line that have come of age are made new, and the
 * revocation list is issued anew; the broker takes them over. Connections stay as they are.
 */
gboolean sched_desk_renew(SchedDesk *self, GError **error);

/**
 * sched_desk_set_keys:
 * @keys: those of the start, after sched_keys_reload()
 *
 * The document goes to every station at once, ahead of a manifest that the new signer signs.
 */
gboolean sched_desk_set_keys(SchedDesk *self, SchedKeys *keys, GError **error);

/** sched_desk_orders_given: an alert or stop was committed: it goes out at once */
void sched_desk_orders_given(SchedDesk *self);

/** sched_desk_say_live: a frame of live speech for a station. Returns: through how many brokers
 */
guint sched_desk_say_live(SchedDesk *self, const char *station, GBytes *frame);

/**
 * sched_desk_order_test:
 * @test: as it was written down
 *
 * Signed and sent, once: whoever asked sees whether an answer comes, and asks again.
 *
 * Returns: %FALSE if it could not be signed, or no broker is connected
 */
gboolean sched_desk_order_test(SchedDesk *self, const SchedRelayTestRow *test, GError **error);

/**
 * sched_desk_brokers:
 *
 * Returns: (transfer container) (element-type utf8): where stations find the brokers; valid as
 *   long as the desk
 */
GPtrArray *sched_desk_brokers(SchedDesk *self);

/** sched_desk_n_brokers: Returns: how many it connects to */
guint sched_desk_n_brokers(SchedDesk *self);

/** sched_desk_broker_pid: Returns: of our own broker; 0 if there is none or it is just down */
GPid sched_desk_broker_pid(SchedDesk *self);

/** sched_desk_free: @self: (nullable) (transfer full): says no more, ends the broker */
void sched_desk_free(SchedDesk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchedDesk, sched_desk_free)
