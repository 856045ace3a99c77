/*
 * link.h - the socket on which players hold leases and technicians ask for tests.
 *
 * Flow: content/lease.h documents <-> here <-> rack. Thread: the main context it was made on.
 *
 * A connection that says something wrong is closed, and why is told to the wiring: the peers
 * are our own programs, so there is nothing to argue about.
 */
#pragma once

#include "content/base/clock.h"
#include "content/lease.h"
#include "gateway/link/peers.h"

#define GATE_LINK_ERROR (gate_link_error_quark())
GQuark gate_link_error_quark(void);

typedef enum {
    GATE_LINK_ERROR_BUSY,   /* another gateway serves this socket */
    GATE_LINK_ERROR_SOCKET, /* it cannot be made there */
} GateLinkError;

#define GATE_LINK_MAX_CONNECTIONS 8
#define GATE_LINK_MAX_TESTS       4
/* More than anybody of ours sends: a wish a second, and one at every change. */
#define GATE_LINK_MAX_PACKETS_PER_S 50

/* What the link asks of the wiring; all are called on the link's context. */
typedef struct {
    GBytes *(*inventory)(gpointer user_data);         /* Returns: (transfer full) */
    GBytes *(*state)(gint64 seq, gpointer user_data); /* Returns: (transfer full) */
    /* Returns: %FALSE when the wish cannot be taken: the connection is closed */
    gboolean (*wish)(guint owner, const ContentLeaseWish *wish, gpointer user_data);
    void (*lamps)(guint owner, const ContentLampOrder *order, gpointer user_data);
    void (*gone)(guint owner, gpointer user_data);
    /* Connections were refused or closed for a reason worth a line in the journal: a few lines
     * a minute, see complaints.h. */
    void (*problem)(const char *words, gpointer user_data);
} GateLinkHandlers;

typedef struct GateLink GateLink;

/**
 * gate_link_new:
 * @path: of the socket; one that a dead gateway left behind is replaced
 * @peers: (transfer none): must outlive the link
 * @clock: (not owned): must outlive the link; its seconds limit how fast a player may speak
 * @handlers: (transfer none): must outlive the link
 */
GateLink *gate_link_new(const char *path, const GatePeers *peers, ContentClock *clock,
                        const GateLinkHandlers *handlers, gpointer user_data, GError **error);

/** gate_link_free: @link: (nullable) (transfer full): connections are closed, `gone` is called
 */
void gate_link_free(GateLink *link);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GateLink, gate_link_free)

/** gate_link_send_state: the state has changed: every connection is told. */
void gate_link_send_state(GateLink *link);
